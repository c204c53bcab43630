/* tables_rows.c - from the rows of tables to tasks. */
#include <ctype.h>
#include <string.h>

#include "fields.h"
#include "heading.h"
#include "ids.h"
#include "status.h"
#include "tables_rows.h"

/* --- gathering -------------------------------------------------------- */

const char *
tctl_title_key(struct tctl_arena *arena, const char *title, size_t length)
{
	char folded[4 * TCTL_FOLD_MAX];

	tctl_fold(title, length, folded, sizeof(folded));
	return tctl_arena_strdup(arena, folded);
}

/* "a<br>b" is "a b". */
static const char *
without_breaks(struct tctl_arena *arena, const char *text)
{
	char *copy, *to;

	if (strstr(text, "<br") == NULL)
		return text;
	copy = to = tctl_arena_strdup(arena, text);
	while (*text != '\0')
		if (!strncmp(text, "<br>", 4) || !strncmp(text, "<br/>", 5) ||
		    !strncmp(text, "<br />", 6)) {
			*to++ = ' ';
			text = strchr(text, '>') + 1;
		} else {
			*to++ = *text++;
		}
	*to = '\0';
	return copy;
}

static const char *
normal_of(struct tctl_arena *arena, const char *id)
{
	char normal[TCTL_ID_MAX];

	return tctl_arena_strdup(
	    arena, tctl_id_normalise(id, normal) ? normal : id);
}

/* The sprint that a column of the table names comes before the heading's. */
static void
read_sprint_cell(struct tctl_rows *rows, struct tctl_task_row *row)
{
	const struct tctl_md_line *cell =
	    tctl_task_cell(row->table, &row->cells, TCTL_WORD_SPRINT);
	struct tctl_arena *arena = rows->draft->plan->arena;
	struct tctl_heading heading;

	if (cell == NULL || tctl_is_nothing(cell->text, cell->length))
		return;
	tctl_heading_read(arena, cell->text, cell->length, 8, false, &heading);
	row->sprint_place = cell->place;
	if (heading.kind == TCTL_HEADING_SPRINT) {
		row->key = tctl_sprint_key(rows->draft, &heading);
		row->sprint_title = heading.title;
	} else {
		row->key = row->sprint_title =
		    tctl_arena_strndup(arena, cell->text, cell->length);
	}
}

void
tctl_rows_add(struct tctl_rows *rows, const struct tctl_task_row *from)
{
	struct tctl_arena *arena = rows->draft->plan->arena;
	struct tctl_task_row row = *from;
	const struct tctl_task_table *table = row.table;
	struct tctl_heading title = { 0 };
	const char *id, *rest;
	size_t n = tctl_task_row_id(table, &row.cells, &id, &rest);

	row.line = row.cells.at[table->name];
	rest = without_breaks(arena, rest);
	if (*rest == '\0' && n == 0)
		return;
	row.task = TCTL_NONE;
	tctl_title_read(
	    arena, rest, strlen(rest), rows->draft->hours_per_day, &title);
	row.title = title.title;
	row.is_done |= title.is_done;
	if (table->id != TCTL_NONE && n != 0)
		row.place = tctl_md_place(row.cells.at[table->id], id);
	else
		row.place = row.line->place;
	if (*row.title == '\0')
		row.title = tctl_arena_strndup(arena, id, n);
	row.is_made = n == 0 && row.line->id == NULL;
	row.id = n != 0 ? tctl_arena_strndup(arena, id, n)
		 : !row.is_made
		     ? row.line->id
		     : tctl_id_make(arena, 0, row.title, strlen(row.title));
	row.normal = normal_of(arena, row.id);
	read_sprint_cell(rows, &row);
	rows->at =
	    tctl_arena_grow(arena, rows->at, rows->count, sizeof(*rows->at));
	rows->at[rows->count++] = row;
}

/* --- the same again ----------------------------------------------------- */

