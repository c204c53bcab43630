/* floor: cmd - notify: its request.  It needs libcurl, so what it does is in
 * cmd/taskctl-notify (git_commands.h says how that goes). */
#ifndef TASKCTL_CMD_NOTIFY_H
#define TASKCTL_CMD_NOTIFY_H

#include "git_commands.h"

struct tctl_notify_req {
	const char *command;
	const char *url;
	const char *kinds;
	const char *name;
	int64_t after;
	int64_t tries;
	bool follow;
};
TCTL_GIT_RUN(tctl_notify_run);
TCTL_GIT_TEXT(tctl_notify_text);

#endif
