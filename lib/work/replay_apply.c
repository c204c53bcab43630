/* replay_apply.c - what an event does to its task.
 *
 * In one store every event finds the task as it left it.  Of two stores' events
 * the order is that of replay.h, and these rules hold: what is done stays done
 * unless somebody who knew it reopened it; the first who finished it did; the
 * later of two that set the same thing has set it; a claim that ended ends no
 * other store's. */
#include <json-c/json.h>
#include <string.h>

#include "replay.h"

enum { NOTE_MOST = 1024 * 1024 };

void
tctl_replay_set_state(struct tctl_replay_task *task, const char *state,
    int64_t at_ms, const char *by)
{
	bool finished =
	    strcmp(state, "done") == 0 || strcmp(state, "cancelled") == 0;

	task->row.state = state;
	task->finished_ms = finished ? at_ms : 0;
	task->finished_by = by;
}

static bool
is(const struct tctl_replay_task *task, const char *state)
{
	return strcmp(task->row.state, state) == 0;
}

/* --- claims ------------------------------------------------------------ */

/* token 0: whichever that store has. */
static bool
end_claim(struct tctl_replay_task *task, const char *store, int64_t token)
{
	for (size_t i = 0; i < task->claims; i++)
		if (strcmp(task->claim[i].store, store) == 0 &&
		    (token == 0 || task->claim[i].token == token)) {
			task->claim[i] = task->claim[--task->claims];
			return true;
		}
	return false;
}

/* In one store nobody begins before the last one has ended. */
static void
begin_claim(struct tctl_replay *replay, struct tctl_replay_task *task,
    const struct tctl_replay_event *event)
{
	const struct tctl_replay_claim claim = { event->store, event->token,
		event->agent, event->session, event->at_ms };

	(void)end_claim(task, event->store, 0);
	task->claim = tctl_arena_grow(
	    replay->arena, task->claim, task->claims, sizeof(claim));
	task->claim[task->claims++] = claim;
	task->last = claim;
	task->ended = NULL;
	task->ended_ms = 0;
}

static void
end_last(struct tctl_replay_task *task, const struct tctl_replay_event *event,
    const char *how)
{
	if (strcmp(task->last.store, event->store) != 0 ||
	    (event->token != 0 && event->token != task->last.token))
		return;
	task->ended = how;
	task->ended_ms = event->at_ms;
}

/* The task is not what it was when its lease lapsed: no coming back. */
static void
bury(struct tctl_replay_task *task, const char *how)
{
	if (task->ended != NULL && strcmp(task->ended, "lapsed") == 0)
		task->ended = how;
}

/* Its lease had lapsed, and nobody else had begun. */
static bool
is_late(
    const struct tctl_replay_task *task, const struct tctl_replay_event *event)
{
	return event->token != 0 && is(task, "open") &&
	       task->last.token == event->token &&
	       strcmp(task->last.store, event->store) == 0 &&
	       task->ended != NULL && strcmp(task->ended, "lapsed") == 0;
}

/* --- ends -------------------------------------------------------------- */

static enum tctl_status
add_note(struct tctl_replay *replay, struct tctl_replay_task *task,
    const struct tctl_replay_event *event, struct tctl_error *err)
{
	struct tctl_replay_note note = { event->at_ms, event->agent, NULL };
	enum tctl_status status = tctl_data_text(
	    event->data, "note", NOTE_MOST, replay->arena, &note.text, err);

	if (status != TCTL_OK || note.text == NULL)
		return status;
	task->note = tctl_arena_grow(
	    replay->arena, task->note, task->notes, sizeof(note));
	task->note[task->notes++] = note;
	return TCTL_OK;
}

static void
finish(struct tctl_replay_task *task, const struct tctl_replay_event *event,
    const char *how, const char *state)
{
	bool late = is_late(task, event);
	bool had = end_claim(task, event->store, event->token) || late;

	if (late)
		task->attempts--;
	if (had)
		end_last(task, event, how);
	if (strcmp(state, "done") == 0 && !is(task, "done"))
		tctl_replay_set_state(task, state, event->at_ms, event->agent);
	else if (strcmp(state, "failed") == 0 && had && is(task, "open") &&
		 task->claims == 0)
		tctl_replay_set_state(task, state, event->at_ms, NULL);
}

static void
lapse(struct tctl_replay_task *task, const struct tctl_replay_event *event,
    const char *how)
{
	bool too_often = tctl_data_bool(event->data, "failed");

	if (!end_claim(task, event->store, event->token))
		return;
	task->attempts++;
	end_last(task, event, too_often ? "attempts" : how);
	if (too_often && is(task, "open") && task->claims == 0)
		tctl_replay_set_state(task, "failed", event->at_ms, NULL);
}

/* A box newly ticked in the plan. */
static void
finish_by_plan(
    struct tctl_replay_task *task, const struct tctl_replay_event *event)
{
	if (!is(task, "open") && !is(task, "failed"))
		return;
	bury(task, "changed");
	tctl_replay_set_state(task, "done", event->at_ms, "plan");
}

/* --- marks ------------------------------------------------------------- */

static void
tick_steps(struct tctl_replay_task *task, bool done)
{
	for (size_t i = 0; i < task->row.line_count; i++)
		if (strcmp(task->row.lines[i].kind, "step") == 0)
			task->row.lines[i].done = done;
}

