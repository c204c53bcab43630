/* tasks.c - the list of tasks. */
#include <string.h>

#include "draw.h"
#include "taskctl/model.h"

/* Where links to it lead: by its plan's name, and without it where that is
 * enough. */
static void
put_anchors(const struct tctl_draw *draw, struct json_object *task)
{
	const char *ref = tctl_get(task, "ref");

	fputs(" id=\"t-", draw->to);
	tctl_draw_get(draw, task, "plan");
	fputs(":", draw->to);
	tctl_draw_get(draw, task, "id");
	fputs("\"><th scope=\"row\"", draw->to);
	if (strcmp(ref, tctl_get(task, "id")) == 0) {
		fputs(" id=\"t-", draw->to);
		tctl_draw_text(draw, ref);
		fputs("\"", draw->to);
	}
	fputs(">", draw->to);
	tctl_draw_text(draw, ref);
}

static void
put_row(const struct tctl_draw *draw, struct json_object *task)
{
	struct json_object *lease = tctl_get_object(task, "lease");
	const char *agent = lease != NULL ? tctl_get(lease, "agent")
			    : tctl_get_object(task, "finished_by") != NULL
				? tctl_get(task, "finished_by")
				: tctl_get(task, "planned_agent");

	fprintf(draw->to, "<tr data-state=\"%s\"", tctl_get(task, "state"));
	if (draw->alone)
		put_anchors(draw, task);
	else {
		fputs("><th scope=\"row\">", draw->to);
		tctl_draw_task(draw, tctl_get(task, "ref"));
	}
	fputs("</th><td>", draw->to);
	tctl_draw_get(draw, task, "title");
	fputs("</td><td>", draw->to);
	tctl_draw_state(draw, tctl_get(task, "state"));
	fputs("</td><td>", draw->to);
	tctl_draw_text(draw, agent);
	fputs("</td><td class=\"n\">", draw->to);
	tctl_draw_duration(draw, tctl_get_number(task, "estimate_s"));
	fputs("</td><td>", draw->to);
	tctl_draw_tasks(
	    draw, tctl_get(task, "plan"), tctl_get_object(task, "unmet"));
	fputs("</td></tr>\n", draw->to);
}

/* A table of neighbours in one sprint, as many as a window or two show. */
static void
begin_group(const struct tctl_draw *draw, struct json_object *task, size_t n,
    size_t rows)
{
	const char *sprint = tctl_get(task, "sprint");

	fprintf(draw->to,
	    "<section class=\"group%s\" id=\"g%zu\" data-live "
	    "aria-labelledby=\"g%zu-h\">\n<table>\n<caption id=\"g%zu-h\">",
	    rows < 20 ? " short" : "", n, n, n);
	if (sprint[0] == '\0')
		fputs("Tasks without a sprint", draw->to);
	else {
		fputs("Sprint ", draw->to);
		tctl_draw_text(draw, sprint);
	}
	fputs("</caption>\n<thead><tr>"
	      "<th scope=\"col\">Task</th><th scope=\"col\">Title</th>"
	      "<th scope=\"col\">State</th><th scope=\"col\">Agent</th>"
	      "<th scope=\"col\" class=\"n\">Estimate</th>"
	      "<th scope=\"col\">Waits for</th></tr></thead>\n<tbody>\n",
	    draw->to);
}

/* How many from there on are in one group. */
static size_t
group_rows(struct json_object *tasks, size_t from)
{
	enum { MOST = 50 };
	struct json_object *first = json_object_array_get_idx(tasks, from);
	size_t count = json_object_array_length(tasks), rows = 1;

	for (; rows < MOST && from + rows < count; rows++) {
		struct json_object *next =
		    json_object_array_get_idx(tasks, from + rows);

		if (strcmp(tctl_get(first, "sprint"),
			tctl_get(next, "sprint")) != 0 ||
		    strcmp(tctl_get(first, "plan"), tctl_get(next, "plan")) !=
			0)
			break;
	}
	return rows;
}

void
tctl_draw_table(const struct tctl_draw *draw, struct json_object *tasks)
{
	size_t count = tasks == NULL ? 0 : json_object_array_length(tasks);
	size_t n = 0, rows;

	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
	      "aria-labelledby=\"tasks-h\"><div id=\"rows\">\n",
	    draw->to);
	for (size_t from = 0; from < count; from += rows) {
		rows = group_rows(tasks, from);
		begin_group(
		    draw, json_object_array_get_idx(tasks, from), ++n, rows);
		for (size_t i = from; i < from + rows; i++)
			put_row(draw, json_object_array_get_idx(tasks, i));
		fputs("</tbody></table>\n</section>\n", draw->to);
	}
	fputs("</div></div>\n", draw->to);
}

