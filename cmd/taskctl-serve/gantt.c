/* gantt.c - the Gantt chart, by the drawing that all of taskctl uses: of all
 * tasks, or of those that its address asks for. */
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "taskctl/model.h"
#include "wish.h"

enum { BARS = 200, BARS_OF_PAGE = 2000 };

static enum tctl_theme
theme_of(const struct tctl_wish *wish)
{
	return tctl_wish_is(wish, TCTL_WISH_THEME, "dark")    ? TCTL_THEME_DARK
	       : tctl_wish_is(wish, TCTL_WISH_THEME, "light") ? TCTL_THEME_LIGHT
							      : TCTL_THEME_AUTO;
}

/* --- the tasks that it asks for
 * ----------------------------------------------------------
 */

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Take out what is not of that sprint, by the question that list asks. */
static enum tctl_status
keep_sprint(struct tctl_ctx *ctx, const struct tctl_chart *chart,
    const char *sprint, bool keep[], struct tctl_error *err)
{
	const struct tctl_filter filter = { .sprint = sprint };
	struct tctl_tasks tasks;
	const char **ref;
	enum tctl_status status =
	    tctl_tasks_list(&ctx->coord, &filter, &tasks, err);

	if (status != TCTL_OK)
		return status;
	ref = tctl_arena_alloc(ctx->arena, (tasks.count + 1) * sizeof(*ref));
	for (size_t i = 0; i < tasks.count; i++)
		ref[i] = tasks.at[i].ref;
	qsort(ref, tasks.count, sizeof(*ref), by_text);
	for (size_t i = 0; i < chart->bar_count; i++)
		keep[i] = bsearch(&chart->bar[i].id, ref, tasks.count,
			      sizeof(*ref), by_text) != NULL;
	tctl_tasks_release(&tasks);
	return TCTL_OK;
}

/* And what is not in that agent's lane: of which there must be one. */
static enum tctl_status
keep_agent(const struct tctl_chart *chart, const char *agent, bool keep[],
    struct tctl_error *err)
{
	bool found = false;

	for (size_t i = 0; i < chart->bar_count; i++) {
		bool its = tctl_agent_is(chart->bar[i].agent, agent);

		found |= its;
		keep[i] &= its;
	}
	return found ? TCTL_OK
		     : tctl_fail(err, TCTL_ENOTFOUND, "no task is \"%.100s\"'s",
			   agent);
}

static enum tctl_status
narrow(struct tctl_ctx *ctx, const struct tctl_wish *wish,
    struct tctl_chart *chart, struct tctl_error *err)
{
	enum tctl_status status = TCTL_OK;
	bool *keep;

	if (wish->value[TCTL_WISH_SPRINT] == NULL &&
	    wish->value[TCTL_WISH_AGENT] == NULL)
		return TCTL_OK;
	keep = tctl_arena_alloc(
	    ctx->arena, (chart->bar_count + 1) * sizeof(*keep));
	for (size_t i = 0; i < chart->bar_count; i++)
		keep[i] = true;
	if (wish->value[TCTL_WISH_SPRINT] != NULL)
		status = keep_sprint(
		    ctx, chart, wish->value[TCTL_WISH_SPRINT], keep, err);
	if (status == TCTL_OK && wish->value[TCTL_WISH_AGENT] != NULL)
		status =
		    keep_agent(chart, wish->value[TCTL_WISH_AGENT], keep, err);
	if (status == TCTL_OK)
		tctl_chart_keep(chart, keep, ctx->arena);
	return status;
}

/* --- what may be chosen
 * ------------------------------------------------------------------
 */

static void
put_option(const struct tctl_draw *draw, const char *value, const char *label,
    bool chosen)
{
	fputs("<option value=\"", draw->to);
	tctl_draw_text(draw, value);
	fputs(chosen ? "\" selected>" : "\">", draw->to);
	tctl_draw_text(draw, label);
	fputs("</option>", draw->to);
}

/* Chosen by another spelling than ours. */
static void
end_options(const struct tctl_draw *draw, const char *wanted, bool found)
{
	if (wanted != NULL && !found)
		put_option(draw, wanted, wanted, true);
	fputs("</select></label>\n", draw->to);
}

/* What sprints are called: with their plan, where there are several. */
static bool
are_of_many(const struct tctl_status_report *report)
{
	const char *plan = NULL;

	for (size_t i = 0; i < report->sprint_count; i++) {
		const struct tctl_sprint_status *sprint = &report->sprint[i];

		if (sprint->key == NULL) /* what is of none */
			continue;
		if (plan != NULL && strcmp(plan, sprint->plan) != 0)
			return true;
		plan = sprint->plan;
	}
	return false;
}

static void
put_sprints(const struct tctl_draw *draw,
    const struct tctl_status_report *report, const char *wanted)
{
	bool found = false, many = are_of_many(report);

	fputs("<label>Sprint <select name=\"sprint\"><option value=\"\">all"
	      "</option>",
	    draw->to);
	for (size_t i = 0; i < report->sprint_count; i++) {
		const struct tctl_sprint_status *sprint = &report->sprint[i];
		char *key, *label;
		bool chosen;

		if (sprint->key == NULL)
			continue;
		key = many ? tctl_xprintf("%s:%s", sprint->plan, sprint->key)
			   : tctl_xstrdup(sprint->key);
		label = tctl_xprintf(
		    "%s %s", key, sprint->title == NULL ? "" : sprint->title);
		chosen = wanted != NULL && strcmp(wanted, key) == 0;
		found |= chosen;
		put_option(draw, key, label, chosen);
		free(key);
		free(label);
	}
	end_options(draw, wanted, found);
}

