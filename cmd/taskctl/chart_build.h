/* floor: cmd - how a chart is built of what the store holds: what its parts
 * share. */
#ifndef TASKCTL_CMD_CHART_BUILD_H
#define TASKCTL_CMD_CHART_BUILD_H

#include "chart.h"

enum { TCTL_CHART_MINUTE_MS = 60 * 1000 }; /* charts have no seconds */

struct tctl_chart_builder {
	struct tctl_ctx *ctx;
	struct tctl_chart_source *source;
	const char *file; /* only the plan that it is; NULL: all */
	bool by_agent;
	bool many_plans;
	int64_t now_ms;	    /* a whole minute */
	int64_t zero_ms;    /* when the plan as written begins */
	const char **stuck; /* refs, sorted; each with its reason after it */
	size_t *bar_of;	    /* of each task, or TCTL_NONE */
	size_t *task_of;    /* of each bar */
};

/* A sprint's key; with the plan's name where there are several. */
const char *tctl_chart_group(
    const struct tctl_chart_builder *b, const char *plan, const char *key);

static inline int64_t
tctl_chart_whole_minute(int64_t ms)
{
	return ms / TCTL_CHART_MINUTE_MS * TCTL_CHART_MINUTE_MS;
}

/* Which tasks are stuck, for their bars. */
void tctl_chart_note_stuck(struct tctl_chart_builder *b);
/* The bar of one of the outlook's tasks. */
void tctl_chart_bar(
    const struct tctl_chart_builder *b, struct tctl_bar *bar, size_t task);
/* A section an agent, its bars by their starts. */
void tctl_chart_sort_by_agent(struct tctl_chart_builder *b);
/* Needs, the order that the schedule keeps, and barriers: between bars. */
void tctl_chart_connect(struct tctl_chart_builder *b);

#endif
