/* finish.c - the ends that a holder gives a lease: done, release, fail. */
#include <json-c/json.h>
#include <string.h>

#include "holder.h"
#include "lock_file.h"
#include "reserved.h"

/* How a lease ends, and what that makes of its task. */
struct ending {
	enum tctl_event_kind event;
	const char *ended; /* lease.ended */
	const char *state; /* of the task */
};

static const struct ending ending_done = { TCTL_EVENT_DONE, "done", "done" };
static const struct ending ending_release = { TCTL_EVENT_RELEASED, "released",
	"open" };
static const struct ending ending_force = { TCTL_EVENT_FORCED, "forced",
	"open" };
static const struct ending ending_fail = { TCTL_EVENT_FAILED, "failed",
	"failed" };

static struct json_object *
data_with(const char *key, const char *text)
{
	struct json_object *data;

	if (text == NULL)
		return NULL;
	data = json_object_new_object();
	json_object_object_add(data, key, json_object_new_string(text));
	return data;
}

static enum tctl_status
add_note(struct tctl_change *change, int64_t task, const char *agent,
    const char *note, struct tctl_error *err)
{
	if (note == NULL)
		return TCTL_OK;
	return tctl_query(change->store, tctl_sql_note_insert,
	    TCTL_ARGS(TCTL_N(task), TCTL_N(change->now.wall_ms), TCTL_T(agent),
		TCTL_T(note)),
	    NULL, NULL, NULL, err);
}

