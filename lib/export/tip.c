/* tip.c - a chart and its bars in words. */
#include <stdarg.h>
#include <stdlib.h>

#include "calendar.h"
#include "label.h"
#include "palette.h"
#include "taskctl/time.h"

const char *
tctl_chart_summary(const struct tctl_chart *chart, struct tctl_arena *arena)
{
	char now[TCTL_DATE_TEXT], end[TCTL_DATE_TEXT];
	size_t done = 0, held = 0, stuck = 0, all = 0;
	int64_t end_ms = 0;
	char *text;

	for (size_t i = 0; i < chart->bar_count; i++) {
		const struct tctl_bar *bar = &chart->bar[i];
		size_t tasks = bar->folded > 0 ? bar->folded : 1;

		all += tasks;
		done += bar->state == TCTL_STATE_DONE ? tasks : 0;
		held += bar->state == TCTL_STATE_CLAIMED && bar->folded == 0;
		stuck += bar->why != NULL;
		if (bar->end_ms > end_ms)
			end_ms = bar->end_ms;
	}
	if (chart->bar_count == 0)
		return "no tasks";
	text = tctl_arena_printf(arena, "%s UTC · %zu task%s",
	    tctl_minute_show(chart->now_ms, now), all, all == 1 ? "" : "s");
	if (chart->percent >= 0)
		text = tctl_arena_printf(
		    arena, "%s · %d %% done", text, chart->percent);
	if (chart->folded == 0 && !chart->as_written)
		text = tctl_arena_printf(
		    arena, "%s (%zu of %zu)", text, done, all);
	if (held > 0)
		text = tctl_arena_printf(arena, "%s · %zu in work", text, held);
	if (stuck > 0)
		text = tctl_arena_printf(arena, "%s · %zu stuck", text, stuck);
	return tctl_arena_printf(
	    arena, "%s · ends %s", text, tctl_minute_show(end_ms, end));
}

static void
add_span(FILE *to, const char *what, int64_t start_ms, int64_t end_ms)
{
	char start[TCTL_DATE_TEXT], end[TCTL_DATE_TEXT];
	char length[TCTL_DURATION_TEXT];

	fprintf(to, "\n%s%s – %s UTC (%s)", what,
	    tctl_minute_show(start_ms, start), tctl_minute_show(end_ms, end),
	    tctl_duration_write((end_ms - start_ms) / 1000, length));
}

static void
add_line(FILE *to, const char *what, const char *text)
{
	if (text == NULL)
		return;
	fprintf(to, "\n%s: ", what);
	tctl_label_write(to, text, TCTL_TITLE_MAX, tctl_char_write);
}

const char *
tctl_bar_tip(const struct tctl_bar *bar, struct tctl_arena *arena)
{
	char length[TCTL_DURATION_TEXT], *text = NULL, *kept;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (to == NULL)
		tctl_die_nomem();
	fprintf(to, "%s\n%s%s", tctl_bar_caption(arena, bar),
	    tctl_state_word(bar->state),
	    bar->critical ? ", on the critical path" : "");
	if (bar->percent >= 0)
		fprintf(to, ", %d %%", bar->percent);
	add_span(to, "", bar->start_ms, bar->end_ms);
	if (bar->planned_end_ms != 0)
		add_span(to, "planned: ", bar->planned_start_ms,
		    bar->planned_end_ms);
	if (bar->slack_s > 0 && bar->state != TCTL_STATE_DONE)
		fprintf(to, "\nslack: %s",
		    tctl_duration_write(bar->slack_s, length));
	add_line(to, "agent", bar->agent);
	add_line(to, "mutex", bar->mutex);
	add_line(to, "waits for", bar->after);
	if (bar->attempts > 0)
		fprintf(to, "\nlapsed: %d×", bar->attempts);
	add_line(to, "stuck", bar->why);
	if (fclose(to) != 0)
		tctl_die_nomem();
	kept = tctl_arena_strdup(arena, text);
	free(text);
	return kept;
}
