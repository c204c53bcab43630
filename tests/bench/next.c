/* next.c - does claim --next cost more in a big plan than in a small one? */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { SMALL = 100, BIG = 100000 };

static void
claim_next(const struct bench *bench, const struct bench_field *field,
    size_t round, struct bench_series *ms)
{
	char *taskctl = bench_text("%s/taskctl", bench->options.programs);
	char *agent = bench_text("agent-%zu", round);
	const char *const argv[] = { taskctl, "claim", "--next", "--agent",
		agent, NULL };
	struct bench_run run;

	bench_must(field->folder, argv, &run);
	/* "held already" would be another, cheaper thing. */
	if (strncmp(run.output, "claimed ", 8) != 0)
		bench_die("claim --next answered: %s", run.output);
	bench_series_add(ms, run.ms);
	free(agent);
	free(taskctl);
}

static void
report(struct bench *bench, size_t tasks, const struct bench_series *ms,
    double ratio)
{
	const struct bench_row row = { .what = "claim --next",
		.program = "taskctl",
		.tasks = tasks,
		.ms = ms,
		.ratio = ratio };

	bench_report_row(bench->report, &row);
}

/* Claims of one small plan, each beside one of the big plan. */
static size_t
one_small_plan(struct bench *bench, const struct bench_field *big, size_t round,
    struct bench_series *ms)
{
	struct bench_field small;
	size_t first = round, most;

	bench_field_make(&bench->options, SMALL, &small);
	most = bench_plan_free_count(&small.plan);
	for (; round < bench->options.rounds && round - first < most; round++) {
		bench_probe_take(&bench->probe);
		/* Each goes first every other time. */
		claim_next(bench, round % 2 == 0 ? &small : big, round,
		    &ms[round % 2]);
		claim_next(bench, round % 2 == 0 ? big : &small, round,
		    &ms[1 - round % 2]);
	}
	bench_check_claims(&small, round - first);
	bench_field_release(&small);
	return round;
}

void
bench_case_next(struct bench *bench)
{
	struct bench_series ms[2] = { { 0 }, { 0 } }; /* small, big */
	struct bench_field big;
	struct bench_target target = { .what = "claim --next, 100,000 / 100",
		.unit = "x",
		.limit = 1.3,
		.is_ratio = true };
	size_t round = 0;

	bench_field_make(&bench->options, BIG, &big);
	while (round < bench->options.rounds)
		round = one_small_plan(bench, &big, round, ms);
	bench_check_claims(&big, round);
	target.is = bench_ratio(&ms[1], &ms[0]);
	report(bench, SMALL, &ms[0], 0);
	report(bench, BIG, &ms[1], 0);
	bench_report_target(bench->report, &target);
	bench_field_release(&big);
	bench_series_release(&ms[0]);
	bench_series_release(&ms[1]);
}
