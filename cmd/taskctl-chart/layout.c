/* layout.c - the dependency graph, laid out by graphviz. */
#include <graphviz/gvc.h>
#include <stdlib.h>

#include "chart.h"

/* Above so many nodes straight lines: curves take minutes. */
enum { CURVES_MAX = 400 };

static char *
dot_of(const struct tctl_chart *chart, bool dark)
{
	char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);

	if (memory == NULL)
		tctl_die_nomem();
	tctl_export_dot(memory, chart, dark);
	if (fclose(memory) != 0)
		tctl_die_nomem();
	return text;
}

enum tctl_status
tctl_chart_layout(
    FILE *to, const struct tctl_chart *chart, bool dark, struct tctl_error *err)
{
	static char splines[] = "splines", line[] = "line";
	char *dot = dot_of(chart, dark);
	GVC_t *gvc = gvContext();
	graph_t *graph = agmemread(dot);
	enum tctl_status status = TCTL_OK;

	if (graph != NULL && chart->bar_count > CURVES_MAX)
		agattr(graph, AGRAPH, splines, line);
	if (graph == NULL || gvLayout(gvc, graph, "dot") != 0)
		status = tctl_fail(
		    err, TCTL_EFAILED, "graphviz could not lay it out");
	else if (gvRender(gvc, graph, "svg", to) != 0)
		status =
		    tctl_fail(err, TCTL_EFAILED, "graphviz could not draw it");
	if (graph != NULL) {
		gvFreeLayout(gvc, graph);
		agclose(graph);
	}
	gvFreeContext(gvc);
	free(dot);
	return status;
}
