/* home.c - the overview: progress, who works, what is stuck, the board. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"

static struct json_object *
at(struct json_object *list, size_t i)
{
	return json_object_array_get_idx(list, i);
}

static size_t
count_of(struct json_object *list)
{
	return list == NULL ? 0 : json_object_array_length(list);
}

/* --- progress
 * -------------------------------------------------------------------
 */

static void
put_tile(
    const struct tctl_draw *draw, struct json_object *totals, const char *state)
{
	if (!draw->alone)
		fprintf(draw->to, "<li><a href=\"/tasks?state=%s\">", state);
	else
		fputs("<li><span>", draw->to);
	fprintf(draw->to, "<b>%s</b>", tctl_get(totals, state));
	tctl_draw_state(draw, state);
	fputs(draw->alone ? "</span></li>\n" : "</a></li>\n", draw->to);
}

static void
put_forecast(const struct tctl_draw *draw, struct json_object *forecast)
{
	char *condition;

	if (forecast == NULL)
		return;
	fputs("<p class=\"note\">At this pace done by ", draw->to);
	tctl_draw_instant(draw, tctl_get(forecast, "p50"));
	fputs(", nine times in ten by ", draw->to);
	tctl_draw_instant(draw, tctl_get(forecast, "p90"));
	condition = tctl_forecast_condition(forecast);
	if (condition[0] != '\0') {
		fputs(", ", draw->to);
		tctl_draw_text(draw, condition);
	}
	fputs(".</p>\n", draw->to);
	free(condition);
}

void
tctl_draw_summary(const struct tctl_draw *draw, struct json_object *status)
{
	static const char *const shown[] = { "done", "claimed", "ready",
		"pending", "failed", "cancelled" };
	struct json_object *totals = tctl_get_object(status, "totals");
	int64_t tasks = tctl_get_number(totals, "tasks");
	bool known = tctl_get_object(totals, "percent") != NULL;

	tctl_draw_part(draw, "progress", "Progress");
	fputs("<div class=\"hero\">\n<p class=\"percent\">", draw->to);
	if (known)
		fprintf(draw->to, "%s<small> %%</small>",
		    tctl_get(totals, "percent"));
	else
		fputs("–", draw->to);
	fputs("</p>\n<div class=\"whole\">\n", draw->to);
	tctl_draw_totals(draw, totals);
	fprintf(draw->to, "<p id=\"summary\" aria-live=\"polite\">");
	if (tasks == 0)
		fputs("There are no tasks yet.", draw->to);
	else {
		fprintf(draw->to, "%s of %" PRId64 " tasks done, %s in work",
		    tctl_get(totals, "done"), tasks,
		    tctl_get(totals, "claimed"));
		fprintf(draw->to, ", %zu to look at",
		    tctl_get_count(status, "stuck"));
		if (tctl_get_number(totals, "estimate_s") > 0) {
			fputs("; ", draw->to);
			tctl_draw_duration(
			    draw, tctl_get_number(totals, "done_s"));
			fputs(" of ", draw->to);
			tctl_draw_duration(
			    draw, tctl_get_number(totals, "estimate_s"));
			fputs(" by effort", draw->to);
		}
		fputs(".", draw->to);
	}
	fputs("</p>\n", draw->to);
	put_forecast(draw, tctl_get_object(status, "forecast"));
	fputs("</div>\n</div>\n<ul class=\"tiles\">\n", draw->to);
	for (size_t i = 0; i < TCTL_COUNT(shown); i++)
		if (tctl_get_number(totals, shown[i]) > 0 || i < 4)
			put_tile(draw, totals, shown[i]);
	fputs("</ul>\n", draw->to);
	tctl_draw_part_end(draw);
}

/* --- who works
 * ------------------------------------------------------------------
 */

static void
put_lease(const struct tctl_draw *draw, struct json_object *lease)
{
	int64_t since = draw->now_ms - tctl_get_ms(lease, "acquired_at");
	int64_t left = tctl_get_ms(lease, "expires_at") - draw->now_ms;
	int64_t estimate = tctl_get_number(lease, "estimate_s");
	bool late = estimate > 0 && since / 1000 > estimate;

	fputs("<tr><th scope=\"row\">", draw->to);
	tctl_draw_get(draw, lease, "agent");
	fputs("</th><td>", draw->to);
	tctl_draw_task(draw, tctl_get(lease, "task"));
	fputs(" ", draw->to);
	tctl_draw_get(draw, lease, "title");
	fputs("</td><td class=\"n\">", draw->to);
	tctl_draw_while(draw, since);
	if (estimate > 0) {
		fputs(" of ", draw->to);
		tctl_draw_duration(draw, estimate);
		if (late)
			fputs(" <span class=\"warn\">late</span>", draw->to);
		fputs("<br>", draw->to);
		tctl_draw_share(draw, since / 1000, estimate, late);
	}
	fputs("</td><td class=\"n\">", draw->to);
	tctl_draw_while(draw, left);
	fputs("</td><td>", draw->to);
	tctl_draw_tasks(draw, "", tctl_get_object(lease, "frees"));
	fputs("</td></tr>\n", draw->to);
}

