/* claim.c - taking a task.  The SQL that decides is in sql/lease.sql. */
#include <stdio.h>
#include <string.h>
#include <bsd/string.h>

#include "claim.h"
#include "holder.h"
#include "lock_file.h"
#include "taskctl/time.h"

static struct tctl_actor
actor_of(const struct tctl_caller *who, int64_t token)
{
	return (struct tctl_actor){ who->agent, who->session, token };
}

bool
tctl_claim_is_other_process(
    const struct tctl_lease_row *lease, const struct tctl_caller *who)
{
	if (lease->process.pid == 0 || who->process.pid == 0)
		return false;
	if (lease->process.pid == who->process.pid &&
	    lease->process.start == who->process.start)
		return false;
	return tctl_process_life(&lease->process) == TCTL_ALIVE;
}

static enum tctl_status
refuse_taken(struct tctl_claiming *claim, const struct tctl_row *row,
    const struct tctl_lease_row *lease, struct tctl_error *err)
{
	char since[TCTL_INSTANT_TEXT], until[TCTL_INSTANT_TEXT];
	bool same_agent = strcmp(lease->agent, claim->who->agent) == 0;

	tctl_fail(err, TCTL_ETAKEN, "%s is held by %s%s%s, since %s until %s",
	    row->key, same_agent ? "another session of " : "", lease->agent,
	    same_agent && tctl_claim_is_other_process(lease, claim->who)
		? " (another process)"
		: "",
	    tctl_instant_show(lease->acquired_ms, false, since),
	    tctl_instant_show(tctl_lease_expires_ms(lease), false, until));
	/* It may have been the caller: claim --worktree, its answer lost. */
	if (same_agent && strcmp(lease->worktree, claim->who->worktree) != 0)
		return tctl_hint(err,
		    "that one works in %s; take another: taskctl claim --next",
		    lease->worktree);
	return tctl_hint(err, "take another: taskctl claim --next");
}

/* Nothing is against it but what others have reserved. */
static bool
is_only_reserved(const struct tctl_why *why)
{
	for (size_t i = 0; i < why->reason_count; i++)
		if (why->reason[i].kind != TCTL_WHY_RESERVED)
			return false;
	return why->reason_count > 0;
}

/* All the reasons in one sentence, the first few of them. */
static enum tctl_status
refuse_not_ready(struct tctl_claiming *claim, int64_t id, const char *key,
    struct tctl_error *err)
{
	const struct tctl_why *why = &claim->out->why;
	char text[700] = "";
	size_t used = 0;
	enum tctl_status status =
	    tctl_answer_why(&claim->change, claim->out, id, err);

	if (status != TCTL_OK)
		return status;
	for (size_t i = 0; i < why->reason_count && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "%s%s", i == 0 ? "" : "; ", why->reason[i].text);
	tctl_fail(err, is_only_reserved(why) ? TCTL_ETAKEN : TCTL_ENOTREADY,
	    "%s cannot be claimed: %s", key, text);
	return tctl_hint(err, "see: taskctl why %s", key);
}

static enum tctl_status
insert_lease(struct tctl_claiming *claim, const struct tctl_lease_row *lease,
    struct tctl_error *err)
{
	const struct tctl_process *process = &lease->process;
	const struct tctl_arg null = TCTL_T(NULL);
	bool known = process->pid != 0;

	return tctl_query(claim->change.store, tctl_sql_lease_record,
	    TCTL_ARGS(TCTL_N(lease->task), TCTL_N(lease->token),
		TCTL_T(lease->agent), TCTL_T(lease->session),
		TCTL_N(lease->expires_boot), TCTL_N(lease->renewed_boot),
		TCTL_N(lease->ttl_ms), TCTL_N(lease->renewed_ms),
		TCTL_T(lease->evidence), TCTL_T(lease->host),
		TCTL_T(lease->worktree), known ? TCTL_N(process->pid) : null,
		known ? TCTL_N(process->start) : null,
		known ? TCTL_N(process->space) : null,
		TCTL_N(lease->witnessed)),
	    NULL, NULL, NULL, err);
}

/* The statement has decided for us: write down what goes with it. */
static enum tctl_status
grant(struct tctl_claiming *claim, int64_t id, const char *key,
    struct tctl_error *err)
{
	struct tctl_change *change = &claim->change;
	const struct tctl_caller *who = claim->who;
	struct tctl_lease_row lease = { .task = id,
		.token = tctl_change_token(change),
		.agent = who->agent,
		.session = who->session,
		.expires_boot = change->now.boot_ms + claim->ttl_ms,
		.renewed_boot = change->now.boot_ms,
		.ttl_ms = claim->ttl_ms,
		.acquired_ms = change->now.wall_ms,
		.renewed_ms = change->now.wall_ms,
		.evidence = "claim",
		.host = who->host,
		.worktree = who->worktree,
		.process = who->process,
		.witnessed = who->is_holder };
	struct tctl_actor actor = actor_of(who, lease.token);
	enum tctl_status status = insert_lease(claim, &lease, err);

