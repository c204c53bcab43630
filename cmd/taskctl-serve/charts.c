/* charts.c - Gantt and graph, by the drawing that all of taskctl uses. */
#include <string.h>

#include "../taskctl/chart.h"
#include "draw.h"

enum { BARS = 200, BARS_OF_PAGE = 2000, NODES = 200 };

static const char *
argument(struct MHD_Connection *connection, const char *name)
{
	const char *value = connection == NULL
				? NULL
				: MHD_lookup_connection_value(
				      connection, MHD_GET_ARGUMENT_KIND, name);

	return value == NULL ? "" : value;
}

static enum tctl_theme
theme_of(const char *word)
{
	return strcmp(word, "dark") == 0    ? TCTL_THEME_DARK
	       : strcmp(word, "light") == 0 ? TCTL_THEME_LIGHT
					    : TCTL_THEME_AUTO;
}

/* The chart, in an arena that the caller frees; false: page says why not. */
static bool
read_chart(struct tctl_serve *serve, bool by_agent, struct tctl_ctx *ctx,
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

void
tctl_chart_gantt(struct tctl_serve *serve, struct MHD_Connection *connection,
    bool html, struct tctl_answer_page *page)
{
	bool by_agent = strcmp(argument(connection, "by"), "agent") == 0;
	enum tctl_theme theme = theme_of(argument(connection, "theme"));
	struct tctl_chart_source source;
	struct tctl_ctx ctx;

	if (!read_chart(serve, by_agent, &ctx, &source, page))
		return;
	tctl_chart_fold(&source.chart, html ? BARS_OF_PAGE : BARS, ctx.arena);
	page->framed = true;
	if (html)
		tctl_export_html(page->to, &source.chart, theme);
	else {
		page->type = "image/svg+xml";
		tctl_export_svg(page->to, &source.chart, theme);
	}
	tctl_chart_source_release(&source);
	tctl_arena_free(ctx.arena);
}

char *
tctl_chart_graph_json(
    struct tctl_serve *serve, struct tctl_answer_page *refused)
{
	struct tctl_chart_source source;
	struct json_object *json;
	struct tctl_ctx ctx;
	char *text;

	if (!read_chart(serve, false, &ctx, &source, refused))
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

/* --- their pages
 * ----------------------------------------------------------------
 */

void
tctl_page_gantt(struct tctl_serve *serve, struct MHD_Connection *connection,
    struct tctl_answer_page *page)
{
	struct tctl_draw draw = tctl_draw_of(serve, page);
	bool by_agent = strcmp(argument(connection, "by"), "agent") == 0;

	tctl_draw_begin(&draw, "Gantt", "/gantt");
	fprintf(draw.to,
	    "<div class=\"row\"><h1>Gantt</h1>\n<p class=\"switch\">"
	    "<a href=\"/gantt\"%s>by sprint</a> "
	    "<a href=\"/gantt?by=agent\"%s>by agent</a> "
	    "<a href=\"/gantt.svg%s\">as a picture</a> "
	    "<button id=\"redraw\" type=\"button\" hidden>New data: draw "
	    "again</button></p></div>\n"
	    "<iframe id=\"gantt\" title=\"Gantt chart\" "
	    "src=\"/gantt/chart%s\"></iframe>\n",
	    by_agent ? "" : " aria-current=\"true\"",
	    by_agent ? " aria-current=\"true\"" : "",
	    by_agent ? "?by=agent" : "", by_agent ? "?by=agent" : "");
	tctl_draw_end(&draw);
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
