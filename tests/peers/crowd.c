/* crowd.c - eight at the same moment: who wins one task, and whether all of
 * eight changes to eight tasks are there afterwards. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peers.h"

enum { TASKS = 1000, ANSWER = 8192 };

struct member {
	pid_t pid;
	int answer; /* a file in memory: nobody has to read meanwhile */
	wordexp_t words;
};

_Noreturn static void
join(const struct peer *peer, const struct member *member, int gate)
{
	char byte;

	if (chdir(peer->folder) != 0 ||
	    dup2(member->answer, STDOUT_FILENO) < 0 ||
	    dup2(member->answer, STDERR_FILENO) < 0)
		_exit(126);
	while (read(gate, &byte, 1) < 0 && errno == EINTR)
		;
	execve(member->words.we_wordv[0], member->words.we_wordv,
	    peer->environment);
	_exit(127);
}

static void
start(const struct peer *peer, enum op op, size_t task, size_t number,
    const int gate[2], struct member *out)
{
	char *agent = bench_text("w%zu", number);

	peer_words(peer, op, task, agent, &out->words);
	out->answer = memfd_create("answer", MFD_CLOEXEC);
	out->pid = fork();
	if (out->answer < 0 || out->pid < 0)
		bench_die("cannot start a crowd: %s", strerror(errno));
	if (out->pid == 0) {
		close(gate[1]);
		join(peer, out, gate[0]);
	}
	free(agent);
}

static bool
finish(const struct peer *peer, enum op op, struct member *member)
{
	char text[ANSWER];
	int status;
	ssize_t n;

	while (waitpid(member->pid, &status, 0) < 0 && errno == EINTR)
		;
	n = pread(member->answer, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	close(member->answer);
	wordfree(&member->words);
	return peer_succeeded(
	    peer, op, WIFEXITED(status) ? WEXITSTATUS(status) : 128, text);
}

/* All wait at a gate, and go when it opens.  Which of them succeeded? */
static double
go_at_once(const struct peer *peer, enum op op, const size_t task[CROWD],
    bool succeeded[CROWD])
{
	struct member member[CROWD];
	double begin;
	int gate[2];

	if (pipe2(gate, O_CLOEXEC) != 0)
		bench_die("pipe: %s", strerror(errno));
	for (size_t i = 0; i < CROWD; i++)
		start(peer, op, task[i], i, gate, &member[i]);
	close(gate[0]);
	begin = bench_clock_ms();
	close(gate[1]);
	for (size_t i = 0; i < CROWD; i++)
		succeeded[i] = finish(peer, op, &member[i]);
	return bench_clock_ms() - begin;
}

static bool
goes_on(const struct peers *peers, const struct rounds *rounds, size_t most)
{
	return rounds->count < most && (rounds->count < peers->least ||
					   rounds->spent_ms < peers->budget_ms);
}

/* --- the race for one task -------------------------------------------------
 */

static void
race_once(struct peer *peer, size_t task)
{
	struct rounds *race = &peer->race;
	bool succeeded[CROWD];
	size_t all[CROWD], winners = 0;

	for (size_t i = 0; i < CROWD; i++)
		all[i] = task;
	race->spent_ms += go_at_once(peer, RACE, all, succeeded);
	for (size_t i = 0; i < CROWD; i++)
		winners += succeeded[i];
	race->count++;
	race->several += winners > 1;
	race->none += winners == 0;
	if (winners > race->most)
		race->most = winners;
}

static void
race_all(struct peers *peers, size_t *task)
{
	for (size_t round = 0; round < peers->race_rounds; round++) {
		*task = plan_next_free(*task, TASKS);
		bench_probe_take(&peers->probe);
		for (size_t i = 0; i < peers->count; i++) {
			struct peer *peer =
			    &peers->at[(round + i) % peers->count];

			if (peer->folder != NULL &&
			    goes_on(peers, &peer->race, peers->race_rounds))
				race_once(peer, *task);
		}
	}
}

/* --- eight changes of eight tasks ------------------------------------------
 */

static void
change_once(struct peer *peer, const size_t task[CROWD], bool *acknowledged)
{
	struct rounds *lost = &peer->lost;
	double begin = bench_clock_ms();
	bool succeeded[CROWD];
	struct bench_run run;

	for (size_t i = 0; i < CROWD; i++) {
		char *agent = bench_text("w%zu", i);

		if (!peer_do(peer, CLAIM, task[i], agent, &run))
			bench_die("%s: nobody else wanted %zu: %.300s",
			    peer->name, task[i], run.output);
		free(agent);
	}
	go_at_once(peer, FINISH, task, succeeded);
	lost->spent_ms += bench_clock_ms() - begin;
	lost->count++;
	for (size_t i = 0; i < CROWD; i++) {
		lost->changes += succeeded[i];
		acknowledged[task[i]] = succeeded[i];
	}
}

static void
count_missing(const struct peers *peers, struct peer *peer,
    const bool acknowledged[TASKS + 1])
{
	bool is_done[TASKS + 1] = { false };

	peer_finished(peers, peer, is_done, TASKS);
	for (size_t i = 1; i <= TASKS; i++)
		peer->lost.missing += acknowledged[i] && !is_done[i];
}

static void
change_all(struct peers *peers, size_t *from)
{
	bool(*acknowledged)[TASKS + 1] =
	    calloc(peers->count, sizeof(*acknowledged));
	size_t task[CROWD];

	if (acknowledged == NULL)
		bench_die("out of memory");
	for (size_t round = 0; round < peers->lost_rounds; round++) {
		for (size_t i = 0; i < CROWD; i++)
			task[i] = *from = plan_next_free(*from, TASKS);
		for (size_t i = 0; i < peers->count; i++) {
			size_t who = (round + i) % peers->count;
			struct peer *peer = &peers->at[who];

			if (peer->folder != NULL &&
			    peer->word[FINISH] != NULL &&
			    goes_on(peers, &peer->lost, peers->lost_rounds))
				change_once(peer, task, acknowledged[who]);
		}
	}
	for (size_t i = 0; i < peers->count; i++)
		if (peers->at[i].lost.count > 0)
			count_missing(peers, &peers->at[i], acknowledged[i]);
	free(acknowledged);
}

void
measure_crowd(struct peers *peers)
{
	size_t task = 0;

	plan_write(peers->plan, TASKS);
	for (size_t i = 0; i < peers->count; i++)
		if (peers->at[i].version != NULL)
			peer_open(peers, &peers->at[i]);
	sync();
	fprintf(stderr, "peers: %d race for a task ...\n", CROWD);
	race_all(peers, &task);
	fprintf(stderr, "peers: %d change %d tasks ...\n", CROWD, CROWD);
	change_all(peers, &task);
	for (size_t i = 0; i < peers->count; i++)
		if (peers->at[i].folder != NULL)
			peer_close(&peers->at[i]);
}
