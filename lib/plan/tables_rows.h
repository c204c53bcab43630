/* floor: plan - from the rows of tables to tasks. */
#ifndef PLAN_TABLES_ROWS_H
#define PLAN_TABLES_ROWS_H

#include "groups.h"
#include "dialect_tables.h"

struct tctl_task_row {
	const struct tctl_task_table *table;
	struct tctl_task_cells cells;
	const char *key, *sprint_title; /* of its sprint; NULL: none */
	struct tctl_place sprint_place;
	bool is_done; /* its sprint is */

	/* What is found out about it. */
	const char *id; /* as written, or made */
	bool is_made;
	const char *normal; /* by which rows are compared */
	const char *title;
	const struct tctl_md_line *line; /* of its name */
	struct tctl_place place;
	size_t task;
};

/* All rows of a plan; zeroed but for draft. */
struct tctl_rows {
	struct tctl_draft *draft;
	struct tctl_task_row *at;
	size_t count;
	struct tctl_groups groups;
	struct tctl_index ids;	  /* of rows, by normal */
	struct tctl_index titles; /* of tasks, by folded title */
	struct tctl_index gone;	  /* ids and titles of what is cancelled */
};

/* Take a row, unless it is a total or empty. */
void tctl_rows_add(struct tctl_rows *rows, const struct tctl_task_row *row);

/* Make tasks, sprints and dependencies of all rows. */
void tctl_rows_settle(struct tctl_rows *rows);

/* Take over the cells of a row that name other tasks. */
void tctl_rows_needs(struct tctl_rows *rows, const struct tctl_task_row *row);

/* The folded title in the arena: what titles are compared by. */
const char *tctl_title_key(
    struct tctl_arena *arena, const char *title, size_t length);

#endif
