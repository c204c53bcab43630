/* floor: export - a bar's colour. */
#ifndef EXPORT_PALETTE_H
#define EXPORT_PALETTE_H

#include "taskctl/canvas.h"

/* By its state, and by being stuck. */
enum tctl_paint tctl_paint_of(const struct tctl_bar *bar);

#endif
