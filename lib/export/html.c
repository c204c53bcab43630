#include "svg.h"
void
tctl_export_html(
    FILE *to, const struct tctl_chart *chart, enum tctl_theme theme)
{ tctl_export_svg(to, chart, theme); }
