/* gantt_time.c - when the bars of a gantt block run.
 *
 * Source: what the real Mermaid was measured to do: an id that is written twice
 * means the last one, and a bar without a start follows the one above it. */
#include <stdlib.h>

#include "gantt.h"
#include "taskctl/graph.h"

/* The items of ids, without those that there are not. */
static size_t *
find_items(struct tctl_arena *arena, const struct tctl_index *index, size_t n,
    const struct tctl_strings *ids, size_t *count)
{
	size_t *item = NULL;

	for (size_t k = 0; k < ids->count; k++) {
		size_t at = tctl_index_find(index, ids->at[k]);

		if (at == TCTL_NONE)
			continue;
		item = tctl_arena_grow(arena, item, *count, sizeof(*item));
		item[(*count)++] = n - 1 - at;
	}
	return item;
}

/* Ids to items; an id that is written twice means the last. */
static void
find_before(struct tctl_arena *arena, struct tctl_gantt *gantt)
{
	struct tctl_index index = { 0 };
	size_t n = gantt->item_count;

	for (size_t i = n; i-- > 0;)
		if (gantt->item[i].id != NULL)
			tctl_index_add(
			    arena, &index, gantt->item[i].id, n - 1 - i);
	tctl_index_build(&index);
	for (size_t i = 0; i < n; i++) {
		struct tctl_gantt_item *item = &gantt->item[i];

		item->before = find_items(
		    arena, &index, n, &item->after, &item->before_count);
		item->until_at = find_items(
		    arena, &index, n, &item->until, &item->until_count);
	}
}

static struct tctl_edge *
list_edges(const struct tctl_gantt *gantt, size_t *count)
{
	struct tctl_edge *edge = NULL;

	*count = 0;
	for (size_t i = 0; i < gantt->item_count; i++) {
		const struct tctl_gantt_item *item = &gantt->item[i];

		for (size_t k = 0; k < item->before_count; k++) {
			edge = tctl_grow(edge, *count, sizeof(*edge));
			edge[(*count)++] =
			    (struct tctl_edge){ item->before[k], i };
		}
		if (item->start == NULL && item->after.count == 0 && i > 0) {
			edge = tctl_grow(edge, *count, sizeof(*edge));
			edge[(*count)++] = (struct tctl_edge){ i - 1, i };
		}
	}
	return edge;
}

/* How long it takes by its dates: days that do not count are left out. */
static void
end_at(
    const struct tctl_gantt *gantt, struct tctl_gantt_item *item, int64_t end)
{
	item->end_s = end;
	item->duration_s = end - item->start_s -
			   tctl_gantt_excluded_s(gantt, item->start_s, end);
}

/* "until a b" ends where the first of them starts. */
static void
end_untils(struct tctl_gantt *gantt)
{
	for (size_t i = 0; i < gantt->item_count; i++) {
		struct tctl_gantt_item *item = &gantt->item[i];
		size_t first = TCTL_NONE;

		for (size_t k = 0; k < item->until_count; k++)
			if (first == TCTL_NONE ||
			    gantt->item[item->until_at[k]].start_s <
				gantt->item[first].start_s)
				first = item->until_at[k];
		if (first != TCTL_NONE &&
		    gantt->item[first].start_s > item->start_s)
			end_at(gantt, item, gantt->item[first].start_s);
	}
}

/* An unknown start counts as the block's own. */
static void
run_bars(struct tctl_gantt *gantt)
{
	size_t n = gantt->item_count, edges, ordered;
	struct tctl_edge *edge = list_edges(gantt, &edges);
	size_t *order = tctl_grow(NULL, 0, (n + 1) * sizeof(*order));
	struct tctl_graph graph;

	tctl_graph_init(&graph, n, edge, edges);
	ordered = tctl_graph_order(&graph, order);
	for (size_t i = 0; i < ordered; i++) {
		struct tctl_gantt_item *item = &gantt->item[order[i]];
		int64_t date;

		if (item->start != NULL &&
		    tctl_gantt_date(item->start, gantt->date_format, &date))
			item->start_s = date;
		for (size_t k = graph.prev_at[order[i]];
		     k < graph.prev_at[order[i] + 1]; k++)
			if (gantt->item[graph.prev[k]].end_s > item->start_s)
				item->start_s =
				    gantt->item[graph.prev[k]].end_s;
		item->end_s = item->start_s +
			      (item->duration_s > 0 ? item->duration_s : 0);
		if (item->end != NULL &&
		    tctl_gantt_date(item->end, gantt->date_format, &date))
			end_at(gantt, item,
			    date + (gantt->ends_inclusive ? TCTL_DAY_S : 0));
	}
	end_untils(gantt);
	tctl_graph_release(&graph);
	free(order);
	free(edge);
}

void
tctl_gantt_schedule(struct tctl_arena *arena, struct tctl_gantt *gantt)
{
	find_before(arena, gantt);
	run_bars(gantt);
}
