/* dialect_taskmaster.c - task-master's tasks.json:
 *
 *     { "master": { "tasks": [ { "id": 1, "title": "...", "status": "done",
 *         "dependencies": [], "subtasks": [ ... ] } ] } }
 *
 * A tag ("master") is a list of its own, with ids of its own; the oldest form
 * has no tags.  Subtasks are steps of their task.  What a subtask waits for
 * outside of its task, all of the task waits for. */
#include <string.h>

#include "dialect.h"
#include "json_task.h"

/* --- recognising ------------------------------------------------------ */

/* The tasks of a tag, or NULL. */
static struct json_object *
tasks_of(struct json_object *tag)
{
	struct json_object *tasks = tctl_json_get(tag, "tasks");

	return json_object_is_type(tasks, json_type_array) ? tasks : NULL;
}

static bool
is_first_task(struct json_object *tasks)
{
	struct json_object *first = tctl_json_first(tasks);

	return first != NULL && tctl_json_get(first, "dependencies") != NULL &&
	       tctl_json_get(first, "title") != NULL &&
	       json_object_is_type(tctl_json_get(first, "id"), json_type_int);
}

static int
recognise(const struct tctl_source *source, struct tctl_arena *arena,
    const char **why)
{
	size_t tags = 0, tasks = 0;

	if (is_first_task(tasks_of(source->json))) {
		*why = "\"tasks\" with integer ids and dependencies";
		return 100;
	}
	if (!json_object_is_type(source->json, json_type_object))
		return 0;
	json_object_object_foreach(source->json, name, tag)
	{
		(void)name;
		if (tasks_of(tag) == NULL)
			continue;
		tags++;
		tasks += json_object_array_length(tasks_of(tag));
	}
	if (tasks == 0)
		return 0;
	*why = tctl_arena_printf(
	    arena, "%zu tag%s with \"tasks\"", tags, tags == 1 ? "" : "s");
	return 110;
}

/* --- reading ---------------------------------------------------------- */

/* "3.1" in task 2 is about task 3; 1 and "2.1" are about its own steps. */
static void
read_subtask_needs(struct tctl_json_batch *batch, size_t task,
    struct json_object *subtask, const char *own, const char *prefix)
{
	struct tctl_arena *arena = batch->draft->plan->arena;
	struct json_object *needs = tctl_json_get(subtask, "dependencies");
	size_t n = json_object_is_type(needs, json_type_array)
		       ? json_object_array_length(needs)
		       : 0;

	for (size_t i = 0; i < n; i++) {
		const char *id =
		    tctl_json_line(arena, json_object_array_get_idx(needs, i));
		const char *dot = id == NULL ? NULL : strchr(id, '.');

		if (dot == NULL)
			continue;
		id = tctl_arena_strndup(arena, id, (size_t)(dot - id));
		if (strcmp(id, own) != 0)
			tctl_json_add_need(batch, task, subtask, id, prefix);
	}
}

static void
read_task(struct tctl_json_batch *batch, struct json_object *object,
    const char *prefix)
{
	struct json_object *subtasks = tctl_json_get(object, "subtasks");
	const char *own = tctl_json_line(
	    batch->draft->plan->arena, tctl_json_get(object, "id"));
	size_t task = tctl_json_add_task(batch, object, prefix);

	if (task == TCTL_NONE)
		return;
	tctl_json_add_needs(
	    batch, task, object, tctl_json_get(object, "dependencies"), prefix);
	if (!json_object_is_type(subtasks, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(subtasks); i++)
		read_subtask_needs(batch, task,
		    json_object_array_get_idx(subtasks, i), own, prefix);
}

static void
read_tasks(struct tctl_json_batch *batch, struct json_object *tasks,
    const char *prefix)
{
	for (size_t i = 0; i < json_object_array_length(tasks); i++)
		read_task(batch, json_object_array_get_idx(tasks, i), prefix);
}

/* The first tag's ids stay as they are: a tag that is added later must not
 * rename the tasks that are in work. */
static void
read_tags(struct tctl_json_batch *batch, struct json_object *root)
{
	struct tctl_draft *draft = batch->draft;
	bool is_first = true;

	json_object_object_foreach(root, name, tag)
	{
		struct json_object *tasks = tasks_of(tag);
		size_t first = draft->plan->task_count;
		const char *key;

		if (tasks == NULL)
			continue;
		key = tctl_arena_strdup(draft->plan->arena, name);
		read_tasks(batch, tasks,
		    is_first
			? ""
			: tctl_arena_printf(draft->plan->arena, "%s.", key));
		is_first = false;
		for (size_t i = first; i < draft->plan->task_count; i++)
			tctl_groups_add(draft, &batch->groups,
			    &(struct tctl_group){
				i, key, key, tctl_json_place(tag) });
	}
}

static void
read_taskmaster(struct tctl_draft *draft)
{
	struct tctl_json_batch batch = { .draft = draft };
	struct json_object *root = draft->source.json;

	/* Tags are contexts beside each other, not one after the other. */
	draft->is_order_stated = true;
	if (tasks_of(root) != NULL)
		read_tasks(&batch, tasks_of(root), "");
	else if (json_object_is_type(root, json_type_object))
		read_tags(&batch, root);
	tctl_json_finish(&batch);
}

const struct tctl_dialect tctl_dialect_taskmaster = {
	.looks_for = "task-master's {\"master\": {\"tasks\": [...]}}",
	.is_json = true,
	.recognise = recognise,
	.read = read_taskmaster,
};
