/* chart.c - a chart of what the store holds. */
#include <string.h>

#include "chart_build.h"

const char *
tctl_chart_group(
    const struct tctl_chart_builder *b, const char *plan, const char *key)
{
	if (key == NULL || !b->many_plans)
		return key;
	return tctl_arena_printf(b->ctx->arena, "%s:%s", plan, key);
}

static bool
is_of_file(const struct tctl_task *task, const char *file)
{
	return task->file != NULL && strcmp(task->file, file) == 0;
}

static bool
is_shown(const struct tctl_chart_builder *b, size_t i)
{
	const struct tctl_task *task = &b->source->outlook.tasks.at[i];

	return task->state != TCTL_STATE_CANCELLED &&
	       (b->file == NULL || is_of_file(task, b->file));
}

/* A file that is no plan in the store gets the chart of all of them. */
static void
choose_file(struct tctl_chart_builder *b)
{
	const struct tctl_tasks *tasks = &b->source->outlook.tasks;

	for (size_t i = 0; b->file != NULL && i < tasks->count; i++)
		if (is_of_file(&tasks->at[i], b->file))
			return;
	b->file = NULL;
}

static void
prepare(struct tctl_chart_builder *b)
{
	const struct tctl_tasks *tasks = &b->source->outlook.tasks;
	struct tctl_arena *arena = b->ctx->arena;

	b->now_ms = b->zero_ms = tctl_chart_whole_minute(tasks->now_ms);
	b->bar_of =
	    tctl_arena_alloc(arena, (tasks->count + 1) * sizeof(*b->bar_of));
	b->task_of =
	    tctl_arena_alloc(arena, (tasks->count + 1) * sizeof(*b->task_of));
	for (size_t i = 0; i < tasks->count; i++) {
		const struct tctl_task *task = &tasks->at[i];

		b->many_plans |= b->file == NULL &&
				 strcmp(task->plan, tasks->at[0].plan) != 0;
		if (task->started_ms > 0 && task->started_ms < b->zero_ms)
			b->zero_ms = tctl_chart_whole_minute(task->started_ms);
		if (task->finished_ms > 0 && task->finished_ms < b->zero_ms)
			b->zero_ms = tctl_chart_whole_minute(task->finished_ms);
	}
	tctl_chart_note_stuck(b);
}

static void
build(struct tctl_chart_builder *b)
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
		tctl_chart_bar(b, &chart->bar[chart->bar_count++], i);
	}
	if (b->by_agent)
		tctl_chart_sort_by_agent(b);
	for (size_t i = 0; i < tasks->count; i++)
		b->bar_of[i] = TCTL_NONE;
	for (size_t i = 0; i < chart->bar_count; i++)
		b->bar_of[b->task_of[i]] = i;
	chart->task_count = chart->bar_count;
	tctl_chart_connect(b);
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
	struct tctl_chart_builder builder = {
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
