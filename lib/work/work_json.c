/* work_json.c - status, plan, events and reasons as JSON. */
#include <string.h>

#include "taskctl/work_json.h"

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
		tctl_json_add(to, tctl_state_word((enum tctl_state)i),
		    json_object_new_int64((int64_t)totals->state[i]));
	tctl_json_add(
	    to, "tasks", json_object_new_int64((int64_t)totals->tasks));
	tctl_json_add(
	    to, "estimate_s", json_object_new_int64(totals->estimate_s));
	tctl_json_add(to, "done_s", json_object_new_int64(totals->done_s));
	tctl_json_add(to, "percent",
	    totals->percent < 0 ? NULL
				: json_object_new_int64(totals->percent));
}

struct json_object *
tctl_json_totals(const struct tctl_totals *totals)
{
	struct json_object *out = json_object_new_object();

	add_totals(out, totals);
	return out;
}

struct json_object *
tctl_json_sprint(const struct tctl_sprint_status *sprint)
{
	struct json_object *out = json_object_new_object();

	tctl_json_add(out, "id", tctl_json_text(sprint->key));
	tctl_json_add(out, "plan", tctl_json_text(sprint->plan));
	tctl_json_add(out, "title", tctl_json_text(sprint->title));
	tctl_json_add(out, "goal", tctl_json_text(sprint->goal));
	tctl_json_add(
	    out, "state", tctl_json_text(tctl_state_word(sprint->state)));
	tctl_json_add(out, "after", tctl_json_text(sprint->after));
	add_totals(out, &sprint->totals);
	return out;
}

static struct json_object *
sprints(const struct tctl_status_report *report)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < report->sprint_count; i++)
		json_object_array_add(
		    array, tctl_json_sprint(&report->sprint[i]));
	return array;
}

static struct json_object *
leases(const struct tctl_status_report *report)
{
	const struct tctl_tasks *held = &report->held;
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < held->count; i++) {
		const struct tctl_task *task = &held->at[i];
		struct json_object *one = tctl_json_lease(task->lease);

		tctl_json_add(one, "title", tctl_json_text(task->title));
		tctl_json_add(one, "estimate_s",
		    task->estimate_s < 0
			? NULL
			: json_object_new_int64(task->estimate_s));
		tctl_json_add(
		    one, "frees", tctl_json_strings(&report->frees[i]));
		json_object_array_add(array, one);
	}
	return array;
}

struct json_object *
tctl_json_stuck(const struct tctl_status_report *report)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < report->stuck_count; i++) {
		const struct tctl_stuck *stuck = &report->stuck[i];
		struct json_object *one = json_object_new_object();

		tctl_json_add(one, "task", tctl_json_text(stuck->task));
		tctl_json_add(one, "why", tctl_json_text(stuck->why));
		tctl_json_add(one, "title", tctl_json_text(stuck->title));
		tctl_json_add(
		    one, "kind", tctl_json_text(tctl_stuck_word(stuck->kind)));
		tctl_json_add(one, "agent", tctl_json_text(stuck->agent));
		tctl_json_add(one, "next", tctl_json_text(stuck->next));
		json_object_array_add(array, one);
	}
	return array;
}

struct json_object *
tctl_json_status(const struct tctl_status_report *report)
{
	struct json_object *out = json_object_new_object();
	struct json_object *ready = json_object_new_array();

	tctl_json_add(out, "totals", tctl_json_totals(&report->totals));
	tctl_json_add(out, "sprints", sprints(report));
	tctl_json_add(out, "leases", leases(report));
	tctl_json_add(out, "stuck", tctl_json_stuck(report));
	for (size_t i = 0; i < report->ready.count; i++)
		json_object_array_add(
		    ready, tctl_json_text(report->ready.at[i].ref));
	tctl_json_add(out, "ready", ready);
	tctl_json_add(out, "ready_count",
	    json_object_new_int64((int64_t)report->ready_count));
	tctl_json_add(out, "forecast",
	    tctl_json_forecast(
		&report->forecast, report->dropped, report->dropped_count));
	tctl_json_add(out, "at", tctl_json_instant(report->now_ms));
	return out;
}

