/* import.c - making the store say what a plan says, and losing no state. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "edit.h"
#include "import_rows.h"
#include "network.h"
#include "taskctl/json.h"

struct import {
	struct tctl_change change;
	struct tctl_actor actor;
	const struct tctl_plan *plan;
	struct tctl_import *out;
	bool prune;
	int64_t plan_id;
	int64_t last_id; /* the highest id of any task */
	int64_t *sprint_id; /* of each of the plan's sprints */
	int64_t *task_id;   /* of each of the plan's tasks */
	struct tctl_import_row **row; /* what was there of each, or NULL */
	struct tctl_import_rows rows;
	bool *changed; /* each of the plan's tasks */
	bool moved;	 /* sprints or places in the file are other ones */
	int64_t *finish; /* tasks newly ticked in the plan */
	size_t finish_count;
};

static void
take_id(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

static const char *
word_or_empty(const char *text)
{
	return text == NULL ? "" : text;
}

static bool
differs(const char *a, const char *b)
{
	return strcmp(word_or_empty(a), word_or_empty(b)) != 0;
}

static void
say(struct import *import, const char *text)
{
	tctl_strings_add(import->out->arena, &import->out->said, text);
}

/* FNV-1a over every column of a plan's sprints that the plan sets: tells
 * whether an import has changed any (Fowler, Noll, Vo; 64 bits). */
#define FNV_BASIS UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

static uint64_t
fnv(uint64_t hash, const char *text)
{
	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * FNV_PRIME;
	return (hash ^ 0x1f) * FNV_PRIME; /* where one column ends */
}

/* --- sprints ------------------------------------------------------------------- */

static void
take_print(void *into, const char *const col[])
{
	enum { COLUMNS = 5 };
	uint64_t *hash = into;

	for (int i = 0; i < COLUMNS; i++)
		*hash = fnv(*hash, word_or_empty(col[i]));
}

static enum tctl_status
print_sprints(struct import *import, uint64_t *out, struct tctl_error *err)
{
	*out = FNV_BASIS;
	return tctl_query(import->change.store, tctl_sql_sprint_print,
	    TCTL_ARGS(TCTL_N(import->plan_id)), take_print, out, NULL, err);
}

static enum tctl_status
write_sprints(struct import *import, struct tctl_error *err)
{
	const struct tctl_plan *plan = import->plan;
	struct tctl_store *store = import->change.store;
	enum tctl_status status = TCTL_OK;

	import->sprint_id = tctl_arena_alloc(import->change.arena,
	    (plan->sprint_count + 1) * sizeof(*import->sprint_id));
	for (size_t i = 0; status == TCTL_OK && i < plan->sprint_count; i++) {
		const struct tctl_sprint *sprint = &plan->sprint[i];

		status = tctl_query(store, tctl_sql_sprint_upsert,
		    TCTL_ARGS(TCTL_N(import->plan_id), TCTL_T(sprint->key),
			TCTL_T(word_or_empty(sprint->title)),
			TCTL_N((int64_t)i), TCTL_N(sprint->complete)),
		    take_id, &import->sprint_id[i], NULL, err);
	}
	for (size_t i = 0; status == TCTL_OK && i < plan->sprint_count; i++) {
		size_t after = plan->sprint[i].after;

		status = tctl_query(store, tctl_sql_sprint_set_after,
		    TCTL_ARGS(after == TCTL_NONE
			    ? TCTL_T(NULL)
			    : TCTL_N(import->sprint_id[after]),
			TCTL_N(import->sprint_id[i])),
		    NULL, NULL, NULL, err);
	}
	return status;
}

static enum tctl_status
store_sprints(struct import *import, struct tctl_error *err)
{
	uint64_t before, after;
	enum tctl_status status = print_sprints(import, &before, err);

	if (status == TCTL_OK)
		status = write_sprints(import, err);
	if (status == TCTL_OK)
		status = print_sprints(import, &after, err);
	if (status == TCTL_OK && before != after)
		import->moved = true;
	return status;
}

/* --- tasks ---------------------------------------------------------------------- */

static enum tctl_status
record(struct import *import, enum tctl_event_kind kind, int64_t id,
    struct json_object *data, struct tctl_error *err)
{
	return tctl_change_event(
	    &import->change, kind, id, &import->actor, data, err);
}

static enum tctl_status
insert_lines(struct import *import, int64_t id, const struct tctl_task *task,
    const struct tctl_import_row *row, struct tctl_error *err)
{
	struct tctl_store *store = import->change.store;
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < task->files.count; i++)
		status = tctl_query(store, tctl_sql_line_insert,
		    TCTL_ARGS(TCTL_N(id), TCTL_T("file"),
			TCTL_N((int64_t)i + 1), TCTL_T(task->files.at[i]),
			TCTL_N(0)),
		    NULL, NULL, NULL, err);
	for (int kind = 0; kind < 2; kind++) {
		const struct tctl_items *items =
		    kind == 0 ? &task->criteria : &task->steps;
		const char *word = kind == 0 ? "criterion" : "step";

		for (size_t i = 0; status == TCTL_OK && i < items->count;
		     i++) {
			bool done = items->at[i].done;

			/* A step that was ticked here stays ticked. */
			for (size_t j = 0; row != NULL && j < row->line_count;
			     j++)
				if (strcmp(row->lines[j].kind, word) == 0 &&
				    strcmp(row->lines[j].text,
					items->at[i].text) == 0)
					done = done || row->lines[j].done;
			status = tctl_query(store, tctl_sql_line_insert,
			    TCTL_ARGS(TCTL_N(id), TCTL_T(word),
				TCTL_N((int64_t)i + 1),
				TCTL_T(items->at[i].text), TCTL_N(done)),
			    NULL, NULL, NULL, err);
		}
	}
	return status;
}

