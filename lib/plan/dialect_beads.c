/* dialect_beads.c - beads' issues.jsonl: an issue a line,
 *
 *     {"id":"app-1x","title":"...","status":"open","issue_type":"task",
 *      "dependencies":[{"issue_id":"app-1x","depends_on_id":"app-9q",
 *      "type":"blocks"}]}
 *
 * Only "blocks" schedules.  parent-child is hierarchy: the children of an issue
 * are shown as its sprint, in no order of sprints. */
#include <string.h>

#include "dialect.h"
#include "json_task.h"

static bool
is_issue(struct json_object *object)
{
	struct json_object *edge =
	    tctl_json_first(tctl_json_get(object, "dependencies"));

	return tctl_json_get(object, "id") != NULL &&
	       (tctl_json_get(object, "issue_type") != NULL ||
		   tctl_json_get(edge, "depends_on_id") != NULL);
}

static int
recognise(const struct tctl_source *source, struct tctl_arena *arena,
    const char **why)
{
	struct json_object *first = tctl_json_first(source->json);

	(void)arena;
	if (!is_issue(first != NULL ? first : source->json))
		return 0;
	*why = "issues with \"issue_type\" or \"depends_on_id\"";
	return 120;
}

/* A deleted issue stays in the file as a tombstone: it is none any more. */
static bool
is_tombstone(struct json_object *issue)
{
	struct json_object *status = tctl_json_get(issue, "status");

	return json_object_is_type(status, json_type_string) &&
	       strcmp(json_object_get_string(status), "tombstone") == 0;
}

static bool
is_of(struct json_object *edge, const char *type)
{
	struct json_object *value = tctl_json_get(edge, "type");

	return json_object_is_type(value, json_type_string) &&
	       strcmp(json_object_get_string(value), type) == 0;
}

static void
read_edges(struct tctl_json_batch *batch, size_t task,
    struct json_object *issue, const struct tctl_index *titles)
{
	struct tctl_draft *draft = batch->draft;
	struct json_object *edges = tctl_json_get(issue, "dependencies");
	size_t n = json_object_is_type(edges, json_type_array)
		       ? json_object_array_length(edges)
		       : 0;

	for (size_t i = 0; i < n; i++) {
		struct json_object *edge = json_object_array_get_idx(edges, i);
		const char *id = tctl_json_line(
		    draft->plan->arena, tctl_json_get(edge, "depends_on_id"));
		size_t parent;

		if (id == NULL)
			continue;
		if (is_of(edge, "blocks")) {
			tctl_json_add_need(batch, task, issue, id, "");
		} else if (is_of(edge, "parent-child")) {
			parent = tctl_index_find(titles, id);
			tctl_groups_add(draft, &batch->groups,
			    &(struct tctl_group){ task, id,
				parent == TCTL_NONE
				    ? id
				    : draft->plan->task[parent].title,
				tctl_json_place(issue) });
		}
	}
}

static void
read_issues(struct tctl_json_batch *batch, struct json_object *issues)
{
	struct tctl_draft *draft = batch->draft;
	size_t n = json_object_array_length(issues);
	size_t *task =
	    tctl_arena_alloc(draft->plan->arena, (n + 1) * sizeof(*task));
	struct tctl_index titles = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct json_object *issue =
		    json_object_array_get_idx(issues, i);
		const char *id = tctl_json_line(
		    draft->plan->arena, tctl_json_get(issue, "id"));

		task[i] = TCTL_NONE;
		if (is_tombstone(issue) && id != NULL)
			tctl_index_add(draft->plan->arena, &batch->gone, id, 0);
		else
			task[i] = tctl_json_add_task(batch, issue, "");
		if (task[i] != TCTL_NONE)
			tctl_index_add(draft->plan->arena, &titles,
			    draft->plan->task[task[i]].id, task[i]);
	}
	tctl_index_build(&titles);
	for (size_t i = 0; i < n; i++)
		if (task[i] != TCTL_NONE)
			read_edges(batch, task[i],
			    json_object_array_get_idx(issues, i), &titles);
}

static void
read_beads(struct tctl_draft *draft)
{
	struct tctl_json_batch batch = { .draft = draft };
	struct json_object *root = draft->source.json;
	struct json_object *issues = json_object_new_array();

	draft->is_order_stated = true;
	if (json_object_is_type(root, json_type_array)) {
		read_issues(&batch, root);
	} else {
		json_object_array_add(issues, json_object_get(root));
		read_issues(&batch, issues);
	}
	json_object_put(issues);
	tctl_json_finish(&batch);
}

const struct tctl_dialect tctl_dialect_beads = {
	.looks_for = "beads' issues, one a line, with \"issue_type\"",
	.is_json = true,
	.recognise = recognise,
	.read = read_beads,
};
