/* gantt.c - taskctl gantt: the schedule as a chart, in many formats. */
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "commands.h"
#include "plan_agents.h"
#include "plan_set.h"
#include "replace.h"

struct gantt_req {
	const char *format;
	const char *by;
	const char *file;
	const char *update;
	const char *theme;
	const char *agents;
	const char *calendar;
	int64_t limit;
	bool strict;
	bool whole;
};

#define AT(member) offsetof(struct gantt_req, member)

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "format", .kind = TCTL_KIND_CHOICE, .metavar = "F",
	  .choices = "mermaid|svg|html|png|pdf|csv|json|dot|mspdi|ics|tjp",
	  .offset = AT(format), .help = "what to write",
	  .fallback = "by the ending of -o, else mermaid" },
	{ .name = "output", .letter = 'o', .kind = TCTL_KIND_FILE,
	  .metavar = "FILE", .offset = AT(file),
	  .help = "write to FILE, replaced in one step",
	  .fallback = "standard output" },
	{ .name = "update", .kind = TCTL_KIND_FILE, .metavar = "FILE",
	  .offset = AT(update), .help = "replace the Mermaid gantt block in "
	  "the plan FILE, and nothing else of it" },
	{ .name = "by", .kind = TCTL_KIND_CHOICE, .choices = "sprint|agent",
	  .offset = AT(by), .help = "what its sections are",
	  .fallback = "sprint" },
	{ .name = "agents", .kind = TCTL_KIND_TEXT, .metavar = "N|NAMES",
	  .offset = AT(agents), .help = "as plan --agents shares it out among so "
	  "many agents, or these: ada,bob" },
	{ .name = "strict-agents", .kind = TCTL_KIND_FLAG, .offset = AT(strict),
	  .help = "what is planned for one agent, no other does" },
	{ .name = "calendar", .kind = TCTL_KIND_TEXT, .metavar = "HOURS",
	  .offset = AT(calendar), .help = "working hours of the agents, as in "
	  "\"mon-fri 09:00-17:00\"" },
	{ .name = "whole", .kind = TCTL_KIND_FLAG, .offset = AT(whole),
	  .help = "the plan as written, as if nothing were done yet" },
	{ .name = "limit", .kind = TCTL_KIND_NUMBER, .metavar = "N",
	  .offset = AT(limit), .help = "above N bars whole sections become one "
	  "bar each; 0: never", .fallback = "200 in pictures, 2000 in html, in "
	  "mermaid what it can draw" },
	{ .name = "theme", .kind = TCTL_KIND_CHOICE,
	  .choices = "light|dark|auto", .offset = AT(theme),
	  .help = "colours of svg, html, png, pdf and dot",
	  .fallback = "auto: the reader's; light where that cannot be" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static void
write_mermaid(FILE *to, const struct tctl_chart *chart, enum tctl_theme theme)
{
	(void)theme;
	tctl_export_mermaid(to, chart);
}

static void
write_csv(FILE *to, const struct tctl_chart *chart, enum tctl_theme theme)
{
	(void)theme;
	tctl_export_csv(to, chart);
}

static void
write_tjp(FILE *to, const struct tctl_chart *chart, enum tctl_theme theme)
{
	(void)theme;
	tctl_export_tjp(to, chart);
}

/* What people look at is folded; what programs read is whole. */
static const struct tctl_chart_format formats[] = {
	{ .name = "mermaid", .ending = "mmd", .write = write_mermaid },
	{ .name = "svg", .write = tctl_export_svg, .limit = 200 },
	{ .name = "html", .write = tctl_export_html, .limit = 2000 },
	{ .name = "png", .binary = true, .limit = 200 },
	{ .name = "pdf", .binary = true, .limit = 200 },
	{ .name = "csv", .write = write_csv },
	{ .name = "json", .write = tctl_chart_write_json },
	{ .name = "dot",
	    .ending = "gv",
	    .write = tctl_chart_write_dot,
	    .limit = 200 },
	{ .name = "mspdi", .ending = "xml", .whole = true },
	{ .name = "ics" },
	{ .name = "tjp", .write = write_tjp, .whole = true },
	{ .name = NULL },
};

/* --- gantt --update ---------------------------------------------------------
 */

/* A chart has other dates than the plan that it is of, and no `after`: where
 * the block is what the plan says its order by, it stays as people wrote it. */
static enum tctl_status
check_plan(struct tctl_ctx *ctx, const char *name, const char *old,
    size_t old_length, const char *new, size_t new_length,
    struct tctl_error *err)
{
	const struct tctl_plan_options options = { .file = name,
		.hours_per_day = (int)ctx->config.hours_per_day };
	struct tctl_plan *before = NULL, *after = NULL;
	struct tctl_error ignored;
	bool same;

	if (tctl_plan_read(old, old_length, &options, &before, &ignored) !=
	    TCTL_OK)
		return TCTL_OK; /* it is no plan: a README */
	same = tctl_plan_read(new, new_length, &options, &after, &ignored) ==
		   TCTL_OK &&
	       tctl_plan_same(before, after);
	tctl_plan_free(before);
	if (after != NULL)
		tctl_plan_free(after);
	if (same)
		return TCTL_OK;
	tctl_fail(err, TCTL_EINVALID,
	    "%s: its gantt block is part of the plan: with the chart in its "
	    "place the plan would say something else; nothing was written",
	    name);
	return tctl_hint(err,
	    "add a second block for the chart, with the comment %%%% taskctl "
	    "above its line gantt");
}

/* Read, change, replace, while the file's folder is ours. */
static enum tctl_status
update_file(struct tctl_ctx *ctx, const struct tctl_target *target,
    const char *name, const char *block, bool *changed, struct tctl_error *err)
{
	char *old = NULL, *new = NULL;
	size_t old_length = 0, new_length = 0;
	enum tctl_status status =
	    tctl_plan_file_load(target->path, &old, &old_length, err);

	if (status != TCTL_OK)
		return status;
	status = tctl_plan_gantt_replace(
	    old, old_length, block, &new, &new_length, err);
	if (status == TCTL_EINVALID)
		tctl_plan_file_place(name, err);
	/* A file that would not change is not touched. */
	*changed = status == TCTL_OK && (old_length != new_length ||
					    memcmp(old, new, old_length) != 0);
	if (*changed)
		status = check_plan(
		    ctx, name, old, old_length, new, new_length, err);
	if (*changed && status == TCTL_OK)
		status = tctl_target_replace(
		    target, old, old_length, new, new_length, err);
	free(old);
	free(new);
	return status;
}

static enum tctl_status
update(struct tctl_ctx *ctx, const struct gantt_req *req,
    struct tctl_chart *chart, struct json_object **out, struct tctl_error *err)
{
	const char *block =
	    tctl_chart_mermaid(ctx, write_mermaid, chart, req->limit);
	struct tctl_target target;
	bool changed = false;
	enum tctl_status status =
	    tctl_target_lock(req->update, ctx->config.wait_ms, &target, err);

	if (status != TCTL_OK)
		return status;
	status = update_file(ctx, &target, req->update, block, &changed, err);
	tctl_target_unlock(&target);
	if (status != TCTL_OK)
		return status;
	*out = json_object_new_object();
	json_object_object_add(
	    *out, "file", json_object_new_string(req->update));
	json_object_object_add(
	    *out, "format", json_object_new_string("mermaid"));
	json_object_object_add(
	    *out, "changed", json_object_new_boolean(changed));
	json_object_object_add(
	    *out, "tasks", json_object_new_int64((int64_t)chart->task_count));
	json_object_object_add(
	    *out, "folded", json_object_new_int64((int64_t)chart->folded));
	return TCTL_OK;
}

/* Who is to do it, if that was asked for. */
static enum tctl_status
read_share(struct tctl_ctx *ctx, const struct gantt_req *req,
    struct tctl_share_req *out, struct tctl_error *err)
{
	struct tctl_plan_req plan = { .agents = req->agents,
		.strict = req->strict,
		.calendar = req->calendar,
		.seed = -1,
		.effort = -1 };

	if (req->agents == NULL)
		return tctl_plan_agents_refuse(&plan, err);
	plan.whole = req->whole;
	return tctl_plan_agents_ask(ctx, &plan, out, err);
}

static enum tctl_status
gantt_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct gantt_req *req = request;
	const struct tctl_chart_wish wish = { .table = formats,
		.format = req->format,
		.theme = req->theme,
		.file = req->file,
		.limit = req->limit };
	const struct tctl_chart_format *format;
	struct tctl_chart_source source;
	struct tctl_share_req share = { 0 };
	bool by_agent = req->by != NULL && strcmp(req->by, "agent") == 0;
	enum tctl_status status = tctl_chart_check(ctx, &wish, &format, err);

	if (status != TCTL_OK)
		return status;
	if (req->update != NULL && (req->file != NULL || format != &formats[0]))
		return tctl_fail(err, TCTL_EUSAGE,
		    "--update writes Mermaid into its own file: without "
		    "--output and --format");
	status = read_share(ctx, req, &share, err);
	if (status == TCTL_OK)
		status = tctl_chart_source_read(ctx, req->whole, by_agent,
		    req->update == NULL ? NULL
					: tctl_plans_name(ctx, req->update),
		    req->agents == NULL ? NULL : &share, &source, err);
	if (status != TCTL_OK)
		return status;
	status = req->update != NULL ? update(ctx, req, &source.chart, out, err)
				     : tctl_chart_answer(ctx, &wish, format,
					   &source.chart, out, err);
	tctl_chart_source_release(&source);
	return status;
}

