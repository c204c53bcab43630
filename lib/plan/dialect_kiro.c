/* dialect_kiro.c - Kiro's tasks.md:
 *
 *     - [x] 1. Set up the store
 *       - [x] 1.1 Create the tables
 *         - a detail
 *         - _Requirements: 1.2_
 *       - [ ]* 1.2 Write property tests
 *
 * A task with parts is a task, too, and waits for them: otherwise one agent
 * could take 1 while others are at work on 1.1 and 1.2.  Optional parts it does
 * not wait for; they go into a sprint of their own at the end, so that nothing
 * else does.  Top-level tasks build on each other, as Kiro writes them: each is
 * a sprint, unless headings part the list into sprints. */
#include <stdio.h>
#include <string.h>

#include "dialect.h"
#include "fields.h"
#include "lists.h"

enum { SCORE_SURE = 82, SCORE = 45, FEWEST = 2, DIGITS_MAX = 4 };

/* "1. ", "1.2 ", "1.2.3. ". */
static bool
read_number(const struct tctl_box *box, struct tctl_entry *out)
{
	const char *at = box->text, *end = at + box->length;

	out->id = at;
	for (;;) {
		const char *digits = at;

		while (at < end && *at >= '0' && *at <= '9')
			at++;
		if (at == digits || at - digits > DIGITS_MAX)
			return false;
		out->id_length = (size_t)(at - out->id);
		if (at < end && *at == '.')
			at++;
		if (at == end)
			return false;
		if (*at == ' ' || *at == '\t')
			break;
	}
	out->title = at;
	out->length = (size_t)(end - at);
	tctl_trim(&out->title, &out->length);
	/* "2 of the tests" is no number of a task. */
	return out->length != 0 && memchr(out->id, '.', (size_t)(at - out->id));
}

static bool
read_item(const struct tctl_md *item, const struct tctl_box *box,
    struct tctl_entry *out)
{
	struct tctl_entry entry = { 0 };

	(void)item;
	if (box->mark == 0 || !read_number(box, &entry))
		return false;
	*out = entry;
	return true;
}

static bool
is_requirement(const struct tctl_box *box)
{
	const char *word = box->text;
	size_t n = tctl_word_next(box->text + box->length, &word);

	return n != 0 && tctl_word_is(word, n, TCTL_WORD_REQUIREMENT);
}

/* "_Requirements: 1.2_" names lines of requirements.md: no tasks. */
static bool
read_below(struct tctl_lists *lists, size_t task, const struct tctl_box *box)
{
	struct tctl_plan *plan = lists->draft->plan;

	if (box->mark != 0 || !is_requirement(box))
		return false;
	tctl_items_add(plan->arena, &plan->task[task].criteria,
	    tctl_arena_strndup(plan->arena, box->text, box->length), false,
	    box->place.line);
	return true;
}

static int
recognise(const struct tctl_source *source, struct tctl_arena *arena,
    const char **why)
{
	const struct tctl_md *item = source->root;
	size_t tasks = 0, boxes = 0, requirements = 0;

	while ((item = tctl_lists_next(source->root, item)) != NULL) {
		struct tctl_entry entry = { 0 };
		struct tctl_box box;

		tctl_box_read(item, &box);
		boxes += box.mark != 0;
		tasks += read_item(item, &box, &entry);
		requirements += box.mark == 0 && is_requirement(&box);
	}
	if (tasks < FEWEST || tasks * 3 < boxes * 2)
		return 0;
	*why = tctl_arena_printf(arena,
	    "%zu numbered boxes (1., 1.1), %zu lines of requirements", tasks,
	    requirements);
	return requirements != 0 ? SCORE_SURE : SCORE;
}

/* --- sprints ---------------------------------------------------------- */

