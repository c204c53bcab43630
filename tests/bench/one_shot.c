/* one_shot.c - one process at a time: claim and ready beside the others. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { TASKCTL, FLOOR, SHELL, SCRIPT, CONTENDERS };

enum { LISTED = 50 }; /* what "ready" shows of a long list */

static const char *const contender[CONTENDERS] = { "taskctl", "floor",
	"sqlite3 shell", "old script" };

/* What the contenders took, and how often they were asked. */
struct contest {
	struct bench_series ms[CONTENDERS];
	long peak_kib[CONTENDERS];
	size_t contenders;
};

static void
note(struct contest *contest, size_t who, const struct bench_run *run)
{
	bench_series_add(&contest->ms[who], run->ms);
	if (run->peak_kib > contest->peak_kib[who])
		contest->peak_kib[who] = run->peak_kib;
}

static void
report(struct bench *bench, const struct contest *contest, const char *what,
    size_t tasks)
{
	for (size_t i = 0; i < contest->contenders; i++) {
		const struct bench_row row = { .what = what,
			.program = contender[i],
			.tasks = tasks,
			.ms = &contest->ms[i],
			.peak_kib = contest->peak_kib[i],
			.ratio = i == TASKCTL
				     ? 0
				     : bench_ratio(&contest->ms[TASKCTL],
					   &contest->ms[i]) };

		bench_report_row(bench->report, &row);
	}
}

static void
forget(struct contest *contest)
{
	for (size_t i = 0; i < CONTENDERS; i++)
		bench_series_release(&contest->ms[i]);
}

/* --- claim ---------------------------------------------------------------- */

static void
claim_taskctl(const struct bench *bench, const struct bench_field *field,
    const char *id, const char *agent, struct bench_run *run)
{
	char *taskctl = bench_text("%s/taskctl", bench->options.programs);
	const char *const argv[] = { taskctl, "claim", id, "--agent", agent,
		NULL };

	bench_must(field->folder, argv, run);
	if (strncmp(run->output, "claimed ", 8) != 0 ||
	    strstr(run->output, id) == NULL ||
	    strstr(run->output, "token") == NULL)
		bench_die("claim %s answered: %s", id, run->output);
	free(taskctl);
}

static void
claim_floor(const struct bench *bench, const struct bench_field *field,
    const char *row, const char *agent, struct bench_run *run)
{
	char *floor = bench_text("%s/floor", bench->options.programs);
	const char *const argv[] = { floor, "claim", field->floor, row, agent,
		NULL };

	bench_must(field->folder, argv, run);
	if (atoi(run->output) != 1)
		bench_die("the floor's claim answered: %s", run->output);
	free(floor);
}

/* What a script would write; the store is in WAL mode already. */
static void
claim_shell(const struct bench_field *field, const char *row, const char *agent,
    struct bench_run *run)
{
	char *sql = bench_text(
	    "PRAGMA synchronous=FULL; UPDATE task SET state = 'claimed',"
	    " holder = '%s', token = token + 1, expires = 0"
	    " WHERE id = %s AND state = 'open' RETURNING token;",
	    agent, row);
	const char *const argv[] = { "/usr/bin/sqlite3", field->shell, sql,
		NULL };

	bench_must(field->folder, argv, run);
	if (atoi(run->output) != 1)
		bench_die("the shell's claim answered: %s", run->output);
	free(sql);
}

static void
claim_script(const struct bench *bench, const struct bench_field *field,
    const char *id, const char *agent, struct bench_run *run)
{
	char *script = bench_text("%s/old_script.sh", bench->options.sources);
	const char *const argv[] = { script, id, agent, NULL };

	bench_must(field->folder, argv, run);
	free(script);
}

/* Everybody claims the same task, each in its own store; each round another
 * one goes first. */
static void
claim_round(struct bench *bench, const struct bench_field *field,
    struct contest *contest, size_t task, size_t round)
{
	struct bench_run run;
	char id[24], row[24], agent[32];

