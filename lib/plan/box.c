/* box.c - boxes of lists.
 *
 * Markdown knows [ ] and [x] before a blank; people also write [-] and [~]
 * (begun), [/], and Kiro a star for what is optional: "[ ]* text". */
#include <string.h>

#include "box.h"

/* Does the text begin with a box that is none in Markdown? */
static bool
is_odd_box(const char *text, size_t length)
{
	return length >= 3 && text[0] == '[' && text[2] == ']' &&
	       text[1] != '\0' && strchr(" xX-~/>!?", text[1]) != NULL &&
	       (length == 3 || strchr(" \t*", text[3]) != NULL);
}

void
tctl_box_read(const struct tctl_md *item, struct tctl_box *out)
{
	const struct tctl_md_line *line = tctl_md_first(item);

	*out = (struct tctl_box){ .mark = item->mark,
		.place = item->place,
		.line = line,
		.text = line->text,
		.length = line->length };
	if (out->mark == 0 && is_odd_box(out->text, out->length)) {
		out->mark = out->text[1];
		out->place = tctl_md_place(line, out->text + 1);
		out->text += 3;
		out->length -= 3;
		if (out->length != 0 && *out->text == '*') {
			out->is_optional = true;
			out->text++;
			out->length--;
		}
	}
	out->is_done = out->mark == 'x' || out->mark == 'X';
	tctl_trim(&out->text, &out->length);
}

void
tctl_box_tick(struct tctl_draft *draft, const struct tctl_box *box, size_t task,
    int of, size_t index)
{
	if (box->mark == 0)
		return;
	tctl_draft_tick(draft, &(struct tctl_tick){ .task = task,
				   .of = of,
				   .index = index,
				   .kind = TCTL_TICK_BOX,
				   .line = box->place.line,
				   .column = box->place.column,
				   .length = 1,
				   .done = box->is_done });
}
