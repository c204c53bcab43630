/* import_rows.c - reading what the store has of a plan. */
#include <stdlib.h>
#include <string.h>

#include "import_rows.h"

struct reader {
	struct tctl_arena *arena;
	struct tctl_import_rows *rows;
	size_t cursor; /* children come in the order of their tasks */
};

static void
take_task(void *into, const char *const col[])
{
	struct reader *reader = into;
	struct tctl_import_rows *rows = reader->rows;
	struct tctl_import_row *row;

	rows->at = tctl_arena_grow(
	    reader->arena, rows->at, rows->count, sizeof(*rows->at));
	row = &rows->at[rows->count++];
	memset(row, 0, sizeof(*row));
	/* In the order of the columns of task_plan_rows. */
	row->id = tctl_col(col[0]);
	row->key = tctl_arena_strdup(reader->arena, tctl_col_text(col[1]));
	row->title = tctl_arena_strdup(reader->arena, tctl_col_text(col[2]));
	row->sprint = tctl_arena_strdup(reader->arena, col[3]);
	row->position = tctl_col(col[4]);
	row->priority = tctl_col(col[5]);
	row->estimate_s = col[6] == NULL ? -1 : tctl_col(col[6]);
	row->agent = tctl_arena_strdup(reader->arena, col[7]);
	row->mutex = tctl_arena_strdup(reader->arena, col[8]);
	row->line = tctl_col(col[9]);
	row->hand = tctl_col(col[10]);
	row->orphaned = tctl_col(col[11]) != 0;
	row->state = tctl_arena_strdup(reader->arena, tctl_col_text(col[12]));
	row->ticked = tctl_col(col[13]) != 0;
	row->sprint_id = tctl_col(col[14]);
	row->chain = tctl_col(col[15]);
	row->step = tctl_col(col[16]);
	row->is_gate = tctl_col(col[17]) != 0;
}

/* The task that the row is of, which come in the same order; NULL: the store is
 * damaged, and it is of none. */
static struct tctl_import_row *
parent(struct reader *reader, const char *col)
{
	const struct tctl_import_rows *rows = reader->rows;
	int64_t id = tctl_col(col);

	while (reader->cursor < rows->count && rows->at[reader->cursor].id < id)
		reader->cursor++;
	return reader->cursor < rows->count && rows->at[reader->cursor].id == id
		   ? &rows->at[reader->cursor]
		   : NULL;
}

static void
take_dep(void *into, const char *const col[])
{
	struct reader *reader = into;
	struct tctl_import_row *row = parent(reader, col[0]);

	if (row == NULL)
		return;
	row->deps = tctl_arena_grow(
	    reader->arena, row->deps, row->dep_count, sizeof(*row->deps));
	row->deps[row->dep_count++] =
	    (struct tctl_import_dep){ .needs = tctl_col(col[1]),
		    .origin = tctl_arena_strdup(
			reader->arena, tctl_col_text(col[2])) };
}

static void
take_line(void *into, const char *const col[])
{
	struct reader *reader = into;
	struct tctl_import_row *row = parent(reader, col[0]);

	if (row == NULL)
		return;
	row->lines = tctl_arena_grow(
	    reader->arena, row->lines, row->line_count, sizeof(*row->lines));
	row->lines[row->line_count++] = (struct tctl_import_line){
		.kind = tctl_arena_strdup(reader->arena, tctl_col_text(col[1])),
		.text = tctl_arena_strdup(reader->arena, tctl_col_text(col[2])),
		.done = tctl_col(col[3]) != 0,
		.ticked = tctl_col(col[4]) != 0,
	};
}

/* qsort has no argument for the array; one import runs at a time. */
struct keyed {
	const char *key;
	size_t index;
};

static int
by_key(const void *a, const void *b)
{
	return strcmp(
	    ((const struct keyed *)a)->key, ((const struct keyed *)b)->key);
}

static void
sort_keys(struct tctl_arena *arena, struct tctl_import_rows *rows)
{
	struct keyed *keyed = tctl_xcalloc(rows->count, sizeof(*keyed));

	for (size_t i = 0; i < rows->count; i++)
		keyed[i] = (struct keyed){ rows->at[i].key, i };
	qsort(keyed, rows->count, sizeof(*keyed), by_key);
	rows->by_key =
	    tctl_arena_alloc(arena, (rows->count + 1) * sizeof(*rows->by_key));
	for (size_t i = 0; i < rows->count; i++)
		rows->by_key[i] = keyed[i].index;
	free(keyed);
}

enum tctl_status
tctl_import_rows_read(struct tctl_store *store, struct tctl_arena *arena,
    int64_t plan, struct tctl_import_rows *out, struct tctl_error *err)
{
	static const struct {
		const char *sql;
		tctl_row_fn *take;
	} part[] = {
		{ tctl_sql_task_plan_rows, take_task },
		{ tctl_sql_task_plan_deps, take_dep },
		{ tctl_sql_task_plan_lines, take_line },
	};
	struct reader reader = { .arena = arena, .rows = out };
	enum tctl_status status = TCTL_OK;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; status == TCTL_OK && i < TCTL_COUNT(part); i++) {
		reader.cursor = 0;
		status = tctl_query(store, part[i].sql, TCTL_ARGS(TCTL_N(plan)),
		    part[i].take, &reader, NULL, err);
	}
	if (status == TCTL_OK)
		sort_keys(arena, out);
	return status;
}

struct tctl_import_row *
tctl_import_rows_find(const struct tctl_import_rows *rows, const char *key)
{
	size_t low = 0, high = rows->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct tctl_import_row *row = &rows->at[rows->by_key[middle]];
		int order = strcmp(key, row->key);

		if (order == 0)
			return row;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* --- lines ------------------------------------------------------------ */

static int
by_text(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order != 0	     ? order
	       : x->index < y->index ? -1
				     : x->index > y->index;
}

const struct tctl_import_line **
tctl_import_lines_match(struct tctl_arena *arena,
    const struct tctl_import_row *row, const char *kind,
    const struct tctl_items *items)
{
	const struct tctl_import_line **out =
	    tctl_arena_alloc(arena, (items->count + 1) * sizeof(*out));
	size_t lines = row == NULL ? 0 : row->line_count, have = 0, at = 0;
	struct keyed *line = tctl_xcalloc(lines, sizeof(*line));
	struct keyed *item = tctl_xcalloc(items->count, sizeof(*item));

	for (size_t i = 0; i < lines; i++)
		if (strcmp(row->lines[i].kind, kind) == 0)
			line[have++] = (struct keyed){ row->lines[i].text, i };
	for (size_t i = 0; i < items->count; i++)
		item[i] = (struct keyed){ items->at[i].text, i };
	qsort(line, have, sizeof(*line), by_text);
	qsort(item, items->count, sizeof(*item), by_text);
	for (size_t i = 0; i < items->count; i++) {
		while (at < have && strcmp(line[at].key, item[i].key) < 0)
			at++;
		if (at < have && strcmp(line[at].key, item[i].key) == 0)
			out[item[i].index] = &row->lines[line[at++].index];
	}
	free(line);
	free(item);
	return out;
}
