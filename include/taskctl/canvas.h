/* floor: export - a chart as boxes, lines and text, for whatever draws them.
 *
 * One drawing for every picture: SVG and HTML write it as text
 * (lib/export/svg.c), taskctl-chart draws it with cairo and pango. */
#ifndef TASKCTL_CANVAS_H
#define TASKCTL_CANVAS_H

#include "taskctl/export.h"

/* clang-format off */
/* What a colour is for: name in CSS, light, dark.  Text has a contrast of 4.5:1
 * and more on what it stands on, bars of 3:1: tests/unit/test_chart_draw.c
 * computes it. */
#define TCTL_PAINT_LIST(X) \
	X(PAGE,     "page",     0xffffff, 0x0f1419) \
	X(STRIPE,   "stripe",   0xf6f8fa, 0x151b23) \
	X(HEADER,   "header",   0xeaeef2, 0x1f2731) \
	X(GRID,     "grid",     0xe3e7ec, 0x262d37) \
	X(INK,      "ink",      0x1c2128, 0xe6edf3) \
	X(FAINT,    "faint",    0x57606a, 0x9aa4af) \
	X(DONE,     "done",     0x2c8a50, 0x3fb068) \
	X(CLAIMED,  "claimed",  0x0969da, 0x4493f8) \
	X(READY,    "ready",    0x6e7fa3, 0x8b9cc0) \
	X(PENDING,  "pending",  0x8590a0, 0x6b7686) \
	X(FAILED,   "failed",   0xb3261e, 0xf4716a) \
	X(STUCK,    "stuck",    0x9a5b00, 0xe0a030) \
	X(CRITICAL, "critical", 0xc2410c, 0xff9b5e) \
	X(PLANNED,  "planned",  0x8c959f, 0x76808c) \
	X(ARROW,    "arrow",    0x8c959f, 0x6e7884) \
	X(NOW,      "now",      0xcf222e, 0xff7b72)
/* clang-format on */

enum tctl_paint {
#define TCTL_PAINT_ENUM(name, css, light, dark) TCTL_PAINT_##name,
	TCTL_PAINT_LIST(TCTL_PAINT_ENUM)
#undef TCTL_PAINT_ENUM
	    TCTL_PAINT_COUNT,
	TCTL_PAINT_NONE = TCTL_PAINT_COUNT
};

const char *tctl_paint_name(enum tctl_paint paint);
unsigned tctl_paint_rgb(enum tctl_paint paint, bool dark); /* 0xrrggbb */
/* All of them as CSS: "--name:#rrggbb" for light and dark, as the reader has
 * it or as data-theme of the root says. */
void tctl_paint_css(FILE *to);

/* A place on the time axis, and so many px beside it: a zoom moves the first
 * and keeps the second. */
struct tctl_x {
	double at_px;
	double off_px;
};

struct tctl_box {
	struct tctl_x left, right;
	double top, height, radius;
	enum tctl_paint fill, stroke; /* or TCTL_PAINT_NONE */
	double stroke_px;
	double opacity; /* of the fill, 0 to 1 */
};

enum { TCTL_PATH_POINTS = 6 };

struct tctl_path {
	struct tctl_x x[TCTL_PATH_POINTS];
	double y[TCTL_PATH_POINTS];
	size_t count;
	enum tctl_paint paint;
	double width_px;
	bool dashed;
	bool arrow;  /* a head at its end */
	bool filled; /* closed, and filled instead of drawn */
	/* An arrow's bars; both 0 for other lines. */
	size_t from, to;
};

struct tctl_words {
	struct tctl_x x;
	double baseline;
	double size_px;
	bool bold;
	bool halo; /* the page shines around it, over lines */
	enum { TCTL_ALIGN_LEFT, TCTL_ALIGN_MIDDLE, TCTL_ALIGN_RIGHT } align;
	enum tctl_paint paint;
	const char *text; /* one line */
};

struct tctl_canvas;

struct tctl_canvas_ops {
	void (*box)(struct tctl_canvas *to, const struct tctl_box *box);
	void (*path)(struct tctl_canvas *to, const struct tctl_path *path);
	void (*words)(struct tctl_canvas *to, const struct tctl_words *words);
	/* Px that a text takes. */
	double (*measure)(struct tctl_canvas *to, const char *text,
	    double size_px, bool bold);
	/* What follows is part of a bar; its tooltip.  NULL: not needed. */
	void (*open)(struct tctl_canvas *to, size_t bar, const char *tip);
	void (*close)(struct tctl_canvas *to);
	/* What follows, until the shift back, is drawn further right and down.
	 */
	void (*shift)(struct tctl_canvas *to, double x, double y);
	void (*shift_back)(struct tctl_canvas *to);
};

/* First member of whatever draws. */
struct tctl_canvas {
	const struct tctl_canvas_ops *op;
};

/* A line of the chart: a bar, or the heading of a section. */
struct tctl_row {
	size_t bar;	     /* TCTL_NONE: a heading */
	size_t first, count; /* of a heading: its bars */
};

/* The measures of one picture; px. */
struct tctl_layout {
	const struct tctl_chart *chart;
	struct tctl_arena *arena;
	struct tctl_row *row;
	size_t row_count;
	size_t *row_of;		  /* of each bar */
	int64_t start_ms, end_ms; /* of the axis */
	double names_px;	  /* width of the column of names */
	double plot_px;		  /* width of the time axis */
	double row_px;		  /* height of a row */
	double head_px;		  /* height of title and legend */
	double axis_px;
	double margin_px;
};

void tctl_layout_init(struct tctl_layout *out, const struct tctl_chart *chart,
    struct tctl_arena *arena);

/* A whole picture of those rows: title, axis, names, bars. */
void tctl_draw_picture(const struct tctl_layout *layout, struct tctl_canvas *to,
    size_t first, size_t count);
double tctl_picture_width(const struct tctl_layout *layout);
double tctl_picture_height(const struct tctl_layout *layout, size_t count);

/* The parts of a picture, each from its own 0, 0; rows [first, first + count).
 */
void tctl_draw_head(const struct tctl_layout *layout, struct tctl_canvas *to);
void tctl_draw_axis(const struct tctl_layout *layout, struct tctl_canvas *to);
void tctl_draw_names(const struct tctl_layout *layout, struct tctl_canvas *to,
    size_t first, size_t count);
void tctl_draw_stripes(const struct tctl_layout *layout, struct tctl_canvas *to,
    double width_px, size_t first, size_t count);
void tctl_draw_grid(
    const struct tctl_layout *layout, struct tctl_canvas *to, size_t count);
void tctl_draw_bars(const struct tctl_layout *layout, struct tctl_canvas *to,
    size_t first, size_t count);

#endif
