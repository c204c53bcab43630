/* markdown_line.c - one line of text: its styles, its id, and where it stands.
 */
#include <stdlib.h>
#include <string.h>

#include "markdown_build.h"

enum {
	/* A jump at least this often: finding a place may not mean counting
	 * through megabytes of one line. */
	JUMP_BYTES = 1024,
};

struct tctl_place
tctl_md_locate(struct tctl_md_builder *b, size_t offset)
{
	if (offset < b->counted) {
		b->here.line = offset < b->line_start ? 1 : b->here.line;
		b->counted = offset < b->line_start ? 0 : b->line_start;
		b->here.column = 1;
	}
	while (b->counted < offset) {
		const char *from = b->input + b->counted;
		const char *newline = memchr(from, '\n', offset - b->counted);

		if (newline == NULL)
			break;
		b->counted = (size_t)(newline - b->input) + 1;
		b->line_start = b->counted;
		b->here.line++;
		b->here.column = 1;
	}
	for (; b->counted < offset; b->counted++)
		b->here.column += (b->input[b->counted] & 0xC0) != 0x80;
	return b->here;
}

/* Scratch memory that is full: twice as much; it is used for every line. */
static void *
grow(void *array, size_t *room, size_t size)
{
	array = tctl_grow(array, *room, size);
	*room = *room == 0 ? 1 : 2 * *room;
	return array;
}

/* The text from here on stands at that place. */
static void
add_jump(struct tctl_md_builder *b, size_t from, size_t offset)
{
	if (b->jump_count == b->jump_room)
		b->jump = grow(b->jump, &b->jump_room, sizeof(*b->jump));
	b->jump[b->jump_count++] =
	    (struct tctl_md_jump){ .from = (uint32_t)from,
		    .to = tctl_md_locate(b, offset) };
}

static const struct tctl_md_jump *
take_jumps(struct tctl_md_builder *b, uint32_t *count)
{
	struct tctl_md_jump *jump = NULL;

	*count = (uint32_t)b->jump_count;
	if (b->jump_count != 0) {
		jump =
		    tctl_arena_alloc(b->arena, b->jump_count * sizeof(*jump));
		memcpy(jump, b->jump, b->jump_count * sizeof(*jump));
		b->jump_count = 0;
	}
	return jump;
}

void
tctl_md_add_run(struct tctl_md_builder *b, unsigned style, size_t from)
{
	if (from == b->text_length)
		return;
	if (b->run_count == b->run_room)
		b->run = grow(b->run, &b->run_room, sizeof(*b->run));
	b->run[b->run_count++] = (struct tctl_md_run){
		.from = (uint32_t)from,
		.to = (uint32_t)b->text_length,
		.style = (enum tctl_md_style)(1u << style),
	};
}

static int
compare_run(const void *a, const void *b)
{
	const struct tctl_md_run *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->style < y->style ? -1 : x->style > y->style;
}

static uint32_t
cut(const struct tctl_md_builder *b, uint32_t offset)
{
	return offset < b->text_length ? offset : (uint32_t)b->text_length;
}

/* The runs of the line, with those still open closed and begun anew. */
static const struct tctl_md_run *
take_runs(struct tctl_md_builder *b, uint32_t *count)
{
	struct tctl_md_run *run = NULL;

	for (unsigned style = 0; style < TCTL_MD_STYLES; style++) {
		if (b->open_depth[style] != 0)
			tctl_md_add_run(b, style, b->open_from[style]);
		b->open_from[style] = 0;
	}
	*count = (uint32_t)b->run_count;
	for (size_t i = 0; i < b->run_count; i++) {
		b->run[i].to = cut(b, b->run[i].to);
		b->run[i].from = cut(b, b->run[i].from);
	}
	if (b->run_count != 0) {
		if (b->run_count > 1)
			qsort(b->run, b->run_count, sizeof(*run), compare_run);
		run = tctl_arena_alloc(b->arena, b->run_count * sizeof(*run));
		memcpy(run, b->run, b->run_count * sizeof(*run));
		b->run_count = 0;
	}
	return run;
}

