/* restore.c - a store out of a log: everything that it tells, but no lease.
 *
 * It is one transaction, so that whoever looks meanwhile sees what was there
 * before, and a death leaves it. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <bsd/string.h>

#include "replay.h"
#include "taskctl/backup.h"

enum { DEPTH_MOST = 16, BATCH = 1000 };

/* --- reading the log ----------------------------------------------------- */

/* Another store, and its newest event so far. */
struct origin {
	const char *store;
	int64_t id;
};

struct keeping {
	struct origin *origin;
	size_t origins;
	struct tctl_replay *replay;
	struct tctl_log *log;
	struct tctl_replay_rows rows;
	int64_t last_event;
	size_t count;
};

/* Of each store's events what came first stands first, and each once. */
static enum tctl_status
check_origin(struct keeping *keeping, const struct tctl_event *event,
    struct tctl_error *err)
{
	struct tctl_arena *arena = keeping->replay->arena;
	struct origin *at = NULL;

	if (event->origin == NULL)
		return TCTL_OK;
	for (size_t i = keeping->origins; at == NULL && i-- > 0;)
		if (strcmp(keeping->origin[i].store, event->origin) == 0)
			at = &keeping->origin[i];
	if (at == NULL && keeping->origins == TCTL_STORES_MOST)
		return tctl_fail(err, TCTL_EINVALID,
		    "the log speaks of more than %d stores", TCTL_STORES_MOST);
	if (at == NULL) {
		keeping->origin = tctl_arena_grow(arena, keeping->origin,
		    keeping->origins, sizeof(*keeping->origin));
		at = &keeping->origin[keeping->origins++];
		*at = (struct origin){ tctl_arena_strdup(arena, event->origin),
			0 };
	}
	if (event->origin_id <= at->id)
		return tctl_fail(err, TCTL_EINVALID,
		    "event %lld of store %s does not come after event %lld",
		    (long long)event->origin_id, event->origin,
		    (long long)at->id);
	at->id = event->origin_id;
	return TCTL_OK;
}

static enum tctl_status
check_order(struct keeping *keeping, const struct tctl_event *event,
    struct tctl_error *err)
{
	if (event->id <= keeping->last_event)
		return tctl_fail(err, TCTL_EINVALID,
		    "event %lld does not come after event %lld",
		    (long long)event->id, (long long)keeping->last_event);
	/* But for the gap that a copy or a restored store leaves. */
	if (event->id > keeping->last_event + 1 &&
	    event->id - keeping->last_event < TCTL_TOKEN_GAP)
		return tctl_fail(err, TCTL_EINVALID,
		    "event %lld is missing: this is event %lld",
		    (long long)keeping->last_event + 1, (long long)event->id);
	if (event->id > keeping->log->last)
		return tctl_fail(err, TCTL_EINVALID,
		    "event %lld is beyond the last one, %lld, which the commit "
		    "names",
		    (long long)event->id, (long long)keeping->log->last);
	return check_origin(keeping, event, err);
}

static enum tctl_status
keep_line(struct keeping *keeping, struct json_tokener *tokener,
    struct tctl_arena *arena, const char *line, size_t length,
    struct tctl_error *err)
{
	struct tctl_event event;
	int64_t task;
	enum tctl_status status =
	    tctl_event_parse(tokener, arena, line, length, &event, err);

	if (status == TCTL_OK)
		status = check_order(keeping, &event, err);
	if (status == TCTL_OK)
		status = tctl_replay_keep(keeping->replay->store, &event,
		    event.id, event.origin, event.origin_id, &keeping->rows,
		    &task, err);
	if (status != TCTL_OK)
		return status;
	keeping->last_event = event.id;
	keeping->count++;
	return TCTL_OK;
}

