/* check_parallel.c - could a sprint be done in the time that it states? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "parts.h"
#include "taskctl/graph.h"

enum {
	SPRINT_MAX = 60, /* tasks; trying out takes their number cubed */
	AGENTS_MAX = 64,
};

/* A sprint by itself: its tasks are 0..count-1 here. */
struct small {
	const struct tctl_draft *draft;
	const size_t *member;
	size_t count;
	size_t agents;
	int64_t *weight, *tail, *end;
	struct tctl_graph graph;
};

static const struct tctl_task *
task_of(const struct small *small, size_t i)
{
	return &small->draft->plan->task[small->member[i]];
}

/* The place of a task among the members, which are sorted; count: none. */
static size_t
place_of(const struct small *small, size_t task)
{
	size_t low = 0, high = small->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (small->member[middle] < task)
			low = middle + 1;
		else
			high = middle;
	}
	return low < small->count && small->member[low] == task ? low
								: small->count;
}

/* The first edge that leads to the task: edges are sorted by that. */
static size_t
first_edge(const struct tctl_plan *plan, size_t task)
{
	size_t low = 0, high = plan->edge_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (plan->edge[middle].after < task)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The edges inside of the sprint that come from one of the sources. */
static void
build(struct small *small, unsigned sources)
{
	const struct tctl_plan *plan = small->draft->plan;
	size_t n = small->count, edges = 0;
	size_t *order = tctl_grow(NULL, 0, n * sizeof(*order));
	struct tctl_edge *edge = NULL;

	for (size_t i = 0; i < n; i++)
		for (size_t e = first_edge(plan, small->member[i]);
		     e < plan->edge_count &&
		     plan->edge[e].after == small->member[i];
		     e++) {
			size_t before = place_of(small, plan->edge[e].before);

			if (before == n || !(plan->edge_source[e] & sources))
				continue;
			edge = tctl_grow(edge, edges, sizeof(*edge));
			edge[edges++] = (struct tctl_edge){ before, i };
		}
	tctl_graph_init(&small->graph, n, edge, edges);
	if (tctl_graph_order(&small->graph, order) == n)
		tctl_graph_tails(
		    &small->graph, order, small->weight, small->tail);
	else
		memset(small->tail, 0, n * sizeof(*small->tail));
	free(order);
	free(edge);
}

static int64_t
longest(const struct small *small)
{
	int64_t most = 0;

	for (size_t i = 0; i < small->count; i++)
		if (small->tail[i] > most)
			most = small->tail[i];
	return most;
}

/* When task i could start; -1: something before it is not placed yet. */
static int64_t
earliest(const struct small *small, size_t i)
{
	const struct tctl_task *task = task_of(small, i);
	int64_t start = 0;

	for (size_t k = small->graph.prev_at[i];
	     k < small->graph.prev_at[i + 1]; k++) {
		int64_t end = small->end[small->graph.prev[k]];

		if (end < 0)
			return -1;
		start = end > start ? end : start;
	}
	for (size_t k = 0; task->mutex != NULL && k < small->count; k++) {
		const char *mutex = task_of(small, k)->mutex;

		if (mutex != NULL && !strcmp(mutex, task->mutex) &&
		    small->end[k] > start)
			start = small->end[k];
	}
	return start;
}

/* Whoever is free takes what can start first, of these the longest way. */
static int64_t
try_out(struct small *small)
{
	int64_t free_at[AGENTS_MAX] = { 0 }, makespan = 0;

	for (size_t i = 0; i < small->count; i++)
		small->end[i] = -1;
	for (size_t placed = 0; placed < small->count; placed++) {
		size_t agent = 0, best = TCTL_NONE;
		int64_t best_start = 0;

		for (size_t a = 1; a < small->agents; a++)
			if (free_at[a] < free_at[agent])
				agent = a;
		for (size_t i = 0; i < small->count; i++) {
			int64_t start =
			    small->end[i] < 0 ? earliest(small, i) : -1;

			if (start < 0)
				continue;
			start = start < free_at[agent] ? free_at[agent] : start;
			if (best != TCTL_NONE &&
			    (start > best_start ||
				(start == best_start &&
				    small->tail[i] <= small->tail[best])))
				continue;
			best = i;
			best_start = start;
		}
		if (best == TCTL_NONE)
			return 0;
		small->end[best] = best_start + small->weight[best];
		free_at[agent] = small->end[best];
		if (small->end[best] > makespan)
			makespan = small->end[best];
	}
	return makespan;
}

/* "5.1, 5.3, 5.4": the chain that takes longest. */
static const char *
name_chain(const struct small *small)
{
	struct tctl_arena *arena = small->draft->plan->arena;
	size_t at = 0;
	char *names;

	for (size_t i = 1; i < small->count; i++)
		if (small->tail[i] > small->tail[at])
			at = i;
	names = tctl_arena_strdup(arena, task_of(small, at)->id);
	for (size_t shown = 1; shown < 8; shown++) {
		size_t next = TCTL_NONE;

		for (size_t k = small->graph.next_at[at];
		     k < small->graph.next_at[at + 1]; k++)
			if (next == TCTL_NONE ||
			    small->tail[small->graph.next[k]] >
				small->tail[next])
				next = small->graph.next[k];
		if (next == TCTL_NONE)
			break;
		at = next;
		names = tctl_arena_printf(
		    arena, "%s, %s", names, task_of(small, at)->id);
	}
	return names;
}

static void
judge(struct tctl_draft *draft, struct small *small, size_t s,
    const struct tctl_claim *stated)
{
	int64_t work = 0, bound, reached, chain;
	const char *in_chain, *beside = "";

	for (size_t i = 0; i < small->count; i++)
		work += small->weight[i];
	build(small, TCTL_EDGE_FIELD | TCTL_EDGE_TABLE);
	bound = longest(small);
	reached = try_out(small);
	tctl_graph_release(&small->graph);
	if (bound < work / (int64_t)small->agents)
		bound = work / (int64_t)small->agents;
	build(small, ~0u);
	chain = longest(small);
	in_chain = name_chain(small);
	tctl_graph_release(&small->graph);
	if (stated->value >= bound && stated->value <= reached &&
	    stated->value >= chain)
		return;
	if (chain > bound)
		beside = tctl_arena_printf(draft->plan->arena,
		    ", and with the Gantt block the chain %s alone takes %s",
		    in_chain, tctl_say_s(draft, chain));
	tctl_say(draft, TCTL_WARNING, "parallel_mismatch", stated->place,
	    draft->plan->sprint[s].line,
	    "sprint %s is said to take %s in parallel; %s is %s by its text "
	    "with %zu agents%s",
	    draft->plan->sprint[s].key, tctl_say_s(draft, stated->value),
	    tctl_say_s(draft, stated->value < bound ? bound : reached),
	    stated->value < bound ? "the least" : "reachable", small->agents,
	    beside);
}

void
tctl_check_parallel(struct tctl_draft *draft, size_t s)
{
	const struct tctl_claim *stated =
	    tctl_claim_of(draft, s, TCTL_CLAIM_PARALLEL);
	const struct tctl_claim *agents =
	    tctl_claim_of(draft, s, TCTL_CLAIM_AGENTS);
	size_t from = draft->sprint_at[s], n = draft->sprint_at[s + 1] - from;
	struct small small = {
		.draft = draft, .member = draft->member + from, .count = n
	};

	if (stated == NULL || agents == NULL || n == 0 || n > SPRINT_MAX ||
	    agents->value > AGENTS_MAX || draft->plan->error_count != 0)
		return;
	small.agents = (size_t)agents->value;
	small.weight = tctl_grow(NULL, 0, 3 * n * sizeof(int64_t));
	small.tail = small.weight + n;
	small.end = small.tail + n;
	for (size_t i = 0; i < n; i++) {
		small.weight[i] = task_of(&small, i)->estimate_s;
		if (small.weight[i] < 0)
			break;
		if (i + 1 == n)
			judge(draft, &small, s, stated);
	}
	free(small.weight);
}
