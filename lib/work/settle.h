/* floor: work - what every full change does first. */
#ifndef TASKCTL_WORK_SETTLE_H
#define TASKCTL_WORK_SETTLE_H

#include "change.h"
#include "identity.h"

/* Make the store another one if it is a copy, end what time and death have
 * ended, and give a lease its time anew where clocks do not compare. */
enum tctl_status tctl_settle(struct tctl_change *change,
    const struct tctl_identity *row, const struct tctl_clock *clock,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
