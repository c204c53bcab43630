/* token.c - is a fencing token still good, and who holds its task now? */
#include <string.h>

#include <bsd/string.h>

#include "holder.h"
#include "sql.h"

static void
take_id(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

static void
take_store(void *into, const char *const col[])
{
	strlcpy(into, tctl_col_text(col[0]), TCTL_STORE_ID_MAX);
}

enum tctl_status
tctl_store_name(const struct tctl_coord *coord, char out[TCTL_STORE_ID_MAX],
    struct tctl_error *err)
{
	out[0] = '\0';
	return tctl_query(coord->store, tctl_sql_token_store, TCTL_NO_ARGS,
	    take_store, out, NULL, err);
}

/* --- a token that is not the newest ------------------------------------- */

struct past {
	struct tctl_arena *arena;
	const char *agent; /* who claimed with it; NULL: nobody did */
	const char *ended;
	int64_t began_ms;
	int64_t ended_ms;
	bool finished;
};

static void
take_past(void *into, const char *const col[])
{
	static const char *const ends[] = { "released", "forced", "failed",
		"lapsed", "died" };
	struct past *past = into;

	if (strcmp(tctl_col_text(col[0]), "claimed") == 0) {
		past->agent = tctl_arena_strdup(past->arena, col[1]);
		past->began_ms = tctl_col(col[2]);
	}
	if (strcmp(tctl_col_text(col[0]), "done") == 0)
		past->finished = true;
	for (size_t i = 0; i < TCTL_COUNT(ends); i++)
		if (strcmp(tctl_col_text(col[0]), ends[i]) == 0) {
			past->ended = ends[i];
			past->ended_ms = tctl_col(col[2]);
		}
}

/* What the events say of it: its holder, its end, and whether it ever finished
 * the task, which keeps it good for ever. */
static enum tctl_status
look_back(struct tctl_store *store, struct tctl_arena *arena, int64_t task,
    int64_t token, struct tctl_token *out, struct tctl_error *err)
{
	struct past past = { .arena = arena };
	enum tctl_status status = tctl_query(store, tctl_sql_token_events,
	    TCTL_ARGS(TCTL_N(task), TCTL_N(token)), take_past, &past, NULL,
	    err);

	if (status != TCTL_OK)
		return status;
	if (past.agent == NULL && out->agent == NULL)
		out->life = TCTL_TOKEN_FORGED;
	if (past.finished)
		out->life = TCTL_TOKEN_GOOD;
	if (out->agent == NULL)
		out->agent = past.agent;
	if (out->ended == NULL)
		out->ended = past.ended;
	if (out->began_ms == 0)
		out->began_ms = past.began_ms;
	if (out->ended_ms == 0)
		out->ended_ms = past.ended_ms;
	return TCTL_OK;
}

/* --- the judgement -------------------------------------------------------- */

/* When a lease that is over ended: one that lapsed by its time, which is before
 * anybody took note of it. */
static int64_t
end_of(const struct tctl_lease_row *lease, const struct tctl_clock *clock,
    enum tctl_verdict verdict)
{
	int64_t expired = tctl_lease_expires_ms(lease);

	if (lease->ended == NULL)
		return verdict == TCTL_LAPSED
			   ? clock->now.wall_ms -
				 (clock->now.boot_ms - lease->expires_boot)
			   : clock->now.wall_ms;
	return strcmp(lease->ended, "lapsed") == 0 && expired < lease->ended_ms
		   ? expired
		   : lease->ended_ms;
}

/* What the task's newest lease says: of its own token, and who has the task. */
static void
judge(const struct tctl_lease_row *lease, const struct tctl_clock *clock,
    const struct tctl_caller *who, struct tctl_token *out)
{
	bool newest = lease->task != 0 && lease->token == out->token;
	enum tctl_verdict verdict = TCTL_DIED;
	const char *ended = lease->ended;

	out->life = TCTL_TOKEN_DEAD;
	if (lease->task == 0)
		return;
	if (ended == NULL) {
		verdict = tctl_lease_judge(lease, clock, NULL);
		ended = verdict == TCTL_LAPSED ? "lapsed" : "died";
	}
	if (verdict == TCTL_LIVE) {
		out->holder = lease->agent;
		out->until_ms = tctl_lease_expires_ms(lease);
	}
	out->answers = tctl_holder_is(lease, who) &&
		       (verdict == TCTL_LIVE || strcmp(ended, "done") == 0);
	if (!newest)
		return;
	out->agent = lease->agent;
	if (verdict == TCTL_LIVE || strcmp(ended, "done") == 0) {
		out->life = TCTL_TOKEN_GOOD;
		return;
	}
	out->ended = ended;
	out->began_ms = lease->acquired_ms;
	out->ended_ms = end_of(lease, clock, verdict);
	if (strcmp(ended, "lapsed") == 0 && strcmp(out->state, "done") != 0)
		out->life = TCTL_TOKEN_LAPSED;
}

/* The task of a claim on it: by its id, or by the token where that could mean
 * several; 0: this store has none. */
static enum tctl_status
find(struct tctl_store *store, struct tctl_arena *arena, const char *id,
    int64_t token, int64_t *out, struct tctl_error *err)
{
	enum tctl_status status = tctl_row_find(store, arena, id, out, err);

	if (status == TCTL_OK)
		return TCTL_OK;
	*out = 0;
	if (status == TCTL_ENOTFOUND)
		return TCTL_OK;
	return status != TCTL_EINVALID
		   ? status
		   : tctl_query(store, tctl_sql_token_task,
			 TCTL_ARGS(TCTL_N(token)), take_id, out, NULL, err);
}

static enum tctl_status
read_token(struct tctl_store *store, struct tctl_arena *arena,
    const struct tctl_caller *who, struct tctl_token *out,
    struct tctl_error *err)
{
	struct tctl_lease_row lease;
	struct tctl_clock clock;
	struct tctl_row row;
	/* Before the rows: what is renewed in between has not lapsed. */
	enum tctl_status status = tctl_clock_read(store, &clock, err);

	if (status == TCTL_OK)
		status =
		    find(store, arena, out->task, out->token, &out->row, err);
	if (status != TCTL_OK || out->row == 0)
		return status;
	status = tctl_row_read(store, arena, out->row, &row, err);
	if (status == TCTL_OK)
		status = tctl_lease_read(store, arena, out->row, &lease, err);
	if (status != TCTL_OK)
		return status;
	out->task = row.key;
	out->state = tctl_arena_strdup(arena, row.state);
	out->finished_by = row.finished_by;
	judge(&lease, &clock, who, out);
	return out->life == TCTL_TOKEN_GOOD
		   ? TCTL_OK
		   : look_back(store, arena, out->row, out->token, out, err);
}

enum tctl_status
tctl_token_read(const struct tctl_coord *coord, struct tctl_arena *arena,
    const struct tctl_caller *who, const char *task, int64_t token,
    struct tctl_token *out, struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_store_begin(coord->store, TCTL_READ, err);

	if (status != TCTL_OK)
		return status;
	memset(out, 0, sizeof(*out));
	out->task = task;
	out->token = token;
	out->life = TCTL_TOKEN_FOREIGN;
	status = read_token(coord->store, arena, who, out, err);
	tctl_store_rollback(coord->store);
	return status;
}