/* As find_line of mark.c: a gate's criteria come first. */
static enum tctl_status
step(struct tctl_replay_task *task, const struct tctl_replay_event *event,
    struct tctl_error *err)
{
	static const char *const kinds[] = { "criterion", "step" };
	int64_t n;
	enum tctl_status status = tctl_data_number(
	    event->data, "step", INT64_MIN, INT64_MAX, 0, &n, err);

	if (status != TCTL_OK)
		return status;
	for (size_t k = task->row.is_gate ? 0 : 1; k < TCTL_COUNT(kinds); k++)
		for (size_t i = 0; i < task->row.line_count; i++)
			if (strcmp(task->row.lines[i].kind, kinds[k]) == 0 &&
			    --n == 0)
				task->row.lines[i].done =
				    tctl_data_bool(event->data, "done");
	return TCTL_OK;
}

static enum tctl_status
reopen(struct tctl_replay *replay, struct tctl_replay_task *task,
    const struct tctl_replay_event *event, struct tctl_error *err)
{
	const char *was;
	enum tctl_status status =
	    tctl_data_text(event->data, "was", 15, replay->arena, &was, err);

	if (status != TCTL_OK || is(task, "open"))
		return status;
	/* Who reopened it did not know that it is done. */
	if (is(task, "done") && was != NULL && strcmp(was, "done") != 0)
		return TCTL_OK;
	bury(task, "reopened");
	if (task->row.is_gate)
		tick_steps(task, false);
	task->attempts = 0;
	task->claims = 0;
	tctl_replay_set_state(task, "open", event->at_ms, NULL);
	return TCTL_OK;
}

static enum tctl_status
lose(struct tctl_replay *replay, struct tctl_replay_task *task,
    const struct tctl_replay_event *event, struct tctl_error *err)
{
	struct tctl_replay_event loser = *event;
	const char *store;
	int64_t token;
	enum tctl_status status = tctl_data_text(
	    event->data, "loser_store", 39, replay->arena, &store, err);

	if (status == TCTL_OK)
		status = tctl_data_number(
		    event->data, "loser_token", 1, INT64_MAX, 1, &token, err);
	if (status != TCTL_OK || store == NULL)
		return status;
	/* What happened here bears no name. */
	loser.store = strcmp(store, replay->self) == 0 ? "" : store;
	for (size_t i = 0; i < replay->selves.count; i++)
		if (strcmp(store, replay->selves.at[i]) == 0)
			loser.store = "";
	loser.token = token;
	if (end_claim(task, loser.store, token))
		end_last(task, &loser, "conflicted");
	return TCTL_OK;
}

enum tctl_status
tctl_replay_apply(struct tctl_replay *replay, struct tctl_replay_task *task,
    const struct tctl_replay_event *event, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;
	int64_t since_ms;

	switch (event->kind) {
	case TCTL_EVENT_ADDED:
	case TCTL_EVENT_CHANGED:
	case TCTL_EVENT_ADOPTED:
		bury(task, "changed");
		return tctl_replay_planned(replay, task, event, err);
	case TCTL_EVENT_EDITED:
		bury(task, "changed");
		return tctl_replay_edited(replay, task, event, err);
	case TCTL_EVENT_DEP_ADDED:
	case TCTL_EVENT_DEP_REMOVED:
		bury(task, "changed");
		return tctl_replay_linked(replay, task, event, err);
	case TCTL_EVENT_ORPHANED:
		task->row.orphaned = true;
		break;
	case TCTL_EVENT_STEPPED:
		return step(task, event, err);
	case TCTL_EVENT_NOTED:
		return add_note(replay, task, event, err);
	case TCTL_EVENT_CLAIMED:
		if (!is(task, "open"))
			break;
		if (task->started_ms == 0)
			task->started_ms = event->at_ms;
		begin_claim(replay, task, event);
		break;
	case TCTL_EVENT_REVIVED:
		if (!is_late(task, event))
			break;
		task->attempts--;
		since_ms = task->last.at_ms;
		begin_claim(replay, task, event);
		task->last.at_ms = since_ms;
		break;
	case TCTL_EVENT_DONE:
		if (event->token == 0)
			finish_by_plan(task, event);
		else
			finish(task, event, "done", "done");
		return add_note(replay, task, event, err);
	case TCTL_EVENT_RELEASED:
		finish(task, event, "released", "open");
		return add_note(replay, task, event, err);
	case TCTL_EVENT_FORCED:
		finish(task, event, "forced", "open");
		return add_note(replay, task, event, err);
	case TCTL_EVENT_FAILED:
		finish(task, event, "failed", "failed");
		return add_note(replay, task, event, err);
	case TCTL_EVENT_LAPSED:
		lapse(task, event, "lapsed");
		break;
	case TCTL_EVENT_DIED:
		lapse(task, event, "died");
		break;
	case TCTL_EVENT_APPROVED:
		tick_steps(task, true);
		if (!is(task, "done"))
			tctl_replay_set_state(
			    task, "done", event->at_ms, event->agent);
		break;
	case TCTL_EVENT_CANCELLED:
		bury(task, "cancelled");
		if (!is(task, "done"))
			tctl_replay_set_state(
			    task, "cancelled", event->at_ms, NULL);
		break;
	case TCTL_EVENT_REOPENED:
		return reopen(replay, task, event, err);
	case TCTL_EVENT_CONFLICTED:
		return lose(replay, task, event, err);
	default: /* it tells of the store, or of nothing that a task keeps */
		break;
	}
	return status;
}
