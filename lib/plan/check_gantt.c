/* check_gantt.c - what the Gantt block and the text say differently. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { COMPARE_MAX = 200 };

/* Tasks of which the same is to be said: "2.1, 2.3 after 1.3; 3.2 after 2.2".
 */
struct groups {
	const char *between;	  /* "after" */
	struct tctl_names tasks;  /* of the group that is open */
	struct tctl_names others; /* what all of them come after */
	char text[800];		  /* the groups that are closed */
	bool is_full;
	struct tctl_place place; /* of the first task */
	int other_line;
};

/* The comparison of one block. */
struct compare {
	struct tctl_draft *draft;
	const struct tctl_gantt *gantt;
	size_t *item_of; /* each task's item, or TCTL_NONE */
	size_t *edge_at; /* the plan's edges into task t: edge_at[t] .. */
	struct tctl_reach *by_text, *by_block;
	struct groups extra, overlap;
	bool spent;
};

static void
close_group(struct groups *groups)
{
	size_t n = strlen(groups->text);

	if (n + strlen(groups->tasks.text) + strlen(groups->others.text) <
	    sizeof(groups->text) - 20)
		snprintf(groups->text + n, sizeof(groups->text) - n,
		    "%s%s %s %s", n == 0 ? "" : "; ", groups->tasks.text,
		    groups->between, groups->others.text);
	else if (!groups->is_full)
		groups->is_full = snprintf(groups->text + n,
				      sizeof(groups->text) - n, "; ...") > 0;
	memset(&groups->tasks, 0, sizeof(groups->tasks));
}

static void
add_to_groups(struct groups *groups, const char *id,
    const struct tctl_names *others, struct tctl_place place, int other_line)
{
	if (groups->tasks.count == 0 && groups->text[0] == '\0') {
		groups->place = place;
		groups->other_line = other_line;
	} else if (strcmp(groups->others.text, others->text) != 0) {
		close_group(groups);
	}
	groups->others = *others;
	tctl_names_add(&groups->tasks, id);
}

static void
say_groups(struct compare *c, struct groups *groups, const char *code,
    const char *what)
{
	if (groups->tasks.count == 0)
		return;
	close_group(groups);
	tctl_say(c->draft, TCTL_WARNING, code, groups->place,
	    groups->other_line, "%s: %s", what, groups->text);
}

static const struct tctl_task *
task_at(const struct compare *c, size_t task)
{
	return &c->draft->plan->task[task];
}

static void
check_item(struct compare *c, const struct tctl_gantt_item *item)
{
	const struct tctl_task *task = task_at(c, item->task);

	if (!item->is_milestone && item->duration_s >= 0 &&
	    task->estimate_s >= 0 && item->duration_s != task->estimate_s)
		tctl_say(c->draft, TCTL_WARNING, "gantt_duration",
		    item->end_place, c->draft->detail[item->task].duration_line,
		    "the Gantt block draws %s %s long, its text says %s",
		    task->id, tctl_say_s(c->draft, item->duration_s),
		    tctl_say_s(c->draft, task->estimate_s));
	if (item->is_done && !task->ticked)
		tctl_say(c->draft, TCTL_WARNING, "gantt_done", item->place,
		    task->line,
		    "the Gantt block draws %s as done, its text does not say "
		    "so",
		    task->id);
}

/* Does the block let `before` end before the item begins?  By its arrows, or,
 * where it is drawn by dates, by those. */
static bool
is_drawn_before(
    struct compare *c, size_t before, const struct tctl_gantt_item *item)
{
	size_t other = c->item_of[before];

	if (other == TCTL_NONE || tctl_reach_is(c->by_block, before))
		return true;
	return item->after.count == 0 &&
	       c->gantt->item[other].end_s <= item->start_s;
}

/* Dependencies of the text that the block does not draw. */
static void
check_missing(struct compare *c, const struct tctl_gantt_item *item)
{
	const struct tctl_plan *plan = c->draft->plan;
	struct tctl_names names = { .count = 0 };
	const unsigned text = TCTL_EDGE_FIELD | TCTL_EDGE_TABLE;

	for (size_t e = c->edge_at[item->task]; e < c->edge_at[item->task + 1];
	     e++)
		if ((plan->edge_source[e] & text) &&
		    !is_drawn_before(c, plan->edge[e].before, item))
			tctl_names_add(
			    &names, plan->task[plan->edge[e].before].id);
	if (names.count != 0)
		tctl_say(c->draft, TCTL_WARNING, "gantt_missing",
		    item->start_place, task_at(c, item->task)->line,
		    "by the text %s waits for %s too, and the Gantt block "
		    "does not draw that",
		    task_at(c, item->task)->id, names.text);
}

/* Arrows of the block that the text knows nothing of. */
static void
check_extra(struct compare *c, const struct tctl_gantt_item *item)
{
	const struct tctl_plan *plan = c->draft->plan;
	struct tctl_names names = { .count = 0 };

	for (size_t e = c->edge_at[item->task]; e < c->edge_at[item->task + 1];
	     e++)
		if (plan->edge_source[e] == TCTL_EDGE_DIAGRAM &&
		    !tctl_reach_is(c->by_text, plan->edge[e].before))
			tctl_names_add(
			    &names, plan->task[plan->edge[e].before].id);
	if (names.count != 0)
		add_to_groups(&c->extra, task_at(c, item->task)->id, &names,
		    item->start_place, task_at(c, item->task)->line);
}

/*
 * The block lets a task follow some task of an earlier sprint, and so begin
 * while others of that sprint still run.
 */
