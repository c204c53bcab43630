/* event_parse.c - an event, read back from a line of JSON that anybody may have
 * written. */
#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "replay.h"
#include "taskctl/text.h"

enum {
	LINE_MAX_BYTES = 256 * 1024 * 1024, /* an import can move every task */
	STORE_ID_MAX = 39,
	SESSION_MAX = 4096, /* it may be a path */
	KIND_MAX = 31,
};

/* A member that is a string or null; NULL: null, or not there. */
static enum tctl_status
read_text(struct json_object *from, const char *key, size_t most,
    struct tctl_arena *arena, const char **out, struct tctl_error *err)
{
	struct json_object *value = NULL;
	const char *text;
	size_t length;

	*out = NULL;
	(void)json_object_object_get_ex(from, key, &value);
	if (value == NULL)
		return TCTL_OK;
	if (!json_object_is_type(value, json_type_string))
		return tctl_fail(
		    err, TCTL_EINVALID, "\"%s\" is not a text", key);
	text = json_object_get_string(value);
	length = (size_t)json_object_get_string_len(value);
	if (length == 0 || length > most)
		return tctl_fail(err, TCTL_EINVALID,
		    "\"%s\" has %zu bytes; 1 to %zu are allowed", key, length,
		    most);
	if (strlen(text) != length || tctl_text_has_control(text))
		return tctl_fail(err, TCTL_EINVALID,
		    "\"%s\" holds a control character", key);
	*out = tctl_arena_strndup(arena, text, length);
	return TCTL_OK;
}

/* A whole number above 0, or null: 0. */
static enum tctl_status
read_number(struct json_object *from, const char *key, int64_t *out,
    struct tctl_error *err)
{
	struct json_object *value = NULL;

	*out = 0;
	(void)json_object_object_get_ex(from, key, &value);
	if (value == NULL)
		return TCTL_OK;
	if (!json_object_is_type(value, json_type_int))
		return tctl_fail(
		    err, TCTL_EINVALID, "\"%s\" is not a whole number", key);
	*out = json_object_get_int64(value);
	if (*out < 1 || *out > TCTL_NUMBER_MOST)
		return tctl_fail(err, TCTL_EINVALID,
		    "\"%s\" is %s: no number that taskctl gives", key,
		    json_object_get_string(value));
	return TCTL_OK;
}

/* "2026-11-21T10:00:00.000Z", exactly as tctl_instant_write writes it. */
static bool
read_instant(const char *text, int64_t *out)
{
	char again[TCTL_INSTANT_TEXT];

	return text != NULL && tctl_instant_read(text, true, out) &&
	       *out <= TCTL_AT_MOST_MS &&
	       strcmp(tctl_instant_write(*out, again), text) == 0;
}

static enum tctl_status
read_origin(struct json_object *from, struct tctl_arena *arena,
    struct tctl_event *out, struct tctl_error *err)
{
	struct json_object *origin = NULL;
	enum tctl_status status;

	(void)json_object_object_get_ex(from, "origin", &origin);
	if (origin == NULL)
		return TCTL_OK;
	if (!json_object_is_type(origin, json_type_object))
		return tctl_fail(
		    err, TCTL_EINVALID, "\"origin\" is not an object");
	status =
	    read_text(origin, "store", STORE_ID_MAX, arena, &out->origin, err);
	if (status == TCTL_OK)
		status = read_number(origin, "id", &out->origin_id, err);
	if (status == TCTL_OK && (out->origin == NULL || out->origin_id == 0))
		status = tctl_fail(err, TCTL_EINVALID,
		    "\"origin\" does not say which event it is");
	return status;
}

static enum tctl_status
read_data(struct json_object *from, struct tctl_arena *arena,
    struct tctl_event *out, struct tctl_error *err)
{
	struct json_object *data = NULL;

