/* check.c - is a history linearizable, task by task?
 *
 * check FILE...: exits 1 and explains where one is not.
 *
 * The search is Wing and Gong's, with Lowe's order ("Testing for
 * linearizability", 2017): commands are let happen no earlier than an answer
 * requires it, and worlds that are alike are kept once.  So its memory is what
 * could be true at one moment, not how it came to be. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"

/* One way in which it may have gone so far. */
struct config {
	uint64_t happened; /* of those that are pending, by slot */
	struct world world;
};

struct search {
	const struct history *history;
	const struct op *pending[PENDING_MAX]; /* NULL: a free slot */
	struct config *config;
	size_t count;
	size_t most;
};

bool
is_of(const struct op *op, const char *task)
{
	/* A claim --next that was killed may have taken any task. */
	return op->outcome != BUSY && op->outcome != NONE &&
	       (strcmp(op->task, task) == 0 ||
		   (op->verb == NEXT && op->outcome == UNKNOWN));
}

/* Alike in all but when; and whatever b allows, a allows too. */
static bool
covers(const struct config *a, const struct config *b)
{
	struct config like = *b;

	like.world.ends_least_ms = a->world.ends_least_ms;
	like.world.ends_most_ms = a->world.ends_most_ms;
	like.world.clock_ms = a->world.clock_ms;
	return memcmp(&like, a, sizeof(like)) == 0 &&
	       a->world.ends_least_ms <= b->world.ends_least_ms &&
	       a->world.ends_most_ms >= b->world.ends_most_ms &&
	       a->world.clock_ms <= b->world.clock_ms;
}

static void
add(struct search *search, uint64_t happened, const struct world *world)
{
	struct config one;

	memset(&one, 0, sizeof(one));
	one.happened = happened;
	one.world = *world;
	for (size_t i = 0; i < search->count; i++)
		if (covers(&search->config[i], &one))
			return;
	if (search->count == CONFIG_MAX) {
		fprintf(stderr, "check: more than %d worlds\n", CONFIG_MAX);
		exit(2);
	}
	search->config[search->count++] = one;
	if (search->count > search->most)
		search->most = search->count;
}

/* From one config: every pending command may be the next to happen. */
static void
extend(struct search *search, size_t at, int64_t now_ms)
{
	for (int slot = 0; slot < PENDING_MAX; slot++) {
		uint64_t bit = (uint64_t)1 << slot;
		struct config from = search->config[at];
		struct world next[2];
		size_t n;

		if (search->pending[slot] == NULL || (from.happened & bit) != 0)
			continue;
		n = world_step(&from.world, search->pending[slot], now_ms,
		    search->history->max_attempts, next, NULL);
		for (size_t i = 0; i < n; i++)
			add(search, from.happened | bit, &next[i]);
	}
}

/* An answer has come: only worlds stay in which it has happened by now; of one
 * that was killed, also those in which it never will. */
static bool
answered(struct search *search, const struct op *op)
{
	size_t kept = 0;
	uint64_t bit = 0;

	for (int slot = 0; slot < PENDING_MAX; slot++)
		if (search->pending[slot] == op)
			bit = (uint64_t)1 << slot;
	for (size_t i = 0; i < search->count; i++)
		if ((search->config[i].happened & bit) == 0)
			extend(search, i, op->last_ms);
	for (size_t i = 0; i < search->count; i++) {
		struct config *config = &search->config[i];

		if ((config->happened & bit) == 0 && op->outcome != UNKNOWN)
			continue;
		config->happened &= ~bit;
		search->config[kept++] = *config;
	}
	search->count = kept;
	for (int slot = 0; slot < PENDING_MAX; slot++)
		if (search->pending[slot] == op)
			search->pending[slot] = NULL;
	return kept > 0;
}

static void
asked(struct search *search, const struct op *op)
{
	for (int slot = 0; slot < PENDING_MAX; slot++)
		if (search->pending[slot] == NULL) {
			search->pending[slot] = op;
			return;
		}
	fprintf(stderr, "check: more than %d at once\n", PENDING_MAX);
	exit(2);
}

struct event {
	int64_t at_ms;
	bool is_answer; /* within one millisecond questions come first */
	size_t op;
};

