/* chart.c - a chart of what the store holds. */
#include <stdlib.h>
#include <string.h>

#include "chart.h"

enum { MINUTE_MS = 60 * 1000 };

/* Tasks by plan and id, sorted. */
struct key {
	const char *plan;
	const char *id;
	size_t task;
};

struct builder {
	struct tctl_ctx *ctx;
	struct tctl_chart_source *source;
	const char *file; /* only the plan that it is; NULL: all */
	bool by_agent;
	bool many_plans;
	int64_t now_ms;	 /* whole minutes: charts have no seconds */
	int64_t zero_ms; /* when the plan as written begins */
	struct key *key;
	const char **stuck; /* refs, sorted; each with its reason after it */
	size_t *bar_of;	    /* of each task, or TCTL_NONE */
	size_t *task_of;    /* of each bar */
};

static int64_t
whole_minute(int64_t ms)
{
	return ms / MINUTE_MS * MINUTE_MS;
}

/* --- one bar ----------------------------------------------------------------
 */

static const char *
agent_of(const struct tctl_task *task)
{
	if (task->state == TCTL_STATE_DONE && task->finished_by != NULL)
		return task->finished_by;
	return task->lease != NULL ? task->lease->agent : task->planned_agent;
}

static int
percent_of(const struct tctl_task *task)
{
	size_t done = 0;

	if (task->state == TCTL_STATE_DONE)
		return 100;
	for (size_t i = 0; i < task->steps.count; i++)
		done += task->steps.at[i].done;
	return task->steps.count == 0 ? -1
				      : (int)(done * 100 / task->steps.count);
}

/* A sprint's key; with the plan's name where there are several. */
static const char *
group_of(const struct builder *b, const char *plan, const char *key)
{
	if (key == NULL || !b->many_plans)
		return key;
	return tctl_arena_printf(b->ctx->arena, "%s:%s", plan, key);
}

static const char *
section_of(const struct builder *b, const struct tctl_task *task)
{
	const struct tctl_status_report *report = &b->source->report;

	for (size_t i = 0; task->sprint != NULL && i < report->sprint_count;
	     i++) {
		const struct tctl_sprint_status *sprint = &report->sprint[i];

		if (sprint->key != NULL &&
		    strcmp(sprint->key, task->sprint) == 0 &&
		    strcmp(sprint->plan, task->plan) == 0)
			return tctl_arena_printf(b->ctx->arena, "%s %s",
			    sprint->key,
			    sprint->title != NULL ? sprint->title : "");
	}
	return task->sprint;
}

