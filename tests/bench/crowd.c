/* crowd.c - many claim at once: how many a second, how long does the unluckiest
 * wait, and does everybody get as much.
 *
 * Each member of the crowd is a process of the benchmark that starts one claim
 * after another.  What it counts lies in memory that all share. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

/* A tenth of the tasks can be claimed at once: enough for a thousand claims a
 * second, which no disk here has allowed. */
enum { TASKS = 100000, QUICK_TASKS = 40000, CROWD_MAX = 64 };

struct member {
	size_t claims;
	double worst_ms;
	double sum_ms;
	bool failed;
	char complaint[256];
};

struct crowd {
	const struct bench *bench;
	const struct bench_field *field;
	size_t processes;
	bool is_floor;
	double begin_ms;       /* when all begin, by bench_clock_ms */
	double end_ms;	       /* when nobody begins another claim */
	struct member *member; /* shared */
};

static void
claim_once(
    const struct crowd *crowd, size_t me, size_t turn, struct bench_run *run)
{
	char *taskctl =
	    bench_text("%s/taskctl", crowd->bench->options.programs);
	char *floor = bench_text("%s/floor", crowd->bench->options.programs);
	char *agent = bench_text("agent-%zu", me);
	char *row = bench_text(
	    "%zu", 1 + me * (crowd->field->tasks / crowd->processes) + turn);
	const char *const ours[] = { taskctl, "claim", "--next", "--another",
		"--agent", agent, NULL };
	const char *const theirs[] = { floor, "claim", crowd->field->floor, row,
		agent, NULL };

	bench_spawn(crowd->field->folder, crowd->is_floor ? theirs : ours, run);
	free(row);
	free(agent);
	free(floor);
	free(taskctl);
}

static void
take_part(const struct crowd *crowd, size_t me)
{
	struct member *member = &crowd->member[me];
	struct bench_run run;

	while (bench_clock_ms() < crowd->begin_ms)
		usleep(200);
	while (bench_clock_ms() < crowd->end_ms) {
		claim_once(crowd, me, member->claims, &run);
		if (run.exit != 0) {
			member->failed = true;
			snprintf(member->complaint, sizeof(member->complaint),
			    "exit %d: %.200s", run.exit, run.output);
			return;
		}
		member->claims++;
		member->sum_ms += run.ms;
		if (run.ms > member->worst_ms)
			member->worst_ms = run.ms;
	}
}

static void
gather(struct crowd *crowd)
{
	pid_t child[CROWD_MAX];

	fflush(NULL);
	crowd->begin_ms = bench_clock_ms() + 50;
	crowd->end_ms = crowd->begin_ms + crowd->bench->options.crowd_s * 1000;
	for (size_t i = 0; i < crowd->processes; i++) {
		child[i] = fork();
		if (child[i] < 0)
			bench_die("fork: %s", strerror(errno));
		if (child[i] == 0) {
			take_part(crowd, i);
			_exit(0);
		}
	}
	for (size_t i = 0; i < crowd->processes; i++)
		while (waitpid(child[i], NULL, 0) < 0 && errno == EINTR)
			;
}

/* The claims of all; the store must know of as many. */
static size_t
count_claims(const struct crowd *crowd)
{
	size_t claims = 0;

	for (size_t i = 0; i < crowd->processes; i++) {
		if (crowd->member[i].failed)
			bench_die("agent %zu of %zu: %s", i, crowd->processes,
			    crowd->member[i].complaint);
		claims += crowd->member[i].claims;
	}
	if (!crowd->is_floor)
		bench_check_claims(crowd->field, claims);
	else if (bench_count(crowd->field->floor,
		     "SELECT count(*) FROM task WHERE state = 'claimed'") !=
		 (long long)claims)
		bench_die("the floor has lost a claim");
	return claims;
}

static double
report(const struct crowd *crowd)
{
	struct bench_report *to = crowd->bench->report;
	const char *program = crowd->is_floor ? "floor" : "taskctl";
	struct bench_series share = { 0 };
	double worst = 0, sum = 0, jain;
	size_t claims = count_claims(crowd);

	for (size_t i = 0; i < crowd->processes; i++) {
		bench_series_add(&share, (double)crowd->member[i].claims);
		sum += crowd->member[i].sum_ms;
		if (crowd->member[i].worst_ms > worst)
			worst = crowd->member[i].worst_ms;
	}
	jain = bench_jain(&share);
	bench_report_figure(to, "claims/s", program, crowd->processes,
	    (double)claims / crowd->bench->options.crowd_s);
	bench_report_figure(to, "mean wait, ms", program, crowd->processes,
	    sum / (double)claims);
	bench_report_figure(
	    to, "worst wait, ms", program, crowd->processes, worst);
	bench_report_figure(
	    to, "Jain's index", program, crowd->processes, jain);
	bench_series_release(&share);
	return jain;
}

void
bench_case_crowd(struct bench *bench, size_t processes)
{
	struct crowd crowd = { .bench = bench, .processes = processes };
	size_t bytes = processes * sizeof(*crowd.member);
	struct bench_field field;
	struct bench_target target = { .unit = "",
		.limit = 0.95,
		.is_least = true,
		.is_ratio = true,
		.what = processes < 32 ? "Jain's index, 8 processes"
				       : "Jain's index, 32 processes" };

	if (processes > CROWD_MAX)
		bench_die("at most %d processes", CROWD_MAX);
	bench_field_make(&bench->options,
	    bench->options.is_quick ? QUICK_TASKS : TASKS, &field);
	crowd.field = &field;
	crowd.member = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (crowd.member == MAP_FAILED)
		bench_die("mmap: %s", strerror(errno));
	gather(&crowd);
	target.is = report(&crowd);
	bench_report_target(bench->report, &target);
	memset(crowd.member, 0, bytes);
	crowd.is_floor = true;
	gather(&crowd);
	report(&crowd);
	munmap(crowd.member, bytes);
	bench_field_release(&field);
}
