/* explain.c - an answer that cannot be: the few commands that show it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"

enum { BAR = 40 }; /* characters of the timeline */

/* Refusals and looks change nothing, so a history stays as possible as it was
 * when they are left out; those that are not needed are. */
static bool
changes_nothing(const struct op *op)
{
	return op->verb == SHOW || op->outcome == TAKEN ||
	       op->outcome == STALE || op->outcome == NOT_READY;
}

/* What was asked after the answer that cannot be has nothing to do with it. */
static void
leave_out(const struct history *history, const char *task, long at, bool skip[])
{
	for (size_t i = 0; i < history->count; i++)
		skip[i] = history->op[i].from_ms > history->op[at].to_ms;
	for (size_t i = 0; i < history->count; i++) {
		if (skip[i] || (long)i == at || !is_of(&history->op[i], task) ||
		    !changes_nothing(&history->op[i]))
			continue;
		skip[i] = true;
		if (history_check(history, task, skip, NULL) != at)
			skip[i] = false;
	}
}

static void
put_bar(const struct op *op, int64_t start_ms, int64_t end_ms)
{
	int64_t span = end_ms > start_ms ? end_ms - start_ms : 1;
	int from = (int)((op->from_ms - start_ms) * (BAR - 1) / span);
	int to = (int)((op->to_ms - start_ms) * (BAR - 1) / span);

	for (int i = 0; i < BAR; i++)
		putchar(i == from || i == to ? '|'
			: i > from && i < to ? '-'
					     : ' ');
}

static int
by_question(const void *a, const void *b)
{
	const struct op *const *x = a, *const *y = b;

	return (*x)->from_ms < (*y)->from_ms   ? -1
	       : (*x)->from_ms > (*y)->from_ms ? 1
					       : (*x)->line - (*y)->line;
}

static void
put_timeline(const struct history *history, const char *task, const bool skip[],
    const struct op *bad, int64_t start_ms)
{
	const struct op **list = calloc(history->count, sizeof(*list));
	char text[256];
	size_t n = 0;

	for (size_t i = 0; i < history->count; i++)
		if (is_of(&history->op[i], task) && !skip[i] &&
		    history->op[i].to_ms >= start_ms)
			list[n++] = &history->op[i];
	qsort(list, n, sizeof(*list), by_question);
	for (size_t i = 0; i < n; i++) {
		op_show(list[i], text);
		printf("  %8" PRId64 " %8" PRId64 "  ", list[i]->from_ms,
		    list[i]->to_ms);
		put_bar(list[i], start_ms, bad->to_ms);
		printf("  %s%s\n", text, list[i] == bad ? "   <-- ?" : "");
	}
	free(list);
}

void
history_explain(const struct history *history, const char *task, long at)
{
	bool *skip = calloc(history->count, sizeof(*skip));
	const struct op *bad = &history->op[at];
	struct sight sight = { .most = 0 };
	struct world next[2];
	char text[256], said[256] = "";

	leave_out(history, task, at, skip);
	history_check(history, task, skip, &sight);
	printf(
	    "task %s: an answer that cannot be (line %d)\n", task, bad->line);
	for (size_t i = 0; i < sight.count && i < 4; i++) {
		world_show(&sight.world[i], text);
		if (strcmp(text, said) != 0)
			printf(
			    "  %s %s\n", i == 0 ? "before:" : "     or", text);
		snprintf(said, sizeof(said), "%s", text);
	}
	put_timeline(history, task, skip, bad, sight.quiet_ms);
	text[0] = '\0';
	if (sight.count > 0 &&
	    world_step(&sight.world[0], bad, bad->to_ms, history->max_attempts,
		next, text) == 0 &&
	    text[0] != '\0')
		printf("  after what was before, %s\n", text);
	free(skip);
}
