/* views.c - the lists: which columns they have, and what stands in them. */
#include <string.h>

#include "taskctl/time.h"
#include "top.h"

/* --- cells -------------------------------------------------------------------
 */

static void
put_text(struct tctl_top_cell *cell, enum tctl_style style, const char *text)
{
	cell->text = text == NULL ? "" : text;
	cell->style = style;
}

static void
put_number(struct tctl_top_cell *cell, int64_t number)
{
	cell->is_number = true;
	cell->number = number;
}

static void
put_count(struct tctl_top_cell *cell, size_t count)
{
	snprintf(cell->own, sizeof(cell->own), "%zu", count);
	put_text(cell, TCTL_PLAIN, cell->own);
	put_number(cell, (int64_t)count);
}

static void
put_duration(struct tctl_top_cell *cell, int64_t s)
{
	put_number(cell, s);
	put_text(
	    cell, TCTL_PLAIN, s < 0 ? "" : tctl_duration_write(s, cell->own));
}

/* To the minute, as status says it. */
static void
put_while(struct tctl_top_cell *cell, int64_t ms)
{
	int64_t s = ms < 0 ? 0 : ms / 1000;

	put_duration(cell, s >= 60 ? s / 60 * 60 : s);
	put_number(cell, ms);
}

/* --- tasks
 * ---------------------------------------------------------------------
 */

enum { T_TASK, T_STATE, T_AGENT, T_FOR, T_LEFT, T_EST, T_SPRINT, T_TITLE };

static const struct tctl_top_column task_column[] = { { "TASK", 24, 0 },
	{ "STATE", 9, 0 }, { "AGENT", 14, 1 }, { "FOR", 6, 4 },
	{ "LEASE", 6, 2 }, { "EST", 6, 3 }, { "SPRINT", 10, 5 },
	{ "TITLE", 0, 0 } };

static size_t
task_count(const struct tctl_top *top)
{
	return top->board.tasks.count;
}

/* What goes on first, then what could, then the rest. */
static int64_t
state_rank(enum tctl_state state)
{
	static const int rank[] = { [TCTL_STATE_CLAIMED] = 0,
		[TCTL_STATE_FAILED] = 1,
		[TCTL_STATE_READY] = 2,
		[TCTL_STATE_PENDING] = 3,
		[TCTL_STATE_DONE] = 4,
		[TCTL_STATE_CANCELLED] = 5 };

	return rank[state];
}

static void
put_agent(struct tctl_top_cell *cell, const struct tctl_task *task)
{
	if (task->lease != NULL)
		put_text(cell, TCTL_YELLOW, task->lease->agent);
	else
		put_text(cell, TCTL_PLAIN,
		    task->finished_by != NULL ? task->finished_by
					      : task->planned_agent);
}

static void
task_fill(const struct tctl_top *top, size_t item, int column,
    struct tctl_top_cell *cell)
{
	const struct tctl_task *task = &top->board.tasks.at[item];
	const struct tctl_lease *lease = task->lease;

	switch (column) {
	case T_TASK:
		put_text(cell, TCTL_BOLD, task->ref);
		put_number(cell, (int64_t)item);
		break;
	case T_STATE:
		put_text(cell, tctl_state_style(task->state),
		    tctl_state_word(task->state));
		put_number(cell, state_rank(task->state));
		break;
	case T_AGENT:
		put_agent(cell, task);
		break;
	case T_FOR:
		put_number(cell, INT64_MAX);
		if (lease != NULL)
			put_while(cell, top->now_ms - lease->acquired_ms);
		break;
	case T_LEFT:
		put_number(cell, INT64_MAX);
		if (lease != NULL)
			put_while(cell, lease->expires_ms - top->now_ms);
		break;
	case T_EST:
		put_duration(cell, task->estimate_s);
		break;
	case T_SPRINT:
		put_text(cell, TCTL_PLAIN, task->sprint);
		break;
	default:
		put_text(cell, TCTL_PLAIN, task->title);
	}
}

static const char *
task_key(const struct tctl_top *top, size_t item, char own[64])
{
	(void)own;
	return top->board.tasks.at[item].ref;
}

static const char *
task_task(const struct tctl_top *top, size_t item)
{
	return top->board.tasks.at[item].ref;
}

/* --- sprints
 * ---------------------------------------------------------------------
 */

enum {
	S_SPRINT,
	S_STATE,
	S_BAR,
	S_PERCENT,
	S_DONE,
	S_WORK,
	S_READY,
	S_EFFORT,
	S_TITLE
};

static const struct tctl_top_column sprint_column[] = { { "SPRINT", 12, 0 },
	{ "STATE", 9, 2 }, { "PROGRESS", 10, 3 }, { "%", 4, 0 },
	{ "DONE", 9, 1 }, { "WORK", 5, 5 }, { "READY", 5, 4 },
	{ "EFFORT", 15, 6 }, { "TITLE", 0, 0 } };

static size_t
sprint_count(const struct tctl_top *top)
{
	return top->board.report.sprint_count;
}

static void
put_bar(struct tctl_top_cell *cell, int percent)
{
	enum { WIDTH = 10 };
	char *bar = tctl_bar(percent * WIDTH / 100, WIDTH);

	snprintf(cell->own, sizeof(cell->own), "%s", bar);
	free(bar);
	put_text(cell, percent >= 100 ? TCTL_BLUE : TCTL_GREEN, cell->own);
	put_number(cell, percent);
}

