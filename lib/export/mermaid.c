/* mermaid.c - a Mermaid gantt block that the real parser reads as we mean it.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "taskctl/export.h"
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
 * of a label, comments and directives (%), entities, HTML. */
static bool
means_something(utf8proc_int32_t c)
{
	return c < 0x80 && strchr(":;#%<>&\"", c) != NULL;
}

/* What Mermaid's lexer skips or stops at, and what acts on a terminal. */
static bool
is_blank(utf8proc_int32_t c)
{
	enum { BYTE_ORDER_MARK = 0xfeff };

	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
	case UTF8PROC_CATEGORY_ZS:
		return true;
	default:
		return c == BYTE_ORDER_MARK || (c >= 0x202a && c <= 0x202e) ||
		       (c >= 0x2066 && c <= 0x2069);
	}
}

/* The code point at *text, which is moved past it; U+FFFD for a byte that is
 * none. */
static utf8proc_int32_t
next_char(const char **text)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t n =
	    utf8proc_iterate((const utf8proc_uint8_t *)*text, -1, &c);

	*text += n > 0 ? n : 1;
	return n > 0 ? c : 0xfffd;
}

static void
write_char(FILE *to, utf8proc_int32_t c)
{
	utf8proc_uint8_t bytes[4];
	utf8proc_ssize_t n = utf8proc_encode_char(c, bytes);

	fwrite(bytes, 1, (size_t)n, to);
}

/* The first character that is not blank, or the text's end. */
static const char *
skip_blanks(const char *text)
{
	for (const char *next = text; *text != '\0'; text = next)
		if (!is_blank(next_char(&next)))
			break;
	return text;
}

/*
 * Write text on one line, blanks as single ones, what has a meaning as an
 * entity (#58; is drawn as a colon).  At the start of a line the first
 * character becomes an entity where it would begin a statement.
 */
static void
write_label(FILE *to, const char *text, bool starts_line)
{
	bool blank = false, statement;

	text = skip_blanks(text);
	statement = starts_line && starts_statement(text);
	for (int count = 0; *text != '\0'; count++) {
		utf8proc_int32_t c = next_char(&text);

		if (is_blank(c)) {
			blank = true;
			continue;
		}
		if (blank)
			putc(' ', to);
		if (count >= LABEL_MAX) {
			fputs("…", to);
			break;
		}
		if (means_something(c) || (statement && count == 0))
			fprintf(to, "#%d;", (int)c);
		else
			write_char(to, c);
		blank = false;
	}
}

/* --- ids ---------------------------------------------------------------- */

/* One id given out.  In a tree (search.h), so that none is given out twice. */
struct name {
	char *text;
	unsigned copies;
};

struct names {
	struct tctl_arena *arena;
	void *root;
};

static int
compare_names(const void *a, const void *b)
{
	const struct name *left = a, *right = b;

	return strcmp(left->text, right->text);
}

static void
keep(void *unused)
{
	(void)unused; /* the arena owns the names */
}

/* The name in the tree that equals text, which is added if there is none. */
static struct name *
find_or_add(struct names *names, char *text, bool *is_new)
{
	struct name *name = tctl_arena_alloc(names->arena, sizeof(*name));
	struct name **found;

	name->text = text;
	found = tsearch(name, &names->root, compare_names);
	if (found == NULL)
		tctl_die_nomem();
	*is_new = *found == name;
	return *found;
}

/* 1.2 -> t1_2.  A leading letter keeps __proto__ out, and a word that Mermaid
 * would take for a tag gets one, too. */
static char *
plain_id(struct tctl_arena *arena, const char *id)
{
	static const char *const tag[] = { "active", "crit", "done",
		"milestone", "vert" };
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	bool prefix = *id == '\0' || strchr(letters, *id) == NULL;
	char *plain;

	for (size_t i = 0; i < TCTL_COUNT(tag); i++)
		prefix |= strcmp(id, tag[i]) == 0;
	plain = tctl_arena_printf(arena, "%s%s", prefix ? "t" : "", id);
	for (char *p = plain; *p != '\0'; p++)
		if (strchr(letters, *p) == NULL &&
		    strchr("0123456789_-", *p) == NULL)
			*p = '_';
	return plain;
}

/* The id, or the first of id-2, id-3 … that was not given out yet. */
static const char *
unique_id(struct names *names, const char *id)
{
	char *text = plain_id(names->arena, id);
	bool is_new;
	struct name *first = find_or_add(names, text, &is_new);

	while (!is_new) {
		text = tctl_arena_printf(
		    names->arena, "%s-%u", first->text, ++first->copies + 1);
		find_or_add(names, text, &is_new);
	}
	return text;
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
write_bar(FILE *to, const struct tctl_bar *bar, struct names *names)
{
	int64_t start = minute_of(bar->start_ms);
	int64_t minutes = minute_of(bar->end_ms) - start;
	char date[TCTL_INSTANT_TEXT];
	const char *label = bar->title != NULL ? bar->title : "";

	/* What took seconds was still not nothing. */
	if (minutes == 0 && bar->end_ms > bar->start_ms)
		minutes = 1;
	if (*skip_blanks(label) == '\0')
		label = bar->id;
	if (*skip_blanks(label) == '\0')
		label = "-";
	tctl_instant_write(start * MINUTE_MS, date);
	date[strlen("YYYY-MM-DDTHH:mm")] = '\0';

	fputs("    ", to);
	write_label(to, label, true);
	fputs(" :", to);
	write_tags(to, bar);
	fprintf(to, "%s, %s, %lldm\n", unique_id(names, bar->id), date,
	    (long long)minutes);
}

static bool
same_section(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* A new section wherever the bar's is not the one before it. */
static void
write_section(FILE *to, const char *section)
{
	fputs("    section ", to);
	if (section == NULL || *skip_blanks(section) == '\0')
		fputs("—", to);
	else
		write_label(to, section, false);
	putc('\n', to);
}

static void
write_bars(FILE *to, const struct tctl_chart *chart)
{
	struct names names = { .arena = tctl_arena_new() };
	const char *section = NULL;

	for (size_t i = 0; i < chart->bar_count; i++) {
		const struct tctl_bar *bar = &chart->bar[i];
		if (!same_section(section, bar->section))
			write_section(to, bar->section);
		section = bar->section;
		write_bar(to, bar, &names);
	}
	tdestroy(names.root, keep);
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
	if (shown.title != NULL && *skip_blanks(shown.title) != '\0') {
		fputs("    title ", to);
		write_label(to, shown.title, false);
		putc('\n', to);
	}
	write_axis(to, &shown);
	write_bars(to, &shown);
}
