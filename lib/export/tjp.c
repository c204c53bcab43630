/* tjp.c - a TaskJuggler project. */
#include "label.h"
#include "taskctl/time.h"

/* TaskJuggler's shortest time. */
enum { STEP_MS = 5 * 60 * 1000, STEP_MINUTES = 5, HOUR_MS = 60 * 60 * 1000 };

/* A dollar begins a macro even within a string, and no backslash but that of \"
 * is an escape: both as their wide forms. */
static void
escape_char(FILE *to, int32_t c)
{
	if (c == '$')
		tctl_char_write(to, 0xff04);
	else if (c == '\\')
		tctl_char_write(to, 0xff3c);
	else
		tctl_escape_quoted(to, c);
}

static void
write_string(FILE *to, const char *text)
{
	putc('"', to);
	tctl_label_write(to, text, TCTL_TITLE_MAX, escape_char);
	putc('"', to);
}

static int64_t
round_down(int64_t ms)
{
	int64_t rest = ms % STEP_MS;

	return ms - (rest < 0 ? rest + STEP_MS : rest);
}

static int64_t
round_up(int64_t ms)
{
	return round_down(ms + STEP_MS - 1);
}

/* 2026-01-23-09:00 */
static void
write_date(FILE *to, int64_t ms)
{
	char text[TCTL_INSTANT_TEXT];

	tctl_instant_write(ms, text);
	fprintf(to, "%.10s-%.5s", text, text + 11);
}

/* --- what a task waits for -------------------------------------------------
 */

struct juggler {
	const struct tctl_chart *chart;
	size_t *first; /* edges of each bar */
	/* The same of what order implies, and is no edge. */
	struct tctl_chart by_order;
	size_t *order;
	size_t *section; /* number of each bar's */
	FILE *to;
};

/* Nothing can move it any more. */
static bool
is_fixed(const struct juggler *j, const struct tctl_bar *bar)
{
	return !j->chart->as_written && (bar->state == TCTL_STATE_DONE ||
					    bar->state == TCTL_STATE_CLAIMED);
}

static void
write_fixed(const struct juggler *j, const struct tctl_bar *bar)
{
	int64_t start_ms = round_down(bar->start_ms);
	int64_t end_ms = round_up(bar->end_ms);

	fputs(" start ", j->to);
	write_date(j->to, start_ms);
	if (end_ms > start_ms) {
		fputs(" end ", j->to);
		write_date(j->to, end_ms);
	} else {
		fputs(" milestone", j->to);
	}
	if (bar->state == TCTL_STATE_DONE)
		fputs(" complete 100", j->to);
}

static void
write_free(const struct juggler *j, size_t i)
{
	const struct tctl_chart *chart = j->chart;
	const struct tctl_bar *bar = &chart->bar[i];
	int64_t ms = round_up(bar->end_ms - bar->start_ms);
	const char *comma = ", ";

	fputs(" depends begin", j->to);
	for (size_t e = j->first[i]; e < j->first[i + 1]; e++) {
		size_t before = chart->edge[e].before;

		fprintf(
		    j->to, "%ss%zu.t%zu", comma, j->section[before], before);
	}
	for (size_t e = j->order[i]; e < j->order[i + 1]; e++) {
		size_t before = j->by_order.edge[e].before;

		fprintf(
		    j->to, "%ss%zu.t%zu", comma, j->section[before], before);
	}
	for (size_t b = 0; b < chart->barrier_count; b++)
		if (bar->group != NULL &&
		    tctl_same_text(chart->barrier[b].after, bar->group))
			fprintf(j->to, "%sbarrier%zu", comma, b);
	if (ms > 0)
		fprintf(j->to, " duration %lldmin",
		    (long long)(ms / STEP_MS * STEP_MINUTES));
	else
		fputs(" milestone", j->to);
}

static void
write_bar(const struct juggler *j, size_t i)
{
	const struct tctl_bar *bar = &j->chart->bar[i];
	struct tctl_arena *arena = tctl_arena_new();

	fprintf(j->to, "  task t%zu ", i);
	write_string(j->to, tctl_bar_caption(arena, bar));
	fputs(" {", j->to);
	if (is_fixed(j, bar))
		write_fixed(j, bar);
	else
		write_free(j, i);
	fputs(" }\n", j->to);
	tctl_arena_free(arena);
}

/* A sprint that follows another waits for a milestone: one for all its tasks,
 * since each for each would be quadratic. */
