/* field.c - the stores on which the contenders meet, and what they hold. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench.h"

static void
make_floor(const struct bench_options *options, const char *store,
    const char *folder, size_t tasks)
{
	char *floor = bench_text("%s/floor", options->programs);
	char *count = bench_text("%zu", tasks);
	const char *const argv[] = { floor, "make", store, count, NULL };
	struct bench_run run;

	bench_must(folder, argv, &run);
	free(count);
	free(floor);
}

/* A repository with a coordinator in it, as in real use; and the plan. */
static void
make_coordinator(const struct bench_options *options, struct bench_field *out)
{
	char *taskctl = bench_text("%s/taskctl", options->programs);
	char *plan = bench_text("%s/plan.md", out->folder);
	char *locks = bench_text("%s/.tasks/locks", out->folder);
	const char *const git[] = { "/usr/bin/git", "init", "-q", ".", NULL };
	const char *const init[] = { taskctl, "init", NULL };
	const char *const import[] = { taskctl, "import", plan, NULL };
	struct bench_run run;

	bench_plan_write(&out->plan, plan);
	bench_must(out->folder, git, &run);
	bench_must(out->folder, init, &run);
	bench_must(out->folder, import, &out->import);
	mkdir(locks, 0700); /* for the old script; it may be there already */
	free(locks);
	free(plan);
	free(taskctl);
}

void
bench_field_make(
    const struct bench_options *options, size_t tasks, struct bench_field *out)
{
	static unsigned number;
	long long stored;

	memset(out, 0, sizeof(*out));
	out->tasks = tasks;
	out->plan = bench_plan_of(tasks);
	out->folder = bench_text("%s/%u", options->folder, ++number);
	if (mkdir(out->folder, 0700) != 0)
		bench_die("cannot make %s", out->folder);
	out->store = bench_text("%s/.tasks/taskctl.db", out->folder);
	out->floor = bench_text("%s/floor.db", out->folder);
	out->shell = bench_text("%s/shell.db", out->folder);
	make_coordinator(options, out);
	make_floor(options, out->floor, out->folder, tasks);
	make_floor(options, out->shell, out->folder, tasks);
	stored = bench_count(out->store, "SELECT count(*) FROM task");
	if (stored != (long long)tasks)
		bench_die("%zu tasks were written, %lld were imported", tasks,
		    stored);
}

void
bench_field_release(struct bench_field *field)
{
	free(field->folder);
	free(field->store);
	free(field->floor);
	free(field->shell);
	memset(field, 0, sizeof(*field));
}

bool
bench_field_take(struct bench_field *field, size_t *task)
{
	while (field->next_free < field->tasks)
		if (bench_plan_is_free(&field->plan, field->next_free++)) {
			*task = field->next_free - 1;
			return true;
		}
	return false;
}

long long
bench_count(const char *store, const char *sql)
{
	const char *const argv[] = { "/usr/bin/sqlite3", store, sql, NULL };
	struct bench_run run;

	bench_must(".", argv, &run);
	return atoll(run.output);
}

static void
check_count(const struct bench_field *field, const char *sql, size_t claims)
{
	long long found = bench_count(field->store, sql);

	if (found != (long long)claims)
		bench_die("%zu claims succeeded, but \"%s\" says %lld", claims,
		    sql, found);
}

void
bench_check_claims(const struct bench_field *field, size_t claims)
{
	check_count(
	    field, "SELECT count(*) FROM task WHERE state = 'claimed'", claims);
	check_count(field,
	    "SELECT count(DISTINCT token) FROM lease WHERE ended IS NULL",
	    claims);
	check_count(
	    field, "SELECT count(*) FROM event WHERE kind = 'claimed'", claims);
}
