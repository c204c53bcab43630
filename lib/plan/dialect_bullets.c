/* dialect_bullets.c - tasks that are items of a list, each with its id in
 * front:
 *
 *     **US5 : Loans**
 *     - T5.1 : Design the table — 2 pts
 *     - T5.2 : Write the form — 3h
 *
 * Only ids of that shape: "- FR-001: the system must ..." is no task. */
#include <string.h>

#include "dialect.h"
#include "lists.h"

enum { SCORE = 55, FEWEST = 3, LETTERS_MAX = 3 };

/* T5.1, US1.2. */
static bool
is_task_id(const char *id, size_t length)
{
	size_t at = 0, letters;
	bool has_dot = false;

	while (at < length && id[at] >= 'A' && id[at] <= 'Z')
		at++;
	letters = at;
	for (; at < length; at++) {
		if (id[at] == '.' && at > letters)
			has_dot = true;
		else if (id[at] < '0' || id[at] > '9')
			return false;
	}
	return letters >= 1 && letters <= LETTERS_MAX && has_dot;
}

static bool
read_item(const struct tctl_md *item, const struct tctl_box *box,
    struct tctl_entry *out)
{
	struct tctl_entry entry = { 0 };

	(void)item;
	if (!tctl_lists_id(box->text, box->length, false, &entry) ||
	    !is_task_id(entry.id, entry.id_length))
		return false;
	*out = entry;
	return true;
}

static int
recognise(const struct tctl_source *source, struct tctl_arena *arena,
    const char **why)
{
	const struct tctl_md *item = source->root;
	size_t tasks = 0, others = 0;

	while ((item = tctl_lists_next(source->root, item)) != NULL) {
		struct tctl_entry entry = { 0 };
		struct tctl_box box;

		tctl_box_read(item, &box);
		if (read_item(item, &box, &entry))
			tasks++;
		else
			others += box.mark != 0;
	}
	if (tasks < FEWEST || others > tasks)
		return 0;
	*why =
	    tctl_arena_printf(arena, "%zu items with ids such as T5.1", tasks);
	return SCORE;
}

static void
read_tasks(struct tctl_draft *draft)
{
	static const struct tctl_list_way way = { .read = read_item,
		.has_labels = true };
	struct tctl_lists lists = { .draft = draft, .way = &way };

	tctl_lists_read(&lists);
	tctl_lists_finish(&lists);
}

const struct tctl_dialect tctl_dialect_bullets = {
	.looks_for = "items \"- T5.1 : text\"",
	.most = SCORE,
	.recognise = recognise,
	.read = read_tasks,
};
