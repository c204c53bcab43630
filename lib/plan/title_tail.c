/* title_tail.c - what follows a title: "⭐ PRIORITY ✅ (done)". */
#include <string.h>

#include "title.h"

/* Where the first star, tick or empty box stands; length: nowhere. */
static size_t
find_mark(const char *text, size_t length)
{
	size_t bytes;

	for (size_t i = 0; i < length; i += bytes) {
		enum tctl_mark mark =
		    tctl_mark_at(text + i, length - i, &bytes);

		if (mark == TCTL_MARK_STAR || mark == TCTL_MARK_TICK ||
		    mark == TCTL_MARK_OPEN)
			return i;
	}
	return length;
}

/* "⭐ PRIORITY ✅ (done)": is one piece of it urgent?  *others is how many words
 * the other pieces have. */
static bool
has_urgent_piece(const char *text, size_t length, size_t *others)
{
	bool is_urgent = false;
	size_t bytes;

	*others = 0;
	while (length > 0) {
		size_t n = tctl_title_piece(text, length);

		if (tctl_title_says_urgent(text, n))
			is_urgent = true;
		else
			*others += tctl_title_count_words(text, n);
		if (n < length) {
			tctl_mark_at(text + n, length - n, &bytes);
			n += bytes;
		}
		text += n;
		length -= n;
	}
	return is_urgent;
}

/* "⬜", "⭐ PRIORITY ⬜ (to do)": an empty box, and no other words. */
static bool
is_open_tail(const char *text, size_t length)
{
	const char *end = text + length;
	size_t bytes;

	if (tctl_find_mark(text, length, TCTL_MARK_OPEN) == NULL)
		return false;
	for (; text < end; text += bytes) {
		size_t n = tctl_title_piece(text, (size_t)(end - text));
		const char *words = text;

		text += n;
		tctl_title_cut_to_words(&words, &n);
		if (n != 0 && !tctl_title_says_open(words, n) &&
		    !tctl_title_says_urgent(words, n))
			return false;
		tctl_mark_at(text, (size_t)(end - text), &bytes);
	}
	return true;
}

/* "✅ done (PR 12, by Ana, see notes)": the word beside the sign says it, and
 * what follows is a remark, however long. */
static bool
states(
    const char *tail, size_t length, enum tctl_mark mark, enum tctl_word word)
{
	const char *end = tail + length, *next;
	const char *at = tctl_find_mark(tail, length, mark);
	size_t n, before;

	if (at == NULL)
		return false;
	has_urgent_piece(tail, (size_t)(at - tail), &before);
	n = tctl_state_find(end, &at);
	if (before != 0 || n == 0 || !tctl_word_is(at, n, word))
		return false;
	at += n;
	if (at < end && strchr(" ).,:;(", *at) == NULL)
		return false; /* "done-marker" */
	while (at < end && *at == ' ')
		at++;
	next = at;
	n = tctl_word_next(end, &next);
	return n == 0 || next != at || (*at >= '0' && *at <= '9');
}

size_t
tctl_title_read_tail(const char *text, size_t length, struct tctl_heading *out)
{
	size_t head = find_mark(text, length), others;
	const char *tail = text + head, *tick;
	size_t n = length - head;
	bool is_urgent = has_urgent_piece(tail, n, &others);
	bool is_done =
	    (others <= TCTL_DONE_WORDS_MAX && tctl_word_is_done(tail, n)) ||
	    states(tail, n, TCTL_MARK_TICK, TCTL_WORD_DONE);
	bool is_open =
	    !is_done && (is_open_tail(tail, n) ||
			    states(tail, n, TCTL_MARK_OPEN, TCTL_WORD_OPEN));

	if (n == 0 || (others != 0 && !is_done && !is_open))
		return length;
	tick = tctl_find_mark(tail, n, TCTL_MARK_TICK);
	out->stars = tctl_stars(tail, n);
	out->is_urgent |= is_urgent;
	tctl_title_trim(text, &head);
	if (head > 0 && text[head - 1] == '(') /* "(✅ done)" */
		head--;
	tctl_title_trim(text, &head);
	if (is_done || (tick != NULL && tctl_title_cut_word(
					    text, &head, tctl_title_says_done)))
		out->is_done = true;
	else
		out->tick = tick;
	if (is_open) {
		tctl_title_cut_word(text, &head, tctl_title_says_open);
		out->is_open = true;
	}
	return head;
}
