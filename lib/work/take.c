/* take.c - what happened in another store comes into this one, event by event.
 *
 * A taken event is an event of this store too, with an id of this store's, and
 * says where it first happened: so each store's own log tells everything that
 * it knows, and no event is taken twice whichever way it comes.  Then the tasks
 * that it speaks of are built anew, from all events of all stores. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "take.h"
#include "taskctl/time.h"

enum { DEPTH_MOST = 16, BATCH = 1000 };

/* A clock so far ahead of ours puts everything here after it too, which is
 * said. To refuse it would shut out for ever all who share a remote with it,
 * for what was pushed stays; but no clock is wrong by years. */
#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define AHEAD_SAID_MS DAY_MS
#define AHEAD_MOST_MS (10 * 365 * DAY_MS)

/* --- whose events are here ----------------------------------------------- */

static struct tctl_known_store *
find_store(struct tctl_taking *taking, const char *name)
{
	struct tctl_arena *arena = taking->change.arena;

	for (size_t i = 0; i < taking->stores; i++)
		if (strcmp(taking->store[i].name, name) == 0)
			return &taking->store[i];
	taking->store = tctl_arena_grow(
	    arena, taking->store, taking->stores, sizeof(*taking->store));
	taking->store[taking->stores] =
	    (struct tctl_known_store){ tctl_arena_strdup(arena, name), 0,
		    false };
	return &taking->store[taking->stores++];
}

static void
know(struct tctl_taking *taking, const char *name, int64_t event)
{
	struct tctl_known_store *store = find_store(taking, name);

	if (store->event < event)
		store->event = event;
}

static void
take_peer(void *into, const char *const col[])
{
	struct tctl_taking *taking = into;

	know(taking, col[0], tctl_col(col[1]));
	if (strcmp(tctl_col_text(col[0]), taking->log->store) == 0)
		taking->seen = tctl_col(col[2]);
}

/* What this store was called before: its events until then are here, and the
 * last of them is the event before.  That one's id, and not ours less one: our
 * ids begin beyond a gap, and that store goes on within it. */
static void
take_self(void *into, const char *const col[])
{
	struct tctl_taking *taking = into;
	struct json_object *data =
	    col[1] == NULL ? NULL : json_tokener_parse(col[1]);
	struct json_object *was = NULL;

	if (json_object_is_type(data, json_type_object))
		(void)json_object_object_get_ex(data, "was", &was);
	if (was != NULL)
		know(taking, json_object_get_string(was), tctl_col(col[2]));
	json_object_put(data);
}

