/* view.c - tasks out of the store, seen through the judgement of leases. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "view.h"

/* --- the snapshot ----------------------------------------------------------
 */

static void
judge_all(struct tctl_view *view)
{
	view->verdict = tctl_arena_alloc(
	    view->arena, (view->live.count + 1) * sizeof(*view->verdict));
	for (size_t i = 0; i < view->live.count; i++)
		view->verdict[i] =
		    tctl_lease_judge(&view->live.at[i], &view->clock, NULL);
}

enum tctl_status
tctl_view_begin(const struct tctl_coord *coord, struct tctl_arena *arena,
    struct tctl_view *out, struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_store_begin(coord->store, TCTL_READ, err);

	if (status != TCTL_OK)
		return status;
	memset(out, 0, sizeof(*out));
	out->coord = coord;
	out->arena = arena;
	status = tctl_clock_read(coord->store, &out->clock, err);
	if (status == TCTL_OK)
		status =
		    tctl_lease_read_live(coord->store, arena, &out->live, err);
	if (status != TCTL_OK) {
		tctl_store_rollback(coord->store);
		return status;
	}
	judge_all(out);
	return TCTL_OK;
}

void
tctl_view_end(struct tctl_view *view)
{
	tctl_store_rollback(view->coord->store);
}

void
tctl_view_of_known(const struct tctl_change *change, struct tctl_arena *arena,
    const struct tctl_lease_row *lease, struct tctl_view *out)
{
	memset(out, 0, sizeof(*out));
	out->coord = change->coord;
	out->arena = arena;
	out->detail = change->coord->detail;
	out->clock.now = change->now;
	out->clock.many_plans = change->many_plans;
	out->clock.same_boot = out->clock.same_machine = true;
	if (lease == NULL)
		return;
	out->live.at = tctl_arena_alloc(arena, sizeof(*lease));
	out->live.at[0] = *lease;
	out->live.count = 1;
	out->verdict = tctl_arena_alloc(arena, sizeof(*out->verdict));
}

enum tctl_status
tctl_view_of_change(const struct tctl_change *change, struct tctl_arena *arena,
    struct tctl_view *out, struct tctl_error *err)
{
	enum tctl_status status;

	tctl_view_of_known(change, arena, NULL, out);
	status = tctl_lease_read_live(change->store, arena, &out->live, err);
	if (status == TCTL_OK) /* zeroed: TCTL_LIVE, for all is settled */
		out->verdict = tctl_arena_alloc(
		    arena, (out->live.count + 1) * sizeof(*out->verdict));
	return status;
}

static int
by_task(const void *key, const void *row)
{
	int64_t a = *(const int64_t *)key;
	int64_t b = ((const struct tctl_lease_row *)row)->task;

	return (a > b) - (a < b);
}

const struct tctl_lease_row *
tctl_view_lease(
    const struct tctl_view *view, int64_t task, enum tctl_verdict *verdict)
{
	const struct tctl_lease_row *row =
	    view->live.count == 0
		? NULL
		: bsearch(&task, view->live.at, view->live.count,
		      sizeof(*view->live.at), by_task);

	if (row != NULL)
		*verdict = view->verdict[row - view->live.at];
	return row;
}

struct tctl_lease *
tctl_view_show_lease(const struct tctl_view *view,
    const struct tctl_lease_row *row, const char *task)
{
	struct tctl_lease *lease =
	    tctl_arena_alloc(view->arena, sizeof(*lease));

	*lease = (struct tctl_lease){ .task = task,
		.agent = row->agent,
		.session = row->session,
		.token = row->token,
		.acquired_ms = row->acquired_ms,
		.renewed_ms = row->renewed_ms,
		.renewed_by = row->evidence,
		.expires_ms = tctl_lease_expires_ms(row),
		.ttl_ms = row->ttl_ms,
		.host = row->host,
		.pid = row->process.pid,
		.worktree = row->worktree };
	/* Its time starts again with the next change: show that. */
	if (!view->clock.same_boot || view->clock.went_back)
		lease->expires_ms = view->clock.now.wall_ms + row->ttl_ms;
	return lease;
}

