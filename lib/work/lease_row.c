/* lease_row.c - reading leases, and the one judgement of them. */
#include <string.h>

#include "lease_row.h"
#include "sql.h"

struct reader {
	struct tctl_arena *arena;
	struct tctl_lease_rows *rows;
};

static void
take_lease(void *into, const char *const col[])
{
	struct reader *reader = into;
	struct tctl_lease_rows *rows = reader->rows;
	struct tctl_lease_row *row;
	int i = 0;

	rows->at = tctl_arena_grow(
	    reader->arena, rows->at, rows->count, sizeof(*rows->at));
	row = &rows->at[rows->count++];
	/* In the order of the columns of lease_of_task and lease_live. */
	row->task = tctl_col(col[i++]);
	row->token = tctl_col(col[i++]);
	row->agent = tctl_arena_strdup(reader->arena, tctl_col_text(col[i++]));
	row->session =
	    tctl_arena_strdup(reader->arena, tctl_col_text(col[i++]));
	row->ended = tctl_arena_strdup(reader->arena, col[i++]);
	row->expires_boot = tctl_col(col[i++]);
	row->renewed_boot = tctl_col(col[i++]);
	row->active_boot = tctl_col(col[i++]);
	row->acquired_boot = tctl_col(col[i++]);
	row->ttl_ms = tctl_col(col[i++]);
	row->acquired_ms = tctl_col(col[i++]);
	row->renewed_ms = tctl_col(col[i++]);
	row->ended_ms = tctl_col(col[i++]);
	row->evidence =
	    tctl_arena_strdup(reader->arena, tctl_col_text(col[i++]));
	row->host = tctl_arena_strdup(reader->arena, tctl_col_text(col[i++]));
	row->worktree = tctl_arena_strdup(reader->arena, col[i++]);
	row->process.pid = tctl_col(col[i++]);
	row->process.start = tctl_col(col[i++]);
	row->process.space = tctl_col(col[i++]);
	row->witnessed = tctl_col(col[i++]) != 0;
	row->reserved = tctl_col(col[i++]) != 0;
}

enum tctl_status
tctl_lease_read(struct tctl_store *store, struct tctl_arena *arena,
    int64_t task, struct tctl_lease_row *out, struct tctl_error *err)
{
	struct tctl_lease_rows rows = { NULL, 0 };
	struct reader reader = { arena, &rows };
	enum tctl_status status = tctl_query(store, tctl_sql_lease_of_task,
	    TCTL_ARGS(TCTL_N(task)), take_lease, &reader, NULL, err);

	if (status != TCTL_OK)
		return status;
	memset(out, 0, sizeof(*out));
	if (rows.count == 1)
		*out = rows.at[0];
	return TCTL_OK;
}

enum tctl_status
tctl_lease_read_live(struct tctl_store *store, struct tctl_arena *arena,
    struct tctl_lease_rows *out, struct tctl_error *err)
{
	struct reader reader = { arena, out };

	out->at = NULL;
	out->count = 0;
	return tctl_query(store, tctl_sql_lease_live, TCTL_NO_ARGS, take_lease,
	    &reader, NULL, err);
}

enum tctl_status
tctl_lease_read_due(struct tctl_store *store, struct tctl_arena *arena,
    int64_t now_boot, struct tctl_lease_rows *out, struct tctl_error *err)
{
	struct reader reader = { arena, out };

	out->at = NULL;
	out->count = 0;
	return tctl_query(store, tctl_sql_lease_due,
	    TCTL_ARGS(TCTL_N(now_boot)), take_lease, &reader, NULL, err);
}

enum tctl_verdict
tctl_lease_judge(const struct tctl_lease_row *lease,
    const struct tctl_clock *clock, bool *seen)
{
	enum tctl_life life = TCTL_UNKNOWN;

	if (seen != NULL)
		*seen = false;
	/* Times do not compare, so none has run out; but a process of an
	 * earlier boot of this very machine is gone. */
	if (!clock->same_boot)
		return clock->same_machine && lease->process.pid != 0 &&
			       lease->witnessed
			   ? TCTL_DIED
			   : TCTL_LIVE;
	if (clock->went_back)
		return TCTL_LIVE;
	if (lease->process.pid != 0)
		life = tctl_process_life(&lease->process);
	if (life == TCTL_DEAD && lease->witnessed)
		return TCTL_DIED;
	if (seen != NULL)
		*seen = life == TCTL_ALIVE;
	return lease->expires_boot <= clock->now.boot_ms ? TCTL_LAPSED
							 : TCTL_LIVE;
}

int64_t
tctl_lease_expires_ms(const struct tctl_lease_row *lease)
{
	return lease->renewed_ms + (lease->expires_boot - lease->renewed_boot);
}
