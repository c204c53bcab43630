/* floor: work - a plan into the store, and what has become of it back.
 *
 * The plan is borrowed and unchanged; lists of ids and sentences are the
 * answer's, given back by the _release beside it. */
#ifndef TASKCTL_IMPORT_H
#define TASKCTL_IMPORT_H

#include "taskctl/coord.h"
#include "taskctl/plan.h"

struct tctl_import {
	struct tctl_arena *arena;
	struct tctl_strings added;
	struct tctl_strings changed;
	struct tctl_strings removed; /* orphaned, or with prune cancelled */
	struct tctl_strings said;    /* sentences: what changed in each, what
					is kept though the plan differs */
	size_t unchanged;
};
void tctl_import_release(struct tctl_import *import);

/**
 * Make the store say what a plan says, losing no state.
 *
 * @param plan    without errors
 * @param dry_run say what would change, change nothing
 * @param prune   cancel unclaimed tasks that are gone from the plan
 * @return TCTL_OK; TCTL_EINVALID: together with what is there it would be a
 *         cycle
 *
 * Cost: O(plan + what the store has of it), one transaction.
 */
enum tctl_status tctl_plan_import(const struct tctl_coord *coord,
    const struct tctl_caller *who, const struct tctl_plan *plan, bool dry_run,
    bool prune, struct tctl_import *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* What a plan's file has to say other than it does. */
struct tctl_write_back {
	struct tctl_arena *arena;
	bool *done;    /* one a tick of the plan: what it must say */
	size_t places; /* ticks that must change */
	struct tctl_strings ticked, unticked; /* ids, also for their steps */
	/* What changed on both sides, and what the file has no place for. */
	struct tctl_diagnostic *said;
	size_t said_count;
};
void tctl_write_back_release(struct tctl_write_back *out);

/**
 * Compare what a plan's file says is done with what the store does; both were
 * in step when the plan was last imported.  Changes nothing.
 *
 * Cost: O(plan + what the store has of it), one snapshot.
 */
enum tctl_status tctl_write_back_compare(const struct tctl_coord *coord,
    const struct tctl_plan *plan, struct tctl_write_back *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
