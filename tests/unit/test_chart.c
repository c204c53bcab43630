/* test_chart.c - charts for programs: CSV, DOT, TaskJuggler, JSON, flowcharts;
 * and folding.  What the readers make of them: make check-readers. */
#include "test.h"

#include "taskctl/export.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

/* 2026-01-23T09:00 UTC */
static const int64_t morning = INT64_C(1769158800000);

/* Two sprints: a done task, one in work on the critical path, one that waits
 * for both, and one whose lease lapsed. */
static struct tctl_bar bars[4];
static struct tctl_edge edges[2];
static struct tctl_chart_barrier barriers[1];

static struct tctl_chart
sample(void)
{
	const struct tctl_bar bar[] = {
		{ .id = "1.1",
		    .title = "Set up",
		    .section = "1 Base",
		    .group = "1",
		    .start_ms = morning - HOUR,
		    .end_ms = morning - 10 * MINUTE,
		    .planned_start_ms = morning - HOUR,
		    .planned_end_ms = morning,
		    .state = TCTL_STATE_DONE,
		    .agent = "ada",
		    .percent = 100,
		    .estimate_s = 3600 },
		{ .id = "1.2",
		    .title = "Build \"it\"",
		    .section = "1 Base",
		    .group = "1",
		    .start_ms = morning - 10 * MINUTE,
		    .end_ms = morning + HOUR,
		    .state = TCTL_STATE_CLAIMED,
		    .critical = true,
		    .agent = "bo",
		    .percent = 40,
		    .estimate_s = 3600 },
		{ .id = "2.1",
		    .title = "Ship",
		    .section = "2 Out",
		    .group = "2",
		    .start_ms = morning + HOUR,
		    .end_ms = morning + 2 * HOUR,
		    .state = TCTL_STATE_PENDING,
		    .critical = true,
		    .mutex = "db",
		    .percent = -1,
		    .estimate_s = 3600 },
		{ .id = "2.2",
		    .title = "=1+1",
		    .section = "2 Out",
		    .group = "2",
		    .start_ms = morning,
		    .end_ms = morning + 30 * MINUTE,
		    .state = TCTL_STATE_READY,
		    .why = "its lease lapsed",
		    .attempts = 2,
		    .slack_s = 5400,
		    .percent = -1,
		    .estimate_s = -1 },
	};
	const struct tctl_edge edge[] = { { 0, 2 }, { 1, 2 } };

	memcpy(bars, bar, sizeof(bars));
	memcpy(edges, edge, sizeof(edges));
	barriers[0] = (struct tctl_chart_barrier){ "1", "2" };
	return (struct tctl_chart){ .title = "Plan",
		.bar = bars,
		.bar_count = 4,
		.now_ms = morning,
		.edge = edges,
		.edge_count = 2,
		.barrier = barriers,
		.barrier_count = 1,
		.task_count = 4,
		.percent = 30 };
}

typedef void writer(FILE *to, const struct tctl_chart *chart);

static void
write_dot(FILE *to, const struct tctl_chart *chart)
{
	tctl_export_dot(to, chart, false);
}

static char *
written(writer *write, const struct tctl_chart *chart)
{
	static char *buf; /* gcc 12 takes a local one's text for dangling */

	TEXT_OF(buf, to, write(to, chart));
	return buf;
}

static void
expect(writer *write, const struct tctl_chart *chart, const char *part)
{
	char *text = written(write, chart);

	if (strstr(text, part) == NULL)
		fail_msg("not in it: %s\n%s", part, text);
	free(text);
}

static void
csv_is_a_line_a_bar_without_formulas(void **unused)
{
	struct tctl_chart chart = sample();
	char *text = written(tctl_export_csv, &chart);

	(void)unused;
	assert_string_equal(text,
	    "id,title,section,state,agent,mutex,start,end,planned_start,"
	    "planned_end,estimate_s,slack_s,percent,lapsed,critical,needs,"
	    "stuck\r\n"
	    "\"1.1\",\"Set up\",\"1 Base\",\"done\",\"ada\",,"
	    "2026-01-23T08:00:00.000Z,2026-01-23T08:50:00.000Z,"
	    "2026-01-23T08:00:00.000Z,2026-01-23T09:00:00.000Z,"
	    "3600,0,100,0,false,\"\",\"\"\r\n"
	    "\"1.2\",\"Build \"\"it\"\"\",\"1 Base\",\"claimed\",\"bo\",,"
	    "2026-01-23T08:50:00.000Z,2026-01-23T10:00:00.000Z,,,"
	    "3600,0,40,0,true,\"\",\"\"\r\n"
	    "\"2.1\",\"Ship\",\"2 Out\",\"pending\",,\"db\","
	    "2026-01-23T10:00:00.000Z,2026-01-23T11:00:00.000Z,,,"
	    "3600,0,,0,true,\"1.1 1.2\",\"\"\r\n"
	    "\"2.2\",\"'=1+1\",\"2 Out\",\"ready\",,,"
	    "2026-01-23T09:00:00.000Z,2026-01-23T09:30:00.000Z,,,"
	    ",5400,,2,false,\"\",\"its lease lapsed\"\r\n");
	free(text);
	for (const char *start = "=+-@"; *start != '\0'; start++) {
		char title[] = { *start, '1', '\0' }, cell[8];

		chart.bar[0].title = title;
		snprintf(cell, sizeof(cell), "\"'%s\"", title);
		expect(tctl_export_csv, &chart, cell);
	}
}

