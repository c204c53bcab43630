/* html.c - a chart as one page that needs no other file and no network. */
#include <string.h>

#include "label.h"
#include "page.h"
#include "svg.h"

static void
put_text(FILE *to, const char *text)
{
	tctl_label_write(to, text, TCTL_TITLE_MAX, tctl_escape_xml);
}

/* --- head -------------------------------------------------------------------
 */

/* No style stands in an element: taskctl-serve allows this block alone. */
static void
write_style(FILE *to, const struct tctl_layout *layout)
{
	fputs("<style>\n", to);
	tctl_paint_css(to);
	for (int i = 0; i < TCTL_PAINT_COUNT; i++) {
		const char *name = tctl_paint_name((enum tctl_paint)i);

		fprintf(to, ".f-%s{fill:var(--%s)}.s-%s{stroke:var(--%s)}",
		    name, name, name, name);
		fprintf(to, "i.%s{background:var(--%s)}\n", name, name);
	}
	fputs("i.critical,i.slack{background:none}\n", to);
	fprintf(to, "body,svg{font-family:%s}\n", tctl_svg_fonts);
	fputs(tctl_page_css, to);
	fprintf(to, ".corner { width: %gpx; }\n", layout->names_px);
	fputs("</style>\n", to);
}

static void
write_head(FILE *to, const struct tctl_layout *layout, enum tctl_theme theme)
{
	const struct tctl_chart *chart = layout->chart;

	fputs("<!DOCTYPE html>\n<html lang=\"en\"", to);
	if (theme != TCTL_THEME_AUTO)
		fprintf(to, " data-theme=\"%s\"",
		    theme == TCTL_THEME_DARK ? "dark" : "light");
	/* Nothing can be loaded or sent, whatever a title might hold. */
	fputs(">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\""
	      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
	      "script-src 'unsafe-inline'; base-uri 'none'; "
	      "form-action 'none'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width\">\n"
	      "<link rel=\"icon\" href=\"data:,\">\n<title>",
	    to);
	put_text(to, chart->title != NULL ? chart->title : "Plan");
	fputs("</title>\n", to);
	write_style(to, layout);
	fputs("</head>\n", to);
}

static void
write_header(FILE *to, const struct tctl_chart *chart, struct tctl_arena *arena)
{
	static const char *const legend[][2] = { { "done", "done" },
		{ "claimed", "in work" }, { "ready", "ready" },
		{ "pending", "waiting" }, { "stuck", "stuck or lapsed" },
		{ "failed", "failed" }, { "critical", "critical path" },
		{ "planned", "as planned" }, { "slack", "slack" } };
	const char *remark = tctl_chart_remark(chart, arena);

	fputs("<header>\n<h1>", to);
	put_text(to, chart->title != NULL ? chart->title : "Plan");
	fputs("</h1>\n<p>", to);
	put_text(to, tctl_chart_summary(chart, arena));
	if (remark != NULL) {
		fputs("<br>", to);
		put_text(to, remark);
	}
	fputs("</p>\n<div class=\"tools\">\n<span class=\"keys\">"
	      "<button id=\"out\" title=\"key -\" "
	      "aria-label=\"zoom out\">−</button>"
	      "<button id=\"in\" title=\"key +\" "
	      "aria-label=\"zoom in\">+</button>"
	      "<button id=\"fit\" title=\"key 0\">Fit</button>"
	      "<button id=\"now\" title=\"key n\">Now</button>"
	      "<button id=\"theme\" title=\"key t\">Light / dark</button>"
	      "</span>\n<input id=\"seek\" type=\"search\" "
	      "placeholder=\"Search   /\" aria-label=\"search\">"
	      "<span id=\"found\"></span>\n</div>\n<ul class=\"legend\">\n",
	    to);
	for (size_t i = 0; i < TCTL_COUNT(legend); i++)
		fprintf(to, "<li><i class=\"%s\"></i>%s</li>\n", legend[i][0],
		    legend[i][1]);
	fputs("</ul>\n</header>\n", to);
}

/* --- the chart --------------------------------------------------------------
 */

