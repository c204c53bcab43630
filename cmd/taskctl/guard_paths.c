/* guard_paths.c - pre-commit: are staged paths reserved by somebody else? */
#include "guard.h"

enum tctl_status
tctl_guard_pre_commit(struct tctl_ctx *ctx, const struct tctl_strings *arg,
    struct json_object **out, struct tctl_error *err)
{
	(void)ctx;
	(void)arg;
	(void)out;
	(void)err;
	return TCTL_OK;
}
