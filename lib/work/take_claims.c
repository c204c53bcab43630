/* take_claims.c - leases hold in one store only; what was claimed in two is
 * shown, and the earlier claim stands. */
#include <json-c/json.h>
#include <string.h>

#include "lock_file.h"
#include "take.h"
#include "taskctl/time.h"

/* Is it still so, after all that came with it? */
static bool
stands(
    const struct tctl_replay_task *task, const struct tctl_taken_claim *claim)
{
	for (size_t i = 0; i < task->claims; i++)
		if (task->claim[i].token == claim->token &&
		    strcmp(task->claim[i].store, claim->store) == 0)
			return true;
	return false;
}

static bool
is_ours_earlier(const struct tctl_taking *taking,
    const struct tctl_lease_row *lease, const struct tctl_taken_claim *claim)
{
	if (lease->acquired_ms != claim->at_ms)
		return lease->acquired_ms < claim->at_ms;
	return strcmp(taking->change.store_id, claim->store) < 0;
}

/* The lease here is over for good: its token is dead. */
static enum tctl_status
end_ours(struct tctl_taking *taking, const struct tctl_replay_task *task,
    const struct tctl_lease_row *lease, struct tctl_error *err)
{
	struct tctl_change *change = &taking->change;

	tctl_lock_file_release(change, task->row.key, lease->token);
	return tctl_query(change->store, tctl_sql_lease_end,
	    TCTL_ARGS(TCTL_T("conflicted"), TCTL_N(change->now.wall_ms),
		TCTL_N(lease->task), TCTL_N(lease->token)),
	    NULL, NULL, NULL, err);
}

static void
add_side(struct json_object *data, const char *key_store, const char *store,
    const char *key_token, int64_t token, const char *key_agent,
    const char *agent)
{
	json_object_object_add(data, key_store, json_object_new_string(store));
	json_object_object_add(data, key_token, json_object_new_int64(token));
	json_object_object_add(data, key_agent,
	    agent == NULL ? NULL : json_object_new_string(agent));
}

static void
say(struct tctl_taking *taking, const struct tctl_replay_task *task,
    const struct tctl_lease_row *lease, const struct tctl_taken_claim *claim,
    bool ours)
{
	struct tctl_arena *arena = taking->out->arena;
	char here[TCTL_INSTANT_TEXT], there[TCTL_INSTANT_TEXT];

	tctl_strings_add(arena, &taking->out->conflicts,
	    tctl_arena_printf(arena,
		"%s was claimed twice: here by %s, %s; in store %s by %s, %s; "
		"the earlier claim stands, so %s",
		task->row.key, lease->agent,
		tctl_instant_show(lease->acquired_ms, false, here),
		claim->store, claim->agent == NULL ? "?" : claim->agent,
		tctl_instant_show(claim->at_ms, false, there),
		ours ? "the one here goes on" : "the one here is ended"));
}

static enum tctl_status
settle(struct tctl_taking *taking, struct tctl_replay_task *task,
    const struct tctl_lease_row *lease, const struct tctl_taken_claim *claim,
    struct tctl_error *err)
{
	struct tctl_change *change = &taking->change;
	bool ours = is_ours_earlier(taking, lease, claim);
	const struct tctl_actor actor = { lease->agent, lease->session,
		lease->token };
	struct json_object *data = json_object_new_object();
	enum tctl_status status = TCTL_OK;

	say(taking, task, lease, claim, ours);
	add_side(data, ours ? "loser_store" : "winner_store", claim->store,
	    ours ? "loser_token" : "winner_token", claim->token,
	    ours ? "loser_agent" : "winner_agent", claim->agent);
	add_side(data, ours ? "winner_store" : "loser_store", change->store_id,
	    ours ? "winner_token" : "loser_token", lease->token,
	    ours ? "winner_agent" : "loser_agent", lease->agent);
	if (!ours)
		status = end_ours(taking, task, lease, err);
	if (status == TCTL_OK)
		return tctl_change_event(change, TCTL_EVENT_CONFLICTED,
		    lease->task, &actor, data, err);
	json_object_put(data);
	return status;
}

/* Finished or called off elsewhere, while somebody here is at it. */
static enum tctl_status
end_overtaken(struct tctl_taking *taking, const struct tctl_replay_task *task,
    const struct tctl_lease_row *lease, struct tctl_error *err)
{
	struct tctl_arena *arena = taking->out->arena;

	tctl_strings_add(arena, &taking->out->conflicts,
	    tctl_arena_printf(arena,
		"%s is %s%s%s in another store; %s, who is at it here, holds "
		"it no longer",
		task->row.key, task->row.state,
		task->finished_by != NULL ? ", by " : "",
		task->finished_by != NULL ? task->finished_by : "",
		lease->agent));
	return end_ours(taking, task, lease, err);
}

static bool
has_lost(const struct tctl_taking *taking, const struct tctl_lease_row *lease)
{
	for (size_t i = 0; i < taking->losses; i++)
		if (taking->lost[i].task == lease->task &&
		    taking->lost[i].token == lease->token)
			return true;
	return false;
}

static enum tctl_status
look_at(struct tctl_taking *taking, const struct tctl_lease_row *lease,
    struct tctl_error *err)
{
	struct tctl_replay_task *task = taking->replay.task[lease->task];
	enum tctl_status status = TCTL_OK;
	bool ended = false;

	if (task == NULL)
		return TCTL_OK;
	if (strcmp(task->row.state, "open") != 0)
		return end_overtaken(taking, task, lease, err);
	for (size_t i = 0; status == TCTL_OK && !ended && i < taking->claims;
	     i++) {
		const struct tctl_taken_claim *claim = &taking->claim[i];

		if (claim->task != lease->task || !stands(task, claim))
			continue;
		ended = !is_ours_earlier(taking, lease, claim);
		status = settle(taking, task, lease, claim, err);
	}
	if (status == TCTL_OK && !ended && has_lost(taking, lease)) {
		struct tctl_arena *arena = taking->out->arena;

		tctl_strings_add(arena, &taking->out->conflicts,
		    tctl_arena_printf(arena,
			"%s was claimed earlier in another store; the claim of "
			"%s here is ended",
			task->row.key, lease->agent));
		status = end_ours(taking, task, lease, err);
	}
	return status;
}

enum tctl_status
tctl_take_claims(struct tctl_taking *taking, struct tctl_error *err)
{
	struct tctl_lease_rows live;
	enum tctl_status status = tctl_lease_read_live(
	    taking->change.store, taking->change.arena, &live, err);

	for (size_t i = 0; status == TCTL_OK && i < live.count; i++)
		status = look_at(taking, &live.at[i], err);
	return status;
}
