/* stuck.c - who is at what, what follows, and where nobody gets on. */
#include "stuck.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sql.h"
#include "taskctl/time.h"

static const char *const word_of[] = {
	[TCTL_STUCK_FAILED] = "failed",
	[TCTL_STUCK_LAPSED] = "lapsed",
	[TCTL_STUCK_LATE] = "late",
	[TCTL_STUCK_GATE] = "gate",
	[TCTL_STUCK_MUTEX] = "mutex",
	[TCTL_STUCK_BLOCKED] = "blocked",
};

const char *
tctl_stuck_word(enum tctl_stuck_kind kind)
{
	return word_of[kind];
}

static struct tctl_stuck *
add_stuck(struct tctl_status_report *out, enum tctl_stuck_kind kind,
    const struct tctl_task *task, const char *command)
{
	struct tctl_stuck *stuck;

	out->stuck = tctl_arena_grow(
	    out->arena, out->stuck, out->stuck_count, sizeof(*out->stuck));
	stuck = &out->stuck[out->stuck_count++];
	*stuck = (struct tctl_stuck){ .kind = kind,
		.task = task->ref,
		.title = task->title,
		.sprint = task->sprint,
		.agent = task->lease != NULL ? task->lease->agent : NULL,
		.next = tctl_arena_printf(
		    out->arena, "taskctl %s %s", command, task->ref) };
	return stuck;
}

/* "2h30" of a while. */
static const char *
spell(struct tctl_arena *arena, int64_t ms)
{
	char text[TCTL_DURATION_TEXT];

	/* To the minute, unless that is all there is. */
	ms = ms >= 60000 ? ms / 60000 * 60000 : ms;
	tctl_duration_write(ms < 0 ? 0 : ms / 1000, text);
	return tctl_arena_strdup(arena, text);
}

/* Rows of ids, each with a number of its own. */
struct list {
	struct tctl_arena *arena;
	int64_t *id;
	int64_t *also;
	size_t count;
};

static void
take(struct list *list, int64_t id, int64_t also)
{
	list->id = tctl_arena_grow(
	    list->arena, list->id, list->count, sizeof(*list->id));
	list->also = tctl_arena_grow(
	    list->arena, list->also, list->count, sizeof(*list->also));
	list->also[list->count] = also;
	list->id[list->count++] = id;
}

static void
take_id(void *into, const char *const col[])
{
	take(into, tctl_col(col[0]), 0);
}

static void
take_pair(void *into, const char *const col[])
{
	take(into, tctl_col(col[0]), tctl_col(col[1]));
}

/* --- in work ------------------------------------------------------------- */

/* What waits for this task alone; and the one of all that has waited longest,
 * which is said where that is longer than the task should have taken. */
struct longest {
	int64_t since_ms;
	const struct tctl_task *blocker;
	const struct tctl_task *task;
};

static enum tctl_status
find_freed(struct tctl_view *view, int64_t id, const struct tctl_task *task,
    struct tctl_strings *refs, struct longest *longest, struct tctl_error *err)
{
	struct list freed = { .arena = view->arena };
	struct tctl_tasks tasks;
	enum tctl_status status =
	    tctl_query(view->coord->store, tctl_sql_task_freed,
		TCTL_ARGS(TCTL_N(id)), take_pair, &freed, NULL, err);

	if (status == TCTL_OK)
		status = tctl_view_load_ids(
		    view, freed.id, freed.count, &tasks, err);
	for (size_t i = 0; status == TCTL_OK && i < tasks.count; i++) {
		tctl_strings_add(view->arena, refs, tasks.at[i].ref);
		if (freed.also[i] == 0 ||
		    (longest->task != NULL &&
			freed.also[i] >= longest->since_ms))
			continue;
		*longest =
		    (struct longest){ freed.also[i], task, &tasks.at[i] };
	}
	return status;
}

static void
add_late(struct tctl_status_report *out, const struct tctl_task *task)
{
	int64_t held_ms = out->held.now_ms - task->lease->acquired_ms;
	struct tctl_stuck *stuck;

	if (task->estimate_s <= 0 || held_ms <= task->estimate_s * 1000)
		return;
	stuck = add_stuck(out, TCTL_STUCK_LATE, task, "show");
	stuck->why = tctl_arena_printf(out->arena,
	    "%s has been at it for %s; %s were estimated", stuck->agent,
	    spell(out->arena, held_ms),
	    spell(out->arena, task->estimate_s * 1000));
}

