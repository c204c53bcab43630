/* edit_fields.c - the fields of a task, set by hand. */
#include <json-c/json.h>
#include <string.h>

#include "edit_fields.h"
#include "network.h"
#include "taskctl/text.h"
#include "taskctl/time.h"

enum tctl_status
tctl_fields_check(const struct tctl_fields *fields, struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_text_check("title", fields->title, TCTL_TITLE_MAX, err);

	if (status == TCTL_OK && fields->title != NULL &&
	    !tctl_text_is_visible(fields->title))
		status =
		    tctl_fail(err, TCTL_EINVALID, "the title shows nothing");
	if (status == TCTL_OK)
		status = tctl_text_check(
		    "planned agent", fields->agent, TCTL_AGENT_MAX - 1, err);
	if (status == TCTL_OK)
		status = tctl_text_check(
		    "mutex", fields->mutex, TCTL_ID_MAX - 1, err);
	if (status == TCTL_OK && fields->priority >= 0 &&
	    (fields->priority < TCTL_PRIORITY_HIGH ||
		fields->priority > TCTL_PRIORITY_LOW))
		status = tctl_fail(err, TCTL_EINVALID,
		    "priority %lld is not 1 (high) to 4 (low)",
		    (long long)fields->priority);
	return status;
}

static bool
is_out(const char *text)
{
	return strcmp(text, "-") == 0;
}

static void
take_place(void *into, const char *const col[])
{
	struct tctl_task_columns *at = into;

	at->position = tctl_col(col[0]);
	at->line = tctl_col(col[1]);
}

enum tctl_status
tctl_task_columns_place(struct tctl_edit *edit, struct tctl_task_columns *at,
    struct tctl_error *err)
{
	return tctl_query(edit->change.store, tctl_sql_task_position_line,
	    TCTL_ARGS(TCTL_N(edit->row.id)), take_place, at, NULL, err);
}

/* Read a duration that is all of the text; "-" is none. */
static enum tctl_status
read_estimate(const struct tctl_coord *coord, const char *text,
    int64_t *seconds, struct tctl_error *err)
{
	struct tctl_duration duration;

	if (is_out(text)) {
		*seconds = -1;
		return TCTL_OK;
	}
	if (!tctl_duration_read(
		text, (int)coord->config->hours_per_day, &duration) ||
	    text[duration.length] != '\0')
		return tctl_fail(err, TCTL_EINVALID,
		    "\"%.60s\" is not a duration such as 45m, 2h30 or 2 days",
		    text);
	*seconds = duration.seconds;
	return TCTL_OK;
}

static enum tctl_status
find_sprint(struct tctl_edit *edit, const char *key, int64_t *out,
    struct tctl_error *err)
{
	*out = 0;
	return is_out(key)
		   ? TCTL_OK
		   : tctl_sprint_find(edit->change.store, edit->change.arena,
			 key, edit->row.plan, out, err);
}

static void
take_sprint_name(void *into, const char *const col[])
{
	struct json_object *data = into;

	json_object_object_add(
	    data, "sprint_key", json_object_new_string(tctl_col_text(col[0])));
	json_object_object_add(
	    data, "sprint_plan", json_object_new_string(tctl_col_text(col[1])));
}

/* Which sprint was meant: its key alone does not say. */
static enum tctl_status
tell_sprint(struct tctl_edit *edit, int64_t sprint, struct json_object *data,
    struct tctl_error *err)
{
	return tctl_query(edit->change.store, tctl_sql_sprint_name,
	    TCTL_ARGS(TCTL_N(sprint)), take_sprint_name, data, NULL, err);
}

enum tctl_status
tctl_fields_apply(struct tctl_edit *edit, const struct tctl_fields *fields,
    struct tctl_task_columns *at, struct json_object *data,
    struct tctl_error *err)
{
	enum tctl_status status = tctl_fields_check(fields, err);

