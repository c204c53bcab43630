/* floor: plan - a section that says what depends on what:
 *
 *     ## Dependencies
 *     - **Story 2 (Phase 4)**: Depends on Phase 2 and Phase 3
 *     - T010 depends on T003, T004
 */
#ifndef PLAN_ORDER_H
#define PLAN_ORDER_H

#include "draft.h"

/* What a side of such a sentence names; indexes, repeats allowed. */
struct tctl_named {
	size_t *sprint;
	size_t sprint_count;
	size_t *task;
	size_t task_count;
};

/* Read all sections on dependencies once the draft's tasks are indexed.  A
 * phase that depends on one other follows it; on more, its tasks need the
 * others' tasks. */
void tctl_order_read(struct tctl_draft *draft);

/* What names phases, looked up once. */
struct tctl_namer {
	struct tctl_draft *draft;
	long *story;	    /* one a sprint: 3 of "User Story 3"; 0: none */
	const char **first; /* the first word of its title, folded; or NULL */
	bool no_titles;	    /* only numbers and ids name something */
	/* Steps that may still be made: "Phases 1-999" is a thousand. */
	size_t room;
};

void tctl_namer_init(struct tctl_namer *namer, struct tctl_draft *draft);

/* What a text names: "Phases 3-5", "US1", "T003-T005"; if nothing, "all
 * stories" (before the phase `before`, if that is one), "all phases" before
 * it, or phases by the first word of their titles: "Setup". */
void tctl_namer_read(struct tctl_namer *namer, const char *text,
    const char *end, size_t before, struct tctl_named *out);

#endif
