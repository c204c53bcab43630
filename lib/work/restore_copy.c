/* restore_copy.c - a copy of a store becomes the store, and no token of either
 * is ever good again (docs/adr/0015-backup-and-restore.md). */
#include <string.h>

#include <bsd/string.h>

#include "holder.h"
#include "lock_file.h"
#include "replay.h"
#include "taskctl/backup.h"

struct tctl_drawn
tctl_drawn_by_now(int64_t wall_ms)
{
	/* A thousand a millisecond is more than any store can draw. */
	return (struct tctl_drawn){ wall_ms * 1024, wall_ms * 1024 };
}

struct tctl_drawn
tctl_drawn_most(struct tctl_drawn a, struct tctl_drawn b)
{
	return (struct tctl_drawn){ a.token > b.token ? a.token : b.token,
		a.event > b.event ? a.event : b.event };
}

/* --- the copy, by itself ---------------------------------------------------
 */

/* Everybody lets go of what they hold in it. */
static enum tctl_status
let_go(struct tctl_change *change, struct tctl_restored *out,
    struct tctl_error *err)
{
	static const char *const end[] = { tctl_sql_backup_open_again,
		tctl_sql_backup_drop_reservations,
		tctl_sql_backup_free_leases };
	struct tctl_lease_rows live;
	enum tctl_status status =
	    tctl_lease_read_live(change->store, change->arena, &live, err);

	if (status == TCTL_OK)
		status = tctl_restored_holders(
		    change, &live, out->arena, &out->open_again, err);
	if (status == TCTL_OK)
		status = tctl_query(change->store, tctl_sql_backup_end_leases,
		    TCTL_ARGS(TCTL_N(change->now.wall_ms)), NULL, NULL, NULL,
		    err);
	for (size_t i = 0; status == TCTL_OK && i < TCTL_COUNT(end); i++)
		status = tctl_query(
		    change->store, end[i], TCTL_NO_ARGS, NULL, NULL, NULL, err);
	return status;
}

static void
take_floor(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[1]);
}

/* What comes after stands after it, even if the clock was set back meanwhile;
 * and what it was may go on elsewhere. */
static enum tctl_status
go_on(struct tctl_change *change, const struct tctl_copy *was,
    struct tctl_error *err)
{
	int64_t newest_ms = 0;
	enum tctl_status status =
	    tctl_query(change->store, tctl_sql_backup_newest, TCTL_NO_ARGS,
		take_floor, &newest_ms, NULL, err);

	if (change->now.wall_ms < newest_ms)
		change->now.wall_ms = newest_ms;
	if (status == TCTL_OK)
		status = tctl_query(change->store, tctl_sql_store_raise_floor,
		    TCTL_ARGS(TCTL_N(newest_ms), TCTL_N(newest_ms)), NULL, NULL,
		    NULL, err);
	return status == TCTL_OK
		   ? tctl_query(change->store, tctl_sql_peer_set,
			 TCTL_ARGS(TCTL_T(was->store), TCTL_N(was->event),
			     TCTL_N(was->event)),
			 NULL, NULL, NULL, err)
		   : status;
}

static enum tctl_status
revive(struct tctl_change *change, const struct tctl_caller *who,
    const char *why, const char *from, const struct tctl_drawn *drawn,
    struct tctl_restored *out, struct tctl_error *err)
{
	struct tctl_copy was;
	struct tctl_drawn all;
	enum tctl_status status = tctl_copy_read(change->store, &was, err);

	if (status != TCTL_OK)
		return status;
	all = tctl_drawn_most(
	    *drawn, (struct tctl_drawn){ was.token, was.event });
	change->token = all.token + TCTL_TOKEN_GAP;
	change->event = all.event + TCTL_TOKEN_GAP;
	strlcpy(out->was, was.store, sizeof(out->was));
	out->events = was.events;
	out->tasks = was.tasks;
	out->token = change->token;
	status = go_on(change, &was, err);
	if (status == TCTL_OK)
		status = let_go(change, out, err);
	return status == TCTL_OK ? tctl_restored_record(change, who, why,
				       was.store, "file", from, out, err)
				 : status;
}

