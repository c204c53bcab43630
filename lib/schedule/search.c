/* search.c - better lists: restarts with noise, from either end, each improved
 * forwards and backwards. */
#include <string.h>

#include "shop.h"

enum {
	LANES_OF_COST = 32, /* that are looked at for one placement more */
	RULE_COST = 4,	    /* decodings that list scheduling is worth */
	NOISE_STEPS = 8,    /* of noise that restarts choose from */
	NOISE_PERCENT = 5,  /* of a tail, each */
};

struct search {
	const struct tctl_shop *shop[2]; /* forth, back */
	struct tctl_desk desk[2];
	struct tctl_try here[2]; /* of each direction, the current one */
	struct tctl_try *best;
	int64_t *rank;
	uint64_t chance;
	int64_t bound;
	int64_t cost; /* of decoding a list, in placements */
	int64_t left;
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
	s->left -= s->cost;
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
	s->left -= RULE_COST * s->cost;
}

void
tctl_shop_search(const struct tctl_shop *forth, const struct tctl_shop *back,
    int64_t bound, const struct tctl_effort *effort, struct tctl_try *best)
{
	struct search s = { .shop = { forth, back },
		.desk = { tctl_desk_new(forth), tctl_desk_new(back) },
		.here = { tctl_try_new(forth), tctl_try_new(back) },
		.best = best,
		.rank = tctl_arena_alloc(
		    forth->arena, (forth->nodes + 1) * sizeof(int64_t)),
		.chance = effort->seed,
		.bound = bound,
		.cost = (int64_t)forth->nodes *
			(forth->agents + LANES_OF_COST) / LANES_OF_COST,
		.left = effort->placements };

	restart(&s, 0, 0);
	keep_if_better(&s);
	if (!is_over(&s))
		improve(&s, 0);
	while (!is_over(&s)) {
		int direction = (int)(tctl_draw(&s.chance) >> 63);

		restart(&s, direction,
		    NOISE_PERCENT * tctl_draw_below(&s.chance, NOISE_STEPS));
		improve(&s, direction);
	}
}
