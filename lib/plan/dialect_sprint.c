/* dialect_sprint.c - the sprint plan: sprints and tasks are headings, each task
 * has bold fields, each sprint perhaps a summary table; a Mermaid Gantt block
 * may stand at the end. */
#include <string.h>
#include <strings.h>

#include "dialect.h"
#include "gate.h"
#include "heading.h"
#include "parts.h"

/* Where the walk is.  Levels are those of the headings that are open. */
struct reader {
	struct tctl_draft *draft;
	size_t sprint, task; /* TCTL_NONE: in none */
	int sprint_level, task_level;
	enum tctl_word field; /* that stood last and has no value yet */
	const char *group;    /* the heading between sprint and task */
	int group_line, group_level;
	const char *section; /* acceptance criteria of all the plan */
	int section_level;
	enum tctl_go go; /* what the next list is about */
	bool in_gate;	 /* the heading is a decision's */
};

/* --- recognising ------------------------------------------------------ */

static int
recognise(const struct tctl_source *source, struct tctl_arena *arena,
    const char **why)
{
	size_t tasks = 0, sprints = 0, tables = 0;

	for (const struct tctl_md *node = source->root->child; node;
	     node = node->next)
		if (node->kind == TCTL_MD_HEADING) {
			struct tctl_heading heading;
			const char *text = tctl_md_text(node);

			tctl_heading_read(arena, text, strlen(text), 8,
			    sprints != 0, &heading);
			tasks += heading.kind == TCTL_HEADING_TASK;
			sprints += heading.kind == TCTL_HEADING_SPRINT;
		} else if (node->kind == TCTL_MD_TABLE && sprints != 0) {
			struct tctl_columns columns;

			tctl_columns_read(node, &columns);
			tables += columns.task != TCTL_NONE;
		}
	if (tasks == 0 && tables == 0)
		return 0;
	*why = tctl_arena_printf(arena,
	    "%zu task heading%s, %zu sprint heading%s, %zu summary table%s",
	    tasks, tasks == 1 ? "" : "s", sprints, sprints == 1 ? "" : "s",
	    tables, tables == 1 ? "" : "s");
	return tasks != 0 ? 90 : 40;
}

/* --- headings --------------------------------------------------------- */

static char *
copy(struct reader *r, const char *text, size_t length)
{
	return tctl_arena_strndup(r->draft->plan->arena, text, length);
}

static void
enter_sprint(struct reader *r, const struct tctl_md *node,
    const struct tctl_heading *heading)
{
	struct tctl_plan *plan = r->draft->plan;
	const char *at =
	    heading->estimate_at != NULL ? heading->estimate_at : heading->id;
	struct tctl_sprint *sprint;

	r->sprint =
	    tctl_draft_sprint(r->draft, tctl_sprint_key(r->draft, heading),
		heading->title, tctl_md_place(node->lines, at));
	r->sprint_level = node->level;
	r->task = TCTL_NONE;
	r->in_gate = false;
	r->group = NULL;
	sprint = &plan->sprint[r->sprint];
	sprint->complete = heading->is_done;
	if (tctl_word_is(heading->word, heading->word_length, TCTL_WORD_WAVE))
		r->draft->sprint_order[r->sprint] = TCTL_ORDER_STRICT;
	if (!heading->is_calendar)
		sprint->stated_s = heading->estimate_s;
}

static void
enter_task(struct reader *r, const struct tctl_md *node,
    const struct tctl_heading *heading)
{
	struct tctl_draft *draft = r->draft;
	const struct tctl_md_line *line = node->lines;
	struct tctl_detail *detail;
	struct tctl_task *task;

	r->task =
	    tctl_draft_task(draft, copy(r, heading->id, heading->id_length),
		heading->title, r->sprint, tctl_md_place(line, heading->id));
	r->task_level = node->level;
	draft->has_task_headings = true;
	task = &draft->plan->task[r->task];
	detail = &draft->detail[r->task];
	detail->title_place = tctl_md_place(line, heading->title_at);
	if (heading->estimate_s >= 0) {
		task->estimate_s = heading->estimate_s;
		detail->duration_line = task->line;
		detail->duration_column =
		    tctl_md_place(line, heading->estimate_at).column;
	}
	if (heading->is_range)
		tctl_say(draft, TCTL_WARNING, "range",
		    tctl_md_place(line, heading->estimate_at), 0,
		    "the duration of %s is a range: its low end counts",
		    task->id);
	if (heading->is_urgent || heading->stars > 0)
		detail->heading_priority =
		    heading->is_urgent || heading->stars >= 3
			? TCTL_PRIORITY_HIGH
			: 4 - heading->stars;
	task->ticked = heading->is_done;
	r->in_gate = tctl_gate_is(heading->title);
	task->is_gate = r->in_gate;
	tctl_tick_said(draft,
	    (struct tctl_tick){ .task = r->task, .done = heading->is_done },
	    line, heading->said, heading->said_count);
	if (heading->tick != NULL)
		detail->tick = tctl_md_place(line, heading->tick);
	if (r->group != NULL) {
		detail->group = r->group;
		detail->group_line = r->group_line;
	}
}

