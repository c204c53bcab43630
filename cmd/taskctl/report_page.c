/* report_page.c - a sprint review as a page. */
#include <stdlib.h>
#include <string.h>

#include "pen.h"
#include "print.h"
#include "report.h"
#include "taskctl/time.h"

/* The newest of a list that can be long: a pull request is read by people. */
enum { LISTED_MOST = 100 };

/* --- values
 * --------------------------------------------------------------------- */

/* "2h30", or "" where there is none; the arena's. */
static const char *
effort(struct tctl_ctx *ctx, struct json_object *from, const char *key)
{
	char text[TCTL_DURATION_TEXT];
	int64_t s = tctl_get_number(from, key);

	if (tctl_get_object(from, key) == NULL)
		return "";
	tctl_duration_write(s >= 60 ? s / 60 * 60 : s, text);
	return tctl_arena_strdup(ctx->arena, text);
}

static const char *
moment(struct tctl_ctx *ctx, struct json_object *from, const char *key)
{
	char text[TCTL_INSTANT_TEXT];
	int64_t ms = tctl_get_ms(from, key);

	if (ms == 0)
		return "";
	/* "2026-11-21 10:00": a page needs no seconds. */
	return tctl_arena_printf(ctx->arena, "%.16s%s",
	    tctl_instant_show(ms, ctx->global->utc, text),
	    ctx->global->utc ? " UTC" : "");
}

static const char *
joined(struct tctl_ctx *ctx, struct json_object *ids, const char *separator)
{
	size_t count = ids == NULL ? 0 : json_object_array_length(ids), bytes;
	char *text = NULL;
	const char *kept;
	FILE *to;

	if (count == 0)
		return "";
	if (count == 1) /* mostly */
		return json_object_get_string(
		    json_object_array_get_idx(ids, 0));
	to = open_memstream(&text, &bytes);
	if (to == NULL)
		tctl_die_nomem();
	for (size_t i = 0; i < count; i++)
		fprintf(to, "%s%s", i > 0 ? separator : "",
		    json_object_get_string(json_object_array_get_idx(ids, i)));
	if (fclose(to) != 0)
		tctl_die_nomem();
	kept = tctl_arena_strdup(ctx->arena, text);
	free(text);
	return kept;
}

static void
put_row(struct tctl_pen *pen, const char *const *cell, size_t count)
{
	tctl_pen_row(pen);
	for (size_t i = 0; i < count; i++)
		tctl_pen_cell(pen, cell[i]);
	tctl_pen_row_end(pen);
}

#define ROW(pen, ...) \
	put_row(pen, (const char *const[]){ __VA_ARGS__ }, \
	    sizeof((const char *const[]){ __VA_ARGS__ }) / \
		sizeof(const char *))

/* --- parts
 * ------------------------------------------------------------------------ */

static void
put_summary(struct tctl_ctx *ctx, struct tctl_pen *pen, struct json_object *all)
{
	struct json_object *totals = tctl_get_object(all, "totals");
	struct json_object *forecast = tctl_get_object(all, "forecast");
	const char *ended = moment(ctx, all, "ended_at");
	const char *began = moment(ctx, all, "began_at");

	tctl_pen_line(
	    pen, tctl_arena_printf(ctx->arena,
		     "%s %% · %s of %lld tasks done · %s of %s",
		     tctl_get_object(totals, "percent") == NULL
			 ? "0"
			 : tctl_get(totals, "percent"),
		     tctl_get(totals, "done"),
		     (long long)(tctl_get_number(totals, "tasks") -
				 tctl_get_number(totals, "cancelled")),
		     effort(ctx, totals, "done_s"),
		     effort(ctx, totals, "estimate_s")));
	fputs("\n", pen->to);
	tctl_pen_table(pen, "What|Value");
	if (tctl_get(all, "goal")[0] != '\0')
		ROW(pen, "goal", tctl_get(all, "goal"));
	ROW(pen, "began", *began != '\0' ? began : "not yet");
	if (*ended != '\0')
		ROW(pen, "ended", ended);
	if (tctl_get_object(all, "velocity_s_per_day") != NULL)
		ROW(pen, "velocity",
		    tctl_arena_printf(ctx->arena, "%s of estimates a day",
			effort(ctx, all, "velocity_s_per_day")));
	if (tctl_get_object(all, "ratio") != NULL)
		ROW(pen, "estimates",
		    tctl_arena_printf(ctx->arena,
			"%s planned, %s taken: %s of what was estimated, "
			"median %s",
			effort(ctx, all, "planned_s"),
			effort(ctx, all, "actual_s"), tctl_get(all, "ratio"),
			tctl_get(all, "median_ratio")));
	if (forecast != NULL && *ended == '\0')
		ROW(pen, "forecast",
		    tctl_arena_printf(ctx->arena,
			"the whole plan by %s, nine times in ten by %s",
			moment(ctx, forecast, "p50"),
			moment(ctx, forecast, "p90")));
	tctl_pen_table_end(pen);
}

static bool
is_done(struct json_object *task)
{
	return strcmp(tctl_get(task, "state"), "done") == 0;
}

