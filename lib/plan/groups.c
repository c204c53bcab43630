/* groups.c - from the names that tasks give their sprints to sprints. */
#include <string.h>

#include "groups.h"

void
tctl_groups_add(struct tctl_draft *draft, struct tctl_groups *groups,
    const struct tctl_group *group)
{
	groups->at = tctl_arena_grow(
	    draft->plan->arena, groups->at, groups->count, sizeof(*groups->at));
	groups->at[groups->count++] = *group;
}

void
tctl_groups_settle(struct tctl_draft *draft, const struct tctl_groups *groups)
{
	struct tctl_arena *arena = draft->plan->arena;
	size_t *sprint =
	    tctl_arena_alloc(arena, (groups->count + 1) * sizeof(*sprint));
	struct tctl_index index = { 0 };

	for (size_t i = 0; i < groups->count; i++)
		tctl_index_add(arena, &index, groups->at[i].key, i);
	tctl_index_build(&index);
	for (size_t i = 0; i < groups->count; i++) {
		const struct tctl_group *group = &groups->at[i];
		size_t first = tctl_index_find(&index, group->key);

		sprint[i] = first < i ? sprint[first]
				      : tctl_draft_sprint(draft, group->key,
					    group->title, group->place);
		draft->plan->task_sprint[group->task] = sprint[i];
	}
}
