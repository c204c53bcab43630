/* heading.c - headings such as
 *
 *     🚀 Sprint 1 : Infrastructure & Documentation (4h)
 *     Task 2.1 : Enrich generator.py ⭐ PRIORITY
 *     Initial state (Sprint 0 - COMPLETE ✅)
 */
#include <string.h>

#include "heading.h"

enum { DONE_WORDS_MAX = 4 }; /* "(already done in sprint 1)" is still one */

static size_t
count_words(const char *text, size_t length)
{
	const char *end = text + length;
	size_t n, count = 0;

	for (; (n = tctl_word_next(end, &text)) != 0; text += n)
		count++;
	return count;
}

static bool
says_done(const char *text, size_t length)
{
	return count_words(text, length) <= DONE_WORDS_MAX &&
	       tctl_word_is_done(text, length);
}

static bool
says_open(const char *text, size_t length)
{
	tctl_trim(&text, &length);
	return tctl_word_is(text, length, TCTL_WORD_OPEN);
}

/* Is every word of it one of urgency? */
static bool
says_urgent(const char *text, size_t length)
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

static void
trim_separators(const char *text, size_t *length)
{
	size_t n;

	tctl_trim(&text, length);
	while ((n = separator_before(text, text + *length)) != 0 &&
	       text[*length - 1] != '.') {
		*length -= n;
		tctl_trim(&text, length);
	}
}

/* Skip the one separator that follows an id: "2.2 : ", "2.2 - ", "2.2) ". */
static const char *
skip_separator(const char *at, const char *end, bool *found)
{
	static const char *const mark[] = { ":", "-", "–", "—", "：", ".", ")",
		"|", "]" };

	at = tctl_skip_marks(at, end);
	*found = false;
	for (size_t i = 0; i < TCTL_COUNT(mark); i++) {
		size_t n = strlen(mark[i]);

		if ((size_t)(end - at) >= n && !memcmp(at, mark[i], n)) {
			*found = true;
			return at + n;
		}
	}
	return at;
}

/* Units are written h, min; d, days, jours, tage, w, sem. are calendar. */
static bool
is_calendar(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (strchr("dDjJtTwWgG", text[i]) != NULL)
			return true;
		if (i + 1 < length && strchr("sS", text[i]) != NULL)
			return text[i + 1] == 'e';
		if (strchr("hHmM", text[i]) != NULL)
			return false;
	}
	return false;
}

/* "5 pts": no time, and no part of the title. */
static bool
says_points(const char *text, size_t length)
{
	const char *end = text + length;
	size_t n = tctl_word_next(end, &text);

	if (n == 0 || *text < '0' || *text > '9')
		return false;
	text += n;
	n = tctl_word_next(end, &text);
	return n != 0 && tctl_word_is(text, n, TCTL_WORD_POINTS);
}

/* "(4h)", "(done)", "(urgent)" at the end say something; others are title. */
static bool
read_group(const char *text, size_t length, int hours_per_day,
    struct tctl_heading *out)
{
	struct tctl_duration duration;
	char copy[64];

	tctl_trim(&text, &length);
	if (length == 0 || length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (tctl_duration_read(copy, hours_per_day, &duration) &&
	    duration.length == length) {
		out->estimate_s = duration.seconds;
		out->estimate_at = text;
		out->is_range = duration.is_range;
		out->is_calendar = is_calendar(text, length);
		return true;
	}
	if (says_done(text, length))
		return out->is_done = true;
	if (says_open(text, length))
		return out->is_open = true;
	if (says_urgent(text, length))
		return out->is_urgent = true;
	return says_points(text, length);
}

static size_t
last_open(const char *text, size_t length)
{
	while (length > 0 && text[length - 1] != '(')
		length--;
	return length;
}

static void
read_groups(const char *text, size_t *length, int hours_per_day,
    struct tctl_heading *out)
{
	size_t open;

	tctl_trim(&text, length);
	while (*length > 1 && text[*length - 1] == ')' &&
	       (open = last_open(text, *length)) > 1) {
		if (!read_group(
			text + open, *length - 1 - open, hours_per_day, out))
			break;
		*length = open - 1;
		trim_separators(text, length);
	}
}

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

/* "Title - COMPLETE ✅": the word may stand before the sign.  Words may be two
 * ("to do"), after a separator. */
static bool
cut_word(const char *text, size_t *length, bool (*says)(const char *, size_t))
{
	size_t at = *length;

	for (int words = 0; words < 2 && at > 0; words++) {
		size_t rest;

		at -= text[at - 1] == ' ';
		while (at > 0 && text[at - 1] != ' ')
			at--;
		rest = at;
		trim_separators(text, &rest);
		if (rest != at && text[rest] != '\0' && rest + 1 < at &&
		    says(text + at, *length - at)) {
			*length = rest;
			return true;
		}
	}
	return false;
}

/* The bytes up to the next mark or bracket. */
static size_t
piece_length(const char *text, size_t length)
{
	size_t bytes, n = 0;

	for (; n < length && text[n] != '(' && text[n] != ')'; n += bytes)
		if (tctl_mark_at(text + n, length - n, &bytes) !=
		    TCTL_MARK_NONE)
			break;
	return n;
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
		size_t n = piece_length(text, length);

		if (says_urgent(text, n))
			is_urgent = true;
		else
			*others += count_words(text, n);
		if (n < length) {
			tctl_mark_at(text + n, length - n, &bytes);
			n += bytes;
		}
		text += n;
		length -= n;
	}
	return is_urgent;
}