	if (status == TCTL_OK)
		status = tctl_lock_file_take(change, key, &lease, err);
	if (status == TCTL_OK)
		status = tctl_change_event(
		    change, TCTL_EVENT_CLAIMED, id, &actor, NULL, err);
	if (status == TCTL_OK)
		status = tctl_reserved_grant(
		    change, &lease, &claim->files, &actor, err);
	claim->lease = lease;
	return status;
}

/* Held by the caller already: the same token, its time renewed. */
static enum tctl_status
grant_again(struct tctl_claiming *claim, const struct tctl_row *row,
    const struct tctl_lease_row *lease, struct tctl_error *err)
{
	const struct tctl_process *process = &claim->who->process;
	enum tctl_status status = TCTL_OK;

	claim->out->already = true;
	if (process->pid != 0)
		status =
		    tctl_query(claim->change.store, tctl_sql_lease_set_process,
			TCTL_ARGS(TCTL_N(process->pid), TCTL_N(process->start),
			    TCTL_N(process->space),
			    TCTL_N(claim->who->is_holder), TCTL_N(lease->task)),
			NULL, NULL, NULL, err);
	if (status != TCTL_OK)
		return status;
	return tctl_holder_renew(&claim->change, row->key, lease, claim->ttl_ms,
	    claim->who->evidence, claim->out, err);
}

static void
take_candidate(void *into, const char *const col[])
{
	struct tctl_candidate *candidate = into;
	struct tctl_arena *arena = candidate->arena;

	/* In the order of the columns of lease_candidate. */
	candidate->id = tctl_col(col[0]);
	candidate->task.key = tctl_arena_strdup(arena, tctl_col_text(col[1]));
	candidate->task.plan = tctl_arena_strdup(arena, tctl_col_text(col[2]));
	strlcpy(
	    candidate->state, tctl_col_text(col[3]), sizeof(candidate->state));
	candidate->has_mutex = *tctl_col_text(col[4]) != '\0';
	candidate->task.title = tctl_arena_strdup(arena, tctl_col_text(col[5]));
	candidate->task.attempts = (int)tctl_col(col[6]);
	candidate->agent = tctl_arena_strdup(arena, col[7]);
	candidate->ended = tctl_arena_strdup(arena, col[8]);
	candidate->ended_ms = tctl_col(col[9]);
	candidate->worktree = tctl_arena_strdup(arena, col[10]);
	candidate->task.has_notes = tctl_col(col[11]) != 0;
	candidate->reserved = tctl_col(col[12]) != 0;
}

/* How the last attempt ended is handed over to the next. */
static void
hand_over(struct tctl_claiming *claim, const struct tctl_candidate *candidate)
{
	struct tctl_why *why = &claim->out->why;

	why->last_end = candidate->ended;
	why->last_agent = candidate->agent;
	why->last_end_ms = candidate->ended_ms;
	why->last_worktree = candidate->worktree;
}

/* Somebody holds it, perhaps the caller. */
static enum tctl_status
take_held(struct tctl_claiming *claim, int64_t id, struct tctl_error *err)
{
	struct tctl_change *change = &claim->change;
	struct tctl_lease_row lease;
	struct tctl_row row;
	enum tctl_status status =
	    tctl_row_read(change->store, change->arena, id, &row, err);

	if (status == TCTL_OK)
		status = tctl_lease_read(
		    change->store, change->arena, id, &lease, err);
	if (status != TCTL_OK)
		return status;
	if (tctl_holder_is(&lease, claim->who) &&
	    !tctl_claim_is_other_process(&lease, claim->who))
		return grant_again(claim, &row, &lease, err);
	status = tctl_answer_why(change, claim->out, id, err);
	return status != TCTL_OK ? status
				 : refuse_taken(claim, &row, &lease, err);
}

