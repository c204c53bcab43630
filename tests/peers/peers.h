/* peers.h - the same work, done by taskctl and by others.
 *
 * What a peer is, and what is asked of it, is in its own file (peer.sh tells
 * how).  Processes are started, timed and counted by what bench has for that.
 */
#ifndef TASKCTL_PEERS_H
#define TASKCTL_PEERS_H

#include <wordexp.h>

#include "../bench/bench.h"

/* Of those before LATENCIES the time is measured. */
enum op { LIST, READY, CLAIM, FINISH, LATENCIES, RACE = LATENCIES, OPS };

enum { SIZES = 3, CROWD = 8 };

/* What came of the crowd's rounds. */
struct rounds {
	size_t count;
	size_t several; /* race: rounds in which more than one claim won */
	size_t none;	/* race: none did */
	size_t most;	/* race: winners in one round */
	size_t changes; /* lost: acknowledged */
	size_t missing; /* lost: of these, not there afterwards */
	double spent_ms;
};

struct peer {
	const char *name;
	char *version; /* NULL: it is not installed */
	bool durable, serves;
	char *word[OPS]; /* NULL: it has none */
	char *won, *accepted;
	char *folder; /* NULL: nothing is open */
	char *environment[16];
	unsigned port[2];
	pid_t server;
	size_t finished; /* since it was opened, one after another */
	struct bench_series ms[SIZES][LATENCIES];
	double spent_ms[SIZES];
	struct rounds race, lost;
};

struct peers {
	struct peer *at;
	size_t count;
	/* Folders, absolute: */
	const char *sources, *programs, *modules, *bench;
	const char *folder;
	char *plan;
	bool is_quick;
	double load;  /* when it began */
	size_t sizes; /* how many of them are measured */
	size_t rounds, race_rounds, lost_rounds;
	size_t least;	  /* rounds, however long they take */
	double budget_ms; /* of a peer, at a size, in a race */
	struct bench_probe probe;
};

extern const size_t peers_size[SIZES];

/* --- peer.c ----------------------------------------------------------------
 */

/* Read its file, and ask for its version. */
void peer_find(const struct peers *peers, struct peer *peer);

/* In an empty folder, with its server if it has one: the tasks of the plan. */
void peer_open(const struct peers *peers, struct peer *peer);
void peer_close(struct peer *peer);

/* The command line; released with wordfree. */
void peer_words(const struct peer *peer, enum op op, size_t task,
    const char *agent, wordexp_t *out);

/* Returns whether the answer says that it succeeded. */
bool peer_do(const struct peer *peer, enum op op, size_t task,
    const char *agent, struct bench_run *run);
bool peer_succeeded(
    const struct peer *peer, enum op op, int exit, const char *answer);

/* is_done[task], of as many tasks. */
void peer_finished(const struct peers *peers, const struct peer *peer,
    bool *is_done, size_t tasks);

/* --- plan.c ----------------------------------------------------------------
 */

/* Write the plan of so many tasks; the same every time. */
void plan_write(const char *path, size_t tasks);
/* The next task after this one (0: the first) that can begin at once; 0: none.
 */
size_t plan_next_free(size_t task, size_t tasks);

/* --- what is measured ------------------------------------------------------
 */

void measure_latency(struct peers *peers);	/* latency.c */
void measure_crowd(struct peers *peers);	/* crowd.c */
void peers_print(const struct peers *, FILE *); /* table.c */

#endif
