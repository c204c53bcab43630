/* take_known.c - taking in another store's log: whose events are here. */
#include <json-c/json.h>
#include <string.h>

#include "take.h"

struct tctl_known_store *
tctl_take_store(struct tctl_taking *taking, const char *name)
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
	struct tctl_known_store *store = tctl_take_store(taking, name);

	if (store->event < event)
		store->event = event;
}

static void
take_peer(void *into, const char *const col[])
{
	struct tctl_taking *taking = into;

	know(taking, tctl_col_text(col[0]), tctl_col(col[1]));
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

enum tctl_status
tctl_take_read_known(struct tctl_taking *taking, struct tctl_error *err)
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

enum tctl_status
tctl_take_write_known(struct tctl_taking *taking, struct tctl_error *err)
{
	const struct tctl_log *log = taking->log;
	enum tctl_status status = TCTL_OK;

	tctl_take_store(taking, log->store)->changed = true;
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
