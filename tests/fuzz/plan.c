/* plan.c - any bytes at all as a plan, in every dialect: nothing may crash or
 * hang, and what comes out must hold together. */
#include "fuzz.h"
#include "taskctl/plan.h"

static void
look_at_tasks(const struct tctl_plan *plan)
{
	assert(plan->task_count > 0);
	for (size_t i = 0; i < plan->task_count; i++) {
		char normal[TCTL_ID_MAX];
		const struct tctl_task *task = &plan->task[i];

		assert(task->id != NULL && task->title != NULL);
		assert(task->estimate_s >= -1 && task->line >= 0);
		assert(plan->task_sprint[i] == TCTL_NONE ||
		       plan->task_sprint[i] < plan->sprint_count);
		assert(plan->follows[i] == TCTL_NONE || plan->follows[i] < i);
		assert(plan->error_count > 0 ||
		       tctl_id_normalise(task->id, normal));
	}
	for (size_t i = 0; i < plan->edge_count; i++)
		assert(plan->edge[i].before < plan->task_count &&
		       plan->edge[i].after < plan->task_count);
}

static void
look_at_places(const struct tctl_plan *plan)
{
	size_t errors = 0;

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

/* A plan without errors can be stored: its graph has no cycle, and the same
 * bytes are the same plan again. */
static void
look_at_whole(const struct tctl_plan *plan, const char *bytes, size_t length,
    const struct tctl_plan_options *options)
{
	struct tctl_plan *again = NULL;
	struct tctl_edge *edge = NULL;
	struct tctl_error err;
	size_t edges = tctl_plan_edges(plan, &edge);
	unsigned *bars = tctl_plan_bars(plan);

	for (size_t i = 0; i < edges; i++)
		assert(edge[i].before < plan->task_count + plan->sprint_count &&
		       edge[i].after < plan->task_count + plan->sprint_count);
	free(edge);
	free(bars);
	assert(tctl_plan_read(bytes, length, options, &again, &err) == TCTL_OK);
	assert(tctl_plan_same(plan, again));
	tctl_plan_free(again);
}

static void
read_as(const char *bytes, size_t length, const char *format)
{
	const struct tctl_plan_options options = {
		.file = "p.md", .format = format, .with_advice = true
	};
	struct tctl_plan *plan = NULL;
	struct tctl_error err = { .status = TCTL_OK };

	if (tctl_plan_read(bytes, length, &options, &plan, &err) != TCTL_OK) {
		assert(err.status == TCTL_EINVALID && err.text[0] != '\0');
		return;
	}
	look_at_tasks(plan);
	look_at_places(plan);
	look_at_whole(plan, bytes, length, &options);
	tctl_plan_free(plan);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = fuzz_bytes(data, size);
	size_t formats = 0, one = 0;

	while (tctl_plan_formats[formats] != NULL)
		formats++;
	for (size_t i = 0; i < size; i++)
		one += data[i];
	read_as(bytes, size, NULL);
	/* In every dialect; while looking for new ones, in one more by chance:
	 * ten times as many inputs. */
	for (size_t i = 0; i < formats; i++)
		if (fuzz_is_replay != NULL || i == one % formats)
			read_as(bytes, size, tctl_plan_formats[i]);
	free(bytes);
	return 0;
}
