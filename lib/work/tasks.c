/* tasks.c - the questions that people and agents ask: list, ready, mine. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "lock_file.h"
#include "view.h"
#include "why.h"

/* Begin a view with an arena of its own, which becomes out's. */
static enum tctl_status
begin(const struct tctl_coord *coord, struct tctl_view *view,
    struct tctl_error *err)
{
	struct tctl_arena *arena = tctl_arena_new();
	enum tctl_status status = tctl_view_begin(coord, arena, view, err);

	if (status != TCTL_OK)
		tctl_arena_free(arena);
	return status;
}

static enum tctl_status
end(struct tctl_view *view, enum tctl_status status)
{
	tctl_view_end(view);
	if (status != TCTL_OK)
		tctl_arena_free(view->arena);
	return status;
}

static bool
is_agent(const char *name, const char *wanted)
{
	char a[TCTL_AGENT_MAX], b[TCTL_AGENT_MAX];

	if (name == NULL)
		return false;
	tctl_agent_normalise(name, a);
	tctl_agent_normalise(wanted, b);
	return strcmp(a, b) == 0;
}

/* S, or PLAN:S. */
static bool
is_in_sprint(const struct tctl_task *task, const char *sprint)
{
	const char *colon = strrchr(sprint, ':');
	size_t length = colon == NULL ? 0 : (size_t)(colon - sprint);

	if (task->sprint == NULL)
		return false;
	if (colon == NULL)
		return strcmp(task->sprint, sprint) == 0;
	return strcmp(task->sprint, colon + 1) == 0 &&
	       strncmp(task->plan, sprint, length) == 0 &&
	       task->plan[length] == '\0';
}

static bool
passes(const struct tctl_task *task, const struct tctl_filter *filter)
{
	if (filter == NULL)
		return true;
	if (filter->states != 0 && (filter->states & 1U << task->state) == 0)
		return false;
	if (filter->sprint != NULL && !is_in_sprint(task, filter->sprint))
		return false;
	if (filter->plan != NULL && strcmp(task->plan, filter->plan) != 0)
		return false;
	return filter->agent == NULL ||
	       is_agent(task->planned_agent, filter->agent) ||
	       (task->lease != NULL &&
		   is_agent(task->lease->agent, filter->agent));
}

static enum tctl_status
check_sprint(struct tctl_view *view, const char *sprint, struct tctl_error *err)
{
	int64_t id;

	return tctl_sprint_find(
	    view->coord->store, view->arena, sprint, 0, &id, err);
}

struct named {
	const char *name;
	bool found;
};

static void
take_plan(void *into, const char *const col[])
{
	struct named *named = into;

	named->found = named->found || strcmp(col[1], named->name) == 0;
}

/* What is asked for must be there: a slip of the finger is no empty list. */
static enum tctl_status
check_filter(struct tctl_view *view, const struct tctl_filter *filter,
    struct tctl_error *err)
{
	struct named plan = { .found = false };
	enum tctl_status status = TCTL_OK;

	if (filter == NULL)
		return TCTL_OK;
	if (filter->sprint != NULL && filter->plan == NULL)
		status = check_sprint(view, filter->sprint, err);
	if (status != TCTL_OK || filter->plan == NULL)
		return status;
	plan.name = filter->plan;
	status = tctl_query(view->coord->store, tctl_sql_plan_list,
	    TCTL_NO_ARGS, take_plan, &plan, NULL, err);
	if (status == TCTL_OK && !plan.found)
		status = tctl_fail(
		    err, TCTL_ENOTFOUND, "no plan \"%.100s\"", filter->plan);
	return status;
}

enum tctl_status
tctl_tasks_list(const struct tctl_coord *coord,
    const struct tctl_filter *filter, struct tctl_tasks *out,
    struct tctl_error *err)
{
	struct tctl_view view;
	size_t kept = 0;
	enum tctl_status status = begin(coord, &view, err);

	memset(out, 0, sizeof(*out));
	if (status != TCTL_OK)
		return status;
	view.detail = coord->detail;
	status = check_filter(&view, filter, err);
	if (status == TCTL_OK)
		status = tctl_view_load(&view, 0, INT64_MAX, out, err);
	status = end(&view, status);
	if (status != TCTL_OK)
		return status;
	for (size_t i = 0; i < out->count; i++)
		if (passes(&out->at[i], filter)) {
			out->at[kept] = out->at[i];
			out->row[kept++] = out->row[i];
		}
	out->count = kept;
	return TCTL_OK;
}

