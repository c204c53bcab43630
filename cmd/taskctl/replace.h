/* floor: cmd - somebody's file replaced, whole or not at all. */
#ifndef TASKCTL_CMD_REPLACE_H
#define TASKCTL_CMD_REPLACE_H

#include <stdint.h>

#include "taskctl/error.h"

/* A file that is about to be replaced, and the lock on its folder: two that
 * replace files there take turns.  Nothing is left behind by either. */
struct tctl_target {
	char *path; /* of the file itself, where the name was a link's */
	int folder; /* descriptor */
};

/* TCTL_EBUSY: somebody else has been at it for wait_ms. */
enum tctl_status tctl_target_lock(const char *path, int64_t wait_ms,
    struct tctl_target *out, struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_target_unlock(struct tctl_target *target);

/**
 * Replace the file's bytes: a temporary file beside it, its mode and owner,
 * fsync, rename, fsync of the folder.
 *
 * @return TCTL_OK; TCTL_EBUSY: it does not hold the old bytes any more, and was
 *         left alone; TCTL_EFAILED: it cannot be written
 */
enum tctl_status tctl_target_replace(const struct tctl_target *target,
    const char *old, size_t old_length, const char *new, size_t new_length,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
