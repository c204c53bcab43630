/* replay_data.c - what an event's data says, checked: it may come from anybody.
 */
#include <json-c/json.h>
#include <string.h>

#include "replay.h"
#include "taskctl/text.h"

static struct json_object *
member(struct json_object *data, const char *key)
{
	struct json_object *value = NULL;

	if (data != NULL)
		(void)json_object_object_get_ex(data, key, &value);
	return value;
}

bool
tctl_data_has(struct json_object *data, const char *key)
{
	struct json_object *value;

	return data != NULL && json_object_object_get_ex(data, key, &value);
}

enum tctl_status
tctl_data_text(struct json_object *data, const char *key, size_t most,
    struct tctl_arena *arena, const char **out, struct tctl_error *err)
{
	struct json_object *value = member(data, key);
	const char *text;
	size_t length;

	*out = NULL;
	if (value == NULL)
		return TCTL_OK;
	if (!json_object_is_type(value, json_type_string))
		return tctl_fail(
		    err, TCTL_EINVALID, "its \"%s\" is not a text", key);
	text = json_object_get_string(value);
	length = (size_t)json_object_get_string_len(value);
	if (length > most || strlen(text) != length ||
	    !tctl_text_is_utf8(text, length, NULL))
		return tctl_fail(err, TCTL_EINVALID,
		    "its \"%s\" is longer than %zu bytes, or no text", key,
		    most);
	*out = tctl_arena_strndup(arena, text, length);
	return TCTL_OK;
}

enum tctl_status
tctl_data_number(struct json_object *data, const char *key, int64_t least,
    int64_t most, int64_t fallback, int64_t *out, struct tctl_error *err)
{
	struct json_object *value = member(data, key);

	*out = fallback;
	if (value == NULL)
		return TCTL_OK;
	if (!json_object_is_type(value, json_type_int) ||
	    json_object_get_int64(value) < least ||
	    json_object_get_int64(value) > most)
		return tctl_fail(err, TCTL_EINVALID,
		    "its \"%s\" is not a whole number from %lld to %lld", key,
		    (long long)least, (long long)most);
	*out = json_object_get_int64(value);
	return TCTL_OK;
}

bool
tctl_data_bool(struct json_object *data, const char *key)
{
	struct json_object *value = member(data, key);

	return json_object_is_type(value, json_type_boolean) &&
	       json_object_get_boolean(value);
}

enum tctl_status
tctl_data_list(struct json_object *data, const char *key,
    struct json_object **out, struct tctl_error *err)
{
	*out = member(data, key);
	if (*out == NULL || json_object_is_type(*out, json_type_array))
		return TCTL_OK;
	return tctl_fail(err, TCTL_EINVALID, "its \"%s\" is not a list", key);
}
