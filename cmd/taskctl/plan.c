/* plan.c - taskctl plan and gantt: totals, the critical path, the chart. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "plan_agents.h"
#include "print.h"
#include "taskctl/export.h"
#include "taskctl/text.h"
#include "taskctl/work_json.h"

struct gantt_req {
	bool whole;
};

/* clang-format off */
static const struct tctl_param gantt_rows[] = {
	{ .name = "whole", .kind = TCTL_KIND_FLAG,
	  .offset = offsetof(struct gantt_req, whole),
	  .help = "the plan as written, as if nothing were done yet" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

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

/* A chart's bar of a task; finished work stands where it was done. */
static void
set_bar(struct tctl_bar *bar, const struct tctl_outlook *outlook, size_t i,
    bool whole)
{
	const struct tctl_task *task = &outlook->tasks.at[i];
	const struct tctl_slot *slot = &outlook->slot[i];
	int64_t now_ms = outlook->tasks.now_ms / 60000 * 60000;

	bar->id = task->id;
	bar->title = task->title;
	bar->section = task->sprint;
	bar->state = task->state;
	bar->critical = slot->slack_s == 0 && slot->end_s > slot->start_s;
	bar->start_ms = now_ms + slot->start_s * 1000;
	bar->end_ms = now_ms + slot->end_s * 1000;
	if (whole)
		return;
	if (task->state == TCTL_STATE_DONE && task->finished_ms > 0) {
		bar->end_ms = task->finished_ms;
		bar->start_ms =
		    task->started_ms > 0 ? task->started_ms : task->finished_ms;
	} else if (task->lease != NULL) {
		bar->start_ms = task->lease->acquired_ms;
	}
}

static const char *
section_title(struct tctl_ctx *ctx, const struct tctl_status_report *report,
    const struct tctl_task *task)
{
	for (size_t i = 0; task->sprint != NULL && i < report->sprint_count;
	     i++) {
		const struct tctl_sprint_status *sprint = &report->sprint[i];

		if (sprint->key != NULL &&
		    strcmp(sprint->key, task->sprint) == 0 &&
		    strcmp(sprint->plan, task->plan) == 0)
			return tctl_arena_printf(
			    ctx->arena, "%s %s", sprint->key, sprint->title);
	}
	return task->sprint;
}

static enum tctl_status
gantt_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct gantt_req *req = request;
	struct tctl_status_report report;
	struct tctl_outlook outlook;
	struct tctl_chart chart = { .title = "Plan" };
	char *text = NULL;
	size_t length;
	FILE *memory;
	enum tctl_status status =
	    tctl_status_read(&ctx->coord, 0, &report, err);

	if (status != TCTL_OK)
		return status;
	status = tctl_outlook_read(&ctx->coord, !req->whole, &outlook, err);
	if (status != TCTL_OK) {
		tctl_status_release(&report);
		return status;
	}
	if (report.title != NULL)
		chart.title = report.title;
	chart.now_ms = outlook.tasks.now_ms;
	chart.bar = tctl_arena_alloc(
	    ctx->arena, (outlook.tasks.count + 1) * sizeof(*chart.bar));
	for (size_t i = 0; i < outlook.tasks.count; i++) {
		struct tctl_bar *bar = &chart.bar[chart.bar_count];

		if (outlook.tasks.at[i].state == TCTL_STATE_CANCELLED)
			continue;
		set_bar(bar, &outlook, i, req->whole);
		bar->section =
		    section_title(ctx, &report, &outlook.tasks.at[i]);
		chart.bar_count++;
	}
	memory = open_memstream(&text, &length);
	if (memory == NULL)
		tctl_die_nomem();
	tctl_export_mermaid(memory, &chart);
	if (fclose(memory) != 0)
		tctl_die_nomem();
	*out = json_object_new_object();
	json_object_object_add(
	    *out, "format", json_object_new_string("mermaid"));
	json_object_object_add(*out, "chart", json_object_new_string(text));
	free(text);
	tctl_outlook_release(&outlook);
	tctl_status_release(&report);
	return TCTL_OK;
}

static void
gantt_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	(void)ctx;
	fputs(tctl_get(out, "chart"), to); /* made inert by the exporter */
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
};

const struct tctl_command tctl_command_gantt = {
	.name = "gantt",
	.group = TCTL_GROUP_LOOK,
	.summary = "print the Gantt chart as a Mermaid block",
	.about = "What is done stands where it was done, what is in work where "
		 "it began, the rest from now on as early as it can. Times are "
		 "UTC. Paste it between ```mermaid fences, or into "
		 "mermaid.live.",
	.example = "$ taskctl gantt >gantt.mmd",
	.param = gantt_rows,
	.req_size = sizeof(struct gantt_req),
	.needs = TCTL_NEEDS_READ,
	.run = gantt_run,
	.text = gantt_text,
};
