/* floor: work - tasks as they are now, and why one can or cannot be claimed.
 *
 * Each call reads one snapshot, takes no turn and writes nothing; what it
 * answers is one arena, given back with the _release beside it.  Times are ms
 * since 1970. */
#ifndef TASKCTL_TASKS_H
#define TASKCTL_TASKS_H

#include "taskctl/coord.h"
#include "taskctl/model.h"

/* Tasks read from the store, with everything that the contract shows.  A lease
 * that has lapsed, or whose process is proven dead, counts as ended here the
 * moment it happens, whether anybody has swept or not. */
struct tctl_tasks {
	struct tctl_arena *arena;
	struct tctl_task *at;
	int64_t *row; /* the store's id of each */
	size_t count;
	int64_t now_ms; /* wall clock of the snapshot */
};
void tctl_tasks_release(struct tctl_tasks *tasks);

struct tctl_filter {
	const char *sprint; /* NULL: any */
	const char *agent;  /* planned for, or held by */
	const char *plan;
	unsigned states; /* bit 1 << enum tctl_state; 0: any */
};

/* All tasks that pass the filter (NULL: all), in plan order. */
enum tctl_status tctl_tasks_list(const struct tctl_coord *coord,
    const struct tctl_filter *filter, struct tctl_tasks *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/**
 * Bring a list of all tasks up to date with the events in (after, last]: it
 * was read when after was the newest.  What the tasks say that have changed is
 * added to the list's arena, so it is to be read anew from time to time; and
 * where a lease may have lapsed, which is no event.
 *
 * @param known as for tctl_status_read_since; false: tasks is as it was
 *
 * Cost: O(events + tasks of the sprints that they touch + held tasks).
 */
enum tctl_status tctl_tasks_refresh(const struct tctl_coord *coord,
    int64_t after, int64_t last, struct tctl_tasks *tasks, bool *known,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* What this agent could claim now, in the order of claiming; at most limit.
 * *total is how many there are.  Cost: O(lanes x limit). */
enum tctl_status tctl_tasks_ready(const struct tctl_coord *coord,
    const char *agent, const char *sprint, size_t limit, struct tctl_tasks *out,
    size_t *total, struct tctl_error *err) TCTL_MUST_CHECK;

/* What the caller holds; agent NULL: every held task. */
enum tctl_status tctl_tasks_held(const struct tctl_coord *coord,
    const char *agent, const char *session, struct tctl_tasks *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* One task.  TCTL_ENOTFOUND, TCTL_EINVALID: ambiguous. */
enum tctl_status tctl_task_show(const struct tctl_coord *coord, const char *id,
    struct tctl_tasks *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- why ----------------------------------------------------------------- */

enum tctl_reason_kind {
	TCTL_WHY_STATE,	   /* done, failed, cancelled */
	TCTL_WHY_LEASE,	   /* somebody holds it */
	TCTL_WHY_NEEDS,	   /* a dependency is not done */
	TCTL_WHY_SPRINT,   /* an earlier sprint is not done */
	TCTL_WHY_MUTEX,	   /* another task holds the mutex */
	TCTL_WHY_STEP,	   /* an earlier step is not done */
	TCTL_WHY_GATE,	   /* the gate before its sprint is not approved */
	TCTL_WHY_IS_GATE,  /* it is a gate, which nobody claims */
	TCTL_WHY_RESERVED, /* a file of it is reserved for another task */
	/* What keeps a gate from being approved. */
	TCTL_WHY_CRITERION, /* one of its criteria is open */
	TCTL_WHY_JUDGED,    /* a task that it judges is not done */
};

struct tctl_reason {
	enum tctl_reason_kind kind;
	const char *text;  /* one sentence */
	const char *other; /* the task or sprint that it is about, or NULL */
	const char *other_state; /* its state's word, or NULL */
};

/* Exactly why a task can or cannot be claimed now: what claim refuses with,
 * what ready leaves out, what status calls stuck. */
struct tctl_why {
	struct tctl_tasks task; /* the one */
	bool claimable;
	struct tctl_reason *reason;
	size_t reason_count;
	const char *last_end; /* how its last lease ended, or NULL */
	const char *last_agent;
	int64_t last_end_ms;
	const char *last_worktree;
	bool witnessed; /* its process may be believed dead when it is gone */
	/* The lease that what bars it is reserved with, or NULL. */
	const struct tctl_lease *reserver;
};
void tctl_why_release(struct tctl_why *why);

enum tctl_status tctl_why_read(const struct tctl_coord *coord, const char *id,
    struct tctl_why *out, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
