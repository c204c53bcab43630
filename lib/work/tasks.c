/* tasks.c - the questions that people and agents ask: list, ready, mine. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "row_ids.h"
#include "view.h"

/* Begin a view with an arena of its own, which becomes out's. */
static enum tctl_status
begin(const struct tctl_coord *coord, struct tctl_view *view,
    struct tctl_error *err)
{
	struct tctl_arena *arena = tctl_arena_new();
	enum tctl_status status = tctl_view_begin(coord, arena, view, err);

	if (status != TCTL_OK)
		tctl_arena_free(arena);
	return status;
}

static enum tctl_status
end(struct tctl_view *view, enum tctl_status status)
{
	tctl_view_end(view);
	if (status != TCTL_OK)
		tctl_arena_free(view->arena);
	return status;
}

/* By its row: a task that was added by hand is of another plan than its sprint.
 */
static bool
is_among(const struct tctl_row_ids *ids, int64_t row)
{
	return tctl_row_ids_find(ids->at, ids->count, row) != NULL;
}

static bool
passes(const struct tctl_task *task, const struct tctl_filter *filter)
{
	if (filter == NULL)
		return true;
	if (filter->states != 0 && (filter->states & 1U << task->state) == 0)
		return false;
	if (filter->plan != NULL && strcmp(task->plan, filter->plan) != 0)
		return false;
	return filter->agent == NULL ||
	       tctl_agent_is(task->planned_agent, filter->agent) ||
	       (task->lease != NULL &&
		   tctl_agent_is(task->lease->agent, filter->agent));
}

/* The tasks of a sprint: S of that plan (NULL: any), or PLAN:S. */
static enum tctl_status
read_sprint(struct tctl_view *view, const char *sprint, const char *plan,
    struct tctl_row_ids *out, struct tctl_error *err)
{
	struct tctl_store *store = view->coord->store;
	enum tctl_status status;
	int64_t id;

	if (plan != NULL && strchr(sprint, ':') == NULL)
		sprint = tctl_arena_printf(view->arena, "%s:%s", plan, sprint);
	*out = (struct tctl_row_ids){ .arena = view->arena };
	status = tctl_sprint_find(store, view->arena, sprint, 0, &id, err);
	return status != TCTL_OK ? status
				 : tctl_query(store, tctl_sql_sprint_tasks,
				       TCTL_ARGS(TCTL_N(id)), tctl_row_ids_take,
				       out, NULL, err);
}

struct named {
	const char *name;
	bool found;
};

static void
take_plan(void *into, const char *const col[])
{
	struct named *named = into;

	named->found =
	    named->found || strcmp(tctl_col_text(col[1]), named->name) == 0;
}

/* What is asked for must be there: a slip of the finger is no empty list. */
static enum tctl_status
check_filter(struct tctl_view *view, const struct tctl_filter *filter,
    struct tctl_row_ids *sprint, struct tctl_error *err)
{
	struct named plan = { .found = false };
	enum tctl_status status = TCTL_OK;

	if (filter == NULL)
		return TCTL_OK;
	if (filter->sprint != NULL)
		status = read_sprint(
		    view, filter->sprint, filter->plan, sprint, err);
	if (status != TCTL_OK || filter->plan == NULL)
		return status;
	plan.name = filter->plan;
	status = tctl_query(view->coord->store, tctl_sql_plan_list,
	    TCTL_NO_ARGS, take_plan, &plan, NULL, err);
	if (status == TCTL_OK && !plan.found)
		status = tctl_fail(
		    err, TCTL_ENOTFOUND, "no plan \"%.100s\"", filter->plan);
	return status;
}

enum tctl_status
tctl_tasks_list(const struct tctl_coord *coord,
    const struct tctl_filter *filter, struct tctl_tasks *out,
    struct tctl_error *err)
{
	struct tctl_view view;
	struct tctl_row_ids sprint;
	size_t kept = 0;
	enum tctl_status status = begin(coord, &view, err);

	memset(out, 0, sizeof(*out));
	if (status != TCTL_OK)
		return status;
	view.detail = coord->detail;
	status = check_filter(&view, filter, &sprint, err);
	if (status == TCTL_OK)
		status = tctl_view_load(&view, 0, INT64_MAX, out, err);
	status = end(&view, status);
	if (status != TCTL_OK)
		return status;
	for (size_t i = 0; i < out->count; i++)
		if (passes(&out->at[i], filter) &&
		    (filter == NULL || filter->sprint == NULL ||
			is_among(&sprint, out->row[i]))) {
			out->at[kept] = out->at[i];
			out->row[kept++] = out->row[i];
		}
	out->count = kept;
	return TCTL_OK;
}

enum tctl_status
tctl_task_show(const struct tctl_coord *coord, const char *id,
    struct tctl_tasks *out, struct tctl_error *err)
{
	struct tctl_view view;
	int64_t row;
	enum tctl_status status = begin(coord, &view, err);

	memset(out, 0, sizeof(*out));
	if (status != TCTL_OK)
		return status;
	status = tctl_row_find(coord->store, view.arena, id, &row, err);
	if (status == TCTL_OK)
		status = tctl_view_load_ids(&view, &row, 1, out, err);
	return end(&view, status);
}

enum tctl_status
tctl_tasks_held(const struct tctl_coord *coord, const char *agent,
    const char *session, struct tctl_tasks *out, struct tctl_error *err)
{
	struct tctl_view view;
	int64_t *row;
	size_t count = 0;
	enum tctl_status status = begin(coord, &view, err);

	memset(out, 0, sizeof(*out));
	if (status != TCTL_OK)
		return status;
	row =
	    tctl_arena_alloc(view.arena, (view.live.count + 1) * sizeof(*row));
	for (size_t i = 0; i < view.live.count; i++) {
		const struct tctl_lease_row *lease = &view.live.at[i];

		if (view.verdict[i] == TCTL_LIVE &&
		    (agent == NULL || strcmp(agent, lease->agent) == 0) &&
		    (session == NULL || strcmp(session, lease->session) == 0))
			row[count++] = lease->task;
	}
	return end(&view, tctl_view_load_ids(&view, row, count, out, err));
}

/* --- ready
 * ----------------------------------------------------------------------- */

/* Of what was loaded, what belongs to the sprint. */
static void
keep_sprint(
    struct tctl_tasks *tasks, const struct tctl_row_ids *sprint, size_t *total)
{
	size_t kept = 0;

	for (size_t i = 0; i < tasks->count; i++)
		if (is_among(sprint, tasks->row[i])) {
			tasks->at[kept] = tasks->at[i];
			tasks->row[kept++] = tasks->row[i];
		}
	*total = tasks->count = kept;
}

enum tctl_status
tctl_tasks_ready(const struct tctl_coord *coord, const char *agent,
    const char *sprint, size_t limit, struct tctl_tasks *out, size_t *total,
    struct tctl_error *err)
{
	struct tctl_view view;
	struct tctl_row_ids ids;
	enum tctl_status status = begin(coord, &view, err);

	memset(out, 0, sizeof(*out));
	if (status != TCTL_OK)
		return status;
	if (sprint != NULL)
		status = read_sprint(&view, sprint, NULL, &ids, err);
	if (status == TCTL_OK)
		status = tctl_view_ready(&view, agent,
		    sprint != NULL ? (size_t)INT32_MAX : limit, out, total,
		    err);
	if (status == TCTL_OK && sprint != NULL) {
		keep_sprint(out, &ids, total);
		if (out->count > limit)
			out->count = limit;
	}
	return end(&view, status);
}
