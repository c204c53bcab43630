/* latency.c - list, ready, claim and finish at three sizes, in turns.
 *
 * Each round all peers do the same, each time another one first.  Who has used
 * up its time at a size sits out the rounds that are left. */
#include <stdlib.h>
#include <unistd.h>

#include "peers.h"

enum { LEAST_BYTES = 10 }; /* of a list, for each task */

static void
check(const struct peer *peer, enum op op, bool succeeded, size_t tasks,
    const struct bench_run *run)
{
	if (!succeeded)
		bench_die("%s: %s failed, exit %d: %.300s", peer->name,
		    peer->word[op], run->exit, run->output);
	if (op == LIST && run->bytes < LEAST_BYTES * tasks)
		bench_die("%s lists %zu tasks in %zu bytes: %.300s", peer->name,
		    tasks, run->bytes, run->output);
}

static bool
sits_out(const struct peers *peers, const struct peer *peer, size_t size)
{
	return peer->version == NULL ||
	       (peer->ms[size][CLAIM].count >= peers->least &&
		   peer->spent_ms[size] > peers->budget_ms);
}

static void
take_turn(struct peer *peer, size_t size, size_t task)
{
	struct bench_run run;

	for (enum op op = LIST; op < LATENCIES; op++) {
		bool succeeded;

		if (peer->word[op] == NULL)
			continue;
		succeeded = peer_do(peer, op, task, "ada", &run);
		check(peer, op, succeeded, peers_size[size], &run);
		bench_series_add(&peer->ms[size][op], run.ms);
		peer->spent_ms[size] += run.ms;
		peer->finished += op == FINISH;
	}
}

static bool
one_round(struct peers *peers, size_t size, size_t round, size_t task)
{
	bool any = false;

	bench_probe_take(&peers->probe);
	for (size_t i = 0; i < peers->count; i++) {
		struct peer *peer = &peers->at[(round + i) % peers->count];

		if (sits_out(peers, peer, size))
			continue;
		take_turn(peer, size, task);
		any = true;
	}
	return any;
}

static void
open_all(struct peers *peers, size_t size)
{
	plan_write(peers->plan, peers_size[size]);
	for (size_t i = 0; i < peers->count; i++)
		if (!sits_out(peers, &peers->at[i], size))
			peer_open(peers, &peers->at[i]);
	sync(); /* or the kernel does it while we measure */
}

/* One after another nothing gets lost: if it seems so, the way to count is
 * wrong, and what the crowd loses proves nothing. */
static void
check_finished(const struct peers *peers, const struct peer *peer, size_t tasks)
{
	bool *is_done = calloc(tasks + 1, sizeof(*is_done));
	size_t task = 0;

	if (is_done == NULL)
		bench_die("out of memory");
	peer_finished(peers, peer, is_done, tasks);
	for (size_t i = 0; i < peer->finished; i++) {
		task = plan_next_free(task, tasks);
		if (!is_done[task])
			bench_die("%s: %zu was finished alone, and is not done",
			    peer->name, task);
	}
	free(is_done);
}

static void
close_all(struct peers *peers, size_t tasks)
{
	for (size_t i = 0; i < peers->count; i++) {
		struct peer *peer = &peers->at[i];

		if (peer->folder == NULL)
			continue;
		if (peer->finished > 0)
			check_finished(peers, peer, tasks);
		peer_close(peer);
	}
}

/* A small plan has few tasks that can begin: then it goes on in a new one. */
static void
measure_size(struct peers *peers, size_t size)
{
	size_t round = 0;
	bool any = true;

	while (any && round < peers->rounds) {
		size_t task = 0;

		open_all(peers, size);
		while (any && round < peers->rounds &&
		       (task = plan_next_free(task, peers_size[size])) != 0)
			any = one_round(peers, size, round++, task);
		close_all(peers, peers_size[size]);
	}
}

void
measure_latency(struct peers *peers)
{
	for (size_t size = 0; size < peers->sizes; size++) {
		fprintf(stderr, "peers: %zu tasks ...\n", peers_size[size]);
		measure_size(peers, size);
	}
}
