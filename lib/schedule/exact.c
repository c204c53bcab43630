/* exact.c - is there a shorter schedule?  All are looked at, but for those
 * that cannot be shorter, or are as good as one that was looked at.
 *
 * Tasks are placed by rising starts: each schedule has one such order, and a
 * task then needs no gap before what is placed. */
#include <stdlib.h>
#include <string.h>

#include "shop.h"

enum { SEEN_BITS = 16, LOOK_COST = 16 };

/* A state of the search as two hashes and what is placed. */
struct seen {
	uint64_t placed;
	uint64_t hash[2];
};

struct state {
	uint64_t placed;
	int64_t floor;		      /* nothing starts earlier any more */
	int64_t end[TCTL_EXACT_MOST]; /* of what is placed */
	uint32_t lane[TCTL_EXACT_MOST];
};

struct exact {
	const struct tctl_shop *shop;
	size_t count; /* tasks with a weight */
	uint32_t node[TCTL_EXACT_MOST];
	uint64_t needs[TCTL_EXACT_MOST]; /* bits of tasks */
	uint64_t needed_by[TCTL_EXACT_MOST];
	int64_t weight[TCTL_EXACT_MOST];
	int64_t tail[TCTL_EXACT_MOST];
	size_t by_tail[TCTL_EXACT_MOST]; /* tasks, longest tail first */
	int64_t *free; /* of lanes, and below of mutexes: as they are now */
	int64_t *held;
	int64_t *left; /* work that only this lane may do, not placed yet */
	struct seen *seen;
	int64_t bound;
	int64_t looks;
	struct state now;
	struct state best;
	int64_t span; /* of the best */
};

#define BIT(i) (UINT64_C(1) << (i))

static bool
is_placed(const struct exact *x, size_t i)
{
	return (x->now.placed & BIT(i)) != 0;
}

/* --- setting up ------------------------------------------------------------
 */

/* Nodes without weight are left out; who needs them needs what they need. */
static bool
set_up_needs(struct exact *x)
{
	const struct tctl_shop *shop = x->shop;
	uint64_t *needs = tctl_xcalloc(shop->nodes, sizeof(*needs));

	for (uint32_t v = 0; v < shop->nodes; v++) {
		for (uint32_t e = shop->prev_at[v]; e < shop->prev_at[v + 1];
		     e++)
			needs[v] |= needs[shop->prev[e]];
		if (shop->weight[v] == 0)
			continue;
		if (x->count == TCTL_EXACT_MOST) {
			free(needs);
			return false;
		}
		x->node[x->count] = v;
		x->weight[x->count] = shop->weight[v];
		x->tail[x->count] = shop->tail[v];
		x->needs[x->count] = needs[v];
		for (size_t i = 0; i < x->count; i++)
			if (needs[v] & BIT(i))
				x->needed_by[i] |= BIT(x->count);
		needs[v] = BIT(x->count++);
	}
	free(needs);
	return true;
}

static void
set_up_lanes(struct exact *x)
{
	const struct tctl_shop *shop = x->shop;

	x->free = tctl_xcalloc(shop->lanes, sizeof(*x->free));
	x->held = tctl_xcalloc(shop->mutexes, sizeof(*x->held));
	x->left = tctl_xcalloc(shop->lanes, sizeof(*x->left));
	memcpy(x->free, shop->busy, shop->lanes * sizeof(*x->free));
	memcpy(x->held, shop->held, shop->mutexes * sizeof(*x->held));
	for (size_t i = 0; i < x->count; i++) {
		uint32_t v = x->node[i], lane = shop->duty[v];
		size_t at = i;

		x->now.lane[i] = lane;
		if (shop->is_fixed[v]) {
			x->now.placed |= BIT(i);
			x->now.end[i] = shop->at[v] + shop->weight[v];
		} else if (lane != TCTL_NOBODY) {
			x->left[lane] += shop->weight[v];
		}
		for (; at > 0 && x->tail[x->by_tail[at - 1]] < x->tail[i]; at--)
			x->by_tail[at] = x->by_tail[at - 1];
		x->by_tail[at] = i;
	}
}

/* --- what cannot be shorter ------------------------------------------------
 */

/* The earliest time that anybody who may do i is free. */
static int64_t
free_from(const struct exact *x, size_t i)
{
	uint32_t v = x->node[i];
	int64_t at = INT64_MAX;

	if (x->shop->duty[v] != TCTL_NOBODY)
		at = x->free[x->shop->duty[v]];
	else
		for (uint32_t k = 0; k < x->shop->agents; k++)
			at = x->free[k] < at ? x->free[k] : at;
	return tctl_greater(at, x->held[x->shop->mutex[v]]);
}

