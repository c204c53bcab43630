/* floor: work - what is still to be done, on a time line: as many agents as it
 * takes, or shared out to so many.
 *
 * Times are seconds from the snapshot's now_ms. */
#ifndef TASKCTL_OUTLOOK_H
#define TASKCTL_OUTLOOK_H

#include "taskctl/schedule.h"
#include "taskctl/tasks.h"

/* Earliest starts over everything that is not cancelled, as many agents as it
 * takes; slot[i] is of tasks.at[i]. */
struct tctl_outlook {
	struct tctl_tasks tasks;
	struct tctl_slot *slot;
	int64_t sequential_s;
	int64_t makespan_s;
	size_t agents;	    /* how many would work at once at the most */
	bool mutex_overlap; /* two tasks of one mutex would overlap: the
			       makespan is a lower bound only */
	size_t *path;	    /* indexes of tasks: one critical path */
	size_t path_count;
	/* What follows what, but for sprints: needs, steps, gates. */
	struct tctl_edge *edge;
	size_t edge_count;
};
void tctl_outlook_release(struct tctl_outlook *outlook);

/* from_now: done work takes no time, running work what is left of it. */
enum tctl_status tctl_outlook_read(const struct tctl_coord *coord,
    bool from_now, struct tctl_outlook *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* How a plan is to be shared out. */
struct tctl_share_req {
	size_t agents; /* as many, named by what they hold and what is planned
			  for them; 0: those in names */
	struct tctl_strings names;
	bool strict;	      /* what is planned for one agent, no other does */
	bool whole;	      /* as if nothing were done or begun */
	const char *calendar; /* working hours in local time; or NULL: always */
	struct tctl_effort effort;
};

enum { TCTL_AGENTS_MOST = 1000 };

/* Who does what when, from now on; turn[i] is of tasks.at[i].  Times are
 * seconds from tasks.now_ms, rests by the calendar included. */
struct tctl_share {
	struct tctl_tasks tasks;
	struct tctl_turn *turn;
	const char **agent; /* of each turn, or NULL: it takes none */
	struct tctl_strings names;
	int64_t sequential_s; /* working time */
	int64_t makespan_s;
	int64_t lower_bound_s;
	bool optimal;
	int64_t assumed_s; /* of each task, where nothing is estimated; or 0 */
	size_t *path;	   /* indexes of tasks: what decides the makespan */
	size_t path_count;
	size_t waves;
};
void tctl_share_release(struct tctl_share *share);

/* TCTL_EINVALID: the calendar, the agents' names, or with strict a task is
 * planned for somebody who is not among them. */
enum tctl_status tctl_share_read(const struct tctl_coord *coord,
    const struct tctl_share_req *req, struct tctl_share *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
