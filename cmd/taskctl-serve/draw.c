/* draw.c - pieces of pages. */
#include "draw.h"

#include <stdlib.h>
#include <string.h>

#include "../../lib/export/label.h"
#include "form.h"
#include "page.h"
#include "taskctl/canvas.h"
#include "taskctl/time.h"

enum { TEXT_MAX = 2000 };

struct tctl_draw
tctl_draw_of(struct tctl_serve *serve, const struct tctl_answer_page *page)
{
	return (struct tctl_draw){
		.serve = serve, .to = page->to, .now_ms = tctl_wall_ms()
	};
}

void
tctl_draw_text(const struct tctl_draw *draw, const char *text)
{
	tctl_label_write(draw->to, text, TEXT_MAX, tctl_escape_xml);
}

void
tctl_draw_get(
    const struct tctl_draw *draw, struct json_object *from, const char *key)
{
	tctl_draw_text(draw, tctl_get(from, key));
}

/* --- the frame
 * ------------------------------------------------------------------
 */

/* What a chart within the page is painted with. */
static void
put_chart_style(FILE *to)
{
	for (int i = 0; i < TCTL_PAINT_COUNT; i++) {
		const char *name = tctl_paint_name((enum tctl_paint)i);

		fprintf(to, ".f-%s{fill:var(--%s)}.s-%s{stroke:var(--%s)}\n",
		    name, name, name, name);
	}
	fputs(".hollow{fill:none}.halo{paint-order:stroke;stroke-width:3px;"
	      "stroke-linejoin:round}\n",
	    to);
}

static void
put_style(FILE *to, bool has_chart)
{
	fputs("<style>", to);
	tctl_paint_css(to);
	fputs(tctl_serve_css, to);
	if (has_chart)
		put_chart_style(to);
	fputs("</style>\n", to);
}

static void
put_navigation(const struct tctl_draw *draw, const char *active)
{
	static const char *const page[][2] = { { "/", "Overview" },
		{ "/tasks", "Tasks" }, { "/gantt", "Gantt" },
		{ "/graph", "Graph" }, { "/log", "Events" } };

	fputs("<nav aria-label=\"Pages\"><ul>", draw->to);
	for (size_t i = 0; i < TCTL_COUNT(page); i++)
		fprintf(draw->to, "<li><a href=\"%s\"%s>%s</a></li>",
		    page[i][0],
		    strcmp(page[i][0], active) == 0 ? " aria-current=\"page\""
						    : "",
		    page[i][1]);
	fputs("</ul></nav>\n", draw->to);
}

/* The folder's name: which project it is. */
static const char *
project(const struct tctl_draw *draw)
{
	const char *root =
	    draw->serve == NULL ? "" : draw->serve->ctx->place.root;
	const char *slash = strrchr(root, '/');

	return slash == NULL || slash[1] == '\0' ? root : slash + 1;
}

void
tctl_draw_begin(
    const struct tctl_draw *draw, const char *title, const char *active)
{
	FILE *to = draw->to;

	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" "
	      "content=\"width=device-width,initial-scale=1\">\n"
	      "<link rel=\"icon\" href=\"data:,\">\n",
	    to);
	if (draw->alone) /* nothing can be loaded or sent */
		fputs("<meta http-equiv=\"Content-Security-Policy\" content=\""
		      "default-src 'none'; img-src data:; style-src "
		      "'unsafe-inline'; script-src 'unsafe-inline'; "
		      "base-uri 'none'; form-action 'none'\">\n",
		    to);
	fputs("<title>", to);
	tctl_draw_text(draw, title);
	if (project(draw)[0] != '\0') {
		fputs(" · ", to);
		tctl_draw_text(draw, project(draw));
	}
	fputs("</title>\n", to);
	put_style(to, draw->alone);
	fputs("</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the "
	      "content</a>\n<header class=\"top\">\n<p class=\"brand\"><svg "
	      "aria-hidden=\"true\" viewBox=\"0 0 20 20\"><rect x=\"1\" "
	      "y=\"3\" width=\"11\" height=\"4\" rx=\"2\"/><rect x=\"5\" "
	      "y=\"8.5\" width=\"10\" height=\"4\" rx=\"2\"/><rect x=\"9\" "
	      "y=\"14\" width=\"10\" height=\"4\" rx=\"2\"/></svg>",
	    to);
	tctl_draw_text(
	    draw, project(draw)[0] == '\0' ? "taskctl" : project(draw));
	fputs("</p>\n", to);
	if (active != NULL)
		put_navigation(draw, active);
	fputs("<p class=\"tools\"><span id=\"live\" class=\"live\">", to);
	if (active == NULL && draw->alone) {
		char text[TCTL_INSTANT_TEXT];

		fputs("as of ", to);
		tctl_draw_instant(draw, tctl_instant_write(draw->now_ms, text));
	}
	fputs("</span><button id=\"theme\" type=\"button\" hidden>"
	      "Light / dark</button></p>\n</header>\n<main id=\"main\">\n",
	    to);
}

void
tctl_draw_end(const struct tctl_draw *draw)
{
	fputs("</main>\n<script>", draw->to);
	fputs(tctl_serve_js, draw->to);
	fputs("</script>\n</body>\n</html>\n", draw->to);
}

