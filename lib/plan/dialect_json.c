/* dialect_json.c - tasks in JSON of no known origin: an array of objects with
 * an id, or such an array under "tasks". */
#include "dialect.h"
#include "json_task.h"

static struct json_object *
tasks_of(struct json_object *root)
{
	static const char *const name[] = { "tasks", "issues", "items",
		"stories", "userStories" };
	struct json_object *tasks = NULL;

	if (json_object_is_type(root, json_type_array))
		return root;
	for (size_t i = 0; i < TCTL_COUNT(name) && tasks == NULL; i++)
		tasks = tctl_json_get(root, name[i]);
	return json_object_is_type(tasks, json_type_array) ? tasks : NULL;
}

/* All of them must be tasks: half of them is no plan. */
static int
recognise(const struct tctl_source *source, struct tctl_arena *arena,
    const char **why)
{
	struct json_object *tasks = tasks_of(source->json);
	size_t n = tasks == NULL ? 0 : json_object_array_length(tasks);

	for (size_t i = 0; i < n; i++)
		if (!tctl_json_is_task(json_object_array_get_idx(tasks, i)))
			return 0;
	if (n == 0)
		return 0;
	*why = tctl_arena_printf(
	    arena, "%zu object%s with ids", n, n == 1 ? "" : "s");
	return 60;
}

static void
read_tasks(struct tctl_draft *draft)
{
	struct tctl_json_batch batch = { .draft = draft };
	struct json_object *tasks = tasks_of(draft->source.json);
	size_t n = tasks == NULL ? 0 : json_object_array_length(tasks);

	for (size_t i = 0; i < n; i++) {
		struct json_object *object =
		    json_object_array_get_idx(tasks, i);
		size_t task = tctl_json_add_task(&batch, object, "");
		struct tctl_json_members in;

		if (task == TCTL_NONE)
			continue;
		tctl_json_members(object, &in);
		tctl_json_put_in_sprint(&batch, task, object);
		tctl_json_add_needs(
		    &batch, task, object, in.at[TCTL_JSON_NEEDS], "");
	}
	tctl_json_finish(&batch);
}

const struct tctl_dialect tctl_dialect_json = {
	.looks_for = "a JSON array of objects with ids and titles",
	.is_json = true,
	.recognise = recognise,
	.read = read_tasks,
};
