/* chart_edges.c - what of a chart waits for what. */
#include <stdlib.h>
#include <string.h>

#include "chart_build.h"

/* Tasks by plan and id, sorted. */
struct key {
	const char *plan;
	const char *id;
	size_t task;
};

static int
by_key(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int order = strcmp(x->plan, y->plan);

	return order != 0 ? order : strcmp(x->id, y->id);
}

static const struct key *
sorted_keys(const struct tctl_chart_builder *b)
{
	const struct tctl_tasks *tasks = &b->source->outlook.tasks;
	struct key *key =
	    tctl_arena_alloc(b->ctx->arena, (tasks->count + 1) * sizeof(*key));

	for (size_t i = 0; i < tasks->count; i++)
		key[i] = (struct key){ tasks->at[i].plan, tasks->at[i].id, i };
	qsort(key, tasks->count, sizeof(*key), by_key);
	return key;
}

static size_t
find_key(const struct tctl_chart_builder *b, const struct key *key,
    const char *plan, const char *id)
{
	const struct key wanted = { .plan = plan, .id = id };
	const struct key *found = bsearch(
	    &wanted, key, b->source->outlook.tasks.count, sizeof(*key), by_key);

	return found == NULL ? TCTL_NONE : found->task;
}

/* A need is an id of the same plan, or PLAN:ID. */
static size_t
find_need(const struct tctl_chart_builder *b, const struct key *key,
    const struct tctl_task *task, const char *id)
{
	size_t found = find_key(b, key, task->plan, id);
	const char *colon = strchr(id, ':');

	for (; found == TCTL_NONE && colon != NULL;
	     colon = strchr(colon + 1, ':'))
		found = find_key(b, key,
		    tctl_arena_strndup(b->ctx->arena, id, (size_t)(colon - id)),
		    colon + 1);
	return found;
}

static void
add_edges(struct tctl_chart_builder *b)
{
	const struct tctl_tasks *tasks = &b->source->outlook.tasks;
	struct tctl_chart *chart = &b->source->chart;
	const struct key *key = sorted_keys(b);

	for (size_t i = 0; i < tasks->count; i++)
		for (size_t n = 0; n < tasks->at[i].needs.count; n++) {
			size_t before = find_need(
			    b, key, &tasks->at[i], tasks->at[i].needs.at[n]);

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
add_orders(struct tctl_chart_builder *b)
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
add_barriers(struct tctl_chart_builder *b)
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
		    (struct tctl_chart_barrier){ .before = tctl_chart_group(b,
						     sprint->plan,
						     sprint->after),
			    .after = tctl_chart_group(
				b, sprint->plan, sprint->key) };
	}
}

void
tctl_chart_connect(struct tctl_chart_builder *b)
{
	add_edges(b);
	add_orders(b);
	add_barriers(b);
}
