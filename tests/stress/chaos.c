/* chaos.c - N agents do anything at random for a while, some die of SIGKILL in
 * the middle of it.
 *
 * chaos N SECONDS SEED PLANS TASK...: agent n is called a<n>.  With PLANS not
 * "-", the plan is imported too, at random PLANS/1/plan.md or PLANS/2/plan.md,
 * and edges are added and removed.  What was acknowledged with exit 0 goes to
 * acks.<n>: verb, agent, and what "-q" printed. */
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../agents.h"

enum { ARGS = 16, OUT = 4096 };

static char **task;
static int tasks;
static const char *plans;
static char mine[64]; /* the task claimed last; "" none */
static double until;

static const char *
any_task(void)
{
	return task[any((unsigned)tasks)];
}

/* Mostly the one that is held. */
static const char *
some_task(void)
{
	return mine[0] != '\0' && any(4) != 0 ? mine : any_task();
}

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Some are killed on the way. */
static void
disturb(pid_t pid)
{
	if (any(6) == 0) {
		usleep(any(6000));
		kill(pid, SIGKILL);
	}
}

/* Fill in one of the things that can be done; its verb. */
static const char *
choose(char *argv[ARGS], char plan[256])
{
	/* Mostly what agents do; one in so many what people do. */
	static const char *const often[] = { "next", "next", "next", "claim",
		"done", "done", "done", "heartbeat", "release" };
	static const char *const seldom[] = { "fail", "reopen", "reopen", "all",
		"sweep", "short", "short", "cron", "cancel" };
	static const char *const rarely[] = { "add", "rm", "import" };
	const char *verb = any(3) != 0			  ? often[any(9)]
			   : plans != NULL && any(3) == 0 ? rarely[any(3)]
							  : seldom[any(9)];
	int n = 0;

#define PUT(text) argv[n++] = (char *)(size_t)(text)
	PUT("taskctl"), PUT("-q");
	if (!strcmp(verb, "next")) {
		PUT("claim"), PUT("--next"), PUT("--another");
	} else if (!strcmp(verb, "short")) {
		PUT("claim"), PUT("--next"), PUT("--ttl"), PUT("1s");
	} else if (!strcmp(verb, "all")) {
		PUT("heartbeat"), PUT("--all");
	} else if (!strcmp(verb, "cron")) {
		PUT("heartbeat"), PUT("--all"), PUT("--host");
	} else if (!strcmp(verb, "fail")) {
		PUT("fail"), PUT(some_task()), PUT("-m"), PUT("chaos");
	} else if (!strcmp(verb, "add") || !strcmp(verb, "rm")) {
		PUT("dep"), PUT(verb), PUT(any_task()), PUT(any_task());
	} else if (!strcmp(verb, "sweep")) {
		PUT("sweep");
	} else if (!strcmp(verb, "import")) {
		snprintf(plan, 256, "%s/%u/plan.md", plans, 1 + any(2));
		PUT("import"), PUT(plan);
		if (any(4) == 0)
			PUT("--prune");
	} else if (!strcmp(verb, "reopen") || !strcmp(verb, "claim")) {
		PUT(verb), PUT(any_task());
	} else {
		PUT(verb), PUT(some_task());
	}
#undef PUT
	argv[n] = NULL;
	return verb;
}

static int
work(int n)
{
	char path[32], out[OUT], plan[256], *argv[ARGS];
	FILE *acks;
	long done = 0;

	snprintf(path, sizeof(path), "acks.%d", n);
	acks = fopen(path, "w");
	while (now() < until) {
		const char *verb = choose(argv, plan);
		int code = ask(argv, disturb, out, OUT);

		/* Now and then one oversleeps, with what it holds. */
		if (any(25) == 0)
			usleep(1200000);
		done++;
		out[strcspn(out, "\n")] = '\0';
		if (code == 0 && !strcmp(argv[2], "claim"))
			sscanf(out, "%63s", mine);
		if (code == 0)
			fprintf(acks, "%s %s %s\n", argv[2], agent, out);
		/* Anything else than an answer of the contract is a bug. */
		if (code != -1 && code != 0 && (code < 3 || code > 8))
			fprintf(acks, "odd %s %s %d\n", verb, argv[3], code);
	}
	fclose(acks);
	return done > 0 ? 0 : 1;
}

int
main(int argc, char *argv[])
{
	int n = argc > 5 ? atoi(argv[1]) : 0;

	if (n < 1)
		return 64;
	plans = strcmp(argv[4], "-") == 0 ? NULL : argv[4];
	task = argv + 5;
	tasks = argc - 5;
	until = now() + atof(argv[2]);
	return agents(n, atoi(argv[3]), work);
}
