/* order_names.c - the phases, stories and tasks that a text names. */
#include <stdlib.h>
#include <string.h>

#include "order.h"

enum {
	NAME_LETTERS = 4, /* "Setup"; shorter words name no phase */
	ROOM = 4 * 1000 * 1000,
};

struct reader {
	struct tctl_namer *namer;
	struct tctl_draft *draft;
	struct tctl_named *out;
	const char *end;
};

/* May so many steps be made? */
static bool
take_room(struct reader *r, size_t steps)
{
	if (r->namer->room < steps)
		r->namer->room = 0;
	else
		r->namer->room -= steps;
	return r->namer->room != 0;
}

static void
add_sprint(struct reader *r, size_t sprint)
{
	struct tctl_named *out = r->out;

	if (sprint == TCTL_NONE || !take_room(r, 1))
		return;
	out->sprint =
	    tctl_grow(out->sprint, out->sprint_count, sizeof(*out->sprint));
	out->sprint[out->sprint_count++] = sprint;
}

static void
add_task(struct reader *r, size_t task)
{
	struct tctl_named *out = r->out;

	if (!take_room(r, 1))
		return;
	out->task = tctl_grow(out->task, out->task_count, sizeof(*out->task));
	out->task[out->task_count++] = task;
}

/* --- numbers ---------------------------------------------------------- */

/* "User Story 3" or "US3" in the title of a phase. */
static long
story_of(const char *title)
{
	const char *at = title, *end = title + strlen(title);
	size_t n;

	for (; (n = tctl_word_next(end, &at)) != 0; at += n) {
		if (n > 2 && !memcmp(at, "US", 2) && at[2] >= '0' &&
		    at[2] <= '9')
			return strtol(at + 2, NULL, 10);
		if (tctl_word_is(at, n, TCTL_WORD_STORY))
			return strtol(at + n, NULL, 10);
	}
	return 0;
}

static void
add_number(struct reader *r, long number, bool is_story)
{
	const struct tctl_plan *plan = r->draft->plan;
	char key[24];

	if (!is_story) {
		snprintf(key, sizeof(key), "%ld", number);
		add_sprint(
		    r, tctl_draft_find_sprint(r->draft, key, strlen(key)));
		return;
	}
	if (number == 0 || !take_room(r, plan->sprint_count))
		return;
	for (size_t s = 0; s < plan->sprint_count; s++)
		if (r->namer->story[s] == number)
			add_sprint(r, s);
}

/* Skip what joins numbers: ", ", " and ", " & "; the text when a number
 * follows, else NULL. */
static const char *
next_number(const char *at, const char *end)
{
	static const char *const join[] = { ",", "&", "+", "and", "et", "und",
		"y", "e" };
	const char *start = at;

	while (at < end) {
		size_t i = 0;

		while (at < end && *at == ' ')
			at++;
		if (at < end && *at >= '0' && *at <= '9')
			return at == start ? NULL : at;
		for (; i < TCTL_COUNT(join); i++) {
			size_t n = strlen(join[i]);

			if ((size_t)(end - at) > n && !memcmp(at, join[i], n))
				break;
		}
		if (i == TCTL_COUNT(join))
			return NULL;
		at += strlen(join[i]);
	}
	return NULL;
}

/* "Phases 3+": that phase, and the stories after it. */
static void
add_stories_from(struct reader *r, long number)
{
	const struct tctl_plan *plan = r->draft->plan;
	char key[24];
	size_t s;

	snprintf(key, sizeof(key), "%ld", number);
	s = tctl_draft_find_sprint(r->draft, key, strlen(key));
	if (s == TCTL_NONE || !take_room(r, plan->sprint_count))
		return;
	while (++s < plan->sprint_count)
		if (r->namer->story[s] != 0)
			add_sprint(r, s);
}

/* "3-5, 7 and 8"; where it ends. */
static const char *
read_numbers(struct reader *r, const char *at, bool is_story)
{
	const char *const dash = "–";

	while (at != NULL && at < r->end && *at >= '0' && *at <= '9') {
		char *stop;
		long from = strtol(at, &stop, 10), to = from;

		at = stop;
		if (at + 1 < r->end && *at == '-' && at[1] >= '0' &&
		    at[1] <= '9')
			to = strtol(at + 1, &stop, 10);
		else if ((size_t)(r->end - at) > strlen(dash) &&
			 !memcmp(at, dash, strlen(dash)))
			to = strtol(at + strlen(dash), &stop, 10);
		if (to < from || to - from > 1000)
			to = from;
		for (long n = 0; n <= to - from; n++)
			add_number(r, from + n, is_story);
		at = next_number(stop, r->end);
		if (at == NULL && stop < r->end && *stop == '+' && !is_story)
			add_stories_from(r, to);
		if (at == NULL)
			return stop;
	}
	return at;
}

/* --- tasks ------------------------------------------------------------ */

