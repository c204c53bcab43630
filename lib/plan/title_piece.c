/* title_piece.c - what the pieces of a title say, and where they end. */
#include <string.h>

#include "title.h"

size_t
tctl_title_count_words(const char *text, size_t length)
{
	const char *end = text + length;
	size_t n, count = 0;

	for (; (n = tctl_word_next(end, &text)) != 0; text += n)
		count++;
	return count;
}

bool
tctl_title_says_done(const char *text, size_t length)
{
	return tctl_title_count_words(text, length) <= TCTL_DONE_WORDS_MAX &&
	       tctl_word_is_done(text, length);
}

bool
tctl_title_says_open(const char *text, size_t length)
{
	tctl_trim(&text, &length);
	return tctl_word_is(text, length, TCTL_WORD_OPEN);
}

bool
tctl_title_says_urgent(const char *text, size_t length)
{
	const char *end = text + length;
	size_t n, count = 0;

	for (; (n = tctl_word_next(end, &text)) != 0; text += n, count++)
		if (!tctl_word_is(text, n, TCTL_WORD_URGENT))
			return false;
	return count != 0;
}

/* The bytes of the dash or colon that ends at end; 0: none does. */
static size_t
separator_before(const char *text, const char *end)
{
	static const char *const wide[] = { "–", "—", "：", "·", "→" };

	if (end > text && strchr(":-|.,", end[-1]) != NULL)
		return 1;
	for (size_t i = 0; i < TCTL_COUNT(wide); i++) {
		size_t n = strlen(wide[i]);

		if ((size_t)(end - text) >= n && !memcmp(end - n, wide[i], n))
			return n;
	}
	return 0;
}

void
tctl_title_trim(const char *text, size_t *length)
{
	size_t n;

	tctl_trim(&text, length);
	while ((n = separator_before(text, text + *length)) != 0 &&
	       text[*length - 1] != '.') {
		*length -= n;
		tctl_trim(&text, length);
	}
}

size_t
tctl_title_last_open(const char *text, size_t length)
{
	while (length > 0 && text[length - 1] != '(')
		length--;
	return length;
}

bool
tctl_title_cut_word(
    const char *text, size_t *length, bool (*says)(const char *, size_t))
{
	size_t at = *length;

	for (int words = 0; words < 2 && at > 0; words++) {
		size_t rest;

		at -= text[at - 1] == ' ';
		while (at > 0 && text[at - 1] != ' ')
			at--;
		rest = at;
		tctl_title_trim(text, &rest);
		if (rest != at && text[rest] != '\0' && rest + 1 < at &&
		    says(text + at, *length - at)) {
			*length = rest;
			return true;
		}
	}
	return false;
}

size_t
tctl_title_piece(const char *text, size_t length)
{
	size_t bytes, n = 0;

	for (; n < length && text[n] != '(' && text[n] != ')'; n += bytes)
		if (tctl_mark_at(text + n, length - n, &bytes) !=
		    TCTL_MARK_NONE)
			break;
	return n;
}

void
tctl_title_cut_to_words(const char **text, size_t *length)
{
	const char *end = *text + *length, *at = *text, *last = NULL;
	size_t n;

	for (; (n = tctl_word_next(end, &at)) != 0; at += n) {
		if (last == NULL)
			*text = at;
		last = at + n;
	}
	*length = last == NULL ? 0 : (size_t)(last - *text);
}