static enum tctl_status
insert_lane(struct import *import, const struct tctl_task *task,
    const char *lane, struct tctl_error *err)
{
	return tctl_query(import->change.store, tctl_sql_lane_insert,
	    TCTL_ARGS(TCTL_T(word_or_empty(task->mutex)), TCTL_T(lane)), NULL,
	    NULL, NULL, err);
}

static int64_t
sprint_of(const struct import *import, size_t i)
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
insert_task(struct import *import, size_t i, struct tctl_error *err)
{
	const struct tctl_task *task = &import->plan->task[i];
	const struct tctl_arg null = TCTL_T(NULL);
	char norm[TCTL_ID_MAX], lane[TCTL_AGENT_MAX];
	int64_t sprint = sprint_of(import, i);
	enum tctl_status status;

	if (!tctl_id_normalise(task->id, norm))
		return tctl_fail(err, TCTL_EINVALID,
		    "%s:%d: \"%.60s\" cannot be a task id", import->plan->file,
		    task->line, task->id);
	lane_of(task->planned_agent, lane);
	import->task_id[i] = ++import->last_id;
	status = tctl_query(import->change.store, tctl_sql_task_insert,
	    TCTL_ARGS(TCTL_N(import->task_id[i]), TCTL_N(import->plan_id), TCTL_T(task->id), TCTL_T(norm),
		TCTL_T(task->title), sprint == 0 ? null : TCTL_N(sprint),
		TCTL_N((int64_t)i), TCTL_N(task->priority),
		task->estimate_s < 0 ? null : TCTL_N(task->estimate_s),
		TCTL_T(task->planned_agent), TCTL_T(lane),
		TCTL_T(word_or_empty(task->mutex)), TCTL_N(task->line),
		TCTL_N(task->ticked), TCTL_T(task->ticked ? "done" : "open"),
		task->ticked ? TCTL_N(import->change.now.wall_ms) : null,
		TCTL_T(task->ticked ? "plan" : NULL)),
	    NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status = insert_lane(import, task, lane, err);
	if (status == TCTL_OK)
		status =
		    insert_lines(import, import->task_id[i], task, NULL, err);
	tctl_strings_add(import->out->arena, &import->out->added,
	    tctl_arena_strdup(import->out->arena, task->id));
	return status;
}

/* A field that a person has set stays; say so where the plan differs. */
static bool
is_kept(struct import *import, const struct tctl_import_row *row, int64_t bit,
    const char *field)
{
	if ((row->hand & bit) == 0)
		return false;
	say(import,
	    tctl_arena_printf(import->out->arena,
		"%s: %s is kept as set by hand, the plan differs", row->key,
		field));
	return true;
}

/* The row as the plan has it now, but for what is kept; the names of the
 * fields that change are added to what. */
static struct tctl_import_row
merge(struct import *import, size_t i, const struct tctl_import_row *row,
    struct tctl_strings *what)
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
		new.mutex = word_or_empty(task->mutex);
		tctl_strings_add(arena, what, "mutex");
	}
	return new;
}

