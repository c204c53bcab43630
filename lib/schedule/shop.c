/* shop.c - a workload in the form that the search works on. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "shop.h"

static void *
room(const struct tctl_shop *shop, size_t count, size_t size)
{
	return tctl_arena_alloc(shop->arena, (count + 1) * size);
}

static int64_t
common_divisor(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static void
number_nodes(
    struct tctl_shop *shop, const struct tctl_workload *work, uint32_t number[])
{
	size_t *order = tctl_xcalloc(shop->nodes, sizeof(*order));
	size_t ordered = tctl_graph_order(work->graph, order);

	assert(ordered == shop->nodes);
	for (uint32_t v = 0; v < ordered; v++) {
		shop->origin[v] = (uint32_t)order[v];
		number[order[v]] = v;
	}
	free(order);
}

/* What is fixed has no needs: it runs, whatever its plan says by now.  An edge
 * that is repeated, side by side since rows are sorted, is one here. */
static void
number_edges(struct tctl_shop *shop, const struct tctl_graph *graph,
    const uint32_t number[])
{
	uint32_t *at;

	shop->prev_at = room(shop, shop->nodes, sizeof(uint32_t));
	shop->next_at = room(shop, shop->nodes, sizeof(uint32_t));
	shop->prev = room(shop, graph->edges, sizeof(uint32_t));
	shop->next = room(shop, graph->edges, sizeof(uint32_t));
	for (uint32_t v = 0; v < shop->nodes; v++) {
		size_t old = shop->origin[v], end = graph->prev_at[old + 1];
		uint32_t n = shop->prev_at[v];

		for (size_t e = graph->prev_at[old];
		     e < end && !shop->is_fixed[v]; e++) {
			if (e > graph->prev_at[old] &&
			    graph->prev[e] == graph->prev[e - 1])
				continue;
			shop->prev[n++] = number[graph->prev[e]];
			shop->next_at[shop->prev[n - 1] + 1]++;
		}
		shop->prev_at[v + 1] = n;
	}
	for (uint32_t v = 0; v < shop->nodes; v++)
		shop->next_at[v + 1] += shop->next_at[v];
	at = tctl_xcalloc(shop->nodes, sizeof(*at));
	memcpy(at, shop->next_at, shop->nodes * sizeof(*at));
	for (uint32_t v = 0; v < shop->nodes; v++)
		for (uint32_t e = shop->prev_at[v]; e < shop->prev_at[v + 1];
		     e++)
			shop->next[at[shop->prev[e]]++] = v;
	free(at);
}

/* Who runs on a lane twice does one after the other, in the workload's order.
 */
static void
fix(struct tctl_shop *shop, const struct tctl_workload *work,
    const uint32_t number[])
{
	uint32_t outside = shop->agents;

	for (size_t old = 0; work->running != NULL && old < shop->nodes;
	     old++) {
		uint32_t v = number[old], lane;

		if (work->running[old] == TCTL_NONE)
			continue;
		shop->is_fixed[v] = true;
		if (shop->weight[v] == 0)
			continue;
		lane = work->running[old] < work->agents
			   ? (uint32_t)work->running[old]
			   : outside++;
		shop->duty[v] = lane;
		shop->at[v] = shop->busy[lane];
		shop->busy[lane] += shop->weight[v];
		if (shop->busy[lane] > shop->held[shop->mutex[v]])
			shop->held[shop->mutex[v]] = shop->busy[lane];
	}
	shop->lanes = outside;
	shop->held[0] = 0;
}

static void
fill_nodes(struct tctl_shop *shop, const struct tctl_workload *work)
{
	for (uint32_t v = 0; v < shop->nodes; v++) {
		size_t old = shop->origin[v];

		assert(work->weight_s[old] >= 0);
		shop->weight[v] = work->weight_s[old] / shop->unit;
		shop->duty[v] = TCTL_NOBODY;
		if (work->mutex != NULL && work->mutex[old] != TCTL_NONE)
			shop->mutex[v] = (uint32_t)work->mutex[old] + 1;
		if (work->wish_is_duty && work->wish != NULL &&
		    work->wish[old] != TCTL_NONE) {
			shop->duty[v] = (uint32_t)work->wish[old];
			shop->has_duties = true;
		}
	}
}

