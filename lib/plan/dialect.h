/* floor: plan - a dialect: a way in which people write plans.
 *
 * A new dialect is a file of its own, over the same source, and a name in
 * plan.c's list.  The surest one reads: 100 and more is a shape that nobody
 * writes by chance, 1 a plan only if nothing else is. */
#ifndef PLAN_DIALECT_H
#define PLAN_DIALECT_H

#include "draft.h"

struct tctl_dialect {
	const char *looks_for; /* for whoever wonders why it was not taken */
	bool is_json;	       /* reads JSON; else Markdown */
	int most; /* the most that recognise says: where another is as sure
		     already it is not asked; 0: anything */
	/* How sure it is that the text is one of its own; 0: it is not.
	 * *why is then what it was recognised by, and belongs to arena. */
	int (*recognise)(const struct tctl_source *source,
	    struct tctl_arena *arena, const char **why);
	/* Fill the draft: tasks, sprints, refs, claims, ticks. */
	void (*read)(struct tctl_draft *draft);
};

extern const struct tctl_dialect tctl_dialect_sprint;
extern const struct tctl_dialect tctl_dialect_speckit;
extern const struct tctl_dialect tctl_dialect_kiro;
extern const struct tctl_dialect tctl_dialect_bullets;
extern const struct tctl_dialect tctl_dialect_todo;
extern const struct tctl_dialect tctl_dialect_tables;
extern const struct tctl_dialect tctl_dialect_mermaid;
extern const struct tctl_dialect tctl_dialect_backlog;
extern const struct tctl_dialect tctl_dialect_taskmaster;
extern const struct tctl_dialect tctl_dialect_beads;
extern const struct tctl_dialect tctl_dialect_taskctl;
extern const struct tctl_dialect tctl_dialect_json;
extern const struct tctl_dialect tctl_dialect_checklist;

#endif