static void
check_overlap(
    struct compare *c, const struct tctl_gantt_item *item, size_t earlier)
{
	const struct tctl_draft *draft = c->draft;
	size_t from = draft->sprint_at[earlier];
	size_t to = draft->sprint_at[earlier + 1];
	struct tctl_names names = { .count = 0 };
	int line = 0;

	for (size_t i = from; i < to && to - from <= COMPARE_MAX; i++) {
		size_t other = c->item_of[draft->member[i]];

		if (other == TCTL_NONE ||
		    c->gantt->item[other].end_s <= item->start_s)
			continue;
		tctl_names_add(&names, task_at(c, draft->member[i])->id);
		line = line == 0 ? c->gantt->item[other].place.line : line;
	}
	if (names.count != 0)
		add_to_groups(&c->overlap, task_at(c, item->task)->id, &names,
		    item->start_place, line);
}

static void
check_sprint_order(struct compare *c, const struct tctl_gantt_item *item)
{
	const size_t *sprint = c->draft->plan->task_sprint;
	size_t own = sprint[item->task], latest = TCTL_NONE;

	for (size_t k = 0; k < item->before_count; k++) {
		size_t task = c->gantt->item[item->before[k]].task;

		if (task == TCTL_NONE || sprint[task] == TCTL_NONE ||
		    own == TCTL_NONE || sprint[task] >= own)
			continue;
		if (latest == TCTL_NONE || sprint[task] > latest)
			latest = sprint[task];
	}
	if (latest != TCTL_NONE)
		check_overlap(c, item, latest);
}

/* `after` an id that is not there: Mermaid silently starts such a bar today. */
static void
check_after(struct compare *c, const struct tctl_gantt_item *item)
{
	if (item->before_count < item->after.count)
		tctl_say(c->draft, TCTL_WARNING, "gantt_unknown",
		    item->start_place, 0,
		    "\"%.80s\" is drawn after an id that the Gantt block does "
		    "not have: Mermaid starts it today",
		    item->title);
	if (item->task == TCTL_NONE && !item->is_milestone && !item->is_done)
		tctl_say(c->draft, TCTL_NOTE, "gantt_unmatched", item->place, 0,
		    "\"%.80s\" in the Gantt block is no task of the plan",
		    item->title);
}

/* Tasks that a block leaves out, unless it draws something else altogether. */
static void
check_coverage(struct compare *c, size_t drawn)
{
	const struct tctl_plan *plan = c->draft->plan;
	struct tctl_names names = { .count = 0 };
	int line = 0;

	for (size_t i = 0; i < plan->task_count; i++)
		if (c->item_of[i] == TCTL_NONE && !plan->task[i].ticked) {
			tctl_names_add(&names, plan->task[i].id);
			line = line == 0 ? plan->task[i].line : line;
		}
	if (names.count != 0 && drawn > names.count)
		tctl_say(c->draft, TCTL_WARNING, "gantt_leaves_out",
		    c->gantt->place, line, "the Gantt block leaves out %s",
		    names.text);
}

static void
prepare(struct compare *c)
{
	const struct tctl_plan *plan = c->draft->plan;
	size_t n = plan->task_count;

	c->item_of =
	    tctl_arena_alloc(plan->arena, (n + 1) * sizeof(*c->item_of));
	c->edge_at =
	    tctl_arena_alloc(plan->arena, (n + 2) * sizeof(*c->edge_at));
	for (size_t i = 0; i < n; i++)
		c->item_of[i] = TCTL_NONE;
	for (size_t i = 0; i < c->gantt->item_count; i++)
		if (c->gantt->item[i].task != TCTL_NONE)
			c->item_of[c->gantt->item[i].task] = i;
	/* Edges are sorted by what comes after. */
	for (size_t e = 0; e < plan->edge_count; e++)
		c->edge_at[plan->edge[e].after + 1]++;
	for (size_t i = 0; i < n; i++)
		c->edge_at[i + 1] += c->edge_at[i];
	c->by_text =
	    tctl_reach_new(plan->arena, n, plan->edge, plan->edge_source,
		plan->edge_count, TCTL_EDGE_FIELD | TCTL_EDGE_TABLE);
	c->by_block = tctl_reach_new(plan->arena, n, plan->edge,
	    plan->edge_source, plan->edge_count, TCTL_EDGE_DIAGRAM);
}

void
tctl_check_gantt(struct tctl_draft *draft, const struct tctl_gantt *gantt)
{
	struct compare c = { .draft = draft,
		.gantt = gantt,
		.extra.between = "after",
		.overlap.between = "before" };
	size_t drawn = 0;

	prepare(&c);
	for (size_t i = 0; i < gantt->item_count; i++)
		drawn += gantt->item[i].task != TCTL_NONE;
	if (drawn == 0)
		return;
	for (size_t i = 0; i < gantt->item_count && !c.spent; i++) {
		const struct tctl_gantt_item *item = &gantt->item[i];

		check_after(&c, item);
		if (item->task == TCTL_NONE)
			continue;
		check_item(&c, item);
		check_sprint_order(&c, item);
		c.spent = !tctl_reach_from(c.by_text, item->task) ||
			  !tctl_reach_from(c.by_block, item->task);
		if (c.spent)
			break;
		check_missing(&c, item);
		check_extra(&c, item);
	}
	if (c.spent)
		tctl_say(draft, TCTL_NOTE, "unchecked", gantt->place, 0,
		    "the Gantt block is too large: not all was compared");
	say_groups(&c, &c.extra, "gantt_extra",
	    "only the Gantt block orders these, the text leaves them free");
	say_groups(&c, &c.overlap, "gantt_overlap",
	    "the Gantt block starts tasks of a later sprint before others "
	    "have ended");
	check_coverage(&c, drawn);
}
