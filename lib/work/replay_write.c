/* replay_write.c - what was built becomes the store's rows. */
#include <string.h>

#include "network.h"
#include "replay.h"

static struct tctl_arg
number_or_null(int64_t value)
{
	return value == 0 ? TCTL_T(NULL) : TCTL_N(value);
}

static enum tctl_status
write_lines(struct tctl_replay *replay, const struct tctl_import_row *row,
    struct tctl_error *err)
{
	const char *kind = "";
	int64_t n = 0;
	enum tctl_status status =
	    tctl_query(replay->store, tctl_sql_line_delete,
		TCTL_ARGS(TCTL_N(row->id)), NULL, NULL, NULL, err);

	if (status == TCTL_OK)
		status = tctl_query(replay->store, tctl_sql_ticked_delete,
		    TCTL_ARGS(TCTL_N(row->id)), NULL, NULL, NULL, err);
	for (size_t i = 0; status == TCTL_OK && i < row->line_count; i++) {
		const struct tctl_import_line *line = &row->lines[i];

		n = strcmp(kind, line->kind) == 0 ? n + 1 : 1;
		kind = line->kind;
		status = tctl_query(replay->store, tctl_sql_line_insert,
		    TCTL_ARGS(TCTL_N(row->id), TCTL_T(kind), TCTL_N(n),
			TCTL_T(line->text), TCTL_N(line->done)),
		    NULL, NULL, NULL, err);
		if (status == TCTL_OK && line->ticked)
			status = tctl_query(replay->store,
			    tctl_sql_ticked_insert,
			    TCTL_ARGS(TCTL_N(row->id), TCTL_T(kind), TCTL_N(n)),
			    NULL, NULL, NULL, err);
	}
	return status;
}

static enum tctl_status
write_deps(struct tctl_replay *replay, const struct tctl_import_row *row,
    struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_query(replay->store, tctl_sql_replay_forget_deps,
		TCTL_ARGS(TCTL_N(row->id)), NULL, NULL, NULL, err);

	for (size_t i = 0; status == TCTL_OK && i < row->dep_count; i++)
		status = tctl_query(replay->store, tctl_sql_dep_insert,
		    TCTL_ARGS(TCTL_N(row->id), TCTL_N(row->deps[i].needs),
			TCTL_T(row->deps[i].origin)),
		    NULL, NULL, NULL, err);
	return status;
}

static enum tctl_status
write_notes(struct tctl_replay *replay, const struct tctl_replay_task *task,
    struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_query(replay->store, tctl_sql_replay_forget_notes,
		TCTL_ARGS(TCTL_N(task->row.id)), NULL, NULL, NULL, err);

	for (size_t i = 0; status == TCTL_OK && i < task->notes; i++)
		status = tctl_query(replay->store, tctl_sql_note_insert,
		    TCTL_ARGS(TCTL_N(task->row.id), TCTL_N(task->note[i].at_ms),
			TCTL_T(task->note[i].agent),
			TCTL_T(task->note[i].text)),
		    NULL, NULL, NULL, err);
	return status;
}

/* The last lease, over for good: what lives here stays what it is. */
static enum tctl_status
write_lease(struct tctl_replay *replay, const struct tctl_replay_task *task,
    struct tctl_error *err)
{
	struct tctl_lease_row there;
	enum tctl_status status = tctl_lease_read(
	    replay->store, replay->arena, task->row.id, &there, err);
	bool over = task->ended != NULL && strcmp(task->ended, "lapsed") != 0;

	if (status != TCTL_OK || there.task != 0 || task->last.token == 0)
		return status;
	return tctl_query(replay->store, tctl_sql_replay_lease,
	    TCTL_ARGS(TCTL_N(task->row.id), TCTL_N(task->last.token),
		TCTL_T(task->last.agent == NULL ? "" : task->last.agent),
		TCTL_T(task->last.session == NULL ? "" : task->last.session),
		TCTL_T(over ? task->ended : "restored"),
		TCTL_N(over ? task->ended_ms : replay->change->now.wall_ms),
		TCTL_N(task->last.at_ms)),
	    NULL, NULL, NULL, err);
}

