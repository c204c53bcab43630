/* bound.c - times that no schedule can beat. */
#include <stdlib.h>
#include <string.h>

#include "shop.h"

enum { ENERGY_MOST = 128 };

static int64_t
smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Ticks before v can start: its path read from the end, without itself. */
static int64_t
head(const struct tctl_shop *forth, const struct tctl_shop *back, uint32_t v)
{
	return forth->is_fixed[v] ? forth->at[v]
				  : back->tail[v] - forth->weight[v];
}

/* The work of all, shared out evenly. */
static int64_t
bound_of_work(const struct tctl_shop *forth)
{
	int64_t sum = 0;

	for (uint32_t v = 0; v < forth->nodes; v++)
		if (!forth->is_fixed[v] || forth->duty[v] < forth->agents)
			sum += forth->weight[v];
	return (sum + forth->agents - 1) / forth->agents;
}

struct job {
	uint32_t machine; /* what it must have for itself: mutex or lane */
	int64_t head;
	int64_t weight;
	int64_t rest; /* tail without itself */
};

static int
by_machine_then_head(const void *a, const void *b)
{
	const struct job *x = a, *y = b;

	if (x->machine != y->machine)
		return x->machine < y->machine ? -1 : 1;
	return (x->head < y->head) - (x->head > y->head);
}

/* Of one machine: all that begins at a head or later takes its sum, and then
 * the shortest rest.  Jobs stand by falling heads. */
static int64_t
bound_of_machine(const struct job job[], size_t count)
{
	int64_t bound = 0, sum = 0, rest = INT64_MAX;

	for (size_t i = 0; i < count; i++) {
		sum += job[i].weight;
		rest = smaller(rest, job[i].rest);
		bound = tctl_greater(bound, job[i].head + sum + rest);
	}
	return bound;
}

/* What must be done one after the other: of a mutex, or of one agent, which is
 * not free before what runs there already is done. */
static int64_t
bound_of_queues(const struct tctl_shop *forth, const struct tctl_shop *back,
    const uint32_t machine[], uint32_t none, const int64_t free_at[])
{
	struct job *job = tctl_xcalloc(forth->nodes, sizeof(*job));
	size_t count = 0, from = 0;
	int64_t bound = 0;

	for (uint32_t v = 0; v < forth->nodes; v++)
		if (machine[v] != none && forth->weight[v] > 0 &&
		    !forth->is_fixed[v])
			job[count++] = (struct job){ machine[v],
				tctl_greater(
				    head(forth, back, v), free_at[machine[v]]),
				forth->weight[v],
				forth->tail[v] - forth->weight[v] };
	qsort(job, count, sizeof(*job), by_machine_then_head);
	for (size_t i = 1; i <= count; i++)
		if (i == count || job[i].machine != job[from].machine) {
			bound = tctl_greater(
			    bound, bound_of_machine(job + from, i - from));
			from = i;
		}
	free(job);
	return bound;
}

/* All that a node needs at once, shared out evenly from the time on that the
 * first of it can start: of a barrier that is a whole sprint, and sprints that
 * follow each other add up. */
static int64_t
bound_of_barriers(const struct tctl_shop *forth)
{
	int64_t *ready = tctl_xcalloc(forth->nodes, sizeof(*ready));
	int64_t bound = 0;

	for (uint32_t v = 0; v < forth->nodes; v++) {
		int64_t first = INT64_MAX, sum = 0;

		ready[v] = forth->at[v];
		for (uint32_t e = forth->prev_at[v]; e < forth->prev_at[v + 1];
		     e++) {
			uint32_t p = forth->prev[e];

			ready[v] =
			    tctl_greater(ready[v], ready[p] + forth->weight[p]);
			if (forth->weight[p] == 0 ||
			    (forth->is_fixed[p] &&
				forth->duty[p] >= forth->agents))
				continue;
			first = smaller(first, ready[p]);
			sum += forth->weight[p];
		}
		if (sum > 0)
			ready[v] = tctl_greater(ready[v],
			    first + (sum + forth->agents - 1) / forth->agents);
		bound = tctl_greater(bound, ready[v] + forth->tail[v]);
	}
	free(ready);
	return bound;
}

int64_t
tctl_shop_bound(const struct tctl_shop *forth, const struct tctl_shop *back)
{
	int64_t bound = tctl_greater(forth->path, bound_of_work(forth));

	bound = tctl_greater(bound, bound_of_barriers(forth));
	bound = tctl_greater(
	    bound, bound_of_queues(forth, back, forth->mutex, 0, forth->held));
	return tctl_greater(bound, bound_of_queues(forth, back, forth->duty,
				       TCTL_NOBODY, forth->busy));
}

/* Work that lies between two times however the tasks are moved, more than the
 * agents can do then; per agent, rounded up. */
static int64_t
excess(const struct tctl_shop *forth, const struct job job[], size_t count,
    int64_t from, int64_t to, int64_t target)
{
	int64_t sum = 0, room = forth->agents * (to - from);

	for (size_t i = 0; i < count; i++) {
		int64_t latest = target - job[i].rest - job[i].weight;
		int64_t inside = smaller(job[i].weight, to - from);

		inside = smaller(inside, job[i].head + job[i].weight - from);
		inside = smaller(inside, to - latest);
		sum += tctl_greater(inside, 0);
	}
	return sum <= room ? 0
			   : (sum - room + forth->agents - 1) / forth->agents;
}

/* How much longer than target every schedule is at the least. */
static int64_t
excess_of_all(const struct tctl_shop *forth, const struct job job[],
    size_t count, int64_t target)
{
	int64_t most = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count; j++) {
			int64_t from = job[i].head;
			int64_t to = target - job[j].rest;

			if (to > from)
				most =
				    tctl_greater(most, excess(forth, job, count,
							   from, to, target));
		}
	return most;
}

/* Source: E. Fernandez, B. Bussell, Bounds on the number of processors and
 * time for multiprocessor optimal schedules, IEEE ToC 22 (1973). */
int64_t
tctl_shop_bound_energy(
    const struct tctl_shop *forth, const struct tctl_shop *back, int64_t bound)
{
	struct job job[ENERGY_MOST];
	size_t count = 0;
	int64_t more;

	if (forth->nodes > ENERGY_MOST)
		return bound;
	for (uint32_t v = 0; v < forth->nodes; v++)
		if (forth->weight[v] > 0 &&
		    (!forth->is_fixed[v] || forth->duty[v] < forth->agents))
			job[count++] = (struct job){ 0, head(forth, back, v),
				forth->weight[v],
				forth->tail[v] - forth->weight[v] };
	do {
		more = excess_of_all(forth, job, count, bound);
		bound += more;
	} while (more > 0);
	return bound;
}