static bool
lines_differ(const struct tctl_import_row *row, const struct tctl_task *task)
{
	size_t file = 0, criterion = 0, step = 0;

	for (size_t i = 0; i < row->line_count; i++) {
		const struct tctl_import_line *line = &row->lines[i];
		const char *text = NULL;
		bool done = false;

		if (line->kind[0] == 'f' && file < task->files.count) {
			text = task->files.at[file++];
		} else if (line->kind[0] == 'c' &&
		    criterion < task->criteria.count) {
			done = task->criteria.at[criterion].done;
			text = task->criteria.at[criterion++].text;
		} else if (line->kind[0] == 's' && step < task->steps.count) {
			done = task->steps.at[step].done;
			text = task->steps.at[step++].text;
		}
		if (text == NULL || strcmp(text, line->text) != 0 ||
		    (done && !line->done))
			return true;
	}
	return file != task->files.count || criterion != task->criteria.count ||
	    step != task->steps.count;
}

static enum tctl_status
write_row(struct import *import, size_t i, const struct tctl_import_row *new,
    struct tctl_error *err)
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
		status = tctl_query(import->change.store, tctl_sql_lane_insert,
		    TCTL_ARGS(TCTL_T(new->mutex), TCTL_T(lane)), NULL, NULL,
		    NULL, err);
	return status;
}

static void
note_changed(struct import *import, size_t i, const struct tctl_strings *what)
{
	struct tctl_arena *arena = import->out->arena;
	const char *key = import->plan->task[i].id, *text = "";

	import->changed[i] = true;
	for (size_t j = 0; j < what->count; j++)
		text = tctl_arena_printf(
		    arena, "%s%s%s", text, j > 0 ? ", " : "", what->at[j]);
	say(import, tctl_arena_printf(arena, "%s: %s changed", key, text));
}

static enum tctl_status
update_task(struct import *import, size_t i, struct tctl_import_row *row,
    struct tctl_error *err)
{
	const struct tctl_task *task = &import->plan->task[i];
	struct tctl_store *store = import->change.store;
	struct tctl_strings what = { NULL, 0 };
	struct tctl_import_row new = merge(import, i, row, &what);
	bool new_lines = lines_differ(row, task);
	enum tctl_status status = TCTL_OK;

	row->seen = true;
	import->task_id[i] = row->id;
	import->row[i] = row;
	if (row->orphaned)
		tctl_strings_add(import->change.arena, &what, "back in the plan;");
	if (new_lines)
		tctl_strings_add(
		    import->change.arena, &what, "files, criteria or steps");
	if (what.count > 0)
		status = write_row(import, i, &new, err);
	/* A tick that comes while somebody is at it is not honoured yet. */
	if (status == TCTL_OK &&
	    (row->position != (int64_t)i || row->line != task->line ||
		row->ticked != task->ticked)) {
		import->moved = true;
		status = tctl_query(store, tctl_sql_task_place,
		    TCTL_ARGS(TCTL_N((int64_t)i), TCTL_N(task->line),
			TCTL_N(task->ticked &&
			    (row->ticked || strcmp(row->state, "claimed") != 0)),
			TCTL_N(row->id)),
		    NULL, NULL, NULL, err);
	}
	if (status == TCTL_OK && new_lines) {
		status = tctl_query(store, tctl_sql_line_delete,
		    TCTL_ARGS(TCTL_N(row->id)), NULL, NULL, NULL, err);
		if (status == TCTL_OK)
			status = insert_lines(import, row->id, task, row, err);
	}
	if (task->ticked && !row->ticked) {
		import->finish = tctl_arena_grow(import->change.arena,
		    import->finish, import->finish_count,
		    sizeof(*import->finish));
		import->finish[import->finish_count++] = row->id;
	}
	if (what.count > 0)
		note_changed(import, i, &what);
	return status;
}

