/* floor: work - a lease as the store has it, and the judgement of it. */
#ifndef TASKCTL_WORK_LEASE_ROW_H
#define TASKCTL_WORK_LEASE_ROW_H

#include "row_ids.h"
#include "taskctl/work.h"

struct tctl_lease_row {
	int64_t task; /* 0: the task was never claimed */
	int64_t token;
	const char *agent;
	const char *session;
	const char *ended; /* NULL: live */
	int64_t expires_boot;
	int64_t renewed_boot;
	int64_t active_boot;
	int64_t acquired_boot;
	int64_t ttl_ms;
	int64_t acquired_ms;
	int64_t renewed_ms;
	int64_t ended_ms;
	const char *evidence;
	const char *host;
	const char *worktree;
	struct tctl_process process; /* pid 0: none */
	bool witnessed;
	bool reserved; /* there may be reservations that go with it */
};

struct tctl_lease_rows {
	struct tctl_lease_row *at;
	size_t count;
};

/* The lease of a task (task 0: it never had one), and all that are live. */
enum tctl_status tctl_lease_read(struct tctl_store *store,
    struct tctl_arena *arena, int64_t task, struct tctl_lease_row *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_lease_read_due(struct tctl_store *store,
    struct tctl_arena *arena, int64_t now_boot, struct tctl_lease_rows *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_lease_read_live(struct tctl_store *store,
    struct tctl_arena *arena, struct tctl_lease_rows *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* How the store's clock compares with now. */
struct tctl_clock {
	struct tctl_now now;
	bool same_boot;	   /* boot ids agree: times compare */
	bool same_machine; /* machine ids agree, and there is one */
	bool many_plans;   /* of the store, read with the clock */
	bool went_back;	   /* within one boot: a VM restored from a snapshot */
};

/* Read both clocks; inside a transaction. */
enum tctl_status tctl_clock_read(struct tctl_store *store,
    struct tctl_clock *out, struct tctl_error *err) TCTL_MUST_CHECK;

enum tctl_verdict {
	TCTL_LIVE,   /* nothing speaks against it */
	TCTL_LAPSED, /* its time is over */
	TCTL_DIED,   /* its process is proven dead */
};

/**
 * Judge a live lease: the one function behind every claim, sweep and view.
 *
 * @param seen set to true if its process was seen alive just now; may be NULL
 */
enum tctl_verdict tctl_lease_judge(const struct tctl_lease_row *lease,
    const struct tctl_clock *clock, bool *seen);

/* Wall-clock time at which it ends, for showing. */
int64_t tctl_lease_expires_ms(const struct tctl_lease_row *lease);

#endif
