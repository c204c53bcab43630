/* floor: cmd - the user's own git, as a program: what wants the user's hooks,
 * signing, credentials and configuration, or changes a working tree. */
#ifndef TASKCTL_CMD_USER_GIT_H
#define TASKCTL_CMD_USER_GIT_H

#include <stdbool.h>
#include <stddef.h>

#include "taskctl/error.h"
#include "taskctl/memory.h"

/* How one call of git is made, and what came of it. */
struct tctl_user_git {
	struct tctl_arena *arena; /* for out and said */
	const char *folder;	  /* to run it in; NULL: this one */
	/* Variables for it, "NAME=value", ends with NULL; NULL: none. */
	const char *const *with;
	const char *in; /* its standard input */
	size_t in_length;
	bool shows; /* its standard error is ours */

	int code;	 /* -1: it did not run */
	const char *out; /* NUL-ended */
	size_t out_length;
	const char *said;
};

/**
 * Run git with these arguments (ending with NULL) and wait for its end.
 *
 * What a git above us may have set (GIT_DIR, GIT_INDEX_FILE …: taskctl may be
 * called by a hook) is taken out of the environment: taskctl finds the
 * repository by the folder.
 *
 * @return TCTL_OK: it exited with 0; TCTL_EFAILED: it did not (code says how,
 *         err the command and what git said), it is not installed, or its
 *         answer could not be read (code may be 0 then)
 */
enum tctl_status tctl_user_git(
    struct tctl_user_git *call, struct tctl_error *err, ...) TCTL_MUST_CHECK;

/* The same with an array of arguments, the first of which is "git". */
enum tctl_status tctl_user_git_argv(struct tctl_user_git *call,
    const char *const argv[], struct tctl_error *err) TCTL_MUST_CHECK;

/* Its standard output without the newline at its end. */
const char *tctl_user_git_line(const struct tctl_user_git *call);

#endif
