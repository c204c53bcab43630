/* test_gantt.c - what stands in a plan's Mermaid block: dates in the formats of
 * Mermaid, days that do not count, and which task a bar is. */
#include "../../lib/plan/fields.h"
#include "../../lib/plan/gantt.h"
#include "plan_test.h"

#include "taskctl/time.h"

static void
dates_are_read_by_the_block_s_own_format(void **unused)
{
	static const struct {
		const char *text, *format, *want; /* NULL: it is none */
	} row[] = {
		{ "2026-03-09", NULL, "2026-03-09T00:00:00.000Z" },
		{ "2026-03-09 14:05", NULL, "2026-03-09T14:05:00.000Z" },
		{ "2026-03", NULL, NULL },
		{ "2026/03/09", NULL, NULL },
		{ "09/03/2026", "DD/MM/YYYY", "2026-03-09T00:00:00.000Z" },
		{ "9.3.26", "D.M.YY", "2026-03-09T00:00:00.000Z" },
		{ "March 9 2026", "MMMM D YYYY", "2026-03-09T00:00:00.000Z" },
		{ "9-Dec-2026", "D-MMM-YYYY", "2026-12-09T00:00:00.000Z" },
		{ "9-Dez-2026", "D-MMM-YYYY", NULL },
		{ "2026-03-09 02:05:06 pm", "YYYY-MM-DD hh:mm:ss a",
		    "2026-03-09T14:05:06.000Z" },
		{ "2026-03-09 02:05 AM", "YYYY-MM-DD hh:mm A",
		    "2026-03-09T02:05:00.000Z" },
		{ "1773014400", "X", "2026-03-09T00:00:00.000Z" },
		{ "1773014400000", "x", "2026-03-09T00:00:00.000Z" },
		{ "soon", "X", NULL },
		{ "2026-03-09 late", "YYYY-MM-DD", NULL },
		{ "2026-13-09", "YYYY-MM-DD", NULL },
	};

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		char have[TCTL_INSTANT_TEXT];
		int64_t s;
		bool is_date = tctl_gantt_date(row[i].text, row[i].format, &s);

		if (is_date != (row[i].want != NULL))
			fail_msg("%s: %d", row[i].text, is_date);
		if (is_date)
			assert_string_equal(
			    tctl_instant_write(s * 1000, have), row[i].want);
	}
}

/* Days that do not count of the two weeks from Monday, 2026-03-02. */
static int64_t
days_out(const char *list)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_gantt gantt = { .date_format = "YYYY-MM-DD" };
	int64_t from = tctl_date_days(2026, 3, 2) * TCTL_DAY_S, days;

	tctl_gantt_exclude(arena, &gantt, list);
	days = tctl_gantt_excluded_s(&gantt, from, from + 14 * TCTL_DAY_S) /
	       TCTL_DAY_S;
	tctl_arena_free(arena);
	return days;
}

static void
days_that_do_not_count(void **unused)
{
	(void)unused;
	assert_int_equal(days_out(""), 0);
	assert_int_equal(days_out("weekends"), 4);
	assert_int_equal(days_out("friday, monday"), 4);
	assert_int_equal(days_out("2026-03-04, 2026-03-05"), 2);
	assert_int_equal(days_out("weekends 2026-03-04, 2026-03-07"), 5);
	assert_int_equal(days_out("2026-02-28, someday"), 0);
}

