/* floor: cmd - the commands, in the order in which help shows them.
 *
 * A command is a file, and one line here. */
#ifndef TASKCTL_CMD_COMMANDS_H
#define TASKCTL_CMD_COMMANDS_H

#include "taskctl/call.h"

#define TCTL_COMMAND_LIST(X) \
	X(init) \
	X(import) \
	X(lint) \
	X(add) \
	X(edit) \
	X(dep) \
	X(step) \
	X(note) \
	X(approve) \
	X(cancel) \
	X(reopen) \
	X(claim) \
	X(heartbeat) \
	X(done) \
	X(release) \
	X(fail) \
	X(run) \
	X(wait) \
	X(status) \
	X(ready) \
	X(list) \
	X(show) \
	X(mine) \
	X(agents) \
	X(log) \
	X(why) \
	X(where) \
	X(plan) \
	X(gantt) \
	X(graph) \
	X(report) \
	X(top) \
	X(serve) \
	X(export) \
	X(commit) \
	X(sync) \
	X(reserve) \
	X(guard) \
	X(worktree) \
	X(metrics) \
	X(notify) \
	X(sweep) \
	X(tick) \
	X(doctor) \
	X(backup) \
	X(restore) \
	X(config) \
	X(migrate) \
	X(help) \
	X(version) \
	X(completion)

#define TCTL_COMMAND_DECLARE(name) \
	extern const struct tctl_command tctl_command_##name;
TCTL_COMMAND_LIST(TCTL_COMMAND_DECLARE)
#undef TCTL_COMMAND_DECLARE

/* The headings of help, in one spelling. */
#define TCTL_GROUP_SET_UP "set up"
#define TCTL_GROUP_WORK "work"
#define TCTL_GROUP_LOOK "look"
#define TCTL_GROUP_SHARE "share"
#define TCTL_GROUP_AGENTS "agents and machines"
#define TCTL_GROUP_CARE "care"

extern const struct tctl_program tctl_taskctl;

#endif
