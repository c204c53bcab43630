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

/* Sprints that something stated leads into, by a dependency or by a condition;
 * the others follow.  back[s] - back[s - 1]... adds up how many dependencies
 * cross the border before s backwards. */
struct borders {
	size_t *members;
	bool *led;
	int *back;
};

static void
find_borders(const struct tctl_plan *plan, struct borders *out)
{
	size_t n = plan->sprint_count + 1;

	out->members = tctl_xcalloc(n, sizeof(*out->members));
	out->led = tctl_xcalloc(n, sizeof(*out->led));
	out->back = tctl_xcalloc(n, sizeof(*out->back));
	for (size_t i = 0; i < plan->task_count; i++)
		if (plan->task_sprint[i] != TCTL_NONE)
			out->members[plan->task_sprint[i]]++;
	for (size_t s = 0; s < plan->sprint_count; s++)
		out->led[s] = plan->sprint[s].after != TCTL_NONE ||
			      plan->sprint[s].gate != TCTL_NONE;
	for (size_t e = 0; e < plan->edge_count; e++) {
		size_t from = plan->task_sprint[plan->edge[e].before];
		size_t to = plan->task_sprint[plan->edge[e].after];

		if (to == TCTL_NONE || from == to)
			continue;
		out->led[to] = true;
		if (from != TCTL_NONE && from > to) {
			out->back[to + 1]++;
			out->back[from + 1]--;
		}
	}
}

/*
 * A sprint into which nothing stated leads from outside follows the nearest
 * sprint before it that has tasks.  Not over a border that a stated dependency
 * crosses backwards: that would be a cycle of our own making.
 */
static void
imply_order(const struct tctl_draft *draft, bool implied[])
{
	struct tctl_plan *plan = draft->plan;
	size_t previous = TCTL_NONE;
	struct borders borders;
	int crossing = 0;

	find_borders(plan, &borders);
	for (size_t s = 0; s < plan->sprint_count; s++) {
		enum tctl_order order = draft->sprint_order[s];

		crossing += borders.back[s];
		if (borders.members[s] == 0 || order == TCTL_ORDER_APART)
			continue;
		implied[s] =
		    crossing == 0 && plan->sprint[s].after == TCTL_NONE &&
		    (order == TCTL_ORDER_STRICT ||
			(order == TCTL_ORDER_IMPLIED && !borders.led[s]));
		if (implied[s])
			plan->sprint[s].after = previous;
		previous = s;
	}
	free(borders.members);
	free(borders.led);
	free(borders.back);
}

/* The nodes of one cycle through dependencies and barriers; 0: there is none.
 * cycle has room for all tasks and sprints. */
static size_t
find_cycle(const struct tctl_plan *plan, size_t cycle[])
{
	struct tctl_edge *edge = NULL;
	size_t edges = tctl_plan_edges(plan, &edge), length;
	struct tctl_graph graph;

	tctl_graph_init(
	    &graph, plan->task_count + plan->sprint_count, edge, edges);
	length = tctl_graph_cycle(&graph, cycle);
	tctl_graph_release(&graph);
	free(edge);
	return length;
}

static void
drop_order(const struct tctl_draft *draft, const bool implied[])
{
	struct tctl_plan *plan = draft->plan;

	for (size_t s = 0; s < plan->sprint_count; s++)
		if (implied[s])
			plan->sprint[s].after = TCTL_NONE;
	for (size_t i = 0; i < plan->task_count; i++)
		plan->follows[i] = TCTL_NONE;
}

/* What the plan states, a condition of a sprint among it, cannot be. */
static void
say_impossible(struct tctl_draft *draft, const size_t cycle[], size_t length)
{
	const struct tctl_plan *plan = draft->plan;

	for (size_t i = 0; i < length; i++)
		if (cycle[i] < plan->task_count) {
			tctl_say(draft, TCTL_ERROR, "cycle",
			    draft->detail[cycle[i]].place, 0,
			    "%.100s waits for itself, through the condition "
			    "of a sprint or phase",
			    plan->task[cycle[i]].id);
			return;
		}
}

void
tctl_settle_order(struct tctl_draft *draft)
{
	struct tctl_plan *plan = draft->plan;
	bool *implied = tctl_xcalloc(plan->sprint_count, sizeof(*implied));
	size_t *cycle =
	    tctl_xcalloc(plan->task_count + plan->sprint_count, sizeof(*cycle));
	size_t length;

	if (draft->options->without_order)
		drop_order(draft, implied);
	else if (!draft->is_order_stated)
		imply_order(draft, implied);
	/* What a dialect has read as the order of sprints goes as well as what
	 * is implied, when it cannot be; a condition of a sprint stays. */
	for (size_t s = 0; s < plan->sprint_count; s++)
		implied[s] |= draft->is_order_stated ||
			      draft->sprint_order[s] == TCTL_ORDER_SAID;
	length = plan->error_count == 0 ? find_cycle(plan, cycle) : 0;
	if (length != 0) {
		drop_order(draft, implied);
		tctl_say(draft, TCTL_NOTE, "no_order", (struct tctl_place){ 0 },
		    0,
		    "dependencies lead backwards, from later sprints or steps "
		    "into earlier ones: no order of them is implied");
		length = find_cycle(plan, cycle);
		say_impossible(draft, cycle, length);
	}
	free(cycle);
	free(implied);
}

/* --- what is ready ------------------------------------------------------- */

/* Sprints behind which nothing starts: something of them, or of one that they
 * follow, is still to do. */
