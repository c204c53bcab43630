/* floor: cmd - a sprint review as a page. */
#ifndef TASKCTL_CMD_REPORT_H
#define TASKCTL_CMD_REPORT_H

#include "ctx.h"
#include "pen.h"

/* Markdown, or HTML that stands for itself: no script, nothing to load. */
void tctl_report_page(
    struct tctl_ctx *ctx, FILE *to, bool html, struct json_object *all);

/* Sprints, agents, lost leases and changes of scope; what is empty, not. */
void tctl_report_lists(
    struct tctl_ctx *ctx, struct tctl_pen *pen, struct json_object *all);

/* A member as "2h30" or as an instant, "" where there is none; the arena's. */
const char *tctl_report_effort(
    struct tctl_ctx *ctx, struct json_object *from, const char *key);
const char *tctl_report_moment(
    struct tctl_ctx *ctx, struct json_object *from, const char *key);

#endif
