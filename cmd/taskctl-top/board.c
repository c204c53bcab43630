/* board.c - what the store says, by the functions that status, list, agents,
 * log and why use. */
#include <stdlib.h>
#include <string.h>

#include "top.h"

enum {
	READY_SHOWN = 1,
	EVENTS_SHOWN = 500,
	ITS_EVENTS_SHOWN = 100,
	REFRESHED_MOST = 100, /* then all is read anew */
};

/* --- agents ------------------------------------------------------------------
 */

static struct tctl_top_agent *
agent_of(struct tctl_top_board *board, const struct tctl_lease *lease)
{
	struct tctl_top_agent *one;

	for (size_t i = 0; i < board->agent_count; i++) {
		one = &board->agent[i];
		if (strcmp(one->agent, lease->agent) == 0 &&
		    strcmp(one->session, lease->session) == 0)
			return one;
	}
	board->agent = tctl_arena_grow(board->report.arena, board->agent,
	    board->agent_count, sizeof(*board->agent));
	one = &board->agent[board->agent_count++];
	*one = (struct tctl_top_agent){ .agent = lease->agent,
		.session = lease->session,
		.host = lease->host,
		.worktree = lease->worktree,
		.since_ms = lease->acquired_ms,
		.expires_ms = lease->expires_ms };
	return one;
}

static void
group_agents(struct tctl_top_board *board)
{
	const struct tctl_tasks *held = &board->report.held;

	for (size_t i = 0; i < held->count; i++) {
		const struct tctl_lease *lease = held->at[i].lease;
		struct tctl_top_agent *one = agent_of(board, lease);

		if (lease->acquired_ms < one->since_ms)
			one->since_ms = lease->acquired_ms;
		if (lease->expires_ms < one->expires_ms)
			one->expires_ms = lease->expires_ms;
		one->tasks = one->task_count++ == 0
				 ? lease->task
				 : tctl_arena_printf(board->report.arena,
				       "%s, %s", one->tasks, lease->task);
	}
}

/* --- one task
 * ------------------------------------------------------------------
 */

/* That it is not there (any more) is no reason to show nothing. */
static enum tctl_status
read_task(const struct tctl_coord *coord, const char *open,
    struct tctl_top_board *out, struct tctl_error *err)
{
	enum tctl_status status = tctl_why_read(coord, open, &out->why, err);

	if (status == TCTL_ENOTFOUND || status == TCTL_EINVALID) {
		out->why_not = *err;
		return TCTL_OK;
	}
	if (status != TCTL_OK)
		return status;
	status = tctl_events_newest(
	    coord, open, ITS_EVENTS_SHOWN, &out->its_events, err);
	if (status != TCTL_OK)
		tctl_why_release(&out->why);
	out->has_why = status == TCTL_OK;
	return status;
}

/* As log tells it: a note or a reason, or the paths that were reserved. */
static const char *
detail_of(struct tctl_arena *arena, struct json_object *data)
{
	const char *out = tctl_arena_strdup(arena, tctl_get_detail(data));
	char *ids = NULL;
	size_t bytes;
	FILE *to;

	if (out[0] != '\0' || tctl_get_count(data, "patterns") == 0)
		return out;
	to = open_memstream(&ids, &bytes);
	if (to == NULL)
		tctl_die_nomem();
	tctl_put_ids(to, tctl_get_object(data, "patterns"));
	if (fclose(to) != 0)
		tctl_die_nomem();
	out = tctl_arena_strdup(arena, ids);
	free(ids);
	return out;
}

/* What is said of an event never changes. */
static const char *
known_detail(const struct tctl_top_board *old, int64_t event)
{
	int64_t first = old->events.count == 0 ? 0 : old->events.at[0].id;
	size_t i = (size_t)(event - first);

	/* Ids have gaps where a store was copied or restored. */
	return event >= first && i < old->events.count &&
		       old->events.at[i].id == event
		   ? old->detail[i]
		   : NULL;
}

