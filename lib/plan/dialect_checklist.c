/* dialect_checklist.c - the deployment checklist: phases, numbered steps and
 * sections, and below them boxes and commands.
 *
 *     ## Phase 2: Configuration (D-1)     a sprint
 *     ### 2.1 Environment                 a task; 2.2 follows it
 *     - [ ] keys are new                  a step of it
 *     ## Deployment                       a sprint too
 *     ### Step 1: Backup                  a task, also without boxes
 *     ### Monitoring                      a task only where it has boxes */
#include <string.h>
#include <strings.h>

#include "checklist.h"
#include "dialect.h"
#include "heading.h"
#include "parts.h"

enum {
	SCORE_TITLE = 80,
	SCORE_STAGES = 60,
};

/* --- recognising ------------------------------------------------------ */

static int
recognise(const struct tctl_source *source, struct tctl_arena *arena,
    const char **why)
{
	size_t steps = 0, sections = 0, phases = 0, stages = 0;
	bool is_titled = false, seen = false;

	for (const struct tctl_md *node = source->root->child; node;
	     node = node->next) {
		const char *text = tctl_md_text(node);
		struct tctl_outline outline;

		if (node->kind != TCTL_MD_HEADING)
			continue;
		tctl_outline_read(arena, node, 8, &outline);
		if (!seen && node->level == 1)
			is_titled =
			    tctl_word_in(text, strlen(text), TCTL_WORD_DEPLOY);
		seen = true;
		steps += outline.kind == TCTL_OUTLINE_STEP;
		phases += outline.kind == TCTL_OUTLINE_PHASE;
		stages += outline.kind == TCTL_OUTLINE_STAGE;
		sections += node->level > 1 &&
			    (tctl_outline_has_boxes(node) ||
				(outline.kind == TCTL_OUTLINE_NUMBER &&
				    phases + stages != 0));
	}
	if (steps + sections < 2 || (!is_titled && stages < 2))
		return 0;
	*why = tctl_arena_printf(arena,
	    "%s, %zu phase%s, %zu numbered step%s, %zu section%s of tasks",
	    is_titled ? "a deployment in its title" : "stages of a deployment",
	    phases + stages, phases + stages == 1 ? "" : "s", steps,
	    steps == 1 ? "" : "s", sections, sections == 1 ? "" : "s");
	return is_titled ? SCORE_TITLE : SCORE_STAGES;
}

/* --- headings --------------------------------------------------------- */

static void
enter_sprint(struct tctl_checklist *r, const struct tctl_md *node,
    const struct tctl_outline *outline)
{
	struct tctl_draft *draft = r->draft;
	struct tctl_arena *arena = draft->plan->arena;
	bool is_first = draft->sprint_word == NULL;
	const char *key;

	if (outline->kind == TCTL_OUTLINE_STAGE) {
		key = tctl_checklist_slug(r, node);
	} else {
		if (is_first) {
			draft->sprint_word = outline->word;
			draft->sprint_word_length = outline->word_length;
		}
		key =
		    tctl_arena_strndup(arena, outline->id, outline->id_length);
		if (!tctl_draft_is_sprint_word(
			draft, outline->word, outline->word_length))
			key = tctl_arena_printf(arena, "%.*s %s",
			    (int)outline->word_length, outline->word, key);
	}
	r->sprint =
	    tctl_draft_sprint(draft, key, outline->heading.title, node->place);
	r->last_sprint = r->sprint;
	r->sprint_level = node->level;
	draft->plan->sprint[r->sprint].complete = outline->heading.is_done;
}

