/* floor: plan - sprints that are known by what their tasks say.
 *
 * Tasks are put into groups while they are read, in any order; a group becomes
 * a sprint where its name is met first. */
#ifndef PLAN_GROUPS_H
#define PLAN_GROUPS_H

#include "draft.h"

struct tctl_groups {
	struct tctl_group {
		size_t task;
		const char *key, *title; /* kept */
		struct tctl_place place;
	} * at;
	size_t count;
};

void tctl_groups_add(struct tctl_draft *draft, struct tctl_groups *groups,
    const struct tctl_group *group);

/* Make the sprints, and put the tasks into them. */
void tctl_groups_settle(
    struct tctl_draft *draft, const struct tctl_groups *groups);

#endif