enum tctl_status
tctl_task_show(const struct tctl_coord *coord, const char *id,
    struct tctl_tasks *out, struct tctl_error *err)
{
	struct tctl_view view;
	int64_t row;
	enum tctl_status status = begin(coord, &view, err);

	memset(out, 0, sizeof(*out));
	if (status != TCTL_OK)
		return status;
	status = tctl_row_find(coord->store, view.arena, id, &row, err);
	if (status == TCTL_OK)
		status = tctl_view_load_ids(&view, &row, 1, out, err);
	return end(&view, status);
}

enum tctl_status
tctl_tasks_held(const struct tctl_coord *coord, const char *agent,
    const char *session, struct tctl_tasks *out, struct tctl_error *err)
{
	struct tctl_view view;
	int64_t *row;
	size_t count = 0;
	enum tctl_status status = begin(coord, &view, err);

	memset(out, 0, sizeof(*out));
	if (status != TCTL_OK)
		return status;
	row =
	    tctl_arena_alloc(view.arena, (view.live.count + 1) * sizeof(*row));
	for (size_t i = 0; i < view.live.count; i++) {
		const struct tctl_lease_row *lease = &view.live.at[i];

		if (view.verdict[i] == TCTL_LIVE &&
		    (agent == NULL || strcmp(agent, lease->agent) == 0) &&
		    (session == NULL || strcmp(session, lease->session) == 0))
			row[count++] = lease->task;
	}
	return end(&view, tctl_view_load_ids(&view, row, count, out, err));
}

/* --- ready
 * ----------------------------------------------------------------------- */

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
	lane->mutex = tctl_arena_strdup(arena, col[0]);
	lane->agent = tctl_arena_strdup(arena, col[1]);
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

	if (!is_held(gather, col[0]))
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

/* Of what was loaded, what belongs to the sprint. */
static void
keep_sprint(struct tctl_tasks *tasks, const char *sprint, size_t *total)
{
	size_t kept = 0;

	for (size_t i = 0; i < tasks->count; i++)
		if (is_in_sprint(&tasks->at[i], sprint)) {
			tasks->at[kept] = tasks->at[i];
			tasks->row[kept++] = tasks->row[i];
		}
	*total = tasks->count = kept;
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

enum tctl_status
tctl_view_ready(struct tctl_view *view, const char *agent, size_t limit,
    struct tctl_tasks *out, size_t *total, struct tctl_error *err)
{
	struct gather gather = { .view = view };
	char lane[TCTL_AGENT_MAX] = "";
	int64_t *row;
	enum tctl_status status;

	if (agent != NULL)
		tctl_agent_normalise(agent, lane);
	status = gather_all(&gather, lane, limit, err);
	if (status != TCTL_OK)
		return status;
	if (gather.count > 1)
		qsort(gather.at, gather.count, sizeof(*gather.at), in_order);
	if (gather.count > limit)
		gather.count = limit;
	*total = gather.total;
	row = tctl_arena_alloc(view->arena, (gather.count + 1) * sizeof(*row));
	for (size_t i = 0; i < gather.count; i++)
		row[i] = gather.at[i].id;
	status = tctl_view_load_ids(view, row, gather.count, out, err);
	if (status == TCTL_OK && view->coord->config->lock_files)
		drop_locked(view, out, total);
	return status;
}

enum tctl_status
tctl_tasks_ready(const struct tctl_coord *coord, const char *agent,
    const char *sprint, size_t limit, struct tctl_tasks *out, size_t *total,
    struct tctl_error *err)
{
	struct tctl_view view;
	enum tctl_status status = begin(coord, &view, err);

	memset(out, 0, sizeof(*out));
	if (status != TCTL_OK)
		return status;
	if (sprint != NULL)
		status = check_sprint(&view, sprint, err);
	if (status == TCTL_OK)
		status = tctl_view_ready(&view, agent,
		    sprint != NULL ? (size_t)INT32_MAX : limit, out, total,
		    err);
	if (status == TCTL_OK && sprint != NULL) {
		keep_sprint(out, sprint, total);
		if (out->count > limit)
			out->count = limit;
	}
	return end(&view, status);
}