static void
add_longest(struct tctl_status_report *out, const struct longest *longest)
{
	enum { NO_ESTIMATE_S = 3600 };
	const struct tctl_task *blocker = longest->blocker;
	int64_t waited_ms = out->held.now_ms - longest->since_ms, usual_s;
	struct tctl_stuck *stuck;

	if (longest->task == NULL)
		return;
	usual_s = blocker->estimate_s > 0 ? blocker->estimate_s : NO_ESTIMATE_S;
	if (waited_ms <= usual_s * 1000)
		return;
	stuck = add_stuck(out, TCTL_STUCK_BLOCKED, longest->task, "why");
	stuck->agent = blocker->lease->agent;
	stuck->why =
	    tctl_arena_printf(out->arena, "has waited %s for %s, which %s has",
		spell(out->arena, waited_ms), blocker->ref, stuck->agent);
}

static enum tctl_status
find_held(struct tctl_view *view, struct tctl_status_report *out,
    struct longest *longest, struct tctl_error *err)
{
	struct list held = { .arena = view->arena };
	enum tctl_status status;

	for (size_t i = 0; i < view->live.count; i++)
		if (view->verdict[i] == TCTL_LIVE)
			take(&held, view->live.at[i].task, 0);
	status = tctl_view_load_ids(view, held.id, held.count, &out->held, err);
	out->frees = tctl_arena_alloc(
	    out->arena, (held.count + 1) * sizeof(*out->frees));
	for (size_t i = 0; status == TCTL_OK && i < out->held.count; i++)
		status = find_freed(view, held.id[i], &out->held.at[i],
		    &out->frees[i], longest, err);
	return status;
}

/* --- stuck ---------------------------------------------------------------- */

struct last_row {
	struct tctl_arena *arena;
	struct tctl_last *out;
};

static void
take_last(void *into, const char *const col[])
{
	const struct last_row *row_of = into;
	struct tctl_last *out = row_of->out;

	out->agent = tctl_arena_strdup(row_of->arena, tctl_col_text(col[0]));
	out->how = tctl_arena_strdup(row_of->arena, tctl_col_text(col[1]));
	out->said = tctl_arena_strdup(row_of->arena, tctl_col_text(col[2]));
}

enum tctl_status
tctl_last_read(const struct tctl_view *view, int64_t row, struct tctl_last *out,
    struct tctl_error *err)
{
	struct last_row row_of = { view->arena, out };

	*out = (struct tctl_last){ NULL, "", "" };
	return tctl_query(view->coord->store, tctl_sql_task_ended_how,
	    TCTL_ARGS(TCTL_N(row)), take_last, &row_of, NULL, err);
}

const char *
tctl_last_failed(const struct tctl_view *view, const struct tctl_task *task,
    const struct tctl_last *last)
{
	if (strcmp(last->how, "failed") != 0)
		return task->attempts > 0 ? "failed after losing several agents"
					  : "failed";
	return last->said[0] == '\0'
		   ? "failed"
		   : tctl_arena_printf(view->arena, "failed: %s", last->said);
}

/* "failed: the disk is full; 3 tasks need it". */
static const char *
spell_failed(const struct tctl_view *view, const struct tctl_task *task,
    const struct tctl_last *last)
{
	const char *failed = tctl_last_failed(view, task, last);
	size_t waiting = task->unblocks.count;

	if (waiting == 0)
		return failed;
	return tctl_arena_printf(view->arena,
	    waiting == 1 ? "%s; %zu task needs it" : "%s; %zu tasks need it",
	    failed, waiting);
}

enum tctl_status
tctl_stuck_add_ended(const struct tctl_view *view,
    struct tctl_status_report *out, const struct tctl_task *task, int64_t row,
    struct tctl_error *err)
{
	bool failed = task->state == TCTL_STATE_FAILED;
	struct tctl_last last;
	struct tctl_stuck *stuck;
	enum tctl_status status = tctl_last_read(view, row, &last, err);

	if (status != TCTL_OK)
		return status;
	stuck = add_stuck(out, failed ? TCTL_STUCK_FAILED : TCTL_STUCK_LAPSED,
	    task, failed ? "reopen" : "claim");
	stuck->agent = last.agent;
	stuck->why = failed ? spell_failed(view, task, &last)
			    : "its lease ended without a result";
	return TCTL_OK;
}

/* Failed tasks, unless they are not asked for, and those whose lease has
 * lapsed or whose agent has died, swept since or not: nobody is at them, and
 * others may be waiting. */
