/* floor: work - the readiness function, for claims and views alike. */
#ifndef TASKCTL_WORK_WHY_H
#define TASKCTL_WORK_WHY_H

#include "change.h"
#include "view.h"

/* Fill in why a task can or cannot be claimed, as this view sees it. */
enum tctl_status tctl_why_fill(struct tctl_view *view, int64_t row,
    struct tctl_why *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* The task that holds a mutex (NULL: no mutex), or 0. */
enum tctl_status tctl_mutex_holder(struct tctl_view *view, const char *mutex,
    int64_t *holder, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
