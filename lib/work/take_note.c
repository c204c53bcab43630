/* take_note.c - taking in another store's log: what an event brings beside its
 * row. */
#include <json-c/json.h>
#include <string.h>

#include "take.h"

static void
want(struct tctl_taking *taking, int64_t task)
{
	if (task == 0 ||
	    (taking->tasks > 0 && taking->task[taking->tasks - 1] == task))
		return;
	taking->task = tctl_arena_grow(taking->change.arena, taking->task,
	    taking->tasks, sizeof(*taking->task));
	taking->task[taking->tasks++] = task;
}

/* The tasks that an import has only moved. */
static enum tctl_status
want_moved(struct tctl_taking *taking, struct json_object *data,
    struct tctl_error *err)
{
	struct tctl_store *store = taking->change.store;
	struct tctl_arena *arena = taking->change.arena;
	struct json_object *list;
	const char *plan, *key;
	int64_t plan_id = 0, task;
	enum tctl_status status =
	    tctl_data_text(data, "plan", TCTL_ID_MAX, arena, &plan, err);

	if (status == TCTL_OK)
		status = tctl_data_list(data, "moved", &list, err);
	if (status != TCTL_OK || plan == NULL || list == NULL)
		return status;
	status = tctl_replay_find_plan(store, plan, &plan_id, err);
	for (size_t i = 0;
	     status == TCTL_OK && i < json_object_array_length(list); i++) {
		status = tctl_data_text(json_object_array_get_idx(list, i),
		    "id", TCTL_ID_MAX, arena, &key, err);
		if (status == TCTL_OK && key != NULL)
			status = tctl_replay_find_task(
			    store, plan_id, key, &task, err);
		if (status == TCTL_OK && key != NULL)
			want(taking, task);
	}
	return status;
}

static void
note_claim(struct tctl_taking *taking, const struct tctl_event *event,
    const char *origin, int64_t task)
{
	struct tctl_arena *arena = taking->change.arena;

	taking->claim = tctl_arena_grow(
	    arena, taking->claim, taking->claims, sizeof(*taking->claim));
	taking->claim[taking->claims++] =
	    (struct tctl_taken_claim){ task, tctl_arena_strdup(arena, origin),
		    tctl_arena_strdup(arena, event->agent), event->token,
		    event->at_ms };
}

static enum tctl_status
note_loss(struct tctl_taking *taking, struct json_object *data, int64_t task,
    struct tctl_error *err)
{
	struct tctl_arena *arena = taking->change.arena;
	const char *store;
	int64_t token;
	enum tctl_status status =
	    tctl_data_text(data, "loser_store", 39, arena, &store, err);

	if (status == TCTL_OK)
		status = tctl_data_number(
		    data, "loser_token", 1, INT64_MAX, 1, &token, err);
	if (status != TCTL_OK || store == NULL ||
	    strcmp(store, taking->change.store_id) != 0)
		return status;
	taking->lost = tctl_arena_grow(
	    arena, taking->lost, taking->losses, sizeof(*taking->lost));
	taking->lost[taking->losses++] = (struct tctl_lost){ task, token };
	return TCTL_OK;
}

enum tctl_status
tctl_take_note(struct tctl_taking *taking, const struct tctl_event *event,
    const char *origin, int64_t task, struct tctl_error *err)
{
	bool imported = strcmp(event->kind, "imported") == 0;
	struct json_object *data;
	enum tctl_status status = TCTL_OK;

	want(taking, task);
	if (taking->latest_ms < event->at_ms)
		taking->latest_ms = event->at_ms;
	if (strcmp(event->kind, "claimed") == 0)
		note_claim(taking, event, origin, task);
	if (event->data == NULL ||
	    (!imported && strcmp(event->kind, "conflicted") != 0))
		return TCTL_OK;
	data = json_tokener_parse(event->data);
	status = imported ? want_moved(taking, data, err)
			  : note_loss(taking, data, task, err);
	json_object_put(data);
	return status;
}
