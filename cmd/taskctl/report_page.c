/* report_page.c - a sprint review as a page. */
#include <stdlib.h>
#include <string.h>

#include "pen.h"
#include "print.h"
#include "report.h"
#include "taskctl/time.h"

/* --- values
 * --------------------------------------------------------------------- */

/* "2h30", or "" where there is none; the arena's. */
const char *
tctl_report_effort(
    struct tctl_ctx *ctx, struct json_object *from, const char *key)
{
	char text[TCTL_DURATION_TEXT];
	int64_t s = tctl_get_number(from, key);

	if (tctl_get_object(from, key) == NULL)
		return "";
	tctl_duration_write(s >= 60 ? s / 60 * 60 : s, text);
	return tctl_arena_strdup(ctx->arena, text);
}

const char *
tctl_report_moment(
    struct tctl_ctx *ctx, struct json_object *from, const char *key)
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
put_forecast(
    struct tctl_ctx *ctx, struct tctl_pen *pen, struct json_object *forecast)
{
	char *condition = tctl_forecast_condition(forecast);

	ROW(pen, "forecast",
	    tctl_arena_printf(ctx->arena,
		"the whole plan by %s, nine times in ten by %s%s%s",
		tctl_report_moment(ctx, forecast, "p50"),
		tctl_report_moment(ctx, forecast, "p90"),
		condition[0] == '\0' ? "" : ", ", condition));
	free(condition);
}

static void
put_summary(struct tctl_ctx *ctx, struct tctl_pen *pen, struct json_object *all)
{
	struct json_object *totals = tctl_get_object(all, "totals");
	struct json_object *forecast = tctl_get_object(all, "forecast");
	const char *ended = tctl_report_moment(ctx, all, "ended_at");
	const char *began = tctl_report_moment(ctx, all, "began_at");

	tctl_pen_line(
	    pen, tctl_arena_printf(ctx->arena,
		     "%s %% · %s of %lld tasks done · %s of %s",
		     tctl_get_object(totals, "percent") == NULL
			 ? "0"
			 : tctl_get(totals, "percent"),
		     tctl_get(totals, "done"),
		     (long long)(tctl_get_number(totals, "tasks") -
				 tctl_get_number(totals, "cancelled")),
		     tctl_report_effort(ctx, totals, "done_s"),
		     tctl_report_effort(ctx, totals, "estimate_s")));
	fputs("\n", pen->to);
	tctl_pen_table(pen, "What|Value");
	if (tctl_get(all, "title")[0] != '\0' &&
	    strcmp(tctl_get(all, "title"), tctl_get(all, "goal")) != 0)
		ROW(pen, "sprint", tctl_get(all, "title"));
	if (tctl_get(all, "goal")[0] != '\0')
		ROW(pen, "goal", tctl_get(all, "goal"));
	ROW(pen, "began", *began != '\0' ? began : "not yet");
	if (*ended != '\0')
		ROW(pen, "ended", ended);
	if (tctl_get_object(all, "velocity_s_per_day") != NULL)
		ROW(pen, "velocity",
		    tctl_arena_printf(ctx->arena, "%s of estimates a day",
			tctl_report_effort(ctx, all, "velocity_s_per_day")));
	if (tctl_get_object(all, "ratio") != NULL)
		ROW(pen, "estimates",
		    tctl_arena_printf(ctx->arena,
			"%s planned, %s taken: %s of what was estimated, "
			"median %s",
			tctl_report_effort(ctx, all, "planned_s"),
			tctl_report_effort(ctx, all, "actual_s"),
			tctl_get(all, "ratio"), tctl_get(all, "median_ratio")));
	if (forecast != NULL && *ended == '\0')
		put_forecast(ctx, pen, forecast);
	tctl_pen_table_end(pen);
}

/* Of a whole plan: what each sprint is for, as far as they say. */
static void
put_goals(struct tctl_pen *pen, struct json_object *sprints)
{
	size_t count = json_object_array_length(sprints), shown = 0;

	for (size_t i = 0; i < count; i++) {
		struct json_object *one = json_object_array_get_idx(sprints, i);

		if (tctl_get_object(one, "goal") == NULL)
			continue;
		if (shown++ == 0) {
			tctl_pen_heading(pen, "Goals");
			tctl_pen_table(pen, "Sprint|Title|Goal");
		}
		ROW(pen, tctl_get(one, "id"), tctl_get(one, "title"),
		    tctl_get(one, "goal"));
	}
	if (shown > 0)
		tctl_pen_table_end(pen);
}

