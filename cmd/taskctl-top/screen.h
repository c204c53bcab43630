/* floor: cmd - a screen that is being made, piece by piece. */
#ifndef TASKCTL_TOP_SCREEN_H
#define TASKCTL_TOP_SCREEN_H

#include "top.h"

enum { TCTL_TOP_GAP = 2 }; /* blanks between columns */

struct tctl_top_canvas {
	const struct tctl_top *top;
	struct tctl_top_screen *out;
	FILE *to;
	int y, x;
	bool reverse; /* the pieces that follow */
};

void tctl_top_go_to(struct tctl_top_canvas *canvas, int y);

/* Text in so many columns; the cursor moves on by what it took. */
void tctl_top_put(struct tctl_top_canvas *canvas, enum tctl_style style,
    const char *text, int width, bool pad);
/* The same in as many as it takes. */
void tctl_top_putf(struct tctl_top_canvas *canvas, enum tctl_style style,
    const char *fmt, ...) TCTL_PRINTF(3, 4);

/* The parts of the screen. */
void tctl_top_put_head(struct tctl_top_canvas *canvas);
void tctl_top_put_list(struct tctl_top_canvas *canvas);
void tctl_top_put_page(struct tctl_top_canvas *canvas);

#endif
