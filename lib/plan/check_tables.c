/* check_tables.c - tables and headings against the fields of tasks. */
#include <stdlib.h>
#include <string.h>

#include "check.h"

static void
check_table(struct tctl_draft *draft, size_t i)
{
	const struct tctl_task *task = &draft->plan->task[i];
	const struct tctl_detail *detail = &draft->detail[i];

	if (detail->table_s >= 0 && detail->table_s != task->estimate_s)
		tctl_say(draft, TCTL_WARNING, "table_mismatch",
		    detail->table_s_place, detail->duration_line,
		    "the table gives %s %s, its field %s", task->id,
		    tctl_say_s(draft, detail->table_s),
		    tctl_say_s(draft, task->estimate_s));
	if (detail->table_agent != NULL &&
	    !tctl_agent_is(detail->table_agent, task->planned_agent))
		tctl_say(draft, TCTL_WARNING, "table_mismatch",
		    detail->table_agent_place, detail->agent_line,
		    "the table gives %s to %s, its field to %s", task->id,
		    detail->table_agent, task->planned_agent);
}

/* Only where headings are marked at all. */
static void
check_priority(struct tctl_draft *draft, size_t i)
{
	const struct tctl_task *task = &draft->plan->task[i];
	const struct tctl_detail *detail = &draft->detail[i];
	bool high = detail->heading_priority == TCTL_PRIORITY_HIGH;

	if (detail->table_priority == 0 ||
	    high == (detail->table_priority == TCTL_PRIORITY_HIGH))
		return;
	tctl_say(draft, TCTL_WARNING, "priority", detail->place,
	    detail->table_line,
	    high ? "the heading of %s says priority, the table gives it %d"
		 : "the heading of %s does not say priority, the table gives "
		   "it %d",
	    task->id, detail->table_priority);
}

static void
check_group(struct tctl_draft *draft, size_t i)
{
	const struct tctl_task *task = &draft->plan->task[i];
	const struct tctl_detail *detail = &draft->detail[i];
	size_t length;

	if (detail->group == NULL || detail->serial.line == 0)
		return;
	length = strlen(detail->group);
	if (tctl_word_in(detail->group, length, TCTL_WORD_PARALLEL) &&
	    !tctl_word_in(detail->group, length, TCTL_WORD_NOT))
		tctl_say(draft, TCTL_WARNING, "group_mismatch", detail->serial,
		    detail->group_line,
		    "%s stands under \"%.80s\", and is not parallelisable",
		    task->id, detail->group);
}

void
tctl_check_tables(struct tctl_draft *draft)
{
	bool marks_headings = false;

	for (size_t i = 0; i < draft->plan->task_count; i++)
		marks_headings |= draft->detail[i].heading_priority != 0;
	for (size_t i = 0; i < draft->plan->task_count; i++) {
		check_table(draft, i);
		check_group(draft, i);
		if (marks_headings)
			check_priority(draft, i);
	}
}

/* --- files ------------------------------------------------------------ */

static bool
is_ordered(struct tctl_reach *reach, size_t one, size_t other, bool *spent)
{
	*spent = !tctl_reach_from(reach, other);
	if (*spent || tctl_reach_is(reach, one))
		return true;
	*spent = !tctl_reach_from(reach, one);
	return *spent || tctl_reach_is(reach, other);
}

static bool
is_exclusive(const struct tctl_task *one, const struct tctl_task *other)
{
	return one->mutex != NULL && other->mutex != NULL &&
	       !strcmp(one->mutex, other->mutex);
}

void
tctl_check_files(struct tctl_draft *draft)
{
	const struct tctl_plan *plan = draft->plan;
	struct tctl_index index = { 0 };
	struct tctl_reach *reach;
	struct tctl_edge *edge;
	size_t edges = tctl_plan_edges(plan, &edge);
	bool spent = false;

	for (size_t i = 0; i < plan->task_count; i++)
		for (size_t k = 0; k < plan->task[i].files.count; k++)
			tctl_index_add(
			    plan->arena, &index, plan->task[i].files.at[k], i);
	tctl_index_build(&index);
	reach = tctl_reach_new(plan->arena,
	    plan->task_count + plan->sprint_count, edge, NULL, edges, 0);
	free(edge);
	for (size_t i = 1; i < index.count && !spent; i++) {
		const struct tctl_index_row *row = &index.row[i];
		const struct tctl_task *one = &plan->task[row[-1].value];
		const struct tctl_task *other = &plan->task[row->value];

		if (one == other || strcmp(row[-1].key, row->key) != 0 ||
		    one->ticked || other->ticked || is_exclusive(one, other) ||
		    is_ordered(reach, row[-1].value, row->value, &spent))
			continue;
		tctl_say(draft, TCTL_WARNING, "same_file",
		    draft->detail[row->value].place, one->line,
		    "%s and %s write the same file, %.200s, and neither waits "
		    "for the other",
		    one->id, other->id, row->key);
	}
	if (spent)
		tctl_say(draft, TCTL_NOTE, "unchecked",
		    (struct tctl_place){ 0 }, 0,
		    "too many tasks share files: not all were compared");
}
