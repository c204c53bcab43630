/* floor: cmd - taskctl-chart: charts that need a heavy library.
 *
 * A filter: the chart as JSON on standard input (tctl_export_json), the format
 * asked for on standard output.  It opens no store and no file. */
#ifndef TASKCTL_CHART_CHART_H
#define TASKCTL_CHART_CHART_H

#include "taskctl/export.h"

/* Write a chart; TCTL_EFAILED: the library could not. */
typedef enum tctl_status tctl_chart_filter(FILE *to,
    const struct tctl_chart *chart, bool dark, struct tctl_error *err);

tctl_chart_filter tctl_chart_png;    /* cairo, pango */
tctl_chart_filter tctl_chart_pdf;    /* the same */
tctl_chart_filter tctl_chart_mspdi;  /* libxml2 */
tctl_chart_filter tctl_chart_ics;    /* libical */
tctl_chart_filter tctl_chart_layout; /* graphviz: the graph as SVG */

#endif
