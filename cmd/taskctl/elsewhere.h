/* floor: cmd - commands whose row is in taskctl, and whose doing is elsewhere.
 *
 * What needs a heavy library is in a program of its own: taskctl with those
 * files and that library (WITH in the Makefile).  In the others its functions
 * are missing (the symbols are weak), and main becomes the program that the row
 * names (tctl_command.helper). */
#ifndef TASKCTL_CMD_ELSEWHERE_H
#define TASKCTL_CMD_ELSEWHERE_H

#include "ctx.h"

#define TCTL_RUN_ELSEWHERE(name) \
	enum tctl_status name(struct tctl_ctx *ctx, const void *req, \
	    struct json_object **out, struct tctl_error *err) \
	    __attribute__((weak))
#define TCTL_TEXT_ELSEWHERE(name) \
	void name(struct tctl_ctx *ctx, FILE *to, struct json_object *out) \
	    __attribute__((weak))

#endif