static const char *
argument(struct MHD_Connection *connection, const char *name)
{
	const char *value = MHD_lookup_connection_value(
	    connection, MHD_GET_ARGUMENT_KIND, name);

	return value == NULL ? "" : value;
}

/* It works without a script, and at once with one. */
static void
put_filter(const struct tctl_draw *draw, const char *state, const char *sprint,
    const char *agent, const char *plan)
{
	fputs("<form class=\"filter\" action=\"/tasks\" role=\"search\">\n"
	      "<label>Search <input id=\"seek\" type=\"search\" "
	      "name=\"q\" autocomplete=\"off\"></label>\n<label>State "
	      "<select name=\"state\"><option value=\"\">any</option>",
	    draw->to);
	for (int i = 0; i < TCTL_STATE_COUNT; i++) {
		const char *word = tctl_state_word((enum tctl_state)i);

		fprintf(draw->to, "<option%s>%s</option>",
		    strcmp(word, state) == 0 ? " selected" : "", word);
	}
	fputs("</select></label>\n<label>Sprint <input name=\"sprint\" "
	      "size=\"8\" value=\"",
	    draw->to);
	tctl_draw_text(draw, sprint);
	fputs("\"></label>\n<label>Agent <input name=\"agent\" size=\"8\" "
	      "value=\"",
	    draw->to);
	tctl_draw_text(draw, agent);
	fputs("\"></label>\n", draw->to);
	if (plan[0] != '\0') {
		fputs("<label>Plan <input name=\"plan\" size=\"8\" value=\"",
		    draw->to);
		tctl_draw_text(draw, plan);
		fputs("\"></label>\n", draw->to);
	}
	fputs("<button>Show</button>\n</form>\n", draw->to);
}

static bool
holds_text(struct json_object *task, const char *wanted)
{
	return strcasestr(tctl_get(task, "ref"), wanted) != NULL ||
	       strcasestr(tctl_get(task, "title"), wanted) != NULL;
}

/* Leave those whose id or title has it. */
static void
seek(struct json_object *tasks, const char *wanted)
{
	for (size_t i = json_object_array_length(tasks); i-- > 0;)
		if (!holds_text(json_object_array_get_idx(tasks, i), wanted))
			json_object_array_del_idx(tasks, i, 1);
}

static void
add(struct tctl_strings *words, const char *word[], const char *name,
    const char *value)
{
	if (value[0] == '\0')
		return;
	word[words->count++] = name;
	word[words->count++] = value;
}

void
tctl_page_tasks(struct tctl_serve *serve, struct MHD_Connection *connection,
    struct tctl_answer_page *page)
{
	struct tctl_draw draw = tctl_draw_of(serve, page);
	const char *state = argument(connection, "state");
	const char *sprint = argument(connection, "sprint");
	const char *agent = argument(connection, "agent");
	const char *wanted = argument(connection, "q");
	const char *plan = argument(connection, "plan");
	const char *word[9] = { "list" };
	struct tctl_strings words = { .at = word, .count = 1 };
	struct json_object *tasks;
	enum tctl_status status;

	add(&words, word, "--state", state);
	add(&words, word, "--sprint", sprint);
	add(&words, word, "--agent", agent);
	add(&words, word, "--plan", plan);
	tasks = tctl_serve_call(serve, &words, &status);
	if (status != TCTL_OK) {
		tctl_draw_refusal(serve, status, tasks, page);
		json_object_put(tasks);
		return;
	}
	if (wanted[0] != '\0')
		seek(tctl_get_object(tasks, "tasks"), wanted);
	tctl_draw_begin(&draw, "Tasks", "/tasks");
	fputs("<h1 id=\"tasks-h\">Tasks</h1>\n", draw.to);
	put_filter(&draw, state, sprint, agent, plan);
	fprintf(draw.to,
	    "<div id=\"list\"><div id=\"count\" data-live><p id=\"summary\" "
	    "aria-live=\"polite\">%zu tasks</p></div>\n",
	    tctl_get_count(tasks, "tasks"));
	tctl_draw_table(&draw, tctl_get_object(tasks, "tasks"));
	fputs("</div>\n", draw.to);
	tctl_draw_end(&draw);
	json_object_put(tasks);
}
