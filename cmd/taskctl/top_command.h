/* floor: cmd - taskctl top: its request and its keys.
 *
 * The row is cmd/taskctl/top.c, for help, man page and completion; what it does
 * is in cmd/taskctl-top. */
#ifndef TASKCTL_CMD_TOP_COMMAND_H
#define TASKCTL_CMD_TOP_COMMAND_H

#include "elsewhere.h"

struct tctl_top_req {
	struct tctl_who who;
};

TCTL_RUN_ELSEWHERE(tctl_top_run);

/* Every key, as help and the man page tell it: keys, and what they do. */
/* clang-format off */
#define TCTL_TOP_KEYS(X) \
	X("j k, arrows", "one line down, up") \
	X("PgDn PgUp", "one page down, up") \
	X("g G, Home End", "to the first line, the last") \
	X("Tab, 1 to 5", "the next view; tasks, sprints, agents, events, " \
	    "stuck") \
	X("Enter, l", "open it: a task with why, dependencies and events; " \
	    "the tasks of a sprint or an agent") \
	X("Esc, h", "back; takes out the filter first") \
	X("/", "show only lines with a text; empty: all") \
	X("s S", "sort by the next column; turn the order round") \
	X("c r d", "claim, release, finish the task, as the agent that you " \
	    "are; y confirms") \
	X("m", "all messages and errors so far") \
	X("Ctrl-L", "read and draw everything anew") \
	X("Ctrl-Z", "suspend; fg goes on") \
	X("? q", "these keys; quit")
/* clang-format on */

#endif
