/* floor: plan - places that say whether a task is done. */
#ifndef PLAN_STATUS_H
#define PLAN_STATUS_H

#include "draft.h"

/* "Done", "[x]", "100 %", a tick and nothing else; not "[nicht fertig]",
 * not "90 % done". */
bool tctl_status_is_done(const char *text, size_t length);

/* "Cancelled", and not "not cancelled". */
bool tctl_status_is_cancelled(const char *text, size_t length);

/* Take the text, which is the line's own, as what the task's state is: set
 * ticked, and note the place for whoever writes back. */
void tctl_status_apply(struct tctl_draft *draft, size_t task,
    const struct tctl_md_line *line, const char *text, size_t length);

#endif
