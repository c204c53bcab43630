/* status.c - what is done, who works, what is stuck. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "forecast.h"
#include "sums.h"

static void
take_title(void *into, const char *const col[])
{
	struct tctl_status_report *report = into;

	if (report->title == NULL)
		report->title = tctl_arena_strdup(report->arena, col[3]);
}

/* --- who works, what is stuck
 * ------------------------------------------------------ */

static void
add_stuck(struct tctl_status_report *out, const struct tctl_task *task,
    const char *why)
{
	struct tctl_stuck *stuck;

	out->stuck = tctl_arena_grow(
	    out->arena, out->stuck, out->stuck_count, sizeof(*out->stuck));
	stuck = &out->stuck[out->stuck_count++];
	stuck->task = task->ref;
	stuck->title = task->title;
	stuck->why = why;
}

static void
add_failed(struct tctl_status_report *out, const struct tctl_task *task)
{
	add_stuck(out, task,
	    tctl_arena_printf(out->arena,
		"failed%s; %zu tasks need it; reopen it to try again",
		task->attempts > 0 ? " after losing several agents" : "",
		task->unblocks.count));
}

struct ids {
	struct tctl_arena *arena;
	int64_t *id;
	size_t count;
};

static void
take_id(void *into, const char *const col[])
{
	struct ids *list = into;

	list->id = tctl_arena_grow(
	    list->arena, list->id, list->count, sizeof(*list->id));
	list->id[list->count++] = tctl_col(col[0]);
}

/* Failed tasks, unless they are not asked for, and those whose lease has
 * lapsed: nobody is at them, and others may be waiting. */
static enum tctl_status
find_stuck(struct tctl_view *view, bool failed_too,
    struct tctl_status_report *out, struct tctl_error *err)
{
	struct ids failed = { .arena = view->arena };
	struct tctl_tasks tasks;
	enum tctl_status status = TCTL_OK;

	/* No index finds them: it would cost every claim more than it saves
	 * here, where all tasks have just been read. */
	if (failed_too && out->totals.state[TCTL_STATE_FAILED] > 0)
		status = tctl_query(view->coord->store, tctl_sql_task_failed,
		    TCTL_NO_ARGS, take_id, &failed, NULL, err);
	for (size_t i = 0; i < view->live.count; i++)
		if (view->verdict[i] != TCTL_LIVE) {
			failed.id = tctl_arena_grow(view->arena, failed.id,
			    failed.count, sizeof(*failed.id));
			failed.id[failed.count++] = view->live.at[i].task;
		}
	if (status == TCTL_OK)
		status = tctl_view_load_ids(
		    view, failed.id, failed.count, &tasks, err);
	for (size_t i = 0; status == TCTL_OK && i < tasks.count; i++) {
		const struct tctl_task *task = &tasks.at[i];

		if (task->state == TCTL_STATE_FAILED)
			add_failed(out, task);
		else
			add_stuck(out, task,
			    "its lease ended without a result; it can be "
			    "claimed again");
	}
	return status;
}

/* Gates of which all is done but the word. */
static enum tctl_status
find_gates(struct tctl_view *view, struct tctl_status_report *out,
    struct tctl_error *err)
{
	struct ids gates = { .arena = view->arena };
	struct tctl_tasks tasks;
	enum tctl_status status = tctl_query(view->coord->store,
	    tctl_sql_gate_awaited, TCTL_NO_ARGS, take_id, &gates, NULL, err);

	out->gates_awaited = gates.count;
	if (status == TCTL_OK)
		status = tctl_view_load_ids(
		    view, gates.id, gates.count, &tasks, err);
	for (size_t i = 0; status == TCTL_OK && i < tasks.count; i++)
		add_stuck(out, &tasks.at[i],
		    "a gate: what it judges is done; it waits to be approved");
	return status;
}

static enum tctl_status
find_held(struct tctl_view *view, struct tctl_status_report *out,
    struct tctl_error *err)
{
	int64_t *row = tctl_arena_alloc(
	    view->arena, (view->live.count + 1) * sizeof(*row));
	size_t count = 0;
	enum tctl_status status;

	for (size_t i = 0; i < view->live.count; i++)
		if (view->verdict[i] == TCTL_LIVE)
			row[count++] = view->live.at[i].task;
	status = tctl_view_load_ids(view, row, count, &out->held, err);
	for (size_t i = 0; status == TCTL_OK && i < out->held.count; i++) {
		const struct tctl_task *task = &out->held.at[i];
		int64_t held_s =
		    (out->held.now_ms - task->lease->acquired_ms) / 1000;

		if (task->estimate_s > 0 && held_s > 2 * task->estimate_s)
			add_stuck(out, task,
			    "in work for more than twice its estimate");
	}
	return status;
}

/* What both ways of reading have in common, once the sums are there. */
static enum tctl_status
read_rest(struct tctl_view *view, bool failed_too, size_t ready_limit,
    struct tctl_status_report *out, struct tctl_error *err)
{
	enum tctl_status status = find_stuck(view, failed_too, out, err);

	if (status == TCTL_OK)
		status = find_gates(view, out, err);
	if (status == TCTL_OK)
		status = tctl_view_ready(view, NULL, ready_limit, &out->ready,
		    &out->ready_count, err);
	return status;
}

static enum tctl_status
begin(const struct tctl_coord *coord, struct tctl_view *view,
    struct tctl_status_report *out, struct tctl_error *err)
{
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	out->arena = tctl_arena_new();
	status = tctl_view_begin(coord, out->arena, view, err);
	if (status != TCTL_OK) {
		tctl_arena_free(out->arena);
		return status;
	}
	out->now_ms = view->clock.now.wall_ms;
	return TCTL_OK;
}

