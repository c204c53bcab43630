/* dialect_tables.c - plans that are tables: a row a task, columns in any order
 * and language; perhaps a table under the heading of each sprint.
 *
 *     | Story | Title          | Status | Depends on | Hours |
 *     | 1.1   | Set up project | Done   | none       | 2.5   |
 *
 * All rows are gathered first: whether an id that is met twice is the same task
 * again can only be told when all are known. */
#include <string.h>

#include "dialect.h"
#include "groups.h"
#include "heading.h"
#include "dialect_tables.h"
#include "tables_rows.h"

/* --- recognising ------------------------------------------------------ */

/* Boxes beside a table of tasks are its criteria; many more of them than rows
 * are the plan, and the table a summary. */
enum { BOXES_A_ROW = 4, NEEDS_SCORE = 80 };

static int
recognise(const struct tctl_source *source, struct tctl_arena *arena,
    const char **why)
{
	const struct tctl_md *node = source->root;
	size_t tables = 0, rows = 0, boxes = 0;
	int score = 0, best = 0;

	while ((node = tctl_md_walk(source->root, node)) != NULL) {
		struct tctl_task_table table;

		boxes += node->kind == TCTL_MD_ITEM && node->mark != 0;
		if (node->kind != TCTL_MD_TABLE ||
		    !tctl_task_table_read(node, &table))
			continue;
		tables++;
		rows += table.rows;
		score = table.has_needs	  ? NEEDS_SCORE
			: table.has_state ? 70
					  : 45;
		best = score > best ? score : best;
	}
	if (rows == 0)
		return 0;
	*why = tctl_arena_printf(arena, "%zu table%s of tasks with %zu row%s",
	    tables, tables == 1 ? "" : "s", rows, rows == 1 ? "" : "s");
	return boxes > BOXES_A_ROW * rows && best < NEEDS_SCORE ? 30 : best;
}

/* --- walking ------------------------------------------------------------ */

struct walk {
	struct tctl_rows rows;
	const char *key, *title; /* of the sprint; NULL: in none */
	struct tctl_place place;
	int level;
	bool is_done;
};

static void
read_heading(struct walk *w, const struct tctl_md *node)
{
	struct tctl_draft *draft = w->rows.draft;
	const char *text = tctl_md_text(node);
	struct tctl_heading heading;

	tctl_heading_read(draft->plan->arena, text, strlen(text),
	    draft->hours_per_day, false, &heading);
	if (heading.kind == TCTL_HEADING_SPRINT) {
		w->key = tctl_sprint_key(draft, &heading);
		w->title = heading.title;
		w->place = node->place;
		w->level = node->level;
		w->is_done = heading.is_done;
	} else if (node->level <= w->level) {
		w->key = NULL;
		w->is_done = false;
	}
}

static void
read_table(struct walk *w, const struct tctl_md *node)
{
	struct tctl_arena *arena = w->rows.draft->plan->arena;
	struct tctl_task_table *table = tctl_arena_alloc(arena, sizeof(*table));

	if (!tctl_task_table_read(node, table))
		return;
	for (node = node->child->next; node != NULL; node = node->next) {
		struct tctl_task_row row = { .table = table,
			.key = w->key,
			.sprint_title = w->title,
			.sprint_place = w->place,
			.is_done = w->is_done };

		tctl_task_cells(node, table, &row.cells);
		tctl_rows_add(&w->rows, &row);
	}
}

static void
read_tables(struct tctl_draft *draft)
{
	struct walk w = { .rows = { .draft = draft } };
	const struct tctl_md *root = draft->source.root, *node = root;

	while ((node = tctl_md_walk(root, node)) != NULL) {
		if (node->kind == TCTL_MD_HEADING)
			read_heading(&w, node);
		else if (node->kind == TCTL_MD_TABLE)
			read_table(&w, node);
		else if (node->kind == TCTL_MD_CODE &&
			 !strncmp(node->code->info, "mermaid", 7)) {
			draft->diagram =
			    tctl_arena_grow(draft->plan->arena, draft->diagram,
				draft->diagram_count, sizeof(*draft->diagram));
			draft->diagram[draft->diagram_count++] =
			    (struct tctl_later){ .node = node,
				    .sprint = TCTL_NONE };
		}
	}
	tctl_rows_settle(&w.rows);
}

const struct tctl_dialect tctl_dialect_tables = {
	.looks_for = "tables with a task a row, and columns such as \"Depends "
		     "on\", \"Estimate\" or \"Status\"",
	.most = NEEDS_SCORE,
	.recognise = recognise,
	.read = read_tables,
};
