/* chart_agents.c - a chart with a section an agent. */
#include <stdlib.h>
#include <string.h>

#include "chart_build.h"

/* A bar with its agent in the form in which agents are compared. */
struct lane {
	char agent[TCTL_AGENT_MAX]; /* "": nobody */
	size_t bar;
	int64_t start_ms;
};

static int
by_lane(const void *a, const void *b)
{
	const struct lane *x = a, *y = b;
	int order = strcmp(x->agent, y->agent);

	if (order != 0) /* what is nobody's comes last */
		return x->agent[0] == '\0'   ? 1
		       : y->agent[0] == '\0' ? -1
					     : order;
	if (x->start_ms != y->start_ms)
		return x->start_ms < y->start_ms ? -1 : 1;
	return (x->bar > y->bar) - (x->bar < y->bar);
}

/* A section an agent, its bars by their starts. */
void
tctl_chart_sort_by_agent(struct tctl_chart_builder *b)
{
	struct tctl_chart *chart = &b->source->chart;
	struct lane *lane = tctl_xcalloc(chart->bar_count, sizeof(*lane));
	struct tctl_bar *bar = tctl_arena_alloc(
	    b->ctx->arena, (chart->bar_count + 1) * sizeof(*bar));
	size_t *task_of = tctl_xcalloc(chart->bar_count, sizeof(*task_of));

	for (size_t i = 0; i < chart->bar_count; i++) {
		if (chart->bar[i].agent != NULL)
			tctl_agent_normalise(
			    chart->bar[i].agent, lane[i].agent);
		lane[i].bar = i;
		lane[i].start_ms = chart->bar[i].start_ms;
	}
	qsort(lane, chart->bar_count, sizeof(*lane), by_lane);
	for (size_t i = 0; i < chart->bar_count; i++) {
		bool same =
		    i > 0 && strcmp(lane[i].agent, lane[i - 1].agent) == 0;

		bar[i] = chart->bar[lane[i].bar];
		task_of[i] = b->task_of[lane[i].bar];
		bar[i].section = same			? bar[i - 1].section
				 : bar[i].agent != NULL ? bar[i].agent
							: "nobody yet";
	}
	memcpy(b->task_of, task_of, chart->bar_count * sizeof(*task_of));
	chart->bar = bar;
	free(task_of);
	free(lane);
}
