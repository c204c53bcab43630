/* summary.c - what happened since the last commit, gathered event by event. */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "summary.h"

/* clang-format off */
static const struct {
	const char *kind;
	enum tctl_git_outcome outcome;
} kind_row[] = {
	{ "done",      TCTL_GIT_DONE },
	{ "approved",  TCTL_GIT_DONE },
	{ "failed",    TCTL_GIT_FAILED },
	{ "claimed",   TCTL_GIT_CLAIMED },
	{ "revived",   TCTL_GIT_CLAIMED },
	{ "released",  TCTL_GIT_FREE_AGAIN },
	{ "forced",    TCTL_GIT_FREE_AGAIN },
	{ "lapsed",    TCTL_GIT_FREE_AGAIN },
	{ "died",      TCTL_GIT_FREE_AGAIN },
	{ "reopened",  TCTL_GIT_REOPENED },
	{ "cancelled", TCTL_GIT_CANCELLED },
	{ "added",     TCTL_GIT_ADDED },
};
/* clang-format on */

struct tctl_git_summary *
tctl_git_summary_new(void)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_git_summary *summary =
	    tctl_arena_alloc(arena, sizeof(*summary));

	summary->arena = arena;
	return summary;
}

static void
keep(void *unused)
{
	(void)unused; /* the arena owns the items */
}

void
tctl_git_summary_free(struct tctl_git_summary *summary)
{
	if (summary == NULL)
		return;
	tdestroy(summary->by_key, keep);
	tctl_arena_free(summary->arena);
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct tctl_git_item *)a)->key,
	    ((const struct tctl_git_item *)b)->key);
}

static struct tctl_git_item *
find_item(struct tctl_git_summary *summary, const struct tctl_event *event)
{
	const char *plan = event->plan != NULL ? event->plan : "";
	struct tctl_git_item probe, *item, **found;
	char *key = tctl_xprintf("%s\n%s", plan, event->task);

	probe.key = key;
	found = tfind(&probe, &summary->by_key, by_key);
	if (found == NULL) {
		item = tctl_arena_alloc(summary->arena, sizeof(*item));
		item->key = tctl_arena_strdup(summary->arena, key);
		item->plan = tctl_arena_strdup(summary->arena, plan);
		item->task = item->key + strlen(plan) + 1;
		item->outcome = TCTL_GIT_UPDATED;
		item->order = summary->clock++;
		found = tsearch(item, &summary->by_key, by_key);
		if (found == NULL)
			tctl_die_nomem();
		summary->item = tctl_arena_grow(summary->arena, summary->item,
		    summary->item_count, sizeof(struct tctl_git_item *));
		summary->item[summary->item_count++] = item;
	}
	free(key);
	return *found;
}

void
tctl_git_summary_add(
    struct tctl_git_summary *summary, const struct tctl_event *event)
{
	struct tctl_git_item *item;

	summary->event_count++;
	summary->last = event->id;
	/* Another store's: its own commit told it, with its own tokens. */
	if (event->origin != NULL)
		return;
	if (event->agent != NULL &&
	    (summary->actor == NULL ||
		strcmp(summary->actor, event->agent) != 0))
		summary->actor =
		    tctl_arena_strdup(summary->arena, event->agent);
	if (event->task == NULL)
		return;
	item = find_item(summary, event);
	for (size_t i = 0; i < TCTL_COUNT(kind_row); i++) {
		if (strcmp(kind_row[i].kind, event->kind) != 0)
			continue;
		item->outcome = kind_row[i].outcome;
		item->order = summary->clock++;
		item->token = event->token;
		item->agent =
		    event->agent == NULL
			? NULL
			: tctl_arena_strdup(summary->arena, event->agent);
	}
}

size_t
tctl_git_summary_count(const struct tctl_git_summary *summary)
{
	return summary->event_count;
}

int64_t
tctl_git_summary_last(const struct tctl_git_summary *summary)
{
	return summary->last;
}

const char *
tctl_git_summary_agent(const struct tctl_git_summary *summary)
{
	const struct tctl_git_item *best = NULL;

	for (size_t i = 0; i < summary->item_count; i++) {
		const struct tctl_git_item *item = summary->item[i];

		if (item->outcome == TCTL_GIT_DONE && item->agent != NULL &&
		    (best == NULL || item->order > best->order))
			best = item;
	}
	return best != NULL ? best->agent : summary->actor;
}
