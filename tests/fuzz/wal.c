/* wal.c - any bytes as SQLite's log: a word of it was changed, or none was. */
#include "fuzz.h"
#include "taskctl/store.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tctl_log_change change;
	char *bytes = fuzz_bytes(data, size);

	if (tctl_log_changed((const unsigned char *)bytes, size, &change)) {
		assert(change.frame > 0 && change.commits > 0);
		/* A frame is no shorter than the smallest page. */
		assert(
		    (size_t)(change.frame + change.commits) <= size / 512 + 1);
	}
	free(bytes);
	return 0;
}
