/* floor: cmd - the answer of status, written in three ways. */
#ifndef TASKCTL_CMD_STATUS_H
#define TASKCTL_CMD_STATUS_H

#include "ctx.h"

/* One screen for people. */
void tctl_status_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out);

/* Lines for scripts, which stay as they are whatever the version, the terminal
 * and the configuration: a word, then fields parted by tabs. */
void tctl_status_porcelain(FILE *to, struct json_object *out);

/**
 * A line by the caller's pattern: {totals.percent} is that number of the
 * answer, {leases.0.agent} the first lease's agent, {leases} how many there
 * are; {{ is a brace, \n and \t are what they are in C.
 *
 * @return TCTL_OK, or TCTL_EUSAGE: there is no such place; it is named
 */
enum tctl_status tctl_status_format(FILE *to, const char *pattern,
    struct json_object *out, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
