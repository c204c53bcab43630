/* floor: plan - the bytes of a plan, before they are parsed. */
#ifndef PLAN_BYTES_H
#define PLAN_BYTES_H

#include "draft.h"

/* Could this be text?  TCTL_EINVALID: it is too long, empty, or has NULs. */
enum tctl_status tctl_bytes_check(
    const char *bytes, size_t length, struct tctl_error *err) TCTL_MUST_CHECK;

/* Take a byte order mark off, or replace *bytes by the repaired text, which
 * *owned (free) then is, and say so in the draft. */
enum tctl_status tctl_bytes_repair(struct tctl_draft *draft, const char **bytes,
    size_t *length, char **owned, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
