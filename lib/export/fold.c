/* fold.c - fewer bars: some of them, or whole sections as one each. */
#include <stdlib.h>

#include "label.h"

/* Bars [first, first + count) of one section. */
struct section {
	size_t first;
	size_t count;
	bool fold;
	enum { FINISHED, UNTOUCHED, BEGUN } kind;
};

static struct section *
find_sections(
    const struct tctl_chart *chart, struct tctl_arena *arena, size_t *count)
{
	struct section *list = NULL;
	size_t n = 0;

	for (size_t i = 0; i < chart->bar_count; i++) {
		if (tctl_section_begins(chart, i)) {
			list = tctl_arena_grow(arena, list, n, sizeof(*list));
			list[n++] = (struct section){ .first = i };
		}
		list[n - 1].count++;
	}
	*count = n;
	return list;
}

static void
classify(const struct tctl_chart *chart, struct section *section)
{
	size_t done = 0, touched = 0;

	for (size_t i = 0; i < section->count; i++) {
		const struct tctl_bar *bar = &chart->bar[section->first + i];

		done += bar->state == TCTL_STATE_DONE;
		touched += bar->state == TCTL_STATE_DONE ||
			   bar->state == TCTL_STATE_CLAIMED || bar->why != NULL;
	}
	section->kind = done == section->count ? FINISHED
			: touched == 0	       ? UNTOUCHED
					       : BEGUN;
}

/* Choose until few enough are left: what is finished from the front, what is
 * not begun from the back, then what is going on from the back. */
static void
choose(struct section list[], size_t sections, size_t bars, size_t limit)
{
	for (int kind = FINISHED; kind <= BEGUN; kind++)
		for (size_t i = 0; bars > limit && i < sections; i++) {
			struct section *section =
			    &list[kind == FINISHED ? i : sections - 1 - i];

			if ((int)section->kind != kind || section->count < 2)
				continue;
			section->fold = true;
			bars -= section->count - 1;
		}
}

static enum tctl_state
state_of(const size_t count[TCTL_STATE_COUNT], size_t all)
{
	if (count[TCTL_STATE_DONE] == all)
		return TCTL_STATE_DONE;
	if (count[TCTL_STATE_FAILED] > 0)
		return TCTL_STATE_FAILED;
	if (count[TCTL_STATE_CLAIMED] + count[TCTL_STATE_DONE] > 0)
		return TCTL_STATE_CLAIMED;
	return count[TCTL_STATE_READY] > 0 ? TCTL_STATE_READY
					   : TCTL_STATE_PENDING;
}

static int64_t
effort_of(const struct tctl_bar *bar)
{
	return bar->estimate_s > 0 ? bar->estimate_s : 0;
}

/* How much is done: by effort, where efforts are known. */
static int
percent_of(const struct tctl_bar bar[], size_t count)
{
	int64_t all_s = 0, done_s = 0;
	size_t done = 0;

	for (size_t i = 0; i < count; i++) {
		int percent = bar[i].percent > 0 ? bar[i].percent : 0;

		if (bar[i].state == TCTL_STATE_DONE)
			percent = 100;
		all_s += effort_of(&bar[i]);
		done_s += effort_of(&bar[i]) * percent / 100;
		done += percent == 100;
	}
	return all_s > 0 ? (int)(done_s * 100 / all_s)
			 : (int)(done * 100 / count);
}

static void
widen(struct tctl_bar *fold, const struct tctl_bar *bar)
{
	if (bar->start_ms < fold->start_ms)
		fold->start_ms = bar->start_ms;
	if (bar->end_ms > fold->end_ms)
		fold->end_ms = bar->end_ms;
	if (bar->planned_start_ms < fold->planned_start_ms)
		fold->planned_start_ms = bar->planned_start_ms;
	if (bar->planned_end_ms > fold->planned_end_ms)
		fold->planned_end_ms = bar->planned_end_ms;
	if (bar->slack_s < fold->slack_s)
		fold->slack_s = bar->slack_s;
	if (fold->why == NULL)
		fold->why = bar->why;
	fold->critical |= bar->critical;
	fold->attempts += bar->attempts;
	fold->estimate_s += effort_of(bar);
}