static int
by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	if (x->is_answer != y->is_answer)
		return x->is_answer - y->is_answer;
	return x->op < y->op ? -1 : x->op > y->op;
}

static size_t
events_of(const struct history *history, const char *task, const bool skip[],
    struct event event[])
{
	size_t n = 0;

	for (size_t i = 0; i < history->count; i++) {
		const struct op *op = &history->op[i];

		if (!is_of(op, task) || (skip != NULL && skip[i]))
			continue;
		event[n++] = (struct event){ op->from_ms, false, i };
		event[n++] = (struct event){ op->last_ms, true, i };
	}
	qsort(event, n, sizeof(*event), by_time);
	return n;
}

/* Nobody waits: what is possible now tells all of the past. */
static void
look(const struct search *search, int64_t now_ms, struct sight *sight)
{
	const size_t room = sizeof(sight->world) / sizeof(*sight->world);

	if (search->most > sight->most)
		sight->most = search->most;
	for (int slot = 0; slot < PENDING_MAX; slot++)
		if (search->pending[slot] != NULL)
			return;
	sight->quiet_ms = now_ms;
	sight->count = search->count;
	for (size_t i = 0; i < search->count && i < room; i++)
		sight->world[i] = search->config[i].world;
}

long
history_check(const struct history *history, const char *task,
    const bool skip[], struct sight *sight)
{
	struct event *event = calloc(2 * history->count + 1, sizeof(*event));
	struct search search = { .history = history };
	size_t n = events_of(history, task, skip, event);
	struct world first;
	long bad = -1;

	search.config = calloc(CONFIG_MAX, sizeof(*search.config));
	memset(&first, 0, sizeof(first));
	add(&search, 0, &first);
	for (size_t i = 0; bad < 0 && i < n; i++) {
		const struct op *op = &history->op[event[i].op];

		if (!event[i].is_answer && sight != NULL)
			look(&search, event[i].at_ms, sight);
		if (!event[i].is_answer)
			asked(&search, op);
		else if (!answered(&search, op))
			bad = (long)event[i].op;
	}
	free(search.config);
	free(event);
	return bad;
}

/* Over all tasks: no token is drawn twice, and they grow as time does. */
static bool
tokens_grow(const struct history *history)
{
	bool good = true;
	char a[256], b[256];

	for (size_t i = 0; i < history->count; i++)
		for (size_t j = 0; j < history->count; j++) {
			const struct op *x = &history->op[i];
			const struct op *y = &history->op[j];

			if (i == j || (x->token == y->token && i < j) ||
			    x->verb > NEXT || y->verb > NEXT ||
			    x->outcome != OK || y->outcome != OK || x->held ||
			    y->held ||
			    (x->token != y->token && (x->to_ms >= y->from_ms ||
							 x->token < y->token)))
				continue;
			op_show(x, a);
			op_show(y, b);
			printf(
			    "a token that does not grow:\n  %s\n  %s\n", a, b);
			good = false;
		}
	return good;
}

static bool
check_file(const char *path)
{
	struct history history;
	struct sight sight = { .most = 0 };
	size_t tasks = 0;
	bool good;

	if (!history_read(path, &history))
		exit(64);
	good = tokens_grow(&history);
	for (size_t i = 0; i < history.count; i++) {
		const char *task = history.op[i].task;
		size_t first = 0;
		long bad;

		while (strcmp(history.op[first].task, task) != 0)
			first++;
		if (first != i || strcmp(task, "-") == 0)
			continue;
		tasks++;
		bad = history_check(&history, task, NULL, &sight);
		if (bad >= 0)
			history_explain(&history, task, bad);
		good = good && bad < 0;
	}
	good = good && tasks > 0; /* nothing asked, nothing shown */
	printf("%s: %zu commands on %zu tasks: %s (at most %zu worlds)\n", path,
	    history.count, tasks, good ? "linearizable" : "NOT linearizable",
	    sight.most);
	free(history.op);
	return good;
}

int
main(int argc, char *argv[])
{
	bool good = true;

	for (int i = 1; i < argc; i++)
		good = check_file(argv[i]) && good;
	return good && argc > 1 ? 0 : 1;
}
