/* sprint_merge.c - sprints that a plan names several times. */
#include <string.h>

#include "parts.h"

/* A sprint that is named again ("Sprint 1: review") is the same one. */
void
tctl_sprints_merge(struct tctl_draft *draft)
{
	struct tctl_plan *plan = draft->plan;
	size_t *to = tctl_arena_alloc(
	    plan->arena, (plan->sprint_count + 1) * sizeof(*to));
	size_t kept = 0;

	for (size_t i = 0; i < plan->sprint_count; i++) {
		const char *key = plan->sprint[i].key;
		size_t first = tctl_draft_find_sprint(draft, key, strlen(key));

		if (first < i) {
			to[i] = to[first];
			plan->sprint[to[i]].complete |=
			    plan->sprint[i].complete;
			continue;
		}
		to[i] = kept;
		draft->sprint_place[kept] = draft->sprint_place[i];
		draft->sprint_order[kept] = draft->sprint_order[i];
		plan->sprint[kept++] = plan->sprint[i];
	}
	for (size_t i = 0; i < plan->task_count; i++)
		if (plan->task_sprint[i] != TCTL_NONE)
			plan->task_sprint[i] = to[plan->task_sprint[i]];
	for (size_t i = 0; i < draft->claim_count; i++)
		if (draft->claim[i].sprint != TCTL_NONE)
			draft->claim[i].sprint = to[draft->claim[i].sprint];
	for (size_t i = 0; i < draft->table_count; i++)
		if (draft->table[i].sprint != TCTL_NONE)
			draft->table[i].sprint = to[draft->table[i].sprint];
	for (size_t i = 0; i < draft->loose_count; i++)
		if (draft->loose[i].sprint != TCTL_NONE)
			draft->loose[i].sprint = to[draft->loose[i].sprint];
	for (size_t i = 0; i < draft->decision_count; i++)
		if (draft->decision[i].sprint != TCTL_NONE)
			draft->decision[i].sprint =
			    to[draft->decision[i].sprint];
	plan->sprint_count = kept;
}
