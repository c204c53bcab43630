/* import.c - making the store say what a plan says, and losing no state. */
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "import.h"
#include "network.h"
#include "taskctl/json.h"

void
tctl_importing_take_id(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

void
tctl_importing_say(struct tctl_importing *import, const char *fmt, ...)
{
	struct tctl_arena *arena = import->out->arena;
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	tctl_strings_add(
	    arena, &import->out->said, tctl_arena_strdup(arena, text));
}

enum tctl_status
tctl_importing_record(struct tctl_importing *import, enum tctl_event_kind kind,
    int64_t task, struct json_object *data, struct tctl_error *err)
{
	return tctl_change_event(
	    &import->change, kind, task, &import->actor, data, err);
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

/* --- sprints
 * ------------------------------------------------------------------- */

static void
take_print(void *into, const char *const col[])
{
	enum { COLUMNS = 6 };
	uint64_t *hash = into;

	for (int i = 0; i < COLUMNS; i++)
		*hash = fnv(*hash, tctl_word_or_empty(col[i]));
}

static enum tctl_status
print_sprints(
    struct tctl_importing *import, uint64_t *out, struct tctl_error *err)
{
	*out = FNV_BASIS;
	return tctl_query(import->change.store, tctl_sql_sprint_print,
	    TCTL_ARGS(TCTL_N(import->plan_id)), take_print, out, NULL, err);
}

static enum tctl_status
write_sprints(struct tctl_importing *import, struct tctl_error *err)
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
			TCTL_T(tctl_word_or_empty(sprint->title)),
			TCTL_N((int64_t)i), TCTL_N(sprint->complete),
			TCTL_T(tctl_word_or_empty(sprint->goal))),
		    tctl_importing_take_id, &import->sprint_id[i], NULL, err);
	}
	for (size_t i = 0; status == TCTL_OK && i < plan->sprint_count; i++) {
		size_t after = plan->sprint[i].after;

		if (after == TCTL_NONE && import->first != NULL)
			continue;
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
store_sprints(struct tctl_importing *import, struct tctl_error *err)
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

/* --- all of it
 * -------------------------------------------------------------------- */

/* In a first import the rows already stand as they should, but for what their
 * sprints have left. */
static enum tctl_status
count_first(struct tctl_importing *import, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < import->plan->sprint_count;
	     i++)
		status =
		    tctl_query(import->change.store, tctl_sql_sprint_remaining,
			TCTL_ARGS(TCTL_N(import->first->remaining[i]),
			    TCTL_N(import->sprint_id[i])),
			NULL, NULL, NULL, err);
	return status;
}

enum tctl_status
tctl_import_count(struct tctl_importing *import, struct tctl_error *err)
{
	enum tctl_status status;

	if (import->first != NULL)
		return count_first(import, err);
	status = tctl_query(import->change.store, tctl_sql_count_unmet,
	    TCTL_ARGS(TCTL_N(import->plan_id)), NULL, NULL, NULL, err);
	return status == TCTL_OK ? tctl_sprints_count(&import->change, err)
				 : status;
}

/* The plan's sprints, in order. */
static struct json_object *
tell_sprints(const struct tctl_plan *plan)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < plan->sprint_count; i++) {
		const struct tctl_sprint *sprint = &plan->sprint[i];
		struct json_object *one = json_object_new_object();

		tctl_json_add(one, "id", tctl_json_text(sprint->key));
		tctl_json_add(one, "title", tctl_json_text(sprint->title));
		tctl_json_add(one, "goal", tctl_json_text(sprint->goal));
		tctl_json_add(
		    one, "complete", json_object_new_boolean(sprint->complete));
		tctl_json_add(one, "after",
		    sprint->after == TCTL_NONE
			? NULL
			: tctl_json_text(plan->sprint[sprint->after].key));
		tctl_json_add(one, "gate",
		    sprint->gate == TCTL_NONE
			? NULL
			: tctl_json_text(plan->task[sprint->gate].id));
		json_object_array_add(list, one);
	}
	return list;
}

/* What an import has changed without an event of its own. */
static struct json_object *
tell_moved(const struct tctl_importing *import)
{
	const struct tctl_plan *plan = import->plan;
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < plan->task_count; i++)
		if (import->row[i] != NULL && !import->changed[i] &&
		    (import->shifted[i] || import->reticked[i]))
			json_object_array_add(
			    list, tctl_json_moved(&plan->task[i],
				      &import->place[i], import->reticked[i]));
	return list;
}

static enum tctl_status
record_whole(struct tctl_importing *import, struct tctl_error *err)
{
	const struct tctl_plan *plan = import->plan;
	struct json_object *data = json_object_new_object();

	json_object_object_add(
	    data, "plan", json_object_new_string(plan->name));
	json_object_object_add(data, "added",
	    json_object_new_int64((int64_t)import->out->added.count));
	json_object_object_add(data, "changed",
	    json_object_new_int64((int64_t)import->out->changed.count));
	json_object_object_add(data, "removed",
	    json_object_new_int64((int64_t)import->out->removed.count));
	json_object_object_add(data, "file", tctl_json_text(plan->file));
	json_object_object_add(data, "title", tctl_json_text(plan->title));
	json_object_object_add(data, "sprints", tell_sprints(plan));
	json_object_object_add(data, "moved", tell_moved(import));
	return tctl_importing_record(import, TCTL_EVENT_IMPORTED, 0, data, err);
}