static void
put_done(struct tctl_ctx *ctx, struct tctl_pen *pen, struct json_object *tasks)
{
	size_t count = json_object_array_length(tasks);

	tctl_pen_heading(pen, "Done");
	tctl_pen_table(pen, "Task|Title|By|>Planned|>Actual|>Actual/planned");
	for (size_t i = 0; i < count; i++) {
		struct json_object *one = json_object_array_get_idx(tasks, i);

		if (is_done(one))
			ROW(pen, tctl_get(one, "ref"), tctl_get(one, "title"),
			    tctl_get(one, "agent"),
			    effort(ctx, one, "planned_s"),
			    effort(ctx, one, "actual_s"),
			    tctl_get(one, "ratio"));
	}
	tctl_pen_table_end(pen);
}

static void
put_left(struct tctl_ctx *ctx, struct tctl_pen *pen, struct json_object *tasks)
{
	size_t count = json_object_array_length(tasks);

	tctl_pen_heading(pen, "Not done");
	tctl_pen_table(pen, "Task|Title|State|By|>Planned|>So far|Waits for");
	for (size_t i = 0; i < count; i++) {
		struct json_object *one = json_object_array_get_idx(tasks, i);
		const char *waits =
		    joined(ctx, tctl_get_object(one, "unmet"), ", ");

		if (is_done(one))
			continue;
		ROW(pen, tctl_get(one, "ref"), tctl_get(one, "title"),
		    tctl_get(one, "state"), tctl_get(one, "agent"),
		    effort(ctx, one, "planned_s"),
		    tctl_get_number(one, "actual_s") > 0
			? effort(ctx, one, "actual_s")
			: "",
		    *waits != '\0' ? waits : tctl_get(one, "after"));
	}
	tctl_pen_table_end(pen);
}

static void
put_burn_down(
    struct tctl_ctx *ctx, struct tctl_pen *pen, struct json_object *points)
{
	size_t count = json_object_array_length(points);
	double *y;
	bool by_effort = false;
	int64_t first, last;
	double hours;

	if (count < 2)
		return;
	y = tctl_arena_alloc(ctx->arena, count * sizeof(*y));
	for (size_t i = 0; i < count; i++)
		by_effort =
		    by_effort ||
		    tctl_get_number(
			json_object_array_get_idx(points, i), "effort_s") > 0;
	for (size_t i = 0; i < count; i++) {
		struct json_object *one = json_object_array_get_idx(points, i);

		y[i] = by_effort
			   ? (double)tctl_get_number(one, "effort_s") / 3600
			   : (double)tctl_get_number(one, "tasks");
	}
	first = tctl_get_ms(json_object_array_get_idx(points, 0), "at");
	last = tctl_get_ms(json_object_array_get_idx(points, count - 1), "at");
	hours = (double)(last - first) / 3600000;
	tctl_pen_heading(pen, "Burn-down");
	tctl_pen_chart(pen,
	    &(struct tctl_pen_chart){
		.title = by_effort ? "Effort left, in hours" : "Tasks left",
		.x_name = hours >= 48  ? "days"
			  : hours >= 2 ? "hours"
				       : "minutes",
		.x_most = hours >= 48  ? hours / 24
			  : hours >= 2 ? hours
				       : hours * 60,
		.y_name = by_effort ? "hours" : "tasks",
		.y = y,
		.points = count });
}

static void
put_gates(struct tctl_ctx *ctx, struct tctl_pen *pen, struct json_object *gates)
{
	size_t count = json_object_array_length(gates);

	if (count == 0)
		return;
	tctl_pen_heading(pen, "Go/No-Go");
	tctl_pen_table(pen, "Gate|Title|Decision|Criteria met|Open criteria");
	for (size_t i = 0; i < count; i++) {
		struct json_object *one = json_object_array_get_idx(gates, i);
		struct json_object *criteria = tctl_get_object(one, "criteria");
		size_t all = json_object_array_length(criteria), met = 0;
		const char *why = tctl_get(one, "why"), *open = "", *word;

		for (size_t k = 0; k < all; k++) {
			struct json_object *line =
			    json_object_array_get_idx(criteria, k);

			met += tctl_get_bool(line, "done");
			if (!tctl_get_bool(line, "done"))
				open = tctl_arena_printf(ctx->arena, "%s%s%s",
				    open, *open != '\0' ? "; " : "",
				    tctl_get(line, "text"));
		}
		word =
		    tctl_get_bool(one, "override") ? "overridden" : "approved";
		ROW(pen, tctl_get(one, "id"), tctl_get(one, "title"),
		    !tctl_get_bool(one, "approved")
			? "open"
			: tctl_arena_printf(ctx->arena, "%s by %s, %s%s%s",
			      word, tctl_get(one, "approved_by"),
			      moment(ctx, one, "approved_at"),
			      *why != '\0' ? ": " : "", why),
		    tctl_arena_printf(ctx->arena, "%zu of %zu", met, all),
		    open);
	}
	tctl_pen_table_end(pen);
}

