/* mark.c - marks that people put on a task: step, note, cancel, reopen. */
#include <stdlib.h>
#include <string.h>
#include <bsd/string.h>
#include <json-c/json.h>

#include "edit.h"
#include "lock_file.h"
#include "reserved.h"

enum { NOTE_MAX = 64 * 1024 }; /* bytes: a note is not a document */

static void
take_count(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

/* Of a task its steps.  A gate has criteria to be ticked: they come first, and
 * its steps are counted on after them, as show does. */
static enum tctl_status
find_line(struct tctl_edit *edit, int64_t *n, const char **kind,
    struct tctl_error *err)
{
	int64_t count = 0;
	enum tctl_status status;

	*kind = "step";
	if ((edit->row.barred & TCTL_BAR_IS_GATE) == 0)
		return TCTL_OK;
	*kind = "criterion";
	status = tctl_query(edit->change.store, tctl_sql_line_count,
	    TCTL_ARGS(TCTL_N(edit->row.id), TCTL_T(*kind)), take_count, &count,
	    NULL, err);
	if (status == TCTL_OK && *n > count) {
		*kind = "step";
		*n -= count;
	}
	return status;
}

enum tctl_status
tctl_step_tick(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *task, int64_t n, bool undo, struct tctl_answer *out,
    struct tctl_error *err)
{
	struct tctl_edit edit;
	struct json_object *data;
	const char *kind = NULL;
	int64_t at = n;
	size_t rows = 0;
	enum tctl_status status =
	    tctl_edit_begin(&edit, coord, who, task, out, err);

	if (status != TCTL_OK)
		return status;
	status = find_line(&edit, &at, &kind, err);
	if (status == TCTL_OK)
		status = tctl_query(coord->store, tctl_sql_line_tick,
		    TCTL_ARGS(TCTL_N(!undo), TCTL_N(edit.row.id), TCTL_T(kind),
			TCTL_N(at)),
		    NULL, NULL, &rows, err);
	if (status == TCTL_OK && rows == 0)
		status = tctl_fail(err, TCTL_ENOTFOUND, "%s has no step %lld",
		    edit.row.key, (long long)n);
	data = tctl_edit_data(NULL, NULL);
	json_object_object_add(data, "step", json_object_new_int64(n));
	json_object_object_add(data, "done", json_object_new_boolean(!undo));
	return tctl_edit_end(&edit, status, TCTL_EVENT_STEPPED, data, err);
}

enum tctl_status
tctl_note_add(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *task, const char *text, struct tctl_answer *out,
    struct tctl_error *err)
{
	struct tctl_edit edit;
	enum tctl_status status =
	    tctl_edit_begin(&edit, coord, who, task, out, err);

	if (status != TCTL_OK)
		return status;
	if (text[0] == '\0' || strlen(text) > NOTE_MAX)
		status = tctl_fail(
		    err, TCTL_EINVALID, "a note has 1 to %d bytes", NOTE_MAX);
	if (status == TCTL_OK)
		status = tctl_query(coord->store, tctl_sql_note_insert,
		    TCTL_ARGS(TCTL_N(edit.row.id),
			TCTL_N(edit.change.now.wall_ms), TCTL_T(who->agent),
			TCTL_T(text)),
		    NULL, NULL, NULL, err);
	return tctl_edit_end(
	    &edit, status, TCTL_EVENT_NOTED, tctl_edit_data("note", text), err);
}

/* End whatever lease there is: dead for ever. */
static enum tctl_status
end_lease(struct tctl_edit *edit, const char *why, struct tctl_error *err)
{
	struct tctl_change *change = &edit->change;
	struct tctl_lease_row lease;
	enum tctl_status status = tctl_lease_read(
	    change->store, change->arena, edit->row.id, &lease, err);

	if (status == TCTL_OK && lease.task != 0) {
		status = tctl_query(change->store, tctl_sql_lease_end,
		    TCTL_ARGS(TCTL_T(why), TCTL_N(change->now.wall_ms),
			TCTL_N(lease.task), TCTL_N(lease.token)),
		    NULL, NULL, NULL, err);
		tctl_lock_file_release(change, edit->row.key, lease.token);
		if (status == TCTL_OK)
			status = tctl_reserved_end(change, &lease, err);
	}
	if (status == TCTL_OK)
		status = tctl_query(change->store, tctl_sql_lease_bury,
		    TCTL_ARGS(TCTL_T(why), TCTL_N(edit->row.id)), NULL, NULL,
		    NULL, err);
	return status;
}

enum tctl_status
tctl_task_cancel(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *task, const char *why, struct tctl_answer *out,
    struct tctl_error *err)
{
	struct tctl_strings now_ready = { NULL, 0 };
	struct tctl_edit edit;
	enum tctl_status status =
	    tctl_edit_begin(&edit, coord, who, task, out, err);

	if (status != TCTL_OK)
		return status;
	if (strcmp(edit.row.state, "cancelled") == 0) {
		out->already = true;
		status = tctl_answer_load(&edit.change, out, edit.row.id, err);
		return tctl_change_end(&edit.change, status, err);
	}
	if (strcmp(edit.row.state, "done") == 0)
		status = tctl_fail(err, TCTL_ENOTREADY,
		    "%s is done; what is done is not cancelled", edit.row.key);
	/* What waits for it would begin, and nobody would have said why. */
	if (edit.row.barred & TCTL_BAR_IS_GATE)
		status = tctl_fail(err, TCTL_ENOTREADY,
		    "%s is a gate: it is approved, or stays closed",
		    edit.row.key);
	if (strcmp(edit.row.state, "claimed") == 0)
		status = tctl_fail(err, TCTL_ETAKEN,
		    "%s is in work; its holder gives it back first",
		    edit.row.key);
	if (status == TCTL_OK)
		status = end_lease(&edit, "cancelled", err);
	if (status == TCTL_OK)
		status = tctl_row_move(&edit.change, &edit.row, "cancelled",
		    edit.row.attempts, NULL, &now_ready, NULL, err);
	if (status == TCTL_OK)
		tctl_answer_keep(out, &out->now_ready, &now_ready);
	return tctl_edit_end(&edit, status, TCTL_EVENT_CANCELLED,
	    tctl_edit_data("why", why), err);
}

enum tctl_status
tctl_task_reopen(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *task, const char *why, struct tctl_answer *out,
    struct tctl_error *err)
{
	struct tctl_strings held = { NULL, 0 };
	struct json_object *data;
	struct tctl_edit edit;
	char was[16];
	enum tctl_status status =
	    tctl_edit_begin(&edit, coord, who, task, out, err);

	if (status != TCTL_OK)
		return status;
	if (strcmp(edit.row.state, "open") == 0) {
		out->already = true;
		status = tctl_answer_load(&edit.change, out, edit.row.id, err);
		return tctl_change_end(&edit.change, status, err);
	}
	if (strcmp(edit.row.state, "claimed") == 0)
		status = tctl_fail(err, TCTL_ENOTREADY,
		    "%s is in work, so it is open", edit.row.key);
	strlcpy(was, edit.row.state, sizeof(was));
	if (status == TCTL_OK)
		status = end_lease(&edit, "reopened", err);
	/* Its own box is the decision, which is open again. */
	if (status == TCTL_OK && (edit.row.barred & TCTL_BAR_IS_GATE))
		status = tctl_query(coord->store, tctl_sql_line_tick_steps,
		    TCTL_ARGS(TCTL_N(0), TCTL_N(edit.row.id)), NULL, NULL, NULL,
		    err);
	/* A fresh start: what it cost before counts no longer. */
	if (status == TCTL_OK)
		status = tctl_row_move(
		    &edit.change, &edit.row, "open", 0, NULL, NULL, &held, err);
	for (size_t i = 0; status == TCTL_OK && i < held.count; i++)
		tctl_answer_warn(out,
		    "%s is in work although it needs %s, which is open again",
		    held.at[i], edit.row.key);
	data = tctl_edit_data("why", why);
	/* For another store, where it may have been done meanwhile. */
	json_object_object_add(data, "was", json_object_new_string(was));
	return tctl_edit_end(&edit, status, TCTL_EVENT_REOPENED, data, err);
}
