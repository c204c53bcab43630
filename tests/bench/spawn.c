/* spawn.c - one whole process, timed from outside. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

void
bench_die(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fputs("bench: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(70); /* not 1: that says that a target was missed */
}

char *
bench_text(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		bench_die("out of memory");
	va_end(args);
	return text;
}

/* BOOTTIME and MONOTONIC differ only over a suspend, which no figure here
 * would survive; MONOTONIC is what the kernel slews least. */
double
bench_clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

/* Read until the end: a program that meets a full pipe would be timed by us. */
static void
read_answer(int fd, struct bench_run *run)
{
	char rest[65536];
	size_t kept = 0;
	ssize_t n;

	run->bytes = 0;
	for (;;) {
		bool is_full = kept == sizeof(run->output) - 1;

		n = is_full ? read(fd, rest, sizeof(rest))
			    : read(fd, run->output + kept,
				  sizeof(run->output) - 1 - kept);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		run->bytes += (size_t)n;
		kept += is_full ? 0 : (size_t)n;
	}
	run->output[kept] = '\0';
}

static const char *const plain[] = { "PATH=/usr/local/bin:/usr/bin:/bin",
	"HOME=/nonexistent", "LANG=C.UTF-8", NULL };
const char *const *bench_environment = plain;

static pid_t
start(const char *folder, const char *const argv[], int answer)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int rc;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(
	    &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, answer, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, answer, STDERR_FILENO);
	posix_spawn_file_actions_addchdir_np(&actions, folder);
	/* Neither is changed; the interface is older than const. */
	rc = posix_spawn(&pid, argv[0], &actions, NULL,
	    (char *const *)(uintptr_t)argv,
	    (char *const *)(uintptr_t)bench_environment);
	posix_spawn_file_actions_destroy(&actions);
	if (rc != 0)
		bench_die("cannot start %s: %s", argv[0], strerror(rc));
	return pid;
}

static double
milliseconds(const struct timeval *time)
{
	return (double)time->tv_sec * 1e3 + (double)time->tv_usec / 1e3;
}

void
bench_spawn(const char *folder, const char *const argv[], struct bench_run *run)
{
	double begin = bench_clock_ms();
	struct rusage usage;
	int status, pipes[2];
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) != 0)
		bench_die("pipe: %s", strerror(errno));
	pid = start(folder, argv, pipes[1]);
	close(pipes[1]);
	read_answer(pipes[0], run);
	while (wait4(pid, &status, 0, &usage) < 0)
		if (errno != EINTR)
			bench_die("wait4: %s", strerror(errno));
	run->ms = bench_clock_ms() - begin;
	close(pipes[0]);
	run->exit =
	    WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	/* The kernel counts from before exec, so this is never less than the
	 * benchmark's own peak: hence it keeps no big thing in memory. */
	run->peak_kib = usage.ru_maxrss;
	run->cpu_ms =
	    milliseconds(&usage.ru_utime) + milliseconds(&usage.ru_stime);
}

void
bench_must(const char *folder, const char *const argv[], struct bench_run *run)
{
	bench_spawn(folder, argv, run);
	if (run->exit == 0)
		return;
	fputs("bench: this was to succeed:", stderr);
	for (size_t i = 0; argv[i] != NULL; i++)
		fprintf(stderr, " %s", argv[i]);
	fputc('\n', stderr);
	bench_die("exit %d in %s: %s", run->exit, folder, run->output);
}

void
bench_await_orphans(void)
{
	while (wait(NULL) > 0 || errno == EINTR)
		;
}
