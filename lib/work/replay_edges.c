/* replay_edges.c - what a task needs, from events. */
#include <json-c/json.h>
#include <string.h>

#include "replay.h"

static struct tctl_import_dep *
find_dep(struct tctl_replay_task *task, int64_t needs)
{
	for (size_t i = 0; i < task->row.dep_count; i++)
		if (task->row.deps[i].needs == needs)
			return &task->row.deps[i];
	return NULL;
}

/* As tctl_edit_link: one that is there stays as it is. */
static void
link_need(struct tctl_replay *replay, struct tctl_replay_task *task,
    int64_t needs, const char *origin)
{
	struct tctl_import_row *row = &task->row;
	struct tctl_import_dep *dep = find_dep(task, needs);

	if (dep != NULL && strcmp(dep->origin, "cut") == 0 &&
	    strcmp(origin, "hand") == 0)
		dep->origin = origin;
	if (dep == NULL) {
		row->deps = tctl_arena_grow(replay->arena, row->deps,
		    row->dep_count, sizeof(*row->deps));
		dep = &row->deps[row->dep_count++];
		*dep = (struct tctl_import_dep){ needs, origin, true };
	}
	dep->wanted = true;
}

static void
drop_dep(struct tctl_replay_task *task, size_t i)
{
	struct tctl_import_row *row = &task->row;

	row->deps[i] = row->deps[--row->dep_count];
}

/* The row of a task that is needed; plan NULL: of the task's own. */
static enum tctl_status
find_need(struct tctl_replay *replay, struct tctl_replay_task *task,
    const char *plan, const char *key, int64_t *out, struct tctl_error *err)
{
	int64_t plan_id = task->plan;
	enum tctl_status status = TCTL_OK;

	if (key == NULL)
		return tctl_fail(
		    err, TCTL_EINVALID, "it does not say what is needed");
	if (plan != NULL)
		status =
		    tctl_replay_find_plan(replay->store, plan, &plan_id, err);
	if (status == TCTL_OK)
		status = tctl_replay_find_task(
		    replay->store, plan_id, key, out, err);
	if (status == TCTL_OK && *out == task->row.id)
		status =
		    tctl_fail(err, TCTL_EINVALID, "%s would need itself", key);
	if (status == TCTL_OK && *out == 0)
		status = tctl_fail(err, TCTL_EINVALID,
		    "it needs %s, which no event adds", key);
	return status;
}

enum tctl_status
tctl_replay_needs(struct tctl_replay *replay, struct tctl_replay_task *task,
    struct json_object *data, const char *origin, struct tctl_error *err)
{
	struct json_object *list, *plans;
	int64_t needs;
	enum tctl_status status = tctl_data_list(data, "needs", &list, err);

	if (status == TCTL_OK)
		status = tctl_data_list(data, "needs_plans", &plans, err);
	for (size_t i = 0; i < task->row.dep_count; i++)
		task->row.deps[i].wanted = false;
	for (size_t i = 0; status == TCTL_OK && list != NULL &&
			   i < json_object_array_length(list);
	     i++) {
		status = find_need(replay, task,
		    plans == NULL ? NULL
				  : json_object_get_string(
					json_object_array_get_idx(plans, i)),
		    json_object_get_string(json_object_array_get_idx(list, i)),
		    &needs, err);
		if (status == TCTL_OK)
			link_need(replay, task, needs, origin);
	}
	/* What the plan says no longer; a person's stay. */
	for (size_t i = 0;
	     strcmp(origin, "plan") == 0 && i < task->row.dep_count;)
		if (!task->row.deps[i].wanted &&
		    strcmp(task->row.deps[i].origin, "hand") != 0)
			drop_dep(task, i);
		else
			i++;
	return status;
}

enum tctl_status
tctl_replay_linked(struct tctl_replay *replay, struct tctl_replay_task *task,
    const struct tctl_replay_event *event, struct tctl_error *err)
{
	const char *key, *plan;
	int64_t needs = 0;
	struct tctl_import_dep *dep;
	enum tctl_status status = tctl_data_text(
	    event->data, "needs", TCTL_ID_MAX, replay->arena, &key, err);

	if (status == TCTL_OK)
		status = tctl_data_text(event->data, "needs_plan", TCTL_ID_MAX,
		    replay->arena, &plan, err);
	if (status == TCTL_OK)
		status = find_need(replay, task, plan, key, &needs, err);
	if (status != TCTL_OK)
		return status;
	if (event->kind == TCTL_EVENT_DEP_ADDED) {
		link_need(replay, task, needs, "hand");
		return TCTL_OK;
	}
	dep = find_dep(task, needs);
	if (dep != NULL && strcmp(dep->origin, "plan") == 0)
		dep->origin = "cut";
	else if (dep != NULL && strcmp(dep->origin, "hand") == 0)
		drop_dep(task, (size_t)(dep - task->row.deps));
	return TCTL_OK;
}