/* One event a task that is new or different, and one for the whole. */
static enum tctl_status
record_all(struct tctl_importing *import, struct tctl_error *err)
{
	const struct tctl_plan *plan = import->plan;
	struct tctl_json_text text = { .at = NULL };
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
		status = tctl_change_event_text(&import->change,
		    row == NULL	    ? TCTL_EVENT_ADDED
		    : row->orphaned ? TCTL_EVENT_ADOPTED
				    : TCTL_EVENT_CHANGED,
		    import->task_id[i], &import->actor,
		    tctl_json_planned(&plan->task[i], &import->place[i], &text),
		    err);
	}
	free(text.at);
	return status == TCTL_OK ? record_whole(import, err) : status;
}

static bool
changed_anything(const struct tctl_importing *import)
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
bury_changed(struct tctl_importing *import, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < import->plan->task_count;
	     i++)
		if (import->changed[i])
			status = tctl_query(import->change.store,
			    tctl_sql_lease_bury,
			    TCTL_ARGS(
				TCTL_T("changed"), TCTL_N(import->task_id[i])),
			    NULL, NULL, NULL, err);
	return status;
}

/* Another file or title is a change, if the only one. */
static void
take_plan(void *into, const char *const col[])
{
	struct tctl_importing *import = into;

	if (strcmp(tctl_word_or_empty(col[0]),
		tctl_word_or_empty(import->plan->file)) != 0 ||
	    strcmp(tctl_word_or_empty(col[1]),
		tctl_word_or_empty(import->plan->title)) != 0)
		import->moved = true;
}

static enum tctl_status
do_import(struct tctl_importing *import, struct tctl_error *err)
{
	const struct tctl_plan *plan = import->plan;
	static tctl_import_step *const step[] = { store_sprints,
		tctl_import_tasks, tctl_import_order, tctl_import_edges,
		tctl_import_count, tctl_import_gone, tctl_import_ticked,
		bury_changed };
	enum tctl_status status =
	    tctl_query(import->change.store, tctl_sql_plan_read,
		TCTL_ARGS(TCTL_T(plan->name)), take_plan, import, NULL, err);

	if (status == TCTL_OK)
		status = tctl_query(import->change.store, tctl_sql_plan_insert,
		    TCTL_ARGS(TCTL_T(plan->name), TCTL_T(plan->file),
			TCTL_T(plan->title)),
		    tctl_importing_take_id, &import->plan_id, NULL, err);
	if (status == TCTL_OK)
		status = tctl_query(import->change.store, tctl_sql_task_last,
		    TCTL_NO_ARGS, tctl_importing_take_id, &import->last_id,
		    NULL, err);
	if (status == TCTL_OK)
		status = tctl_import_rows_read(import->change.store,
		    import->change.arena, import->plan_id, &import->rows, err);
	if (status == TCTL_OK && import->last_id == 0)
		tctl_import_first(import);
	for (size_t i = 0; status == TCTL_OK && i < TCTL_COUNT(step); i++)
		status = step[i](import, err);
	if (status == TCTL_OK && import->first == NULL)
		status = tctl_network_refresh(&import->change, err);
	if (status == TCTL_OK && changed_anything(import))
		return record_all(import, err);
	import->out->unchanged = plan->task_count;
	return status;
}

/* It stands in front of ids, in commands that agents run as they are shown. */
static enum tctl_status
check_name(const char *name, struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_text_check("plan's name", name, TCTL_ID_MAX - 1, err);

	if (status == TCTL_OK && strpbrk(name, " \t:") != NULL)
		status = tctl_fail(err, TCTL_EINVALID,
		    "a plan's name has no blanks and no colons: \"%s\"", name);
	return status;
}

enum tctl_status
tctl_plan_import(const struct tctl_coord *coord, const struct tctl_caller *who,
    const struct tctl_plan *plan, bool dry_run, bool prune,
    struct tctl_import *out, struct tctl_error *err)
{
	struct tctl_importing import = { .plan = plan,
		.prune = prune,
		.out = out,
		.actor = { who->agent, who->session, 0 } };
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	if (strcmp(plan->name, TCTL_HAND_PLAN) == 0) {
		tctl_fail(err, TCTL_EINVALID,
		    "a plan cannot be called \"%s\": tasks added by hand are",
		    plan->name);
		return tctl_hint(err, "name it with --as NAME");
	}
	status = check_name(plan->name, err);
	if (status == TCTL_OK)
		status =
		    tctl_change_begin(coord, TCTL_CHANGE, &import.change, err);
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