/* Somebody here is at it, and nothing speaks against that. */
static enum tctl_status
is_held(struct tctl_replay *replay, const struct tctl_replay_task *task,
    bool *out, struct tctl_error *err)
{
	struct tctl_lease_row lease;
	enum tctl_status status = tctl_lease_read(
	    replay->store, replay->arena, task->row.id, &lease, err);

	*out = status == TCTL_OK && lease.task != 0 && lease.ended == NULL &&
	       strcmp(task->row.state, "open") == 0;
	return status;
}

static enum tctl_status
write_task(struct tctl_replay *replay, const struct tctl_replay_task *task,
    struct tctl_error *err)
{
	const struct tctl_import_row *row = &task->row;
	char lane[TCTL_AGENT_MAX] = "";
	bool held;
	enum tctl_status status = is_held(replay, task, &held, err);

	if (status != TCTL_OK)
		return status;
	if (row->agent != NULL)
		tctl_agent_normalise(row->agent, lane);
	status = tctl_query(replay->store, tctl_sql_replay_write,
	    TCTL_ARGS(TCTL_T(held ? "claimed" : row->state),
		TCTL_N(task->attempts), number_or_null(task->started_ms),
		number_or_null(task->finished_ms), TCTL_T(task->finished_by),
		TCTL_T(row->title), number_or_null(row->sprint_id),
		TCTL_N(row->position), TCTL_N(row->priority),
		row->estimate_s < 0 ? TCTL_T(NULL) : TCTL_N(row->estimate_s),
		TCTL_T(row->agent), TCTL_T(lane), TCTL_T(row->mutex),
		number_or_null(row->line), TCTL_N(row->hand),
		TCTL_N(row->orphaned), TCTL_N(row->ticked),
		number_or_null(row->chain), TCTL_N(row->step),
		TCTL_N(row->is_gate ? TCTL_BAR_IS_GATE : 0), TCTL_N(row->id)),
	    NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status = tctl_query(replay->store, tctl_sql_lane_insert,
		    TCTL_ARGS(TCTL_T(row->mutex), TCTL_T(lane)), NULL, NULL,
		    NULL, err);
	if (status == TCTL_OK)
		status = write_lines(replay, row, err);
	if (status == TCTL_OK)
		status = write_deps(replay, row, err);
	if (status == TCTL_OK)
		status = write_notes(replay, task, err);
	return status == TCTL_OK ? write_lease(replay, task, err) : status;
}

/* --- what follows from the rows ------------------------------------------ */

struct plans {
	struct tctl_arena *arena;
	int64_t *at;
	size_t count;
};

static void
take_plan(void *into, const char *const col[])
{
	struct plans *plans = into;

	plans->at = tctl_arena_grow(
	    plans->arena, plans->at, plans->count, sizeof(*plans->at));
	plans->at[plans->count++] = tctl_col(col[0]);
}

enum tctl_status
tctl_replay_count(struct tctl_replay *replay, struct tctl_error *err)
{
	struct plans plans = { .arena = replay->arena };
	enum tctl_status status = tctl_query(replay->store, tctl_sql_plan_list,
	    TCTL_NO_ARGS, take_plan, &plans, NULL, err);

	for (size_t i = 0; status == TCTL_OK && i < plans.count; i++) {
		status = tctl_query(replay->store, tctl_sql_sprint_free_gates,
		    TCTL_ARGS(TCTL_N(plans.at[i])), NULL, NULL, NULL, err);
		if (status == TCTL_OK)
			status = tctl_query(replay->store, tctl_sql_count_unmet,
			    TCTL_ARGS(TCTL_N(plans.at[i])), NULL, NULL, NULL,
			    err);
	}
	if (status == TCTL_OK)
		status = tctl_sprints_count(replay->change, err);
	return status == TCTL_OK ? tctl_network_refresh(replay->change, err)
				 : status;
}

enum tctl_status
tctl_replay_write(struct tctl_replay *replay, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	for (int64_t id = 1; status == TCTL_OK && id <= replay->tasks; id++)
		if (replay->task[id] != NULL)
			status = write_task(replay, replay->task[id], err);
	return status;
}
