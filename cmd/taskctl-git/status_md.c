/* status_md.c - STATUS.md: where the work stands, as a page on a hosting site.
 *
 * Titles and names come from plans and agents: they are made inert for a
 * terminal first, then for Markdown, so that nothing in them is a link, a tag,
 * a mention, a table's border or a fence. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../taskctl/pen.h"
#include "standing.h"
#include "taskctl/text.h"
#include "taskctl/time.h"

enum {
	TEXT_WIDTH = 80, /* columns of a title in a table */
};

static void
write_text(FILE *to, const char *text, int width)
{
	char *plain = NULL;
	size_t bytes;
	FILE *memory = open_memstream(&plain, &bytes);

	if (memory == NULL)
		tctl_die_nomem();
	tctl_text_cell(memory, text, width, false, "…");
	if (fclose(memory) != 0)
		tctl_die_nomem();
	tctl_markdown_text(to, plain);
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
write_sprint(FILE *to, const struct tctl_sprint_status *sprint)
{
	write_cell(to, sprint->key);
	write_cell(to, sprint->key != NULL ? sprint->title : "in no sprint");
	fprintf(to, "| %s | %zu | %zu |", tctl_state_word(sprint->state),
	    sprint->totals.state[TCTL_STATE_DONE], sprint->totals.tasks);
	if (sprint->totals.percent >= 0)
		fprintf(to, " %d %%", sprint->totals.percent);
	fputs(" |\n", to);
}

/* All of them, or those that are begun. */
static void
write_table(FILE *to, const struct tctl_status_report *report, bool only_begun)
{
	size_t shown = 0, most = only_begun ? TCTL_GIT_SPRINTS_SHOWN : SIZE_MAX;

	fputs("\n| Sprint | Title | State | Done | Tasks | Percent |\n"
	      "| --- | --- | --- | ---: | ---: | ---: |\n",
	    to);
	for (size_t i = 0; i < report->sprint_count; i++)
		if ((!only_begun || tctl_git_is_begun(&report->sprint[i])) &&
		    shown++ < most)
			write_sprint(to, &report->sprint[i]);
}

/* "4980 in all: 300 done, 4630 pending". */
static void
write_count(FILE *to, const struct tctl_git_standing *standing)
{
	const char *separator = ":";

	fprintf(to, "%zu sprints in all", standing->sprint_count);
	for (int i = 0; i < TCTL_STATE_COUNT; i++) {
		if (standing->in_state[i] == 0)
			continue;
		fprintf(to, "%s %zu %s", separator, standing->in_state[i],
		    i == TCTL_STATE_CLAIMED
			? "begun"
			: tctl_state_word((enum tctl_state)i));
		separator = ",";
	}
}

/* A long list is folded, and the begun ones stand above it; one so long that
 * nobody would read it is left to sprint_status.json. */
static void
write_sprints(FILE *to, const struct tctl_git_standing *standing)
{
	enum { UNFOLDED_MAX = 30 };
	const struct tctl_status_report *report = &standing->report;
	size_t begun = 0;

	if (standing->sprint_count == 0)
		return;
	fputs("\n## Sprints\n", to);
	if (standing->is_whole && report->sprint_count <= UNFOLDED_MAX) {
		write_table(to, report, false);
		return;
	}
	for (size_t i = 0; i < report->sprint_count; i++)
		begun += tctl_git_is_begun(&report->sprint[i]);
	if (begun > 0)
		write_table(to, report, true);
	fputs("\n", to);
	if (!standing->is_whole) {
		write_count(to, standing);
		fputs("; the folder `sprints` lists them.\n", to);
		return;
	}
	/* Nothing of a plan's stands on the lines that are HTML. */
	fprintf(to, "<details>\n<summary>All %zu sprints</summary>\n",
	    report->sprint_count);
	write_table(to, report, false);
	fputs("\n</details>\n", to);
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
write_stuck(FILE *to, const struct tctl_git_standing *standing)
{
	const struct tctl_status_report *report = &standing->report;
	size_t failed = report->totals.state[TCTL_STATE_FAILED];
	size_t all = report->stuck_count, shown = all;

	if (all == 0)
		return;
	if (shown > TCTL_GIT_STUCK_SHOWN)
		shown = TCTL_GIT_STUCK_SHOWN;
	/* Of many failed ones not all have been read. */
	if (failed > all)
		all = failed;
	fputs(
	    "\n## Stuck\n\n| Task | Title | Why |\n| --- | --- | --- |\n", to);
	for (size_t i = 0; i < shown; i++) {
		write_cell(to, report->stuck[i].task);
		write_cell(to, report->stuck[i].title);
		fputs("| ", to);
		write_text(to, report->stuck[i].why, 2 * TEXT_WIDTH);
		fputs(" |\n", to);
	}
	if (all > shown)
		fprintf(to, "\nAnd %zu more.\n", all - shown);
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

void
tctl_git_status_md(FILE *to, const struct tctl_git_standing *standing)
{
	const struct tctl_status_report *report = &standing->report;

	fputs("# Progress\n\n", to);
	write_totals(to, &report->totals);
	write_sprints(to, standing);
	write_workers(to, &report->held);
	write_stuck(to, standing);
	write_ready(to, report);
}

void
tctl_git_status_md_end(FILE *to, const struct tctl_git_standing *standing)
{
	fputs("\n---\n\nAs of ", to);
	write_instant(to, standing->report.now_ms);
	fprintf(to,
	    ", event %" PRId64 ".  Written by taskctl; the next progress "
	    "commit replaces this page.\n",
	    standing->last_event);
}
