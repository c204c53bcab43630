/* json_task.c - what the members of a task object say. */
#include <string.h>

#include "columns.h"
#include "fields.h"
#include "json_task.h"

enum { OTHER_RANK = 9 }; /* of names that only the table of words has */

/* --- names ------------------------------------------------------------ */

/* Names that are used in JSON only, or are better than their synonyms. */
static enum tctl_json_field
known_field(const char *name, int *rank)
{
	static const struct {
		const char *name;
		enum tctl_json_field field;
		int rank;
	} known[] = {
		{ "id", TCTL_JSON_ID, 0 },
		{ "task_id", TCTL_JSON_ID, 1 },
		{ "taskId", TCTL_JSON_ID, 1 },
		{ "title", TCTL_JSON_TITLE, 0 },
		{ "name", TCTL_JSON_TITLE, 1 },
		{ "summary", TCTL_JSON_TITLE, 2 },
		{ "text", TCTL_JSON_TITLE, 3 },
		{ "state", TCTL_JSON_STATUS, 0 },
		{ "status", TCTL_JSON_STATUS, 0 },
		{ "done", TCTL_JSON_DONE, 0 },
		{ "completed", TCTL_JSON_DONE, 1 },
		{ "passes", TCTL_JSON_DONE, 2 },
		{ "needs", TCTL_JSON_NEEDS, 0 },
		{ "dependencies", TCTL_JSON_NEEDS, 1 },
		{ "estimate_s", TCTL_JSON_ESTIMATE, 0 },
		{ "planned_agent", TCTL_JSON_AGENT, 0 },
		{ "milestone", TCTL_JSON_SPRINT, OTHER_RANK + 1 },
		{ "testStrategy", TCTL_JSON_CRITERIA, OTHER_RANK + 1 },
		{ "steps", TCTL_JSON_STEPS, 0 },
		{ "subtasks", TCTL_JSON_STEPS, 1 },
		{ "checklist", TCTL_JSON_STEPS, 2 },
	};

	for (size_t i = 0; i < TCTL_COUNT(known); i++)
		if (strcmp(known[i].name, name) == 0) {
			*rank = known[i].rank;
			return known[i].field;
		}
	*rank = OTHER_RANK;
	return TCTL_JSON_NONE;
}

static enum tctl_json_field
field_of_word(enum tctl_word word)
{
	switch (word) {
	case TCTL_WORD_ID:
		return TCTL_JSON_ID;
	case TCTL_WORD_TITLE:
		return TCTL_JSON_TITLE;
	case TCTL_WORD_STATUS:
		return TCTL_JSON_STATUS;
	case TCTL_WORD_NEEDS:
		return TCTL_JSON_NEEDS;
	case TCTL_WORD_DURATION:
		return TCTL_JSON_ESTIMATE;
	case TCTL_WORD_PRIORITY:
		return TCTL_JSON_PRIORITY;
	case TCTL_WORD_AGENT:
		return TCTL_JSON_AGENT;
	case TCTL_WORD_MUTEX:
		return TCTL_JSON_MUTEX;
	case TCTL_WORD_SPRINT:
		return TCTL_JSON_SPRINT;
	case TCTL_WORD_FILES:
		return TCTL_JSON_FILES;
	case TCTL_WORD_CRITERIA:
		return TCTL_JSON_CRITERIA;
	default:
		return TCTL_JSON_NONE;
	}
}

void
tctl_json_members(struct json_object *object, struct tctl_json_members *out)
{
	int best[TCTL_JSON_FIELDS];

	memset(out, 0, sizeof(*out));
	if (!json_object_is_type(object, json_type_object))
		return;
	json_object_object_foreach(object, name, value)
	{
		char unit[TCTL_UNIT_MAX];
		int rank;
		enum tctl_json_field field = known_field(name, &rank);

		if (field == TCTL_JSON_NONE)
			field = field_of_word(
			    tctl_name_read(name, strlen(name), unit));
		else if (field == TCTL_JSON_ESTIMATE)
			tctl_name_read(name, strlen(name), unit);
		if (field == TCTL_JSON_NONE || value == NULL ||
		    (out->name[field] != NULL && best[field] <= rank))
			continue;
		best[field] = rank;
		out->at[field] = value;
		out->name[field] = name;
		if (field == TCTL_JSON_ESTIMATE)
			memcpy(out->unit, unit, sizeof(unit));
	}
}