static enum tctl_status
store_tasks(struct import *import, struct tctl_error *err)
{
	const struct tctl_plan *plan = import->plan;
	struct tctl_arena *arena = import->change.arena;
	size_t n = plan->task_count + 1;
	enum tctl_status status = TCTL_OK;

	import->task_id = tctl_arena_alloc(arena, n * sizeof(int64_t));
	import->row = tctl_arena_alloc(arena, n * sizeof(*import->row));
	import->changed = tctl_arena_alloc(arena, n * sizeof(bool));
	for (size_t i = 0; status == TCTL_OK && i < plan->task_count; i++) {
		struct tctl_import_row *row = tctl_import_rows_find(
		    &import->rows, plan->task[i].id);

		status = row == NULL ? insert_task(import, i, err)
				     : update_task(import, i, row, err);
	}
	return status;
}

/* --- edges ---------------------------------------------------------------------- */

static struct tctl_import_dep *
find_dep(struct tctl_import_row *row, int64_t needs)
{
	for (size_t i = 0; row != NULL && i < row->dep_count; i++)
		if (row->deps[i].needs == needs)
			return &row->deps[i];
	return NULL;
}

static void
note_edge(struct import *import, size_t i, const char *verb, const char *need)
{
	struct tctl_arena *arena = import->out->arena;
	const struct tctl_import_row *row = import->row[i];

	if (row == NULL)
		return; /* all of it is new */
	import->changed[i] = true;
	say(import,
	    tctl_arena_printf(arena, "%s: %s %s%s", row->key, verb, need,
		strcmp(row->state, "claimed") == 0
		    ? "; it is in work, which goes on"
		    : ""));
}

static enum tctl_status
add_edges(struct import *import, struct tctl_error *err)
{
	const struct tctl_plan *plan = import->plan;
	enum tctl_status status = TCTL_OK;

	for (size_t e = 0; status == TCTL_OK && e < plan->edge_count; e++) {
		size_t task = plan->edge[e].after, need = plan->edge[e].before;
		struct tctl_import_dep *dep =
		    find_dep(import->row[task], import->task_id[need]);

		if (dep != NULL) {
			dep->wanted = true;
			if (strcmp(dep->origin, "cut") == 0)
				say(import,
				    tctl_arena_printf(import->out->arena,
					"%s: does not need %s, as set by "
					"hand; the plan differs",
					plan->task[task].id,
					plan->task[need].id));
			continue;
		}
		status = tctl_query(import->change.store, tctl_sql_dep_insert,
		    TCTL_ARGS(TCTL_N(import->task_id[task]),
			TCTL_N(import->task_id[need]), TCTL_T("plan")),
		    NULL, NULL, NULL, err);
		note_edge(import, task, "now needs", plan->task[need].id);
	}
	return status;
}

static enum tctl_status
drop_edges(struct import *import, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;
	const char *key;

	for (size_t i = 0; i < import->plan->task_count; i++) {
		const struct tctl_import_row *row = import->row[i];

		for (size_t j = 0; row != NULL && j < row->dep_count; j++) {
			const struct tctl_import_dep *dep = &row->deps[j];

			if (dep->wanted || strcmp(dep->origin, "hand") == 0)
				continue;
			status = tctl_query(import->change.store,
			    tctl_sql_dep_delete,
			    TCTL_ARGS(TCTL_N(row->id), TCTL_N(dep->needs)),
			    NULL, NULL, NULL, err);
			if (status == TCTL_OK)
				status = tctl_row_key(import->change.store,
				    import->change.arena, dep->needs, &key,
				    err);
			if (status != TCTL_OK)
				return status;
			if (strcmp(dep->origin, "plan") == 0)
				note_edge(import, i, "no longer needs", key);
		}
	}
	return TCTL_OK;
}

/* --- what is gone, what is ticked ------------------------------------------------ */

/* What --prune cancels: neither finished nor in work. */
static bool
can_prune(const struct import *import, const struct tctl_import_row *row)
{
	return import->prune && strcmp(row->state, "done") != 0 &&
	    strcmp(row->state, "cancelled") != 0 &&
	    strcmp(row->state, "claimed") != 0;
}

