/* floor: export - charts of tasks, in the formats that other programs read.
 *
 * A chart is a plain value; every writer here is pure: bytes to a FILE, and no
 * clock, no environment, no file.  The same chart gives the same bytes.  Text
 * in a chart may be anything at all: each writer makes it inert in its own
 * format, so that no title can end its field, its element or its line.
 *
 * What needs a heavy library is written by the helper taskctl-chart
 * (cmd/taskctl-chart), out of the JSON below: docs/adr/0008-charts.md. */
#ifndef TASKCTL_EXPORT_H
#define TASKCTL_EXPORT_H

#include <json-c/json.h>
#include <stdio.h>

#include "taskctl/schedule.h"

/* A bar of a chart: times are wall clock, ms since 1970.  Strings are borrowed;
 * all but id may be NULL. */
struct tctl_bar {
	const char *id;	     /* unique in its chart, as the plan writes it */
	const char *title;   /* any text at all */
	const char *section; /* sprint's title or key, or the agent */
	int64_t start_ms;    /* as it was, or as it is to be expected */
	int64_t end_ms;	     /* >= start_ms */
	enum tctl_state state;
	bool critical;

	const char *agent; /* who did it, does it, or should: its lane */
	const char *mutex;
	const char *after; /* the sprint that its own waits for: its key */
	const char *why;   /* stuck: what is wrong with it, in a sentence */
	/* Where the plan as written has it; both 0: nobody knows. */
	int64_t planned_start_ms;
	int64_t planned_end_ms;
	int64_t estimate_s; /* -1: the plan gives none */
	int64_t slack_s;    /* how far its end may slip */
	int percent;	    /* done, by its steps; -1: nobody knows */
	int attempts;	    /* leases that lapsed on it */
	size_t folded;	    /* so many tasks are this bar; 0: it is a task */
	const char *group;  /* the sprint's key: a barrier's end */
};

/* Two sprints, the second of which waits for all of the first. */
struct tctl_chart_barrier {
	const char *before; /* keys, as tctl_bar.group has them */
	const char *after;
};

struct tctl_chart {
	const char *title;
	struct tctl_bar *bar; /* grouped by section, in the order to be shown */
	size_t bar_count;     /* of none, a milestone says so */
	int64_t now_ms;	      /* decides whether a today marker makes sense */

	/* Dependencies, as indexes of bars: by after, then before, none twice
	 * (tctl_chart_sort_edges). */
	struct tctl_edge *edge;
	size_t edge_count;
	struct tctl_chart_barrier *barrier;
	size_t barrier_count;
	/* In any sequence: the edges, and what order implies beside them: a
	 * step follows a step, a gate what it judges, and what waits for a gate
	 * that.  Only for charts that are not folded. */
	struct tctl_edge *order;
	size_t order_count;
	size_t task_count; /* before folding */
	size_t folded;	   /* tasks that stand in bars of several */
	int percent;	   /* of the whole, by effort; -1: nothing to do */
	bool
	    as_written; /* the plan as if nothing were done: no bar is a fact */
};

/* Sort the edges, and take out repeated ones and those from a bar to itself. */
void tctl_chart_sort_edges(struct tctl_chart *chart);

/* --- folding ------------------------------------------------------------- */

/**
 * Make the chart at most limit bars long, by drawing whole sections as one bar
 * each: those that are finished first, then those that nobody has begun, the
 * last first, then the others.
 *
 * A limit that even one bar a section exceeds is exceeded.  Tasks without a
 * section are one of their own.
 *
 * @param chart its arrays are replaced by the arena's, where it folds
 * @param limit 0: no limit
 * @return      whether anything was folded
 *
 * Cost: O(bars log bars + edges log edges).
 */
bool tctl_chart_fold(
    struct tctl_chart *chart, size_t limit, struct tctl_arena *arena);

/**
 * Take out the bars that are not to be kept, and the arrows that end at one;
 * what is left counts as all there is.
 *
 * @param chart its arrays are replaced by the arena's
 * @param keep  of each bar
 */
