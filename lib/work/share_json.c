/* share_json.c - a schedule for agents, and a forecast, as JSON. */
#include <stdlib.h>

#include "taskctl/work_json.h"

static struct json_object *
one_task(const struct tctl_share *share, size_t i)
{
	const struct tctl_task *task = &share->tasks.at[i];
	const struct tctl_turn *turn = &share->turn[i];
	struct json_object *one = json_object_new_object();

	tctl_json_add(one, "id", tctl_json_text(task->id));
	tctl_json_add(one, "ref", tctl_json_text(task->ref));
	tctl_json_add(one, "plan", tctl_json_text(task->plan));
	tctl_json_add(one, "title", tctl_json_text(task->title));
	tctl_json_add(one, "agent", tctl_json_text(share->agent[i]));
	tctl_json_add(
	    one, "planned_agent", tctl_json_text(task->planned_agent));
	tctl_json_add(
	    one, "state", tctl_json_text(tctl_state_word(task->state)));
	tctl_json_add(one, "start_s", json_object_new_int64(turn->start_s));
	tctl_json_add(one, "end_s", json_object_new_int64(turn->end_s));
	tctl_json_add(one, "slack_s", json_object_new_int64(turn->slack_s));
	tctl_json_add(
	    one, "earliest_s", json_object_new_int64(turn->earliest_s));
	tctl_json_add(one, "latest_s",
	    json_object_new_int64(turn->start_s + turn->slack_s));
	tctl_json_add(one, "wave",
	    turn->wave == 0 ? NULL
			    : json_object_new_int64((int64_t)turn->wave));
	return one;
}

static struct json_object *
waves(const struct tctl_share *share)
{
	struct json_object *out = json_object_new_array();

	for (size_t i = 0; i < share->waves; i++)
		json_object_array_add(out, json_object_new_array());
	for (size_t i = 0; i < share->tasks.count; i++)
		if (share->turn[i].wave > 0)
			json_object_array_add(json_object_array_get_idx(
						  out, share->turn[i].wave - 1),
			    tctl_json_text(share->tasks.at[i].id));
	return out;
}

struct json_object *
tctl_json_share(const struct tctl_share *share)
{
	struct json_object *out = json_object_new_object();
	struct json_object *names = json_object_new_array();
	struct json_object *path = json_object_new_array();
	struct json_object *tasks =
	    json_object_new_array_ext((int)share->tasks.count);

	for (size_t i = 0; i < share->names.count; i++)
		json_object_array_add(
		    names, tctl_json_text(share->names.at[i]));
	for (size_t i = 0; i < share->path_count; i++)
		json_object_array_add(
		    path, tctl_json_text(share->tasks.at[share->path[i]].id));
	for (size_t i = 0; i < share->tasks.count; i++)
		json_object_array_add(tasks, one_task(share, i));
	tctl_json_add(
	    out, "agents", json_object_new_int64((int64_t)share->names.count));
	tctl_json_add(out, "names", names);
	tctl_json_add(
	    out, "sequential_s", json_object_new_int64(share->sequential_s));
	tctl_json_add(
	    out, "makespan_s", json_object_new_int64(share->makespan_s));
	tctl_json_add(
	    out, "lower_bound_s", json_object_new_int64(share->lower_bound_s));
	tctl_json_add(out, "optimal", json_object_new_boolean(share->optimal));
	tctl_json_add(out, "assumed_s",
	    share->assumed_s == 0 ? NULL
				  : json_object_new_int64(share->assumed_s));
	tctl_json_add(out, "at", tctl_json_instant(share->tasks.now_ms));
	tctl_json_add(out, "critical_path", path);
	tctl_json_add(out, "waves", waves(share));
	tctl_json_add(out, "tasks", tasks);
	return out;
}

static struct json_object *
spell_dropped(const struct tctl_dropped dropped[], size_t count)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < count; i++) {
		struct json_object *one = json_object_new_object();

		tctl_json_add(one, "task", tctl_json_text(dropped[i].task));
		tctl_json_add(one, "state",
		    tctl_json_text(tctl_state_word(dropped[i].state)));
		json_object_array_add(array, one);
	}
	return array;
}

struct json_object *
tctl_json_forecast(const struct tctl_forecast *forecast,
    const struct tctl_dropped dropped[], size_t dropped_count)
{
	struct json_object *out;
	char *basis;

	if (forecast->tasks == 0)
		return NULL;
	out = json_object_new_object();
	basis = tctl_xprintf("%zu finished tasks took %.2f times their "
			     "estimates, %.1f at once, at work %.0f %% of the "
			     "time",
	    forecast->tasks, forecast->pace, forecast->at_once,
	    forecast->at_work * 100);
	tctl_json_add(out, "p50", tctl_json_instant(forecast->p50_ms));
	tctl_json_add(out, "p90", tctl_json_instant(forecast->p90_ms));
	tctl_json_add(out, "basis", tctl_json_text(basis));
	tctl_json_add(
	    out, "tasks", json_object_new_int64((int64_t)forecast->tasks));
	tctl_json_add(out, "pace", json_object_new_double(forecast->pace));
	tctl_json_add(out, "provided", spell_dropped(dropped, dropped_count));
	free(basis);
	return out;
}
