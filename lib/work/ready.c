/* ready.c - what could be claimed now, in the order of claiming. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "lock_file.h"
#include "reserved.h"

/* A task in the order of claiming. */
struct candidate {
	int64_t id;
	int tier; /* 0 planned for the caller, 1 for nobody, 2 for others */
	int64_t priority;
	int64_t tail_s;
	int64_t position;
};

struct lane {
	const char *mutex;
	const char *agent;
};

struct gather {
	struct tctl_view *view;
	struct lane *lane;
	size_t lanes;
	struct candidate *at;
	size_t count;
	size_t total;
	int tier;
	const char **held; /* mutexes that are held */
	size_t held_count;
};

static void
take_lane(void *into, const char *const col[])
{
	struct gather *gather = into;
	struct tctl_arena *arena = gather->view->arena;
	struct lane *lane;

	gather->lane = tctl_arena_grow(
	    arena, gather->lane, gather->lanes, sizeof(*gather->lane));
	lane = &gather->lane[gather->lanes++];
	lane->mutex = tctl_arena_strdup(arena, tctl_col_text(col[0]));
	lane->agent = tctl_arena_strdup(arena, tctl_col_text(col[1]));
}

static void
take_candidate(void *into, const char *const col[])
{
	struct gather *gather = into;

	gather->at = tctl_arena_grow(gather->view->arena, gather->at,
	    gather->count, sizeof(*gather->at));
	gather->at[gather->count++] = (struct candidate){
		.id = tctl_col(col[0]),
		.tier = gather->tier,
		.priority = tctl_col(col[1]),
		.tail_s = tctl_col(col[2]),
		.position = tctl_col(col[3]),
	};
}

static bool
is_held(const struct gather *gather, const char *mutex)
{
	for (size_t i = 0; i < gather->held_count; i++)
		if (strcmp(gather->held[i], mutex) == 0)
			return true;
	return false;
}

static void
take_count(void *into, const char *const col[])
{
	struct gather *gather = into;

	if (!is_held(gather, tctl_col_text(col[0])))
		gather->total += (size_t)tctl_col(col[1]);
}

static int
tier_of(const char *lane, const char *agent)
{
	return lane[0] == '\0' ? 1 : strcmp(lane, agent) == 0 ? 0 : 2;
}

static int
in_order(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->tier != y->tier)
		return x->tier - y->tier;
	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	if (x->tail_s != y->tail_s)
		return x->tail_s > y->tail_s ? -1 : 1;
	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static const char *
mutex_of(struct gather *gather, int64_t task, enum tctl_status *status,
    struct tctl_error *err)
{
	struct tctl_row row = { .mutex = "" };

	*status = tctl_row_read(
	    gather->view->coord->store, gather->view->arena, task, &row, err);
	return row.mutex;
}

/* Which mutexes are held, in the eyes of this view. */
static enum tctl_status
gather_held(struct gather *gather, struct tctl_error *err)
{
	struct tctl_view *view = gather->view;
	enum tctl_status status = TCTL_OK;

	gather->held = tctl_arena_alloc(
	    view->arena, (view->live.count + 1) * sizeof(*gather->held));
	for (size_t i = 0; status == TCTL_OK && i < view->live.count; i++) {
		const char *mutex;

		if (view->verdict[i] != TCTL_LIVE)
			continue;
		mutex = mutex_of(gather, view->live.at[i].task, &status, err);
		if (status == TCTL_OK && mutex[0] != '\0')
			gather->held[gather->held_count++] = mutex;
	}
	return status;
}

/* Tasks whose lease has lapsed but was not swept are ready too. */
static enum tctl_status
gather_lapsed(struct gather *gather, const char *agent, struct tctl_error *err)
{
	struct tctl_view *view = gather->view;
	enum tctl_status status = TCTL_OK;
	char lane[TCTL_AGENT_MAX];

	for (size_t i = 0; status == TCTL_OK && i < view->live.count; i++) {
		struct tctl_tasks one;
		const struct tctl_task *task;

		if (view->verdict[i] == TCTL_LIVE)
			continue;
		status = tctl_view_load_ids(
		    view, &view->live.at[i].task, 1, &one, err);
		if (status != TCTL_OK)
			break;
		task = &one.at[0];
		if (task->state != TCTL_STATE_READY || task->orphaned ||
		    (task->mutex != NULL && is_held(gather, task->mutex)))
			continue;
		lane[0] = '\0';
		if (task->planned_agent != NULL)
			tctl_agent_normalise(task->planned_agent, lane);
		gather->tier = tier_of(lane, agent);
		status = tctl_query(view->coord->store, tctl_sql_lease_rank,
		    TCTL_ARGS(TCTL_N(view->live.at[i].task)), take_candidate,
		    gather, NULL, err);
		gather->total++;
	}
	return status;
}

