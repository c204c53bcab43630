/* heartbeat.c - renewing leases, and ending those of the dead.
 *
 * Activity renews; a live process only extends, up to a bound; absence of
 * proof never renews. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "holder.h"
#include "reserved.h"

enum {
	/* A task may be held this long on the strength of a live process
	 * alone, unless its estimate is a third of more. */
	HOLD_LEAST_MS = 4 * 60 * 60 * 1000,
	HOLD_ESTIMATES = 3,
};

/* --- by the holder -----------------------------------------------------------
 */

struct beat {
	struct tctl_change change;
	const struct tctl_caller *who;
	struct tctl_answer *out;
	int64_t *row; /* renewed tasks */
	size_t count;
	bool must_be_full; /* a revival writes an event */
};

/* What was reserved with it is reserved again: if nobody else came meanwhile.
 */
static enum tctl_status
check_reserved(struct tctl_view *view, const struct tctl_standing *at,
    struct tctl_error *err)
{
	struct tctl_reserved_all all;
	struct tctl_patterns list;
	struct tctl_clash clash;
	size_t count = 0;
	enum tctl_status status;

	if (!at->lease.reserved)
		return TCTL_OK;
	status = tctl_reserved_of(view->coord->store, view->arena, at->row.id,
	    at->lease.token, &list, err);
	if (status == TCTL_OK)
		status = tctl_reserved_read(view, &all, err);
	if (status == TCTL_OK)
		status = tctl_reserved_meet(
		    view, &all, at->row.id, &list, 0, 1, &clash, &count, err);
	if (status == TCTL_OK && count > 0)
		status = tctl_fail(err, TCTL_ENOTREADY, "%s had lapsed, and %s",
		    at->row.key, tctl_clash_text(view->arena, &clash));
	return status;
}

/* A lease cannot come back while somebody has what went with it; only a new
 * claim, which reserves nothing, or done are left. */
static enum tctl_status
advise_claim(
    enum tctl_status status, const struct tctl_row *row, struct tctl_error *err)
{
	return status == TCTL_ENOTREADY
		   ? tctl_hint(err, "go on with a new token: taskctl claim %s",
			 row->key)
		   : status;
}

