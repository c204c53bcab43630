/* floor: export - a canvas that writes SVG. */
#ifndef EXPORT_SVG_H
#define EXPORT_SVG_H

#include "taskctl/canvas.h"

struct tctl_svg {
	struct tctl_canvas canvas;
	FILE *to;
	bool live; /* with what a zoom needs, for the script of a page */
};

void tctl_svg_init(struct tctl_svg *out, FILE *to, bool live);

/* The fonts of charts, as CSS has them. */
extern const char tctl_svg_fonts[];

/* Heads of arrows, to be had once in a document. */
void tctl_svg_markers(FILE *to);

#endif
