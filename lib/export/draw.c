/* draw.c - title, legend, axis and names of a picture. */
#include <string.h>

#include "calendar.h"
#include "draw.h"
#include "label.h"
#include "palette.h"

enum {
	TITLE_MAX = 120,
	TICK_PX = 58, /* at least, from one label to the next */
	HEADING_PX = 90,
};

static const double text_px = 12.5, small_px = 11.5, title_px = 20;

struct tctl_x
tctl_draw_fixed(double px)
{
	return (struct tctl_x){ .at_px = 0, .off_px = px };
}

struct tctl_x
tctl_draw_x(const struct tctl_layout *layout, int64_t ms, double off_px)
{
	double share = (double)(ms - layout->start_ms) /
		       (double)(layout->end_ms - layout->start_ms);

	return (struct tctl_x){ share * layout->plot_px, off_px };
}

void
tctl_draw_words(struct tctl_canvas *to, double x, double baseline,
    double size_px, enum tctl_paint paint, const char *text)
{
	to->op->words(to, &(struct tctl_words){ .x = tctl_draw_fixed(x),
			      .baseline = baseline,
			      .size_px = size_px,
			      .paint = paint,
			      .text = text });
}

const char *
tctl_draw_fit(const struct tctl_layout *layout, struct tctl_canvas *to,
    const char *text, double size_px, bool bold, double width_px)
{
	size_t least = 0, most = 0, middle;

	if (to->op->measure(to, text, size_px, bold) <= width_px)
		return text;
	for (const char *at = text; *at != '\0'; most++)
		(void)tctl_char_next(&at);
	/* The most characters that fit with an ellipsis. */
	while (least < most) {
		const char *cut;

		middle = (least + most + 1) / 2;
		cut = tctl_label_line(layout->arena, text, middle);
		if (to->op->measure(to, cut, size_px, bold) <= width_px)
			least = middle;
		else
			most = middle - 1;
	}
	return least == 0 ? "" : tctl_label_line(layout->arena, text, least);
}

/* --- title and legend -------------------------------------------------------
 */

static double
draw_swatch(struct tctl_canvas *to, double x, double y, enum tctl_paint paint,
    const char *text)
{
	struct tctl_box box = { .left = tctl_draw_fixed(x),
		.right = tctl_draw_fixed(x + 18),
		.top = y - 9,
		.height = 10,
		.radius = 2.5,
		.fill = paint,
		.stroke = TCTL_PAINT_NONE,
		.opacity = 1 };

	if (paint == TCTL_PAINT_CRITICAL) {
		box.stroke = paint;
		box.stroke_px = 2;
		box.fill = TCTL_PAINT_NONE;
	} else if (paint == TCTL_PAINT_PLANNED) {
		box.top = y - 5;
		box.height = 3;
		box.radius = 1.5;
	} else if (paint == TCTL_PAINT_NOW) {
		box.right = tctl_draw_fixed(x + 2);
		box.radius = 0;
	}
	to->op->box(to, &box);
	x += paint == TCTL_PAINT_NOW ? 8 : 24;
	tctl_draw_words(to, x, y, small_px, TCTL_PAINT_FAINT, text);
	return x + to->op->measure(to, text, small_px, false) + 18;
}

static double
draw_legend(const struct tctl_layout *layout, struct tctl_canvas *to, double y)
{
	static const struct {
		enum tctl_paint paint;
		const char *text;
	} entry[] = { { TCTL_PAINT_DONE, "done" },
		{ TCTL_PAINT_CLAIMED, "in work" },
		{ TCTL_PAINT_READY, "ready" },
		{ TCTL_PAINT_PENDING, "waiting" },
		{ TCTL_PAINT_STUCK, "stuck or lapsed" },
		{ TCTL_PAINT_FAILED, "failed" },
		{ TCTL_PAINT_CRITICAL, "critical path" },
		{ TCTL_PAINT_PLANNED, "as planned" },
		{ TCTL_PAINT_NOW, "now" } };
	struct tctl_path slack = { .count = 2,
		.paint = TCTL_PAINT_FAINT,
		.width_px = 1.2,
		.dashed = true };
	double x = 0;

	for (size_t i = 0; i < TCTL_COUNT(entry); i++)
		if (entry[i].paint != TCTL_PAINT_NOW ||
		    (layout->chart->now_ms >= layout->start_ms &&
			layout->chart->now_ms <= layout->end_ms))
			x = draw_swatch(
			    to, x, y, entry[i].paint, entry[i].text);
	slack.x[0] = tctl_draw_fixed(x);
	slack.x[1] = tctl_draw_fixed(x + 18);
	slack.y[0] = slack.y[1] = y - 4;
	to->op->path(to, &slack);
	tctl_draw_words(to, x + 24, y, small_px, TCTL_PAINT_FAINT, "slack");
	return x;
}