static enum tctl_status
end(struct tctl_view *view, enum tctl_status status,
    struct tctl_status_report *out)
{
	tctl_view_end(view);
	if (status != TCTL_OK)
		tctl_arena_free(out->arena);
	return status;
}

enum tctl_status
tctl_status_read(const struct tctl_coord *coord, size_t ready_limit,
    struct tctl_status_report *out, struct tctl_error *err)
{
	struct tctl_view view;
	int64_t path_s = 0;
	enum tctl_status status = begin(coord, &view, out, err);

	if (status != TCTL_OK)
		return status;
	status = tctl_query(coord->store, tctl_sql_plan_list, TCTL_NO_ARGS,
	    take_title, out, NULL, err);
	if (status == TCTL_OK)
		status = tctl_sums_read(&view, out, &path_s, err);
	if (status == TCTL_OK)
		status = find_held(&view, out, err);
	if (status == TCTL_OK)
		status = tctl_forecast_read(coord->store, out, path_s, err);
	if (status == TCTL_OK)
		status = read_rest(&view, true, ready_limit, out, err);
	return end(&view, status, out);
}

/* --- what is new since an event
 * ------------------------------------------------- */

/* Does it happen to a task without that it or another changes sprint, estimate
 * or needs?  What this program does not know may do anything. */
static bool
only_moves(const char *word, bool *reopened)
{
	enum tctl_event_kind kind;

	*reopened = false;
	if (!tctl_event_kind_find(word, &kind))
		return false;
	switch (kind) {
	case TCTL_EVENT_REOPENED:
		*reopened = true;
		return true;
	case TCTL_EVENT_STEPPED:
	case TCTL_EVENT_NOTED:
	case TCTL_EVENT_CLAIMED:
	case TCTL_EVENT_REVIVED:
	case TCTL_EVENT_DONE:
	case TCTL_EVENT_RELEASED:
	case TCTL_EVENT_FORCED:
	case TCTL_EVENT_FAILED:
	case TCTL_EVENT_LAPSED:
	case TCTL_EVENT_DIED:
	case TCTL_EVENT_APPROVED:
	case TCTL_EVENT_CANCELLED:
		return true;
	default:
		return false;
	}
}

enum { EVENTS_MAX = 1000 }; /* with more, everything is read anew */

struct moved {
	struct {
		int64_t task;
		bool reopened;
	} at[EVENTS_MAX];
	size_t count;
	bool known;
};

static void
take_moved(void *into, const char *const col[])
{
	struct moved *moved = into;
	bool reopened;

	if (moved->count == EVENTS_MAX || col[1] == NULL ||
	    !only_moves(col[0], &reopened)) {
		moved->known = false;
		return;
	}
	moved->at[moved->count].task = tctl_col(col[1]);
	moved->at[moved->count++].reopened = reopened;
}

static enum tctl_status
find_touched(struct tctl_view *view, const struct moved *moved,
    struct ids *sprints, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < moved->count; i++)
		status = tctl_query(view->coord->store, tctl_sql_sprint_touched,
		    TCTL_ARGS(TCTL_N(moved->at[i].task),
			TCTL_N(moved->at[i].reopened)),
		    take_id, sprints, NULL, err);
	return status;
}

enum tctl_status
tctl_status_read_since(const struct tctl_coord *coord, int64_t after,
    int64_t last, size_t ready_limit, struct tctl_status_report *out,
    bool *known, struct tctl_error *err)
{
	struct tctl_view view;
	struct moved *moved = NULL;
	struct ids sprints;
	enum tctl_status status;

	*known = last - after <= EVENTS_MAX;
	if (!*known)
		return TCTL_OK;
	status = begin(coord, &view, out, err);
	if (status != TCTL_OK)
		return status;
	sprints = (struct ids){ .arena = out->arena };
	moved = tctl_arena_alloc(out->arena, sizeof(*moved));
	moved->known = true;
	status = tctl_query(coord->store, tctl_sql_event_moved,
	    TCTL_ARGS(TCTL_N(after), TCTL_N(last)), take_moved, moved, NULL,
	    err);
	*known = moved->known;
	if (status == TCTL_OK && !*known) {
		(void)end(&view, TCTL_EFAILED, out);
		return TCTL_OK;
	}
	if (status == TCTL_OK)
		status = find_touched(&view, moved, &sprints, err);
	if (status == TCTL_OK)
		status = tctl_sums_read_some(
		    &view, sprints.id, sprints.count, out, err);
	if (status == TCTL_OK)
		status = find_held(&view, out, err);
	if (status == TCTL_OK)
		status = read_rest(&view, false, ready_limit, out, err);
	return end(&view, status, out);
}

enum tctl_status
tctl_status_add_failed(const struct tctl_coord *coord, const char *key,
    const char *plan, size_t limit, struct tctl_status_report *report,
    struct tctl_error *err)
{
	struct ids failed = { .arena = report->arena };
	struct tctl_tasks tasks;
	struct tctl_view view;
	enum tctl_status status =
	    tctl_view_begin(coord, report->arena, &view, err);

	if (status != TCTL_OK)
		return status;
	status = tctl_query(coord->store, tctl_sql_task_failed_of,
	    TCTL_ARGS(TCTL_T(key), TCTL_T(plan), TCTL_N((int64_t)limit)),
	    take_id, &failed, NULL, err);
	if (status == TCTL_OK)
		status = tctl_view_load_ids(
		    &view, failed.id, failed.count, &tasks, err);
	for (size_t i = 0; status == TCTL_OK && i < tasks.count; i++)
		add_failed(report, &tasks.at[i]);
	tctl_view_end(&view);
	return status;
}

void
tctl_status_release(struct tctl_status_report *report)
{
	tctl_arena_free(report->arena);
}
