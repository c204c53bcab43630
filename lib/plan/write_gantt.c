/* write_gantt.c - the Mermaid gantt block of a plan, written anew in place.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gantt.h"
#include "markdown.h"
#include "taskctl/plan.h"
#include "taskctl/text.h"

/* The lines of a file, by where each begins; one more for its end. */
struct lines {
	const char *bytes;
	size_t length;
	size_t *start;
	size_t count;
};

/* One gantt block: its line `gantt`, and the first one behind the block. */
struct block {
	const struct tctl_md *code;
	size_t from, to; /* indexes of lines */
	bool marked;
};

static void
find_lines(struct lines *lines, struct tctl_arena *arena)
{
	size_t at = 0;

	for (;;) {
		lines->start = tctl_arena_grow(
		    arena, lines->start, lines->count, sizeof(*lines->start));
		lines->start[lines->count] = at;
		if (at == lines->length)
			return;
		lines->count++;
		while (at < lines->length && lines->bytes[at] != '\n')
			at++;
		if (at < lines->length)
			at++;
	}
}

static bool
is_word(const char *text, size_t length, const char *word)
{
	size_t n = strlen(word);

	return length >= n && strncmp(text, word, n) == 0 &&
	       (length == n || strchr(" \t\r", text[n]) != NULL);
}

size_t
tctl_gantt_line(const char *text, bool *marked)
{
	bool directive = false, matter = false;

	*marked = false;
	for (size_t n = 0; *text != '\0'; n++) {
		size_t whole = strcspn(text, "\n"), blank, length;
		const char *line = text;

		text += whole + (text[whole] != '\0');
		blank = strspn(line, " \t");
		length = whole - (blank < whole ? blank : whole);
		line += whole - length;
		if (is_word(line, length, "---") && (matter || n == 0)) {
			matter = !matter;
		} else if (directive ||
			   (length >= 3 && strncmp(line, "%%{", 3) == 0)) {
			directive = memmem(line, length, "}%%", 3) == NULL;
		} else if (length >= 2 && strncmp(line, "%%", 2) == 0) {
			line += 2 + strspn(line + 2, " \t");
			*marked |=
			    is_word(line, strcspn(line, "\n"), "taskctl");
		} else if (!matter && length > 0 && *line != '\r') {
			return is_word(line, length, "gantt") ? n : TCTL_NONE;
		}
	}
	return TCTL_NONE;
}

static size_t
count_lines(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

/* The block to be replaced; err where there is none, or no single one. */
static enum tctl_status
choose(const struct tctl_md *root, struct block *out, struct tctl_error *err)
{
	size_t found = 0, marked = 0;
	int other = 0;

	for (const struct tctl_md *node = root; node != NULL;
	     node = tctl_md_walk(root, node)) {
		struct block block = { .code = node };
		size_t at;

		if (node->kind != TCTL_MD_CODE ||
		    !is_word(
			node->code->info, strlen(node->code->info), "mermaid"))
			continue;
		at = tctl_gantt_line(node->code->text, &block.marked);
		if (at == TCTL_NONE)
			continue;
		found++;
		marked += block.marked;
		block.from = (size_t)node->place.line - 1 + at;
		block.to = (size_t)node->place.line - 1 +
			   count_lines(node->code->text);
		if (found == 1 || (block.marked && !out->marked))
			*out = block;
		else if (other == 0)
			other = node->place.line;
	}
	if (found == 0) {
		tctl_fail(err, TCTL_EINVALID,
		    "line 1, column 1: it has no ```mermaid block with a "
		    "gantt chart");
		return tctl_hint(
		    err, "add an empty one: its first line is gantt");
	}
	if (marked == 1 || found == 1)
		return TCTL_OK;
	tctl_fail(err, TCTL_EINVALID,
	    "line %d, column 1: one of %zu gantt blocks%s (another: line %d)",
	    out->code->place.line, marked > 1 ? marked : found,
	    marked > 1 ? " marked as taskctl's" : "", other);
	return tctl_hint(err, "mark the one that is to be replaced with the "
			      "comment %%%% taskctl above its line gantt");
}

/* What stands before the block's text in each of its lines: blanks of a list
 * item, marks of a quote. */
static size_t
prefix_of(const struct lines *lines, const struct block *block)
{
	const char *line = lines->bytes + lines->start[block->from];
	size_t length =
	    lines->start[block->from + 1] - lines->start[block->from];
	const char *word = memmem(line, length, "gantt", strlen("gantt"));

	return word == NULL ? 0 : (size_t)(word - line);
}

static void
write_block(FILE *to, const struct lines *lines, const struct block *block,
    const char *chart)
{
	const char *line = lines->bytes + lines->start[block->from];
	const char *next = lines->bytes + lines->start[block->from + 1];
	size_t prefix = prefix_of(lines, block);
	/* The line's own end, whichever this file has. */
	const char *end = next - line >= 2 && next[-2] == '\r' ? "\r\n" : "\n";

	while (*chart != '\0') {
		size_t length = strcspn(chart, "\n");

		fwrite(line, 1, prefix, to);
		fwrite(chart, 1, length, to);
		fputs(end, to);
		chart += length + (chart[length] != '\0');
	}
}

/* Places are counted by \n, and Markdown also ends lines with \r alone. */
static bool
has_lone_return(const char *bytes, size_t length)
{
	const char *end = bytes + length, *at = bytes;

	while ((at = memchr(at, '\r', (size_t)(end - at))) != NULL)
		if (++at == end || *at != '\n')
			return true;
	return false;
}

static enum tctl_status
check_bytes(const char *bytes, size_t length, struct tctl_error *err)
{
	size_t bad;

	if (memchr(bytes, '\0', length) != NULL ||
	    !tctl_text_is_utf8(bytes, length, &bad))
		return tctl_fail(err, TCTL_EINVALID,
		    "it is not UTF-8 text: nothing in it is replaced");
	if (has_lone_return(bytes, length))
		return tctl_fail(err, TCTL_EINVALID,
		    "it has lines that end with \\r alone: nothing in it is "
		    "replaced");
	return TCTL_OK;
}

enum tctl_status
tctl_plan_gantt_replace(const char *bytes, size_t length, const char *chart,
    char **out, size_t *out_length, struct tctl_error *err)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct lines lines = { .bytes = bytes, .length = length };
	const struct tctl_md *root = NULL;
	struct block block = { .code = NULL };
	enum tctl_status status = check_bytes(bytes, length, err);
	char *text = NULL;
	FILE *to;

	if (status == TCTL_OK)
		status = tctl_markdown_parse(bytes, length, arena, &root, err);
	if (status == TCTL_OK)
		status = choose(root, &block, err);
	if (status == TCTL_OK)
		find_lines(&lines, arena);
	if (status == TCTL_OK &&
	    (block.to > lines.count || block.from >= block.to))
		status = tctl_fail(err, TCTL_EINVALID,
		    "line %d, column 1: the gantt block's lines are not "
		    "where they seem to be",
		    block.code->place.line);
	if (status == TCTL_OK) {
		to = open_memstream(&text, out_length);
		if (to == NULL)
			tctl_die_nomem();
		fwrite(bytes, 1, lines.start[block.from], to);
		write_block(to, &lines, &block, chart);
		fwrite(bytes + lines.start[block.to], 1,
		    length - lines.start[block.to], to);
		if (fclose(to) != 0)
			tctl_die_nomem();
		*out = text;
	}
	tctl_arena_free(arena);
	return status;
}