static enum tctl_status
read_known(struct tctl_taking *taking, struct tctl_error *err)
{
	struct tctl_store *store = taking->change.store;
	enum tctl_status status = tctl_query(store, tctl_sql_peer_forget_seen,
	    TCTL_NO_ARGS, NULL, NULL, NULL, err);

	if (status == TCTL_OK)
		status = tctl_query(store, tctl_sql_peer_heal, TCTL_NO_ARGS,
		    NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status = tctl_query(store, tctl_sql_peer_list, TCTL_NO_ARGS,
		    take_peer, taking, NULL, err);
	if (status == TCTL_OK)
		status = tctl_query(store, tctl_sql_replay_selves, TCTL_NO_ARGS,
		    take_self, taking, NULL, err);
	know(taking, taking->change.store_id, taking->change.event);
	return status;
}

static enum tctl_status
write_known(struct tctl_taking *taking, struct tctl_error *err)
{
	const struct tctl_log *log = taking->log;
	enum tctl_status status = TCTL_OK;

	find_store(taking, log->store)->changed = true;
	for (size_t i = 0; status == TCTL_OK && i < taking->stores; i++) {
		const struct tctl_known_store *store = &taking->store[i];

		if (store->changed)
			status = tctl_query(taking->change.store,
			    tctl_sql_peer_set,
			    TCTL_ARGS(TCTL_T(store->name), TCTL_N(store->event),
				TCTL_N(strcmp(store->name, log->store) == 0
					   ? log->last
					   : 0)),
			    NULL, NULL, NULL, err);
	}
	return status;
}

/* --- whose log it is ------------------------------------------------------ */

/* What the log's store was called until an event. */
struct former {
	int64_t from;
	const char *name;
};

struct reading {
	struct tctl_taking *taking;
	struct json_tokener *tokener;
	struct tctl_arena *arena; /* of one batch */
	struct former *former;
	size_t formers;
	size_t now;
	int64_t last;
	size_t count;
};

static bool
holds(const char *line, size_t length, const char *word)
{
	return memmem(line, length, word, strlen(word)) != NULL;
}

static enum tctl_status
note_former(struct reading *reading, const struct tctl_event *event,
    struct tctl_error *err)
{
	struct tctl_arena *arena = reading->taking->change.arena;
	struct json_object *data =
	    event->data == NULL ? NULL : json_tokener_parse(event->data);
	const char *was;
	enum tctl_status status =
	    tctl_data_text(data, "was", 39, arena, &was, err);

	json_object_put(data);
	if (status == TCTL_OK && was == NULL)
		status = tctl_fail(err, TCTL_EINVALID,
		    "it does not say which store it was before");
	if (status != TCTL_OK)
		return status;
	reading->former = tctl_arena_grow(
	    arena, reading->former, reading->formers, sizeof(*reading->former));
	reading->former[reading->formers++] = (struct former){ event->id, was };
	return TCTL_OK;
}

/* Once through the log, for where its store became another one. */
static enum tctl_status
find_formers(struct reading *reading, struct tctl_error *err)
{
	struct tctl_log *log = reading->taking->log;
	struct tctl_event event;
	const char *line;
	size_t length;
	enum tctl_status status;

	while ((status = log->next(log, &line, &length, err)) == TCTL_OK &&
	       line != NULL) {
		if (!holds(line, length, "\"copied\"") &&
		    !holds(line, length, "\"restored\""))
			continue;
		status = tctl_event_parse(reading->tokener, reading->arena,
		    line, length, &event, err);
		if (status == TCTL_OK && event.origin == NULL &&
		    (strcmp(event.kind, "copied") == 0 ||
			strcmp(event.kind, "restored") == 0))
			status = note_former(reading, &event, err);
		if (status != TCTL_OK)
			return tctl_log_blame(log, err);
	}
	log->rewind(log);
	return status;
}

/* Where an event first happened. */
static const char *
origin_of(struct reading *reading, const struct tctl_event *event, int64_t *id)
{
	*id = event->origin != NULL ? event->origin_id : event->id;
	if (event->origin != NULL)
		return event->origin;
	while (reading->now < reading->formers &&
	       event->id >= reading->former[reading->now].from)
		reading->now++;
	return reading->now < reading->formers
		   ? reading->former[reading->now].name
		   : reading->taking->log->store;
}

/* --- one event ------------------------------------------------------------ */

static void
want(struct tctl_taking *taking, int64_t task)
{
	if (task == 0 ||
	    (taking->tasks > 0 && taking->task[taking->tasks - 1] == task))
		return;
	taking->task = tctl_arena_grow(taking->change.arena, taking->task,
	    taking->tasks, sizeof(*taking->task));
	taking->task[taking->tasks++] = task;
}

/* The tasks that an import has only moved. */
static enum tctl_status
want_moved(struct tctl_taking *taking, struct json_object *data,
    struct tctl_error *err)
{
	struct tctl_store *store = taking->change.store;
	struct tctl_arena *arena = taking->change.arena;
	struct json_object *list;
	const char *plan, *key;
	int64_t plan_id = 0, task;
	enum tctl_status status =
	    tctl_data_text(data, "plan", TCTL_ID_MAX, arena, &plan, err);

	if (status == TCTL_OK)
		status = tctl_data_list(data, "moved", &list, err);
	if (status != TCTL_OK || plan == NULL || list == NULL)
		return status;
	status = tctl_replay_find_plan(store, plan, &plan_id, err);
	for (size_t i = 0;
	     status == TCTL_OK && i < json_object_array_length(list); i++) {
		status = tctl_data_text(json_object_array_get_idx(list, i),
		    "id", TCTL_ID_MAX, arena, &key, err);
		if (status == TCTL_OK && key != NULL)
			status = tctl_replay_find_task(
			    store, plan_id, key, &task, err);
		if (status == TCTL_OK && key != NULL)
			want(taking, task);
	}
	return status;
}

static void
note_claim(struct tctl_taking *taking, const struct tctl_event *event,
    const char *origin, int64_t task)
{
	struct tctl_arena *arena = taking->change.arena;

	taking->claim = tctl_arena_grow(
	    arena, taking->claim, taking->claims, sizeof(*taking->claim));
	taking->claim[taking->claims++] =
	    (struct tctl_taken_claim){ task, tctl_arena_strdup(arena, origin),
		    tctl_arena_strdup(arena, event->agent), event->token,
		    event->at_ms };
}

static enum tctl_status
note_loss(struct tctl_taking *taking, struct json_object *data, int64_t task,
    struct tctl_error *err)
{
	struct tctl_arena *arena = taking->change.arena;
	const char *store;
	int64_t token;
	enum tctl_status status =
	    tctl_data_text(data, "loser_store", 39, arena, &store, err);

	if (status == TCTL_OK)
		status = tctl_data_number(
		    data, "loser_token", 1, INT64_MAX, 1, &token, err);
	if (status != TCTL_OK || store == NULL ||
	    strcmp(store, taking->change.store_id) != 0)
		return status;
	taking->lost = tctl_arena_grow(
	    arena, taking->lost, taking->losses, sizeof(*taking->lost));
	taking->lost[taking->losses++] = (struct tctl_lost){ task, token };
	return TCTL_OK;
}

/* What the claims and the order of things need beside the rows. */
static enum tctl_status
note(struct tctl_taking *taking, const struct tctl_event *event,
    const char *origin, int64_t task, struct tctl_error *err)
{
	bool imported = strcmp(event->kind, "imported") == 0;
	struct json_object *data;
	enum tctl_status status = TCTL_OK;

	want(taking, task);
	if (taking->latest_ms < event->at_ms)
		taking->latest_ms = event->at_ms;
	if (strcmp(event->kind, "claimed") == 0)
		note_claim(taking, event, origin, task);
	if (event->data == NULL ||
	    (!imported && strcmp(event->kind, "conflicted") != 0))
		return TCTL_OK;
	data = json_tokener_parse(event->data);
	status = imported ? want_moved(taking, data, err)
			  : note_loss(taking, data, task, err);
	json_object_put(data);
	return status;
}

static void
take_latest(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[2]);
}

