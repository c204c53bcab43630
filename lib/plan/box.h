/* floor: plan - boxes: "- [x] text", and the forms that Markdown lacks. */
#ifndef PLAN_BOX_H
#define PLAN_BOX_H

#include "draft.h"

struct tctl_box {
	char mark; /* ' ', 'x', 'X', '-' …; 0: the item has no box */
	bool is_done;
	bool is_optional;	 /* "[ ]* text" */
	struct tctl_place place; /* of the mark; without a box of the text */
	/* What follows in the item's first line, trimmed; not terminated. */
	const char *text;
	size_t length;
	const struct tctl_md_line *line;
};

/* Read an item of a list; it may have no box and no text. */
void tctl_box_read(const struct tctl_md *item, struct tctl_box *out);

/* Note the box as the place that says whether a task, or its line of that
 * index, is done. */
void tctl_box_tick(struct tctl_draft *draft, const struct tctl_box *box,
    size_t task, int of, size_t index);

#endif
