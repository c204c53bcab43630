/* plan_agents.c - taskctl plan --agents: lanes, and a table. */
#include <bsd/stdlib.h>
#include <stdlib.h>
#include <string.h>

#include "plan_agents.h"
#include "print.h"
#include "taskctl/text.h"
#include "taskctl/time.h"
#include "taskctl/work_json.h"

/* clang-format off */
const struct tctl_param tctl_plan_rows[] = {
	{ .name = "agents", .kind = TCTL_KIND_TEXT, .metavar = "N|NAMES",
	  .offset = offsetof(struct tctl_plan_req, agents),
	  .help = "a schedule for so many agents, or for these: ada,bob" },
	{ .name = "strict-agents", .kind = TCTL_KIND_FLAG,
	  .offset = offsetof(struct tctl_plan_req, strict),
	  .help = "what is planned for one agent, no other does" },
	{ .name = "calendar", .kind = TCTL_KIND_TEXT, .metavar = "HOURS",
	  .offset = offsetof(struct tctl_plan_req, calendar),
	  .help = "working hours, as in \"mon-fri 09:00-17:00\"" },
	{ .name = "whole", .kind = TCTL_KIND_FLAG,
	  .offset = offsetof(struct tctl_plan_req, whole),
	  .help = "as if nothing were done or begun yet" },
	{ .name = "seed", .kind = TCTL_KIND_NUMBER, .metavar = "N",
	  .offset = offsetof(struct tctl_plan_req, seed), .fallback = "1",
	  .help = "where the search begins: the same seed, the same schedule" },
	{ .name = "effort", .kind = TCTL_KIND_NUMBER, .metavar = "N",
	  .offset = offsetof(struct tctl_plan_req, effort),
	  .fallback = "1500000, a tenth of a second",
	  .help = "how many placements of a task the search may try" },
	{ .name = "limit", .kind = TCTL_KIND_NUMBER, .metavar = "N",
	  .offset = offsetof(struct tctl_plan_req, limit), .fallback = "50",
	  .help = "lines of each list; 0: all" },
	{ .kind = TCTL_KIND_END }
};
/* clang-format on */

enum tctl_status
tctl_plan_agents_refuse(const struct tctl_plan_req *req, struct tctl_error *err)
{
	const char *option = req->strict	     ? "--strict-agents"
			     : req->calendar != NULL ? "--calendar"
			     : req->whole	     ? "--whole"
			     : req->seed >= 0	     ? "--seed"
			     : req->effort >= 0	     ? "--effort"
						     : NULL;

	if (option == NULL)
		return TCTL_OK;
	return tctl_fail(err, TCTL_EUSAGE,
	    "%s says something about agents: it needs --agents", option);
}

/* A number of agents, or their names. */
static enum tctl_status
read_agents(struct tctl_ctx *ctx, const char *text, struct tctl_share_req *req,
    struct tctl_error *err)
{
	char *names = tctl_arena_strdup(ctx->arena, text), *name;

	/* "1.5", "1e3", "-1" are meant to be numbers too, and are none. */
	if (*text != '\0' && strchr("0123456789+-", *text) != NULL &&
	    strchr(text, ',') == NULL) {
		const char *why = NULL;

		req->agents = (size_t)strtonum(text, 1, TCTL_AGENTS_MOST, &why);
		if (why != NULL || *text == '+')
			return tctl_fail(err, TCTL_EUSAGE,
			    "--agents: \"%s\" is not a number from 1 to %d",
			    text, TCTL_AGENTS_MOST);
		return TCTL_OK;
	}
	while ((name = strsep(&names, ",")) != NULL) {
		while (*name == ' ')
			name++;
		for (size_t n = strlen(name); n > 0 && name[n - 1] == ' ';)
			name[--n] = '\0';
		if (*name == '\0' || *name == '-' || *name == '+' ||
		    strlen(name) >= TCTL_AGENT_MAX ||
		    tctl_text_has_control(name))
			return tctl_fail(err, TCTL_EUSAGE,
			    "--agents: \"%s\" is neither a number nor names "
			    "with commas between them",
			    text);
		tctl_strings_add(ctx->arena, &req->names, name);
	}
	return TCTL_OK;
}

enum tctl_status
tctl_plan_agents_ask(struct tctl_ctx *ctx, const struct tctl_plan_req *req,
    struct tctl_share_req *out, struct tctl_error *err)
{
	struct tctl_share_req ask = { .strict = req->strict,
		.whole = req->whole,
		.calendar = req->calendar,
		.effort = { .seed = req->seed < 0 ? 1 : (uint64_t)req->seed,
		    .placements =
			req->effort < 0 ? TCTL_EFFORT_USUAL : req->effort } };
	enum tctl_status status = read_agents(ctx, req->agents, &ask, err);

