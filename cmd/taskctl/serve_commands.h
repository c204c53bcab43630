/* floor: cmd - the commands of taskctl-serve: their requests.
 *
 * The rows are here, what they do is in cmd/taskctl-serve. */
#ifndef TASKCTL_CMD_SERVE_COMMANDS_H
#define TASKCTL_CMD_SERVE_COMMANDS_H

#include "elsewhere.h"

#define TCTL_SERVE_PROGRAM "taskctl-serve"

struct tctl_serve_req {
	int64_t port;
	struct tctl_strings listen;
	struct tctl_strings hosts;
	bool behind_tls;
	bool write;
	bool no_token;
};
TCTL_RUN_ELSEWHERE(tctl_serve_run);

struct tctl_export_req {
	const char *html;
};
TCTL_RUN_ELSEWHERE(tctl_export_run);

#endif
