/* fuzz.h - what every target shares.
 *
 * A target is one function that takes any bytes at all, and asserts what must
 * hold of what comes out.  libFuzzer calls it (make fuzz), or replay.c with the
 * files of corpus/TARGET (make fuzz-short, in every check). */
#ifndef TASKCTL_FUZZ_H
#define TASKCTL_FUZZ_H

#undef NDEBUG
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "taskctl/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* replay.c has it; NULL: the fuzzer runs. */
int fuzz_is_replay(void) __attribute__((weak));

/* The bytes, exactly so long: one read behind the end is found.  Owned. */
static inline char *
fuzz_bytes(const uint8_t *data, size_t size)
{
	char *bytes = malloc(size + (size == 0));

	assert(bytes != NULL);
	memcpy(bytes, data, size);
	return bytes;
}

/* The same as a string, that ends at its first NUL.  Owned. */
static inline char *
fuzz_text(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);

	assert(text != NULL);
	return text;
}

static inline bool
fuzz_same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* A folder, in memory where there is one, that is gone when the program ends.
 */
static char fuzz_dir[64];

static inline void
fuzz_folder_remove(void)
{
	char *command = tctl_xprintf("rm -rf %s", fuzz_dir);

	if (system(command) != 0)
		perror(fuzz_dir);
	free(command);
}

static inline const char *
fuzz_folder(void)
{
	if (*fuzz_dir == '\0') {
		snprintf(fuzz_dir, sizeof(fuzz_dir), "%s/taskctl-fuzz.XXXXXX",
		    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
		assert(mkdtemp(fuzz_dir) != NULL);
		atexit(fuzz_folder_remove);
	}
	return fuzz_dir;
}

/* Make a file of the folder hold these bytes, and no others. */
static inline void
fuzz_file(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert(file != NULL);
	assert(fwrite(bytes, 1, size, file) == size);
	assert(fclose(file) == 0);
}

#endif