static void
put_percent(struct tctl_top_cell *cell, int percent)
{
	snprintf(cell->own, sizeof(cell->own), "%3d%%", percent);
	put_text(cell, TCTL_PLAIN, percent < 0 ? "   -" : cell->own);
	put_number(cell, percent);
}

static void
put_effort(struct tctl_top_cell *cell, const struct tctl_totals *totals)
{
	char done[TCTL_DURATION_TEXT], all[TCTL_DURATION_TEXT];

	put_number(cell, totals->estimate_s);
	snprintf(cell->own, sizeof(cell->own), "%s of %s",
	    tctl_duration_write(totals->done_s, done),
	    tctl_duration_write(totals->estimate_s, all));
	put_text(cell, TCTL_PLAIN, totals->estimate_s > 0 ? cell->own : "");
}

static void
sprint_fill(const struct tctl_top *top, size_t item, int column,
    struct tctl_top_cell *cell)
{
	const struct tctl_sprint_status *sprint =
	    &top->board.report.sprint[item];
	const struct tctl_totals *totals = &sprint->totals;
	int percent = sprint->state == TCTL_STATE_DONE ? 100 : totals->percent;

	switch (column) {
	case S_SPRINT:
		put_text(cell, TCTL_BOLD,
		    sprint->key == NULL ? "(none)" : sprint->key);
		put_number(cell, (int64_t)item);
		break;
	case S_STATE:
		put_text(cell, tctl_state_style(sprint->state),
		    tctl_state_word(sprint->state));
		put_number(cell, state_rank(sprint->state));
		break;
	case S_BAR:
		put_bar(cell, percent);
		break;
	case S_PERCENT:
		put_percent(cell, percent);
		break;
	case S_DONE:
		snprintf(cell->own, sizeof(cell->own), "%zu/%zu",
		    totals->state[TCTL_STATE_DONE],
		    totals->tasks - totals->state[TCTL_STATE_CANCELLED]);
		put_text(cell, TCTL_PLAIN, cell->own);
		put_number(cell, (int64_t)totals->state[TCTL_STATE_DONE]);
		break;
	case S_WORK:
		put_count(cell, totals->state[TCTL_STATE_CLAIMED]);
		break;
	case S_READY:
		put_count(cell, totals->state[TCTL_STATE_READY]);
		break;
	case S_EFFORT:
		put_effort(cell, totals);
		break;
	default:
		put_text(cell, TCTL_PLAIN, sprint->title);
	}
}

static const char *
sprint_key(const struct tctl_top *top, size_t item, char own[64])
{
	const struct tctl_sprint_status *sprint =
	    &top->board.report.sprint[item];

	snprintf(own, 64, "%s:%s", sprint->plan == NULL ? "" : sprint->plan,
	    sprint->key == NULL ? "" : sprint->key);
	return own;
}

static const char *
no_task(const struct tctl_top *top, size_t item)
{
	(void)top;
	(void)item;
	return NULL;
}

/* --- agents
 * ------------------------------------------------------------------------
 */

enum { A_AGENT, A_TASKS, A_FOR, A_LEFT, A_HOST, A_WORKTREE };

static const struct tctl_top_column agent_column[] = { { "AGENT", 16, 0 },
	{ "TASKS", 20, 0 }, { "FOR", 6, 2 }, { "LEASE", 6, 0 },
	{ "HOST", 16, 1 }, { "WORKTREE", 0, 0 } };

static size_t
agent_count(const struct tctl_top *top)
{
	return top->board.agent_count;
}

static void
agent_fill(const struct tctl_top *top, size_t item, int column,
    struct tctl_top_cell *cell)
{
	const struct tctl_top_agent *agent = &top->board.agent[item];

	switch (column) {
	case A_AGENT:
		put_text(cell, TCTL_YELLOW, agent->agent);
		break;
	case A_TASKS:
		put_text(cell, TCTL_BOLD, agent->tasks);
		put_number(cell, (int64_t)agent->task_count);
		break;
	case A_FOR:
		put_while(cell, top->now_ms - agent->since_ms);
		break;
	case A_LEFT:
		put_while(cell, agent->expires_ms - top->now_ms);
		break;
	case A_HOST:
		put_text(cell, TCTL_PLAIN, agent->host);
		break;
	default:
		put_text(cell, TCTL_PLAIN, agent->worktree);
	}
}

static const char *
agent_key(const struct tctl_top *top, size_t item, char own[64])
{
	(void)own;
	return top->board.agent[item].agent;
}

/* --- the table
 * ------------------------------------------------------------------------
 */

static const struct tctl_top_list tasks = { "Tasks", task_column,
	(int)TCTL_COUNT(task_column), T_STATE, task_count, task_fill, task_key,
	task_task };
static const struct tctl_top_list sprints = { "Sprints", sprint_column,
	(int)TCTL_COUNT(sprint_column), S_SPRINT, sprint_count, sprint_fill,
	sprint_key, no_task };
static const struct tctl_top_list agents = { "Agents", agent_column,
	(int)TCTL_COUNT(agent_column), A_AGENT, agent_count, agent_fill,
	agent_key, no_task };

const struct tctl_top_list *const tctl_top_list[TCTL_TOP_LISTS] = {
	[TCTL_TOP_TASKS] = &tasks,
	[TCTL_TOP_SPRINTS] = &sprints,
	[TCTL_TOP_AGENTS] = &agents,
	[TCTL_TOP_EVENTS] = &tctl_top_events,
	[TCTL_TOP_STUCK] = &tctl_top_stuck,
};