void
tctl_draw_work(const struct tctl_draw *draw, struct json_object *status)
{
	struct json_object *leases = tctl_get_object(status, "leases");

	tctl_draw_part(draw, "work", "In work");
	if (count_of(leases) == 0)
		fputs("<p class=\"none\">Nobody is at work.</p>\n", draw->to);
	else {
		fputs("<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
		      "aria-labelledby=\"work-h\"><table>\n<caption>Agents "
		      "and the tasks that they hold</caption>\n"
		      "<thead><tr><th scope=\"col\">Agent</th>"
		      "<th scope=\"col\">Task</th>"
		      "<th scope=\"col\" class=\"n\">At it for</th>"
		      "<th scope=\"col\" class=\"n\">Lease left</th>"
		      "<th scope=\"col\">Frees</th></tr></thead>\n<tbody>\n",
		    draw->to);
		for (size_t i = 0; i < count_of(leases); i++)
			put_lease(draw, at(leases, i));
		fputs("</tbody></table></div>\n", draw->to);
	}
	tctl_draw_part_end(draw);
}

/* --- what to look at
 * ------------------------------------------------------------
 */

void
tctl_draw_stuck(const struct tctl_draw *draw, struct json_object *status)
{
	enum { MOST = 12 };
	struct json_object *stuck = tctl_get_object(status, "stuck");
	size_t count = count_of(stuck);

	tctl_draw_part(draw, "stuck", "To look at");
	if (count == 0)
		fputs("<p class=\"none\">Nothing is stuck.</p>\n", draw->to);
	else
		fputs("<ul class=\"stuck\">\n", draw->to);
	for (size_t i = 0; i < count && (i < MOST || draw->alone); i++) {
		struct json_object *one = at(stuck, i);

		fputs("<li><p><span class=\"kind\">", draw->to);
		tctl_draw_get(draw, one, "kind");
		fputs("</span> ", draw->to);
		tctl_draw_task(draw, tctl_get(one, "task"));
		fputs(" ", draw->to);
		tctl_draw_get(draw, one, "title");
		fputs("</p><p class=\"why\">", draw->to);
		tctl_draw_get(draw, one, "why");
		fputs("</p>", draw->to);
		if (tctl_get_object(one, "next") != NULL) {
			fputs("<code>", draw->to);
			tctl_draw_get(draw, one, "next");
			fputs("</code>", draw->to);
		}
		fputs("</li>\n", draw->to);
	}
	if (count > 0)
		fputs("</ul>\n", draw->to);
	if (count > MOST && !draw->alone)
		fprintf(draw->to, "<p class=\"more\">and %zu more</p>\n",
		    count - MOST);
	tctl_draw_part_end(draw);
}

/* --- sprints
 * --------------------------------------------------------------------
 */

static void
put_sprint(const struct tctl_draw *draw, struct json_object *sprint)
{
	bool is_link = !draw->alone && tctl_get(sprint, "id")[0] != '\0';

	fputs("<tr><th scope=\"row\">", draw->to);
	if (is_link) {
		fputs("<a href=\"/tasks?plan=", draw->to);
		tctl_draw_address(draw, tctl_get(sprint, "plan"));
		fputs("&amp;sprint=", draw->to);
		tctl_draw_address(draw, tctl_get(sprint, "id"));
		fputs("\">", draw->to);
	}
	if (tctl_get(sprint, "id")[0] == '\0')
		fputs("no sprint", draw->to);
	tctl_draw_get(draw, sprint, "id");
	fputs(is_link ? "</a> " : " ", draw->to);
	tctl_draw_get(draw, sprint, "title");
	fputs("</th><td>", draw->to);
	tctl_draw_state(draw, tctl_get(sprint, "state"));
	fputs("</td><td class=\"wide\">", draw->to);
	tctl_draw_totals(draw, sprint);
	if (tctl_get_object(sprint, "goal") != NULL) {
		fputs("<p class=\"why\">", draw->to);
		tctl_draw_get(draw, sprint, "goal");
		fputs("</p>", draw->to);
	}
	fprintf(draw->to, "</td><td class=\"n\">%s of %s</td><td class=\"n\">",
	    tctl_get(sprint, "done"), tctl_get(sprint, "tasks"));
	if (tctl_get_object(sprint, "percent") != NULL)
		fprintf(draw->to, "%s %%", tctl_get(sprint, "percent"));
	fputs("</td></tr>\n", draw->to);
}

