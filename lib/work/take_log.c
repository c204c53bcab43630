/* take_log.c - taking in another store's log: its lines, one by one. */
#include <json-c/json.h>
#include <string.h>

#include "take.h"
#include "taskctl/time.h"

enum { DEPTH_MOST = 16, BATCH = 1000 };

/* A clock so far ahead of ours puts everything here after it too, which is
 * said.  However far it is, its events are taken: to refuse them would shut out
 * for ever all who share a remote with it, for what was pushed stays. */
#define AHEAD_SAID_MS (INT64_C(24) * 3600 * 1000)

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

/* --- one line ------------------------------------------------------------- */

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
check_origin(const struct tctl_taking *taking, const char *origin, int64_t id,
    struct tctl_error *err)
{
	if (strcmp(origin, taking->change.store_id) == 0) {
		tctl_fail(err, TCTL_EINVALID,
		    "it is event %lld of this store, which has only %lld",
		    (long long)id, (long long)taking->change.event);
		return tctl_hint(
		    err, "was this store set back to an older copy?");
	}
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
	    tctl_take_store(reading->taking, origin_of(reading, &event, &id))
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
	store = tctl_take_store(taking, origin);
	if (id <= store->event)
		return TCTL_OK;
	if (taking->stores > TCTL_STORES_MOST)
		return tctl_fail(err, TCTL_EINVALID,
		    "the log speaks of more than %d stores", TCTL_STORES_MOST);
	status = check_origin(taking, origin, id, err);
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
	return tctl_take_note(taking, &event, store->name, task, err);
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

enum tctl_status
tctl_take_log(struct tctl_taking *taking, struct tctl_error *err)
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
