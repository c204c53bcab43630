/* dialect_todo.c - a plain list of boxes, with or without headings: todo.md.
 *
 * Every box outside of code fences is a task, nested ones too: people count
 * them so.  A box with boxes below waits for them, since ticking it says that
 * they are done.  Ids that the text does not give are made of its words. */
#include <string.h>

#include "dialect.h"
#include "lists.h"

enum { SCORE_LEAST = 10, SCORE_MOST = 30 };

/* "S3: set up" and "P1: fix" are no ids: only what nobody writes by chance. */
static bool
is_sure_id(const char *id, size_t length)
{
	size_t digits = 0;

	for (size_t i = 0; i < length; i++) {
		if (id[i] == '-' || id[i] == '.')
			return true;
		digits += id[i] >= '0' && id[i] <= '9';
	}
	return digits >= 2;
}

static bool
read_item(const struct tctl_md *item, const struct tctl_box *box,
    struct tctl_entry *out)
{
	const char *word = box->text;

	(void)item;
	if (box->mark == 0 ||
	    tctl_word_next(box->text + box->length, &word) == 0)
		return false;
	if (tctl_lists_id(box->text, box->length, false, out) &&
	    is_sure_id(out->id, out->id_length))
		return true;
	*out = (struct tctl_entry){ .title = box->text, .length = box->length };
	return true;
}

static int
recognise(const struct tctl_source *source, struct tctl_arena *arena,
    const char **why)
{
	const struct tctl_md *item = source->root;
	size_t boxes = 0;

	while ((item = tctl_lists_next(source->root, item)) != NULL) {
		struct tctl_entry entry = { 0 };
		struct tctl_box box;

		tctl_box_read(item, &box);
		boxes += read_item(item, &box, &entry);
	}
	if (boxes == 0)
		return 0;
	*why = tctl_arena_printf(arena, "%zu box%s in lists, nothing surer",
	    boxes, boxes == 1 ? "" : "es");
	return boxes < SCORE_MOST - SCORE_LEAST ? SCORE_LEAST + (int)boxes
						: SCORE_MOST;
}

static void
read_tasks(struct tctl_draft *draft)
{
	static const struct tctl_list_way way = { .read = read_item };
	struct tctl_lists lists = { .draft = draft, .way = &way };

	tctl_lists_read(&lists);
	tctl_lists_finish(&lists);
}

const struct tctl_dialect tctl_dialect_todo = {
	.looks_for = "boxes in lists \"- [ ] text\"",
	.most = SCORE_MOST,
	.recognise = recognise,
	.read = read_tasks,
};