static struct tctl_bar
fold_bars(const struct tctl_bar bar[], size_t count, struct tctl_arena *arena)
{
	struct tctl_bar fold = bar[0];
	size_t in_state[TCTL_STATE_COUNT] = { 0 };

	fold.agent = fold.mutex = fold.why = NULL;
	fold.critical = false;
	fold.attempts = 0;
	fold.estimate_s = 0;
	for (size_t i = 0; i < count; i++) {
		widen(&fold, &bar[i]);
		in_state[bar[i].state]++;
	}
	fold.folded = count;
	fold.state = state_of(in_state, count);
	fold.percent = percent_of(bar, count);
	fold.id = tctl_arena_printf(
	    arena, "all:%s", fold.group != NULL ? fold.group : bar[0].id);
	fold.title = tctl_arena_printf(arena, "%s (%zu tasks, %d %% done)",
	    fold.section != NULL ? fold.section : "tasks", count, fold.percent);
	return fold;
}

/* The bars anew; map[i] is where bar i went. */
static void
rebuild(struct tctl_chart *chart, const struct section list[], size_t sections,
    size_t map[], struct tctl_arena *arena)
{
	struct tctl_bar *bar =
	    tctl_arena_alloc(arena, chart->bar_count * sizeof(*bar));
	size_t n = 0;

	chart->folded = 0;
	for (size_t s = 0; s < sections; s++) {
		size_t first = list[s].first;

		for (size_t i = 0; i < list[s].count; i++) {
			map[first + i] = list[s].fold ? n : n + i;
			bar[map[first + i]] = chart->bar[first + i];
		}
		if (list[s].fold) {
			bar[n] =
			    fold_bars(&chart->bar[first], list[s].count, arena);
			chart->folded += list[s].count;
		}
		n += list[s].fold ? 1 : list[s].count;
	}
	chart->bar = bar;
	chart->bar_count = n;
}

bool
tctl_chart_fold(
    struct tctl_chart *chart, size_t limit, struct tctl_arena *arena)
{
	struct tctl_edge *edge;
	struct section *list;
	size_t sections, *map;

	if (limit == 0 || chart->bar_count <= limit)
		return false;
	list = find_sections(chart, arena, &sections);
	for (size_t i = 0; i < sections; i++)
		classify(chart, &list[i]);
	choose(list, sections, chart->bar_count, limit);
	map = tctl_arena_alloc(arena, chart->bar_count * sizeof(*map));
	rebuild(chart, list, sections, map, arena);
	edge = tctl_arena_alloc(arena, (chart->edge_count + 1) * sizeof(*edge));
	for (size_t e = 0; e < chart->edge_count; e++) {
		edge[e].before = map[chart->edge[e].before];
		edge[e].after = map[chart->edge[e].after];
	}
	chart->edge = edge;
	tctl_chart_sort_edges(chart);
	return chart->folded > 0;
}

/* Those of which both ends are kept, in the same sequence. */
static struct tctl_edge *
keep_edges(const struct tctl_edge edge[], size_t *count, const size_t map[],
    struct tctl_arena *arena)
{
	struct tctl_edge *kept =
	    tctl_arena_alloc(arena, (*count + 1) * sizeof(*kept));
	size_t n = 0;

	for (size_t e = 0; e < *count; e++) {
		size_t before = map[edge[e].before];
		size_t after = map[edge[e].after];

		if (before != TCTL_NONE && after != TCTL_NONE)
			kept[n++] = (struct tctl_edge){ before, after };
	}
	*count = n;
	return kept;
}

void
tctl_chart_keep(
    struct tctl_chart *chart, const bool keep[], struct tctl_arena *arena)
{
	size_t all = chart->bar_count, n = 0;
	size_t *map = tctl_arena_alloc(arena, (all + 1) * sizeof(*map));
	struct tctl_bar *bar =
	    tctl_arena_alloc(arena, (all + 1) * sizeof(*bar));

	for (size_t i = 0; i < all; i++) {
		map[i] = keep[i] ? n : TCTL_NONE;
		if (keep[i])
			bar[n++] = chart->bar[i];
	}
	chart->bar = bar;
	chart->bar_count = chart->task_count = n;
	chart->percent = n == 0 ? -1 : percent_of(bar, n);
	chart->edge = keep_edges(chart->edge, &chart->edge_count, map, arena);
	chart->order =
	    keep_edges(chart->order, &chart->order_count, map, arena);
}

const char *
tctl_chart_remark(const struct tctl_chart *chart, struct tctl_arena *arena)
{
	if (chart->folded == 0)
		return NULL;
	return tctl_arena_printf(arena,
	    "%zu of %zu tasks are folded into one bar a section; --limit 0 "
	    "shows each",
	    chart->folded, chart->task_count);
}
