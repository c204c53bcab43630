/* check_strategy.c - a table of who does what, against the tasks:
 *
 *     | Sprint | Agent A                  | Agent B        |
 *     | 1      | Scripts (45m) + Docs (1h) | Database (1h30) |
 */
#include <string.h>

#include "check.h"
#include "fields.h"
#include "parts.h"

enum { PIECE_BYTES_MAX = 200 };

struct cell {
	struct tctl_draft *draft;
	size_t sprint;
	const char *agent; /* the name of the column */
	int line;
	int64_t sum;  /* of the durations in the cell */
	bool *listed; /* one a task of the sprint */
};

static bool
is_agent_column(const char *name)
{
	const char *at = name;
	size_t n = tctl_word_next(name + strlen(name), &at);

	return n != 0 && tctl_word_is(at, n, TCTL_WORD_AGENT) && at[n] != '\0';
}

/* The first column names sprints, and some other names one agent. */
static bool
is_strategy(const struct tctl_md *table)
{
	const struct tctl_md *cell =
	    table->child != NULL ? table->child->child : NULL;
	const char *name = cell != NULL ? tctl_md_text(cell) : "";

	if (!tctl_word_is(name, strlen(name), TCTL_WORD_SPRINT))
		return false;
	for (cell = cell->next; cell != NULL; cell = cell->next)
		if (is_agent_column(tctl_md_text(cell)))
			return true;
	return false;
}

/* The sprint that "1", "Sprint 1" or "Sprint 1: Base" names. */
static size_t
find_sprint(const struct tctl_draft *draft, const char *text)
{
	const char *end = text + strlen(text);
	const char *at = tctl_skip_marks(text, end);
	size_t used, sprint = tctl_draft_named_sprint(draft, at, end, &used);

	if (used != 0)
		return sprint;
	return tctl_draft_find_sprint(draft, at, tctl_id_length(at, end));
}

static void
say_agent(struct cell *cell, size_t task)
{
	const struct tctl_task *t = &cell->draft->plan->task[task];
	const char *name = tctl_agent_name(
	    cell->draft->plan->arena, cell->agent, strlen(cell->agent));
	char column[TCTL_AGENT_MAX], field[TCTL_AGENT_MAX];

	if (name == NULL || t->planned_agent == NULL)
		return;
	tctl_agent_normalise(name, column);
	tctl_agent_normalise(t->planned_agent, field);
	if (strcmp(column, field) != 0)
		tctl_say(cell->draft, TCTL_WARNING, "strategy", cell->line,
		    cell->draft->detail[task].agent_line,
		    "this table gives %s to %s, its field to %s", t->id, name,
		    t->planned_agent);
}

/* "Scripts (45m)". */
static void
read_piece(struct cell *cell, const char *text, size_t length)
{
	struct tctl_draft *draft = cell->draft;
	struct tctl_duration duration;
	char title[PIECE_BYTES_MAX];
	char *open;
	size_t task, from = draft->sprint_at[cell->sprint];

	tctl_trim(&text, &length);
	if (length == 0 || length >= sizeof(title))
		return;
	memcpy(title, text, length);
	title[length] = '\0';
	open = strrchr(title, '(');
	if (open != NULL &&
	    tctl_duration_read(open + 1, draft->hours_per_day, &duration)) {
		cell->sum += duration.seconds;
		*open = '\0';
	}
	task = tctl_draft_find(
	    draft, title, tctl_id_length(title, title + length));
	if (task == TCTL_NONE)
		task = tctl_draft_find_title(draft, cell->sprint, title);
	if (task == TCTL_NONE || draft->plan->task_sprint[task] != cell->sprint)
		return;
	for (size_t i = from; i < draft->sprint_at[cell->sprint + 1]; i++)
		if (draft->member[i] == task)
			cell->listed[i - from] = true;
	say_agent(cell, task);
}

/* Bytes of what parts two tasks: an arrow, a plus, a comma. */
static size_t
part_length(const char *at)
{
	static const char *const mark[] = { "→", "+", ",", ";", "->", "&",
		"<br>", "<br/>" };

	for (size_t i = 0; i < TCTL_COUNT(mark); i++)
		if (!strncmp(at, mark[i], strlen(mark[i])))
			return strlen(mark[i]);
	return 0;
}

static void
read_cell(struct cell *cell, const char *text)
{
	const struct tctl_claim *stated =
	    tctl_claim_of(cell->draft, cell->sprint, TCTL_CLAIM_PARALLEL);
	const char *piece = text;

	for (;; text++) {
		size_t n = part_length(text);

		if (n == 0 && *text != '\0')
			continue;
		read_piece(cell, piece, (size_t)(text - piece));
		if (*text == '\0')
			break;
		text += n - 1;
		piece = text + 1;
	}
	if (stated != NULL && cell->sum > stated->value)
		tctl_say(cell->draft, TCTL_WARNING, "strategy", cell->line,
		    stated->line,
		    "this table gives %s %s of work in sprint %s, which is "
		    "said to take %s in parallel",
		    cell->agent, tctl_say_s(cell->draft, cell->sum),
		    cell->draft->plan->sprint[cell->sprint].key,
		    tctl_say_s(cell->draft, stated->value));
}

static void
read_row(struct tctl_draft *draft, const struct tctl_md *header,
    const struct tctl_md *row)
{
	const struct tctl_md *name = header->child, *at = row->child;
	struct cell cell = { .draft = draft, .line = row->line };
	size_t from, members, listed = 0;

	if (at == NULL)
		return;
	cell.sprint = find_sprint(draft, tctl_md_text(at));
	if (cell.sprint == TCTL_NONE)
		return;
	from = draft->sprint_at[cell.sprint];
	members = draft->sprint_at[cell.sprint + 1] - from;
	cell.listed = tctl_arena_alloc(draft->plan->arena, members + 1);
	for (name = name->next, at = at->next; name != NULL && at != NULL;
	     name = name->next, at = at->next) {
		cell.agent = tctl_md_text(name);
		cell.sum = 0;
		if (is_agent_column(cell.agent))
			read_cell(&cell, tctl_md_text(at));
	}
	for (size_t i = 0; i < members; i++)
		listed += cell.listed[i];
	for (size_t i = 0; listed != 0 && i < members; i++)
		if (!cell.listed[i])
			tctl_say(draft, TCTL_WARNING, "strategy", row->line,
			    draft->plan->task[draft->member[from + i]].line,
			    "this table leaves out %s",
			    draft->plan->task[draft->member[from + i]].id);
}

void
tctl_check_strategy(struct tctl_draft *draft)
{
	bool *seen =
	    tctl_arena_alloc(draft->plan->arena, draft->plan->sprint_count + 1);

	for (size_t i = 0; i < draft->table_count; i++) {
		const struct tctl_md *table = draft->table[i].node;

		if (!is_strategy(table))
			continue;
		for (const struct tctl_md *row = table->child->next; row;
		     row = row->next) {
			const char *key =
			    tctl_md_text(row->child != NULL ? row->child : row);
			size_t sprint = find_sprint(draft, key);

			/* Once a sprint: the rest is repetition. */
			if (sprint == TCTL_NONE || seen[sprint])
				continue;
			seen[sprint] = true;
			read_row(draft, table->child, row);
		}
	}
}
