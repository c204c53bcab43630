/* status_md.c - STATUS.md: where the work stands, as a page on a hosting site.
 *
 * Titles and names come from plans and agents: they are made inert for a
 * terminal first, then for Markdown, so that nothing in them is a link, a tag,
 * a mention, a table's border or a fence. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "git.h"
#include "taskctl/export.h"
#include "taskctl/text.h"
#include "taskctl/time.h"

enum {
	TEXT_WIDTH = 80, /* columns of a title in a table */
	STUCK_MAX = 50,
};

/* Is the character at p one that Markdown (GFM, and GitLab's references) may
 * take for its own?  Those that only count at the start of a line are not
 * here: no text of ours stands there. */
static bool
means_something(const char *text, const char *p)
{
	switch (*p) {
	case ':': /* http://… becomes a link by itself */
		return p[1] == '/' && p[2] == '/';
	case '.': /* www.… too */
		return p - text >= 3 && strncasecmp(p - 3, "www", 3) == 0;
	default:
		return strchr("\\`*_[]<>|~&$@#!", *p) != NULL;
	}
}

static void
write_text(FILE *to, const char *text, int width)
{
	char *plain = NULL;
	size_t bytes;
	FILE *memory = open_memstream(&plain, &bytes);

	if (memory == NULL)
		tctl_die_nomem();
	tctl_text_cell(memory, text, width, false);
	if (fclose(memory) != 0)
		tctl_die_nomem();
	for (const char *p = plain; *p != '\0'; p++)
		if (*p == '@') /* an escaped one still makes an address */
			fputs("&#64;", to);
		else if (means_something(plain, p))
			fprintf(to, "\\%c", *p);
		else
			putc(*p, to);
	free(plain);
}

/* "| text " of a table's row. */
static void
write_cell(FILE *to, const char *text)
{
	fputs("| ", to);
	if (text != NULL)
		write_text(to, text, TEXT_WIDTH);
	putc(' ', to);
}

static void
write_instant(FILE *to, int64_t wall_ms)
{
	char text[TCTL_INSTANT_TEXT];

	/* "2026-11-21 10:00": a page needs no seconds. */
	fprintf(to, "%.16s UTC", tctl_instant_show(wall_ms, true, text));
}

/* --- parts
 * ----------------------------------------------------------------------- */

static void
write_totals(FILE *to, const struct tctl_totals *totals)
{
	static const enum tctl_state shown[] = { TCTL_STATE_CLAIMED,
		TCTL_STATE_READY, TCTL_STATE_PENDING, TCTL_STATE_FAILED,
		TCTL_STATE_CANCELLED };

	if (totals->percent >= 0)
		fprintf(to, "**%d %%** · ", totals->percent);
	fprintf(to, "%zu of %zu tasks done", totals->state[TCTL_STATE_DONE],
	    totals->tasks);
	for (size_t i = 0; i < TCTL_COUNT(shown); i++)
		if (totals->state[shown[i]] > 0)
			fprintf(to, " · %zu %s", totals->state[shown[i]],
			    tctl_state_word(shown[i]));
	fputs("\n", to);
}

static void
write_sprints(FILE *to, const struct tctl_status_report *report)
{
	if (report->sprint_count == 0)
		return;
	fputs("\n## Sprints\n\n"
	      "| Sprint | Title | State | Done | Tasks | Percent |\n"
	      "| --- | --- | --- | ---: | ---: | ---: |\n",
	    to);
	for (size_t i = 0; i < report->sprint_count; i++) {
		const struct tctl_sprint_status *sprint = &report->sprint[i];

		write_cell(to, sprint->key);
		write_cell(
		    to, sprint->key != NULL ? sprint->title : "in no sprint");
		fprintf(to, "| %s | %zu | %zu |",
		    tctl_state_word(sprint->state),
		    sprint->totals.state[TCTL_STATE_DONE],
		    sprint->totals.tasks);
		if (sprint->totals.percent >= 0)
			fprintf(to, " %d %%", sprint->totals.percent);
		fputs(" |\n", to);
	}
}

static void
write_workers(FILE *to, const struct tctl_tasks *held)
{
	fputs("\n## Who works\n\n", to);
	if (held->count == 0) {
		fputs("Nobody.\n", to);
		return;
	}
	fputs("| Task | Title | Agent | Since |\n"
	      "| --- | --- | --- | --- |\n",
	    to);
	for (size_t i = 0; i < held->count && i < TCTL_GIT_TASKS_SHOWN; i++) {
		const struct tctl_task *task = &held->at[i];

		write_cell(to, task->id);
		write_cell(to, task->title);
		write_cell(to, task->lease->agent);
		fputs("| ", to);
		write_instant(to, task->lease->acquired_ms);
		fputs(" |\n", to);
	}
	if (held->count > TCTL_GIT_TASKS_SHOWN)
		fprintf(to, "\nAnd %zu more.\n",
		    held->count - TCTL_GIT_TASKS_SHOWN);
}