void
tctl_draw_head(const struct tctl_layout *layout, struct tctl_canvas *to)
{
	const struct tctl_chart *chart = layout->chart;
	const char *remark = tctl_chart_remark(chart, layout->arena);
	const char *summary = tctl_chart_summary(chart, layout->arena);
	double width = layout->names_px + layout->plot_px;
	const char *title = tctl_label_line(layout->arena,
	    chart->title != NULL ? chart->title : "Plan", TITLE_MAX);

	if (remark != NULL)
		summary = tctl_arena_printf(
		    layout->arena, "%s · %s", summary, remark);
	to->op->words(to, &(struct tctl_words){ .baseline = 20,
			      .size_px = title_px,
			      .bold = true,
			      .paint = TCTL_PAINT_INK,
			      .text = tctl_draw_fit(
				  layout, to, title, title_px, true, width) });
	tctl_draw_words(to, 0, 44, text_px, TCTL_PAINT_FAINT,
	    tctl_draw_fit(layout, to, summary, text_px, false, width));
	draw_legend(layout, to, 72);
}

/* --- the axis ---------------------------------------------------------------
 */

static struct tctl_axis_step
tick_of(const struct tctl_layout *layout)
{
	return tctl_axis_choose(
	    layout->end_ms - layout->start_ms, layout->plot_px, TICK_PX);
}

/* Labels of one row of the axis, at each tick. */
static void
draw_ticks(const struct tctl_layout *layout, struct tctl_canvas *to,
    struct tctl_axis_step tick, double baseline)
{
	char text[TCTL_DATE_TEXT];

	for (int64_t ms = tctl_axis_floor(tick, layout->start_ms);
	     ms < layout->end_ms; ms = tctl_axis_next(tick, ms)) {
		struct tctl_words words = { .x = tctl_draw_x(layout, ms, 4),
			.baseline = baseline,
			.size_px = small_px,
			.paint = TCTL_PAINT_FAINT,
			.text = tctl_axis_label(tick, ms, text) };

		if (ms >= layout->start_ms &&
		    words.x.at_px + TICK_PX * 0.7 <= layout->plot_px)
			to->op->words(to, &words);
	}
}

/* The coarser marks; one that began before the axis stands at its start. */
static void
draw_headings(const struct tctl_layout *layout, struct tctl_canvas *to,
    struct tctl_axis_step tick, double baseline)
{
	char text[TCTL_DATE_TEXT];
	int64_t next_ms;

	for (int64_t ms = tctl_axis_floor(tick, layout->start_ms);
	     ms < layout->end_ms; ms = next_ms) {
		struct tctl_words words = { .baseline = baseline,
			.size_px = small_px,
			.bold = true,
			.paint = TCTL_PAINT_INK };
		double end_px;

		next_ms = tctl_axis_next(tick, ms);
		words.x = tctl_draw_x(
		    layout, ms < layout->start_ms ? layout->start_ms : ms, 4);
		end_px = tctl_draw_x(layout,
		    next_ms < layout->end_ms ? next_ms : layout->end_ms, 0)
			     .at_px;
		words.text = tctl_axis_heading(tick, ms, text);
		if (end_px - words.x.at_px >=
		    to->op->measure(to, words.text, small_px, true) + 8)
			to->op->words(to, &words);
	}
}

void
tctl_draw_axis(const struct tctl_layout *layout, struct tctl_canvas *to)
{
	struct tctl_axis_step tick = tick_of(layout);
	struct tctl_axis_step above = tctl_axis_above(tick);

	/* Of ticks of many years there is none: each single year would be
	 * measured, thousands of them, and found too narrow. */
	if (above.months >= tick.months)
		draw_headings(layout, to, above, 16);
	draw_ticks(layout, to, tick, 35);
}

void
tctl_draw_grid(
    const struct tctl_layout *layout, struct tctl_canvas *to, size_t count)
{
	struct tctl_axis_step tick = tick_of(layout);

	for (int64_t ms =
		 tctl_axis_next(tick, tctl_axis_floor(tick, layout->start_ms));
	     ms < layout->end_ms; ms = tctl_axis_next(tick, ms)) {
		struct tctl_x x = tctl_draw_x(layout, ms, 0);

		to->op->path(to, &(struct tctl_path){ .x = { x, x },
				     .y = { 0, (double)count * layout->row_px },
				     .count = 2,
				     .paint = TCTL_PAINT_GRID,
				     .width_px = 1 });
	}
}

void
tctl_draw_stripes(const struct tctl_layout *layout, struct tctl_canvas *to,
    double width_px, size_t first, size_t count)
{
	for (size_t r = first; r < first + count; r++) {
		bool heading = layout->row[r].bar == TCTL_NONE;

		if (!heading && r % 2 == 0)
			continue;
		to->op->box(to,
		    &(struct tctl_box){ .left = tctl_draw_fixed(0),
			.right = { .at_px = width_px },
			.top = (double)(r - first) * layout->row_px,
			.height = layout->row_px,
			.fill = heading ? TCTL_PAINT_HEADER : TCTL_PAINT_STRIPE,
			.stroke = TCTL_PAINT_NONE,
			.opacity = 1 });
	}
}

