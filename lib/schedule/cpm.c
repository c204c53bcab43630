/* cpm.c - the critical path method: a walk forwards, a walk backwards. */
#include <assert.h>
#include <stdlib.h>

#include "taskctl/schedule.h"

/* Earliest times; returns the makespan. */
static int64_t
walk_forwards(const struct tctl_graph *graph, const size_t order[],
    const int64_t weight_s[], struct tctl_slot slot[])
{
	int64_t makespan_s = 0;

	for (size_t i = 0; i < graph->nodes; i++) {
		size_t v = order[i];
		int64_t start_s = 0;
		size_t end = graph->prev_at[v + 1];

		for (size_t e = graph->prev_at[v]; e < end; e++)
			if (slot[graph->prev[e]].end_s > start_s)
				start_s = slot[graph->prev[e]].end_s;
		slot[v].start_s = start_s;
		slot[v].end_s = start_s + weight_s[v];
		if (slot[v].end_s > makespan_s)
			makespan_s = slot[v].end_s;
	}
	return makespan_s;
}

/* Slack: how far a node's end may move before a latest start is pushed. */
static void
walk_backwards(const struct tctl_graph *graph, const size_t order[],
    int64_t makespan_s, struct tctl_slot slot[])
{
	for (size_t i = graph->nodes; i-- > 0;) {
		size_t v = order[i];
		int64_t latest_s = makespan_s;
		size_t end = graph->next_at[v + 1];

		for (size_t e = graph->next_at[v]; e < end; e++) {
			const struct tctl_slot *next = &slot[graph->next[e]];
			if (next->start_s + next->slack_s < latest_s)
				latest_s = next->start_s + next->slack_s;
		}
		slot[v].slack_s = latest_s - slot[v].end_s;
	}
}

/* The critical successor that starts when v ends, or TCTL_NONE: then v ends
 * the project.  Rows are ascending, so the first is the smallest. */
static size_t
critical_next(
    const struct tctl_graph *graph, const struct tctl_slot slot[], size_t v)
{
	size_t end = graph->next_at[v + 1];

	for (size_t e = graph->next_at[v]; e < end; e++) {
		size_t w = graph->next[e];
		if (slot[w].slack_s == 0 && slot[w].start_s == slot[v].end_s)
			return w;
	}
	return TCTL_NONE;
}

static size_t
critical_path(const struct tctl_graph *graph, const struct tctl_slot slot[],
    size_t path[])
{
	size_t length = 0, v = 0;

	while (
	    v < graph->nodes && (slot[v].slack_s != 0 ||
				    graph->prev_at[v] != graph->prev_at[v + 1]))
		v++;
	if (v == graph->nodes)
		return 0;
	for (; v != TCTL_NONE; v = critical_next(graph, slot, v))
		path[length++] = v;
	return length;
}

int64_t
tctl_schedule_cpm(const struct tctl_graph *graph, const int64_t weight_s[],
    struct tctl_slot slot[], size_t path[], size_t *path_len)
{
	size_t *order = calloc(graph->nodes + 1, sizeof(*order));
	size_t ordered;
	int64_t makespan_s;

	if (order == NULL)
		tctl_die_nomem();
	ordered = tctl_graph_order(graph, order);
	assert(ordered == graph->nodes);
	(void)ordered; /* unused with NDEBUG */
	makespan_s = walk_forwards(graph, order, weight_s, slot);
	walk_backwards(graph, order, makespan_s, slot);
	*path_len = critical_path(graph, slot, path);
	free(order);
	return makespan_s;
}