/* "## Acceptance criteria" of the plan, by phases below. */
static void
note_section(struct reader *r, const struct tctl_md *node)
{
	const char *text = tctl_md_text(node), *end = text + strlen(text);

	text = tctl_skip_marks(text, end);
	if (tctl_word_field(text, (size_t)(end - text)) != TCTL_WORD_CRITERIA)
		return;
	r->section = text;
	r->section_level = node->level;
}

/* A heading ends what is open at its own level or a deeper one; tasks beside
 * their sprint, on the same level, stay in it. */
static void
read_heading(struct reader *r, const struct tctl_md *node)
{
	const char *text = tctl_md_text(node);
	struct tctl_heading heading;

	r->field = TCTL_WORD_NONE;
	r->go = TCTL_GO_NONE;
	tctl_heading_read(r->draft->plan->arena, text, strlen(text),
	    r->draft->hours_per_day, r->sprint != TCTL_NONE, &heading);
	if (r->task != TCTL_NONE && node->level > r->task_level &&
	    heading.kind != TCTL_HEADING_SPRINT &&
	    !(heading.kind == TCTL_HEADING_TASK && heading.word != NULL)) {
		/* "#### Files" in a task: a field that is a heading. */
		r->field = tctl_word_field(text, strlen(text));
		return;
	}
	if (heading.kind == TCTL_HEADING_SPRINT) {
		if (r->section != NULL && node->level <= r->section_level)
			r->section = NULL;
		enter_sprint(r, node, &heading);
		return;
	}
	r->task = TCTL_NONE;
	r->in_gate = false;
	if (r->section != NULL && node->level <= r->section_level)
		r->section = NULL;
	if (r->sprint != TCTL_NONE &&
	    (node->level < r->sprint_level ||
		(node->level == r->sprint_level &&
		    heading.kind != TCTL_HEADING_TASK)))
		r->sprint = TCTL_NONE;
	if (r->group != NULL && node->level <= r->group_level)
		r->group = NULL;
	if (heading.kind == TCTL_HEADING_TASK) {
		enter_task(r, node, &heading);
	} else if (r->sprint == TCTL_NONE) {
		note_section(r, node);
	} else if (tctl_gate_is(text)) {
		r->in_gate = true;
		tctl_gate_note(r->draft, r->sprint, tctl_md_first(node), NULL);
	} else {
		r->group = text;
		r->group_line = node->place.line;
		r->group_level = node->level;
	}
}

/* --- what stands below them ------------------------------------------- */

static void
read_paragraph(struct reader *r, const struct tctl_md *node)
{
	r->field = TCTL_WORD_NONE;
	for (size_t i = 0; i < node->line_count; i++) {
		const struct tctl_md_line *line = &node->lines[i];
		struct tctl_field field;
		bool is_field = tctl_field_read(line, &field);

		r->go = tctl_gate_line(r->go, line, is_field ? &field : NULL);
		if (r->task == TCTL_NONE) {
			if (!is_field ||
			    !tctl_gate_condition(r->draft, r->sprint, &field))
				tctl_claims_read(r->draft, line, r->sprint);
			continue;
		}
		r->field = TCTL_WORD_NONE;
		if (!is_field)
			continue;
		tctl_field_apply(r->draft, r->task, &field);
		if (field.word == TCTL_WORD_TOTAL)
			tctl_claims_read(r->draft, line, r->sprint);
		if (field.length == 0)
			r->field = field.word;
	}
}

static void
keep_for_later(struct reader *r, struct tctl_later **list, size_t *count,
    const struct tctl_md *node)
{
	*list = tctl_arena_grow(
	    r->draft->plan->arena, *list, *count, sizeof(**list));
	(*list)[(*count)++] = (struct tctl_later){
		.node = node, .sprint = r->sprint, .section = r->section
	};
}

/* Fences are opaque, but people draw their timeline in one without a name. */
static void
read_timeline(struct reader *r, const struct tctl_md *node)
{
	const char *at = node->code->text;

	for (int number = node->place.line; *at != '\0'; number++) {
		size_t n = strcspn(at, "\n");
		struct tctl_md_line line =
		    tctl_md_code_line(node, at, n, number);

		tctl_claims_read(r->draft, &line, r->sprint);
		at += n + (at[n] == '\n');
	}
}

