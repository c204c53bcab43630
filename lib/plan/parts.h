/* floor: plan - the parts of a sprint plan that are not fields: summary
 * tables, and the totals that people write under them. */
#ifndef PLAN_PARTS_H
#define PLAN_PARTS_H

#include "draft.h"

/* What the columns of a table are called; NONE for names not known here. */
enum { TCTL_COLUMNS_MAX = 32 };

struct tctl_columns {
	enum tctl_word word[TCTL_COLUMNS_MAX];
	size_t count;
	size_t task;  /* the column with ids; TCTL_NONE: no table of tasks */
	size_t title; /* the column with titles */
};

/* Read a table's header; word[i] is AGENT also for "Agent A". */
void tctl_columns_read(const struct tctl_md *table, struct tctl_columns *out);

/* Take over what a cell says of its row's task. */
void tctl_cell_read(struct tctl_draft *draft, size_t task, enum tctl_word word,
    const struct tctl_md_line *cell);

/* Take over a table of tasks; rows without a task of their own become one. */
void tctl_table_read(struct tctl_draft *draft, const struct tctl_later *table);

/* Make one of the sprints of one key, when they are indexed. */
void tctl_sprints_merge(struct tctl_draft *draft);

/* Set the goals that the sprints of a Markdown plan state, when all sprints and
 * tasks are known. */
void tctl_goals_read(struct tctl_draft *draft);

/* Take over the lists outside of any task, when all tasks are indexed. */
void tctl_loose_read(struct tctl_draft *draft);

/* Say so where a heading's tick does not mark its task as done. */
void tctl_tick_check(struct tctl_draft *draft, size_t task);

/* Note the totals that a line states: "Total : 8h (sequential)". */
void tctl_claims_read(
    struct tctl_draft *draft, const struct tctl_md_line *line, size_t sprint);

/* The same of a cell in a row that is known to hold totals. */
void tctl_claims_read_cell(
    struct tctl_draft *draft, const struct tctl_md_line *cell, size_t sprint);

/* Find the sprints that lines of a timeline name, once all are known. */
void tctl_claims_resolve(struct tctl_draft *draft);

/* The first total of that kind that is stated for a sprint, or NULL. */
const struct tctl_claim *tctl_claim_of(
    const struct tctl_draft *draft, size_t sprint, enum tctl_claim_kind kind);

#endif
