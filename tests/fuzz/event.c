/* event.c - any bytes as a line of a progress branch's events: what is taken
 * for an event is written so that it reads back the same. */
#include "fuzz.h"
#include "taskctl/replay.h"
#include "taskctl/work_json.h"

static bool
parse(struct tctl_arena *arena, const char *line, size_t length,
    struct tctl_event *out)
{
	struct json_tokener *tokener = json_tokener_new();
	struct tctl_error err = { .status = TCTL_OK };
	enum tctl_status status =
	    tctl_event_parse(tokener, arena, line, length, out, &err);

	assert(status == TCTL_OK ||
	       (status == TCTL_EINVALID && err.text[0] != '\0'));
	json_tokener_free(tokener);
	return status == TCTL_OK;
}

static void
look_at(struct tctl_arena *arena, const struct tctl_event *event)
{
	struct json_object *json = tctl_json_event(event);
	const char *line =
	    json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);
	struct tctl_event again;

	assert(event->id > 0 && event->kind != NULL && event->token >= 0);
	assert((event->task == NULL) == (event->plan == NULL));
	assert(parse(arena, line, strlen(line), &again));
	assert(again.id == event->id && again.at_ms == event->at_ms);
	assert(again.token == event->token);
	assert(again.origin_id == event->origin_id);
	assert(fuzz_same(again.kind, event->kind));
	assert(fuzz_same(again.task, event->task));
	assert(fuzz_same(again.plan, event->plan));
	assert(fuzz_same(again.agent, event->agent));
	assert(fuzz_same(again.session, event->session));
	assert(fuzz_same(again.data, event->data));
	assert(fuzz_same(again.origin, event->origin));
	json_object_put(json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tctl_arena *arena = tctl_arena_new();
	char *line = fuzz_bytes(data, size);
	struct tctl_event event;

	if (parse(arena, line, size, &event))
		look_at(arena, &event);
	free(line);
	tctl_arena_free(arena);
	return 0;
}
