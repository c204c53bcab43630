/* main.c - faults MODE [--root DIR] [--jobs N] [--stride N] [--only FLAG]
 * [--except FLAG,...] [NAME…]: each scenario in a process and a folder of its
 * own; TAP out.
 *
 * MODE is kill, fail, memory or power; taskctl is the one in PATH. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
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
	{ "power", faults_power },
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

/* --- a place to work in
 * ------------------------------------------------------- */

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
		abort();
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

/* --- one scenario
 * ---------------------------------------------------------------
 */

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

static bool
is_wanted(const struct faults_scenario *scenario, const char *mode,
    const char *only, const char *except, char *const *names)
{
	char *without = faults_text("no-%s", mode);
	bool wanted =
	    !faults_has(scenario, without) &&
	    (scenario->power != NULL) == (strcmp(mode, "power") == 0) &&
	    (only == NULL || faults_has(scenario, only)) &&
	    !has_any(scenario, except);

	free(without);
	if (*names == NULL)
		return wanted;
	for (; *names != NULL; names++)
		if (strcmp(*names, scenario->name) == 0)
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
	return status != 0;
}

static void
usage(void)
{
	fputs(
	    "usage: faults kill|fail|memory|power [--root DIR] [--jobs N]\n"
	    "       [--stride N] [--only FLAG] [--except FLAG,...] [NAME...]\n",
	    stderr);
	exit(64);
}

static mode_fn *
find_mode(const char *name)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (name != NULL && strcmp(modes[i].name, name) == 0)
			return modes[i].fn;
	usage();
	return NULL;
}

int
main(int argc, char *argv[])
{
	static const struct option known[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "stride", required_argument, NULL, 's' },
		{ "only", required_argument, NULL, 'o' },
		{ "except", required_argument, NULL, 'x' },
		{ NULL, 0, NULL, 0 },
	};
	struct faults_options options = { .stride = 1,
		.store = ".tasks/taskctl.db" };
	const char *root = ".", *only = NULL, *except = NULL;
	struct faults_scenario *list;
	size_t count, running = 0, failed = 0, asked = 0, jobs = 2;
	char *path;
	mode_fn *fn;
	int opt;

	while ((opt = getopt_long(argc, argv, "", known, NULL)) != -1)
		switch (opt) {
		case 'r':
			root = optarg;
			break;
		case 'j':
			jobs = strtoul(optarg, NULL, 10);
			break;
		case 's':
			options.stride = strtoul(optarg, NULL, 10);
			break;
		case 'o':
			only = optarg;
			break;
		case 'x':
			except = optarg;
			break;
		default:
			usage();
		}
	fn = find_mode(argv[optind]);
	if (jobs == 0 || options.stride == 0)
		usage();
	clean_environment();
	faults_state_load(root);
	path = faults_text("%s/tests/faults/scenarios.txt", root);
	list = faults_scenarios(path, &count);
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	for (size_t i = 0; i < count; i++) {
		if (!is_wanted(&list[i], argv[optind], only, except,
			argv + optind + 1))
			continue;
		asked++;
		if (running == jobs) {
			failed += (size_t)wait_one();
			running--;
		}
		fflush(stdout);
		if (fork() == 0)
			exit(work(fn, &list[i], &options, asked));
		running++;
	}
	for (; running > 0; running--)
		failed += (size_t)wait_one();
	printf("1..%zu\n# %s: %zu scenarios, %zu with findings\n", asked,
	    argv[optind], asked, failed);
	return failed == 0 && asked > 0 ? 0 : 1;
}
