/* floor: work - taking a task, renewing, giving back.
 *
 * A refusal is a result: it says by whom or why, and has changed nothing but
 * what had lapsed.  Answers are given back by tctl_answer_release, also those
 * of a refusal. */
#ifndef TASKCTL_LEASE_H
#define TASKCTL_LEASE_H

#include "taskctl/tasks.h"

/* What a change answers with: the task as it is afterwards, and more. */
struct tctl_answer {
	struct tctl_tasks task; /* the tasks concerned, usually one */
	bool already; /* held already; done already; nothing changed */
	bool late;    /* the lease had lapsed and was taken up again */
	struct tctl_strings now_ready; /* ids */
	struct tctl_strings warned;    /* sentences for standard error */
	size_t open_steps;
	/* After a refusal: why, and who has it (task.at[0].lease). */
	struct tctl_why why;
	size_t remaining; /* TCTL_ENONE: tasks that are not finished */
};
void tctl_answer_release(struct tctl_answer *answer); /* zeroed is fine */

/**
 * Take a task: one statement decides, inside one transaction.
 *
 * @param ttl_ms -1: the configured one
 * @return TCTL_OK; TCTL_ETAKEN, TCTL_ENOTREADY: out->why says; TCTL_ENOTFOUND;
 *         TCTL_EINVALID: ambiguous; TCTL_EBUSY.  On every refusal nothing was
 *         changed but what had lapsed
 *
 * Cost: O(log tasks + live leases).  Safe to repeat: the same agent and session
 * get the same token.
 * Source: fencing tokens: C. Gray, D. Cheriton, Leases, SOSP 1989; M. Burrows,
 *         The Chubby lock service, OSDI 2006 (sequencers)
 */
enum tctl_status tctl_lease_claim(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id, int64_t ttl_ms,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* Take the next ready task; what the caller holds already comes first unless
 * another is asked for.  TCTL_ENONE: out->remaining, out->warned say. */
enum tctl_status tctl_lease_claim_next(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *sprint, bool another,
    int64_t ttl_ms, struct tctl_answer *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Renew leases: of the tasks named, or with none all of the caller's. */
enum tctl_status tctl_lease_heartbeat(const struct tctl_coord *coord,
    const struct tctl_caller *who, const struct tctl_strings *ids,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* Note that the holder works in another worktree from now on, and as which
 * session: what tells it apart where the caller has not said. */
enum tctl_status tctl_lease_settle_in(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id, const char *worktree,
    const char *session, struct tctl_error *err) TCTL_MUST_CHECK;

/* Cron's form: extends what provably lives on this host, ends what is provably
 * dead, leaves the rest to its TTL. */
struct tctl_sweep_result {
	size_t extended;
	size_t left;		 /* neither proof; their TTL decides */
	size_t ended;		 /* lapsed or dead */
	struct tctl_strings ids; /* of the tasks whose lease ended */
	struct tctl_arena *arena;
};
enum tctl_status tctl_lease_heartbeat_host(const struct tctl_coord *coord,
    const char *host, struct tctl_sweep_result *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* End leases that lapsed or whose process is gone, as every claim does. */
enum tctl_status tctl_lease_sweep(const struct tctl_coord *coord,
    struct tctl_sweep_result *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* Finish, give back, give back as failed.  TCTL_ESTALE: not (or no longer) the
 * caller's; nothing was changed. */
enum tctl_status tctl_lease_done(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id, const char *note,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_lease_release(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id, const char *note, bool force,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_lease_fail(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id, const char *why,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