static enum tctl_status
keep_all(struct keeping *keeping, struct tctl_error *err)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MOST);
	struct tctl_arena *arena = tctl_arena_new();
	const char *line = NULL;
	size_t length;
	enum tctl_status status;

	if (tokener == NULL)
		tctl_die_nomem();
	while ((status = keeping->log->next(
		    keeping->log, &line, &length, err)) == TCTL_OK &&
	       line != NULL) {
		status = keep_line(keeping, tokener, arena, line, length, err);
		if (status != TCTL_OK) {
			status = tctl_log_blame(keeping->log, err);
			break;
		}
		tctl_replay_tick(keeping->replay);
		if (keeping->count % BATCH == 0) {
			tctl_arena_free(arena);
			arena = tctl_arena_new();
		}
	}
	if (status == TCTL_OK && keeping->last_event != keeping->log->last)
		status = tctl_fail(err, TCTL_EINVALID,
		    "branch %s ends with event %lld; its commit says that it "
		    "holds event %lld",
		    keeping->log->branch, (long long)keeping->last_event,
		    (long long)keeping->log->last);
	json_tokener_free(tokener);
	tctl_arena_free(arena);
	return status;
}

static void
take_number(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

/* In front of what is wrong, the line of the event that could not be applied.
 */
static enum tctl_status
blame_event(struct tctl_replay *replay, const struct tctl_log *log,
    struct tctl_error *err)
{
	struct tctl_error what = *err, unused;
	int64_t id = replay->blame, line = 0;
	char place[128];

	if (id == 0 || tctl_query(replay->store, tctl_sql_replay_line,
			   TCTL_ARGS(TCTL_N(log->first_of(id)), TCTL_N(id)),
			   take_number, &line, NULL, &unused) != TCTL_OK)
		return err->status;
	log->place_of(log, id, line, place, sizeof(place));
	snprintf(err->text, sizeof(err->text), "%s: %.800s", place, what.text);
	return err->status;
}

/* --- the store's own row ------------------------------------------------- */

struct greatest {
	struct tctl_drawn drawn;
	int64_t at_ms;
};

static void
take_greatest(void *into, const char *const col[])
{
	struct greatest *greatest = into;

	greatest->drawn.token = tctl_col(col[0]);
	greatest->drawn.event = tctl_col(col[1]);
	greatest->at_ms = tctl_col(col[2]);
}

static void
take_had(void *into, const char *const col[])
{
	struct tctl_drawn *had = into;

	had->token = tctl_col(col[1]);
	had->event = tctl_col(col[2]);
}

/* Take out what is there; what its counters had reached stays. */
static enum tctl_status
empty(struct tctl_store *store, struct tctl_drawn *had, struct tctl_error *err)
{
	static const char *const drop[] = { tctl_sql_restore_drop_lease,
		tctl_sql_restore_drop_event, tctl_sql_restore_drop_note,
		tctl_sql_restore_drop_ticked, tctl_sql_restore_drop_line,
		tctl_sql_restore_drop_dep, tctl_sql_restore_drop_lane,
		tctl_sql_restore_drop_task, tctl_sql_restore_drop_sprint,
		tctl_sql_restore_drop_plan, tctl_sql_restore_drop_peer,
		tctl_sql_restore_drop_store };
	enum tctl_status status = tctl_query(store, tctl_sql_restore_had_store,
	    TCTL_NO_ARGS, take_had, had, NULL, err);

	for (size_t i = 0; status == TCTL_OK && i < TCTL_COUNT(drop); i++)
		status = tctl_query(
		    store, drop[i], TCTL_NO_ARGS, NULL, NULL, NULL, err);
	return status;
}

static enum tctl_status
begin_store(struct tctl_change *change, const struct tctl_drawn *had,
    const struct tctl_log *log, struct tctl_error *err)
{
	const struct tctl_now *now = &change->now;
	struct greatest known = { .at_ms = 0 };
	struct tctl_drawn all;
	enum tctl_status status =
	    tctl_query(change->store, tctl_sql_restore_greatest, TCTL_NO_ARGS,
		take_greatest, &known, NULL, err);

	all = tctl_drawn_most(known.drawn, *had);
	change->token = all.token + TCTL_TOKEN_GAP;
	change->event = all.event + TCTL_TOKEN_GAP;
	if (change->now.wall_ms < known.at_ms)
		change->now.wall_ms = known.at_ms;
	if (status == TCTL_OK)
		status = tctl_query(change->store, tctl_sql_restore_store,
		    TCTL_ARGS(TCTL_T(change->store_id), TCTL_N(change->token),
			TCTL_N(change->event), TCTL_T(now->boot),
			TCTL_N(now->boot_ms), TCTL_T(now->machine),
			TCTL_N(now->inode), TCTL_N(known.drawn.event),
			TCTL_N(known.at_ms)),
		    NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status = tctl_query(change->store, tctl_sql_restore_peers,
		    TCTL_NO_ARGS, NULL, NULL, NULL, err);
	/* The store whose log it is may go on elsewhere. */
	return status == TCTL_OK
		   ? tctl_query(change->store, tctl_sql_peer_set,
			 TCTL_ARGS(TCTL_T(log->store), TCTL_N(log->last),
			     TCTL_N(log->last)),
			 NULL, NULL, NULL, err)
		   : status;
}

/* --- all of it ----------------------------------------------------------- */

static void
tell_open_again(const struct tctl_replay *replay, struct tctl_restored *out)
{
	for (int64_t id = 1; id <= replay->tasks; id++) {
		const struct tctl_replay_task *task = replay->task[id];

		if (task == NULL || task->claims == 0 ||
		    strcmp(task->row.state, "open") != 0)
			continue;
		tctl_strings_add(out->arena, &out->open_again,
		    tctl_arena_printf(out->arena, "%s (%s)", task->row.key,
			task->claim[0].agent == NULL ? "?"
						     : task->claim[0].agent));
	}
}

static enum tctl_status
rebuild(struct tctl_change *change, const struct tctl_caller *who,
    const char *why, struct tctl_log *log, const struct tctl_progress *progress,
    struct tctl_restored *out, struct tctl_error *err)
{
	struct tctl_replay replay = { .change = change,
		.store = change->store,
		.arena = change->arena,
		.self = log->store,
		.progress = progress,
		.total = 2 * log->about };
	struct keeping keeping = { .replay = &replay, .log = log };
	struct tctl_drawn had = { 0, 0 };
	struct tctl_lease_rows live;
	enum tctl_status status =
	    tctl_lease_read_live(change->store, change->arena, &live, err);

	if (status == TCTL_OK)
		status = tctl_restored_holders(
		    change, &live, out->arena, &out->ended, err);
	if (status == TCTL_OK)
		status = empty(change->store, &had, err);

	if (status == TCTL_OK)
		status = keep_all(&keeping, err);
	replay.tasks = keeping.rows.last_task;
	replay.total = 2 * keeping.count;
	if (status == TCTL_OK) {
		status = tctl_replay_run(&replay, err);
		if (status == TCTL_EINVALID)
			status = blame_event(&replay, log, err);
	}
	if (status == TCTL_OK)
		status = begin_store(change, &had, log, err);
	if (status == TCTL_OK)
		status = tctl_replay_write(&replay, err);
	if (status == TCTL_OK)
		status = tctl_replay_count(&replay, err);
	if (status != TCTL_OK)
		return status;
	out->events = keeping.count;
	out->tasks = (size_t)keeping.rows.last_task;
	out->token = change->token;
	out->incomplete = replay.incomplete;
	tell_open_again(&replay, out);
	return tctl_restored_record(
	    change, who, why, log->store, "branch", log->branch, out, err);
}

enum tctl_status
tctl_restore(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *why, struct tctl_log *log, const struct tctl_progress *progress,
    struct tctl_restored *out, struct tctl_error *err)
{
	struct tctl_change change = {
		.coord = coord, .store = coord->store, .kind = TCTL_CHANGE
	};
	enum tctl_status status =
	    tctl_store_begin(coord->store, TCTL_CHANGE, err);

	memset(out, 0, sizeof(*out));
	if (status != TCTL_OK)
		return status;
	out->arena = tctl_arena_new();
	change.arena = tctl_arena_new();
	tctl_store_id_new(change.store_id);
	status = tctl_store_now(coord->store, &change.now, err);
	if (status == TCTL_OK)
		status = rebuild(&change, who, why, log, progress, out, err);
	strlcpy(out->store, change.store_id, sizeof(out->store));
	strlcpy(out->was, log->store, sizeof(out->was));
	status = tctl_change_end(&change, status, err);
	if (status != TCTL_OK)
		tctl_restored_release(out);
	return status;
}
