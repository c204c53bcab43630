/* refresh.c - a list of tasks brought up to date, at the cost of what is new.
 */
#include "moved.h"
#include "sql.h"

/* All tasks of those sprints, and those that are held: a lease is renewed
 * without an event. */
static enum tctl_status
find_ids(struct tctl_view *view, struct tctl_row_ids *sprints,
    struct tctl_row_ids *out, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	tctl_row_ids_sort(sprints);
	for (size_t i = 0; status == TCTL_OK && i < sprints->count; i++)
		status = tctl_query(view->coord->store, tctl_sql_task_of_sprint,
		    TCTL_ARGS(sprints->at[i] == 0 ? TCTL_T(NULL)
						  : TCTL_N(sprints->at[i])),
		    tctl_row_ids_take, out, NULL, err);
	for (size_t i = 0; i < view->live.count; i++)
		tctl_row_ids_add(out, view->live.at[i].task);
	tctl_row_ids_sort(out);
	return status;
}

/* fresh: of ids, as far as they are there, in the same order. */
static void
replace(struct tctl_tasks *tasks, const struct tctl_tasks *fresh)
{
	for (size_t i = 0; i < tasks->count; i++) {
		const int64_t *found =
		    tctl_row_ids_find(fresh->row, fresh->count, tasks->row[i]);

		if (found != NULL)
			tasks->at[i] = fresh->at[found - fresh->row];
	}
	tasks->now_ms = fresh->now_ms;
}

enum tctl_status
tctl_tasks_refresh(const struct tctl_coord *coord, int64_t after, int64_t last,
    struct tctl_tasks *tasks, bool *known, struct tctl_error *err)
{
	struct tctl_row_ids sprints = { .arena = tasks->arena };
	struct tctl_row_ids ids = { .arena = tasks->arena };
	struct tctl_tasks fresh;
	struct tctl_view view;
	enum tctl_status status =
	    tctl_view_begin(coord, tasks->arena, &view, err);

	if (status != TCTL_OK)
		return status;
	view.detail = coord->detail;
	status = tctl_moved_sprints(&view, after, last, &sprints, known, err);
	if (status == TCTL_OK && *known)
		status = find_ids(&view, &sprints, &ids, err);
	if (status == TCTL_OK && *known)
		status =
		    tctl_view_load_ids(&view, ids.at, ids.count, &fresh, err);
	tctl_view_end(&view);
	if (status == TCTL_OK && *known)
		replace(tasks, &fresh);
	return status;
}
