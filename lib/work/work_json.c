/* work_json.c - status, plan, events and reasons as JSON. */
#include <string.h>

#include "taskctl/work_json.h"

static void
add(struct json_object *to, const char *key, struct json_object *value)
{
	json_object_object_add_ex(to, key, value,
	    JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

static struct json_object *
number(int64_t value)
{
	return json_object_new_int64(value);
}

void
tctl_json_add_tasks(
    struct json_object *to, const char *key, const struct tctl_tasks *tasks)
{
	struct json_object *array =
	    json_object_new_array_ext((int)tasks->count);

	for (size_t i = 0; i < tasks->count; i++)
		json_object_array_add(array, tctl_json_task(&tasks->at[i]));
	json_object_object_add(to, key, array);
}

struct json_object *
tctl_json_tasks(const struct tctl_tasks *tasks)
{
	struct json_object *out = json_object_new_object();

	tctl_json_add_tasks(out, "tasks", tasks);
	return out;
}

static void
add_totals(struct json_object *to, const struct tctl_totals *totals)
{
	for (int i = 0; i < TCTL_STATE_COUNT; i++)
		add(to, tctl_state_word((enum tctl_state)i),
		    number((int64_t)totals->state[i]));
	add(to, "tasks", number((int64_t)totals->tasks));
	add(to, "estimate_s", number(totals->estimate_s));
	add(to, "done_s", number(totals->done_s));
	add(to, "percent", totals->percent < 0 ? NULL : number(totals->percent));
}

static struct json_object *
sprints(const struct tctl_status_report *report)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < report->sprint_count; i++) {
		const struct tctl_sprint_status *sprint = &report->sprint[i];
		struct json_object *one = json_object_new_object();

		add(one, "id", tctl_json_text(sprint->key));
		add(one, "title", tctl_json_text(sprint->title));
		add(one, "plan", tctl_json_text(sprint->plan));
		add(one, "state", tctl_json_text(tctl_state_word(sprint->state)));
		add(one, "after", tctl_json_text(sprint->after));
		add_totals(one, &sprint->totals);
		json_object_array_add(array, one);
	}
	return array;
}

static struct json_object *
leases(const struct tctl_tasks *held)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < held->count; i++)
		json_object_array_add(
		    array, tctl_json_lease(held->at[i].lease));
	return array;
}

static struct json_object *
stuck(const struct tctl_status_report *report)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < report->stuck_count; i++) {
		struct json_object *one = json_object_new_object();

		add(one, "task", tctl_json_text(report->stuck[i].task));
		add(one, "why", tctl_json_text(report->stuck[i].why));
		add(one, "title", tctl_json_text(report->stuck[i].title));
		json_object_array_add(array, one);
	}
	return array;
}

struct json_object *
tctl_json_status(const struct tctl_status_report *report)
{
	struct json_object *out = json_object_new_object();
	struct json_object *totals = json_object_new_object();
	struct json_object *ready = json_object_new_array();

	add_totals(totals, &report->totals);
	add(out, "totals", totals);
	add(out, "sprints", sprints(report));
	add(out, "leases", leases(&report->held));
	add(out, "stuck", stuck(report));
	for (size_t i = 0; i < report->ready.count; i++)
		json_object_array_add(
		    ready, tctl_json_text(report->ready.at[i].ref));
	add(out, "ready", ready);
	add(out, "ready_count", number((int64_t)report->ready_count));
	add(out, "forecast", NULL);
	add(out, "at", tctl_json_instant(report->now_ms));
	return out;
}

struct json_object *
tctl_json_outlook(const struct tctl_outlook *outlook)
{
	struct json_object *out = json_object_new_object();
	struct json_object *path = json_object_new_array();
	struct json_object *tasks = json_object_new_array();

	add(out, "agents", number((int64_t)outlook->agents));
	add(out, "sequential_s", number(outlook->sequential_s));
	add(out, "makespan_s", number(outlook->makespan_s));
	add(out, "lower_bound_s", number(outlook->makespan_s));
	add(out, "optimal", json_object_new_boolean(!outlook->mutex_overlap));
	for (size_t i = 0; i < outlook->path_count; i++)
		json_object_array_add(path,
		    tctl_json_text(outlook->tasks.at[outlook->path[i]].id));
	add(out, "critical_path", path);
	for (size_t i = 0; i < outlook->tasks.count; i++) {
		const struct tctl_task *task = &outlook->tasks.at[i];
		struct json_object *one = json_object_new_object();

		add(one, "id", tctl_json_text(task->id));
		add(one, "agent", tctl_json_text(task->planned_agent));
		add(one, "start_s", number(outlook->slot[i].start_s));
		add(one, "end_s", number(outlook->slot[i].end_s));
		add(one, "slack_s", number(outlook->slot[i].slack_s));
		json_object_array_add(tasks, one);
	}
	add(out, "tasks", tasks);
	return out;
}

struct json_object *
tctl_json_event(const struct tctl_event *event)
{
	struct json_object *out = json_object_new_object(), *data;

	add(out, "id", number(event->id));
	add(out, "at", tctl_json_instant(event->at_ms));
	add(out, "kind", tctl_json_text(event->kind));
	add(out, "task", tctl_json_text(event->task));
	add(out, "plan", tctl_json_text(event->plan));
	add(out, "agent", tctl_json_text(event->agent));
	add(out, "session", tctl_json_text(event->session));
	add(out, "token", event->token == 0 ? NULL : number(event->token));
	data = event->data == NULL ? NULL : json_tokener_parse(event->data);
	add(out, "data", data);
	return out;
}

struct json_object *
tctl_json_last_lease(const struct tctl_why *why)
{
	struct json_object *last;

	if (why->last_end == NULL)
		return NULL;
	last = json_object_new_object();
	add(last, "agent", tctl_json_text(why->last_agent));
	add(last, "ended", tctl_json_text(why->last_end));
	add(last, "at", tctl_json_instant(why->last_end_ms));
	add(last, "worktree", tctl_json_text(why->last_worktree));
	return last;
}

struct json_object *
tctl_json_why(const struct tctl_why *why)
{
	static const char *const kind_word[] = { [TCTL_WHY_STATE] = "state",
		[TCTL_WHY_LEASE] = "lease", [TCTL_WHY_NEEDS] = "needs",
		[TCTL_WHY_SPRINT] = "sprint", [TCTL_WHY_MUTEX] = "mutex" };
	struct json_object *out = json_object_new_object();
	struct json_object *reasons = json_object_new_array();

	for (size_t i = 0; i < why->reason_count; i++) {
		const struct tctl_reason *reason = &why->reason[i];
		struct json_object *one = json_object_new_object();

		add(one, "kind", tctl_json_text(kind_word[reason->kind]));
		add(one, "text", tctl_json_text(reason->text));
		add(one, "other", tctl_json_text(reason->other));
		add(one, "other_state", tctl_json_text(reason->other_state));
		json_object_array_add(reasons, one);
	}
	add(out, "task", tctl_json_task(&why->task.at[0]));
	add(out, "claimable", json_object_new_boolean(why->claimable));
	add(out, "reasons", reasons);
	add(out, "last_lease", tctl_json_last_lease(why));
	return out;
}
