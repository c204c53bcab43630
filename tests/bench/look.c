/* look.c - status, report and metrics of 10,000 tasks with four weeks behind
 * them, each beside the sqlite3 shell that merely counts the same rows. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { TASKS = 10000 };

struct view {
	const char *name;
	const char *proof; /* stands in its answer */
	const char *sql;   /* what it cannot do without reading */
	double limit_ms;   /* 0: none */
};

static const struct view view[] = {
	{ "status", "of 10000 done",
	    "SELECT state, count(*), sum(estimate_s) FROM task GROUP BY state",
	    20 },
	{ "report", "of 10000 tasks done",
	    "SELECT kind, count(*), sum(length(data)) FROM event GROUP BY kind",
	    200 },
	{ "metrics", "taskctl_",
	    "SELECT kind, count(*), sum(length(data)) FROM event GROUP BY kind",
	    0 },
};

struct looks {
	struct bench_series ms, cpu_ms;
	long peak_kib;
};

static void
look(const struct bench_field *field, const char *const argv[],
    const char *proof, struct looks *looks)
{
	struct bench_run run;

	bench_must(field->folder, argv, &run);
	if (strstr(run.output, proof) == NULL)
		bench_die("%s answered: %s", argv[1], run.output);
	bench_series_add(&looks->ms, run.ms);
	bench_series_add(&looks->cpu_ms, run.cpu_ms);
	if (run.peak_kib > looks->peak_kib)
		looks->peak_kib = run.peak_kib;
}

static void
report(struct bench *bench, const struct view *v, const struct looks looks[2])
{
	const struct bench_row ours = { .what = v->name,
		.program = "taskctl",
		.tasks = TASKS,
		.ms = &looks[0].ms,
		.cpu_ms = &looks[0].cpu_ms,
		.peak_kib = looks[0].peak_kib };
	const struct bench_row shell = { .what = v->name,
		.program = "shell, counting",
		.tasks = TASKS,
		.ms = &looks[1].ms,
		.cpu_ms = &looks[1].cpu_ms,
		.ratio = bench_ratio(&looks[0].ms, &looks[1].ms) };
	const struct bench_target target = { .what = v->name,
		.tasks = TASKS,
		.is = bench_median(&looks[0].ms),
		.limit = v->limit_ms,
		.unit = "ms" };

	bench_report_row(bench->report, &ours);
	bench_report_row(bench->report, &shell);
	if (v->limit_ms > 0)
		bench_report_target(bench->report, &target);
}

void
bench_case_look(struct bench *bench)
{
	char *taskctl = bench_text("%s/taskctl", bench->options.programs);
	const struct bench_field *field = bench_field_with_past(bench);

	for (size_t i = 0; i < sizeof(view) / sizeof(view[0]); i++) {
		const char *const ours[] = { taskctl, view[i].name, NULL };
		const char *const shell[] = { "/usr/bin/sqlite3", "-readonly",
			field->store, view[i].sql, NULL };
		struct looks looks[2] = { 0 }; /* ours, the shell's */

		for (size_t n = 0; n < bench->options.rounds / 3; n++)
			for (size_t k = 0; k < 2; k++)
				if ((n + k) % 2 == 0)
					look(field, ours, view[i].proof,
					    &looks[0]);
				else
					look(field, shell, "", &looks[1]);
		report(bench, &view[i], looks);
		for (size_t k = 0; k < 2; k++) {
			bench_series_release(&looks[k].ms);
			bench_series_release(&looks[k].cpu_ms);
		}
	}
	free(taskctl);
}
