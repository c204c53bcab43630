/* restore.c - the row of taskctl restore; cmd/taskctl-git/restore.c does it. */
#include "commands.h"
#include "git_commands.h"
#include "print.h"

#define AT(member) offsetof(struct tctl_restore_req, member)

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "from-git", .kind = TCTL_KIND_FLAG, .offset = AT(from_git),
	  .help = "from the events on the progress branch" },
	{ .name = "branch", .kind = TCTL_KIND_TEXT, .metavar = "NAME",
	  .offset = AT(branch), .help = "that branch",
	  .fallback = "git.branch, here or as a remote has it" },
	{ .name = "force", .kind = TCTL_KIND_FLAG, .offset = AT(force),
	  .help = "in place of the store that is there; -m says why" },
	{ .name = "message", .letter = 'm', .kind = TCTL_KIND_TEXT,
	  .metavar = "WHY", .offset = AT(message),
	  .help = "why, for the record" },
	TCTL_WHO_ROWS(struct tctl_restore_req),
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static void
restore_quiet(FILE *to, struct json_object *out)
{
	fprintf(to, "%s\n", tctl_get(out, "store"));
}

const struct tctl_command tctl_command_restore = {
	.name = "restore",
	.group = TCTL_GROUP_CARE,
	.summary = "rebuild the store from its events in git",
	.about =
	    "In a fresh clone the progress branch (also a remote's, as "
	    "origin/taskctl) holds every event: tasks, states and history come "
	    "back as they were. Leases do not: what was in work is open again, "
	    "and the event \"restored\" says who was at it. The store is "
	    "another one than that which wrote the branch, with an id of its "
	    "own, and its tokens and events go on 2^32 above all that are "
	    "known, so nothing is ever used twice; sync brings the two "
	    "together again.\n\n"
	    "A store that is there already stays, unless --force says "
	    "otherwise: then leases that live are ended, and recorded. What "
	    "cannot be read changes nothing; the message names file and line.",
	.example = "$ git clone URL && cd REPO && taskctl restore --from-git",
	.param = rows,
	.req_size = sizeof(struct tctl_restore_req),
	.needs = TCTL_NEEDS_NOTHING,
	.run = tctl_git_restore_run,
	.text = tctl_git_restore_text,
	.quiet = restore_quiet,
};
