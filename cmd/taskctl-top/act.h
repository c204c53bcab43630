/* floor: cmd - changing a task from the board. */
#ifndef TASKCTL_TOP_ACT_H
#define TASKCTL_TOP_ACT_H

#include "top.h"

/* Do what was confirmed, as the command of that name does, and say what came of
 * it.  ctx->refresh is set where files beside the store are to follow. */
void tctl_top_do(
    struct tctl_ctx *ctx, const struct tctl_who *who, struct tctl_top *top);

#endif
