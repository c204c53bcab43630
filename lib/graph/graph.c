/* graph.c - the dependency graph in compressed sparse rows. */
#include <stdlib.h>
#include <string.h>

#include "taskctl/graph.h"

static size_t *
zeroed(size_t n)
{
	size_t *array = calloc(n > 0 ? n : 1, sizeof(*array));

	if (array == NULL)
		tctl_die_nomem();
	return array;
}

/* at[v + 1] holds the length of row v: make at[v] the offset where it starts.
 */
static void
sum_up(size_t at[], size_t n)
{
	for (size_t v = 0; v < n; v++)
		at[v + 1] += at[v];
}

/*
 * Write the reverse of the rows (at, to) into (back_at, back): each row of the
 * result is in ascending order, because v only grows.
 */
static void
reverse(size_t n, const size_t at[], const size_t to[], const size_t back_at[],
    size_t back[])
{
	size_t *fill = zeroed(n);

	for (size_t v = 0; v < n; v++)
		for (size_t e = at[v]; e < at[v + 1]; e++) {
			size_t w = to[e];
			back[back_at[w] + fill[w]++] = v;
		}
	free(fill);
}

void
tctl_graph_init(
    struct tctl_graph *out, size_t n, const struct tctl_edge edge[], size_t m)
{
	size_t *fill = zeroed(n);

	*out = (struct tctl_graph){
		.nodes = n,
		.edges = m,
		.next_at = zeroed(n + 1),
		.next = zeroed(m),
		.prev_at = zeroed(n + 1),
		.prev = zeroed(m),
	};
	for (size_t e = 0; e < m; e++) {
		out->next_at[edge[e].before + 1]++;
		out->prev_at[edge[e].after + 1]++;
	}
	sum_up(out->next_at, n);
	sum_up(out->prev_at, n);

	/* Rows sorted by index, whatever order the edges came in: turning them
	 * round twice sorts them in linear time. */
	for (size_t e = 0; e < m; e++) {
		size_t w = edge[e].after;
		out->prev[out->prev_at[w] + fill[w]++] = edge[e].before;
	}
	free(fill);
	reverse(n, out->prev_at, out->prev, out->next_at, out->next);
	reverse(n, out->next_at, out->next, out->prev_at, out->prev);
}

void
tctl_graph_release(struct tctl_graph *graph)
{
	free(graph->next_at);
	free(graph->next);
	free(graph->prev_at);
	free(graph->prev);
	*graph = (struct tctl_graph){ 0 };
}

/* Kahn's order; waits[v] is left at how many predecessors of v are unordered.
 * The part of order[] not yet walked is the queue. */
static size_t
kahn(const struct tctl_graph *graph, size_t order[], size_t waits[])
{
	size_t count = 0;

	for (size_t v = 0; v < graph->nodes; v++) {
		waits[v] = graph->prev_at[v + 1] - graph->prev_at[v];
		if (waits[v] == 0)
			order[count++] = v;
	}
	for (size_t head = 0; head < count; head++) {
		size_t v = order[head];
		size_t end = graph->next_at[v + 1];

		for (size_t e = graph->next_at[v]; e < end; e++)
			if (--waits[graph->next[e]] == 0)
				order[count++] = graph->next[e];
	}
	return count;
}

size_t
tctl_graph_order(const struct tctl_graph *graph, size_t order[])
{
	size_t *waits = zeroed(graph->nodes);
	size_t count = kahn(graph, order, waits);

	free(waits);
	return count;
}

/* A predecessor that could not be ordered either.  v waits, so it has one. */
static size_t
waiting_prev(const struct tctl_graph *graph, const size_t waits[], size_t v)
{
	size_t e = graph->prev_at[v];

	while (waits[graph->prev[e]] == 0)
		e++;
	return graph->prev[e];
}

/* Turn a cycle read backwards into one that starts at its smallest index and
 * runs forwards: the same cycle is then always told in the same words. */
static void
straighten(size_t cycle[], size_t length)
{
	size_t *copy = zeroed(length);
	size_t first = 0;

	memcpy(copy, cycle, length * sizeof(*copy));
	for (size_t i = 1; i < length; i++)
		if (copy[i] < copy[first])
			first = i;
	for (size_t i = 0; i < length; i++)
		cycle[i] = copy[(first + length - i) % length];
	free(copy);
}

/*
 * Every node that Kahn's order leaves over waits for another such node, so
 * walking from one to what it waits for must come round: that is the cycle.
 */
size_t
tctl_graph_cycle(const struct tctl_graph *graph, size_t cycle[])
{
	size_t *waits = zeroed(graph->nodes);
	size_t *seen = zeroed(graph->nodes);
	size_t length = 0, v = 0, start;

	if (kahn(graph, cycle, waits) == graph->nodes)
		goto out;
	while (waits[v] == 0)
		v++;
	for (; !seen[v]; v = waiting_prev(graph, waits, v))
		seen[v] = 1;
	start = v;
	do {
		cycle[length++] = v;
		v = waiting_prev(graph, waits, v);
	} while (v != start);
	straighten(cycle, length);
out:
	free(seen);
	free(waits);
	return length;
}

bool
tctl_graph_reaches(const struct tctl_graph *graph, size_t from, size_t to)
{
	size_t *queue = zeroed(graph->nodes);
	bool *seen = calloc(graph->nodes, sizeof(*seen));
	size_t count = 0;

	if (seen == NULL)
		tctl_die_nomem();
	queue[count++] = from;
	seen[from] = true;
	for (size_t head = 0; head < count && !seen[to]; head++) {
		size_t v = queue[head];
		size_t end = graph->next_at[v + 1];

		for (size_t e = graph->next_at[v]; e < end; e++) {
			size_t w = graph->next[e];
			if (!seen[w]) {
				seen[w] = true;
				queue[count++] = w;
			}
		}
	}

	bool reached = seen[to];
	free(seen);
	free(queue);
	return reached;
}

void
tctl_graph_tails(const struct tctl_graph *graph, const size_t order[],
    const int64_t weight[], int64_t tail[])
{
	for (size_t i = graph->nodes; i-- > 0;) {
		size_t v = order[i];
		int64_t longest = 0;
		size_t end = graph->next_at[v + 1];

		for (size_t e = graph->next_at[v]; e < end; e++)
			if (tail[graph->next[e]] > longest)
				longest = tail[graph->next[e]];
		tail[v] = weight[v] + longest;
	}
}
