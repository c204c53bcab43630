/* sprint.c - the sprint plan: sprints and tasks are headings, each task has
 * bold fields, each sprint perhaps a summary table; a Mermaid Gantt block may
 * stand at the end. */
#include <string.h>
#include <strings.h>

#include "dialect.h"
#include "fields.h"
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

/* The number alone, unless sprints and phases are both counted. */
static const char *
sprint_key(struct reader *r, const struct tctl_heading *heading)
{
	struct tctl_draft *draft = r->draft;

	if (draft->sprint_word == NULL) {
		draft->sprint_word = heading->word;
		draft->sprint_word_length = heading->word_length;
	}
	if (draft->sprint_word_length == heading->word_length &&
	    !strncasecmp(
		draft->sprint_word, heading->word, heading->word_length))
		return copy(r, heading->id, heading->id_length);
	return tctl_arena_printf(draft->plan->arena, "%.*s %.*s",
	    (int)heading->word_length, heading->word, (int)heading->id_length,
	    heading->id);
}

static void
enter_sprint(struct reader *r, const struct tctl_md *node,
    const struct tctl_heading *heading)
{
	struct tctl_plan *plan = r->draft->plan;
	const char *at =
	    heading->estimate_at != NULL ? heading->estimate_at : heading->id;
	struct tctl_sprint *sprint;

	r->sprint = tctl_draft_sprint(r->draft, sprint_key(r, heading),
	    heading->title, tctl_md_place(node->lines, at));
	r->sprint_level = node->level;
	r->task = TCTL_NONE;
	r->group = NULL;
	sprint = &plan->sprint[r->sprint];
	sprint->complete = heading->is_done;
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
	for (size_t i = 0; i < heading->said_count; i++)
		tctl_tick_text(draft,
		    (struct tctl_tick){ .task = r->task,
			.kind = heading->said[i].is_sign ? TCTL_TICK_EMOJI
							 : TCTL_TICK_WORD,
			.done = heading->is_done },
		    line, heading->said[i].at, heading->said[i].length);
	if (heading->tick != NULL)
		detail->tick = tctl_md_place(line, heading->tick);
	if (r->group != NULL) {
		detail->group = r->group;
		detail->group_line = r->group_line;
	}
}

/* A heading ends what is open at its own level or a deeper one; tasks beside
 * their sprint, on the same level, stay in it. */
