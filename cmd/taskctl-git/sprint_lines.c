/* sprint_lines.c - a sprint as a line of JSON, and back.  What is read may have
 * been written by anybody who can push to the branch. */
#include <stdlib.h>
#include <string.h>

#include "standing.h"
#include "taskctl/work_json.h"

#define NUMBER_MAX (INT64_C(1) << 50)

enum { PLAIN = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE };

void
tctl_git_line_write(FILE *to, const struct tctl_sprint_status *sprint)
{
	struct json_object *one = tctl_json_sprint(sprint);

	fputs(json_object_to_json_string_ext(one, PLAIN), to);
	json_object_put(one);
}

char *
tctl_git_line_head(const struct tctl_sprint_status *sprint)
{
	struct json_object *head = json_object_new_object();
	char *text;

	json_object_object_add(head, "id", tctl_json_text(sprint->key));
	json_object_object_add(head, "plan", tctl_json_text(sprint->plan));
	text = tctl_xstrdup(json_object_to_json_string_ext(head, PLAIN));
	text[strlen(text) - 1] = ','; /* in place of the closing brace */
	json_object_put(head);
	return text;
}

bool
tctl_git_read_count(struct json_object *from, const char *key, int64_t *out)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(from, key, &value) ||
	    !json_object_is_type(value, json_type_int))
		return false;
	*out = json_object_get_int64(value);
	return *out >= 0 && *out <= NUMBER_MAX;
}

bool
tctl_git_read_states(struct json_object *from, size_t out[TCTL_STATE_COUNT])
{
	int64_t n;

	for (int i = 0; i < TCTL_STATE_COUNT; i++) {
		if (!tctl_git_read_count(
			from, tctl_state_word((enum tctl_state)i), &n))
			return false;
		out[i] = (size_t)n;
	}
	return true;
}

bool
tctl_git_read_totals(struct json_object *from, struct tctl_totals *out)
{
	int64_t n = 0;
	bool good;

	memset(out, 0, sizeof(*out));
	good = tctl_git_read_states(from, out->state) &&
	       tctl_git_read_count(from, "tasks", &n) &&
	       tctl_git_read_count(from, "estimate_s", &out->estimate_s) &&
	       tctl_git_read_count(from, "done_s", &out->done_s);
	out->tasks = (size_t)n;
	if (good)
		tctl_totals_set_percent(out);
	return good;
}

static const char *
read_text(struct json_object *from, const char *key, struct tctl_arena *arena)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(from, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return tctl_arena_strdup(arena, json_object_get_string(value));
}

bool
tctl_git_line_read(struct json_object *one, struct tctl_arena *arena,
    struct tctl_sprint_status *out)
{
	const char *state;

	memset(out, 0, sizeof(*out));
	if (!json_object_is_type(one, json_type_object))
		return false;
	out->key = read_text(one, "id", arena);
	out->plan = read_text(one, "plan", arena);
	out->title = read_text(one, "title", arena);
	out->goal = read_text(one, "goal", arena);
	out->after = read_text(one, "after", arena);
	state = read_text(one, "state", arena);
	return state != NULL && tctl_state_read(state, &out->state) &&
	       tctl_git_read_totals(one, &out->totals);
}

struct json_object *
tctl_git_parse(const char *text, size_t length)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *out =
	    json_tokener_parse_ex(tokener, text, (int)length);

	json_tokener_free(tokener);
	if (!json_object_is_type(out, json_type_object)) {
		json_object_put(out);
		out = NULL;
	}
	return out;
}