static bool
is_same_sprint(const struct tctl_task_row *a, const struct tctl_task_row *b)
{
	return a->key != NULL && b->key != NULL && strcmp(a->key, b->key) == 0;
}

static bool
is_same_title(struct tctl_rows *rows, const struct tctl_task_row *a,
    const struct tctl_task_row *b)
{
	struct tctl_arena *arena = rows->draft->plan->arena;

	return strcmp(tctl_title_key(arena, a->title, strlen(a->title)),
		   tctl_title_key(arena, b->title, strlen(b->title))) == 0;
}

/* Another id for a row whose own is taken: what repeats from sprint to sprint
 * ("Demo") is work each time.  In the same table it is counted. */
static const char *
other_id(struct tctl_rows *rows, const struct tctl_task_row *row, size_t nth)
{
	struct tctl_arena *arena = rows->draft->plan->arena;
	char key[TCTL_FOLD_MAX];
	size_t n = 0;

	if (row->key == NULL)
		return tctl_arena_printf(arena, "%s-%zu", row->id, nth);
	tctl_fold(row->key, strlen(row->key), key, 24);
	for (size_t i = 0; key[i] != '\0'; i++)
		if (isalnum((unsigned char)key[i]))
			key[n++] = key[i];
	key[n] = '\0';
	return tctl_arena_printf(arena, "S%s-%s", key, row->id);
}

/* The row above with the same id, if both are one task: a backlog lists what
 * the sprints list again.  Else the row gets another id, or keeps its own to be
 * told as a duplicate. */
static const struct tctl_task_row *
twin_of(struct tctl_rows *rows, struct tctl_task_row *row, size_t nth)
{
	size_t first = tctl_index_find(&rows->ids, row->normal);
	const struct tctl_task_row *twin = &rows->at[first];
	bool is_other_table = twin->table != row->table;

	if (twin == row)
		return NULL;
	if (is_other_table &&
	    (row->key == NULL || twin->key == NULL ||
		(is_same_sprint(twin, row) && is_same_title(rows, twin, row))))
		return twin;
	if (row->is_made || (row->key != NULL && !is_same_sprint(twin, row)))
		row->id = other_id(rows, row, nth);
	return NULL;
}

/* --- tasks -------------------------------------------------------------- */

static void
read_duration(struct tctl_draft *draft, size_t task,
    const struct tctl_md_line *cell, const char *unit)
{
	const char *text =
	    tctl_skip_marks(cell->text, cell->text + cell->length);
	struct tctl_task *t = &draft->plan->task[task];
	struct tctl_duration duration;

	if (t->estimate_s >= 0 ||
	    !tctl_estimate_read(text, unit, draft->hours_per_day, &duration))
		return;
	t->estimate_s = duration.seconds;
	draft->detail[task].duration_line = cell->place.line;
	if (duration.is_range)
		tctl_say(draft, TCTL_WARNING, "range", cell->place, 0,
		    "\"%.60s\" is a range: its low end counts", text);
}

static void
read_cells(struct tctl_draft *draft, const struct tctl_task_row *row)
{
	const struct tctl_task_table *table = row->table;

	for (size_t i = 0; i < table->count; i++) {
		const struct tctl_md_line *cell = row->cells.at[i];

		if (cell == NULL || i == table->id || i == table->name)
			continue;
		switch (table->word[i]) {
		case TCTL_WORD_DURATION:
			read_duration(draft, row->task, cell, table->unit[i]);
			break;
		case TCTL_WORD_STATUS:
			tctl_status_apply(
			    draft, row->task, cell, cell->text, cell->length);
			break;
		case TCTL_WORD_FILES:
			tctl_field_files(
			    draft, row->task, cell, cell->text, cell->length);
			break;
		case TCTL_WORD_NEEDS:
			break; /* when all tasks are known */
		default:
			tctl_cell_read(draft, row->task, table->word[i], cell);
		}
	}
}

