/* status.c - where it stands: of everything, or of what is new. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "forecast.h"
#include "moved.h"
#include "stuck.h"
#include "sums.h"

static void
take_title(void *into, const char *const col[])
{
	struct tctl_status_report *report = into;

	if (report->title == NULL)
		report->title = tctl_arena_strdup(report->arena, col[3]);
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
		tctl_status_release(out);
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
		tctl_status_release(out);
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
		status = tctl_stuck_read(&view, true, out, err);
	if (status == TCTL_OK)
		status = tctl_forecast_read(&view, out, path_s, err);
	if (status == TCTL_OK)
		status = tctl_view_ready(&view, NULL, ready_limit, &out->ready,
		    &out->ready_count, err);
	return end(&view, status, out);
}

/* --- what is new since an event
 * ------------------------------------------------- */

enum tctl_status
tctl_status_read_since(const struct tctl_coord *coord, int64_t after,
    int64_t last, size_t ready_limit, struct tctl_status_report *out,
    bool *known, struct tctl_error *err)
{
	struct tctl_view view;
	struct tctl_row_ids sprints;
	enum tctl_status status = begin(coord, &view, out, err);

	if (status != TCTL_OK)
		return status;
	sprints = (struct tctl_row_ids){ .arena = out->arena };
	status = tctl_moved_sprints(&view, after, last, &sprints, known, err);
	if (status == TCTL_OK && !*known) {
		(void)end(&view, TCTL_EFAILED, out);
		return TCTL_OK;
	}
	if (status == TCTL_OK)
		status = tctl_sums_read_some(
		    &view, sprints.at, sprints.count, out, err);
	if (status == TCTL_OK)
		status = tctl_stuck_read(&view, false, out, err);
	if (status == TCTL_OK)
		status = tctl_view_ready(&view, NULL, ready_limit, &out->ready,
		    &out->ready_count, err);
	return end(&view, status, out);
}

enum tctl_status
tctl_status_add_failed(const struct tctl_coord *coord, const char *key,
    const char *plan, size_t limit, struct tctl_status_report *report,
    struct tctl_error *err)
{
	struct tctl_row_ids failed = { .arena = report->arena };
	struct tctl_tasks tasks;
	struct tctl_view view;
	enum tctl_status status =
	    tctl_view_begin(coord, report->arena, &view, err);

	if (status != TCTL_OK)
		return status;
	status = tctl_query(coord->store, tctl_sql_task_failed_of,
	    TCTL_ARGS(TCTL_T(key), TCTL_T(plan), TCTL_N((int64_t)limit)),
	    tctl_row_ids_take, &failed, NULL, err);
	if (status == TCTL_OK)
		status = tctl_view_load_ids(
		    &view, failed.at, failed.count, &tasks, err);
	for (size_t i = 0; status == TCTL_OK && i < tasks.count; i++)
		status = tctl_stuck_add_ended(
		    &view, report, &tasks.at[i], failed.at[i], err);
	tctl_view_end(&view);
	return status;
}

void
tctl_status_release(struct tctl_status_report *report)
{
	tctl_arena_free(report->arena);
	report->arena = NULL;
}
