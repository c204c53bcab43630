/* view.c - a snapshot in which the leases are judged: what a task is then, is
 * seen through it. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "view.h"

static void
judge_all(struct tctl_view *view)
{
	view->verdict = tctl_arena_alloc(
	    view->arena, (view->live.count + 1) * sizeof(*view->verdict));
	for (size_t i = 0; i < view->live.count; i++)
		view->verdict[i] =
		    tctl_lease_judge(&view->live.at[i], &view->clock, NULL);
}

enum tctl_status
tctl_view_begin(const struct tctl_coord *coord, struct tctl_arena *arena,
    struct tctl_view *out, struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_store_begin(coord->store, TCTL_READ, err);

	if (status != TCTL_OK)
		return status;
	memset(out, 0, sizeof(*out));
	out->coord = coord;
	out->arena = arena;
	status = tctl_clock_read(coord->store, &out->clock, err);
	if (status == TCTL_OK)
		status =
		    tctl_lease_read_live(coord->store, arena, &out->live, err);
	if (status != TCTL_OK) {
		tctl_store_rollback(coord->store);
		return status;
	}
	judge_all(out);
	return TCTL_OK;
}

void
tctl_view_end(struct tctl_view *view)
{
	tctl_store_rollback(view->coord->store);
}

void
tctl_view_of_known(const struct tctl_change *change, struct tctl_arena *arena,
    const struct tctl_lease_row *lease, struct tctl_view *out)
{
	memset(out, 0, sizeof(*out));
	out->coord = change->coord;
	out->arena = arena;
	out->detail = change->coord->detail;
	out->clock.now = change->now;
	out->clock.many_plans = change->many_plans;
	out->clock.same_boot = out->clock.same_machine = true;
	if (lease == NULL)
		return;
	out->live.at = tctl_arena_alloc(arena, sizeof(*lease));
	out->live.at[0] = *lease;
	out->live.count = 1;
	out->verdict = tctl_arena_alloc(arena, sizeof(*out->verdict));
}

enum tctl_status
tctl_view_of_change(const struct tctl_change *change, struct tctl_arena *arena,
    struct tctl_view *out, struct tctl_error *err)
{
	enum tctl_status status;

	tctl_view_of_known(change, arena, NULL, out);
	status = tctl_lease_read_live(change->store, arena, &out->live, err);
	if (status == TCTL_OK) /* zeroed: TCTL_LIVE, for all is settled */
		out->verdict = tctl_arena_alloc(
		    arena, (out->live.count + 1) * sizeof(*out->verdict));
	return status;
}

static int
by_task(const void *key, const void *row)
{
	int64_t a = *(const int64_t *)key;
	int64_t b = ((const struct tctl_lease_row *)row)->task;

	return (a > b) - (a < b);
}

const struct tctl_lease_row *
tctl_view_lease(
    const struct tctl_view *view, int64_t task, enum tctl_verdict *verdict)
{
	const struct tctl_lease_row *row =
	    view->live.count == 0
		? NULL
		: bsearch(&task, view->live.at, view->live.count,
		      sizeof(*view->live.at), by_task);

	if (row != NULL)
		*verdict = view->verdict[row - view->live.at];
	return row;
}

struct tctl_lease *
tctl_view_show_lease(const struct tctl_view *view,
    const struct tctl_lease_row *row, const char *task)
{
	struct tctl_lease *lease =
	    tctl_arena_alloc(view->arena, sizeof(*lease));

	*lease = (struct tctl_lease){ .task = task,
		.agent = row->agent,
		.session = row->session,
		.token = row->token,
		.acquired_ms = row->acquired_ms,
		.renewed_ms = row->renewed_ms,
		.renewed_by = row->evidence,
		.expires_ms = tctl_lease_expires_ms(row),
		.ttl_ms = row->ttl_ms,
		.host = row->host,
		.pid = row->process.pid,
		.worktree = row->worktree };
	/* Its time starts again with the next change: show that. */
	if (!view->clock.same_boot || view->clock.went_back)
		lease->expires_ms = view->clock.now.wall_ms + row->ttl_ms;
	return lease;
}
