/* bench.c - taskctl beside the floor, the sqlite3 shell and the old script.
 *
 *     bench [--quick] [--check] [--only CASE] [--dir DIR] [--json FILE]
 *           --programs DIR --sources DIR
 *
 *     bench --plan N        print the plan of N tasks that it imports
 *
 * Cases: claim (with ready), next, crowd, import, progress, look, board, page,
 * streams, burden.  It works in a folder of its own in DIR (TMPDIR, or
 * /var/tmp: a disk, and outside of any repository, so that it finds no
 * coordinator but its own), which it removes.
 *
 * Exit 0: measured, whatever came out; 1: --check, and a ratio target was
 * missed; 70: something that was measured did not happen.  See bench.h for
 * how it is measured. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bench.h"

struct wish {
	const char *only; /* NULL: every case */
	const char *dir;
	bool check;
	bool any; /* case was wanted */
	bool quick;
};

static const struct option long_options[] = { { "quick", no_argument, NULL,
						  'q' },
	{ "check", no_argument, NULL, 'c' },
	{ "only", required_argument, NULL, 'o' },
	{ "plan", required_argument, NULL, 'P' },
	{ "dir", required_argument, NULL, 'd' },
	{ "json", required_argument, NULL, 'j' },
	{ "programs", required_argument, NULL, 'p' },
	{ "sources", required_argument, NULL, 's' }, { NULL, 0, NULL, 0 } };

/* An absolute path, since programs are started elsewhere; kept to the end. */
static const char *
absolute(const char *path)
{
	char *real = realpath(path, NULL);

	if (real == NULL)
		bench_die("%s: %s", path, strerror(errno));
	return real;
}

_Noreturn static void
print_plan(const char *tasks)
{
	struct bench_plan plan = bench_plan_of(strtoul(tasks, NULL, 10));

	bench_plan_write(&plan, "/dev/stdout");
	exit(0);
}

static void
read_options(
    int argc, char *argv[], struct bench_options *out, struct wish *wish)
{
	int c;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (c == 'q')
			wish->quick = true;
		else if (c == 'c')
			wish->check = true;
		else if (c == 'o')
			wish->only = optarg;
		else if (c == 'P')
			print_plan(optarg);
		else if (c == 'd')
			wish->dir = optarg;
		else if (c == 'j')
			out->json = optarg;
		else if (c == 'p')
			out->programs = absolute(optarg);
		else if (c == 's')
			out->sources = absolute(optarg);
		else
			exit(64);
	}
	if (out->programs == NULL || out->sources == NULL || optind < argc)
		bench_die("--programs DIR and --sources DIR are needed, and "
			  "nothing else but options");
}

static void
choose_size(struct bench_options *out, bool is_quick)
{
	out->is_quick = is_quick;
	out->rounds = is_quick ? 60 : 300;
	out->crowd_s = is_quick ? 3 : 8;
	out->imports = is_quick ? 1 : 3;
}

/* Measure copies: what is built meanwhile must not get mixed in. */
static void
copy_programs(struct bench_options *options)
{
	char *command = bench_text(
	    "mkdir %s/bin && cd %s && "
	    "cp -p taskctl floor past %s/bin && "
	    "for one in git dynamic serve top; do "
	    "[ ! -e taskctl-$one ] || cp -p taskctl-$one %s/bin; done",
	    options->folder, options->programs, options->folder,
	    options->folder);
	const char *const argv[] = { "/bin/sh", "-c", command, NULL };
	struct bench_run run;

	bench_must("/", argv, &run);
	free(command);
	options->programs = bench_text("%s/bin", options->folder);
}

static bool
wanted(struct wish *wish, const char *name)
{
	bool yes = wish->only == NULL || strcmp(wish->only, name) == 0;

	wish->any |= yes;
	if (yes)
		fprintf(stderr, "bench: %s ...\n", name);
	return yes;
}

static void
run_cases(struct bench *bench, struct wish *wish)
{
	/* Memory is looked at first: a child's peak counts ours too. */
	if (wanted(wish, "claim")) {
		bench_case_claim(bench, 100);
		bench_case_claim(bench, 10000);
		bench_case_claim(bench, 100000);
	}
	if (wanted(wish, "next"))
		bench_case_next(bench);
	if (wanted(wish, "crowd")) {
		bench_case_crowd(bench, 8);
		bench_case_crowd(bench, 32);
	}
	if (wanted(wish, "import"))
		bench_case_import(bench);
	if (wanted(wish, "progress"))
		bench_case_progress(bench);
	if (wanted(wish, "look"))
		bench_case_look(bench);
	if (wanted(wish, "board"))
		bench_case_board(bench);
	if (wanted(wish, "page"))
		bench_case_page(bench);
	if (wanted(wish, "streams"))
		bench_case_streams(bench);
	if (wanted(wish, "burden"))
		bench_case_burden(bench);
}

static void
publish(const struct bench *bench)
{
	const struct bench_row probe = { .what = "disk probe",
		.program = "4 KiB, synced",
		.ms = &bench->probe.ms };
	FILE *json;

	if (bench->probe.ms.count > 0)
		bench_report_row(bench->report, &probe);
	bench_report_print(bench->report, stdout);
	if (bench->options.json == NULL)
		return;
	json = fopen(bench->options.json, "we");
	if (json == NULL)
		bench_die("cannot write %s: %s", bench->options.json,
		    strerror(errno));
	bench_report_json(bench->report, json);
	if (fclose(json) != 0)
		bench_die("cannot write %s", bench->options.json);
}

int
main(int argc, char *argv[])
{
	struct bench bench = { 0 };
	struct wish wish = { 0 };
	size_t missed;

	read_options(argc, argv, &bench.options, &wish);
	choose_size(&bench.options, wish.quick);
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* for bench_await_orphans */
	bench.options.folder = bench_scratch(wish.dir, "taskctl-bench", 0700);
	copy_programs(&bench.options);
	bench.report = bench_report_new();
	bench_probe_open(&bench.probe, bench.options.folder);
	run_cases(&bench, &wish);
	if (!wish.any)
		bench_die("there is no case %s", wish.only);
	publish(&bench);
	missed = bench_report_missed(bench.report);
	bench_probe_close(&bench.probe);
	bench_report_free(bench.report);
	return wish.check && missed > 0 ? 1 : 0;
}
