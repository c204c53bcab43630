/* write_back.c - other ticks, and made ids, written into any plan: what is
 * written reads back as what was meant, and nothing else has changed. */
#include "fuzz.h"
#include "taskctl/plan.h"

static const struct tctl_plan_options options = { .file = "p.md" };

static struct tctl_plan *
read_plan(const char *bytes, size_t length)
{
	struct tctl_plan *plan = NULL;
	struct tctl_error err;

	return tctl_plan_read(bytes, length, &options, &plan, &err) == TCTL_OK
		   ? plan
		   : NULL;
}

static size_t
lines(const char *bytes, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += bytes[i] == '\n';
	return count;
}

/* Are they those of the plan but for the places of ticks? */
static void
look_at(const struct tctl_plan *plan, const char *bytes, size_t length,
    const bool done[])
{
	struct tctl_plan *again = read_plan(bytes, length);

	assert(again != NULL && again->task_count == plan->task_count);
	assert(again->tick_count == plan->tick_count);
	for (size_t i = 0; i < plan->task_count; i++) {
		assert(fuzz_same(plan->task[i].id, again->task[i].id));
		assert(fuzz_same(plan->task[i].title, again->task[i].title));
	}
	for (size_t i = 0; i < plan->tick_count; i++) {
		assert(again->tick[i].done == done[i]);
		assert(again->tick[i].task == plan->tick[i].task);
		assert(again->tick[i].line == plan->tick[i].line);
	}
	tctl_plan_free(again);
}

/* Every tick as the bits of choice say, over and over; all 0 and all 1 too. */
static void
write_ticks(const char *bytes, size_t length, const struct tctl_plan *plan,
    unsigned choice)
{
	bool *done = tctl_xcalloc(plan->tick_count, sizeof(*done));
	bool same = true;
	struct tctl_error err;
	size_t out_length;
	char *out = NULL, *diff;

	for (size_t i = 0; i < plan->tick_count; i++) {
		done[i] = choice >> i % 8 & 1;
		same = same && done[i] == plan->tick[i].done;
	}
	if (same) {
		/* write_what_is_there has; most inputs have no tick at all. */
	} else if (tctl_plan_write_back(bytes, length, plan, &options, done,
		       &out, &out_length, &err) == TCTL_OK) {
		assert(out[out_length] == '\0');
		assert(lines(out, out_length) == lines(bytes, length));
		look_at(plan, out, out_length, done);
		diff = tctl_text_diff("p", bytes, length, out, out_length);
		free(diff);
		free(out);
	} else {
		assert(err.status == TCTL_EINVALID);
	}
	free(done);
}

static void
write_what_is_there(
    const char *bytes, size_t length, const struct tctl_plan *plan)
{
	bool *done = tctl_xcalloc(plan->tick_count, sizeof(*done));
	struct tctl_error err;
	size_t out_length;
	char *out = NULL;

	for (size_t i = 0; i < plan->tick_count; i++)
		done[i] = plan->tick[i].done;
	assert(tctl_plan_write_back(bytes, length, plan, &options, done, &out,
		   &out_length, &err) == TCTL_OK);
	assert(out_length == length && !memcmp(out, bytes, length));
	free(out);
	free(done);
}

static void
write_ids(const char *bytes, size_t length, const struct tctl_plan *plan)
{
	struct tctl_plan *again;
	struct tctl_error err;
	size_t out_length;
	char *out = NULL;

	if (tctl_plan_fix_ids(bytes, length, plan, &options, &out, &out_length,
		&err) != TCTL_OK)
		return;
	again = read_plan(out, out_length);
	assert(again != NULL && again->task_count == plan->task_count);
	assert(again->made_count == 0);
	for (size_t i = 0; i < plan->task_count; i++)
		assert(fuzz_same(plan->task[i].id, again->task[i].id));
	tctl_plan_free(again);
	free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* The last byte says which ticks; the plan is a file as it is. */
	unsigned choice = size == 0 ? 0 : data[size - 1];
	char *bytes = fuzz_bytes(data, size);
	struct tctl_plan *plan = read_plan(bytes, size);

	if (plan != NULL) {
		write_what_is_there(bytes, size, plan);
		write_ticks(bytes, size, plan, 0);
		write_ticks(bytes, size, plan, 0xFF);
		write_ticks(bytes, size, plan, choice);
		write_ids(bytes, size, plan);
	}
	tctl_plan_free(plan);
	free(bytes);
	return 0;
}