struct json_object *
tctl_json_outlook(const struct tctl_outlook *outlook)
{
	struct json_object *out = json_object_new_object();
	struct json_object *path = json_object_new_array();
	struct json_object *tasks = json_object_new_array();

	tctl_json_add(
	    out, "agents", json_object_new_int64((int64_t)outlook->agents));
	tctl_json_add(
	    out, "sequential_s", json_object_new_int64(outlook->sequential_s));
	tctl_json_add(
	    out, "makespan_s", json_object_new_int64(outlook->makespan_s));
	tctl_json_add(
	    out, "lower_bound_s", json_object_new_int64(outlook->makespan_s));
	tctl_json_add(
	    out, "optimal", json_object_new_boolean(!outlook->mutex_overlap));
	for (size_t i = 0; i < outlook->path_count; i++)
		json_object_array_add(path,
		    tctl_json_text(outlook->tasks.at[outlook->path[i]].id));
	tctl_json_add(out, "critical_path", path);
	for (size_t i = 0; i < outlook->tasks.count; i++) {
		const struct tctl_task *task = &outlook->tasks.at[i];
		struct json_object *one = json_object_new_object();

		tctl_json_add(one, "id", tctl_json_text(task->id));
		tctl_json_add(
		    one, "agent", tctl_json_text(task->planned_agent));
		tctl_json_add(one, "start_s",
		    json_object_new_int64(outlook->slot[i].start_s));
		tctl_json_add(one, "end_s",
		    json_object_new_int64(outlook->slot[i].end_s));
		tctl_json_add(one, "slack_s",
		    json_object_new_int64(outlook->slot[i].slack_s));
		json_object_array_add(tasks, one);
	}
	tctl_json_add(out, "tasks", tasks);
	return out;
}

struct json_object *
tctl_json_event(const struct tctl_event *event)
{
	struct json_object *out = json_object_new_object(), *data, *origin;

	tctl_json_add(out, "id", json_object_new_int64(event->id));
	tctl_json_add(out, "at", tctl_json_instant(event->at_ms));
	tctl_json_add(out, "kind", tctl_json_text(event->kind));
	tctl_json_add(out, "task", tctl_json_text(event->task));
	tctl_json_add(out, "plan", tctl_json_text(event->plan));
	tctl_json_add(out, "agent", tctl_json_text(event->agent));
	tctl_json_add(out, "session", tctl_json_text(event->session));
	tctl_json_add(out, "token",
	    event->token == 0 ? NULL : json_object_new_int64(event->token));
	data = event->data == NULL ? NULL : json_tokener_parse(event->data);
	tctl_json_add(out, "data", data);
	if (event->origin == NULL)
		return out;
	origin = json_object_new_object();
	tctl_json_add(origin, "store", tctl_json_text(event->origin));
	tctl_json_add(origin, "id", json_object_new_int64(event->origin_id));
	tctl_json_add(out, "origin", origin);
	return out;
}

struct json_object *
tctl_json_last_lease(const struct tctl_why *why)
{
	struct json_object *last;

	if (why->last_end == NULL)
		return NULL;
	last = json_object_new_object();
	tctl_json_add(last, "agent", tctl_json_text(why->last_agent));
	tctl_json_add(last, "ended", tctl_json_text(why->last_end));
	tctl_json_add(last, "at", tctl_json_instant(why->last_end_ms));
	tctl_json_add(last, "worktree", tctl_json_text(why->last_worktree));
	return last;
}

struct json_object *
tctl_json_why(const struct tctl_why *why)
{
	static const char *const kind_word[] = { [TCTL_WHY_STATE] = "state",
		[TCTL_WHY_LEASE] = "lease",
		[TCTL_WHY_NEEDS] = "needs",
		[TCTL_WHY_SPRINT] = "sprint",
		[TCTL_WHY_MUTEX] = "mutex",
		[TCTL_WHY_STEP] = "step",
		[TCTL_WHY_GATE] = "gate",
		[TCTL_WHY_IS_GATE] = "is_gate",
		[TCTL_WHY_RESERVED] = "reserved",
		[TCTL_WHY_CRITERION] = "criterion",
		[TCTL_WHY_JUDGED] = "judged" };
	struct json_object *out = json_object_new_object();
	struct json_object *reasons = json_object_new_array();

	for (size_t i = 0; i < why->reason_count; i++) {
		const struct tctl_reason *reason = &why->reason[i];
		struct json_object *one = json_object_new_object();

		tctl_json_add(
		    one, "kind", tctl_json_text(kind_word[reason->kind]));
		tctl_json_add(one, "text", tctl_json_text(reason->text));
		tctl_json_add(one, "other", tctl_json_text(reason->other));
		tctl_json_add(
		    one, "other_state", tctl_json_text(reason->other_state));
		json_object_array_add(reasons, one);
	}
	tctl_json_add(out, "task", tctl_json_task(&why->task.at[0]));
	tctl_json_add(
	    out, "claimable", json_object_new_boolean(why->claimable));
	tctl_json_add(out, "reasons", reasons);
	tctl_json_add(out, "last_lease", tctl_json_last_lease(why));
	return out;
}