static bool
is_done(struct json_object *task)
{
	return strcmp(tctl_get(task, "state"), "done") == 0;
}

/* Nothing, where nobody has worked on it: its plan says that it is done. */
static const char *
spent(struct tctl_ctx *ctx, struct json_object *task)
{
	return tctl_get_number(task, "actual_s") > 0
		   ? tctl_report_effort(ctx, task, "actual_s")
		   : "";
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
			    tctl_report_effort(ctx, one, "planned_s"),
			    spent(ctx, one), tctl_get(one, "ratio"));
	}
	tctl_pen_table_end(pen);
}

/* The sprint that must be done first, where nothing else is waited for. */
static const char *
sprint_before(struct tctl_ctx *ctx, struct json_object *task)
{
	const char *after = tctl_get(task, "after");

	return *after == '\0'
		   ? ""
		   : tctl_arena_printf(ctx->arena, "sprint %s", after);
}

static void
put_left(struct tctl_ctx *ctx, struct tctl_pen *pen, struct json_object *tasks)
{
	size_t count = json_object_array_length(tasks);

	tctl_pen_heading(pen, "Not done");
	tctl_pen_table(pen, "Task|Title|State|By|>Planned|>So far|Waits for");
	for (size_t i = 0; i < count; i++) {
		struct json_object *one = json_object_array_get_idx(tasks, i);
		const char *why = tctl_get(one, "why"); /* it failed */
		const char *waits =
		    joined(ctx, tctl_get_object(one, "unmet"), ", ");

		if (is_done(one))
			continue;
		ROW(pen, tctl_get(one, "ref"), tctl_get(one, "title"),
		    *why != '\0' ? why : tctl_get(one, "state"),
		    tctl_get(one, "agent"),
		    tctl_report_effort(ctx, one, "planned_s"), spent(ctx, one),
		    *waits != '\0' ? waits : sprint_before(ctx, one));
	}
	tctl_pen_table_end(pen);
}

static void
put_burn_down(
    struct tctl_ctx *ctx, struct tctl_pen *pen, struct json_object *points)
{
	enum { LEAST_MS = 60000 }; /* less is no line */
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
	if (last - first < LEAST_MS)
		return;
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
			      tctl_report_moment(ctx, one, "approved_at"),
			      *why != '\0' ? ": " : "", why),
		    tctl_arena_printf(ctx->arena, "%zu of %zu", met, all),
		    open);
	}
	tctl_pen_table_end(pen);
}

static void
put_path(struct tctl_ctx *ctx, struct tctl_pen *pen, struct json_object *all)
{
	struct json_object *path = tctl_get_object(all, "critical_path");

	if (json_object_array_length(path) == 0)
		return;
	tctl_pen_heading(pen, "Critical path left");
	tctl_pen_line(pen, tctl_arena_printf(ctx->arena, "%s: %s",
			       tctl_report_effort(ctx, all, "critical_path_s"),
			       joined(ctx, path, " → ")));
}

void
tctl_report_page(
    struct tctl_ctx *ctx, FILE *to, bool html, struct json_object *all)
{
	struct tctl_pen pen = { .to = to, .html = html };
	struct json_object *tasks = tctl_get_object(all, "tasks");
	const char *plan = tctl_get(all, "plan");
	size_t done = 0;

	for (size_t i = 0; i < json_object_array_length(tasks); i++)
		done += is_done(json_object_array_get_idx(tasks, i));
	tctl_pen_begin(
	    &pen, tctl_get_object(all, "sprint") == NULL
		      ? tctl_arena_printf(ctx->arena, "Review%s%s",
			    *plan != '\0' ? ": " : "", plan)
		      : tctl_arena_printf(ctx->arena, "Review of sprint %s%s%s",
			    tctl_get(all, "sprint"), *plan != '\0' ? ": " : "",
			    plan));
	put_summary(ctx, &pen, all);
	if (tctl_get_object(all, "sprint") == NULL)
		put_goals(&pen, tctl_get_object(all, "sprints"));
	put_burn_down(ctx, &pen, tctl_get_object(all, "burn_down"));
	if (done > 0)
		put_done(ctx, &pen, tasks);
	if (done < json_object_array_length(tasks))
		put_left(ctx, &pen, tasks);
	put_path(ctx, &pen, all);
	put_gates(ctx, &pen, tctl_get_object(all, "gates"));
	tctl_report_lists(ctx, &pen, all);
	tctl_pen_end(&pen);
}