	bench_plan_id(task, id);
	snprintf(row, sizeof(row), "%zu", task + 1);
	snprintf(agent, sizeof(agent), "agent-%zu", round);
	bench_probe_take(&bench->probe);
	for (size_t i = 0; i < CONTENDERS; i++) {
		size_t who = (round + i) % CONTENDERS;

		if (who == TASKCTL)
			claim_taskctl(bench, field, id, agent, &run);
		else if (who == FLOOR)
			claim_floor(bench, field, row, agent, &run);
		else if (who == SHELL)
			claim_shell(field, row, agent, &run);
		else
			claim_script(bench, field, id, agent, &run);
		note(contest, who, &run);
	}
}

static void
check_others(const struct bench_field *field, size_t claims)
{
	static const char sql[] =
	    "SELECT count(*) FROM task WHERE state = 'claimed' AND token = 1";

	if (bench_count(field->floor, sql) != (long long)claims ||
	    bench_count(field->shell, sql) != (long long)claims)
		bench_die("the floor or the shell has lost a claim");
}

static void
judge_claim(struct bench *bench, const struct contest *contest, size_t tasks)
{
	const struct bench_target target[] = {
		{ .what = "claim / floor",
		    .tasks = tasks,
		    .unit = "x",
		    .is =
			bench_ratio(&contest->ms[TASKCTL], &contest->ms[FLOOR]),
		    .limit = 1.25,
		    .is_ratio = true },
		{ .what = "claim / sqlite3 shell",
		    .tasks = tasks,
		    .unit = "x",
		    .is =
			bench_ratio(&contest->ms[TASKCTL], &contest->ms[SHELL]),
		    .limit = 1.0,
		    .is_ratio = true },
		{ .what = "claim, peak memory",
		    .tasks = tasks,
		    .unit = "MB",
		    .is = (double)contest->peak_kib[TASKCTL] / 1024,
		    .limit = 12 },
	};

	for (size_t i = 0; i < sizeof(target) / sizeof(target[0]); i++)
		bench_report_target(bench->report, &target[i]);
}

/* A small plan has few tasks to claim: then it goes on in a new one. */
void
bench_case_claim(struct bench *bench, size_t tasks)
{
	struct contest contest = { .contenders = CONTENDERS };
	struct bench_field field;
	size_t round = 0;

	while (round < bench->options.rounds) {
		size_t claims = 0, task;

		bench_field_make(&bench->options, tasks, &field);
		if (round == 0)
			bench_case_ready(bench, &field);
		for (; round < bench->options.rounds &&
		       bench_field_take(&field, &task);
		     round++, claims++)
			claim_round(bench, &field, &contest, task, round);
		bench_check_claims(&field, claims);
		check_others(&field, claims);
		bench_field_release(&field);
	}
	report(bench, &contest, "claim", tasks);
	judge_claim(bench, &contest, tasks);
	forget(&contest);
}

/* --- ready ---------------------------------------------------------------- */

static size_t
lines(const struct bench_run *run)
{
	size_t count = 0;

	for (const char *at = run->output; *at != '\0'; at++)
		count += *at == '\n';
	return count;
}

void
bench_case_ready(struct bench *bench, struct bench_field *field)
{
	char *taskctl = bench_text("%s/taskctl", bench->options.programs);
	char *floor = bench_text("%s/floor", bench->options.programs);
	const char *const argv[][6] = {
		{ taskctl, "ready", "--agent", "A", NULL },
		{ floor, "ready", field->floor, "50", NULL },
		{ "/usr/bin/sqlite3", field->shell,
		    "SELECT id, title FROM task WHERE state = 'open' LIMIT 50",
		    NULL },
	};
	struct contest contest = { .contenders = SCRIPT };
	struct bench_run run;

	for (size_t round = 0; round < bench->options.rounds; round++)
		for (size_t i = 0; i < contest.contenders; i++) {
			size_t who = (round + i) % contest.contenders;

			bench_must(field->folder, argv[who], &run);
			if (lines(&run) < LISTED)
				bench_die("%s listed %zu lines: %s",
				    contender[who], lines(&run), run.output);
			note(&contest, who, &run);
		}
	report(bench, &contest, "ready", field->tasks);
	forget(&contest);
	free(floor);
	free(taskctl);
}
