/* gantt.c - any text as a plan whose Mermaid block is written anew: all that
 * stands outside the block stays, byte for byte. */
#include "fuzz.h"
#include "taskctl/plan.h"

enum { CHART_LINES = 3 };
static const char last[] = "A :done, t1, 2026-01-01 00:00, 1h";
static const char chart[] =
    "gantt\n    section One\n    A :done, t1, 2026-01-01 00:00, 1h\n";

static bool
ends_with(const char *bytes, size_t length, const char *end, size_t end_length)
{
	return end_length <= length &&
	       !memcmp(bytes + length - end_length, end, end_length);
}

/* What stands in front of the chart, and behind it, was there before. */
static void
look_outside(const char *bytes, size_t size, const char *out, size_t length)
{
	const char *at = memmem(out, length, last, sizeof(last) - 1);
	const char *end = at;

	assert(at != NULL);
	for (int line = 0; line < CHART_LINES && at != NULL; line++)
		at = memrchr(out, '\n', (size_t)(at - out));
	if (at != NULL)
		assert(!memcmp(bytes, out, (size_t)(at + 1 - out)));
	end += sizeof(last) - 1;
	end += *end == '\r';
	assert(*end++ == '\n');
	assert(ends_with(bytes, size, end, (size_t)(out + length - end)));
}

static bool
replace(const char *bytes, size_t size, char **out, size_t *length)
{
	struct tctl_error err = { .status = TCTL_OK };

	*out = NULL;
	if (tctl_plan_gantt_replace(bytes, size, chart, out, length, &err) ==
	    TCTL_OK)
		return true;
	assert(err.status == TCTL_EINVALID && err.text[0] != '\0');
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = fuzz_bytes(data, size), *out, *again;
	size_t length, again_length;

	if (replace(bytes, size, &out, &length)) {
		if (memmem(bytes, size, last, sizeof(last) - 1) == NULL)
			look_outside(bytes, size, out, length);
		/* Once more it is the same. */
		assert(replace(out, length, &again, &again_length));
		assert(again_length == length && !memcmp(again, out, length));
		free(again);
		free(out);
	}
	free(bytes);
	return 0;
}