static void
read_code(struct reader *r, const struct tctl_md *node)
{
	struct tctl_draft *draft = r->draft;

	if (!strncasecmp(node->code->info, "mermaid", strlen("mermaid")))
		keep_for_later(r, &draft->diagram, &draft->diagram_count, node);
	else if (r->task != TCTL_NONE && r->field == TCTL_WORD_FILES)
		tctl_field_fence(draft, r->task, node);
	else if (r->task == TCTL_NONE && *node->code->info == '\0')
		read_timeline(r, node);
	r->field = TCTL_WORD_NONE;
}

static void
read_list(struct reader *r, const struct tctl_md *node)
{
	struct tctl_draft *draft = r->draft;

	if (r->sprint != TCTL_NONE && (r->in_gate || r->go == TCTL_GO_YES))
		tctl_gate_criteria(draft, r->sprint, node);
	else if (r->task == TCTL_NONE)
		keep_for_later(r, &draft->loose, &draft->loose_count, node);
	else
		tctl_field_list(draft, r->task, r->field, node);
	r->field = TCTL_WORD_NONE;
}

static void
read_block(struct reader *r, const struct tctl_md *node)
{
	struct tctl_draft *draft = r->draft;

	switch (node->kind) {
	case TCTL_MD_HEADING:
		read_heading(r, node);
		break;
	case TCTL_MD_PARAGRAPH:
		read_paragraph(r, node);
		break;
	case TCTL_MD_LIST:
		read_list(r, node);
		break;
	case TCTL_MD_CODE:
		read_code(r, node);
		break;
	case TCTL_MD_TABLE:
		keep_for_later(r, &draft->table, &draft->table_count, node);
		break;
	default:
		r->field = TCTL_WORD_NONE;
		break;
	}
}

/* --- afterwards ------------------------------------------------------- */

static void
finish_task(struct tctl_draft *draft, size_t i)
{
	struct tctl_task *task = &draft->plan->task[i];
	struct tctl_detail *detail = &draft->detail[i];

	if (detail->table_priority != 0)
		task->priority = detail->table_priority;
	else if (task->priority == TCTL_PRIORITY_NONE &&
		 detail->heading_priority != 0)
		task->priority = detail->heading_priority;
	if (task->mutex == NULL && detail->serial.line != 0)
		task->mutex = TCTL_MUTEX_SERIAL;
	if (task->files.count == 0)
		tctl_field_title_file(draft, i);
	tctl_tick_check(draft, i);
}

/* "# Sprint 1.4, in detail" above "## Phase 1" is the plan's title; NULL: the
 * first heading is none. */
static const struct tctl_md *
find_title(const struct tctl_draft *draft)
{
	const struct tctl_md *title = NULL, *node;

	for (node = draft->source.root->child; node; node = node->next) {
		const char *text = tctl_md_text(node);
		struct tctl_heading heading;

		if (node->kind != TCTL_MD_HEADING)
			continue;
		if (title == NULL && node->level > 1)
			return NULL;
		if (title == NULL) {
			title = node;
			continue;
		}
		tctl_heading_read(draft->plan->arena, text, strlen(text),
		    draft->hours_per_day, false, &heading);
		if (node->level == 1 || heading.kind == TCTL_HEADING_TASK)
			return NULL;
		if (heading.kind == TCTL_HEADING_SPRINT)
			return title;
	}
	return NULL;
}

static void
read_sprint_plan(struct tctl_draft *draft)
{
	const struct tctl_md *title = find_title(draft);
	struct tctl_plan *plan = draft->plan;
	struct reader r = {
		.draft = draft, .sprint = TCTL_NONE, .task = TCTL_NONE
	};

	for (const struct tctl_md *node = draft->source.root->child; node;
	     node = node->next)
		if (node != title)
			read_block(&r, node);
	tctl_draft_index_sprints(draft);
	tctl_sprints_merge(draft);
	tctl_draft_index_sprints(draft);
	tctl_draft_index_tasks(draft);
	for (size_t i = 0; i < draft->table_count; i++)
		tctl_table_read(draft, &draft->table[i]);
	tctl_draft_index_tasks(draft);
	tctl_claims_resolve(draft);
	tctl_loose_read(draft);
	tctl_gates_resolve(draft);
	tctl_draft_index_tasks(draft);
	for (size_t i = 0; i < plan->task_count; i++)
		finish_task(draft, i);
}

const struct tctl_dialect tctl_dialect_sprint = {
	.looks_for = "headings such as \"## Sprint 1 : Title (4h)\" and "
		     "\"#### Task 1.1 : Title\" with bold fields",
	.recognise = recognise,
	.read = read_sprint_plan,
};
