/* floor: work - reservations as the store has them, and what they get in the
 * way of. */
#ifndef TASKCTL_WORK_RESERVED_H
#define TASKCTL_WORK_RESERVED_H

#include "change.h"
#include "taskctl/reserve.h"
#include "view.h"

/* What is reserved for one task. */
struct tctl_reserved {
	int64_t task;
	const struct tctl_lease_row *lease;
	struct tctl_patterns list;
	size_t first; /* of its reservations, in struct tctl_reservations */
};

struct tctl_reserved_all {
	struct tctl_reserved *at; /* by task */
	size_t count;
};

/* All that hold, in the eyes of this view. */
enum tctl_status tctl_reserved_read(struct tctl_view *view,
    struct tctl_reserved_all *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* Those of one lease, also of one that has lapsed. */
enum tctl_status tctl_reserved_of(struct tctl_store *store,
    struct tctl_arena *arena, int64_t task, int64_t token,
    struct tctl_patterns *out, struct tctl_error *err) TCTL_MUST_CHECK;

/**
 * What is in the way of a list for a task: others' reservations that it meets.
 *
 * @param from  as in tctl_patterns_meet
 * @param most  enough of them
 * @param count how many were found
 */
enum tctl_status tctl_reserved_meet(struct tctl_view *view,
    const struct tctl_reserved_all *all, int64_t task,
    const struct tctl_patterns *list, size_t from, size_t most,
    struct tctl_clash *clash, size_t *count,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* One sentence: what meets what, whose it is, until when. */
const char *tctl_clash_text(
    struct tctl_arena *arena, const struct tctl_clash *clash);

/* The files that a task's plan names, as patterns. */
enum tctl_status tctl_reserved_files(struct tctl_store *store,
    struct tctl_arena *arena, int64_t task, struct tctl_patterns *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* With reserve.on_claim: can the task not be claimed for what is reserved for
 * others? */
enum tctl_status tctl_reserved_bars(struct tctl_view *view,
    const struct tctl_reserved_all *all, int64_t task, bool *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Keep patterns for a lease, behind the count that it has. */
enum tctl_status tctl_reserved_keep(struct tctl_change *change, int64_t task,
    int64_t token, const struct tctl_patterns *list, size_t from,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* The lease is dead for ever, and what goes with it too. */
enum tctl_status tctl_reserved_end(struct tctl_change *change,
    const struct tctl_lease_row *lease, struct tctl_error *err) TCTL_MUST_CHECK;

/* {"patterns": [...]}, for an event; from the from-th on. */
struct json_object *tctl_reserved_data(
    const struct tctl_patterns *list, size_t from);

/* The same of a claim, inside its change; files is what it would reserve. */
enum tctl_status tctl_reserved_ask(struct tctl_change *change, int64_t task,
    struct tctl_patterns *files, bool *is_barred,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* The lease is granted: reserve them with it. */
enum tctl_status tctl_reserved_grant(struct tctl_change *change,
    struct tctl_lease_row *lease, const struct tctl_patterns *files,
    const struct tctl_actor *actor, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
