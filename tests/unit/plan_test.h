/* plan_test.h - what tests of dialects ask of a plan. */
#ifndef TASKCTL_PLAN_TEST_H
#define TASKCTL_PLAN_TEST_H

#include "taskctl/plan.h"
#include "test.h"

static inline struct tctl_plan *
plan_with(
    const char *text, size_t length, const struct tctl_plan_options *options)
{
	struct tctl_error err = { 0 };
	struct tctl_plan *plan = NULL;

	if (tctl_plan_read(text, length, options, &plan, &err) != TCTL_OK)
		fail_msg("%s", err.text);
	return plan;
}

static inline struct tctl_plan *
plan_of(const char *text, size_t length)
{
	const struct tctl_plan_options options = { .file = "plan.md" };

	return plan_with(text, length, &options);
}

static inline struct tctl_plan *
plan_of_text(const char *text)
{
	return plan_of(text, strlen(text));
}

/* Ended by a NUL; owned (free). */
static inline char *
bytes_of_file(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	int c;

	assert_non_null(file);
	for (*length = 0; (c = getc(file)) != EOF; ++*length) {
		text = tctl_grow(text, *length, 2);
		text[*length] = (char)c;
	}
	text[*length] = '\0';
	fclose(file);
	return text;
}

static inline struct tctl_plan *
plan_of_file(const char *path)
{
	const struct tctl_plan_options options = { .file = path };
	size_t length;
	char *text = bytes_of_file(path, &length);
	struct tctl_plan *plan = plan_with(text, length, &options);

	free(text);
	return plan;
}

/* Reading is refused, and the sentence has that in it. */
static inline void
assert_refused(const char *text, size_t length, const char *want)
{
	const struct tctl_plan_options options = { .file = "plan.md" };
	struct tctl_error err = { 0 };
	struct tctl_plan *plan = NULL;

	assert_int_equal(
	    tctl_plan_read(text, length, &options, &plan, &err), TCTL_EINVALID);
	if (strstr(err.text, want) == NULL)
		fail_msg("\"%s\" is not in: %s", want, err.text);
}

static inline size_t
task_index(const struct tctl_plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->task_count; i++)
		if (!strcmp(plan->task[i].id, id))
			return i;
	fail_msg("there is no task %s", id);
	return 0;
}

static inline const struct tctl_task *
task_of(const struct tctl_plan *plan, const char *id)
{
	return &plan->task[task_index(plan, id)];
}

/* "1.1[x] 1.2[ ]<1.1": every task, whether it is done, and what it needs. */
static inline void
assert_tasks(const struct tctl_plan *plan, const char *want)
{
	char *have = NULL;

	TEXT_OF(
	    have, f, for (size_t i = 0; i < plan->task_count; i++) {
		    const struct tctl_task *task = &plan->task[i];

		    fprintf(f, "%s%s[%c]", i == 0 ? "" : " ", task->id,
			task->ticked ? 'x' : ' ');
		    for (size_t k = 0; k < task->needs.count; k++)
			    fprintf(f, "%c%s", k == 0 ? '<' : ',',
				task->needs.at[k]);
	    });
	assert_string_equal(have, want);
	free(have);
}

static inline const struct tctl_diagnostic *
said_of(const struct tctl_plan *plan, const char *code)
{
	for (size_t i = 0; i < plan->diagnostic_count; i++)
		if (!strcmp(plan->diagnostic[i].code, code))
			return &plan->diagnostic[i];
	return NULL;
}

/* A text of one piece over and over; owned (free). */
static inline char *
repeated(const char *head, const char *piece, size_t times, const char *tail)
{
	char *text = NULL;

	TEXT_OF(text, f, fputs(head, f);
		for (size_t i = 0; i < times; i++) fprintf(f, piece, i);
		fputs(tail, f));
	return text;
}

#endif