	if (status == TCTL_OK)
		*out = ask;
	return status;
}

enum tctl_status
tctl_plan_agents_run(struct tctl_ctx *ctx, const struct tctl_plan_req *req,
    struct json_object **out, struct tctl_error *err)
{
	struct tctl_share_req share_req;
	struct tctl_share share;
	enum tctl_status status =
	    tctl_plan_agents_ask(ctx, req, &share_req, err);

	if (status == TCTL_OK)
		status = tctl_share_read(&ctx->coord, &share_req, &share, err);
	if (status != TCTL_OK)
		return status;
	(void)tctl_ctx_limit(ctx, req->limit);
	*out = tctl_json_share(&share);
	tctl_json_add(*out, "calendar", tctl_json_text(req->calendar));
	tctl_share_release(&share);
	return tctl_plan_add_forecast(ctx, *out, err);
}

enum tctl_status
tctl_plan_add_forecast(
    struct tctl_ctx *ctx, struct json_object *out, struct tctl_error *err)
{
	struct tctl_status_report report;
	enum tctl_status status =
	    tctl_status_read(&ctx->coord, 0, &report, err);

	if (status == TCTL_OK) {
		tctl_json_add(out, "forecast",
		    tctl_json_forecast(&report.forecast, report.dropped,
			report.dropped_count));
		tctl_status_release(&report);
	}
	return status;
}

/* --- for people ------------------------------------------------------------
 */

struct line {
	struct json_object *task;
	int64_t start_s;
	int64_t end_s;
	size_t place;
	bool is_critical;
};

static int
by_start(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->start_s != y->start_s)
		return x->start_s < y->start_s ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

/* What takes time (and what else is left to do), by start; returns how many. */
static size_t
list_lines(struct json_object *out, bool with_moments, struct line line[])
{
	struct json_object *tasks = tctl_get_object(out, "tasks");
	size_t count = 0;

	for (size_t i = 0; i < json_object_array_length(tasks); i++) {
		struct json_object *task = json_object_array_get_idx(tasks, i);
		int64_t start_s = tctl_get_number(task, "start_s");
		int64_t end_s = tctl_get_number(task, "end_s");

		if (end_s > start_s ||
		    (with_moments && tctl_get_object(task, "wave") != NULL))
			line[count++] = (struct line){ .task = task,
				.start_s = start_s,
				.end_s = end_s,
				.place = i,
				.is_critical =
				    tctl_get_number(task, "slack_s") == 0 };
	}
	qsort(line, count, sizeof(*line), by_start);
	return count;
}

enum { BAR_MOST = 400, NAME_MOST = 16 };

/* A lane as cells: what begins is marked, and its id follows where it fits. */
struct lane {
	const char *cell[BAR_MOST];
	char letter[BAR_MOST][2];
	int width;
};

static void
paint(struct lane *lane, const struct line *line, int64_t makespan_s)
{
	int from = (int)(line->start_s * lane->width / makespan_s);
	int to = (int)(line->end_s * lane->width / makespan_s);
	const char *id = tctl_get(line->task, "id");
	int length = (int)strlen(id);

	for (int i = from; i < to || i == from; i++)
		if (i < lane->width)
			lane->cell[i] = line->is_critical ? "━" : "─";
	if (from < lane->width)
		lane->cell[from] = "┃";
	if (from + 1 + length >= to || tctl_text_width(id) != length)
		return;
	for (int i = 0; i < length; i++) {
		lane->letter[from + 1 + i][0] = id[i];
		lane->cell[from + 1 + i] = lane->letter[from + 1 + i];
	}
}

static void
put_lane(struct tctl_ctx *ctx, FILE *to, const char *name, int name_width,
    const struct line line[], size_t count, int64_t makespan_s)
{
	struct lane lane = { .width = tctl_width() - name_width - 2 };

	lane.width = lane.width > BAR_MOST ? BAR_MOST : lane.width;
	for (int i = 0; i < lane.width; i++)
		lane.cell[i] = " ";
	for (size_t i = 0; i < count; i++)
		if (strcmp(tctl_get(line[i].task, "agent"), name) == 0)
			paint(&lane, &line[i], makespan_s);
	tctl_put_cell(ctx, to, TCTL_BOLD, name, name_width);
	fputs("  ", to);
	for (int i = 0; i < lane.width; i++)
		fputs(lane.cell[i], to);
	fputs("\n", to);
}

