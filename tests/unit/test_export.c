/* test_export.c - the Mermaid gantt block.  What its parser makes of each line
 * was checked against the real one; here the lines are held to that. */
#include "test.h"

#include "taskctl/export.h"
#include "taskctl/memory.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

/* 2026-01-23T09:00 UTC */
static const int64_t morning = INT64_C(1769158800000);

static char *
block(const struct tctl_chart *chart)
{
	static char *buf; /* gcc 12 takes a local one's text for dangling */

	TEXT_OF(buf, to, tctl_export_mermaid(to, chart));
	return buf;
}

/* The line of a bar with that title and id, without its indent; owned. */
static char *
line_of(const char *title, const char *id)
{
	struct tctl_bar bar = { .id = id,
		.title = title,
		.start_ms = morning,
		.end_ms = morning + HOUR,
		.state = TCTL_STATE_READY };
	struct tctl_chart chart = { .bar = &bar, .bar_count = 1 };
	char *text = block(&chart), *line, *end = text + strlen(text) - 1;

	assert_int_equal(*end, '\n');
	*end = '\0';
	line = strrchr(text, '\n');
	assert_non_null(line);
	assert_memory_equal(line, "\n    ", 5);
	line = tctl_xstrdup(line + 5);
	free(text);
	return line;
}

static void
a_chart_is_written_with_absolute_dates_and_tags(void **unused)
{
	struct tctl_bar bar[] = {
		{ .id = "1.1",
		    .title = "Set up",
		    .section = "Sprint 1",
		    .start_ms = morning,
		    .end_ms = morning + 90 * MINUTE,
		    .state = TCTL_STATE_DONE },
		{ .id = "1.2",
		    .title = "Build",
		    .section = "Sprint 1",
		    .start_ms = morning + 2 * HOUR,
		    .end_ms = morning + 5 * HOUR,
		    .state = TCTL_STATE_CLAIMED,
		    .critical = true },
		{ .id = "GO-1",
		    .title = "Go or not",
		    .section = "Sprint 2",
		    .start_ms = morning + 5 * HOUR,
		    .end_ms = morning + 5 * HOUR,
		    .state = TCTL_STATE_PENDING },
		{ .id = "2.1",
		    .title = "Broken",
		    .section = NULL,
		    .start_ms = morning + 5 * HOUR,
		    .end_ms = morning + 6 * HOUR,
		    .state = TCTL_STATE_FAILED,
		    .critical = true },
	};
	const struct tctl_chart chart = { .title = "Plan",
		.bar = bar,
		.bar_count = TCTL_COUNT(bar),
		.now_ms = morning + HOUR };
	char *text = block(&chart);

	(void)unused;
	assert_string_equal(text,
	    "gantt\n"
	    "    title Plan\n"
	    "    dateFormat YYYY-MM-DDTHH:mm\n"
	    "    axisFormat %H:%M\n"
	    "    tickInterval 1hour\n"
	    "    section Sprint 1\n"
	    "    Set up :done, t1_1, 2026-01-23T09:00, 90m\n"
	    "    Build :active, crit, t1_2, 2026-01-23T11:00, 180m\n"
	    "    section Sprint 2\n"
	    "    Go or not :milestone, GO-1, 2026-01-23T14:00, 0m\n"
	    "    section —\n"
	    "    Broken :crit, t2_1, 2026-01-23T14:00, 60m\n");
	free(text);
}

static void
titles_cannot_end_their_line_nor_begin_another_statement(void **unused)
{
	static const char *const row[][2] = {
		{ "a: b", "a#58; b" },
		{ "x; y # z", "x#59; y #35; z" },
		{ "#58;", "#35;58#59;" },
		{ "line\nbreak\r\n\t two", "line break two" },
		{ "5% faster", "5#37; faster" },
		{ "%%{init: {}}%%", "#37;#37;{init#58; {}}#37;#37;" },
		{ "<b>&\"", "#60;b#62;#38;#34;" },
		{ "section two", "#115;ection two" },
		{ "Section", "#83;ection" },
		{ "TITLE x", "#84;ITLE x" },
		{ "click here", "#99;lick here" },
		{ "todayMarker off", "#116;odayMarker off" },
		{ "accDescr { x", "#97;ccDescr { x" },
		{ "2026-01-23 x", "#50;026-01-23 x" },
		{ "a section", "a section" },
		{ "  spaced\u00a0\u00a0out  ", "spaced out" },
		{ "\u202ex", "x" },
		{ "\xff", "\ufffd" },
		{ "Tâche ✅", "Tâche ✅" },
		{ "", "T1" },
		{ "\u00a0\n", "T1" },
	};

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		char *line = line_of(row[i][0], "T1");
		char *want =
		    tctl_xprintf("%s :T1, 2026-01-23T09:00, 60m", row[i][1]);

		assert_string_equal(line, want);
		free(want);
		free(line);
	}
}

static void
every_keyword_of_the_lexer_is_neutralised_in_any_case(void **unused)
{
	static const char *const word[] = { "accTitle", "accDescr",
		"accDescription", "axisFormat", "call", "click", "dateFormat",
		"excludes", "gantt", "href", "includes", "inclusiveEndDates",
		"section", "tickInterval", "title", "todayMarker", "topAxis",
		"weekday", "weekend" };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(word); i++) {
		char *line = line_of(word[i], "T1");
		assert_int_equal(line[0], '#');
		free(line);
	}
}

