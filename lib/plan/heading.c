/* heading.c - headings such as
 *
 *     🚀 Sprint 1 : Infrastructure & Documentation (4h)
 *     Task 2.1 : Enrich generator.py ⭐ PRIORITY
 *     Initial state (Sprint 0 - COMPLETE ✅)
 */
#include <string.h>
#include <strings.h>

#include "title.h"

/* Skip the one separator that follows an id: "2.2 : ", "2.2 - ", "2.2) ", and
 * the signs before it; without one they are the title's. */
static const char *
skip_separator(const char *id_end, const char *end, bool *found)
{
	static const char *const mark[] = { ":", "-", "–", "—", "：", ".", ")",
		"|", "]" };
	const char *at = tctl_skip_marks(id_end, end);

	*found = false;
	for (size_t i = 0; i < TCTL_COUNT(mark); i++) {
		size_t n = strlen(mark[i]);

		if ((size_t)(end - at) >= n && !memcmp(at, mark[i], n)) {
			*found = true;
			return at + n;
		}
	}
	return id_end;
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
	    (open = tctl_title_last_open(text, length)) < 2)
		return false;
	at = text + open;
	n = tctl_word_next(end, &at);
	if (at != text + open || !tctl_word_is(at, n, TCTL_WORD_SPRINT))
		return false;
	out->word = at;
	out->word_length = n;
	at = tctl_skip_marks(at + n, end);
	out->id_length = tctl_id_length(at, end);
	if (out->id_length == 0 || !tctl_title_says_done(at + out->id_length,
				       (size_t)(end - at) - out->id_length))
		return false;
	out->id = at;
	out->kind = TCTL_HEADING_SPRINT;
	out->is_done = true;
	title = open - 1;
	tctl_title_trim(text, &title);
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
	const char *end, *at, *id_end;
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
	id_end = at + out->id_length;
	at = skip_separator(id_end, end, &separated);
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
	if (out->tick == NULL)
		out->tick = tctl_find_mark(
		    id_end, (size_t)(at - id_end), TCTL_MARK_TICK);
}

const char *
tctl_sprint_key(struct tctl_draft *draft, const struct tctl_heading *heading)
{
	if (draft->sprint_word == NULL) {
		draft->sprint_word = heading->word;
		draft->sprint_word_length = heading->word_length;
	}
	if (draft->sprint_word_length == heading->word_length &&
	    !strncasecmp(
		draft->sprint_word, heading->word, heading->word_length))
		return tctl_arena_strndup(
		    draft->plan->arena, heading->id, heading->id_length);
	return tctl_arena_printf(draft->plan->arena, "%.*s %.*s",
	    (int)heading->word_length, heading->word, (int)heading->id_length,
	    heading->id);
}
