/* floor: work - all tasks and their graph, as they are now. */
#ifndef TASKCTL_WORK_OUTLOOK_H
#define TASKCTL_WORK_OUTLOOK_H

#include "network.h"
#include "view.h"

/* Both of one snapshot; on TCTL_OK both are the caller's to release. */
enum tctl_status tctl_outlook_load(const struct tctl_coord *coord,
    enum tctl_detail detail, struct tctl_tasks *tasks,
    struct tctl_network *network, struct tctl_error *err) TCTL_MUST_CHECK;

/* What is left to do of a task, from now on. */
int64_t tctl_outlook_left_s(
    const struct tctl_task *task, int64_t weight_s, int64_t now_ms);

#endif