static enum tctl_status
find_ended(struct tctl_view *view, bool failed_too,
    struct tctl_status_report *out, struct tctl_error *err)
{
	struct list ended = { .arena = view->arena };
	struct tctl_tasks tasks;
	enum tctl_status status = TCTL_OK;

	/* No index finds them: it would cost every claim more than it saves
	 * here, where all tasks have just been read. */
	if (failed_too && out->totals.state[TCTL_STATE_FAILED] > 0)
		status = tctl_query(view->coord->store, tctl_sql_task_failed,
		    TCTL_NO_ARGS, take_id, &ended, NULL, err);
	for (size_t i = 0; i < view->live.count; i++)
		if (view->verdict[i] != TCTL_LIVE)
			take(&ended, view->live.at[i].task, 0);
	if (status == TCTL_OK)
		status = tctl_query(view->coord->store, tctl_sql_task_lapsed,
		    TCTL_NO_ARGS, take_id, &ended, NULL, err);
	if (status == TCTL_OK)
		status = tctl_query(view->coord->store, tctl_sql_task_died,
		    TCTL_NO_ARGS, take_id, &ended, NULL, err);
	if (status == TCTL_OK)
		status = tctl_view_load_ids(
		    view, ended.id, ended.count, &tasks, err);
	for (size_t i = 0; status == TCTL_OK && i < tasks.count; i++)
		status = tctl_stuck_add_ended(
		    view, out, &tasks.at[i], ended.id[i], err);
	return status;
}

/* Gates of which all is done but the word. */
static enum tctl_status
find_gates(struct tctl_view *view, struct tctl_status_report *out,
    struct tctl_error *err)
{
	struct list gates = { .arena = view->arena };
	struct tctl_tasks tasks;
	enum tctl_status status = tctl_query(view->coord->store,
	    tctl_sql_gate_awaited, TCTL_NO_ARGS, take_id, &gates, NULL, err);

	out->gates_awaited = gates.count;
	if (status == TCTL_OK)
		status = tctl_view_load_ids(
		    view, gates.id, gates.count, &tasks, err);
	for (size_t i = 0; status == TCTL_OK && i < tasks.count; i++)
		add_stuck(out, TCTL_STUCK_GATE, &tasks.at[i], "approve")->why =
		    "waits to be approved: what it judges is done";
	return status;
}

/* Who waits for a task's mutex. */
static enum tctl_status
find_waiting(struct tctl_view *view, const struct tctl_task *holder,
    struct tctl_status_report *out, struct tctl_error *err)
{
	struct list waiting = { .arena = view->arena };
	struct tctl_tasks first;
	struct tctl_stuck *stuck;
	char more[64] = "";
	enum tctl_status status = tctl_query(view->coord->store,
	    tctl_sql_task_mutex_waiting, TCTL_ARGS(TCTL_T(holder->mutex)),
	    take_pair, &waiting, NULL, err);

	if (status == TCTL_OK)
		status = tctl_view_load_ids(
		    view, waiting.id, waiting.count, &first, err);
	if (status != TCTL_OK || first.count == 0)
		return status;
	if (waiting.also[0] > 1)
		snprintf(more, sizeof(more), " (and %lld more)",
		    (long long)waiting.also[0] - 1);
	stuck = add_stuck(out, TCTL_STUCK_MUTEX, &first.at[0], "why");
	stuck->agent = holder->lease->agent;
	stuck->why = tctl_arena_printf(out->arena,
	    "could begin%s, but %s has mutex \"%s\" with %s", more,
	    stuck->agent, holder->mutex, holder->ref);
	return TCTL_OK;
}

enum tctl_status
tctl_stuck_read(struct tctl_view *view, bool failed_too,
    struct tctl_status_report *out, struct tctl_error *err)
{
	struct longest longest = { 0, NULL, NULL };
	enum tctl_status status = find_held(view, out, &longest, err);

	if (status == TCTL_OK)
		status = find_ended(view, failed_too, out, err);
	for (size_t i = 0; status == TCTL_OK && i < out->held.count; i++)
		add_late(out, &out->held.at[i]);
	if (status == TCTL_OK)
		add_longest(out, &longest);
	for (size_t i = 0; status == TCTL_OK && i < out->held.count; i++)
		if (out->held.at[i].mutex != NULL)
			status = find_waiting(view, &out->held.at[i], out, err);
	if (status == TCTL_OK)
		status = find_gates(view, out, err);
	return status;
}
