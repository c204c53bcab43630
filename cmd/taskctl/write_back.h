/* floor: cmd - what has become of a plan, written into its file. */
#ifndef TASKCTL_CMD_WRITE_BACK_H
#define TASKCTL_CMD_WRITE_BACK_H

#include "plan_file.h"

/* Make the store say what the plan says; with a dry run nothing. */
typedef enum tctl_status tctl_restore_fn(
    void *into, const struct tctl_plan *plan, struct tctl_error *err);

/**
 * Read the file, let the store take it in, and write back what is done; once
 * more from the start if somebody changes the file meanwhile.
 *
 * @param written gets one object: file, places, ticked, unticked, said; with
 *                dry_run also diff
 * @return        TCTL_OK; TCTL_EBUSY: others write it all the time;
 * TCTL_EINVALID and what reading returns; TCTL_EFAILED: it cannot be written
 */
enum tctl_status tctl_write_back(struct tctl_ctx *ctx, const char *path,
    const struct tctl_plan_options *options, bool dry_run,
    tctl_restore_fn *restore, void *into, struct json_object *written,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* What was written, in words. */
void tctl_write_back_text(
    struct tctl_ctx *ctx, FILE *to, struct json_object *answer);

#endif