/* Its events keep their times, by which all stores have one order.  Who took
 * them in goes on from there, and nothing is wrong with that one's clock. */
static enum tctl_status
note_ahead(struct tctl_taking *taking, const struct tctl_event *event,
    const char *origin, struct tctl_error *err)
{
	struct tctl_taken *out = taking->out;
	char text[TCTL_INSTANT_TEXT];
	int64_t known_ms = 0;
	enum tctl_status status;

	if (event->at_ms <= taking->change.now.wall_ms + AHEAD_SAID_MS ||
	    event->at_ms <= taking->latest_ms + AHEAD_SAID_MS)
		return TCTL_OK;
	status = tctl_query(taking->change.store, tctl_sql_restore_greatest,
	    TCTL_NO_ARGS, take_latest, &known_ms, NULL, err);
	if (status != TCTL_OK || event->at_ms <= known_ms + AHEAD_SAID_MS)
		return status;
	tctl_strings_add(out->arena, &out->ahead,
	    tctl_arena_printf(out->arena,
		"the clock of store %s is or was wrong: an event of it is of "
		"%s; what happens here is of no earlier time from now on",
		origin, tctl_instant_write(event->at_ms, text)));
	return TCTL_OK;
}

static enum tctl_status
check_origin(const struct tctl_taking *taking, const struct tctl_event *event,
    const char *origin, int64_t id, struct tctl_error *err)
{
	if (strcmp(origin, taking->change.store_id) == 0) {
		tctl_fail(err, TCTL_EINVALID,
		    "it is event %lld of this store, which has only %lld",
		    (long long)id, (long long)taking->change.event);
		return tctl_hint(
		    err, "was this store set back to an older copy?");
	}
	if (event->at_ms > taking->change.now.wall_ms + AHEAD_MOST_MS)
		return tctl_fail(err, TCTL_EINVALID,
		    "it happened more than 10 years from now: the clock of "
		    "store "
		    "%s is wrong",
		    origin);
	return TCTL_OK;
}

/* A line of the log's own, as taskctl writes it, that is here already: a log
 * that is read for the first time may be nothing else, and reading a million as
 * JSON would keep all writers waiting for 8 s. */