static void
a_dot_label_ends_where_it_should(void **unused)
{
	struct tctl_chart chart = sample();

	(void)unused;
	chart.bar[0].title = "a\"]; b \\N \\ <i>&amp;\n";
	expect(write_dot, &chart,
	    "t0 [label=\"1.1 a\\\"]; b \\\\N \\\\ "
	    "&#60;i&#62;&#38;amp;\\ndone · 1h · ada\"");
	/* The critical path is thick, a barrier dotted. */
	expect(write_dot, &chart, "t1 -> t2 [penwidth=2.4 color=\"#c2410c\"]");
	expect(write_dot, &chart, "t0 -> t2;");
	expect(write_dot, &chart, "t1 -> t3 [style=dotted");
	expect(write_dot, &chart, "label=\"2 Out\"");
}

static void
a_flowchart_quotes_what_mermaid_reads(void **unused)
{
	struct tctl_chart chart = sample();

	(void)unused;
	chart.bar[0].title = "`a` **b** \"c\" [d] <e> end";
	expect(tctl_export_flowchart, &chart,
	    "t-1_1[\"1.1 #96;a#96; #42;#42;b#42;#42; #34;c#34; #91;d#93; "
	    "#60;e#62; end\"]:::done\n");
	expect(tctl_export_flowchart, &chart, "    t-1_1 --> t-2_1\n");
	expect(tctl_export_flowchart, &chart, "    t-1_2 ==> t-2_1\n");
	expect(tctl_export_flowchart, &chart, "    t-1_2 -.-> t-2_2\n");
	expect(tctl_export_flowchart, &chart, ":::pendingCritical\n");
}

static void
taskjuggler_gets_facts_fixed_and_the_rest_free(void **unused)
{
	struct tctl_chart chart = sample();

	(void)unused;
	expect(tctl_export_tjp, &chart,
	    "task t0 \"1.1 Set up\" { start 2026-01-23-08:00 end "
	    "2026-01-23-08:50 complete 100 }");
	expect(tctl_export_tjp, &chart,
	    "task t2 \"2.1 Ship\" { depends begin, s0.t0, s0.t1, barrier0 "
	    "duration 60min }");
	expect(tctl_export_tjp, &chart,
	    "task barrier0 \"1\" { milestone depends s0.t0, s0.t1 }");
	/* Minutes between are rounded up to what it knows. */
	chart.bar[2].end_ms += 2 * MINUTE;
	expect(tctl_export_tjp, &chart, "duration 65min");
	/* As written, nothing is a fact. */
	chart.as_written = true;
	expect(tctl_export_tjp, &chart,
	    "task t0 \"1.1 Set up\" { depends begin duration 50min }");
	expect(tctl_export_tjp, &chart,
	    "task begin \"begin\" { milestone start 2026-01-23-08:00 }");
	chart.bar[0].title = "\" } ${now} $(X) \\";
	expect(tctl_export_tjp, &chart, "\"1.1 \\\" } ＄{now} ＄(X) ＼\"");
}

static void
json_comes_back_as_it_was(void **unused)
{
	struct tctl_chart chart = sample(), back;
	struct tctl_arena *arena = tctl_arena_new();
	struct json_object *json = tctl_export_json(&chart);
	struct json_object *parsed =
	    json_tokener_parse(json_object_to_json_string(json));
	struct tctl_error err;
	char *before = written(tctl_export_csv, &chart), *after;

	(void)unused;
	assert_int_equal(tctl_chart_read(parsed, arena, &back, &err), TCTL_OK);
	after = written(tctl_export_csv, &back);
	assert_string_equal(before, after);
	assert_int_equal(back.now_ms, chart.now_ms);
	assert_int_equal(back.barrier_count, 1);
	assert_string_equal(back.barrier[0].after, "2");
	assert_string_equal(back.bar[3].why, "its lease lapsed");
	free(before);
	free(after);
	json_object_put(json);
	json_object_put(parsed);
	tctl_arena_free(arena);
}

