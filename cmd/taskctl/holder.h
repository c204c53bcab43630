/* floor: cmd - the ends of a lease: what done, release and fail have in
 * common. */
#ifndef TASKCTL_CMD_HOLDER_H
#define TASKCTL_CMD_HOLDER_H

#include "print.h"

struct tctl_holder_req {
	struct tctl_who who;
	const char *task;
	const char *message;
	bool force;
};

/* clang-format off */
#define TCTL_HOLDER_ROWS \
	{ .name = "TASK", .kind = TCTL_KIND_TASK, \
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED, \
	  .offset = offsetof(struct tctl_holder_req, task), \
	  .help = "the task" }, \
	TCTL_WHO_ROWS(struct tctl_holder_req), \
	TCTL_TOKEN_ROW(struct tctl_holder_req)
/* clang-format on */

/* "done 1.3  Title", then what became ready. */
void tctl_holder_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out);

/* Nothing could be begun with what was claimed.  Where not even that can be
 * written, err gets a hint. */
void tctl_holder_give_back(const struct tctl_ctx *ctx,
    const struct tctl_caller *caller, const char *ref, struct tctl_error *err);

#endif
