/* cairo.c - charts as PNG and PDF: the canvas of cairo, text by pango. */
#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "chart.h"
#include "taskctl/canvas.h"
#include "taskctl/time.h"

enum {
	PNG_SIDE_MAX = 32767,  /* cairo's own */
	PNG_SHARP_MAX = 16000, /* above it, one px is one px */
	ONE_PAGE_ROWS = 42,
	PAGE_ROWS = 34,
};

struct pencil {
	struct tctl_canvas canvas;
	cairo_t *cr;
	PangoLayout *layout;
	bool dark;
};

static double
px(struct tctl_x x)
{
	return x.at_px + x.off_px;
}

static void
set_paint(struct pencil *pencil, enum tctl_paint paint, double opacity)
{
	unsigned rgb = tctl_paint_rgb(paint, pencil->dark);

	cairo_set_source_rgba(pencil->cr, (rgb >> 16) / 255.0,
	    ((rgb >> 8) & 0xff) / 255.0, (rgb & 0xff) / 255.0, opacity);
}

static void
add_box(cairo_t *cr, double x, double y, double width, double height, double r)
{
	if (r > width / 2)
		r = width / 2;
	if (r > height / 2)
		r = height / 2;
	if (r <= 0) {
		cairo_rectangle(cr, x, y, width, height);
		return;
	}
	cairo_new_sub_path(cr);
	cairo_arc(cr, x + width - r, y + r, r, -M_PI / 2, 0);
	cairo_arc(cr, x + width - r, y + height - r, r, 0, M_PI / 2);
	cairo_arc(cr, x + r, y + height - r, r, M_PI / 2, M_PI);
	cairo_arc(cr, x + r, y + r, r, M_PI, 3 * M_PI / 2);
	cairo_close_path(cr);
}

static void
draw_box(struct tctl_canvas *canvas, const struct tctl_box *box)
{
	struct pencil *pencil = (struct pencil *)canvas;

	add_box(pencil->cr, px(box->left), box->top,
	    px(box->right) - px(box->left), box->height, box->radius);
	if (box->fill != TCTL_PAINT_NONE) {
		set_paint(pencil, box->fill, box->opacity);
		cairo_fill_preserve(pencil->cr);
	}
	if (box->stroke != TCTL_PAINT_NONE) {
		set_paint(pencil, box->stroke, 1);
		cairo_set_line_width(pencil->cr, box->stroke_px);
		cairo_stroke_preserve(pencil->cr);
	}
	cairo_new_path(pencil->cr);
}

/* The head of an arrow, in the direction of its last piece. */
static void
draw_head(cairo_t *cr, const struct tctl_path *path)
{
	const double length = 6, half = 3;
	size_t last = path->count - 1;
	double x = px(path->x[last]), y = path->y[last];
	double angle = atan2(y - path->y[last - 1], x - px(path->x[last - 1]));

	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_rotate(cr, angle);
	cairo_move_to(cr, 1, 0);
	cairo_line_to(cr, -length, -half);
	cairo_line_to(cr, -length, half);
	cairo_close_path(cr);
	cairo_fill(cr);
	cairo_restore(cr);
}

static void
draw_path(struct tctl_canvas *canvas, const struct tctl_path *path)
{
	static const double dash[] = { 3, 3 };
	struct pencil *pencil = (struct pencil *)canvas;
	cairo_t *cr = pencil->cr;

	for (size_t i = 0; i < path->count; i++)
		cairo_line_to(cr, px(path->x[i]), path->y[i]);
	set_paint(pencil, path->paint, 1);
	if (path->filled) {
		cairo_close_path(cr);
		cairo_fill(cr);
		return;
	}
	cairo_set_line_width(cr, path->width_px);
	cairo_set_dash(cr, dash, path->dashed ? 2 : 0, 0);
	cairo_stroke(cr);
	cairo_set_dash(cr, dash, 0, 0);
	if (path->arrow)
		draw_head(cr, path);
}

static void
set_words(struct pencil *pencil, const char *text, double size_px, bool bold)
{
	PangoFontDescription *font = pango_font_description_new();

	pango_font_description_set_family(font,
	    "Inter,Noto Sans,Helvetica Neue,Arial,DejaVu Sans,sans-serif");
	pango_font_description_set_weight(
	    font, bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font, size_px * PANGO_SCALE);
	pango_layout_set_font_description(pencil->layout, font);
	pango_layout_set_text(pencil->layout, text, -1);
	pango_font_description_free(font);
}

static double
measure(struct tctl_canvas *canvas, const char *text, double size_px, bool bold)
{
	struct pencil *pencil = (struct pencil *)canvas;
	PangoRectangle box;

	set_words(pencil, text, size_px, bold);
	pango_layout_get_extents(pencil->layout, NULL, &box);
	return (double)box.width / PANGO_SCALE;
}