/* Take a lapsed lease up again, if its mutex is still free. */
static enum tctl_status
revive(struct beat *beat, struct tctl_standing *at, struct tctl_error *err)
{
	struct tctl_change *change = &beat->change;
	const struct tctl_lease_row *lease = &at->lease;
	struct tctl_actor actor = { lease->agent, lease->session,
		lease->token };
	struct tctl_view view;
	int64_t holder = 0;
	enum tctl_status status =
	    tctl_view_of_change(change, change->arena, &view, err);

	if (status == TCTL_OK && at->row.mutex[0] != '\0')
		status = tctl_mutex_holder(&view, at->row.mutex, &holder, err);
	if (status == TCTL_OK && holder != 0)
		status = tctl_fail(err, TCTL_ENOTREADY,
		    "%s had lapsed, and the mutex %s is held by another task "
		    "now",
		    at->row.key, at->row.mutex);
	if (status == TCTL_OK)
		status =
		    advise_claim(check_reserved(&view, at, err), &at->row, err);
	if (status == TCTL_OK)
		status = tctl_query(change->store, tctl_sql_lease_revive,
		    TCTL_ARGS(TCTL_N(change->now.boot_ms + lease->ttl_ms),
			TCTL_N(change->now.boot_ms),
			TCTL_N(change->now.wall_ms), TCTL_N(at->row.id),
			TCTL_N(lease->token)),
		    NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status = tctl_row_move(change, &at->row, "claimed",
		    at->row.attempts - 1, NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status = tctl_change_event(
		    change, TCTL_EVENT_REVIVED, at->row.id, &actor, NULL, err);
	beat->out->late = true;
	return status;
}

/* Its row says that it is live, and is wrong. */
static bool
has_ended(const struct tctl_lease_row *lease, const struct tctl_clock *clock)
{
	return lease->task != 0 && lease->ended == NULL &&
	       tctl_lease_judge(lease, clock, NULL) != TCTL_LIVE;
}

static enum tctl_status
renew_one(struct beat *beat, const char *id, struct tctl_error *err)
{
	struct tctl_change *change = &beat->change;
	const struct tctl_clock clock = {
		.now = change->now, .same_boot = true, .same_machine = true
	};
	struct tctl_standing at;
	struct tctl_error unused;
	enum tctl_status status =
	    tctl_holder_admit(change, beat->who, id, &at, err);

	/* A light change has settled nothing: what every view calls ended is
	 * not to be renewed here, and its holder not to be named. */
	if (change->kind != TCTL_CHANGE &&
	    ((status == TCTL_OK && at.late) || has_ended(&at.lease, &clock))) {
		beat->must_be_full = true;
		return TCTL_OK;
	}
	if (status == TCTL_ESTALE &&
	    tctl_answer_why(change, beat->out, at.row.id, &unused) != TCTL_OK)
		beat->out->why.task.count = 0; /* refused all the same */
	if (status != TCTL_OK)
		return status;
	if (at.late) {
		status = revive(beat, &at, err);
		at.lease.ended = NULL;
	}
	if (status == TCTL_OK)
		status = tctl_holder_renew(change, at.row.key, &at.lease,
		    at.lease.ttl_ms, beat->who->evidence, beat->out, err);
	beat->row = tctl_arena_grow(
	    change->arena, beat->row, beat->count, sizeof(*beat->row));
	beat->row[beat->count++] = at.row.id;
	return status;
}

/* Everything that the caller holds, and what of it lapsed by time alone. */
static enum tctl_status
renew_all(struct beat *beat, struct tctl_error *err)
{
	struct tctl_change *change = &beat->change;
	const struct tctl_caller *who = beat->who;
	struct tctl_row_ids mine = { .arena = change->arena };
	const char *key;
	enum tctl_status status = tctl_query(change->store, tctl_sql_lease_mine,
	    TCTL_ARGS(TCTL_T(who->agent), TCTL_T(who->session)),
	    tctl_row_ids_take, &mine, NULL, err);

	if (status == TCTL_OK)
		status = tctl_query(change->store, tctl_sql_lease_mine_lapsed,
		    TCTL_ARGS(TCTL_T(who->agent), TCTL_T(who->session)),
		    tctl_row_ids_take, &mine, NULL, err);
	for (size_t i = 0; status == TCTL_OK && i < mine.count; i++) {
		status = tctl_row_key(
		    change->store, change->arena, mine.at[i], &key, err);
		if (status == TCTL_OK)
			status = renew_one(beat, key, err);
		/* One that cannot come back must not cost the others theirs. */
		if (status == TCTL_ENOTREADY) {
			tctl_answer_warn(beat->out, "%s", err->text);
			status = TCTL_OK;
		}
	}
	return status;
}

static enum tctl_status
renew(struct beat *beat, const struct tctl_strings *ids, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	if (ids->count == 0)
		return renew_all(beat, err);
	for (size_t i = 0; status == TCTL_OK && i < ids->count; i++)
		status = renew_one(beat, ids->at[i], err);
	return status;
}

static enum tctl_status
beat_once(struct beat *beat, const struct tctl_coord *coord,
    enum tctl_transaction kind, const struct tctl_strings *ids,
    struct tctl_error *err)
{
	enum tctl_status status;

	beat->row = NULL;
	beat->count = 0;
	beat->must_be_full = false;
	status = tctl_change_begin(coord, kind, &beat->change, err);
	if (status != TCTL_OK)
		return status;
	status = renew(beat, ids, err);
	if (status == TCTL_OK && !beat->must_be_full)
		status = tctl_answer_load_all(
		    &beat->change, beat->out, beat->row, beat->count, err);
	if (status == TCTL_ESTALE)
		return tctl_change_refuse(&beat->change, status, err);
	if (beat->must_be_full) {
		tctl_store_rollback(coord->store);
		tctl_arena_free(beat->change.arena);
		return status;
	}
	return tctl_change_end(&beat->change, status, err);
}

enum tctl_status
tctl_lease_heartbeat(const struct tctl_coord *coord,
    const struct tctl_caller *who, const struct tctl_strings *ids,
    struct tctl_answer *out, struct tctl_error *err)
{
	struct beat beat = { .who = who, .out = out };
	enum tctl_status status;

	tctl_answer_begin(out);
	if (who->agent == NULL && who->token < 0)
		return tctl_caller_unnamed(err);
	status = beat_once(&beat, coord, TCTL_LIGHT_CHANGE, ids, err);
	if (beat.must_be_full)
		status = beat_once(&beat, coord, TCTL_CHANGE, ids, err);
	return status;
}

/* --- by cron
 * -------------------------------------------------------------------- */

static int64_t
hold_max_ms(const struct tctl_config *config, const struct tctl_row *row)
{
	int64_t by_estimate = row->estimate_s * 1000 * HOLD_ESTIMATES;

	if (config->hold_max_ms > 0)
		return config->hold_max_ms;
	return by_estimate > HOLD_LEAST_MS ? by_estimate : HOLD_LEAST_MS;
}

/* May a process that is seen alive extend this lease once more?  Not one that
 * has run out while we waited for our turn: every view calls it ended. */
static bool
may_extend(const struct tctl_change *change, const char *host,
    const struct tctl_lease_row *lease, const struct tctl_row *row)
{
	const struct tctl_config *config = change->coord->config;
	int64_t now = change->now.boot_ms;

	return lease->process.pid != 0 && strcmp(lease->host, host) == 0 &&
	       lease->expires_boot > now &&
	       now - lease->active_boot < config->idle_max_ms &&
	       now - lease->acquired_boot < hold_max_ms(config, row) &&
	       tctl_process_life(&lease->process) == TCTL_ALIVE;
}

static enum tctl_status
extend_living(struct tctl_change *change, const char *host,
    struct tctl_sweep_result *out, struct tctl_error *err)
{
	struct tctl_lease_rows live;
	struct tctl_row row;
	enum tctl_status status =
	    tctl_lease_read_live(change->store, change->arena, &live, err);

	for (size_t i = 0; status == TCTL_OK && i < live.count; i++) {
		const struct tctl_lease_row *lease = &live.at[i];

		status = tctl_row_read(
		    change->store, change->arena, lease->task, &row, err);
		if (status != TCTL_OK)
			break;
		if (!may_extend(change, host, lease, &row)) {
			out->left++;
			continue;
		}
		status = tctl_holder_renew(change, row.key, lease,
		    lease->ttl_ms, "process", NULL, err);
		out->extended++;
	}
	return status;
}

static void
report_ended(struct tctl_change *change, struct tctl_sweep_result *out)
{
	out->ended = change->ended_count;
	for (size_t i = 0; i < change->ended_count; i++)
		tctl_strings_add(out->arena, &out->ids,
		    tctl_arena_strdup(out->arena, change->ended[i].key));
}

/* Is there anything that a sweep would change?  Cron asks every minute: a look
 * costs no write. */
static enum tctl_status
anything_to_do(
    const struct tctl_coord *coord, bool *any, struct tctl_error *err)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_view view;
	enum tctl_status status = tctl_view_begin(coord, arena, &view, err);

	*any = false;
	for (size_t i = 0; status == TCTL_OK && i < view.live.count; i++) {
		const struct tctl_lease_row *lease = &view.live.at[i];

		if (view.verdict[i] != TCTL_LIVE ||
		    (lease->process.pid != 0 && !lease->witnessed))
			*any = true;
	}
	if (status == TCTL_OK) {
		if (!view.clock.same_boot || view.clock.went_back)
			*any = true;
		tctl_view_end(&view);
	}
	tctl_arena_free(arena);
	return status;
}

enum tctl_status
tctl_lease_sweep(const struct tctl_coord *coord, struct tctl_sweep_result *out,
    struct tctl_error *err)
{
	struct tctl_change change;
	bool any;
	enum tctl_status status = anything_to_do(coord, &any, err);

	memset(out, 0, sizeof(*out));
	out->arena = tctl_arena_new();
	if (status != TCTL_OK || !any)
		return status;
	status = tctl_change_begin(coord, TCTL_CHANGE, &change, err);
	if (status != TCTL_OK)
		return status;
	report_ended(&change, out);
	return tctl_change_end(&change, status, err);
}

enum tctl_status
tctl_lease_heartbeat_host(const struct tctl_coord *coord, const char *host,
    struct tctl_sweep_result *out, struct tctl_error *err)
{
	struct tctl_change change;
	enum tctl_status status = tctl_lease_sweep(coord, out, err);

	if (status == TCTL_OK)
		status =
		    tctl_change_begin(coord, TCTL_LIGHT_CHANGE, &change, err);
	if (status != TCTL_OK)
		return status;
	status = extend_living(&change, host, out, err);
	return tctl_change_end(&change, status, err);
}
