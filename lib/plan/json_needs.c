/* json_needs.c - what task objects say about others: sprints, dependencies. */
#include <string.h>

#include "json_task.h"

struct tctl_json_need {
	size_t task;
	const char *id, *prefix;
	struct tctl_place place;
};

void
tctl_json_put_in_sprint(
    struct tctl_json_batch *batch, size_t task, struct json_object *object)
{
	struct tctl_arena *arena = batch->draft->plan->arena;
	struct tctl_json_members in;
	struct json_object *value;
	const char *key, *title;

	tctl_json_members(object, &in);
	value = in.at[TCTL_JSON_SPRINT];
	key = title = tctl_json_line(arena, value);
	if (key == NULL || *key == '\0')
		return;
	if (json_object_is_type(value, json_type_int))
		title = tctl_arena_printf(arena, "%c%s %s",
		    in.name[TCTL_JSON_SPRINT][0] & ~0x20,
		    in.name[TCTL_JSON_SPRINT] + 1, key);
	tctl_groups_add(batch->draft, &batch->groups,
	    &(struct tctl_group){ task, key, title, tctl_json_place(object) });
}

void
tctl_json_add_need(struct tctl_json_batch *batch, size_t task,
    struct json_object *object, const char *id, const char *prefix)
{
	batch->need = tctl_arena_grow(batch->draft->plan->arena, batch->need,
	    batch->need_count, sizeof(*batch->need));
	batch->need[batch->need_count++] = (struct tctl_json_need){ task, id,
		prefix, tctl_json_place(object) };
}

static void
add_one(struct tctl_json_batch *batch, size_t task, struct json_object *object,
    struct json_object *value, const char *prefix)
{
	struct tctl_json_members in;
	const char *id;

	if (json_object_is_type(value, json_type_object)) {
		tctl_json_members(value, &in);
		value = in.at[TCTL_JSON_ID];
	}
	id = tctl_json_line(batch->draft->plan->arena, value);
	if (id != NULL && *id != '\0')
		tctl_json_add_need(batch, task, object, id, prefix);
	else if (id == NULL && value != NULL)
		tctl_say(batch->draft, TCTL_WARNING, "unread_dependency",
		    tctl_json_place(object), 0,
		    "%.100s has a dependency that is no id: it waits for "
		    "nothing by it",
		    batch->draft->plan->task[task].id);
}

/* "1, 2" are two ids. */
static void
add_text(struct tctl_json_batch *batch, size_t task, struct json_object *object,
    const char *text, const char *prefix)
{
	while (*text != '\0') {
		size_t n = strcspn(text, ",;");
		size_t length = n;
		const char *id = text;

		tctl_trim(&id, &length);
		if (length != 0)
			tctl_json_add_need(batch, task, object,
			    tctl_arena_strndup(
				batch->draft->plan->arena, id, length),
			    prefix);
		text += n + (text[n] != '\0');
	}
}

void
tctl_json_add_needs(struct tctl_json_batch *batch, size_t task,
    struct json_object *object, struct json_object *needs, const char *prefix)
{
	if (needs == NULL)
		return;
	if (json_object_is_type(needs, json_type_array))
		for (size_t i = 0; i < json_object_array_length(needs); i++)
			add_one(batch, task, object,
			    json_object_array_get_idx(needs, i), prefix);
	else if (json_object_is_type(needs, json_type_string))
		add_text(batch, task, object,
		    tctl_json_line(batch->draft->plan->arena, needs), prefix);
	else
		add_one(batch, task, object, needs, prefix);
}

/* --- when all tasks are known ------------------------------------------ */

static void
resolve(struct tctl_json_batch *batch, const struct tctl_json_need *need)
{
	struct tctl_draft *draft = batch->draft;
	const char *id = need->id, *after = draft->plan->task[need->task].id;
	size_t before = TCTL_NONE;

	if (*need->prefix != '\0') {
		id = tctl_arena_printf(
		    draft->plan->arena, "%s%s", need->prefix, id);
		before = tctl_draft_find(draft, id, strlen(id));
	}
	if (before == TCTL_NONE)
		before = tctl_draft_find(draft, need->id, strlen(need->id));
	if (before != TCTL_NONE)
		tctl_draft_edge(draft, before, need->task, TCTL_EDGE_FIELD);
	else if (tctl_index_find(&batch->gone, id) != TCTL_NONE ||
		 tctl_index_find(&batch->gone, need->id) != TCTL_NONE)
		tctl_say(draft, TCTL_WARNING, "cancelled_dependency",
		    need->place, 0,
		    "%.100s depends on %.100s, which is cancelled: it does "
		    "not wait for it",
		    after, need->id);
	else
		tctl_say(draft, TCTL_ERROR, "unknown_dependency", need->place,
		    0, "%.100s depends on %.100s, and there is no such task",
		    after, need->id);
}

void
tctl_json_finish(struct tctl_json_batch *batch)
{
	struct tctl_draft *draft = batch->draft;

	tctl_groups_settle(draft, &batch->groups);
	tctl_draft_index_sprints(draft);
	tctl_draft_index_tasks(draft);
	tctl_index_build(&batch->gone);
	for (size_t i = 0; i < batch->need_count && draft->edge_room != 0; i++)
		resolve(batch, &batch->need[i]);
}
