/* burden.c - does a crowd of browsers slow those who work?
 *
 * Claims are timed in turns of three: nobody looks; 200 open streams and 1,000
 * requests a second at taskctl serve; the same crowd at a server that does
 * nothing.  Crowd and claims share two cores, so the third says what the crowd
 * itself takes, and the second over the third what serving it takes. */
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"

enum { TASKS = 1000, STREAMS = 200, REQUESTS_PER_S = 1000, CLAIMS = 60 };

enum who { NOBODY, SERVE, NOTHING, TURNS };

static const char *const name[TURNS] = { "nobody looks", "serve",
	"does nothing" };

struct burden {
	struct bench *bench;
	struct bench_field field;
	struct bench_serve serve;
	struct bench_nothing nothing;
	struct bench_series ms[TURNS];	  /* the median of each turn */
	struct bench_series asked[TURNS]; /* requests answered in a second */
};

/* A claim, and the task given back, so that there is always one to claim. */
static double
claim(struct burden *burden, const char *id)
{
	char *taskctl =
	    bench_text("%s/taskctl", burden->bench->options.programs);
	const char *const claim[] = { taskctl, "claim", id, "--agent", "ada",
		NULL };
	const char *const release[] = { taskctl, "release", id, "--agent",
		"ada", NULL };
	struct bench_run run;
	double ms;

	bench_must(burden->field.folder, claim, &run);
	ms = run.ms;
	bench_nothing_tell(&burden->nothing);
	bench_must(burden->field.folder, release, &run);
	bench_nothing_tell(&burden->nothing);
	free(taskctl);
	return ms;
}

static void
take_turn(struct burden *burden, enum who who, const char *id)
{
	struct bench_browsers *crowd = NULL;
	struct bench_series ms = { 0 };

	if (who != NOBODY)
		crowd = bench_browsers_open(
		    who == SERVE ? burden->serve.port : burden->nothing.port,
		    STREAMS, REQUESTS_PER_S);
	usleep(200000); /* until what the turn before has left is gone */
	bench_probe_take(&burden->bench->probe);
	for (size_t i = 0; i < CLAIMS; i++)
		bench_series_add(&ms, claim(burden, id));
	bench_series_add(&burden->ms[who], bench_median(&ms));
	bench_series_release(&ms);
	if (crowd == NULL)
		return;
	bench_child_check(crowd->pid);
	bench_series_add(
	    &burden->asked[who], (double)crowd->answered * 1000 / crowd->ms);
	bench_browsers_close(crowd);
}

static void
report(struct burden *burden)
{
	struct bench_report *to = burden->bench->report;

	for (size_t i = 0; i < TURNS; i++) {
		const struct bench_row row = { .what = "claim beside",
			.program = name[i],
			.tasks = TASKS,
			.ms = &burden->ms[i],
			.ratio = i == SERVE ? 0
					    : bench_ratio(&burden->ms[SERVE],
						  &burden->ms[i]) };

		bench_report_row(to, &row);
		if (i != NOBODY)
			bench_report_figure(to, "requests/s", name[i], 0,
			    bench_median(&burden->asked[i]));
	}
}

static void
judge(const struct burden *burden)
{
	const struct bench_series *ms = burden->ms;
	const struct bench_target target[] = {
		{ .what = "claim beside 200 streams, 1,000 requests/s",
		    .is = bench_ratio(&ms[SERVE], &ms[NOBODY]),
		    .limit = 1.1,
		    .unit = "x of nobody's" },
		{ .what = "the same crowd at a server that does nothing",
		    .is = bench_ratio(&ms[NOTHING], &ms[NOBODY]),
		    .limit = 1.1,
		    .unit = "x of nobody's" },
		{ .what = "claim, crowd at serve / at nothing",
		    .is = bench_ratio(&ms[SERVE], &ms[NOTHING]),
		    .limit = 1.1,
		    .unit = "x",
		    .is_ratio = true },
		{ .what = "answered of 1,000 requests/s",
		    .is = bench_median(&burden->asked[SERVE]),
		    .limit = 950,
		    .unit = "/s",
		    .is_least = true },
	};

	for (size_t i = 0; i < sizeof(target) / sizeof(target[0]); i++)
		bench_report_target(burden->bench->report, &target[i]);
}

void
bench_case_burden(struct bench *bench)
{
	struct burden burden = { .bench = bench };
	size_t task;
	char id[24];

	bench_field_make(&bench->options, TASKS, &burden.field);
	bench_field_set(bench, &burden.field, "git.auto", "off");
	if (!bench_field_take(&burden.field, &task))
		bench_die("no task can be claimed");
	bench_plan_id(task, id);
	bench_serve_start(bench, &burden.field, &burden.serve);
	bench_nothing_start(&burden.nothing);
	for (size_t i = 0; i < bench->options.rounds / 5; i++)
		for (size_t k = 0; k < TURNS; k++)
			take_turn(&burden, (enum who)((i + k) % TURNS), id);
	bench_nothing_stop(&burden.nothing);
	bench_serve_stop(&burden.serve);
	report(&burden);
	judge(&burden);
	for (size_t i = 0; i < TURNS; i++) {
		bench_series_release(&burden.ms[i]);
		bench_series_release(&burden.asked[i]);
	}
	bench_field_release(&burden.field);
}
