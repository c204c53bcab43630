/* svg.c - charts as SVG, whose text stays text. */
#include "svg.h"
#include "label.h"

const char tctl_svg_fonts[] =
    "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,"
    "'Noto Sans','DejaVu Sans',sans-serif";

/* Advance widths of ' ' to '~' in thousandths of the size, those of Helvetica
 * (Adobe Font Metrics).  Which font the reader has, nobody knows here: other
 * fonts of the list are a little wider. */
static const short advance[] = { 278, 278, 355, 556, 556, 889, 667, 191, 333,
	333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
	556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722,
	667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722,
	667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333,
	556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556,
	556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260,
	334, 584 };

static double
measure(struct tctl_canvas *canvas, const char *text, double size_px, bool bold)
{
	const double wider = bold ? 1.3 : 1.18;
	double sum = 0;

	(void)canvas;
	while (*text != '\0') {
		int32_t c = tctl_char_next(&text);

		if (c >= ' ' && c <= '~')
			sum += advance[c - ' '];
		else
			sum += tctl_char_columns(c) * 560;
	}
	return sum / 1000 * size_px * wider;
}

static double
px(struct tctl_x x)
{
	return x.at_px + x.off_px;
}

static void
write_paint(FILE *to, enum tctl_paint fill, enum tctl_paint stroke)
{
	fputs(" class=\"", to);
	if (fill != TCTL_PAINT_NONE)
		fprintf(to, "f-%s", tctl_paint_name(fill));
	else
		fputs("hollow", to);
	if (stroke != TCTL_PAINT_NONE)
		fprintf(to, " s-%s", tctl_paint_name(stroke));
	putc('"', to);
}

/* What a zoom needs of each point: where on the axis, and how far beside. */
static void
write_live(const struct tctl_svg *svg, const struct tctl_x x[], size_t count)
{
	if (!svg->live)
		return;
	fputs(" data-a=\"", svg->to);
	for (size_t i = 0; i < count; i++)
		fprintf(svg->to, i == 0 ? "%.2f" : " %.2f", x[i].at_px);
	fputs("\" data-o=\"", svg->to);
	for (size_t i = 0; i < count; i++)
		fprintf(svg->to, i == 0 ? "%g" : " %g", x[i].off_px);
	putc('"', svg->to);
}

static void
draw_box(struct tctl_canvas *canvas, const struct tctl_box *box)
{
	struct tctl_svg *svg = (struct tctl_svg *)canvas;

	fprintf(svg->to,
	    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"",
	    px(box->left), box->top, px(box->right) - px(box->left),
	    box->height);
	if (box->radius > 0)
		fprintf(svg->to, " rx=\"%g\"", box->radius);
	if (box->opacity < 1)
		fprintf(svg->to, " fill-opacity=\"%g\"", box->opacity);
	if (box->stroke != TCTL_PAINT_NONE)
		fprintf(svg->to, " stroke-width=\"%g\"", box->stroke_px);
	write_paint(svg->to, box->fill, box->stroke);
	write_live(svg, (const struct tctl_x[]){ box->left, box->right }, 2);
	fputs("/>\n", svg->to);
}

static void
draw_path(struct tctl_canvas *canvas, const struct tctl_path *path)
{
	struct tctl_svg *svg = (struct tctl_svg *)canvas;

	fprintf(svg->to,
	    path->filled ? "<polygon points=\"" : "<polyline points=\"");
	for (size_t i = 0; i < path->count; i++)
		fprintf(svg->to, i == 0 ? "%.1f,%.1f" : " %.1f,%.1f",
		    px(path->x[i]), path->y[i]);
	putc('"', svg->to);
	if (path->filled) {
		write_paint(svg->to, path->paint, TCTL_PAINT_NONE);
	} else {
		write_paint(svg->to, TCTL_PAINT_NONE, path->paint);
		fprintf(svg->to, " stroke-width=\"%g\"", path->width_px);
	}
	if (path->dashed)
		fputs(" stroke-dasharray=\"3 3\"", svg->to);
	if (path->arrow)
		fprintf(svg->to, " marker-end=\"url(#head-%s)\"",
		    tctl_paint_name(path->paint));
	if (path->arrow && svg->live)
		fprintf(svg->to, " data-from=\"%zu\" data-to=\"%zu\"",
		    path->from, path->to);
	write_live(svg, path->x, path->count);
	fputs("/>\n", svg->to);
}

static void
draw_words(struct tctl_canvas *canvas, const struct tctl_words *words)
{
	static const char *const anchor[] = { "", " text-anchor=\"middle\"",
		" text-anchor=\"end\"" };
	struct tctl_svg *svg = (struct tctl_svg *)canvas;

	if (*words->text == '\0')
		return;
	fprintf(svg->to, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%g\"%s%s",
	    px(words->x), words->baseline, words->size_px, anchor[words->align],
	    words->bold ? " font-weight=\"600\"" : "");
	fprintf(svg->to, " class=\"f-%s%s\"", tctl_paint_name(words->paint),
	    words->halo ? " halo" : "");
	write_live(svg, &words->x, 1);
	putc('>', svg->to);
	tctl_label_write(svg->to, words->text, TCTL_TITLE_MAX, tctl_escape_xml);
	fputs("</text>\n", svg->to);
}

