/* check_strategy.c - a table of who does what, against the tasks:
 *
 *     | Sprint | Agent A                  | Agent B        |
 *     | 1      | Scripts (45m) + Docs (1h) | Database (1h30) |
 */
#include <string.h>

#include "check.h"
#include "fields.h"
#include "parts.h"

enum { PIECE_BYTES_MAX = 200, NAMED_MAX = 12 };

/* A row, while it is read. */
struct row {
	struct tctl_draft *draft;
	const struct tctl_md_line *cell;
	size_t sprint;
	const char *agent; /* the name of the column */
	int64_t sum;	   /* of the durations in the cell */
	bool *listed;	   /* one a task of the sprint */
	/* The tasks that it gives to somebody else than their fields do. */
	const char *others;
	size_t other_count;
	struct tctl_place other_place; /* of the first */
	int other_line;
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
note_agent(struct row *row, size_t task, const char *at)
{
	struct tctl_arena *arena = row->draft->plan->arena;
	const struct tctl_task *t = &row->draft->plan->task[task];
	const char *name =
	    tctl_agent_name(arena, row->agent, strlen(row->agent));

	if (name == NULL || t->planned_agent == NULL ||
	    tctl_agent_is(name, t->planned_agent))
		return;
	if (row->other_count++ == 0) {
		row->other_place = tctl_md_place(row->cell, at);
		row->other_line = row->draft->detail[task].agent_line;
	}
	if (row->other_count <= NAMED_MAX)
		row->others = tctl_arena_printf(arena, "%s%s%s to %s (%s)",
		    row->others, row->other_count == 1 ? "" : ", ", t->id, name,
		    t->planned_agent);
}

/* "Scripts (45m)". */
static void
read_piece(struct row *row, const char *text, size_t length)
{
	struct tctl_draft *draft = row->draft;
	struct tctl_duration duration;
	const char *at = text;
	char title[PIECE_BYTES_MAX];
	char *open;
	size_t task, from = draft->sprint_at[row->sprint];

	tctl_trim(&at, &length);
	if (length == 0 || length >= sizeof(title))
		return;
	memcpy(title, at, length);
	title[length] = '\0';
	open = strrchr(title, '(');
	if (open != NULL &&
	    tctl_duration_read(open + 1, draft->hours_per_day, &duration)) {
		row->sum += duration.seconds;
		*open = '\0';
	}
	task = tctl_draft_find(
	    draft, title, tctl_id_length(title, title + length));
	if (task == TCTL_NONE)
		task = tctl_draft_find_title(draft, row->sprint, title);
	if (task == TCTL_NONE || draft->plan->task_sprint[task] != row->sprint)
		return;
	for (size_t i = from; i < draft->sprint_at[row->sprint + 1]; i++)
		if (draft->member[i] == task)
			row->listed[i - from] = true;
	note_agent(row, task, at);
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
read_cell(struct row *row)
{
	const struct tctl_claim *stated =
	    tctl_claim_of(row->draft, row->sprint, TCTL_CLAIM_PARALLEL);
	const char *text = row->cell->text, *piece = text;

	for (;; text++) {
		size_t n = part_length(text);

		if (n == 0 && *text != '\0')
			continue;
		read_piece(row, piece, (size_t)(text - piece));
		if (*text == '\0')
			break;
		text += n - 1;
		piece = text + 1;
	}
	if (stated != NULL && row->sum > stated->value)
		tctl_say(row->draft, TCTL_WARNING, "strategy", row->cell->place,
		    stated->place.line,
		    "this table gives %s %s of work in sprint %s, which is "
		    "said to take %s in parallel",
		    row->agent, tctl_say_s(row->draft, row->sum),
		    row->draft->plan->sprint[row->sprint].key,
		    tctl_say_s(row->draft, stated->value));
}

/* What is the same for several tasks is said once a row. */
static void
say_row(struct row *row, const struct tctl_md *md)
{
	struct tctl_draft *draft = row->draft;
	const size_t *member = draft->member + draft->sprint_at[row->sprint];
	size_t members =
	    draft->sprint_at[row->sprint + 1] - draft->sprint_at[row->sprint];
	size_t first = 0;
	struct tctl_names names = { .count = 0 };

	if (row->other_count != 0)
		tctl_say(draft, TCTL_WARNING, "strategy", row->other_place,
		    row->other_line,
		    "this table gives tasks to others than their fields do: "
		    "%s%s",
		    row->others, row->other_count > NAMED_MAX ? ", ..." : "");
	for (size_t i = 0; i < members; i++)
		if (!row->listed[i]) {
			first = names.count == 0 ? member[i] : first;
			tctl_names_add(&names, draft->plan->task[member[i]].id);
		}
	if (names.count != 0 && names.count != members)
		tctl_say(draft, TCTL_WARNING, "strategy", md->place,
		    draft->plan->task[first].line, "this table leaves out %s",
		    names.text);
}

static void
read_row(struct tctl_draft *draft, const struct tctl_md *header,
    const struct tctl_md *md)
{
	const struct tctl_md *name = header->child, *at = md->child;
	struct row row = { .draft = draft, .others = "" };
	size_t members;

	if (at == NULL)
		return;
	row.sprint = find_sprint(draft, tctl_md_text(at));
	if (row.sprint == TCTL_NONE)
		return;
	members =
	    draft->sprint_at[row.sprint + 1] - draft->sprint_at[row.sprint];
	row.listed = tctl_arena_alloc(draft->plan->arena, members + 1);
	for (name = name->next, at = at->next; name != NULL && at != NULL;
	     name = name->next, at = at->next) {
		row.cell = tctl_md_first(at);
		row.agent = tctl_md_text(name);
		row.sum = 0;
		if (is_agent_column(row.agent))
			read_cell(&row);
	}
	say_row(&row, md);
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
