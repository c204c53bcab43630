/* fail.c - taskctl fail: give a task back as failed. */
#include "commands.h"
#include "holder.h"

/* clang-format off */
static const struct tctl_param rows[] = {
	TCTL_HOLDER_ROWS,
	{ .name = "message", .letter = 'm', .kind = TCTL_KIND_TEXT,
	  .metavar = "WHY", .flags = TCTL_PARAM_REQUIRED,
	  .help = "what went wrong",
	  .offset = offsetof(struct tctl_holder_req, message) },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static enum tctl_status
fail_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct tctl_holder_req *req = request;
	struct tctl_answer answer = { .already = false };
	struct tctl_caller caller;
	enum tctl_status status;

	if (req->message == NULL || req->message[0] == '\0')
		return tctl_fail(
		    err, TCTL_EUSAGE, "fail wants a reason: -m WHY");
	status = tctl_ctx_caller(ctx, &req->who, req->task, &caller, err);
	if (status != TCTL_OK)
		return status;
	if (!ctx->global->json)
		ctx->coord.detail = TCTL_DETAIL_LINE;
	status = tctl_lease_fail(
	    &ctx->coord, &caller, req->task, req->message, &answer, err);
	if (status == TCTL_OK)
		tctl_ctx_follow_up(ctx, true);
	*out = tctl_ctx_answer(ctx, status, &answer);
	return status;
}

const struct tctl_command tctl_command_fail = {
	.name = "fail",
	.group = TCTL_GROUP_WORK,
	.summary = "give a task back as failed",
	.about = "What needs it waits; why and status say so; reopen brings it "
		 "back.",
	.example = "$ taskctl fail 2.1 -m 'the API it needs does not exist'",
	.param = rows,
	.req_size = sizeof(struct tctl_holder_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = fail_run,
	.text = tctl_holder_text,
};
