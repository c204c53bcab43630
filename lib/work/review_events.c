/* review_events.c - a sprint review: one pass over all that happened. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "review.h"

/* --- whose task an event is of ----------------------------------------------
 */

static int
by_name(const void *a, const void *b)
{
	const struct tctl_track *x = *(struct tctl_track *const *)a;
	const struct tctl_track *y = *(struct tctl_track *const *)b;
	int order = strcmp(x->task->id, y->task->id);

	return order != 0 ? order : strcmp(x->task->plan, y->task->plan);
}

static struct tctl_track *
find(const struct tctl_reader *r, const struct tctl_event *event)
{
	const struct tctl_task wanted = { .id = event->task,
		.plan = event->plan != NULL ? event->plan : "" };
	struct tctl_track probe = { .task = &wanted }, *key = &probe, **found;

	if (event->task == NULL || r->out->tasks == 0)
		return NULL;
	found = bsearch(&key, r->by_name, r->out->tasks,
	    sizeof(struct tctl_track *), by_name);
	return found == NULL ? NULL : *found;
}

/* --- leases ------------------------------------------------------------------
 */

static void
claim(struct tctl_reader *r, struct tctl_track *track,
    const struct tctl_event *event)
{
	struct tctl_review *out = r->out;
	struct tctl_review_agent *agent;

	if (event->agent == NULL)
		return;
	agent = tctl_review_agent(out, event->agent);
	if (track->lapse > 0)
		out->lapse[track->lapse - 1].next = agent->name;
	track->lapse = 0;
	track->since_ms = event->at_ms;
	track->agent = 1 + (size_t)(agent - out->agent);
	if (track->sprint != NULL && track->sprint->began_ms == 0)
		track->sprint->began_ms = event->at_ms;
}

/* The lease ends, if there is one: it was work of whoever held it. */
static void
end_lease(struct tctl_reader *r, struct tctl_track *track, int64_t at_ms)
{
	int64_t s = (at_ms - track->since_ms) / 1000;

	if (track->since_ms > 0 && s > 0) {
		track->of->actual_s += s;
		r->out->sum.worked_s += s;
		r->out->agent[track->agent - 1].sum.worked_s += s;
		if (track->sprint != NULL)
			track->sprint->sum.worked_s += s;
	}
	track->since_ms = 0;
}

static void
lapse(struct tctl_reader *r, struct tctl_track *track,
    const struct tctl_event *event)
{
	struct tctl_review *out = r->out;
	struct tctl_review_agent *agent;

	end_lease(r, track, event->at_ms);
	if (track->agent == 0)
		return;
	agent = &out->agent[track->agent - 1];
	out->lapse = tctl_arena_grow(
	    out->arena, out->lapse, out->lapses, sizeof(*out->lapse));
	out->lapse[out->lapses++] =
	    (struct tctl_review_lapse){ .at_ms = event->at_ms,
		    .kind = tctl_arena_strdup(out->arena, event->kind),
		    .task = track->task->ref,
		    .agent = agent->name };
	track->lapse = out->lapses;
	track->of->lapses++;
	out->sum.lapses++;
	agent->sum.lapses++;
	if (track->sprint != NULL)
		track->sprint->sum.lapses++;
}

/* --- what is left
 * ------------------------------------------------------------- */

static void
set_open(struct tctl_reader *r, struct tctl_track *track, bool open)
{
	if (track->task->is_gate || track->open == open)
		return;
	track->open = open;
	r->open += open ? 1 : (size_t)-1;
	r->open_s += open ? track->effort_s : -track->effort_s;
}

static void
change_scope(struct tctl_reader *r, const struct tctl_track *track,
    const struct tctl_event *event)
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
finish(struct tctl_reader *r, struct tctl_track *track,
    const struct tctl_event *event)
{
	end_lease(r, track, event->at_ms);
	track->of->done_ms = event->at_ms;
	set_open(r, track, false);
}

static void
approve(struct tctl_reader *r, struct tctl_track *track,
    const struct tctl_event *event)
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
reopen(struct tctl_reader *r, struct tctl_track *track,
    const struct tctl_event *event)
{
	end_lease(r, track, event->at_ms);
	track->of->done_ms = track->of->approved_ms = 0;
	track->of->approved_by = track->of->approved_why = NULL;
	track->of->overridden = false;
	set_open(r, track, true);
}

/* What is over burns down to its end, however late its review is written. */
static int64_t
last_moment(const struct tctl_review *out)
{
	int64_t last_ms = 0;

	if (!tctl_review_is_over(&out->totals))
		return out->now_ms;
	for (size_t i = 0; i < out->tasks; i++)
		if (last_ms < out->task[i].finished_ms)
			last_ms = out->task[i].finished_ms;
	return last_ms;
}

