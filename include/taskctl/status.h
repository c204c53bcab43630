/* floor: work - how far the plan is, what is stuck, when it may be done.
 *
 * Estimates and sums are seconds, moments ms since 1970.  A report is given
 * back by tctl_status_release. */
#ifndef TASKCTL_STATUS_H
#define TASKCTL_STATUS_H

#include "taskctl/schedule.h"
#include "taskctl/tasks.h"

struct tctl_totals {
	size_t state[TCTL_STATE_COUNT];
	size_t tasks;
	int64_t estimate_s; /* of all that are not cancelled */
	int64_t done_s;
	int percent; /* -1: nothing to do */
};

/* The totals of both. */
void tctl_totals_add(struct tctl_totals *to, const struct tctl_totals *from);

struct tctl_sprint_status {
	int64_t row; /* the store's id of it; 0: tasks of no sprint */
	const char *key;
	const char *title;
	const char *goal; /* NULL: the plan states none */
	const char *plan;
	const char *after;
	bool complete;
	enum tctl_state state; /* done, claimed: begun, ready, pending */
	struct tctl_totals totals;
};

/* Why somebody should look at a task. */
enum tctl_stuck_kind {
	TCTL_STUCK_LAPSED, /* its lease ended without a result */
	TCTL_STUCK_FAILED,
	TCTL_STUCK_LATE,    /* in work for longer than its estimate */
	TCTL_STUCK_BLOCKED, /* of all that wait for one task, the longest */
	TCTL_STUCK_MUTEX,   /* could begin, but for a mutex that is held */
	TCTL_STUCK_GATE,    /* waits for nothing but its approval */
};

struct tctl_stuck {
	enum tctl_stuck_kind kind;
	const char *task;
	const char *title;
	const char *sprint; /* NULL: none */
	const char *agent;  /* who has it, had it last, or it waits for */
	const char *why;
	const char *next; /* the command that most likely helps */
};

/* "failed", "lapsed", "late", … */
const char *tctl_stuck_word(enum tctl_stuck_kind kind);

/* Failed: the forecast holds if it is reopened.  Or cancelled, though something
 * that is left waits for it: if nothing needs it any more. */
struct tctl_dropped {
	const char *task;
	enum tctl_state state;
};

struct tctl_status_report {
	struct tctl_arena *arena;
	const char *title; /* of the plan, where there is one; else NULL */
	struct tctl_totals totals;
	struct tctl_sprint_status *sprint;
	size_t sprint_count;
	struct tctl_tasks held;	    /* with their leases */
	struct tctl_strings *frees; /* of each: what is ready once it is done */
	struct tctl_stuck *stuck;
	size_t stuck_count;
	size_t gates_awaited;	 /* only wait to be approved */
	struct tctl_tasks ready; /* the first few */
	size_t ready_count;
	struct tctl_forecast forecast; /* of 0 tasks: there is none yet */
	struct tctl_dropped *dropped;  /* what it takes for granted */
	size_t dropped_count;
	int64_t now_ms;
};
void tctl_status_release(struct tctl_status_report *report);

enum tctl_status tctl_status_read(const struct tctl_coord *coord,
    size_t ready_limit, struct tctl_status_report *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/**
 * What of it may be another since an event: of the sprints, those in which a
 * task may have changed its state; the totals are theirs.  Whoever has the
 * report up to that event can bring it up to date with this.  Failed tasks are
 * not among those that are stuck (tctl_status_add_failed); no forecast.
 *
 * @param known false: something happened of which that cannot be said (an
 *              import, an edit …), or too much; out is not set
 *
 * Cost: O(events + tasks of those sprints + held tasks + sprints), not of all.
 */
enum tctl_status tctl_status_read_since(const struct tctl_coord *coord,
    int64_t after, int64_t last, size_t ready_limit,
    struct tctl_status_report *out, bool *known,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Add the failed tasks of a sprint (key and plan NULL: of none) to what is
 * stuck, at most so many. */
enum tctl_status tctl_status_add_failed(const struct tctl_coord *coord,
    const char *key, const char *plan, size_t limit,
    struct tctl_status_report *report, struct tctl_error *err) TCTL_MUST_CHECK;

/* When a sprint was begun, and when its last finished task was finished, ms
 * since 1970; 0: never. */
enum tctl_status tctl_sprint_span(const struct tctl_coord *coord,
    const char *key, const char *plan, int64_t *started_ms,
    int64_t *finished_ms, struct tctl_error *err) TCTL_MUST_CHECK;

/* Percent of what the other members say. */
void tctl_totals_set_percent(struct tctl_totals *totals);

/* Write .tasks/sprint_status.json, replaced atomically.  One writer at a time,
 * each reading after its turn has come, so that the last one is the newest. */
enum tctl_status tctl_status_file_write(
    const struct tctl_coord *coord, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
