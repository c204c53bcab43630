/* plan.c - any bytes at all as a plan, in every dialect: nothing may crash or
 * hang, and what comes out must hold together.
 *
 * make fuzz runs it under libFuzzer; tests/unit/test_corpus.c runs the files of
 * tests/fuzz/corpus through it at every make check. */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "taskctl/plan.h"
#include "taskctl/text.h"
#include "taskctl/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
look_at_plan(const struct tctl_plan *plan)
{
	size_t errors = 0;

	assert(plan->task_count > 0);
	for (size_t i = 0; i < plan->task_count; i++) {
		char normal[TCTL_ID_MAX];
		const struct tctl_task *task = &plan->task[i];

		assert(task->id != NULL && task->title != NULL);
		assert(task->estimate_s >= -1 && task->line >= 0);
		assert(plan->task_sprint[i] == TCTL_NONE ||
		       plan->task_sprint[i] < plan->sprint_count);
		assert(plan->error_count > 0 ||
		       tctl_id_normalise(task->id, normal));
	}
	for (size_t i = 0; i < plan->edge_count; i++)
		assert(plan->edge[i].before < plan->task_count &&
		       plan->edge[i].after < plan->task_count);
	for (size_t i = 0; i < plan->diagnostic_count; i++) {
		const struct tctl_diagnostic *d = &plan->diagnostic[i];

		assert(d->line >= 1 && d->column >= 1 && d->other_line >= 0);
		assert(tctl_lint_code_find(d->code) != NULL);
		errors += d->severity == TCTL_ERROR;
	}
	assert(errors == plan->error_count);
	for (size_t i = 0; i < plan->tick_count; i++) {
		const struct tctl_tick *tick = &plan->tick[i];
		const struct tctl_tick *last = i == 0 ? tick : tick - 1;

		assert(tick->task < plan->task_count && tick->length > 0);
		assert(last->line <= tick->line);
	}
}

/* The same ticks give the same bytes; others are written, or refused, and what
 * is written reads back (tctl_plan_write_back looks). */
static void
write_back(const char *bytes, size_t length, const struct tctl_plan *plan,
    const struct tctl_plan_options *options)
{
	bool *done = tctl_xcalloc(plan->tick_count, sizeof(*done));
	struct tctl_error err;
	size_t out_length;
	char *out = NULL;

	for (size_t i = 0; i < plan->tick_count; i++)
		done[i] = plan->tick[i].done;
	if (tctl_plan_write_back(bytes, length, plan, options, done, &out,
		&out_length, &err) != TCTL_OK)
		abort();
	assert(out_length == length && !memcmp(out, bytes, length));
	free(out);
	for (int all = 0; all < 2; all++) {
		char *diff;

		for (size_t i = 0; i < plan->tick_count; i++)
			done[i] = all;
		if (tctl_plan_write_back(bytes, length, plan, options, done,
			&out, &out_length, &err) != TCTL_OK)
			continue;
		diff = tctl_text_diff("p", bytes, length, out, out_length);
		free(diff);
		free(out);
	}
	if (tctl_plan_fix_ids(bytes, length, plan, options, &out, &out_length,
		&err) == TCTL_OK)
		free(out);
	free(done);
}

static void
read_as(const char *bytes, size_t length, const char *format)
{
	const struct tctl_plan_options options = {
		.file = "p.md", .format = format, .with_advice = true
	};
	struct tctl_plan *plan = NULL;
	struct tctl_error err;

	if (tctl_plan_read(bytes, length, &options, &plan, &err) != TCTL_OK)
		return;
	look_at_plan(plan);
	write_back(bytes, length, plan, &options);
	tctl_plan_free(plan);
}

static void
repair(const char *bytes, size_t length)
{
	struct tctl_error err;
	const char *from;
	size_t lost, out_length = length;
	char *out = NULL;
	int line[4];

	if (tctl_encoding_repair(bytes, length, &out, &out_length, &from, &lost,
		line, TCTL_COUNT(line), &err) != TCTL_OK)
		return;
	assert((out != NULL) == (from != NULL));
	if (out != NULL)
		assert(tctl_text_is_utf8(out, out_length, NULL));
	free(out);
}

static void
small_things(const char *text)
{
	char once[TCTL_ID_MAX], twice[TCTL_ID_MAX], name[TCTL_AGENT_MAX];
	struct tctl_duration duration;

	if (tctl_id_normalise(text, once)) {
		assert(tctl_id_normalise(once, twice));
		assert(!strcmp(once, twice));
	}
	tctl_agent_normalise(text, name);
	if (tctl_duration_read(text, 8, &duration))
		assert(
		    duration.seconds >= 0 && duration.length <= strlen(text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Exactly so long: a byte read behind the end is found. */
	char *bytes = malloc(size + (size == 0));
	char *text = tctl_xcalloc(size, 1);

	if (bytes == NULL)
		abort();
	memcpy(bytes, data, size);
	memcpy(text, data, size);
	small_things(text);
	repair(bytes, size);
	read_as(bytes, size, NULL);
	for (size_t i = 0; tctl_plan_formats[i] != NULL; i++)
		read_as(bytes, size, tctl_plan_formats[i]);
	free(text);
	free(bytes);
	return 0;
}
