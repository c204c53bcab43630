/* goal.c - what a sprint is for, in the plan's words.
 *
 *     ## Sprint 1 : Walls        **Goal**: the house can be lived in
 *     ### Goal
 *     The house can be lived in.
 *
 * Read when all sprints and tasks are known: so it is the same in every dialect
 * of Markdown, and none has to know of it. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "parts.h"

enum { LEVEL_LABEL = 7 /* a paragraph that is a sprint: below all headings */ };

/* Where a sprint begins, and its first task. */
struct span {
	size_t sprint;
	int line, first_task;
};

enum wants {
	WANTS_NONE,
	WANTS_BLOCK,   /* the text is the next block, "**Goal**:" */
	WANTS_SECTION, /* it goes on to the next heading, "### Goal" */
};

struct goals {
	struct tctl_draft *draft;
	struct span *span; /* in the order of lines */
	size_t next;
	const struct span *open; /* the sprint that the walk is in, or NULL */
	int level;		 /* of its heading */
	enum wants wants;
	int until; /* the line before which its text ends */
	char text[TCTL_TITLE_MAX + 1];
	size_t length;
};

/* --- where sprints begin ---------------------------------------------- */

static int
compare_span(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->line > y->line) - (x->line < y->line);
}

static void
find_spans(struct goals *goals)
{
	const struct tctl_draft *draft = goals->draft;
	const struct tctl_plan *plan = draft->plan;

	goals->span = tctl_arena_alloc(
	    plan->arena, (plan->sprint_count + 1) * sizeof(*goals->span));
	for (size_t s = 0; s < plan->sprint_count; s++)
		goals->span[s] =
		    (struct span){ s, draft->sprint_place[s].line, INT_MAX };
	for (size_t i = 0; i < plan->task_count; i++) {
		const struct tctl_task *task = &plan->task[i];
		size_t s = plan->task_sprint[i];

		if (s != TCTL_NONE && !task->is_gate &&
		    task->line > goals->span[s].line &&
		    task->line < goals->span[s].first_task)
			goals->span[s].first_task = task->line;
	}
	if (plan->sprint_count != 0)
		qsort(goals->span, plan->sprint_count, sizeof(*goals->span),
		    compare_span);
}

/* A sprint that begins with this block; NULL: none does. */
static const struct span *
begins(struct goals *goals, const struct tctl_md *node)
{
	size_t count = goals->draft->plan->sprint_count;

	while (goals->next < count &&
	       goals->span[goals->next].line < node->place.line)
		goals->next++;
	return goals->next < count &&
		       goals->span[goals->next].line == node->place.line
		   ? &goals->span[goals->next]
		   : NULL;
}

/* --- its text --------------------------------------------------------- */

static void
add(struct goals *goals, const char *text, size_t length, bool is_item)
{
	size_t room = sizeof(goals->text) - 1 - goals->length;
	const char *between = "";

	tctl_trim(&text, &length);
	if (length == 0)
		return;
	if (goals->length != 0)
		between = is_item && strchr(".,:;!?",
					 goals->text[goals->length - 1]) == NULL
			      ? "; "
			      : " ";
	if (room <= strlen(between))
		return;
	memcpy(goals->text + goals->length, between, strlen(between));
	goals->length += strlen(between);
	room -= strlen(between);
	if (length > room)
		for (length = room; (text[length] & 0xC0) == 0x80; length--)
			;
	memcpy(goals->text + goals->length, text, length);
	goals->length += length;
}

/* The first one that a sprint states is its goal. */
static void
end(struct goals *goals)
{
	struct tctl_plan *plan = goals->draft->plan;

	if (goals->length != 0)
		plan->sprint[goals->open->sprint].goal =
		    tctl_arena_strndup(plan->arena, goals->text, goals->length);
	goals->length = 0;
	goals->wants = WANTS_NONE;
}

/* Another field ends it, and so does any bold label behind a text: false. */
static bool
add_lines(struct goals *goals, const struct tctl_md *block, size_t from)
{
	struct tctl_field field;

	for (size_t i = from; i < block->line_count; i++) {
		const struct tctl_md_line *line = &block->lines[i];
		bool is_item = block->kind == TCTL_MD_ITEM;

		if (!is_item && tctl_field_read(line, &field) &&
		    (goals->length != 0 || field.word != TCTL_WORD_NONE))
			return false;
		add(goals, line->text, line->length, is_item && i == 0);
	}
	return true;
}

/* Does it have lines that a goal may stand in?  A box is work, and no goal. */
static bool
is_text(const struct tctl_md *node)
{
	return node->kind == TCTL_MD_PARAGRAPH ||
	       (node->kind == TCTL_MD_ITEM && node->mark == 0);
}

