/* graph.c - taskctl graph: what waits for what, and the critical path. */
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "commands.h"

struct graph_req {
	const char *format;
	const char *file;
	const char *theme;
	int64_t limit;
};

#define AT(member) offsetof(struct graph_req, member)

/* clang-format off */
static const struct tctl_param rows[] = {
	{ .name = "format", .kind = TCTL_KIND_CHOICE, .metavar = "F",
	  .choices = "mermaid|dot|svg|json", .offset = AT(format),
	  .help = "what to write",
	  .fallback = "by the ending of -o, else mermaid" },
	{ .name = "output", .letter = 'o', .kind = TCTL_KIND_FILE,
	  .metavar = "FILE", .offset = AT(file),
	  .help = "write to FILE, replaced in one step",
	  .fallback = "standard output" },
	{ .name = "limit", .kind = TCTL_KIND_NUMBER, .metavar = "N",
	  .offset = AT(limit), .help = "above N tasks whole sprints become one "
	  "node each; 0: never", .fallback = "200, in mermaid what it can draw" },
	{ .name = "theme", .kind = TCTL_KIND_CHOICE, .choices = "light|dark",
	  .offset = AT(theme), .help = "colours of dot and svg",
	  .fallback = "light" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

static void
write_mermaid(FILE *to, const struct tctl_chart *chart, enum tctl_theme theme)
{
	(void)theme;
	tctl_export_flowchart(to, chart);
}

static const struct tctl_chart_format formats[] = {
	{ .name = "mermaid", .ending = "mmd", .write = write_mermaid },
	{ .name = "dot",
	    .ending = "gv",
	    .write = tctl_chart_write_dot,
	    .limit = 200 },
	{ .name = "svg", .helper = "layout", .limit = 200 },
	{ .name = "json", .write = tctl_chart_write_json },
	{ .name = NULL },
};

static enum tctl_status
graph_run(struct tctl_ctx *ctx, const void *request, struct json_object **out,
    struct tctl_error *err)
{
	const struct graph_req *req = request;
	const struct tctl_chart_wish wish = { .table = formats,
		.format = req->format,
		.theme = req->theme,
		.file = req->file,
		.limit = req->limit };
	const struct tctl_chart_format *format;
	struct tctl_chart_source source;
	enum tctl_status status = tctl_chart_check(ctx, &wish, &format, err);

	if (status == TCTL_OK)
		status = tctl_chart_source_read(
		    ctx, false, false, NULL, NULL, &source, err);
	if (status != TCTL_OK)
		return status;
	status = tctl_chart_answer(ctx, &wish, format, &source.chart, out, err);
	tctl_chart_source_release(&source);
	return status;
}

const struct tctl_command tctl_command_graph = {
	.name = "graph",
	.group = TCTL_GROUP_LOOK,
	.summary = "what waits for what, and the critical path",
	.about = "An arrow leads from each task to those that need it; what is "
		 "left of the critical path is drawn thick. A dotted arrow "
		 "stands for a sprint that waits for the whole one before "
		 "it.\n\n"
		 "svg is laid out by graphviz, in the helper taskctl-chart; "
		 "dot is what graphviz itself reads.",
	.example = "$ taskctl graph -o graph.svg",
	.param = rows,
	.req_size = sizeof(struct graph_req),
	.needs = TCTL_NEEDS_READ,
	.run = graph_run,
	.text = tctl_chart_text,
};
