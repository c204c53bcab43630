/* commit.c - the row of taskctl commit; cmd/taskctl-git/commit.c does it. */
#include "commands.h"
#include "git_commands.h"
#include "print.h"

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "message", .letter = 'm', .kind = TCTL_KIND_TEXT,
	  .metavar = "MSG", .offset = offsetof(struct tctl_commit_req, message),
	  .help = "the commit's first line, in place of a summary" },
	{ .name = "push", .kind = TCTL_KIND_FLAG,
	  .offset = offsetof(struct tctl_commit_req, push),
	  .help = "and exchange progress with the remote, as sync does" },
	{ .name = "later", .kind = TCTL_KIND_FLAG,
	  .offset = offsetof(struct tctl_commit_req, later),
	  .help = "wait until git.interval is over since the last one; leave "
	      "at once if another process waits for that" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static void
commit_quiet(FILE *to, struct json_object *out)
{
	if (tctl_get_bool(out, "is_new"))
		fprintf(to, "%s\n", tctl_get(out, "commit"));
}

const struct tctl_command tctl_command_commit = {
	.name = "commit",
	.group = TCTL_GROUP_SHARE,
	.summary = "commit progress to its own branch",
	.about =
	    "The events since the last such commit become one commit on the "
	    "branch git.branch, which nobody checks out. No index, working "
	    "tree or HEAD is touched, so any number may run at once. done "
	    "starts it in the background, with --later, while git.auto is on. "
	    "Where git.branch is HEAD, the commit goes to the branch that is "
	    "checked out, and changes nothing but .tasks/progress/. git.sign "
	    "signs it.",
	.example = "$ taskctl commit\n$ git log taskctl",
	.param = rows,
	.req_size = sizeof(struct tctl_commit_req),
	.needs = TCTL_NEEDS_READ,
	.run = tctl_git_commit_run,
	.text = tctl_git_commit_text,
	.quiet = commit_quiet,
};
