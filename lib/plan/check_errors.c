/* check_errors.c - what stops a plan from being loaded. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "taskctl/graph.h"

enum { CYCLE_SHOWN = 200 }; /* tasks of a cycle that a message names */

static void
check_names(struct tctl_draft *draft)
{
	const struct tctl_plan *plan = draft->plan;
	char normal[TCTL_ID_MAX];

	for (size_t i = 0; i < plan->task_count; i++) {
		const struct tctl_task *task = &plan->task[i];
		const struct tctl_detail *detail = &draft->detail[i];
		size_t length = strlen(task->title);

		if (!tctl_id_normalise(task->id, normal))
			tctl_say(draft, TCTL_ERROR, "bad_id", detail->place, 0,
			    "\"%.40s...\" is no task id: it is longer than "
			    "%d bytes",
			    task->id, TCTL_ID_MAX - 1);
		if (!tctl_text_is_visible(task->title))
			tctl_say(draft, TCTL_ERROR, "bad_title",
			    detail->title_place, 0, "task %.100s has no title",
			    task->id);
		else if (length > TCTL_TITLE_MAX)
			tctl_say(draft, TCTL_ERROR, "bad_title",
			    detail->title_place, 0,
			    "the title of %.100s has %zu bytes, and %d "
			    "are the most",
			    task->id, length, TCTL_TITLE_MAX);
		else if (tctl_text_has_control(task->title))
			tctl_say(draft, TCTL_ERROR, "bad_title",
			    detail->title_place, 0,
			    "the title of %.100s holds a control character",
			    task->id);
	}
}

static void
check_duplicates(struct tctl_draft *draft)
{
	const struct tctl_index *index = &draft->tasks;
	const struct tctl_plan *plan = draft->plan;

	for (size_t i = 1, first = 0; i < index->count; i++) {
		const struct tctl_task *one, *other;

		if (strcmp(index->row[i].key, index->row[first].key) != 0) {
			first = i;
			continue;
		}
		one = &plan->task[index->row[first].value];
		other = &plan->task[index->row[i].value];
		tctl_say(draft, TCTL_ERROR, "duplicate_id",
		    draft->detail[index->row[i].value].place, one->line,
		    "%s is here again: line %d has %s already", other->id,
		    one->line, one->id);
	}
}

/* "1.2 (line 5) -> 1.3 (line 9) -> 1.2". */
static void
say_cycle(struct tctl_draft *draft, const size_t cycle[], size_t length)
{
	const struct tctl_task *task = draft->plan->task;
	size_t shown = length < CYCLE_SHOWN ? length : CYCLE_SHOWN;
	char text[CYCLE_SHOWN * 80];
	size_t n = 0;

	for (size_t i = 0; i < shown; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "%s%.40s (line %d)", i == 0 ? "" : " -> ",
		    task[cycle[i]].id, task[cycle[i]].line);
	tctl_say(draft, TCTL_ERROR, "cycle", draft->detail[cycle[0]].place,
	    length > 1 ? task[cycle[1]].line : 0,
	    "these tasks wait for each other: %s%s -> %.40s", text,
	    shown < length ? " -> ..." : "", task[cycle[0]].id);
}

static void
check_cycle(struct tctl_draft *draft)
{
	const struct tctl_plan *plan = draft->plan;
	size_t *cycle =
	    tctl_grow(NULL, 0, (plan->task_count + 1) * sizeof(*cycle));
	struct tctl_graph graph;
	size_t length;

	tctl_graph_init(&graph, plan->task_count, plan->edge, plan->edge_count);
	length = tctl_graph_cycle(&graph, cycle);
	if (length != 0)
		say_cycle(draft, cycle, length);
	tctl_graph_release(&graph);
	free(cycle);
}

void
tctl_check_errors(struct tctl_draft *draft)
{
	check_names(draft);
	check_duplicates(draft);
	check_cycle(draft);
}
