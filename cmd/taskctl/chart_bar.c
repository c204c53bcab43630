/* chart_bar.c - one bar of a chart: what a task is, and when. */
#include <stdlib.h>
#include <string.h>

#include "chart_build.h"

static const char *
agent_of(const struct tctl_task *task)
{
	if (task->state == TCTL_STATE_DONE && task->finished_by != NULL)
		return task->finished_by;
	return task->lease != NULL ? task->lease->agent : task->planned_agent;
}

static int
percent_of(const struct tctl_task *task)
{
	size_t done = 0;

	if (task->state == TCTL_STATE_DONE)
		return 100;
	for (size_t i = 0; i < task->steps.count; i++)
		done += task->steps.at[i].done;
	return task->steps.count == 0 ? -1
				      : (int)(done * 100 / task->steps.count);
}

static const char *
section_of(const struct tctl_chart_builder *b, const struct tctl_task *task)
{
	const struct tctl_status_report *report = &b->source->report;

	for (size_t i = 0; task->sprint != NULL && i < report->sprint_count;
	     i++) {
		const struct tctl_sprint_status *sprint = &report->sprint[i];

		if (sprint->key != NULL &&
		    strcmp(sprint->key, task->sprint) == 0 &&
		    strcmp(sprint->plan, task->plan) == 0)
			return tctl_arena_printf(b->ctx->arena, "%s %s",
			    sprint->key,
			    sprint->title != NULL ? sprint->title : "");
	}
	return task->sprint;
}

static int
by_ref(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
tctl_chart_note_stuck(struct tctl_chart_builder *b)
{
	const struct tctl_status_report *report = &b->source->report;

	b->stuck = tctl_arena_alloc(
	    b->ctx->arena, (report->stuck_count + 1) * 2 * sizeof(*b->stuck));
	for (size_t i = 0; i < report->stuck_count; i++) {
		b->stuck[2 * i] = report->stuck[i].task;
		b->stuck[2 * i + 1] = report->stuck[i].why;
	}
	qsort(b->stuck, report->stuck_count, 2 * sizeof(*b->stuck), by_ref);
}

static const char *
why_stuck(const struct tctl_chart_builder *b, const struct tctl_task *task)
{
	const char *const *found = bsearch(&task->ref, b->stuck,
	    b->source->report.stuck_count, 2 * sizeof(*b->stuck), by_ref);

	if (found != NULL)
		return found[1];
	/* Its lease lapsed, and was swept since: still nobody is at it. */
	if (task->attempts > 0 && task->lease == NULL &&
	    (task->state == TCTL_STATE_READY ||
		task->state == TCTL_STATE_PENDING))
		return "nobody is at it since its lease lapsed";
	return NULL;
}

/* Finished work stands where it was done, and not where it was planned. */
static void
set_times(const struct tctl_chart_builder *b, struct tctl_bar *bar,
    const struct tctl_task *task, const struct tctl_slot *slot)
{
	int64_t from_ms = b->now_ms;

	if (b->source->chart.as_written)
		from_ms = b->zero_ms;
	bar->start_ms = from_ms + slot->start_s * 1000;
	bar->end_ms = from_ms + slot->end_s * 1000;
	bar->slack_s = slot->slack_s;
	bar->critical = slot->slack_s == 0 && slot->end_s > slot->start_s;
	if (b->source->chart.as_written)
		return;
	if (task->state == TCTL_STATE_DONE && task->finished_ms > 0) {
		bar->end_ms = task->finished_ms;
		bar->start_ms =
		    task->started_ms > 0 ? task->started_ms : task->finished_ms;
	} else if (task->lease != NULL) {
		bar->start_ms = task->lease->acquired_ms;
	}
	/* The wall clock may have been set back in between. */
	if (bar->start_ms > bar->end_ms)
		bar->start_ms = bar->end_ms;
}

/* Where the task of that row stands in another look at them: the same place,
 * unless somebody changed the plan between the two. */
static size_t
find_row(const struct tctl_tasks *tasks, int64_t row, size_t at)
{
	if (at < tasks->count && tasks->row[at] == row)
		return at;
	for (at = 0; at < tasks->count; at++)
		if (tasks->row[at] == row)
			return at;
	return TCTL_NONE;
}

/* What is neither done nor begun is done when and by whom it is shared out. */
static void
set_turn(const struct tctl_chart_builder *b, struct tctl_bar *bar, size_t i)
{
	const struct tctl_tasks *tasks = &b->source->outlook.tasks;
	const struct tctl_share *share = &b->source->share;
	const struct tctl_turn *turn;
	size_t at;

	if (!b->source->is_shared || tasks->at[i].state == TCTL_STATE_CANCELLED)
		return;
	if (!b->source->chart.as_written &&
	    tasks->at[i].state == TCTL_STATE_DONE)
		return;
	at = find_row(&share->tasks, tasks->row[i], i);
	if (at == TCTL_NONE)
		return;
	turn = &share->turn[at];
	bar->end_ms =
	    tctl_chart_whole_minute(share->tasks.now_ms + turn->end_s * 1000);
	bar->slack_s = turn->slack_s;
	bar->critical = turn->slack_s == 0 && turn->end_s > turn->start_s;
	if (share->agent[at] != NULL)
		bar->agent = share->agent[at];
	if (b->source->chart.as_written || tasks->at[i].lease == NULL)
		bar->start_ms = tctl_chart_whole_minute(
		    share->tasks.now_ms + turn->start_s * 1000);
}

/* The task in the plan as written. */
static void
set_planned(const struct tctl_chart_builder *b, struct tctl_bar *bar, size_t i)
{
	const struct tctl_outlook *planned = &b->source->planned;
	const struct tctl_slot *slot;
	size_t at;

	if (b->source->chart.as_written)
		return;
	at = find_row(&planned->tasks, b->source->outlook.tasks.row[i], i);
	if (at == TCTL_NONE)
		return;
	slot = &planned->slot[at];
	if (slot->end_s == slot->start_s)
		return;
	bar->planned_start_ms = b->zero_ms + slot->start_s * 1000;
	bar->planned_end_ms = b->zero_ms + slot->end_s * 1000;
}

void
tctl_chart_bar(
    const struct tctl_chart_builder *b, struct tctl_bar *bar, size_t i)
{
	const struct tctl_task *task = &b->source->outlook.tasks.at[i];

	*bar = (struct tctl_bar){ .id = task->ref,
		.title = task->title,
		.section = section_of(b, task),
		.group = tctl_chart_group(b, task->plan, task->sprint),
		.state = task->state,
		.agent = agent_of(task),
		.mutex = task->mutex,
		.after = task->after,
		.why = why_stuck(b, task),
		.estimate_s = task->estimate_s,
		.percent = percent_of(task),
		.attempts = task->attempts };
	set_times(b, bar, task, &b->source->outlook.slot[i]);
	set_turn(b, bar, i);
	set_planned(b, bar, i);
}