/* "T003", "T003-T005"; the bytes that it takes, 0: none of ours. */
static size_t
read_task(struct reader *r, const char *at)
{
	const char *const dash = "–";
	size_t n = tctl_id_length(at, r->end), from, to, more = 0;
	const char *hyphen = n == 0 ? NULL : memchr(at, '-', n);
	const char *second = at + n;

	if (n == 0)
		return 0;
	from = tctl_draft_find(r->draft, at, n);
	if (from == TCTL_NONE && hyphen != NULL) {
		from = tctl_draft_find(r->draft, at, (size_t)(hyphen - at));
		to = tctl_draft_find(
		    r->draft, hyphen + 1, n - (size_t)(hyphen + 1 - at));
	} else {
		to = from;
		if ((size_t)(r->end - second) > strlen(dash) &&
		    !memcmp(second, dash, strlen(dash))) {
			second += strlen(dash);
			more = tctl_id_length(second, r->end);
			to = tctl_draft_find(r->draft, second, more);
			more += strlen(dash);
		}
	}
	if (from == TCTL_NONE)
		return 0;
	if (to == TCTL_NONE || to < from)
		to = from;
	for (; from <= to; from++)
		add_task(r, from);
	return n + more;
}

/* --- without numbers -------------------------------------------------- */

/* "all previous phases", "all user stories": what stands before. */
static bool
read_all(struct reader *r, const char *text, size_t before)
{
	size_t length = (size_t)(r->end - text);
	bool stories = tctl_word_in(text, length, TCTL_WORD_STORY);

	if (before == TCTL_NONE && stories)
		before = r->draft->plan->sprint_count;
	if (before == TCTL_NONE || !tctl_word_in(text, length, TCTL_WORD_ALL) ||
	    (!stories && !tctl_word_in(text, length, TCTL_WORD_SPRINT) &&
		!tctl_word_in(text, length, TCTL_WORD_PREVIOUS)))
		return false;
	if (!take_room(r, before))
		return true;
	for (size_t s = 0; s < before; s++)
		if (!stories || r->namer->story[s] != 0)
			add_sprint(r, s);
	return true;
}

/* Phases by the first word of their title: "Setup", "Foundational". */
static void
read_titles(struct reader *r, const char *text)
{
	size_t n, sprints = r->draft->plan->sprint_count;
	char word[TCTL_FOLD_MAX];

	for (; (n = tctl_word_next(r->end, &text)) != 0; text += n) {
		if (n < NAME_LETTERS || !take_room(r, sprints))
			continue;
		tctl_fold(text, n, word, sizeof(word));
		for (size_t s = 0; s < sprints; s++)
			if (r->namer->first[s] != NULL &&
			    !strcmp(r->namer->first[s], word))
				add_sprint(r, s);
	}
}

/* "Polish" of "Phase N: Polish"; "User" is said of every story. */
static const char *
first_word(struct tctl_arena *arena, const char *title)
{
	const char *end = title + strlen(title);
	char word[TCTL_FOLD_MAX];
	size_t n;

	for (; (n = tctl_word_next(end, &title)) != 0; title += n)
		if (n >= NAME_LETTERS &&
		    !tctl_word_is(title, n, TCTL_WORD_SPRINT))
			break;
	tctl_fold(title, n, word, sizeof(word));
	return n == 0 || !strcmp(word, "user") ? NULL
					       : tctl_arena_strdup(arena, word);
}

void
tctl_namer_init(struct tctl_namer *namer, struct tctl_draft *draft)
{
	struct tctl_plan *plan = draft->plan;
	size_t n = plan->sprint_count;

	namer->draft = draft;
	namer->room = ROOM;
	namer->story = tctl_arena_alloc(plan->arena, n * sizeof(*namer->story));
	namer->first = tctl_arena_alloc(plan->arena, n * sizeof(*namer->first));
	for (size_t s = 0; s < n; s++) {
		const char *title = plan->sprint[s].title;

		namer->story[s] = story_of(title);
		namer->first[s] = first_word(plan->arena, title);
	}
}

void
tctl_namer_read(struct tctl_namer *namer, const char *text, const char *end,
    size_t before, struct tctl_named *out)
{
	struct reader r = {
		.namer = namer, .draft = namer->draft, .out = out, .end = end
	};
	const char *at = text;
	size_t n;

	out->sprint_count = out->task_count = 0;
	while ((n = tctl_word_next(end, &at)) != 0) {
		const char *number = at + n;
		size_t used = read_task(&r, at);

		if (used != 0) {
			at += used;
			continue;
		}
		while (number < end && *number == ' ')
			number++;
		if (n > 2 && !memcmp(at, "US", 2) && at[2] >= '0' &&
		    at[2] <= '9') {
			add_number(&r, strtol(at + 2, NULL, 10), true);
		} else if (tctl_word_is(at, n, TCTL_WORD_SPRINT)) {
			at = read_numbers(&r, number, false);
			continue;
		} else if (tctl_word_is(at, n, TCTL_WORD_STORY)) {
			at = read_numbers(&r, number, true);
			continue;
		}
		at += n;
	}
	if (out->sprint_count == 0 && out->task_count == 0 &&
	    !read_all(&r, text, before) && !namer->no_titles)
		read_titles(&r, text);
}
