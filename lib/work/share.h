/* floor: work - a schedule for agents while it is made. */
#ifndef TASKCTL_WORK_SHARE_H
#define TASKCTL_WORK_SHARE_H

#include "outlook.h"

/* The workload while it is made: arrays by node of the network. */
struct tctl_sharer {
	const struct tctl_share_req *req;
	struct tctl_share *out;
	struct tctl_network network;
	struct tctl_workload work;
	size_t *node; /* of a task */
	size_t *mutex, *wish, *running;
	const char **norm; /* names as they are compared */
	struct tctl_arena *arena;
};

/* Nothing is left to do of it. */
bool tctl_sharer_is_over(
    const struct tctl_sharer *s, const struct tctl_task *task);
/* Who works on it now, or NULL. */
const char *tctl_sharer_holder(
    const struct tctl_sharer *s, const struct tctl_task *task);

/* The agent that a name means, or TCTL_NONE. */
size_t tctl_sharer_find(const struct tctl_sharer *s, const char *name);

/* Fill out->names: as many as are asked for, or those that are named. */
void tctl_sharer_name_agents(struct tctl_sharer *s);
enum tctl_status tctl_sharer_take_names(
    struct tctl_sharer *s, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