static void
long_titles_are_cut_and_say_so(void **unused)
{
	char title[500], *line;

	(void)unused;
	memset(title, 'x', sizeof(title) - 1);
	title[sizeof(title) - 1] = '\0';
	line = line_of(title, "T1");
	assert_int_equal(strcspn(line, "\xe2"), 120);
	assert_ptr_equal(strstr(line, "… :T1"), line + 120);
	free(line);
}

static void
ids_are_plain_and_unique(void **unused)
{
	static const char *const id[] = { "1.2", "1_2", "T4.2", "US1-3", "done",
		"__proto__", "", "é", "1.2", "t1_2-2", "T4.2" };
	static const char *const want[] = { "t1_2", "t1_2-2", "T4_2", "US1-3",
		"tdone", "t__proto__", "t", "t__", "t1_2-3", "t1_2-2-2",
		"T4_2-2" };
	struct tctl_bar bar[TCTL_COUNT(id)];
	const struct tctl_chart chart = {
		.bar = bar, .bar_count = TCTL_COUNT(id), .now_ms = 0
	};
	char *text, *rest;

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(id); i++)
		bar[i] = (struct tctl_bar){ .id = id[i],
			.title = "x",
			.start_ms = morning,
			.end_ms = morning + HOUR };
	rest = text = block(&chart);
	for (size_t i = 0; i < TCTL_COUNT(want); i++) {
		rest = strstr(rest, "x :");
		assert_non_null(rest);
		rest += 3;
		assert_memory_equal(rest, want[i], strlen(want[i]));
		assert_int_equal(rest[strlen(want[i])], ',');
	}
	free(text);
}

static void
many_bars_of_one_id_take_no_quadratic_time(void **unused)
{
	enum { N = 100000 };
	struct tctl_bar *bar = calloc(N, sizeof(*bar));
	const struct tctl_chart chart = {
		.bar = bar, .bar_count = N, .now_ms = 0
	};

	(void)unused;
	for (size_t i = 0; i < N; i++)
		bar[i] = (struct tctl_bar){ .id = "1", .title = "x" };
	free(block(&chart));
	free(bar);
}

static void
what_took_seconds_is_a_minute_and_not_a_milestone(void **unused)
{
	struct tctl_bar bar = { .id = "a",
		.title = "x",
		.start_ms = morning + 5000,
		.end_ms = morning + 6000 };
	const struct tctl_chart chart = {
		.bar = &bar, .bar_count = 1, .now_ms = 0
	};
	char *text = block(&chart);

	(void)unused;
	assert_non_null(strstr(text, "x :a, 2026-01-23T09:00, 1m\n"));
	free(text);
}

static void
the_today_marker_is_off_when_now_is_outside_the_chart(void **unused)
{
	struct tctl_bar bar = { .id = "a",
		.title = "x",
		.start_ms = morning,
		.end_ms = morning + HOUR };
	static const struct {
		int64_t now_ms;
		bool off;
	} row[] = { { -1, true }, { 0, false }, { HOUR, false },
		{ HOUR + 1, true } };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		const struct tctl_chart chart = { .bar = &bar,
			.bar_count = 1,
			.now_ms = morning + row[i].now_ms };
		char *text = block(&chart);

		assert_int_equal(
		    strstr(text, "todayMarker off") != NULL, row[i].off);
		free(text);
	}
}

static void
the_axis_has_about_a_dozen_ticks_whatever_the_span(void **unused)
{
	static const struct {
		int64_t hours;
		const char *tick;
	} row[] = { { 1, "10minute\n" }, { 8, "1hour\n" }, { 40, "4hour\n" },
		{ 100, "12hour\n" }, { 300, "1day\n" },
		{ 1500, "1week\n    weekday monday\n" }, { 8000, "1month\n" },
		{ 20000, "3month\n" }, { 100000, "12month\n" } };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		struct tctl_bar bar = { .id = "a",
			.title = "x",
			.start_ms = morning,
			.end_ms = morning + row[i].hours * HOUR };
		const struct tctl_chart chart = {
			.bar = &bar, .bar_count = 1, .now_ms = morning
		};
		char *text = block(&chart), *tick;

		tick = strstr(text, "tickInterval ");
		assert_non_null(tick);
		assert_memory_equal(tick + strlen("tickInterval "), row[i].tick,
		    strlen(row[i].tick));
		free(text);
	}
}

static void
a_chart_without_bars_says_so(void **unused)
{
	const struct tctl_chart chart = {
		.bar = NULL, .bar_count = 0, .now_ms = morning
	};
	char *text = block(&chart);

	(void)unused;
	assert_non_null(
	    strstr(text, "no tasks :milestone, t, 2026-01-23T09:00, 0m\n"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_chart_is_written_with_absolute_dates_and_tags),
		cmocka_unit_test(
		    titles_cannot_end_their_line_nor_begin_another_statement),
		cmocka_unit_test(
		    every_keyword_of_the_lexer_is_neutralised_in_any_case),
		cmocka_unit_test(long_titles_are_cut_and_say_so),
		cmocka_unit_test(ids_are_plain_and_unique),
		cmocka_unit_test(many_bars_of_one_id_take_no_quadratic_time),
		cmocka_unit_test(
		    what_took_seconds_is_a_minute_and_not_a_milestone),
		cmocka_unit_test(
		    the_today_marker_is_off_when_now_is_outside_the_chart),
		cmocka_unit_test(
		    the_axis_has_about_a_dozen_ticks_whatever_the_span),
		cmocka_unit_test(a_chart_without_bars_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
