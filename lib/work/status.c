/* status.c - where it stands: of everything, or of what is new. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "forecast.h"
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
		status = tctl_forecast_read(coord->store, out, path_s, err);
	if (status == TCTL_OK)
		status = tctl_view_ready(&view, NULL, ready_limit, &out->ready,
		    &out->ready_count, err);
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
	case TCTL_EVENT_RESERVED:
	case TCTL_EVENT_UNRESERVED:
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
    struct tctl_row_ids *sprints, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < moved->count; i++)
		status = tctl_query(view->coord->store, tctl_sql_sprint_touched,
		    TCTL_ARGS(TCTL_N(moved->at[i].task),
			TCTL_N(moved->at[i].reopened)),
		    tctl_row_ids_take, sprints, NULL, err);
	return status;
}

enum tctl_status
tctl_status_read_since(const struct tctl_coord *coord, int64_t after,
    int64_t last, size_t ready_limit, struct tctl_status_report *out,
    bool *known, struct tctl_error *err)
{
	struct tctl_view view;
	struct moved *moved = NULL;
	struct tctl_row_ids sprints;
	enum tctl_status status;

	*known = last - after <= EVENTS_MAX;
	if (!*known)
		return TCTL_OK;
	status = begin(coord, &view, out, err);
	if (status != TCTL_OK)
		return status;
	sprints = (struct tctl_row_ids){ .arena = out->arena };
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
		tctl_stuck_add_ended(report, &tasks.at[i]);
	tctl_view_end(&view);
	return status;
}

void
tctl_status_release(struct tctl_status_report *report)
{
	tctl_arena_free(report->arena);
	report->arena = NULL;
}
