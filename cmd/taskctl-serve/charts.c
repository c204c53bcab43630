/* charts.c - the chart of the store, and the graph that is drawn of it. */
#include "draw.h"

enum { NODES = 200 };

bool
tctl_chart_open(struct tctl_serve *serve, bool by_agent, struct tctl_ctx *ctx,
    struct tctl_chart_source *out, struct tctl_answer_page *page)
{
	struct tctl_error err = { .status = TCTL_OK };
	enum tctl_status status = TCTL_EFAILED;

	*ctx = *serve->ctx;
	if (ctx->coord.store == NULL)
		tctl_fail(&err, status, "the store is not there any more");
	else {
		ctx->arena = tctl_arena_new();
		status = tctl_chart_source_read(
		    ctx, false, by_agent, NULL, NULL, out, &err);
		if (status == TCTL_OK)
			return true;
		tctl_arena_free(ctx->arena);
	}
	tctl_page_error(serve, tctl_serve_code(status), err.text, page);
	return false;
}

char *
tctl_chart_graph_json(
    struct tctl_serve *serve, struct tctl_answer_page *refused)
{
	struct tctl_chart_source source;
	struct json_object *json;
	struct tctl_ctx ctx;
	char *text;

	if (!tctl_chart_open(serve, false, &ctx, &source, refused))
		return NULL;
	tctl_chart_fold(&source.chart, NODES, ctx.arena);
	json = tctl_export_json(&source.chart);
	text = tctl_xstrdup(
	    json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN));
	json_object_put(json);
	tctl_chart_source_release(&source);
	tctl_arena_free(ctx.arena);
	return text;
}

/* The critical path in words too: who cannot see the picture has it. */
void
tctl_page_graph(struct tctl_serve *serve, struct tctl_answer_page *page)
{
	struct tctl_draw draw = tctl_draw_of(serve, page);
	enum tctl_status status;
	struct json_object *plan = tctl_serve_ask(serve, &status, "plan", NULL);

	if (status != TCTL_OK) {
		tctl_draw_refusal(serve, status, plan, page);
		json_object_put(plan);
		return;
	}
	tctl_draw_begin(&draw, "Graph", "/graph");
	fputs("<h1>What waits for what</h1>\n<div id=\"path\" data-live>\n<p>"
	      "Critical path, ",
	    draw.to);
	tctl_draw_duration(&draw, tctl_get_number(plan, "makespan_s"));
	fputs(" at the least: ", draw.to);
	tctl_draw_tasks(&draw, "", tctl_get_object(plan, "critical_path"));
	fputs("</p>\n</div>\n<div class=\"picture\" tabindex=\"0\" "
	      "role=\"group\" aria-label=\"Dependency graph\">"
	      "<picture id=\"graph\"><source srcset=\"/graph.svg?theme=dark\" "
	      "media=\"(prefers-color-scheme: dark)\"><img "
	      "src=\"/graph.svg\" alt=\"Dependency graph; the tasks' table "
	      "says in words what each waits for\"></picture></div>\n",
	    draw.to);
	tctl_draw_end(&draw);
	json_object_put(plan);
}
