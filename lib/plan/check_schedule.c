/* check_schedule.c - durations that cannot be, agents at two places at once,
 * and tasks of which nobody can tell when they are finished. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "parts.h"

enum { YEAR_DAYS = 365 };

/* --- durations -------------------------------------------------------- */

/* What all of a sprint is said to take, and where; -1: nothing. */
static int64_t
stated_total(struct tctl_draft *draft, size_t s, int *line)
{
	const struct tctl_sprint *sprint = &draft->plan->sprint[s];
	const struct tctl_claim *claim =
	    tctl_claim_of(draft, s, TCTL_CLAIM_SEQUENTIAL);

	*line = sprint->line;
	if (claim != NULL && claim->value > sprint->stated_s) {
		*line = claim->place.line;
		return claim->value;
	}
	return sprint->stated_s;
}

static void
check_duration(struct tctl_draft *draft, size_t i)
{
	const struct tctl_task *task = &draft->plan->task[i];
	const struct tctl_detail *detail = &draft->detail[i];
	size_t sprint = draft->plan->task_sprint[i];
	struct tctl_place place = { detail->duration_line,
		detail->duration_column };
	int64_t year_s =
	    (int64_t)YEAR_DAYS * draft->hours_per_day * TCTL_HOUR_S;
	int64_t total = -1;
	int line = 0;

	if (place.line == 0)
		place = detail->table_s_place.line != 0 ? detail->table_s_place
							: detail->place;
	if (sprint != TCTL_NONE)
		total = stated_total(draft, sprint, &line);
	if (task->estimate_s == 0)
		tctl_say(draft, TCTL_WARNING, "impossible_duration", place, 0,
		    "%s is said to take no time at all", task->id);
	else if (task->estimate_s > year_s)
		tctl_say(draft, TCTL_WARNING, "impossible_duration", place, 0,
		    "%s is said to take %s, which is more than a year",
		    task->id, tctl_say_s(draft, task->estimate_s));
	else if (total > 0 && task->estimate_s > total)
		tctl_say(draft, TCTL_WARNING, "impossible_duration", place,
		    line,
		    "%s takes %s, and all of sprint %s is said to take %s",
		    task->id, tctl_say_s(draft, task->estimate_s),
		    draft->plan->sprint[sprint].key, tctl_say_s(draft, total));
}

void
tctl_check_durations(struct tctl_draft *draft)
{
	for (size_t i = 0; i < draft->plan->task_count; i++)
		if (draft->plan->task[i].estimate_s >= 0)
			check_duration(draft, i);
}

/* --- bars ------------------------------------------------------------- */

struct booking {
	const char *agent; /* normalised */
	const struct tctl_gantt_item *item;
	size_t order;
};

static int
compare_booking(const void *a, const void *b)
{
	const struct booking *x = a, *y = b;
	int order = strcmp(x->agent, y->agent);

	if (order != 0)
		return order;
	if (x->item->start_s != y->item->start_s)
		return x->item->start_s < y->item->start_s ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static size_t
list_bookings(struct tctl_draft *draft, const struct tctl_gantt *gantt,
    struct booking *out)
{
	struct tctl_arena *arena = draft->plan->arena;
	size_t count = 0;

	for (size_t i = 0; i < gantt->item_count; i++) {
		const struct tctl_gantt_item *item = &gantt->item[i];
		const struct tctl_task *task =
		    item->task == TCTL_NONE ? NULL
					    : &draft->plan->task[item->task];
		char agent[TCTL_AGENT_MAX];

		if (item->end_s < item->start_s)
			tctl_say(draft, TCTL_WARNING, "impossible_duration",
			    item->end_place, 0,
			    "\"%.80s\" ends before it starts in the Gantt "
			    "block",
			    item->title);
		if (task == NULL || task->planned_agent == NULL ||
		    task->ticked || item->is_done || item->is_milestone ||
		    item->end_s <= item->start_s)
			continue;
		tctl_agent_normalise(task->planned_agent, agent);
		out[count] = (struct booking){ tctl_arena_strdup(arena, agent),
			item, count };
		count++;
	}
	return count;
}

void
tctl_check_bookings(struct tctl_draft *draft, const struct tctl_gantt *gantt)
{
	struct booking *booking = tctl_arena_alloc(
	    draft->plan->arena, (gantt->item_count + 1) * sizeof(*booking));
	size_t count = list_bookings(draft, gantt, booking), longest = 0;

	if (count != 0)
		qsort(booking, count, sizeof(*booking), compare_booking);
	for (size_t i = 1; i < count; i++) {
		const struct tctl_gantt_item *one = booking[longest].item;
		const struct tctl_gantt_item *other = booking[i].item;
		bool same = !strcmp(booking[longest].agent, booking[i].agent);

		if (same && one->task != other->task &&
		    other->start_s < one->end_s)
			tctl_say(draft, TCTL_WARNING, "double_booked",
			    other->place, one->place.line,
			    "%s works on %s and %s at the same time, by the "
			    "Gantt block",
			    draft->plan->task[other->task].planned_agent,
			    draft->plan->task[one->task].id,
			    draft->plan->task[other->task].id);
		if (!same || other->end_s > one->end_s)
			longest = i;
	}
}

/* --- criteria --------------------------------------------------------- */

/* A criterion, a box in it, or it is a box itself: that says what has to be
 * true.  What is done asks for nothing more. */
static bool *
list_ended(const struct tctl_plan *plan, size_t *with)
{
	bool *ended = tctl_arena_alloc(plan->arena, plan->task_count + 1);

	for (size_t i = 0; i < plan->tick_count; i++)
		if (plan->tick[i].of == TCTL_TICK_TASK &&
		    plan->tick[i].kind == TCTL_TICK_BOX)
			ended[plan->tick[i].task] = true;
	*with = 0;
	for (size_t i = 0; i < plan->task_count; i++) {
		ended[i] |=
		    plan->task[i].criteria.count + plan->task[i].steps.count !=
		    0;
		*with += ended[i];
		ended[i] |= plan->task[i].ticked;
	}
	return ended;
}

/* One by one where most tasks have some; else once for all of them. */
void
tctl_check_criteria(struct tctl_draft *draft)
{
	const struct tctl_plan *plan = draft->plan;
	struct tctl_names names = { .count = 0 };
	size_t with, first = TCTL_NONE;
	const bool *ended = list_ended(plan, &with);

	for (size_t i = 0; i < plan->task_count; i++)
		if (!ended[i]) {
			first = first == TCTL_NONE ? i : first;
			tctl_names_add(&names, plan->task[i].id);
		}
	if (first == TCTL_NONE)
		return;
	if (with * 2 < plan->task_count) {
		tctl_say(draft, TCTL_NOTE, "no_criterion",
		    draft->detail[first].place, 0,
		    "nothing says when these are finished, neither a "
		    "criterion nor a box: %s",
		    names.text);
		return;
	}
	for (size_t i = first; i < plan->task_count; i++)
		if (!ended[i])
			tctl_say(draft, TCTL_NOTE, "no_criterion",
			    draft->detail[i].place, 0,
			    "nothing says when %s is finished, neither a "
			    "criterion nor a box",
			    plan->task[i].id);
}
