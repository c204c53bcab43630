/* settle.c - what a change does before its own: leases that have lapsed, or
 * whose process is dead, end; a copy of a store becomes another one. */
#include <json-c/json.h>

#include "lock_file.h"
#include "reserved.h"
#include "settle.h"

static void
remember_ended(struct tctl_change *change, int64_t task, const char *key,
    enum tctl_event_kind kind)
{
	struct tctl_ended *ended;

	change->ended = tctl_arena_grow(change->arena, change->ended,
	    change->ended_count, sizeof(*change->ended));
	change->settled = true;
	ended = &change->ended[change->ended_count++];
	ended->task = task;
	ended->key = key;
	ended->kind = kind;
}

/* End a lease that time or death has ended.  A task that has cost so many
 * attempts is failed: it may be what kills its agents. */
static enum tctl_status
end_lease(struct tctl_change *change, const struct tctl_lease_row *lease,
    enum tctl_verdict verdict, struct tctl_error *err)
{
	bool died = verdict == TCTL_DIED;
	struct tctl_actor actor = { lease->agent, lease->session,
		lease->token };
	struct json_object *data = json_object_new_object();
	struct tctl_row row;
	bool too_often;
	size_t rows;
	enum tctl_status status;

	status =
	    tctl_row_read(change->store, change->arena, lease->task, &row, err);
	if (status != TCTL_OK) {
		json_object_put(data);
		return status;
	}
	too_often = row.attempts + 1 >= change->coord->config->max_attempts;
	json_object_object_add(
	    data, "attempts", json_object_new_int64(row.attempts + 1));
	if (too_often)
		json_object_object_add(
		    data, "failed", json_object_new_boolean(true));
	status = tctl_query(change->store, tctl_sql_lease_end_due,
	    TCTL_ARGS(TCTL_T(too_often ? "attempts"
			     : died    ? "died"
				       : "lapsed"),
		TCTL_N(change->now.wall_ms), TCTL_N(lease->task),
		TCTL_N(lease->token), TCTL_N(lease->expires_boot),
		TCTL_N(lease->process.pid)),
	    NULL, NULL, &rows, err);
	if (status == TCTL_OK && rows != 1)
		status = tctl_fail(err, TCTL_ECORRUPT,
		    "the store says in two ways when the lease of %s ends",
		    row.key);
	if (status == TCTL_OK)
		status =
		    tctl_row_move(change, &row, too_often ? "failed" : "open",
			row.attempts + 1, NULL, NULL, NULL, err);
	/* What lapsed may come back, with what it had reserved. */
	if (status == TCTL_OK && (too_often || died))
		status = tctl_reserved_end(change, lease, err);
	if (status != TCTL_OK) {
		json_object_put(data);
		return status;
	}
	tctl_lock_file_release(change, row.key, lease->token);
	remember_ended(change, lease->task, row.key,
	    died ? TCTL_EVENT_DIED : TCTL_EVENT_LAPSED);
	return tctl_change_event(change,
	    died ? TCTL_EVENT_DIED : TCTL_EVENT_LAPSED, lease->task, &actor,
	    data, err);
}

/* End what has ended; bear witness to what lives. */
static enum tctl_status
settle_leases(struct tctl_change *change, const struct tctl_clock *clock,
    struct tctl_error *err)
{
	struct tctl_lease_rows live;
	enum tctl_status status = tctl_lease_read_due(
	    change->store, change->arena, change->now.boot_ms, &live, err);

	for (size_t i = 0; status == TCTL_OK && i < live.count; i++) {
		const struct tctl_lease_row *lease = &live.at[i];
		bool seen;
		enum tctl_verdict verdict =
		    tctl_lease_judge(lease, clock, &seen);

		if (verdict != TCTL_LIVE)
			status = end_lease(change, lease, verdict, err);
		else if (seen && !lease->witnessed) {
			change->settled = true;
			status =
			    tctl_query(change->store, tctl_sql_lease_witness,
				TCTL_ARGS(TCTL_N(lease->task)), NULL, NULL,
				NULL, err);
		}
	}
	return status;
}

/* After a reboot, or a virtual machine's return to a snapshot, times do not
 * compare: what lives gets its TTL anew, late but never early. */
static enum tctl_status
restart_leases(struct tctl_change *change, const struct tctl_clock *clock,
    struct tctl_error *err)
{
	struct json_object *data;
	size_t moved;
	enum tctl_status status = tctl_query(change->store,
	    clock->same_boot ? tctl_sql_lease_restart
			     : tctl_sql_lease_restart_elsewhere,
	    TCTL_ARGS(TCTL_N(change->now.boot_ms)), NULL, NULL, &moved, err);

	if (status != TCTL_OK || moved == 0)
		return status;
	change->settled = true;
	data = json_object_new_object();
	json_object_object_add(data, "why",
	    json_object_new_string(
		clock->same_boot
		    ? "the clock has gone back: restored from a snapshot"
		    : "another boot"));
	json_object_object_add(
	    data, "leases_restarted", json_object_new_int64((int64_t)moved));
	return tctl_change_event(change, TCTL_EVENT_CLOCK, 0, NULL, data, err);
}

static enum tctl_status
become_another(struct tctl_change *change, struct tctl_error *err)
{
	struct json_object *data = json_object_new_object();
	struct tctl_actor actor = { NULL, NULL, 0 };

	json_object_object_add(
	    data, "was", json_object_new_string(change->store_id));
	change->settled = true;
	tctl_store_id_new(change->store_id);
	json_object_object_add(
	    data, "store", json_object_new_string(change->store_id));
	change->token += TCTL_TOKEN_GAP;
	actor.token = change->token; /* from which a restore goes on */
	return tctl_change_event(
	    change, TCTL_EVENT_COPIED, 0, &actor, data, err);
}

enum tctl_status
tctl_settle(struct tctl_change *change, const struct tctl_identity *row,
    const struct tctl_clock *clock, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	if (tctl_identity_is_copy(row, &change->now))
		status = become_another(change, err);
	if (status == TCTL_OK &&
	    (row->wants_judging || !clock->same_boot || clock->went_back))
		status = settle_leases(change, clock, err);
	if (status == TCTL_OK && (!clock->same_boot || clock->went_back))
		status = restart_leases(change, clock, err);
	return status == TCTL_OK ? tctl_lock_files_reap(change, err) : status;
}
