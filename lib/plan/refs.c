/* refs.c - from texts that name tasks to edges. */
#include <string.h>

#include "draft.h"

/* A ref while it is read. */
struct reading {
	struct tctl_draft *draft;
	const struct tctl_ref *ref;
	size_t found;
};

static void
add(struct reading *r, size_t before)
{
	r->found++;
	tctl_draft_edge(r->draft, before, r->ref->task, r->ref->source);
}

static void
add_of_whole(struct reading *r, size_t before)
{
	tctl_draft_edge(
	    r->draft, before, r->ref->task, r->ref->source | TCTL_EDGE_WHOLE);
}

static void
add_sprint(struct reading *r, size_t sprint)
{
	const struct tctl_draft *draft = r->draft;

	r->found++;
	if (sprint == draft->plan->task_sprint[r->ref->task])
		return;
	for (size_t i = draft->sprint_at[sprint];
	     i < draft->sprint_at[sprint + 1] && draft->edge_room != 0; i++)
		add_of_whole(r, draft->member[i]);
}

/* "All previous tasks", "all phases": what stands before, in the order of the
 * plan; of phases, what stands in another. */
static bool
add_all(struct reading *r, const char *text, const char *end)
{
	const size_t *sprint = r->draft->plan->task_sprint;
	size_t n = tctl_word_next(end, &text), length, task = r->ref->task;
	bool phases;

	if (n == 0 || !tctl_word_is(text, n, TCTL_WORD_ALL))
		return false;
	text += n;
	length = (size_t)(end - text);
	phases = tctl_word_in(text, length, TCTL_WORD_SPRINT);
	if (!phases && !tctl_word_in(text, length, TCTL_WORD_TASK))
		return false;
	r->found++;
	for (size_t i = 0; i < task && r->draft->edge_room != 0; i++)
		if (!phases || sprint[i] != sprint[task])
			add_of_whole(r, i);
	return true;
}

/* "1.1-1.4": all from one to the other, in the order of the plan. */
static bool
add_range(struct reading *r, const char *id, size_t length)
{
	const char *dash = memchr(id, '-', length);
	size_t from, to;

	if (dash == NULL)
		return false;
	from = tctl_draft_find(r->draft, id, (size_t)(dash - id));
	to = tctl_draft_find(
	    r->draft, dash + 1, length - (size_t)(dash + 1 - id));
	if (from == TCTL_NONE || to == TCTL_NONE || from > to)
		return false;
	for (size_t i = from; i <= to && r->draft->edge_room != 0; i++)
		if (i != r->ref->task)
			add(r, i);
	return true;
}

/* Would a plan use this as a task's id?  "2h" and "v2.0" are none. */
static bool
looks_like_id(const char *id, size_t length)
{
	size_t letters = 0, dots = 0, letters_after = 0;

	for (size_t i = 0; i < length; i++) {
		bool is_digit = id[i] >= '0' && id[i] <= '9';

		if (id[i] == '.' || id[i] == '-' || id[i] == '_')
			dots++;
		else if (!is_digit && i == letters)
			letters++;
		else if (!is_digit)
			letters_after++;
	}
	if (letters_after > 1 || letters > 5 || *id == 'v' || *id == 'V')
		return false;
	return dots != 0 || (letters != 0 && letters < length);
}

static void
unknown(struct reading *r, const char *id, size_t length)
{
	struct tctl_draft *draft = r->draft;

	r->found++;
	tctl_say(draft, TCTL_ERROR, "unknown_dependency",
	    tctl_md_place(r->ref->line, id), 0,
	    "%s depends on %.*s, and there is no such task",
	    draft->plan->task[r->ref->task].id, (int)length, id);
}

/* One token that starts with a letter or a digit; how much it took. */
static size_t
read_token(struct reading *r, const char *at, const char *end)
{
	const char *word = at;
	size_t n = tctl_word_next(end, &word), task, sprint, used;
	size_t length = tctl_id_length(at, end);

	sprint = tctl_draft_named_sprint(r->draft, at, end, &used);
	if (used != 0) {
		if (sprint != TCTL_NONE)
			add_sprint(r, sprint);
		else if (tctl_draft_is_sprint_word(r->draft, at, n))
			unknown(r, at, used);
		return used;
	}
	if (length == 0)
		return n > 0 ? n : 1;
	task = tctl_draft_find(r->draft, at, length);
	if (task != TCTL_NONE)
		add(r, task);
	else if (!add_range(r, at, length) && looks_like_id(at, length))
		unknown(r, at, length);
	return length;
}

static void
resolve(struct reading *r)
{
	const char *at = r->ref->text, *end = at + r->ref->length;

	if (r->ref->is_field && add_all(r, at, end))
		return;
	while (at < end) {
		const char *word = at;

		if (tctl_word_next(end, &word) == 0)
			break;
		at = word;
		at += read_token(r, at, end);
	}
	if (r->found == 0 && r->ref->is_field)
		tctl_say(r->draft, TCTL_WARNING, "unread_dependency",
		    tctl_md_place(r->ref->line, r->ref->text), 0,
		    "no task is named by \"%.*s\": %s waits for nothing by it",
		    r->ref->length < 80 ? (int)r->ref->length : 80,
		    r->ref->text, r->draft->plan->task[r->ref->task].id);
}

void
tctl_refs_resolve(struct tctl_draft *draft)
{
	for (size_t i = 0; i < draft->ref_count; i++) {
		struct reading r = { .draft = draft, .ref = &draft->ref[i] };

		resolve(&r);
	}
}
