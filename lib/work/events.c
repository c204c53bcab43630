/* events.c - what happened, read back. */
#include <string.h>

#include "change.h"

static void
take_event(void *into, const char *const col[])
{
	struct tctl_events *events = into;
	struct tctl_event *event;

	events->at = tctl_arena_grow(
	    events->arena, events->at, events->count, sizeof(*events->at));
	event = &events->at[events->count++];
	/* In the order of the columns of event_list. */
	event->id = tctl_col(col[0]);
	event->at_ms = tctl_col(col[1]);
	event->kind = tctl_arena_strdup(events->arena, tctl_col_text(col[2]));
	event->task = tctl_arena_strdup(events->arena, col[3]);
	event->plan = tctl_arena_strdup(events->arena, col[4]);
	event->agent = tctl_arena_strdup(events->arena, col[5]);
	event->session = tctl_arena_strdup(events->arena, col[6]);
	event->token = tctl_col(col[7]);
	event->data = tctl_arena_strdup(events->arena, col[8]);
	event->origin = tctl_arena_strdup(events->arena, col[9]);
	event->origin_id = tctl_col(col[10]);
}

static void
take_id(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

static enum tctl_status
begin(const struct tctl_coord *coord, const char *task, int64_t *row,
    struct tctl_events *out, struct tctl_error *err)
{
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	*row = 0;
	status = tctl_store_begin(coord->store, TCTL_READ, err);
	if (status != TCTL_OK)
		return status;
	out->arena = tctl_arena_new();
	if (task != NULL)
		status =
		    tctl_row_find(coord->store, out->arena, task, row, err);
	if (status != TCTL_OK) {
		tctl_store_rollback(coord->store);
		tctl_events_release(out);
	}
	return status;
}

static enum tctl_status
end(const struct tctl_coord *coord, enum tctl_status status,
    struct tctl_events *out)
{
	tctl_store_rollback(coord->store);
	if (status != TCTL_OK)
		tctl_events_release(out);
	return status;
}

enum tctl_status
tctl_events_read(const struct tctl_coord *coord, int64_t after,
    const char *task, size_t limit, struct tctl_events *out,
    struct tctl_error *err)
{
	int64_t row;
	enum tctl_status status = begin(coord, task, &row, out, err);

	if (status != TCTL_OK)
		return status;
	return end(coord,
	    tctl_query(coord->store, tctl_sql_event_list,
		TCTL_ARGS(TCTL_N(after), TCTL_N(row), TCTL_N((int64_t)limit)),
		take_event, out, NULL, err),
	    out);
}

enum tctl_status
tctl_events_newest(const struct tctl_coord *coord, const char *task,
    size_t limit, struct tctl_events *out, struct tctl_error *err)
{
	int64_t row, after = 0;
	enum tctl_status status = begin(coord, task, &row, out, err);

	if (status != TCTL_OK)
		return status;
	if (row != 0) {
		status = tctl_query(coord->store, tctl_sql_event_of_task,
		    TCTL_ARGS(TCTL_N(row), TCTL_N((int64_t)limit)), take_event,
		    out, NULL, err);
		return end(coord, status, out);
	}
	status = tctl_query(coord->store, tctl_sql_event_newest,
	    TCTL_ARGS(TCTL_N((int64_t)limit)), take_id, &after, NULL, err);
	if (status == TCTL_OK)
		status = tctl_query(coord->store, tctl_sql_event_list,
		    TCTL_ARGS(TCTL_N(after), TCTL_N(0), TCTL_N((int64_t)limit)),
		    take_event, out, NULL, err);
	return end(coord, status, out);
}

void
tctl_events_release(struct tctl_events *events)
{
	tctl_arena_free(events->arena);
	events->arena = NULL;
}

enum tctl_status
tctl_events_before(const struct tctl_coord *coord, int64_t wall_ms, int64_t *id,
    struct tctl_error *err)
{
	*id = 0;
	return tctl_query(coord->store, tctl_sql_event_before,
	    TCTL_ARGS(TCTL_N(wall_ms)), take_id, id, NULL, err);
}
