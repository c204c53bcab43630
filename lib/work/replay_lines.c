/* replay_lines.c - a task's files, criteria and steps, from events. */
#include <json-c/json.h>
#include <string.h>

#include "replay.h"

enum { LIST_MOST = 100000 };

static enum tctl_status
read_items(struct tctl_replay *replay, struct json_object *data,
    const char *key, struct tctl_items *out, struct tctl_error *err)
{
	struct json_object *list;
	size_t count;
	enum tctl_status status = tctl_data_list(data, key, &list, err);

	memset(out, 0, sizeof(*out));
	if (status != TCTL_OK || list == NULL)
		return status;
	count = json_object_array_length(list);
	if (count > LIST_MOST)
		return tctl_fail(err, TCTL_EINVALID,
		    "its \"%s\" has %zu lines; %d are the most", key, count,
		    LIST_MOST);
	out->at =
	    tctl_arena_alloc(replay->arena, (count + 1) * sizeof(*out->at));
	for (size_t i = 0; status == TCTL_OK && i < count; i++) {
		struct json_object *item = json_object_array_get_idx(list, i);
		const char *text = NULL;

		if (!json_object_is_type(item, json_type_object))
			return tctl_fail(err, TCTL_EINVALID,
			    "its \"%s\" are not objects", key);
		status = tctl_data_text(
		    item, "text", (size_t)INT32_MAX, replay->arena, &text, err);
		out->at[i].text = text == NULL ? "" : text;
		out->at[i].done = tctl_data_bool(item, "done");
	}
	out->count = count;
	return status;
}

static void
add_line(struct tctl_replay *replay, struct tctl_import_row *to,
    struct tctl_import_line line, const char *kind)
{
	line.kind = kind;
	to->lines = tctl_arena_grow(
	    replay->arena, to->lines, to->line_count, sizeof(line));
	to->lines[to->line_count++] = line;
}

static enum tctl_status
add_items(struct tctl_replay *replay, struct tctl_import_row *to,
    const struct tctl_import_row *was, const char *kind, const char *key,
    struct json_object *data, struct tctl_error *err)
{
	const struct tctl_import_line **match;
	struct tctl_items items;
	enum tctl_status status = read_items(replay, data, key, &items, err);

	if (status != TCTL_OK)
		return status;
	match = tctl_import_lines_match(replay->arena, was, kind, &items);
	for (size_t i = 0; i < items.count; i++)
		add_line(replay, to,
		    tctl_import_line_merge(match[i], &items.at[i]), kind);
	return TCTL_OK;
}

static enum tctl_status
add_files(struct tctl_replay *replay, struct tctl_import_row *to,
    struct json_object *data, struct tctl_error *err)
{
	struct json_object *list;
	enum tctl_status status = tctl_data_list(data, "files", &list, err);

	for (size_t i = 0; status == TCTL_OK && list != NULL &&
			   i < json_object_array_length(list) && i < LIST_MOST;
	     i++) {
		struct tctl_import_line line = {
			.text = tctl_arena_strdup(replay->arena,
			    json_object_get_string(
				json_object_array_get_idx(list, i)))
		};

		if (line.text == NULL)
			line.text = "";
		add_line(replay, to, line, "file");
	}
	return status;
}

enum tctl_status
tctl_replay_lines(struct tctl_replay *replay, struct tctl_replay_task *task,
    struct json_object *data, struct tctl_error *err)
{
	struct tctl_import_row was = task->row;
	struct tctl_import_row *to = &task->row;
	enum tctl_status status;

	to->lines = NULL;
	to->line_count = 0;
	status =
	    add_items(replay, to, &was, "criterion", "criteria", data, err);
	if (status == TCTL_OK)
		status = add_files(replay, to, data, err);
	return status == TCTL_OK
		   ? add_items(replay, to, &was, "step", "steps", data, err)
		   : status;
}
