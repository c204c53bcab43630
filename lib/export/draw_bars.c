/* draw_bars.c - bars, what was planned, slack, arrows and the now line. */
#include <string.h>

#include "calendar.h"
#include "draw.h"
#include "label.h"
#include "palette.h"
#include "taskctl/time.h"

static const double bar_px = 13, top_px = 4, planned_px = 3, small_px = 11;

/* An arrow leaves and arrives with so much straight line. */
enum { STUB_PX = 6, CLEAR_PX = 14 };

static double
top_of(const struct tctl_layout *layout, size_t row, size_t first)
{
	return ((double)row - (double)first) * layout->row_px;
}

/* --- a bar ------------------------------------------------------------------
 */

/* A bar is never narrower than can be seen. */
static struct tctl_box
box_of(const struct tctl_layout *layout, int64_t start_ms, int64_t end_ms)
{
	struct tctl_box box = { .left = tctl_draw_x(layout, start_ms, 0),
		.right = tctl_draw_x(layout, end_ms, 0),
		.stroke = TCTL_PAINT_NONE,
		.opacity = 1 };

	if (box.right.at_px - box.left.at_px < 3)
		box.right.off_px = 3;
	return box;
}

static void
draw_planned(const struct tctl_layout *layout, struct tctl_canvas *to,
    const struct tctl_bar *bar, double top)
{
	struct tctl_box box;

	if (bar->planned_end_ms == 0)
		return;
	box = box_of(layout, bar->planned_start_ms, bar->planned_end_ms);
	box.top = top + top_px + bar_px + 2;
	box.height = planned_px;
	box.radius = planned_px / 2;
	box.fill = TCTL_PAINT_PLANNED;
	to->op->box(to, &box);
}

static void
draw_slack(const struct tctl_layout *layout, struct tctl_canvas *to,
    const struct tctl_bar *bar, double top)
{
	double y = top + top_px + bar_px; /* below the words after the bar */
	int64_t end_ms = bar->end_ms + bar->slack_s * 1000;

	if (bar->slack_s <= 0 || bar->state == TCTL_STATE_DONE)
		return;
	if (end_ms > layout->end_ms)
		end_ms = layout->end_ms;
	to->op->path(
	    to, &(struct tctl_path){ .x = { tctl_draw_x(layout, bar->end_ms, 2),
					 tctl_draw_x(layout, end_ms, 0) },
		    .y = { y, y },
		    .count = 2,
		    .paint = TCTL_PAINT_FAINT,
		    .width_px = 1.2,
		    .dashed = true });
}

static void
draw_milestone(const struct tctl_layout *layout, struct tctl_canvas *to,
    const struct tctl_bar *bar, double top)
{
	const double r = 7;
	double y = top + top_px + bar_px / 2;
	int64_t ms = bar->start_ms;

	to->op->path(to,
	    &(struct tctl_path){
		.x = { tctl_draw_x(layout, ms, 0), tctl_draw_x(layout, ms, r),
		    tctl_draw_x(layout, ms, 0), tctl_draw_x(layout, ms, -r) },
		.y = { y - r, y, y + r, y },
		.count = 4,
		.paint = tctl_paint_of(bar),
		.filled = true });
}

/* How much of a bar is full: its percent, else for work that is going on the
 * time that has passed. */
static double
share_of(const struct tctl_chart *chart, const struct tctl_bar *bar)
{
	double share;

	if (bar->state == TCTL_STATE_DONE || bar->state == TCTL_STATE_FAILED)
		return 1;
	if (bar->percent >= 0)
		return bar->percent / 100.0;
	if (bar->state != TCTL_STATE_CLAIMED || bar->end_ms <= bar->start_ms)
		return 0;
	share = (double)(chart->now_ms - bar->start_ms) /
		(double)(bar->end_ms - bar->start_ms);
	return share < 0 ? 0 : share > 1 ? 1 : share;
}

