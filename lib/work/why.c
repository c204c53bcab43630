/* why.c - exactly why a task can or cannot be claimed now. */
#include <stdio.h>
#include <string.h>

#include "lock_file.h"
#include "reserved.h"
#include "stuck.h"
#include "why.h"

void
tctl_why_add(struct tctl_why *why, struct tctl_arena *arena,
    enum tctl_reason_kind kind, const char *other, const char *other_state,
    const char *text)
{
	struct tctl_reason *reason;

	why->reason = tctl_arena_grow(
	    arena, why->reason, why->reason_count, sizeof(*why->reason));
	reason = &why->reason[why->reason_count++];
	reason->kind = kind;
	reason->text = text;
	reason->other = other;
	reason->other_state = other_state;
}

static void
add_state(struct tctl_why *why, struct tctl_arena *arena,
    const struct tctl_task *task)
{
	const char *word = tctl_state_word(task->state);

	if (task->state == TCTL_STATE_DONE && task->finished_by != NULL)
		word =
		    tctl_arena_printf(arena, "done, by %s", task->finished_by);
	tctl_why_add(why, arena, TCTL_WHY_STATE, NULL, NULL,
	    tctl_arena_printf(arena, "it is %s", word));
}

/* What its agent said of it, in the words of status. */
static enum tctl_status
add_failed(struct tctl_why *why, struct tctl_view *view, int64_t row,
    const struct tctl_task *task, struct tctl_error *err)
{
	struct tctl_last last;
	enum tctl_status status = tctl_last_read(view, row, &last, err);

	if (status != TCTL_OK)
		return status;
	tctl_why_add(why, view->arena, TCTL_WHY_STATE, NULL, NULL,
	    tctl_arena_printf(view->arena,
		last.agent == NULL ? "it is %s" : "it is %s (%s)",
		tctl_last_failed(view, task, &last), last.agent));
	return TCTL_OK;
}

/* One reason for each need that is not met, with who is at it. */
static enum tctl_status
add_needs(struct tctl_why *why, struct tctl_view *view,
    const struct tctl_task *task, struct tctl_error *err)
{
	for (size_t i = 0; i < task->unmet.count; i++) {
		const char *id = task->unmet.at[i];
		const struct tctl_task *need;
		struct tctl_tasks tasks;
		const char *qualified = strchr(id, ':') != NULL
					    ? id
					    : tctl_arena_printf(view->arena,
						  "%s:%s", task->plan, id);
		int64_t row;
		enum tctl_status status = tctl_row_find(
		    view->coord->store, view->arena, qualified, &row, err);

		if (status == TCTL_OK)
			status = tctl_view_load_ids(view, &row, 1, &tasks, err);
		if (status != TCTL_OK)
			return status;
		need = &tasks.at[0];
		tctl_why_add(why, view->arena, TCTL_WHY_NEEDS, id,
		    tctl_state_word(need->state),
		    need->lease == NULL
			? tctl_arena_printf(view->arena,
			      "needs %s, which is %s", id,
			      tctl_state_word(need->state))
			: tctl_arena_printf(view->arena,
			      "needs %s, which %s is working on", id,
			      need->lease->agent));
	}
	return TCTL_OK;
}

struct holders {
	struct tctl_view *view;
	int64_t live; /* the first whose lease is, in the eyes of the view */
};

static void
take_holder(void *into, const char *const col[])
{
	struct holders *holders = into;
	enum tctl_verdict verdict = TCTL_LAPSED;
	int64_t task = tctl_col(col[0]);

	if (holders->live == 0 &&
	    tctl_view_lease(holders->view, task, &verdict) != NULL &&
	    verdict == TCTL_LIVE)
		holders->live = task;
}

enum tctl_status
tctl_mutex_holder(struct tctl_view *view, const char *mutex, int64_t *holder,
    struct tctl_error *err)
{
	struct holders holders = { .view = view };
	enum tctl_status status =
	    mutex == NULL
		? TCTL_OK
		: tctl_query(view->coord->store, tctl_sql_lease_mutex_holder,
		      TCTL_ARGS(TCTL_T(mutex)), take_holder, &holders, NULL,
		      err);

	*holder = holders.live;
	return status;
}

static enum tctl_status
add_mutex(struct tctl_why *why, struct tctl_view *view, int64_t row,
    const struct tctl_task *task, struct tctl_error *err)
{
	struct tctl_tasks tasks;
	int64_t holder;
	enum tctl_status status =
	    tctl_mutex_holder(view, task->mutex, &holder, err);

	if (status != TCTL_OK || holder == 0 || holder == row)
		return status;
	status = tctl_view_load_ids(view, &holder, 1, &tasks, err);
	if (status == TCTL_OK)
		tctl_why_add(why, view->arena, TCTL_WHY_MUTEX, tasks.at[0].id,
		    tctl_state_word(tasks.at[0].state),
		    tctl_arena_printf(view->arena,
			"the mutex %s is held by %s (%s)", task->mutex,
			tasks.at[0].id,
			tasks.at[0].lease == NULL ? "nobody"
						  : tasks.at[0].lease->agent));
	return status;
}

