/* floor: export - charts of tasks, written to any FILE. */
#ifndef TASKCTL_EXPORT_H
#define TASKCTL_EXPORT_H

#include <stdio.h>

#include "taskctl/schedule.h"

/* A bar of a chart: times are wall clock, ms since 1970. */
struct tctl_bar {
	const char *id;	     /* the task's id, as the plan writes it */
	const char *title;   /* any text at all */
	const char *section; /* sprint's title or key; NULL: none */
	int64_t start_ms;
	int64_t end_ms; /* >= start_ms */
	enum tctl_state state;
	bool critical;
};

struct tctl_chart {
	const char *title;
	struct tctl_bar *bar; /* grouped by section, in the order to be shown */
	size_t bar_count;     /* of none, a milestone says so */
	int64_t now_ms;	      /* decides whether a today marker makes sense */
};

/**
 * Write a Mermaid gantt block (without the code fence).
 *
 * Every bar has absolute dates (`after` would keep one side only and hide
 * waits; an id with a dot would silently start today), an id of [A-Za-z0-9_-],
 * and a title that cannot end its line's grammar.  Checked against the real
 * mermaid: same items, same starts and ends.
 *
 * Dates are UTC, in whole minutes.  A bar of no length is a milestone, a failed
 * one is shown as critical.  A label is cut after 120 characters; a block over
 * 50,000 bytes (some 600 bars) is refused by Mermaid: split it before.
 *
 * Cost: O(bars log bars).  Source: mermaid.js.org/syntax/gantt.html and
 * what its parser was measured to do (docs/adr).
 */
void tctl_export_mermaid(FILE *to, const struct tctl_chart *chart);

#endif
