/* join.c - one plan of files that hold a task each. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "groups.h"

/* The folders that Backlog.md keeps tasks in, below the one that is its own. */
static bool
is_inner_folder(const char *name, size_t length)
{
	static const char *const inner[] = { "tasks", "completed", "archive",
		"drafts", "." };

	for (size_t i = 0; i < TCTL_COUNT(inner); i++)
		if (strlen(inner[i]) == length &&
		    !memcmp(inner[i], name, length))
			return true;
	return false;
}

/* "backlog/tasks/task-1.md" is of "backlog". */
static const char *
folder_name(struct tctl_arena *arena, const char *file)
{
	size_t end = strlen(file);

	while (end > 0) {
		size_t from;

		while (end > 0 && file[end - 1] != '/')
			end--;
		while (end > 0 && file[end - 1] == '/')
			end--;
		for (from = end; from > 0 && file[from - 1] != '/';)
			from--;
		if (from == end || !is_inner_folder(file + from, end - from))
			return from == end ? "backlog"
					   : tctl_name_for_plan(arena,
						 file + from, end - from);
	}
	return "backlog";
}

static const char *
folder_of(struct tctl_arena *arena, const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash == NULL
		   ? "."
		   : tctl_arena_strndup(arena, file, (size_t)(slash - file));
}

/* What is said is about that file. */
static void
say_in(struct tctl_draft *draft, const char *file, enum tctl_severity severity,
    const char *code, struct tctl_place place, const char *message)
{
	const char *folder = draft->plan->file;

	draft->plan->file = file;
	tctl_say(draft, severity, code, place, 0, "%s", message);
	draft->plan->file = folder;
}

static void
take_task(struct tctl_draft *draft, struct tctl_groups *groups,
    const struct tctl_plan *piece, size_t i)
{
	const struct tctl_task *task = &piece->task[i];
	size_t sprint = piece->task_sprint[i];
	size_t at = tctl_draft_task(draft, task->id, task->title, TCTL_NONE,
	    (struct tctl_place){ task->line, 1 });

	draft->plan->task[at] = *task;
	draft->plan->task[at].plan = draft->plan->name;
	draft->plan->task[at].needs = (struct tctl_strings){ 0 };
	if (sprint != TCTL_NONE)
		tctl_groups_add(draft, groups,
		    &(struct tctl_group){ at, piece->sprint[sprint].key,
			piece->sprint[sprint].title,
			{ piece->sprint[sprint].line, 1 } });
}

static void
take_said(struct tctl_plan *plan, const struct tctl_plan *piece)
{
	for (size_t i = 0; i < piece->diagnostic_count; i++) {
		plan->diagnostic =
		    tctl_arena_grow(plan->arena, plan->diagnostic,
			plan->diagnostic_count, sizeof(*plan->diagnostic));
		plan->diagnostic[plan->diagnostic_count++] =
		    piece->diagnostic[i];
	}
	plan->error_count += piece->error_count;
}

static void
resolve(struct tctl_draft *draft, size_t task, const struct tctl_want *want)
{
	struct tctl_plan *plan = draft->plan;
	size_t before = tctl_draft_find(draft, want->id, strlen(want->id));
	const struct tctl_task *after = &plan->task[task];

	if (before != TCTL_NONE)
		tctl_draft_edge(draft, before, task, TCTL_EDGE_FIELD);
	else if (!after->ticked) /* what is done has waited */
		say_in(draft, after->file, TCTL_ERROR, "unknown_dependency",
		    (struct tctl_place){ want->line, want->column },
		    tctl_arena_printf(plan->arena,
			"%.100s depends on %.100s, which is in none of the "
			"files that were given: give its file, too",
			after->id, want->id));
}

/* Two files with one id: said with both names. */
static void
check_twins(struct tctl_draft *draft)
{
	const struct tctl_index *index = &draft->tasks;
	const struct tctl_task *task = draft->plan->task;

	for (size_t i = 1; i < index->count; i++) {
		const struct tctl_task *one = &task[index->row[i - 1].value];
		const struct tctl_task *other = &task[index->row[i].value];

		if (strcmp(index->row[i].key, index->row[i - 1].key) == 0)
			say_in(draft, other->file, TCTL_NOTE, "duplicate_id",
			    (struct tctl_place){ other->line, 1 },
			    tctl_arena_printf(draft->plan->arena,
				"%.100s is also the id in %.300s", other->id,
				one->file));
	}
}

struct tctl_plan *
tctl_plan_join(struct tctl_plan *const piece[], size_t count, const char *name)
{
	const struct tctl_plan_options options = { 0 };
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_plan *plan = tctl_arena_alloc(arena, sizeof(*plan));
	struct tctl_draft draft = { .plan = plan,
		.options = &options,
		.is_order_stated = true,
		.edge_room = TCTL_EDGES_MAX };
	struct tctl_groups groups = { 0 };

	plan->arena = arena;
	plan->dialect = piece[0]->dialect;
	plan->why = piece[0]->why;
	plan->name = name != NULL ? tctl_arena_strdup(arena, name)
				  : folder_name(arena, piece[0]->file);
	plan->file = folder_of(arena, piece[0]->file);
	plan->is_piece = count == 1;
	plan->piece = tctl_arena_alloc(arena, count * sizeof(piece[0]));
	memcpy(plan->piece, piece, count * sizeof(piece[0]));
	plan->piece_count = count;
	for (size_t p = 0; p < count; p++) {
		for (size_t i = 0; i < piece[p]->task_count; i++)
			take_task(&draft, &groups, piece[p], i);
		take_said(plan, piece[p]);
	}
	tctl_groups_settle(&draft, &groups);
	tctl_draft_index_sprints(&draft);
	tctl_draft_index_tasks(&draft);
	check_twins(&draft);
	for (size_t p = 0, task = 0; p < count; task += piece[p++]->task_count)
		for (size_t i = 0; i < piece[p]->want_count; i++)
			resolve(&draft, task + piece[p]->want[i].task,
			    &piece[p]->want[i]);
	tctl_plan_check(&draft);
	return plan;
}
