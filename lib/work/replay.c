/* replay.c - every event of a store, in the order of all stores'. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "replay.h"

/* Where an event stands. */
struct spot {
	int64_t key_ms;	  /* its time, or that of its store's event before it */
	int64_t id;	  /* here */
	int64_t first_id; /* where it first happened */
	size_t store;	  /* index of struct stores */
};

/* A store whose events are here. */
struct known_store {
	const char *name;
	int64_t key_ms; /* of its newest event so far */
};

/* What this store was called from an event on. */
struct self {
	int64_t from;
	const char *name;
	bool restored; /* and not a copy, with the leases of what it was */
};

struct ordering {
	struct tctl_replay *replay;
	struct self *self;
	size_t selves;
	size_t now; /* the one that holds */
	struct known_store *store;
	size_t stores;
	struct spot *spot;
	size_t spots;
	bool in_order; /* they stand in the table as they should */
};

/* --- who was it? --------------------------------------------------------- */

static void
take_self(void *into, const char *const col[])
{
	struct ordering *o = into;
	struct tctl_arena *arena = o->replay->arena;
	struct json_object *data =
	    col[1] == NULL ? NULL : json_tokener_parse(col[1]);
	struct json_object *was = NULL;

	if (json_object_is_type(data, json_type_object))
		(void)json_object_object_get_ex(data, "was", &was);
	o->self = tctl_arena_grow(arena, o->self, o->selves, sizeof(*o->self));
	/* The name until here; the last one gets its own after all rows. */
	o->self[o->selves++] = (struct self){ tctl_col(col[0]),
		tctl_arena_strdup(
		    arena, was == NULL ? "?" : json_object_get_string(was)),
		strcmp(tctl_col_text(col[3]), "restored") == 0 };
	if (o->self[o->selves - 1].restored)
		o->replay->selves.count = 0;
	else
		tctl_strings_add(
		    arena, &o->replay->selves, o->self[o->selves - 1].name);
	json_object_put(data);
}

/* The name that this store had when event id happened. */
static const char *
self_at(struct ordering *o, int64_t id)
{
	while (o->now < o->selves && id >= o->self[o->now].from)
		o->now++;
	return o->now < o->selves ? o->self[o->now].name : o->replay->self;
}

/* Whose claims an event of this store speaks of.  What it was restored from is
 * another store, which goes on elsewhere and ends there what it began. */
static const char *
holder_at(const struct ordering *o, int64_t id)
{
	for (size_t i = 0; i < o->selves; i++)
		if (o->self[i].restored && id < o->self[i].from)
			return o->self[i].name;
	return "";
}

/* Few stores, and mostly the same one again. */
static size_t
find_store(struct ordering *o, const char *name)
{
	for (size_t i = o->stores; i-- > 0;)
		if (strcmp(o->store[i].name, name) == 0)
			return i;
	o->store = tctl_arena_grow(
	    o->replay->arena, o->store, o->stores, sizeof(*o->store));
	o->store[o->stores] =
	    (struct known_store){ tctl_arena_strdup(o->replay->arena, name),
		    INT64_MIN };
	return o->stores++;
}

/* --- the order ----------------------------------------------------------- */

static int
by_spot(const struct ordering *o, const struct spot *a, const struct spot *b)
{
	int order;

	if (a->key_ms != b->key_ms)
		return a->key_ms < b->key_ms ? -1 : 1;
	order = a->store == b->store
		    ? 0
		    : strcmp(o->store[a->store].name, o->store[b->store].name);
	if (order != 0)
		return order;
	return (a->first_id > b->first_id) - (a->first_id < b->first_id);
}

/* qsort has no argument for it; one replay runs at a time. */
static const struct ordering *sorting;

static int
compare_spots(const void *a, const void *b)
{
	return by_spot(sorting, a, b);
}

static bool
is_wanted(const struct tctl_replay *replay, const char *kind, const char *task)
{
	int64_t id = tctl_col(task);

	if (task == NULL)
		return strcmp(kind, "imported") == 0;
	/* One that is not there: the store is damaged. */
	return id > 0 && id <= replay->tasks &&
	       (replay->wanted == NULL || replay->wanted[id]);
}

static void
take_spot(void *into, const char *const col[])
{
	struct ordering *o = into;
	struct spot spot = { .id = tctl_col(col[0]) };
	int64_t at_ms = tctl_col(col[1]);
	struct known_store *store;

	spot.store =
	    find_store(o, col[4] != NULL ? col[4] : self_at(o, spot.id));
	store = &o->store[spot.store];
	/* A clock that was put back does not change what came first. */
	if (at_ms > store->key_ms)
		store->key_ms = at_ms;
	spot.key_ms = store->key_ms;
	spot.first_id = col[4] != NULL ? tctl_col(col[5]) : spot.id;
	if (!is_wanted(o->replay, tctl_col_text(col[2]), col[3]))
		return;
	o->spot = tctl_grow(o->spot, o->spots, sizeof(*o->spot));
	if (o->spots > 0 && by_spot(o, &o->spot[o->spots - 1], &spot) > 0)
		o->in_order = false;
	o->spot[o->spots++] = spot;
}

/* --- one event ----------------------------------------------------------- */

