/* approve.c - gates: somebody says that what follows may begin. */
#include <stdio.h>
#include <string.h>
#include <json-c/json.h>

#include "edit.h"

/* What is missing, in one sentence, the first few of it; and as JSON. */
static size_t
tell_missing(const struct tctl_why *why, char *text, size_t size,
    struct json_object *missing)
{
	size_t used = 0, count = 0;

	text[0] = '\0';
	for (size_t i = 0; i < why->reason_count; i++) {
		const struct tctl_reason *reason = &why->reason[i];

		if (reason->kind == TCTL_WHY_IS_GATE)
			continue;
		json_object_array_add(
		    missing, json_object_new_string(reason->text));
		if (used < size)
			used += (size_t)snprintf(text + used, size - used,
			    "%s%s", count == 0 ? "" : "; ", reason->text);
		count++;
	}
	return count;
}

static enum tctl_status
check_missing(struct tctl_edit *edit, bool override, struct json_object *data,
    struct tctl_error *err)
{
	struct json_object *missing = json_object_new_array();
	char text[700];
	enum tctl_status status =
	    tctl_answer_why(&edit->change, edit->out, edit->row.id, err);

	json_object_object_add(data, "missing", missing);
	if (status != TCTL_OK ||
	    tell_missing(&edit->out->why, text, sizeof(text), missing) == 0)
		return status;
	json_object_object_add(data, "override", json_object_new_boolean(true));
	if (override)
		return TCTL_OK;
	tctl_fail(err, TCTL_ENOTREADY, "%s cannot be approved: %s",
	    edit->row.key, text);
	return tctl_hint(err, "see: taskctl why %s", edit->row.key);
}

/* The decision's own box is a step of it. */
static enum tctl_status
apply(struct tctl_edit *edit, struct tctl_error *err)
{
	struct tctl_change *change = &edit->change;
	struct tctl_strings now_ready = { NULL, 0 };
	enum tctl_status status = tctl_query(change->store,
	    tctl_sql_line_tick_steps,
	    TCTL_ARGS(TCTL_N(1), TCTL_N(edit->row.id)), NULL, NULL, NULL, err);

	if (status == TCTL_OK)
		status = tctl_row_move(change, &edit->row, "done",
		    edit->row.attempts, edit->actor.agent, &now_ready, NULL,
		    err);
	if (status == TCTL_OK)
		tctl_answer_keep(edit->out, &edit->out->now_ready, &now_ready);
	return status;
}

static enum tctl_status
check_state(const struct tctl_row *row, struct tctl_error *err)
{
	if ((row->barred & TCTL_BAR_IS_GATE) == 0)
		return tctl_fail(err, TCTL_EINVALID,
		    "%s is not a gate: it is done, not approved", row->key);
	if (strcmp(row->state, "open") != 0 && strcmp(row->state, "done") != 0)
		return tctl_fail(
		    err, TCTL_ENOTREADY, "%s is %s", row->key, row->state);
	return TCTL_OK;
}

enum tctl_status
tctl_gate_approve(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *gate, bool override, const char *why, struct tctl_answer *out,
    struct tctl_error *err)
{
	struct json_object *data;
	struct tctl_edit edit;
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	if (override && (why == NULL || why[0] == '\0'))
		return tctl_fail(
		    err, TCTL_EUSAGE, "--override wants a reason: -m WHY");
	status = tctl_edit_begin(&edit, coord, who, gate, out, err);
	if (status != TCTL_OK)
		return status;
	status = check_state(&edit.row, err);
	if (status == TCTL_OK && strcmp(edit.row.state, "done") == 0) {
		out->already = true;
		status = tctl_answer_load(&edit.change, out, edit.row.id, err);
		return tctl_change_end(&edit.change, status, err);
	}
	data = tctl_edit_data("why", why);
	if (status == TCTL_OK)
		status = check_missing(&edit, override, data, err);
	if (status != TCTL_OK) {
		json_object_put(data);
		return tctl_change_refuse(&edit.change, status, err);
	}
	status = apply(&edit, err);
	return tctl_edit_end(&edit, status, TCTL_EVENT_APPROVED, data, err);
}
