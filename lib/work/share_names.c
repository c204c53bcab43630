/* share_names.c - for whom a plan is shared out: agents by name. */
#include <stdlib.h>
#include <string.h>

#include "share.h"

bool
tctl_sharer_is_over(const struct tctl_sharer *s, const struct tctl_task *task)
{
	return task->state == TCTL_STATE_CANCELLED ||
	       (task->state == TCTL_STATE_DONE && !s->req->whole);
}

const char *
tctl_sharer_holder(const struct tctl_sharer *s, const struct tctl_task *task)
{
	return s->req->whole || task->lease == NULL ? NULL : task->lease->agent;
}

static const char *
normal(const struct tctl_sharer *s, const char *name)
{
	char norm[TCTL_AGENT_MAX];

	tctl_agent_normalise(name, norm);
	return tctl_arena_strdup(s->arena, norm);
}

static size_t
find(const struct tctl_sharer *s, const char *norm)
{
	for (size_t i = 0; i < s->out->names.count; i++)
		if (strcmp(s->norm[i], norm) == 0)
			return i;
	return TCTL_NONE;
}

size_t
tctl_sharer_find(const struct tctl_sharer *s, const char *name)
{
	char norm[TCTL_AGENT_MAX];

	tctl_agent_normalise(name, norm);
	return find(s, norm);
}

static bool
add_name(struct tctl_sharer *s, const char *name)
{
	const char *norm = normal(s, name);

	if (find(s, norm) != TCTL_NONE)
		return false;
	s->norm = tctl_arena_grow(
	    s->arena, s->norm, s->out->names.count, sizeof(*s->norm));
	s->norm[s->out->names.count] = norm;
	tctl_strings_add(s->arena, &s->out->names, name);
	return true;
}

struct planned {
	const char *norm;
	const char *name;
	int64_t work_s;
	size_t first; /* task that it is first named by */
};

static int
by_norm(const void *a, const void *b)
{
	const struct planned *x = a, *y = b;
	int order = strcmp(x->norm, y->norm);

	return order != 0 ? order
			  : (x->first > y->first) - (x->first < y->first);
}

static int
by_work(const void *a, const void *b)
{
	const struct planned *x = a, *y = b;

	if (x->work_s != y->work_s)
		return x->work_s > y->work_s ? -1 : 1;
	return (x->first > y->first) - (x->first < y->first);
}

/* Those who are planned for something, the most work first. */
static size_t
list_planned(const struct tctl_sharer *s, struct planned planned[])
{
	const struct tctl_tasks *tasks = &s->out->tasks;
	size_t all = 0, count = 0;

	for (size_t i = 0; i < tasks->count; i++) {
		const struct tctl_task *task = &tasks->at[i];

		if (task->planned_agent != NULL &&
		    !tctl_sharer_is_over(s, task))
			planned[all++] =
			    (struct planned){ normal(s, task->planned_agent),
				    task->planned_agent,
				    s->network.weight_s[s->node[i]], i };
	}
	qsort(planned, all, sizeof(*planned), by_norm);
	for (size_t i = 0; i < all; i++)
		if (count > 0 &&
		    strcmp(planned[count - 1].norm, planned[i].norm) == 0)
			planned[count - 1].work_s += planned[i].work_s;
		else
			planned[count++] = planned[i];
	qsort(planned, count, sizeof(*planned), by_work);
	return count;
}

/* N agents: who works now, who is planned for most, and then by number. */
void
tctl_sharer_name_agents(struct tctl_sharer *s)
{
	const struct tctl_tasks *tasks = &s->out->tasks;
	struct planned *planned = tctl_xcalloc(tasks->count, sizeof(*planned));
	size_t count = list_planned(s, planned), wanted = s->req->agents;

	for (size_t i = 0; i < tasks->count && s->out->names.count < wanted;
	     i++)
		if (tctl_sharer_holder(s, &tasks->at[i]) != NULL)
			(void)add_name(s, tctl_sharer_holder(s, &tasks->at[i]));
	for (size_t i = 0; i < count && s->out->names.count < wanted; i++)
		(void)add_name(s, planned[i].name);
	for (size_t i = 1; s->out->names.count < wanted; i++)
		(void)add_name(s, tctl_arena_printf(s->arena, "agent %zu", i));
	free(planned);
}

enum tctl_status
tctl_sharer_take_names(struct tctl_sharer *s, struct tctl_error *err)
{
	const struct tctl_strings *names = &s->req->names;

	for (size_t i = 0; i < names->count; i++)
		if (!add_name(s, names->at[i]))
			return tctl_fail(err, TCTL_EINVALID,
			    "the agent %s is named twice", names->at[i]);
	return TCTL_OK;
}
