/* tables_needs.c - the cells of tables that name other tasks: by id, by title
 * where rows have no ids, or in words that refs.c knows. */
#include <string.h>

#include "fields.h"
#include "tables_rows.h"

enum { PIECES_MAX = 64 };

/* The bytes up to the next comma, semicolon, plus or line break. */
static size_t
piece_length(const char *text, const char *end)
{
	const char *at = text;

	while (at < end && strchr(",;+&", *at) == NULL &&
	       strncmp(at, "<br", 3) != 0)
		at++;
	return (size_t)(at - text);
}

static const char *
skip_break(const char *at, const char *end)
{
	if (at < end && *at == '<')
		at += strcspn(at, ">");
	return at < end ? at + 1 : end;
}

/* The task that a piece is as a whole; *gone: one that is cancelled. */
static size_t
find_task(
    const struct tctl_rows *rows, const char *text, size_t length, bool *gone)
{
	struct tctl_draft *draft = rows->draft;
	char normal[TCTL_ID_MAX], id[TCTL_ID_MAX];
	const char *key;
	size_t task;

	while (length > 0 && strchr("#[(`\"'", *text) != NULL)
		text++, length--;
	while (length > 0 && strchr("])`\"'.", text[length - 1]) != NULL)
		length--;
	task = tctl_draft_find(draft, text, length);
	if (task != TCTL_NONE)
		return task;
	key = tctl_title_key(draft->plan->arena, text, length);
	task = tctl_index_find(&rows->titles, key);
	*gone =
	    task == TCTL_NONE && tctl_index_find(&rows->gone, key) != TCTL_NONE;
	if (task != TCTL_NONE || *gone || length >= sizeof(id))
		return task;
	memcpy(id, text, length);
	id[length] = '\0';
	*gone = tctl_id_normalise(id, normal) &&
		tctl_index_find(&rows->gone, normal) != TCTL_NONE;
	return TCTL_NONE;
}

/* Are all pieces of the cell tasks?  Then they are needed. */
static bool
read_pieces(struct tctl_rows *rows, const struct tctl_task_row *row,
    const struct tctl_md_line *cell)
{
	const char *at = cell->text, *end = at + cell->length;
	size_t found[PIECES_MAX], count = 0;
	bool any = false;

	while (at < end) {
		size_t n = piece_length(at, end), length = n;
		const char *piece = at;
		bool gone = false;
		size_t task;

		at = skip_break(at + n, end);
		tctl_trim(&piece, &length);
		if (length == 0)
			continue;
		task = find_task(rows, piece, length, &gone);
		if ((task == TCTL_NONE && !gone) || count == PIECES_MAX)
			return false;
		any = true;
		if (gone)
			tctl_say(rows->draft, TCTL_WARNING,
			    "cancelled_dependency", tctl_md_place(cell, piece),
			    0,
			    "%.100s depends on %.*s, which is cancelled: it "
			    "does not wait for it",
			    row->id, (int)length, piece);
		else
			found[count++] = task;
	}
	for (size_t i = 0; i < count; i++)
		tctl_draft_edge(
		    rows->draft, found[i], row->task, TCTL_EDGE_TABLE);
	return any;
}

/* The first row of the index whose key is not before the text. */
static size_t
lower_bound(const struct tctl_index *index, const char *text)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(index->row[middle].key, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* "Epic 1 complete", where no heading is called so: all of 1.1, 1.2 ... */
static bool
read_epic(struct tctl_rows *rows, const struct tctl_task_row *row,
    const struct tctl_md_line *cell)
{
	struct tctl_draft *draft = rows->draft;
	const char *end = cell->text + cell->length;
	const char *at = tctl_skip_marks(cell->text, end), *word;
	char prefix[TCTL_ID_MAX];
	size_t used, n, bytes, found = 0;

	if (draft->edge_room == 0)
		return true; /* that is said already */
	if (tctl_draft_named_sprint(draft, at, end, &used) != TCTL_NONE ||
	    used == 0)
		return false;
	word = at + used;
	if (tctl_word_next(end, &word) != 0 &&
	    !tctl_word_is_done(word, (size_t)(end - word)))
		return false;
	for (n = used; n > 0 && at[n - 1] > ' ';)
		n--;
	bytes = tctl_fold(at + n, used - n, prefix, sizeof(prefix) - 1);
	memcpy(prefix + bytes, ".", 2);
	for (size_t i = lower_bound(&draft->tasks, prefix);
	     i < draft->tasks.count && draft->edge_room != 0 &&
	     !strncmp(draft->tasks.row[i].key, prefix, bytes + 1);
	     i++, found++)
		if (draft->tasks.row[i].value != row->task)
			tctl_draft_edge(draft, draft->tasks.row[i].value,
			    row->task, TCTL_EDGE_TABLE | TCTL_EDGE_WHOLE);
	return found != 0;
}

void
tctl_rows_needs(struct tctl_rows *rows, const struct tctl_task_row *row)
{
	const struct tctl_md_line *cell =
	    tctl_task_cell(row->table, &row->cells, TCTL_WORD_NEEDS);

	if (cell != NULL && !tctl_is_nothing(cell->text, cell->length) &&
	    !read_pieces(rows, row, cell) && !read_epic(rows, row, cell))
		tctl_needs_read(rows->draft, row->task, cell, cell->text,
		    cell->length, TCTL_EDGE_TABLE);
}