static enum tctl_status
end_lease(struct tctl_change *change, const struct tctl_standing *at,
    const struct ending *ending, struct tctl_error *err)
{
	/* A late one has ended already, but not by its holder's will. */
	enum tctl_status status =
	    at->late ? tctl_query(change->store, tctl_sql_lease_revive,
			   TCTL_ARGS(TCTL_N(change->now.boot_ms),
			       TCTL_N(change->now.boot_ms),
			       TCTL_N(change->now.wall_ms), TCTL_N(at->row.id),
			       TCTL_N(at->lease.token)),
			   NULL, NULL, NULL, err)
		     : TCTL_OK;

	if (status == TCTL_OK)
		status = tctl_query(change->store, tctl_sql_lease_end,
		    TCTL_ARGS(TCTL_T(ending->ended),
			TCTL_N(change->now.wall_ms), TCTL_N(at->row.id),
			TCTL_N(at->lease.token)),
		    NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status = tctl_reserved_end(change, &at->lease, err);
	if (status == TCTL_OK)
		tctl_lock_file_release(change, at->row.key, at->lease.token);
	return status;
}

/* End the lease, move the task, write it down. */
static enum tctl_status
apply(struct tctl_change *change, struct tctl_standing *at,
    const struct ending *ending, const struct tctl_actor *actor,
    const char *note, struct tctl_answer *out, struct tctl_error *err)
{
	struct tctl_strings now_ready = { NULL, 0 };
	/* The lapse did not stand: it does not count as an attempt either. */
	int64_t attempts = at->row.attempts - (at->late ? 1 : 0);
	bool is_done = strcmp(ending->state, "done") == 0;
	enum tctl_status status = end_lease(change, at, ending, err);

	if (status == TCTL_OK &&
	    (strcmp(at->row.state, ending->state) != 0 || at->late))
		status = tctl_row_move(change, &at->row, ending->state,
		    attempts, is_done ? at->lease.agent : NULL, &now_ready,
		    NULL, err);
	if (status == TCTL_OK)
		status = add_note(change, at->row.id, actor->agent, note, err);
	if (status == TCTL_OK)
		status = tctl_change_event(change, ending->event, at->row.id,
		    actor, data_with("note", note), err);
	if (status == TCTL_OK) {
		tctl_answer_keep(out, &out->now_ready, &now_ready);
		out->late = at->late;
		status = tctl_answer_load_known(
		    change, out, at->row.id, NULL, NULL, err);
	}
	return status;
}

static void
take_count(void *into, const char *const col[])
{
	*(size_t *)into = (size_t)tctl_col(col[0]);
}

/* Done again, by who finished it: nothing changes. */
static bool
is_done_again(const struct tctl_standing *at, const struct tctl_caller *who)
{
	return strcmp(at->row.state, "done") == 0 && at->lease.ended != NULL &&
	       strcmp(at->lease.ended, "done") == 0 &&
	       tctl_holder_is(&at->lease, who);
}

/* Begin a change and let the holder in; on a refusal keep what lapsed and load
 * who has the task now. */
static enum tctl_status
begin(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *id, struct tctl_change *change, struct tctl_standing *at,
    struct tctl_answer *out, struct tctl_error *err)
{
	struct tctl_error unused;
	enum tctl_status status;

	tctl_answer_begin(out);
	status = tctl_change_begin(coord, TCTL_CHANGE, change, err);
	if (status != TCTL_OK)
		return status;
	status = tctl_holder_admit(change, who, id, at, err);
	if (status == TCTL_OK)
		return TCTL_OK;
	if (status == TCTL_ESTALE) {
		if (is_done_again(at, who))
			out->already = true;
		if (tctl_answer_load(change, out, at->row.id, &unused) !=
			TCTL_OK ||
		    tctl_answer_why(change, out, at->row.id, &unused) !=
			TCTL_OK)
			out->why.task.count = 0; /* refused all the same */
	}
	return tctl_change_refuse(change, status, err);
}

enum tctl_status
tctl_lease_done(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *id, const char *note, struct tctl_answer *out,
    struct tctl_error *err)
{
	struct tctl_change change;
	struct tctl_standing at;
	struct tctl_actor actor;
	enum tctl_status status = begin(coord, who, id, &change, &at, out, err);

	if (status != TCTL_OK)
		return out->already ? TCTL_OK : status;
	actor = (struct tctl_actor){ at.lease.agent, at.lease.session,
		at.lease.token };
	status = tctl_query(coord->store, tctl_sql_line_open_steps,
	    TCTL_ARGS(TCTL_N(at.row.id)), take_count, &out->open_steps, NULL,
	    err);
	if (status == TCTL_OK && out->open_steps > 0)
		tctl_answer_warn(out, "%s is done with %zu open step%s",
		    at.row.key, out->open_steps,
		    out->open_steps == 1 ? "" : "s");
	if (status == TCTL_OK)
		status =
		    apply(&change, &at, &ending_done, &actor, note, out, err);
	return tctl_change_end(&change, status, err);
}

enum tctl_status
tctl_lease_fail(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *id, const char *why, struct tctl_answer *out,
    struct tctl_error *err)
{
	struct tctl_change change;
	struct tctl_standing at;
	struct tctl_actor actor;
	enum tctl_status status = begin(coord, who, id, &change, &at, out, err);

	out->already = false;
	if (status != TCTL_OK)
		return status;
	actor = (struct tctl_actor){ at.lease.agent, at.lease.session,
		at.lease.token };
	status = apply(&change, &at, &ending_fail, &actor, why, out, err);
	return tctl_change_end(&change, status, err);
}

/* End somebody else's lease: on record, with a reason. */
static enum tctl_status
force(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *id, const char *why, struct tctl_answer *out,
    struct tctl_error *err)
{
	const struct tctl_actor actor = { who->agent, who->session, 0 };
	struct tctl_standing at = { .late = false };
	struct tctl_change change;
	int64_t row;
	enum tctl_status status;

	tctl_answer_begin(out);
	if (why == NULL || why[0] == '\0')
		return tctl_fail(
		    err, TCTL_EUSAGE, "--force wants a reason: -m WHY");
	if (who->agent == NULL) /* it is recorded who did it */
		return tctl_caller_unnamed(err);
	status = tctl_change_begin(coord, TCTL_CHANGE, &change, err);
	if (status != TCTL_OK)
		return status;
	status = tctl_row_find(coord->store, change.arena, id, &row, err);
	if (status == TCTL_OK)
		status = tctl_row_read(
		    coord->store, change.arena, row, &at.row, err);
	if (status == TCTL_OK)
		status = tctl_lease_read(
		    coord->store, change.arena, row, &at.lease, err);
	if (status == TCTL_OK && strcmp(at.row.state, "claimed") != 0)
		status = tctl_fail(
		    err, TCTL_ENOTREADY, "%s is held by nobody", at.row.key);
	if (status != TCTL_OK)
		return tctl_change_refuse(&change, status, err);
	status = apply(&change, &at, &ending_force, &actor, why, out, err);
	return tctl_change_end(&change, status, err);
}

enum tctl_status
tctl_leases_force(struct tctl_change *change,
    const struct tctl_lease_rows *live, const struct tctl_caller *who,
    const char *why, struct tctl_error *err)
{
	const struct tctl_actor actor = { who->agent, who->session, 0 };
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < live->count; i++) {
		struct tctl_standing at = { .lease = live->at[i] };
		struct tctl_answer unused;

		tctl_answer_begin(&unused);
		status = tctl_row_read(
		    change->store, change->arena, at.lease.task, &at.row, err);
		if (status == TCTL_OK)
			status = apply(change, &at, &ending_force, &actor, why,
			    &unused, err);
		tctl_answer_release(&unused);
	}
	return status;
}

enum tctl_status
tctl_lease_release(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id, const char *note,
    bool is_forced, struct tctl_answer *out, struct tctl_error *err)
{
	struct tctl_change change;
	struct tctl_standing at;
	struct tctl_actor actor;
	enum tctl_status status;

	if (is_forced)
		return force(coord, who, id, note, out, err);
	status = begin(coord, who, id, &change, &at, out, err);
	out->already = false;
	if (status != TCTL_OK)
		return status;
	actor = (struct tctl_actor){ at.lease.agent, at.lease.session,
		at.lease.token };
	status = apply(&change, &at, &ending_release, &actor, note, out, err);
	return tctl_change_end(&change, status, err);
}