static int
by_ref(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *
why_stuck(const struct builder *b, const struct tctl_task *task)
{
	const char *const *found = bsearch(&task->ref, b->stuck,
	    b->source->report.stuck_count, 2 * sizeof(*b->stuck), by_ref);

	if (found != NULL)
		return found[1];
	/* Its lease lapsed, and was swept since: still nobody is at it. */
	if (task->attempts > 0 && task->lease == NULL &&
	    (task->state == TCTL_STATE_READY ||
		task->state == TCTL_STATE_PENDING))
		return "nobody is at it since its lease lapsed";
	return NULL;
}

/* Finished work stands where it was done, and not where it was planned. */
static void
set_times(const struct builder *b, struct tctl_bar *bar,
    const struct tctl_task *task, const struct tctl_slot *slot)
{
	int64_t from_ms = b->now_ms;

	if (b->source->chart.as_written)
		from_ms = b->zero_ms;
	bar->start_ms = from_ms + slot->start_s * 1000;
	bar->end_ms = from_ms + slot->end_s * 1000;
	bar->slack_s = slot->slack_s;
	bar->critical = slot->slack_s == 0 && slot->end_s > slot->start_s;
	if (b->source->chart.as_written)
		return;
	if (task->state == TCTL_STATE_DONE && task->finished_ms > 0) {
		bar->end_ms = task->finished_ms;
		bar->start_ms =
		    task->started_ms > 0 ? task->started_ms : task->finished_ms;
	} else if (task->lease != NULL) {
		bar->start_ms = task->lease->acquired_ms;
	}
	/* The wall clock may have been set back in between. */
	if (bar->start_ms > bar->end_ms)
		bar->start_ms = bar->end_ms;
}

/* Where the task of that row stands in another look at them: the same place,
 * unless somebody changed the plan between the two. */
static size_t
find_row(const struct tctl_tasks *tasks, int64_t row, size_t at)
{
	if (at < tasks->count && tasks->row[at] == row)
		return at;
	for (at = 0; at < tasks->count; at++)
		if (tasks->row[at] == row)
			return at;
	return TCTL_NONE;
}

/* What is neither done nor begun is done when and by whom it is shared out. */
static void
set_turn(const struct builder *b, struct tctl_bar *bar, size_t i)
{
	const struct tctl_tasks *tasks = &b->source->outlook.tasks;
	const struct tctl_share *share = &b->source->share;
	const struct tctl_turn *turn;
	size_t at;

	if (!b->source->is_shared || tasks->at[i].state == TCTL_STATE_CANCELLED)
		return;
	if (!b->source->chart.as_written &&
	    tasks->at[i].state == TCTL_STATE_DONE)
		return;
	at = find_row(&share->tasks, tasks->row[i], i);
	if (at == TCTL_NONE)
		return;
	turn = &share->turn[at];
	bar->end_ms = whole_minute(share->tasks.now_ms + turn->end_s * 1000);
	bar->slack_s = turn->slack_s;
	bar->critical = turn->slack_s == 0 && turn->end_s > turn->start_s;
	if (share->agent[at] != NULL)
		bar->agent = share->agent[at];
	if (b->source->chart.as_written || tasks->at[i].lease == NULL)
		bar->start_ms =
		    whole_minute(share->tasks.now_ms + turn->start_s * 1000);
}

/* The task in the plan as written. */
static void
set_planned(const struct builder *b, struct tctl_bar *bar, size_t i)
{
	const struct tctl_outlook *planned = &b->source->planned;
	const struct tctl_slot *slot;
	size_t at;

	if (b->source->chart.as_written)
		return;
	at = find_row(&planned->tasks, b->source->outlook.tasks.row[i], i);
	if (at == TCTL_NONE)
		return;
	slot = &planned->slot[at];
	if (slot->end_s == slot->start_s)
		return;
	bar->planned_start_ms = b->zero_ms + slot->start_s * 1000;
	bar->planned_end_ms = b->zero_ms + slot->end_s * 1000;
}

static void
set_bar(const struct builder *b, struct tctl_bar *bar, size_t i)
{
	const struct tctl_task *task = &b->source->outlook.tasks.at[i];

	*bar = (struct tctl_bar){ .id = task->ref,
		.title = task->title,
		.section = section_of(b, task),
		.group = group_of(b, task->plan, task->sprint),
		.state = task->state,
		.agent = agent_of(task),
		.mutex = task->mutex,
		.after = task->after,
		.why = why_stuck(b, task),
		.estimate_s = task->estimate_s,
		.percent = percent_of(task),
		.attempts = task->attempts };
	set_times(b, bar, task, &b->source->outlook.slot[i]);
	set_turn(b, bar, i);
	set_planned(b, bar, i);
}

/* --- lanes ------------------------------------------------------------------
 */

/* A bar with its agent in the form in which agents are compared. */
struct lane {
	char agent[TCTL_AGENT_MAX]; /* "": nobody */
	size_t bar;
	int64_t start_ms;
};

static int
by_lane(const void *a, const void *b)
{
	const struct lane *x = a, *y = b;
	int order = strcmp(x->agent, y->agent);

	if (order != 0) /* what is nobody's comes last */
		return x->agent[0] == '\0'   ? 1
		       : y->agent[0] == '\0' ? -1
					     : order;
	if (x->start_ms != y->start_ms)
		return x->start_ms < y->start_ms ? -1 : 1;
	return (x->bar > y->bar) - (x->bar < y->bar);
}

/* A section an agent, its bars by their starts. */
static void
sort_by_agent(struct builder *b)
{
	struct tctl_chart *chart = &b->source->chart;
	struct lane *lane = tctl_xcalloc(chart->bar_count, sizeof(*lane));
	struct tctl_bar *bar = tctl_arena_alloc(
	    b->ctx->arena, (chart->bar_count + 1) * sizeof(*bar));
	size_t *task_of = tctl_xcalloc(chart->bar_count, sizeof(*task_of));

	for (size_t i = 0; i < chart->bar_count; i++) {
		if (chart->bar[i].agent != NULL)
			tctl_agent_normalise(
			    chart->bar[i].agent, lane[i].agent);
		lane[i].bar = i;
		lane[i].start_ms = chart->bar[i].start_ms;
	}
	qsort(lane, chart->bar_count, sizeof(*lane), by_lane);
	for (size_t i = 0; i < chart->bar_count; i++) {
		bool same =
		    i > 0 && strcmp(lane[i].agent, lane[i - 1].agent) == 0;

		bar[i] = chart->bar[lane[i].bar];
		task_of[i] = b->task_of[lane[i].bar];
		bar[i].section = same			? bar[i - 1].section
				 : bar[i].agent != NULL ? bar[i].agent
							: "nobody yet";
	}
	memcpy(b->task_of, task_of, chart->bar_count * sizeof(*task_of));
	chart->bar = bar;
	free(task_of);
	free(lane);
}

/* --- dependencies -----------------------------------------------------------
 */

static int
by_key(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int order = strcmp(x->plan, y->plan);

	return order != 0 ? order : strcmp(x->id, y->id);
}

static size_t
find_key(const struct builder *b, const char *plan, const char *id)
{
	const struct key wanted = { .plan = plan, .id = id };
	const struct key *found = bsearch(&wanted, b->key,
	    b->source->outlook.tasks.count, sizeof(*b->key), by_key);

	return found == NULL ? TCTL_NONE : found->task;
}

/* A need is an id of the same plan, or PLAN:ID. */
static size_t
find_need(const struct builder *b, const struct tctl_task *task, const char *id)
{
	size_t found = find_key(b, task->plan, id);
	const char *colon = strchr(id, ':');

	for (; found == TCTL_NONE && colon != NULL;
	     colon = strchr(colon + 1, ':'))
		found = find_key(b,
		    tctl_arena_strndup(b->ctx->arena, id, (size_t)(colon - id)),
		    colon + 1);
	return found;
}

static void
add_edges(struct builder *b)
{
	const struct tctl_tasks *tasks = &b->source->outlook.tasks;
	struct tctl_chart *chart = &b->source->chart;

	for (size_t i = 0; i < tasks->count; i++)
		for (size_t n = 0; n < tasks->at[i].needs.count; n++) {
			size_t before = find_need(
			    b, &tasks->at[i], tasks->at[i].needs.at[n]);

			if (before == TCTL_NONE ||
			    b->bar_of[before] == TCTL_NONE ||
			    b->bar_of[i] == TCTL_NONE)
				continue;
			chart->edge =
			    tctl_arena_grow(b->ctx->arena, chart->edge,
				chart->edge_count, sizeof(*chart->edge));
			chart->edge[chart->edge_count++] =
			    (struct tctl_edge){ b->bar_of[before],
				    b->bar_of[i] };
		}
	tctl_chart_sort_edges(chart);
}

/* All order between tasks that the schedule keeps, also that of steps and
 * gates.
 */
static void
add_orders(struct builder *b)
{
	const struct tctl_outlook *outlook = &b->source->outlook;
	struct tctl_chart *chart = &b->source->chart;

	chart->order = tctl_arena_alloc(
	    b->ctx->arena, (outlook->edge_count + 1) * sizeof(*chart->order));
	for (size_t e = 0; e < outlook->edge_count; e++) {
		size_t before = b->bar_of[outlook->edge[e].before];
		size_t after = b->bar_of[outlook->edge[e].after];

		if (before != TCTL_NONE && after != TCTL_NONE)
			chart->order[chart->order_count++] =
			    (struct tctl_edge){ before, after };
	}
}

static void
add_barriers(struct builder *b)
{
	const struct tctl_status_report *report = &b->source->report;
	struct tctl_chart *chart = &b->source->chart;

	chart->barrier = tctl_arena_alloc(b->ctx->arena,
	    (report->sprint_count + 1) * sizeof(*chart->barrier));
	for (size_t i = 0; i < report->sprint_count; i++) {
		const struct tctl_sprint_status *sprint = &report->sprint[i];

		if (sprint->after == NULL || sprint->key == NULL)
			continue;
		chart->barrier[chart->barrier_count++] =
		    (struct tctl_chart_barrier){
			    .before = group_of(b, sprint->plan, sprint->after),
			    .after = group_of(b, sprint->plan, sprint->key)
		    };
	}
}

/* --- all of it --------------------------------------------------------------
 */

static bool
is_of_file(const struct tctl_task *task, const char *file)
{
	return task->file != NULL && strcmp(task->file, file) == 0;
}

static bool
is_shown(const struct builder *b, size_t i)
{
	const struct tctl_task *task = &b->source->outlook.tasks.at[i];

	return task->state != TCTL_STATE_CANCELLED &&
	       (b->file == NULL || is_of_file(task, b->file));
}

/* A file that is no plan in the store gets the chart of all of them. */
static void
choose_file(struct builder *b)
{
	const struct tctl_tasks *tasks = &b->source->outlook.tasks;

	for (size_t i = 0; b->file != NULL && i < tasks->count; i++)
		if (is_of_file(&tasks->at[i], b->file))
			return;
	b->file = NULL;
}

static void
prepare(struct builder *b)
{
	const struct tctl_tasks *tasks = &b->source->outlook.tasks;
	const struct tctl_status_report *report = &b->source->report;
	struct tctl_arena *arena = b->ctx->arena;

	b->now_ms = b->zero_ms = whole_minute(tasks->now_ms);
	b->key = tctl_arena_alloc(arena, (tasks->count + 1) * sizeof(*b->key));
	b->bar_of =
	    tctl_arena_alloc(arena, (tasks->count + 1) * sizeof(*b->bar_of));
	b->task_of =
	    tctl_arena_alloc(arena, (tasks->count + 1) * sizeof(*b->task_of));
	b->stuck = tctl_arena_alloc(
	    arena, (report->stuck_count + 1) * 2 * sizeof(*b->stuck));
	for (size_t i = 0; i < tasks->count; i++) {
		const struct tctl_task *task = &tasks->at[i];

		b->key[i] = (struct key){ task->plan, task->id, i };
		b->many_plans |= b->file == NULL &&
				 strcmp(task->plan, tasks->at[0].plan) != 0;
		if (task->started_ms > 0 && task->started_ms < b->zero_ms)
			b->zero_ms = whole_minute(task->started_ms);
		if (task->finished_ms > 0 && task->finished_ms < b->zero_ms)
			b->zero_ms = whole_minute(task->finished_ms);
	}
	qsort(b->key, tasks->count, sizeof(*b->key), by_key);
	for (size_t i = 0; i < report->stuck_count; i++) {
		b->stuck[2 * i] = report->stuck[i].task;
		b->stuck[2 * i + 1] = report->stuck[i].why;
	}
	qsort(b->stuck, report->stuck_count, 2 * sizeof(*b->stuck), by_ref);
}

static void
build(struct builder *b)
{
	const struct tctl_tasks *tasks = &b->source->outlook.tasks;
	struct tctl_chart *chart = &b->source->chart;

	choose_file(b);
	prepare(b);
	chart->title = b->source->report.title;
	chart->now_ms = b->now_ms;
	chart->percent = b->source->report.totals.percent;
	chart->bar = tctl_arena_alloc(
	    b->ctx->arena, (tasks->count + 1) * sizeof(*chart->bar));
	for (size_t i = 0; i < tasks->count; i++) {
		if (!is_shown(b, i))
			continue;
		b->task_of[chart->bar_count] = i;
		set_bar(b, &chart->bar[chart->bar_count++], i);
	}
	if (b->by_agent)
		sort_by_agent(b);
	for (size_t i = 0; i < tasks->count; i++)
		b->bar_of[i] = TCTL_NONE;
	for (size_t i = 0; i < chart->bar_count; i++)
		b->bar_of[b->task_of[i]] = i;
	chart->task_count = chart->bar_count;
	add_edges(b);
	add_orders(b);
	add_barriers(b);
}

/* All that the chart is made of; what was read before a failure stays. */
static enum tctl_status
read_all(struct tctl_ctx *ctx, const struct tctl_share_req *share,
    struct tctl_chart_source *out, struct tctl_error *err)
{
	bool whole = out->chart.as_written;
	enum tctl_status status =
	    tctl_status_read(&ctx->coord, 0, &out->report, err);

	if (status == TCTL_OK)
		status =
		    tctl_outlook_read(&ctx->coord, !whole, &out->outlook, err);
	if (status == TCTL_OK && !whole)
		status =
		    tctl_outlook_read(&ctx->coord, false, &out->planned, err);
	if (status == TCTL_OK && share != NULL) {
		status = tctl_share_read(&ctx->coord, share, &out->share, err);
		out->is_shared = status == TCTL_OK;
	}
	return status;
}

enum tctl_status
tctl_chart_source_read(struct tctl_ctx *ctx, bool whole, bool by_agent,
    const char *file, const struct tctl_share_req *share,
    struct tctl_chart_source *out, struct tctl_error *err)
{
	struct builder builder = {
		.ctx = ctx, .source = out, .file = file, .by_agent = by_agent
	};
	enum tctl_status status;

	*out = (struct tctl_chart_source){ .chart.as_written = whole };
	status = read_all(ctx, share, out, err);
	if (status == TCTL_OK)
		build(&builder);
	else
		tctl_chart_source_release(out);
	return status;
}

void
tctl_chart_source_release(struct tctl_chart_source *source)
{
	if (source->is_shared)
		tctl_share_release(&source->share);
	tctl_outlook_release(&source->outlook);
	tctl_outlook_release(&source->planned);
	tctl_status_release(&source->report);
}
