/* replay_plan.c - what plans and people say of a task, from the events that
 * tell it.  The rules are those of a re-import: what a person has set stays. */
#include <json-c/json.h>
#include <string.h>

#include "replay.h"

enum { POSITION_MOST = 100000000 };

#define ESTIMATE_MOST_S (INT64_C(100) * 366 * TCTL_DAY_S)

static void
take_id(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

enum tctl_status
tctl_replay_find_sprint(struct tctl_replay *replay, int64_t plan,
    const char *key, int64_t *out, struct tctl_error *err)
{
	return tctl_query(replay->store, tctl_sql_replay_sprint,
	    TCTL_ARGS(TCTL_N(plan), TCTL_T(key)), take_id, out, NULL, err);
}

/* --- fields ------------------------------------------------------------ */

enum tctl_status
tctl_replay_field(struct tctl_replay *replay, struct json_object *data,
    const char *key, size_t most, const char **out, struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_data_text(data, key, most, replay->arena, out, err);

	return status == TCTL_OK && *out != NULL && **out != '\0'
		   ? tctl_text_check(key, *out, most, err)
		   : status;
}

/* The fields as a plan tells them, but for those that a person has set. */
static enum tctl_status
set_fields(struct tctl_replay *replay, struct tctl_replay_task *task,
    struct json_object *data, struct tctl_error *err)
{
	struct tctl_import_row *row = &task->row;
	const char *title, *sprint, *agent, *mutex;
	int64_t priority, estimate_s, sprint_id = 0;
	enum tctl_status status = tctl_replay_field(
	    replay, data, "title", TCTL_TITLE_MAX, &title, err);

	if (status == TCTL_OK)
		status = tctl_replay_field(
		    replay, data, "sprint", TCTL_TITLE_MAX, &sprint, err);
	if (status == TCTL_OK)
		status = tctl_replay_field(replay, data, "planned_agent",
		    TCTL_AGENT_MAX - 1, &agent, err);
	if (status == TCTL_OK)
		status = tctl_replay_field(
		    replay, data, "mutex", TCTL_ID_MAX - 1, &mutex, err);
	if (status == TCTL_OK)
		status = tctl_data_number(data, "priority", TCTL_PRIORITY_HIGH,
		    TCTL_PRIORITY_LOW, TCTL_PRIORITY_NONE, &priority, err);
	if (status == TCTL_OK)
		status = tctl_data_number(data, "estimate_s", -1,
		    ESTIMATE_MOST_S, -1, &estimate_s, err);
	if (status == TCTL_OK && sprint != NULL)
		status = tctl_replay_find_sprint(
		    replay, task->plan, sprint, &sprint_id, err);
	if (status != TCTL_OK)
		return status;
	if (!(row->hand & TCTL_HAND_TITLE) && title != NULL)
		row->title = title;
	if (!(row->hand & TCTL_HAND_SPRINT))
		row->sprint_id = sprint_id;
	if (!(row->hand & TCTL_HAND_PRIORITY))
		row->priority = priority;
	if (!(row->hand & TCTL_HAND_ESTIMATE))
		row->estimate_s = estimate_s;
	if (!(row->hand & TCTL_HAND_AGENT))
		row->agent = agent;
	if (!(row->hand & TCTL_HAND_MUTEX))
		row->mutex = mutex == NULL ? "" : mutex;
	return TCTL_OK;
}

enum tctl_status
tctl_replay_place(struct tctl_replay *replay, struct tctl_replay_task *task,
    struct json_object *data, struct tctl_error *err)
{
	struct tctl_import_row *row = &task->row;
	bool ticked = tctl_data_bool(data, "ticked");
	bool new_tick = ticked && !row->ticked;
	const char *chain;
	enum tctl_status status = tctl_data_number(
	    data, "line", 0, POSITION_MOST, row->line, &row->line, err);

	row->is_gate = tctl_data_bool(data, "gate");
	/* As update_task of import_tasks.c. */
	row->ticked = tctl_import_still_ticked(
	    row->ticked, ticked, strcmp(row->state, "done") == 0);
	if (new_tick && task->claims > 0 && strcmp(row->state, "open") == 0)
		row->ticked = false;
	if (status != TCTL_OK || !tctl_data_has(data, "position")) {
		replay->incomplete = true;
		return status;
	}
	status = tctl_data_number(
	    data, "position", 0, POSITION_MOST, 0, &row->position, err);
	if (status == TCTL_OK)
		status = tctl_replay_field(
		    replay, data, "chain", TCTL_ID_MAX - 1, &chain, err);
	if (status == TCTL_OK)
		status = tctl_data_number(
		    data, "step", 0, POSITION_MOST, 0, &row->step, err);
	row->chain = 0;
	if (status == TCTL_OK && chain != NULL)
		status = tctl_replay_find_task(
		    replay->store, task->plan, chain, &row->chain, err);
	if (status == TCTL_OK && chain != NULL && row->chain == 0)
		status = tctl_fail(err, TCTL_EINVALID,
		    "its chain begins with %s, which no event adds", chain);
	return status;
}

/* --- by hand ----------------------------------------------------------- */

static bool
is_out(const char *text)
{
	return strcmp(text, "-") == 0;
}

static enum tctl_status
edit_sprint(struct tctl_replay *replay, struct tctl_replay_task *task,
    struct json_object *data, struct tctl_error *err)
{
	const char *typed, *key, *name;
	int64_t plan = task->plan;
	enum tctl_status status = tctl_replay_field(
	    replay, data, "sprint", TCTL_TITLE_MAX, &typed, err);

	if (status == TCTL_OK)
		status = tctl_replay_field(
		    replay, data, "sprint_key", TCTL_TITLE_MAX, &key, err);
	if (status == TCTL_OK)
		status = tctl_replay_field(
		    replay, data, "sprint_plan", TCTL_ID_MAX, &name, err);
	if (status != TCTL_OK || typed == NULL)
		return status;
	task->row.hand |= TCTL_HAND_SPRINT;
	if (is_out(typed)) {
		task->row.sprint_id = 0;
		return TCTL_OK;
	}
	if (key == NULL) { /* of an older taskctl */
		replay->incomplete = true;
		key = typed;
	}
	if (name != NULL)
		status = tctl_replay_find_plan(replay->store, name, &plan, err);
	if (status == TCTL_OK && plan == 0)
		status = tctl_fail(err, TCTL_EINVALID,
		    "its sprint is of plan %s, which no event adds", name);
	return status == TCTL_OK ? tctl_replay_find_sprint(replay, plan, key,
				       &task->row.sprint_id, err)
				 : status;
}

enum tctl_status
tctl_replay_edited(struct tctl_replay *replay, struct tctl_replay_task *task,
    const struct tctl_replay_event *event, struct tctl_error *err)
{
	struct tctl_import_row *row = &task->row;
	struct json_object *data = event->data;
	const char *title, *agent, *mutex;
	enum tctl_status status = tctl_replay_field(
	    replay, data, "title", TCTL_TITLE_MAX, &title, err);

	if (status == TCTL_OK)
		status = tctl_replay_field(replay, data, "planned_agent",
		    TCTL_AGENT_MAX - 1, &agent, err);
	if (status == TCTL_OK)
		status = tctl_replay_field(
		    replay, data, "mutex", TCTL_ID_MAX - 1, &mutex, err);
	if (status == TCTL_OK && tctl_data_has(data, "priority")) {
		row->hand |= TCTL_HAND_PRIORITY;
		status = tctl_data_number(data, "priority", TCTL_PRIORITY_HIGH,
		    TCTL_PRIORITY_LOW, TCTL_PRIORITY_NONE, &row->priority, err);
	}
	if (status == TCTL_OK && tctl_data_has(data, "estimate_s")) {
		row->hand |= TCTL_HAND_ESTIMATE;
		status = tctl_data_number(data, "estimate_s", -1,
		    ESTIMATE_MOST_S, -1, &row->estimate_s, err);
	}
	if (status == TCTL_OK)
		status = edit_sprint(replay, task, data, err);
	if (status != TCTL_OK)
		return status;
	if (title != NULL) {
		row->title = title;
		row->hand |= TCTL_HAND_TITLE;
	}
	if (agent != NULL) {
		row->agent = is_out(agent) ? NULL : agent;
		row->hand |= TCTL_HAND_AGENT;
	}
	if (mutex != NULL) {
		row->mutex = is_out(mutex) ? "" : mutex;
		row->hand |= TCTL_HAND_MUTEX;
	}
	return TCTL_OK;
}

static enum tctl_status
added_by_hand(struct tctl_replay *replay, struct tctl_replay_task *task,
    const struct tctl_replay_event *event, struct tctl_error *err)
{
	enum tctl_status status = tctl_replay_edited(replay, task, event, err);

	if (status == TCTL_OK && !tctl_data_has(event->data, "position"))
		replay->incomplete = true;
	if (status == TCTL_OK)
		status =
		    tctl_data_number(event->data, "position", 0, POSITION_MOST,
			task->row.position, &task->row.position, err);
	return status == TCTL_OK
		   ? tctl_replay_needs(replay, task, event->data, "hand", err)
		   : status;
}

enum tctl_status
tctl_replay_planned(struct tctl_replay *replay, struct tctl_replay_task *task,
    const struct tctl_replay_event *event, struct tctl_error *err)
{
	bool was_added = task->is_added, was_ticked = task->row.ticked;
	bool adds = event->kind == TCTL_EVENT_ADDED;
	enum tctl_status status;

	task->is_added = true;
	if (adds && task->plan == replay->hand_plan)
		return added_by_hand(replay, task, event, err);
	task->row.orphaned = false;
	status = set_fields(replay, task, event->data, err);
	if (status == TCTL_OK)
		status = tctl_replay_lines(replay, task, event->data, err);
	if (status == TCTL_OK)
		status =
		    tctl_replay_needs(replay, task, event->data, "plan", err);
	if (status == TCTL_OK)
		status = tctl_replay_place(replay, task, event->data, err);
	/* New here, or in a second store: its box finishes it. */
	if (status == TCTL_OK && adds && task->row.ticked &&
	    (!was_added || !was_ticked) &&
	    (strcmp(task->row.state, "open") == 0 ||
		strcmp(task->row.state, "failed") == 0))
		tctl_replay_set_state(task, "done", event->at_ms, "plan");
	return status;
}
