/* review.c - what became of a sprint: what the plan and its state say. */
#include <stdlib.h>
#include <string.h>

#include "review.h"
#include "row_ids.h"

/* --- what the plan and its state say
 * -------------------------------------------- */

/* What is asked for: all; S, of any plan; or PLAN:S, whose tasks may have been
 * added by hand and are asked for by row. */
struct scope {
	const char *sprint; /* NULL: all */
	const char *plan;   /* NULL: any */
	struct tctl_row_ids rows;
};

static enum tctl_status
find_scope(const struct tctl_coord *coord, struct tctl_arena *arena,
    const char *sprint, struct scope *out, struct tctl_error *err)
{
	const struct tctl_filter filter = { .sprint = sprint };
	const char *colon = sprint == NULL ? NULL : strrchr(sprint, ':');
	struct tctl_tasks tasks;
	enum tctl_status status;

	*out = (struct scope){ .sprint = sprint, .rows.arena = arena };
	if (colon == NULL)
		return TCTL_OK;
	out->sprint = colon + 1;
	out->plan = tctl_arena_strndup(arena, sprint, (size_t)(colon - sprint));
	status = tctl_tasks_list(coord, &filter, &tasks, err);
	if (status != TCTL_OK)
		return status;
	for (size_t i = 0; i < tasks.count; i++)
		tctl_row_ids_add(&out->rows, tasks.row[i]);
	tctl_row_ids_sort(&out->rows);
	tctl_tasks_release(&tasks);
	return TCTL_OK;
}

static bool
same_sprint(const char *wanted, const char *is)
{
	return is != NULL && strcasecmp(wanted, is) == 0;
}

static bool
is_sprint_of(const struct scope *scope, const struct tctl_sprint_status *sprint)
{
	return scope->sprint == NULL ||
	       (same_sprint(scope->sprint, sprint->key) &&
		   (scope->plan == NULL ||
		       strcmp(scope->plan, sprint->plan) == 0));
}

static bool
is_task_of(const struct scope *scope, const struct tctl_task *task, int64_t row)
{
	if (scope->sprint == NULL)
		return true;
	return scope->plan == NULL ? same_sprint(scope->sprint, task->sprint)
				   : tctl_row_ids_find(scope->rows.at,
					 scope->rows.count, row) != NULL;
}

static void
take_sprint(const struct tctl_sprint_status *from, struct tctl_review *out)
{
	struct tctl_sprint_status *to =
	    &out->sprints[out->sprint_count++].status;

	*to = *from;
	to->key = tctl_arena_strdup(out->arena, from->key);
	to->title = tctl_arena_strdup(out->arena, from->title);
	to->goal = tctl_arena_strdup(out->arena, from->goal);
	to->plan = tctl_arena_strdup(out->arena, from->plan);
	to->after = tctl_arena_strdup(out->arena, from->after);
}

static void
take_forecast(const struct tctl_status_report *report, struct tctl_review *out)
{
	out->forecast = report->forecast;
	out->dropped_count = report->dropped_count;
	out->dropped = tctl_arena_alloc(
	    out->arena, (out->dropped_count + 1) * sizeof(*out->dropped));
	for (size_t i = 0; i < out->dropped_count; i++)
		out->dropped[i] = (struct tctl_dropped){
			tctl_arena_strdup(out->arena, report->dropped[i].task),
			report->dropped[i].state
		};
}

static enum tctl_status
take_status(const struct tctl_status_report *report, const struct scope *scope,
    struct tctl_review *out, struct tctl_error *err)
{
	const char *wanted = scope->sprint;
	bool found = wanted == NULL;

	out->plan = tctl_arena_strdup(out->arena, report->title);
	out->now_ms = report->now_ms;
	take_forecast(report, out);
	if (wanted == NULL)
		out->totals = report->totals;
	out->sprints = tctl_arena_alloc(
	    out->arena, (report->sprint_count + 1) * sizeof(*out->sprints));
	for (size_t i = 0; i < report->sprint_count; i++) {
		const struct tctl_sprint_status *sprint = &report->sprint[i];

		if (!is_sprint_of(scope, sprint))
			continue;
		take_sprint(sprint, out);
		if (wanted == NULL)
			continue;
		found = true;
		out->sprint = out->sprints[0].status.key;
		out->title = out->sprints[0].status.title;
		out->goal = out->sprints[0].status.goal;
		tctl_totals_add(&out->totals, &sprint->totals);
	}
	if (found)
		return TCTL_OK;
	return tctl_fail(err, TCTL_ENOTFOUND, "there is no sprint %s", wanted);
}