static bool
is_here(struct reading *reading, const char *line, size_t length)
{
	static const char head[] = "{\"id\":";
	size_t digits = sizeof(head) - 1;
	struct tctl_event event = { .id = 0 };
	int64_t id;

	if (length < sizeof(head) || memcmp(line, head, digits) != 0)
		return false;
	for (; digits < length && line[digits] >= '0' && line[digits] <= '9' &&
	       event.id <= INT64_MAX / 16;
	     digits++)
		event.id = event.id * 10 + (line[digits] - '0');
	if (digits == length || line[digits] != ',' ||
	    event.id <= reading->last || holds(line, length, "\"origin\""))
		return false;
	if (event.id > reading->taking->seen &&
	    find_store(reading->taking, origin_of(reading, &event, &id))
		    ->event < event.id)
		return false;
	reading->last = event.id;
	reading->count++;
	return true;
}

static enum tctl_status
take_line(struct reading *reading, const char *line, size_t length,
    struct tctl_error *err)
{
	struct tctl_taking *taking = reading->taking;
	struct tctl_known_store *store;
	struct tctl_event event;
	const char *origin;
	int64_t id, task;
	enum tctl_status status = tctl_event_parse(
	    reading->tokener, reading->arena, line, length, &event, err);

	if (status == TCTL_OK && event.id <= reading->last)
		status = tctl_fail(err, TCTL_EINVALID,
		    "event %lld does not come after event %lld",
		    (long long)event.id, (long long)reading->last);
	if (status != TCTL_OK)
		return status;
	reading->last = event.id;
	reading->count++;
	if (event.id <= taking->seen)
		return TCTL_OK;
	origin = origin_of(reading, &event, &id);
	store = find_store(taking, origin);
	if (id <= store->event)
		return TCTL_OK;
	if (taking->stores > TCTL_STORES_MOST)
		return tctl_fail(err, TCTL_EINVALID,
		    "the log speaks of more than %d stores", TCTL_STORES_MOST);
	status = check_origin(taking, &event, origin, id, err);
	if (status == TCTL_OK)
		status = note_ahead(taking, &event, origin, err);
	if (status == TCTL_OK)
		status = tctl_replay_keep(taking->change.store, &event,
		    ++taking->change.event, origin, id, &taking->rows, &task,
		    err);
	if (status != TCTL_OK)
		return status;
	/* The store's own newest, which has just grown by this one. */
	store->event = id;
	store->changed = true;
	taking->out->events++;
	return note(taking, &event, store->name, task, err);
}

static enum tctl_status
take_lines(struct reading *reading, struct tctl_error *err)
{
	struct tctl_log *log = reading->taking->log;
	const char *line;
	size_t length;
	enum tctl_status status;

	while ((status = log->next(log, &line, &length, err)) == TCTL_OK &&
	       line != NULL) {
		if (is_here(reading, line, length))
			continue;
		status = take_line(reading, line, length, err);
		if (status != TCTL_OK)
			return tctl_log_blame(log, err);
		if (reading->count % BATCH == 0) {
			tctl_arena_free(reading->arena);
			reading->arena = tctl_arena_new();
		}
	}
	if (status == TCTL_OK && reading->last != log->last)
		status = tctl_fail(err, TCTL_EINVALID,
		    "branch %s ends with event %lld; its commit says that it "
		    "holds event %lld",
		    log->branch, (long long)reading->last,
		    (long long)log->last);
	return status;
}

