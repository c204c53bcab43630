/* floor: work - rows of tasks, on the way from the store to a view. */
#ifndef TASKCTL_WORK_VIEW_ROWS_H
#define TASKCTL_WORK_VIEW_ROWS_H

#include "view.h"

struct tctl_loaded {
	struct tctl_task task;
	int64_t row;
	int64_t plan;
	int64_t position;
};

struct tctl_loader {
	struct tctl_view *view;
	struct tctl_loaded *at; /* by row */
	size_t count;
	int64_t lost;	     /* a row whose plan is not there; 0: none */
	size_t cursor;	     /* children come in the order of rows */
	const char *last[4]; /* strings that repeat from row to row */
};

/* Read the tasks of rows first to last, as much of each as the view's detail
 * asks for; loader->at is owned (free), in the order of rows. */
enum tctl_status tctl_view_rows(struct tctl_loader *loader, int64_t first,
    int64_t last, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
