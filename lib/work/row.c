/* row.c - finding a task, and moving it between states. */
#include <stdio.h>
#include <string.h>
#include <bsd/string.h>

#include "change.h"

/* --- finding ---------------------------------------------------------------
 */

struct candidate {
	int64_t id;
	const char *key;
	const char *plan;
};

struct finder {
	struct tctl_arena *arena;
	const char *plan; /* NULL: any */
	const char *key;  /* as asked for, after PLAN: */
	struct candidate *at;
	size_t count;
	size_t exact;
	const char *sql;
	tctl_row_fn *also; /* NULL, or what takes the other columns of sql */
	void *into;
};

static void
take_candidate(void *into, const char *const col[])
{
	struct finder *finder = into;
	struct candidate *found;

	if (finder->plan != NULL &&
	    strcmp(finder->plan, tctl_col_text(col[2])) != 0)
		return;
	finder->at = tctl_arena_grow(
	    finder->arena, finder->at, finder->count, sizeof(*finder->at));
	found = &finder->at[finder->count++];
	found->id = tctl_col(col[0]);
	found->key = tctl_arena_strdup(finder->arena, tctl_col_text(col[1]));
	found->plan = tctl_arena_strdup(finder->arena, tctl_col_text(col[2]));
	if (strcmp(found->key, finder->key) == 0)
		finder->exact++;
	if (finder->also != NULL)
		finder->also(finder->into, col);
}

static enum tctl_status
ambiguous(const struct finder *finder, const char *id, struct tctl_error *err)
{
	tctl_fail(err, TCTL_EINVALID, "\"%s\" could mean %s:%s or %s:%s", id,
	    finder->at[0].plan, finder->at[0].key, finder->at[1].plan,
	    finder->at[1].key);
	return tctl_hint(err, "say which, as in %s:%s", finder->at[0].plan,
	    finder->at[0].key);
}

static enum tctl_status
look_up(struct tctl_store *store, struct finder *finder, const char *key,
    struct tctl_error *err)
{
	char norm[TCTL_ID_MAX];

	finder->key = key;
	finder->count = finder->exact = 0;
	if (!tctl_id_normalise(key, norm))
		return TCTL_OK;
	return tctl_query(store, finder->sql, TCTL_ARGS(TCTL_T(norm)),
	    take_candidate, finder, NULL, err);
}

enum tctl_status
tctl_row_find(struct tctl_store *store, struct tctl_arena *arena,
    const char *id, int64_t *out, struct tctl_error *err)
{
	return tctl_row_find_with(
	    store, arena, id, tctl_sql_task_by_key, NULL, NULL, out, err);
}

enum tctl_status
tctl_row_find_with(struct tctl_store *store, struct tctl_arena *arena,
    const char *id, const char *sql, tctl_row_fn *also, void *into,
    int64_t *out, struct tctl_error *err)
{
	struct finder finder = {
		.arena = arena, .sql = sql, .also = also, .into = into
	};
	const char *colon = strrchr(id, ':');
	enum tctl_status status = look_up(store, &finder, id, err);

	if (status == TCTL_OK && finder.count == 0 && colon != NULL) {
		finder.plan =
		    tctl_arena_strndup(arena, id, (size_t)(colon - id));
		status = look_up(store, &finder, colon + 1, err);
	}
	if (status != TCTL_OK)
		return status;
	if (finder.count == 0) {
		tctl_fail(
		    err, TCTL_ENOTFOUND, "no task \"%.*s\"", TCTL_ID_MAX, id);
		return tctl_hint(err, "see which there are: taskctl list");
	}
	if (finder.count == 1) {
		*out = finder.at[0].id;
		return TCTL_OK;
	}
	/* Several spellings alike: the one written exactly so, if it is one. */
	if (finder.exact != 1)
		return ambiguous(&finder, id, err);
	for (size_t i = 0; i < finder.count; i++)
		if (strcmp(finder.at[i].key, finder.key) == 0)
			*out = finder.at[i].id;
	return TCTL_OK;
}

/* --- reading -----------------------------------------------------------------
 */

struct row_reader {
	struct tctl_arena *arena;
	struct tctl_row *row;
};