static enum tctl_status
take_row(struct tctl_claiming *claim, int64_t id, struct tctl_error *err)
{
	struct tctl_change *change = &claim->change;
	struct tctl_candidate *candidate = &claim->candidate;
	size_t rows = 0;
	bool is_barred = false;
	enum tctl_status status = TCTL_OK;

	/* Finding it by its key has read it; but several may go by that. */
	if (candidate->id != id)
		status = tctl_query(change->store, tctl_sql_lease_candidate,
		    TCTL_ARGS(TCTL_N(id)), take_candidate, candidate, NULL,
		    err);
	if (status == TCTL_OK && candidate->id != id)
		status = tctl_row_lost(id, err);
	if (status == TCTL_OK && strcmp(candidate->state, "claimed") == 0)
		return take_held(claim, id, err);
	if (status == TCTL_OK && change->coord->config->reserve_on_claim)
		status = tctl_reserved_ask(
		    change, id, &claim->files, &is_barred, err);
	if (status == TCTL_OK && is_barred)
		return refuse_not_ready(claim, id, candidate->task.key, err);
	if (status == TCTL_OK)
		status = tctl_query(change->store,
		    candidate->has_mutex ? tctl_sql_lease_take_mutex
					 : tctl_sql_lease_take,
		    TCTL_ARGS(TCTL_N(change->now.wall_ms), TCTL_N(id)), NULL,
		    NULL, &rows, err);
	if (status != TCTL_OK)
		return status;
	claim->took = rows == 1;
	if (!claim->took)
		return refuse_not_ready(claim, id, candidate->task.key, err);
	hand_over(claim, candidate);
	if (candidate->reserved)
		status = tctl_query(change->store, tctl_sql_reservation_drop,
		    TCTL_ARGS(TCTL_N(id)), NULL, NULL, NULL, err);
	if (status == TCTL_OK && candidate->agent != NULL)
		status = tctl_query(change->store, tctl_sql_lease_forget,
		    TCTL_ARGS(TCTL_N(id)), NULL, NULL, NULL, err);
	return status != TCTL_OK ? status
				 : grant(claim, id, candidate->task.key, err);
}

static enum tctl_status
begin(struct tctl_claiming *claim, const struct tctl_coord *coord,
    const struct tctl_caller *who, int64_t ttl_ms, struct tctl_answer *out,
    struct tctl_error *err)
{
	memset(claim, 0, sizeof(*claim));
	claim->who = who;
	claim->ttl_ms = ttl_ms >= 0 ? ttl_ms : coord->config->ttl_ms;
	claim->out = out;
	if (claim->ttl_ms < TCTL_TTL_LEAST_MS ||
	    claim->ttl_ms > TCTL_TTL_MOST_MS)
		return tctl_fail(err, TCTL_EINVALID,
		    "a lease lasts at least 1s and at most 31d");
	tctl_answer_begin(out);
	claim->candidate.arena = tctl_answer_arena(out);
	return tctl_change_begin(coord, TCTL_CHANGE, &claim->change, err);
}

/* Load the answer and commit; or refuse, and keep what was settled. */
static enum tctl_status
finish(struct tctl_claiming *claim, enum tctl_status status, int64_t id,
    struct tctl_error *err)
{
	if (status == TCTL_OK)
		status =
		    claim->lease.task != 0
			? tctl_answer_load_known(&claim->change, claim->out, id,
			      &claim->lease, &claim->candidate.task, err)
			: tctl_answer_load(&claim->change, claim->out, id, err);
	if (status == TCTL_OK || claim->took)
		return tctl_change_end(&claim->change, status, err);
	return tctl_change_refuse(&claim->change, status, err);
}

enum tctl_status
tctl_lease_claim(const struct tctl_coord *coord, const struct tctl_caller *who,
    const char *id, int64_t ttl_ms, struct tctl_answer *out,
    struct tctl_error *err)
{
	struct tctl_claiming claim;
	int64_t row = 0;
	enum tctl_status status =
	    who->agent == NULL ? tctl_caller_unnamed(err) : TCTL_OK;

	memset(out, 0, sizeof(*out));
	if (status == TCTL_OK)
		status = begin(&claim, coord, who, ttl_ms, out, err);
	if (status != TCTL_OK)
		return status;
	status = tctl_row_find_with(coord->store, claim.change.arena, id,
	    tctl_sql_lease_candidate_by_key, take_candidate, &claim.candidate,
	    &row, err);
	if (status == TCTL_OK)
		status = take_row(&claim, row, err);
	return finish(&claim, status, row, err);
}

enum tctl_status
tctl_lease_claim_next(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *sprint, bool another,
    int64_t ttl_ms, struct tctl_answer *out, struct tctl_error *err)
{
	struct tctl_claiming claim;
	int64_t row = 0;
	enum tctl_status status =
	    who->agent == NULL ? tctl_caller_unnamed(err) : TCTL_OK;

	memset(out, 0, sizeof(*out));
	if (status == TCTL_OK)
		status = begin(&claim, coord, who, ttl_ms, out, err);
	if (status != TCTL_OK)
		return status;
	status = tctl_claim_choose(&claim, sprint, another, &row, err);
	if (status == TCTL_OK)
		status = take_row(&claim, row, err);
	return finish(&claim, status, row, err);
}