static bool *
find_held(const struct tctl_plan *plan)
{
	bool *held = tctl_xcalloc(plan->sprint_count, sizeof(*held));
	bool *known = tctl_xcalloc(plan->sprint_count, sizeof(*known));
	size_t *path = tctl_xcalloc(plan->sprint_count, sizeof(*path));

	for (size_t i = 0; i < plan->task_count; i++)
		if (plan->task_sprint[i] != TCTL_NONE && !plan->task[i].ticked)
			held[plan->task_sprint[i]] = true;
	/* Each follows one other at the most: walk to one that is known, and
	 * back.  (There is no cycle; one would end at its own known member.) */
	for (size_t s = 0; s < plan->sprint_count; s++) {
		size_t n = 0, at = s;

		for (; at != TCTL_NONE && !known[at];
		     at = plan->sprint[at].after) {
			known[at] = true;
			path[n++] = at;
		}
		while (n-- > 0) {
			held[path[n]] |= at != TCTL_NONE && held[at];
			at = path[n];
		}
	}
	free(known);
	free(path);
	return held;
}

unsigned *
tctl_plan_bars(const struct tctl_plan *plan)
{
	unsigned *bars = tctl_xcalloc(plan->task_count, sizeof(*bars));
	bool *held = find_held(plan);

	for (size_t i = 0; i < plan->task_count; i++) {
		size_t sprint = plan->task_sprint[i], before = plan->follows[i];

		if (plan->task[i].is_gate)
			bars[i] |= TCTL_BAR_IS_GATE;
		/* A step that was ticked early lets nobody pass by the one
		 * before it. */
		if (before != TCTL_NONE && (!plan->task[before].ticked ||
					       (bars[before] & TCTL_BAR_STEP)))
			bars[i] |= TCTL_BAR_STEP;
		if (sprint == TCTL_NONE)
			continue;
		if (plan->sprint[sprint].gate != TCTL_NONE &&
		    !plan->task[plan->sprint[sprint].gate].ticked)
			bars[i] |= TCTL_BAR_GATE;
		if (plan->sprint[sprint].after != TCTL_NONE &&
		    held[plan->sprint[sprint].after])
			bars[i] |= TCTL_BAR_SPRINT;
	}
	free(held);
	return bars;
}

void
tctl_settle_tasks(struct tctl_plan *plan)
{
	unsigned *bars;

	for (size_t i = 0; i < plan->task_count; i++) {
		struct tctl_task *task = &plan->task[i];
		size_t sprint = plan->task_sprint[i];

		task->state = TCTL_STATE_READY;
		if (sprint == TCTL_NONE)
			continue;
		task->sprint = plan->sprint[sprint].key;
		task->ticked |= plan->sprint[sprint].complete && !task->is_gate;
	}
	bars = tctl_plan_bars(plan);
	for (size_t e = 0; e < plan->edge_count; e++)
		if (!plan->task[plan->edge[e].before].ticked)
			plan->task[plan->edge[e].after].state =
			    TCTL_STATE_PENDING;
	for (size_t i = 0; i < plan->task_count; i++) {
		if (bars[i] != 0)
			plan->task[i].state = TCTL_STATE_PENDING;
		if (plan->task[i].ticked)
			plan->task[i].state = TCTL_STATE_DONE;
	}
	free(bars);
}

/* --- the graph ----------------------------------------------------------- */

struct edges {
	struct tctl_edge *at;
	size_t count;
};

static void
add(struct edges *edges, size_t before, size_t after)
{
	if (before == TCTL_NONE || after == TCTL_NONE || before == after)
		return;
	edges->at = tctl_grow(edges->at, edges->count, sizeof(*edges->at));
	edges->at[edges->count++] = (struct tctl_edge){ before, after };
}

/* Its gates come after all of a sprint but themselves: by way of the sprint's
 * node only where nothing else hangs on it, so each task for itself. */
static void
add_judged(const struct tctl_plan *plan, struct edges *edges)
{
	size_t *gate = tctl_xcalloc(plan->sprint_count, sizeof(*gate));

	for (size_t s = 0; s < plan->sprint_count; s++)
		gate[s] = TCTL_NONE;
	for (size_t i = 0; i < plan->task_count; i++)
		if (plan->task[i].is_gate && plan->task_sprint[i] != TCTL_NONE)
			gate[plan->task_sprint[i]] = i;
	for (size_t i = 0; i < plan->task_count; i++)
		if (plan->task_sprint[i] != TCTL_NONE && !plan->task[i].is_gate)
			add(edges, i, gate[plan->task_sprint[i]]);
	free(gate);
}

size_t
tctl_plan_edges(const struct tctl_plan *plan, struct tctl_edge **edge)
{
	size_t first = plan->task_count;
	struct edges edges = { 0 };

	for (size_t e = 0; e < plan->edge_count; e++)
		add(&edges, plan->edge[e].before, plan->edge[e].after);
	for (size_t i = 0; i < plan->task_count; i++) {
		const struct tctl_sprint *sprint;

		add(&edges, plan->follows[i], i);
		if (plan->task_sprint[i] == TCTL_NONE)
			continue;
		sprint = &plan->sprint[plan->task_sprint[i]];
		add(&edges, i, first + plan->task_sprint[i]);
		add(&edges, sprint->gate, i);
		if (sprint->after != TCTL_NONE)
			add(&edges, first + sprint->after, i);
	}
	add_judged(plan, &edges);
	*edge = edges.at;
	return edges.count;
}
