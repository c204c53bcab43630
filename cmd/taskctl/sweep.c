/* sweep.c - taskctl sweep: end what has ended. */
#include "commands.h"
#include "print.h"
#include "taskctl/work_json.h"

static enum tctl_status
sweep_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	struct tctl_sweep_result result = { .arena = NULL };
	enum tctl_status status;

	(void)request;
	status = tctl_lease_sweep(&ctx->coord, &result, err);
	if (status == TCTL_OK) {
		*out = json_object_new_object();
		json_object_object_add(
		    *out, "ended", tctl_json_strings(&result.ids));
		tctl_ctx_follow_up(ctx, result.ended > 0);
	}
	tctl_arena_free(result.arena);
	return status;
}

const struct tctl_command tctl_command_sweep = {
	.name = "sweep",
	.group = TCTL_GROUP_CARE,
	.summary = "end leases that lapsed or whose process is gone",
	.about =
	    "Every claim does this too, and every view shows it already: sweep "
	    "only writes it down, and refreshes .tasks/sprint_status.json. "
	    "Silent when there is nothing to do.",
	.example = "* * * * * cd /srv/app && taskctl heartbeat --all --host -q "
		   "&& taskctl sweep",
	.needs = TCTL_NEEDS_WRITE,
	.run = sweep_run,
	.text = tctl_put_ended,
};