/* The tasks of the scope, and what of the critical path is left of them. */
static void
take_outlook(const struct scope *scope, struct tctl_review *out)
{
	const struct tctl_outlook *outlook = &out->outlook;

	out->task = tctl_arena_alloc(
	    out->arena, (outlook->tasks.count + 1) * sizeof(*out->task));
	for (size_t i = 0; i < outlook->tasks.count; i++)
		if (is_task_of(
			scope, &outlook->tasks.at[i], outlook->tasks.row[i]))
			out->task[out->tasks++] = outlook->tasks.at[i];
	for (size_t i = 0; i < outlook->path_count; i++) {
		size_t at = outlook->path[i];
		const struct tctl_task *task = &outlook->tasks.at[at];

		if (task->state == TCTL_STATE_DONE ||
		    !is_task_of(scope, task, outlook->tasks.row[at]))
			continue;
		tctl_strings_add(out->arena, &out->path, task->ref);
		out->path_s += task->estimate_s > 0 ? task->estimate_s : 0;
	}
}

/* What status says of those that failed; they are there in the same order. */
static void
take_failed(const struct tctl_status_report *report, struct tctl_review *out)
{
	size_t count = report->stuck_count, next = 0;

	for (size_t i = 0; i < out->tasks; i++) {
		if (out->task[i].state != TCTL_STATE_FAILED)
			continue;
		for (size_t n = 0; n < count; n++) {
			const struct tctl_stuck *stuck =
			    &report->stuck[(next + n) % count];

			if (stuck->kind != TCTL_STUCK_FAILED ||
			    strcmp(stuck->task, out->task[i].ref) != 0)
				continue;
			out->of[i].failed_by =
			    tctl_arena_strdup(out->arena, stuck->agent);
			out->of[i].failed_why =
			    tctl_arena_strdup(out->arena, stuck->why);
			next += n + 1;
			break;
		}
	}
}

/* A task without an estimate counts as the median one, as in the totals. */
static void
set_efforts(struct tctl_reader *r)
{
	size_t count = r->out->tasks, known = 0;
	double *estimate =
	    tctl_arena_alloc(r->out->arena, (count + 1) * sizeof(*estimate));
	int64_t median_s;

	for (size_t i = 0; i < count; i++)
		if (r->track[i].task->estimate_s > 0)
			estimate[known++] =
			    (double)r->track[i].task->estimate_s;
	median_s = (int64_t)tctl_review_median(estimate, known);
	for (size_t i = 0; i < count; i++)
		r->track[i].effort_s = r->track[i].task->estimate_s > 0
					   ? r->track[i].task->estimate_s
					   : median_s;
}

/* The sprint of a task: mostly that of the task before it. */
static struct tctl_review_sprint *
sprint_of(struct tctl_review *out, const struct tctl_task *task, size_t *last)
{
	for (size_t n = 0; n < out->sprint_count; n++) {
		size_t i = (*last + n) % out->sprint_count;
		const struct tctl_sprint_status *is = &out->sprints[i].status;

		if (task->sprint == NULL ? is->key != NULL
					 : !same_sprint(task->sprint, is->key))
			continue;
		if (is->key != NULL && strcmp(task->plan, is->plan) != 0)
			continue;
		*last = i;
		return &out->sprints[i];
	}
	return NULL;
}

static void
begin_tracks(struct tctl_reader *r)
{
	struct tctl_review *out = r->out;
	size_t count = out->tasks, last = 0;

	out->of = tctl_arena_alloc(out->arena, (count + 1) * sizeof(*out->of));
	out->point = tctl_arena_alloc(
	    out->arena, TCTL_REVIEW_POINTS * sizeof(*out->point));
	r->track =
	    tctl_arena_alloc(out->arena, (count + 1) * sizeof(*r->track));
	r->by_name = tctl_arena_alloc(
	    out->arena, (count + 1) * sizeof(struct tctl_track *));
	for (size_t i = 0; i < count; i++) {
		r->track[i].task = &out->task[i];
		r->track[i].of = &out->of[i];
		r->track[i].sprint = sprint_of(out, &out->task[i], &last);
		r->by_name[i] = &r->track[i];
	}
	set_efforts(r);
}

enum tctl_status
tctl_review_read(const struct tctl_coord *coord, const char *sprint,
    struct tctl_review *out, struct tctl_error *err)
{
	struct tctl_status_report report;
	struct tctl_reader r = { .out = out };
	struct scope scope;
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	out->arena = tctl_arena_new();
	status = find_scope(coord, out->arena, sprint, &scope, err);
	if (status == TCTL_OK)
		status = tctl_status_read(coord, 0, &report, err);
	if (status != TCTL_OK) {
		tctl_arena_free(out->arena);
		return status;
	}
	status = take_status(&report, &scope, out, err);
	if (status == TCTL_OK)
		status = tctl_outlook_read(coord, true, &out->outlook, err);
	if (status != TCTL_OK) {
		tctl_status_release(&report);
		tctl_arena_free(out->arena);
		return status;
	}
	take_outlook(&scope, out);
	begin_tracks(&r);
	take_failed(&report, out);
	tctl_status_release(&report);
	status = tctl_review_events(&r, coord, err);
	if (status != TCTL_OK)
		tctl_review_release(out);
	else
		tctl_review_add_up(&r);
	return status;
}

void
tctl_review_release(struct tctl_review *review)
{
	tctl_outlook_release(&review->outlook);
	tctl_arena_free(review->arena);
}
