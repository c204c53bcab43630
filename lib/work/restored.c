/* restored.c - what is told of a restore, from whatever it was made. */
#include <json-c/json.h>

#include "replay.h"

enum tctl_status
tctl_restored_holders(struct tctl_change *change,
    const struct tctl_lease_rows *live, struct tctl_arena *arena,
    struct tctl_strings *out, struct tctl_error *err)
{
	const char *key;
	enum tctl_status status = TCTL_OK;

	for (size_t i = 0; status == TCTL_OK && i < live->count; i++) {
		status = tctl_row_key(
		    change->store, change->arena, live->at[i].task, &key, err);
		if (status == TCTL_OK)
			tctl_strings_add(arena, out,
			    tctl_arena_printf(
				arena, "%s (%s)", key, live->at[i].agent));
	}
	return status;
}

static struct json_object *
list_of(const struct tctl_strings *list)
{
	struct json_object *out = json_object_new_array();

	for (size_t i = 0; i < list->count; i++)
		json_object_array_add(out, json_object_new_string(list->at[i]));
	return out;
}

enum tctl_status
tctl_restored_record(struct tctl_change *change, const struct tctl_caller *who,
    const char *why, const char *was, const char *key, const char *from,
    const struct tctl_restored *restored, struct tctl_error *err)
{
	/* The token: what the next restore must go on from. */
	const struct tctl_actor actor = { who->agent, who->session,
		change->token };
	struct json_object *data = json_object_new_object();

	json_object_object_add(data, "was", json_object_new_string(was));
	json_object_object_add(
	    data, "store", json_object_new_string(change->store_id));
	json_object_object_add(data, key, json_object_new_string(from));
	json_object_object_add(
	    data, "open_again", list_of(&restored->open_again));
	if (restored->ended.count > 0)
		json_object_object_add(
		    data, "ended", list_of(&restored->ended));
	if (why != NULL)
		json_object_object_add(
		    data, "why", json_object_new_string(why));
	return tctl_change_event(
	    change, TCTL_EVENT_RESTORED, 0, &actor, data, err);
}

void
tctl_restored_release(struct tctl_restored *restored)
{
	tctl_arena_free(restored->arena);
	restored->arena = NULL;
}