/* From the first word to the last. */
static void
cut_to_words(const char **text, size_t *length)
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

/* "⬜", "⭐ PRIORITY ⬜ (to do)": an empty box, and no other words. */
static bool
is_open_tail(const char *text, size_t length)
{
	const char *end = text + length;
	size_t bytes;

	if (tctl_find_mark(text, length, TCTL_MARK_OPEN) == NULL)
		return false;
	for (; text < end; text += bytes) {
		size_t n = piece_length(text, (size_t)(end - text));
		const char *words = text;

		text += n;
		cut_to_words(&words, &n);
		if (n != 0 && !says_open(words, n) && !says_urgent(words, n))
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

/* Marks and their words after the title; the title's length without them. */
static size_t
read_tail(const char *text, size_t length, struct tctl_heading *out)
{
	size_t head = find_mark(text, length), others;
	const char *tail = text + head, *tick;
	size_t n = length - head;
	bool is_urgent = has_urgent_piece(tail, n, &others);
	bool is_done =
	    (others <= DONE_WORDS_MAX && tctl_word_is_done(tail, n)) ||
	    states(tail, n, TCTL_MARK_TICK, TCTL_WORD_DONE);
	bool is_open =
	    !is_done && (is_open_tail(tail, n) ||
			    states(tail, n, TCTL_MARK_OPEN, TCTL_WORD_OPEN));

	if (n == 0 || (others != 0 && !is_done && !is_open))
		return length;
	tick = tctl_find_mark(tail, n, TCTL_MARK_TICK);
	out->stars = tctl_stars(tail, n);
	out->is_urgent |= is_urgent;
	trim_separators(text, &head);
	if (head > 0 && text[head - 1] == '(') /* "(✅ done)" */
		head--;
	trim_separators(text, &head);
	if (is_done || (tick != NULL && cut_word(text, &head, says_done)))
		out->is_done = true;
	else
		out->tick = tick;
	if (is_open) {
		cut_word(text, &head, says_open);
		out->is_open = true;
	}
	return head;
}

static void
add_said(struct tctl_heading *out, const char *at, size_t length, bool is_sign)
{
	if (length != 0 && out->said_count < TCTL_SAID_MAX)
		out->said[out->said_count++] =
		    (struct tctl_said){ at, length, is_sign };
}

/* The bytes of a sign that says whether something is done; 0: none. */
static size_t
state_sign(const char *text, const char *end)
{
	enum tctl_mark mark;
	size_t n = tctl_mark_whole(text, (size_t)(end - text), &mark);

	return mark == TCTL_MARK_TICK || mark == TCTL_MARK_OPEN ? n : 0;
}

/* What follows the title says whether it is done: by which sign and word? */
static void
find_said(const char *text, const char *end, struct tctl_heading *out)
{
	enum tctl_mark mark;

	while (text < end) {
		size_t n = piece_length(text, (size_t)(end - text));
		const char *words = text;
		size_t length = n;

		cut_to_words(&words, &length);
		length = tctl_state_find(words + length, &words);
		if (length != 0) {
			add_said(out, words, length, false);
			for (text = words + length;
			     text < end && strchr(" )", *text) != NULL;)
				text++;
			add_said(out, text, state_sign(text, end), true);
			return;
		}
		text += n;
		if (out->said_count == 0)
			add_said(out, text, state_sign(text, end), true);
		n = tctl_mark_whole(text, (size_t)(end - text), &mark);
		text += n != 0 ? n : text < end;
	}
}

static void
read_title(struct tctl_arena *arena, const char *text, size_t length,
    int hours_per_day, struct tctl_heading *out)
{
	const char *end = text + length;
	const char *start = tctl_skip_marks(text, end);
	const char *first_tick =
	    tctl_find_mark(text, (size_t)(start - text), TCTL_MARK_TICK);

	out->estimate_s = -1;
	out->stars = tctl_stars(text, (size_t)(start - text));
	text = start;
	length = (size_t)(end - start);
	length = read_tail(text, length, out);
	read_groups(text, &length, hours_per_day, out);
	if (length > 0 && !out->is_done && out->tick != NULL &&
	    cut_word(text, &length, says_done)) {
		out->is_done = true;
		out->tick = NULL;
	}
	if (first_tick != NULL)
		out->tick = first_tick;
	out->is_open &= !out->is_done;
	out->title_at = text;
	out->title_length = length;
	out->title = tctl_arena_strndup(arena, text, length);
}

/* What is said must turn it, and leave the title what it is: else there is no
 * place for whoever writes back. */
void
tctl_title_read(struct tctl_arena *arena, const char *text, size_t length,
    int hours_per_day, struct tctl_heading *out)
{
	struct tctl_heading again = { 0 };
	const char *turned;

	read_title(arena, text, length, hours_per_day, out);
	if (!out->is_done && !out->is_open)
		return;
	find_said(out->title_at + out->title_length, text + length, out);
	turned = tctl_state_try(
	    arena, text, length, out->said, out->said_count, !out->is_done);
	read_title(arena, turned, strlen(turned), hours_per_day, &again);
	if (again.is_done == out->is_done ||
	    strcmp(again.title, out->title) != 0)
		out->said_count = 0;
}

/* "T4.1", "US1-3", "2.1": an id that needs no word before it. */
static bool
is_plain_id(const char *id, size_t length)
{
	size_t letters = 0, dots = 0;

	for (size_t i = 0; i < length; i++) {
		if (id[i] == '.' || id[i] == '-')
			dots++;
		else if (id[i] < '0' || id[i] > '9')
			letters += dots == 0 ? 1 : 9;
	}
	return dots != 0 && (letters == 0 || *id == 'T' || *id == 'U') &&
	       letters <= 2;
}

/* "W0.1 Title", "V2.3 Title": numbered by its wave, without a separator. */
static bool
is_wave_id(const char *id, size_t length)
{
	return length >= 4 && (*id == 'W' || *id == 'V') && id[1] >= '0' &&
	       id[1] <= '9' && memchr(id, '.', length) != NULL &&
	       id[length] == ' ';
}

/* "Track A — Title", in a wave: the id may be a letter.  at is what follows
 * the word; false: it is no such thing. */
static bool
read_track(const char *at, const char *end, struct tctl_heading *out)
{
	bool separated;
	size_t n;

	at = tctl_skip_marks(at, end);
	n = tctl_id_length(at, end);
	if (n == 0 && at < end && *at >= 'A' && *at <= 'Z')
		n = 1;
	skip_separator(at + n, end, &separated);
	if (n == 0 || !separated)
		return false;
	out->id = at;
	out->id_length = n;
	return true;
}

/* "Initial state (Sprint 0 - COMPLETE ✅)". */
static bool
read_complete(struct tctl_arena *arena, const char *text, const char *end,
    struct tctl_heading *out)
{
	size_t length = (size_t)(end - text), open, title, n;
	const char *at;

	if (length < 2 || end[-1] != ')' ||
	    (open = last_open(text, length)) < 2)
		return false;
	at = text + open;
	n = tctl_word_next(end, &at);
	if (at != text + open || !tctl_word_is(at, n, TCTL_WORD_SPRINT))
		return false;
	out->word = at;
	out->word_length = n;
	at = tctl_skip_marks(at + n, end);
	out->id_length = tctl_id_length(at, end);
	if (out->id_length == 0 || !says_done(at + out->id_length,
				       (size_t)(end - at) - out->id_length))
		return false;
	out->id = at;
	out->kind = TCTL_HEADING_SPRINT;
	out->is_done = true;
	title = open - 1;
	trim_separators(text, &title);
	out->title_at = text;
	out->title = tctl_arena_strndup(arena, text, title);
	return true;
}

/* "Sprint", "Task", "Track A": what the first word makes of it; where the rest
 * begins. */
static const char *
read_word(
    const char *text, const char *end, bool in_sprint, struct tctl_heading *out)
{
	const char *at = text;
	size_t n = tctl_word_next(end, &at);

	if (at != text)
		return text;
	if (tctl_word_is(at, n, TCTL_WORD_TASK))
		out->kind = TCTL_HEADING_TASK;
	else if (tctl_word_is(at, n, TCTL_WORD_SPRINT))
		out->kind = TCTL_HEADING_SPRINT;
	else if (in_sprint && tctl_word_is(at, n, TCTL_WORD_TRACK) &&
		 read_track(at + n, end, out))
		out->kind = TCTL_HEADING_TASK;
	else
		return text;
	out->word = at;
	out->word_length = n;
	at = tctl_skip_marks(at + n, end);
	return at + (at < end && *at == '#');
}

void
tctl_heading_read(struct tctl_arena *arena, const char *text, size_t length,
    int hours_per_day, bool in_sprint, struct tctl_heading *out)
{
	const char *end, *at;
	bool separated;

	memset(out, 0, sizeof(*out));
	out->estimate_s = -1;
	tctl_trim(&text, &length);
	end = text + length;
	text = tctl_skip_marks(text, end);
	at = read_word(text, end, in_sprint, out);
	if (out->id_length == 0) {
		out->id = at;
		out->id_length = tctl_id_length(at, end);
	}
	at = skip_separator(at + out->id_length, end, &separated);
	if (out->kind == TCTL_HEADING_OTHER && in_sprint &&
	    ((separated && is_plain_id(out->id, out->id_length)) ||
		is_wave_id(out->id, out->id_length)))
		out->kind = TCTL_HEADING_TASK;
	else if (out->id_length == 0)
		out->kind = TCTL_HEADING_OTHER;
	if (out->kind == TCTL_HEADING_OTHER) {
		read_complete(arena, text, end, out);
		return;
	}
	tctl_title_read(arena, at, (size_t)(end - at), hours_per_day, out);
}