/* --- loading -----------------------------------------------------------------
 */

struct loaded {
	struct tctl_task task;
	int64_t row;
	int64_t plan;
	int64_t position;
};

struct loader {
	struct tctl_view *view;
	struct loaded *at; /* by row */
	size_t count;
	size_t cursor;	     /* children come in the order of rows */
	const char *last[4]; /* strings that repeat from row to row */
};

/* The same for a column that mostly repeats: sprint, plan, file, after. */
static const char *
keep_once(struct loader *loader, size_t slot, const char *text)
{
	if (text == NULL)
		return NULL;
	if (loader->last[slot] == NULL || strcmp(loader->last[slot], text) != 0)
		loader->last[slot] =
		    tctl_arena_strdup(loader->view->arena, text);
	return loader->last[slot];
}

/* What the state is once the lease has been judged. */
static void
set_state(
    struct loader *loader, struct loaded *row, const char *state, bool is_free)
{
	struct tctl_task *task = &row->task;
	int64_t max = loader->view->coord->config->max_attempts;
	enum tctl_verdict verdict = TCTL_LIVE;
	const struct tctl_lease_row *lease =
	    tctl_view_lease(loader->view, row->row, &verdict);

	task->state = is_free ? TCTL_STATE_READY : TCTL_STATE_PENDING;
	if (strcmp(state, "open") != 0)
		(void)tctl_state_read(state, &task->state);
	if (lease == NULL)
		return;
	if (verdict == TCTL_LIVE) {
		task->lease =
		    tctl_view_show_lease(loader->view, lease, task->id);
		return;
	}
	task->attempts++;
	task->state = task->attempts >= max ? TCTL_STATE_FAILED
		      : is_free		    ? TCTL_STATE_READY
					    : TCTL_STATE_PENDING;
}

static void
take_task(void *into, const char *const col[])
{
	struct loader *loader = into;
	struct loaded *row;
	struct tctl_task *task;
	bool is_free = tctl_col(col[2]) == 0 && tctl_col(col[3]) == 0;

	loader->at = tctl_grow(loader->at, loader->count, sizeof(*loader->at));
	row = &loader->at[loader->count++];
	memset(row, 0, sizeof(*row));
	task = &row->task;
	/* In the order of the columns of task_load. */
	row->row = tctl_col(col[0]);
	task->orphaned = tctl_col(col[4]) != 0;
	task->priority = (int)tctl_col(col[5]);
	row->position = tctl_col(col[7]);
	task->mutex = *tctl_col_text(col[9]) == '\0'
			  ? NULL
			  : tctl_arena_strdup(loader->view->arena, col[9]);
	task->sprint = keep_once(loader, 0, col[10]);
	task->plan = keep_once(loader, 1, tctl_col_text(col[11]));
	task->estimate_s = col[12] == NULL ? -1 : tctl_col(col[12]);
	task->attempts = (int)tctl_col(col[13]);
	task->started_ms = tctl_col(col[14]);
	task->finished_ms = tctl_col(col[15]);
	task->finished_by = tctl_arena_strdup(loader->view->arena, col[16]);
	task->id =
	    tctl_arena_strdup(loader->view->arena, tctl_col_text(col[17]));
	task->title =
	    tctl_arena_strdup(loader->view->arena, tctl_col_text(col[18]));
	task->planned_agent = tctl_arena_strdup(loader->view->arena, col[19]);
	task->file = keep_once(loader, 2, col[20]);
	task->line = (int)tctl_col(col[21]);
	task->is_gate = (tctl_col(col[3]) & TCTL_BAR_IS_GATE) != 0;
	task->after = keep_once(loader, 3, col[22]);
	row->plan = tctl_col(col[23]);
	set_state(loader, row, tctl_col_text(col[1]), is_free);
}