static void
add_lease(struct tctl_why *why, struct tctl_arena *arena,
    const struct tctl_task *task, const char *old_owner)
{
	if (task->lease != NULL)
		tctl_why_add(why, arena, TCTL_WHY_LEASE, NULL, NULL,
		    tctl_arena_printf(arena, "%s holds it (session %s)",
			task->lease->agent, task->lease->session));
	else if (old_owner != NULL)
		tctl_why_add(why, arena, TCTL_WHY_LEASE, NULL, NULL,
		    tctl_arena_printf(arena,
			"%s holds it through a lock file of the old scripts",
			old_owner));
}

static enum tctl_status
add_last_lease(struct tctl_why *why, struct tctl_view *view, int64_t row,
    struct tctl_error *err)
{
	static const char *const verdict_word[] = {
		[TCTL_LAPSED] = "lapsed", [TCTL_DIED] = "died"
	};
	enum tctl_verdict verdict = TCTL_LIVE;
	struct tctl_lease_row last;
	enum tctl_status status =
	    tctl_lease_read(view->coord->store, view->arena, row, &last, err);

	if (status != TCTL_OK || last.task == 0)
		return status;
	(void)tctl_view_lease(view, row, &verdict);
	why->witnessed = last.witnessed;
	if (last.ended == NULL && verdict == TCTL_LIVE)
		return TCTL_OK;
	why->last_end = last.ended != NULL ? last.ended : verdict_word[verdict];
	why->last_agent = last.agent;
	why->last_end_ms =
	    last.ended != NULL ? last.ended_ms : tctl_lease_expires_ms(&last);
	why->last_worktree = last.worktree;
	return TCTL_OK;
}

/* With reserve.on_claim it would reserve its files. */
static enum tctl_status
add_reserved(struct tctl_why *why, struct tctl_view *view, int64_t row,
    struct tctl_error *err)
{
	enum { MOST = 5 };
	struct tctl_clash clash[MOST];
	struct tctl_reserved_all all;
	struct tctl_patterns files;
	size_t count = 0;
	enum tctl_status status = tctl_reserved_read(view, &all, err);

	if (status == TCTL_OK)
		status = tctl_reserved_files(
		    view->coord->store, view->arena, row, &files, err);
	if (status == TCTL_OK)
		status = tctl_reserved_meet(
		    view, &all, row, &files, 0, MOST, clash, &count, err);
	for (size_t i = 0; status == TCTL_OK && i < count; i++)
		tctl_why_add(why, view->arena, TCTL_WHY_RESERVED,
		    clash[i].with.task, tctl_state_word(TCTL_STATE_CLAIMED),
		    tctl_clash_text(view->arena, &clash[i]));
	if (status == TCTL_OK && count > 0)
		why->reserver = clash[0].lease;
	return status;
}

enum tctl_status
tctl_why_fill(struct tctl_view *view, int64_t row, struct tctl_why *out,
    struct tctl_error *err)
{
	const struct tctl_task *task;
	enum tctl_status status =
	    tctl_view_load_ids(view, &row, 1, &out->task, err);

	if (status != TCTL_OK)
		return status;
	task = &out->task.at[0];
	add_lease(out, view->arena, task,
	    tctl_lock_file_owner(view->coord, view->arena, task->id));
	if (task->state == TCTL_STATE_FAILED)
		status = add_failed(out, view, row, task, err);
	else if (task->state == TCTL_STATE_DONE ||
		 task->state == TCTL_STATE_CANCELLED)
		add_state(out, view->arena, task);
	else
		status = add_needs(out, view, task, err);
	if (status == TCTL_OK)
		status = tctl_why_order(out, view, row, err);
	if (status == TCTL_OK)
		status = add_mutex(out, view, row, task, err);
	if (status == TCTL_OK && view->coord->config->reserve_on_claim &&
	    (task->state == TCTL_STATE_READY ||
		task->state == TCTL_STATE_PENDING))
		status = add_reserved(out, view, row, err);
	if (status == TCTL_OK)
		status = add_last_lease(out, view, row, err);
	out->claimable = out->reason_count == 0;
	return status;
}

enum tctl_status
tctl_why_read(const struct tctl_coord *coord, const char *id,
    struct tctl_why *out, struct tctl_error *err)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_view view;
	int64_t row;
	enum tctl_status status = tctl_view_begin(coord, arena, &view, err);

	memset(out, 0, sizeof(*out));
	if (status == TCTL_OK) {
		status = tctl_row_find(coord->store, arena, id, &row, err);
		if (status == TCTL_OK)
			status = tctl_why_fill(&view, row, out, err);
		tctl_view_end(&view);
	}
	if (status != TCTL_OK)
		tctl_arena_free(arena);
	return status;
}

void
tctl_why_release(struct tctl_why *why)
{
	tctl_tasks_release(&why->task);
}
