/* sprint_table.c - summary tables: a row a task, columns in any order. */
#include <string.h>

#include "fields.h"
#include "heading.h"
#include "parts.h"
#include "status.h"

/* A row of a table of tasks, while it is read. */
struct row {
	struct tctl_draft *draft;
	size_t sprint;
	/* A cell is one line; NULL: the row is too short. */
	const struct tctl_md_line *cell[TCTL_COLUMNS_MAX];
};

static enum tctl_word
column_word(const char *name)
{
	enum tctl_word word = tctl_word_field(name, strlen(name));
	const char *at = name;
	size_t n;

	if (word != TCTL_WORD_NONE)
		return word;
	n = tctl_word_next(name + strlen(name), &at);
	return n != 0 && tctl_word_is(at, n, TCTL_WORD_AGENT) ? TCTL_WORD_AGENT
							      : TCTL_WORD_NONE;
}

void
tctl_columns_read(const struct tctl_md *table, struct tctl_columns *out)
{
	const struct tctl_md *header = table->child;
	size_t known = 0, id = TCTL_NONE;

	memset(out, 0, sizeof(*out));
	out->task = out->title = TCTL_NONE;
	if (header == NULL)
		return;
	for (const struct tctl_md *cell = header->child;
	     cell != NULL && out->count < TCTL_COLUMNS_MAX; cell = cell->next) {
		size_t i = out->count++;

		out->word[i] = column_word(tctl_md_text(cell));
		if (out->word[i] == TCTL_WORD_ID && id == TCTL_NONE)
			id = i;
		else if (out->word[i] == TCTL_WORD_TASK &&
			 out->task == TCTL_NONE)
			out->task = i;
		else if (out->word[i] == TCTL_WORD_TITLE &&
			 out->title == TCTL_NONE)
			out->title = i;
		else if (out->word[i] != TCTL_WORD_NONE &&
			 out->word[i] != TCTL_WORD_SPRINT)
			known++;
	}
	if (id != TCTL_NONE) {
		if (out->title == TCTL_NONE)
			out->title = out->task;
		out->task = id;
	}
	if (known == 0)
		out->task = TCTL_NONE;
}

/* "1.1 CLAUDE.md" is an id and a label; so is "Task 1.1: ...". */
static size_t
read_id(const char *text, const char *end, const char **id, const char **label)
{
	const char *at = tctl_skip_marks(text, end);
	const char *word = at;
	size_t n = tctl_word_next(end, &word);

	if (word == at && tctl_word_is(word, n, TCTL_WORD_TASK))
		at = tctl_skip_marks(word + n, end);
	at += *at == '#';
	n = tctl_id_length(at, end);
	*id = at;
	at += n;
	at += strspn(at, " \t:-.)");
	*label = at;
	return n;
}

static void
read_priority(
    struct tctl_draft *draft, size_t task, const struct tctl_md_line *cell)
{
	struct tctl_detail *detail = &draft->detail[task];
	int priority = tctl_priority_read(cell->text, cell->length);

	if (priority != 0)
		detail->table_priority = priority;
}

static void
read_duration(
    struct tctl_draft *draft, size_t task, const struct tctl_md_line *cell)
{
	struct tctl_detail *detail = &draft->detail[task];
	struct tctl_task *t = &draft->plan->task[task];
	struct tctl_duration duration;

	if (!tctl_duration_read(cell->text, draft->hours_per_day, &duration))
		return;
	detail->table_s = duration.seconds;
	detail->table_s_place = cell->place;
	if (t->estimate_s >= 0)
		return;
	t->estimate_s = duration.seconds;
	if (duration.is_range)
		tctl_say(draft, TCTL_WARNING, "range", cell->place, 0,
		    "\"%.60s\" is a range: its low end counts", cell->text);
}

static void
read_agent(
    struct tctl_draft *draft, size_t task, const struct tctl_md_line *cell)
{
	struct tctl_detail *detail = &draft->detail[task];
	struct tctl_task *t = &draft->plan->task[task];

	detail->table_agent =
	    tctl_agent_name(draft->plan->arena, cell->text, cell->length);
	detail->table_agent_place = cell->place;
	if (t->planned_agent == NULL)
		t->planned_agent = detail->table_agent;
	tctl_after_read(
	    draft, task, cell, cell->text, cell->length, TCTL_EDGE_TABLE);
}

static void
read_parallel(
    struct tctl_draft *draft, size_t task, const struct tctl_md_line *cell)
{
	struct tctl_detail *detail = &draft->detail[task];
	int parallel = tctl_parallel_read(cell->text, cell->length);
	int other = parallel == 0 ? detail->parallel.line : detail->serial.line;