static void
write_chart(FILE *to, const struct tctl_layout *layout)
{
	double height = (double)layout->row_count * layout->row_px;
	struct tctl_svg svg;

	fprintf(to,
	    "<main id=\"chart\" tabindex=\"0\" role=\"application\" "
	    "aria-label=\"Gantt chart: arrows move, plus and minus zoom\">\n"
	    "<div class=\"corner\"></div>\n"
	    "<svg id=\"axis\" class=\"axis\" width=\"%g\" height=\"%g\">\n",
	    layout->plot_px, layout->axis_px);
	tctl_svg_init(&svg, to, true);
	tctl_draw_axis(layout, &svg.canvas);
	fprintf(to,
	    "</svg>\n<svg id=\"names\" class=\"names\" width=\"%g\" "
	    "height=\"%g\">\n",
	    layout->names_px, height);
	tctl_draw_stripes(
	    layout, &svg.canvas, layout->names_px, 0, layout->row_count);
	fprintf(to,
	    "<rect id=\"mark\" width=\"100%%\" height=\"%g\" hidden/>\n",
	    layout->row_px);
	tctl_draw_names(layout, &svg.canvas, 0, layout->row_count);
	fprintf(to, "</svg>\n<svg id=\"plot\" width=\"%g\" height=\"%g\">\n",
	    layout->plot_px, height);
	tctl_svg_markers(to);
	tctl_draw_stripes(
	    layout, &svg.canvas, layout->plot_px, 0, layout->row_count);
	fprintf(to,
	    "<rect id=\"mark2\" width=\"100%%\" height=\"%g\" hidden/>\n"
	    "<g id=\"grid\">\n",
	    layout->row_px);
	svg.live = false; /* the script draws its own, finer one */
	tctl_draw_grid(layout, &svg.canvas, layout->row_count);
	svg.live = true;
	fputs("</g>\n", to);
	tctl_draw_bars(layout, &svg.canvas, 0, layout->row_count);
	fputs("</svg>\n</main>\n", to);
}

/* JSON within a script: no < may stand there, since </script would end it. */
static void
write_data(FILE *to, const struct tctl_layout *layout)
{
	const struct tctl_chart *chart = layout->chart;
	struct json_object *data = json_object_new_object();
	struct json_object *bars = json_object_new_array();
	const char *text;

	json_object_object_add(
	    data, "start", json_object_new_int64(layout->start_ms));
	json_object_object_add(
	    data, "end", json_object_new_int64(layout->end_ms));
	json_object_object_add(
	    data, "now", json_object_new_int64(chart->now_ms));
	json_object_object_add(
	    data, "plot", json_object_new_double(layout->plot_px));
	json_object_object_add(
	    data, "names", json_object_new_double(layout->names_px));
	json_object_object_add(
	    data, "row", json_object_new_double(layout->row_px));
	json_object_object_add(
	    data, "axis", json_object_new_double(layout->axis_px));
	for (size_t i = 0; i < chart->bar_count; i++) {
		struct json_object *bar = json_object_new_object();
		double share =
		    (double)(chart->bar[i].start_ms - layout->start_ms) /
		    (double)(layout->end_ms - layout->start_ms);

		json_object_object_add(bar, "tip",
		    json_object_new_string(
			tctl_bar_tip(&chart->bar[i], layout->arena)));
		json_object_object_add(bar, "row",
		    json_object_new_int64((int64_t)layout->row_of[i]));
		json_object_object_add(bar, "at",
		    json_object_new_int64((int64_t)(share * layout->plot_px)));
		json_object_array_add(bars, bar);
	}
	json_object_object_add(data, "bars", bars);
	text = json_object_to_json_string_ext(data, JSON_C_TO_STRING_PLAIN);
	fputs("<script id=\"data\" type=\"application/json\">", to);
	for (; *text != '\0'; text++)
		if (*text == '<')
			fputs("\\u003c", to);
		else
			putc(*text, to);
	fputs("</script>\n", to);
	json_object_put(data);
}

void
tctl_export_html(
    FILE *to, const struct tctl_chart *chart, enum tctl_theme theme)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_layout layout;

	tctl_layout_init(&layout, chart, arena);
	write_head(to, &layout, theme);
	fputs("<body>\n", to);
	write_header(to, chart, arena);
	write_chart(to, &layout);
	fputs("<div id=\"tip\" role=\"tooltip\" hidden></div>\n"
	      "<div id=\"say\" class=\"unseen\" aria-live=\"polite\"></div>\n",
	    to);
	write_data(to, &layout);
	fputs("<script>\n", to);
	fputs(tctl_page_js, to);
	fputs("</script>\n</body>\n</html>\n", to);
	tctl_arena_free(arena);
}
