/* view_rows.c - tasks out of the store: what the columns say, and what a judged
 * lease makes of a state. */
#include <string.h>

#include "change.h"
#include "view_rows.h"

/* The same for a column that mostly repeats: sprint, plan, file, after. */
static const char *
keep_once(struct tctl_loader *loader, size_t slot, const char *text)
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
set_state(struct tctl_loader *loader, struct tctl_loaded *row,
    const char *state, bool is_free)
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

/* No task is without one: a store that says so is damaged. */
static void
take_plan(struct tctl_loader *loader, struct tctl_loaded *row, const char *col)
{
	if (col == NULL)
		loader->lost = row->row;
	row->plan = tctl_col(col);
}

static void
take_task(void *into, const char *const col[])
{
	struct tctl_loader *loader = into;
	struct tctl_loaded *row;
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
	take_plan(loader, row, col[23]);
	set_state(loader, row, tctl_col_text(col[1]), is_free);
}

/* The task that a child row belongs to, or NULL. */
static struct tctl_task *
parent(struct tctl_loader *loader, const char *col)
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
reference(struct tctl_loader *loader, const struct tctl_task *task,
    const char *key, const char *plan)
{
	return strcmp(task->plan, plan) == 0
		   ? tctl_arena_strdup(loader->view->arena, key)
		   : tctl_arena_printf(loader->view->arena, "%s:%s", plan, key);
}

static void
take_need(void *into, const char *const col[])
{
	struct tctl_loader *loader = into;
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
	struct tctl_loader *loader = into;
	struct tctl_task *task = parent(loader, col[0]);

	if (task != NULL)
		tctl_strings_add(loader->view->arena, &task->unblocks,
		    reference(loader, task, tctl_col_text(col[1]),
			tctl_col_text(col[3])));
}

static void
take_line(void *into, const char *const col[])
{
	struct tctl_loader *loader = into;
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
	struct tctl_loader *loader = into;
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
	struct tctl_loader *loader = into;
	struct tctl_loaded *row;

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
	take_plan(loader, row, col[8]);
	row->task.estimate_s = -1;
	row->task.is_gate = (tctl_col(col[3]) & TCTL_BAR_IS_GATE) != 0;
	set_state(loader, row, tctl_col_text(col[1]),
	    tctl_col(col[2]) == 0 && tctl_col(col[3]) == 0);
}

/* The same, of what need not be read again. */
static void
take_known(struct tctl_loader *loader, int64_t id)
{
	const struct tctl_known *known = loader->view->known;
	struct tctl_loaded *row;

	loader->at = tctl_grow(loader->at, loader->count, sizeof(*loader->at));
	row = &loader->at[loader->count++];
	*row = (struct tctl_loaded){ .row = id,
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

enum tctl_status
tctl_view_rows(struct tctl_loader *loader, int64_t first, int64_t last,
    struct tctl_error *err)
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
		if (status == TCTL_OK && loader->lost != 0)
			status = tctl_row_lost(loader->lost, err);
	}
	return status;
}
