/* write_back.c - what a plan's file says is done, against what the store does.
 *
 *	file  when last read  store		what is to be done
 *	 1	  any	      done		nothing
 *	 0	  any	      not done		nothing
 *	 0	   0	      done		tick
 *	 1	   1	      open, failed, in work  untick: it was reopened
 *	 0	   1	      done		unticked by hand: said, left
 *	 1	   0	      in work		ticked by hand: said, left
 *	 1	   0	      open, failed	nothing: an import finishes it
 *	 1	  any	      cancelled		said, left
 */
#include <string.h>

#include "import_rows.h"

enum verdict { LEAVE, TICK, UNTICK, DISPUTE };

struct comparing {
	const struct tctl_plan *plan;
	struct tctl_import_rows rows;
	struct tctl_write_back *out;
	enum verdict *task; /* one a task */
	/* Of each task, what the store has of each step and criterion. */
	const struct tctl_import_line ***step, ***criterion;
};

static bool
is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static enum verdict
judge(bool file, bool was, const char *state)
{
	if (is(state, "done"))
		return file || !was ? TICK : DISPUTE;
	if (!file)
		return LEAVE;
	if (is(state, "cancelled"))
		return DISPUTE;
	if (was)
		return UNTICK;
	return is(state, "claimed") ? DISPUTE : LEAVE;
}

static void
say(struct comparing *c, enum tctl_severity severity, const char *code,
    int line, int column, const char *text)
{
	struct tctl_write_back *out = c->out;

	out->said = tctl_arena_grow(
	    out->arena, out->said, out->said_count, sizeof(*out->said));
	out->said[out->said_count++] =
	    (struct tctl_diagnostic){ .file = c->plan->file,
		    .line = line,
		    .column = column,
		    .severity = severity,
		    .code = code,
		    .message = text };
}

static void
dispute(struct comparing *c, const char *what, const char *state, bool file,
    int line, int column)
{
	const char *here = is(state, "done")	  ? "done"
			   : is(state, "claimed") ? "in work"
						  : state;

	say(c, TCTL_WARNING, "both_changed", line, column,
	    tctl_arena_printf(c->out->arena,
		"%s is %s by taskctl, and the file was %s meanwhile: both are "
		"left as they are",
		what, here, file ? "ticked" : "unticked"));
}

/* --- tasks ------------------------------------------------------------ */

static void
judge_task(struct comparing *c, size_t i)
{
	const struct tctl_task *task = &c->plan->task[i];
	struct tctl_arena *arena = c->out->arena;
	const struct tctl_import_row *row =
	    tctl_import_rows_find(&c->rows, task->id);

	c->step[i] = tctl_import_lines_match(arena, row, "step", &task->steps);
	c->criterion[i] =
	    tctl_import_lines_match(arena, row, "criterion", &task->criteria);
	if (row == NULL)
		return;
	c->task[i] = judge(task->ticked, row->ticked, row->state);
	if (c->task[i] == DISPUTE)
		dispute(c, task->id, row->state, task->ticked, task->line, 1);
}

/* "1.1, 1.2": done, or not any more, and no place in the file says so. */
static void
say_nowhere(struct comparing *c, const bool has_place[])
{
	struct tctl_arena *arena = c->out->arena;
	const char *ids = "";
	size_t count = 0, first = 0;

	for (size_t i = 0; i < c->plan->task_count; i++) {
		const struct tctl_task *task = &c->plan->task[i];

		if (has_place[i] || task->ticked == (c->task[i] == TICK) ||
		    (c->task[i] != TICK && c->task[i] != UNTICK))
			continue;
		first = count == 0 ? i : first;
		if (count++ < 20)
			ids = tctl_arena_printf(arena, "%s%s%s", ids,
			    count == 1 ? "" : ", ", task->id);
	}
	if (count == 0)
		return;
	say(c, TCTL_NOTE, "no_place", c->plan->task[first].line, 1,
	    tctl_arena_printf(arena,
		"the file has no place for the state of %s%s: a box, \"✅ "
		"done\" "
		"after the title or a status column would be one",
		ids, count > 20 ? ", …" : ""));
}

/* --- places ----------------------------------------------------------- */