/* Earliest starts of what is not placed; false: some path is too long. */
static bool
look_ahead(const struct exact *x, int64_t target, int64_t earliest[])
{
	for (size_t i = 0; i < x->count; i++) {
		uint64_t needs = x->needs[i];

		if (is_placed(x, i))
			continue;
		earliest[i] = tctl_greater(x->now.floor, free_from(x, i));
		for (; needs != 0; needs &= needs - 1) {
			size_t n = (size_t)__builtin_ctzll(needs);

			earliest[i] = tctl_greater(earliest[i],
			    is_placed(x, n) ? x->now.end[n]
					    : earliest[n] + x->weight[n]);
		}
		if (earliest[i] + x->tail[i] > target)
			return false;
	}
	return true;
}

/* What must be done before a time, if all is to be done at target, against
 * what the agents can do until then. */
static bool
has_room(const struct exact *x, int64_t target)
{
	for (size_t i = 0; i < x->count; i++) {
		int64_t until = target - x->tail[i] + x->weight[i];
		int64_t sum = 0, room = 0;

		if (is_placed(x, i))
			continue;
		for (uint32_t k = 0; k < x->shop->agents; k++)
			room += tctl_greater(
			    until - tctl_greater(x->free[k], x->now.floor), 0);
		for (size_t n = 0; n < x->count; n++) {
			int64_t inside = until - (target - x->tail[n]);

			if (is_placed(x, n) || inside <= 0)
				continue;
			sum += inside < x->weight[n] ? inside : x->weight[n];
		}
		if (sum > room)
			return false;
	}
	return true;
}

/* --- what was looked at ----------------------------------------------------
 */

