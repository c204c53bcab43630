/* label.c - any text as one harmless line. */
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "label.h"

enum { REPLACEMENT = 0xfffd, BYTE_ORDER_MARK = 0xfeff };

int32_t
tctl_char_next(const char **text)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t n =
	    utf8proc_iterate((const utf8proc_uint8_t *)*text, -1, &c);

	*text += n > 0 ? n : 1;
	return n > 0 ? c : REPLACEMENT;
}

void
tctl_char_write(FILE *to, int32_t c)
{
	utf8proc_uint8_t bytes[4];
	utf8proc_ssize_t n = utf8proc_encode_char(c, bytes);

	fwrite(bytes, 1, (size_t)n, to);
}

bool
tctl_char_is_blank(int32_t c)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
	case UTF8PROC_CATEGORY_ZS:
		return true;
	default:
		/* U+FFFE and U+FFFF are no characters to XML. */
		return c == BYTE_ORDER_MARK || (c & 0xfffe) == 0xfffe ||
		       (c >= 0x202a && c <= 0x202e) ||
		       (c >= 0x2066 && c <= 0x2069);
	}
}

int
tctl_char_columns(int32_t c)
{
	return utf8proc_charwidth(c);
}

const char *
tctl_skip_blanks(const char *text)
{
	for (const char *next = text; *text != '\0'; text = next)
		if (!tctl_char_is_blank(tctl_char_next(&next)))
			break;
	return text;
}

void
tctl_label_write(FILE *to, const char *text, size_t max, tctl_escape_fn *escape)
{
	bool blank = false;

	text = tctl_skip_blanks(text == NULL ? "" : text);
	for (size_t count = 0; *text != '\0'; count++) {
		int32_t c = tctl_char_next(&text);

		if (tctl_char_is_blank(c)) {
			blank = true;
			continue;
		}
		if (blank)
			putc(' ', to);
		if (count >= max) {
			fputs("…", to);
			break;
		}
		escape(to, c);
		blank = false;
	}
}

char *
tctl_label_line(struct tctl_arena *arena, const char *text, size_t max)
{
	char *line = NULL, *kept;
	size_t size;
	FILE *to = open_memstream(&line, &size);

	if (to == NULL)
		tctl_die_nomem();
	tctl_label_write(to, text, max, tctl_char_write);
	if (fclose(to) != 0)
		tctl_die_nomem();
	kept = tctl_arena_strdup(arena, line);
	free(line);
	return kept;
}

void
tctl_escape_xml(FILE *to, int32_t c)
{
	if (c < 0x80 && strchr("<>&\"'", c) != NULL)
		fprintf(to, "&#%d;", (int)c);
	else
		tctl_char_write(to, c);
}

void
tctl_escape_quoted(FILE *to, int32_t c)
{
	if (c == '"' || c == '\\')
		putc('\\', to);
	tctl_char_write(to, c);
}

const char *
tctl_bar_label(const struct tctl_bar *bar)
{
	const char *label = bar->title != NULL ? bar->title : "";

	if (*tctl_skip_blanks(label) == '\0')
		label = bar->id;
	return *tctl_skip_blanks(label) == '\0' ? "-" : label;
}

char *
tctl_bar_caption(struct tctl_arena *arena, const struct tctl_bar *bar)
{
	const char *label = tctl_bar_label(bar);

	if (bar->folded > 0 || label == bar->id)
		return tctl_label_line(arena, label, TCTL_TITLE_MAX);
	return tctl_label_line(arena,
	    tctl_arena_printf(arena, "%s %s", bar->id, label), TCTL_TITLE_MAX);
}

bool
tctl_same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool
tctl_section_begins(const struct tctl_chart *chart, size_t i)
{
	return i == 0 || !tctl_same_text(
			     chart->bar[i - 1].section, chart->bar[i].section);
}

bool
tctl_section_ends(const struct tctl_chart *chart, size_t i)
{
	return i + 1 == chart->bar_count || tctl_section_begins(chart, i + 1);
}
