/* chart.c - the chart of STATUS.md.
 *
 * Hosting sites draw Mermaid, which draws some hundred bars and refuses more:
 * what is long is folded, sprint by sprint. */
#include <stdlib.h>
#include <string.h>

#include "standing.h"
#include "taskctl/export.h"
#include "taskctl/text.h"

/* What is drawn, and what to say of it. */
struct drawing {
	struct tctl_arena *arena;
	struct tctl_chart chart;
	const char *remark; /* NULL: none */
};

static void
write_drawing(FILE *to, const struct drawing *drawing)
{
	if (drawing->chart.bar_count == 0)
		return;
	fputs("\n## Chart\n", to);
	if (drawing->remark != NULL)
		fprintf(to, "\n%s\n", drawing->remark);
	fputs("\n```mermaid\n", to);
	tctl_export_mermaid(to, &drawing->chart);
	fputs("```\n", to);
}

/* --- task by task
 * -------------------------------------------------------------- */

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
take_bars(struct drawing *drawing, const struct tctl_status_report *report,
    const struct tctl_outlook *outlook)
{
	struct tctl_chart *chart = &drawing->chart;
	struct tctl_bar *bar;
	bool *critical =
	    tctl_arena_alloc(drawing->arena, outlook->tasks.count + 1);

	for (size_t k = 0; k < outlook->path_count; k++)
		critical[outlook->path[k]] = true;
	bar = tctl_arena_alloc(
	    drawing->arena, (outlook->tasks.count + 1) * sizeof(*bar));
	chart->now_ms = outlook->tasks.now_ms;
	for (size_t i = 0; i < outlook->tasks.count; i++) {
		const struct tctl_task *task = &outlook->tasks.at[i];
		struct tctl_bar *one = &bar[chart->bar_count];

		if (task->state == TCTL_STATE_CANCELLED || task->orphaned)
			continue;
		one->id = task->ref;
		one->title = tctl_arena_printf(
		    drawing->arena, "%s %s", task->id, task->title);
		one->section = section_of(report, task);
		one->state = task->state;
		one->critical = critical[i];
		one->estimate_s = task->estimate_s;
		one->percent = -1;
		set_times(one, task, &outlook->slot[i], chart->now_ms);
		chart->bar_count++;
	}
	chart->bar = bar;
	chart->task_count = chart->bar_count;
}

/* Fold, and where there are still too many leave out what is done, then what
 * comes last. */
static void
shorten(struct drawing *drawing)
{
	struct tctl_chart *chart = &drawing->chart;
	size_t kept = 0, all;

	if (chart->bar_count <= TCTL_GIT_TASKS_SHOWN)
		return;
	(void)tctl_chart_fold(chart, TCTL_GIT_TASKS_SHOWN, drawing->arena);
	all = chart->bar_count;
	for (size_t i = 0; i < all && all > TCTL_GIT_TASKS_SHOWN; i++)
		if (chart->bar[i].state != TCTL_STATE_DONE &&
		    kept < TCTL_GIT_TASKS_SHOWN)
			chart->bar[kept++] = chart->bar[i];
	if (all > TCTL_GIT_TASKS_SHOWN)
		chart->bar_count = kept;
	drawing->remark = tctl_arena_printf(drawing->arena,
	    "%zu of %zu tasks are folded into one bar a sprint%s.",
	    chart->folded, chart->task_count,
	    all > TCTL_GIT_TASKS_SHOWN
		? "; of the rest, what comes first is shown"
		: "");
}

static enum tctl_status
draw_tasks(const struct tctl_git *git, const struct tctl_git_standing *standing,
    FILE *to, struct drawing *drawing, struct tctl_error *err)
{
	struct tctl_outlook outlook;
	enum tctl_status status =
	    tctl_outlook_read(git->coord, true, &outlook, err);

	if (status != TCTL_OK)
		return status;
	take_bars(drawing, &standing->report, &outlook);
	shorten(drawing);
	write_drawing(to, drawing);
	tctl_outlook_release(&outlook);
	return TCTL_OK;
}

/* --- the sprints that are begun
 * ----------------------------------------------- */

/* When it will be done if as many go on with it as are at it now. */
static int64_t
end_of(const struct tctl_sprint_status *sprint, int64_t now_ms)
{
	const struct tctl_totals *totals = &sprint->totals;
	int64_t agents = (int64_t)totals->state[TCTL_STATE_CLAIMED];

	return now_ms + (totals->estimate_s - totals->done_s) * 1000 /
			    (agents > 0 ? agents : 1);
}

static enum tctl_status
draw_sprints(const struct tctl_git *git,
    const struct tctl_git_standing *standing, FILE *to, struct drawing *drawing,
    struct tctl_error *err)
{
	const struct tctl_status_report *report = &standing->report;
	struct tctl_bar *bar = tctl_arena_alloc(
	    drawing->arena, (report->sprint_count + 1) * sizeof(*bar));
	enum tctl_status status = TCTL_OK;

	drawing->chart.now_ms = report->now_ms;
	for (size_t i = 0; status == TCTL_OK && i < report->sprint_count &&
			   i < TCTL_GIT_SPRINTS_SHOWN;
	     i++) {
		const struct tctl_sprint_status *sprint = &report->sprint[i];
		struct tctl_bar *one = &bar[drawing->chart.bar_count];
		int64_t finished_ms;

		if (sprint->key == NULL)
			continue;
		status = tctl_sprint_span(git->coord, sprint->key, sprint->plan,
		    &one->start_ms, &finished_ms, err);
		if (one->start_ms == 0)
			one->start_ms = finished_ms;
		if (one->start_ms == 0 || one->start_ms > report->now_ms)
			one->start_ms = report->now_ms;
		one->end_ms = end_of(sprint, report->now_ms);
		one->id = sprint->key;
		one->title = tctl_arena_printf(drawing->arena,
		    "%s %s (%zu of %zu)", sprint->key, sprint->title,
		    sprint->totals.state[TCTL_STATE_DONE],
		    sprint->totals.tasks);
		one->section = sprint->plan;
		one->state = sprint->state;
		drawing->chart.bar_count++;
	}
	drawing->chart.bar = bar;
	drawing->remark = "Of so many tasks only sprints that are begun are "
			  "shown, each as if those who are at it went on.";
	if (status == TCTL_OK)
		write_drawing(to, drawing);
	return status;
}

enum tctl_status
tctl_git_chart(FILE *to, const struct tctl_git *git,
    const struct tctl_git_standing *standing, struct tctl_error *err)
{
	struct drawing drawing = { .arena = tctl_arena_new() };
	enum tctl_status status =
	    standing->is_whole ? draw_tasks(git, standing, to, &drawing, err)
			       : draw_sprints(git, standing, to, &drawing, err);

	tctl_arena_free(drawing.arena);
	return status;
}
