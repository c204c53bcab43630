/* main.c - faults MODE [--root DIR] [--jobs N] [--stride N] [--only FLAG]
 * [--except FLAG,...] [NAME…]: each scenario in a process and a folder of its
 * own; TAP out.
 *
 * MODE is kill, fail, memory, sqlite, power or disk; taskctl is the one in
 * PATH. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "faults.h"

enum { COMPLAINTS_MAX = 12 };

typedef void mode_fn(const struct faults_scenario *,
    const struct faults_options *, char *, size_t);

static const struct {
	const char *name;
	mode_fn *fn;
} modes[] = {
	{ "kill", faults_kill },
	{ "fail", faults_fail },
	{ "memory", faults_memory },
	{ "sqlite", faults_sqlite },
	{ "power", faults_power },
	{ "disk", faults_disk },
};

static const char *scenario_name = "";
static char where[128];
static size_t complaints;

void
faults_at(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(where, sizeof(where), fmt, args);
	va_end(args);
}

void
faults_say(const char *fmt, ...)
{
	char text[2048];
	va_list args;

	if (complaints++ >= COMPLAINTS_MAX)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	for (char *at = text; (at = strchr(at, '\n')) != NULL;)
		*at = ' ';
	printf("# %s, %s: %s\n", scenario_name, where, text);
}

void
faults_die(const char *file, int line)
{
	const char *why = strerror(errno);

	printf("# %s, %s: %s:%d: %s\n", scenario_name, where, file, line, why);
	fflush(stdout);
	abort();
}

/* --- a place to work in --------------------------------------------- */

/* In memory where that is possible: what is synced is traced, not felt. */
static char *
make_folder(void)
{
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	char *folder = faults_text("%s/faults.XXXXXX", base), *home, *repo;

	if (mkdtemp(folder) == NULL) {
		perror(folder);
		exit(2);
	}
	home = faults_text("%s/home", folder);
	repo = faults_text("%s/repo", folder);
	if (mkdir(home, 0700) != 0 || mkdir(repo, 0755) != 0 ||
	    chdir(repo) != 0)
		FAULTS_DIE();
	setenv("HOME", home, 1);
	free(home);
	free(repo);
	return folder;
}

static void
clean_environment(void)
{
	char *path = faults_text("%s", getenv("PATH"));

	clearenv();
	setenv("PATH", path, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	free(path);
}

/* --- one scenario --------------------------------------------------- */

static int
work(mode_fn *fn, const struct faults_scenario *scenario,
    const struct faults_options *options, size_t number)
{
	char *folder = make_folder(), said[256] = "";
	struct timespec begin, end;
	double took;

	scenario_name = scenario->name;
	/* Whom a command leaves in the background, we wait for. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	fn(scenario, options, said, sizeof(said));
	clock_gettime(CLOCK_MONOTONIC, &end);
	took = (double)(end.tv_sec - begin.tv_sec) +
	       (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
	if (complaints > COMPLAINTS_MAX)
		printf("# %s: %zu more\n", scenario->name,
		    complaints - COMPLAINTS_MAX);
	printf("%s %zu - %s: %s (%.1f s)\n", complaints == 0 ? "ok" : "not ok",
	    number, scenario->name, said, took);
	fflush(stdout);
	if (chdir("/") == 0) {
		char *remove = faults_text("rm -rf '%s'", folder);

		faults_shell(remove);
		free(remove);
	}
	return complaints == 0 ? 0 : 1;
}

/* Has it one of these flags, with commas between? */
static bool
has_any(const struct faults_scenario *scenario, const char *flags)
{
	char *list = faults_text("%s", flags == NULL ? "" : flags);
	char *rest = list, *flag;
	bool any = false;

	while ((flag = strsep(&rest, ",")) != NULL)
		any = any || faults_has(scenario, flag);
	free(list);
	return any;
}

/* What the command line asks for. */
struct asked {
	const char *mode;
	mode_fn *fn;
	const char *root; /* of the sources */
	const char *only, *except;
	char *const *names; /* NULL-terminated; empty: all */
	size_t jobs;
	struct faults_options options;
};

static bool
is_wanted(const struct faults_scenario *scenario, const struct asked *asked)
{
	bool for_power = strcmp(asked->mode, "power") == 0;
	char *without = faults_text("no-%s", asked->mode);
	bool wanted = (scenario->power != NULL) == for_power &&
		      !faults_has(scenario, without) &&
		      !has_any(scenario, asked->except) &&
		      (asked->only == NULL || has_any(scenario, asked->only));

	free(without);
	if (*asked->names == NULL)
		return wanted;
	for (char *const *name = asked->names; *name != NULL; name++)
		if (strcmp(*name, scenario->name) == 0)
			return true;
	return false;
}

static int
wait_one(void)
{
	int status;

	while (wait(&status) < 0)
		if (errno != EINTR)
			return 1;
	if (WIFSIGNALED(status))
		printf("# a scenario died of signal %d\n", WTERMSIG(status));
	return status != 0;
}

static void
usage(void)
{
	fputs("usage: faults kill|fail|memory|sqlite|power|disk [--root DIR] "
	      "[--jobs N]\n       [--stride N] [--only FLAG,...] [--except "
	      "FLAG,...] "
	      "[NAME...]\n",
	    stderr);
	exit(64);
}

static void
read_options(int argc, char *argv[], struct asked *out)
{
	static const struct option known[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "stride", required_argument, NULL, 's' },
		{ "only", required_argument, NULL, 'o' },
		{ "except", required_argument, NULL, 'x' },
		{ NULL, 0, NULL, 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", known, NULL)) != -1)
		if (opt == 'r')
			out->root = optarg;
		else if (opt == 'j')
			out->jobs = strtoul(optarg, NULL, 10);
		else if (opt == 's')
			out->options.stride = strtoul(optarg, NULL, 10);
		else if (opt == 'o')
			out->only = optarg;
		else if (opt == 'x')
			out->except = optarg;
		else
			usage();
	out->mode = argv[optind];
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (out->mode != NULL && strcmp(modes[i].name, out->mode) == 0)
			out->fn = modes[i].fn;
	if (out->fn == NULL || out->jobs == 0 || out->options.stride == 0)
		usage();
	out->names = argv + optind + 1;
}

/* In a process of its own, which does not outlive us. */
static void
start(const struct faults_scenario *scenario, const struct asked *asked,
    size_t number)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		exit(work(asked->fn, scenario, &asked->options, number));
	}
	if (pid < 0)
		FAULTS_DIE();
}

int
main(int argc, char *argv[])
{
	struct asked asked = { .root = ".",
		.jobs = 2,
		.options = { .stride = 1, .store = ".tasks/taskctl.db" } };
	size_t count, running = 0, failed = 0, number = 0;
	struct faults_scenario *list;
	char *path;

	read_options(argc, argv, &asked);
	clean_environment();
	faults_state_load(asked.root);
	path = faults_text("%s/tests/faults/scenarios.txt", asked.root);
	list = faults_scenarios(path, &count);
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	for (size_t i = 0; i < count; i++) {
		if (!is_wanted(&list[i], &asked))
			continue;
		if (running == asked.jobs) {
			failed += (size_t)wait_one();
			running--;
		}
		start(&list[i], &asked, ++number);
		running++;
	}
	for (; running > 0; running--)
		failed += (size_t)wait_one();
	printf("1..%zu\n# %s: %zu scenarios, %zu with findings\n", number,
	    asked.mode, number, failed);
	return failed == 0 && number > 0 ? 0 : 1;
}
