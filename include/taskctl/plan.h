/* floor: plan - a sprint plan's bytes in, its tasks and what is wrong out.
 *
 * bytes -> encoding -> Markdown tree -> dialect -> plan -> checks.  Pure: no
 * file is opened here, the caller brings the bytes. */
#ifndef TASKCTL_PLAN_H
#define TASKCTL_PLAN_H

#include "taskctl/diagnostic.h"
#include "taskctl/error.h"
#include "taskctl/model.h"

enum {
	/* A larger plan is not one that people wrote. */
	TCTL_PLAN_BYTES_MAX = 64 * 1024 * 1024,
};

/* Where a dependency was read: a plan may say it in several places. */
enum tctl_edge_source {
	TCTL_EDGE_FIELD = 1, /* a field of the task: Dépendances, (after 2.1) */
	TCTL_EDGE_TABLE = 2,   /* a summary table */
	TCTL_EDGE_DIAGRAM = 4, /* `after` in the Mermaid Gantt block */

	/* Or-ed to the above: not from one name to one task. */
	TCTL_EDGE_WHOLE = 8,	/* named as part of a whole: "Phase 2", "all" */
	TCTL_EDGE_PART = 16,	/* a part of it: its box stands below its own */
	TCTL_EDGE_SECTION = 32, /* said in a section about dependencies */
};

/* A place in the plan's text that says whether something is done: what is
 * written back when work has gone on. */
enum tctl_tick_kind {
	TCTL_TICK_BOX,	 /* the one character between [ and ] */
	TCTL_TICK_EMOJI, /* a sign of its own, as in "### 1.2 : title (sign)" */
	TCTL_TICK_WORD,	 /* a word or cell: "Done", "To do" */
};

enum tctl_tick_of { TCTL_TICK_TASK, TCTL_TICK_STEP, TCTL_TICK_CRITERION };

struct tctl_tick {
	size_t task;
	enum tctl_tick_of of;
	size_t index; /* of the step or criterion */
	enum tctl_tick_kind kind;
	int line;   /* from 1; line and column of its first character, in */
	int column; /* the text as repaired */
	int length; /* characters */
	bool done;  /* what it says */
	/* What is written there to say the opposite, where the format has a
	 * word for it; NULL: what the plan's people would write. */
	const char *opposite;
};

/* A task to which the plan gives no id: one was made.  Written at this place,
 * between prefix and suffix, it is the plan's own. */
struct tctl_made {
	size_t task;
	int line;   /* as in a tick: the character in front of which it is */
	int column; /* put; column 0: behind all that the line says */
	const char *prefix, *suffix; /* " {#" and "}" */
};

/* A dependency on a task that may stand in another file. */
struct tctl_want {
	size_t task;
	const char *id;
	int line, column;
};

struct tctl_plan {
	struct tctl_arena *arena; /* owns everything below */
	const char *name;	  /* TITLE of ids: PLAN:1.2 */
	const char *file;
	const char *title;   /* its first heading; NULL: none */
	const char *dialect; /* which recogniser took it: "sprint" … */
	const char *why;     /* what it was recognised by, in a phrase */

	struct tctl_sprint *sprint;
	size_t sprint_count;
	struct tctl_task *task;
	size_t task_count;
	size_t *task_sprint; /* index of each task's sprint, or TCTL_NONE */
	/* The task of a lower index that each comes after by its number, as
	 * Step 2 after Step 1 (a barrier, not an edge); or TCTL_NONE. */
	size_t *follows;

	/* Stated dependencies, each pair once; task[].needs says the same. */
	struct tctl_edge *edge;
	unsigned *edge_source; /* or-ed enum tctl_edge_source, one an edge */
	size_t edge_count;

	/* It is a file of several that are one plan: give all of them to
	 * tctl_plan_join.  Of a joined plan: not all of them were there, so
	 * what is not in it is not gone. */
	bool is_piece;
	struct tctl_want *want;
	size_t want_count;
	struct tctl_plan **piece; /* of a joined plan; owned */
	size_t piece_count;

	struct tctl_tick *tick; /* in the order of the text */
	size_t tick_count;

	struct tctl_made *made; /* in the order of the text */
	size_t made_count;

	struct tctl_diagnostic *diagnostic; /* in the order of lines */
	size_t diagnostic_count;
	size_t error_count; /* of severity TCTL_ERROR: do not load it */
};

struct tctl_plan_options {
	const char *file; /* for diagnostics; kept */
	const char *name; /* NULL: the file's name without folder and ending */
	const char *format; /* NULL: recognised by content */
	int hours_per_day;  /* of "2 days"; 0 means 8 */
	bool without_order; /* --order none: no implied order */
	bool with_advice;   /* say also what is merely missing: lint */
};

/**
 * Read a plan.
 *
 * Double-encoded text is recognised, repaired and said in one diagnostic.  A
 * plan that contradicts itself is read, and each contradiction is a warning;
 * what cannot be loaded without losing something (duplicate ids, a cycle,
 * a dependency on nothing) is an error among the diagnostics.
 *
 * @param bytes borrowed; any bytes at all
 * @param out   owned (tctl_plan_free), set on TCTL_OK, also when it has errors
 * @return      TCTL_OK, or TCTL_EINVALID: empty, binary, too large, not text
 *              in any encoding known here, or no plan is recognised in it
 *
 * Cost: linear in length, on hostile input too.
 */
