/* floor: cmd - start the helper programs, as git starts its own.
 *
 * taskctl must start fast, so what needs a heavy library is a program of its
 * own: taskctl-git, taskctl-chart … */
#ifndef TASKCTL_HELPER_H
#define TASKCTL_HELPER_H

#include "taskctl/call.h"
#include "taskctl/memory.h"

/**
 * Become the helper program: beside our own executable, else in
 * TCTL_LIBEXECDIR.
 *
 * @param name its file's name, "taskctl-git"
 * @param argv as for execv, argv[0] included; ends with NULL
 * @return     only when it failed: an errno value; ENOENT: it is not installed
 */
int tctl_helper_exec(const char *name, char *const argv[]);

/* The file's name of the dynamic twin of a static taskctl; in others the symbol
 * is missing (its address is NULL). */
extern const char tctl_twin[] __attribute__((weak));

/**
 * Become the program that can run a command: taskctl-git for those that need
 * libgit2 (their run is missing here), the dynamic twin of a static taskctl for
 * those that load a library.  To be called before anything is read, opened or
 * written.
 *
 * @param argv main's
 * @return     TCTL_OK: it is this one, go on; TCTL_EFAILED: it is not
 *             installed, or cannot be started
 */
enum tctl_status tctl_helper_become(const struct tctl_command *command,
    char *const argv[], struct tctl_error *err) TCTL_MUST_CHECK;

/**
 * Let the helper program turn some bytes into others, and wait for it.
 *
 * @param argv   as above
 * @param in     its standard input
 * @param out    what it wrote to standard output; owned (free)
 * @return       TCTL_OK, or TCTL_EFAILED: it is not installed, or it failed,
 *               and err says what it said
 */
enum tctl_status tctl_helper_filter(const char *name, char *const argv[],
    const char *in, size_t in_length, char **out, size_t *out_length,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* In a child: become a process that nobody watches.  A session of its own, no
 * signal blocked, /dev/null for standard input, output and error, and nothing
 * else open: a pipe kept open would keep its reader waiting. */
void tctl_helper_detach(void);

/**
 * Start the helper program and do not wait for it: a session of its own,
 * /dev/null for standard input and output, the log beside the store for what it
 * complains of, no child of ours.
 *
 * Best effort: whoever calls this has already done what was asked for.  Call it
 * after the store's turn was given back: a child forked before would keep the
 * queue's locks.
 */
void tctl_helper_spawn(
    const char *name, char *const argv[], const struct tctl_ctx *ctx);

#endif
