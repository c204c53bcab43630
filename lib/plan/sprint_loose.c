/* sprint_loose.c - lists outside of any task: acceptance boxes, which are steps
 * of the task that they name, decisions, and lines of a timeline. */
#include <string.h>

#include "gate.h"
#include "heading.h"
#include "parts.h"

struct loose {
	struct tctl_draft *draft;
	size_t *own; /* each sprint's task for boxes that name none */
};

/* The task that the text names at its start: "T4.2: ...", "Task 1.1 ...". */
static size_t
named_task(const struct tctl_draft *draft, const char *text, const char **after)
{
	const char *end = text + strlen(text);
	const char *start = tctl_skip_marks(text, end), *at = start;
	size_t n = tctl_word_next(end, &at);

	at = n != 0 && tctl_word_is(at, n, TCTL_WORD_TASK)
		 ? tctl_skip_marks(at + n, end)
		 : start;
	n = at < end ? tctl_id_length(at, end) : 0;
	*after = at + n;
	return n == 0 ? TCTL_NONE : tctl_draft_find(draft, at, n);
}

/* An acceptance box of a phase that names no task of it: a task of its own
 * holds those, so that no box is lost. */
static size_t
own_task(struct loose *loose, const struct tctl_later *list,
    const struct tctl_md *item)
{
	struct tctl_draft *draft = loose->draft;
	struct tctl_arena *arena = draft->plan->arena;
	const struct tctl_sprint *sprint = &draft->plan->sprint[list->sprint];
	const char *section = list->section, *end = section + strlen(section);
	size_t *own = &loose->own[list->sprint];

	if (*own != TCTL_NONE)
		return *own;
	section = tctl_skip_marks(section, end);
	*own = tctl_draft_task(draft,
	    tctl_arena_printf(arena, "%s.%s-%s",
		tctl_slug(arena, section, strlen(section)),
		tctl_slug(arena, draft->sprint_word, draft->sprint_word_length),
		tctl_slug(arena, sprint->key, strlen(sprint->key))),
	    tctl_arena_printf(arena, "%s: %s", section, sprint->title),
	    list->sprint, item->place);
	return *own;
}

static void
read_box(struct loose *loose, const struct tctl_later *list,
    const struct tctl_md *item)
{
	struct tctl_draft *draft = loose->draft;
	const char *text = tctl_md_text(item), *after;
	size_t task = named_task(draft, text, &after);

	if (task == TCTL_NONE && list->sprint != TCTL_NONE &&
	    tctl_gate_in(text, strlen(text))) {
		tctl_gate_note(draft, list->sprint, tctl_md_first(item), item);
		return;
	}
	if (task == TCTL_NONE && list->section != NULL &&
	    list->sprint != TCTL_NONE)
		task = own_task(loose, list, item);
	if (task != TCTL_NONE) {
		tctl_field_item(draft, task, TCTL_TICK_STEP, item);
		return;
	}
	if (draft->loose_boxes++ == 0)
		draft->loose_place = item->place;
}

/* "- T4.2: real questions (1h)": the only place where some plans say how long
 * a task takes; "- **GO/NO-GO decision**". */
static void
read_line(struct loose *loose, const struct tctl_later *list,
    const struct tctl_md *item)
{
	struct tctl_draft *draft = loose->draft;
	const struct tctl_md_line *line = tctl_md_first(item);
	struct tctl_heading heading = { .estimate_s = -1 };
	const char *text = line->text, *after;
	size_t task = named_task(draft, text, &after);

	if (task == TCTL_NONE) {
		if (list->sprint != TCTL_NONE && line->run_count != 0 &&
		    line->run->style == TCTL_MD_STRONG &&
		    tctl_gate_in(text + line->run->from,
			line->run->to - line->run->from))
			tctl_gate_note(draft, list->sprint, line, NULL);
		return;
	}
	if (draft->plan->task[task].estimate_s >= 0)
		return;
	tctl_title_read(draft->plan->arena, after, strlen(after),
	    draft->hours_per_day, &heading);
	if (heading.estimate_s < 0)
		return;
	draft->plan->task[task].estimate_s = heading.estimate_s;
	draft->detail[task].duration_line = line->place.line;
	if (heading.is_range)
		tctl_say(draft, TCTL_WARNING, "range",
		    tctl_md_place(line, heading.estimate_at), 0,
		    "the duration of %s is a range: its low end counts",
		    draft->plan->task[task].id);
}

void
tctl_loose_read(struct tctl_draft *draft)
{
	size_t sprints = draft->plan->sprint_count;
	struct loose loose = { .draft = draft };

	loose.own = tctl_arena_alloc(
	    draft->plan->arena, (sprints + 1) * sizeof(*loose.own));
	for (size_t s = 0; s < sprints; s++)
		loose.own[s] = TCTL_NONE;
	for (size_t i = 0; i < draft->loose_count; i++) {
		const struct tctl_md *list = draft->loose[i].node;
		const struct tctl_md *node = list;

		while ((node = tctl_md_walk(list, node)) != NULL)
			if (node->kind == TCTL_MD_ITEM && node->mark != 0)
				read_box(&loose, &draft->loose[i], node);
			else if (node->kind == TCTL_MD_ITEM)
				read_line(&loose, &draft->loose[i], node);
	}
}

static bool
has_open_step(const struct tctl_task *task)
{
	for (size_t i = 0; i < task->steps.count; i++)
		if (!task->steps.at[i].done)
			return true;
	for (size_t i = 0; i < task->criteria.count; i++)
		if (!task->criteria.at[i].done)
			return true;
	return false;
}

void
tctl_tick_check(struct tctl_draft *draft, size_t i)
{
	const struct tctl_task *task = &draft->plan->task[i];
	const struct tctl_detail *detail = &draft->detail[i];

	if (detail->tick.line == 0 || task->ticked)
		return;
	tctl_say(draft, TCTL_WARNING, "tick", detail->tick, 0,
	    "the tick mark in the heading of %s %s: it does not mark the task "
	    "as done; write \"✅ done\" after the title, or untick",
	    task->id,
	    has_open_step(task) ? "stands above open boxes"
				: "has no done word beside it");
}
