/* sync.c - stub */
#include "../taskctl/git_commands.h"
enum tctl_status
tctl_git_sync_run(struct tctl_ctx *ctx, const void *request,
    struct json_object **out, struct tctl_error *err)
{
	(void)ctx; (void)request; (void)out;
	return tctl_fail(err, TCTL_EFAILED, "not yet");
}
void
tctl_git_sync_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	(void)ctx; (void)to; (void)out;
}
