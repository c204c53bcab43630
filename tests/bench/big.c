/* big.c - a plan of 100,000 tasks: importing it, and looking at it. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { TASKS = 100000, LOOKS = 11 };

static void
look(struct bench *bench, const struct bench_field *field,
    struct bench_series *ms, long *peak_kib)
{
	char *taskctl = bench_text("%s/taskctl", bench->options.programs);
	const char *const argv[] = { taskctl, "status", NULL };
	struct bench_run run;

	for (int i = 0; i < LOOKS; i++) {
		bench_probe_take(&bench->probe);
		bench_must(field->folder, argv, &run);
		if (strstr(run.output, "100000") == NULL)
			bench_die("status answered: %s", run.output);
		bench_series_add(ms, run.ms);
		if (run.peak_kib > *peak_kib)
			*peak_kib = run.peak_kib;
	}
	free(taskctl);
}

static void
report(struct bench *bench, const char *what, const struct bench_series *ms,
    long peak_kib)
{
	const struct bench_row row = { .what = what,
		.program = "taskctl",
		.tasks = TASKS,
		.ms = ms,
		.peak_kib = peak_kib };

	bench_report_row(bench->report, &row);
}

static void
judge(struct bench *bench, const struct bench_series *import,
    const struct bench_series *status, double mb)
{
	const struct bench_target target[] = {
		{ .what = "plan of 100,000 tasks",
		    .is = mb,
		    .limit = 30,
		    .unit = "MB" },
		{ .what = "import of it",
		    .is = bench_median(import) / 1000,
		    .limit = 3,
		    .unit = "s" },
		{ .what = "status of it",
		    .is = bench_median(status),
		    .limit = 100,
		    .unit = "ms" },
	};

	for (size_t i = 0; i < sizeof(target) / sizeof(target[0]); i++)
		bench_report_target(bench->report, &target[i]);
}

void
bench_case_import(struct bench *bench)
{
	struct bench_series import = { 0 }, status = { 0 };
	long import_kib = 0, status_kib = 0;
	double mb = 0;

	for (size_t i = 0; i < bench->options.imports; i++) {
		struct bench_field field;

		/* The first may have been done for another case already. */
		if (i == 0)
			bench_field_make(&bench->options, TASKS, &field);
		else
			bench_field_import(&bench->options, TASKS, &field);
		bench_series_add(&import, field.import.ms);
		import_kib = field.import.peak_kib;
		mb = (double)field.plan_bytes / 1e6;
		if (i == 0)
			look(bench, &field, &status, &status_kib);
		bench_field_release(&field);
	}
	report(bench, "import", &import, import_kib);
	report(bench, "status", &status, status_kib);
	judge(bench, &import, &status, mb);
	bench_series_release(&import);
	bench_series_release(&status);
}
