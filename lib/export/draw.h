/* floor: export - what the parts of a drawing share. */
#ifndef EXPORT_DRAW_H
#define EXPORT_DRAW_H

#include "taskctl/canvas.h"

/* A place on the time axis. */
struct tctl_x tctl_draw_x(
    const struct tctl_layout *layout, int64_t ms, double off_px);
/* One that no zoom moves. */
struct tctl_x tctl_draw_fixed(double px);

void tctl_draw_words(struct tctl_canvas *to, double x, double baseline,
    double size_px, enum tctl_paint paint, const char *text);

/* Text cut with "…" to what fits; the arena's. */
const char *tctl_draw_fit(const struct tctl_layout *layout,
    struct tctl_canvas *to, const char *text, double size_px, bool bold,
    double width_px);

#endif