/* What is in root from node on; false: the goal's text has ended. */
static bool
add_block(
    struct goals *goals, const struct tctl_md *root, const struct tctl_md *node)
{
	for (; node != NULL; node = tctl_md_walk(root, node))
		if (node->place.line >= goals->until ||
		    (is_text(node) && !add_lines(goals, node, 0)))
			return false;
	return true;
}

/* --- where it is stated ----------------------------------------------- */

static bool
is_wanted(const struct goals *goals)
{
	return goals->open != NULL &&
	       goals->draft->plan->sprint[goals->open->sprint].goal == NULL;
}

/* What follows "**Goal**:" in line at of a block of root. */
static void
read_field(struct goals *goals, const struct tctl_md *root,
    const struct tctl_md *node, size_t at, const struct tctl_field *field)
{
	bool goes_on;

	goals->until = goals->open->first_task;
	add(goals, field->value, field->length, false);
	goes_on = add_lines(goals, node, at + 1);
	if (goes_on && goals->length == 0 && node->child != NULL)
		goes_on = add_block(goals, node, node->child);
	if (goes_on && goals->length == 0 && node == root)
		goals->wants = WANTS_BLOCK;
	else
		end(goals);
}

/* "But: mind the roof" is English: French has it bold, or a blank before the
 * colon. */
static bool
is_but(const struct tctl_md_line *line, const struct tctl_field *field)
{
	return (line->run_count == 0 || line->run->from > 0) &&
	       field->name_length == 3 &&
	       strncasecmp(field->name, "but", 3) == 0;
}

/* "**Goal**: text" in a paragraph, or an item, above the first task. */
static void
find_field(struct goals *goals, const struct tctl_md *root)
{
	const struct tctl_md *node = root;
	struct tctl_field field;

	for (; node != NULL; node = tctl_md_walk(root, node)) {
		if (node->place.line >= goals->open->first_task)
			return;
		for (size_t i = 0; is_text(node) && i < node->line_count; i++)
			if (tctl_field_is(
				&node->lines[i], TCTL_WORD_GOAL, &field) &&
			    !is_but(&node->lines[i], &field)) {
				read_field(goals, root, node, i, &field);
				return;
			}
	}
}

/* "### Goal", "### Goal: text": above the first task, or beside its tasks. */
static void
read_heading(struct goals *goals, const struct tctl_md *node)
{
	const struct span *begun = begins(goals, node);
	const struct tctl_md_line *line = tctl_md_first(node);
	const char *text, *stop = line->text + line->length;
	struct tctl_field field = { .length = 0 };
	bool is_above;

	if (begun != NULL ||
	    (goals->open != NULL && node->level <= goals->level)) {
		goals->open = begun;
		goals->level = node->level;
		return;
	}
	if (!is_wanted(goals))
		return;
	is_above = node->place.line < goals->open->first_task;
	text = tctl_skip_marks(line->text, stop);
	if ((!is_above && node->level != goals->level + 1) ||
	    (!tctl_word_is(text, (size_t)(stop - text), TCTL_WORD_GOAL) &&
		!tctl_field_is(line, TCTL_WORD_GOAL, &field)))
		return;
	goals->until = is_above ? goals->open->first_task : INT_MAX;
	add(goals, field.value, field.length, false);
	if (goals->length != 0)
		end(goals);
	else
		goals->wants = WANTS_SECTION;
}

static void
read_block(struct goals *goals, const struct tctl_md *node)
{
	const struct span *begun;

	if (node->kind == TCTL_MD_PARAGRAPH &&
	    (begun = begins(goals, node)) != NULL) {
		if (goals->wants != WANTS_NONE)
			end(goals);
		goals->open = begun;
		goals->level = LEVEL_LABEL;
		return;
	}
	if (goals->wants != WANTS_NONE) {
		if (!add_block(goals, node, node) ||
		    goals->wants == WANTS_BLOCK)
			end(goals);
	} else if (is_wanted(goals)) {
		find_field(goals, node);
	}
}

void
tctl_goals_read(struct tctl_draft *draft)
{
	struct goals goals = { .draft = draft };

	find_spans(&goals);
	for (const struct tctl_md *node = draft->source.root->child; node;
	     node = node->next)
		switch (node->kind) {
		case TCTL_MD_PARAGRAPH:
		case TCTL_MD_LIST:
		case TCTL_MD_QUOTE:
			read_block(&goals, node);
			break;
		case TCTL_MD_HTML: /* a remark */
			break;
		default:
			if (goals.wants != WANTS_NONE)
				end(&goals);
			if (node->kind == TCTL_MD_HEADING)
				read_heading(&goals, node);
			break;
		}
	if (goals.wants != WANTS_NONE)
		end(&goals);
}