static enum tctl_status
gather_all(struct gather *gather, const char *agent, size_t limit,
    struct tctl_error *err)
{
	struct tctl_store *store = gather->view->coord->store;
	enum tctl_status status = gather_held(gather, err);

	if (status == TCTL_OK)
		status = tctl_query(store, tctl_sql_lease_lanes, TCTL_NO_ARGS,
		    take_lane, gather, NULL, err);
	for (size_t i = 0; status == TCTL_OK && i < gather->lanes; i++) {
		const struct lane *lane = &gather->lane[i];

		if (is_held(gather, lane->mutex))
			continue;
		gather->tier = tier_of(lane->agent, agent);
		status = tctl_query(store, tctl_sql_lease_queue,
		    TCTL_ARGS(TCTL_T(lane->mutex), TCTL_T(lane->agent),
			TCTL_N(limit > INT32_MAX ? INT32_MAX : (int64_t)limit)),
		    take_candidate, gather, NULL, err);
	}
	if (status == TCTL_OK)
		status = tctl_query(store, tctl_sql_lease_ready_count,
		    TCTL_NO_ARGS, take_count, gather, NULL, err);
	return status == TCTL_OK ? gather_lapsed(gather, agent, err) : status;
}

/* What an old script holds through its lock file cannot be claimed. */
static void
drop_locked(struct tctl_view *view, struct tctl_tasks *tasks, size_t *total)
{
	size_t kept = 0;

	for (size_t i = 0; i < tasks->count; i++) {
		if (tctl_lock_file_owner(
			view->coord, view->arena, tasks->at[i].id) != NULL) {
			--*total;
			continue;
		}
		tasks->at[kept] = tasks->at[i];
		tasks->row[kept++] = tasks->row[i];
	}
	tasks->count = kept;
}

/* What is reserved for others bars a claim that would reserve it. */
static enum tctl_status
drop_reserved(struct tctl_view *view, int64_t *row, size_t *count,
    size_t *total, struct tctl_error *err)
{
	struct tctl_reserved_all all;
	enum tctl_status status = tctl_reserved_read(view, &all, err);
	size_t kept = 0;

	if (status != TCTL_OK || all.count == 0)
		return status;
	for (size_t i = 0; status == TCTL_OK && i < *count; i++) {
		bool is_barred;

		status =
		    tctl_reserved_bars(view, &all, row[i], &is_barred, err);
		if (is_barred)
			--*total;
		else
			row[kept++] = row[i];
	}
	*count = kept;
	return status;
}

enum tctl_status
tctl_view_ready_rows(struct tctl_view *view, const char *agent, size_t limit,
    int64_t **out, size_t *count, size_t *total, struct tctl_error *err)
{
	struct gather gather = { .view = view };
	char lane[TCTL_AGENT_MAX] = "";
	enum tctl_status status;

	if (agent != NULL)
		tctl_agent_normalise(agent, lane);
	status = gather_all(&gather, lane, limit, err);
	if (status != TCTL_OK)
		return status;
	if (gather.count > 1)
		qsort(gather.at, gather.count, sizeof(*gather.at), in_order);
	*total = gather.total;
	*count = gather.count > limit ? limit : gather.count;
	*out = tctl_arena_alloc(view->arena, (*count + 1) * sizeof(**out));
	for (size_t i = 0; i < *count; i++)
		(*out)[i] = gather.at[i].id;
	return TCTL_OK;
}

enum tctl_status
tctl_view_ready(struct tctl_view *view, const char *agent, size_t limit,
    struct tctl_tasks *out, size_t *total, struct tctl_error *err)
{
	/* Only what was looked at is known not to be barred. */
	bool looks_at_all = view->coord->config->reserve_on_claim;
	size_t count = 0;
	int64_t *row;
	enum tctl_status status = tctl_view_ready_rows(view, agent,
	    looks_at_all ? (size_t)INT32_MAX : limit, &row, &count, total, err);

	if (status == TCTL_OK && looks_at_all)
		status = drop_reserved(view, row, &count, total, err);
	if (status == TCTL_OK)
		status = tctl_view_load_ids(
		    view, row, count > limit ? limit : count, out, err);
	if (status == TCTL_OK && view->coord->config->lock_files)
		drop_locked(view, out, total);
	return status;
}