const struct tctl_command tctl_command_gantt = {
	.name = "gantt",
	.group = TCTL_GROUP_LOOK,
	.summary = "the schedule as a chart: Mermaid, SVG, HTML, PDF, MS "
		   "Project …",
	.about =
	    "What is done stands where it was done, what is in work where it "
	    "began, the rest from now on as early as it can; below each bar, "
	    "where the plan as written has it, had it begun with the first "
	    "task. Times are UTC.\n\n"
	    "With --agents what is not begun stands where plan --agents puts "
	    "it, with the agent who would do it; --by agent gives each a lane. "
	    "With --whole that is all of it, from now on.\n\n"
	    "mermaid goes between ```mermaid fences, or into mermaid.live. "
	    "html is one file that needs no network: + and - zoom, arrows "
	    "move, / searches. png, pdf, mspdi (Microsoft Project and what "
	    "reads its XML) and ics (calendars) are written by the helper "
	    "taskctl-chart. tjp is a TaskJuggler project for tj3.\n\n"
	    "--update wants exactly one gantt block in FILE, or one that has "
	    "the comment %% taskctl above its word gantt.",
	.example = "$ taskctl gantt -o plan.html\n"
		   "$ taskctl gantt --agents 3 --by agent -o agents.pdf\n"
		   "$ taskctl gantt --update sprint.md",
	.param = rows,
	.req_size = sizeof(struct gantt_req),
	.needs = TCTL_NEEDS_READ,
	.run = gantt_run,
	.text = tctl_chart_text,
	.loads = true,
};