static void
take_row(void *into, const char *const col[])
{
	struct row_reader *reader = into;
	struct tctl_row *row = reader->row;
	int i = 0;

	/* In the order of the columns of task_row. */
	row->id = tctl_col(col[i++]);
	strlcpy(row->state, tctl_col_text(col[i++]), sizeof(row->state));
	row->unmet = tctl_col(col[i++]);
	row->barred = tctl_col(col[i++]);
	row->orphaned = tctl_col(col[i++]) != 0;
	row->mutex = tctl_arena_strdup(reader->arena, tctl_col_text(col[i++]));
	row->sprint = tctl_col(col[i++]);
	row->plan = tctl_col(col[i++]);
	row->estimate_s = col[i] == NULL ? -1 : tctl_col(col[i]);
	i++;
	row->attempts = tctl_col(col[i++]);
	row->finished_by = tctl_arena_strdup(reader->arena, col[i++]);
	row->key = tctl_arena_strdup(reader->arena, tctl_col_text(col[i++]));
	row->title = tctl_arena_strdup(reader->arena, tctl_col_text(col[i++]));
	row->hand = tctl_col(col[i++]);
	row->planned_agent = tctl_arena_strdup(reader->arena, col[i++]);
	row->priority = tctl_col(col[i++]);
	row->chain = tctl_col(col[i++]);
}

enum tctl_status
tctl_row_lost(int64_t id, struct tctl_error *err)
{
	tctl_fail(err, TCTL_ECORRUPT,
	    "row %lld of the tasks, or its plan, is not there", (long long)id);
	return tctl_hint(err, "see what else: taskctl doctor");
}

enum tctl_status
tctl_row_read(struct tctl_store *store, struct tctl_arena *arena, int64_t id,
    struct tctl_row *out, struct tctl_error *err)
{
	struct row_reader reader = { arena, out };
	size_t rows;
	enum tctl_status status = tctl_query(store, tctl_sql_task_row,
	    TCTL_ARGS(TCTL_N(id)), take_row, &reader, &rows, err);

	if (status == TCTL_OK && rows != 1)
		status = tctl_row_lost(id, err);
	return status;
}

enum tctl_status
tctl_row_key(struct tctl_store *store, struct tctl_arena *arena, int64_t id,
    const char **out, struct tctl_error *err)
{
	struct tctl_row row;
	enum tctl_status status = tctl_row_read(store, arena, id, &row, err);

	if (status == TCTL_OK)
		*out = row.key;
	return status;
}

struct referrer {
	struct tctl_arena *arena;
	bool many_plans;
	const char *out;
};

static void
take_reference(void *into, const char *const col[])
{
	struct referrer *referrer = into;
	const char *key = tctl_col_text(col[0]);

	referrer->out = tctl_col(col[2]) > 1
			    ? tctl_arena_printf(referrer->arena, "%s:%s",
				  tctl_col_text(col[1]), key)
			    : tctl_arena_strdup(referrer->arena, key);
}

enum tctl_status
tctl_row_reference(struct tctl_store *store, struct tctl_arena *arena,
    bool many_plans, int64_t id, const char **out, struct tctl_error *err)
{
	struct referrer referrer = { .arena = arena, .out = "" };
	enum tctl_status status = TCTL_OK;

	if (!many_plans)
		return tctl_row_key(store, arena, id, out, err);
	status = tctl_query(store, tctl_sql_task_reference,
	    TCTL_ARGS(TCTL_N(id)), take_reference, &referrer, NULL, err);
	*out = referrer.out;
	return status;
}

/* --- moving
 * ------------------------------------------------------------------- */

/* Rows (id, flag): keep the ids whose flag is set. */
static void
take_flagged(void *into, const char *const col[])
{
	if (tctl_col(col[1]) != 0)
		tctl_row_ids_take(into, col);
}

/* Rows (id, is ready, is in work) of tasks whose bars have changed. */
struct barred {
	struct tctl_row_ids ready;
	struct tctl_row_ids held;
};

static void
take_barred(void *into, const char *const col[])
{
	struct barred *barred = into;
	const char *const in_work[] = { col[0], col[2] };

	take_flagged(&barred->ready, col);
	take_flagged(&barred->held, in_work);
}

