/* edit.c - changing the plan by hand: add and edit, and what all edits share.
 */
#include <json-c/json.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "edit.h"
#include "holder.h"
#include "network.h"
#include "taskctl/text.h"
#include "taskctl/time.h"

/* An edit by the holder is a sign of life; one with a token that is not the
 * newest comes from somebody who was superseded, and changes nothing. */
static enum tctl_status
greet_holder(struct tctl_edit *edit, const struct tctl_caller *who,
    struct tctl_error *err)
{
	struct tctl_change *change = &edit->change;
	struct tctl_lease_row lease;
	enum tctl_status status = tctl_lease_read(
	    change->store, change->arena, edit->row.id, &lease, err);

	if (status != TCTL_OK)
		return status;
	if (who->token >= 0 &&
	    (lease.token != who->token || lease.ended != NULL))
		return tctl_fail(err, TCTL_ESTALE,
		    "token %lld holds %s no longer", (long long)who->token,
		    edit->row.key);
	if (lease.ended != NULL || !tctl_holder_is(&lease, who))
		return TCTL_OK;
	return tctl_holder_renew(change, edit->row.key, &lease, lease.ttl_ms,
	    who->evidence, edit->out, err);
}

enum tctl_status
tctl_edit_begin(struct tctl_edit *edit, const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id, struct tctl_answer *out,
    struct tctl_error *err)
{
	struct tctl_change *change = &edit->change;
	int64_t row;
	enum tctl_status status;

	memset(edit, 0, sizeof(*edit));
	edit->out = out;
	edit->actor = (struct tctl_actor){ who->agent, who->session, 0 };
	tctl_answer_begin(out);
	status = tctl_change_begin(coord, TCTL_CHANGE, change, err);
	if (status != TCTL_OK || id == NULL)
		return status;
	status = tctl_row_find(change->store, change->arena, id, &row, err);
	if (status == TCTL_OK)
		status = tctl_row_read(
		    change->store, change->arena, row, &edit->row, err);
	if (status == TCTL_OK)
		status = greet_holder(edit, who, err);
	return status == TCTL_OK ? TCTL_OK
				 : tctl_change_refuse(change, status, err);
}

enum tctl_status
tctl_edit_end(struct tctl_edit *edit, enum tctl_status status,
    enum tctl_event_kind kind, struct json_object *data, struct tctl_error *err)
{
	if (status == TCTL_OK)
		status = tctl_change_event(
		    &edit->change, kind, edit->row.id, &edit->actor, data, err);
	else
		json_object_put(data);
	if (status == TCTL_OK)
		status = tctl_answer_load(
		    &edit->change, edit->out, edit->row.id, err);
	return tctl_change_end(&edit->change, status, err);
}

struct json_object *
tctl_edit_data(const char *key, const char *text)
{
	struct json_object *data = json_object_new_object();

	if (text != NULL)
		json_object_object_add(data, key, json_object_new_string(text));
	return data;
}

enum tctl_status
tctl_edit_bury(struct tctl_edit *edit, struct tctl_error *err)
{
	return tctl_query(edit->change.store, tctl_sql_lease_bury,
	    TCTL_ARGS(TCTL_T("changed"), TCTL_N(edit->row.id)), NULL, NULL,
	    NULL, err);
}

/* --- fields
 * -------------------------------------------------------------------- */

enum tctl_status
tctl_text_check(
    const char *what, const char *text, size_t most, struct tctl_error *err)
{
	if (text == NULL)
		return TCTL_OK;
	if (text[0] == '\0')
		return tctl_fail(err, TCTL_EINVALID, "the %s is empty", what);
	if (strlen(text) > most)
		return tctl_fail(err, TCTL_EINVALID,
		    "the %s has %zu bytes; %zu are the most", what,
		    strlen(text), most);
	if (!tctl_text_is_utf8(text, strlen(text), NULL))
		return tctl_fail(
		    err, TCTL_EINVALID, "the %s is not UTF-8", what);
	if (tctl_text_has_control(text))
		return tctl_fail(err, TCTL_EINVALID,
		    "the %s holds a control character", what);
	return TCTL_OK;
}