static void
draw_box(const struct tctl_layout *layout, struct tctl_canvas *to,
    const struct tctl_bar *bar, double top)
{
	struct tctl_box box = box_of(layout, bar->start_ms, bar->end_ms);
	double share = share_of(layout->chart, bar);

	box.top = top + top_px;
	box.height = bar_px;
	box.radius = 3;
	box.fill = TCTL_PAINT_PAGE; /* no arrow shines through */
	if (share < 1)
		to->op->box(to, &box);
	box.fill = tctl_paint_of(bar);
	box.opacity = share < 1 ? 0.45 : 1;
	box.stroke = bar->critical ? TCTL_PAINT_CRITICAL : box.fill;
	box.stroke_px = bar->critical ? 2 : 1;
	to->op->box(to, &box);
	if (share <= 0 || share >= 1)
		return;
	box.right.at_px =
	    box.left.at_px + (box.right.at_px - box.left.at_px) * share;
	box.right.off_px *= share;
	box.opacity = 1;
	box.stroke = TCTL_PAINT_NONE;
	to->op->box(to, &box);
}

/* "ada · 40 % · mutex db · lapsed 2×" */
static char *
remark_of(const struct tctl_layout *layout, const struct tctl_bar *bar)
{
	struct tctl_arena *arena = layout->arena;
	/* Its lane says it already. */
	const char *agent =
	    tctl_same_text(bar->agent, bar->section) ? NULL : bar->agent;
	char *text = tctl_label_line(arena, agent, 24);

	if (bar->percent > 0 && bar->percent < 100 && bar->folded == 0)
		text = tctl_arena_printf(arena, "%s%s%d %%", text,
		    *text != '\0' ? " · " : "", bar->percent);
	if (bar->mutex != NULL && bar->state != TCTL_STATE_DONE)
		text = tctl_arena_printf(arena, "%s%smutex %s", text,
		    *text != '\0' ? " · " : "",
		    tctl_label_line(arena, bar->mutex, 24));
	if (bar->attempts > 0)
		text = tctl_arena_printf(arena, "%s%slapsed %d×", text,
		    *text != '\0' ? " · " : "", bar->attempts);
	if (bar->why != NULL)
		text = tctl_arena_printf(arena, "%s%s%s", text,
		    *text != '\0' ? " · " : "",
		    tctl_label_line(arena, bar->why, 60));
	return text;
}

static void
draw_remark(const struct tctl_layout *layout, struct tctl_canvas *to,
    const struct tctl_bar *bar, double top)
{
	int64_t end_ms = bar->end_ms;
	struct tctl_words words = { .baseline = top + top_px + 10.5,
		.size_px = small_px,
		.halo = true,
		.paint =
		    bar->why != NULL ? tctl_paint_of(bar) : TCTL_PAINT_FAINT,
		.text = remark_of(layout, bar) };
	double need = to->op->measure(to, words.text, small_px, false);

	if (*words.text == '\0')
		return;
	words.x = tctl_draw_x(layout, end_ms, 9);
	if (words.x.at_px + need + 12 > layout->plot_px) {
		words.x = tctl_draw_x(layout, bar->start_ms, -9);
		words.align = TCTL_ALIGN_RIGHT;
	}
	if (words.align == TCTL_ALIGN_RIGHT && words.x.at_px < need + 12) {
		words.x = tctl_draw_x(layout, end_ms, 9);
		words.align = TCTL_ALIGN_LEFT;
		words.text = tctl_draw_fit(layout, to, words.text, small_px,
		    false, layout->plot_px - words.x.at_px - 12);
	}
	to->op->words(to, &words);
}

/* --- arrows -----------------------------------------------------------------
 */