	if (parallel == 0 && detail->serial.line == 0 && other == 0)
		detail->serial = cell->place;
	else if (parallel >= 0 && other != 0)
		tctl_say(draft, TCTL_WARNING, "table_mismatch", cell->place,
		    other,
		    "the table says that %s is %sparallelisable, its field "
		    "says that it is%s",
		    draft->plan->task[task].id, parallel == 0 ? "not " : "",
		    parallel == 0 ? "" : " not");
	tctl_after_read(
	    draft, task, cell, cell->text, cell->length, TCTL_EDGE_TABLE);
}

void
tctl_cell_read(struct tctl_draft *draft, size_t task, enum tctl_word word,
    const struct tctl_md_line *cell)
{
	const char *text = cell->text;
	size_t length = cell->length;

	switch (word) {
	case TCTL_WORD_DURATION:
		read_duration(draft, task, cell);
		break;
	case TCTL_WORD_AGENT:
		read_agent(draft, task, cell);
		break;
	case TCTL_WORD_PARALLEL:
		read_parallel(draft, task, cell);
		break;
	case TCTL_WORD_NEEDS:
		tctl_needs_read(
		    draft, task, cell, text, length, TCTL_EDGE_TABLE);
		break;
	case TCTL_WORD_PRIORITY:
		read_priority(draft, task, cell);
		break;
	case TCTL_WORD_STATUS:
		tctl_status_apply(draft, task, cell, text, length);
		break;
	default:
		break;
	}
}

/* A task that stands only in the table is one all the same. */
static size_t
add_task(struct row *row, const char *id, size_t length, const char *label,
    struct tctl_place place)
{
	struct tctl_draft *draft = row->draft;
	struct tctl_arena *arena = draft->plan->arena;
	struct tctl_heading heading = { 0 };
	size_t task;

	tctl_title_read(
	    arena, label, strlen(label), draft->hours_per_day, &heading);
	task = tctl_draft_task(draft, tctl_arena_strndup(arena, id, length),
	    heading.title, row->sprint, place);
	draft->detail[task].title_place = place;
	draft->plan->task[task].ticked = heading.is_done;
	if (draft->has_task_headings)
		tctl_say(draft, TCTL_NOTE, "table_only", place, 0,
		    "%s stands only in a table: no heading describes it",
		    draft->plan->task[task].id);
	return task;
}

static void
read_totals(struct row *row, const struct tctl_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		if (columns->word[i] == TCTL_WORD_DURATION &&
		    row->cell[i] != NULL)
			tctl_claims_read_cell(
			    row->draft, row->cell[i], row->sprint);
}

static void
read_row(struct row *row, const struct tctl_columns *columns)
{
	struct tctl_draft *draft = row->draft;
	const struct tctl_md_line *cell = row->cell[columns->task];
	struct tctl_detail *detail;
	const char *id, *label;
	size_t length, task;

	if (cell == NULL)
		return;
	if (tctl_word_in(cell->text, cell->length, TCTL_WORD_TOTAL)) {
		read_totals(row, columns);
		return;
	}
	length = read_id(cell->text, cell->text + cell->length, &id, &label);
	if (columns->title != TCTL_NONE && columns->title != columns->task &&
	    row->cell[columns->title] != NULL)
		label = row->cell[columns->title]->text;
	if (length == 0)
		return;
	task = tctl_draft_find(draft, id, length);
	if (task == TCTL_NONE) {
		if (row->sprint == TCTL_NONE || *label == '\0')
			return;
		task =
		    add_task(row, id, length, label, tctl_md_place(cell, id));
	}
	detail = &draft->detail[task];
	detail->label = label;
	detail->table_line = cell->place.line;
	for (size_t i = 0; i < columns->count; i++)
		if (row->cell[i] != NULL && i != columns->task)
			tctl_cell_read(
			    draft, task, columns->word[i], row->cell[i]);
}

void
tctl_table_read(struct tctl_draft *draft, const struct tctl_later *table)
{
	struct tctl_columns columns;
	const struct tctl_md *node = table->node->child;

	tctl_columns_read(table->node, &columns);
	if (columns.task == TCTL_NONE)
		return;
	for (node = node->next; node != NULL; node = node->next) {
		struct row row = { .draft = draft, .sprint = table->sprint };
		size_t i = 0;

		for (const struct tctl_md *cell = node->child;
		     cell != NULL && i < columns.count; cell = cell->next)
			row.cell[i++] = tctl_md_first(cell);
		read_row(&row, &columns);
	}
}