static void
json_that_is_no_chart_is_refused(void **unused)
{
	static const char *const text[] = { "{}", "[]", "1", "{\"tasks\":[{}]}",
		"{\"tasks\":[1]}",
		"{\"tasks\":[{\"id\":\"1\",\"state\":\"odd\"}]}" };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(text); i++) {
		struct tctl_arena *arena = tctl_arena_new();
		struct json_object *json = json_tokener_parse(text[i]);
		struct tctl_chart chart;
		struct tctl_error err;

		assert_int_equal(
		    tctl_chart_read(json, arena, &chart, &err), TCTL_EINVALID);
		json_object_put(json);
		tctl_arena_free(arena);
	}
}

static void
sections_fold_what_is_done_first(void **unused)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_chart chart = sample();

	(void)unused;
	assert_false(tctl_chart_fold(&chart, 4, arena));
	assert_null(tctl_chart_remark(&chart, arena));
	chart.bar[1].state = TCTL_STATE_DONE;
	assert_true(tctl_chart_fold(&chart, 3, arena));
	assert_int_equal(chart.bar_count, 3);
	assert_int_equal(chart.bar[0].folded, 2);
	assert_int_equal(chart.bar[0].state, TCTL_STATE_DONE);
	assert_int_equal(chart.bar[0].start_ms, morning - HOUR);
	assert_int_equal(chart.bar[0].end_ms, morning + HOUR);
	assert_string_equal(chart.bar[0].title, "1 Base (2 tasks, 100 % done)");
	assert_string_equal(chart.bar[1].id, "2.1");
	/* Two arrows have become one. */
	assert_int_equal(chart.edge_count, 1);
	assert_int_equal(chart.edge[0].before, 0);
	assert_int_equal(chart.edge[0].after, 1);
	assert_int_equal(chart.folded, 2);
	assert_non_null(tctl_chart_remark(&chart, arena));
	tctl_arena_free(arena);
}

static void
what_is_kept_has_its_arrows(void **unused)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_chart chart = sample();
	const bool keep[] = { false, true, true, false }, none[2] = { false };

	(void)unused;
	chart.bar[1].state = TCTL_STATE_DONE;
	tctl_chart_keep(&chart, keep, arena);
	assert_int_equal(chart.bar_count, 2);
	assert_int_equal(chart.task_count, 2);
	assert_string_equal(chart.bar[1].id, "2.1");
	assert_int_equal(chart.edge_count, 1);
	assert_int_equal(chart.edge[0].before, 0);
	assert_int_equal(chart.edge[0].after, 1);
	assert_in_range(chart.percent, 1, 99);
	tctl_chart_keep(&chart, none, arena);
	assert_int_equal(chart.bar_count, 0);
	assert_int_equal(chart.edge_count, 0);
	assert_int_equal(chart.percent, -1);
	tctl_arena_free(arena);
}

static void
a_fold_shows_what_needs_a_look(void **unused)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_chart chart = sample();

	(void)unused;
	assert_true(tctl_chart_fold(&chart, 1, arena));
	assert_int_equal(chart.bar_count, 2); /* one a section is the least */
	assert_int_equal(chart.bar[0].state, TCTL_STATE_CLAIMED);
	assert_true(chart.bar[0].critical);
	assert_int_equal(chart.bar[0].percent, 70);
	assert_string_equal(chart.bar[1].why, "its lease lapsed");
	assert_int_equal(chart.bar[1].attempts, 2);
	tctl_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_is_a_line_a_bar_without_formulas),
		cmocka_unit_test(a_dot_label_ends_where_it_should),
		cmocka_unit_test(a_flowchart_quotes_what_mermaid_reads),
		cmocka_unit_test(
		    taskjuggler_gets_facts_fixed_and_the_rest_free),
		cmocka_unit_test(json_comes_back_as_it_was),
		cmocka_unit_test(json_that_is_no_chart_is_refused),
		cmocka_unit_test(sections_fold_what_is_done_first),
		cmocka_unit_test(what_is_kept_has_its_arrows),
		cmocka_unit_test(a_fold_shows_what_needs_a_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