enum tctl_status tctl_replay_task(struct tctl_replay *replay, int64_t id,
    struct tctl_replay_task **out, struct tctl_error *err);

struct reading {
	const struct ordering *order;
	struct tctl_replay_event event;
	bool is_known;
};

static void
take_event(void *into, const char *const col[])
{
	struct reading *reading = into;
	struct tctl_replay_event *event = &reading->event;
	struct tctl_arena *arena = reading->order->replay->arena;

	event->id = tctl_col(col[0]);
	event->at_ms = tctl_col(col[1]);
	reading->is_known =
	    tctl_event_kind_find(tctl_col_text(col[2]), &event->kind);
	event->task = tctl_col(col[3]);
	event->agent = tctl_arena_strdup(arena, col[4]);
	event->session = tctl_arena_strdup(arena, col[5]);
	event->token = tctl_col(col[6]);
	event->data = col[7] == NULL ? NULL : json_tokener_parse(col[7]);
	event->store = col[8] == NULL ? holder_at(reading->order, event->id)
				      : tctl_arena_strdup(arena, col[8]);
}

static enum tctl_status
apply(const struct ordering *o, int64_t id, struct tctl_error *err)
{
	struct tctl_replay *replay = o->replay;
	struct reading reading = { .order = o };
	struct tctl_replay_task *task;
	enum tctl_status status =
	    tctl_query(replay->store, tctl_sql_replay_event,
		TCTL_ARGS(TCTL_N(id)), take_event, &reading, NULL, err);

	if (status != TCTL_OK)
		return status;
	replay->blame = id;
	if (reading.is_known && reading.event.task != 0) {
		status =
		    tctl_replay_task(replay, reading.event.task, &task, err);
		if (status == TCTL_OK)
			status = tctl_replay_apply(
			    replay, task, &reading.event, err);
	} else if (reading.is_known &&
		   reading.event.kind == TCTL_EVENT_IMPORTED)
		status = tctl_replay_imported(replay, &reading.event, err);
	json_object_put(reading.event.data);
	if (status == TCTL_OK)
		replay->blame = 0;
	return status;
}

void
tctl_replay_tick(struct tctl_replay *replay)
{
	if (replay->progress != NULL)
		replay->progress->tell(
		    replay->progress->into, ++replay->done, replay->total);
}

enum tctl_status
tctl_replay_run(struct tctl_replay *replay, struct tctl_error *err)
{
	struct ordering o = { .replay = replay, .in_order = true };
	enum tctl_status status = tctl_replay_find_plan(
	    replay->store, TCTL_HAND_PLAN, &replay->hand_plan, err);

	replay->task = tctl_arena_alloc(replay->arena,
	    ((size_t)replay->tasks + 1) * sizeof(struct tctl_replay_task *));
	if (status == TCTL_OK)
		status = tctl_query(replay->store, tctl_sql_replay_selves,
		    TCTL_NO_ARGS, take_self, &o, NULL, err);
	if (status == TCTL_OK)
		status = tctl_query(replay->store, tctl_sql_replay_log,
		    TCTL_ARGS(TCTL_N(0)), take_spot, &o, NULL, err);
	if (status == TCTL_OK && !o.in_order) {
		sorting = &o;
		qsort(o.spot, o.spots, sizeof(*o.spot), compare_spots);
		sorting = NULL;
	}
	for (size_t i = 0; status == TCTL_OK && i < o.spots; i++) {
		status = apply(&o, o.spot[i].id, err);
		tctl_replay_tick(replay);
	}
	free(o.spot);
	return status;
}

/* --- a task, before anything has happened to it --------------------------- */

struct beginning {
	struct tctl_replay *replay;
	struct tctl_replay_task *task;
};

static void
take_task(void *into, const char *const col[])
{
	struct beginning *beginning = into;
	struct tctl_arena *arena = beginning->replay->arena;
	struct tctl_replay_task *task = beginning->task;
	struct tctl_import_row *row = &task->row;

	task->plan = tctl_col(col[0]);
	row->key = tctl_arena_strdup(arena, tctl_col_text(col[1]));
	row->title = tctl_arena_strdup(arena, tctl_col_text(col[2]));
	row->position = tctl_col(col[3]);
	row->line = tctl_col(col[4]);
	row->ticked = tctl_col(col[5]) != 0;
	row->chain = tctl_col(col[6]);
	row->step = tctl_col(col[7]);
	row->is_gate = tctl_col(col[8]) != 0;
}

enum tctl_status
tctl_replay_task(struct tctl_replay *replay, int64_t id,
    struct tctl_replay_task **out, struct tctl_error *err)
{
	struct beginning beginning = { replay, replay->task[id] };
	enum tctl_status status = TCTL_OK;

	if (beginning.task == NULL) {
		beginning.task =
		    tctl_arena_alloc(replay->arena, sizeof(*beginning.task));
		beginning.task->row = (struct tctl_import_row){
			.id = id,
			.title = "",
			.mutex = "",
			.priority = TCTL_PRIORITY_NONE,
			.estimate_s = -1,
			.state = "open",
		};
		status = tctl_query(replay->store, tctl_sql_replay_task,
		    TCTL_ARGS(TCTL_N(id)), take_task, &beginning, NULL, err);
		replay->task[id] = beginning.task;
	}
	*out = beginning.task;
	return status;
}
