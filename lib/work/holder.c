/* holder.c - who holds a lease, and what its holder may do with it. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "holder.h"
#include "lock_file.h"
#include "taskctl/time.h"

enum tctl_status
tctl_caller_unnamed(struct tctl_error *err)
{
	tctl_fail(err, TCTL_EUSAGE, "who is asking? no agent was named");
	return tctl_hint(err, "say --agent NAME or set TASKCTL_AGENT");
}

bool
tctl_holder_is(
    const struct tctl_lease_row *lease, const struct tctl_caller *who)
{
	if (lease->task == 0)
		return false;
	if (who->token >= 0)
		return who->token == lease->token &&
		       (who->agent == NULL ||
			   strcmp(who->agent, lease->agent) == 0);
	return who->agent != NULL && strcmp(who->agent, lease->agent) == 0 &&
	       strcmp(who->session, lease->session) == 0;
}

/* Why the caller is not let in, in words. */
static enum tctl_status
refuse(const struct tctl_standing *at, const struct tctl_caller *who,
    struct tctl_error *err)
{
	const struct tctl_lease_row *lease = &at->lease;
	const char *key = at->row.key;
	char until[TCTL_INSTANT_TEXT];

	if (lease->task == 0) {
		tctl_fail(err, TCTL_ESTALE, "%s was never claimed", key);
		return tctl_hint(err, "claim it first: taskctl claim %s", key);
	}
	tctl_instant_show(tctl_lease_expires_ms(lease), false, until);
	if (lease->ended == NULL && tctl_holder_is(lease, who))
		return err->status; /* not reached */
	if (lease->ended == NULL && who->token >= 0 &&
	    who->token != lease->token)
		return tctl_fail(err, TCTL_ESTALE,
		    "token %lld is not the newest of %s; %s holds it until %s",
		    (long long)who->token, key, lease->agent, until);
	if (lease->ended == NULL)
		return tctl_fail(err, TCTL_ESTALE,
		    "%s is not held by %s; %s (session %s) holds it until %s",
		    key, who->agent != NULL ? who->agent : "the caller",
		    lease->agent, lease->session, until);
	if (strcmp(at->row.state, "done") == 0)
		return tctl_fail(err, TCTL_ESTALE, "%s is done, by %s", key,
		    at->row.finished_by != NULL ? at->row.finished_by
						: "somebody else");
	return tctl_fail(err, TCTL_ESTALE,
	    "%s is not held by %s; its last lease, %s's, has ended (%s)", key,
	    who->agent != NULL ? who->agent : "the caller", lease->agent,
	    lease->ended);
}

enum tctl_status
tctl_holder_admit(struct tctl_change *change, const struct tctl_caller *who,
    const char *id, struct tctl_standing *out, struct tctl_error *err)
{
	int64_t row;
	enum tctl_status status;

	struct tctl_caller without = *who;
	int64_t its_task = 0;

	memset(out, 0, sizeof(*out));
	if (who->agent == NULL && who->token < 0)
		return tctl_caller_unnamed(err);
	status = tctl_row_find(change->store, change->arena, id, &row, err);
	if (status == TCTL_OK && who->token >= 0 && who->token_task != NULL)
		status = tctl_row_find(change->store, change->arena,
		    who->token_task, &its_task, err);
	if (its_task != 0 && its_task != row) {
		without.token = -1;
		who = &without;
	}
	if (status == TCTL_OK)
		status = tctl_row_read(
		    change->store, change->arena, row, &out->row, err);
	if (status == TCTL_OK)
		status = tctl_lease_read(
		    change->store, change->arena, row, &out->lease, err);
	if (status != TCTL_OK)
		return status;
	out->late = out->lease.ended != NULL &&
		    strcmp(out->lease.ended, "lapsed") == 0 &&
		    strcmp(out->row.state, "open") == 0;
	if (tctl_holder_is(&out->lease, who) &&
	    (out->lease.ended == NULL || out->late))
		return TCTL_OK;
	return refuse(out, who, err);
}

/* An old script has written over our lock file: say it, and write it again. */
static enum tctl_status
mirror(struct tctl_change *change, const char *key,
    const struct tctl_lease_row *lease, struct tctl_answer *out,
    struct tctl_error *err)
{
	const char *overwritten;
	struct json_object *data;

	tctl_lock_file_refresh(change, key, lease, &overwritten);
	if (overwritten == NULL)
		return TCTL_OK;
	if (out != NULL)
		tctl_answer_warn(out,
		    "an old script had overwritten the lock file of %s for %s; "
		    "written again",
		    key, overwritten);
	/* An event wants a durable commit; a mere renewal just says it. */
	if (change->kind != TCTL_CHANGE)
		return TCTL_OK;
	data = json_object_new_object();
	json_object_object_add(data, "by", json_object_new_string(overwritten));
	return tctl_change_event(
	    change, TCTL_EVENT_OVERWRITTEN, lease->task, NULL, data, err);
}

enum tctl_status
tctl_holder_renew(struct tctl_change *change, const char *key,
    const struct tctl_lease_row *lease, int64_t ttl_ms, const char *evidence,
    struct tctl_answer *out, struct tctl_error *err)
{
	struct tctl_lease_row renewed = *lease;
	bool is_activity = strcmp(evidence, "process") != 0;
	enum tctl_status status;

	renewed.renewed_boot = change->now.boot_ms;
	renewed.renewed_ms = change->now.wall_ms;
	renewed.ttl_ms = ttl_ms;
	if (is_activity)
		renewed.active_boot = change->now.boot_ms;
	status = tctl_query(change->store, tctl_sql_lease_renew,
	    TCTL_ARGS(TCTL_N(change->now.boot_ms + ttl_ms),
		TCTL_N(renewed.renewed_boot), TCTL_N(renewed.active_boot),
		TCTL_N(ttl_ms), TCTL_N(renewed.renewed_ms), TCTL_T(evidence),
		TCTL_N(lease->task), TCTL_N(lease->token)),
	    NULL, NULL, NULL, err);
	return status != TCTL_OK ? status
				 : mirror(change, key, &renewed, out, err);
}
