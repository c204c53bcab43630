/* review_json.c - a sprint review as JSON. */
#include <stdio.h>

#include "taskctl/json.h"
#include "taskctl/review.h"
#include "taskctl/work_json.h"

static struct json_object *
number(int64_t value)
{
	return json_object_new_int64(value);
}

static struct json_object *
instant(int64_t ms)
{
	return ms == 0 ? NULL : tctl_json_instant(ms);
}

/* Actual to planned, to hundredths; null: nothing to compare. */
static struct json_object *
ratio(double value)
{
	char text[32];

	if (value <= 0)
		return NULL;
	snprintf(text, sizeof(text), "%.2f", value);
	return json_object_new_double_s(value, text);
}

static struct json_object *
ratio_of(int64_t actual_s, int64_t planned_s)
{
	return ratio(planned_s > 0 ? (double)actual_s / (double)planned_s : 0);
}

static void
add_task(struct json_object *list, const struct tctl_task *task,
    const struct tctl_review_task *of)
{
	struct json_object *one = json_object_new_object();
	const char *who = task->lease != NULL	  ? task->lease->agent
			  : of->failed_by != NULL ? of->failed_by
						  : task->finished_by;

	tctl_json_add(one, "id", tctl_json_text(task->id));
	tctl_json_add(one, "ref", tctl_json_text(task->ref));
	tctl_json_add(one, "title", tctl_json_text(task->title));
	tctl_json_add(one, "sprint", tctl_json_text(task->sprint));
	tctl_json_add(
	    one, "state", tctl_json_text(tctl_state_word(task->state)));
	tctl_json_add(one, "why", tctl_json_text(of->failed_why));
	tctl_json_add(one, "agent", tctl_json_text(who));
	tctl_json_add(one, "planned_s",
	    task->estimate_s < 0 ? NULL : number(task->estimate_s));
	tctl_json_add(one, "actual_s", number(of->actual_s));
	tctl_json_add(one, "ratio",
	    task->state == TCTL_STATE_DONE
		? ratio_of(of->actual_s, task->estimate_s)
		: NULL);
	tctl_json_add(one, "lapses", number((int64_t)of->lapses));
	tctl_json_add(one, "added_late", json_object_new_boolean(of->added));
	tctl_json_add(one, "done_at", instant(of->done_ms));
	tctl_json_add(one, "unmet", tctl_json_strings(&task->unmet));
	tctl_json_add(one, "after", tctl_json_text(task->after));
	json_object_array_add(list, one);
}

static void
add_gate(struct json_object *list, const struct tctl_task *task,
    const struct tctl_review_task *of)
{
	struct json_object *one = json_object_new_object();
	struct json_object *criteria = json_object_new_array();

	for (size_t i = 0; i < task->criteria.count; i++) {
		const struct tctl_item *item = &task->criteria.at[i];
		struct json_object *line = json_object_new_object();

		tctl_json_add(line, "text", tctl_json_text(item->text));
		tctl_json_add(
		    line, "done", json_object_new_boolean(item->done));
		json_object_array_add(criteria, line);
	}
	tctl_json_add(one, "id", tctl_json_text(task->ref));
	tctl_json_add(one, "title", tctl_json_text(task->title));
	tctl_json_add(one, "approved",
	    json_object_new_boolean(task->state == TCTL_STATE_DONE));
	tctl_json_add(one, "approved_by", tctl_json_text(of->approved_by));
	tctl_json_add(one, "approved_at", instant(of->approved_ms));
	tctl_json_add(one, "override", json_object_new_boolean(of->overridden));
	tctl_json_add(one, "why", tctl_json_text(of->approved_why));
	tctl_json_add(one, "criteria", criteria);
	json_object_array_add(list, one);
}

static void
add_sum(struct json_object *to, const struct tctl_review_sum *sum)
{
	tctl_json_add(to, "planned_s", number(sum->planned_s));
	tctl_json_add(to, "actual_s", number(sum->actual_s));
	tctl_json_add(to, "ratio", ratio_of(sum->actual_s, sum->planned_s));
	tctl_json_add(to, "worked_s", number(sum->worked_s));
}

static struct json_object *
agents(const struct tctl_review *review)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < review->agents; i++) {
		const struct tctl_review_agent *agent = &review->agent[i];
		struct json_object *one = json_object_new_object();

		tctl_json_add(one, "agent", tctl_json_text(agent->name));
		tctl_json_add(one, "done", number((int64_t)agent->sum.done));
		add_sum(one, &agent->sum);
		tctl_json_add(
		    one, "lapses", number((int64_t)agent->sum.lapses));
		json_object_array_add(list, one);
	}
	return list;
}