static enum tctl_status
check_fields(const struct tctl_fields *fields, struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_text_check("title", fields->title, TCTL_TITLE_MAX, err);

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
take_id(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

/* The columns of a task that a person can set. */
struct columns {
	const char *title;
	int64_t sprint;
	int64_t position;
	int64_t priority;
	int64_t estimate_s;
	const char *agent;
	const char *mutex;
	int64_t line;
	int64_t hand;
	bool orphaned;
};

static void
take_columns(void *into, const char *const col[])
{
	struct columns *at = into;

	at->position = tctl_col(col[0]);
	at->line = tctl_col(col[1]);
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

/* Bring the columns to what the fields ask for, and note which were set. */
static enum tctl_status
apply_fields(struct tctl_edit *edit, const struct tctl_fields *fields,
    struct columns *at, struct json_object *data, struct tctl_error *err)
{
	enum tctl_status status = check_fields(fields, err);

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

static enum tctl_status
write_columns(
    struct tctl_edit *edit, const struct columns *at, struct tctl_error *err)
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

/* Its sprint or the graph may be another now: count and measure again. */
static enum tctl_status
recount(struct tctl_edit *edit, struct tctl_error *err)
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
	struct columns at;
	struct tctl_edit edit;
	enum tctl_status status =
	    tctl_edit_begin(&edit, coord, who, id, out, err);

	if (status != TCTL_OK)
		return status;
	at = (struct columns){ .title = edit.row.title,
		.sprint = edit.row.sprint,
		.priority = edit.row.priority,
		.estimate_s = edit.row.estimate_s,
		.agent = edit.row.planned_agent,
		.mutex = edit.row.mutex,
		.hand = edit.row.hand,
		.orphaned = edit.row.orphaned };
	data = json_object_new_object();
	status = tctl_query(coord->store, tctl_sql_task_position_line,
	    TCTL_ARGS(TCTL_N(edit.row.id)), take_columns, &at, NULL, err);
	if (status == TCTL_OK)
		status = apply_fields(&edit, fields, &at, data, err);
	if (status == TCTL_OK)
		status = write_columns(&edit, &at, err);
	if (status == TCTL_OK)
		status = tctl_edit_bury(&edit, err);
	if (status == TCTL_OK)
		status = recount(&edit, err);
	return tctl_edit_end(&edit, status, TCTL_EVENT_EDITED, data, err);
}

/* --- add
 * -------------------------------------------------------------------------- */

/* Letters of any script, digits, and what separates them. */
static bool
is_plain(const char *id)
{
	for (const char *at = id; *at != '\0'; at++)
		if ((unsigned char)*at < 0x80 && !isalnum((unsigned char)*at) &&
		    strchr("._-", *at) == NULL)
			return false;
	return true;
}

static enum tctl_status
check_id(const char *id, char norm[TCTL_ID_MAX], struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_text_check("task id", id, TCTL_ID_MAX - 1, err);

	if (status == TCTL_OK &&
	    (!tctl_id_normalise(id, norm) || !is_plain(id)))
		status = tctl_fail(err, TCTL_EINVALID,
		    "\"%.60s\" cannot be a task id (letters, digits, . _ -)",
		    id);
	return status;
}

static enum tctl_status
insert(struct tctl_edit *edit, const char *id, const char *title,
    struct tctl_error *err)
{
	const struct tctl_arg null = TCTL_T(NULL);
	struct tctl_store *store = edit->change.store;
	int64_t taken = 0, position = 0;
	char norm[TCTL_ID_MAX];
	enum tctl_status status = check_id(id, norm, err);

	if (status == TCTL_OK)
		status = tctl_query(store, tctl_sql_task_by_key,
		    TCTL_ARGS(TCTL_T(norm)), take_id, &taken, NULL, err);
	if (status == TCTL_OK && taken != 0)
		status = tctl_fail(
		    err, TCTL_EINVALID, "there is a task %s already", id);
	if (status == TCTL_OK)
		status = tctl_query(store, tctl_sql_plan_insert,
		    TCTL_ARGS(TCTL_T(TCTL_HAND_PLAN), null, null), take_id,
		    &edit->row.plan, NULL, err);
	if (status == TCTL_OK)
		status = tctl_query(store, tctl_sql_task_position,
		    TCTL_ARGS(TCTL_N(edit->row.plan)), take_id, &position, NULL,
		    err);
	if (status == TCTL_OK)
		status = tctl_query(store, tctl_sql_task_last, TCTL_NO_ARGS,
		    take_id, &edit->row.id, NULL, err);
	edit->row.id++;
	if (status == TCTL_OK)
		status = tctl_query(store, tctl_sql_task_insert,
		    TCTL_ARGS(TCTL_N(edit->row.id), TCTL_N(edit->row.plan),
			TCTL_T(id), TCTL_T(norm), TCTL_T(title), null,
			TCTL_N(position + 1), TCTL_N(TCTL_PRIORITY_NONE), null,
			null, TCTL_T(""), TCTL_T(""), null, TCTL_N(0),
			TCTL_T("open"), null, null, TCTL_N(0), TCTL_N(0),
			TCTL_N(0)),
		    NULL, NULL, NULL, err);
	return status == TCTL_OK ? tctl_row_read(store, edit->change.arena,
				       edit->row.id, &edit->row, err)
				 : status;
}

static enum tctl_status
add_needs(struct tctl_edit *edit, const struct tctl_strings *needs,
    struct json_object *data, struct tctl_error *err)
{
	struct json_object *list = json_object_new_array();
	struct json_object *plans = json_object_new_array();
	enum tctl_status status = TCTL_OK;
	struct tctl_row need;
	const char *plan;
	int64_t id;

	json_object_object_add(data, "needs", list);
	json_object_object_add(data, "needs_plans", plans);
	for (size_t i = 0; status == TCTL_OK && i < needs->count; i++) {
		status = tctl_row_find(edit->change.store, edit->change.arena,
		    needs->at[i], &id, err);
		if (status == TCTL_OK)
			status = tctl_row_read(edit->change.store,
			    edit->change.arena, id, &need, err);
		if (status == TCTL_OK)
			status = tctl_edit_link(edit, &need, "hand", err);
		if (status == TCTL_OK)
			status = tctl_edit_plan_name(edit, &need, &plan, err);
		if (status != TCTL_OK)
			break;
		json_object_array_add(list, json_object_new_string(need.key));
		json_object_array_add(plans, json_object_new_string(plan));
	}
	return status;
}

enum tctl_status
tctl_task_add(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *id, const struct tctl_fields *fields,
    const struct tctl_strings *needs, struct tctl_answer *out,
    struct tctl_error *err)
{
	struct tctl_edit edit;
	struct columns at = {
		.priority = TCTL_PRIORITY_NONE, .estimate_s = -1, .mutex = ""
	};
	struct json_object *data;
	enum tctl_status status =
	    tctl_edit_begin(&edit, coord, who, NULL, out, err);

	if (status != TCTL_OK)
		return status;
	data = json_object_new_object();
	status = check_fields(fields, err);
	if (status == TCTL_OK)
		status = insert(&edit, id, fields->title, err);
	if (status == TCTL_OK)
		status = tctl_query(coord->store, tctl_sql_task_position_line,
		    TCTL_ARGS(TCTL_N(edit.row.id)), take_columns, &at, NULL,
		    err);
	json_object_object_add(
	    data, "position", json_object_new_int64(at.position));
	if (status == TCTL_OK)
		status = apply_fields(&edit, fields, &at, data, err);
	if (status == TCTL_OK)
		status = write_columns(&edit, &at, err);
	if (status == TCTL_OK)
		status = add_needs(&edit, needs, data, err);
	if (status == TCTL_OK)
		status = recount(&edit, err);
	return tctl_edit_end(&edit, status, TCTL_EVENT_ADDED, data, err);
}
