/* floor: cmd - the commands of taskctl-serve: their requests.
 *
 * As with git_commands.h: the rows are here, what they do is in
 * cmd/taskctl-serve, and elsewhere it is missing (the symbols are weak). */
#ifndef TASKCTL_CMD_SERVE_COMMANDS_H
#define TASKCTL_CMD_SERVE_COMMANDS_H

#include "ctx.h"

#define TCTL_SERVE_PROGRAM "taskctl-serve"

struct tctl_serve_req {
	int64_t port;
	struct tctl_strings listen;
	struct tctl_strings hosts;
	bool behind_tls;
	bool write;
	bool no_token;
};
enum tctl_status tctl_serve_run(struct tctl_ctx *ctx, const void *req,
    struct json_object **out, struct tctl_error *err) __attribute__((weak));

struct tctl_export_req {
	const char *html;
};
enum tctl_status tctl_export_run(struct tctl_ctx *ctx, const void *req,
    struct json_object **out, struct tctl_error *err) __attribute__((weak));

#endif