static void
enter_task(struct tctl_checklist *r, const struct tctl_md *node,
    const struct tctl_outline *outline)
{
	struct tctl_draft *draft = r->draft;
	const struct tctl_heading *heading = &outline->heading;
	struct tctl_checklist_names names;
	const char *id = tctl_checklist_id(r, node, outline, &names);
	struct tctl_detail *detail;
	struct tctl_task *task;

	r->names = tctl_arena_grow(draft->plan->arena, r->names,
	    draft->plan->task_count, sizeof(*r->names));
	r->task = tctl_draft_task(draft, id,
	    *heading->title == '\0' ? tctl_md_text(node) : heading->title,
	    r->sprint, node->place);
	r->names[r->task] = names;
	r->task_level = node->level;
	r->takes_all = outline->kind == TCTL_OUTLINE_STEP ||
		       outline->kind == TCTL_OUTLINE_NUMBER;
	task = &draft->plan->task[r->task];
	detail = &draft->detail[r->task];
	detail->title_place = node->place;
	task->estimate_s = heading->estimate_s;
	task->ticked = heading->is_done;
	if (heading->estimate_s >= 0)
		detail->duration_line = task->line;
	if (heading->tick != NULL)
		detail->tick = tctl_md_place(node->lines, heading->tick);
}

/* Steps follow each other, and so do the numbered sections of a phase. */
static void
follow(struct tctl_checklist *r, const struct tctl_md *node,
    const struct tctl_outline *outline)
{
	const struct tctl_md *above = tctl_checklist_above(r, node->level);
	bool is_row =
	    outline->kind == TCTL_OUTLINE_STEP ||
	    (outline->kind == TCTL_OUTLINE_NUMBER && r->sprint != TCTL_NONE);

	if (!is_row)
		return;
	if (r->row_last != TCTL_NONE && r->row == above)
		r->draft->plan->follows[r->task] = r->row_last;
	r->row = above;
	r->row_last = r->task;
}

/* A section with boxes is a task; a numbered one of a phase always. */
static bool
is_task(const struct tctl_checklist *r, const struct tctl_md *node,
    const struct tctl_outline *outline)
{
	if (outline->kind == TCTL_OUTLINE_STEP)
		return true;
	if (outline->kind == TCTL_OUTLINE_NUMBER)
		return r->sprint != TCTL_NONE ||
		       tctl_outline_has_boxes_below(node);
	return tctl_outline_has_boxes(node);
}

static void
close_headings(struct tctl_checklist *r, const struct tctl_md *node)
{
	for (int level = node->level; level < TCTL_HEADING_LEVELS; level++)
		r->path[level] = NULL;
	r->path[node->level] = node;
	r->in_gate = false;
	r->go = TCTL_GO_NONE;
	if (r->sprint != TCTL_NONE && node->level <= r->sprint_level)
		r->sprint = TCTL_NONE;
}

static void
read_heading(struct tctl_checklist *r, const struct tctl_md *node)
{
	bool is_inside =
	    r->task != TCTL_NONE && node->level > r->task_level && r->takes_all;
	struct tctl_outline outline;

	tctl_checklist_outline(r, node, &outline);
	close_headings(r, node);
	if (is_inside && outline.kind != TCTL_OUTLINE_STEP &&
	    outline.kind != TCTL_OUTLINE_PHASE)
		return;
	r->task = TCTL_NONE;
	if (outline.kind == TCTL_OUTLINE_PHASE ||
	    (outline.kind == TCTL_OUTLINE_STAGE && node->level > 1))
		enter_sprint(r, node, &outline);
	if (outline.kind == TCTL_OUTLINE_OTHER &&
	    tctl_gate_is(outline.heading.title)) {
		r->in_gate = true;
		tctl_gate_note(
		    r->draft, r->last_sprint, tctl_md_first(node), NULL);
		return;
	}
	if (!is_task(r, node, &outline))
		return;
	enter_task(r, node, &outline);
	follow(r, node, &outline);
}

/* --- what stands below them ------------------------------------------- */

static void
read_paragraph(struct tctl_checklist *r, const struct tctl_md *node)
{
	for (size_t i = 0; i < node->line_count; i++) {
		const struct tctl_md_line *line = &node->lines[i];
		struct tctl_field field;
		bool is_field = tctl_field_read(line, &field);

		r->go = tctl_gate_line(r->go, line, is_field ? &field : NULL);
		if (!is_field)
			continue;
		if (r->task != TCTL_NONE)
			tctl_field_apply(r->draft, r->task, &field);
		else
			tctl_gate_condition(r->draft, r->sprint, &field);
	}
}

