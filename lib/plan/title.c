/* title.c - what is left of a heading once its id is read:
 *
 *     Enrich generator.py (4h) ⭐ PRIORITY - COMPLETE ✅
 */
#include <string.h>

#include "title.h"

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
	if (tctl_title_says_done(text, length))
		return out->is_done = true;
	if (tctl_title_says_open(text, length))
		return out->is_open = true;
	if (tctl_title_says_urgent(text, length))
		return out->is_urgent = true;
	return says_points(text, length);
}

/* The first of them may only be the title where there is no other. */
static void
read_groups(const char *text, size_t *length, bool has_other, int hours_per_day,
    struct tctl_heading *out)
{
	size_t open;

	tctl_trim(&text, length);
	while (*length > 1 && text[*length - 1] == ')' &&
	       (open = tctl_title_last_open(text, *length)) > !has_other) {
		if (!read_group(
			text + open, *length - 1 - open, hours_per_day, out))
			break;
		*length = open - 1;
		tctl_title_trim(text, length);
	}
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
		size_t n = tctl_title_piece(text, (size_t)(end - text));
		const char *words = text;
		size_t length = n;

		tctl_title_cut_to_words(&words, &length);
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

/* Signs that say nothing of the state: what it is called where there are no
 * words.  Moves text there; returns the bytes, 0: there are none. */
static size_t
find_picture(const char **text, const char *end)
{
	enum tctl_mark mark;
	const char *at, *stop;
	size_t n;

	for (at = *text; at < end; at += n) {
		n = tctl_mark_whole(at, (size_t)(end - at), &mark);
		if (mark == TCTL_MARK_OTHER)
			break;
		n += n == 0 && *at == ' ';
		if (n == 0)
			return 0;
	}
	for (stop = at; stop < end; stop += n) {
		n = tctl_mark_whole(stop, (size_t)(end - stop), &mark);
		if (mark != TCTL_MARK_OTHER && *stop != ' ')
			break;
		n += n == 0;
	}
	n = (size_t)(stop - at);
	tctl_trim(&at, &n);
	if (n != 0)
		*text = at;
	return n;
}

static void
read_title(struct tctl_arena *arena, const char *text, size_t length,
    int hours_per_day, struct tctl_heading *out)
{
	const char *end = text + length, *picture = text;
	const char *start = tctl_skip_marks(text, end);
	const char *first_tick =
	    tctl_find_mark(text, (size_t)(start - text), TCTL_MARK_TICK);
	size_t pictured = find_picture(&picture, start);

	out->estimate_s = -1;
	out->stars = tctl_stars(text, (size_t)(start - text));
	text = start;
	length = (size_t)(end - start);
	length = tctl_title_read_tail(text, length, out);
	read_groups(text, &length, pictured != 0, hours_per_day, out);
	if (length > 0 && !out->is_done && out->tick != NULL &&
	    tctl_title_cut_word(text, &length, tctl_title_says_done)) {
		out->is_done = true;
		out->tick = NULL;
	}
	if (first_tick != NULL)
		out->tick = first_tick;
	out->is_open &= !out->is_done;
	if (length == 0 && pictured != 0) {
		text = picture;
		length = pictured;
	}
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
