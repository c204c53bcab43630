/* review.c - what became of a sprint: one pass over all that happened. */
#include "taskctl/review.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 4096, POINTS = 61 };

/* --- whose task an event is of ----------------------------------------------
 */

/* A task while the events go by. */
struct track {
	const struct tctl_task *task;
	struct tctl_review_task *of;
	int64_t effort_s;
	int64_t since_ms;  /* of the lease that it is held under; 0: free */
	const char *agent; /* who has, or had, it last */
	size_t lapse;	   /* 1 + index of the lapse whose heir is sought */
	bool open;	   /* neither done nor cancelled */
};

struct reader {
	struct tctl_review *out;
	struct track *track;
	struct track **by_name; /* by plan and id */
	size_t next_point;
	size_t open;
	int64_t open_s;
};

static int
by_name(const void *a, const void *b)
{
	const struct track *x = *(struct track *const *)a;
	const struct track *y = *(struct track *const *)b;
	int order = strcmp(x->task->id, y->task->id);

	return order != 0 ? order : strcmp(x->task->plan, y->task->plan);
}

static struct track *
find(const struct reader *r, const struct tctl_event *event)
{
	const struct tctl_task wanted = { .id = event->task,
		.plan = event->plan != NULL ? event->plan : "" };
	struct track probe = { .task = &wanted }, *key = &probe, **found;

	if (event->task == NULL || r->out->tasks == 0)
		return NULL;
	found = bsearch(
	    &key, r->by_name, r->out->tasks, sizeof(struct track *), by_name);
	return found == NULL ? NULL : *found;
}

static struct tctl_review_agent *
agent_of(struct tctl_review *out, const char *name)
{
	for (size_t i = 0; i < out->agents; i++)
		if (strcmp(out->agent[i].name, name) == 0)
			return &out->agent[i];
	out->agent = tctl_arena_grow(
	    out->arena, out->agent, out->agents, sizeof(*out->agent));
	out->agent[out->agents] = (struct tctl_review_agent){
		.name = tctl_arena_strdup(out->arena, name)
	};
	return &out->agent[out->agents++];
}

/* --- leases ------------------------------------------------------------------
 */

static void
claim(struct reader *r, struct track *track, const struct tctl_event *event)
{
	struct tctl_review *out = r->out;

	if (event->agent == NULL)
		return;
	if (track->lapse > 0)
		out->lapse[track->lapse - 1].next =
		    agent_of(out, event->agent)->name;
	track->lapse = 0;
	track->since_ms = event->at_ms;
	track->agent = agent_of(out, event->agent)->name;
}

/* The lease ends, if there is one. */
static void
end_lease(struct track *track, const struct tctl_event *event)
{
	if (track->since_ms > 0 && event->at_ms > track->since_ms)
		track->of->actual_s += (event->at_ms - track->since_ms) / 1000;
	track->since_ms = 0;
}

static void
lapse(struct reader *r, struct track *track, const struct tctl_event *event)
{
	struct tctl_review *out = r->out;

	end_lease(track, event);
	if (track->agent == NULL)
		return;
	out->lapse = tctl_arena_grow(
	    out->arena, out->lapse, out->lapses, sizeof(*out->lapse));
	out->lapse[out->lapses++] =
	    (struct tctl_review_lapse){ .at_ms = event->at_ms,
		    .kind = tctl_arena_strdup(out->arena, event->kind),
		    .task = track->task->ref,
		    .agent = track->agent };
	track->lapse = out->lapses;
	track->of->lapses++;
	agent_of(out, track->agent)->lapses++;
}

/* --- what is left
 * ------------------------------------------------------------- */

static void
set_open(struct reader *r, struct track *track, bool open)
{
	if (track->task->is_gate || track->open == open)
		return;
	track->open = open;
	r->open += open ? 1 : (size_t)-1;
	r->open_s += open ? track->effort_s : -track->effort_s;
}

static void
change_scope(
    struct reader *r, const struct track *track, const struct tctl_event *event)
{
	struct tctl_review *out = r->out;

