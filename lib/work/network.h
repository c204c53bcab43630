/* floor: work - the store's dependencies as a graph. */
#ifndef TASKCTL_WORK_NETWORK_H
#define TASKCTL_WORK_NETWORK_H

#include "change.h"

/* Every task is a node, then every sprint, without weight: a barrier runs from
 * a sprint's tasks to its node, and on to the tasks of the sprint after it. */
struct tctl_network {
	struct tctl_graph graph;
	int64_t *task; /* the store's id of node i < tasks, rising */
	size_t tasks;
	int64_t *weight_s; /* one a node; unknown estimates: the median */
	int64_t *sprint;   /* the store's id of node tasks + i, rising */
	size_t sprints;
};

enum tctl_status tctl_network_read(struct tctl_store *store,
    struct tctl_network *out, struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_network_release(struct tctl_network *network);

/* The node of a task's id, or TCTL_NONE. */
size_t tctl_network_node(const struct tctl_network *network, int64_t task);

/**
 * After edges or estimates have changed: refuse a cycle, and write down each
 * task's longest remaining path, by which claim --next chooses.
 *
 * @return TCTL_OK, or TCTL_EINVALID: err names the whole cycle
 */
enum tctl_status tctl_network_refresh(
    struct tctl_change *change, struct tctl_error *err) TCTL_MUST_CHECK;

/* The cycle of dependencies that is in the store, "a -> b -> a", kept in arena;
 * NULL: there is none. */
enum tctl_status tctl_network_cycle(struct tctl_store *store,
    struct tctl_arena *arena, const char **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
