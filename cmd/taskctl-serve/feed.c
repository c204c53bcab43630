/* feed.c - what happened: the newest events, on each page and on their own. */
#include <stdlib.h>

#include "draw.h"

/* An event has the bare id: with its plan's name it is never ambiguous. */
static void
put_task(const struct tctl_draw *draw, struct json_object *event)
{
	const char *task = tctl_get(event, "task");
	const char *plan = tctl_get(event, "plan");

	if (plan[0] == '\0' || task[0] == '\0')
		tctl_draw_text(draw, task);
	else {
		char *ref = tctl_xprintf("%s:%s", plan, task);

		tctl_draw_link(draw, ref, task);
		free(ref);
	}
}

static void
put_event(const struct tctl_draw *draw, struct json_object *event)
{
	static const char *const details[] = { "note", "why", "needs", "plan",
		"by" };
	struct json_object *data = tctl_get_object(event, "data");
	const char *detail = "";

	for (size_t i = 0; detail[0] == '\0' && i < TCTL_COUNT(details); i++)
		if (json_object_is_type(
			tctl_get_object(data, details[i]), json_type_string))
			detail = tctl_get(data, details[i]);
	fprintf(draw->to, "<tr id=\"e%s\"><td>", tctl_get(event, "id"));
	tctl_draw_instant(draw, tctl_get(event, "at"));
	fputs("</td><td>", draw->to);
	tctl_draw_get(draw, event, "kind");
	fputs("</td><td>", draw->to);
	put_task(draw, event);
	fputs("</td><td>", draw->to);
	tctl_draw_get(draw, event, "agent");
	fputs("</td><td class=\"detail\">", draw->to);
	tctl_draw_text(draw, detail);
	fputs("</td></tr>\n", draw->to);
}

/* The newest first. */
void
tctl_draw_events(
    const struct tctl_draw *draw, struct json_object *events, size_t most)
{
	size_t count = events == NULL ? 0 : json_object_array_length(events);

	tctl_draw_part(draw, "events", "What happened");
	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
	      "aria-labelledby=\"events-h\"><table class=\"events\">\n<caption>"
	      "The newest events first</caption>\n<thead><tr>"
	      "<th scope=\"col\">When</th><th scope=\"col\">What</th>"
	      "<th scope=\"col\">Task</th><th scope=\"col\">Agent</th>"
	      "<th scope=\"col\">More</th></tr></thead>\n<tbody>\n",
	    draw->to);
	for (size_t i = 0; i < count && i < most; i++)
		put_event(
		    draw, json_object_array_get_idx(events, count - 1 - i));
	fputs("</tbody></table></div>\n", draw->to);
	tctl_draw_part_end(draw);
}

void
tctl_page_log(struct tctl_serve *serve, struct tctl_answer_page *page)
{
	struct tctl_draw draw = tctl_draw_of(serve, page);
	enum tctl_status status;
	struct json_object *events =
	    tctl_serve_ask(serve, &status, "log", "--limit", "500", NULL);

	if (status != TCTL_OK)
		tctl_draw_refusal(serve, status, events, page);
	else {
		tctl_draw_begin(&draw, "Events", "/log");
		fputs("<h1 class=\"unseen\">Events</h1>\n", draw.to);
		tctl_draw_events(&draw, tctl_get_object(events, "events"), 500);
		tctl_draw_end(&draw);
	}
	json_object_put(events);
}