/* As status has them, and how the work on them went. */
static struct json_object *
sprints(const struct tctl_review *review)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < review->sprint_count; i++) {
		const struct tctl_review_sprint *sprint = &review->sprints[i];
		struct json_object *one = tctl_json_sprint(&sprint->status);

		add_sum(one, &sprint->sum);
		tctl_json_add(
		    one, "lapses", number((int64_t)sprint->sum.lapses));
		tctl_json_add(one, "began_at", instant(sprint->began_ms));
		tctl_json_add(one, "ended_at", instant(sprint->ended_ms));
		json_object_array_add(list, one);
	}
	return list;
}

static struct json_object *
lapses(const struct tctl_review *review)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < review->lapses; i++) {
		const struct tctl_review_lapse *lapse = &review->lapse[i];
		struct json_object *one = json_object_new_object();

		tctl_json_add(one, "at", instant(lapse->at_ms));
		tctl_json_add(one, "kind", tctl_json_text(lapse->kind));
		tctl_json_add(one, "task", tctl_json_text(lapse->task));
		tctl_json_add(one, "agent", tctl_json_text(lapse->agent));
		tctl_json_add(
		    one, "taken_over_by", tctl_json_text(lapse->next));
		json_object_array_add(list, one);
	}
	return list;
}

static struct json_object *
changes(const struct tctl_review *review)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < review->changes; i++) {
		const struct tctl_review_change *change = &review->change[i];
		struct json_object *one = json_object_new_object();

		tctl_json_add(one, "at", instant(change->at_ms));
		tctl_json_add(one, "kind", tctl_json_text(change->kind));
		tctl_json_add(one, "task", tctl_json_text(change->task));
		tctl_json_add(one, "agent", tctl_json_text(change->agent));
		json_object_array_add(list, one);
	}
	return list;
}

static struct json_object *
points(const struct tctl_review *review)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < review->points; i++) {
		const struct tctl_review_point *point = &review->point[i];
		struct json_object *one = json_object_new_object();

		tctl_json_add(one, "at", instant(point->at_ms));
		tctl_json_add(one, "tasks", number((int64_t)point->tasks));
		tctl_json_add(one, "effort_s", number(point->effort_s));
		json_object_array_add(list, one);
	}
	return list;
}

/* Effort done a day, by the calendar, of the time that it has taken. */
static struct json_object *
velocity(const struct tctl_review *review)
{
	enum { DAY_MS = 86400000, LEAST_MS = 60000 };
	int64_t until =
	    review->ended_ms > 0 ? review->ended_ms : review->now_ms;
	int64_t took_ms = until - review->began_ms;

	if (review->began_ms == 0 || took_ms < LEAST_MS)
		return NULL;
	return number((
	    int64_t)((double)review->totals.done_s * DAY_MS / (double)took_ms));
}

struct json_object *
tctl_json_review(const struct tctl_review *review)
{
	struct json_object *out = json_object_new_object();
	struct json_object *tasks = json_object_new_array();
	struct json_object *gates = json_object_new_array();

	for (size_t i = 0; i < review->tasks; i++) {
		const struct tctl_task *task = &review->task[i];

		if (task->is_gate)
			add_gate(gates, task, &review->of[i]);
		else
			add_task(tasks, task, &review->of[i]);
	}
	tctl_json_add(out, "plan", tctl_json_text(review->plan));
	tctl_json_add(out, "sprint", tctl_json_text(review->sprint));
	tctl_json_add(out, "title", tctl_json_text(review->title));
	/* A sprint that states none is for what it is called. */
	tctl_json_add(out, "goal",
	    tctl_json_text(
		review->goal != NULL ? review->goal : review->title));
	tctl_json_add(out, "began_at", instant(review->began_ms));
	tctl_json_add(out, "ended_at", instant(review->ended_ms));
	tctl_json_add(out, "at", instant(review->now_ms));
	tctl_json_add(out, "totals", tctl_json_totals(&review->totals));
	add_sum(out, &review->sum);
	tctl_json_add(out, "median_ratio", ratio(review->median_ratio));
	tctl_json_add(out, "velocity_s_per_day", velocity(review));
	tctl_json_add(out, "tasks", tasks);
	tctl_json_add(out, "agents", agents(review));
	tctl_json_add(out, "sprints", sprints(review));
	tctl_json_add(out, "lapses", lapses(review));
	tctl_json_add(out, "scope_changes", changes(review));
	tctl_json_add(out, "gates", gates);
	tctl_json_add(out, "critical_path", tctl_json_strings(&review->path));
	tctl_json_add(out, "critical_path_s", number(review->path_s));
	tctl_json_add(out, "burn_down", points(review));
	tctl_json_add(out, "forecast",
	    tctl_json_forecast(
		&review->forecast, review->dropped, review->dropped_count));
	return out;
}
