/* encoding.c - any bytes as text that may have been decoded wrongly: what is
 * repaired is text, shorter than before, and sound text is left alone. */
#include "fuzz.h"
#include "taskctl/plan.h"
#include "taskctl/text.h"

enum { LINES = 4 };

static enum tctl_status
repair(const char *bytes, size_t length, char **out, size_t *out_length,
    const char **from, size_t *lost)
{
	struct tctl_error err = { .status = TCTL_OK };
	int line[LINES];
	enum tctl_status status;

	*out = NULL;
	*out_length = length;
	status = tctl_encoding_repair(
	    bytes, length, out, out_length, from, lost, line, LINES, &err);
	assert((status == TCTL_OK) == tctl_text_is_utf8(bytes, length, NULL));
	if (status != TCTL_OK) {
		assert(status == TCTL_EINVALID && err.text[0] != '\0');
		return status;
	}
	assert((*out != NULL) == (*from != NULL));
	for (size_t i = 0; i < *lost && i < LINES; i++)
		assert(line[i] >= 1 && (i == 0 || line[i - 1] <= line[i]));
	return TCTL_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = fuzz_bytes(data, size), *out;
	const char *from;
	size_t length, left = size, lost;
	bool again = true;

	/* What went wrong twice is repaired twice; it comes to an end. */
	while (again &&
	       repair(bytes, left, &out, &length, &from, &lost) == TCTL_OK) {
		again = out != NULL;
		if (!again)
			break;
		assert(tctl_text_is_utf8(out, length, NULL));
		assert(length < left && out[length] == '\0');
		free(bytes);
		bytes = fuzz_bytes((const uint8_t *)out, length);
		left = length;
		free(out);
	}
	free(bytes);
	return 0;
}
