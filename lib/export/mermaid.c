/* mermaid.c - a Mermaid gantt block that the real parser reads as we mean it.
 */
#include <string.h>

#include "label.h"
#include "taskctl/time.h"

enum {
	MINUTE_MS = 60 * 1000,
	LABEL_MAX = 120, /* characters: longer labels run over other bars, and
			    the whole block may hold 50,000 */
};

/* --- the time axis ------------------------------------------------------ */

/* Up to which span which ticks: about a dozen, however long the chart is. */
/* clang-format off */
static const struct {
	int64_t span_h;
	const char *format; /* d3's */
	const char *tick;
} axis_row[] = {
	{        2, "%H:%M",    "10minute" },
	{       12, "%H:%M",    "1hour" },
	{       48, "%a %H:%M", "4hour" },
	{      120, "%m-%d %H:%M", "12hour" },
	{  14 * 24, "%m-%d",    "1day" },
	{  84 * 24, "%m-%d",    "1week" },
	{ 400 * 24, "%Y-%m",    "1month" },
	{ 4 * 365 * 24, "%Y-%m", "3month" },
	{ INT64_MAX, "%Y",      "12month" },
};
/* clang-format on */

struct span {
	int64_t start_ms;
	int64_t end_ms;
};

static struct span
span_of(const struct tctl_chart *chart)
{
	struct span span = { chart->now_ms, chart->now_ms };

	for (size_t i = 0; i < chart->bar_count; i++) {
		const struct tctl_bar *bar = &chart->bar[i];
		if (i == 0 || bar->start_ms < span.start_ms)
			span.start_ms = bar->start_ms;
		if (i == 0 || bar->end_ms > span.end_ms)
			span.end_ms = bar->end_ms;
	}
	return span;
}

/* A marker outside the chart is drawn all the same, far off the page. */
static void
write_axis(FILE *to, const struct tctl_chart *chart)
{
	struct span span = span_of(chart);
	int64_t span_h =
	    (span.end_ms - span.start_ms) / MINUTE_MS / TCTL_MINUTE_S;
	size_t row = 0;

	while (span_h > axis_row[row].span_h)
		row++;
	fprintf(to, "    dateFormat YYYY-MM-DDTHH:mm\n");
	fprintf(to, "    axisFormat %s\n", axis_row[row].format);
	fprintf(to, "    tickInterval %s\n", axis_row[row].tick);
	if (strcmp(axis_row[row].tick, "1week") == 0)
		fprintf(to, "    weekday monday\n");
	if (chart->now_ms < span.start_ms || chart->now_ms > span.end_ms)
		fprintf(to, "    todayMarker off\n");
}

/* --- labels ------------------------------------------------------------- */

/* What begins a statement of its own where a label is expected: Mermaid's
 * lexer tries these before it takes a line for a bar, whatever their case. */
static const char *const keyword[] = { "accdescr", "acctitle", "axisformat",
	"call", "click", "dateformat", "excludes", "gantt", "href", "includes",
	"inclusiveenddates", "section", "tickinterval", "title", "todaymarker",
	"topaxis", "weekday", "weekend" };

static bool
starts_statement(const char *text)
{
	/* A date at the start of a line is a token, too. */
	if (strspn(text, "0123456789") == 4 && text[4] == '-')
		return true;
	for (size_t i = 0; i < TCTL_COUNT(keyword); i++)
		if (strncasecmp(text, keyword[i], strlen(keyword[i])) == 0)
			return true;
	return false;
}

/* Characters with a meaning somewhere between the text and the drawing: ends
 * of a label, comments and directives (%), entities, HTML.  As an entity #58;
 * is drawn as a colon. */
static void
escape_char(FILE *to, int32_t c)
{
	if (c < 0x80 && strchr(":;#%<>&\"", c) != NULL)
		fprintf(to, "#%d;", (int)c);
	else
		tctl_char_write(to, c);
}

/* At the start of a line the first character becomes an entity where it would
 * begin a statement. */
static void
write_label(FILE *to, const char *text, bool starts_line)
{
	size_t max = LABEL_MAX;

	text = tctl_skip_blanks(text);
	if (starts_line && starts_statement(text)) {
		fprintf(to, "#%d;", (int)tctl_char_next(&text));
		max--;
	}
	tctl_label_write(to, text, max, escape_char);
}

/* --- bars --------------------------------------------------------------- */

static const char *const state_tag[TCTL_STATE_COUNT] = {
	[TCTL_STATE_CLAIMED] = "active, ",
	[TCTL_STATE_DONE] = "done, ",
	[TCTL_STATE_FAILED] = "crit, ", /* red: somebody must look at it */
};

/* Whole minutes since 1970, as the date format has no seconds. */
static int64_t
minute_of(int64_t ms)
{
	return ms / MINUTE_MS - (ms % MINUTE_MS < 0);
}

static void
write_tags(FILE *to, const struct tctl_bar *bar)
{
	const char *tag = state_tag[bar->state];

	if (tag != NULL)
		fputs(tag, to);
	if (bar->critical && bar->state != TCTL_STATE_FAILED)
		fputs("crit, ", to);
	if (bar->start_ms == bar->end_ms)
		fputs("milestone, ", to);
}

static void
write_bar(FILE *to, const struct tctl_bar *bar, struct tctl_plain *names)
{
	int64_t start = minute_of(bar->start_ms);
	int64_t minutes = minute_of(bar->end_ms) - start;
	char date[TCTL_INSTANT_TEXT];

	/* What took seconds was still not nothing. */
	if (minutes == 0 && bar->end_ms > bar->start_ms)
		minutes = 1;
	tctl_instant_write(start * MINUTE_MS, date);
	date[strlen("YYYY-MM-DDTHH:mm")] = '\0';

	fputs("    ", to);
	write_label(to, tctl_bar_label(bar), true);
	fputs(" :", to);
	write_tags(to, bar);
	fprintf(to, "%s, %s, %lldm\n", tctl_plain_add(names, bar->id), date,
	    (long long)minutes);
}

/* A new section wherever the bar's is not the one before it. */
static void
write_section(FILE *to, const char *section)
{
	fputs("    section ", to);
	if (section == NULL || *tctl_skip_blanks(section) == '\0')
		fputs("—", to);
	else
		write_label(to, section, false);
	putc('\n', to);
}

static void
write_bars(FILE *to, const struct tctl_chart *chart)
{
	struct tctl_plain names = { .arena = tctl_arena_new() };
	const char *section = NULL;

	for (size_t i = 0; i < chart->bar_count; i++) {
		const struct tctl_bar *bar = &chart->bar[i];
		if (!tctl_same_text(section, bar->section))
			write_section(to, bar->section);
		section = bar->section;
		write_bar(to, bar, &names);
	}
	tctl_plain_release(&names);
	tctl_arena_free(names.arena);
}

void
tctl_export_mermaid(FILE *to, const struct tctl_chart *chart)
{
	/* A chart without bars is drawn as NaN: show that there are none. */
	struct tctl_bar nothing = { .id = "",
		.title = "no tasks",
		.start_ms = chart->now_ms,
		.end_ms = chart->now_ms };
	struct tctl_chart shown = *chart;

	if (shown.bar_count == 0) {
		shown.bar = &nothing;
		shown.bar_count = 1;
	}
	fputs("gantt\n", to);
	if (shown.title != NULL && *tctl_skip_blanks(shown.title) != '\0') {
		fputs("    title ", to);
		write_label(to, shown.title, false);
		putc('\n', to);
	}
	write_axis(to, &shown);
	write_bars(to, &shown);
}
