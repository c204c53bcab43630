/* forecast.c - what was finished last, for the forecast. */
#include <stdlib.h>

#include "forecast.h"
#include "outlook.h"
#include "row_ids.h"

enum {
	EVENTS = 2000, /* that are looked at, the newest */
	TASKS = 300,   /* that are drawn from */
	SEED = 1,      /* the same forecast for everybody who asks */
};

struct finished {
	struct tctl_past past[TASKS];
	size_t count;
};

/* One number for a sprint and an agent. */
static uint64_t
group_of(int64_t sprint, const char *agent)
{
	uint64_t hash = (uint64_t)sprint;
	char norm[TCTL_AGENT_MAX];

	tctl_agent_normalise(agent, norm);
	for (const char *at = norm; *at != '\0'; at++)
		hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
	return hash;
}

static void
take_past(void *into, const char *const col[])
{
	struct finished *finished = into;

	if (finished->count == TASKS)
		return;
	finished->past[finished->count++] = (struct tctl_past){
		.started_ms = tctl_col(col[1]),
		.finished_ms = tctl_col(col[2]),
		.estimate_s = tctl_col(col[3]),
		.group =
		    group_of(tctl_col(col[4]), col[5] == NULL ? "" : col[5]),
	};
}

/* By estimates; of what is in work, the part that is left. */
static struct tctl_rest
rest_of(const struct tctl_status_report *report, int64_t path_s)
{
	const struct tctl_totals *totals = &report->totals;
	size_t open = totals->tasks - totals->state[TCTL_STATE_DONE] -
		      totals->state[TCTL_STATE_CANCELLED];
	struct tctl_rest rest = { .now_ms = report->now_ms,
		.work_s = totals->estimate_s - totals->done_s,
		.path_s = path_s,
		.agents = report->held.count };

	for (size_t i = 0; i < report->held.count; i++) {
		const struct tctl_task *task = &report->held.at[i];

		if (task->estimate_s > 0)
			rest.work_s -= task->estimate_s -
				       tctl_outlook_left_s(task,
					   task->estimate_s, report->now_ms);
	}
	if (rest.work_s > 0)
		rest.tasks_on_path =
		    (double)path_s * (double)open / (double)rest.work_s;
	return rest;
}

/* --- what it takes besides time
 * ---------------------------------------------------- */

static void
add_dropped(
    struct tctl_status_report *report, const char *task, enum tctl_state state)
{
	report->dropped = tctl_arena_grow(report->arena, report->dropped,
	    report->dropped_count, sizeof(*report->dropped));
	report->dropped[report->dropped_count++] =
	    (struct tctl_dropped){ task, state };
}

/* Those that have failed are stuck: the report has them, also where only a
 * lapse has made them fail, that nobody has swept. */
static enum tctl_status
find_dropped(struct tctl_view *view, struct tctl_status_report *report,
    struct tctl_error *err)
{
	struct tctl_row_ids ids = { .arena = view->arena };
	struct tctl_tasks tasks;
	enum tctl_detail detail = view->detail;
	enum tctl_status status;

	for (size_t i = 0; i < report->stuck_count; i++)
		if (report->stuck[i].kind == TCTL_STUCK_FAILED)
			add_dropped(
			    report, report->stuck[i].task, TCTL_STATE_FAILED);
	if (report->totals.state[TCTL_STATE_CANCELLED] == 0)
		return TCTL_OK;
	status = tctl_query(view->coord->store, tctl_sql_forecast_cancelled,
	    TCTL_NO_ARGS, tctl_row_ids_take, &ids, NULL, err);
	view->detail = TCTL_DETAIL_LINE; /* what they are called */
	if (status == TCTL_OK)
		status =
		    tctl_view_load_ids(view, ids.at, ids.count, &tasks, err);
	view->detail = detail;
	for (size_t i = 0; status == TCTL_OK && i < tasks.count; i++)
		add_dropped(report, tasks.at[i].ref, TCTL_STATE_CANCELLED);
	return status;
}

enum tctl_status
tctl_forecast_read(struct tctl_view *view, struct tctl_status_report *report,
    int64_t path_s, struct tctl_error *err)
{
	struct tctl_rest rest = rest_of(report, path_s);
	struct finished finished = { .count = 0 };
	enum tctl_status status;

	if (rest.work_s <= 0)
		return TCTL_OK;
	status = tctl_query(view->coord->store, tctl_sql_forecast_past,
	    TCTL_ARGS(TCTL_N(EVENTS)), take_past, &finished, NULL, err);
	if (status != TCTL_OK)
		return status;
	return tctl_schedule_forecast(finished.past, finished.count, &rest,
		   SEED, &report->forecast)
		   ? find_dropped(view, report, err)
		   : TCTL_OK;
}
