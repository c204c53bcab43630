/* claim.c - taking a task.  The SQL that decides is in sql/lease.sql. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "holder.h"
#include "lock_file.h"
#include "taskctl/time.h"

/* What one claim works with. */
struct claim {
	struct tctl_change change;
	const struct tctl_caller *who;
	int64_t ttl_ms;
	bool took; /* something of the task itself has been changed */
	struct tctl_answer *out;
};

static struct tctl_actor
actor_of(const struct tctl_caller *who, int64_t token)
{
	return (struct tctl_actor){ who->agent, who->session, token };
}

/* The same agent and session, but its process is another live one: somebody
 * else (two runs of one agent that share a session by accident). */
static bool
is_other_process(
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
refuse_taken(struct claim *claim, const struct tctl_row *row,
    const struct tctl_lease_row *lease, struct tctl_error *err)
{
	char since[TCTL_INSTANT_TEXT], until[TCTL_INSTANT_TEXT];
	bool same_agent = strcmp(lease->agent, claim->who->agent) == 0;

	tctl_fail(err, TCTL_ETAKEN, "%s is held by %s%s%s, since %s until %s",
	    row->key, same_agent ? "another session of " : "", lease->agent,
	    same_agent && is_other_process(lease, claim->who)
		? " (another process)"
		: "",
	    tctl_instant_show(lease->acquired_ms, false, since),
	    tctl_instant_show(tctl_lease_expires_ms(lease), false, until));
	return tctl_hint(err, "take another: taskctl claim --next");
}

/* All the reasons in one sentence, the first few of them. */
static enum tctl_status
refuse_not_ready(
    struct claim *claim, const struct tctl_row *row, struct tctl_error *err)
{
	const struct tctl_why *why = &claim->out->why;
	char text[700] = "";
	size_t used = 0;
	enum tctl_status status =
	    tctl_answer_why(&claim->change, claim->out, row->id, err);

	if (status != TCTL_OK)
		return status;
	for (size_t i = 0; i < why->reason_count && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "%s%s", i == 0 ? "" : "; ", why->reason[i].text);
	tctl_fail(err, TCTL_ENOTREADY, "%s cannot be claimed: %s", row->key,
	    text);
	return tctl_hint(err, "see: taskctl why %s", row->key);
}

static enum tctl_status
insert_lease(struct claim *claim, const struct tctl_lease_row *lease,
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
grant(struct claim *claim, const struct tctl_row *row, struct tctl_error *err)
{
	struct tctl_change *change = &claim->change;
	const struct tctl_caller *who = claim->who;
	const struct tctl_lease_row lease = { .task = row->id,
		.token = tctl_change_token(change), .agent = who->agent,
		.session = who->session,
		.expires_boot = change->now.boot_ms + claim->ttl_ms,
		.renewed_boot = change->now.boot_ms,
		.ttl_ms = claim->ttl_ms,
		.acquired_ms = change->now.wall_ms,
		.renewed_ms = change->now.wall_ms, .evidence = "claim",
		.host = who->host, .worktree = who->worktree,
		.process = who->process, .witnessed = who->is_holder };
	struct tctl_actor actor = actor_of(who, lease.token);
	enum tctl_status status = insert_lease(claim, &lease, err);

	if (status == TCTL_OK)
		status = tctl_lock_file_take(change, row->key, &lease, err);
	if (status == TCTL_OK)
		status = tctl_change_event(
		    change, TCTL_EVENT_CLAIMED, row->id, &actor, NULL, err);
	return status;
}

/* Held by the caller already: the same token, its time renewed. */
static enum tctl_status
grant_again(struct claim *claim, const struct tctl_row *row,
    const struct tctl_lease_row *lease, struct tctl_error *err)
{
	claim->out->already = true;
	return tctl_holder_renew(&claim->change, row->key, lease,
	    claim->ttl_ms, claim->who->evidence, claim->out, err);
}

static enum tctl_status
take_row(struct claim *claim, int64_t id, struct tctl_error *err)
{
	struct tctl_change *change = &claim->change;
	struct tctl_lease_row lease;
	struct tctl_row row;
	size_t rows = 0;
	enum tctl_status status =
	    tctl_row_read(change->store, change->arena, id, &row, err);

	if (status == TCTL_OK)
		status = tctl_lease_read(
		    change->store, change->arena, id, &lease, err);
	if (status != TCTL_OK)
		return status;
	if (strcmp(row.state, "claimed") == 0) {
		if (tctl_holder_is(&lease, claim->who) &&
		    !is_other_process(&lease, claim->who))
			return grant_again(claim, &row, &lease, err);
		status = tctl_answer_why(change, claim->out, id, err);
		return status != TCTL_OK
		    ? status
		    : refuse_taken(claim, &row, &lease, err);
	}
	/* Remember how the last attempt ended: it is handed over. */
	status = tctl_answer_why(change, claim->out, id, err);
	if (status == TCTL_OK)
		status = tctl_query(change->store, tctl_sql_lease_take,
		    TCTL_ARGS(TCTL_N(change->now.wall_ms), TCTL_N(id)), NULL,
		    NULL, &rows, err);
	if (status != TCTL_OK)
		return status;
	claim->took = rows == 1;
	return claim->took ? grant(claim, &row, err)
			   : refuse_not_ready(claim, &row, err);
}

static enum tctl_status
need_agent(const struct tctl_caller *who, struct tctl_error *err)
{
	if (who->agent != NULL)
		return TCTL_OK;
	tctl_fail(err, TCTL_EUSAGE, "who is asking? no agent was named");
	return tctl_hint(err, "say --agent NAME or set TASKCTL_AGENT");
}

static enum tctl_status
begin(struct claim *claim, const struct tctl_coord *coord,
    const struct tctl_caller *who, int64_t ttl_ms, struct tctl_answer *out,
    struct tctl_error *err)
{
	claim->who = who;
	claim->took = false;
	claim->ttl_ms = ttl_ms >= 0 ? ttl_ms : coord->config->ttl_ms;
	claim->out = out;
	tctl_answer_begin(out);
	return tctl_change_begin(coord, TCTL_CHANGE, &claim->change, err);
}

/* Load the answer and commit; or refuse, and keep what was settled. */
static enum tctl_status
finish(struct claim *claim, enum tctl_status status, int64_t id,
    struct tctl_error *err)
{
	if (status == TCTL_OK)
		status =
		    tctl_answer_load(&claim->change, claim->out, id, err);
	if (status == TCTL_OK || claim->took)
		return tctl_change_end(&claim->change, status, err);
	return tctl_change_refuse(&claim->change, status, err);
}

enum tctl_status
tctl_lease_claim(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id, int64_t ttl_ms,
    struct tctl_answer *out, struct tctl_error *err)
{
	struct claim claim;
	int64_t row = 0;
	enum tctl_status status = need_agent(who, err);

	memset(out, 0, sizeof(*out));
	if (status == TCTL_OK)
		status = begin(&claim, coord, who, ttl_ms, out, err);
	if (status != TCTL_OK)
		return status;
	status = tctl_row_find(
	    coord->store, claim.change.arena, id, &row, err);
	if (status == TCTL_OK)
		status = take_row(&claim, row, err);
	return finish(&claim, status, row, err);
}

/* --- claim --next ------------------------------------------------------------ */

static void
take_first(void *into, const char *const col[])
{
	int64_t *first = into;

	if (*first == 0)
		*first = tctl_col(col[0]);
}

struct remains {
	size_t count;
	size_t claimed;
	size_t failed;
};

static void
take_remaining(void *into, const char *const col[])
{
	struct remains *remains = into;
	size_t n = (size_t)tctl_col(col[4]);
	const char *state = col[1];

	/* Columns of task_totals: sprint, state, free, orphaned, count … */
	if (tctl_col(col[3]) != 0 || strcmp(state, "done") == 0 ||
	    strcmp(state, "cancelled") == 0)
		return;
	remains->count += n;
	if (strcmp(state, "claimed") == 0)
		remains->claimed += n;
	if (strcmp(state, "failed") == 0)
		remains->failed += n;
}

static enum tctl_status
refuse_none(struct claim *claim, const char *sprint, struct tctl_error *err)
{
	struct remains remains = { 0, 0, 0 };
	enum tctl_status status = tctl_query(claim->change.store,
	    tctl_sql_task_totals, TCTL_NO_ARGS, take_remaining, &remains, NULL,
	    err);

	if (status != TCTL_OK)
		return status;
	claim->out->remaining = remains.count;
	if (remains.count == 0)
		return tctl_fail(err, TCTL_ENONE, "the plan is complete");
	tctl_fail(err, TCTL_ENONE,
	    "nothing is ready%s%s; %zu tasks are not finished: %zu in work, "
	    "%zu failed, the others wait for those",
	    sprint != NULL ? " in sprint " : "", sprint != NULL ? sprint : "",
	    remains.count, remains.claimed, remains.failed);
	return tctl_hint(err, "wait for one: taskctl wait --ready");
}

static enum tctl_status
find_sprint(struct claim *claim, const char *sprint, int64_t *id,
    struct tctl_error *err)
{
	size_t rows = 0;
	enum tctl_status status = tctl_query(claim->change.store,
	    tctl_sql_sprint_by_key, TCTL_ARGS(TCTL_T(sprint), TCTL_T("")),
	    take_first, id, &rows, err);

	if (status == TCTL_OK && rows == 0)
		status = tctl_fail(
		    err, TCTL_ENOTFOUND, "no sprint \"%.100s\"", sprint);
	return status;
}

/* The caller's own task first: an agent that lost its memory finds its work. */
static enum tctl_status
choose(struct claim *claim, const char *sprint, bool another, int64_t *id,
    struct tctl_error *err)
{
	struct tctl_store *store = claim->change.store;
	const struct tctl_caller *who = claim->who;
	char lane[TCTL_AGENT_MAX];
	int64_t sprint_id = 0;
	enum tctl_status status = TCTL_OK;

	*id = 0;
	if (!another)
		status = tctl_query(store, tctl_sql_lease_mine,
		    TCTL_ARGS(TCTL_T(who->agent), TCTL_T(who->session)),
		    take_first, id, NULL, err);
	if (status != TCTL_OK || *id != 0)
		return status;
	tctl_agent_normalise(who->agent, lane);
	if (sprint != NULL) {
		status = find_sprint(claim, sprint, &sprint_id, err);
		if (status == TCTL_OK)
			status = tctl_query(store,
			    tctl_sql_lease_next_in_sprint,
			    TCTL_ARGS(TCTL_N(sprint_id), TCTL_T(lane)),
			    take_first, id, NULL, err);
	} else {
		status = tctl_query(store, tctl_sql_lease_next,
		    TCTL_ARGS(TCTL_T(lane)), take_first, id, NULL, err);
	}
	if (status == TCTL_OK && *id == 0)
		status = refuse_none(claim, sprint, err);
	return status;
}

enum tctl_status
tctl_lease_claim_next(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *sprint, bool another,
    int64_t ttl_ms, struct tctl_answer *out, struct tctl_error *err)
{
	struct claim claim;
	int64_t row = 0;
	enum tctl_status status = need_agent(who, err);

	memset(out, 0, sizeof(*out));
	if (status == TCTL_OK)
		status = begin(&claim, coord, who, ttl_ms, out, err);
	if (status != TCTL_OK)
		return status;
	status = choose(&claim, sprint, another, &row, err);
	if (status == TCTL_OK)
		status = take_row(&claim, row, err);
	return finish(&claim, status, row, err);
}
