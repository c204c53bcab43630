/* floor: cmd - the commands that need libgit2: their requests.
 *
 * Their rows are here, for help, man pages and completion; what they do is in
 * cmd/taskctl-git, which is taskctl with those files and libgit2. */
#ifndef TASKCTL_CMD_GIT_COMMANDS_H
#define TASKCTL_CMD_GIT_COMMANDS_H

#include "elsewhere.h"

/* The committers' queue (cmd/taskctl-git/queue.c): a file in the common git
 * directory, and the byte that whoever waits for git.interval holds. */
#define TCTL_GIT_QUEUE_FILE "taskctl-commit"
enum { TCTL_GIT_LATER_BYTE = 1 };

struct tctl_commit_req {
	struct tctl_who who;
	const char *task; /* NULL: progress, to its own branch */
	struct tctl_strings paths;
	const char *message;
	bool push;
	bool later;
};
TCTL_RUN_ELSEWHERE(tctl_git_commit_run);
TCTL_TEXT_ELSEWHERE(tctl_git_commit_text);

struct tctl_sync_req {
	const char *remote;
};
TCTL_RUN_ELSEWHERE(tctl_git_sync_run);
TCTL_TEXT_ELSEWHERE(tctl_git_sync_text);

struct tctl_restore_req {
	struct tctl_who who;
	const char *file; /* NULL: from git */
	bool from_git;
	const char *branch;
	bool force;
	const char *message;
};
TCTL_RUN_ELSEWHERE(tctl_git_restore_run);
TCTL_TEXT_ELSEWHERE(tctl_git_restore_text);

#endif
