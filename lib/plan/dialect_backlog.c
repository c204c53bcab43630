/* dialect_backlog.c - Backlog.md: a task a file, whose fields are front matter.
 *
 *     ---
 *     id: TASK-7
 *     title: Write the index
 *     status: To Do
 *     dependencies: [TASK-3]
 *     ---
 *     ## Acceptance Criteria
 *     - [ ] #1 The index is written
 *
 * What it depends on stands in other files: that is left to tctl_plan_join. */
#include <string.h>

#include "columns.h"
#include "dialect.h"
#include "fields.h"
#include "front_matter.h"
#include "groups.h"
#include "status.h"

static int
recognise(const struct tctl_source *source, struct tctl_arena *arena,
    const char **why)
{
	struct tctl_matter matter;

	if (source->length < 4 || memcmp(source->text, "---", 3) != 0 ||
	    !tctl_matter_read(source, arena, &matter) ||
	    tctl_matter_find(&matter, "id") == NULL ||
	    tctl_matter_find(&matter, "title") == NULL ||
	    tctl_matter_find(&matter, "status") == NULL)
		return 0;
	*why = "front matter with id, title and status";
	return 120;
}

/* --- fields ----------------------------------------------------------- */

static struct tctl_place
place_of(const struct tctl_matter_row *row)
{
	return tctl_md_place(&row->line, row->at);
}

static void
want(struct tctl_draft *draft, size_t task, const char *id,
    const struct tctl_matter_row *row)
{
	struct tctl_plan *plan = draft->plan;
	struct tctl_place place = place_of(row);

	plan->want = tctl_arena_grow(
	    plan->arena, plan->want, plan->want_count, sizeof(*plan->want));
	plan->want[plan->want_count++] = (struct tctl_want){ .task = task,
		/* "TASK-3 - Its title" */
		.id = tctl_arena_strndup(plan->arena, id, strcspn(id, " \t")),
		.line = place.line,
		.column = place.column };
}

static void
read_needs(
    struct tctl_draft *draft, size_t task, const struct tctl_matter_row *row)
{
	for (size_t i = 0; i < row->list.count; i++)
		want(draft, task, row->list.at[i], row);
	if (!tctl_is_nothing(row->value, strlen(row->value)))
		want(draft, task, row->value, row);
}

static void
read_row(struct tctl_draft *draft, size_t i, const struct tctl_matter_row *row)
{
	struct tctl_task *task = &draft->plan->task[i];
	const char *value = row->list.count != 0 ? row->list.at[0] : row->value;
	struct tctl_duration duration;
	char unit[TCTL_UNIT_MAX];
	int priority;

	switch (tctl_name_read(row->key, strlen(row->key), unit)) {
	case TCTL_WORD_STATUS:
		tctl_status_apply(draft, i, &row->line, row->at, row->length);
		break;
	case TCTL_WORD_AGENT:
		task->planned_agent =
		    tctl_agent_name(draft->plan->arena, value, strlen(value));
		break;
	case TCTL_WORD_NEEDS:
		read_needs(draft, i, row);
		break;
	case TCTL_WORD_PRIORITY:
		priority = tctl_priority_read(value, strlen(value));
		if (priority != 0)
			task->priority = priority;
		break;
	case TCTL_WORD_DURATION:
		if (tctl_estimate_read(
			value, unit, draft->hours_per_day, &duration))
			task->estimate_s = duration.seconds;
		break;
	default:
		break;
	}
}

/* --- boxes -------------------------------------------------------------- */

/* "#1 The index is written". */
static const char *
without_number(const char *text)
{
	size_t n = *text == '#' ? strspn(text + 1, "0123456789") : 0;

	return n == 0 ? text : text + 1 + n + strspn(text + 1 + n, " ");
}

static void
read_box(struct tctl_draft *draft, size_t i, const struct tctl_md *item,
    bool is_criterion)
{
	struct tctl_task *task = &draft->plan->task[i];
	struct tctl_items *list = is_criterion ? &task->criteria : &task->steps;
	bool done = item->mark != ' ';

	tctl_draft_tick(draft,
	    &(struct tctl_tick){ .task = i,
		.of = is_criterion ? TCTL_TICK_CRITERION : TCTL_TICK_STEP,
		.index = list->count,
		.kind = TCTL_TICK_BOX,
		.line = item->place.line,
		.column = item->place.column,
		.length = 1,
		.done = done });
	tctl_items_add(draft->plan->arena, list,
	    without_number(tctl_md_text(item)), done, item->place.line);
}

static void
read_boxes(struct tctl_draft *draft, size_t task)
{
	const struct tctl_md *root = draft->source.root, *node = root;
	bool is_criterion = false;

	while ((node = tctl_md_walk(root, node)) != NULL)
		if (node->kind == TCTL_MD_HEADING)
			is_criterion = tctl_word_field(tctl_md_text(node),
					   tctl_md_first(node)->length) ==
				       TCTL_WORD_CRITERIA;
		else if (node->kind == TCTL_MD_ITEM && node->mark != 0)
			read_box(draft, task, node, is_criterion);
}

static void
put_in_milestone(
    struct tctl_draft *draft, size_t task, const struct tctl_matter *matter)
{
	const struct tctl_matter_row *row =
	    tctl_matter_find(matter, "milestone");
	struct tctl_groups groups = { 0 };

	if (row == NULL || *row->value == '\0')
		return;
	tctl_groups_add(draft, &groups,
	    &(struct tctl_group){
		task, row->value, row->value, place_of(row) });
	tctl_groups_settle(draft, &groups);
}

static void
read_backlog(struct tctl_draft *draft)
{
	struct tctl_plan *plan = draft->plan;
	const struct tctl_matter_row *id, *title;
	struct tctl_matter matter;
	size_t task;

	if (!tctl_matter_read(&draft->source, plan->arena, &matter))
		return;
	id = tctl_matter_find(&matter, "id");
	title = tctl_matter_find(&matter, "title");
	if (id == NULL || title == NULL)
		return;
	plan->is_piece = true;
	plan->title = title->value;
	draft->is_order_stated = true;
	task = tctl_draft_task(
	    draft, id->value, title->value, TCTL_NONE, place_of(id));
	draft->detail[task].title_place = place_of(title);
	for (size_t i = 0; i < matter.count; i++)
		read_row(draft, task, &matter.row[i]);
	read_boxes(draft, task);
	put_in_milestone(draft, task, &matter);
	tctl_draft_index_sprints(draft);
	tctl_draft_index_tasks(draft);
}

const struct tctl_dialect tctl_dialect_backlog = {
	.looks_for = "front matter with id, title and status (Backlog.md)",
	.recognise = recognise,
	.read = read_backlog,
};
