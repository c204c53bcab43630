/* floor: work - what may be another since an event. */
#ifndef TASKCTL_WORK_MOVED_H
#define TASKCTL_WORK_MOVED_H

#include "row_ids.h"
#include "view.h"

/**
 * The sprints in which a task may have changed its state by the events in
 * (after, last]; some more than once, 0 for the tasks that are in none.
 *
 * @param known false: something happened of which that cannot be said (an
 *              import, an edit …), or too much
 */
enum tctl_status tctl_moved_sprints(struct tctl_view *view, int64_t after,
    int64_t last, struct tctl_row_ids *sprints, bool *known,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
