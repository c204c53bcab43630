/* reserved.c - reservations out of the store, and what they meet. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "reserved.h"
#include "taskctl/time.h"

/* Some 0.2 s, whatever patterns people think of: then two that could not be
 * told apart are taken to meet. */
static const size_t work_most = 20 * 1000 * 1000;

struct reader {
	struct tctl_view *view; /* NULL: of one lease, which is known */
	struct tctl_arena *arena;
	struct tctl_reserved_all *all;
	struct tctl_patterns *list;
	enum tctl_status status;
	struct tctl_error *err;
};

static void
add_pattern(struct reader *reader, struct tctl_patterns *list, const char *text)
{
	const struct tctl_pattern *pattern;

	if (reader->status != TCTL_OK)
		return;
	reader->status =
	    tctl_pattern_read(reader->arena, text, &pattern, reader->err);
	/* It was read before it was written: by a newer program, perhaps. */
	if (reader->status != TCTL_OK)
		reader->status = tctl_fail(reader->err, TCTL_ECORRUPT,
		    "a reservation in the store is no pattern: \"%.200s\"",
		    text);
	else
		tctl_patterns_add(reader->arena, list, pattern);
}

static void
take_live(void *into, const char *const col[])
{
	struct reader *reader = into;
	struct tctl_reserved_all *all = reader->all;
	int64_t task = tctl_col(col[0]);
	enum tctl_verdict verdict = TCTL_LAPSED;
	const struct tctl_lease_row *lease;

	if (all->count == 0 || all->at[all->count - 1].task != task) {
		lease = tctl_view_lease(reader->view, task, &verdict);
		if (lease == NULL || verdict != TCTL_LIVE)
			return;
		all->at = tctl_arena_grow(
		    reader->arena, all->at, all->count, sizeof(*all->at));
		all->at[all->count++] =
		    (struct tctl_reserved){ .task = task, .lease = lease };
	}
	add_pattern(
	    reader, &all->at[all->count - 1].list, tctl_col_text(col[1]));
}

enum tctl_status
tctl_reserved_read(struct tctl_view *view, struct tctl_reserved_all *out,
    struct tctl_error *err)
{
	struct reader reader = {
		.view = view, .arena = view->arena, .all = out, .err = err
	};
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	status = tctl_query(view->coord->store, tctl_sql_reservation_live,
	    TCTL_NO_ARGS, take_live, &reader, NULL, err);
	return status == TCTL_OK ? reader.status : status;
}

static void
take_one(void *into, const char *const col[])
{
	struct reader *reader = into;

	add_pattern(reader, reader->list, tctl_col_text(col[0]));
}

enum tctl_status
tctl_reserved_of(struct tctl_store *store, struct tctl_arena *arena,
    int64_t task, int64_t token, struct tctl_patterns *out,
    struct tctl_error *err)
{
	struct reader reader = { .arena = arena, .list = out, .err = err };
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	status = tctl_query(store, tctl_sql_reservation_of,
	    TCTL_ARGS(TCTL_N(task), TCTL_N(token)), take_one, &reader, NULL,
	    err);
	return status == TCTL_OK ? reader.status : status;
}

/* --- what is in the way ----------------------------------------------------
 */

static enum tctl_status
describe(struct tctl_view *view, const struct tctl_reserved *theirs,
    const struct tctl_meeting *meeting, struct tctl_clash *out,
    struct tctl_error *err)
{
	const struct tctl_lease_row *lease = theirs->lease;
	const char *task;
	struct tctl_lease *shown;
	enum tctl_status status = tctl_row_reference(view->coord->store,
	    view->arena, view->clock.many_plans, theirs->task, &task, err);

