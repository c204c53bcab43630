/* text.c - text from plans and agents, made inert and measured. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "taskctl/memory.h"
#include "taskctl/text.h"

/* The next thing to print: one character as people see it (a letter with its
 * marks, an emoji with its modifiers), or one escape. */
struct piece {
	size_t length;	 /* bytes of the text that it stands for */
	int width;	 /* display columns */
	char escape[16]; /* "" : print the bytes as they are */
};

/* One code point; its bytes, or 0 where the text is not UTF-8. */
static size_t
decode(const char *text, size_t length, utf8proc_int32_t *c)
{
	utf8proc_ssize_t n = utf8proc_iterate(
	    (const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, c);

	return n > 0 ? (size_t)n : 0;
}

/* Code points that could act on a terminal, or change the order or the lines
 * of what is shown. */
static const struct {
	utf8proc_int32_t first, last;
} acting[] = {
	{ 0, 0x1f },	    /* C0 */
	{ 0x7f, 0x9f },	    /* DEL, C1 */
	{ 0x2028, 0x2029 }, /* line and paragraph separator */
	{ 0x202a, 0x202e }, /* bidirectional embeddings and overrides */
	{ 0x2066, 0x2069 }, /* bidirectional isolates */
};

/* ASCII that is printed: most text, and nothing to look up. */
static bool
is_plain(char c)
{
	return c >= ' ' && c < 0x7f;
}

static bool
acts(utf8proc_int32_t c)
{
	for (size_t i = 0; i < TCTL_COUNT(acting); i++)
		if (c >= acting[i].first && c <= acting[i].last)
			return true;
	return false;
}

static void
escape(struct piece *piece, const char *text, utf8proc_int32_t c)
{
	const size_t size = sizeof(piece->escape);

	if (piece->length == 0) {
		piece->length = 1;
		snprintf(piece->escape, size, "\\x%02x", (unsigned char)*text);
	} else if (c == '\n' || c == '\t' || c == '\r') {
		snprintf(piece->escape, size, "\\%c",
		    c == '\n'	? 'n'
		    : c == '\t' ? 't'
				: 'r');
	} else if (c < 0x80) {
		snprintf(piece->escape, size, "\\x%02x", (unsigned)c);
	} else {
		snprintf(piece->escape, size, "\\u{%x}", (unsigned)c);
	}
	piece->width = (int)strlen(piece->escape);
}

/* Marks and joiners extend the character before them; it is two columns wide
 * at most, and is so whenever it asks to be shown as an emoji (U+FE0F). */
static void
extend(struct piece *piece, const char *text, size_t left, utf8proc_int32_t c)
{
	enum { AS_EMOJI = 0xfe0f };
	utf8proc_int32_t next, state = 0;

	while (piece->length < left) {
		size_t n =
		    decode(text + piece->length, left - piece->length, &next);
		if (n == 0 || acts(next) ||
		    utf8proc_grapheme_break_stateful(c, next, &state))
			break;
		piece->width += next == AS_EMOJI ? 2 : utf8proc_charwidth(next);
		piece->length += n;
		c = next;
	}
	if (piece->width > 2)
		piece->width = 2;
}

static struct piece
next_piece(const char *text, size_t left)
{
	struct piece piece = { .length = 1, .width = 1 };
	utf8proc_int32_t c;

	/* Before ASCII: no mark can follow. */
	if (is_plain(*text) && (left == 1 || text[1] >= 0))
		return piece;
	piece.length = decode(text, left, &c);
	if (piece.length == 0 || acts(c)) {
		escape(&piece, text, c);
		return piece;
	}
	piece.width = utf8proc_charwidth(c);
	extend(&piece, text, left, c);
	return piece;
}

static void
print_piece(FILE *to, const char *text, const struct piece *piece)
{
	if (piece->escape[0] != '\0')
		fputs(piece->escape, to);
	else
		fwrite(text, 1, piece->length, to);
}

/* How many bytes from here are printed as they are; a mark may follow the last
 * one before other than ASCII. */
static size_t
plain_run(const char *text)
{
	size_t n = 0;

	while (is_plain(text[n]))
		n++;
	return n > 0 && text[n] < 0 ? n - 1 : n;
}

bool
tctl_text_is_plain(const char *text)
{
	return text[plain_run(text)] == '\0';
}

void
tctl_text_inert(FILE *to, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		struct piece piece = { .length = plain_run(text) };

		if (piece.length == 0)
			piece = next_piece(text, left);
		print_piece(to, text, &piece);
		text += piece.length;
		left -= piece.length;
	}
}

