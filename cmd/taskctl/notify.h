/* floor: cmd - notify: its request.  It needs libcurl, so what it does is in
 * cmd/taskctl-notify. */
#ifndef TASKCTL_CMD_NOTIFY_H
#define TASKCTL_CMD_NOTIFY_H

#include "elsewhere.h"

struct tctl_notify_req {
	const char *command;
	const char *url;
	const char *kinds;
	const char *name;
	int64_t after;
	int64_t tries;
	bool follow;
};
TCTL_RUN_ELSEWHERE(tctl_notify_run);
TCTL_TEXT_ELSEWHERE(tctl_notify_text);

#endif
