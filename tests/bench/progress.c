/* progress.c - does a progress commit of ten events cost more where there are a
 * million behind it? */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum {
	SMALL = 100,
	BIG = 100000,
	EVENTS = 10, /* of each commit */
	SMALL_BEHIND = 1000,
	BIG_BEHIND = 1000000,
	QUICK_BEHIND = 200000,
};

/* Events that change nothing, of ten tasks in as many sprints: as notes are. */
static void
add_events(const struct bench_field *field, long long count, size_t round)
{
	char *sql = bench_text(
	    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < %lld) "
	    "INSERT INTO event (id, at_ms, kind, task, agent, session) "
	    "SELECT s.event + i, 1760000000000 + 1000 * (s.event + i), 'noted',"
	    " 1 + (%zu + %zu * i) %% %zu, 'bench', 'bench' FROM store AS s, n; "
	    "UPDATE store SET event = event + %lld",
	    count, round, field->tasks / EVENTS, field->tasks, count);
	const char *const argv[] = { "/usr/bin/sqlite3", field->store, sql,
		NULL };
	struct bench_run run;

	if (count > 0)
		bench_must(field->folder, argv, &run);
	free(sql);
}

/* Two real events, as long as there is a task left to claim. */
static long long
finish_one(const struct bench *bench, struct bench_field *field)
{
	char *taskctl = bench_text("%s/taskctl", bench->options.programs);
	char id[24];
	const char *const claim[] = { taskctl, "claim", id, "--agent", "bench",
		NULL };
	const char *const done[] = { taskctl, "done", id, "--agent", "bench",
		NULL };
	struct bench_run run;
	size_t task;
	bool any = bench_field_take(field, &task);

	if (any) {
		bench_plan_id(task, id);
		bench_must(field->folder, claim, &run);
		bench_must(field->folder, done, &run);
	}
	free(taskctl);
	return any ? 2 : 0;
}

static void
commit(const struct bench *bench, struct bench_field *field, size_t round,
    struct bench_series *ms)
{
	char *taskctl = bench_text("%s/taskctl", bench->options.programs);
	const char *const argv[] = { taskctl, "commit", NULL };
	long long real = finish_one(bench, field);
	struct bench_run run;

	bench_await_orphans();
	add_events(field, EVENTS - real, round);
	bench_must(field->folder, argv, &run);
	if (strncmp(run.output, "committed 10 events ", 20) != 0)
		bench_die("commit answered: %s", run.output);
	bench_series_add(ms, run.ms);
	free(taskctl);
}

static void
make(const struct bench *bench, size_t tasks, long long behind,
    struct bench_field *out)
{
	char *taskctl = bench_text("%s/taskctl", bench->options.programs);
	const char *const first[] = { taskctl, "commit", NULL };
	struct bench_run run;

	bench_field_make(&bench->options, tasks, out);
	bench_field_set(bench, out, "git.auto", "off");
	add_events(out,
	    behind - bench_count(out->store, "SELECT event FROM store"), 0);
	bench_must(out->folder, first, &run);
	free(taskctl);
}

static void
report(struct bench *bench, size_t tasks, const struct bench_series *ms)
{
	const struct bench_row row = { .what = "commit of 10 events",
		.program = "taskctl",
		.tasks = tasks,
		.ms = ms };

	bench_report_row(bench->report, &row);
}

/* All of it back out of the branch, in place of what is there. */
static void
restore(struct bench *bench, const struct bench_field *field)
{
	char *taskctl = bench_text("%s/taskctl", bench->options.programs);
	const char *const argv[] = { taskctl, "restore", "--from-git",
		"--force", "-m", "bench", "--agent", "bench", NULL };
	struct bench_target target = {
		.what = bench->options.is_quick
			    ? "restore of 200,000 events from git"
			    : "restore of 1,000,000 events from git",
		.unit = "s",
		.limit = 60
	};
	struct bench_run run;

	bench_must(field->folder, argv, &run);
	bench_await_orphans();
	target.is = run.ms / 1000;
	bench_report_target(bench->report, &target);
	free(taskctl);
}

void
bench_case_progress(struct bench *bench)
{
	struct bench_series ms[2] = { { 0 }, { 0 } }; /* small, big */
	struct bench_field small, big;
	struct bench_target target = {
		.what = bench->options.is_quick
			    ? "commit, 200,000 / 1,000 events behind"
			    : "commit, 1,000,000 / 1,000 events behind",
		.unit = "x",
		.limit = 2,
		.is_ratio = true
	};

	make(bench, SMALL, SMALL_BEHIND, &small);
	make(bench, BIG, bench->options.is_quick ? QUICK_BEHIND : BIG_BEHIND,
	    &big);
	for (size_t i = 0; i < bench->options.rounds / 3; i++) {
		bench_probe_take(&bench->probe);
		commit(bench, i % 2 == 0 ? &small : &big, i, &ms[i % 2]);
		commit(bench, i % 2 == 0 ? &big : &small, i, &ms[1 - i % 2]);
	}
	target.is = bench_ratio(&ms[1], &ms[0]);
	report(bench, SMALL, &ms[0]);
	report(bench, BIG, &ms[1]);
	bench_report_target(bench->report, &target);
	restore(bench, &big);
	bench_field_release(&small);
	bench_field_release(&big);
	bench_series_release(&ms[0]);
	bench_series_release(&ms[1]);
}
