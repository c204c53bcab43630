/* board.c - how long after a change does taskctl top show it?
 *
 * top runs in a terminal of its own (a pty), with its list of events open.  A
 * note is made elsewhere by an agent whose name was never seen: the time is
 * from just before that command starts until the name comes out of the
 * terminal. */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bench.h"

enum {
	TASKS = 10000,
	PATIENCE_MS = 10000,
	CALM_US = 900000, /* a board that was just drawn rests a little */
	NAME = 8
};

struct screen {
	pid_t pid;
	int fd;
	size_t used;
	char text[65536]; /* what came since it was looked at */
};

static void
start_top(const struct bench *bench, const struct bench_field *field,
    struct screen *out)
{
	const struct winsize size = { .ws_row = 24, .ws_col = 100 };
	char *taskctl = bench_text("%s/taskctl", bench->options.programs);

	out->used = 0;
	out->pid = forkpty(&out->fd, NULL, NULL, &size);
	if (out->pid < 0)
		bench_die("forkpty: %s", strerror(errno));
	if (out->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setenv("TERM", "vt100", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		if (chdir(field->folder) == 0)
			execl(taskctl, "taskctl", "top", (char *)NULL);
		_exit(127);
	}
	bench_child_note(out->pid);
	free(taskctl);
}

/* When text came out of the terminal, by bench_clock_ms. */
static double
await_text(struct screen *screen, const char *text)
{
	double end = bench_clock_ms() + PATIENCE_MS;

	for (;;) {
		struct pollfd fd = { .fd = screen->fd, .events = POLLIN };
		ssize_t n;

		screen->text[screen->used] = '\0';
		if (strstr(screen->text, text) != NULL)
			return bench_clock_ms();
		if (bench_clock_ms() > end ||
		    screen->used + 4096 >= sizeof(screen->text))
			bench_die("top does not show \"%s\"", text);
		if (poll(&fd, 1, 100) <= 0)
			continue;
		n = read(screen->fd, screen->text + screen->used, 4096);
		if (n <= 0)
			bench_die("top has ended: %s", screen->text);
		/* Nobody looks for what comes after an end of text. */
		for (ssize_t i = 0; i < n; i++)
			if (screen->text[screen->used + (size_t)i] == '\0')
				screen->text[screen->used + (size_t)i] = ' ';
		screen->used += (size_t)n;
	}
}

/* What comes meanwhile was not asked for. */
static void
rest(struct screen *screen)
{
	double end = bench_clock_ms() + CALM_US / 1e3;
	struct pollfd fd = { .fd = screen->fd, .events = POLLIN };

	while (bench_clock_ms() < end)
		if (poll(&fd, 1, 20) > 0 &&
		    read(screen->fd, screen->text, 4096) <= 0)
			bench_die("top has ended");
	screen->used = 0;
}

/* Names one after another have no letter in the same place, so each is written
 * out in full, whatever stood there before. */
static void
name_agent(size_t round, char name[NAME + 1])
{
	for (size_t i = 0; i < NAME; i++)
		name[i] = (char)('a' + (round * 7 + i * 3) % 26);
	name[NAME] = '\0';
}

static double
react(const struct bench *bench, const struct bench_field *field,
    struct screen *screen, size_t round)
{
	char *taskctl = bench_text("%s/taskctl", bench->options.programs);
	char id[24], agent[NAME + 1];
	const char *const argv[] = { taskctl, "note", id, "seen?", "--agent",
		agent, NULL };
	struct bench_run run;
	double begin;

	bench_plan_id(field->tasks - 1 - round, id);
	name_agent(round, agent);
	begin = bench_clock_ms();
	bench_must(field->folder, argv, &run);
	free(taskctl);
	return await_text(screen, agent) - begin;
}

void
bench_case_board(struct bench *bench)
{
	const struct bench_field *field = bench_field_with_past(bench);
	struct bench_series ms = { 0 };
	struct screen screen;
	struct bench_row row = { .what = "a change, seen",
		.program = "taskctl top",
		.tasks = TASKS,
		.ms = &ms };
	struct bench_target target = { .what = "top shows a change",
		.tasks = TASKS,
		.limit = 200,
		.unit = "ms" };

	start_top(bench, field, &screen);
	await_text(&screen, "live");
	if (write(screen.fd, "4", 1) != 1)
		bench_die("top takes no key");
	await_text(&screen, "DETAIL");
	for (size_t i = 0; i < bench->options.rounds / 6; i++) {
		rest(&screen);
		/* At any moment between two of its looks at the store. */
		usleep((useconds_t)(i * 37 % 80 * 1000));
		bench_series_add(&ms, react(bench, field, &screen, i));
	}
	close(screen.fd); /* it would wait until somebody reads */
	bench_child_stop(screen.pid);
	bench_await_orphans();
	target.is = bench_median(&ms);
	bench_report_row(bench->report, &row);
	bench_report_target(bench->report, &target);
	bench_series_release(&ms);
}
