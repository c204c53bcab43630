/* floor: work - the readiness function, for claims and views alike. */
#ifndef TASKCTL_WORK_WHY_H
#define TASKCTL_WORK_WHY_H

#include "change.h"
#include "view.h"

/* Fill in why a task can or cannot be claimed, as this view sees it. */
enum tctl_status tctl_why_fill(struct tctl_view *view, int64_t row,
    struct tctl_why *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* Add what order has against a task: earlier steps and sprints, gates; and what
 * keeps a gate from being approved.  out->task is loaded. */
enum tctl_status tctl_why_order(struct tctl_why *out, struct tctl_view *view,
    int64_t row, struct tctl_error *err) TCTL_MUST_CHECK;

/* Add a reason; texts are kept. */
void tctl_why_add(struct tctl_why *why, struct tctl_arena *arena,
    enum tctl_reason_kind kind, const char *other, const char *other_state,
    const char *text);

/* The task that holds a mutex (NULL: no mutex), or 0. */
enum tctl_status tctl_mutex_holder(struct tctl_view *view, const char *mutex,
    int64_t *holder, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