bool
tctl_json_is_task(struct json_object *object)
{
	struct tctl_json_members members;

	tctl_json_members(object, &members);
	return members.at[TCTL_JSON_ID] != NULL &&
	       (members.at[TCTL_JSON_TITLE] != NULL ||
		   members.at[TCTL_JSON_STATUS] != NULL ||
		   members.at[TCTL_JSON_NEEDS] != NULL);
}

struct json_object *
tctl_json_first(struct json_object *array)
{
	if (!json_object_is_type(array, json_type_array))
		return NULL;
	return json_object_array_get_idx(array, 0);
}

/* --- values ----------------------------------------------------------- */

static const char *
text_of(struct tctl_json_batch *batch, struct json_object *value)
{
	return tctl_json_line(batch->draft->plan->arena, value);
}

static bool
says_done(struct tctl_json_batch *batch, const struct tctl_json_members *in)
{
	const char *status = text_of(batch, in->at[TCTL_JSON_STATUS]);

	return (status != NULL && tctl_word_is_done(status, strlen(status))) ||
	       (json_object_is_type(
		    in->at[TCTL_JSON_DONE], json_type_boolean) &&
		   json_object_get_boolean(in->at[TCTL_JSON_DONE]));
}

static void
read_priority(struct tctl_task *task, struct json_object *value)
{
	int64_t number = json_object_get_int64(value);
	int priority = 0;

	if (json_object_is_type(value, json_type_int) && number >= 0)
		priority = number == 0			? TCTL_PRIORITY_HIGH
			   : number < TCTL_PRIORITY_LOW ? (int)number
							: TCTL_PRIORITY_LOW;
	else if (json_object_is_type(value, json_type_string))
		priority = tctl_priority_read(json_object_get_string(value),
		    strlen(json_object_get_string(value)));
	if (priority != 0)
		task->priority = priority;
}

static void
read_estimate(struct tctl_json_batch *batch, size_t task,
    struct tctl_place place, const struct tctl_json_members *in)
{
	struct tctl_draft *draft = batch->draft;
	const char *text = text_of(batch, in->at[TCTL_JSON_ESTIMATE]);
	struct tctl_duration duration;

	if (text == NULL || *text == '\0')
		return;
	if (tctl_estimate_read(text, in->unit, draft->hours_per_day, &duration))
		draft->plan->task[task].estimate_s = duration.seconds;
	else if (*in->unit != '\0')
		tctl_say(draft, TCTL_WARNING, "bad_duration", place, 0,
		    "no duration could be read from \"%s\": %.60s",
		    in->name[TCTL_JSON_ESTIMATE], text);
}

/* One criterion or step: a text, or an object with a text and a state. */
static void
add_item(struct tctl_json_batch *batch, struct tctl_items *list,
    struct json_object *value, struct tctl_place place)
{
	struct tctl_arena *arena = batch->draft->plan->arena;
	const char *text = text_of(batch, value);
	struct tctl_json_members in = { 0 };

	if (text == NULL) {
		tctl_json_members(value, &in);
		text = text_of(batch, in.at[TCTL_JSON_TITLE]);
		place = tctl_json_place(value);
	}
	if (text != NULL && *text != '\0')
		tctl_items_add(
		    arena, list, text, says_done(batch, &in), place.line);
}

/* An array of them, or one text with a line for each. */
static void
read_items(struct tctl_json_batch *batch, struct tctl_items *list,
    struct json_object *value, struct tctl_place place, bool done)
{
	struct tctl_arena *arena = batch->draft->plan->arena;
	const char *text;

