/* floor: cmd - a sprint review as a page. */
#ifndef TASKCTL_CMD_REPORT_H
#define TASKCTL_CMD_REPORT_H

#include "ctx.h"

/* Markdown, or HTML that stands for itself: no script, nothing to load. */
void tctl_report_page(
    struct tctl_ctx *ctx, FILE *to, bool html, struct json_object *all);

#endif
