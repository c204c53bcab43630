/* plan.c - taskctl plan: totals, and the critical path. */
#include "commands.h"
#include "print.h"
#include "taskctl/text.h"
#include "taskctl/work_json.h"

static enum tctl_status
plan_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	struct tctl_outlook outlook;
	enum tctl_status status =
	    tctl_outlook_read(&ctx->coord, false, &outlook, err);

	(void)request;
	if (status == TCTL_OK) {
		*out = tctl_json_outlook(&outlook);
		tctl_outlook_release(&outlook);
	}
	return status;
}

static void
plan_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *path = tctl_get_object(out, "critical_path");

	(void)ctx;
	fprintf(to, "one after another  ");
	tctl_put_duration(to, tctl_get_number(out, "sequential_s"));
	fprintf(to, "  (%zu tasks)\n", tctl_get_count(out, "tasks"));
	fprintf(to, "critical path      ");
	tctl_put_duration(to, tctl_get_number(out, "makespan_s"));
	fprintf(
	    to, "  (%s agents at once at the most)\n", tctl_get(out, "agents"));
	fputs("                   ", to);
	for (size_t i = 0; i < json_object_array_length(path); i++) {
		fputs(i == 0 ? "" : " → ", to);
		tctl_text_inert(to,
		    json_object_get_string(json_object_array_get_idx(path, i)));
	}
	fputs("\n", to);
	if (!tctl_get_bool(out, "optimal"))
		fputs("tasks that share a mutex would overlap: it takes longer "
		      "than the critical path\n",
		    to);
}

const struct tctl_command tctl_command_plan = {
	.name = "plan",
	.group = TCTL_GROUP_LOOK,
	.summary = "totals and the critical path",
	.about = "How long the plan takes one task after another, and how long "
		 "at the least with as many agents as it takes.",
	.example = "$ taskctl plan",
	.needs = TCTL_NEEDS_READ,
	.run = plan_run,
	.text = plan_text,
};
