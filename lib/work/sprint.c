/* sprint.c - finding sprints, and counting what remains of them. */
#include <string.h>

#include "change.h"

struct finder {
	const char *plan_name; /* PLAN of PLAN:S, or NULL */
	int64_t plan;	       /* the one that is preferred */
	int64_t preferred;
	int64_t first;
	size_t count;
	struct tctl_arena *arena;
	const char *names[2]; /* the plans of the first two */
};

static void
take_sprint(void *into, const char *const col[])
{
	struct finder *finder = into;

	if (finder->plan_name != NULL &&
	    strcmp(finder->plan_name, tctl_col_text(col[2])) != 0)
		return;
	if (tctl_col(col[1]) == finder->plan)
		finder->preferred = tctl_col(col[0]);
	if (finder->count == 0)
		finder->first = tctl_col(col[0]);
	if (finder->count < TCTL_COUNT(finder->names))
		finder->names[finder->count] =
		    tctl_arena_strdup(finder->arena, tctl_col_text(col[2]));
	finder->count++;
}

enum tctl_status
tctl_sprint_find(struct tctl_store *store, struct tctl_arena *arena,
    const char *key, int64_t plan, int64_t *out, struct tctl_error *err)
{
	struct finder finder = { .plan = plan, .arena = arena };
	const char *colon = strrchr(key, ':'), *bare = key;
	enum tctl_status status;

	if (colon != NULL) {
		finder.plan_name =
		    tctl_arena_strndup(arena, key, (size_t)(colon - key));
		bare = colon + 1;
	}
	status = tctl_query(store, tctl_sql_sprint_by_key,
	    TCTL_ARGS(TCTL_T(bare)), take_sprint, &finder, NULL, err);
	if (status != TCTL_OK)
		return status;
	if (finder.count == 0)
		return tctl_fail(
		    err, TCTL_ENOTFOUND, "no sprint \"%.100s\"", key);
	*out = finder.preferred != 0 ? finder.preferred : finder.first;
	if (finder.preferred != 0 || finder.count == 1)
		return TCTL_OK;
	tctl_fail(err, TCTL_EINVALID, "\"%s\" could mean %s:%s or %s:%s", key,
	    finder.names[0], bare, finder.names[1], bare);
	return tctl_hint(err, "say which, as in %s:%s", finder.names[0], bare);
}

enum tctl_status
tctl_sprints_count(struct tctl_change *change, struct tctl_error *err)
{
	enum tctl_status status = tctl_query(change->store,
	    tctl_sql_count_remaining, TCTL_NO_ARGS, NULL, NULL, NULL, err);

	return status == TCTL_OK
		   ? tctl_query(change->store, tctl_sql_count_barred,
			 TCTL_NO_ARGS, NULL, NULL, NULL, err)
		   : status;
}

struct span {
	int64_t started_ms;
	int64_t finished_ms;
};

static void
take_span(void *into, const char *const col[])
{
	struct span *span = into;

	span->started_ms = tctl_col(col[0]);
	span->finished_ms = tctl_col(col[1]);
}

enum tctl_status
tctl_sprint_span(const struct tctl_coord *coord, const char *key,
    const char *plan, int64_t *started_ms, int64_t *finished_ms,
    struct tctl_error *err)
{
	struct span span = { 0, 0 };
	enum tctl_status status = tctl_query(coord->store, tctl_sql_sprint_span,
	    TCTL_ARGS(TCTL_T(key), TCTL_T(plan)), take_span, &span, NULL, err);

	*started_ms = span.started_ms;
	*finished_ms = span.finished_ms;
	return status;
}
