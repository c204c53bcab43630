/* floor: cmd - run another program, and read what it says. */
#ifndef TASKCTL_CMD_CHILD_H
#define TASKCTL_CMD_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "taskctl/error.h"

enum { TCTL_CHILD_NOT_STARTED = 126, TCTL_CHILD_NOT_INSTALLED = 127 };

struct tctl_child {
	/* What to run: found by exec (NULL: execvp, along $PATH), which
	 * returns an errno value. */
	char *const *argv;
	int (*exec)(const char *name, char *const argv[]);
	const char *folder; /* to run it in; NULL: this one */
	/* Variables for it, "NAME=value", ends with NULL; NULL: none. */
	const char *const *with;
	const char *in; /* its standard input */
	size_t in_length;
	bool shows; /* its standard error is ours: progress, questions */

	/* What came of it. */
	int code;  /* its exit code; 128 + N: signal N ended it */
	char *out; /* standard output, NUL-ended; owned */
	size_t out_length;
	char *said; /* standard error, NUL-ended; owned; "" if it was ours */
};

/**
 * Run it and wait for its end.
 *
 * @return TCTL_OK: it ran, code says how it ended (TCTL_CHILD_NOT_INSTALLED:
 *         there is no such program; TCTL_CHILD_NOT_STARTED: there is, and
 *         said says why it did not run); TCTL_EFAILED: it could not be
 *         started, or what it said could not be read
 */
enum tctl_status tctl_child_run(
    struct tctl_child *child, struct tctl_error *err) TCTL_MUST_CHECK;

void tctl_child_release(struct tctl_child *child);

#endif
