/* top.c - the row of taskctl top; cmd/taskctl-top does it. */
#include "top_command.h"

#include "commands.h"

/* clang-format off */
static const struct tctl_param rows[] = {
	TCTL_WHO_ROWS(struct tctl_top_req),
	{ .kind = TCTL_KIND_END }
};

#define KEY(keys, does) "\n\n" keys ": " does "."
/* clang-format on */

const struct tctl_command tctl_command_top = {
	.name = "top",
	.group = TCTL_GROUP_LOOK,
	.summary = "watch tasks, sprints, agents and events on a live board",
	.about =
	    "What it shows is what status, list, agents, log and why say; it "
	    "changes within a moment of the store, and holds nothing open "
	    "while it waits. Tasks are claimed, released and finished from it "
	    "as by the commands. It goes on when the store is lost and comes "
	    "back. Keys:" TCTL_TOP_KEYS(KEY),
	.example = "$ taskctl top --agent ada",
	.param = rows,
	.req_size = sizeof(struct tctl_top_req),
	.needs = TCTL_NEEDS_READ,
	.run = tctl_top_run,
	.helper = "taskctl-top",
};
