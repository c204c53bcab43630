/* floor: schedule - when each task could run, and who would do it.
 *
 * Everything here is a pure function on index arrays: no clock, no chance but
 * that of a seed, the same answer on every machine. */
#ifndef TASKCTL_SCHEDULE_H
#define TASKCTL_SCHEDULE_H

#include "taskctl/graph.h"

/* Seconds since the project's start. */
struct tctl_slot {
	int64_t start_s; /* earliest start */
	int64_t end_s;	 /* earliest finish */
	int64_t slack_s; /* total float: 0 on a critical path */
};

/**
 * The critical path method: earliest starts with as many agents as it takes.
 *
 * @param graph    acyclic (checked by assert)
 * @param weight_s durations, >= 0
 * @param slot     room for nodes results
 * @param path     room for nodes indexes: one critical path, first task first;
 *                 nodes of zero weight (barriers) are left in; among equals
 *                 the smallest index
 * @param path_len set to the path's length
 * @return         the makespan, seconds
 *
 * Cost: O(nodes + edges).
 * Source: J. E. Kelley, M. R. Walker, Critical-path planning and scheduling,
 *         1959.
 */
int64_t tctl_schedule_cpm(const struct tctl_graph *graph,
    const int64_t weight_s[], struct tctl_slot slot[], size_t path[],
    size_t *path_len);

/* --- with so many agents ------------------------------------------------- */

/* Tasks to be shared out: the nodes of a graph.  Borrowed throughout; an array
 * that may be NULL then says TCTL_NONE of every node. */
struct tctl_workload {
	const struct tctl_graph *graph; /* acyclic (checked by assert) */
	const int64_t *weight_s; /* what is left of each, >= 0; what has 0 takes
				    no agent */
	const size_t *mutex;	 /* at most one task of a mutex at a time;
				    TCTL_NONE: it has none; or NULL */
	size_t mutexes;
	const size_t *wish; /* the agent that should do it, or NULL */
	bool wish_is_duty;  /* no other agent may */
	/* Who is at it already: it runs from 0 on, needs nothing, and waits
	 * for nobody; >= agents: somebody who is not among the agents, or it
	 * is done (with weight 0).  Or NULL. */
	const size_t *running;
	size_t agents; /* > 0 */
};

struct tctl_effort {
	uint64_t seed;
	/* Placements of one task that the search may try: about 20 million
	 * a second with 100 tasks, fewer with more.  Deciding whether the
	 * best is optimal looks at as many again at the most. */
	int64_t placements;
};

/* Enough for the best known makespan of 99 in 100 graphs of 100 tasks. */
#define TCTL_EFFORT_USUAL INT64_C(1500000)

struct tctl_turn {
	int64_t start_s;
	int64_t end_s;
	size_t agent;	    /* TCTL_NONE: it takes none; >= agents: running,
			       with somebody who is not among them */
	int64_t earliest_s; /* start, were there agents without number */
	int64_t slack_s;    /* how much later it may start, the makespan, the
			       order of each agent and of each mutex kept */
	size_t wave;	    /* from 1: tasks of weight on the longest chain of
			       needs that ends with it; 0: it has no weight */
};

struct tctl_timetable {
	struct tctl_turn *turn; /* one a node */
	int64_t makespan_s;
	int64_t lower_bound_s; /* no schedule is shorter */
	bool optimal;	       /* it is proven that none is */
	/* What decides the makespan: each starts when the one before ends,
	 * which it needs, or whose agent or mutex it takes over.  Where the
	 * needs alone decide it, only needs. */
	size_t *path;
	size_t path_count;
	size_t waves;
};

/**
 * Share tasks out among agents so that all is done soon.
 *
 * @param work   see there
 * @param effort how long to search; the answer depends on nothing else
 * @param out    owned (tctl_timetable_release)
 *
 * List scheduling by the longest remaining path (the order of claim --next),
 * forward-backward improvement, noisy restarts of both from either end; it
 * stops as soon as the lower bound is met.  Up to 64 tasks an exhaustive search
 * follows.  docs/adr/0007-schedule.md.
 *
 * Cost: O(edges + nodes x (agents + log nodes)), and the effort.
 */
void tctl_schedule_share(const struct tctl_workload *work,
    const struct tctl_effort *effort, struct tctl_timetable *out);
void tctl_timetable_release(struct tctl_timetable *timetable);

/* --- working hours ------------------------------------------------------- */

enum { TCTL_SHIFTS_MOST = 64, TCTL_WEEK_S = 7 * 24 * 3600 };

/* When work goes on, in seconds since Monday 00:00; sorted, apart. */
struct tctl_calendar {
	struct {
		int64_t open_s;
		int64_t close_s;
	} shift[TCTL_SHIFTS_MOST];
	size_t shifts;	/* > 0 */
	int64_t week_s; /* of all shifts together */
};

/**
 * Read "mon-fri 09:00-12:00 13:00-17:00, sat 10:00-12:00".
 *
 * Days are English, by at least three letters, as ranges or lists (mon,wed
 * fri-sun); each run of days is followed by its hours. A shift that ends before
 * it begins ends the day after.
 *
 * @param column set when false: the byte, from 1, that was not understood
 * @return       false: no calendar, or shifts overlap
 */
bool tctl_calendar_read(
    const char *text, struct tctl_calendar *out, size_t *column);

/**
 * From working time to time: how long after from_s (seconds since a Monday
 * 00:00) work_s seconds of work are done, and, for start, the next one begins.
 *
 * All agents keep the same hours and a task rests while they do, so a schedule
 * in working time is one in time: nothing is lost by scheduling first.
 *
 * Cost: O(shifts).
 */
int64_t tctl_calendar_end_s(
    const struct tctl_calendar *calendar, int64_t from_s, int64_t work_s);
int64_t tctl_calendar_start_s(
    const struct tctl_calendar *calendar, int64_t from_s, int64_t work_s);

/* --- forecast ------------------------------------------------------------ */

/* A finished task. */
struct tctl_past {
	int64_t started_ms;
	int64_t finished_ms;
	int64_t estimate_s; /* > 0 */
	uint64_t group;	    /* the same for one sprint and agent */
};

/* What is left. */
struct tctl_rest {
	int64_t now_ms;
	int64_t work_s;	      /* by estimates, one task after another */
	int64_t path_s;	      /* the longest path of it */
	size_t agents;	      /* at work now */
	double tasks_on_path; /* about */
};

struct tctl_forecast {
	int64_t p50_ms; /* wall clock: done by then in 50, 90 of 100 cases */
	int64_t p90_ms;
	double pace;	/* actual time, estimates being 1 */
	double at_once; /* tasks in work, on average while any is */
	double at_work; /* part of the time in which any is */
	size_t tasks;	/* that this is told from; 0: there is no forecast */
};

enum { TCTL_FORECAST_LEAST = 3 };

/**
 * When will it be done, if it goes on as it went?
 *
 * What is left takes its longest path, or its work shared out among those at
 * work, whichever is longer, at paces drawn again from the past: first the
 * sprint and agent, then tasks of it (a cluster bootstrap), a thousand times.
 * Nights and pauses count by the part of the time that they took so far; what
 * is longer than a weekend counts as one.
 *
 * @param past order does not matter; sorted here
 * @return     false, out untouched: fewer than TCTL_FORECAST_LEAST tasks
 *
 * Cost: O(1000 x count).
 * Source: B. Efron, Bootstrap methods, Annals of Statistics 7 (1979)
 */
bool tctl_schedule_forecast(struct tctl_past past[], size_t count,
    const struct tctl_rest *rest, uint64_t seed, struct tctl_forecast *out);

#endif
