/* dialect_speckit.c - GitHub Spec Kit's tasks.md:
 *
 *     ## Phase 3: User Story 1 - Loans
 *     - [ ] T012 [P] [US1] Write the loan form in src/loan.c
 *
 * and a section on dependencies, which names phases, stories and tasks. */
#include <string.h>

#include "dialect.h"
#include "lists.h"
#include "order.h"

enum { LETTERS_MAX = 4, SCORE = 85, FEWEST = 2 };

/* T001, T01Ga, A001: letters, two digits or more, letters. */
static bool
is_task_id(const char *id, size_t length)
{
	size_t letters = 0, digits = 0, at = 0;

	for (; at < length && id[at] >= 'A' && id[at] <= 'Z'; at++)
		letters++;
	for (; at < length && id[at] >= '0' && id[at] <= '9'; at++)
		digits++;
	for (; at < length; at++)
		if ((id[at] | 0x20) < 'a' || (id[at] | 0x20) > 'z')
			return false;
	/* CHK001 is a line of Spec Kit's other check lists. */
	return letters >= 1 && letters <= LETTERS_MAX && digits >= 2 &&
	       (letters != 3 || memcmp(id, "CHK", 3) != 0);
}

static bool
is_story(const char *tag, size_t length)
{
	return length > 2 && !memcmp(tag, "US", 2) && tag[2] >= '0' &&
	       tag[2] <= '9';
}

/* "[P] [US1] title"; other tags are of the title. */
static void
read_tags(struct tctl_entry *entry)
{
	while (entry->length != 0 && *entry->title == '[') {
		const char *tag = entry->title + 1;
		const char *close = memchr(tag, ']', entry->length - 1);
		size_t n = close == NULL ? 0 : (size_t)(close - tag);

		if (n == 1 && *tag == 'P')
			entry->is_parallel = true;
		else if (!is_story(tag, n))
			return;
		entry->title += n + 2;
		entry->length -= n + 2;
		tctl_trim(&entry->title, &entry->length);
	}
}

static bool
read_item(const struct tctl_md *item, const struct tctl_box *box,
    struct tctl_entry *out)
{
	struct tctl_entry entry = { 0 };

	(void)item;
	if (box->mark == 0 ||
	    !tctl_lists_id(box->text, box->length, true, &entry) ||
	    !is_task_id(entry.id, entry.id_length))
		return false;
	read_tags(&entry);
	if (entry.length == 0)
		return false;
	*out = entry;
	return true;
}

static int
recognise(const struct tctl_source *source, struct tctl_arena *arena,
    const char **why)
{
	const struct tctl_md *item = source->root;
	size_t tasks = 0, boxes = 0, tagged = 0;

	while ((item = tctl_lists_next(source->root, item)) != NULL) {
		struct tctl_entry entry = { 0 };
		struct tctl_box box;

		tctl_box_read(item, &box);
		boxes += box.mark != 0;
		if (!read_item(item, &box, &entry))
			continue;
		tasks++;
		tagged += entry.is_parallel;
	}
	if (tasks < FEWEST || tasks * 2 < boxes)
		return 0;
	*why = tctl_arena_printf(arena,
	    "%zu boxes with ids such as T001, %zu of them [P]", tasks, tagged);
	return SCORE;
}

/* Without [P] a task of a phase may touch what its neighbours touch: they
 * exclude each other, and wait for nothing that the plan does not name. */
static void
set_mutexes(const struct tctl_lists *lists)
{
	struct tctl_plan *plan = lists->draft->plan;
	bool is_used = false;

	for (size_t i = 0; i < plan->task_count; i++)
		is_used |= lists->entry[i].is_parallel;
	for (size_t i = 0; is_used && i < plan->task_count; i++) {
		size_t sprint = plan->task_sprint[i];

		if (lists->entry[i].is_parallel || plan->task[i].mutex != NULL)
			continue;
		plan->task[i].mutex = sprint == TCTL_NONE
					  ? TCTL_MUTEX_SERIAL
					  : tctl_arena_printf(plan->arena,
						TCTL_MUTEX_SERIAL "-%s",
						plan->sprint[sprint].key);
	}
}

static void
read_tasks(struct tctl_draft *draft)
{
	static const struct tctl_list_way way = {
		.read = read_item,
		.is_strict = true,
		.is_broad = true,
		.is_once = true,
	};
	struct tctl_lists lists = { .draft = draft, .way = &way };

	tctl_lists_read(&lists);
	tctl_lists_finish(&lists);
	set_mutexes(&lists);
	tctl_order_read(draft);
}

const struct tctl_dialect tctl_dialect_speckit = {
	.looks_for = "Spec Kit's boxes \"- [ ] T001 [P] [US1] text\"",
	.most = SCORE,
	.recognise = recognise,
	.read = read_tasks,
};
