/* import_first.c - the first import into a store: everything that is counted
 * is known from the plan alone, so each row is written once, as it will stay.
 */
#include <stdlib.h>

#include "estimate.h"
#include "import.h"

static void *
room(struct tctl_importing *import, size_t count, size_t size)
{
	return tctl_arena_alloc(import->change.arena, (count + 1) * size);
}

static void
count(struct tctl_importing *import, struct tctl_first *first)
{
	const struct tctl_plan *plan = import->plan;
	unsigned *bars;

	for (size_t e = 0; e < plan->edge_count; e++)
		if (!plan->task[plan->edge[e].before].ticked)
			first->unmet[plan->edge[e].after]++;
	for (size_t i = 0; i < plan->task_count; i++)
		if (plan->task_sprint[i] != TCTL_NONE && !plan->task[i].ticked)
			first->remaining[plan->task_sprint[i]]++;
	bars = tctl_plan_bars(plan);
	memcpy(first->bars, bars, plan->task_count * sizeof(*bars));
	free(bars);
}

/* The longest path from each task to the end, as tctl_network_refresh would
 * find it in the store. */
static void
measure(struct tctl_importing *import, struct tctl_first *first)
{
	const struct tctl_plan *plan = import->plan;
	size_t nodes = plan->task_count + plan->sprint_count;
	int64_t *weight_s = room(import, nodes, sizeof(*weight_s));
	int64_t *group = room(import, nodes, sizeof(*group));
	int64_t *tail_s = room(import, nodes, sizeof(*tail_s));
	size_t *order = room(import, nodes, sizeof(*order));
	struct tctl_graph graph;
	struct tctl_edge *edge;
	size_t edges = tctl_plan_edges(plan, &edge);

	for (size_t i = 0; i < plan->task_count; i++) {
		weight_s[i] = plan->task[i].estimate_s;
		group[i] = (int64_t)plan->task_sprint[i];
	}
	tctl_estimate_fill(weight_s, group, plan->task_count);
	for (size_t i = 0; i < plan->task_count; i++)
		if (plan->task[i].is_gate)
			weight_s[i] = 0;
	tctl_graph_init(&graph, nodes, edge, edges);
	/* The plan has been checked: there is no cycle in it. */
	if (tctl_graph_order(&graph, order) == nodes)
		tctl_graph_tails(&graph, order, weight_s, tail_s);
	first->tail_s = tail_s;
	tctl_graph_release(&graph);
	free(edge);
}

void
tctl_import_first(struct tctl_importing *import)
{
	const struct tctl_plan *plan = import->plan;
	struct tctl_first *first = room(import, 1, sizeof(*first));

	first->unmet = room(import, plan->task_count, sizeof(int64_t));
	first->bars = room(import, plan->task_count, sizeof(unsigned));
	first->remaining = room(import, plan->sprint_count, sizeof(int64_t));
	count(import, first);
	measure(import, first);
	import->first = first;
}