static void
read_heading(struct reader *r, const struct tctl_md *node)
{
	const char *text = tctl_md_text(node);
	struct tctl_heading heading;

	r->field = TCTL_WORD_NONE;
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
		enter_sprint(r, node, &heading);
		return;
	}
	r->task = TCTL_NONE;
	if (r->sprint != TCTL_NONE &&
	    (node->level < r->sprint_level ||
		(node->level == r->sprint_level &&
		    heading.kind != TCTL_HEADING_TASK)))
		r->sprint = TCTL_NONE;
	if (r->group != NULL && node->level <= r->group_level)
		r->group = NULL;
	if (heading.kind == TCTL_HEADING_TASK) {
		enter_task(r, node, &heading);
	} else if (r->sprint != TCTL_NONE) {
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

		if (r->task == TCTL_NONE) {
			tctl_claims_read(r->draft, line, r->sprint);
			continue;
		}
		r->field = TCTL_WORD_NONE;
		if (!tctl_field_read(line, &field))
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
	(*list)[(*count)++] =
	    (struct tctl_later){ .node = node, .sprint = r->sprint };
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
		if (r->task == TCTL_NONE)
			keep_for_later(
			    r, &draft->loose, &draft->loose_count, node);
		else
			tctl_field_list(draft, r->task, r->field, node);
		r->field = TCTL_WORD_NONE;
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

/* A sprint that is named again ("Sprint 1: review") is the same one. */
static void
merge_sprints(struct tctl_draft *draft)
{
	struct tctl_plan *plan = draft->plan;
	size_t *to = tctl_arena_alloc(
	    plan->arena, (plan->sprint_count + 1) * sizeof(*to));
	size_t kept = 0;

	for (size_t i = 0; i < plan->sprint_count; i++) {
		const char *key = plan->sprint[i].key;
		size_t first = tctl_draft_find_sprint(draft, key, strlen(key));

		if (first < i) {
			to[i] = to[first];
			plan->sprint[to[i]].complete |=
			    plan->sprint[i].complete;
			continue;
		}
		to[i] = kept;
		draft->sprint_place[kept] = draft->sprint_place[i];
		plan->sprint[kept++] = plan->sprint[i];
	}
	for (size_t i = 0; i < plan->task_count; i++)
		if (plan->task_sprint[i] != TCTL_NONE)
			plan->task_sprint[i] = to[plan->task_sprint[i]];
	for (size_t i = 0; i < draft->claim_count; i++)
		if (draft->claim[i].sprint != TCTL_NONE)
			draft->claim[i].sprint = to[draft->claim[i].sprint];
	for (size_t i = 0; i < draft->table_count; i++)
		if (draft->table[i].sprint != TCTL_NONE)
			draft->table[i].sprint = to[draft->table[i].sprint];
	plan->sprint_count = kept;
}

/* An acceptance box that names a task ("T4.2: ...") is a step of it. */
static void
read_loose_box(struct tctl_draft *draft, const struct tctl_md *item)
{
	const char *text = tctl_md_text(item), *end = text + strlen(text);
	const char *at = text;
	size_t n = tctl_word_next(end, &at), task;

	if (n != 0 && tctl_word_is(at, n, TCTL_WORD_TASK))
		at = tctl_skip_marks(at + n, end);
	n = at < end ? tctl_id_length(at, end) : 0;
	task = n == 0 ? TCTL_NONE : tctl_draft_find(draft, at, n);
	if (task != TCTL_NONE) {
		tctl_field_box(draft, task, item);
		return;
	}
	if (draft->loose_boxes++ == 0)
		draft->loose_place = item->place;
}

static void
read_loose_lists(struct tctl_draft *draft)
{
	for (size_t i = 0; i < draft->loose_count; i++) {
		const struct tctl_md *list = draft->loose[i].node;
		const struct tctl_md *node = list;

		while ((node = tctl_md_walk(list, node)) != NULL)
			if (node->kind == TCTL_MD_ITEM && node->mark != 0)
				read_loose_box(draft, node);
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
	if (detail->tick.line == 0 || task->ticked)
		return;
	tctl_say(draft, TCTL_WARNING, "tick", detail->tick, 0,
	    "the tick mark in the heading of %s %s: it does not mark the task "
	    "as done; write \"✅ done\" after the title, or untick",
	    task->id,
	    has_open_step(task) ? "stands above open boxes"
				: "has no done word beside it");
}

static void
read_sprint_plan(struct tctl_draft *draft)
{
	struct tctl_plan *plan = draft->plan;
	struct reader r = {
		.draft = draft, .sprint = TCTL_NONE, .task = TCTL_NONE
	};

	for (const struct tctl_md *node = draft->source.root->child; node;
	     node = node->next)
		read_block(&r, node);
	tctl_draft_index_sprints(draft);
	merge_sprints(draft);
	tctl_draft_index_sprints(draft);
	tctl_draft_index_tasks(draft);
	for (size_t i = 0; i < draft->table_count; i++)
		tctl_table_read(draft, &draft->table[i]);
	tctl_draft_index_tasks(draft);
	tctl_claims_resolve(draft);
	read_loose_lists(draft);
	for (size_t i = 0; i < plan->task_count; i++)
		finish_task(draft, i);
}

const struct tctl_dialect tctl_dialect_sprint = {
	.looks_for = "headings such as \"## Sprint 1 : Title (4h)\" and "
		     "\"#### Task 1.1 : Title\" with bold fields",
	.recognise = recognise,
	.read = read_sprint_plan,
};