void tctl_chart_keep(
    struct tctl_chart *chart, const bool keep[], struct tctl_arena *arena);

/* "12 of 1,000 tasks …": what was folded, in a sentence; NULL: nothing was. */
const char *tctl_chart_remark(
    const struct tctl_chart *chart, struct tctl_arena *arena);

/* --- words ------------------------------------------------------------------
 */

/* Text on one line, without what acts on a terminal or turns the direction of
 * writing, cut after max characters with "…".  The arena's; "" for NULL. */
char *tctl_label_line(struct tctl_arena *arena, const char *text, size_t max);

/* "1.2 Title", or the title alone of a fold.  The arena's. */
char *tctl_bar_caption(struct tctl_arena *arena, const struct tctl_bar *bar);

/* Everything about a bar, in lines.  The arena's. */
const char *tctl_bar_tip(const struct tctl_bar *bar, struct tctl_arena *arena);

/* One line about the whole: how much is done, when it ends.  The arena's. */
const char *tctl_chart_summary(
    const struct tctl_chart *chart, struct tctl_arena *arena);

bool tctl_same_text(const char *a, const char *b); /* NULL equals NULL */

/* Is bar i the first of its section, or the last? */
bool tctl_section_begins(const struct tctl_chart *chart, size_t i);
bool tctl_section_ends(const struct tctl_chart *chart, size_t i);

/* --- Mermaid ------------------------------------------------------------- */

/* A block over so many UTF-16 units is refused by Mermaid (maxTextSize), and a
 * flowchart over so many edges (maxEdges). */
enum { TCTL_MERMAID_TEXT_MAX = 50000, TCTL_MERMAID_EDGES_MAX = 500 };

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
 * TCTL_MERMAID_TEXT_MAX (some 600 bars) is refused by Mermaid: fold it before.
 *
 * Cost: O(bars log bars).  Source: mermaid.js.org/syntax/gantt.html and
 * what its parser was measured to do (docs/adr).
 */
void tctl_export_mermaid(FILE *to, const struct tctl_chart *chart);

/* Write the dependencies as a Mermaid flowchart: a subgraph a section, the
 * critical path thick, barriers between sprints dotted. */
void tctl_export_flowchart(FILE *to, const struct tctl_chart *chart);

/* --- for programs --------------------------------------------------------- */

/* RFC 4180, a line a bar.  What a spreadsheet would take for a formula gets an
 * apostrophe in front. */
void tctl_export_csv(FILE *to, const struct tctl_chart *chart);

/* The dependencies for graphviz: a cluster a section.  dark: its colours. */
void tctl_export_dot(FILE *to, const struct tctl_chart *chart, bool dark);

/**
 * A TaskJuggler project, to be scheduled by tj3 on its own: what is finished or
 * in work stands where it is, the rest has its length and what it waits for.
 *
 * TaskJuggler knows no time shorter than five minutes: what is shorter, or
 * stands between, is rounded up.
 */
void tctl_export_tjp(FILE *to, const struct tctl_chart *chart);

/* {"title", "now", "tasks": [{id, title, section, start, …, needs: [ids]}]};
 * the caller owns it. */
struct json_object *tctl_export_json(const struct tctl_chart *chart);

/**
 * The chart out of what tctl_export_json made of it.
 *
 * @param root borrowed, and kept: the chart's strings are its
 * @return     TCTL_OK or TCTL_EINVALID: not such a document
 */
enum tctl_status tctl_chart_read(struct json_object *root,
    struct tctl_arena *arena, struct tctl_chart *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- pictures --------------------------------------------------------------
 */

enum tctl_theme { TCTL_THEME_LIGHT, TCTL_THEME_DARK, TCTL_THEME_AUTO };

/* Text stays text; auto follows prefers-color-scheme. */
void tctl_export_svg(
    FILE *to, const struct tctl_chart *chart, enum tctl_theme theme);

/* One file that needs no other, and no network: the picture, with zoom, hover
 * and keyboard. */
void tctl_export_html(
    FILE *to, const struct tctl_chart *chart, enum tctl_theme theme);

#endif