static void
write_stuck(FILE *to, const struct tctl_status_report *report)
{
	if (report->stuck_count == 0)
		return;
	fputs(
	    "\n## Stuck\n\n| Task | Title | Why |\n| --- | --- | --- |\n", to);
	for (size_t i = 0; i < report->stuck_count && i < STUCK_MAX; i++) {
		write_cell(to, report->stuck[i].task);
		write_cell(to, report->stuck[i].title);
		fputs("| ", to);
		write_text(to, report->stuck[i].why, 2 * TEXT_WIDTH);
		fputs(" |\n", to);
	}
	if (report->stuck_count > STUCK_MAX)
		fprintf(
		    to, "\nAnd %zu more.\n", report->stuck_count - STUCK_MAX);
}

static void
write_ready(FILE *to, const struct tctl_status_report *report)
{
	if (report->ready.count == 0)
		return;
	fputs("\n## Ready\n\n| Task | Title |\n| --- | --- |\n", to);
	for (size_t i = 0; i < report->ready.count; i++) {
		write_cell(to, report->ready.at[i].id);
		write_cell(to, report->ready.at[i].title);
		fputs("|\n", to);
	}
	if (report->ready_count > report->ready.count)
		fprintf(to, "\nAnd %zu more.\n",
		    report->ready_count - report->ready.count);
}

/* --- the chart
 * -------------------------------------------------------------------- */

static const char *
section_of(
    const struct tctl_status_report *report, const struct tctl_task *task)
{
	if (task->sprint == NULL)
		return task->plan;
	for (size_t i = 0; i < report->sprint_count; i++) {
		const struct tctl_sprint_status *sprint = &report->sprint[i];

		if (sprint->key != NULL && sprint->plan != NULL &&
		    strcmp(sprint->key, task->sprint) == 0 &&
		    strcmp(sprint->plan, task->plan) == 0)
			return sprint->title;
	}
	return task->sprint;
}

/* What is past stands where it was, the rest where it could be. */
static void
set_times(struct tctl_bar *bar, const struct tctl_task *task,
    const struct tctl_slot *slot, int64_t now_ms)
{
	bool done = task->state == TCTL_STATE_DONE;

	bar->start_ms = now_ms + slot->start_s * 1000;
	bar->end_ms = now_ms + slot->end_s * 1000;
	if (done && task->finished_ms != 0)
		bar->start_ms = bar->end_ms = task->finished_ms;
	if ((done || task->lease != NULL) && task->started_ms != 0)
		bar->start_ms = task->started_ms;
	if (bar->end_ms < bar->start_ms)
		bar->end_ms = bar->start_ms;
}

static void
write_chart(FILE *to, const struct tctl_status_report *report,
    const struct tctl_outlook *outlook)
{
	struct tctl_chart chart = { .now_ms = outlook->tasks.now_ms };
	struct tctl_bar *bar =
	    reallocarray(NULL, outlook->tasks.count + 1, sizeof(*bar));
	struct tctl_arena *arena = tctl_arena_new();

	if (bar == NULL)
		tctl_die_nomem();
	memset(bar, 0, (outlook->tasks.count + 1) * sizeof(*bar));
	for (size_t i = 0; i < outlook->tasks.count; i++) {
		const struct tctl_task *task = &outlook->tasks.at[i];
		struct tctl_bar *one = &bar[chart.bar_count];

		if (task->state == TCTL_STATE_CANCELLED || task->orphaned)
			continue;
		one->id = task->id;
		one->title =
		    tctl_arena_printf(arena, "%s %s", task->id, task->title);
		one->section = section_of(report, task);
		one->state = task->state;
		set_times(one, task, &outlook->slot[i], chart.now_ms);
		chart.bar_count++;
	}
	for (size_t k = 0; k < outlook->path_count; k++)
		for (size_t i = 0; i < chart.bar_count; i++)
			bar[i].critical |=
			    bar[i].id == outlook->tasks.at[outlook->path[k]].id;
	chart.bar = bar;
	if (chart.bar_count > 0) {
		fputs("\n## Chart\n\n```mermaid\n", to);
		tctl_export_mermaid(to, &chart);
		fputs("```\n", to);
	}
	tctl_arena_free(arena);
	free(bar);
}

void
tctl_git_status_md(FILE *to, const struct tctl_status_report *report,
    const struct tctl_outlook *outlook, int64_t last_event)
{
	fputs("# Progress\n\n", to);
	write_totals(to, &report->totals);
	write_sprints(to, report);
	write_workers(to, &report->held);
	write_stuck(to, report);
	write_ready(to, report);
	if (outlook != NULL)
		write_chart(to, report, outlook);
	else
		fprintf(to,
		    "\n## Chart\n\nLeft out: more than %d tasks would not be "
		    "readable.\n",
		    TCTL_GIT_TASKS_SHOWN);
	fputs("\n---\n\nAs of ", to);
	write_instant(to, report->now_ms);
	fprintf(to,
	    ", event %" PRId64 ".  Written by taskctl; the next progress "
	    "commit replaces this page.\n",
	    last_event);
}