void
tctl_draw_part(
    const struct tctl_draw *draw, const char *id, const char *heading)
{
	fprintf(draw->to,
	    "<section id=\"%s\" data-live aria-labelledby=\"%s-h\">\n"
	    "<h2 id=\"%s-h\">%s</h2>\n",
	    id, id, id, heading);
}

void
tctl_draw_part_end(const struct tctl_draw *draw)
{
	fputs("</section>\n", draw->to);
}

/* --- values
 * ---------------------------------------------------------------------
 */

void
tctl_draw_state(const struct tctl_draw *draw, const char *state)
{
	/* The shape before it comes from the style, by the class. */
	static const char *const word[][2] = { { "done", "done" },
		{ "claimed", "in work" }, { "ready", "ready" },
		{ "pending", "waiting" }, { "failed", "failed" },
		{ "cancelled", "cancelled" } };

	for (size_t i = 0; i < TCTL_COUNT(word); i++)
		if (strcmp(word[i][0], state) == 0)
			fprintf(draw->to, "<span class=\"state %s\">%s</span>",
			    word[i][0], word[i][1]);
}

/* An id may hold what an address may not. */
void
tctl_draw_address(const struct tctl_draw *draw, const char *text)
{
	tctl_form_escape(draw->to, text);
}

void
tctl_draw_link(const struct tctl_draw *draw, const char *id, const char *shown)
{
	fputs("<a class=\"id\" href=\"", draw->to);
	fputs(draw->alone ? "#t-" : "/task/", draw->to);
	tctl_draw_address(draw, id);
	fputs("\">", draw->to);
	tctl_draw_text(draw, shown);
	fputs("</a>", draw->to);
}

void
tctl_draw_task(const struct tctl_draw *draw, const char *id)
{
	tctl_draw_link(draw, id, id);
}

/* What a task names is in its own plan. */
static void
put_task_of(const struct tctl_draw *draw, const char *plan, const char *id)
{
	char *ref;

	if (plan[0] == '\0' || strchr(id, ':') != NULL) {
		tctl_draw_task(draw, id);
		return;
	}
	ref = tctl_xprintf("%s:%s", plan, id);
	tctl_draw_link(draw, ref, id);
	free(ref);
}

void
tctl_draw_tasks(
    const struct tctl_draw *draw, const char *plan, struct json_object *ids)
{
	size_t count = ids == NULL ? 0 : json_object_array_length(ids);

	for (size_t i = 0; i < count; i++) {
		fputs(i == 0 ? "" : ", ", draw->to);
		put_task_of(draw, plan,
		    json_object_get_string(json_object_array_get_idx(ids, i)));
	}
}

void
tctl_draw_instant(const struct tctl_draw *draw, const char *rfc3339)
{
	if (rfc3339[0] == '\0')
		return;
	fputs("<time datetime=\"", draw->to);
	tctl_draw_text(draw, rfc3339);
	/* Without a script: to the minute, in UTC. */
	fprintf(draw->to, "\">%.10s %.5s</time>", rfc3339,
	    strlen(rfc3339) > 16 ? rfc3339 + 11 : "");
}

void
tctl_draw_while(const struct tctl_draw *draw, int64_t ms)
{
	tctl_put_while(draw->to, ms);
}

void
tctl_draw_duration(const struct tctl_draw *draw, int64_t seconds)
{
	tctl_put_duration(draw->to, seconds);
}

/* --- bars
 * -----------------------------------------------------------------------
 */

void
tctl_draw_totals(const struct tctl_draw *draw, struct json_object *totals)
{
	static const char *const order[] = { "done", "claimed", "failed",
		"ready", "pending" };
	double whole = (double)(tctl_get_number(totals, "tasks") -
				tctl_get_number(totals, "cancelled"));
	double at = 0;

	fputs("<svg class=\"bar\" role=\"img\" viewBox=\"0 0 1000 10\" "
	      "preserveAspectRatio=\"none\" aria-label=\"",
	    draw->to);
	for (size_t i = 0; i < TCTL_COUNT(order); i++)
		fprintf(draw->to, "%s%s %s", i == 0 ? "" : ", ",
		    tctl_get(totals, order[i]), order[i]);
	fputs("\"><rect class=\"ground\" width=\"1000\" height=\"10\"/>",
	    draw->to);
	for (size_t i = 0; i < TCTL_COUNT(order) && whole > 0; i++) {
		double width =
		    (double)tctl_get_number(totals, order[i]) / whole * 1000;

		if (width > 0)
			fprintf(draw->to,
			    "<rect class=\"p-%s\" x=\"%.1f\" width=\"%.1f\" "
			    "height=\"10\"/>",
			    order[i], at, width);
		at += width;
	}
	fputs("</svg>", draw->to);
}

void
tctl_draw_share(
    const struct tctl_draw *draw, int64_t part, int64_t whole, bool late)
{
	int64_t percent = whole <= 0 ? 0 : part * 100 / whole;
	int64_t shown = percent > 100 ? 100 : percent;

	fprintf(draw->to,
	    "<svg class=\"bar small\" role=\"img\" viewBox=\"0 0 100 6\" "
	    "preserveAspectRatio=\"none\" aria-label=\"%lld %% of the "
	    "estimate\"><rect class=\"ground\" width=\"100\" height=\"6\"/>"
	    "<rect class=\"p-%s\" width=\"%lld\" height=\"6\"/></svg>",
	    (long long)percent, late ? "late" : "claimed", (long long)shown);
}