/* The task that a child row belongs to, or NULL. */
static struct tctl_task *
parent(struct loader *loader, const char *col)
{
	int64_t id = tctl_col(col);

	while (loader->cursor < loader->count &&
	       loader->at[loader->cursor].row < id)
		loader->cursor++;
	return loader->cursor < loader->count &&
		       loader->at[loader->cursor].row == id
		   ? &loader->at[loader->cursor].task
		   : NULL;
}

/* Another task's id as this one would write it. */
static const char *
reference(struct loader *loader, const struct tctl_task *task, const char *key,
    const char *plan)
{
	return strcmp(task->plan, plan) == 0
		   ? tctl_arena_strdup(loader->view->arena, key)
		   : tctl_arena_printf(loader->view->arena, "%s:%s", plan, key);
}

static void
take_need(void *into, const char *const col[])
{
	struct loader *loader = into;
	struct tctl_task *task = parent(loader, col[0]);
	const char *id;

	if (task == NULL)
		return;
	id = reference(
	    loader, task, tctl_col_text(col[1]), tctl_col_text(col[3]));
	tctl_strings_add(loader->view->arena, &task->needs, id);
	if (strcmp(tctl_col_text(col[2]), "done") != 0)
		tctl_strings_add(loader->view->arena, &task->unmet, id);
}

static void
take_unblocked(void *into, const char *const col[])
{
	struct loader *loader = into;
	struct tctl_task *task = parent(loader, col[0]);

	if (task != NULL)
		tctl_strings_add(loader->view->arena, &task->unblocks,
		    reference(loader, task, tctl_col_text(col[1]),
			tctl_col_text(col[3])));
}

static void
take_line(void *into, const char *const col[])
{
	struct loader *loader = into;
	struct tctl_arena *arena = loader->view->arena;
	struct tctl_task *task = parent(loader, col[0]);
	const char *text;

	if (task == NULL)
		return;
	text = tctl_arena_strdup(loader->view->arena, tctl_col_text(col[2]));
	if (strcmp(tctl_col_text(col[1]), "file") == 0)
		tctl_strings_add(arena, &task->files, text);
	else
		tctl_items_add(arena,
		    strcmp(tctl_col_text(col[1]), "step") == 0
			? &task->steps
			: &task->criteria,
		    text, tctl_col(col[3]) != 0, 0);
}

static void
take_note(void *into, const char *const col[])
{
	struct loader *loader = into;
	struct tctl_task *task = parent(loader, col[0]);
	struct tctl_note *note;

	if (task == NULL)
		return;
	task->notes = tctl_arena_grow(loader->view->arena, task->notes,
	    task->note_count, sizeof(*task->notes));
	note = &task->notes[task->note_count++];
	note->at_ms = tctl_col(col[1]);
	note->agent = tctl_arena_strdup(loader->view->arena, col[2]);
	note->text =
	    tctl_arena_strdup(loader->view->arena, tctl_col_text(col[3]));
}

static void
take_brief(void *into, const char *const col[])
{
	struct loader *loader = into;
	struct loaded *row;

	loader->at = tctl_grow(loader->at, loader->count, sizeof(*loader->at));
	row = &loader->at[loader->count++];
	memset(row, 0, sizeof(*row));
	/* In the order of the columns of task_load_brief. */
	row->row = tctl_col(col[0]);
	row->task.attempts = (int)tctl_col(col[4]);
	row->task.id =
	    tctl_arena_strdup(loader->view->arena, tctl_col_text(col[5]));
	row->task.title =
	    tctl_arena_strdup(loader->view->arena, tctl_col_text(col[6]));
	row->task.plan = keep_once(loader, 1, tctl_col_text(col[7]));
	row->task.estimate_s = -1;
	row->task.is_gate = (tctl_col(col[3]) & TCTL_BAR_IS_GATE) != 0;
	set_state(loader, row, tctl_col_text(col[1]),
	    tctl_col(col[2]) == 0 && tctl_col(col[3]) == 0);
}

