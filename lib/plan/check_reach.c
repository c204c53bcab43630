/* check_reach.c - "is there a path", asked many times by the checks. */
#include "check.h"

enum { VISITS_MAX = 8 * 1000 * 1000 }; /* edges followed, in all questions */

struct tctl_reach {
	size_t *prev_at;
	size_t *prev;
	size_t *seen; /* the number of the question that saw the node */
	size_t *stack;
	size_t question;
	size_t visits;
};

struct tctl_reach *
tctl_reach_new(struct tctl_arena *arena, size_t nodes,
    const struct tctl_edge edge[], const unsigned source[], size_t edges,
    unsigned sources)
{
	struct tctl_reach *reach = tctl_arena_alloc(arena, sizeof(*reach));
	size_t *at = tctl_arena_alloc(arena, (nodes + 2) * sizeof(*at));

	reach->prev_at = at;
	reach->prev = tctl_arena_alloc(arena, (edges + 1) * sizeof(*at));
	reach->seen = tctl_arena_alloc(arena, (nodes + 1) * sizeof(*at));
	reach->stack = tctl_arena_alloc(arena, (nodes + 1) * sizeof(*at));
	/* Counting sort: at[v + 1] moves from the start of v to its end. */
	for (size_t e = 0; e < edges; e++)
		if (source == NULL || (source[e] & sources) != 0)
			at[edge[e].after + 2]++;
	for (size_t v = 1; v <= nodes + 1; v++)
		at[v] += at[v - 1];
	for (size_t e = 0; e < edges; e++)
		if (source == NULL || (source[e] & sources) != 0)
			reach->prev[at[edge[e].after + 1]++] = edge[e].before;
	return reach;
}

bool
tctl_reach_from(struct tctl_reach *reach, size_t node)
{
	size_t depth = 0;

	reach->question++;
	reach->stack[depth++] = node;
	while (depth != 0) {
		size_t at = reach->stack[--depth];

		for (size_t i = reach->prev_at[at]; i < reach->prev_at[at + 1];
		     i++) {
			size_t before = reach->prev[i];

			if (reach->visits++ > VISITS_MAX)
				return false;
			if (reach->seen[before] == reach->question)
				continue;
			reach->seen[before] = reach->question;
			reach->stack[depth++] = before;
		}
	}
	return true;
}

bool
tctl_reach_is(const struct tctl_reach *reach, size_t node)
{
	return reach->seen[node] == reach->question;
}
