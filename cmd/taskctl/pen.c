/* pen.c - a page written as Markdown or as HTML. */
#include "pen.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "taskctl/memory.h"
#include "taskctl/text.h"

/* --- text -------------------------------------------------------------------
 */

/* Is the character at p one that Markdown (GFM, and GitLab's references) may
 * take for its own?  Those that only count at the start of a line are not here:
 * no text of ours stands there. */
static bool
means_something(const char *text, const char *p)
{
	switch (*p) {
	case ':': /* http://… becomes a link by itself */
		return p[1] == '/' && p[2] == '/';
	case '.': /* www.… too */
		return p - text >= 3 && strncasecmp(p - 3, "www", 3) == 0;
	default:
		return strchr("\\`*_[]<>|~&$@#!", *p) != NULL;
	}
}

void
tctl_markdown_text(FILE *to, const char *text)
{
	const char *from = text;

	for (const char *p = text; *p != '\0'; p++) {
		bool is_at = *p == '@';

		if (!is_at && !means_something(text, p))
			continue;
		fwrite(from, 1, (size_t)(p - from), to);
		from = is_at ? p + 1 : p;
		/* An escaped one still makes an address. */
		fputs(is_at ? "&#64;" : "\\", to);
	}
	fputs(from, to);
}

static void
put_html(FILE *to, const char *text)
{
	for (;;) {
		size_t plain = strcspn(text, "<>&\"'");

		fwrite(text, 1, plain, to);
		text += plain;
		if (*text == '\0')
			return;
		fprintf(to, "&#%d;", *text++);
	}
}

static void
put_inert(struct tctl_pen *pen, const char *text)
{
	if (pen->html)
		put_html(pen->to, text);
	else
		tctl_markdown_text(pen->to, text);
}

void
tctl_pen_text(struct tctl_pen *pen, const char *text)
{
	if (tctl_text_is_plain(text)) {
		put_inert(pen, text);
		return;
	}
	/* One stream for all texts: making one costs 8 KiB cleared. */
	if (pen->plain == NULL)
		pen->plain = open_memstream(&pen->text, &pen->bytes);
	if (pen->plain == NULL)
		tctl_die_nomem();
	rewind(pen->plain);
	tctl_text_inert(pen->plain, text);
	putc('\0', pen->plain);
	if (fflush(pen->plain) != 0)
		tctl_die_nomem();
	put_inert(pen, pen->text);
}

/* --- the page
 * ------------------------------------------------------------------ */

static const char style[] =
    "html{color-scheme:light dark}"
    "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;"
    "padding:0 1rem}"
    "h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}"
    "div{overflow-x:auto}table{border-collapse:collapse;width:100%}"
    "th,td{padding:.3rem .7rem .3rem 0;text-align:left;vertical-align:top;"
    "border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent);"
    "overflow-wrap:anywhere}th{overflow-wrap:normal}"
    ".n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "svg{max-width:100%;height:auto}"
    "@media print{body{max-width:none}}";

void
tctl_pen_begin(struct tctl_pen *pen, const char *title)
{
	if (!pen->html) {
		fputs("# ", pen->to);
		tctl_pen_text(pen, title);
		fputs("\n\n", pen->to);
		return;
	}
	fputs("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width\">\n"
	      "<title>",
	    pen->to);
	tctl_pen_text(pen, title);
	fprintf(pen->to, "</title>\n<style>%s</style>\n<main>\n<h1>", style);
	tctl_pen_text(pen, title);
	fputs("</h1>\n", pen->to);
}

void
tctl_pen_end(struct tctl_pen *pen)
{
	if (pen->html)
		fputs("</main>\n</html>\n", pen->to);
	if (pen->plain != NULL)
		fclose(pen->plain);
	free(pen->text);
	pen->plain = NULL;
	pen->text = NULL;
}

void
tctl_pen_heading(struct tctl_pen *pen, const char *text)
{
	fputs(pen->html ? "<h2>" : "\n## ", pen->to);
	tctl_pen_text(pen, text);
	fputs(pen->html ? "</h2>\n" : "\n\n", pen->to);
}

void
tctl_pen_line(struct tctl_pen *pen, const char *text)
{
	fputs(pen->html ? "<p>" : "", pen->to);
	tctl_pen_text(pen, text);
	fputs(pen->html ? "</p>\n" : "\n", pen->to);
}

/* --- tables
 * --------------------------------------------------------------------- */

enum { COLUMNS_MOST = 16 };

void
tctl_pen_table(struct tctl_pen *pen, const char *columns)
{
	char *names = tctl_xstrdup(columns), *save = NULL;
	bool number[COLUMNS_MOST];
	size_t count = 0;

	fputs(pen->html ? "<div><table>\n<thead><tr>" : "|", pen->to);
	for (char *name = strtok_r(names, "|", &save);
	     name != NULL && count < COLUMNS_MOST;
	     name = strtok_r(NULL, "|", &save)) {
		number[count] = *name == '>';
		name += number[count];
		if (pen->html)
			fprintf(pen->to, "<th scope=\"col\"%s>%s</th>",
			    number[count] ? " class=\"n\"" : "", name);
		else
			fprintf(pen->to, " %s |", name);
		count++;
	}
	fputs(pen->html ? "</tr></thead>\n<tbody>\n" : "\n|", pen->to);
	for (size_t i = 0; !pen->html && i < count; i++)
		fputs(number[i] ? " ---: |" : " --- |", pen->to);
	if (!pen->html)
		fputs("\n", pen->to);
	free(names);
	pen->numbers = 0;
	for (size_t i = 0; i < count; i++)
		pen->numbers |= number[i] ? 1u << i : 0;
}