/* A bar's length by what a plan of the block alone makes of it. */
static void
bars_are_tasks_by_id_number_or_title(void **unused)
{
	static const char text[] =
	    "# P\n\n## Sprint 1 : One\n\n"
	    "#### Task 1.1 : Saw the long planks\n\n"
	    "#### Task 1.2 : Nail the planks\n\n"
	    "#### Task 1.3 : Paint the hull\n\n"
	    "## Sprint 2 : Two\n\n#### Task 2.1 : Paint the mast\n\n"
	    "```mermaid\ngantt\n    dateFormat YYYY-MM-DD\n"
	    "    section Sprint 1\n"
	    "    Anything :s1_1, 2026-03-02, 1d\n"
	    "    1.2 Nails :after s1_1, 1d\n"
	    "    Paint hull :p, after s1_1, 1d\n"
	    "    section Sprint 2\n"
	    "    Paint the mast :m, after p, 1d\n"
	    "```\n";
	struct tctl_plan *plan;

	(void)unused;
	plan = plan_of_text(text);
	assert_tasks(plan, "1.1[ ] 1.2[ ]<1.1 1.3[ ]<1.1 2.1[ ]<1.3");
	assert_null(said_of(plan, "gantt_unmatched"));
	tctl_plan_free(plan);
}

static void
references_to_many(void **unused)
{
	static const char text[] =
	    "# P\n\n## Sprint 1 : One\n\n#### Task 1.1 : A\n\n"
	    "#### Task 1.2 : B\n\n#### Task 1.3 : C\n\n"
	    "## Sprint 2 : Two\n\n#### Task 2.1 : D\n"
	    "**Dependencies** : 1.1-1.3\n\n"
	    "#### Task 2.2 : E\n**Dependencies** : all previous phases\n\n"
	    "#### Task 2.3 : F\n**Dependencies** : all previous tasks\n";
	struct tctl_plan *plan;

	(void)unused;
	plan = plan_of_text(text);
	assert_tasks(plan, "1.1[ ] 1.2[ ] 1.3[ ] 2.1[ ]<1.1,1.2,1.3 "
			   "2.2[ ]<1.1,1.2,1.3 2.3[ ]<1.1,1.2,1.3,2.1,2.2");
	tctl_plan_free(plan);
}

static void
words_of_priority_and_of_yes_and_no(void **unused)
{
	static const struct {
		const char *text;
		int priority, parallel;
	} row[] = {
		{ "⭐⭐⭐", 1, -1 },
		{ "⭐", 3, -1 },
		{ "2", 2, -1 },
		{ "P1", 1, -1 },
		{ "high", 1, -1 },
		{ "rather medium", 2, -1 },
		{ "low", TCTL_PRIORITY_LOW, -1 },
		{ "7", 0, -1 },
		{ "yes", 0, 1 },
		{ "✅ (after 1.1)", 0, 1 },
		{ "no", 0, 0 },
		{ "❌", 0, 0 },
		{ "", 0, -1 },
	};

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(row); i++) {
		size_t n = strlen(row[i].text);

		assert_int_equal(
		    tctl_priority_read(row[i].text, n), row[i].priority);
		assert_int_equal(
		    tctl_parallel_read(row[i].text, n), row[i].parallel);
	}
}

static void
a_table_s_column_of_parallel_and_its_totals(void **unused)
{
	static const char text[] =
	    "# P\n\n## Sprint 1 : One\n\n#### Task 1.1 : A\n"
	    "**Duration** : 2h\n**Parallelizable** : yes\n\n"
	    "#### Task 1.2 : B\n**Duration** : 1h\n\n"
	    "| Task | Title | Duration | Parallel |\n|---|---|---|---|\n"
	    "| 1.1 | A | 2h | no |\n"
	    "| 1.2 | B | 1h | yes (after 1.1) |\n"
	    "| **Total** | | 9h | |\n";
	struct tctl_plan *plan;

	(void)unused;
	plan = plan_of_text(text);
	assert_tasks(plan, "1.1[ ] 1.2[ ]<1.1");
	assert_int_equal(said_of(plan, "table_mismatch")->line, 14);
	assert_int_equal(said_of(plan, "sum_mismatch")->line, 16);
	tctl_plan_free(plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_read_by_the_block_s_own_format),
		cmocka_unit_test(days_that_do_not_count),
		cmocka_unit_test(bars_are_tasks_by_id_number_or_title),
		cmocka_unit_test(references_to_many),
		cmocka_unit_test(words_of_priority_and_of_yes_and_no),
		cmocka_unit_test(a_table_s_column_of_parallel_and_its_totals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
