/* replay_find.c - rows for what events name. */
#include <string.h>
#include <bsd/string.h>

#include "replay.h"

static void
take_id(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

enum tctl_status
tctl_replay_find_plan(struct tctl_store *store, const char *name, int64_t *out,
    struct tctl_error *err)
{
	*out = 0;
	return tctl_query(store, tctl_sql_replay_plan, TCTL_ARGS(TCTL_T(name)),
	    take_id, out, NULL, err);
}

enum tctl_status
tctl_replay_find_task(struct tctl_store *store, int64_t plan, const char *key,
    int64_t *out, struct tctl_error *err)
{
	char norm[TCTL_ID_MAX];

	*out = 0;
	if (strlen(key) >= TCTL_ID_MAX || !tctl_id_normalise(key, norm))
		return tctl_fail(
		    err, TCTL_EINVALID, "\"%.60s\" cannot be a task id", key);
	return tctl_query(store, tctl_sql_replay_task_find,
	    TCTL_ARGS(TCTL_T(norm), TCTL_N(plan), TCTL_T(key)), take_id, out,
	    NULL, err);
}

/* A row with nothing in it but its name: replay fills it. */
static enum tctl_status
add_task(struct tctl_store *store, int64_t id, int64_t plan, const char *key,
    struct tctl_error *err)
{
	const struct tctl_arg null = TCTL_T(NULL);
	char norm[TCTL_ID_MAX];

	if (!tctl_id_normalise(key, norm))
		return tctl_fail(
		    err, TCTL_EINVALID, "\"%.60s\" cannot be a task id", key);
	return tctl_query(store, tctl_sql_task_insert,
	    TCTL_ARGS(TCTL_N(id), TCTL_N(plan), TCTL_T(key), TCTL_T(norm),
		TCTL_T(key), null, TCTL_N(0), TCTL_N(TCTL_PRIORITY_NONE), null,
		null, TCTL_T(""), TCTL_T(""), null, TCTL_N(0), TCTL_T("open"),
		null, null, TCTL_N(0), TCTL_N(0), TCTL_N(0)),
	    NULL, NULL, NULL, err);
}

static enum tctl_status
find_or_add(struct tctl_store *store, const struct tctl_event *event,
    struct tctl_replay_rows *rows, int64_t *task, struct tctl_error *err)
{
	bool adds = strcmp(event->kind, "added") == 0;
	int64_t plan = rows->plan;
	enum tctl_status status = TCTL_OK;

	if (plan == 0 || strcmp(rows->plan_name, event->plan) != 0)
		status = tctl_replay_find_plan(store, event->plan, &plan, err);

	if (status == TCTL_OK && plan == 0 && adds) {
		if (strpbrk(event->plan, " \t:") != NULL)
			return tctl_fail(err, TCTL_EINVALID,
			    "\"%.60s\" cannot be a plan's name", event->plan);
		status = tctl_query(store, tctl_sql_replay_plan_add,
		    TCTL_ARGS(TCTL_T(event->plan)), take_id, &plan, NULL, err);
	}
	rows->plan = status == TCTL_OK ? plan : 0;
	strlcpy(rows->plan_name, event->plan, sizeof(rows->plan_name));
	if (status == TCTL_OK && plan != 0)
		status =
		    tctl_replay_find_task(store, plan, event->task, task, err);
	if (status != TCTL_OK || *task != 0)
		return status;
	if (!adds)
		return tctl_fail(err, TCTL_EINVALID,
		    "it is of task %s:%s, which no event before it adds",
		    event->plan, event->task);
	*task = ++rows->last_task;
	return add_task(store, *task, plan, event->task, err);
}

enum tctl_status
tctl_replay_keep(struct tctl_store *store, const struct tctl_event *event,
    int64_t id, const char *origin, int64_t origin_id,
    struct tctl_replay_rows *rows, int64_t *task, struct tctl_error *err)
{
	const struct tctl_arg null = TCTL_T(NULL);
	enum tctl_status status = TCTL_OK;

	*task = 0;
	if (event->task != NULL)
		status = find_or_add(store, event, rows, task, err);
	if (status != TCTL_OK)
		return status;
	return tctl_query(store, tctl_sql_replay_insert,
	    TCTL_ARGS(TCTL_N(id), TCTL_N(event->at_ms), TCTL_T(event->kind),
		*task == 0 ? null : TCTL_N(*task), TCTL_T(event->agent),
		TCTL_T(event->session),
		event->token == 0 ? null : TCTL_N(event->token),
		TCTL_T(event->data), TCTL_T(origin),
		origin == NULL ? null : TCTL_N(origin_id)),
	    NULL, NULL, NULL, err);
}
