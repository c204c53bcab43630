/* checklist.c - the deployment checklist: phases, numbered steps and sections,
 * and below them boxes and commands.
 *
 *     ## Phase 2: Configuration (D-1)     a sprint
 *     ### 2.1 Environment                 a task; 2.2 follows it
 *     - [ ] keys are new                  a step of it
 *     ## Deployment                       a sprint too
 *     ### Step 1: Backup                  a task, also without boxes
 *     ### Monitoring                      a task only where it has boxes */
#include <string.h>
#include <strings.h>

#include "dialect.h"
#include "gate.h"
#include "heading.h"
#include "outline.h"
#include "parts.h"

enum {
	LEVELS = 7, /* headings have levels 1 to 6 */
	SCORE_TITLE = 80,
	SCORE_STAGES = 60,
};

/* How a task may be called. */
struct names {
	const char *long_id; /* where the short one is taken */
	const char *own;     /* what the plan calls it; NULL: nothing */
	const struct tctl_md *heading; /* NULL: it has none */
};

struct reader {
	struct tctl_draft *draft;
	const struct tctl_md *path[LEVELS]; /* the headings that are open */
	size_t sprint, task;		    /* TCTL_NONE: in none */
	int sprint_level, task_level;
	bool takes_all; /* the task's sections are its own, not tasks */
	size_t last_sprint;
	const struct tctl_md
	    *row;	 /* the heading whose steps follow each other */
	size_t row_last; /* the last of them */
	bool in_gate;
	enum tctl_go go;
	struct names *names; /* of each task */
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

/* --- ids -------------------------------------------------------------- */

/* The nearest open heading above a level; NULL: the plan's title, or none. */
static const struct tctl_md *
heading_above(const struct reader *r, int level)
{
	while (--level > 1)
		if (r->path[level] != NULL)
			return r->path[level];
	return NULL;
}

static void
read_outline(
    struct reader *r, const struct tctl_md *node, struct tctl_outline *out)
{
	tctl_outline_read(
	    r->draft->plan->arena, node, r->draft->hours_per_day, out);
}

static const char *
slug_of(struct reader *r, const struct tctl_md *node)
{
	struct tctl_outline outline;

	read_outline(r, node, &outline);
	if (outline.kind == TCTL_OUTLINE_PHASE)
		return tctl_slug(r->draft->plan->arena, outline.word,
		    (size_t)(outline.id - outline.word) + outline.id_length);
	return tctl_slug(r->draft->plan->arena, outline.heading.title,
	    strlen(outline.heading.title));
}

/* Below its heading's, so that two sections "Configuration" differ, wherever
 * either is moved to. */
static const char *
under_heading(struct reader *r, const struct tctl_md *node, const char *id)
{
	const struct tctl_md *above = heading_above(r, node->level);

	return above == NULL ? id
			     : tctl_arena_printf(r->draft->plan->arena, "%s.%s",
				   slug_of(r, above), id);
}

/* "{#id}", "1.2" and "Step 3" are the plan's own; NULL: it has none. */
static const char *
own_id_of(struct reader *r, const struct tctl_md *node,
    const struct tctl_outline *outline)
{
	struct tctl_arena *arena = r->draft->plan->arena;
	const char *id = tctl_md_first(node)->id;

	if (id != NULL)
		return id;
	if (outline->kind == TCTL_OUTLINE_STEP)
		return tctl_arena_printf(arena, "%.*s-%.*s",
		    (int)outline->word_length, outline->word,
		    (int)outline->id_length, outline->id);
	if (outline->kind == TCTL_OUTLINE_NUMBER &&
	    memchr(outline->id, '.', outline->id_length) != NULL)
		return tctl_arena_strndup(
		    arena, outline->id, outline->id_length);
	return NULL;
}

/* Several of one id: each goes by its heading too, and those that are still
 * alike are counted. */
static void
part_ids(struct reader *r)
{
	struct tctl_draft *draft = r->draft;
	const struct tctl_index *index = &draft->tasks;

	for (int round = 0; round < 2; round++) {
		size_t first = 0;

		draft->tasks.count = 0;
		tctl_draft_index_tasks(draft);
		for (size_t i = 1; i <= index->count; i++) {
			if (i < index->count && strcmp(index->row[i].key,
						    index->row[first].key) == 0)
				continue;
			for (size_t k = first; i - first > 1 && k < i; k++)
				tctl_draft_rename(draft, index->row[k].value,
				    round == 0
					? r->names[index->row[k].value].long_id
				    : k == first
					? draft->plan->task[index->row[k].value]
					      .id
					: tctl_arena_printf(draft->plan->arena,
					      "%s-%zu",
					      draft->plan
						  ->task[index->row[k].value]
						  .id,
					      k - first + 1));
			first = i;
		}
	}
	draft->tasks.count = 0;
}

/* Which ids are not the plan's own, now that no two are alike. */
static void
note_made(struct reader *r)
{
	struct tctl_draft *draft = r->draft;

	for (size_t i = 0; i < draft->plan->task_count; i++) {
		const struct names *names = &r->names[i];
		const char *id = draft->plan->task[i].id;

		/* A heading may be "#" and no more: nowhere to write an id. */
		if (names->heading == NULL || names->heading->lines == NULL ||
		    (names->own != NULL && strcmp(names->own, id) == 0))
			continue;
		if (names->heading->lines->id == NULL)
			tctl_draft_made_line(draft, i, names->heading->lines);
		else
			tctl_say(draft, TCTL_WARNING, "duplicate_id",
			    names->heading->place, 0,
			    "%s is there already: this one is read as %s",
			    names->own, id);
	}
}

/* --- headings --------------------------------------------------------- */

static void
enter_sprint(struct reader *r, const struct tctl_md *node,
    const struct tctl_outline *outline)
{
	struct tctl_draft *draft = r->draft;
	struct tctl_arena *arena = draft->plan->arena;
	bool is_first = draft->sprint_word == NULL;
	const char *key;

	if (outline->kind == TCTL_OUTLINE_STAGE) {
		key = slug_of(r, node);
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
enter_task(struct reader *r, const struct tctl_md *node,
    const struct tctl_outline *outline)
{
	struct tctl_draft *draft = r->draft;
	const struct tctl_heading *heading = &outline->heading;
	const char *own = own_id_of(r, node, outline);
	const char *id =
	    own != NULL ? own : under_heading(r, node, slug_of(r, node));
	struct tctl_detail *detail;
	struct tctl_task *task;

	r->names = tctl_arena_grow(draft->plan->arena, r->names,
	    draft->plan->task_count, sizeof(*r->names));
	r->task = tctl_draft_task(draft, id,
	    *heading->title == '\0' ? tctl_md_text(node) : heading->title,
	    r->sprint, node->place);
	r->names[r->task] = (struct names){ id, own, node };
	if (tctl_md_first(node)->id == NULL &&
	    (outline->kind == TCTL_OUTLINE_STEP || strchr(id, '-') == NULL))
		r->names[r->task].long_id = under_heading(r, node, id);
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
follow(struct reader *r, const struct tctl_md *node,
    const struct tctl_outline *outline)
{
	const struct tctl_md *above = heading_above(r, node->level);
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
is_task(const struct reader *r, const struct tctl_md *node,
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
close_headings(struct reader *r, const struct tctl_md *node)
{
	for (int level = node->level; level < LEVELS; level++)
		r->path[level] = NULL;
	r->path[node->level] = node;
	r->in_gate = false;
	r->go = TCTL_GO_NONE;
	if (r->sprint != TCTL_NONE && node->level <= r->sprint_level)
		r->sprint = TCTL_NONE;
}

static void
read_heading(struct reader *r, const struct tctl_md *node)
{
	bool is_inside =
	    r->task != TCTL_NONE && node->level > r->task_level && r->takes_all;
	struct tctl_outline outline;

	read_outline(r, node, &outline);
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
read_paragraph(struct reader *r, const struct tctl_md *node)
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
need_task(struct reader *r, const struct tctl_md *item)
{
	struct tctl_draft *draft = r->draft;

	if (r->task != TCTL_NONE)
		return;
	r->names = tctl_arena_grow(draft->plan->arena, r->names,
	    draft->plan->task_count, sizeof(*r->names));
	r->task = tctl_draft_task(
	    draft, "checklist", "Checklist", r->sprint, item->place);
	r->names[r->task] = (struct names){ "checklist", "checklist", NULL };
	r->task_level = LEVELS;
	r->takes_all = false;
}

static void
read_item(struct reader *r, const struct tctl_md *item)
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
read_list(struct reader *r, const struct tctl_md *list)
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
	struct reader r = { .draft = draft,
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
	part_ids(&r);
	note_made(&r);
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
