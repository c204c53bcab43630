/* sync.c - the row of taskctl sync; cmd/taskctl-git/sync.c does it. */
#include "commands.h"
#include "git_commands.h"
#include "print.h"

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "REMOTE", .kind = TCTL_KIND_TEXT, .flags = TCTL_PARAM_OPERAND,
	  .offset = offsetof(struct tctl_sync_req, remote),
	  .help = "a remote's name, path or URL",
	  .fallback = "origin, or the only remote" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static void
sync_quiet(FILE *to, struct json_object *out)
{
	fprintf(to, "%s\n", tctl_get(out, "commit"));
}

const struct tctl_command tctl_command_sync = {
	.name = "sync",
	.group = TCTL_GROUP_SHARE,
	.summary = "exchange progress with a remote",
	.about =
	    "Commits what is new, fetches the remote's progress branch, takes "
	    "its events in, and pushes both together. Fetch and push are your "
	    "git's: its credentials, hooks and protocols. Clones are merged by "
	    "event, never by text, and come to the same tasks whoever syncs "
	    "first: what is done is done; of two that set the same field the "
	    "later one has.\n\n"
	    "Leases hold on one machine only. A task that was claimed in two "
	    "clones is shown with both agents; the earlier claim stands, and "
	    "the other's lease is ended. For claims that exclude each other "
	    "over machines, let the agents share one store.\n\n"
	    "If somebody else pushed in between, it tries again. Where nothing "
	    "can be reached or read, nothing is changed; done again after a "
	    "crash, it goes on.",
	.example = "$ taskctl sync\n$ taskctl sync upstream",
	.param = rows,
	.req_size = sizeof(struct tctl_sync_req),
	.needs = TCTL_NEEDS_READ,
	.run = tctl_git_sync_run,
	.text = tctl_git_sync_text,
	.quiet = sync_quiet,
};
