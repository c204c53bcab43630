/* floor: work - what the store has of a plan, for a re-import to compare. */
#ifndef TASKCTL_WORK_IMPORT_ROWS_H
#define TASKCTL_WORK_IMPORT_ROWS_H

#include "change.h"

struct tctl_import_line {
	const char *kind; /* file criterion step */
	const char *text;
	bool done;
	bool ticked; /* in the plan, when it was last read */
};

/* An edge into a task: what it needs, and who said so. */
struct tctl_import_dep {
	int64_t needs;
	const char *origin; /* plan hand cut */
	bool wanted;	    /* the plan says it still */
};

struct tctl_import_row {
	int64_t id;
	const char *key;
	const char *title;
	const char *sprint; /* its key, or NULL */
	int64_t sprint_id;
	int64_t position;
	int64_t priority;
	int64_t estimate_s; /* -1: unknown */
	const char *agent;  /* NULL: none */
	const char *mutex;  /* "" none */
	int64_t line;
	int64_t hand;
	bool orphaned;
	const char *state;
	bool ticked;
	int64_t chain; /* id of its first step; 0: it is no step */
	int64_t step;
	bool is_gate;
	struct tctl_import_line *lines;
	size_t line_count;
	struct tctl_import_dep *deps;
	size_t dep_count;
	bool seen; /* the plan has it */
};

struct tctl_import_rows {
	struct tctl_import_row *at; /* by id */
	size_t count;
	size_t *by_key; /* indexes, by key */
};

enum tctl_status tctl_import_rows_read(struct tctl_store *store,
    struct tctl_arena *arena, int64_t plan, struct tctl_import_rows *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* What the store has of a task's steps or criteria (kind): out[i] is the line
 * with the text of items->at[i], of equal ones the second for the second; NULL:
 * none.  row may be NULL; out belongs to arena.  Cost: n log n. */
const struct tctl_import_line **tctl_import_lines_match(
    struct tctl_arena *arena, const struct tctl_import_row *row,
    const char *kind, const struct tctl_items *items);

/* What a step or criterion is after the import: done if it was done here, or
 * is newly ticked in the plan; a step undone here is not done again by its old
 * tick.  was NULL: it is new. */
struct tctl_import_line tctl_import_line_merge(
    const struct tctl_import_line *was, const struct tctl_item *item);

/* What the file says against what the store does (write_back.c has the table):
 * was it unticked by hand, though it is done here?  Then that is remembered. */
static inline bool
tctl_import_still_ticked(bool was_ticked, bool ticked, bool done)
{
	return ticked || (was_ticked && done);
}

/* The row of that key, or NULL. */
struct tctl_import_row *tctl_import_rows_find(
    const struct tctl_import_rows *rows, const char *key);

#endif
