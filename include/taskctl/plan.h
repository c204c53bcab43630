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
};

/* A place in the plan's text that says whether something is done: what is
 * written back when work has gone on. */
enum tctl_tick_kind {
	TCTL_TICK_BOX,	 /* the one character between [ and ] */
	TCTL_TICK_EMOJI, /* a sign of its own, as in "### 1.2 : title (sign)" */
	TCTL_TICK_WORD,	 /* a word or cell: "Done", "To do" */
};

struct tctl_tick {
	size_t task;
	enum { TCTL_TICK_TASK, TCTL_TICK_STEP, TCTL_TICK_CRITERION } of;
	size_t index; /* of the step or criterion */
	enum tctl_tick_kind kind;
	int line;   /* from 1; line and column of its first character, in */
	int column; /* the text as repaired */
	int length; /* characters */
	bool done;  /* what it says */
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

	/* Stated dependencies, each pair once; task[].needs says the same. */
	struct tctl_edge *edge;
	unsigned *edge_source; /* or-ed enum tctl_edge_source, one an edge */
	size_t edge_count;

	struct tctl_tick *tick; /* in the order of the text */
	size_t tick_count;

	struct tctl_diagnostic *diagnostic; /* in the order of lines */
	size_t diagnostic_count;
	size_t error_count; /* of severity TCTL_ERROR: do not load it */
};

struct tctl_plan_options {
	const char *file; /* for diagnostics; kept */
	const char *name; /* NULL: the file's name without folder and ending */
	const char *format; /* NULL: recognised by content */
	int hours_per_day;  /* of "2 days"; 0 means 8 */
	bool without_order; /* --order none: no implied order of sprints */
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

void tctl_plan_free(struct tctl_plan *plan); /* NULL is fine */

/* The names of the dialects, for --format and help; ends with NULL. */
extern const char *const tctl_plan_formats[];

/* The graph of a plan: its tasks, then one node of no weight for each sprint,
 * through which barriers run (a sprint's tasks -> its node -> the tasks of the
 * sprint after it).  *edge is owned (free). */
size_t tctl_plan_edges(const struct tctl_plan *plan, struct tctl_edge **edge);

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

#endif
