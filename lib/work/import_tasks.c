/* import_tasks.c - the tasks of a plan: inserted, or merged with what is there.
 */
#include "import.h"

static bool
differs(const char *a, const char *b)
{
	return strcmp(tctl_word_or_empty(a), tctl_word_or_empty(b)) != 0;
}

struct tctl_import_line
tctl_import_line_merge(
    const struct tctl_import_line *was, const struct tctl_item *item)
{
	struct tctl_import_line new = {
		.text = item->text, .done = item->done, .ticked = item->done
	};

	if (was == NULL)
		return new;
	new.done = was->done || (item->done && !was->ticked);
	new.ticked =
	    tctl_import_still_ticked(was->ticked, item->done, new.done);
	return new;
}

static enum tctl_status
insert_items(struct tctl_importing *import, int64_t id, const char *kind,
    const struct tctl_items *items, const struct tctl_import_row *row,
    struct tctl_error *err)
{
	const struct tctl_import_line **was =
	    row == NULL ? NULL
			: tctl_import_lines_match(
			      import->change.arena, row, kind, items);
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < items->count; i++) {
		struct tctl_import_line new = tctl_import_line_merge(
		    was == NULL ? NULL : was[i], &items->at[i]);

		status = tctl_query(import->change.store, tctl_sql_line_insert,
		    TCTL_ARGS(TCTL_N(id), TCTL_T(kind), TCTL_N((int64_t)i + 1),
			TCTL_T(new.text), TCTL_N(new.done)),
		    NULL, NULL, NULL, err);
		if (status == TCTL_OK && new.ticked)
			status = tctl_query(import->change.store,
			    tctl_sql_ticked_insert,
			    TCTL_ARGS(TCTL_N(id), TCTL_T(kind),
				TCTL_N((int64_t)i + 1)),
			    NULL, NULL, NULL, err);
	}
	return status;
}

static enum tctl_status
insert_lines(struct tctl_importing *import, int64_t id,
    const struct tctl_task *task, const struct tctl_import_row *row,
    struct tctl_error *err)
{
	/* By kind, as the table is sorted. */
	enum tctl_status status =
	    insert_items(import, id, "criterion", &task->criteria, row, err);

	for (size_t i = 0; status == TCTL_OK && i < task->files.count; i++)
		status = tctl_query(import->change.store, tctl_sql_line_insert,
		    TCTL_ARGS(TCTL_N(id), TCTL_T("file"),
			TCTL_N((int64_t)i + 1), TCTL_T(task->files.at[i]),
			TCTL_N(0)),
		    NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status =
		    insert_items(import, id, "step", &task->steps, row, err);
	return status;
}

/* Most tasks share a few lanes. */
static enum tctl_status
insert_lane(struct tctl_importing *import, const char *mutex, const char *agent,
    struct tctl_error *err)
{
	struct tctl_arena *arena = import->change.arena;
	size_t known =
	    import->lanes < TCTL_LANES_KNOWN ? import->lanes : TCTL_LANES_KNOWN;

