/* floor: plan - plans that are tables: a row a task. */
#ifndef PLAN_DIALECT_TABLES_H
#define PLAN_DIALECT_TABLES_H

#include "columns.h"
#include "parts.h"

/* What the columns of a table hold; TCTL_NONE: there is no such column. */
struct tctl_task_table {
	enum tctl_word word[TCTL_COLUMNS_MAX];
	char unit[TCTL_COLUMNS_MAX][TCTL_UNIT_MAX];
	size_t count;
	size_t id, name; /* ids; titles, or an id and a title */
	size_t rows;
	bool has_needs, has_state, has_other; /* columns beside the name's */
	bool names_lead; /* each name begins with an id: "2.1 Write it" */
};

/* The cells of a row; NULL where it is too short. */
struct tctl_task_cells {
	const struct tctl_md_line *at[TCTL_COLUMNS_MAX];
};

/* Read the header and look at the rows; false: it is no table of tasks. */
bool tctl_task_table_read(
    const struct tctl_md *table, struct tctl_task_table *out);

void tctl_task_cells(const struct tctl_md *row,
    const struct tctl_task_table *table, struct tctl_task_cells *out);

/* The cell of the first column of that word, or NULL. */
const struct tctl_md_line *tctl_task_cell(const struct tctl_task_table *table,
    const struct tctl_task_cells *cells, enum tctl_word word);

/* The id that the row's task has; its length, 0: none.  *title is what is left
 * of the name's cell, and ends where it does. */
size_t tctl_task_row_id(const struct tctl_task_table *table,
    const struct tctl_task_cells *cells, const char **id, const char **title);

/* The bytes of the id that a text begins with, perhaps after a "#"; 0: none.
 * "2.1 Write it" and "US-3: pay" have one, "3 users" and "2FA login" have not;
 * lenient: "T4 Write it" has, too.  *rest is what follows it. */
size_t tctl_leading_id(
    const char *at, const char *end, bool lenient, const char **rest);

#endif
