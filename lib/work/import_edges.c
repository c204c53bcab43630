/* import_edges.c - the dependencies of a plan, what is gone from it, and what
 * is newly ticked in it. */
#include "import.h"

static struct tctl_import_dep *
find_dep(struct tctl_import_row *row, int64_t needs)
{
	for (size_t i = 0; row != NULL && i < row->dep_count; i++)
		if (row->deps[i].needs == needs)
			return &row->deps[i];
	return NULL;
}

static void
note_edge(
    struct tctl_importing *import, size_t i, const char *verb, const char *need)
{
	const struct tctl_import_row *row = import->row[i];

	if (row == NULL)
		return; /* all of it is new */
	import->changed[i] = true;
	tctl_importing_say(import, "%s: %s %s%s", row->key, verb, need,
	    strcmp(row->state, "claimed") == 0
		? "; it is in work, which goes on"
		: "");
}

static enum tctl_status
add_edges(struct tctl_importing *import, struct tctl_error *err)
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
				tctl_importing_say(import,
				    "%s: does not need %s, as set by "
				    "hand; the plan differs",
				    plan->task[task].id, plan->task[need].id);
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
drop_edges(struct tctl_importing *import, struct tctl_error *err)
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

enum tctl_status
tctl_import_edges(struct tctl_importing *import, struct tctl_error *err)
{
	enum tctl_status status = add_edges(import, err);

	return status == TCTL_OK ? drop_edges(import, err) : status;
}

/* --- what is gone, what is ticked
 * ------------------------------------------------ */

/* What --prune cancels: neither finished nor in work. */
static bool
can_prune(
    const struct tctl_importing *import, const struct tctl_import_row *row)
{
	return import->prune && strcmp(row->state, "done") != 0 &&
	       strcmp(row->state, "cancelled") != 0 &&
	       strcmp(row->state, "claimed") != 0;
}

static enum tctl_status
orphan(struct tctl_importing *import, struct tctl_import_row *row,
    struct tctl_error *err)
{
	struct tctl_change *change = &import->change;
	struct tctl_row task;
	enum tctl_status status =
	    tctl_query(change->store, tctl_sql_task_orphan,
		TCTL_ARGS(TCTL_N(1), TCTL_N(row->id)), NULL, NULL, NULL, err);

	tctl_strings_add(import->out->arena, &import->out->removed,
	    tctl_arena_strdup(import->out->arena, row->key));
	if (status == TCTL_OK)
		status = tctl_importing_record(
		    import, TCTL_EVENT_ORPHANED, row->id, NULL, err);
	if (strcmp(row->state, "claimed") == 0)
		tctl_importing_say(import,
		    "%s: gone from the plan, but in work: kept", row->key);
	if (status != TCTL_OK || !can_prune(import, row))
		return status;
	status =
	    tctl_row_read(change->store, change->arena, row->id, &task, err);
	if (status == TCTL_OK)
		status = tctl_query(change->store, tctl_sql_lease_bury,
		    TCTL_ARGS(TCTL_T("cancelled"), TCTL_N(row->id)), NULL, NULL,
		    NULL, err);
	if (status == TCTL_OK)
		status = tctl_row_move(change, &task, "cancelled",
		    task.attempts, NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status = tctl_importing_record(
		    import, TCTL_EVENT_CANCELLED, row->id, NULL, err);
	return status;
}

enum tctl_status
tctl_import_gone(struct tctl_importing *import, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	if (import->plan->is_piece) /* the rest is in other files */
		return TCTL_OK;
	for (size_t i = 0; status == TCTL_OK && i < import->rows.count; i++) {
		struct tctl_import_row *row = &import->rows.at[i];

		if (!row->seen && (!row->orphaned || can_prune(import, row)))
			status = orphan(import, row, err);
	}
	if (status != TCTL_OK || import->out->removed.count == 0)
		return status;
	/* Nobody waits for them any longer. */
	status = tctl_query(import->change.store, tctl_sql_sprint_free_gates,
	    TCTL_ARGS(TCTL_N(import->plan_id)), NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status = tctl_sprints_count(&import->change, err);
	return status;
}

/* A box newly ticked finishes a task that nobody is at. */
enum tctl_status
tctl_import_ticked(struct tctl_importing *import, struct tctl_error *err)
{
	struct tctl_change *change = &import->change;
	enum tctl_status status = TCTL_OK;
	struct tctl_row row;

	for (size_t i = 0; status == TCTL_OK && i < import->finish_count; i++) {
		status = tctl_row_read(
		    change->store, change->arena, import->finish[i], &row, err);
		if (status != TCTL_OK)
			break;
		if (strcmp(row.state, "claimed") == 0)
			tctl_importing_say(import,
			    "%s: ticked in the plan, but in work: its "
			    "holder finishes it",
			    row.key);
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
			status = tctl_importing_record(
			    import, TCTL_EVENT_DONE, row.id, NULL, err);
		tctl_importing_say(
		    import, "%s: done, ticked in the plan", row.key);
	}
	return status;
}
