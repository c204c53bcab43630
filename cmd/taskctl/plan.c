/* plan.c - taskctl plan: totals, and the critical path. */
#include "commands.h"
#include "plan_agents.h"
#include "print.h"
#include "taskctl/text.h"
#include "taskctl/work_json.h"

static enum tctl_status
plan_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct tctl_plan_req *req = request;
	struct tctl_outlook outlook;
	enum tctl_status status;

	if (req->agents != NULL)
		return tctl_plan_agents_run(ctx, req, out, err);
	status = tctl_plan_agents_refuse(req, err);
	if (status != TCTL_OK)
		return status;
	status = tctl_outlook_read(&ctx->coord, false, &outlook, err);
	if (status == TCTL_OK) {
		*out = tctl_json_outlook(&outlook);
		tctl_outlook_release(&outlook);
		status = tctl_plan_add_forecast(ctx, *out, err);
	}
	return status;
}

static void
plan_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *path = tctl_get_object(out, "critical_path");

	if (tctl_get_object(out, "names") != NULL) {
		tctl_plan_agents_text(ctx, to, out);
		return;
	}
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
	tctl_put_forecast(ctx, to, tctl_get_object(out, "forecast"));
}

static void
plan_quiet(FILE *to, struct json_object *out)
{
	struct json_object *path = tctl_get_object(out, "critical_path");

	if (tctl_get_object(out, "names") != NULL) {
		tctl_plan_agents_quiet(to, out);
		return;
	}
	for (size_t i = 0; i < json_object_array_length(path); i++)
		fprintf(to, "%s\n",
		    json_object_get_string(json_object_array_get_idx(path, i)));
}

const struct tctl_command tctl_command_plan = {
	.name = "plan",
	.group = TCTL_GROUP_LOOK,
	.summary = "totals, the critical path, a schedule for so many agents",
	.about =
	    "How long the plan takes one task after another, and how long at "
	    "the least with as many agents as it takes.\n\n"
	    "With --agents: who would do what when, from now on, so that all "
	    "is done soonest. What is done is done, what is in work stays with "
	    "who has it. Agents are named, or counted: then those who hold a "
	    "task come first, and after them those whom the plan gives most "
	    "work. A planned agent is preferred; with --strict-agents nobody "
	    "else may. The lower bound is a time that no schedule beats; where "
	    "the two are equal, or all schedules were looked at, it is said "
	    "that none is shorter. critical_path is what decides the time: "
	    "each starts when the one before ends, which it needs, or whose "
	    "agent or mutex it takes over.\n\n"
	    "--calendar gives working hours in local time, as in \"mon-fri "
	    "09:00-12:00 13:00-17:00, sat 10-12\": outside of them all work "
	    "rests. A change of summer time before the end is not looked "
	    "at.\n\n"
	    "The forecast is from the estimates and actual times of the tasks "
	    "that were finished last, at least three.",
	.example = "$ taskctl plan\n"
		   "$ taskctl plan --agents 3\n"
		   "$ taskctl plan --agents ada,bob --strict-agents",
	.param = tctl_plan_rows,
	.req_size = sizeof(struct tctl_plan_req),
	.needs = TCTL_NEEDS_READ,
	.run = plan_run,
	.text = plan_text,
	.quiet = plan_quiet,
};
