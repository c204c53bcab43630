/* floor: cmd - making .tasks/: for init, and for what rebuilds it. */
#ifndef TASKCTL_CMD_INIT_H
#define TASKCTL_CMD_INIT_H

#include "ctx.h"

/* Find .tasks/, or make the folder where one belongs; read its configuration,
 * choose the store.  *overlay: see tctl_store_fit. */
enum tctl_status tctl_init_place(struct tctl_ctx *ctx, bool *overlay,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Write what is for git and is not there yet; the paths are added to list. */
enum tctl_status tctl_init_files(const char *root, bool scripts,
    struct json_object *list, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
