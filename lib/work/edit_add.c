/* edit_add.c - a task added by hand. */
#include <json-c/json.h>
#include <ctype.h>
#include <string.h>

#include "edit_fields.h"

static void
take_id(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

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
	struct tctl_task_columns at = {
		.priority = TCTL_PRIORITY_NONE, .estimate_s = -1, .mutex = ""
	};
	struct json_object *data;
	enum tctl_status status =
	    tctl_edit_begin(&edit, coord, who, NULL, out, err);

	if (status != TCTL_OK)
		return status;
	data = json_object_new_object();
	status = tctl_fields_check(fields, err);
	if (status == TCTL_OK)
		status = insert(&edit, id, fields->title, err);
	if (status == TCTL_OK)
		status = tctl_task_columns_place(&edit, &at, err);
	json_object_object_add(
	    data, "position", json_object_new_int64(at.position));
	if (status == TCTL_OK)
		status = tctl_fields_apply(&edit, fields, &at, data, err);
	if (status == TCTL_OK)
		status = tctl_task_columns_write(&edit, &at, err);
	if (status == TCTL_OK)
		status = add_needs(&edit, needs, data, err);
	if (status == TCTL_OK)
		status = tctl_edit_recount(&edit, err);
	return tctl_edit_end(&edit, status, TCTL_EVENT_ADDED, data, err);
}