	for (size_t i = 0; i < known; i++)
		if (strcmp(import->lane[i].agent, agent) == 0 &&
		    strcmp(import->lane[i].mutex, mutex) == 0)
			return TCTL_OK;
	import->lane[import->lanes++ % TCTL_LANES_KNOWN] =
	    (struct tctl_lane){ tctl_arena_strdup(arena, mutex),
		    tctl_arena_strdup(arena, agent) };
	return tctl_query(import->change.store, tctl_sql_lane_insert,
	    TCTL_ARGS(TCTL_T(mutex), TCTL_T(agent)), NULL, NULL, NULL, err);
}

static int64_t
sprint_of(const struct tctl_importing *import, size_t i)
{
	size_t sprint = import->plan->task_sprint[i];

	return sprint == TCTL_NONE ? 0 : import->sprint_id[sprint];
}

static void
lane_of(const char *agent, char lane[TCTL_AGENT_MAX])
{
	lane[0] = '\0';
	if (agent != NULL)
		tctl_agent_normalise(agent, lane);
}

static enum tctl_status
insert_task(struct tctl_importing *import, size_t i, struct tctl_error *err)
{
	const struct tctl_task *task = &import->plan->task[i];
	const struct tctl_arg null = TCTL_T(NULL);
	char norm[TCTL_ID_MAX], lane[TCTL_AGENT_MAX];
	const struct tctl_first *first = import->first;
	int64_t sprint = sprint_of(import, i);
	enum tctl_status status;

	if (!tctl_id_normalise(task->id, norm))
		return tctl_fail(err, TCTL_EINVALID,
		    "%s:%d: \"%.60s\" cannot be a task id", import->plan->file,
		    task->line, task->id);
	lane_of(task->planned_agent, lane);
	import->task_id[i] = ++import->last_id;
	status = tctl_query(import->change.store, tctl_sql_task_insert,
	    TCTL_ARGS(TCTL_N(import->task_id[i]), TCTL_N(import->plan_id),
		TCTL_T(task->id), TCTL_T(norm), TCTL_T(task->title),
		sprint == 0 ? null : TCTL_N(sprint), TCTL_N((int64_t)i),
		TCTL_N(task->priority),
		task->estimate_s < 0 ? null : TCTL_N(task->estimate_s),
		TCTL_T(task->planned_agent), TCTL_T(lane),
		TCTL_T(tctl_word_or_empty(task->mutex)), TCTL_N(task->line),
		TCTL_N(task->ticked), TCTL_T(task->ticked ? "done" : "open"),
		task->ticked ? TCTL_N(import->change.now.wall_ms) : null,
		TCTL_T(task->ticked ? "plan" : NULL),
		TCTL_N(first == NULL ? 0 : first->unmet[i]),
		TCTL_N(first == NULL ? 0 : first->bars[i]),
		TCTL_N(first == NULL ? 0 : first->tail_s[i])),
	    NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status = insert_lane(
		    import, tctl_word_or_empty(task->mutex), lane, err);
	if (status == TCTL_OK)
		status =
		    insert_lines(import, import->task_id[i], task, NULL, err);
	tctl_strings_add(import->out->arena, &import->out->added,
	    tctl_arena_strdup(import->out->arena, task->id));
	return status;
}

/* A field that a person has set stays; say so where the plan differs. */
static bool
is_kept(struct tctl_importing *import, const struct tctl_import_row *row,
    int64_t bit, const char *field)
{
	if ((row->hand & bit) == 0)
		return false;
	tctl_importing_say(import,
	    "%s: %s is kept as set by hand, the plan differs", row->key, field);
	return true;
}

/* The row as the plan has it now, but for what is kept; the names of the
 * fields that change are added to what. */
static struct tctl_import_row
merge(struct tctl_importing *import, size_t i,
    const struct tctl_import_row *row, struct tctl_strings *what)
{
	const struct tctl_task *task = &import->plan->task[i];
	struct tctl_arena *arena = import->change.arena;
	struct tctl_import_row new = *row;

	if (differs(row->title, task->title) &&
	    !is_kept(import, row, TCTL_HAND_TITLE, "the title")) {
		new.title = task->title;
		tctl_strings_add(arena, what, "title");
	}
	if (differs(row->sprint, task->sprint) &&
	    !is_kept(import, row, TCTL_HAND_SPRINT, "the sprint")) {
		new.sprint_id = sprint_of(import, i);
		tctl_strings_add(arena, what, "sprint");
	}
	if (row->priority != task->priority &&
	    !is_kept(import, row, TCTL_HAND_PRIORITY, "the priority")) {
		new.priority = task->priority;
		tctl_strings_add(arena, what, "priority");
	}
	if (row->estimate_s != task->estimate_s &&
	    !is_kept(import, row, TCTL_HAND_ESTIMATE, "the estimate")) {
		new.estimate_s = task->estimate_s;
		tctl_strings_add(arena, what, "estimate");
	}
	if (differs(row->agent, task->planned_agent) &&
	    !is_kept(import, row, TCTL_HAND_AGENT, "the planned agent")) {
		new.agent = task->planned_agent;
		tctl_strings_add(arena, what, "planned agent");
	}
	if (differs(row->mutex, task->mutex) &&
	    !is_kept(import, row, TCTL_HAND_MUTEX, "the mutex")) {
		new.mutex = tctl_word_or_empty(task->mutex);
		tctl_strings_add(arena, what, "mutex");
	}
	return new;
}

/* *ticked: only what the plan's boxes say is other than it was. */
static bool
lines_differ(const struct tctl_import_row *row, const struct tctl_task *task,
    bool *ticked)
{
	size_t file = 0, criterion = 0, step = 0;

	*ticked = false;
	for (size_t i = 0; i < row->line_count; i++) {
		const struct tctl_import_line *line = &row->lines[i];
		struct tctl_import_line new = { .text = NULL };

		if (line->kind[0] == 'f' && file < task->files.count)
			new.text = task->files.at[file++];
		else if (line->kind[0] == 'c' &&
			 criterion < task->criteria.count)
			new = tctl_import_line_merge(
			    line, &task->criteria.at[criterion++]);
		else if (line->kind[0] == 's' && step < task->steps.count)
			new = tctl_import_line_merge(
			    line, &task->steps.at[step++]);
		if (new.text == NULL || strcmp(new.text, line->text) != 0 ||
		    (new.done && !line->done))
			return true;
		*ticked |= new.ticked != line->ticked;
	}
	return file != task->files.count || criterion != task->criteria.count ||
	       step != task->steps.count;
}

static enum tctl_status
write_row(struct tctl_importing *import, size_t i,
    const struct tctl_import_row *new, struct tctl_error *err)
{
	const struct tctl_task *task = &import->plan->task[i];
	const struct tctl_arg null = TCTL_T(NULL);
	char lane[TCTL_AGENT_MAX];
	enum tctl_status status;

	lane_of(new->agent, lane);
	status = tctl_query(import->change.store, tctl_sql_task_update,
	    TCTL_ARGS(TCTL_T(new->title),
		new->sprint_id == 0 ? null : TCTL_N(new->sprint_id),
		TCTL_N((int64_t)i), TCTL_N(new->priority),
		new->estimate_s < 0 ? null : TCTL_N(new->estimate_s),
		TCTL_T(new->agent), TCTL_T(lane), TCTL_T(new->mutex),
		TCTL_N(task->line), TCTL_N(new->hand), TCTL_N(0),
		TCTL_N(new->id)),
	    NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status = insert_lane(import, new->mutex, lane, err);
	return status;
}

static void
note_changed(
    struct tctl_importing *import, size_t i, const struct tctl_strings *what)
{
	struct tctl_arena *arena = import->out->arena;
	const char *key = import->plan->task[i].id, *text = "";

	import->changed[i] = true;
	for (size_t j = 0; j < what->count; j++)
		text = tctl_arena_printf(
		    arena, "%s%s%s", text, j > 0 ? ", " : "", what->at[j]);
	tctl_importing_say(import, "%s: %s changed", key, text);
}

static enum tctl_status
update_task(struct tctl_importing *import, size_t i,
    struct tctl_import_row *row, struct tctl_error *err)
{
	const struct tctl_task *task = &import->plan->task[i];
	struct tctl_store *store = import->change.store;
	struct tctl_strings what = { NULL, 0 };
	struct tctl_import_row new = merge(import, i, row, &what);
	bool ticked, new_lines = lines_differ(row, task, &ticked);
	bool new_tick = task->ticked && !row->ticked;
	bool is_ticked = tctl_import_still_ticked(
	    row->ticked, task->ticked, strcmp(row->state, "done") == 0);
	enum tctl_status status = TCTL_OK;

	row->seen = true;
	import->task_id[i] = row->id;
	import->row[i] = row;
	if (row->orphaned)
		tctl_strings_add(
		    import->change.arena, &what, "back in the plan;");
	if (new_lines)
		tctl_strings_add(
		    import->change.arena, &what, "files, criteria or steps");
	if (what.count > 0)
		status = write_row(import, i, &new, err);
	/* A tick that comes while somebody is at it is not honoured yet. */
	if (new_tick && strcmp(row->state, "claimed") == 0)
		is_ticked = false;
	if (status == TCTL_OK &&
	    (row->position != (int64_t)i || row->line != task->line ||
		row->ticked != is_ticked)) {
		import->moved = import->shifted[i] = true;
		status = tctl_query(store, tctl_sql_task_place,
		    TCTL_ARGS(TCTL_N((int64_t)i), TCTL_N(task->line),
			TCTL_N(is_ticked), TCTL_N(row->id)),
		    NULL, NULL, NULL, err);
	}
	import->moved |= ticked;
	import->reticked[i] = ticked;
	if (status == TCTL_OK && (new_lines || ticked)) {
		status = tctl_query(store, tctl_sql_line_delete,
		    TCTL_ARGS(TCTL_N(row->id)), NULL, NULL, NULL, err);
		if (status == TCTL_OK)
			status = tctl_query(store, tctl_sql_ticked_delete,
			    TCTL_ARGS(TCTL_N(row->id)), NULL, NULL, NULL, err);
		if (status == TCTL_OK)
			status = insert_lines(import, row->id, task, row, err);
	}
	if (new_tick) {
		import->finish =
		    tctl_arena_grow(import->change.arena, import->finish,
			import->finish_count, sizeof(*import->finish));
		import->finish[import->finish_count++] = row->id;
	}
	if (what.count > 0)
		note_changed(import, i, &what);
	return status;
}

enum tctl_status
tctl_import_tasks(struct tctl_importing *import, struct tctl_error *err)
{
	const struct tctl_plan *plan = import->plan;
	struct tctl_arena *arena = import->change.arena;
	size_t n = plan->task_count + 1;
	enum tctl_status status = TCTL_OK;

	import->task_id = tctl_arena_alloc(arena, n * sizeof(int64_t));
	import->row = tctl_arena_alloc(arena, n * sizeof(*import->row));
	import->changed = tctl_arena_alloc(arena, n * sizeof(bool));
	import->shifted = tctl_arena_alloc(arena, n * sizeof(bool));
	import->reticked = tctl_arena_alloc(arena, n * sizeof(bool));
	for (size_t i = 0; status == TCTL_OK && i < plan->task_count; i++) {
		struct tctl_import_row *row =
		    tctl_import_rows_find(&import->rows, plan->task[i].id);

		status = row == NULL ? insert_task(import, i, err)
				     : update_task(import, i, row, err);
	}
	return status;
}
