/* front_matter.c - flat YAML.  What is nested deeper is skipped. */
#include <string.h>

#include "front_matter.h"

enum { VALUE_MAX = 8000, LINES_MAX = 4000 }; /* more is no front matter */

struct reader {
	struct tctl_arena *arena;
	struct tctl_matter *matter;
	bool in_folded; /* lines below "key: >-" are one text */
};

/* The value without its quotes; '' in single quotes is one. */
static const char *
unquote(struct tctl_arena *arena, const char *text, size_t length)
{
	char quote = length >= 2 ? *text : '\0', *out;
	size_t n = 0;

	if ((quote != '\'' && quote != '"') || text[length - 1] != quote)
		return tctl_arena_strndup(arena, text, length);
	out = tctl_arena_alloc(arena, length);
	for (size_t i = 1; i + 1 < length; i++) {
		if (i + 2 < length && ((quote == '\'' && text[i] == '\'' &&
					   text[i + 1] == '\'') ||
					  (quote == '"' && text[i] == '\\')))
			i++;
		out[n++] = text[i];
	}
	return out;
}

static void
add_entry(struct reader *r, struct tctl_matter_row *row, const char *text,
    size_t length)
{
	tctl_trim(&text, &length);
	if (length != 0)
		tctl_strings_add(
		    r->arena, &row->list, unquote(r->arena, text, length));
}

/* "[a, 'b, c']". */
static void
read_flow(struct reader *r, struct tctl_matter_row *row, const char *at,
    size_t length)
{
	const char *end = at + length - 1, *from = ++at;
	char quote = '\0';

	for (; at < end; at++) {
		if (quote != '\0')
			quote = *at == quote ? '\0' : quote;
		else if (*at == '"' || *at == '\'')
			quote = *at;
		else if (*at == ',') {
			add_entry(r, row, from, (size_t)(at - from));
			from = at + 1;
		}
	}
	add_entry(r, row, from, (size_t)(end - from));
}

/* " # remark" ends a value that is not quoted. */
static size_t
without_remark(const char *text, size_t length)
{
	if (length == 0 || *text == '"' || *text == '\'')
		return length;
	for (size_t i = 1; i < length; i++)
		if (text[i] == '#' && text[i - 1] == ' ')
			return i;
	return length;
}

static void
read_pair(struct reader *r, const struct tctl_md_line *line, const char *colon)
{
	struct tctl_matter *matter = r->matter;
	const char *key = line->text, *value = colon + 1;
	size_t key_length = (size_t)(colon - key);
	size_t length = line->length - key_length - 1;
	struct tctl_matter_row *row;

	tctl_trim(&key, &key_length);
	length = without_remark(value, length);
	tctl_trim(&value, &length);
	matter->row = tctl_arena_grow(
	    r->arena, matter->row, matter->count, sizeof(*matter->row));
	row = &matter->row[matter->count++];
	*row = (struct tctl_matter_row){
		.key = unquote(r->arena, key, key_length),
		.value = "",
		.line = *line,
		.at = value,
		.length = length,
	};
	r->in_folded = length != 0 && length <= 2 && strchr(">|", *value);
	if (length >= 2 && *value == '[' && value[length - 1] == ']')
		read_flow(r, row, value, length);
	else if (!r->in_folded)
		row->value = unquote(r->arena, value, length);
}

/* A line that is indented belongs to the row above. */
static void
read_more(struct reader *r, const struct tctl_md_line *line)
{
	struct tctl_matter_row *row;
	const char *text = line->text;
	size_t length = line->length;

	if (r->matter->count == 0)
		return;
	row = &r->matter->row[r->matter->count - 1];
	tctl_trim(&text, &length);
	if (r->in_folded && length != 0 && strlen(row->value) < VALUE_MAX)
		row->value = *row->value == '\0'
				 ? tctl_arena_strndup(r->arena, text, length)
				 : tctl_arena_printf(r->arena, "%s %.*s",
				       row->value, (int)length, text);
	else if (length >= 2 && text[0] == '-' && text[1] == ' ')
		add_entry(r, row, text + 2, length - 2);
}

static void
read_line(struct reader *r, const struct tctl_md_line *line)
{
	const char *colon = memchr(line->text, ':', line->length);
	bool is_indented =
	    line->length != 0 && strchr(" \t-", *line->text) != NULL;

	if (is_indented || line->length == 0)
		read_more(r, line);
	else if (colon != NULL && *line->text != '#')
		read_pair(r, line, colon);
}

bool
tctl_matter_read(const struct tctl_source *source, struct tctl_arena *arena,
    struct tctl_matter *out)
{
	const char *at = source->text, *end = at + source->length;
	struct reader r = { .arena = arena, .matter = out };

	memset(out, 0, sizeof(*out));
	for (int number = 1; at < end && number < LINES_MAX; number++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t next = newline == NULL ? (size_t)(end - at)
					      : (size_t)(newline - at) + 1;
		size_t length = next - (newline != NULL);
		struct tctl_md_line line = { .place = { number, 1 } };

		while (length > 0 && strchr(" \t\r", at[length - 1]) != NULL)
			length--;
		line.text = tctl_arena_strndup(arena, at, length);
		line.length = (uint32_t)length;
		at += next;
		if (strcmp(line.text, "---") == 0) {
			if (number > 1)
				return true;
		} else if (number == 1) {
			return false;
		} else {
			read_line(&r, &line);
		}
	}
	return false;
}

const struct tctl_matter_row *
tctl_matter_find(const struct tctl_matter *matter, const char *key)
{
	for (size_t i = 0; i < matter->count; i++)
		if (strcmp(matter->row[i].key, key) == 0)
			return &matter->row[i];
	return NULL;
}
