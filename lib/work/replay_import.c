/* replay_import.c - an import as a whole: its sprints, and what has only moved.
 */
#include <json-c/json.h>

#include "replay.h"

static void
take_id(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

static enum tctl_status
set_sprint(struct tctl_replay *replay, int64_t plan, int64_t position,
    struct json_object *data, struct tctl_error *err)
{
	const struct tctl_arg null = TCTL_T(NULL);
	const char *key, *title, *goal, *after, *gate;
	int64_t id = 0, after_id = 0, gate_id = 0;
	enum tctl_status status =
	    tctl_replay_field(replay, data, "id", TCTL_TITLE_MAX, &key, err);

	if (status == TCTL_OK && key == NULL)
		status = tctl_fail(err, TCTL_EINVALID, "a sprint has no id");
	if (status == TCTL_OK)
		status = tctl_data_text(
		    data, "title", TCTL_TITLE_MAX, replay->arena, &title, err);
	if (status == TCTL_OK)
		status = tctl_data_text(
		    data, "goal", TCTL_TITLE_MAX, replay->arena, &goal, err);
	if (status == TCTL_OK)
		status = tctl_replay_field(
		    replay, data, "after", TCTL_TITLE_MAX, &after, err);
	if (status == TCTL_OK)
		status = tctl_replay_field(
		    replay, data, "gate", TCTL_ID_MAX - 1, &gate, err);
	if (status == TCTL_OK)
		status = tctl_query(replay->store, tctl_sql_sprint_upsert,
		    TCTL_ARGS(TCTL_N(plan), TCTL_T(key),
			TCTL_T(title == NULL ? "" : title), TCTL_N(position),
			TCTL_N(tctl_data_bool(data, "complete")),
			/* Older versions did not tell it. */
			TCTL_T(goal == NULL && tctl_data_has(data, "goal")
				   ? ""
				   : goal)),
		    take_id, &id, NULL, err);
	if (status == TCTL_OK && after != NULL)
		status = tctl_replay_find_sprint(
		    replay, plan, after, &after_id, err);
	if (status == TCTL_OK && gate != NULL)
		status = tctl_replay_find_task(
		    replay->store, plan, gate, &gate_id, err);
	if (status == TCTL_OK)
		status = tctl_query(replay->store, tctl_sql_sprint_set_after,
		    TCTL_ARGS(
			after_id == 0 ? null : TCTL_N(after_id), TCTL_N(id)),
		    NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status = tctl_query(replay->store, tctl_sql_sprint_set_gate,
		    TCTL_ARGS(
			gate_id == 0 ? null : TCTL_N(gate_id), TCTL_N(id)),
		    NULL, NULL, NULL, err);
	return status;
}

static enum tctl_status
set_moved(struct tctl_replay *replay, int64_t plan, struct json_object *data,
    struct tctl_error *err)
{
	struct tctl_replay_task *task;
	const char *key;
	int64_t id = 0;
	enum tctl_status status =
	    tctl_replay_field(replay, data, "id", TCTL_ID_MAX - 1, &key, err);

	if (status == TCTL_OK && key != NULL)
		status =
		    tctl_replay_find_task(replay->store, plan, key, &id, err);
	if (status == TCTL_OK && id == 0)
		status = tctl_fail(
		    err, TCTL_EINVALID, "it moves a task that no event adds");
	if (status != TCTL_OK ||
	    (replay->wanted != NULL && !replay->wanted[id]))
		return status;
	status = tctl_replay_task(replay, id, &task, err);
	if (status == TCTL_OK)
		status = tctl_replay_place(replay, task, data, err);
	if (status == TCTL_OK && tctl_data_has(data, "steps"))
		status = tctl_replay_lines(replay, task, data, err);
	return status;
}

/* Each of a list of objects. */
static enum tctl_status
each(struct tctl_replay *replay, int64_t plan, struct json_object *data,
    const char *key, bool moved, struct tctl_error *err)
{
	struct json_object *list;
	enum tctl_status status = tctl_data_list(data, key, &list, err);

	for (size_t i = 0; status == TCTL_OK && list != NULL &&
			   i < json_object_array_length(list);
	     i++) {
		struct json_object *one = json_object_array_get_idx(list, i);

		if (!json_object_is_type(one, json_type_object))
			return tctl_fail(err, TCTL_EINVALID,
			    "its \"%s\" are not objects", key);
		status = moved ? set_moved(replay, plan, one, err)
			       : set_sprint(replay, plan, (int64_t)i, one, err);
	}
	return status;
}

enum tctl_status
tctl_replay_imported(struct tctl_replay *replay,
    const struct tctl_replay_event *event, struct tctl_error *err)
{
	const char *name, *file, *title;
	int64_t plan = 0;
	enum tctl_status status = tctl_data_text(
	    event->data, "plan", TCTL_ID_MAX, replay->arena, &name, err);

	if (status != TCTL_OK || name == NULL)
		return status;
	status = tctl_replay_find_plan(replay->store, name, &plan, err);
	if (status == TCTL_OK && plan == 0)
		status = tctl_query(replay->store, tctl_sql_replay_plan_add,
		    TCTL_ARGS(TCTL_T(name)), take_id, &plan, NULL, err);
	if (status != TCTL_OK)
		return status;
	if (!tctl_data_has(event->data, "sprints")) {
		replay->incomplete = true;
		return TCTL_OK;
	}
	status = tctl_data_text(
	    event->data, "file", 4096, replay->arena, &file, err);
	if (status == TCTL_OK)
		status = tctl_data_text(event->data, "title", TCTL_TITLE_MAX,
		    replay->arena, &title, err);
	if (status == TCTL_OK)
		status = tctl_query(replay->store, tctl_sql_plan_insert,
		    TCTL_ARGS(TCTL_T(name), TCTL_T(file), TCTL_T(title)),
		    take_id, &plan, NULL, err);
	if (status == TCTL_OK)
		status = each(replay, plan, event->data, "sprints", false, err);
	if (status == TCTL_OK)
		status = each(replay, plan, event->data, "moved", true, err);
	return status;
}
