/* columns.c - names of columns and of JSON members, looked up in the words. */
#include <stdio.h>
#include <string.h>

#include "columns.h"
#include "draft.h"

enum { NAME_BYTES = 80, VALUE_BYTES = 64 };

static bool
is_unit(const char *word, size_t length, char unit[TCTL_UNIT_MAX])
{
	struct tctl_duration duration;
	char text[TCTL_UNIT_MAX + 2];
	int n;

	if (length >= TCTL_UNIT_MAX)
		return false;
	n = snprintf(text, sizeof(text), "1 %.*s", (int)length, word);
	if (!tctl_duration_read(text, 8, &duration) ||
	    duration.length != (size_t)n)
		return false;
	memcpy(unit, word, length);
	unit[length] = '\0';
	return true;
}

/* estimatedHours and estimated_hours are "estimated Hours"; "hs" are hours. */
static size_t
part_words(const char *name, size_t length, char out[NAME_BYTES])
{
	size_t n = 0;

	for (size_t i = 0; i < length && n + 2 < NAME_BYTES; i++) {
		bool is_upper = name[i] >= 'A' && name[i] <= 'Z';

		if (is_upper && i > 0 && name[i - 1] >= 'a' &&
		    name[i - 1] <= 'z')
			out[n++] = ' ';
		out[n++] = name[i] == '_' ? ' ' : name[i];
	}
	out[n] = '\0';
	return n;
}

/* The word of the name without its remark: "Effort (days)" is "Effort". */
static enum tctl_word
word_of(const char *name, size_t length)
{
	const char *open = memchr(name, '(', length);
	enum tctl_word word = tctl_word_field(name, length);

	if (word == TCTL_WORD_NONE && open != NULL && open > name)
		word = tctl_word_field(name, (size_t)(open - name));
	return word;
}

enum tctl_word
tctl_name_read(const char *name, size_t length, char unit[TCTL_UNIT_MAX])
{
	char parted[NAME_BYTES];
	const char *at = parted, *end;
	size_t n, words = 0, unit_bytes = 0;
	bool estimated = false;
	enum tctl_word word;

	tctl_trim(&name, &length);
	length = part_words(name, length, parted);
	end = parted + length;
	*unit = '\0';
	word = word_of(parted, length);
	if (word != TCTL_WORD_NONE && word != TCTL_WORD_DURATION)
		return word;
	for (; (n = tctl_word_next(end, &at)) != 0; at += n, words++) {
		if (tctl_word_is(at, n, TCTL_WORD_ACTUAL))
			return TCTL_WORD_NONE;
		if (*unit == '\0' && is_unit(at, n, unit))
			unit_bytes = n;
		estimated |= tctl_word_is(at, n, TCTL_WORD_DURATION);
	}
	/* A lone letter is a unit only beside "estimate", or by itself. */
	if (word == TCTL_WORD_NONE && *unit != '\0' &&
	    (estimated || words == 1 || unit_bytes > 3))
		word = TCTL_WORD_DURATION;
	if (word == TCTL_WORD_NONE)
		*unit = '\0';
	return word;
}

bool
tctl_estimate_read(const char *text, const char *unit, int hours_per_day,
    struct tctl_duration *out)
{
	char with_unit[VALUE_BYTES + TCTL_UNIT_MAX];
	size_t digits;

	text += strspn(text, " \t");
	digits = strspn(text, "0123456789.,- ");
	if (*unit == '\0' || digits == 0 || digits >= VALUE_BYTES ||
	    text[digits] != '\0')
		return tctl_duration_read(text, hours_per_day, out);
	snprintf(with_unit, sizeof(with_unit), "%s %s", text, unit);
	return tctl_duration_read(with_unit, hours_per_day, out);
}
