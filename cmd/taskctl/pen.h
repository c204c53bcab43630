/* floor: cmd - a page written as Markdown or as HTML, by the same calls.
 *
 * All text is made inert for both: nothing in a title is a link, a tag, a
 * mention, a table's border or a fence. */
#ifndef TASKCTL_CMD_PEN_H
#define TASKCTL_CMD_PEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct tctl_pen {
	FILE *to;
	bool html;
	/* Its own: a text made inert; which columns hold numbers, and the
	 * next one. */
	FILE *plain;
	char *text;
	size_t bytes;
	unsigned numbers;
	unsigned column;
};

/* Text that is inert for a terminal already, so that nothing in it means
 * something to Markdown (GFM, and references of hosting sites). */
void tctl_markdown_text(FILE *to, const char *text);

/* Any text, on one line. */
void tctl_pen_text(struct tctl_pen *pen, const char *text);

/* The page's frame, with its title as the first heading.  What was begun has to
 * be ended: the pen owns memory meanwhile. */
void tctl_pen_begin(struct tctl_pen *pen, const char *title);
void tctl_pen_end(struct tctl_pen *pen);

void tctl_pen_heading(struct tctl_pen *pen, const char *text);
void tctl_pen_line(struct tctl_pen *pen, const char *text);

/* A table: names of columns parted by |, those of numbers with a > in front. */
void tctl_pen_table(struct tctl_pen *pen, const char *columns);
void tctl_pen_row(struct tctl_pen *pen);
void tctl_pen_cell(struct tctl_pen *pen, const char *text);
void tctl_pen_row_end(struct tctl_pen *pen);
void tctl_pen_table_end(struct tctl_pen *pen);

/* A line that falls: what was left at each moment, and the straight way from
 * its first value to nothing.  x and y are in the units that are named. */
struct tctl_pen_chart {
	const char *title;
	const char *x_name;
	const char *y_name;
	double x_most;
	const double *y;
	size_t points; /* at even distances from 0 to x_most */
};
void tctl_pen_chart(struct tctl_pen *pen, const struct tctl_pen_chart *chart);

#endif