static void
draw_arrow(const struct tctl_layout *layout, struct tctl_canvas *to,
    const struct tctl_edge *edge, size_t first, bool barrier)
{
	const struct tctl_bar *before = &layout->chart->bar[edge->before];
	const struct tctl_bar *after = &layout->chart->bar[edge->after];
	double y1 = top_of(layout, layout->row_of[edge->before], first) +
		    top_px + bar_px / 2;
	double y2 = top_of(layout, layout->row_of[edge->after], first) +
		    top_px + bar_px / 2;
	double side = y2 > y1 ? 1 : -1;
	struct tctl_path path = { .arrow = true,
		.dashed = barrier,
		.paint = TCTL_PAINT_ARROW,
		.width_px = 1.1,
		.from = edge->before,
		.to = edge->after };
	struct tctl_x end = tctl_draw_x(layout, before->end_ms, 0);
	struct tctl_x start = tctl_draw_x(layout, after->start_ms, 0);
	double gap = start.at_px - end.at_px;

	if (tctl_edge_is_critical(layout->chart, edge)) {
		path.paint = TCTL_PAINT_CRITICAL;
		path.width_px = 1.8;
	}
	end.off_px = STUB_PX;
	path.x[path.count] = tctl_draw_x(layout, before->end_ms, 1);
	path.y[path.count++] = y1;
	path.x[path.count] = end;
	path.y[path.count++] = y1;
	if (gap > -1 && gap < CLEAR_PX && after->end_ms > after->start_ms) {
		/* Right below each other: onto the bar from above. */
		path.x[path.count] = end;
		path.y[path.count++] = y2 - side * (bar_px / 2 + 1);
	} else {
		if (gap < CLEAR_PX) { /* back, between the rows */
			double between = y2 - side * layout->row_px / 2;

			path.x[path.count] = end;
			path.y[path.count++] = between;
			start.off_px = -CLEAR_PX;
			path.x[path.count] = start;
			path.y[path.count++] = between;
			path.x[path.count] = start;
		} else {
			path.x[path.count] = end;
		}
		path.y[path.count++] = y2;
		start.off_px = after->end_ms > after->start_ms ? -1 : -8;
		path.x[path.count] = start;
		path.y[path.count++] = y2;
	}
	to->op->path(to, &path);
}

static bool
is_seen(const struct tctl_layout *layout, const struct tctl_edge *edge,
    size_t first, size_t count)
{
	size_t a = layout->row_of[edge->before];
	size_t b = layout->row_of[edge->after];

	return (a > b ? a : b) >= first && (a < b ? a : b) < first + count;
}

static void
draw_barriers(const struct tctl_layout *layout, struct tctl_canvas *to,
    size_t first, size_t count)
{
	const struct tctl_chart *chart = layout->chart;
	struct tctl_edge ends;

	for (size_t i = 0; i < chart->barrier_count; i++)
		if (tctl_barrier_ends(chart, &chart->barrier[i], &ends) &&
		    is_seen(layout, &ends, first, count))
			draw_arrow(layout, to, &ends, first, true);
}

/* Critical ones last, so that they lie on top. */
static void
draw_arrows(const struct tctl_layout *layout, struct tctl_canvas *to,
    size_t first, size_t count, bool critical)
{
	const struct tctl_chart *chart = layout->chart;

	for (size_t e = 0; e < chart->edge_count; e++) {
		const struct tctl_edge *edge = &chart->edge[e];

		if (tctl_edge_is_critical(chart, edge) == critical &&
		    is_seen(layout, edge, first, count))
			draw_arrow(layout, to, edge, first, false);
	}
}

static void
draw_now(const struct tctl_layout *layout, struct tctl_canvas *to, size_t count)
{
	int64_t now_ms = layout->chart->now_ms;
	struct tctl_x x = tctl_draw_x(layout, now_ms, 0);

	if (now_ms < layout->start_ms || now_ms > layout->end_ms)
		return;
	to->op->path(to, &(struct tctl_path){ .x = { x, x },
			     .y = { 0, (double)count * layout->row_px },
			     .count = 2,
			     .paint = TCTL_PAINT_NOW,
			     .width_px = 1.5 });
}

void
tctl_draw_bars(const struct tctl_layout *layout, struct tctl_canvas *to,
    size_t first, size_t count)
{
	const struct tctl_bar *bars = layout->chart->bar;

	draw_now(layout, to, count);
	draw_barriers(layout, to, first, count);
	draw_arrows(layout, to, first, count, false);
	draw_arrows(layout, to, first, count, true);
	for (size_t r = first; r < first + count; r++) {
		double top = top_of(layout, r, first);
		const struct tctl_bar *bar;

		if (layout->row[r].bar == TCTL_NONE)
			continue;
		bar = &bars[layout->row[r].bar];
		if (to->op->open != NULL)
			to->op->open(to, layout->row[r].bar,
			    tctl_bar_tip(bar, layout->arena));
		draw_slack(layout, to, bar, top);
		draw_planned(layout, to, bar, top);
		if (bar->end_ms > bar->start_ms)
			draw_box(layout, to, bar, top);
		else
			draw_milestone(layout, to, bar, top);
		draw_remark(layout, to, bar, top);
		if (to->op->close != NULL)
			to->op->close(to);
	}
}
