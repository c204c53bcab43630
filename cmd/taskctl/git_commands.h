/* floor: cmd - the commands that need libgit2: their requests.
 *
 * Their rows are here, for help, man pages and completion; what they do is in
 * cmd/taskctl-git, which is taskctl with those files and libgit2.  Elsewhere
 * run and text are missing (the symbols are weak), and main becomes that
 * program. */
#ifndef TASKCTL_CMD_GIT_COMMANDS_H
#define TASKCTL_CMD_GIT_COMMANDS_H

#include "ctx.h"

#define TCTL_GIT_RUN(name) \
	enum tctl_status name(struct tctl_ctx *ctx, const void *req, \
	    struct json_object **out, struct tctl_error *err) \
	    __attribute__((weak))
#define TCTL_GIT_TEXT(name) \
	void name(struct tctl_ctx *ctx, FILE *to, struct json_object *out) \
	    __attribute__((weak))

struct tctl_commit_req {
	struct tctl_who who;
	const char *task; /* NULL: progress, to its own branch */
	struct tctl_strings paths;
	const char *message;
};
TCTL_GIT_RUN(tctl_git_commit_run);
TCTL_GIT_TEXT(tctl_git_commit_text);

#endif
