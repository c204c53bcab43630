/* floor: cmd - a queue of our own processes in a git directory. */
#ifndef TASKCTL_CMD_GIT_TURN_H
#define TASKCTL_CMD_GIT_TURN_H

#include "../../lib/store/turnstile.h"
#include "ctx.h"

/**
 * Wait for the turn, in the order of arrival, behind a file in a git directory
 * (tctl_git_turn_leave).  The kernel ends it with its process.
 *
 * @param name of the file, "taskctl-…"
 * @param what the others do, for words: "commit in /srv/app"
 * @return     TCTL_OK; TCTL_EBUSY: not within --wait, or without it within some
 *             minutes, for hooks and checkouts take their time; TCTL_EFAILED
 *             also: it is the turn of who waits for the hook that called us
 */
enum tctl_status tctl_git_turn_enter(const struct tctl_ctx *ctx,
    const char *gitdir, const char *name, const char *what,
    struct tctl_turnstile *out, struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_git_turn_leave(struct tctl_turnstile *turn);

#endif
