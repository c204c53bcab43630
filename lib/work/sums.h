/* floor: work - what the tasks of sprints add up to. */
#ifndef TASKCTL_WORK_SUMS_H
#define TASKCTL_WORK_SUMS_H

#include "view.h"

/* Set totals and sprints of the report: of all tasks.  *path_s: the longest
 * path that remains.  Reads every task. */
enum tctl_status tctl_sums_read(struct tctl_view *view,
    struct tctl_status_report *out, int64_t *path_s,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* The same of some sprints only (0: the tasks that are in none), and of those
 * in which anybody holds a task.  The totals are theirs. */
enum tctl_status tctl_sums_read_some(struct tctl_view *view,
    const int64_t sprint[], size_t count, struct tctl_status_report *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
