/* write_text.c - a few characters replaced, and every other byte kept. */
#include <stdlib.h>
#include <string.h>

#include "write_text.h"
#include "encoding.h"

struct tctl_bytes
tctl_bytes_look(const char *bytes, size_t length)
{
	size_t mark = length >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3) ? 3 : 0;

	return (struct tctl_bytes){ bytes, length,
		tctl_damage_find(bytes + mark, length - mark) };
}

void
tctl_bytes_release(struct tctl_bytes *bytes)
{
	free(bytes->damage);
}

/* --- finding ---------------------------------------------------------- */

struct cursor {
	const struct tctl_bytes *bytes;
	size_t at;
	struct tctl_place place;
};

static void
step(struct cursor *c)
{
	const char *at = c->bytes->at + c->at;
	char character[4];
	size_t size;

	if (*at == '\n') {
		c->place.line++;
		c->place.column = 0;
	}
	c->place.column++;
	c->at += tctl_damage_step(
	    c->bytes->damage, at, c->bytes->length - c->at, character, &size);
}

/* To the start of a line, a later one than that of the cursor. */
static void
go_to_line(struct cursor *c, int line)
{
	while (c->place.line < line && c->at < c->bytes->length) {
		const char *from = c->bytes->at + c->at;
		const char *newline =
		    memchr(from, '\n', c->bytes->length - c->at);

		if (newline == NULL) {
			c->at = c->bytes->length;
			return;
		}
		c->at += (size_t)(newline - from) + 1;
		c->place = (struct tctl_place){ c->place.line + 1, 1 };
	}
}

/* Behind the last character of the line that is no blank. */
static void
go_behind(struct cursor *c, struct tctl_edit_text *edit)
{
	const char *from = c->bytes->at + c->at;
	const char *end = memchr(from, '\n', c->bytes->length - c->at);

	if (end == NULL)
		end = c->bytes->at + c->bytes->length;
	while (end > from && strchr(" \t\r", end[-1]) != NULL)
		end--;
	edit->from = edit->to = (size_t)(end - c->bytes->at);
}

static bool
is_line_end(const struct cursor *c)
{
	return c->at == c->bytes->length || c->bytes->at[c->at] == '\n';
}

void
tctl_edits_find(
    const struct tctl_bytes *bytes, struct tctl_edit_text edit[], size_t count)
{
	struct cursor c = { bytes, 0, { 1, 1 } };

	if (bytes->length >= 3 && !memcmp(bytes->at, "\xEF\xBB\xBF", 3))
		c.at = 3;
	for (size_t i = 0; i < count; i++) {
		struct tctl_edit_text *e = &edit[i];
		int left = e->length;

		e->from = 1;
		e->to = 0;
		go_to_line(&c, e->place.line);
		if (c.place.line == e->place.line && e->place.column == 0) {
			go_behind(&c, e);
			continue;
		}
		while (c.place.line == e->place.line &&
		       c.place.column < e->place.column && !is_line_end(&c))
			step(&c);
		if (c.place.line != e->place.line ||
		    c.place.column != e->place.column)
			continue;
		e->from = c.at;
		for (; left > 0 && !is_line_end(&c); left--)
			step(&c);
		if (left > 0)
			e->from = c.at + 1;
		e->to = c.at;
	}
}

void
tctl_edit_read(const struct tctl_bytes *bytes,
    const struct tctl_edit_text *edit, char *out, size_t size)
{
	size_t n = 0, used;
	char character[4];

	for (size_t at = edit->from; at < edit->to;) {
		at += tctl_damage_step(bytes->damage, bytes->at + at,
		    edit->to - at, character, &used);
		if (n + used >= size)
			break;
		memcpy(out + n, character, used);
		n += used;
	}
	out[n] = '\0';
}

/* --- changing --------------------------------------------------------- */

enum tctl_status
tctl_edits_apply(const struct tctl_bytes *bytes,
    const struct tctl_edit_text edit[], size_t count, char **out,
    size_t *out_length, struct tctl_error *err)
{
	size_t room = bytes->length + 1, n = 0, at = 0;
	char *made;

	for (size_t i = 0; i < count; i++)
		if (edit[i].text != NULL)
			room += 3 * strlen(edit[i].text) + 1;
	made = tctl_xcalloc(room, 1);
	for (size_t i = 0; i < count; i++) {
		const struct tctl_edit_text *e = &edit[i];

		if (e->text == NULL || e->from > e->to || e->from < at)
			continue;
		memcpy(made + n, bytes->at + at, e->from - at);
		n += e->from - at;
		at = e->to;
		if (bytes->damage == NULL) {
			memcpy(made + n, e->text, strlen(e->text) + 1);
		} else if (!tctl_damage_apply(
			       bytes->damage, e->text, made + n)) {
			free(made);
			return tctl_fail(err, TCTL_EINVALID,
			    "line %d, column %d: the file's encoding is "
			    "damaged, and \"%s\" cannot be written in it",
			    e->place.line, e->place.column, e->text);
		}
		n += strlen(made + n);
	}
	memcpy(made + n, bytes->at + at, bytes->length - at);
	n += bytes->length - at;
	made[n] = '\0';
	*out = made;
	*out_length = n;
	return TCTL_OK;
}
