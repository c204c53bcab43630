/* decode.c - a list of tasks becomes a schedule: the innermost loop. */
#include <stdlib.h>
#include <string.h>

#include "shop.h"

enum { LANES_ON_STACK = 64, MUTEXES_ON_STACK = 64, SORT_IN_PLACE = 300 };

/* The lane that has been free for the shortest time at ready; none is free:
 * the first that will be. */
static inline uint32_t
best_lane(const int64_t free_at[], uint32_t agents, int64_t ready)
{
	uint32_t latest = TCTL_NOBODY, first = 0;

	for (uint32_t k = 0; k < agents; k++) {
		if (free_at[k] <= ready) {
			if (latest == TCTL_NOBODY ||
			    free_at[k] > free_at[latest])
				latest = k;
		} else if (free_at[k] < free_at[first]) {
			first = k;
		}
	}
	return latest != TCTL_NOBODY ? latest : first;
}

static inline void
place(const struct tctl_shop *shop, struct tctl_try *try, uint32_t v,
    int64_t free_at[], int64_t held[])
{
	uint32_t mutex = shop->mutex[v], lane = shop->duty[v];
	uint32_t end = shop->prev_at[v + 1];
	int64_t start = 0;

	for (uint32_t e = shop->prev_at[v]; e < end; e++)
		if (try->end[shop->prev[e]] > start)
			start = try->end[shop->prev[e]];
	try->lane[v] = TCTL_NOBODY;
	try->start[v] = try->end[v] = start;
	if (shop->weight[v] == 0)
		return;
	if (mutex != 0 && held[mutex] > start)
		start = held[mutex];
	if (lane == TCTL_NOBODY)
		lane = best_lane(free_at, shop->agents, start);
	if (free_at[lane] > start)
		start = free_at[lane];
	try->lane[v] = lane;
	try->start[v] = start;
	try->end[v] = free_at[lane] = held[mutex] = start + shop->weight[v];
}

static void
decode(const struct tctl_shop *shop, struct tctl_try *try, int64_t free_at[],
    int64_t held[])
{
	try->span = 0;
	memcpy(free_at, shop->busy, shop->lanes * sizeof(*free_at));
	memcpy(held, shop->held, shop->mutexes * sizeof(*held));
	for (uint32_t i = 0; i < shop->nodes; i++) {
		uint32_t v = try->list[i];

		if (shop->is_fixed[v]) {
			try->lane[v] =
			    shop->weight[v] == 0 ? TCTL_NOBODY : shop->duty[v];
			try->start[v] = shop->at[v];
			try->end[v] = shop->at[v] + shop->weight[v];
		} else {
			place(shop, try, v, free_at, held);
		}
		if (try->end[v] > try->span)
			try->span = try->end[v];
	}
}

void
tctl_shop_decode(const struct tctl_shop *shop, struct tctl_try *try)
{
	int64_t few_lanes[LANES_ON_STACK], few_mutexes[MUTEXES_ON_STACK];
	int64_t *free_at = few_lanes, *held = few_mutexes;

	if (shop->lanes > LANES_ON_STACK)
		free_at = tctl_xcalloc(shop->lanes, sizeof(*free_at));
	if (shop->mutexes > MUTEXES_ON_STACK)
		held = tctl_xcalloc(shop->mutexes, sizeof(*held));
	decode(shop, try, free_at, held);
	if (free_at != few_lanes)
		free(free_at);
	if (held != few_mutexes)
		free(held);
}

struct moment {
	int64_t time;
	uint32_t node;
};

static int
by_time(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (x->node > y->node) - (x->node < y->node);
}

static void
sort_many(const struct tctl_shop *shop, uint32_t list[], const int64_t time[],
    int sign)
{
	/* Read from the end, the higher number comes first. */
	const uint32_t turn = shop->is_back ? shop->nodes - 1 : 0;
	struct moment *moment = tctl_xcalloc(shop->nodes, sizeof(*moment));

	for (uint32_t i = 0; i < shop->nodes; i++) {
		uint32_t v = list[i];

		moment[i] = (struct moment){ sign * time[v],
			shop->is_back ? turn - v : v };
	}
	qsort(moment, shop->nodes, sizeof(*moment), by_time);
	for (uint32_t i = 0; i < shop->nodes; i++)
		list[i] =
		    shop->is_back ? turn - moment[i].node : moment[i].node;
	free(moment);
}

void
tctl_shop_sort(const struct tctl_shop *shop, uint32_t list[],
    const int64_t time[], int sign)
{
	if (shop->nodes > SORT_IN_PLACE) {
		sort_many(shop, list, time, sign);
		return;
	}
	/* Lists of one schedule are nearly in the order of the next. */
	for (uint32_t i = 1; i < shop->nodes; i++) {
		uint32_t v = list[i], j = i;
		int64_t t = sign * time[v];

		for (; j > 0; j--) {
			uint32_t u = list[j - 1];
			int64_t other = sign * time[u];

			if (other < t ||
			    (other == t && shop->is_back == (u > v)))
				break;
			list[j] = u;
		}
		list[j] = v;
	}
}
