/* tables_columns.c - which tables are tables of tasks, and where in them the
 * ids and titles stand. */
#include <string.h>

#include "status.h"
#include "dialect_tables.h"

enum { NAME_WORDS_MAX = 4 };

/* --- names of tasks ----------------------------------------------------- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

size_t
tctl_leading_id(
    const char *at, const char *end, bool lenient, const char **rest)
{
	size_t n, digits = 0, joints = 0, letters = 0;
	const char *after;
	bool separated;

	at += at < end && *at == '#';
	n = tctl_id_length(at, end);
	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		digits += is_digit(at[i]);
		joints += i > 0 && strchr(".-_", at[i]) != NULL &&
			  is_digit(at[i + 1]);
		letters += !is_digit(at[i]) && strchr(".-_", at[i]) == NULL;
	}
	after = at + n;
	separated = after < end && strchr(":.)", *after) != NULL;
	*rest = after + strspn(after, " \t:.)-|");
	if (after == end)
		return n;
	if (*after != ' ' && !separated)
		return 0;
	return joints != 0 || separated ||
		       (lenient && (letters == 0 || !is_digit(*at)))
		   ? n
		   : 0;
}

static bool
is_total(const struct tctl_md_line *cell)
{
	const char *at = cell->text, *end = at + cell->length;
	size_t n = tctl_word_next(end, &at);

	return n != 0 && tctl_word_is(at, n, TCTL_WORD_TOTAL);
}

size_t
tctl_task_row_id(const struct tctl_task_table *table,
    const struct tctl_task_cells *cells, const char **id, const char **title)
{
	static const char none[] = "";
	const struct tctl_md_line *name =
	    table->name == TCTL_NONE ? NULL : cells->at[table->name];
	const struct tctl_md_line *cell =
	    table->id == TCTL_NONE ? NULL : cells->at[table->id];
	const char *end;
	size_t n;

	*id = *title = name == NULL ? none : name->text;
	if ((cell != NULL && is_total(cell)) ||
	    (name != NULL && is_total(name))) {
		*title = none;
		return 0;
	}
	if (cell != NULL) {
		*id = cell->text;
		n = cell->length;
		tctl_trim(id, &n);
		end = *id + n;
		*id = tctl_skip_marks(*id, end);
		n = (size_t)(end - *id);
		while (n > 0 && (**id == '#' || **id == '['))
			++*id, n--;
		while (n > 0 && strchr(".:])", (*id)[n - 1]) != NULL)
			n--;
		return n < 40 && memchr(*id, ' ', n) == NULL ? n : 0;
	}
	if (name == NULL)
		return 0;
	end = name->text + name->length;
	*id = tctl_skip_marks(name->text, end);
	*title = *id;
	n = tctl_leading_id(*id, end, table->names_lead, title);
	*id += n != 0 && **id == '#';
	return n;
}

/* --- the header --------------------------------------------------------- */

/* "Done", "✅" or nothing at all above boxes: a column of states. */
static enum tctl_word
state_word(
    const struct tctl_md_line *name, const struct tctl_md *first, size_t column)
{
	const struct tctl_md *cell = first == NULL ? NULL : first->child;
	const char *text, *end = name->text + name->length;

	if (tctl_word_is(name->text, name->length, TCTL_WORD_DONE))
		return TCTL_WORD_STATUS;
	if (tctl_skip_marks(name->text, end) != end)
		return TCTL_WORD_NONE;
	while (cell != NULL && column-- > 0)
		cell = cell->next;
	text = cell == NULL ? "" : tctl_md_text(cell);
	if (*text == '[' || (*text != '\0' && *tctl_skip_marks(text,
						  text + strlen(text)) == '\0'))
		return TCTL_WORD_STATUS;
	return TCTL_WORD_NONE;
}

/* "Task ID", "Story title", "Current status": what one word of it says. */
static enum tctl_word
word_among(const char *name, size_t length)
{
	const char *end = name + length;
	enum tctl_word found = TCTL_WORD_NONE;
	bool of_task = false;
	size_t n, words = 0;

	for (; (n = tctl_word_next(end, &name)) != 0; name += n, words++) {
		enum tctl_word word = tctl_word_field(name, n);

		if (word == TCTL_WORD_TASK)
			of_task = true;
		else if (word != TCTL_WORD_NONE && found != TCTL_WORD_NONE)
			return TCTL_WORD_NONE;
		else if (word != TCTL_WORD_NONE)
			found = word;
	}
	if (words > NAME_WORDS_MAX)
		return TCTL_WORD_NONE;
	if (of_task)
		return found == TCTL_WORD_TITLE ? TCTL_WORD_TASK : found;
	return found == TCTL_WORD_STATUS || found == TCTL_WORD_NEEDS ||
		       found == TCTL_WORD_PRIORITY
		   ? found
		   : TCTL_WORD_NONE;
}

