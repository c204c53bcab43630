/* done.c - taskctl done: a task is finished. */
#include "commands.h"
#include "holder.h"

/* clang-format off */
static const struct tctl_param rows[] = {
	TCTL_HOLDER_ROWS,
	{ .name = "message", .letter = 'm', .kind = TCTL_KIND_TEXT,
	  .metavar = "NOTE", .help = "a note to leave with the task",
	  .offset = offsetof(struct tctl_holder_req, message) },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static enum tctl_status
done_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct tctl_holder_req *req = request;
	struct tctl_answer answer = { .already = false };
	struct tctl_caller caller;
	enum tctl_status status =
	    tctl_ctx_caller(ctx, &req->who, req->task, &caller, err);

	if (status != TCTL_OK)
		return status;
	if (!ctx->global->json)
		ctx->coord.detail = TCTL_DETAIL_LINE;
	status = tctl_lease_done(
	    &ctx->coord, &caller, req->task, req->message, &answer, err);
	if (status == TCTL_OK && !answer.already)
		tctl_ctx_follow_up(ctx, true);
	*out = tctl_ctx_answer(ctx, status, &answer);
	return status;
}

const struct tctl_command tctl_command_done = {
	.name = "done",
	.group = TCTL_GROUP_WORK,
	.summary = "finish a task, and see what became ready",
	.about =
	    "Only the holder of the newest token finishes a task; anybody else "
	    "is refused with exit 6 and told who has it now. Doing it again is "
	    "a success that changes nothing. A lease that lapsed while nobody "
	    "else came is no obstacle: finished work is not thrown away.",
	.example = "$ taskctl done 2.1 -m 'metrics are in lib/metrics.c'",
	.param = rows,
	.req_size = sizeof(struct tctl_holder_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = done_run,
	.text = tctl_holder_text,
};