/* --- names ------------------------------------------------------------------
 */

/* A state is told by a sign too, for those who see no colours. */
static const char *
sign_of(const struct tctl_bar *bar)
{
	static const char *const sign[TCTL_STATE_COUNT] = {
		[TCTL_STATE_PENDING] = "○",
		[TCTL_STATE_READY] = "◎",
		[TCTL_STATE_CLAIMED] = "▶",
		[TCTL_STATE_DONE] = "✓",
		[TCTL_STATE_FAILED] = "✗",
		[TCTL_STATE_CANCELLED] = "–",
	};

	return tctl_paint_of(bar) == TCTL_PAINT_STUCK ? "!" : sign[bar->state];
}

static void
draw_heading(const struct tctl_layout *layout, struct tctl_canvas *to,
    const struct tctl_row *row, double baseline)
{
	const struct tctl_bar *bar = &layout->chart->bar[row->first];
	struct tctl_words words = { .baseline = baseline,
		.size_px = text_px,
		.bold = true,
		.paint = TCTL_PAINT_INK };
	size_t done = 0;
	double room;

	for (size_t i = 0; i < row->count; i++)
		done += bar[i].state == TCTL_STATE_DONE;
	words.text =
	    tctl_arena_printf(layout->arena, "%zu / %zu", done, row->count);
	words.x = tctl_draw_fixed(layout->names_px - 10);
	words.align = TCTL_ALIGN_RIGHT;
	room = layout->names_px - 30 -
	       to->op->measure(to, words.text, text_px, true);
	to->op->words(to, &words);
	words.text = tctl_draw_fit(layout, to,
	    tctl_label_line(layout->arena,
		bar->section != NULL ? bar->section : "no sprint", TITLE_MAX),
	    text_px, true, room);
	words.x = tctl_draw_fixed(8);
	words.align = TCTL_ALIGN_LEFT;
	to->op->words(to, &words);
}

static void
draw_name(const struct tctl_layout *layout, struct tctl_canvas *to,
    const struct tctl_bar *bar, double baseline)
{
	double left = 30, room = layout->names_px - left - 10;

	to->op->words(to, &(struct tctl_words){ .x = tctl_draw_fixed(18),
			      .baseline = baseline,
			      .size_px = text_px,
			      .bold = true,
			      .align = TCTL_ALIGN_MIDDLE,
			      .paint = tctl_paint_of(bar),
			      .text = sign_of(bar) });
	tctl_draw_words(to, left, baseline, text_px, TCTL_PAINT_INK,
	    tctl_draw_fit(layout, to, tctl_bar_caption(layout->arena, bar),
		text_px, false, room));
}

void
tctl_draw_names(const struct tctl_layout *layout, struct tctl_canvas *to,
    size_t first, size_t count)
{
	for (size_t r = first; r < first + count; r++) {
		const struct tctl_row *row = &layout->row[r];
		double baseline = (double)(r - first) * layout->row_px +
				  layout->row_px * 0.67;
		const struct tctl_bar *bar;

		if (row->bar == TCTL_NONE) {
			draw_heading(layout, to, row, baseline);
			continue;
		}
		bar = &layout->chart->bar[row->bar];
		if (to->op->open != NULL)
			to->op->open(
			    to, row->bar, tctl_bar_tip(bar, layout->arena));
		draw_name(layout, to, bar, baseline);
		if (to->op->close != NULL)
			to->op->close(to);
	}
}

/* --- all of it --------------------------------------------------------------
 */

double
tctl_picture_width(const struct tctl_layout *layout)
{
	return layout->names_px + layout->plot_px + 2 * layout->margin_px;
}

double
tctl_picture_height(const struct tctl_layout *layout, size_t count)
{
	return layout->head_px + layout->axis_px +
	       (double)count * layout->row_px + 2 * layout->margin_px;
}

void
tctl_draw_picture(const struct tctl_layout *layout, struct tctl_canvas *to,
    size_t first, size_t count)
{
	double width = layout->names_px + layout->plot_px;

	to->op->shift(to, layout->margin_px, layout->margin_px);
	tctl_draw_head(layout, to);
	to->op->shift(to, layout->names_px, layout->head_px);
	tctl_draw_axis(layout, to);
	to->op->shift_back(to);
	to->op->shift(to, 0, layout->head_px + layout->axis_px);
	tctl_draw_stripes(layout, to, width, first, count);
	tctl_draw_names(layout, to, first, count);
	to->op->shift(to, layout->names_px, 0);
	tctl_draw_grid(layout, to, count);
	tctl_draw_bars(layout, to, first, count);
	to->op->shift_back(to);
	to->op->shift_back(to);
	to->op->shift_back(to);
}
