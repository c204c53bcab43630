/* change.c - begin, record, end: what every change has in common. */
#include <json-c/json.h>
#include <string.h>
#include <bsd/string.h>

#include "change.h"
#include "lock_file.h"
#include "settle.h"

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

/* --- begin and end ---------------------------------------------------------
 */

static enum tctl_status
begin_once(
    struct tctl_change *change, bool *must_settle, struct tctl_error *err)
{
	struct tctl_identity row;
	struct tctl_clock clock;
	enum tctl_status status =
	    tctl_store_begin(change->store, change->kind, err);

	if (status != TCTL_OK)
		return status;
	/* The clock is read here, after the queue: a time from before would
	 * be as old as the wait was long. */
	status = tctl_store_now(change->store, &change->now, err);
	if (status == TCTL_OK)
		status =
		    tctl_identity_read(change->store, &change->now, &row, err);
	if (status == TCTL_OK) {
		/* What was taken from other stores stands before what happens
		 * here after it, even if their clocks are ahead. */
		if (change->now.wall_ms < row.floor_ms)
			change->now.wall_ms = row.floor_ms;
		tctl_identity_compare(&row, &change->now, &clock);
		strlcpy(change->store_id, row.id, sizeof(change->store_id));
		change->token = row.token;
		change->many_plans = row.many_plans;
		change->event = row.event;
		change->same_place = row.inode == change->now.inode &&
				     clock.same_boot && clock.same_machine;
		*must_settle = tctl_identity_is_copy(&row, &change->now) ||
			       !clock.same_boot || clock.went_back;
		if (change->kind == TCTL_CHANGE)
			status = tctl_settle(change, &row, &clock, err);
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