static void
take_number(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

static enum tctl_status
read_log(struct tctl_taking *taking, struct tctl_error *err)
{
	struct reading reading = { .taking = taking,
		.tokener = json_tokener_new_ex(DEPTH_MOST),
		.arena = tctl_arena_new() };
	enum tctl_status status =
	    tctl_query(taking->change.store, tctl_sql_task_last, TCTL_NO_ARGS,
		take_number, &taking->rows.last_task, NULL, err);

	if (reading.tokener == NULL)
		tctl_die_nomem();
	if (status == TCTL_OK)
		status = find_formers(&reading, err);
	if (status == TCTL_OK)
		status = take_lines(&reading, err);
	json_tokener_free(reading.tokener);
	tctl_arena_free(reading.arena);
	return status;
}

/* --- all of it ------------------------------------------------------------ */

static enum tctl_status
raise_floor(struct tctl_taking *taking, struct tctl_error *err)
{
	int64_t floor_ms = taking->latest_ms + 1;

	if (taking->change.now.wall_ms < floor_ms)
		taking->change.now.wall_ms = floor_ms;
	return tctl_query(taking->change.store, tctl_sql_store_raise_floor,
	    TCTL_ARGS(TCTL_N(floor_ms), TCTL_N(floor_ms)), NULL, NULL, NULL,
	    err);
}

static enum tctl_status
rebuild(struct tctl_taking *taking, struct tctl_error *err)
{
	struct tctl_change *change = &taking->change;
	bool *wanted =
	    tctl_arena_alloc(change->arena, (size_t)taking->rows.last_task + 1);
	enum tctl_status status;

	for (size_t i = 0; i < taking->tasks; i++)
		wanted[taking->task[i]] = true;
	taking->replay = (struct tctl_replay){ .change = change,
		.store = change->store,
		.arena = change->arena,
		.self = change->store_id,
		.tasks = taking->rows.last_task,
		.wanted = wanted };
	status = tctl_replay_run(&taking->replay, err);
	taking->out->incomplete = taking->replay.incomplete;
	if (status == TCTL_OK)
		status = raise_floor(taking, err);
	if (status == TCTL_OK)
		status = tctl_take_claims(taking, err);
	if (status == TCTL_OK)
		status = tctl_replay_write(&taking->replay, err);
	return status == TCTL_OK ? tctl_take_cycles(taking, err) : status;
}

static enum tctl_status
take_in(struct tctl_taking *taking, struct tctl_error *err)
{
	enum tctl_status status = read_known(taking, err);

	if (status != TCTL_OK)
		return status;
	if (strcmp(taking->log->store, taking->change.store_id) == 0) {
		if (taking->log->last <= taking->change.event)
			return TCTL_OK; /* our own, as we pushed it */
		tctl_fail(err, TCTL_EINVALID,
		    "branch %s holds event %lld of this store, which has only "
		    "%lld",
		    taking->log->branch, (long long)taking->log->last,
		    (long long)taking->change.event);
		return tctl_hint(
		    err, "was this store set back to an older copy?");
	}
	if (taking->log->last <= taking->seen)
		return TCTL_OK;
	status = read_log(taking, err);
	if (status == TCTL_OK && taking->out->events > 0)
		status = rebuild(taking, err);
	return status == TCTL_OK ? write_known(taking, err) : status;
}

enum tctl_status
tctl_take(const struct tctl_coord *coord, struct tctl_log *log,
    struct tctl_taken *out, struct tctl_error *err)
{
	struct tctl_taking taking = { .log = log, .out = out };
	enum tctl_status status =
	    tctl_change_begin(coord, TCTL_CHANGE, &taking.change, err);

	memset(out, 0, sizeof(*out));
	if (status != TCTL_OK)
		return status;
	out->arena = tctl_arena_new();
	status = take_in(&taking, err);
	status = tctl_change_end(&taking.change, status, err);
	if (status != TCTL_OK)
		tctl_taken_release(out);
	return status;
}

void
tctl_taken_release(struct tctl_taken *taken)
{
	tctl_arena_free(taken->arena);
	taken->arena = NULL;
}

/* --- asked before --------------------------------------------------------- */

struct seeing {
	const char *store;
	int64_t seen;
};

static void
take_seen(void *into, const char *const col[])
{
	struct seeing *seeing = into;

	if (strcmp(tctl_col_text(col[0]), seeing->store) == 0)
		seeing->seen = tctl_col(col[2]);
}

enum tctl_status
tctl_take_seen(const struct tctl_coord *coord, const char *store, int64_t *out,
    struct tctl_error *err)
{
	struct seeing seeing = { store, 0 };
	enum tctl_status status = tctl_query(coord->store, tctl_sql_peer_list,
	    TCTL_NO_ARGS, take_seen, &seeing, NULL, err);

	*out = seeing.seen;
	return status;
}

enum tctl_status
tctl_take_has_news(const struct tctl_coord *coord, int64_t after, bool *out,
    struct tctl_error *err)
{
	size_t rows = 0;
	enum tctl_status status =
	    tctl_query(coord->store, tctl_sql_event_own_news,
		TCTL_ARGS(TCTL_N(after)), NULL, NULL, &rows, err);

	*out = rows > 0;
	return status;
}