void
tctl_pen_row(struct tctl_pen *pen)
{
	pen->column = 0;
	fputs(pen->html ? "<tr>" : "|", pen->to);
}

void
tctl_pen_cell(struct tctl_pen *pen, const char *text)
{
	bool number = (pen->numbers >> pen->column & 1) != 0;

	if (pen->html)
		fputs(number ? "<td class=\"n\">" : "<td>", pen->to);
	else
		fputs(" ", pen->to);
	tctl_pen_text(pen, text);
	fputs(pen->html ? "</td>" : " |", pen->to);
	pen->column++;
}

void
tctl_pen_row_end(struct tctl_pen *pen)
{
	fputs(pen->html ? "</tr>\n" : "\n", pen->to);
}

void
tctl_pen_table_end(struct tctl_pen *pen)
{
	if (pen->html)
		fputs("</tbody></table></div>\n", pen->to);
}

/* --- charts
 * ----------------------------------------------------------------------- */

static double
highest(const struct tctl_pen_chart *chart)
{
	double most = 0;

	for (size_t i = 0; i < chart->points; i++)
		most = chart->y[i] > most ? chart->y[i] : most;
	return most > 0 ? most : 1;
}

/* Mermaid's, which hosting sites draw. */
static void
put_mermaid(struct tctl_pen *pen, const struct tctl_pen_chart *chart)
{
	double last = (double)(chart->points - 1);

	fprintf(pen->to,
	    "```mermaid\nxychart-beta\n    title \"%s\"\n"
	    "    x-axis \"%s\" 0 --> %.2f\n    y-axis \"%s\" 0 --> %.2f\n"
	    "    line [",
	    chart->title, chart->x_name, chart->x_most, chart->y_name,
	    highest(chart));
	for (size_t i = 0; i < chart->points; i++)
		fprintf(pen->to, "%s%.2f", i > 0 ? ", " : "", chart->y[i]);
	fputs("]\n    line [", pen->to);
	for (size_t i = 0; i < chart->points; i++)
		fprintf(pen->to, "%s%.2f", i > 0 ? ", " : "",
		    chart->y[0] * (last - (double)i) / last);
	fputs("]\n```\n", pen->to);
}

static void
put_svg(struct tctl_pen *pen, const struct tctl_pen_chart *chart)
{
	enum { WIDTH = 720, HEIGHT = 260, LEFT = 56, LOW = 40, TOP = 30 };
	double most = highest(chart), last = (double)(chart->points - 1);
	double across = WIDTH - LEFT - 12, up = HEIGHT - LOW - TOP;

	fprintf(pen->to,
	    "<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" "
	    "aria-label=\"%s: from %.1f to %.1f\" fill=\"none\" "
	    "stroke=\"currentColor\" font-size=\"12\">\n"
	    "<path d=\"M%d %dV%dH%d\" stroke-opacity=\".4\"/>\n"
	    "<path d=\"M%d %.1fL%.1f %d\" stroke-opacity=\".4\" "
	    "stroke-dasharray=\"4 4\"/>\n<path stroke-width=\"2.5\" "
	    "stroke=\"#2a6fdb\" stroke-linejoin=\"round\" d=\"",
	    WIDTH, HEIGHT, WIDTH, chart->title, chart->y[0],
	    chart->y[chart->points - 1], LEFT, TOP, HEIGHT - LOW, WIDTH - 12,
	    LEFT, TOP + up * (1 - chart->y[0] / most), LEFT + across,
	    HEIGHT - LOW);
	for (size_t i = 0; i < chart->points; i++)
		fprintf(pen->to, "%c%.1f %.1f", i > 0 ? 'L' : 'M',
		    LEFT + across * (double)i / last,
		    TOP + up * (1 - chart->y[i] / most));
	fprintf(pen->to,
	    "\"/>\n<g fill=\"currentColor\" stroke=\"none\">"
	    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.1f</text>"
	    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>"
	    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.1f %s</text>"
	    "<text x=\"%d\" y=\"%d\">%s</text></g>\n</svg>\n",
	    LEFT - 6, TOP + 6, most, LEFT - 6, HEIGHT - LOW, WIDTH - 12,
	    HEIGHT - LOW + 18, chart->x_most, chart->x_name, LEFT, TOP - 12,
	    chart->y_name);
}

void
tctl_pen_chart(struct tctl_pen *pen, const struct tctl_pen_chart *chart)
{
	if (chart->points < 2)
		return;
	if (pen->html)
		put_svg(pen, chart);
	else
		put_mermaid(pen, chart);
}
