/* dialect_taskctl.c - what taskctl itself prints: {"schema":"taskctl/1",
 * "tasks":[...]}, of which {"tasks":[{"id","title","estimate_s","needs"}]} is
 * enough.
 *
 * Where tasks of several plans have the same id, all but those of the first
 * plan are called PLAN.ID. */
#include <string.h>

#include "dialect.h"
#include "json_task.h"

static int
recognise(const struct tctl_source *source, struct tctl_arena *arena,
    const char **why)
{
	struct json_object *schema = tctl_json_get(source->json, "schema");
	struct json_object *first =
	    tctl_json_first(tctl_json_get(source->json, "tasks"));

	(void)arena;
	if (!tctl_json_is_task(first))
		return 0;
	if (json_object_is_type(schema, json_type_string) &&
	    !strncmp(json_object_get_string(schema), "taskctl/", 8)) {
		*why = "its schema is taskctl's";
		return 130;
	}
	if (tctl_json_get(first, "estimate_s") == NULL &&
	    tctl_json_get(first, "needs") == NULL)
		return 0;
	*why = "\"tasks\" with \"needs\" or \"estimate_s\"";
	return 120;
}

/* The plan that the task is of; "" where that is not said. */
static const char *
plan_of(struct tctl_draft *draft, struct json_object *object)
{
	const char *plan =
	    tctl_json_line(draft->plan->arena, tctl_json_get(object, "plan"));

	return plan == NULL ? "" : plan;
}

static const char *
prefix_of(
    struct tctl_draft *draft, struct json_object *object, const char *first)
{
	const char *plan = plan_of(draft, object);

	return strcmp(plan, first) == 0
		   ? ""
		   : tctl_arena_printf(draft->plan->arena, "%s.", plan);
}

/* Do two tasks have the same id? */
static bool
has_twins(struct tctl_draft *draft, struct json_object *tasks)
{
	struct tctl_index ids = { 0 };
	bool twins = false;

	for (size_t i = 0; i < json_object_array_length(tasks); i++) {
		const char *id = tctl_json_line(draft->plan->arena,
		    tctl_json_get(json_object_array_get_idx(tasks, i), "id"));

		if (id != NULL)
			tctl_index_add(draft->plan->arena, &ids, id, i);
	}
	tctl_index_build(&ids);
	for (size_t i = 1; i < ids.count && !twins; i++)
		twins = strcmp(ids.row[i].key, ids.row[i - 1].key) == 0;
	return twins;
}

static void
put_in_sprint(struct tctl_json_batch *batch, size_t task,
    struct json_object *object, const char *prefix)
{
	struct tctl_arena *arena = batch->draft->plan->arena;
	const char *key =
	    tctl_json_line(arena, tctl_json_get(object, "sprint"));

	if (key == NULL || *key == '\0')
		return;
	key = tctl_arena_printf(arena, "%s%s", prefix, key);
	tctl_groups_add(batch->draft, &batch->groups,
	    &(struct tctl_group){ task, key, "", tctl_json_place(object) });
}

/* Which sprint another waits for is said by its tasks, as long as it does. */
static void
set_order(struct tctl_draft *draft, struct json_object *object, size_t task,
    const char *prefix)
{
	struct tctl_plan *plan = draft->plan;
	const char *after =
	    tctl_json_line(plan->arena, tctl_json_get(object, "after"));
	size_t sprint = plan->task_sprint[task], other;

	if (after == NULL || sprint == TCTL_NONE ||
	    draft->options->without_order)
		return;
	after = tctl_arena_printf(plan->arena, "%s%s", prefix, after);
	other = tctl_draft_find_sprint(draft, after, strlen(after));
	if (other != TCTL_NONE && other != sprint)
		plan->sprint[sprint].after = other;
}

static void
read_taskctl(struct tctl_draft *draft)
{
	struct tctl_json_batch batch = { .draft = draft };
	struct json_object *tasks = tctl_json_get(draft->source.json, "tasks");
	size_t n = json_object_is_type(tasks, json_type_array)
		       ? json_object_array_length(tasks)
		       : 0;
	size_t *task =
	    tctl_arena_alloc(draft->plan->arena, (n + 1) * sizeof(*task));
	const char **prefix =
	    tctl_arena_alloc(draft->plan->arena, (n + 1) * sizeof(*prefix));
	bool twins = n > 0 && has_twins(draft, tasks);
	const char *first =
	    n == 0 ? "" : plan_of(draft, json_object_array_get_idx(tasks, 0));

	draft->is_order_stated = true;
	for (size_t i = 0; i < n; i++) {
		struct json_object *object =
		    json_object_array_get_idx(tasks, i);

		prefix[i] = twins ? prefix_of(draft, object, first) : "";
		task[i] = tctl_json_add_task(&batch, object, prefix[i]);
		if (task[i] == TCTL_NONE)
			continue;
		put_in_sprint(&batch, task[i], object, prefix[i]);
		tctl_json_add_needs(&batch, task[i], object,
		    tctl_json_get(object, "needs"), prefix[i]);
	}
	tctl_json_finish(&batch);
	for (size_t i = 0; i < n; i++)
		if (task[i] != TCTL_NONE)
			set_order(draft, json_object_array_get_idx(tasks, i),
			    task[i], prefix[i]);
}

const struct tctl_dialect tctl_dialect_taskctl = {
	.looks_for = "taskctl's own {\"tasks\": [{\"id\", \"needs\"}]}",
	.is_json = true,
	.recognise = recognise,
	.read = read_taskctl,
};