/* Columns of text, or any number over limit once they exceed it. */
static int
width_up_to(const char *text, int limit)
{
	size_t left = strlen(text);
	int width = 0;

	while (left > 0 && width <= limit) {
		struct piece piece = next_piece(text, left);
		width += piece.width;
		text += piece.length;
		left -= piece.length;
	}
	return width;
}

int
tctl_text_width(const char *text)
{
	return width_up_to(text, INT32_MAX / 2);
}

void
tctl_text_cell(FILE *to, const char *text, int width, bool pad, const char *cut)
{
	bool whole = width_up_to(text, width) <= width;
	int room = whole ? width : width - 1;
	size_t left = strlen(text);

	while (left > 0) {
		struct piece piece = next_piece(text, left);
		if (piece.width > room)
			break;
		print_piece(to, text, &piece);
		room -= piece.width;
		text += piece.length;
		left -= piece.length;
	}
	if (!whole && width > 0)
		fputs(cut, to);
	for (; pad && room > 0; room--)
		putc(' ', to);
}

bool
tctl_text_is_utf8(const char *bytes, size_t length, size_t *bad)
{
	utf8proc_int32_t c;
	size_t n;

	for (size_t at = 0; at < length; at += n) {
		uint64_t eight;

		/* Most of it is ASCII. */
		for (; length - at >= sizeof(eight); at += sizeof(eight)) {
			memcpy(&eight, bytes + at, sizeof(eight));
			if ((eight & UINT64_C(0x8080808080808080)) != 0)
				break;
		}
		if (at == length)
			break;
		n = bytes[at] >= 0 ? 1 : decode(bytes + at, length - at, &c);
		if (n == 0) {
			if (bad != NULL)
				*bad = at;
			return false;
		}
	}
	return true;
}

bool
tctl_text_has_control(const char *text)
{
	size_t left = strlen(text);
	utf8proc_int32_t c;
	size_t n;

	for (; left > 0; text += n, left -= n) {
		n = 1;
		if (is_plain(*text))
			continue;
		n = decode(text, left, &c);
		if (n == 0 || acts(c))
			return true;
	}
	return false;
}

bool
tctl_text_is_visible(const char *text)
{
	enum { BRAILLE_BLANK = 0x2800 };
	size_t left = strlen(text);
	utf8proc_int32_t c;
	size_t n;

	for (; left > 0; text += n, left -= n) {
		n = decode(text, left, &c);
		if (n == 0)
			return true; /* printed as an escape */
		if (utf8proc_charwidth(c) > 0 && c != BRAILLE_BLANK &&
		    !utf8proc_get_property(c)->ignorable &&
		    utf8proc_category(c) != UTF8PROC_CATEGORY_ZS)
			return true;
	}
	return false;
}

/* The text's code points (a byte that is none counts as itself); owned. */
static utf8proc_int32_t *
code_points(const char *text, size_t *count)
{
	size_t left = strlen(text);
	utf8proc_int32_t *all = NULL;
	utf8proc_int32_t c;

	for (*count = 0; left > 0; ++*count) {
		size_t n = decode(text, left, &c);
		if (n == 0) {
			n = 1;
			c = (unsigned char)*text;
		}
		all = tctl_grow(all, *count, sizeof(*all));
		all[*count] = c;
		text += n;
		left -= n;
	}
	return all;
}

static int
least(int a, int b)
{
	return a < b ? a : b;
}

/*
 * Three rows of the table of distances between prefixes; a swap of neighbours
 * looks two rows back.
 *
 * Source: F. J. Damerau, A technique for computer detection and correction of
 *         spelling errors, CACM 7 (1964).
 */
static int
distance(
    const utf8proc_int32_t *a, size_t n, const utf8proc_int32_t *b, size_t m)
{
	int *row = calloc(3 * (m + 1), sizeof(*row)), *back, *last, *here;
	int result;

	if (row == NULL)
		tctl_die_nomem();
	back = row, last = row + m + 1, here = row + 2 * (m + 1);
	for (size_t j = 0; j <= m; j++)
		here[j] = (int)j;
	for (size_t i = 1; i <= n; i++) {
		int *spare = back;
		back = last, last = here, here = spare;
		here[0] = (int)i;
		for (size_t j = 1; j <= m; j++) {
			int cost = a[i - 1] != b[j - 1];
			here[j] = least(last[j - 1] + cost,
			    least(last[j], here[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				here[j] = least(here[j], back[j - 2] + 1);
		}
	}
	result = here[m];
	free(row);
	return result;
}

int
tctl_text_distance(const char *a, const char *b)
{
	size_t n, m;
	utf8proc_int32_t *as = code_points(a, &n);
	utf8proc_int32_t *bs = code_points(b, &m);
	int result = distance(as, n, bs, m);

	free(bs);
	free(as);
	return result;
}
