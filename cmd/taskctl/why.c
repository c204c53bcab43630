/* why.c - taskctl why: exactly why a task can or cannot be claimed now. */
#include "commands.h"
#include "print.h"
#include "taskctl/work_json.h"

struct why_req {
	const char *task;
};

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "TASK", .kind = TCTL_KIND_TASK,
	  .flags = TCTL_PARAM_OPERAND | TCTL_PARAM_REQUIRED,
	  .offset = offsetof(struct why_req, task), .help = "the task" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static enum tctl_status
why_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct why_req *req = request;
	struct tctl_why why;
	enum tctl_status status =
	    tctl_why_read(&ctx->coord, req->task, &why, err);

	if (status == TCTL_OK) {
		*out = tctl_json_why(&why);
		tctl_why_release(&why);
	}
	return status;
}

static void
why_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *task = tctl_get_object(out, "task");
	struct json_object *reasons = tctl_get_object(out, "reasons");
	struct json_object *last = tctl_get_object(out, "last_lease");
	struct json_object *lease = tctl_get_object(task, "lease");
	bool claimable = tctl_get_bool(out, "claimable");

	tctl_put(ctx, to, TCTL_BOLD, tctl_get(task, "ref"));
	fputs("  ", to);
	tctl_put(ctx, to, TCTL_PLAIN, tctl_get(task, "title"));
	fputs("\n", to);
	tctl_put(ctx, to, claimable ? TCTL_GREEN : TCTL_YELLOW,
	    claimable ? "can be claimed now" : "cannot be claimed now");
	fputs("\n", to);
	for (size_t i = 0; i < json_object_array_length(reasons); i++) {
		fputs("  - ", to);
		tctl_put(ctx, to, TCTL_PLAIN,
		    tctl_get(json_object_array_get_idx(reasons, i), "text"));
		fputs("\n", to);
	}
	if (lease != NULL) {
		fputs("  lease: until ", to);
		tctl_put_instant(ctx, to, tctl_get(lease, "expires_at"));
		fputs(", last renewed ", to);
		tctl_put_instant(ctx, to, tctl_get(lease, "renewed_at"));
		fprintf(to, " by %s", tctl_get(lease, "renewed_by"));
		if (tctl_get_object(lease, "pid") != NULL)
			fprintf(to, ", process %s", tctl_get(lease, "pid"));
		fputs("\n", to);
	}
	tctl_put_reserved(to, "  reserved: ", lease);
	if (last != NULL) {
		fputs("  its last lease, ", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(last, "agent"));
		fputs("'s, ended ", to);
		tctl_put_instant(ctx, to, tctl_get(last, "at"));
		fputs(" (", to);
		tctl_put(ctx, to, TCTL_PLAIN, tctl_get(last, "ended"));
		fputs(")\n", to);
	}
}

const struct tctl_command tctl_command_why = {
	.name = "why",
	.group = TCTL_GROUP_LOOK,
	.summary = "say exactly why a task can or cannot be claimed now",
	.about = "It is the function that claim, ready and status use, so it "
		 "never says anything else than they do.",
	.example = "$ taskctl why 3.1",
	.param = rows,
	.req_size = sizeof(struct why_req),
	.needs = TCTL_NEEDS_READ,
	.run = why_run,
	.text = why_text,
};