	if (status != TCTL_OK)
		return status;
	shown = tctl_view_show_lease(view, lease, task);
	*out = (struct tctl_clash){ .pattern = tctl_pattern_text(meeting->a),
		.path = meeting->path[0] == '\0'
			    ? NULL
			    : tctl_arena_strdup(view->arena, meeting->path),
		.with = { .pattern = tctl_pattern_text(meeting->b),
		    .task = task,
		    .agent = lease->agent,
		    .session = lease->session,
		    .token = lease->token,
		    .expires_ms = shown->expires_ms,
		    .worktree = lease->worktree,
		    .read = meeting->b },
		.lease = shown };
	for (size_t i = 0; i < theirs->list.count; i++)
		tctl_strings_add(view->arena, &shown->reserved,
		    tctl_pattern_text(theirs->list.at[i]));
	return TCTL_OK;
}

enum tctl_status
tctl_reserved_meet(struct tctl_view *view, const struct tctl_reserved_all *all,
    int64_t task, const struct tctl_patterns *list, size_t from, size_t most,
    struct tctl_clash *clash, size_t *count, struct tctl_error *err)
{
	struct tctl_effort_left left = { work_most };
	enum tctl_status status = TCTL_OK;

	*count = 0;
	for (size_t i = 0; status == TCTL_OK && i < all->count; i++) {
		struct tctl_meeting meeting;

		if (*count == most)
			break;
		if (all->at[i].task != task &&
		    tctl_patterns_meet(
			list, from, &all->at[i].list, &left, &meeting))
			status = describe(view, &all->at[i], &meeting,
			    &clash[(*count)++], err);
	}
	return status;
}

const char *
tctl_clash_text(struct tctl_arena *arena, const struct tctl_clash *clash)
{
	char until[TCTL_INSTANT_TEXT];

	tctl_instant_show(clash->with.expires_ms, false, until);
	if (strcmp(clash->pattern, clash->with.pattern) == 0)
		return tctl_arena_printf(arena,
		    "%.150s is reserved by %s for %s until %s", clash->pattern,
		    clash->with.agent, clash->with.task, until);
	return tctl_arena_printf(arena,
	    "%.150s meets %.150s, reserved by %s for %s until %s%s%.150s%s",
	    clash->pattern, clash->with.pattern, clash->with.agent,
	    clash->with.task, until, clash->path == NULL ? "" : " (both match ",
	    clash->path == NULL ? "" : clash->path,
	    clash->path == NULL ? "" : ")");
}

/* --- keeping ----------------------------------------------------------------
 */

enum tctl_status
tctl_reserved_keep(struct tctl_change *change, int64_t task, int64_t token,
    const struct tctl_patterns *list, size_t from, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;

	for (size_t i = from; status == TCTL_OK && i < list->count; i++)
		status = tctl_query(change->store, tctl_sql_reservation_insert,
		    TCTL_ARGS(TCTL_N(task), TCTL_N((int64_t)i + 1),
			TCTL_N(token), TCTL_T(tctl_pattern_text(list->at[i]))),
		    NULL, NULL, NULL, err);
	if (status == TCTL_OK)
		status = tctl_query(change->store, tctl_sql_lease_set_reserved,
		    TCTL_ARGS(TCTL_N(list->count > 0), TCTL_N(task)), NULL,
		    NULL, NULL, err);
	return status;
}

enum tctl_status
tctl_reserved_end(struct tctl_change *change,
    const struct tctl_lease_row *lease, struct tctl_error *err)
{
	if (!lease->reserved)
		return TCTL_OK;
	return tctl_query(change->store, tctl_sql_reservation_drop,
	    TCTL_ARGS(TCTL_N(lease->task)), NULL, NULL, NULL, err);
}

struct json_object *
tctl_reserved_data(const struct tctl_patterns *list, size_t from)
{
	struct json_object *data = json_object_new_object();
	struct json_object *array = json_object_new_array();

	for (size_t i = from; i < list->count; i++)
		json_object_array_add(array,
		    json_object_new_string(tctl_pattern_text(list->at[i])));
	json_object_object_add(data, "patterns", array);
	return data;
}