static enum tctl_status
orphan(struct import *import, struct tctl_import_row *row,
    struct tctl_error *err)
{
	struct tctl_change *change = &import->change;
	struct tctl_row task;
	enum tctl_status status = tctl_query(change->store,
	    tctl_sql_task_orphan, TCTL_ARGS(TCTL_N(1), TCTL_N(row->id)), NULL,
	    NULL, NULL, err);

	tctl_strings_add(import->out->arena, &import->out->removed,
	    tctl_arena_strdup(import->out->arena, row->key));
	if (status == TCTL_OK)
		status = record(import, TCTL_EVENT_ORPHANED, row->id, NULL, err);
	if (strcmp(row->state, "claimed") == 0)
		say(import,
		    tctl_arena_printf(import->out->arena,
			"%s: gone from the plan, but in work: kept", row->key));
	if (status != TCTL_OK || !can_prune(import, row))
		return status;
	status =
	    tctl_row_read(change->store, change->arena, row->id, &task, err);
	if (status == TCTL_OK)
		status = tctl_query(change->store, tctl_sql_lease_bury,
		    TCTL_ARGS(TCTL_T("cancelled"), TCTL_N(row->id)), NULL,
		    NULL, NULL, err);
	if (status == TCTL_OK)
		status = tctl_row_move(change, &task, "cancelled",
		    task.attempts, NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status =
		    record(import, TCTL_EVENT_CANCELLED, row->id, NULL, err);
	return status;
}

static enum tctl_status
orphan_unseen(struct import *import, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < import->rows.count; i++) {
		struct tctl_import_row *row = &import->rows.at[i];

		if (!row->seen && (!row->orphaned || can_prune(import, row)))
			status = orphan(import, row, err);
	}
	/* Their sprints wait for them no longer. */
	if (status == TCTL_OK && import->out->removed.count > 0)
		status = tctl_sprints_count(&import->change, err);
	return status;
}

/* A box newly ticked finishes a task that nobody is at. */
static enum tctl_status
finish_ticked(struct import *import, struct tctl_error *err)
{
	struct tctl_change *change = &import->change;
	enum tctl_status status = TCTL_OK;
	struct tctl_row row;

	for (size_t i = 0; status == TCTL_OK && i < import->finish_count;
	     i++) {
		status = tctl_row_read(change->store, change->arena,
		    import->finish[i], &row, err);
		if (status != TCTL_OK)
			break;
		if (strcmp(row.state, "claimed") == 0)
			say(import,
			    tctl_arena_printf(import->out->arena,
				"%s: ticked in the plan, but in work: its "
				"holder finishes it",
				row.key));
		if (strcmp(row.state, "open") != 0 &&
		    strcmp(row.state, "failed") != 0)
			continue;
		status = tctl_query(change->store, tctl_sql_lease_bury,
		    TCTL_ARGS(TCTL_T("changed"), TCTL_N(row.id)), NULL, NULL,
		    NULL, err);
		if (status == TCTL_OK)
			status = tctl_row_move(change, &row, "done",
			    row.attempts, "plan", NULL, NULL, err);
		if (status == TCTL_OK)
			status = record(
			    import, TCTL_EVENT_DONE, row.id, NULL, err);
		say(import,
		    tctl_arena_printf(import->out->arena,
			"%s: done, ticked in the plan", row.key));
	}
	return status;
}

/* --- all of it -------------------------------------------------------------------- */

static enum tctl_status
count_again(struct import *import, struct tctl_error *err)
{
	enum tctl_status status = tctl_query(import->change.store,
	    tctl_sql_count_unmet, TCTL_ARGS(TCTL_N(import->plan_id)), NULL,
	    NULL, NULL, err);

	return status == TCTL_OK ? tctl_sprints_count(&import->change, err)
				 : status;
}

