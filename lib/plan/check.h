/* floor: plan - what is wrong with a plan that could be read.
 *
 * Errors are what loading would lose something by; everything else is a
 * warning, and names both places that disagree. */
#ifndef PLAN_CHECK_H
#define PLAN_CHECK_H

#include "draft.h"
#include "gantt.h"

/* All that is done with a draft once it is filled: edges from diagrams, order,
 * and every check below. */
void tctl_plan_check(struct tctl_draft *draft);

/* A text as it can stand in front of an id in a command: blanks and colons
 * become dashes. */
const char *tctl_name_for_plan(
    struct tctl_arena *arena, const char *text, size_t length);

/* Ids, titles, cycles: whatever stops a plan from being loaded. */
void tctl_check_errors(struct tctl_draft *draft);

/* Stated totals against the tasks; "3 agents" against who is named. */
void tctl_check_totals(struct tctl_draft *draft);

/* A stated parallel total of a sprint, against what can be reached. */
void tctl_check_parallel(struct tctl_draft *draft, size_t sprint);

/* Tables, groups and headings against fields. */
void tctl_check_tables(struct tctl_draft *draft);

/* Tables of who does what in which sprint, against fields and totals. */
void tctl_check_strategy(struct tctl_draft *draft);

/* Two tasks that write the same file, and could do so at once. */
void tctl_check_files(struct tctl_draft *draft);

/* The Gantt block against the text. */
void tctl_check_gantt(struct tctl_draft *draft, const struct tctl_gantt *gantt);

/* Durations that cannot be. */
void tctl_check_durations(struct tctl_draft *draft);

/* One agent's bars that overlap; bars that end before they start. */
void tctl_check_bookings(
    struct tctl_draft *draft, const struct tctl_gantt *gantt);

/* Tasks without an end criterion. */
void tctl_check_criteria(struct tctl_draft *draft);

/* --- lists of ids, for messages --------------------------------------- */

/* "2.3, 2.4", and ", ..." where they are too many. */
struct tctl_names {
	char text[400];
	size_t count;
};

void tctl_names_add(struct tctl_names *names, const char *id);

/* --- reaching, for checks ---------------------------------------------- */

/* Answers "is there a path" over some of a plan's edges, within a budget: a
 * check may give up, but it may not take quadratic time. */
struct tctl_reach;

/* Over the edges that have one of the sources; source NULL: over all. */
struct tctl_reach *tctl_reach_new(struct tctl_arena *arena, size_t nodes,
    const struct tctl_edge edge[], const unsigned source[], size_t edges,
    unsigned sources);

/* Mark everything from which node can be reached (itself not); false: the
 * budget is spent. */
bool tctl_reach_from(struct tctl_reach *reach, size_t node);
bool tctl_reach_is(const struct tctl_reach *reach, size_t node);

#endif