/* Boxes before the first heading, or of a heading that is no task by itself. */
static void
need_task(struct tctl_checklist *r, const struct tctl_md *item)
{
	struct tctl_draft *draft = r->draft;

	if (r->task != TCTL_NONE)
		return;
	r->names = tctl_arena_grow(draft->plan->arena, r->names,
	    draft->plan->task_count, sizeof(*r->names));
	r->task = tctl_draft_task(
	    draft, "checklist", "Checklist", r->sprint, item->place);
	r->names[r->task] =
	    (struct tctl_checklist_names){ "checklist", "checklist", NULL };
	r->task_level = TCTL_HEADING_LEVELS;
	r->takes_all = false;
}

static void
read_item(struct tctl_checklist *r, const struct tctl_md *item)
{
	const char *text = tctl_md_text(item);
	struct tctl_field field;

	if (item->mark == 0) {
		if (r->task != TCTL_NONE && item->line_count != 0 &&
		    tctl_field_read(item->lines, &field) &&
		    field.word != TCTL_WORD_NONE)
			tctl_field_apply(r->draft, r->task, &field);
		return;
	}
	if (r->last_sprint != TCTL_NONE && tctl_gate_is(text)) {
		tctl_gate_note(r->draft,
		    r->sprint != TCTL_NONE ? r->sprint : r->last_sprint,
		    tctl_md_first(item), item);
		return;
	}
	need_task(r, item);
	tctl_field_item(r->draft, r->task, TCTL_TICK_STEP, item);
}

static void
read_list(struct tctl_checklist *r, const struct tctl_md *list)
{
	const struct tctl_md *node = list;

	if (r->in_gate || r->go == TCTL_GO_YES) {
		tctl_gate_criteria(r->draft, r->last_sprint, list);
		return;
	}
	while ((node = tctl_md_walk(list, node)) != NULL)
		if (node->kind == TCTL_MD_ITEM)
			read_item(r, node);
}

/* Done is what the heading says to be, or whose boxes are all ticked. */
static void
finish_task(struct tctl_draft *draft, size_t i)
{
	struct tctl_task *task = &draft->plan->task[i];
	size_t open = 0;

	for (size_t k = 0; k < task->steps.count; k++)
		open += !task->steps.at[k].done;
	if (task->steps.count != 0 && open == 0)
		task->ticked = true;
	tctl_tick_check(draft, i);
}

static void
read_checklist(struct tctl_draft *draft)
{
	struct tctl_checklist r = { .draft = draft,
		.sprint = TCTL_NONE,
		.task = TCTL_NONE,
		.last_sprint = TCTL_NONE,
		.row_last = TCTL_NONE };

	for (const struct tctl_md *node = draft->source.root->child; node;
	     node = node->next)
		if (node->kind == TCTL_MD_HEADING)
			read_heading(&r, node);
		else if (node->kind == TCTL_MD_PARAGRAPH)
			read_paragraph(&r, node);
		else if (node->kind == TCTL_MD_LIST)
			read_list(&r, node);
	tctl_checklist_settle_ids(&r);
	tctl_draft_index_sprints(draft);
	tctl_sprints_merge(draft);
	tctl_draft_index_sprints(draft);
	tctl_draft_index_tasks(draft);
	for (size_t i = 0; i < draft->plan->task_count; i++)
		finish_task(draft, i);
	tctl_claims_resolve(draft);
	tctl_gates_resolve(draft);
}

const struct tctl_dialect tctl_dialect_checklist = {
	.looks_for = "a deployment checklist: a title that names a deployment, "
		     "and sections with boxes or \"### Step 1: Title\"",
	.most = SCORE_TITLE,
	.recognise = recognise,
	.read = read_checklist,
};
