/* csv.c - a line a bar, for spreadsheets. */
#include <string.h>

#include "label.h"
#include "taskctl/time.h"

/* Spreadsheets run what begins like a formula, quoted or not; an apostrophe
 * makes it text.  Source: OWASP, CSV injection. */
static void
write_text(FILE *to, const char *text)
{
	if (text == NULL)
		return;
	putc('"', to);
	if (*text != '\0' && strchr("=+-@\t\r\n", *text) != NULL)
		putc('\'', to);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putc('"', to);
		putc(*text, to);
	}
	putc('"', to);
}

static void
write_instant(FILE *to, int64_t ms)
{
	char text[TCTL_INSTANT_TEXT];

	if (ms != 0)
		fputs(tctl_instant_write(ms, text), to);
}

/* Unknown below zero. */
static void
write_number(FILE *to, int64_t number)
{
	if (number >= 0)
		fprintf(to, "%lld", (long long)number);
}

static void
write_needs(FILE *to, const struct tctl_chart *chart, size_t index,
    const size_t first[])
{
	const char *comma = "";
	char *list = NULL;
	size_t size;
	FILE *memory = open_memstream(&list, &size);

	if (memory == NULL)
		tctl_die_nomem();
	for (size_t e = first[index]; e < first[index + 1]; e++) {
		fprintf(memory, "%s%s", comma,
		    chart->bar[chart->edge[e].before].id);
		comma = " ";
	}
	if (fclose(memory) != 0)
		tctl_die_nomem();
	write_text(to, list);
	free(list);
}

static void
write_bar(FILE *to, const struct tctl_chart *chart, size_t index,
    const size_t first[])
{
	const struct tctl_bar *bar = &chart->bar[index];
	struct tctl_arena *arena = tctl_arena_new();
	const char *const text[] = { bar->id,
		tctl_label_line(arena, bar->title, TCTL_TITLE_MAX),
		tctl_label_line(arena, bar->section, TCTL_TITLE_MAX),
		tctl_state_word(bar->state), bar->agent, bar->mutex };
	const int64_t instant[] = { bar->start_ms, bar->end_ms,
		bar->planned_start_ms, bar->planned_end_ms };
	const int64_t number[] = { bar->estimate_s, bar->slack_s, bar->percent,
		bar->attempts };

	for (size_t i = 0; i < TCTL_COUNT(text); i++) {
		write_text(to, text[i]);
		putc(',', to);
	}
	for (size_t i = 0; i < TCTL_COUNT(instant); i++) {
		write_instant(to, instant[i]);
		putc(',', to);
	}
	for (size_t i = 0; i < TCTL_COUNT(number); i++) {
		write_number(to, number[i]);
		putc(',', to);
	}
	fprintf(to, "%s,", bar->critical ? "true" : "false");
	write_needs(to, chart, index, first);
	putc(',', to);
	write_text(to, tctl_label_line(arena, bar->why, TCTL_TITLE_MAX));
	fputs("\r\n", to);
	tctl_arena_free(arena);
}

void
tctl_export_csv(FILE *to, const struct tctl_chart *chart)
{
	struct tctl_arena *arena = tctl_arena_new();
	size_t *first = tctl_edges_by_after(chart, arena);

	fputs("id,title,section,state,agent,mutex,start,end,planned_start,"
	      "planned_end,estimate_s,slack_s,percent,lapsed,critical,needs,"
	      "stuck\r\n",
	    to);
	for (size_t i = 0; i < chart->bar_count; i++)
		write_bar(to, chart, i, first);
	tctl_arena_free(arena);
}
