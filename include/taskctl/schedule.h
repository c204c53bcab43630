/* floor: schedule - when each task could run: the critical path method. */
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

#endif
