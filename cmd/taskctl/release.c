/* release.c - taskctl release: give a task back. */
#include "commands.h"
#include "holder.h"

/* clang-format off */
static const struct tctl_param rows[] = {
	TCTL_HOLDER_ROWS,
	{ .name = "message", .letter = 'm', .kind = TCTL_KIND_TEXT,
	  .metavar = "NOTE", .help = "a note for whoever takes it next",
	  .offset = offsetof(struct tctl_holder_req, message) },
	{ .name = "force", .kind = TCTL_KIND_FLAG,
	  .help = "end another's lease; wants -m, and is recorded",
	  .offset = offsetof(struct tctl_holder_req, force) },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static enum tctl_status
release_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
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
	status = tctl_lease_release(&ctx->coord, &caller, req->task,
	    req->message, req->force, &answer, err);
	if (status == TCTL_OK)
		tctl_ctx_follow_up(ctx, false);
	*out = tctl_ctx_answer(ctx, status, &answer);
	return status;
}

const struct tctl_command tctl_command_release = {
	.name = "release",
	.group = TCTL_GROUP_WORK,
	.summary = "give a task back, ready for others",
	.about = "The token is dead from then on.",
	.example = "$ taskctl release 2.1 -m 'needs the staging database'",
	.param = rows,
	.req_size = sizeof(struct tctl_holder_req),
	.needs = TCTL_NEEDS_WRITE,
	.run = release_run,
	.text = tctl_holder_text,
};