static enum verdict
judge_line(struct comparing *c, const struct tctl_tick *tick)
{
	bool is_step = tick->of == TCTL_TICK_STEP;
	const struct tctl_import_line *line =
	    (is_step ? c->step : c->criterion)[tick->task][tick->index];
	const char *state;
	enum verdict verdict;

	if (line == NULL)
		return LEAVE;
	state = line->done ? "done" : "open";
	verdict = judge(tick->done, line->ticked, state);
	if (verdict == DISPUTE)
		dispute(c,
		    tctl_arena_printf(c->out->arena, "%s %zu of %s",
			is_step ? "step" : "criterion", tick->index + 1,
			c->plan->task[tick->task].id),
		    state, tick->done, tick->line, tick->column);
	return verdict;
}

enum { SOME_TICKED = 1, SOME_UNTICKED = 2 };

static void
list_changed(struct comparing *c, const unsigned char changed[])
{
	struct tctl_arena *arena = c->out->arena;

	for (size_t i = 0; i < c->plan->task_count; i++) {
		const char *id = c->plan->task[i].id;

		if (changed[i] & SOME_TICKED)
			tctl_strings_add(arena, &c->out->ticked,
			    tctl_arena_strdup(arena, id));
		if (changed[i] & SOME_UNTICKED)
			tctl_strings_add(arena, &c->out->unticked,
			    tctl_arena_strdup(arena, id));
	}
}

static void
compare(struct comparing *c)
{
	const struct tctl_plan *plan = c->plan;
	struct tctl_write_back *out = c->out;
	size_t n = plan->task_count + 1;
	bool *has_place = tctl_arena_alloc(out->arena, n);
	unsigned char *changed = tctl_arena_alloc(out->arena, n);

	c->task = tctl_arena_alloc(out->arena, n * sizeof(*c->task));
	c->step = tctl_arena_alloc(out->arena, n * sizeof(*c->step));
	c->criterion = tctl_arena_alloc(out->arena, n * sizeof(*c->criterion));
	out->done = tctl_arena_alloc(out->arena, plan->tick_count + 1);
	for (size_t i = 0; i < plan->task_count; i++)
		judge_task(c, i);
	for (size_t i = 0; i < plan->tick_count; i++) {
		const struct tctl_tick *tick = &plan->tick[i];
		bool is_task = tick->of == TCTL_TICK_TASK;
		enum verdict verdict =
		    is_task ? c->task[tick->task] : judge_line(c, tick);

		out->done[i] = verdict == TICK	   ? true
			       : verdict == UNTICK ? false
						   : tick->done;
		has_place[tick->task] |=
		    is_task && (verdict == TICK || tick->done);
		if (out->done[i] == tick->done)
			continue;
		out->places++;
		changed[tick->task] |=
		    out->done[i] ? SOME_TICKED : SOME_UNTICKED;
	}
	list_changed(c, changed);
	say_nowhere(c, has_place);
}

/* --- the store -------------------------------------------------------- */

struct seeking {
	const char *name;
	int64_t id;
};

static void
take_plan(void *into, const char *const col[])
{
	struct seeking *seeking = into;

	/* In the order of the columns of plan_list. */
	if (strcmp(tctl_col_text(col[1]), seeking->name) == 0)
		seeking->id = tctl_col(col[0]);
}

enum tctl_status
tctl_write_back_compare(const struct tctl_coord *coord,
    const struct tctl_plan *plan, struct tctl_write_back *out,
    struct tctl_error *err)
{
	struct comparing c = { .plan = plan, .out = out };
	struct seeking seeking = { plan->name, 0 };
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	status = tctl_store_begin(coord->store, TCTL_READ, err);
	if (status != TCTL_OK)
		return status;
	out->arena = tctl_arena_new();
	status = tctl_query(coord->store, tctl_sql_plan_list, TCTL_NO_ARGS,
	    take_plan, &seeking, NULL, err);
	if (status == TCTL_OK)
		status = tctl_import_rows_read(
		    coord->store, out->arena, seeking.id, &c.rows, err);
	tctl_store_rollback(coord->store);
	if (status == TCTL_OK)
		compare(&c);
	else
		tctl_write_back_release(out);
	return status;
}

void
tctl_write_back_release(struct tctl_write_back *out)
{
	tctl_arena_free(out->arena);
	out->arena = NULL;
}
