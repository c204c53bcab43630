/* lanes.c - who does what, when it is known when. */
#include <stdlib.h>

#include "shop.h"

struct chooser {
	const struct tctl_shop *shop;
	const struct tctl_workload *work;
	struct tctl_try *try;
	int64_t *free; /* of agents */
	uint32_t
	    *seen; /* how far the list was searched for an agent's wishes */
};

/* The agent that v is planned for, or TCTL_NOBODY. */
static uint32_t
wish_of(const struct chooser *c, uint32_t v)
{
	size_t old = c->shop->origin[v];

	if (c->work->wish == NULL || c->work->wish[old] == TCTL_NONE)
		return TCTL_NOBODY;
	return (uint32_t)c->work->wish[old];
}

/* When an agent is next wished for, after a place in the list.  The list is
 * walked once for each agent, since places only grow. */
static int64_t
next_wish(const struct chooser *c, uint32_t agent, uint32_t place)
{
	uint32_t *seen = &c->seen[agent];

	if (*seen < place)
		*seen = place;
	while (
	    *seen < c->shop->nodes && wish_of(c, c->try->list[*seen]) != agent)
		++*seen;
	return *seen == c->shop->nodes ? INT64_MAX
				       : c->try->start[c->try->list[*seen]];
}

/* Of those who are free the one planned for it, or else the one whose own next
 * task is farthest off. */
static uint32_t
choose(const struct chooser *c, uint32_t v, uint32_t place)
{
	uint32_t best = wish_of(c, v);
	int64_t start = c->try->start[v], farthest = -1;

	if (best != TCTL_NOBODY && c->free[best] <= start)
		return best;
	for (uint32_t k = 0; k < c->shop->agents; k++) {
		int64_t next;

		if (c->free[k] > start)
			continue;
		next = next_wish(c, k, place + 1);
		if (next > farthest) {
			farthest = next;
			best = k;
		}
	}
	return best;
}

void
tctl_shop_choose_lanes(const struct tctl_shop *shop,
    const struct tctl_workload *work, struct tctl_try *try)
{
	struct tctl_shop pinned = *shop;
	struct chooser c = { .shop = shop,
		.work = work,
		.try = try,
		.free = tctl_xcalloc(shop->agents, sizeof(*c.free)),
		.seen = tctl_xcalloc(shop->agents, sizeof(*c.seen)) };

	tctl_shop_sort(shop, try->list, try->start, 1);
	for (uint32_t k = 0; k < shop->agents; k++)
		c.free[k] = shop->busy[k];
	for (uint32_t i = 0; i < shop->nodes && !shop->has_duties; i++) {
		uint32_t v = try->list[i];

		if (shop->is_fixed[v] || shop->weight[v] == 0)
			continue;
		try->lane[v] = choose(&c, v, i);
		c.free[try->lane[v]] = try->end[v];
	}
	/* Nobody waits without a reason. */
	pinned.duty = try->lane;
	tctl_shop_decode(&pinned, try);
	tctl_shop_sort(shop, try->list, try->start, 1);
	free(c.free);
	free(c.seen);
}