/* The headings do not part the list. */
static bool
has_no_sections(const struct tctl_lists *lists)
{
	const struct tctl_md *root = lists->draft->source.root, *item = root;
	const struct tctl_md *under = NULL, *first = NULL;
	size_t parts = 0;

	for (const struct tctl_md *node = root->child; node;
	     node = node->next) {
		if (node->kind == TCTL_MD_HEADING)
			under = node;
		if (node->kind != TCTL_MD_LIST)
			continue;
		for (item = node->child; item != NULL; item = item->next) {
			struct tctl_entry entry = { 0 };
			struct tctl_box box;

			tctl_box_read(item, &box);
			if (read_item(item, &box, &entry))
				break;
		}
		if (item == NULL || (parts != 0 && under == first))
			continue;
		parts++;
		first = under;
	}
	return parts < 2;
}

/* Parts need not be indented: 1.1 is one of 1 wherever it stands. */
static void
add_parts(struct tctl_lists *lists)
{
	struct tctl_plan *plan = lists->draft->plan;

	for (size_t i = 0; i < plan->task_count; i++) {
		const struct tctl_entry *entry = &lists->entry[i];
		char whole[TCTL_ID_MAX], *dot;
		size_t parent;

		snprintf(whole, sizeof(whole), "%.*s", (int)entry->id_length,
		    entry->id);
		dot = strrchr(whole, '.');
		if (dot == NULL)
			continue;
		*dot = '\0';
		parent = tctl_ids_find(&lists->ids, whole);
		if (parent != TCTL_NONE && parent != i &&
		    (!entry->is_optional || lists->entry[parent].is_optional))
			tctl_draft_edge(
			    lists->draft, i, parent, TCTL_EDGE_PART);
	}
}

/* Each top-level task, with its parts, is a sprint. */
static void
make_sprints(struct tctl_lists *lists)
{
	struct tctl_draft *draft = lists->draft;
	struct tctl_plan *plan = draft->plan;
	struct tctl_ids keys = { 0 };

	for (size_t i = 0; i < plan->task_count; i++) {
		const struct tctl_entry *entry = &lists->entry[i];
		const char *dot = memchr(entry->id, '.', entry->id_length);
		char *key = tctl_arena_strndup(plan->arena, entry->id,
		    dot != NULL ? (size_t)(dot - entry->id) : entry->id_length);
		size_t sprint = tctl_ids_find(&keys, key);

		if (entry->is_optional)
			continue;
		if (sprint == TCTL_NONE) {
			sprint = tctl_draft_sprint(draft, key,
			    plan->task[i].title, draft->detail[i].place);
			draft->sprint_order[sprint] = TCTL_ORDER_STRICT;
			tctl_ids_take(plan->arena, &keys, key, sprint);
		}
		plan->task_sprint[i] = sprint;
	}
}

static void
set_optional(struct tctl_lists *lists)
{
	struct tctl_plan *plan = lists->draft->plan;
	size_t sprint = TCTL_NONE;

	for (size_t i = 0; i < plan->task_count; i++) {
		if (!lists->entry[i].is_optional)
			continue;
		if (sprint == TCTL_NONE)
			sprint = tctl_draft_sprint(lists->draft, "optional",
			    "Optional", lists->draft->detail[i].place);
		plan->task_sprint[i] = sprint;
	}
}

static void
read_tasks(struct tctl_draft *draft)
{
	struct tctl_list_way way = {
		.read = read_item,
		.below = read_below,
		.is_strict = true,
	};
	struct tctl_lists lists = { .draft = draft, .way = &way };

	way.has_no_sections = has_no_sections(&lists);
	tctl_lists_read(&lists);
	if (way.has_no_sections)
		make_sprints(&lists);
	set_optional(&lists);
	add_parts(&lists);
	tctl_lists_finish(&lists);
}

const struct tctl_dialect tctl_dialect_kiro = {
	.looks_for = "Kiro's boxes \"- [ ] 1. text\", \"- [ ] 1.1 text\"",
	.most = SCORE_SURE,
	.recognise = recognise,
	.read = read_tasks,
};