/* Longest paths of this reading. */
static void
measure(struct tctl_shop *shop, bool is_back)
{
	for (uint32_t i = 0; i < shop->nodes; i++) {
		uint32_t v = is_back ? i : shop->nodes - 1 - i;
		int64_t longest = 0;

		for (uint32_t e = shop->next_at[v]; e < shop->next_at[v + 1];
		     e++)
			if (shop->tail[shop->next[e]] > longest)
				longest = shop->tail[shop->next[e]];
		/* Read from the end, what is fixed is followed by the wait
		 * for its lane. */
		shop->tail[v] =
		    longest + shop->weight[v] + (is_back ? shop->at[v] : 0);
		if (shop->at[v] + shop->tail[v] > shop->path && !is_back)
			shop->path = shop->at[v] + shop->tail[v];
	}
}

static void
read_backwards(const struct tctl_shop *forth, struct tctl_shop *back)
{
	*back = *forth;
	back->is_back = true;
	back->prev_at = forth->next_at;
	back->prev = forth->next;
	back->next_at = forth->prev_at;
	back->next = forth->prev;
	back->tail = room(forth, forth->nodes, sizeof(int64_t));
	measure(back, true);
	back->is_fixed = room(forth, forth->nodes, sizeof(bool));
	back->busy = room(forth, forth->lanes, sizeof(int64_t));
	back->held = room(forth, forth->mutexes, sizeof(int64_t));
}

void
tctl_shop_init(const struct tctl_workload *work, struct tctl_shop *forth,
    struct tctl_shop *back)
{
	size_t nodes = work->graph->nodes, running = 0;
	struct tctl_shop shop = { .nodes = (uint32_t)nodes,
		.agents = (uint32_t)work->agents,
		.mutexes = (uint32_t)work->mutexes + 1,
		.arena = tctl_arena_new() };
	uint32_t *number = tctl_xcalloc(nodes, sizeof(*number));

	assert(nodes < TCTL_NOBODY && work->agents > 0);
	for (size_t v = 0; v < nodes; v++) {
		shop.unit = common_divisor(shop.unit, work->weight_s[v]);
		if (work->running != NULL && work->running[v] != TCTL_NONE)
			running++;
	}
	shop.unit = shop.unit == 0 ? 1 : shop.unit;
	shop.origin = room(&shop, nodes, sizeof(uint32_t));
	shop.mutex = room(&shop, nodes, sizeof(uint32_t));
	shop.duty = room(&shop, nodes, sizeof(uint32_t));
	shop.is_fixed = room(&shop, nodes, sizeof(bool));
	shop.weight = room(&shop, nodes, sizeof(int64_t));
	shop.tail = room(&shop, nodes, sizeof(int64_t));
	shop.at = room(&shop, nodes, sizeof(int64_t));
	shop.busy = room(&shop, work->agents + running, sizeof(int64_t));
	shop.held = room(&shop, shop.mutexes, sizeof(int64_t));
	number_nodes(&shop, work, number);
	fill_nodes(&shop, work);
	fix(&shop, work, number);
	number_edges(&shop, work->graph, number);
	measure(&shop, false);
	free(number);
	*forth = shop;
	read_backwards(forth, back);
}

void
tctl_shop_release(struct tctl_shop *forth)
{
	tctl_arena_free(forth->arena);
}

struct tctl_try
tctl_try_new(const struct tctl_shop *shop)
{
	return (struct tctl_try){
		.list = room(shop, shop->nodes, sizeof(uint32_t)),
		.start = room(shop, shop->nodes, sizeof(int64_t)),
		.end = room(shop, shop->nodes, sizeof(int64_t)),
		.lane = room(shop, shop->nodes, sizeof(uint32_t)),
		.span = INT64_MAX,
	};
}

void
tctl_try_copy(const struct tctl_shop *shop, struct tctl_try *to,
    const struct tctl_try *from)
{
	memcpy(to->list, from->list, shop->nodes * sizeof(*to->list));
	memcpy(to->start, from->start, shop->nodes * sizeof(*to->start));
	memcpy(to->end, from->end, shop->nodes * sizeof(*to->end));
	memcpy(to->lane, from->lane, shop->nodes * sizeof(*to->lane));
	to->span = from->span;
}