/* --- lists: a table each
 * ------------------------------------------------------ */

enum form { TEXT, EFFORT, MOMENT };

/* A column: what stands above it, and the member of each row that it shows. */
struct column {
	const char *title;
	const char *key;
	enum form form;
};

static const char *
show(struct tctl_ctx *ctx, struct json_object *one, const struct column *column)
{
	switch (column->form) {
	case EFFORT:
		return effort(ctx, one, column->key);
	case MOMENT:
		return moment(ctx, one, column->key);
	case TEXT:
		break;
	}
	return tctl_get(one, column->key);
}

/* Where a list is cut, the newest stay. */
static size_t
first_of(struct tctl_ctx *ctx, struct tctl_pen *pen, size_t count)
{
	if (count <= LISTED_MOST)
		return 0;
	tctl_pen_line(pen, tctl_arena_printf(ctx->arena,
			       "The newest %d of %zu; all of them "
			       "are in the JSON.",
			       LISTED_MOST, count));
	fputs("\n", pen->to);
	return count - LISTED_MOST;
}

/* Nothing at all where the list is empty; columns end with a title of NULL. */
static void
put_list(struct tctl_ctx *ctx, struct tctl_pen *pen, const char *heading,
    const struct column *columns, struct json_object *list)
{
	size_t count = json_object_array_length(list), first;
	const char *titles = "";

	if (count == 0)
		return;
	tctl_pen_heading(pen, heading);
	/* What is a log begins with a moment. */
	first = columns->form == MOMENT ? first_of(ctx, pen, count) : 0;
	for (const struct column *c = columns; c->title != NULL; c++)
		titles = tctl_arena_printf(ctx->arena, "%s%s%s", titles,
		    *titles != '\0' ? "|" : "", c->title);
	tctl_pen_table(pen, titles);
	for (size_t i = first; i < count; i++) {
		struct json_object *one = json_object_array_get_idx(list, i);

		tctl_pen_row(pen);
		for (const struct column *c = columns; c->title != NULL; c++)
			tctl_pen_cell(pen, show(ctx, one, c));
		tctl_pen_row_end(pen);
	}
	tctl_pen_table_end(pen);
}

/* clang-format off */
static const struct column agent_columns[] = {
	{ "Agent", "agent", TEXT }, { ">Done", "done", TEXT },
	{ ">Planned", "planned_s", EFFORT }, { ">Actual", "actual_s", EFFORT },
	{ ">Actual/planned", "ratio", TEXT },
	{ ">Leases lost", "lapses", TEXT }, { NULL, NULL, TEXT }
};
static const struct column lapse_columns[] = {
	{ "When", "at", MOMENT }, { "Task", "task", TEXT },
	{ "Lost by", "agent", TEXT }, { "How", "kind", TEXT },
	{ "Taken over by", "taken_over_by", TEXT }, { NULL, NULL, TEXT }
};
static const struct column scope_columns[] = {
	{ "When", "at", MOMENT }, { "Task", "task", TEXT },
	{ "What", "kind", TEXT }, { "By", "agent", TEXT },
	{ NULL, NULL, TEXT }
};
/* clang-format on */

static void
put_path(struct tctl_ctx *ctx, struct tctl_pen *pen, struct json_object *all)
{
	struct json_object *path = tctl_get_object(all, "critical_path");

	if (json_object_array_length(path) == 0)
		return;
	tctl_pen_heading(pen, "Critical path left");
	tctl_pen_line(pen,
	    tctl_arena_printf(ctx->arena, "%s: %s",
		effort(ctx, all, "critical_path_s"), joined(ctx, path, " → ")));
}

void
tctl_report_page(
    struct tctl_ctx *ctx, FILE *to, bool html, struct json_object *all)
{
	struct tctl_pen pen = { .to = to, .html = html };
	struct json_object *tasks = tctl_get_object(all, "tasks");
	const char *plan = tctl_get(all, "plan");

	tctl_pen_begin(
	    &pen, tctl_get_object(all, "sprint") == NULL
		      ? tctl_arena_printf(ctx->arena, "Review%s%s",
			    *plan != '\0' ? ": " : "", plan)
		      : tctl_arena_printf(ctx->arena, "Review of sprint %s%s%s",
			    tctl_get(all, "sprint"), *plan != '\0' ? ": " : "",
			    plan));
	put_summary(ctx, &pen, all);
	put_burn_down(ctx, &pen, tctl_get_object(all, "burn_down"));
	put_done(ctx, &pen, tasks);
	put_left(ctx, &pen, tasks);
	put_path(ctx, &pen, all);
	put_gates(ctx, &pen, tctl_get_object(all, "gates"));
	put_list(
	    ctx, &pen, "Agents", agent_columns, tctl_get_object(all, "agents"));
	put_list(ctx, &pen, "Leases lost and taken over", lapse_columns,
	    tctl_get_object(all, "lapses"));
	put_list(ctx, &pen, "Scope changed since it began", scope_columns,
	    tctl_get_object(all, "scope_changes"));
	tctl_pen_end(&pen);
}
