/* layout.c - the rows of a picture, and its time axis. */

#include "label.h"
#include "palette.h"

enum {
	MINUTE_MS = 60 * 1000,
	LEAST_SPAN_MS = 60 * MINUTE_MS,
	NAMES_PX = 330,
	PLOT_PX = 980,
	ROW_PX = 26,
	HEAD_PX = 92,
	AXIS_PX = 44,
	MARGIN_PX = 24,
};

static const struct {
	const char *name;
	unsigned light, dark;
} paint_row[] = {
#define PAINT_ROW(name, css, light, dark) { css, light, dark },
	TCTL_PAINT_LIST(PAINT_ROW)
#undef PAINT_ROW
};

const char *
tctl_paint_name(enum tctl_paint paint)
{
	return paint_row[paint].name;
}

unsigned
tctl_paint_rgb(enum tctl_paint paint, bool dark)
{
	return dark ? paint_row[paint].dark : paint_row[paint].light;
}

static void
write_css(FILE *to, const char *selector, bool dark)
{
	fprintf(to, "%s{", selector);
	for (int i = 0; i < TCTL_PAINT_COUNT; i++)
		fprintf(to, "--%s:#%06x;", tctl_paint_name((enum tctl_paint)i),
		    tctl_paint_rgb((enum tctl_paint)i, dark));
	fputs("}\n", to);
}

void
tctl_paint_css(FILE *to)
{
	write_css(to, ":root", false);
	fputs("@media (prefers-color-scheme:dark){", to);
	write_css(to, ":root", true);
	fputs("}\n", to);
	write_css(to, ":root[data-theme=light]", false);
	write_css(to, ":root[data-theme=dark]", true);
}

enum tctl_paint
tctl_paint_of(const struct tctl_bar *bar)
{
	static const enum tctl_paint of_state[TCTL_STATE_COUNT] = {
		[TCTL_STATE_PENDING] = TCTL_PAINT_PENDING,
		[TCTL_STATE_READY] = TCTL_PAINT_READY,
		[TCTL_STATE_CLAIMED] = TCTL_PAINT_CLAIMED,
		[TCTL_STATE_DONE] = TCTL_PAINT_DONE,
		[TCTL_STATE_FAILED] = TCTL_PAINT_FAILED,
		[TCTL_STATE_CANCELLED] = TCTL_PAINT_PENDING,
	};

	if (bar->why != NULL && bar->state != TCTL_STATE_FAILED &&
	    bar->state != TCTL_STATE_DONE)
		return TCTL_PAINT_STUCK;
	return of_state[bar->state];
}

static void
add_row(struct tctl_layout *out, struct tctl_row row)
{
	out->row = tctl_arena_grow(
	    out->arena, out->row, out->row_count, sizeof(*out->row));
	out->row[out->row_count++] = row;
}

/* What is of no section gets a heading where anything else has one: it would
 * seem to belong to the section above it. */
static bool
has_sections(const struct tctl_chart *chart)
{
	for (size_t i = 0; i < chart->bar_count; i++)
		if (chart->bar[i].section != NULL)
			return true;
	return false;
}

/* A folded section is its own heading. */
static void
add_rows(struct tctl_layout *out)
{
	const struct tctl_chart *chart = out->chart;
	bool sections = has_sections(chart);
	size_t heading = TCTL_NONE;

	out->row_of = tctl_arena_alloc(
	    out->arena, (chart->bar_count + 1) * sizeof(*out->row_of));
	for (size_t i = 0; i < chart->bar_count; i++) {
		const struct tctl_bar *bar = &chart->bar[i];
		bool begins = tctl_section_begins(chart, i);

		if (begins)
			heading = TCTL_NONE;
		if (begins && sections && bar->folded == 0) {
			heading = out->row_count;
			add_row(out, (struct tctl_row){ TCTL_NONE, i, 0 });
		}
		if (heading != TCTL_NONE)
			out->row[heading].count++;
		out->row_of[i] = out->row_count;
		add_row(out, (struct tctl_row){ .bar = i });
	}
}

static void
widen(struct tctl_layout *out, int64_t ms)
{
	if (ms < out->start_ms)
		out->start_ms = ms;
	if (ms > out->end_ms)
		out->end_ms = ms;
}

static void
find_span(struct tctl_layout *out)
{
	const struct tctl_chart *chart = out->chart;
	int64_t now_ms = chart->now_ms, span_ms;

	out->start_ms = out->end_ms = now_ms;
	for (size_t i = 0; i < chart->bar_count; i++) {
		const struct tctl_bar *bar = &chart->bar[i];

		if (i == 0)
			out->start_ms = out->end_ms = bar->start_ms;
		widen(out, bar->start_ms);
		widen(out, bar->end_ms);
		if (bar->planned_end_ms != 0) {
			widen(out, bar->planned_start_ms);
			widen(out, bar->planned_end_ms);
		}
	}
	/* Now is shown unless it is far away from everything. */
	span_ms = out->end_ms - out->start_ms;
	if (now_ms > out->start_ms - span_ms / 4 &&
	    now_ms < out->end_ms + span_ms / 4)
		widen(out, now_ms);
	span_ms = out->end_ms - out->start_ms;
	if (span_ms < LEAST_SPAN_MS)
		span_ms = LEAST_SPAN_MS;
	out->start_ms -= span_ms / 50;
	/* Words stand after bars. */
	out->end_ms = out->start_ms + span_ms + span_ms / 8;
}

void
tctl_layout_init(struct tctl_layout *out, const struct tctl_chart *chart,
    struct tctl_arena *arena)
{
	*out = (struct tctl_layout){ .chart = chart,
		.arena = arena,
		.names_px = NAMES_PX,
		.plot_px = PLOT_PX,
		.row_px = ROW_PX,
		.head_px = HEAD_PX,
		.axis_px = AXIS_PX,
		.margin_px = MARGIN_PX };
	add_rows(out);
	find_span(out);
}
