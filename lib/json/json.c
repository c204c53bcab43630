/* json.c - the keys of the contract, spelled once. */
#include "taskctl/json.h"
#include "taskctl/time.h"
#include "text.h"

void
tctl_json_add(
    struct json_object *to, const char *key, struct json_object *value)
{
	json_object_object_add_ex(to, key, value,
	    JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

static struct json_object *
number(int64_t value)
{
	return json_object_new_int64(value);
}

/* null below zero: unknown. */
static struct json_object *
known(int64_t value)
{
	return value < 0 ? NULL : json_object_new_int64(value);
}

struct json_object *
tctl_json_text(const char *text)
{
	return text == NULL ? NULL : json_object_new_string(text);
}

struct json_object *
tctl_json_instant(int64_t wall_ms)
{
	char text[TCTL_INSTANT_TEXT];

	return wall_ms == 0
		   ? NULL
		   : json_object_new_string(tctl_instant_write(wall_ms, text));
}

struct json_object *
tctl_json_strings(const struct tctl_strings *list)
{
	struct json_object *array = json_object_new_array_ext((int)list->count);

	for (size_t i = 0; i < list->count; i++)
		json_object_array_add(
		    array, json_object_new_string(list->at[i]));
	return array;
}

/* Where the keys of a task go: into an object, or straight into text. */
struct sink {
	struct json_object *object;
	struct tctl_json_text *text; /* NULL: into the object */
};

static void
add_text(const struct sink *to, const char *key, const char *text)
{
	if (to->text == NULL)
		tctl_json_add(to->object, key, tctl_json_text(text));
	else
		tctl_json_write_text(to->text, key, text);
}

/* null below zero: unknown. */
static void
add_known(const struct sink *to, const char *key, int64_t value)
{
	if (to->text != NULL && value >= 0)
		tctl_json_write_number(to->text, key, value);
	else if (to->text != NULL)
		tctl_json_write_text(to->text, key, NULL);
	else
		tctl_json_add(to->object, key, known(value));
}

static void
add_strings(
    const struct sink *to, const char *key, const struct tctl_strings *list)
{
	if (to->text == NULL) {
		tctl_json_add(to->object, key, tctl_json_strings(list));
		return;
	}
	tctl_json_write_open(to->text, key, '[');
	for (size_t i = 0; i < list->count; i++)
		tctl_json_write_text(to->text, NULL, list->at[i]);
	tctl_json_write_close(to->text, ']');
}

static void
add_bool(const struct sink *to, const char *key, bool value)
{
	if (to->text == NULL)
		tctl_json_add(to->object, key, json_object_new_boolean(value));
	else
		tctl_json_write_bool(to->text, key, value);
}

static void
add_items(const struct sink *to, const char *key, const struct tctl_items *list)
{
	struct json_object *array = NULL;

	if (to->text == NULL) {
		array = json_object_new_array_ext((int)list->count);
		tctl_json_add(to->object, key, array);
	} else {
		tctl_json_write_open(to->text, key, '[');
	}
	for (size_t i = 0; i < list->count; i++) {
		struct sink item = { .text = to->text };

		if (item.text == NULL)
			item.object = json_object_new_object();
		else
			tctl_json_write_open(item.text, NULL, '{');
		add_text(&item, "text", list->at[i].text);
		add_bool(&item, "done", list->at[i].done);
		if (item.text == NULL)
			json_object_array_add(array, item.object);
		else
			tctl_json_write_close(item.text, '}');
	}
	if (to->text != NULL)
		tctl_json_write_close(to->text, ']');
}

static struct json_object *
notes(const struct tctl_task *task)
{
	struct json_object *array =
	    json_object_new_array_ext((int)task->note_count);

	for (size_t i = 0; i < task->note_count; i++) {
		struct json_object *note = json_object_new_object();

		tctl_json_add(
		    note, "at", tctl_json_instant(task->notes[i].at_ms));
		tctl_json_add(
		    note, "agent", tctl_json_text(task->notes[i].agent));
		tctl_json_add(
		    note, "text", tctl_json_text(task->notes[i].text));
		json_object_array_add(array, note);
	}
	return array;
}

struct json_object *
tctl_json_lease(const struct tctl_lease *lease)
{
	struct json_object *out;

	if (lease == NULL)
		return NULL;
	out = json_object_new_object();
	tctl_json_add(out, "task", tctl_json_text(lease->task));
	tctl_json_add(out, "agent", tctl_json_text(lease->agent));
	tctl_json_add(out, "session", tctl_json_text(lease->session));
	tctl_json_add(out, "token", number(lease->token));
	tctl_json_add(
	    out, "acquired_at", tctl_json_instant(lease->acquired_ms));
	tctl_json_add(out, "renewed_at", tctl_json_instant(lease->renewed_ms));
	tctl_json_add(out, "renewed_by", tctl_json_text(lease->renewed_by));
	tctl_json_add(out, "expires_at", tctl_json_instant(lease->expires_ms));
	tctl_json_add(out, "ttl_s", number(lease->ttl_ms / 1000));
	tctl_json_add(out, "host", tctl_json_text(lease->host));
	tctl_json_add(out, "pid", lease->pid == 0 ? NULL : number(lease->pid));
	tctl_json_add(out, "worktree", tctl_json_text(lease->worktree));
	tctl_json_add(out, "reserved", tctl_json_strings(&lease->reserved));
	return out;
}

static struct json_object *
source(const struct tctl_task *task)
{
	struct json_object *out;

	if (task->file == NULL)
		return NULL;
	out = json_object_new_object();
	tctl_json_add(out, "file", tctl_json_text(task->file));
	tctl_json_add(out, "line", number(task->line));
	return out;
}

/* What stands in the plan, up to the dependencies. */
static void
add_head(const struct sink *to, const struct tctl_task *task)
{
	add_text(to, "id", task->id);
	add_text(to, "plan", task->plan);
	add_text(to, "title", task->title);
	add_text(to, "sprint", task->sprint);
}

static void
add_fields(const struct sink *to, const struct tctl_task *task)
{
	add_bool(to, "gate", task->is_gate);
	add_known(to, "priority", task->priority);
	add_known(to, "estimate_s", task->estimate_s);
	add_text(to, "planned_agent", task->planned_agent);
	add_text(to, "mutex", task->mutex);
	add_strings(to, "needs", &task->needs);
}

static void
add_lists(const struct sink *to, const struct tctl_task *task)
{
	add_strings(to, "files", &task->files);
	add_items(to, "criteria", &task->criteria);
	add_items(to, "steps", &task->steps);
}

static void
add_place(const struct sink *to, const struct tctl_task *task,
    const struct tctl_json_place *place)
{
	add_bool(to, "ticked", task->ticked);
	add_known(to, "line", task->line);
	add_known(to, "position", place->position);
	if (place->chain != NULL) {
		add_text(to, "chain", place->chain);
		add_known(to, "step", place->step);
	}
}

const char *
tctl_json_planned(const struct tctl_task *task,
    const struct tctl_json_place *place, struct tctl_json_text *text)
{
	const struct sink to = { .text = text };

	text->used = 0;
	tctl_json_write_open(text, NULL, '{');
	add_head(&to, task);
	add_fields(&to, task);
	add_lists(&to, task);
	add_place(&to, task, place);
	tctl_json_write_close(text, '}');
	tctl_json_write_close(text, '\0');
	return text->at;
}

struct json_object *
tctl_json_moved(const struct tctl_task *task,
    const struct tctl_json_place *place, bool items)
{
	const struct sink to = { .object = json_object_new_object() };

	add_text(&to, "id", task->id);
	add_bool(&to, "gate", task->is_gate);
	if (items)
		add_lists(&to, task);
	add_place(&to, task, place);
	return to.object;
}

struct json_object *
tctl_json_task(const struct tctl_task *task)
{
	struct json_object *out = json_object_new_object();
	const struct sink to = { .object = out };

	add_head(&to, task);
	tctl_json_add(out, "ref",
	    tctl_json_text(task->ref != NULL ? task->ref : task->id));
	tctl_json_add(
	    out, "state", tctl_json_text(tctl_state_word(task->state)));
	tctl_json_add(out, "orphaned", json_object_new_boolean(task->orphaned));
	add_fields(&to, task);
	tctl_json_add(out, "unmet", tctl_json_strings(&task->unmet));
	tctl_json_add(out, "after", tctl_json_text(task->after));
	tctl_json_add(out, "unblocks", tctl_json_strings(&task->unblocks));
	add_lists(&to, task);
	tctl_json_add(out, "attempts", number(task->attempts));
	tctl_json_add(out, "notes", notes(task));
	tctl_json_add(out, "lease", tctl_json_lease(task->lease));
	tctl_json_add(out, "started_at", tctl_json_instant(task->started_ms));
	tctl_json_add(out, "finished_at", tctl_json_instant(task->finished_ms));
	tctl_json_add(out, "finished_by", tctl_json_text(task->finished_by));
	tctl_json_add(out, "source", source(task));
	return out;
}

struct json_object *
tctl_json_diagnostic(const struct tctl_diagnostic *d)
{
	struct json_object *out = json_object_new_object();

	tctl_json_add(out, "file", tctl_json_text(d->file));
	tctl_json_add(out, "line", number(d->line));
	tctl_json_add(out, "column", number(d->column));
	tctl_json_add(
	    out, "severity", tctl_json_text(tctl_severity_word(d->severity)));
	tctl_json_add(out, "code", tctl_json_text(d->code));
	tctl_json_add(out, "message", tctl_json_text(d->message));
	tctl_json_add(out, "other_line",
	    d->other_line > 0 ? number(d->other_line) : NULL);
	return out;
}
