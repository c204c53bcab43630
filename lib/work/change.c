/* change.c - begin, settle, record, end: what every change has in common. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bsd/string.h>

#include "change.h"
#include "lock_file.h"
#include "reserved.h"

/* The row of the table store, and how its clock compares with now. */
struct identity {
	bool found;
	char id[40];
	int64_t token;
	int64_t event;
	char boot[40];
	int64_t clock_boot;
	char machine[40];
	int64_t inode;
	bool wants_judging; /* some live lease may have ended */
	bool many_plans;
	int64_t floor_ms;
};

static void
take_identity(void *into, const char *const col[])
{
	struct identity *row = into;

	row->found = true;
	strlcpy(row->id, tctl_col_text(col[0]), sizeof(row->id));
	row->token = tctl_col(col[1]);
	row->event = tctl_col(col[2]);
	strlcpy(row->boot, tctl_col_text(col[3]), sizeof(row->boot));
	row->clock_boot = tctl_col(col[4]);
	strlcpy(row->machine, tctl_col_text(col[5]), sizeof(row->machine));
	row->inode = tctl_col(col[6]);
	row->wants_judging = tctl_col(col[7]) != 0;
	row->many_plans = tctl_col(col[8]) != 0;
	row->floor_ms = tctl_col(col[9]);
}

static enum tctl_status
read_identity(struct tctl_store *store, const struct tctl_now *now,
    struct identity *out, struct tctl_error *err)
{
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	status = tctl_query(store, tctl_sql_store_read,
	    TCTL_ARGS(TCTL_N(now->boot_ms)), take_identity, out, NULL, err);
	if (status == TCTL_OK && !out->found)
		status = tctl_fail(err, TCTL_ECORRUPT,
		    "the store has lost the row that says who it is");
	return status;
}

static void
compare(const struct identity *row, const struct tctl_now *now,
    struct tctl_clock *out)
{
	out->now = *now;
	out->many_plans = row->many_plans;
	out->same_boot = strcmp(row->boot, now->boot) == 0;
	out->same_machine =
	    now->machine[0] != '\0' && strcmp(row->machine, now->machine) == 0;
	out->went_back = out->same_boot && row->clock_boot > now->boot_ms;
}

/* A reader looks at the clock before it sees the store, so others may have
 * committed in between.  That is no clock that went back: what is seen is how
 * things stood when the last of them did. */
static enum tctl_status
look_again(struct tctl_store *store, const struct identity *row,
    struct tctl_now *now, struct tctl_error *err)
{
	struct tctl_now again;
	enum tctl_status status;

	if (row->clock_boot <= now->boot_ms ||
	    strcmp(row->boot, now->boot) != 0)
		return TCTL_OK;
	status = tctl_store_now(store, &again, err);
	if (status == TCTL_OK && row->clock_boot <= again.boot_ms)
		now->boot_ms = row->clock_boot;
	return status;
}

enum tctl_status
tctl_clock_read(
    struct tctl_store *store, struct tctl_clock *out, struct tctl_error *err)
{
	struct identity row;
	struct tctl_now now;
	enum tctl_status status = tctl_store_now(store, &now, err);

	if (status == TCTL_OK)
		status = read_identity(store, &now, &row, err);
	if (status == TCTL_OK)
		status = look_again(store, &row, &now, err);
	if (status == TCTL_OK)
		compare(&row, &now, out);
	return status;
}