static void
mix(uint64_t hash[2], uint64_t value)
{
	hash[0] = (hash[0] ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	hash[0] ^= hash[0] >> 29;
	hash[1] = (hash[1] + value) * UINT64_C(0xd6e8feb86659fd93);
	hash[1] ^= hash[1] >> 32;
}

/* Times before the floor do not matter any more.  Lanes that anybody may take
 * are alike, so their times are mixed in any order. */
static bool
was_seen(struct exact *x)
{
	const struct tctl_shop *shop = x->shop;
	uint64_t lanes[2] = { 0, 0 }, hash[2] = { 1, 2 };
	struct seen *seen;

	for (uint32_t k = 0; k < shop->lanes; k++) {
		uint64_t lane[2] = { 3, 4 };

		if (shop->has_duties || k >= shop->agents)
			mix(lane, k);
		mix(lane, (uint64_t)tctl_greater(x->free[k], x->now.floor));
		lanes[0] += lane[0];
		lanes[1] += lane[1];
	}
	mix(hash, lanes[0]);
	mix(hash, lanes[1]);
	for (uint32_t m = 1; m < shop->mutexes; m++)
		mix(hash, (uint64_t)tctl_greater(x->held[m], x->now.floor));
	for (size_t i = 0; i < x->count; i++)
		if (is_placed(x, i) && (x->needed_by[i] & ~x->now.placed) != 0)
			mix(hash, (uint64_t)tctl_greater(
				      x->now.end[i], x->now.floor));
	seen = &x->seen[(hash[0] ^ x->now.placed) >> 7 & (BIT(SEEN_BITS) - 1)];
	if (seen->placed == x->now.placed && seen->hash[0] == hash[0] &&
	    seen->hash[1] == hash[1])
		return true;
	*seen = (struct seen){ x->now.placed, { hash[0], hash[1] } };
	return false;
}

/* --- looking ---------------------------------------------------------------
 */

static void look(struct exact *x);

static void
keep(struct exact *x)
{
	int64_t span = 0;

	for (size_t i = 0; i < x->count; i++)
		span = tctl_greater(span, x->now.end[i]);
	if (span < x->span) {
		x->span = span;
		x->best = x->now;
	}
}

static void
place_and_look(struct exact *x, size_t i, uint32_t lane, int64_t start)
{
	uint32_t v = x->node[i], mutex = x->shop->mutex[v];
	int64_t floor = x->now.floor, free_at = x->free[lane];
	int64_t held = x->held[mutex];
	bool is_duty = x->shop->duty[v] != TCTL_NOBODY;

	x->now.placed |= BIT(i);
	x->now.floor = start;
	x->now.end[i] = x->free[lane] = start + x->weight[i];
	x->now.lane[i] = lane;
	if (mutex != 0)
		x->held[mutex] = x->now.end[i];
	x->left[lane] -= is_duty ? x->weight[i] : 0;
	look(x);
	x->left[lane] += is_duty ? x->weight[i] : 0;
	x->held[mutex] = held;
	x->free[lane] = free_at;
	x->now.floor = floor;
	x->now.placed &= ~BIT(i);
}

/* Lanes are alike that are free at the same time and have no duties left. */
static bool
is_like_another(const struct exact *x, uint32_t lane)
{
	for (uint32_t k = 0; k < lane; k++)
		if (x->left[k] == 0 && x->left[lane] == 0 &&
		    tctl_greater(x->free[k], x->now.floor) ==
			tctl_greater(x->free[lane], x->now.floor))
			return true;
	return false;
}

/* Of lanes that anybody may take, the one that has been free for the shortest
 * time when i can start: it leaves the others most. */
static uint32_t
tightest_lane(const struct exact *x, int64_t start)
{
	uint32_t best = TCTL_NOBODY;

	for (uint32_t k = 0; k < x->shop->agents; k++)
		if (x->free[k] <= start &&
		    (best == TCTL_NOBODY || x->free[k] > x->free[best]))
			best = k;
	return best;
}

/* before: some other task could be done by then, and would fit in. */
static void
try_lanes(struct exact *x, size_t i, int64_t earliest, int64_t before)
{
	const struct tctl_shop *shop = x->shop;
	uint32_t duty = shop->duty[x->node[i]];

	if (duty != TCTL_NOBODY) {
		place_and_look(x, i, duty, earliest);
		return;
	}
	if (!shop->has_duties) {
		place_and_look(x, i, tightest_lane(x, earliest), earliest);
		return;
	}
	for (uint32_t k = 0; k < shop->agents; k++) {
		int64_t start = tctl_greater(earliest, x->free[k]);

		if (start < before && !is_like_another(x, k))
			place_and_look(x, i, k, start);
	}
}

static void
look(struct exact *x)
{
	int64_t earliest[TCTL_EXACT_MOST], before = INT64_MAX;

	x->looks -= (int64_t)(LOOK_COST * x->count);
	if (x->looks <= 0 || x->span <= x->bound)
		return;
	if (__builtin_popcountll(x->now.placed) == (int)x->count) {
		keep(x);
		return;
	}
	if (!look_ahead(x, x->span - 1, earliest) ||
	    !has_room(x, x->span - 1) || was_seen(x))
		return;
	for (size_t i = 0; i < x->count; i++)
		if (!is_placed(x, i) && earliest[i] + x->weight[i] < before)
			before = earliest[i] + x->weight[i];
	for (size_t n = 0; n < x->count; n++) {
		size_t i = x->by_tail[n];

		if (!is_placed(x, i) && (x->needs[i] & ~x->now.placed) == 0 &&
		    earliest[i] < before && earliest[i] + x->tail[i] < x->span)
			try_lanes(x, i, earliest[i], before);
	}
}

/* Put what was found into best; nodes without weight are when they can be. */
static void
hand_over(const struct exact *x, struct tctl_try *best)
{
	const struct tctl_shop *shop = x->shop;

	for (size_t i = 0; i < x->count; i++) {
		best->start[x->node[i]] = x->best.end[i] - x->weight[i];
		best->end[x->node[i]] = x->best.end[i];
		best->lane[x->node[i]] = x->best.lane[i];
	}
	for (uint32_t v = 0; v < shop->nodes; v++) {
		if (shop->weight[v] > 0)
			continue;
		best->start[v] = 0;
		for (uint32_t e = shop->prev_at[v]; e < shop->prev_at[v + 1];
		     e++)
			best->start[v] = tctl_greater(
			    best->start[v], best->end[shop->prev[e]]);
		best->end[v] = best->start[v];
	}
	best->span = x->span;
}

bool
tctl_shop_exact(const struct tctl_shop *forth, int64_t bound, int64_t looks,
    struct tctl_try *best)
{
	struct exact *x = tctl_xcalloc(1, sizeof(*x));
	bool is_done = false;

	x->shop = forth;
	x->bound = bound;
	x->looks = looks;
	x->span = best->span;
	if (set_up_needs(x)) {
		set_up_lanes(x);
		x->seen = tctl_xcalloc(BIT(SEEN_BITS), sizeof(*x->seen));
		look(x);
		is_done = x->looks > 0;
		if (x->span < best->span)
			hand_over(x, best);
		free(x->seen);
		free(x->free);
		free(x->held);
		free(x->left);
	}
	free(x);
	return is_done;
}