	if (json_object_is_type(value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(value); i++)
			add_item(batch, list,
			    json_object_array_get_idx(value, i), place);
		return;
	}
	if (!json_object_is_type(value, json_type_string))
		return;
	for (text = json_object_get_string(value); *text != '\0';) {
		size_t n = strcspn(text, "\n");
		struct json_object *one =
		    json_object_new_string_len(text, (int)n);
		const char *line = text_of(batch, one);

		json_object_put(one);
		line += strspn(line, "-* ");
		if (*line != '\0')
			tctl_items_add(arena, list, line, done, place.line);
		text += n + (text[n] == '\n');
	}
}

static void
read_texts(struct tctl_json_batch *batch, struct tctl_strings *list,
    struct json_object *value)
{
	if (!json_object_is_type(value, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(value); i++) {
		const char *text =
		    text_of(batch, json_object_array_get_idx(value, i));

		if (text != NULL && *text != '\0')
			tctl_strings_add(batch->draft->plan->arena, list, text);
	}
}

/* --- tasks ------------------------------------------------------------ */

static void
read_members(struct tctl_json_batch *batch, size_t i, struct tctl_place place,
    const struct tctl_json_members *in)
{
	struct tctl_plan *plan = batch->draft->plan;
	struct tctl_task *task = &plan->task[i];
	struct json_object *agent = in->at[TCTL_JSON_AGENT];
	const char *text;

	task->ticked = says_done(batch, in);
	read_priority(task, in->at[TCTL_JSON_PRIORITY]);
	read_estimate(batch, i, place, in);
	if (json_object_is_type(agent, json_type_array))
		agent = tctl_json_first(agent);
	text = text_of(batch, agent);
	if (text != NULL)
		task->planned_agent =
		    tctl_agent_name(plan->arena, text, strlen(text));
	text = text_of(batch, in->at[TCTL_JSON_MUTEX]);
	if (text != NULL && *text != '\0')
		task->mutex = text;
	read_texts(batch, &task->files, in->at[TCTL_JSON_FILES]);
	read_items(batch, &task->criteria, in->at[TCTL_JSON_CRITERIA], place,
	    task->ticked);
	read_items(
	    batch, &task->steps, in->at[TCTL_JSON_STEPS], place, task->ticked);
}

static bool
is_cancelled(struct tctl_json_batch *batch, const struct tctl_json_members *in)
{
	const char *status = text_of(batch, in->at[TCTL_JSON_STATUS]);

	return status != NULL &&
	       tctl_word_in(status, strlen(status), TCTL_WORD_CANCELLED);
}

/* Where only a description stands, it may be a page. */
static const char *
cut_title(struct tctl_arena *arena, const char *title)
{
	size_t n = TCTL_TITLE_MAX;

	if (strlen(title) <= n)
		return title;
	while ((title[n] & 0xC0) == 0x80)
		n--;
	return tctl_arena_strndup(arena, title, n);
}

size_t
tctl_json_add_task(struct tctl_json_batch *batch, struct json_object *object,
    const char *prefix)
{
	struct tctl_draft *draft = batch->draft;
	struct tctl_arena *arena = draft->plan->arena;
	struct tctl_place place = tctl_json_place(object);
	struct tctl_json_members in;
	const char *id, *title;
	size_t task;

	tctl_json_members(object, &in);
	id = text_of(batch, in.at[TCTL_JSON_ID]);
	title = text_of(batch, in.at[TCTL_JSON_TITLE]);
	if (id == NULL || *id == '\0') {
		tctl_say(draft, TCTL_ERROR, "bad_id", place, 0,
		    "an object here has no id: it cannot be a task");
		return TCTL_NONE;
	}
	if (*prefix != '\0')
		id = tctl_arena_printf(arena, "%s%s", prefix, id);
	if (is_cancelled(batch, &in)) {
		tctl_index_add(arena, &batch->gone, id, 0);
		tctl_say(draft, TCTL_NOTE, "cancelled", place, 0,
		    "%.100s is cancelled: not loaded", id);
		return TCTL_NONE;
	}
	title = cut_title(arena, title == NULL || *title == '\0' ? id : title);
	task = tctl_draft_task(draft, id, title, TCTL_NONE, place);
	draft->detail[task].title_place = place;
	read_members(batch, task, place, &in);
	return task;
}
