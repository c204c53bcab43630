/* screen_head.c - the lines above the list: how far it is, and the views. */
#include <stdlib.h>
#include <string.h>

#include "screen.h"
#include "taskctl/text.h"
#include "taskctl/time.h"
#include "taskctl/work_json.h"

/* Tasks of one sprint alone? */
static bool
shows_sprint(const struct tctl_top *top)
{
	return top->view == TCTL_TOP_TASKS && top->only_agent == NULL &&
	       top->only_sprint != NULL;
}

static void
put_bar(struct tctl_top_canvas *canvas, int percent, int width)
{
	char *bar = tctl_bar(percent * width / 100, width);

	tctl_top_put(
	    canvas, percent >= 100 ? TCTL_BLUE : TCTL_GREEN, bar, width, true);
	free(bar);
}

/* What the sprint that was opened is for, where its tasks are shown and it says
 * so; or NULL. */
static const char *
goal_shown(const struct tctl_top *top)
{
	const struct tctl_status_report *report = &top->board.report;

	if (!shows_sprint(top) || top->only_plan == NULL)
		return NULL;
	for (size_t i = 0; i < report->sprint_count; i++) {
		const struct tctl_sprint_status *sprint = &report->sprint[i];

		if (sprint->key != NULL && sprint->plan != NULL &&
		    strcmp(sprint->key, top->only_sprint) == 0 &&
		    strcmp(sprint->plan, top->only_plan) == 0)
			return sprint->goal;
	}
	return NULL;
}

/* The plan's title; and a goal behind it, for which a long title gives half of
 * the room. */
static void
put_plan(struct tctl_top_canvas *canvas, int room)
{
	enum { TITLE_LEAST = 8, LABEL = 6 };
	const char *title = canvas->top->board.report.title;
	const char *goal = goal_shown(canvas->top);
	int takes = room;

	title = title == NULL ? "taskctl" : title;
	if (goal != NULL && room >= 2 * TITLE_LEAST + TCTL_TOP_GAP + LABEL) {
		int most = room - TCTL_TOP_GAP - LABEL - tctl_text_width(goal);

		most = most > room / 2 ? most : room / 2;
		takes = tctl_text_width(title);
		takes = takes < most ? takes : most;
	}
	tctl_top_put(canvas, TCTL_BOLD, title, takes, true);
	if (takes == room)
		return;
	tctl_top_put(canvas, TCTL_PLAIN, "", TCTL_TOP_GAP, true);
	tctl_top_put(canvas, TCTL_DIM, "goal: ", LABEL, true);
	tctl_top_put(canvas, TCTL_PLAIN, goal,
	    room - takes - TCTL_TOP_GAP - LABEL, true);
}

/* What is shown, for whom, and whether it is live: the last first. */
static void
put_title(struct tctl_top_canvas *canvas)
{
	enum { LIVE = 4, AGENT_MOST = 20, TITLE_LEAST = 8 };
	const struct tctl_top *top = canvas->top;
	const char *agent = top->agent == NULL ? "nobody" : top->agent;
	int takes = tctl_text_width(agent);
	int left = top->width - LIVE - TCTL_TOP_GAP;

	takes = takes < AGENT_MOST ? takes : AGENT_MOST;
	if (left >= TITLE_LEAST + takes + TCTL_TOP_GAP)
		left -= takes + TCTL_TOP_GAP;
	else
		takes = 0;
	if (left > 0) {
		put_plan(canvas, left);
		tctl_top_put(canvas, TCTL_PLAIN, "", TCTL_TOP_GAP, true);
	}
	if (takes > 0) {
		tctl_top_put(canvas, TCTL_YELLOW, agent, takes, true);
		tctl_top_put(canvas, TCTL_PLAIN, "", TCTL_TOP_GAP, true);
	}
	tctl_top_put(canvas, top->lost ? TCTL_RED : TCTL_GREEN,
	    top->lost ? "LOST" : "live", LIVE, true);
}

static void
put_progress(struct tctl_top_canvas *canvas)
{
	const struct tctl_totals *totals = &canvas->top->board.report.totals;
	size_t tasks = totals->tasks - totals->state[TCTL_STATE_CANCELLED];
	char done[TCTL_DURATION_TEXT], all[TCTL_DURATION_TEXT];

	put_bar(canvas, totals->percent < 0 ? 0 : totals->percent,
	    canvas->top->width >= 64 ? 24 : 8);
	if (totals->percent >= 0)
		tctl_top_putf(canvas, TCTL_BOLD, " %d%%", totals->percent);
	tctl_top_putf(canvas, TCTL_PLAIN, "  %zu/%zu done",
	    totals->state[TCTL_STATE_DONE], tasks);
	if (tctl_top_is_tall(canvas->top) && totals->estimate_s > 0)
		tctl_top_putf(canvas, TCTL_PLAIN, ", %s of %s",
		    tctl_duration_write(totals->done_s, done),
		    tctl_duration_write(totals->estimate_s, all));
	if (canvas->top->lost && !tctl_top_is_tall(canvas->top))
		tctl_top_putf(canvas, TCTL_RED, "  LOST");
}