enum tctl_status
tctl_copy_revive(const struct tctl_coord *copy, const struct tctl_caller *who,
    const char *why, const char *from, const struct tctl_drawn *drawn,
    int64_t inode, struct tctl_restored *out, struct tctl_error *err)
{
	struct tctl_change change = {
		.coord = copy, .store = copy->store, .kind = TCTL_CHANGE
	};
	enum tctl_status status =
	    tctl_store_begin(copy->store, TCTL_CHANGE, err);

	if (status != TCTL_OK)
		return status;
	if (out->arena == NULL)
		out->arena = tctl_arena_new();
	change.arena = tctl_arena_new();
	tctl_store_id_new(change.store_id);
	strlcpy(out->store, change.store_id, sizeof(out->store));
	status = tctl_store_now(copy->store, &change.now, err);
	if (inode != 0)
		change.now.inode = inode;
	if (status == TCTL_OK)
		status = revive(&change, who, why, from, drawn, out, err);
	return tctl_change_end_with(&change, status, NULL, NULL, err);
}

/* --- in the place of another ------------------------------------------------
 */

struct replacing {
	struct tctl_change change; /* of the store that is replaced */
	const struct tctl_caller *who;
	const char *why;
	const char *from;
	const struct tctl_coord *copy;
	struct tctl_drawn drawn;
	const char *kept;
	struct tctl_restored *out;
	enum tctl_status status;
	struct tctl_error *err;
};

/* After the commit, in the same turn: what it has drawn is all that it will. */
static void
replace(void *into)
{
	struct replacing *r = into;
	struct tctl_store *store = r->change.store;

	tctl_lock_files_drop(&r->change);
	r->status = tctl_copy_revive(r->copy, r->who, r->why, r->from,
	    &r->drawn, r->change.now.inode, r->out, r->err);
	if (r->status == TCTL_OK)
		r->status = tctl_copy_write(r->change.coord, r->kept, r->err);
	if (r->status == TCTL_OK)
		r->status = tctl_store_become(store, r->copy->store, r->err);
}

static enum tctl_status
refuse_live(const struct tctl_strings *held, struct tctl_error *err)
{
	tctl_fail(err, TCTL_ETAKEN, "%s%s%s%s in work: leases live",
	    held->at[0], held->count > 1 ? ", " : "",
	    held->count > 1 ? held->at[1] : "",
	    held->count > 2   ? " and others are"
	    : held->count > 1 ? " are"
			      : " is");
	return tctl_hint(
	    err, "wait until they are done or given back: taskctl status");
}

enum tctl_status
tctl_store_replace(const struct tctl_coord *coord,
    const struct tctl_caller *who, bool force, const char *why,
    const char *from, const struct tctl_coord *copy,
    const struct tctl_drawn *drawn, const char *kept, struct tctl_restored *out,
    struct tctl_error *err)
{
	struct replacing r = { .who = who,
		.why = why,
		.from = from,
		.copy = copy,
		.kept = kept,
		.out = out,
		.err = err };
	struct tctl_lease_rows live;
	enum tctl_status status =
	    tctl_change_begin(coord, TCTL_CHANGE, &r.change, err);

	if (status != TCTL_OK)
		return status;
	out->arena = tctl_arena_new();
	status = tctl_lease_read_live(coord->store, r.change.arena, &live, err);
	if (status == TCTL_OK)
		status = tctl_restored_holders(
		    &r.change, &live, out->arena, &out->ended, err);
	if (status == TCTL_OK && live.count > 0 && !force)
		return tctl_change_refuse(
		    &r.change, refuse_live(&out->ended, err), err);
	if (status == TCTL_OK)
		status = tctl_leases_force(&r.change, &live, who, why, err);
	r.drawn = tctl_drawn_most(
	    *drawn, (struct tctl_drawn){ r.change.token, r.change.event });
	status = tctl_change_end_with(&r.change, status, replace, &r, err);
	return status == TCTL_OK ? r.status : status;
}
