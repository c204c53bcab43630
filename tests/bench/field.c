/* field.c - the stores on which the contenders meet, and what they hold. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench.h"

enum { SIZES_MAX = 8 };

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

	out->plan_bytes = bench_plan_write(&out->plan, plan);
	bench_must(out->folder, git, &run);
	bench_must(out->folder, init, &run);
	bench_must(out->folder, import, &out->import);
	bench_await_orphans();
	mkdir(locks, 0700); /* for the old script; it may be there already */
	free(locks);
	free(plan);
	free(taskctl);
}

/* Write the stores to the disk now: the kernel would do it while we measure.
 * And let taskctl notice the copy, which it does at its first change, once in a
 * store's life: a note is one (sweep is none while no lease has ended). */
static void
settle(const struct bench_options *options, const struct bench_field *field)
{
	char *taskctl = bench_text("%s/taskctl", options->programs);
	char id[24];
	const char *const note[] = { taskctl, "note", id, "a copy", "--agent",
		"bench", NULL };
	const char *const flush[] = { "/bin/sync", field->store, field->floor,
		field->shell, NULL };
	struct bench_run run;

	bench_plan_id(field->tasks - 1, id);
	bench_must(field->folder, note, &run);
	bench_await_orphans();
	bench_must(field->folder, flush, &run);
	free(taskctl);
}

/* Names, and everything that follows from the number of tasks. */
static void
name_field(
    const struct bench_options *options, size_t tasks, struct bench_field *out)
{
	static unsigned number;

	memset(out, 0, sizeof(*out));
	out->tasks = tasks;
	out->plan = bench_plan_of(tasks);
	out->folder = bench_text("%s/%u", options->folder, ++number);
	out->store = bench_text("%s/.tasks/taskctl.db", out->folder);
	out->floor = bench_text("%s/floor.db", out->folder);
	out->shell = bench_text("%s/shell.db", out->folder);
}

void
bench_field_import(
    const struct bench_options *options, size_t tasks, struct bench_field *out)
{
	long long stored;

	name_field(options, tasks, out);
	if (mkdir(out->folder, 0700) != 0)
		bench_die("cannot make %s", out->folder);
	make_coordinator(options, out);
	make_floor(options, out->floor, out->folder, tasks);
	make_floor(options, out->shell, out->folder, tasks);
	stored = bench_count(out->store, "SELECT count(*) FROM task");
	if (stored != (long long)tasks)
		bench_die("%zu tasks were written, %lld were imported", tasks,
		    stored);
}

/* Everything but the plan, which is imported once. */
static void
copy_field(const struct bench_field *from, const struct bench_field *to)
{
	char *command = bench_text("mkdir %s && cd %s && "
				   "cp -a .git .tasks floor.db* shell.db* %s",
	    to->folder, from->folder, to->folder);
	const char *const argv[] = { "/bin/sh", "-c", command, NULL };
	struct bench_run run;

	bench_must("/", argv, &run);
	free(command);
}

/* The copy of a store that nobody has open is a store: taskctl notices it at
 * its first change, and draws its tokens from further on. */
void
bench_field_make(
    const struct bench_options *options, size_t tasks, struct bench_field *out)
{
	static struct bench_field original[SIZES_MAX];
	size_t i = 0;

	while (i < SIZES_MAX && original[i].tasks != 0 &&
	       original[i].tasks != tasks)
		i++;
	if (i == SIZES_MAX)
		bench_die("more than %d sizes", SIZES_MAX);
	if (original[i].tasks == 0)
		bench_field_import(options, tasks, &original[i]);
	name_field(options, tasks, out);
	copy_field(&original[i], out);
	out->import = original[i].import;
	out->plan_bytes = original[i].plan_bytes;
	settle(options, out);
}

/* The commands that are measured find it as a repository in use. */
const struct bench_field *
bench_field_with_past(const struct bench *bench)
{
	enum { TASKS = 10000 };
	static struct bench_field field;
	char *past = bench_text("%s/past", bench->options.programs);
	const char *argv[] = { past, NULL, "60", NULL };
	struct bench_run run;

	if (field.tasks == 0) {
		bench_field_make(&bench->options, TASKS, &field);
		bench_field_set(bench, &field, "git.auto", "off");
		argv[1] = field.folder;
		bench_must("/", argv, &run);
	}
	free(past);
	return &field;
}

void
bench_field_set(const struct bench *bench, const struct bench_field *field,
    const char *key, const char *value)
{
	char *taskctl = bench_text("%s/taskctl", bench->options.programs);
	const char *const argv[] = { taskctl, "config", key, value, NULL };
	struct bench_run run;

	bench_must(field->folder, argv, &run);
	bench_await_orphans();
	free(taskctl);
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
