/* settle.c - what follows from a plan once all of it is read: each dependency
 * once, the order that sprints imply, and what is ready. */
#include <stdlib.h>
#include <string.h>

#include "draft.h"
#include "taskctl/graph.h"

struct sourced {
	struct tctl_edge edge;
	unsigned source;
};

static int
compare_edge(const void *a, const void *b)
{
	const struct sourced *x = a, *y = b;

	if (x->edge.after != y->edge.after)
		return x->edge.after < y->edge.after ? -1 : 1;
	if (x->edge.before != y->edge.before)
		return x->edge.before < y->edge.before ? -1 : 1;
	return 0;
}

/* Each pair once, with all places where it was read; then needs from it. */
void
tctl_settle_edges(struct tctl_plan *plan)
{
	size_t n = plan->edge_count, kept = 0;
	struct sourced *sorted = tctl_grow(NULL, 0, (n + 1) * sizeof(*sorted));

	for (size_t i = 0; i < n; i++)
		sorted[i] =
		    (struct sourced){ plan->edge[i], plan->edge_source[i] };
	qsort(sorted, n, sizeof(*sorted), compare_edge);
	for (size_t i = 0; i < n; i++) {
		if (kept != 0 &&
		    compare_edge(&sorted[i], &sorted[kept - 1]) == 0)
			sorted[kept - 1].source |= sorted[i].source;
		else
			sorted[kept++] = sorted[i];
	}
	for (size_t i = 0; i < kept; i++) {
		struct tctl_edge edge = sorted[i].edge;

		plan->edge[i] = edge;
		plan->edge_source[i] = sorted[i].source;
		tctl_strings_add(plan->arena, &plan->task[edge.after].needs,
		    plan->task[edge.before].id);
	}
	plan->edge_count = kept;
	free(sorted);
}

/*
 * A sprint into which no stated dependency leads from outside follows the
 * nearest sprint before it that has tasks.  Not over a border that a stated
 * dependency crosses backwards: that would be a cycle of our own making.
 */
static void
imply_order(struct tctl_draft *draft)
{
	struct tctl_plan *plan = draft->plan;
	size_t sprints = plan->sprint_count, previous = TCTL_NONE;
	size_t *members = tctl_grow(NULL, 0, (sprints + 2) * sizeof(size_t));
	int *back = tctl_grow(NULL, 0, (sprints + 2) * sizeof(int));
	bool *led = tctl_grow(NULL, 0, (sprints + 2) * sizeof(bool));
	int crossing = 0;

	memset(members, 0, (sprints + 2) * sizeof(size_t));
	memset(back, 0, (sprints + 2) * sizeof(int));
	memset(led, 0, (sprints + 2) * sizeof(bool));
	for (size_t i = 0; i < plan->task_count; i++)
		if (plan->task_sprint[i] != TCTL_NONE)
			members[plan->task_sprint[i]]++;
	for (size_t e = 0; e < plan->edge_count; e++) {
		size_t from = plan->task_sprint[plan->edge[e].before];
		size_t to = plan->task_sprint[plan->edge[e].after];

		if (to == TCTL_NONE || from == to)
			continue;
		led[to] = true;
		if (from != TCTL_NONE && from > to) {
			back[to + 1]++;
			back[from + 1]--;
		}
	}
	for (size_t s = 0; s < sprints; s++) {
		crossing += back[s];
		if (members[s] == 0 ||
		    draft->sprint_order[s] == TCTL_ORDER_APART)
			continue;
		if (crossing == 0 &&
		    (draft->sprint_order[s] == TCTL_ORDER_STRICT ||
			(draft->sprint_order[s] == TCTL_ORDER_IMPLIED &&
			    !led[s])))
			plan->sprint[s].after = previous;
		previous = s;
	}
	free(members);
	free(back);
	free(led);
}

/* Tasks outside of sprints may still lead backwards: then no order at all. */
void
tctl_settle_drop_cyclic_order(struct tctl_draft *draft)
{
	struct tctl_plan *plan = draft->plan;
	size_t nodes = plan->task_count + plan->sprint_count;
	size_t *order = tctl_grow(NULL, 0, (nodes + 1) * sizeof(*order));
	struct tctl_edge *edge = NULL;
	size_t edges = tctl_plan_edges(plan, &edge);
	struct tctl_graph graph;

	tctl_graph_init(&graph, nodes, edge, edges);
	if (tctl_graph_order(&graph, order) < nodes) {
		for (size_t s = 0; s < plan->sprint_count; s++)
			plan->sprint[s].after = TCTL_NONE;
		if (plan->error_count == 0)
			tctl_say(draft, TCTL_NOTE, "no_order",
			    (struct tctl_place){ 0 }, 0,
			    "dependencies lead from later sprints into "
			    "earlier ones: no order of sprints is implied");
	}
	tctl_graph_release(&graph);
	free(order);
	free(edge);
}

void
tctl_settle_order(struct tctl_draft *draft)
{
	imply_order(draft);
	tctl_settle_drop_cyclic_order(draft);
}

void
tctl_settle_tasks(struct tctl_plan *plan)
{
	bool *open =
	    tctl_grow(NULL, 0, (plan->sprint_count + 1) * sizeof(*open));

	memset(open, 0, plan->sprint_count + 1);
	for (size_t i = 0; i < plan->task_count; i++) {
		struct tctl_task *task = &plan->task[i];
		size_t sprint = plan->task_sprint[i];

		task->state = TCTL_STATE_READY;
		if (sprint == TCTL_NONE)
			continue;
		task->sprint = plan->sprint[sprint].key;
		task->ticked |= plan->sprint[sprint].complete;
		open[sprint] |= !task->ticked;
	}
	for (size_t e = 0; e < plan->edge_count; e++)
		if (!plan->task[plan->edge[e].before].ticked)
			plan->task[plan->edge[e].after].state =
			    TCTL_STATE_PENDING;
	for (size_t i = 0; i < plan->task_count; i++) {
		size_t sprint = plan->task_sprint[i];

		if (sprint != TCTL_NONE)
			sprint = plan->sprint[sprint].after;
		if (sprint != TCTL_NONE && open[sprint])
			plan->task[i].state = TCTL_STATE_PENDING;
		if (plan->task[i].ticked)
			plan->task[i].state = TCTL_STATE_DONE;
	}
	free(open);
}

size_t
tctl_plan_edges(const struct tctl_plan *plan, struct tctl_edge **edge)
{
	size_t room =
	    plan->edge_count + 2 * plan->task_count + plan->sprint_count + 1;
	size_t n = plan->edge_count;
	struct tctl_edge *all = tctl_grow(NULL, 0, room * sizeof(*all));

	if (n != 0)
		memcpy(all, plan->edge, n * sizeof(*all));
	for (size_t i = 0; i < plan->task_count; i++) {
		size_t sprint = plan->task_sprint[i];

		if (sprint == TCTL_NONE)
			continue;
		all[n++] = (struct tctl_edge){ i, plan->task_count + sprint };
		if (plan->sprint[sprint].after != TCTL_NONE)
			all[n++] = (struct tctl_edge){
				plan->task_count + plan->sprint[sprint].after, i
			};
	}
	*edge = all;
	return n;
}