	(void)json_object_object_get_ex(from, "data", &data);
	if (data == NULL)
		return TCTL_OK;
	if (!json_object_is_type(data, json_type_object))
		return tctl_fail(
		    err, TCTL_EINVALID, "\"data\" is not an object");
	out->data = tctl_arena_strdup(arena,
	    json_object_to_json_string_ext(
		data, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	return TCTL_OK;
}

static enum tctl_status
read_event(struct json_object *from, struct tctl_arena *arena,
    struct tctl_event *out, struct tctl_error *err)
{
	enum tctl_event_kind kind;
	const char *at;
	enum tctl_status status = read_number(from, "id", &out->id, err);

	if (status == TCTL_OK)
		status =
		    read_text(from, "at", TCTL_INSTANT_TEXT, arena, &at, err);
	if (status == TCTL_OK && !read_instant(at, &out->at_ms))
		status = tctl_fail(err, TCTL_EINVALID,
		    "\"at\" is not a time such as 2026-11-21T10:00:00.000Z");
	if (status == TCTL_OK)
		status =
		    read_text(from, "kind", KIND_MAX, arena, &out->kind, err);
	if (status == TCTL_OK && (out->id == 0 || out->kind == NULL))
		status = tctl_fail(err, TCTL_EINVALID,
		    "it is no event: \"id\" or \"kind\" is missing");
	if (status == TCTL_OK && !tctl_event_kind_find(out->kind, &kind)) {
		tctl_fail(err, TCTL_EINVALID,
		    "\"%s\" is no kind of event that this taskctl knows",
		    out->kind);
		return tctl_hint(err, "a newer taskctl may have written it");
	}
	if (status == TCTL_OK)
		status = read_text(
		    from, "task", TCTL_ID_MAX - 1, arena, &out->task, err);
	if (status == TCTL_OK)
		status = read_text(
		    from, "plan", TCTL_ID_MAX - 1, arena, &out->plan, err);
	if (status == TCTL_OK && (out->task == NULL) != (out->plan == NULL))
		status = tctl_fail(
		    err, TCTL_EINVALID, "\"task\" and \"plan\" come together");
	if (status == TCTL_OK)
		status = read_text(
		    from, "agent", TCTL_AGENT_MAX - 1, arena, &out->agent, err);
	if (status == TCTL_OK)
		status = read_text(
		    from, "session", SESSION_MAX, arena, &out->session, err);
	if (status == TCTL_OK)
		status = read_number(from, "token", &out->token, err);
	if (status == TCTL_OK)
		status = read_data(from, arena, out, err);
	return status == TCTL_OK ? read_origin(from, arena, out, err) : status;
}

enum tctl_status
tctl_event_parse(struct json_tokener *tokener, struct tctl_arena *arena,
    const char *line, size_t length, struct tctl_event *out,
    struct tctl_error *err)
{
	struct json_object *object;
	enum json_tokener_error code;
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	if (length > LINE_MAX_BYTES)
		return tctl_fail(err, TCTL_EINVALID,
		    "a line of %zu bytes is too long", length);
	json_tokener_reset(tokener);
	json_tokener_set_flags(
	    tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	object = json_tokener_parse_ex(tokener, line, (int)length);
	code = json_tokener_get_error(tokener);
	if (object == NULL || json_tokener_get_parse_end(tokener) < length) {
		json_object_put(object);
		return tctl_fail(err, TCTL_EINVALID, "it is not JSON: %s",
		    code == json_tokener_continue ? "it ends in the middle"
		    : code == json_tokener_success
			? "something follows the object"
			: json_tokener_error_desc(code));
	}
	if (json_object_is_type(object, json_type_object))
		status = read_event(object, arena, out, err);
	else
		status = tctl_fail(err, TCTL_EINVALID, "it is no JSON object");
	json_object_put(object);
	return status;
}

enum tctl_status
tctl_log_blame(const struct tctl_log *log, struct tctl_error *err)
{
	struct tctl_error what = *err;
	char place[128];

	log->place(log, place, sizeof(place));
	snprintf(err->text, sizeof(err->text), "%s: %.800s", place, what.text);
	return err->status;
}
