/* floor: cmd - what a program says beside its answer, on standard error.
 *
 * To whoever has called it: a line of text.  Where the journal reads it
 * ($JOURNAL_STREAM, systemd.exec(5)): the same, with its priority in front
 * (sd-daemon(3)).  What runs unattended (struct tctl_command, unattended) keeps
 * a log: on a terminal the same text, elsewhere an object of JSON a line.
 * $TASKCTL_LOG is text or json, whatever the rest says. */
#ifndef TASKCTL_CMD_REMARK_H
#define TASKCTL_CMD_REMARK_H

#include "taskctl/call.h"
#include "taskctl/memory.h"

/* As syslog(3) numbers them. */
enum tctl_priority {
	TCTL_REMARK_ERROR = 3,
	TCTL_REMARK_WARNING = 4,
	TCTL_REMARK_INFO = 6
};

/* Whose words they are from now on; borrowed.  Costs nothing until something is
 * said. */
void tctl_remark_for(const struct tctl_command *command);

/* One line; any text, made inert. */
void tctl_remark(enum tctl_priority priority, const char *fmt, ...)
    TCTL_PRINTF(2, 3);

/* An error with its code and hint. */
void tctl_remark_error(const struct tctl_error *err);

/* In a child that nobody watches: say it as JSON to the end of a file, which
 * begins anew where it has grown large.  Its mode is that of the file beside
 * it. */
void tctl_remark_into(const char *path, const char *beside);

#endif
