/* floor: work - is the caller the holder of a lease, and its renewal. */
#ifndef TASKCTL_WORK_HOLDER_H
#define TASKCTL_WORK_HOLDER_H

#include "answer.h"

/* Do agent and session, and the token where one is given, match? */
bool tctl_holder_is(
    const struct tctl_lease_row *lease, const struct tctl_caller *who);

/* A caller's standing with a task. */
struct tctl_standing {
	struct tctl_row row;
	struct tctl_lease_row lease;
	bool late; /* it lapsed by time alone, and nobody has come since */
};

/**
 * Let the holder in, and nobody else.
 *
 * @return TCTL_OK: the lease is the caller's, live or late; TCTL_ESTALE: it is
 *         not, or no longer; err says who has the task now; TCTL_ENOTFOUND …
 */
enum tctl_status tctl_holder_admit(struct tctl_change *change,
    const struct tctl_caller *who, const char *id, struct tctl_standing *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Move the end of a live lease: ttl from now, never earlier than it was. */
enum tctl_status tctl_holder_renew(struct tctl_change *change, const char *key,
    const struct tctl_lease_row *lease, int64_t ttl_ms, const char *evidence,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* End leases that live: on record, with a reason. */
enum tctl_status tctl_leases_force(struct tctl_change *change,
    const struct tctl_lease_rows *live, const struct tctl_caller *who,
    const char *why, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