static bool
is_cancelled(const struct tctl_task_row *row)
{
	const struct tctl_md_line *state =
	    tctl_task_cell(row->table, &row->cells, TCTL_WORD_STATUS);
	const struct tctl_md_run *run = row->line->run;

	if (state != NULL && tctl_status_is_done(state->text, state->length))
		return false;
	return (state != NULL &&
		   tctl_status_is_cancelled(state->text, state->length)) ||
	       (row->line->run_count == 1 && run->style == TCTL_MD_DELETED &&
		   run->from == 0 && run->to == row->line->length);
}

static void
add_task(struct tctl_rows *rows, struct tctl_task_row *row)
{
	struct tctl_draft *draft = rows->draft;
	struct tctl_arena *arena = draft->plan->arena;
	const char *title =
	    tctl_title_key(arena, row->title, strlen(row->title));

	if (is_cancelled(row)) {
		tctl_index_add(arena, &rows->gone, row->normal, 0);
		tctl_index_add(arena, &rows->gone, title, 0);
		tctl_say(draft, TCTL_NOTE, "cancelled", row->place, 0,
		    "%.100s is cancelled: not loaded", row->id);
		return;
	}
	row->task =
	    tctl_draft_task(draft, row->id, row->title, TCTL_NONE, row->place);
	draft->plan->task[row->task].ticked = row->is_done;
	draft->detail[row->task].title_place = row->line->place;
	tctl_index_add(arena, &rows->titles, title, row->task);
}

static void
finish_task(struct tctl_draft *draft, size_t i)
{
	struct tctl_task *task = &draft->plan->task[i];
	const struct tctl_detail *detail = &draft->detail[i];

	if (detail->table_priority != 0)
		task->priority = detail->table_priority;
	if (task->mutex == NULL && detail->serial.line != 0)
		task->mutex = TCTL_MUTEX_SERIAL;
	if (task->files.count == 0)
		tctl_field_title_file(draft, i);
}

/* Behind the title, in its cell. */
static void
note_made(struct tctl_draft *draft, const struct tctl_task_row *row)
{
	const struct tctl_md_line *line = row->line;
	struct tctl_place end = tctl_md_place(line, line->text + line->length);

	tctl_draft_made(draft, &(struct tctl_made){ .task = row->task,
				   .line = end.line,
				   .column = end.column,
				   .prefix = " {#",
				   .suffix = "}" });
}

static void
settle_row(struct tctl_rows *rows, struct tctl_task_row *row, size_t nth)
{
	const struct tctl_task_row *twin = twin_of(rows, row, nth);

	if (twin != NULL)
		row->task = twin->task;
	else
		add_task(rows, row);
	if (row->task == TCTL_NONE)
		return;
	if (row->is_made)
		note_made(rows->draft, row);
	if (row->key != NULL)
		tctl_groups_add(rows->draft, &rows->groups,
		    &(struct tctl_group){ row->task, row->key,
			row->sprint_title, row->sprint_place });
	read_cells(rows->draft, row);
}

void
tctl_rows_settle(struct tctl_rows *rows)
{
	struct tctl_draft *draft = rows->draft;

	for (size_t i = 0; i < rows->count; i++)
		tctl_index_add(
		    draft->plan->arena, &rows->ids, rows->at[i].normal, i);
	tctl_index_build(&rows->ids);
	for (size_t i = 0; i < rows->count; i++)
		settle_row(rows, &rows->at[i], i + 1);
	tctl_groups_settle(draft, &rows->groups);
	tctl_index_build(&rows->titles);
	tctl_index_build(&rows->gone);
	tctl_draft_index_sprints(draft);
	tctl_draft_index_tasks(draft);
	for (size_t i = 0; i < rows->count; i++)
		if (rows->at[i].task != TCTL_NONE)
			tctl_rows_needs(rows, &rows->at[i]);
	for (size_t i = 0; i < draft->plan->task_count; i++)
		finish_task(draft, i);
}
