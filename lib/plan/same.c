/* same.c - do two texts say the same plan? */
#include <string.h>

#include "taskctl/plan.h"

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
same_task(const struct tctl_plan *a, const struct tctl_plan *b, size_t i)
{
	const struct tctl_task *x = &a->task[i], *y = &b->task[i];

	if (!same_text(x->id, y->id) || !same_text(x->title, y->title) ||
	    !same_text(x->planned_agent, y->planned_agent) ||
	    !same_text(x->mutex, y->mutex) || x->priority != y->priority ||
	    x->estimate_s != y->estimate_s || x->ticked != y->ticked ||
	    x->is_gate != y->is_gate ||
	    a->task_sprint[i] != b->task_sprint[i] ||
	    a->follows[i] != b->follows[i] || x->needs.count != y->needs.count)
		return false;
	for (size_t n = 0; n < x->needs.count; n++)
		if (strcmp(x->needs.at[n], y->needs.at[n]) != 0)
			return false;
	return true;
}

bool
tctl_plan_same(const struct tctl_plan *a, const struct tctl_plan *b)
{
	if (a->task_count != b->task_count ||
	    a->sprint_count != b->sprint_count)
		return false;
	for (size_t i = 0; i < a->task_count; i++)
		if (!same_task(a, b, i))
			return false;
	for (size_t s = 0; s < a->sprint_count; s++)
		if (!same_text(a->sprint[s].key, b->sprint[s].key) ||
		    a->sprint[s].after != b->sprint[s].after ||
		    a->sprint[s].gate != b->sprint[s].gate)
			return false;
	return true;
}