static void
read_header(const struct tctl_md *header, struct tctl_task_table *out,
    size_t *task, size_t *title)
{
	for (const struct tctl_md *cell = header->child;
	     cell != NULL && out->count < TCTL_COLUMNS_MAX; cell = cell->next) {
		const struct tctl_md_line *name = tctl_md_first(cell);
		size_t i = out->count++;
		enum tctl_word word =
		    tctl_name_read(name->text, name->length, out->unit[i]);

		if (word == TCTL_WORD_NONE)
			word = word_among(name->text, name->length);
		if (word == TCTL_WORD_NONE)
			word = state_word(name, header->next, i);
		for (size_t k = 0; k < i; k++) /* the first of its kind */
			if (out->word[k] == word)
				word = TCTL_WORD_NONE;
		out->word[i] = word;
		if (word == TCTL_WORD_ID)
			out->id = i;
		else if (word == TCTL_WORD_TASK)
			*task = i;
		else if (word == TCTL_WORD_TITLE)
			*title = i;
		out->has_needs |= word == TCTL_WORD_NEEDS;
		out->has_state |=
		    word == TCTL_WORD_STATUS || word == TCTL_WORD_DURATION;
		out->has_other |=
		    word == TCTL_WORD_AGENT || word == TCTL_WORD_PRIORITY;
	}
}

/* Is what stands under "Story" nothing but ids, beside a title? */
static bool
is_all_ids(const struct tctl_md *table, size_t column)
{
	size_t rows = 0;

	for (const struct tctl_md *row = table->child->next; row != NULL;
	     row = row->next, rows++) {
		const struct tctl_md *cell = row->child;
		const struct tctl_md_line *line;

		for (size_t i = 0; cell != NULL && i < column; i++)
			cell = cell->next;
		if (cell == NULL)
			return false;
		line = tctl_md_first(cell);
		if (is_total(line))
			continue;
		if (line->length == 0 || line->length >= 40 ||
		    memchr(line->text, ' ', line->length) != NULL ||
		    strpbrk(line->text, "0123456789") == NULL)
			return false;
	}
	return rows != 0;
}

void
tctl_task_cells(const struct tctl_md *row, const struct tctl_task_table *table,
    struct tctl_task_cells *out)
{
	size_t i = 0;

	memset(out, 0, sizeof(*out));
	for (const struct tctl_md *cell = row->child;
	     cell != NULL && i < table->count; cell = cell->next)
		out->at[i++] = tctl_md_first(cell);
}

static void
look_at_rows(const struct tctl_md *table, struct tctl_task_table *out)
{
	size_t leading = 0;

	out->names_lead = true;
	for (const struct tctl_md *row = table->child->next; row != NULL;
	     row = row->next) {
		struct tctl_task_cells cells;
		const char *id, *title;
		size_t n;

		tctl_task_cells(row, out, &cells);
		n = tctl_task_row_id(out, &cells, &id, &title);
		if (*title == '\0' && n == 0)
			continue; /* a total */
		out->rows++;
		leading += n != 0;
	}
	out->names_lead = leading == out->rows;
}

bool
tctl_task_table_read(const struct tctl_md *table, struct tctl_task_table *out)
{
	size_t task = TCTL_NONE, title = TCTL_NONE;

	memset(out, 0, sizeof(*out));
	out->id = out->name = TCTL_NONE;
	if (table->child == NULL || table->child->next == NULL)
		return false;
	read_header(table->child, out, &task, &title);
	if (out->id == TCTL_NONE && task != TCTL_NONE && title != TCTL_NONE &&
	    is_all_ids(table, task)) {
		out->id = task;
		task = TCTL_NONE;
	}
	out->name = task != TCTL_NONE ? task : title;
	if (out->name == TCTL_NONE ||
	    !(out->has_needs || out->has_state || out->has_other) ||
	    (task == TCTL_NONE && out->id == TCTL_NONE && !out->has_needs))
		return false;
	look_at_rows(table, out);
	return out->rows != 0;
}

const struct tctl_md_line *
tctl_task_cell(const struct tctl_task_table *table,
    const struct tctl_task_cells *cells, enum tctl_word word)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->word[i] == word)
			return cells->at[i];
	return NULL;
}
