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

/* What a text names: "Phases 3-5", "US1", "T003-T005"; if nothing and all is
 * allowed, "all phases" before the phase `before` (TCTL_NONE: no phase), or
 * phases by the first word of their titles: "Setup". */
void tctl_order_names(struct tctl_draft *draft, const char *text,
    const char *end, size_t before, struct tctl_named *out);

#endif