static void
put_counts(struct tctl_top_canvas *canvas)
{
	static const enum tctl_state order[] = { TCTL_STATE_CLAIMED,
		TCTL_STATE_READY, TCTL_STATE_PENDING, TCTL_STATE_FAILED,
		TCTL_STATE_CANCELLED };
	const struct tctl_status_report *report = &canvas->top->board.report;
	bool any = canvas->x > 0;

	for (size_t i = 0; i < TCTL_COUNT(order); i++) {
		size_t count = report->totals.state[order[i]];

		if (count == 0)
			continue;
		tctl_top_putf(canvas, TCTL_PLAIN, any ? ", " : "");
		tctl_top_putf(canvas, tctl_state_style(order[i]), "%zu %s",
		    count, tctl_state_word(order[i]));
		any = true;
	}
}

void
tctl_top_forecast_make(struct tctl_top *top)
{
	const struct tctl_forecast_form form = {
		.width = top->width, .brief = true, .utc = top->utc
	};
	const struct tctl_status_report *report = &top->board.report;
	struct json_object *forecast = tctl_json_forecast(
	    &report->forecast, report->dropped, report->dropped_count);

	free(top->forecast);
	top->forecast = tctl_forecast_lines(forecast, &form);
	top->forecast_lines = 0;
	for (const char *c = top->forecast; *c != '\0'; c++)
		top->forecast_lines += *c == '\n';
	json_object_put(forecast);
}

static void
put_forecast(struct tctl_top_canvas *canvas)
{
	const char *line = canvas->top->forecast, *end;

	for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		tctl_top_go_to(canvas, canvas->y + 1);
		tctl_top_putf(
		    canvas, TCTL_PLAIN, "%.*s", (int)(end - line), line);
	}
}

/* How many lines a view has, in all. */
static void
put_tabs(struct tctl_top_canvas *canvas)
{
	const struct tctl_top *top = canvas->top;
	static const char *const page[] = { "Task", "Keys", "Messages" };
	const char *only = top->only_agent;

	for (int i = 0; i < TCTL_TOP_LISTS; i++) {
		const struct tctl_top_list *list = tctl_top_list[i];

		canvas->reverse = (int)top->view == i;
		if (top->width >= 56)
			tctl_top_putf(canvas, TCTL_PLAIN, " %s %zu ",
			    list->name, list->count(top));
		else
			tctl_top_putf(canvas, TCTL_PLAIN, " %.*s ",
			    canvas->reverse ? 8 : 4, list->name);
	}
	canvas->reverse = true;
	if (top->view >= TCTL_TOP_LISTS)
		tctl_top_putf(canvas, TCTL_PLAIN, " %s ",
		    page[top->view - TCTL_TOP_LISTS]);
	canvas->reverse = false;
	if (shows_sprint(top))
		tctl_top_putf(canvas, TCTL_YELLOW, " sprint %s",
		    top->only_sprint[0] == '\0' ? "(none)" : top->only_sprint);
	if (top->view == TCTL_TOP_TASKS && only != NULL)
		tctl_top_putf(canvas, TCTL_YELLOW, " of %s", only);
	if (top->place[top->view].filter[0] != '\0')
		tctl_top_putf(
		    canvas, TCTL_YELLOW, " /%s", top->place[top->view].filter);
}

void
tctl_top_put_head(struct tctl_top_canvas *canvas)
{
	tctl_top_go_to(canvas, 0);
	if (tctl_top_is_tall(canvas->top)) {
		put_title(canvas);
		tctl_top_go_to(canvas, 1);
	}
	put_progress(canvas);
	if (tctl_top_is_tall(canvas->top))
		tctl_top_go_to(canvas, 2);
	put_counts(canvas);
	if (tctl_top_is_tall(canvas->top))
		put_forecast(canvas);
	if (canvas->top->height < 3) /* the foot is there */
		return;
	tctl_top_go_to(canvas, tctl_top_head(canvas->top) - 1);
	put_tabs(canvas);
}
