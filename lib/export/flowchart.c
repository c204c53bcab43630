/* flowchart.c - the dependencies as a Mermaid flowchart. */
#include <string.h>

#include "label.h"
#include "palette.h"

enum { LABEL_MAX = 60 };

/* Labels go through an entity decoder, a Markdown reader and HTML. */
static void
escape_char(FILE *to, int32_t c)
{
	if (c < 0x80 && strchr("\"#;<>&`*_~\\[]{}()|%:", c) != NULL)
		fprintf(to, "#%d;", (int)c);
	else
		tctl_char_write(to, c);
}

static void
write_nodes(FILE *to, const struct tctl_chart *chart, struct tctl_plain *names,
    const char *name[])
{
	size_t section = 0;

	for (size_t i = 0; i < chart->bar_count; i++) {
		const struct tctl_bar *bar = &chart->bar[i];
		bool first = tctl_section_begins(chart, i);
		bool last = tctl_section_ends(chart, i);

		if (first && bar->section != NULL) {
			fprintf(to, "    subgraph section%zu[\"", ++section);
			tctl_label_write(
			    to, bar->section, LABEL_MAX, escape_char);
			fputs("\"]\n", to);
		}
		/* The prefix keeps them apart from sections' names. */
		name[i] = tctl_plain_add(
		    names, tctl_arena_printf(names->arena, "t-%s", bar->id));
		fprintf(to, "    %s[\"", name[i]);
		tctl_label_write(to, tctl_bar_caption(names->arena, bar),
		    LABEL_MAX, escape_char);
		fprintf(to, "\"]:::%s%s\n", tctl_paint_name(tctl_paint_of(bar)),
		    bar->critical ? "Critical" : "");
		if (last && bar->section != NULL)
			fputs("    end\n", to);
	}
}

static void
write_barriers(
    FILE *to, const struct tctl_chart *chart, const char *const name[])
{
	struct tctl_edge ends;

	for (size_t i = 0; i < chart->barrier_count; i++)
		if (tctl_barrier_ends(chart, &chart->barrier[i], &ends))
			fprintf(to, "    %s -.-> %s\n", name[ends.before],
			    name[ends.after]);
}

static void
write_classes(FILE *to)
{
	static const enum tctl_paint paint[] = { TCTL_PAINT_PENDING,
		TCTL_PAINT_READY, TCTL_PAINT_CLAIMED, TCTL_PAINT_DONE,
		TCTL_PAINT_FAILED, TCTL_PAINT_STUCK };

	for (size_t i = 0; i < TCTL_COUNT(paint); i++) {
		fprintf(to, "    classDef %s stroke:#%06x,stroke-width:1.5px\n",
		    tctl_paint_name(paint[i]), tctl_paint_rgb(paint[i], false));
		fprintf(to,
		    "    classDef %sCritical stroke:#%06x,stroke-width:3px\n",
		    tctl_paint_name(paint[i]),
		    tctl_paint_rgb(TCTL_PAINT_CRITICAL, false));
	}
}

void
tctl_export_flowchart(FILE *to, const struct tctl_chart *chart)
{
	struct tctl_plain names = { .arena = tctl_arena_new() };
	const char **name = tctl_arena_alloc(
	    names.arena, (chart->bar_count + 1) * sizeof(*name));

	fputs("flowchart LR\n", to);
	if (chart->bar_count == 0)
		fputs("    none[\"no tasks\"]\n", to);
	write_nodes(to, chart, &names, name);
	for (size_t e = 0; e < chart->edge_count; e++) {
		const struct tctl_edge *edge = &chart->edge[e];

		fprintf(to, "    %s %s %s\n", name[edge->before],
		    tctl_edge_is_critical(chart, edge) ? "==>" : "-->",
		    name[edge->after]);
	}
	write_barriers(to, chart, name);
	write_classes(to);
	tctl_plain_release(&names);
	tctl_arena_free(names.arena);
}