/* One event a task that is new or different, and one for the whole. */
static enum tctl_status
record_all(struct import *import, struct tctl_error *err)
{
	const struct tctl_plan *plan = import->plan;
	struct json_object *data = json_object_new_object();
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < plan->task_count; i++) {
		const struct tctl_import_row *row = import->row[i];

		if (row != NULL && !import->changed[i]) {
			import->out->unchanged++;
			continue;
		}
		if (row != NULL)
			tctl_strings_add(import->out->arena,
			    &import->out->changed,
			    tctl_arena_strdup(
				import->out->arena, plan->task[i].id));
		status = record(import,
		    row == NULL		? TCTL_EVENT_ADDED
			: row->orphaned ? TCTL_EVENT_ADOPTED
					: TCTL_EVENT_CHANGED,
		    import->task_id[i], tctl_json_planned(&plan->task[i]), err);
	}
	json_object_object_add(
	    data, "plan", json_object_new_string(plan->name));
	json_object_object_add(data, "added",
	    json_object_new_int64((int64_t)import->out->added.count));
	json_object_object_add(data, "changed",
	    json_object_new_int64((int64_t)import->out->changed.count));
	json_object_object_add(data, "removed",
	    json_object_new_int64((int64_t)import->out->removed.count));
	if (status == TCTL_OK)
		return record(import, TCTL_EVENT_IMPORTED, 0, data, err);
	json_object_put(data);
	return status;
}

static bool
changed_anything(const struct import *import)
{
	const struct tctl_import *out = import->out;

	if (out->added.count > 0 || out->removed.count > 0 ||
	    import->finish_count > 0 || import->moved)
		return true;
	for (size_t i = 0; i < import->plan->task_count; i++)
		if (import->changed[i])
			return true;
	return false;
}

/* A task that the plan changes is not the one whose lease lapsed. */
static enum tctl_status
bury_changed(struct import *import, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < import->plan->task_count;
	     i++)
		if (import->changed[i])
			status = tctl_query(import->change.store,
			    tctl_sql_lease_bury,
			    TCTL_ARGS(TCTL_T("changed"),
				TCTL_N(import->task_id[i])),
			    NULL, NULL, NULL, err);
	return status;
}

static enum tctl_status
do_import(struct import *import, struct tctl_error *err)
{
	const struct tctl_plan *plan = import->plan;
	static enum tctl_status (*const step[])(
	    struct import *import, struct tctl_error *err) = { store_sprints,
		store_tasks, add_edges, drop_edges, count_again, orphan_unseen,
		finish_ticked, bury_changed };
	enum tctl_status status = tctl_query(import->change.store,
	    tctl_sql_plan_insert,
	    TCTL_ARGS(
		TCTL_T(plan->name), TCTL_T(plan->file), TCTL_T(plan->title)),
	    take_id, &import->plan_id, NULL, err);

	if (status == TCTL_OK)
		status = tctl_query(import->change.store, tctl_sql_task_last,
		    TCTL_NO_ARGS, take_id, &import->last_id, NULL, err);
	if (status == TCTL_OK)
		status = tctl_import_rows_read(import->change.store,
		    import->change.arena, import->plan_id, &import->rows, err);
	for (size_t i = 0; status == TCTL_OK && i < TCTL_COUNT(step); i++)
		status = step[i](import, err);
	if (status == TCTL_OK)
		status = tctl_network_refresh(&import->change, err);
	if (status == TCTL_OK && changed_anything(import))
		return record_all(import, err);
	import->out->unchanged = plan->task_count;
	return status;
}

enum tctl_status
tctl_plan_import(const struct tctl_coord *coord, const struct tctl_caller *who,
    const struct tctl_plan *plan, bool dry_run, bool prune,
    struct tctl_import *out, struct tctl_error *err)
{
	struct import import = { .plan = plan, .prune = prune, .out = out,
		.actor = { who->agent, who->session, 0 } };
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	if (strcmp(plan->name, TCTL_HAND_PLAN) == 0) {
		tctl_fail(err, TCTL_EINVALID,
		    "a plan cannot be called \"%s\": tasks added by hand are",
		    plan->name);
		return tctl_hint(err, "name it with --as NAME");
	}
	status = tctl_change_begin(coord, TCTL_CHANGE, &import.change, err);
	if (status != TCTL_OK)
		return status;
	out->arena = tctl_arena_new();
	status = do_import(&import, err);
	if (status != TCTL_OK || !dry_run)
		return tctl_change_end(&import.change, status, err);
	/* It was all done, only not kept: so what is said is what would be. */
	tctl_store_rollback(coord->store);
	tctl_arena_free(import.change.arena);
	return TCTL_OK;
}

void
tctl_import_release(struct tctl_import *import)
{
	tctl_arena_free(import->arena);
}
