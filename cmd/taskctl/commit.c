/* commit.c - the row of taskctl commit; cmd/taskctl-git does it: progress in
 * commit.c, work on a task in work.c. */
#include "commands.h"
#include "git_commands.h"
#include "print.h"

#define AT(member) offsetof(struct tctl_commit_req, member)

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "TASK", .kind = TCTL_KIND_TASK,
	  .flags = TCTL_PARAM_OPERAND, .offset = AT(task),
	  .help = "commit the caller's work on this task, to HEAD" },
	{ .name = "PATH", .kind = TCTL_KIND_FILE,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_MANY, .offset = AT(paths),
	  .help = "files or folders to commit, as they are",
	  .fallback = "what the plan names for the task, and what is reserved for it" },
	{ .name = "message", .letter = 'm', .kind = TCTL_KIND_TEXT,
	  .metavar = "MSG", .offset = AT(message),
	  .help = "the commit's message",
	  .fallback = "of progress a summary; with TASK: \"TASK: its title\"" },
	{ .name = "push", .kind = TCTL_KIND_FLAG, .offset = AT(push),
	  .help = "and exchange progress with the remote, as sync does" },
	{ .name = "later", .kind = TCTL_KIND_FLAG, .offset = AT(later),
	  .help = "wait until git.interval is over since the last one; leave "
	  "at once if another process waits for that" },
	TCTL_WHO_ROWS(struct tctl_commit_req),
	TCTL_TOKEN_ROW(struct tctl_commit_req),
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
	.summary = "commit progress to its own branch, or work on a task to "
		   "HEAD",
	.about =
	    "The events since the last such commit become one commit on the "
	    "branch git.branch, which nobody checks out. No index, working "
	    "tree or HEAD is touched, so any number may run at once. done "
	    "starts it in the background, with --later, while git.auto is on. "
	    "Where git.branch is HEAD, the commit goes to the branch that is "
	    "checked out, and changes nothing but .tasks/progress/. git.sign "
	    "signs it.\n\n"
	    "With a TASK, which the caller must hold (exit 6 otherwise), its "
	    "paths are committed to HEAD as they are in the working tree: "
	    "exactly these, whatever others have changed or staged in the same "
	    "checkout, which stays as it is. Callers take their turn instead "
	    "of failing at index.lock, the user's hooks run, and the message "
	    "names task, agent, token and store. A lease that is lost while "
	    "the hooks run stops the commit. Paths are taken literally; "
	    "nothing to commit is a success.",
	.example = "$ taskctl commit\n$ git log taskctl\n"
		   "$ taskctl commit 2.1 -m 'Count the queries' lib/count.c",
	.param = rows,
	.req_size = sizeof(struct tctl_commit_req),
	.needs = TCTL_NEEDS_READ,
	.run = tctl_git_commit_run,
	.text = tctl_git_commit_text,
	.quiet = commit_quiet,
};