void
tctl_store_id_new(char out[40])
{
	unsigned char bytes[8];

	/* Not arc4random: without memory it ends the process, and says not why.
	 */
	if (getentropy(bytes, sizeof(bytes)) != 0)
		abort();
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

enum tctl_status
tctl_change_event_text(struct tctl_change *change, enum tctl_event_kind kind,
    int64_t task, const struct tctl_actor *actor, const char *data,
    struct tctl_error *err)
{
	static const struct tctl_actor nobody;
	struct tctl_arg task_arg = TCTL_T(NULL), token_arg = TCTL_T(NULL);

	if (actor == NULL)
		actor = &nobody;
	if (task != 0)
		task_arg = TCTL_N(task);
	if (actor->token > 0)
		token_arg = TCTL_N(actor->token);
	return tctl_query(change->store, tctl_sql_event_insert,
	    TCTL_ARGS(TCTL_N(++change->event), TCTL_N(change->now.wall_ms),
		TCTL_T(tctl_event_kind_word(kind)), task_arg,
		TCTL_T(actor->agent), TCTL_T(actor->session), token_arg,
		TCTL_T(data)),
	    NULL, NULL, NULL, err);
}

enum tctl_status
tctl_change_event(struct tctl_change *change, enum tctl_event_kind kind,
    int64_t task, const struct tctl_actor *actor, struct json_object *data,
    struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_change_event_text(change, kind, task, actor,
		data == NULL ? NULL
			     : json_object_to_json_string_ext(
				   data, JSON_C_TO_STRING_NOSLASHESCAPE),
		err);

	json_object_put(data);
	return status;
}

int64_t
tctl_change_token(struct tctl_change *change)
{
	return ++change->token;
}

/* --- settling ------------------------------------------------------------ */

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

/* Another file, or the same one on another kernel.  One boot is one kernel,
 * whatever machine id a container goes by. */
static bool
is_copy(const struct identity *row, const struct tctl_now *now)
{
	return row->inode != now->inode ||
	       (strcmp(row->machine, now->machine) != 0 &&
		   strcmp(row->boot, now->boot) != 0);
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

static enum tctl_status
settle(struct tctl_change *change, const struct identity *row,
    const struct tctl_clock *clock, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	if (is_copy(row, &change->now))
		status = become_another(change, err);
	if (status == TCTL_OK &&
	    (row->wants_judging || !clock->same_boot || clock->went_back))
		status = settle_leases(change, clock, err);
	if (status == TCTL_OK && (!clock->same_boot || clock->went_back))
		status = restart_leases(change, clock, err);
	return status == TCTL_OK ? tctl_lock_files_reap(change, err) : status;
}

/* --- begin and end ---------------------------------------------------------
 */

static enum tctl_status
begin_once(
    struct tctl_change *change, bool *must_settle, struct tctl_error *err)
{
	struct identity row;
	struct tctl_clock clock;
	enum tctl_status status =
	    tctl_store_begin(change->store, change->kind, err);

	if (status != TCTL_OK)
		return status;
	/* The clock is read here, after the queue: a time from before would
	 * be as old as the wait was long. */
	status = tctl_store_now(change->store, &change->now, err);
	if (status == TCTL_OK)
		status = read_identity(change->store, &change->now, &row, err);
	if (status == TCTL_OK) {
		/* What was taken from other stores stands before what happens
		 * here after it, even if their clocks are ahead. */
		if (change->now.wall_ms < row.floor_ms)
			change->now.wall_ms = row.floor_ms;
		compare(&row, &change->now, &clock);
		strlcpy(change->store_id, row.id, sizeof(change->store_id));
		change->token = row.token;
		change->many_plans = row.many_plans;
		change->event = row.event;
		change->same_place = row.inode == change->now.inode &&
				     clock.same_boot && clock.same_machine;
		*must_settle = is_copy(&row, &change->now) ||
			       !clock.same_boot || clock.went_back;
		if (change->kind == TCTL_CHANGE)
			status = settle(change, &row, &clock, err);
	}
	if (status != TCTL_OK)
		tctl_store_rollback(change->store);
	return status;
}

enum tctl_status
tctl_change_begin(const struct tctl_coord *coord, enum tctl_transaction kind,
    struct tctl_change *out, struct tctl_error *err)
{
	bool must_settle = false;
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	out->coord = coord;
	out->store = coord->store;
	out->arena = tctl_arena_new();
	out->kind = kind;
	status = begin_once(out, &must_settle, err);
	if (status == TCTL_OK && kind == TCTL_LIGHT_CHANGE && must_settle) {
		tctl_store_rollback(out->store);
		out->kind = TCTL_CHANGE;
		status = begin_once(out, &must_settle, err);
	}
	if (status != TCTL_OK)
		tctl_arena_free(out->arena);
	return status;
}

static enum tctl_status
commit(struct tctl_change *change, void (*after)(void *into), void *into,
    struct tctl_error *err)
{
	const struct tctl_now *now = &change->now;
	enum tctl_status status =
	    change->same_place
		? tctl_query(change->store, tctl_sql_store_advance,
		      TCTL_ARGS(TCTL_N(change->token), TCTL_N(change->event),
			  TCTL_N(now->boot_ms)),
		      NULL, NULL, NULL, err)
		: tctl_query(change->store, tctl_sql_store_update,
		      TCTL_ARGS(TCTL_T(change->store_id), TCTL_N(change->token),
			  TCTL_N(change->event), TCTL_T(now->boot),
			  TCTL_N(now->boot_ms), TCTL_T(now->machine),
			  TCTL_N(now->inode)),
		      NULL, NULL, NULL, err);

	if (status == TCTL_OK)
		return tctl_store_commit(change->store, after, into, err);
	tctl_store_rollback(change->store);
	return status;
}

enum tctl_status
tctl_change_end(
    struct tctl_change *change, enum tctl_status status, struct tctl_error *err)
{
	return tctl_change_end_with(
	    change, status, tctl_lock_files_drop, change, err);
}

enum tctl_status
tctl_change_end_with(struct tctl_change *change, enum tctl_status status,
    void (*after)(void *into), void *into, struct tctl_error *err)
{
	if (status == TCTL_OK)
		status = commit(change, after, into, err);
	else
		tctl_store_rollback(change->store);
	tctl_arena_free(change->arena);
	return status;
}

enum tctl_status
tctl_change_refuse(
    struct tctl_change *change, enum tctl_status status, struct tctl_error *err)
{
	struct tctl_error failure;

	/* Nothing to keep, or nothing that can be kept: no commit. */
	if (!change->settled || status == TCTL_EFAILED ||
	    status == TCTL_EBUSY || status == TCTL_ECORRUPT)
		tctl_store_rollback(change->store);
	else if (commit(change, tctl_lock_files_drop, change, &failure) !=
		 TCTL_OK) {
		*err = failure;
		status = failure.status;
	}
	tctl_arena_free(change->arena);
	return status;
}

enum tctl_status
tctl_coord_init(struct tctl_store *store, bool *made, struct tctl_error *err)
{
	static const struct tctl_config config;
	struct tctl_coord coord = { .store = store, .config = &config };
	struct tctl_change change = {
		.coord = &coord, .store = store, .kind = TCTL_CHANGE
	};
	size_t rows = 0;
	enum tctl_status status = tctl_store_begin(store, TCTL_CHANGE, err);

	if (status != TCTL_OK)
		return status;
	change.arena = tctl_arena_new();
	tctl_store_id_new(change.store_id);
	status = tctl_store_now(store, &change.now, err);
	if (status == TCTL_OK)
		status = tctl_query(store, tctl_sql_store_insert,
		    TCTL_ARGS(TCTL_T(change.store_id), TCTL_T(change.now.boot),
			TCTL_N(change.now.boot_ms), TCTL_T(change.now.machine),
			TCTL_N(change.now.inode)),
		    NULL, NULL, &rows, err);
	*made = rows == 1;
	if (status == TCTL_OK && rows == 0) {
		tctl_store_rollback(store);
		tctl_arena_free(change.arena);
		return TCTL_OK;
	}
	if (status == TCTL_OK)
		status = tctl_change_event(
		    &change, TCTL_EVENT_INIT, 0, NULL, NULL, err);
	return tctl_change_end(&change, status, err);
}
