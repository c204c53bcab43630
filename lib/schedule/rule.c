/* rule.c - list scheduling by a priority: whoever is free takes the first. */
#include <string.h>

#include "shop.h"

struct tctl_desk
tctl_desk_new(const struct tctl_shop *shop)
{
	const size_t node = (shop->nodes + 1) * sizeof(uint32_t);
	const size_t time = sizeof(int64_t);
	struct tctl_arena *arena = shop->arena;

	return (struct tctl_desk){
		.left = tctl_arena_alloc(arena, node),
		.right = tctl_arena_alloc(arena, node),
		.waits = tctl_arena_alloc(arena, node),
		.behind_mutex = tctl_arena_alloc(
		    arena, (shop->mutexes + 1) * sizeof(uint32_t)),
		.behind_lane = tctl_arena_alloc(
		    arena, (shop->lanes + 1) * sizeof(uint32_t)),
		.free = tctl_arena_alloc(arena, (shop->lanes + 1) * time),
		.held = tctl_arena_alloc(arena, (shop->mutexes + 1) * time),
		.load = tctl_arena_alloc(arena, (shop->lanes + 1) * time),
	};
}

/* The state of one run.  A node is in one heap at a time. */
struct run {
	const struct tctl_shop *shop;
	struct tctl_desk *desk;
	const int64_t *rank;
	struct tctl_try *out;
	uint32_t ready;	 /* heap by rank */
	uint32_t events; /* heap by end: what is in work */
	uint32_t listed;
	int64_t now;
};

static bool
goes_first(const struct run *run, const int64_t by[], uint32_t a, uint32_t b)
{
	return by[a] != by[b] ? by[a] < by[b]
			      : run->shop->origin[a] < run->shop->origin[b];
}

/* Two skew heaps become one, from the top, without recursion.
 * Source: D. Sleator, R. Tarjan, Self-adjusting heaps, SIAM J. Comput. 1986 */
static uint32_t
meld(struct run *run, const int64_t by[], uint32_t a, uint32_t b)
{
	uint32_t *left = run->desk->left, *right = run->desk->right;
	uint32_t root = TCTL_NOBODY, *at = &root;

	while (a != TCTL_NOBODY && b != TCTL_NOBODY) {
		uint32_t first = a, rest;

		if (goes_first(run, by, b, a)) {
			first = b;
			b = a;
		}
		rest = right[first];
		right[first] = left[first];
		*at = first;
		at = &left[first];
		a = rest;
	}
	*at = a != TCTL_NOBODY ? a : b;
	return root;
}

static void
push(struct run *run, const int64_t by[], uint32_t *heap, uint32_t v)
{
	run->desk->left[v] = run->desk->right[v] = TCTL_NOBODY;
	*heap = meld(run, by, *heap, v);
}

static uint32_t
pop(struct run *run, const int64_t by[], uint32_t *heap)
{
	uint32_t v = *heap;

	if (v != TCTL_NOBODY)
		*heap = meld(run, by, run->desk->left[v], run->desk->right[v]);
	return v;
}

/* One that was kept waiting may try again. */
static void
let_in(struct run *run, uint32_t *heap)
{
	uint32_t v = pop(run, run->rank, heap);

	if (v != TCTL_NOBODY)
		push(run, run->rank, &run->ready, v);
}

/* v is there for those who need it; what takes no time follows at once.  The
 * end of the list, not yet walked, is what has still to be told of. */
static void
finish(struct run *run, uint32_t v)
{
	const struct tctl_shop *shop = run->shop;
	uint32_t walked = run->listed;

	for (;;) {
		for (uint32_t e = shop->next_at[v]; e < shop->next_at[v + 1];
		     e++) {
			uint32_t next = shop->next[e];

			if (--run->desk->waits[next] > 0)
				continue;
			if (shop->weight[next] > 0) {
				push(run, run->rank, &run->ready, next);
				continue;
			}
			run->out->start[next] = run->now;
			run->out->end[next] = run->now;
			run->out->lane[next] = TCTL_NOBODY;
			run->out->list[run->listed++] = next;
		}
		if (walked == run->listed)
			return;
		v = run->out->list[walked++];
	}
}