enum tctl_status tctl_plan_read(const char *bytes, size_t length,
    const struct tctl_plan_options *options, struct tctl_plan **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/**
 * Make one plan of plans that are pieces (Backlog.md keeps a task a file): what
 * they depend on is looked for in all of them.
 *
 * @param piece owned by the result; all is_piece, count >= 1
 * @param name  NULL: the name of their folder
 * @return      owned (tctl_plan_free); may hold errors among its diagnostics
 */
struct tctl_plan *tctl_plan_join(
    struct tctl_plan *const piece[], size_t count, const char *name);

void tctl_plan_free(struct tctl_plan *plan); /* NULL is fine */

/**
 * The plan's bytes with other ticks: only the characters of places that must
 * say something else are other ones, in the plan's own words and encoding
 * (also where that was damaged).  What is made is read again, and must say it.
 *
 * @param bytes   those that the plan was read from, with these options
 * @param done    one a tick: whether it must say done
 * @param out     owned (free), NUL-terminated
 * @return        TCTL_OK, or TCTL_EINVALID: they are other bytes, or it cannot
 *                be said there; err names line and column
 *
 * Cost: linear in length.
 */
enum tctl_status tctl_plan_write_back(const char *bytes, size_t length,
    const struct tctl_plan *plan, const struct tctl_plan_options *options,
    const bool done[], char **out, size_t *out_length,
    struct tctl_error *err) TCTL_MUST_CHECK;

/**
 * The plan's bytes with the ids that were made for it written into it: nothing
 * else changes, and it must read back as the same tasks with no id made.
 *
 * @param bytes those that the plan was read from, with these options
 * @param out   owned (free), NUL-terminated
 * @return      TCTL_OK, or TCTL_EINVALID: it would not read back
 */
enum tctl_status tctl_plan_fix_ids(const char *bytes, size_t length,
    const struct tctl_plan *plan, const struct tctl_plan_options *options,
    char **out, size_t *out_length, struct tctl_error *err) TCTL_MUST_CHECK;

/* The unified diff of two texts that have as many lines; "" where they are
 * equal.  Owned (free). */
char *tctl_text_diff(const char *file, const char *old, size_t old_length,
    const char *new, size_t new_length);

/* --- complaints ------------------------------------------------------- */

/* What each code of a diagnostic means: the one table of them. */
struct tctl_lint_code {
	const char *name;
	enum tctl_severity severity;
	const char *meaning; /* sentences */
	const char *example; /* of what brings it about */
	const char *remedy;
};

extern const struct tctl_lint_code tctl_lint_codes[]; /* ends with name NULL */

/* NULL: there is no such code. */
const struct tctl_lint_code *tctl_lint_code_find(const char *name);

/* The names of the dialects, for --format and help; ends with NULL. */
extern const char *const tctl_plan_formats[];

/* The graph of a plan: its tasks, then one node of no weight for each sprint,
 * through which barriers run (a sprint's tasks -> its node -> the tasks of the
 * sprint after it).  Steps follow each other; a gate comes after the tasks of
 * its sprint, and before those of the sprint that waits for it.  *edge is owned
 * (free). */
size_t tctl_plan_edges(const struct tctl_plan *plan, struct tctl_edge **edge);

/* What bars each task by what the plan says: or-ed enum tctl_barrier, one a
 * task; owned (free). */
unsigned *tctl_plan_bars(const struct tctl_plan *plan);

/**
 * Repair text that was decoded wrongly and saved as UTF-8.
 *
 * UTF-8 read as Mac Roman, cp1254, cp1252 or Latin-1; accepted only if the
 * result is strict UTF-8 (or all but a few sequences, which become U+FFFD) and
 * the text gets shorter and loses its telltale pairs.
 *
 * @param out     owned (free); set when a repair was made, NUL-terminated
 * @param from    set to the encoding's name, static; NULL: text was sound
 * @param lost    set to the number of characters that could not be restored
 * @param lost_line room for lost_max line numbers of those, in the result
 * @return        TCTL_OK (from tells), or TCTL_EINVALID: not UTF-8 at all, err
 *                says the line and column of the first bad byte
 */
enum tctl_status tctl_encoding_repair(const char *bytes, size_t length,
    char **out, size_t *out_length, const char **from, size_t *lost,
    int lost_line[], size_t lost_max, struct tctl_error *err) TCTL_MUST_CHECK;

/**
 * A plan's bytes with another chart in its ```mermaid gantt block: all that
 * stands outside the block, and above its line gantt, stays byte for byte.
 *
 * @param bytes borrowed; strict UTF-8
 * @param chart from the line gantt on, lines ended by \n
 * @param out   owned (free)
 * @return      TCTL_OK, or TCTL_EINVALID: no such block, or several, none or
 *              more than one of which has the comment %% taskctl above its
 *              gantt
 */
enum tctl_status tctl_plan_gantt_replace(const char *bytes, size_t length,
    const char *chart, char **out, size_t *out_length,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Do two plans hold the same work in the same order: ids, titles, estimates,
 * agents, needs, sprints, what is done? */
bool tctl_plan_same(const struct tctl_plan *a, const struct tctl_plan *b);

#endif