static void
take_number(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

static enum tctl_status
add_keys(struct tctl_change *change, const struct tctl_row_ids *ids,
    struct tctl_strings *list, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;
	const char *key;

	for (size_t i = 0; status == TCTL_OK && list != NULL && i < ids->count;
	     i++) {
		status = tctl_row_reference(change->store, change->arena,
		    change->many_plans, ids->at[i], &key, err);
		if (status == TCTL_OK)
			tctl_strings_add(change->arena, list, key);
	}
	return status;
}

static bool
is_finished(const char *state)
{
	return strcmp(state, "done") == 0 || strcmp(state, "cancelled") == 0;
}

/* What a statement that sets bars has changed: opened, it makes ready; closed,
 * it concerns those who are at work behind it. */
static enum tctl_status
tell_barred(struct tctl_change *change, const struct barred *barred,
    bool opened, struct tctl_strings *now_ready, struct tctl_strings *held,
    struct tctl_error *err)
{
	return opened ? add_keys(change, &barred->ready, now_ready, err)
		      : add_keys(change, &barred->held, held, err);
}

/* The sprint has one task more or fewer to go; its barrier may open or close
 * at that. */
static enum tctl_status
count_in_sprint(struct tctl_change *change, const struct tctl_row *row,
    int64_t by, struct tctl_strings *now_ready, struct tctl_error *err)
{
	struct barred barred = { { .arena = change->arena },
		{ .arena = change->arena } };
	int64_t remaining = 0;
	enum tctl_status status;

	if (row->sprint == 0 || row->orphaned)
		return TCTL_OK;
	status = tctl_query(change->store, tctl_sql_sprint_remaining,
	    TCTL_ARGS(TCTL_N(by), TCTL_N(row->sprint)), take_number, &remaining,
	    NULL, err);
	if (status != TCTL_OK ||
	    !((by < 0 && remaining == 0) || (by > 0 && remaining == by)))
		return status;
	status = tctl_query(change->store, tctl_sql_sprint_bar,
	    TCTL_ARGS(TCTL_N(row->sprint)), take_barred, &barred, NULL, err);
	return status == TCTL_OK
		   ? tell_barred(change, &barred, by < 0, now_ready, NULL, err)
		   : status;
}

/* The next step of its chain may begin, or one before it must be done first. */
static enum tctl_status
count_in_chain(struct tctl_change *change, const struct tctl_row *row,
    int64_t by, struct tctl_strings *now_ready, struct tctl_strings *held,
    struct tctl_error *err)
{
	struct barred barred = { { .arena = change->arena },
		{ .arena = change->arena } };
	enum tctl_status status;

	if (row->chain == 0 || row->orphaned)
		return TCTL_OK;
	status = tctl_query(change->store, tctl_sql_chain_bar,
	    TCTL_ARGS(TCTL_N(row->chain)), take_barred, &barred, NULL, err);
	return status == TCTL_OK
		   ? tell_barred(change, &barred, by < 0, now_ready, held, err)
		   : status;
}

/* A gate has been approved, or is no longer. */
static enum tctl_status
turn_gate(struct tctl_change *change, const struct tctl_row *row, bool is_open,
    struct tctl_strings *now_ready, struct tctl_strings *held,
    struct tctl_error *err)
{
	struct barred barred = { { .arena = change->arena },
		{ .arena = change->arena } };
	enum tctl_status status;

	if ((row->barred & TCTL_BAR_IS_GATE) == 0)
		return TCTL_OK;
	status = tctl_query(change->store, tctl_sql_gate_bar,
	    TCTL_ARGS(TCTL_N(is_open ? 0 : TCTL_BAR_GATE), TCTL_N(row->id)),
	    take_barred, &barred, NULL, err);
	return status == TCTL_OK
		   ? tell_barred(change, &barred, is_open, now_ready, held, err)
		   : status;
}

enum tctl_status
tctl_row_move(struct tctl_change *change, struct tctl_row *row,
    const char *state, int64_t attempts, const char *by,
    struct tctl_strings *now_ready, struct tctl_strings *held,
    struct tctl_error *err)
{
	bool was_done = strcmp(row->state, "done") == 0;
	bool is_done = strcmp(state, "done") == 0;
	int64_t more = is_finished(row->state) - is_finished(state);
	struct tctl_row_ids touched = { .arena = change->arena };
	size_t rows = 0;
	enum tctl_status status = tctl_query(change->store,
	    tctl_sql_task_set_state,
	    TCTL_ARGS(TCTL_T(state), TCTL_N(attempts),
		is_finished(state) ? TCTL_N(change->now.wall_ms) : TCTL_T(NULL),
		TCTL_T(by), TCTL_N(row->id), TCTL_T(row->state)),
	    NULL, NULL, &rows, err);

	if (status == TCTL_OK && rows != 1)
		status = tctl_fail(err, TCTL_ECORRUPT,
		    "task %s is not %s as its row said", row->key, row->state);
	if (status == TCTL_OK && was_done != is_done)
		status = tctl_query(change->store,
		    is_done ? tctl_sql_task_met : tctl_sql_task_unmet,
		    TCTL_ARGS(TCTL_N(row->id)), take_flagged, &touched, NULL,
		    err);
	if (status == TCTL_OK)
		status =
		    add_keys(change, &touched, is_done ? now_ready : held, err);
	if (status == TCTL_OK && was_done != is_done)
		status = turn_gate(change, row, is_done, now_ready, held, err);
	if (status == TCTL_OK && more != 0)
		status = count_in_sprint(change, row, more, now_ready, err);
	if (status == TCTL_OK && more != 0)
		status =
		    count_in_chain(change, row, more, now_ready, held, err);
	if (status != TCTL_OK)
		return status;
	strlcpy(row->state, state, sizeof(row->state));
	row->attempts = attempts;
	return TCTL_OK;
}