	if (status == TCTL_OK && fields->title != NULL) {
		at->title = fields->title;
		at->hand |= TCTL_HAND_TITLE;
		json_object_object_add(
		    data, "title", json_object_new_string(fields->title));
	}
	if (status == TCTL_OK && fields->sprint != NULL) {
		status = find_sprint(edit, fields->sprint, &at->sprint, err);
		at->hand |= TCTL_HAND_SPRINT;
		json_object_object_add(
		    data, "sprint", json_object_new_string(fields->sprint));
		if (status == TCTL_OK)
			status = tell_sprint(edit, at->sprint, data, err);
	}
	if (status == TCTL_OK && fields->agent != NULL) {
		at->agent = is_out(fields->agent) ? NULL : fields->agent;
		at->hand |= TCTL_HAND_AGENT;
		json_object_object_add(data, "planned_agent",
		    json_object_new_string(fields->agent));
	}
	if (status == TCTL_OK && fields->estimate != NULL) {
		status = read_estimate(
		    edit->change.coord, fields->estimate, &at->estimate_s, err);
		at->hand |= TCTL_HAND_ESTIMATE;
		json_object_object_add(
		    data, "estimate_s", json_object_new_int64(at->estimate_s));
	}
	if (status == TCTL_OK && fields->mutex != NULL) {
		at->mutex = is_out(fields->mutex) ? "" : fields->mutex;
		at->hand |= TCTL_HAND_MUTEX;
		json_object_object_add(
		    data, "mutex", json_object_new_string(fields->mutex));
	}
	if (status == TCTL_OK && fields->priority >= 0) {
		at->priority = fields->priority;
		at->hand |= TCTL_HAND_PRIORITY;
		json_object_object_add(
		    data, "priority", json_object_new_int64(fields->priority));
	}
	return status;
}

enum tctl_status
tctl_task_columns_write(struct tctl_edit *edit,
    const struct tctl_task_columns *at, struct tctl_error *err)
{
	const struct tctl_arg null = TCTL_T(NULL);
	char lane[TCTL_AGENT_MAX] = "";
	enum tctl_status status;

	if (at->agent != NULL)
		tctl_agent_normalise(at->agent, lane);
	status = tctl_query(edit->change.store, tctl_sql_task_update,
	    TCTL_ARGS(TCTL_T(at->title),
		at->sprint == 0 ? null : TCTL_N(at->sprint),
		TCTL_N(at->position), TCTL_N(at->priority),
		at->estimate_s < 0 ? null : TCTL_N(at->estimate_s),
		TCTL_T(at->agent), TCTL_T(lane), TCTL_T(at->mutex),
		at->line == 0 ? null : TCTL_N(at->line), TCTL_N(at->hand),
		TCTL_N(at->orphaned), TCTL_N(edit->row.id)),
	    NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status = tctl_query(edit->change.store, tctl_sql_lane_insert,
		    TCTL_ARGS(TCTL_T(at->mutex), TCTL_T(lane)), NULL, NULL,
		    NULL, err);
	return status;
}

enum tctl_status
tctl_edit_recount(struct tctl_edit *edit, struct tctl_error *err)
{
	enum tctl_status status = tctl_sprints_count(&edit->change, err);

	if (status == TCTL_OK)
		status = tctl_network_refresh(&edit->change, err);
	return status;
}

enum tctl_status
tctl_task_edit(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *id, const struct tctl_fields *fields, struct tctl_answer *out,
    struct tctl_error *err)
{
	struct json_object *data;
	struct tctl_task_columns at;
	struct tctl_edit edit;
	enum tctl_status status =
	    tctl_edit_begin(&edit, coord, who, id, out, err);

	if (status != TCTL_OK)
		return status;
	at = (struct tctl_task_columns){ .title = edit.row.title,
		.sprint = edit.row.sprint,
		.priority = edit.row.priority,
		.estimate_s = edit.row.estimate_s,
		.agent = edit.row.planned_agent,
		.mutex = edit.row.mutex,
		.hand = edit.row.hand,
		.orphaned = edit.row.orphaned };
	data = json_object_new_object();
	status = tctl_task_columns_place(&edit, &at, err);
	if (status == TCTL_OK)
		status = tctl_fields_apply(&edit, fields, &at, data, err);
	if (status == TCTL_OK)
		status = tctl_task_columns_write(&edit, &at, err);
	if (status == TCTL_OK)
		status = tctl_edit_bury(&edit, err);
	if (status == TCTL_OK)
		status = tctl_edit_recount(&edit, err);
	return tctl_edit_end(&edit, status, TCTL_EVENT_EDITED, data, err);
}
