/* floor: cmd - what happened since the last commit, task by task. */
#ifndef TASKCTL_GIT_SUMMARY_H
#define TASKCTL_GIT_SUMMARY_H

#include "git.h"

/* What can be said of a task, in the order of importance.  What is UPDATED was
 * only touched: a note, a step, a field. */
enum tctl_git_outcome {
	TCTL_GIT_DONE,
	TCTL_GIT_FAILED,
	TCTL_GIT_CLAIMED,
	TCTL_GIT_FREE_AGAIN,
	TCTL_GIT_REOPENED,
	TCTL_GIT_CANCELLED,
	TCTL_GIT_ADDED,
	TCTL_GIT_UPDATED,
	TCTL_GIT_OUTCOME_COUNT,
};

struct tctl_git_item {
	const char *key; /* plan, newline, task */
	const char *task;
	const char *plan;
	const char *agent;
	int64_t token;
	enum tctl_git_outcome outcome;
	size_t order; /* when its outcome came about */
};

struct tctl_git_summary {
	struct tctl_arena *arena;
	void *by_key; /* tree of struct tctl_git_item (search.h) */
	struct tctl_git_item **item;
	size_t item_count;
	size_t event_count;
	int64_t last;
	size_t clock;	   /* counts outcomes */
	const char *actor; /* whoever did anything last */
};

#endif
