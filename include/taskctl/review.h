/* floor: work - what became of a sprint: the numbers of a sprint review. */
#ifndef TASKCTL_REVIEW_H
#define TASKCTL_REVIEW_H

#include <json-c/json.h>

#include "taskctl/work.h"

/* One of tasks, and how the work on it went. */
struct tctl_review_task {
	int64_t actual_s; /* all leases on it, from claim to end, added up */
	size_t lapses;	  /* of them lapsed, died or taken away */
	int64_t done_ms;  /* 0: it is not done */
	/* Of one that failed, as status says it; else NULL. */
	const char *failed_by;
	const char *failed_why;
	bool added; /* to the scope after the sprint had begun */
	/* Of a gate that was approved, as its event says; else NULL, false. */
	const char *approved_by;
	const char *approved_why;
	int64_t approved_ms;
	bool overridden; /* although something was missing */
};

/* What work came to: of an agent, a sprint, or all of them. */
struct tctl_review_sum {
	size_t done;
	size_t lapses;
	int64_t worked_s; /* all leases, whatever came of them */
	/* Of the finished tasks that have an estimate, and were worked on. */
	int64_t planned_s;
	int64_t actual_s;
};

struct tctl_review_agent {
	const char *name;
	struct tctl_review_sum sum;
};

struct tctl_review_sprint {
	struct tctl_sprint_status status;
	struct tctl_review_sum sum;
	int64_t began_ms; /* as below */
	int64_t ended_ms;
};

/* A lease that did not end with a result, and who had the task next. */
struct tctl_review_lapse {
	int64_t at_ms;
	const char *kind; /* of its event: lapsed, died, forced */
	const char *task;
	const char *agent;
	const char *next; /* NULL: nobody yet */
};

/* What changed the scope after the sprint had begun. */
struct tctl_review_change {
	int64_t at_ms;
	const char *kind; /* added, cancelled, orphaned, edited, changed … */
	const char *task;
	const char *agent; /* NULL: an import */
};

/* What was left to do at a moment; effort as in the totals. */
struct tctl_review_point {
	int64_t at_ms;
	size_t tasks;
	int64_t effort_s;
};

struct tctl_review {
	struct tctl_arena *arena;
	const char *plan;   /* its title; NULL: none has one */
	const char *sprint; /* key; NULL: the whole plan */
	const char *title;  /* of the sprint */
	const char *goal;   /* that it states; NULL: none */
	int64_t began_ms;   /* its first claim; 0: not yet */
	int64_t ended_ms;   /* its last result, once nothing is left; or 0 */
	struct tctl_outlook outlook; /* of the whole plan: owns the tasks */
	struct tctl_task *task;	     /* of the scope, in plan order */
	struct tctl_review_task *of; /* one for each of them */
	size_t tasks;
	struct tctl_totals totals;
	struct tctl_review_sum sum;
	struct tctl_review_agent *agent; /* by effort done */
	size_t agents;
	struct tctl_review_sprint *sprints; /* of the scope, in plan order */
	size_t sprint_count;
	struct tctl_review_lapse *lapse;
	size_t lapses;
	struct tctl_review_change *change;
	size_t changes;
	struct tctl_review_point
	    *point; /* evenly, from began to ended or now */
	size_t points;
	struct tctl_strings path; /* critical, of what is left: refs */
	int64_t path_s;
	double median_ratio;	       /* actual to planned; 0: none finished */
	struct tctl_forecast forecast; /* of the whole plan */
	struct tctl_dropped *dropped;  /* what it takes for granted */
	size_t dropped_count;
	int64_t now_ms;
};
void tctl_review_release(struct tctl_review *review);

/**
 * Review a sprint, S or PLAN:S, or with NULL the whole plan, as it is now.
 *
 * @return TCTL_OK; TCTL_ENOTFOUND: there is no such sprint
 *
 * Cost: O(all events + tasks of the plan).
 */
enum tctl_status tctl_review_read(const struct tctl_coord *coord,
    const char *sprint, struct tctl_review *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* The review as the contract's JSON; owned (json_object_put). */
struct json_object *tctl_json_review(const struct tctl_review *review);

#endif
