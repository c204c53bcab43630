/* search.c - better lists: restarts, forward-backward improvement, walks. */
#include <string.h>

#include "shop.h"

enum {
	RESTARTS = 12,	   /* then a walk */
	WALK = 200,	   /* steps of a walk */
	HEAT_PART = 8,	   /* of a mean task is the heat of a walk */
	RULE_COST = 4,	   /* decodings that list scheduling is worth */
	NOISE_STEPS = 8,   /* of noise that restarts choose from */
	NOISE_PERCENT = 5, /* of a tail, each */
};

struct search {
	const struct tctl_shop *shop[2]; /* forth, back */
	struct tctl_desk desk[2];
	struct tctl_try here[2]; /* of each direction, the current one */
	struct tctl_try next;	 /* a neighbour */
	struct tctl_try *best;
	int64_t *rank;
	uint32_t *place; /* of a node in the list */
	uint64_t chance;
	int64_t heat; /* ticks of lateness that do not matter much */
	int64_t bound;
	int64_t left; /* placements */
};

static bool
is_over(const struct search *s)
{
	return s->best->span <= s->bound || s->left <= 0;
}

static void
decode(struct search *s, const struct tctl_shop *shop, struct tctl_try *try)
{
	tctl_shop_decode(shop, try);
	s->left -= shop->nodes;
}

static void
keep_if_better(struct search *s)
{
	if (s->here[0].span < s->best->span)
		tctl_try_copy(s->shop[0], s->best, &s->here[0]);
}

/* The same schedule, pushed to its other end: to = 1 backwards. */
static void
justify(struct search *s, int to)
{
	const struct tctl_shop *shop = s->shop[to];
	struct tctl_try *from = &s->here[1 - to], *into = &s->here[to];

	memcpy(into->list, from->list, shop->nodes * sizeof(*into->list));
	for (uint32_t i = 0, j = shop->nodes; i + 1 < j--; i++) {
		uint32_t v = into->list[i];

		into->list[i] = into->list[j];
		into->list[j] = v;
	}
	tctl_shop_sort(shop, into->list, from->end, -1);
	decode(s, shop, into);
}

/* Source: K. Li, R. Willis, An iterative scheduling technique for
 * resource-constrained project scheduling, EJOR 56 (1992). */
static void
improve(struct search *s, int direction)
{
	int64_t span;

	if (direction == 1)
		justify(s, 0);
	do {
		span = s->here[0].span;
		keep_if_better(s);
		justify(s, 1);
		justify(s, 0);
	} while (s->here[0].span < span && !is_over(s));
	keep_if_better(s);
}

/* By the longest remaining path, give or take some percent of each. */
static void
restart(struct search *s, int direction, uint32_t percent)
{
	const struct tctl_shop *shop = s->shop[direction];

	for (uint32_t v = 0; v < shop->nodes; v++) {
		int64_t noise = 0;

		if (percent > 0)
			noise = (int64_t)tctl_draw_below(
				    &s->chance, 2 * percent + 1) -
				(int64_t)percent;
		s->rank[v] = -shop->tail[v] * (200 + noise);
	}
	tctl_shop_rule(shop, &s->desk[direction], s->rank, &s->here[direction]);
	s->left -= (int64_t)RULE_COST * shop->nodes;
}

/* How much later than target everything would be done, by what is late. */
static int64_t
lateness(
    const struct tctl_shop *shop, const struct tctl_try *try, int64_t target)
{
	int64_t sum = 0;

	for (uint32_t v = 0; v < shop->nodes; v++) {
		int64_t late = try->start[v] + shop->tail[v] - target;

		sum += late > 0 ? late : 0;
	}
	return sum;
}

/* Move a task within its list, as far as its needs allow. */
static bool
shift(struct search *s, const struct tctl_shop *shop, uint32_t list[])
{
	uint32_t at = tctl_draw_below(&s->chance, shop->nodes), v = list[at],
		 to;
	uint32_t low = 0, high = shop->nodes - 1;

	for (uint32_t e = shop->prev_at[v]; e < shop->prev_at[v + 1]; e++)
		if (s->place[shop->prev[e]] >= low)
			low = s->place[shop->prev[e]] + 1;
	for (uint32_t e = shop->next_at[v]; e < shop->next_at[v + 1]; e++)
		if (s->place[shop->next[e]] <= high)
			high = s->place[shop->next[e]] - 1;
	if (low >= high)
		return false;
	to = low + tctl_draw_below(&s->chance, high - low);
	to += to >= at;
	if (to < at)
		memmove(list + to + 1, list + to, (at - to) * sizeof(*list));
	else
		memmove(list + at, list + at + 1, (to - at) * sizeof(*list));
	list[to] = v;
	return true;
}

/* Worse by one step of the heat is accepted once in two times, by two once in
 * four. */
static bool
is_accepted(struct search *s, int64_t worse)
{
	enum { WORST = 12 };
	int64_t steps;

	if (worse <= 0)
		return true;
	steps = (worse + s->heat - 1) / s->heat;
	return steps <= WORST && tctl_draw(&s->chance) >> (64 - steps) == 0;
}

/* Simulated annealing at an even heat, towards a target one tick below the
 * best: what is late counts, since makespans alone are a plain. */
static void
walk(struct search *s, int direction)
{
	const struct tctl_shop *shop = s->shop[direction];
	struct tctl_try *here = &s->here[direction], swap;
	int64_t target = s->best->span - 1;
	int64_t late = lateness(shop, here, target);

	for (int step = 0; step < WALK && !is_over(s); step++) {
		int64_t then;

		for (uint32_t i = 0; i < shop->nodes; i++)
			s->place[here->list[i]] = i;
		memcpy(s->next.list, here->list,
		    shop->nodes * sizeof(*here->list));
		if (!shift(s, shop, s->next.list))
			continue;
		decode(s, shop, &s->next);
		then = lateness(shop, &s->next, target);
		if (!is_accepted(s, then - late))
			continue;
		swap = *here;
		*here = s->next;
		s->next = swap;
		late = then;
		tctl_shop_sort(shop, here->list, here->start, 1);
		if (here->span <= target)
			return;
	}
}

void
tctl_shop_search(const struct tctl_shop *forth, const struct tctl_shop *back,
    int64_t bound, const struct tctl_effort *effort, struct tctl_try *best)
{
	struct search s = { .shop = { forth, back },
		.desk = { tctl_desk_new(forth), tctl_desk_new(back) },
		.here = { tctl_try_new(forth), tctl_try_new(back) },
		.next = tctl_try_new(forth),
		.best = best,
		.rank = tctl_arena_alloc(
		    forth->arena, (forth->nodes + 1) * sizeof(int64_t)),
		.place = tctl_arena_alloc(
		    forth->arena, (forth->nodes + 1) * sizeof(uint32_t)),
		.chance = effort->seed,
		.bound = bound,
		.left = effort->placements };

	for (uint32_t v = 0; v < forth->nodes; v++)
		s.heat += forth->weight[v];
	s.heat = 1 + s.heat / (HEAT_PART * ((int64_t)forth->nodes + 1));
	restart(&s, 0, 0);
	keep_if_better(&s);
	if (!is_over(&s))
		improve(&s, 0);
	for (int64_t round = 1; !is_over(&s); round++) {
		int direction = (int)(tctl_draw(&s.chance) >> 63);

		restart(&s, direction,
		    NOISE_PERCENT * tctl_draw_below(&s.chance, NOISE_STEPS));
		if (round % RESTARTS == 0)
			walk(&s, direction);
		improve(&s, direction);
	}
}
