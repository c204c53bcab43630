/* claim_next.c - which task a claim --next is of. */
#include <stdio.h>

#include "claim.h"
#include "holder.h"
#include "lock_file.h"

static void
take_first(void *into, const char *const col[])
{
	int64_t *first = into;

	if (*first == 0)
		*first = tctl_col(col[0]);
}

struct remains {
	size_t count;
	char awaited[600]; /* "2.1 (ada), 1.3 (failed)" */
	size_t used;
};

static void
take_remaining(void *into, const char *const col[])
{
	struct remains *remains = into;

	remains->count = (size_t)tctl_col(col[0]);
}

static void
take_awaited(void *into, const char *const col[])
{
	struct remains *remains = into;
	size_t room = sizeof(remains->awaited) - remains->used;
	int n = snprintf(remains->awaited + remains->used, room, "%s%s (%s)",
	    remains->used == 0 ? "" : ", ", tctl_col_text(col[0]),
	    col[1] == NULL ? "in work" : col[1]);

	if (n > 0 && (size_t)n < room)
		remains->used += (size_t)n;
}

static enum tctl_status
refuse_none(
    struct tctl_claiming *claim, const char *sprint, struct tctl_error *err)
{
	struct tctl_store *store = claim->change.store;
	struct remains remains = { .count = 0 };
	enum tctl_status status = tctl_query(store, tctl_sql_task_remaining,
	    TCTL_NO_ARGS, take_remaining, &remains, NULL, err);

	if (status == TCTL_OK)
		status = tctl_query(store, tctl_sql_lease_awaited, TCTL_NO_ARGS,
		    take_awaited, &remains, NULL, err);
	if (status != TCTL_OK)
		return status;
	claim->out->remaining = remains.count;
	if (remains.count == 0)
		return tctl_fail(err, TCTL_ENONE, "the plan is complete");
	remains.awaited[remains.used] = '\0';
	tctl_fail(err, TCTL_ENONE,
	    "nothing is ready%s%s; %zu tasks are not finished; what they wait "
	    "for: %s",
	    sprint != NULL ? " in sprint " : "", sprint != NULL ? sprint : "",
	    remains.count,
	    remains.used == 0 ? "see taskctl status" : remains.awaited);
	return tctl_hint(err, "wait for one: taskctl wait --ready");
}

/* What the caller holds already: an agent that lost its memory finds its work.
 * What another living process of its name holds is somebody else's. */
static enum tctl_status
choose_own(struct tctl_claiming *claim, int64_t *id, struct tctl_error *err)
{
	struct tctl_change *change = &claim->change;
	const struct tctl_caller *who = claim->who;
	struct tctl_row_ids mine = { .arena = change->arena };
	struct tctl_lease_row lease;
	enum tctl_status status = tctl_query(change->store, tctl_sql_lease_mine,
	    TCTL_ARGS(TCTL_T(who->agent), TCTL_T(who->session)),
	    tctl_row_ids_take, &mine, NULL, err);

	for (size_t i = 0; status == TCTL_OK && *id == 0 && i < mine.count;
	     i++) {
		status = tctl_lease_read(
		    change->store, change->arena, mine.at[i], &lease, err);
		if (status == TCTL_OK &&
		    !tctl_claim_is_other_process(&lease, who))
			*id = mine.at[i];
	}
	return status;
}

/* Is nothing in the way of this one but what its row says? */
static enum tctl_status
look_at(struct tctl_claiming *claim, struct tctl_view *view,
    const struct tctl_reserved_all *reserved, int64_t sprint, int64_t row,
    bool *is_free, struct tctl_error *err)
{
	const struct tctl_coord *coord = claim->change.coord;
	struct tctl_row task;
	bool is_barred = false;
	enum tctl_status status =
	    tctl_row_read(coord->store, view->arena, row, &task, err);

	if (status == TCTL_OK && reserved->count > 0)
		status =
		    tctl_reserved_bars(view, reserved, row, &is_barred, err);
	*is_free = status == TCTL_OK && !is_barred &&
		   (sprint == 0 || task.sprint == sprint) &&
		   tctl_lock_file_owner(coord, view->arena, task.key) == NULL;
	return status;
}

/* With lock files, and with reserve.on_claim: the first that no old script
 * holds, and whose files are free.  Mostly it is among the first few. */
static enum tctl_status
choose_free(struct tctl_claiming *claim, int64_t sprint, int64_t *id,
    struct tctl_error *err)
{
	enum { FIRST = 64, MORE = 64 };
	struct tctl_change *change = &claim->change;
	struct tctl_reserved_all reserved = { NULL, 0 };
	struct tctl_view view;
	size_t seen = 0, count = 0, total;
	int64_t *row;
	bool is_free;
	enum tctl_status status =
	    tctl_view_of_change(change, change->arena, &view, err);

	if (status == TCTL_OK && change->coord->config->reserve_on_claim)
		status = tctl_reserved_read(&view, &reserved, err);
	for (size_t limit = FIRST; status == TCTL_OK && *id == 0;
	     limit *= MORE) {
		status = tctl_view_ready_rows(
		    &view, claim->who->agent, limit, &row, &count, &total, err);
		for (; status == TCTL_OK && *id == 0 && seen < count; seen++) {
			status = look_at(claim, &view, &reserved, sprint,
			    row[seen], &is_free, err);
			if (is_free)
				*id = row[seen];
		}
		if (count < limit || limit >= INT32_MAX / MORE)
			break;
	}
	return status;
}

enum tctl_status
tctl_claim_choose(struct tctl_claiming *claim, const char *sprint, bool another,
    int64_t *id, struct tctl_error *err)
{
	struct tctl_change *change = &claim->change;
	const struct tctl_config *config = change->coord->config;
	char lane[TCTL_AGENT_MAX];
	int64_t sprint_id = 0;
	enum tctl_status status = TCTL_OK;

	*id = 0;
	if (!another)
		status = choose_own(claim, id, err);
	if (status != TCTL_OK || *id != 0)
		return status;
	tctl_agent_normalise(claim->who->agent, lane);
	if (sprint != NULL)
		status = tctl_sprint_find(
		    change->store, change->arena, sprint, 0, &sprint_id, err);
	if (status == TCTL_OK &&
	    (config->lock_files || config->reserve_on_claim))
		status = choose_free(claim, sprint_id, id, err);
	else if (status == TCTL_OK && sprint != NULL)
		status =
		    tctl_query(change->store, tctl_sql_lease_next_in_sprint,
			TCTL_ARGS(TCTL_N(sprint_id), TCTL_T(lane)), take_first,
			id, NULL, err);
	else if (status == TCTL_OK)
		status = tctl_query(change->store, tctl_sql_lease_next,
		    TCTL_ARGS(TCTL_T(lane)), take_first, id, NULL, err);
	if (status == TCTL_OK && *id == 0)
		status = refuse_none(claim, sprint, err);
	return status;
}
