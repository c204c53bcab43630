/* task.c - the page of one task. */
#include "act.h"

static void
begin_field(const struct tctl_draw *draw, const char *name)
{
	fprintf(draw->to, "<dt>%s</dt><dd>", name);
}

static void
put_field(const struct tctl_draw *draw, const char *name,
    struct json_object *from, const char *key)
{
	if (tctl_get(from, key)[0] == '\0')
		return;
	begin_field(draw, name);
	tctl_draw_get(draw, from, key);
	fputs("</dd>\n", draw->to);
}

static void
put_ids(const struct tctl_draw *draw, const char *name,
    struct json_object *task, const char *key)
{
	if (tctl_get_count(task, key) == 0)
		return;
	begin_field(draw, name);
	tctl_draw_tasks(
	    draw, tctl_get(task, "plan"), tctl_get_object(task, key));
	fputs("</dd>\n", draw->to);
}

static void
put_moment(const struct tctl_draw *draw, const char *name,
    struct json_object *from, const char *key)
{
	if (tctl_get_object(from, key) == NULL)
		return;
	begin_field(draw, name);
	tctl_draw_instant(draw, tctl_get(from, key));
	fputs("</dd>\n", draw->to);
}

static void
put_fields(const struct tctl_draw *draw, struct json_object *task)
{
	struct json_object *lease = tctl_get_object(task, "lease");
	struct json_object *source = tctl_get_object(task, "source");

	fputs("<dl>\n", draw->to);
	begin_field(draw, "State");
	tctl_draw_state(draw, tctl_get(task, "state"));
	fputs("</dd>\n", draw->to);
	put_field(draw, "Held by", lease, "agent");
	put_moment(draw, "Since", lease, "acquired_at");
	put_moment(draw, "Lease until", lease, "expires_at");
	put_field(draw, "Token", lease, "token");
	put_field(draw, "Worktree", lease, "worktree");
	put_field(draw, "Done by", task, "finished_by");
	put_moment(draw, "Finished", task, "finished_at");
	put_field(draw, "Sprint", task, "sprint");
	put_field(draw, "Planned for", task, "planned_agent");
	put_field(draw, "Priority", task, "priority");
	if (tctl_get_number(task, "estimate_s") > 0) {
		begin_field(draw, "Estimate");
		tctl_draw_duration(draw, tctl_get_number(task, "estimate_s"));
		fputs("</dd>\n", draw->to);
	}
	put_field(draw, "Mutex", task, "mutex");
	put_ids(draw, "Needs", task, "needs");
	put_ids(draw, "Waits for", task, "unmet");
	put_field(draw, "After", task, "after");
	put_ids(draw, "Unblocks", task, "unblocks");
	if (tctl_get_number(task, "attempts") > 0)
		put_field(draw, "Attempts", task, "attempts");
	if (source != NULL) {
		begin_field(draw, "Source");
		tctl_draw_get(draw, source, "file");
		fprintf(draw->to, ":%s</dd>\n", tctl_get(source, "line"));
	}
	fputs("</dl>\n", draw->to);
}

static void
put_why(const struct tctl_draw *draw, struct json_object *why)
{
	struct json_object *reasons = tctl_get_object(why, "reasons");
	bool free_now = tctl_get_bool(why, "claimable");

	tctl_draw_part(draw, "why", "Why");
	fprintf(draw->to, "<p>%s</p>\n",
	    free_now ? "It can be claimed now." : "It cannot be claimed now:");
	if (tctl_get_count(why, "reasons") > 0)
		fputs("<ul>\n", draw->to);
	for (size_t i = 0; i < tctl_get_count(why, "reasons"); i++) {
		fputs("<li>", draw->to);
		tctl_draw_get(
		    draw, json_object_array_get_idx(reasons, i), "text");
		fputs("</li>\n", draw->to);
	}
	if (tctl_get_count(why, "reasons") > 0)
		fputs("</ul>\n", draw->to);
	tctl_draw_part_end(draw);
}

/* Criteria, steps, files, notes. */
static void
put_lines(const struct tctl_draw *draw, struct json_object *task,
    const char *key, const char *heading)
{
	struct json_object *list = tctl_get_object(task, key);
	size_t count = tctl_get_count(task, key);

	if (count == 0)
		return;
	tctl_draw_part(draw, key, heading);
	fputs("<ul class=\"lines\">\n", draw->to);
	for (size_t i = 0; i < count; i++) {
		struct json_object *one = json_object_array_get_idx(list, i);

		fputs("<li>", draw->to);
		if (json_object_is_type(one, json_type_string))
			tctl_draw_text(draw, json_object_get_string(one));
		else {
			if (tctl_get_object(one, "done") != NULL)
				fputs(tctl_get_bool(one, "done") ? "[x] "
								 : "[ ] ",
				    draw->to);
			tctl_draw_get(draw, one, "text");
		}
		if (tctl_get(one, "agent")[0] != '\0') {
			fputs(" <span class=\"who\">", draw->to);
			tctl_draw_get(draw, one, "agent");
			fputs(", ", draw->to);
			tctl_draw_instant(draw, tctl_get(one, "at"));
			fputs("</span>", draw->to);
		}
		fputs("</li>\n", draw->to);
	}
	fputs("</ul>\n", draw->to);
	tctl_draw_part_end(draw);
}

void
tctl_page_task(
    struct tctl_serve *serve, const char *id, struct tctl_answer_page *page)
{
	struct tctl_draw draw = tctl_draw_of(serve, page);
	enum tctl_status status;
	struct json_object *show = tctl_serve_ask(
	    serve, &status, "show", "--limit", "100", "--", id, NULL);
	struct json_object *why = NULL, *task;

	if (status == TCTL_OK)
		why = tctl_serve_ask(serve, &status, "why", "--", id, NULL);
	if (status != TCTL_OK) {
		tctl_draw_refusal(
		    serve, status, why != NULL ? why : show, page);
		json_object_put(show);
		json_object_put(why);
		return;
	}
	task = tctl_get_object(show, "task");
	tctl_draw_begin(&draw, tctl_get(task, "ref"), "/tasks");
	fputs("<h1><span class=\"id\">", draw.to);
	tctl_draw_get(&draw, task, "ref");
	fputs("</span> ", draw.to);
	tctl_draw_get(&draw, task, "title");
	fputs("</h1>\n<div class=\"two\">\n", draw.to);
	tctl_draw_part(&draw, "task", "The task");
	put_fields(&draw, task);
	tctl_draw_part_end(&draw);
	fputs("<div>\n", draw.to);
	tctl_draw_acts(&draw, task);
	put_why(&draw, why);
	put_lines(&draw, task, "steps", "Steps");
	put_lines(&draw, task, "criteria", "Criteria");
	put_lines(&draw, task, "files", "Files");
	put_lines(&draw, task, "notes", "Notes");
	fputs("</div>\n</div>\n", draw.to);
	tctl_draw_events(&draw, tctl_get_object(show, "events"), 100);
	tctl_draw_end(&draw);
	json_object_put(show);
	json_object_put(why);
}