void
tctl_draw_sprints(const struct tctl_draw *draw, struct json_object *status)
{
	struct json_object *sprints = tctl_get_object(status, "sprints");

	if (count_of(sprints) == 0)
		return;
	tctl_draw_part(draw, "sprints", "Sprints");
	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
	      "aria-labelledby=\"sprints-h\"><table>\n<caption>Progress of "
	      "each sprint; percent is by effort</caption>\n<thead><tr>"
	      "<th scope=\"col\">Sprint</th><th scope=\"col\">State</th>"
	      "<th scope=\"col\">Progress</th>"
	      "<th scope=\"col\" class=\"n\">Done</th>"
	      "<th scope=\"col\" class=\"n\">Effort</th></tr></thead>\n"
	      "<tbody>\n",
	    draw->to);
	for (size_t i = 0; i < count_of(sprints); i++)
		put_sprint(draw, at(sprints, i));
	fputs("</tbody></table></div>\n", draw->to);
	tctl_draw_part_end(draw);
}

/* --- the board
 * ------------------------------------------------------------------
 */

static void
put_card(const struct tctl_draw *draw, struct json_object *task)
{
	struct json_object *lease = tctl_get_object(task, "lease");
	const char *agent = lease != NULL ? tctl_get(lease, "agent")
					  : tctl_get(task, "planned_agent");

	fputs("<li><p>", draw->to);
	tctl_draw_task(draw, tctl_get(task, "ref"));
	fputs(" ", draw->to);
	tctl_draw_get(draw, task, "title");
	fputs("</p>", draw->to);
	if (agent[0] != '\0' || tctl_get_number(task, "estimate_s") > 0) {
		fputs("<p class=\"who\">", draw->to);
		tctl_draw_text(draw, agent);
		if (tctl_get_number(task, "estimate_s") > 0) {
			fputs(agent[0] == '\0' ? "" : " · ", draw->to);
			tctl_draw_duration(
			    draw, tctl_get_number(task, "estimate_s"));
		}
		fputs("</p>", draw->to);
	}
	fputs("</li>\n", draw->to);
}

/* What is done newest first, the rest in the plan's order. */
static void
put_column(
    const struct tctl_draw *draw, struct json_object *tasks, const char *state)
{
	enum { MOST = 8 };
	bool backwards = strcmp(state, "done") == 0;
	size_t count = count_of(tasks), found = 0;

	fprintf(draw->to, "<div class=\"column\"><h3 id=\"b-%s\">", state);
	tctl_draw_state(draw, state);
	fprintf(draw->to, "</h3><ul aria-labelledby=\"b-%s\">\n", state);
	for (size_t i = 0; i < count; i++) {
		struct json_object *task =
		    at(tasks, backwards ? count - 1 - i : i);

		if (strcmp(tctl_get(task, "state"), state) != 0)
			continue;
		if (found++ < MOST)
			put_card(draw, task);
	}
	fputs("</ul>", draw->to);
	if (found > MOST && draw->alone)
		fprintf(draw->to, "<p class=\"more\">and %zu more</p>",
		    found - MOST);
	else if (found > MOST)
		fprintf(draw->to,
		    "<p class=\"more\"><a href=\"/tasks?state=%s\">and %zu "
		    "more</a></p>",
		    state, found - MOST);
	else if (found == 0)
		fputs("<p class=\"none\">none</p>", draw->to);
	fputs("</div>\n", draw->to);
}

void
tctl_draw_board(const struct tctl_draw *draw, struct json_object *tasks)
{
	static const char *const column[] = { "ready", "claimed", "pending",
		"failed", "done" };

	tctl_draw_part(draw, "board", "Board");
	fputs("<div class=\"board\">\n", draw->to);
	for (size_t i = 0; i < TCTL_COUNT(column); i++)
		put_column(draw, tasks, column[i]);
	fputs("</div>\n", draw->to);
	tctl_draw_part_end(draw);
}

/* --- the page
 * -------------------------------------------------------------------
 */

void
tctl_page_home(struct tctl_serve *serve, struct tctl_answer_page *page)
{
	struct tctl_draw draw = tctl_draw_of(serve, page);
	enum tctl_status status;
	struct json_object *state =
	    tctl_serve_ask(serve, &status, "status", NULL);
	struct json_object *tasks = NULL, *events = NULL;

	if (status == TCTL_OK)
		tasks = tctl_serve_ask(serve, &status, "list", NULL);
	if (status == TCTL_OK)
		events = tctl_serve_ask(
		    serve, &status, "log", "--limit", "12", NULL);
	if (status == TCTL_OK) {
		tctl_draw_begin(&draw, "Overview", "/");
		fputs("<h1 class=\"unseen\">Overview</h1>\n", draw.to);
		tctl_draw_summary(&draw, state);
		fputs("<div class=\"two\">\n", draw.to);
		tctl_draw_work(&draw, state);
		tctl_draw_stuck(&draw, state);
		fputs("</div>\n", draw.to);
		tctl_draw_sprints(&draw, state);
		tctl_draw_board(&draw, tctl_get_object(tasks, "tasks"));
		tctl_draw_events(&draw, tctl_get_object(events, "events"), 12);
		tctl_draw_end(&draw);
	} else
		tctl_draw_refusal(serve, status,
		    events != NULL  ? events
		    : tasks != NULL ? tasks
				    : state,
		    page);
	json_object_put(state);
	json_object_put(tasks);
	json_object_put(events);
}