static void
open_bar(struct tctl_canvas *canvas, size_t bar, const char *tip)
{
	struct tctl_svg *svg = (struct tctl_svg *)canvas;

	if (svg->live) { /* the page has a tip of its own */
		fprintf(svg->to, "<g class=\"bar\" data-bar=\"%zu\">\n", bar);
		return;
	}
	fputs("<g><title>", svg->to);
	while (*tip != '\0') {
		int32_t c = tctl_char_next(&tip);

		if (c == '\n' || !tctl_char_is_blank(c) || c == ' ')
			tctl_escape_xml(svg->to, c);
	}
	fputs("</title>\n", svg->to);
}

static void
end_group(struct tctl_canvas *canvas)
{
	fputs("</g>\n", ((struct tctl_svg *)canvas)->to);
}

static void
shift(struct tctl_canvas *canvas, double x, double y)
{
	fprintf(((struct tctl_svg *)canvas)->to,
	    "<g transform=\"translate(%g %g)\">\n", x, y);
}

void
tctl_svg_init(struct tctl_svg *out, FILE *to, bool live)
{
	static const struct tctl_canvas_ops op = { .box = draw_box,
		.path = draw_path,
		.words = draw_words,
		.measure = measure,
		.open = open_bar,
		.close = end_group,
		.shift = shift,
		.shift_back = end_group };

	*out = (struct tctl_svg){ .canvas = { &op }, .to = to, .live = live };
}

void
tctl_svg_markers(FILE *to)
{
	static const enum tctl_paint paint[] = { TCTL_PAINT_ARROW,
		TCTL_PAINT_CRITICAL };

	fputs("<defs>\n", to);
	for (size_t i = 0; i < TCTL_COUNT(paint); i++)
		fprintf(to,
		    "<marker id=\"head-%s\" viewBox=\"0 0 8 8\" refX=\"7\" "
		    "refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
		    "markerUnits=\"userSpaceOnUse\" orient=\"auto\">"
		    "<path d=\"M0 0.5L8 4L0 7.5z\" class=\"f-%s\"/></marker>\n",
		    tctl_paint_name(paint[i]), tctl_paint_name(paint[i]));
	fputs("</defs>\n", to);
}

static void
write_colours(FILE *to, bool dark)
{
	for (int i = 0; i < TCTL_PAINT_COUNT; i++) {
		enum tctl_paint paint = (enum tctl_paint)i;
		unsigned rgb = tctl_paint_rgb(paint, dark);

		fprintf(to, ".f-%s{fill:#%06x}.s-%s{stroke:#%06x}",
		    tctl_paint_name(paint), rgb, tctl_paint_name(paint), rgb);
	}
	fprintf(
	    to, ".halo{stroke:#%06x}\n", tctl_paint_rgb(TCTL_PAINT_PAGE, dark));
}

static void
write_style(FILE *to, enum tctl_theme theme)
{
	fputs("<style>\n", to);
	write_colours(to, theme == TCTL_THEME_DARK);
	if (theme == TCTL_THEME_AUTO) {
		fputs("@media (prefers-color-scheme:dark){\n", to);
		write_colours(to, true);
		fputs("}\n", to);
	}
	fputs(".hollow{fill:none}.halo{paint-order:stroke;stroke-width:3px;"
	      "stroke-linejoin:round}\n</style>\n",
	    to);
}

void
tctl_export_svg(FILE *to, const struct tctl_chart *chart, enum tctl_theme theme)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_layout layout;
	struct tctl_svg svg;
	double width, height;

	tctl_layout_init(&layout, chart, arena);
	tctl_svg_init(&svg, to, false);
	width = tctl_picture_width(&layout);
	height = tctl_picture_height(&layout, layout.row_count);
	fprintf(to,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%g\" "
	    "height=\"%g\" viewBox=\"0 0 %g %g\" role=\"img\" "
	    "font-family=\"%s\">\n<title>",
	    width, height, width, height, tctl_svg_fonts);
	tctl_label_write(to, chart->title != NULL ? chart->title : "Plan",
	    TCTL_TITLE_MAX, tctl_escape_xml);
	fputs("</title>\n<desc>", to);
	tctl_label_write(to, tctl_chart_summary(chart, arena), TCTL_TITLE_MAX,
	    tctl_escape_xml);
	fputs("</desc>\n", to);
	write_style(to, theme);
	tctl_svg_markers(to);
	fprintf(to, "<rect width=\"%g\" height=\"%g\" class=\"f-page\"/>\n",
	    width, height);
	tctl_draw_picture(&layout, &svg.canvas, 0, layout.row_count);
	fputs("</svg>\n", to);
	tctl_arena_free(arena);
}
