/* edges.c - a chart's dependencies in order. */
#include <stdlib.h>

#include "label.h"

enum { MINUTE_MS = 60 * 1000 };

static int
by_after(const void *a, const void *b)
{
	const struct tctl_edge *x = a, *y = b;

	if (x->after != y->after)
		return x->after < y->after ? -1 : 1;
	return (x->before > y->before) - (x->before < y->before);
}

void
tctl_chart_sort_edges(struct tctl_chart *chart)
{
	size_t kept = 0;

	if (chart->edge_count == 0)
		return;
	qsort(chart->edge, chart->edge_count, sizeof(*chart->edge), by_after);
	for (size_t e = 0; e < chart->edge_count; e++) {
		const struct tctl_edge *edge = &chart->edge[e];

		if (edge->before != edge->after &&
		    (kept == 0 || by_after(edge, &chart->edge[kept - 1]) != 0))
			chart->edge[kept++] = *edge;
	}
	chart->edge_count = kept;
}

size_t *
tctl_edges_by_after(const struct tctl_chart *chart, struct tctl_arena *arena)
{
	size_t *first =
	    tctl_arena_alloc(arena, (chart->bar_count + 1) * sizeof(*first));
	size_t e = 0;

	for (size_t i = 0; i <= chart->bar_count; i++) {
		while (e < chart->edge_count && chart->edge[e].after < i)
			e++;
		first[i] = e;
	}
	return first;
}

bool
tctl_edge_is_critical(
    const struct tctl_chart *chart, const struct tctl_edge *edge)
{
	const struct tctl_bar *before = &chart->bar[edge->before];
	const struct tctl_bar *after = &chart->bar[edge->after];

	return before->critical && after->critical &&
	       llabs(after->start_ms - before->end_ms) < MINUTE_MS;
}

bool
tctl_barrier_ends(const struct tctl_chart *chart,
    const struct tctl_chart_barrier *barrier, struct tctl_edge *out)
{
	const struct tctl_bar *bar = chart->bar;
	size_t from = TCTL_NONE, to = TCTL_NONE;

	for (size_t i = 0; i < chart->bar_count; i++) {
		if (bar[i].group == NULL)
			continue;
		if (tctl_same_text(bar[i].group, barrier->before) &&
		    (from == TCTL_NONE || bar[i].end_ms > bar[from].end_ms))
			from = i;
		if (tctl_same_text(bar[i].group, barrier->after) &&
		    (to == TCTL_NONE || bar[i].start_ms < bar[to].start_ms))
			to = i;
	}
	*out = (struct tctl_edge){ from, to };
	return from != TCTL_NONE && to != TCTL_NONE;
}
