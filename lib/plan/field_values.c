/* field_values.c - what the value of a field says: nobody, a priority, yes. */
#include <string.h>

#include "fields.h"

bool
tctl_is_nothing(const char *text, size_t length)
{
	const char *open = memchr(text, '(', length);

	if (open != NULL)
		length = (size_t)(open - text);
	tctl_trim(&text, &length);
	return length == 0 || tctl_word_is(text, length, TCTL_WORD_NOTHING);
}

const char *
tctl_agent_name(struct tctl_arena *arena, const char *text, size_t length)
{
	const char *open = memchr(text, '(', length), *start, *end;
	size_t n;

	if (open != NULL)
		length = (size_t)(open - text);
	start = tctl_skip_marks(text, text + length);
	length -= (size_t)(start - text);
	tctl_trim(&start, &length);
	if (tctl_is_nothing(start, length))
		return NULL;
	text = start;
	end = start + length;
	n = tctl_word_next(end, &text);
	if (text == start && n < length &&
	    tctl_word_is(start, n, TCTL_WORD_AGENT)) {
		start += n;
		length -= n;
		tctl_trim(&start, &length);
	}
	return tctl_arena_strndup(arena, start, length);
}

int
tctl_priority_read(const char *text, size_t length)
{
	int stars = tctl_stars(text, length);
	const char *end = text + length;
	size_t n;

	if (stars > 0)
		return stars >= 3 ? 1 : 4 - stars;
	if (length == 1 && *text >= '1' && *text <= '4')
		return *text - '0';
	for (; (n = tctl_word_next(end, &text)) != 0; text += n) {
		if (n == 2 && strchr("pP", *text) && text[1] >= '1' &&
		    text[1] <= '4')
			return text[1] - '0';
		if (tctl_word_is(text, n, TCTL_WORD_HIGH))
			return TCTL_PRIORITY_HIGH;
		if (tctl_word_is(text, n, TCTL_WORD_MEDIUM))
			return 2;
		if (tctl_word_is(text, n, TCTL_WORD_LOW))
			return TCTL_PRIORITY_LOW;
	}
	return 0;
}

int
tctl_parallel_read(const char *text, size_t length)
{
	const char *end = text + length;
	size_t n;

	if (tctl_find_mark(text, length, TCTL_MARK_CROSS))
		return 0;
	if (tctl_find_mark(text, length, TCTL_MARK_TICK))
		return 1;
	n = tctl_word_next(end, &text);
	if (n != 0 && tctl_word_is(text, n, TCTL_WORD_NO))
		return 0;
	if (n != 0 && tctl_word_is(text, n, TCTL_WORD_YES))
		return 1;
	return -1;
}