/* "Paint the walls {#walls}": what lint --fix-ids writes. */
static const char *
take_id(struct tctl_md_builder *b)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-~";
	size_t end = b->text_length, at = end;

	if (b->at->kind != TCTL_MD_HEADING && b->at->kind != TCTL_MD_ITEM &&
	    b->at->kind != TCTL_MD_CELL)
		return NULL;
	if (end < 4 || b->text[end - 1] != '}')
		return NULL;
	for (at--; at > 0 && ((b->text[at - 1] & 0x80) != 0 ||
				 strchr(letters, b->text[at - 1]) != NULL);
	     at--)
		if (b->text[at - 1] == '\0')
			return NULL;
	if (at < 3 || at == end - 1 || memcmp(b->text + at - 3, " {#", 3) != 0)
		return NULL;
	b->text_length = at - 3;
	while (b->text_length > 0 && b->text[b->text_length - 1] == ' ')
		b->text_length--;
	return tctl_arena_strndup(b->arena, b->text + at, end - 1 - at);
}

void
tctl_md_end_line(struct tctl_md_builder *b)
{
	struct tctl_md *node = b->at;
	struct tctl_md_line line;

	if (node->kind == TCTL_MD_CODE)
		return;
	if (b->place.line == 0) {
		b->run_count = b->text_length = 0;
		return;
	}
	while (b->text_length > 0 &&
	       strchr(" \t", b->text[b->text_length - 1]) != NULL)
		b->text_length--;
	line.id = take_id(b);
	line.text = tctl_arena_strndup(b->arena, b->text, b->text_length);
	line.length = (uint32_t)b->text_length;
	line.run = take_runs(b, &line.run_count);
	line.jump = take_jumps(b, &line.jump_count);
	line.place = b->place;
	if (node->place.line == 0)
		node->place = b->place;

	node->lines = tctl_arena_grow(
	    b->arena, node->lines, node->line_count, sizeof(line));
	node->lines[node->line_count++] = line;
	b->text_length = 0;
	b->place.line = 0;
}

void
tctl_md_append(struct tctl_md_builder *b, const char *text, size_t size)
{
	if (b->text_length + size > b->text_size) {
		char *grown;

		b->text_size = (b->text_length + size) * 2;
		grown = realloc(b->text, b->text_size);
		if (grown == NULL)
			tctl_die_nomem();
		b->text = grown;
	}
	memcpy(b->text + b->text_length, text, size);
	b->text_length += size;
}

void
tctl_md_append_entity(struct tctl_md_builder *b, const char *text, size_t size)
{
	static const struct {
		const char *name, *value;
	} known[] = {
		{ "&amp;", "&" },
		{ "&lt;", "<" },
		{ "&gt;", ">" },
		{ "&quot;", "\"" },
		{ "&nbsp;", " " },
		{ "&#39;", "'" },
	};

	for (size_t i = 0; i < TCTL_COUNT(known); i++)
		if (strlen(known[i].name) == size &&
		    !memcmp(known[i].name, text, size)) {
			tctl_md_append(
			    b, known[i].value, strlen(known[i].value));
			return;
		}
	tctl_md_append(b, text, size);
}

/* The text begins with this slice of the input.  What a code block has before
 * it are empty lines and blanks, which md4c makes up. */
static void
begin_text(struct tctl_md_builder *b, size_t offset)
{
	struct tctl_md *node = b->at;

	b->place = tctl_md_locate(b, offset);
	if (node->kind != TCTL_MD_CODE)
		return;
	node->code->column = b->place.column;
	for (size_t i = b->text_length; i-- > 0;) {
		if (b->text[i] == '\n')
			b->place.line--;
		else if (b->place.line == b->here.line)
			node->code->column--;
	}
}

void
tctl_md_note_place(struct tctl_md_builder *b, size_t offset, size_t size)
{
	bool is_first = b->place.line == 0;

	if (is_first)
		begin_text(b, offset);
	if (b->at->kind == TCTL_MD_CODE)
		return;
	if (!is_first && offset != b->next)
		add_jump(b, b->text_length, offset);
	for (size_t i = JUMP_BYTES; i < size; i += JUMP_BYTES)
		add_jump(b, b->text_length + i, offset + i);
	b->next = offset + size;
}
