/* floor: cmd - the ids that were made for a plan, written into its file. */
#ifndef TASKCTL_CMD_FIX_IDS_H
#define TASKCTL_CMD_FIX_IDS_H

#include "plan_file.h"

/**
 * Write them, if any were made; once more from the start if somebody changes
 * the file meanwhile.
 *
 * @param fixed gets an object: file, ids
 * @return      TCTL_OK; TCTL_EINVALID and what reading returns; TCTL_EBUSY,
 *              TCTL_EFAILED: it cannot be written
 */
enum tctl_status tctl_fix_ids(const char *path, int64_t wait_ms,
    const struct tctl_plan_options *options, struct json_object *fixed,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
