/* commit.c - taskctl commit: progress into git, by the helper that knows it. */
#include "commands.h"
#include "helper.h"
#include "print.h"

struct commit_req {
	const char *message;
};

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "message", .letter = 'm', .kind = TCTL_KIND_TEXT,
	  .metavar = "MSG", .offset = offsetof(struct commit_req, message),
	  .help = "the commit's first line, in place of a summary" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static enum tctl_status
commit_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	static char program[] = "taskctl-git", command[] = "commit",
		    db[] = "--db", json[] = "--json", quiet[] = "--quiet",
		    message[] = "-m";
	const struct commit_req *req = request;
	char *argv[9];
	int n = 0;

	(void)out;
	argv[n++] = program;
	argv[n++] = command;
	argv[n++] = db;
	argv[n++] = ctx->place.store;
	if (ctx->global->json)
		argv[n++] = json;
	if (ctx->global->quiet)
		argv[n++] = quiet;
	if (req->message != NULL) {
		argv[n++] = message;
		argv[n++] = tctl_arena_strdup(ctx->arena, req->message);
	}
	argv[n] = NULL;
	fflush(NULL);
	tctl_helper_exec("taskctl-git", argv);
	return tctl_fail(
	    err, TCTL_EFAILED, "taskctl-git, which commits, is not installed");
}

const struct tctl_command tctl_command_commit = {
	.name = "commit",
	.group = TCTL_GROUP_SHARE,
	.summary = "commit progress to its own branch",
	.about =
	    "The events since the last such commit become one commit on the "
	    "branch git.branch, which nobody checks out. No index, working "
	    "tree or HEAD is touched, so any number may run at once. done "
	    "starts it in the background while git.auto is on.",
	.example = "$ taskctl commit\n$ git log taskctl",
	.param = rows,
	.req_size = sizeof(struct commit_req),
	.needs = TCTL_NEEDS_PLACE,
	.run = commit_run,
};
