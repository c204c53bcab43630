/* alone.c - the door's pages, and everything in one file. */
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "../taskctl/file_replace.h"

/* --- refusals
 * -------------------------------------------------------------------
 */

void
tctl_page_error(struct tctl_serve *serve, unsigned code, const char *text,
    struct tctl_answer_page *page)
{
	struct tctl_draw draw = tctl_draw_of(serve, page);

	page->code = code;
	page->type = SERVE_HTML;
	draw.serve = NULL; /* whose project it is, is not said */
	tctl_draw_begin(&draw, "Not here", "");
	fputs("<h1>Not here</h1>\n<p>", draw.to);
	tctl_draw_text(&draw, text);
	fputs("</p>\n", draw.to);
	tctl_draw_end(&draw);
}

void
tctl_draw_refusal(struct tctl_serve *serve, enum tctl_status status,
    struct json_object *document, struct tctl_answer_page *page)
{
	unsigned code = serve->lost ? MHD_HTTP_SERVICE_UNAVAILABLE
				    : tctl_serve_code(status);

	tctl_page_error(serve, code,
	    tctl_get(tctl_get_object(document, "error"), "message"), page);
}

/* The script takes the token out of the link; without one it is pasted. */
void
tctl_page_login(struct tctl_answer_page *page)
{
	struct tctl_draw draw = tctl_draw_of(NULL, page);

	page->has_form = true;
	tctl_draw_begin(&draw, "Open", NULL);
	fputs("<div class=\"login\">\n<h1>Who is there?</h1>\n<p>Open the link "
	      "that <code>taskctl serve</code> has printed, or paste the token "
	      "that stands behind its <code>#t=</code>.</p>\n"
	      "<form id=\"login\" method=\"post\" action=\"/login\">"
	      "<label for=\"token\">Token</label> <input id=\"token\" "
	      "name=\"token\" type=\"password\" autocomplete=\"off\" "
	      "required> <button>Open</button></form>\n</div>\n",
	    draw.to);
	tctl_draw_end(&draw);
}

/* --- one file
 * -------------------------------------------------------------------
 */

/* An SVG document within a page: from its element on, without its style, which
 * the page has already, for both themes. */
static void
put_picture(const struct tctl_draw *draw, const char *id, const char *heading,
    const char *svg)
{
	const char *element = strstr(svg, "<svg");
	const char *style = element == NULL ? NULL : strstr(svg, "<style>");
	const char *rest = style == NULL ? NULL : strstr(style, "</style>");

	if (rest == NULL)
		return;
	tctl_draw_part(draw, id, heading);
	fprintf(draw->to,
	    "<div class=\"picture\" tabindex=\"0\" role=\"group\" "
	    "aria-labelledby=\"%s-h\">\n%.*s%s</div>\n",
	    id, (int)(style - element), element, rest + strlen("</style>"));
	tctl_draw_part_end(draw);
}

static void
put_gantt(const struct tctl_draw *draw)
{
	struct tctl_answer_page page = { .code = MHD_HTTP_OK };
	char *text = NULL;
	size_t length;

	page.to = open_memstream(&text, &length);
	if (page.to == NULL)
		tctl_die_nomem();
	tctl_chart_gantt(draw->serve, NULL, false, &page);
	if (fclose(page.to) != 0)
		tctl_die_nomem();
	if (page.code == MHD_HTTP_OK)
		put_picture(draw, "gantt-chart", "Gantt", text);
	free(text);
}

static void
put_all(const struct tctl_draw *draw, struct json_object *state,
    struct json_object *tasks, struct json_object *events)
{
	struct json_object *list = tctl_get_object(tasks, "tasks");

	tctl_draw_begin(draw, "Where it stands", NULL);
	fputs("<h1 class=\"unseen\">Where it stands</h1>\n", draw->to);
	tctl_draw_summary(draw, state);
	fputs("<div class=\"two\">\n", draw->to);
	tctl_draw_work(draw, state);
	tctl_draw_stuck(draw, state);
	fputs("</div>\n", draw->to);
	tctl_draw_sprints(draw, state);
	tctl_draw_board(draw, list);
	put_gantt(draw);
	fputs("<section aria-labelledby=\"tasks-h\">\n"
	      "<h2 id=\"tasks-h\">Tasks</h2>\n",
	    draw->to);
	tctl_draw_table(draw, list);
	fputs("</section>\n", draw->to);
	tctl_draw_events(draw, tctl_get_object(events, "events"), 50);
	tctl_draw_end(draw);
}

enum tctl_status
tctl_page_alone(struct tctl_serve *serve, FILE *to, struct tctl_error *err)
{
	struct tctl_answer_page page = { .to = to };
	struct tctl_draw draw = tctl_draw_of(serve, &page);
	struct json_object *part[3] = { NULL };
	enum tctl_status status;
	size_t got = 1;

	draw.alone = true;
	part[0] = tctl_serve_ask(serve, &status, "status", NULL);
	if (status == TCTL_OK)
		part[got++] = tctl_serve_ask(serve, &status, "list", NULL);
	if (status == TCTL_OK)
		part[got++] = tctl_serve_ask(
		    serve, &status, "log", "--limit", "50", NULL);
	if (status == TCTL_OK)
		put_all(&draw, part[0], part[1], part[2]);
	else
		tctl_fail(err, status, "%s",
		    tctl_get(
			tctl_get_object(part[got - 1], "error"), "message"));
	for (size_t i = 0; i < TCTL_COUNT(part); i++)
		json_object_put(part[i]);
	return status;
}

enum tctl_status
tctl_export_run(struct tctl_ctx *ctx, const void *request,
    struct json_object **out, struct tctl_error *err)
{
	const struct tctl_export_req *req = request;
	struct tctl_serve serve = { .ctx = ctx };
	enum tctl_status status;
	char *text = NULL;
	size_t length;
	FILE *to;

	if (req->html == NULL)
		return tctl_fail(err, TCTL_EUSAGE, "--html FILE says where to");
	to = open_memstream(&text, &length);
	if (to == NULL)
		tctl_die_nomem();
	status = tctl_page_alone(&serve, to, err);
	if (fclose(to) != 0)
		tctl_die_nomem();
	if (status == TCTL_OK)
		status = tctl_file_replace(req->html, text, length, err);
	free(text);
	if (status != TCTL_OK)
		return status;
	*out = json_object_new_object();
	json_object_object_add(*out, "file", json_object_new_string(req->html));
	json_object_object_add(
	    *out, "bytes", json_object_new_int64((int64_t)length));
	return TCTL_OK;
}
