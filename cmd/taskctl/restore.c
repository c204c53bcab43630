/* restore.c - the row of taskctl restore; cmd/taskctl-git/restore.c does it. */
#include "commands.h"
#include "git_commands.h"
#include "print.h"

#define AT(member) offsetof(struct tctl_restore_req, member)

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "FILE", .kind = TCTL_KIND_FILE, .flags = TCTL_PARAM_OPERAND,
	  .offset = AT(file), .help = "a file that backup has made" },
	{ .name = "from-git", .kind = TCTL_KIND_FLAG, .offset = AT(from_git),
	  .help = "from the events on the progress branch" },
	{ .name = "branch", .kind = TCTL_KIND_TEXT, .metavar = "NAME",
	  .offset = AT(branch), .help = "that branch",
	  .fallback = "git.branch, here or as a remote has it" },
	{ .name = "force", .kind = TCTL_KIND_FLAG, .offset = AT(force),
	  .help = "although leases live, or in place of a store that git is to "
	  "replace; -m says why" },
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
	.summary = "bring the store back, from a backup or from git",
	.about =
	    "From FILE: all is as it was when the backup was made, but for "
	    "leases: what was in work then is open again. It happens in one "
	    "step, in its turn among the writers, and what it replaces is kept "
	    "beside the store, as the answer says. While leases live it is "
	    "refused, unless --force ends them first, on record. A store that "
	    "cannot be opened is moved aside with its log; that wants --force "
	    "too.\n\n"
	    "--from-git: in a fresh clone the progress branch (also a "
	    "remote's, as origin/taskctl) holds every event: tasks, states and "
	    "history come back as they were, without the leases. A store that "
	    "is there already stays, unless --force says otherwise: then "
	    "leases that live are ended, and recorded. What cannot be read "
	    "changes nothing; the message names file and line.\n\n"
	    "Either way the event \"restored\" says who was at work. The store "
	    "is another one than that which was copied, with an id of its own, "
	    "and its tokens and events go on 2^32 above all that are known in "
	    "the store, the backup and git: no token from before is ever good "
	    "again. sync brings it together with what went on elsewhere.",
	.example = "$ taskctl restore /var/backups/app-Mon.db\n"
		   "$ git clone URL && cd REPO && taskctl restore --from-git",
	.param = rows,
	.req_size = sizeof(struct tctl_restore_req),
	.needs = TCTL_NEEDS_NOTHING,
	.run = tctl_git_restore_run,
	.text = tctl_git_restore_text,
	.quiet = restore_quiet,
};
