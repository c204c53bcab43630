/* floor: cmd - start the helper programs, as git starts its own.
 *
 * taskctl must start fast, so what needs a heavy library is a program of its
 * own: taskctl-git, taskctl-serve … */
#ifndef TASKCTL_HELPER_H
#define TASKCTL_HELPER_H

/**
 * Become the helper program: beside our own executable, else in
 * TCTL_LIBEXECDIR.
 *
 * @param name its file's name, "taskctl-git"
 * @param argv as for execv, argv[0] included; ends with NULL
 * @return     only when it failed: an errno value; ENOENT: it is not installed
 */
int tctl_helper_exec(const char *name, char *const argv[]);

/* In a child: become a process that nobody watches.  A session of its own, no
 * signal blocked, /dev/null for standard input, output and error, and nothing
 * else open: a pipe kept open would keep its reader waiting. */
void tctl_helper_detach(void);

/**
 * Start the helper program and do not wait for it: a session of its own,
 * /dev/null for standard input, output and error, no child of ours.
 *
 * Best effort: whoever calls this has already done what was asked for.  Call it
 * after the store's turn was given back: a child forked before would keep the
 * queue's locks.
 */
void tctl_helper_spawn(const char *name, char *const argv[]);

#endif
