/* take.c - what happened in another store comes into this one, event by event.
 *
 * A taken event is an event of this store too, with an id of this store's, and
 * says where it first happened: so each store's own log tells everything that
 * it knows, and no event is taken twice whichever way it comes.  Then the tasks
 * that it speaks of are built anew, from all events of all stores. */
#include <string.h>

#include "take.h"

static enum tctl_status
raise_floor(struct tctl_taking *taking, struct tctl_error *err)
{
	int64_t floor_ms =
	    taking->latest_ms + (taking->latest_ms < TCTL_AT_MOST_MS);

	if (taking->change.now.wall_ms < floor_ms)
		taking->change.now.wall_ms = floor_ms;
	return tctl_query(taking->change.store, tctl_sql_store_raise_floor,
	    TCTL_ARGS(TCTL_N(floor_ms), TCTL_N(floor_ms)), NULL, NULL, NULL,
	    err);
}

static enum tctl_status
rebuild(struct tctl_taking *taking, struct tctl_error *err)
{
	struct tctl_change *change = &taking->change;
	bool *wanted =
	    tctl_arena_alloc(change->arena, (size_t)taking->rows.last_task + 1);
	enum tctl_status status;

	for (size_t i = 0; i < taking->tasks; i++)
		wanted[taking->task[i]] = true;
	taking->replay = (struct tctl_replay){ .change = change,
		.store = change->store,
		.arena = change->arena,
		.self = change->store_id,
		.tasks = taking->rows.last_task,
		.wanted = wanted };
	status = tctl_replay_run(&taking->replay, err);
	taking->out->incomplete = taking->replay.incomplete;
	if (status == TCTL_OK)
		status = raise_floor(taking, err);
	if (status == TCTL_OK)
		status = tctl_take_claims(taking, err);
	if (status == TCTL_OK)
		status = tctl_replay_write(&taking->replay, err);
	return status == TCTL_OK ? tctl_take_cycles(taking, err) : status;
}

static enum tctl_status
take_in(struct tctl_taking *taking, struct tctl_error *err)
{
	enum tctl_status status = tctl_take_read_known(taking, err);

	if (status != TCTL_OK)
		return status;
	if (strcmp(taking->log->store, taking->change.store_id) == 0) {
		if (taking->log->last <= taking->change.event)
			return TCTL_OK; /* our own, as we pushed it */
		tctl_fail(err, TCTL_EINVALID,
		    "branch %s holds event %lld of this store, which has only "
		    "%lld",
		    taking->log->branch, (long long)taking->log->last,
		    (long long)taking->change.event);
		return tctl_hint(
		    err, "was this store set back to an older copy?");
	}
	if (taking->log->last <= taking->seen)
		return TCTL_OK;
	status = tctl_take_log(taking, err);
	if (status == TCTL_OK && taking->out->events > 0)
		status = rebuild(taking, err);
	return status == TCTL_OK ? tctl_take_write_known(taking, err) : status;
}

enum tctl_status
tctl_take(const struct tctl_coord *coord, struct tctl_log *log,
    struct tctl_taken *out, struct tctl_error *err)
{
	struct tctl_taking taking = { .log = log, .out = out };
	enum tctl_status status =
	    tctl_change_begin(coord, TCTL_CHANGE, &taking.change, err);

	memset(out, 0, sizeof(*out));
	if (status != TCTL_OK)
		return status;
	out->arena = tctl_arena_new();
	status = take_in(&taking, err);
	status = tctl_change_end(&taking.change, status, err);
	if (status != TCTL_OK)
		tctl_taken_release(out);
	return status;
}

void
tctl_taken_release(struct tctl_taken *taken)
{
	tctl_arena_free(taken->arena);
	taken->arena = NULL;
}