static void
read_details(struct tctl_top_board *board, const struct tctl_top_board *old)
{
	const struct tctl_events *events = &board->events;

	board->detail = tctl_arena_alloc(
	    events->arena, (events->count + 1) * sizeof(*board->detail));
	for (size_t i = 0; i < events->count; i++) {
		const char *text = events->at[i].data;
		const char *known = known_detail(old, events->at[i].id);
		struct json_object *data = NULL;

		if (known != NULL) {
			board->detail[i] =
			    tctl_arena_strdup(events->arena, known);
			continue;
		}
		if (text != NULL)
			data = json_tokener_parse(text);
		board->detail[i] = detail_of(events->arena, data);
		json_object_put(data);
	}
}

/* --- all
 * -------------------------------------------------------------------------
 */

static enum tctl_status
read_newest(
    const struct tctl_coord *coord, int64_t *newest, struct tctl_error *err)
{
	struct tctl_events events;
	enum tctl_status status =
	    tctl_events_newest(coord, NULL, 1, &events, err);

	if (status != TCTL_OK)
		return status;
	*newest = events.count == 0 ? 0 : events.at[0].id;
	tctl_events_release(&events);
	return TCTL_OK;
}

/* All tasks are half of the work: those of the last reading are taken over, and
 * of them only what has changed is read. */
static enum tctl_status
read_tasks(const struct tctl_coord *coord, struct tctl_top_board *old,
    struct tctl_top_board *out, struct tctl_error *err)
{
	struct tctl_coord brief = *coord;
	enum tctl_status status;
	bool known = false;

	brief.detail = TCTL_DETAIL_ROW; /* a third of the time of all */
	/* Before: what happens from now on is read again. */
	status = read_newest(coord, &out->newest, err);
	if (status == TCTL_OK && old->tasks.arena != NULL &&
	    old->refreshed < REFRESHED_MOST && out->newest >= old->newest)
		status = tctl_tasks_refresh(
		    &brief, old->newest, out->newest, &old->tasks, &known, err);
	if (status != TCTL_OK || !known)
		return status != TCTL_OK
			   ? status
			   : tctl_tasks_list(&brief, NULL, &out->tasks, err);
	out->tasks = old->tasks;
	out->refreshed = old->refreshed + 1;
	memset(&old->tasks, 0, sizeof(old->tasks));
	return TCTL_OK;
}

enum tctl_status
tctl_top_read(const struct tctl_coord *coord, const char *open,
    struct tctl_top_board *old, struct tctl_top_board *out,
    struct tctl_error *err)
{
	struct tctl_top_board board;
	enum tctl_status status;

	memset(&board, 0, sizeof(board));
	status = tctl_status_read(coord, READY_SHOWN, &board.report, err);
	if (status == TCTL_OK)
		status = tctl_events_newest(
		    coord, NULL, EVENTS_SHOWN, &board.events, err);
	if (status == TCTL_OK && open != NULL)
		status = read_task(coord, open, &board, err);
	if (status == TCTL_OK)
		status = read_tasks(coord, old, &board, err);
	if (status != TCTL_OK) {
		tctl_top_board_release(&board);
		return status;
	}
	board.opened = tctl_arena_strdup(board.report.arena, open);
	group_agents(&board);
	read_details(&board, old);
	*out = board;
	return TCTL_OK;
}

void
tctl_top_board_release(struct tctl_top_board *board)
{
	if (board->report.arena != NULL)
		tctl_status_release(&board->report);
	if (board->tasks.arena != NULL)
		tctl_tasks_release(&board->tasks);
	if (board->events.arena != NULL)
		tctl_events_release(&board->events);
	if (board->has_why) {
		tctl_why_release(&board->why);
		tctl_events_release(&board->its_events);
	}
	memset(board, 0, sizeof(*board));
}

const struct tctl_task *
tctl_top_find(
    const struct tctl_top_board *board, const char *plan, const char *id)
{
	const char *colon = strrchr(id, ':');
	size_t length = colon == NULL ? strlen(plan) : (size_t)(colon - id);

	if (colon != NULL) {
		plan = id;
		id = colon + 1;
	}
	for (size_t i = 0; i < board->tasks.count; i++) {
		const struct tctl_task *task = &board->tasks.at[i];

		if (strcmp(task->id, id) == 0 && strlen(task->plan) == length &&
		    strncmp(task->plan, plan, length) == 0)
			return task;
	}
	return NULL;
}