static void
draw_words(struct tctl_canvas *canvas, const struct tctl_words *words)
{
	struct pencil *pencil = (struct pencil *)canvas;
	cairo_t *cr = pencil->cr;
	double x = px(words->x), width, top;

	width = measure(canvas, words->text, words->size_px, words->bold);
	if (words->align == TCTL_ALIGN_RIGHT)
		x -= width;
	else if (words->align == TCTL_ALIGN_MIDDLE)
		x -= width / 2;
	top = words->baseline -
	      (double)pango_layout_get_baseline(pencil->layout) / PANGO_SCALE;
	if (words->halo) {
		cairo_move_to(cr, x, top);
		pango_cairo_layout_path(cr, pencil->layout);
		set_paint(pencil, TCTL_PAINT_PAGE, 1);
		cairo_set_line_width(cr, 3);
		cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
		cairo_stroke(cr);
		cairo_set_line_join(cr, CAIRO_LINE_JOIN_MITER);
	}
	cairo_move_to(cr, x, top);
	set_paint(pencil, words->paint, 1);
	pango_cairo_show_layout(cr, pencil->layout);
	cairo_new_path(cr);
}

static void
shift(struct tctl_canvas *canvas, double x, double y)
{
	struct pencil *pencil = (struct pencil *)canvas;

	cairo_save(pencil->cr);
	cairo_translate(pencil->cr, x, y);
}

static void
shift_back(struct tctl_canvas *canvas)
{
	cairo_restore(((struct pencil *)canvas)->cr);
}

static const struct tctl_canvas_ops op = { .box = draw_box,
	.path = draw_path,
	.words = draw_words,
	.measure = measure,
	.shift = shift,
	.shift_back = shift_back };

static enum tctl_status
write_bytes(FILE *to, cairo_status_t status, struct tctl_error *err)
{
	if (status == CAIRO_STATUS_SUCCESS && !ferror(to))
		return TCTL_OK;
	return tctl_fail(err, TCTL_EFAILED, "cannot draw it: %s",
	    cairo_status_to_string(status));
}

static cairo_status_t
take_bytes(void *into, const unsigned char *bytes, unsigned length)
{
	return fwrite(bytes, 1, length, into) == length
		   ? CAIRO_STATUS_SUCCESS
		   : CAIRO_STATUS_WRITE_ERROR;
}

static void
draw_page(cairo_surface_t *surface, double scale, bool dark,
    const struct tctl_layout *layout, size_t first, size_t count)
{
	struct pencil pencil = { .canvas = { &op }, .dark = dark };

	pencil.cr = cairo_create(surface);
	cairo_scale(pencil.cr, scale, scale);
	set_paint(&pencil, TCTL_PAINT_PAGE, 1);
	cairo_paint(pencil.cr);
	pencil.layout = pango_cairo_create_layout(pencil.cr);
	/* Arrows to other pages end at this one's edge. */
	cairo_rectangle(pencil.cr, 0, 0, tctl_picture_width(layout),
	    tctl_picture_height(layout, count) - layout->margin_px);
	cairo_clip(pencil.cr);
	tctl_draw_picture(layout, &pencil.canvas, first, count);
	g_object_unref(pencil.layout);
	cairo_destroy(pencil.cr);
}

enum tctl_status
tctl_chart_png(
    FILE *to, const struct tctl_chart *chart, bool dark, struct tctl_error *err)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_layout layout;
	double width, height, scale;
	cairo_surface_t *surface;
	enum tctl_status status;

	tctl_layout_init(&layout, chart, arena);
	width = tctl_picture_width(&layout);
	height = tctl_picture_height(&layout, layout.row_count);
	scale = height * 2 <= PNG_SHARP_MAX ? 2 : 1;
	if (height > PNG_SIDE_MAX) {
		tctl_arena_free(arena);
		return tctl_fail(err, TCTL_EFAILED,
		    "%zu rows are too many for a PNG: svg, html and pdf hold "
		    "them",
		    layout.row_count);
	}
	surface = cairo_image_surface_create(
	    CAIRO_FORMAT_RGB24, (int)(width * scale), (int)(height * scale));
	draw_page(surface, scale, dark, &layout, 0, layout.row_count);
	status = write_bytes(to,
	    cairo_surface_write_to_png_stream(surface, take_bytes, to), err);
	cairo_surface_destroy(surface);
	tctl_arena_free(arena);
	return status;
}

enum tctl_status
tctl_chart_pdf(
    FILE *to, const struct tctl_chart *chart, bool dark, struct tctl_error *err)
{
	const double points = 0.75; /* a px */
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_layout layout;
	char now[TCTL_INSTANT_TEXT];
	cairo_surface_t *surface;
	enum tctl_status status;
	size_t rows, first = 0;

	tctl_layout_init(&layout, chart, arena);
	rows = layout.row_count <= ONE_PAGE_ROWS ? layout.row_count : PAGE_ROWS;
	surface = cairo_pdf_surface_create_for_stream(take_bytes, to,
	    tctl_picture_width(&layout) * points,
	    tctl_picture_height(&layout, rows) * points);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE,
	    tctl_label_line(arena, chart->title, TCTL_TITLE_MAX));
	/* The same chart gives the same bytes. */
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
	    tctl_instant_write(chart->now_ms, now));
	do {
		size_t count = layout.row_count - first;

		if (count > rows)
			count = rows;
		draw_page(surface, points, dark, &layout, first, count);
		cairo_surface_show_page(surface);
		first += count;
	} while (first < layout.row_count);
	cairo_surface_finish(surface);
	status = write_bytes(to, cairo_surface_status(surface), err);
	cairo_surface_destroy(surface);
	tctl_arena_free(arena);
	return status;
}