/* The moments up to at_ms are as it has been so far. */
static void
draw_points(struct tctl_reader *r, int64_t at_ms)
{
	struct tctl_review *out = r->out;
	int64_t until_ms =
	    r->until_ms > out->began_ms ? r->until_ms : out->now_ms;
	int64_t whole = until_ms - out->began_ms;

	while (out->began_ms > 0 && r->next_point < TCTL_REVIEW_POINTS) {
		int64_t moment = out->began_ms + whole *
						     (int64_t)r->next_point /
						     (TCTL_REVIEW_POINTS - 1);

		if (moment > at_ms)
			return;
		out->point[r->next_point++] =
		    (struct tctl_review_point){ moment, r->open, r->open_s };
	}
}

static void
let_go(struct tctl_reader *r, struct tctl_track *track,
    const struct tctl_event *event)
{
	end_lease(r, track, event->at_ms);
}

static void
add(struct tctl_reader *r, struct tctl_track *track,
    const struct tctl_event *event)
{
	(void)event;
	track->of->added = r->out->began_ms > 0;
	set_open(r, track, true);
}

static void
adopt(struct tctl_reader *r, struct tctl_track *track,
    const struct tctl_event *event)
{
	(void)event;
	set_open(r, track, true);
}

static void
drop(struct tctl_reader *r, struct tctl_track *track,
    const struct tctl_event *event)
{
	end_lease(r, track, event->at_ms);
	set_open(r, track, false);
}

/* What an event does to the review of its task, and whether the scope of the
 * sprint is another one since. */
/* clang-format off */
static const struct {
	void (*act)(struct tctl_reader *, struct tctl_track *,
	    const struct tctl_event *);
	bool scope;
} on[] = {
	[TCTL_EVENT_CLAIMED] = { .act = claim },
	[TCTL_EVENT_REVIVED] = { .act = claim },
	[TCTL_EVENT_LAPSED] = { .act = lapse },
	[TCTL_EVENT_DIED] = { .act = lapse },
	[TCTL_EVENT_FORCED] = { .act = lapse },
	[TCTL_EVENT_RELEASED] = { .act = let_go },
	[TCTL_EVENT_FAILED] = { .act = let_go },
	[TCTL_EVENT_DONE] = { .act = finish },
	[TCTL_EVENT_APPROVED] = { .act = approve },
	[TCTL_EVENT_REOPENED] = { .act = reopen },
	[TCTL_EVENT_ADDED] = { .act = add, .scope = true },
	[TCTL_EVENT_ADOPTED] = { .act = adopt, .scope = true },
	[TCTL_EVENT_CANCELLED] = { .act = drop, .scope = true },
	[TCTL_EVENT_ORPHANED] = { .act = drop, .scope = true },
	[TCTL_EVENT_CHANGED] = { .scope = true },
	[TCTL_EVENT_EDITED] = { .scope = true },
	[TCTL_EVENT_DEP_ADDED] = { .scope = true },
	[TCTL_EVENT_DEP_REMOVED] = { .scope = true },
};
/* clang-format on */

static void
take(struct tctl_reader *r, const struct tctl_event *event)
{
	struct tctl_track *track = find(r, event);
	enum tctl_event_kind kind;

	if (track == NULL || !tctl_event_kind_find(event->kind, &kind))
		return;
	if (r->out->began_ms == 0 && kind == TCTL_EVENT_CLAIMED)
		r->out->began_ms = event->at_ms;
	draw_points(r, event->at_ms - 1);
	if (kind < TCTL_COUNT(on) && on[kind].act != NULL)
		on[kind].act(r, track, event);
	if (kind < TCTL_COUNT(on) && on[kind].scope)
		change_scope(r, track, event);
}

static void
take_row(void *into, const char *const col[])
{
	/* In the order of the columns of event_review. */
	const struct tctl_event event = { .id = tctl_col(col[0]),
		.at_ms = tctl_col(col[1]),
		.kind = tctl_col_text(col[2]),
		.task = col[3],
		.plan = col[4],
		.agent = col[5],
		.data = col[6] };

	take(into, &event);
}

static enum tctl_status
read_all(struct tctl_reader *r, const struct tctl_coord *coord,
    struct tctl_error *err)
{
	enum tctl_status status =
	    tctl_store_begin(coord->store, TCTL_READ, err);

	if (status != TCTL_OK)
		return status;
	status = tctl_query(coord->store, tctl_sql_event_review, TCTL_NO_ARGS,
	    take_row, r, NULL, err);
	tctl_store_rollback(coord->store);
	return status;
}

enum tctl_status
tctl_review_events(struct tctl_reader *r, const struct tctl_coord *coord,
    struct tctl_error *err)
{
	struct tctl_review *out = r->out;
	enum tctl_status status;

	r->until_ms = last_moment(out);
	qsort(r->by_name, out->tasks, sizeof(*r->by_name), by_name);
	status = read_all(r, coord, err);
	if (status != TCTL_OK)
		return status;
	draw_points(r, out->now_ms);
	out->points = r->next_point;
	/* Work that is still going on counts up to now. */
	for (size_t i = 0; i < out->tasks; i++)
		end_lease(r, &r->track[i], out->now_ms);
	return TCTL_OK;
}