static void
write_barrier(const struct juggler *j, size_t b)
{
	const struct tctl_chart *chart = j->chart;
	const char *before = chart->barrier[b].before;
	const char *comma = " depends ";

	fprintf(j->to, "task barrier%zu ", b);
	write_string(j->to, before);
	fputs(" { milestone", j->to);
	for (size_t i = 0; i < chart->bar_count; i++)
		if (tctl_same_text(chart->bar[i].group, before)) {
			fprintf(j->to, "%ss%zu.t%zu", comma, j->section[i], i);
			comma = ", ";
		}
	for (size_t a = 0; a < chart->barrier_count; a++)
		if (tctl_same_text(chart->barrier[a].after, before)) {
			fprintf(j->to, "%sbarrier%zu", comma, a);
			comma = ", ";
		}
	/* Of nothing: from the beginning. */
	fputs(*comma == ' ' ? " depends begin }\n" : " }\n", j->to);
}

/* A project begins and ends with a full hour.  It ends after the sum of all
 * lengths at the latest, and nothing is lost by a later end. */
static void
write_header(const struct juggler *j)
{
	const struct tctl_chart *chart = j->chart;
	int64_t first_ms = chart->now_ms, end_ms = chart->now_ms, begin_ms;

	for (size_t i = 0; i < chart->bar_count; i++) {
		const struct tctl_bar *bar = &chart->bar[i];

		if (bar->start_ms < first_ms || (i == 0 && chart->as_written))
			first_ms = bar->start_ms;
		end_ms += round_up(bar->end_ms - bar->start_ms);
	}
	begin_ms = chart->as_written ? first_ms : chart->now_ms;
	fputs("project plan ", j->to);
	write_string(j->to, chart->title != NULL ? chart->title : "Plan");
	putc(' ', j->to);
	write_date(j->to, first_ms - first_ms % HOUR_MS);
	fputs(" - ", j->to);
	write_date(
	    j->to, end_ms - end_ms % HOUR_MS + INT64_C(1000) * TCTL_DAY_S);
	fputs(" {\n  timezone \"UTC\"\n  timingresolution 5min\n  now ", j->to);
	write_date(j->to, round_down(chart->now_ms));
	fputs("\n}\ntask begin \"begin\" { milestone start ", j->to);
	write_date(j->to, round_down(begin_ms));
	fputs(" }\n", j->to);
}

static bool
has_edge(const struct tctl_chart *chart, const struct tctl_edge *edge)
{
	size_t low = 0, high = chart->edge_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct tctl_edge *at = &chart->edge[middle];

		if (at->before == edge->before && at->after == edge->after)
			return true;
		if (at->after < edge->after ||
		    (at->after == edge->after && at->before < edge->before))
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* The chart with its order for edges: TaskJuggler refuses what is said twice.
 */
static struct tctl_chart
order_alone(const struct tctl_chart *chart, struct tctl_arena *arena)
{
	struct tctl_chart order = *chart;

	order.edge_count = 0;
	order.edge = tctl_arena_alloc(
	    arena, (chart->order_count + 1) * sizeof(*order.edge));
	for (size_t i = 0; i < chart->order_count; i++)
		if (!has_edge(chart, &chart->order[i]))
			order.edge[order.edge_count++] = chart->order[i];
	tctl_chart_sort_edges(&order);
	return order;
}

void
tctl_export_tjp(FILE *to, const struct tctl_chart *chart)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct juggler j = { .chart = chart, .to = to };
	size_t section = 0;

	j.first = tctl_edges_by_after(chart, arena);
	j.by_order = order_alone(chart, arena);
	j.order = tctl_edges_by_after(&j.by_order, arena);
	j.section = tctl_arena_alloc(
	    arena, (chart->bar_count + 1) * sizeof(*j.section));
	for (size_t i = 0; i < chart->bar_count; i++) {
		section += i > 0 && tctl_section_begins(chart, i);
		j.section[i] = section;
	}
	write_header(&j);
	for (size_t i = 0; i < chart->bar_count; i++) {
		const struct tctl_bar *bar = &chart->bar[i];

		if (i == 0 || j.section[i] != j.section[i - 1]) {
			fprintf(to, "task s%zu ", j.section[i]);
			write_string(
			    to, bar->section != NULL ? bar->section : "tasks");
			fputs(" {\n", to);
		}
		write_bar(&j, i);
		if (i + 1 == chart->bar_count ||
		    j.section[i + 1] != j.section[i])
			fputs("}\n", to);
	}
	for (size_t b = 0; b < chart->barrier_count; b++)
		write_barrier(&j, b);
	fputs("taskreport schedule \"schedule\" {\n  formats csv\n"
	      "  timeformat \"%Y-%m-%dT%H:%M\"\n"
	      "  columns id, name, start, end\n}\n",
	    to);
	tctl_arena_free(arena);
}
