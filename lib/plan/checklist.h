/* floor: plan - a deployment checklist while it is read. */
#ifndef PLAN_CHECKLIST_H
#define PLAN_CHECKLIST_H

#include "gate.h"
#include "checklist_outline.h"

enum { TCTL_HEADING_LEVELS = 7 }; /* headings have levels 1 to 6 */

/* How a task may be called. */
struct tctl_checklist_names {
	const char *long_id; /* where the short one is taken */
	const char *own;     /* what the plan calls it; NULL: nothing */
	const struct tctl_md *heading; /* NULL: it has none */
};

struct tctl_checklist {
	struct tctl_draft *draft;
	const struct tctl_md
	    *path[TCTL_HEADING_LEVELS]; /* the headings that are open */
	size_t sprint, task;		/* TCTL_NONE: in none */
	int sprint_level, task_level;
	bool takes_all; /* the task's sections are its own, not tasks */
	size_t last_sprint;
	const struct tctl_md
	    *row;	 /* the heading whose steps follow each other */
	size_t row_last; /* the last of them */
	bool in_gate;
	enum tctl_go go;
	struct tctl_checklist_names *names; /* of each task */
};

/* The nearest open heading above a level; NULL: the plan's title, or none. */
const struct tctl_md *tctl_checklist_above(
    const struct tctl_checklist *r, int level);

/* What a heading is: tctl_outline_read with the draft's own. */
void tctl_checklist_outline(struct tctl_checklist *r,
    const struct tctl_md *node, struct tctl_outline *out);

/* "pre-deployment", or "phase-2": a heading as a part of ids. */
const char *tctl_checklist_slug(
    struct tctl_checklist *r, const struct tctl_md *node);

/* What the task of a heading is called; names is set to what it may be called
 * else. */
const char *tctl_checklist_id(struct tctl_checklist *r,
    const struct tctl_md *node, const struct tctl_outline *outline,
    struct tctl_checklist_names *names);

/* When all are read: give those of one id others, and note which ids are not
 * the plan's own. */
void tctl_checklist_settle_ids(struct tctl_checklist *r);

#endif
