/* floor: cmd - changes from the page, with --write: a page that asks, and what
 * it sends.  They work without a script. */
#ifndef SERVE_ACT_H
#define SERVE_ACT_H

#include "draw.h"
#include "request.h"

/* The part of a task's page that leads there; nothing without --write. */
void tctl_draw_acts(const struct tctl_draw *draw, struct json_object *task);

/* /act/COMMAND/TASK: ask who, and why. */
tctl_make_fn tctl_act_ask;
/* Do it, and lead back to the task; or ask again, and say why not. */
tctl_make_fn tctl_act_do;

#endif
