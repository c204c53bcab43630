/* view_load.c - tasks in a view: a range of rows, or those of some ids, by
 * place, with what each is called and what goes with its lease. */
#include <stdlib.h>

#include "change.h"
#include "view_rows.h"

static int
by_place(const void *a, const void *b)
{
	const struct tctl_loaded *x = a, *y = b;

	if (x->plan != y->plan)
		return x->plan < y->plan ? -1 : 1;
	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

struct reserved {
	struct tctl_arena *arena;
	struct tctl_strings *list;
};

static void
take_reserved(void *into, const char *const col[])
{
	struct reserved *reserved = into;

	tctl_strings_add(reserved->arena, reserved->list,
	    tctl_arena_strdup(reserved->arena, tctl_col_text(col[0])));
}

/* What goes with a lease that is shown. */
static enum tctl_status
load_reserved(const struct tctl_view *view, int64_t task,
    struct tctl_lease *lease, struct tctl_error *err)
{
	struct reserved reserved = { view->arena, &lease->reserved };
	enum tctl_verdict verdict;
	const struct tctl_lease_row *row =
	    tctl_view_lease(view, task, &verdict);

	if (!row->reserved || view->detail == TCTL_DETAIL_LINE)
		return TCTL_OK;
	return tctl_query(view->coord->store, tctl_sql_reservation_of,
	    TCTL_ARGS(TCTL_N(task), TCTL_N(row->token)), take_reserved,
	    &reserved, NULL, err);
}

/* What each is called where several plans may have tasks of one id. */
static enum tctl_status
refer(struct tctl_loader *loader, struct tctl_error *err)
{
	const struct tctl_view *view = loader->view;
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < loader->count; i++) {
		struct tctl_task *task = &loader->at[i].task;

		task->ref = task->id;
		if (view->clock.many_plans)
			status =
			    tctl_row_reference(view->coord->store, view->arena,
				true, loader->at[i].row, &task->ref, err);
		if (task->lease == NULL)
			continue;
		task->lease->task = task->ref;
		if (status == TCTL_OK)
			status = load_reserved(
			    view, loader->at[i].row, task->lease, err);
	}
	return status;
}

static void
hand_over(struct tctl_loader *loader, struct tctl_tasks *out)
{
	struct tctl_arena *arena = loader->view->arena;

	out->arena = arena;
	out->count = loader->count;
	out->now_ms = loader->view->clock.now.wall_ms;
	out->at =
	    tctl_arena_alloc(arena, (loader->count + 1) * sizeof(*out->at));
	out->row =
	    tctl_arena_alloc(arena, (loader->count + 1) * sizeof(*out->row));
	for (size_t i = 0; i < loader->count; i++) {
		out->at[i] = loader->at[i].task;
		out->row[i] = loader->at[i].row;
	}
}

enum tctl_status
tctl_view_load(struct tctl_view *view, int64_t first, int64_t last,
    struct tctl_tasks *out, struct tctl_error *err)
{
	struct tctl_loader loader = { .view = view };
	enum tctl_status status = tctl_view_rows(&loader, first, last, err);

	if (status == TCTL_OK)
		status = refer(&loader, err);
	if (status == TCTL_OK) {
		if (loader.count > 1)
			qsort(loader.at, loader.count, sizeof(*loader.at),
			    by_place);
		hand_over(&loader, out);
	}
	free(loader.at);
	return status;
}

static int
by_row(const void *a, const void *b)
{
	int64_t x = ((const struct tctl_loaded *)a)->row;
	int64_t y = ((const struct tctl_loaded *)b)->row;

	return (x > y) - (x < y);
}

/* So many that reading all of them once is cheaper than each by itself. */
static enum tctl_status
load_many(struct tctl_loader *all, const int64_t *id, size_t count,
    struct tctl_error *err)
{
	struct tctl_loader every = { .view = all->view };
	enum tctl_status status = tctl_view_rows(&every, 0, INT64_MAX, err);

	for (size_t i = 0; status == TCTL_OK && i < count; i++) {
		const struct tctl_loaded wanted = { .row = id[i] };
		const struct tctl_loaded *row = bsearch(
		    &wanted, every.at, every.count, sizeof(*every.at), by_row);

		if (row == NULL) {
			status = tctl_row_lost(id[i], err);
			break;
		}
		all->at = tctl_grow(all->at, all->count, sizeof(*all->at));
		all->at[all->count++] = *row;
	}
	free(every.at);
	return status;
}

static enum tctl_status
load_each(struct tctl_loader *all, const int64_t *id, size_t count,
    struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < count; i++) {
		struct tctl_loader one = { .view = all->view };

		status = tctl_view_rows(&one, id[i], id[i], err);
		if (status == TCTL_OK && one.count == 0)
			status = tctl_row_lost(id[i], err);
		if (status == TCTL_OK) {
			all->at =
			    tctl_grow(all->at, all->count, sizeof(*all->at));
			all->at[all->count++] = one.at[0];
		}
		free(one.at);
	}
	return status;
}

enum tctl_status
tctl_view_load_ids(struct tctl_view *view, const int64_t *id, size_t count,
    struct tctl_tasks *out, struct tctl_error *err)
{
	enum { MANY = 500 };
	struct tctl_loader all = { .view = view };
	enum tctl_status status = count > MANY
				      ? load_many(&all, id, count, err)
				      : load_each(&all, id, count, err);

	if (status == TCTL_OK)
		status = refer(&all, err);
	if (status == TCTL_OK)
		hand_over(&all, out);
	free(all.at);
	return status;
}

void
tctl_tasks_release(struct tctl_tasks *tasks)
{
	tctl_arena_free(tasks->arena);
	tasks->arena = NULL;
}