/* Each lane is a section of the chart. */
static void
put_agents(const struct tctl_draw *draw, const struct tctl_chart *chart,
    const char *wanted)
{
	bool found = false;

	fputs("<label>Agent <select name=\"agent\"><option value=\"\">all"
	      "</option>",
	    draw->to);
	for (size_t i = 0; i < chart->bar_count; i++) {
		const char *agent = chart->bar[i].agent;
		bool chosen;

		if (agent == NULL || !tctl_section_begins(chart, i))
			continue;
		chosen = wanted != NULL && tctl_agent_is(agent, wanted);
		found |= chosen;
		put_option(draw, agent, agent, chosen);
	}
	end_options(draw, wanted, found);
}

/* --- documents
 * ---------------------------------------------------------------------------
 */

/* A chart that was read for a request; the arena is the context's. */
struct gantt {
	struct tctl_wish wish;
	struct tctl_ctx ctx;
	struct tctl_chart_source source;
	struct tctl_chart chart; /* as much of it as is asked for */
};

static void
end(struct gantt *gantt)
{
	tctl_chart_source_release(&gantt->source);
	tctl_arena_free(gantt->ctx.arena);
}

/* False: the page says why not, and nothing is left to be ended. */
static bool
begin(struct tctl_serve *serve, struct MHD_Connection *connection,
    struct gantt *gantt, bool lanes, struct tctl_answer_page *page)
{
	struct tctl_wish *wish = &gantt->wish;

	tctl_wish_read(connection, TCTL_WISH_NAMES, wish);
	lanes |= tctl_wish_is(wish, TCTL_WISH_BY, "agent");
	if (wish->status == TCTL_OK) {
		if (!tctl_chart_open(
			serve, lanes, &gantt->ctx, &gantt->source, page))
			return false;
		gantt->chart = gantt->source.chart;
		wish->status =
		    narrow(&gantt->ctx, wish, &gantt->chart, &wish->err);
		if (wish->status == TCTL_OK)
			return true;
		end(gantt);
	}
	tctl_page_error(
	    serve, tctl_serve_code(wish->status), wish->err.text, page);
	return false;
}

void
tctl_chart_gantt(struct tctl_serve *serve, struct MHD_Connection *connection,
    bool html, struct tctl_answer_page *page)
{
	struct gantt gantt;

	if (!begin(serve, connection, &gantt, false, page))
		return;
	tctl_chart_fold(
	    &gantt.chart, html ? BARS_OF_PAGE : BARS, gantt.ctx.arena);
	page->framed = true;
	if (html)
		tctl_export_html(page->to, &gantt.chart, theme_of(&gantt.wish));
	else {
		page->type = "image/svg+xml";
		tctl_export_svg(page->to, &gantt.chart, theme_of(&gantt.wish));
	}
	end(&gantt);
}

/* An address with what was asked for. */
static void
put_address(const struct tctl_draw *draw, const char *path,
    const struct tctl_wish *wish)
{
	const char *before = "?";

	fputs(path, draw->to);
	for (int name = 0; name < TCTL_WISH_NAMES; name++) {
		if (wish->value[name] == NULL)
			continue;
		fprintf(draw->to, "%s%s=", before, tctl_wish_row[name].name);
		tctl_draw_address(draw, wish->value[name]);
		before = "&amp;";
	}
}

/* It works without a script. */
static void
put_choice(const struct tctl_draw *draw, const struct gantt *gantt)
{
	const struct tctl_wish *wish = &gantt->wish;
	const struct tctl_wish_row *by = &tctl_wish_row[TCTL_WISH_BY];

	fputs("<form class=\"filter\" action=\"/gantt\">\n<label>By "
	      "<select name=\"by\">",
	    draw->to);
	for (size_t i = 0; by->word[i] != NULL; i++)
		put_option(draw, by->word[i], by->word[i],
		    tctl_wish_is(wish, TCTL_WISH_BY, by->word[i]));
	fputs("</select></label>\n", draw->to);
	put_sprints(draw, &gantt->source.report, wish->value[TCTL_WISH_SPRINT]);
	put_agents(draw, &gantt->source.chart, wish->value[TCTL_WISH_AGENT]);
	fputs("<button>Show</button>\n</form>\n", draw->to);
}

/* The page is another one after each event, for its script to look at: the
 * chart is in the frame. */
void
tctl_page_gantt(struct tctl_serve *serve, struct MHD_Connection *connection,
    struct tctl_answer_page *page)
{
	struct tctl_draw draw = tctl_draw_of(serve, page);
	struct gantt gantt;

	if (!begin(serve, connection, &gantt, true, page))
		return;
	tctl_draw_begin(&draw, "Gantt", "/gantt");
	fputs("<div class=\"row\"><h1>Gantt</h1>\n<p class=\"switch\">"
	      "<a href=\"",
	    draw.to);
	put_address(&draw, "/gantt.svg", &gantt.wish);
	fputs("\">as a picture</a> <button id=\"redraw\" type=\"button\" "
	      "hidden>New data: draw again</button></p></div>\n",
	    draw.to);
	put_choice(&draw, &gantt);
	fprintf(draw.to,
	    "<iframe id=\"gantt\" title=\"Gantt chart\" data-event=\"%lld\" "
	    "src=\"",
	    (long long)serve->newest);
	put_address(&draw, "/gantt/chart", &gantt.wish);
	fputs("\"></iframe>\n", draw.to);
	tctl_draw_end(&draw);
	end(&gantt);
}