static void
begin(struct run *run, uint32_t v, uint32_t lane, int64_t start)
{
	struct tctl_try *out = run->out;

	out->list[run->listed++] = v;
	out->start[v] = start;
	out->end[v] = start + run->shop->weight[v];
	out->lane[v] = lane;
	if (out->end[v] > out->span)
		out->span = out->end[v];
	push(run, out->end, &run->events, v);
}

/* A lane that is free, of these the one with the least work of its own ahead;
 * TCTL_NOBODY: none is. */
static uint32_t
free_lane(const struct run *run)
{
	uint32_t best = TCTL_NOBODY;

	for (uint32_t k = 0; k < run->shop->agents; k++) {
		if (run->desk->free[k] > run->now)
			continue;
		if (!run->shop->has_duties)
			return k;
		if (best == TCTL_NOBODY ||
		    run->desk->load[k] < run->desk->load[best])
			best = k;
	}
	return best;
}

static void
begin_what_can(struct run *run)
{
	const struct tctl_shop *shop = run->shop;
	struct tctl_desk *desk = run->desk;
	uint32_t v;

	while ((v = pop(run, run->rank, &run->ready)) != TCTL_NOBODY) {
		uint32_t mutex = shop->mutex[v], lane = shop->duty[v];

		if (mutex != 0 && desk->held[mutex] > run->now) {
			push(run, run->rank, &desk->behind_mutex[mutex], v);
			continue;
		}
		if (lane != TCTL_NOBODY && desk->free[lane] > run->now) {
			push(run, run->rank, &desk->behind_lane[lane], v);
			continue;
		}
		if (lane == TCTL_NOBODY)
			lane = free_lane(run);
		else
			desk->load[lane] -= shop->weight[v];
		if (lane == TCTL_NOBODY) {
			push(run, run->rank, &run->ready, v);
			return;
		}
		begin(run, v, lane, run->now);
		desk->free[lane] = desk->held[mutex] = run->out->end[v];
	}
}

static void
set_up(struct run *run)
{
	const struct tctl_shop *shop = run->shop;
	struct tctl_desk *desk = run->desk;

	memcpy(desk->free, shop->busy, shop->lanes * sizeof(*desk->free));
	memcpy(desk->held, shop->held, shop->mutexes * sizeof(*desk->held));
	memset(desk->load, 0, shop->lanes * sizeof(*desk->load));
	memset(desk->behind_mutex, 0xff, shop->mutexes * sizeof(uint32_t));
	memset(desk->behind_lane, 0xff, shop->lanes * sizeof(uint32_t));
	for (uint32_t v = 0; v < shop->nodes; v++) {
		desk->waits[v] = shop->prev_at[v + 1] - shop->prev_at[v];
		if (shop->duty[v] != TCTL_NOBODY && !shop->is_fixed[v])
			desk->load[shop->duty[v]] += shop->weight[v];
	}
}

/* What is there at the beginning: fixed, free of needs, or of no weight. */
static void
open_doors(struct run *run)
{
	const struct tctl_shop *shop = run->shop;

	for (uint32_t v = 0; v < shop->nodes; v++) {
		if (shop->prev_at[v + 1] != shop->prev_at[v])
			continue;
		if (shop->weight[v] == 0) {
			run->out->start[v] = run->out->end[v] = 0;
			run->out->lane[v] = TCTL_NOBODY;
			run->out->list[run->listed++] = v;
			finish(run, v);
		} else if (shop->is_fixed[v]) {
			begin(run, v, shop->duty[v], shop->at[v]);
		} else {
			push(run, run->rank, &run->ready, v);
		}
	}
}

void
tctl_shop_rule(const struct tctl_shop *shop, struct tctl_desk *desk,
    const int64_t rank[], struct tctl_try *out)
{
	struct run run = { .shop = shop,
		.desk = desk,
		.rank = rank,
		.out = out,
		.ready = TCTL_NOBODY,
		.events = TCTL_NOBODY };

	out->span = 0;
	set_up(&run);
	open_doors(&run);
	begin_what_can(&run);
	while (run.events != TCTL_NOBODY) {
		run.now = out->end[run.events];
		while (run.events != TCTL_NOBODY &&
		       out->end[run.events] == run.now) {
			uint32_t v = pop(&run, out->end, &run.events);

			let_in(&run, &desk->behind_mutex[shop->mutex[v]]);
			let_in(&run, &desk->behind_lane[out->lane[v]]);
			finish(&run, v);
		}
		begin_what_can(&run);
	}
}
