/* json.c - the keys of the contract, spelled once. */
#include "taskctl/json.h"
#include "taskctl/time.h"

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

static struct json_object *
items(const struct tctl_items *list)
{
	struct json_object *array = json_object_new_array_ext((int)list->count);

	for (size_t i = 0; i < list->count; i++) {
		struct json_object *item = json_object_new_object();

		tctl_json_add(item, "text", tctl_json_text(list->at[i].text));
		tctl_json_add(
		    item, "done", json_object_new_boolean(list->at[i].done));
		json_object_array_add(array, item);
	}
	return array;
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
add_head(struct json_object *out, const struct tctl_task *task)
{
	tctl_json_add(out, "id", tctl_json_text(task->id));
	tctl_json_add(out, "plan", tctl_json_text(task->plan));
	tctl_json_add(out, "title", tctl_json_text(task->title));
	tctl_json_add(out, "sprint", tctl_json_text(task->sprint));
}

static void
add_fields(struct json_object *out, const struct tctl_task *task)
{
	tctl_json_add(out, "gate", json_object_new_boolean(task->is_gate));
	tctl_json_add(out, "priority", number(task->priority));
	tctl_json_add(out, "estimate_s", known(task->estimate_s));
	tctl_json_add(
	    out, "planned_agent", tctl_json_text(task->planned_agent));
	tctl_json_add(out, "mutex", tctl_json_text(task->mutex));
	tctl_json_add(out, "needs", tctl_json_strings(&task->needs));
}

static void
add_lists(struct json_object *out, const struct tctl_task *task)
{
	tctl_json_add(out, "files", tctl_json_strings(&task->files));
	tctl_json_add(out, "criteria", items(&task->criteria));
	tctl_json_add(out, "steps", items(&task->steps));
}

struct json_object *
tctl_json_planned(const struct tctl_task *task)
{
	struct json_object *out = json_object_new_object();

	add_head(out, task);
	add_fields(out, task);
	add_lists(out, task);
	tctl_json_add(out, "ticked", json_object_new_boolean(task->ticked));
	tctl_json_add(out, "line", number(task->line));
	return out;
}

struct json_object *
tctl_json_task(const struct tctl_task *task)
{
	struct json_object *out = json_object_new_object();

	add_head(out, task);
	tctl_json_add(out, "ref",
	    tctl_json_text(task->ref != NULL ? task->ref : task->id));
	tctl_json_add(
	    out, "state", tctl_json_text(tctl_state_word(task->state)));
	tctl_json_add(out, "orphaned", json_object_new_boolean(task->orphaned));
	add_fields(out, task);
	tctl_json_add(out, "unmet", tctl_json_strings(&task->unmet));
	tctl_json_add(out, "after", tctl_json_text(task->after));
	tctl_json_add(out, "unblocks", tctl_json_strings(&task->unblocks));
	add_lists(out, task);
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