static void
put_lanes(struct tctl_ctx *ctx, FILE *to, struct json_object *out,
    const struct line line[], size_t count)
{
	struct json_object *names = tctl_get_object(out, "names");
	size_t lanes = json_object_array_length(names);
	int64_t makespan_s = tctl_get_number(out, "makespan_s");
	int name_width = 4;

	for (size_t i = 0; i < lanes; i++) {
		int width = tctl_text_width(json_object_get_string(
		    json_object_array_get_idx(names, i)));

		name_width = width > name_width ? width : name_width;
	}
	name_width = name_width > NAME_MOST ? NAME_MOST : name_width;
	fputs("\n", to);
	for (size_t i = 0; i < lanes && i < ctx->limit; i++)
		put_lane(ctx, to,
		    json_object_get_string(json_object_array_get_idx(names, i)),
		    name_width, line, count, makespan_s);
	if (lanes > ctx->limit)
		fprintf(to, "… and %zu more agents\n", lanes - ctx->limit);
}

/* 0m  1h30  A  1.3  Title */
static void
put_table(
    struct tctl_ctx *ctx, FILE *to, const struct line line[], size_t count)
{
	enum { ID = 8, TIME = 8 };
	int title = tctl_width() - 2 * TIME - NAME_MOST - ID - 8;
	char text[TCTL_DURATION_TEXT];

	fputs("\n", to);
	for (size_t i = 0; i < count && i < ctx->limit; i++) {
		struct json_object *task = line[i].task;

		tctl_duration_write(line[i].start_s, text);
		tctl_put_cell(ctx, to, TCTL_PLAIN, text, TIME);
		fputs("  ", to);
		tctl_duration_write(line[i].end_s, text);
		tctl_put_cell(ctx, to, TCTL_PLAIN, text, TIME);
		fputs("  ", to);
		tctl_put_cell(
		    ctx, to, TCTL_PLAIN, tctl_get(task, "agent"), NAME_MOST);
		fputs("  ", to);
		tctl_put_cell(ctx, to,
		    line[i].is_critical ? TCTL_BOLD : TCTL_PLAIN,
		    tctl_get(task, "ref"), ID);
		fputs("  ", to);
		tctl_put_fit(to, tctl_get(task, "title"),
		    title < 10 ? 10 : title, false);
		fputs("\n", to);
	}
	if (count > ctx->limit)
		fprintf(to, "… and %zu more (--limit 0 shows all)\n",
		    count - ctx->limit);
}

static void
put_totals(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct json_object *path = tctl_get_object(out, "critical_path");
	size_t steps = json_object_array_length(path);

	fprintf(to, "with %s agents     ", tctl_get(out, "agents"));
	tctl_put_duration(to, tctl_get_number(out, "makespan_s"));
	if (tctl_get_bool(out, "optimal")) {
		fputs("  (none is shorter: proven)\n", to);
	} else {
		fputs("  (none can be shorter than ", to);
		tctl_put_duration(to, tctl_get_number(out, "lower_bound_s"));
		fputs(")\n", to);
	}
	fputs("one after another  ", to);
	tctl_put_duration(to, tctl_get_number(out, "sequential_s"));
	fputs("\ndecided by         ", to);
	for (size_t i = 0; i < steps && i < ctx->limit; i++) {
		fputs(i == 0 ? "" : " → ", to);
		tctl_text_inert(to,
		    json_object_get_string(json_object_array_get_idx(path, i)));
	}
	fputs(steps > ctx->limit ? " → …\n" : "\n", to);
	if (tctl_get_object(out, "assumed_s") != NULL)
		fputs("nothing is estimated: every task counts as one hour\n",
		    to);
}

void
tctl_plan_agents_text(struct tctl_ctx *ctx, FILE *to, struct json_object *out)
{
	struct line *line =
	    tctl_xcalloc(tctl_get_count(out, "tasks"), sizeof(*line));
	size_t count = list_lines(out, false, line);

	put_totals(ctx, to, out);
	if (count > 0) {
		put_lanes(ctx, to, out, line, count);
		put_table(ctx, to, line, count);
	}
	tctl_put_forecast(ctx, to, tctl_get_object(out, "forecast"));
	free(line);
}

void
tctl_plan_agents_quiet(FILE *to, struct json_object *out)
{
	struct line *line =
	    tctl_xcalloc(tctl_get_count(out, "tasks"), sizeof(*line));
	size_t count = list_lines(out, true, line);

	for (size_t i = 0; i < count; i++)
		fprintf(to, "%s\n", tctl_get(line[i].task, "ref"));
	free(line);
}
