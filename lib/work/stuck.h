/* floor: work - who is at what, what follows, and where nobody gets on. */
#ifndef TASKCTL_WORK_STUCK_H
#define TASKCTL_WORK_STUCK_H

#include "view.h"

/* Fill in the report's held, frees, stuck (failed tasks only with failed_too)
 * and gates_awaited, of totals that are there already.  Cost: what is in work
 * and what has failed, and what waits for those. */
enum tctl_status tctl_stuck_read(struct tctl_view *view, bool failed_too,
    struct tctl_status_report *report, struct tctl_error *err) TCTL_MUST_CHECK;

/* Who had a task last, how that ended ("" while that is not written down), and
 * what was said of it then; NULL or "" for nothing.  The view's arena's. */
struct tctl_last {
	const char *agent;
	const char *how;
	const char *said;
};

enum tctl_status tctl_last_read(const struct tctl_view *view, int64_t row,
    struct tctl_last *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* "failed: the disk is full", of a task that has failed. */
const char *tctl_last_failed(const struct tctl_view *view,
    const struct tctl_task *task, const struct tctl_last *last);

/* Add a task, and its row, that has failed, or whose lease has lapsed. */
enum tctl_status tctl_stuck_add_ended(const struct tctl_view *view,
    struct tctl_status_report *report, const struct tctl_task *task,
    int64_t row, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