/* The same, of what need not be read again. */
static void
take_known(struct loader *loader, int64_t id)
{
	const struct tctl_known *known = loader->view->known;
	struct loaded *row;

	loader->at = tctl_grow(loader->at, loader->count, sizeof(*loader->at));
	row = &loader->at[loader->count++];
	*row = (struct loaded){ .row = id,
		.task = { .id = known->key,
		    .title = known->title,
		    .plan = known->plan,
		    .attempts = known->attempts,
		    .estimate_s = -1 } };
	set_state(loader, row, "claimed", false);
}

/* What is read of tasks, and from which detail down to which. */
static const struct {
	const char *sql;
	tctl_row_fn *take;
	enum tctl_detail from;
	enum tctl_detail to;
} parts[] = {
	{ tctl_sql_task_load, take_task, TCTL_DETAIL_ROW, TCTL_DETAIL_ALL },
	{ tctl_sql_task_load_brief, take_brief, TCTL_DETAIL_HANDOVER,
	    TCTL_DETAIL_LINE },
	{ tctl_sql_task_load_needs, take_need, TCTL_DETAIL_ALL,
	    TCTL_DETAIL_ALL },
	{ tctl_sql_task_load_unblocks, take_unblocked, TCTL_DETAIL_ALL,
	    TCTL_DETAIL_ALL },
	{ tctl_sql_task_load_lines, take_line, TCTL_DETAIL_ALL,
	    TCTL_DETAIL_HANDOVER },
	{ tctl_sql_task_load_notes, take_note, TCTL_DETAIL_ALL,
	    TCTL_DETAIL_HANDOVER },
};

static enum tctl_status
load(struct loader *loader, int64_t first, int64_t last, struct tctl_error *err)
{
	const struct tctl_known *known = loader->view->known;
	enum tctl_status status = TCTL_OK;

	if (loader->view->detail == TCTL_DETAIL_ALL)
		known = NULL;
	if (known != NULL)
		take_known(loader, first);
	for (size_t i = 0; status == TCTL_OK && i < TCTL_COUNT(parts); i++) {
		if (loader->view->detail < parts[i].from ||
		    loader->view->detail > parts[i].to)
			continue;
		if (known != NULL &&
		    (parts[i].take == take_brief ||
			(parts[i].take == take_note && !known->has_notes)))
			continue;
		loader->cursor = 0;
		status = tctl_query(loader->view->coord->store, parts[i].sql,
		    TCTL_ARGS(TCTL_N(first), TCTL_N(last)), parts[i].take,
		    loader, NULL, err);
	}
	return status;
}

static int
by_place(const void *a, const void *b)
{
	const struct loaded *x = a, *y = b;

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
refer(struct loader *loader, struct tctl_error *err)
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
hand_over(struct loader *loader, struct tctl_tasks *out)
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
	struct loader loader = { .view = view };
	enum tctl_status status = load(&loader, first, last, err);

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
	int64_t x = ((const struct loaded *)a)->row;
	int64_t y = ((const struct loaded *)b)->row;

	return (x > y) - (x < y);
}

/* So many that reading all of them once is cheaper than each by itself. */
static enum tctl_status
load_many(
    struct loader *all, const int64_t *id, size_t count, struct tctl_error *err)
{
	struct loader every = { .view = all->view };
	enum tctl_status status = load(&every, 0, INT64_MAX, err);

	for (size_t i = 0; status == TCTL_OK && i < count; i++) {
		const struct loaded wanted = { .row = id[i] };
		const struct loaded *row = bsearch(
		    &wanted, every.at, every.count, sizeof(*every.at), by_row);

		if (row == NULL)
			continue;
		all->at = tctl_grow(all->at, all->count, sizeof(*all->at));
		all->at[all->count++] = *row;
	}
	free(every.at);
	return status;
}

static enum tctl_status
load_each(
    struct loader *all, const int64_t *id, size_t count, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < count; i++) {
		struct loader one = { .view = all->view };

		status = load(&one, id[i], id[i], err);
		if (status == TCTL_OK && one.count == 1) {
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
	struct loader all = { .view = view };
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
