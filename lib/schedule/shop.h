/* floor: schedule - a workload made ready for a fast inner loop.
 *
 * Nodes are renumbered in topological order and times divided by their common
 * divisor.  The same workload read from its end is another shop. */
#ifndef TASKCTL_SCHEDULE_SHOP_H
#define TASKCTL_SCHEDULE_SHOP_H

#include "taskctl/schedule.h"

/* The next number of a seed's row, and one below n.
 * Source: G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number
 * generators, OOPSLA 2014 (splitmix64). */
static inline uint64_t
tctl_draw(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static inline uint32_t
tctl_draw_below(uint64_t *seed, uint32_t n)
{
	return (uint32_t)(((tctl_draw(seed) >> 32) * n) >> 32);
}

static inline int64_t
tctl_greater(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

#define TCTL_NOBODY UINT32_MAX

struct tctl_shop {
	uint32_t nodes;
	uint32_t agents;  /* lanes that any task may take */
	uint32_t lanes;	  /* and one for each task that runs outside of them */
	uint32_t mutexes; /* mutex 0 is none */
	uint32_t *prev_at, *prev, *next_at, *next;
	uint32_t *origin; /* a node's number in the workload */
	uint32_t *mutex;  /* 0: none */
	uint32_t *duty;	  /* the only lane that may, or TCTL_NOBODY */
	bool has_duties;
	bool is_back;
	bool *is_fixed;	 /* in work already: at[] is its start */
	int64_t *weight; /* 0: takes no time and no agent */
	int64_t *tail;	 /* longest path, from its start on */
	int64_t *at;	 /* of what is fixed */
	int64_t *busy;	 /* lanes: free from then on */
	int64_t *held;	 /* mutexes: likewise */
	int64_t unit;	 /* seconds of one tick */
	int64_t path;	 /* no schedule is shorter than its longest path */
	struct tctl_arena *arena;
};

/* A schedule, and the order in which it was made. */
struct tctl_try {
	uint32_t *list; /* every node, after those that it needs */
	int64_t *start;
	int64_t *end;
	uint32_t *lane; /* TCTL_NOBODY: it takes none */
	int64_t span;
};

/* Both readings of a workload; one arena, released with the first. */
void tctl_shop_init(const struct tctl_workload *work, struct tctl_shop *forth,
    struct tctl_shop *back);
void tctl_shop_release(struct tctl_shop *forth);

struct tctl_try tctl_try_new(const struct tctl_shop *shop);
void tctl_try_copy(const struct tctl_shop *shop, struct tctl_try *to,
    const struct tctl_try *from);

/**
 * Give the tasks of try->list, in this order, each the earliest time on the
 * lane that has waited least: what is behind a lane's last task is free, gaps
 * are not filled.  Some list gives an optimal schedule wherever every lane may
 * take every task (order by its starts), so lists are what to search.
 *
 * Cost: O(edges + nodes x lanes).
 */
void tctl_shop_decode(const struct tctl_shop *shop, struct tctl_try *try);

/* Order a list by rising times (sign -1: by falling ones), and where they are
 * equal by this shop's topology. */
void tctl_shop_sort(const struct tctl_shop *shop, uint32_t list[],
    const int64_t time[], int sign);

/* Room for tctl_shop_rule to work in; made once for many calls. */
struct tctl_desk {
	uint32_t *left, *right; /* a heap's children, of a node */
	uint32_t *waits;	/* needs that are not done, of a node */
	uint32_t *behind_mutex,
	    *behind_lane; /* heaps of what is kept waiting */
	int64_t *free, *held;
	int64_t *load; /* work that only this lane may do */
};
struct tctl_desk tctl_desk_new(const struct tctl_shop *shop);

/**
 * Parallel list scheduling: whenever somebody is free, the ready task of the
 * lowest rank, then of the lowest number in the workload.
 *
 * Cost: O(edges + nodes x (lanes + log nodes)).
 * Source: R. Kolisch, Serial and parallel resource-constrained project
 *         scheduling methods revisited, EJOR 90 (1996)
 */
void tctl_shop_rule(const struct tctl_shop *shop, struct tctl_desk *desk,
    const int64_t rank[], struct tctl_try *out);

/* In ticks: no schedule is shorter.  Cost: O(nodes log nodes). */
int64_t tctl_shop_bound(
    const struct tctl_shop *forth, const struct tctl_shop *back);
/* The same with more thought, from a bound that is known.  Cost: O(nodes^3),
 * so of more than 128 nodes nothing is asked. */
int64_t tctl_shop_bound_energy(
    const struct tctl_shop *forth, const struct tctl_shop *back, int64_t bound);

/* Improve best, which may be nothing yet, until the bound is met or the effort
 * is used up. */
void tctl_shop_search(const struct tctl_shop *forth,
    const struct tctl_shop *back, int64_t bound,
    const struct tctl_effort *effort, struct tctl_try *best);

enum { TCTL_EXACT_MOST = 64 };

/* Look through all schedules of at most TCTL_EXACT_MOST tasks for one that is
 * shorter than best; true: there is none any more. */
bool tctl_shop_exact(const struct tctl_shop *forth, int64_t bound,
    int64_t looks, struct tctl_try *best);

/**
 * Share the tasks of a schedule out to agents by name: planned ones first.  No
 * task starts later than it did, for at no time do more run than there are
 * agents; the list is in the order of the starts afterwards.
 */
void tctl_shop_choose_lanes(const struct tctl_shop *shop,
    const struct tctl_workload *work, struct tctl_try *try);

#endif
