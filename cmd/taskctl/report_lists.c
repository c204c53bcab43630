/* report_lists.c - the lists of a sprint review: a table each. */
#include "pen.h"
#include "print.h"
#include "report.h"

/* The newest of a list that can be long: a pull request is read by people. */
enum { LISTED_MOST = 100 };

enum form { TEXT, NAME, EFFORT, MOMENT };

/* A column: what stands above it, and the member of each row that it shows. */
struct column {
	const char *title;
	const char *key;
	enum form form;
};

static const char *
show(struct tctl_ctx *ctx, struct json_object *one, const struct column *column)
{
	const char *text = tctl_get(one, column->key);

	switch (column->form) {
	case NAME:
		return *text != '\0' ? text : "(none)";
	case EFFORT: /* nothing is no number */
		if (tctl_get_number(one, column->key) == 0)
			return "";
		return tctl_report_effort(ctx, one, column->key);
	case MOMENT:
		return tctl_report_moment(ctx, one, column->key);
	case TEXT:
		break;
	}
	return text;
}

/* Where a list is cut, the newest stay. */
static size_t
first_of(struct tctl_ctx *ctx, struct tctl_pen *pen, size_t count)
{
	if (count <= LISTED_MOST)
		return 0;
	tctl_pen_line(pen, tctl_arena_printf(ctx->arena,
			       "The newest %d of %zu; all of them "
			       "are in the JSON.",
			       LISTED_MOST, count));
	fputs("\n", pen->to);
	return count - LISTED_MOST;
}

/* Nothing at all where the list is empty; columns end with a title of NULL. */
static void
put_list(struct tctl_ctx *ctx, struct tctl_pen *pen, const char *heading,
    const struct column *columns, struct json_object *list)
{
	size_t count = json_object_array_length(list), first;
	const char *titles = "";

	if (count == 0)
		return;
	tctl_pen_heading(pen, heading);
	/* What is a log begins with a moment. */
	first = columns->form == MOMENT ? first_of(ctx, pen, count) : 0;
	for (const struct column *c = columns; c->title != NULL; c++)
		titles = tctl_arena_printf(ctx->arena, "%s%s%s", titles,
		    *titles != '\0' ? "|" : "", c->title);
	tctl_pen_table(pen, titles);
	for (size_t i = first; i < count; i++) {
		struct json_object *one = json_object_array_get_idx(list, i);

		tctl_pen_row(pen);
		for (const struct column *c = columns; c->title != NULL; c++)
			tctl_pen_cell(pen, show(ctx, one, c));
		tctl_pen_row_end(pen);
	}
	tctl_pen_table_end(pen);
}

/* clang-format off */
static const struct column agent_columns[] = {
	{ "Agent", "agent", TEXT }, { ">Done", "done", TEXT },
	{ ">Planned", "planned_s", EFFORT }, { ">Actual", "actual_s", EFFORT },
	{ ">Actual/planned", "ratio", TEXT },
	{ ">All work", "worked_s", EFFORT },
	{ ">Leases lost", "lapses", TEXT }, { NULL, NULL, TEXT }
};
static const struct column sprint_columns[] = {
	{ "Sprint", "id", NAME }, { "Title", "title", TEXT },
	{ ">Done", "done", TEXT }, { ">Tasks", "tasks", TEXT },
	{ ">Planned", "planned_s", EFFORT }, { ">Actual", "actual_s", EFFORT },
	{ ">Actual/planned", "ratio", TEXT },
	{ ">All work", "worked_s", EFFORT },
	{ ">Leases lost", "lapses", TEXT },
	{ "Began", "began_at", MOMENT }, { "Ended", "ended_at", MOMENT },
	{ NULL, NULL, TEXT }
};
static const struct column lapse_columns[] = {
	{ "When", "at", MOMENT }, { "Task", "task", TEXT },
	{ "Lost by", "agent", TEXT }, { "How", "kind", TEXT },
	{ "Taken over by", "taken_over_by", TEXT }, { NULL, NULL, TEXT }
};
static const struct column scope_columns[] = {
	{ "When", "at", MOMENT }, { "Task", "task", TEXT },
	{ "What", "kind", TEXT }, { "By", "agent", TEXT },
	{ NULL, NULL, TEXT }
};
/* clang-format on */

void
tctl_report_lists(
    struct tctl_ctx *ctx, struct tctl_pen *pen, struct json_object *all)
{
	put_list(ctx, pen, "Sprints", sprint_columns,
	    tctl_get_object(all, "sprints"));
	put_list(
	    ctx, pen, "Agents", agent_columns, tctl_get_object(all, "agents"));
	put_list(ctx, pen, "Leases lost and taken over", lapse_columns,
	    tctl_get_object(all, "lapses"));
	put_list(ctx, pen, "Scope changed since it began", scope_columns,
	    tctl_get_object(all, "scope_changes"));
}