	if (out->began_ms == 0)
		return;
	out->change = tctl_arena_grow(
	    out->arena, out->change, out->changes, sizeof(*out->change));
	out->change[out->changes++] =
	    (struct tctl_review_change){ .at_ms = event->at_ms,
		    .kind = tctl_arena_strdup(out->arena, event->kind),
		    .task = track->task->ref,
		    .agent = tctl_arena_strdup(out->arena, event->agent) };
}

static void
finish(struct reader *r, struct track *track, const struct tctl_event *event)
{
	end_lease(track, event);
	track->of->done_ms = event->at_ms;
	set_open(r, track, false);
}

static void
approve(struct reader *r, struct track *track, const struct tctl_event *event)
{
	struct json_object *data =
	    event->data == NULL ? NULL : json_tokener_parse(event->data);
	struct json_object *value;

	track->of->approved_ms = event->at_ms;
	track->of->approved_by = tctl_arena_strdup(r->out->arena, event->agent);
	if (json_object_object_get_ex(data, "why", &value))
		track->of->approved_why = tctl_arena_strdup(
		    r->out->arena, json_object_get_string(value));
	track->of->overridden =
	    json_object_object_get_ex(data, "override", &value) &&
	    json_object_get_boolean(value);
	json_object_put(data);
}

static void
reopen(struct reader *r, struct track *track, const struct tctl_event *event)
{
	end_lease(track, event);
	track->of->done_ms = track->of->approved_ms = 0;
	track->of->approved_by = track->of->approved_why = NULL;
	track->of->overridden = false;
	set_open(r, track, true);
}

/* The moments up to at_ms are as it has been so far. */
static void
draw_points(struct reader *r, int64_t at_ms)
{
	struct tctl_review *out = r->out;
	int64_t whole = out->now_ms - out->began_ms;

	while (out->began_ms > 0 && r->next_point < POINTS) {
		int64_t moment = out->began_ms +
				 whole * (int64_t)r->next_point / (POINTS - 1);

		if (moment > at_ms)
			return;
		out->point[r->next_point++] =
		    (struct tctl_review_point){ moment, r->open, r->open_s };
	}
}

static void
take(struct reader *r, const struct tctl_event *event)
{
	/* clang-format off */
	static const struct {
		const char *kind;
		void (*act)(struct reader *, struct track *,
		    const struct tctl_event *);
	} on[] = {
		{ "claimed", claim }, { "revived", claim },
		{ "lapsed", lapse }, { "died", lapse }, { "forced", lapse },
		{ "done", finish }, { "approved", approve },
		{ "reopened", reopen },
	};
	/* clang-format on */
	static const char *const scope[] = { "added", "cancelled", "orphaned",
		"adopted", "edited", "changed", "dep_added", "dep_removed" };
	struct track *track = find(r, event);
	const char *kind = event->kind;

	if (track == NULL)
		return;
	if (r->out->began_ms == 0 && strcmp(kind, "claimed") == 0)
		r->out->began_ms = event->at_ms;
	draw_points(r, event->at_ms - 1);
	for (size_t i = 0; i < TCTL_COUNT(on); i++)
		if (strcmp(on[i].kind, kind) == 0)
			on[i].act(r, track, event);
	for (size_t i = 0; i < TCTL_COUNT(scope); i++)
		if (strcmp(scope[i], kind) == 0)
			change_scope(r, track, event);
	if (strcmp(kind, "released") == 0 || strcmp(kind, "failed") == 0)
		end_lease(track, event);
	if (strcmp(kind, "added") == 0) {
		track->of->added = r->out->began_ms > 0;
		set_open(r, track, true);
	}
	if (strcmp(kind, "cancelled") == 0 || strcmp(kind, "orphaned") == 0) {
		end_lease(track, event);
		set_open(r, track, false);
	}
	if (strcmp(kind, "adopted") == 0)
		set_open(r, track, true);
}

