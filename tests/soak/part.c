/* part.c - those who take part for a short time each, again and again: one-shot
 * processes that write, that read, and that do neither. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "soak.h"

enum { ARGS = 8, PAUSE_US = 10000, REST_US = 2000, PROBE_BYTES = 4096 };

double
soak_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static size_t
bucket_of(double ms)
{
	double place = ms <= 0.001 ? 0 : 4 * log2(ms * 1000);

	return place < BUCKETS ? (size_t)place : BUCKETS - 1;
}

double
soak_quantile(const struct soak_score *score, double q)
{
	long sum = 0, seen = 0;

	for (size_t i = 0; i < BUCKETS; i++)
		sum += score->bucket[i];
	for (size_t i = 0; i < BUCKETS; i++) {
		seen += score->bucket[i];
		if (sum > 0 && (double)seen >= q * (double)sum)
			return exp2(((double)i + 0.5) / 4) / 1000;
	}
	return NAN;
}

void
soak_add(struct soak_score *sum, const struct soak_score *score)
{
	sum->done += score->done;
	sum->failed += score->failed;
	if (sum->worst_ms < score->worst_ms)
		sum->worst_ms = score->worst_ms;
	for (size_t i = 0; i < BUCKETS; i++)
		sum->bucket[i] += score->bucket[i];
}

static void
note(struct soak_score *score, double ms)
{
	score->bucket[bucket_of(ms)]++;
	if (score->worst_ms < ms)
		score->worst_ms = ms;
}

void
soak_become(const char *const argv[])
{
	/* exec(3) takes words as if it would change them. */
	char *words[ARGS + 1] = { NULL };

	for (size_t i = 0; i < ARGS && argv[i] != NULL; i++)
		words[i] = strdup(argv[i]);
	execvp(words[0], words);
	_exit(127);
}

/* Run taskctl once; its exit code.  What it complains of goes into said. */
static int
run(const char *const argv[], char *said, size_t size)
{
	int err[2], status;
	ssize_t n;
	pid_t pid;

	if (pipe2(err, O_CLOEXEC) != 0 || (pid = fork()) < 0)
		return 126;
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, 1);
		dup2(err[1], 2);
		soak_become(argv);
	}
	close(err[1]);
	n = read(err[0], said, size - 1);
	said[n > 0 ? n : 0] = '\0';
	close(err[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* Once, and how long it took, if it began and ended in slices of one mode. */
static void
once(struct soak *soak, size_t part, const char *const argv[])
{
	struct soak_part *me = &soak->part[part];
	char said[sizeof(me->complaint)];
	int mode = soak->mode;
	double begin = soak_clock();
	int code = run(argv, said, sizeof(said));

	if (code != 0 && me->in[mode].failed++ == 0)
		snprintf(me->complaint, sizeof(me->complaint),
		    "%s %s: %d, %.120s", argv[1],
		    argv[2] == NULL ? "" : argv[2], code, said);
	if (!soak->is_over)
		me->in[soak->mode].done++;
	if (mode == soak->mode)
		note(&me->in[mode], (soak_clock() - begin) * 1000);
}

static bool
goes_on(struct soak *soak, int mode)
{
	while (!soak->is_over && (soak->mode & mode) == 0)
		usleep(REST_US);
	return !soak->is_over;
}

void
soak_write(struct soak *soak, size_t part, int task)
{
	/* One round in which the task is finished, in three. */
	static const char *const verb[] = { "claim", "heartbeat", "release",
		"claim", "heartbeat", "release", "claim", "done", "reopen" };
	char id[16], agent[16];
	const char *argv[ARGS] = { "taskctl", NULL, id, "--wait", "10m",
		"--agent", agent };

	snprintf(id, sizeof(id), "1.%d", task);
	snprintf(agent, sizeof(agent), "a%d", task);
	/* It ends with a round, so that all tasks are free again. */
	for (size_t i = 0; goes_on(soak, WRITING) || i % 9 != 0; i++) {
		argv[1] = verb[i % 9];
		once(soak, part, argv);
	}
}

void
soak_read(struct soak *soak, size_t part)
{
	static const char *const ask[][ARGS] = {
		{ "taskctl", "status" },
		{ "taskctl", "list", "--json" },
		{ "taskctl", "why", "1.1" },
		{ "taskctl", "log", "--limit", "20" },
	};

	for (size_t i = 0; goes_on(soak, READING); i++) {
		once(soak, part, ask[i % 4]);
		usleep(PAUSE_US);
	}
}

void
soak_start_only(struct soak *soak, size_t part)
{
	const char *const argv[] = { "taskctl", "version", NULL };

	while (!soak->is_over) {
		once(soak, part, argv);
		usleep(PAUSE_US);
	}
}

void
soak_probe(struct soak *soak, size_t part)
{
	static const char bytes[PROBE_BYTES];
	struct soak_part *me = &soak->part[part];
	int fd = open("probe", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	for (off_t i = 0; !soak->is_over; i = (i + 1) % 1024) {
		int mode = soak->mode;
		double begin = soak_clock();

		if (pwrite(fd, bytes, PROBE_BYTES, i * PROBE_BYTES) < 0 ||
		    fdatasync(fd) != 0)
			me->in[mode].failed++;
		me->in[soak->mode].done++;
		if (mode == soak->mode)
			note(&me->in[mode], (soak_clock() - begin) * 1000);
		usleep(PAUSE_US);
	}
}
