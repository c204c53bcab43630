/* dot.c - the dependencies for graphviz. */
#include <string.h>

#include "label.h"
#include "palette.h"
#include "taskctl/time.h"

enum { LABEL_MAX = 48 }; /* characters of a node: it is as wide as its text */

/* Entities are read in labels, as the escapes of a string are. */
static void
escape_char(FILE *to, int32_t c)
{
	if (c == '&' || c == '<' || c == '>')
		tctl_escape_xml(to, c);
	else
		tctl_escape_quoted(to, c);
}

static void
write_quoted(FILE *to, const char *text, size_t max)
{
	putc('"', to);
	tctl_label_write(to, text, max, escape_char);
	putc('"', to);
}

static void
write_colour(FILE *to, const char *key, enum tctl_paint paint, bool dark)
{
	fprintf(to, " %s=\"#%06x\"", key, tctl_paint_rgb(paint, dark));
}

static void
write_node(FILE *to, const struct tctl_bar *bar, size_t i, bool dark)
{
	struct tctl_arena *arena = tctl_arena_new();
	char length[TCTL_DURATION_TEXT];

	fprintf(to, "    t%zu [label=\"", i);
	tctl_label_write(
	    to, tctl_bar_caption(arena, bar), LABEL_MAX, escape_char);
	fprintf(to, "\\n%s", tctl_state_word(bar->state));
	if (bar->estimate_s > 0)
		fprintf(
		    to, " · %s", tctl_duration_write(bar->estimate_s, length));
	if (bar->agent != NULL) {
		fputs(" · ", to);
		tctl_label_write(to, bar->agent, LABEL_MAX, escape_char);
	}
	fputs("\" tooltip=", to);
	write_quoted(to, bar->why != NULL ? bar->why : tctl_bar_label(bar),
	    TCTL_TITLE_MAX);
	write_colour(to, "color",
	    bar->critical ? TCTL_PAINT_CRITICAL : tctl_paint_of(bar), dark);
	fprintf(to, " penwidth=%s];\n", bar->critical ? "2.4" : "1.2");
	tctl_arena_free(arena);
}

static void
write_nodes(FILE *to, const struct tctl_chart *chart, bool dark)
{
	size_t cluster = 0;

	for (size_t i = 0; i < chart->bar_count; i++) {
		const char *section = chart->bar[i].section;
		bool first = tctl_section_begins(chart, i);
		bool last = tctl_section_ends(chart, i);

		if (first && section != NULL) {
			fprintf(to,
			    "  subgraph cluster_%zu {\n    label=", cluster++);
			write_quoted(to, section, 2 * LABEL_MAX);
			fputs(";\n", to);
		}
		write_node(to, &chart->bar[i], i, dark);
		if (last && section != NULL)
			fputs("  }\n", to);
	}
}

/* A barrier is one arrow, and not one from each task to each. */
static void
write_barriers(FILE *to, const struct tctl_chart *chart)
{
	struct tctl_edge ends;

	for (size_t i = 0; i < chart->barrier_count; i++)
		if (tctl_barrier_ends(chart, &chart->barrier[i], &ends))
			fprintf(to,
			    "  t%zu -> t%zu [style=dotted tooltip=\"the whole "
			    "sprint before it\"];\n",
			    ends.before, ends.after);
}

void
tctl_export_dot(FILE *to, const struct tctl_chart *chart, bool dark)
{
	fputs("digraph plan {\n  label=", to);
	write_quoted(
	    to, chart->title != NULL ? chart->title : "Plan", TCTL_TITLE_MAX);
	fputs(";\n  labelloc=t;\n  rankdir=LR;\n", to);
	fputs("  graph [fontname=\"Helvetica\"", to);
	write_colour(to, "bgcolor", TCTL_PAINT_PAGE, dark);
	write_colour(to, "fontcolor", TCTL_PAINT_INK, dark);
	write_colour(to, "pencolor", TCTL_PAINT_GRID, dark);
	fputs(" ranksep=0.6 nodesep=0.2];\n  node [shape=box style=rounded "
	      "fontname=\"Helvetica\" fontsize=11",
	    to);
	write_colour(to, "fontcolor", TCTL_PAINT_INK, dark);
	fputs("];\n  edge [arrowsize=0.7", to);
	write_colour(to, "color", TCTL_PAINT_ARROW, dark);
	fputs("];\n", to);
	write_nodes(to, chart, dark);
	for (size_t e = 0; e < chart->edge_count; e++) {
		const struct tctl_edge *edge = &chart->edge[e];
		bool critical = tctl_edge_is_critical(chart, edge);

		fprintf(to, "  t%zu -> t%zu", edge->before, edge->after);
		if (critical) {
			fputs(" [penwidth=2.4", to);
			write_colour(to, "color", TCTL_PAINT_CRITICAL, dark);
			fputs("]", to);
		}
		fputs(";\n", to);
	}
	write_barriers(to, chart);
	fputs("}\n", to);
}