static enum tctl_status
read_events(
    struct reader *r, const struct tctl_coord *coord, struct tctl_error *err)
{
	struct tctl_events events;
	int64_t after = 0;
	size_t count;

	do {
		enum tctl_status status =
		    tctl_events_read(coord, after, NULL, BATCH, &events, err);

		if (status != TCTL_OK)
			return status;
		for (size_t i = 0; i < events.count; i++) {
			take(r, &events.at[i]);
			after = events.at[i].id;
		}
		count = events.count;
		tctl_events_release(&events);
	} while (count == BATCH);
	return TCTL_OK;
}

/* --- sums
 * ---------------------------------------------------------------------- */

static int
by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* 0: of nothing.  Sorts them. */
static double
median(double *number, size_t count)
{
	if (count == 0)
		return 0;
	qsort(number, count, sizeof(*number), by_number);
	return (number[(count - 1) / 2] + number[count / 2]) / 2;
}

static int
by_effort(const void *a, const void *b)
{
	const struct tctl_review_agent *x = a, *y = b;

	if (x->planned_s != y->planned_s)
		return x->planned_s < y->planned_s ? 1 : -1;
	if (x->done != y->done)
		return x->done < y->done ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* Work that is still going on counts up to now. */
static void
add_running(struct reader *r)
{
	for (size_t i = 0; i < r->out->tasks; i++)
		if (r->track[i].since_ms > 0)
			r->track[i].of->actual_s +=
			    (r->out->now_ms - r->track[i].since_ms) / 1000;
}

static void
add_up(struct reader *r)
{
	struct tctl_review *out = r->out;
	double *ratio =
	    tctl_arena_alloc(out->arena, (out->tasks + 1) * sizeof(*ratio));
	size_t ratios = 0;

	for (size_t i = 0; i < out->tasks; i++) {
		const struct tctl_task *task = &out->task[i];
		struct tctl_review_agent *agent;

		if (task->is_gate || task->state != TCTL_STATE_DONE ||
		    task->finished_by == NULL)
			continue;
		agent = agent_of(out, task->finished_by);
		agent->done++;
		if (task->estimate_s <= 0 || out->of[i].actual_s <= 0)
			continue;
		agent->planned_s += task->estimate_s;
		agent->actual_s += out->of[i].actual_s;
		out->planned_s += task->estimate_s;
		out->actual_s += out->of[i].actual_s;
		ratio[ratios++] =
		    (double)out->of[i].actual_s / (double)task->estimate_s;
	}
	out->median_ratio = median(ratio, ratios);
	if (out->agents > 0)
		qsort(out->agent, out->agents, sizeof(*out->agent), by_effort);
}

/* --- what the plan and its state say
 * -------------------------------------------- */

static bool
same_sprint(const char *wanted, const char *is)
{
	return is != NULL && strcasecmp(wanted, is) == 0;
}

static enum tctl_status
take_status(const struct tctl_status_report *report, struct tctl_review *out,
    struct tctl_error *err)
{
	const char *wanted = out->sprint;
	bool found = wanted == NULL;

	out->plan = tctl_arena_strdup(out->arena, report->title);
	out->now_ms = report->now_ms;
	out->forecast = report->forecast;
	if (wanted == NULL)
		out->totals = report->totals;
	for (size_t i = 0; wanted != NULL && i < report->sprint_count; i++) {
		const struct tctl_sprint_status *sprint = &report->sprint[i];

		if (!same_sprint(wanted, sprint->key))
			continue;
		found = true;
		out->sprint = tctl_arena_strdup(out->arena, sprint->key);
		out->title = tctl_arena_strdup(out->arena, sprint->title);
		tctl_totals_add(&out->totals, &sprint->totals);
	}
	if (found)
		return TCTL_OK;
	return tctl_fail(err, TCTL_ENOTFOUND, "there is no sprint %s", wanted);
}

/* The tasks of the scope, and what of the critical path is left of them. */
static void
take_outlook(struct tctl_review *out)
{
	const struct tctl_outlook *outlook = &out->outlook;

	out->task = tctl_arena_alloc(
	    out->arena, (outlook->tasks.count + 1) * sizeof(*out->task));
	for (size_t i = 0; i < outlook->tasks.count; i++)
		if (out->sprint == NULL ||
		    same_sprint(out->sprint, outlook->tasks.at[i].sprint))
			out->task[out->tasks++] = outlook->tasks.at[i];
	for (size_t i = 0; i < outlook->path_count; i++) {
		const struct tctl_task *task =
		    &outlook->tasks.at[outlook->path[i]];

		if (task->state == TCTL_STATE_DONE ||
		    (out->sprint != NULL &&
			!same_sprint(out->sprint, task->sprint)))
			continue;
		tctl_strings_add(out->arena, &out->path, task->ref);
		out->path_s += task->estimate_s > 0 ? task->estimate_s : 0;
	}
}

/* A task without an estimate counts as the median one, as in the totals. */
static void
set_efforts(struct reader *r)
{
	size_t count = r->out->tasks, known = 0;
	double *estimate =
	    tctl_arena_alloc(r->out->arena, (count + 1) * sizeof(*estimate));
	int64_t median_s;

	for (size_t i = 0; i < count; i++)
		if (r->track[i].task->estimate_s > 0)
			estimate[known++] =
			    (double)r->track[i].task->estimate_s;
	median_s = (int64_t)median(estimate, known);
	for (size_t i = 0; i < count; i++)
		r->track[i].effort_s = r->track[i].task->estimate_s > 0
					   ? r->track[i].task->estimate_s
					   : median_s;
}

static void
begin_tracks(struct reader *r)
{
	struct tctl_review *out = r->out;
	size_t count = out->tasks;

	out->of = tctl_arena_alloc(out->arena, (count + 1) * sizeof(*out->of));
	out->point = tctl_arena_alloc(out->arena, POINTS * sizeof(*out->point));
	r->track =
	    tctl_arena_alloc(out->arena, (count + 1) * sizeof(*r->track));
	r->by_name =
	    tctl_arena_alloc(out->arena, (count + 1) * sizeof(struct track *));
	for (size_t i = 0; i < count; i++) {
		r->track[i].task = &out->task[i];
		r->track[i].of = &out->of[i];
		r->by_name[i] = &r->track[i];
	}
	qsort(r->by_name, count, sizeof(struct track *), by_name);
	set_efforts(r);
}

static void
see_the_end(struct tctl_review *out)
{
	const size_t *n = out->totals.state;

	if (out->began_ms == 0 ||
	    out->totals.tasks != n[TCTL_STATE_DONE] + n[TCTL_STATE_CANCELLED])
		return;
	for (size_t i = 0; i < out->tasks; i++)
		if (out->of[i].done_ms > out->ended_ms)
			out->ended_ms = out->of[i].done_ms;
}

enum tctl_status
tctl_review_read(const struct tctl_coord *coord, const char *sprint,
    struct tctl_review *out, struct tctl_error *err)
{
	struct tctl_status_report report;
	struct reader r = { .out = out };
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	out->arena = tctl_arena_new();
	out->sprint = sprint;
	status = tctl_status_read(coord, 0, &report, err);
	if (status == TCTL_OK) {
		status = take_status(&report, out, err);
		tctl_status_release(&report);
	}
	if (status == TCTL_OK)
		status = tctl_outlook_read(coord, true, &out->outlook, err);
	if (status != TCTL_OK) {
		tctl_arena_free(out->arena);
		return status;
	}
	take_outlook(out);
	begin_tracks(&r);
	status = read_events(&r, coord, err);
	if (status != TCTL_OK) {
		tctl_review_release(out);
		return status;
	}
	draw_points(&r, out->now_ms);
	out->points = r.next_point;
	add_running(&r);
	add_up(&r);
	see_the_end(out);
	return TCTL_OK;
}

void
tctl_review_release(struct tctl_review *review)
{
	tctl_outlook_release(&review->outlook);
	tctl_arena_free(review->arena);
}
