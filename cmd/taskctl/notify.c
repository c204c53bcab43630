/* notify.c - the row of taskctl notify; cmd/taskctl-notify does it. */
#include "notify.h"

#include "commands.h"

#define AT(member) offsetof(struct tctl_notify_req, member)

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "command", .kind = TCTL_KIND_TEXT, .metavar = "COMMAND",
	  .offset = AT(command),
	  .help = "run it by sh for each event, which it reads as JSON" },
	{ .name = "url", .kind = TCTL_KIND_TEXT, .metavar = "URL",
	  .offset = AT(url),
	  .help = "post each event there as JSON; env:NAME takes the address "
	  "from the environment" },
	{ .name = "events", .kind = TCTL_KIND_TEXT, .metavar = "KINDS",
	  .offset = AT(kinds), .fallback = "done,failed,lapsed,died,approved",
	  .help = "which events: kinds with commas, as log names them, or all" },
	{ .name = "follow", .letter = 'f', .kind = TCTL_KIND_FLAG,
	  .offset = AT(follow), .help = "go on: tell of events as they happen" },
	{ .name = "after", .kind = TCTL_KIND_NUMBER, .metavar = "ID",
	  .offset = AT(after), .fallback = "where it left off",
	  .help = "begin after this event" },
	{ .name = "name", .kind = TCTL_KIND_TEXT, .metavar = "NAME",
	  .offset = AT(name), .fallback = "default",
	  .help = "whose place in the log is kept: one for each receiver" },
	{ .name = "tries", .kind = TCTL_KIND_NUMBER, .metavar = "N",
	  .offset = AT(tries), .fallback = "10",
	  .help = "how often an event is tried before it is passed over" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

const struct tctl_command tctl_command_notify = {
	.name = "notify",
	.group = TCTL_GROUP_AGENTS,
	.summary = "tell a command or a webhook what happened",
	.about =
	    "Reads the log from where it left off (the first time from now on) "
	    "and tells of each event once it has been told of the one before: "
	    "in order, at least once, each tried again with growing pauses. It "
	    "is a process of its own, so no claim ever waits for it; run it "
	    "from cron, or with --follow as a service.\n\n"
	    "The command finds the event on standard input and its kind, task "
	    "and agent in $TASKCTL_EVENT, $TASKCTL_TASK and $TASKCTL_AGENT; "
	    "exit code 0 means that it was told. A webhook is told by any "
	    "answer of 200 to 299, and can tell repetitions by the header "
	    "Idempotency-Key. Neither is read from the configuration, which "
	    "comes with a repository: nobody else's command is ever run.",
	.example =
	    "$ taskctl notify --url env:CHAT_WEBHOOK --events failed,lapsed\n"
	    "$ taskctl notify --follow --command './on-event.sh'",
	.param = rows,
	.req_size = sizeof(struct tctl_notify_req),
	.needs = TCTL_NEEDS_READ,
	.run = tctl_notify_run,
	.text = tctl_notify_text,
	.helper = "taskctl-notify",
	.unattended = true,
};
