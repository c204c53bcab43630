/* test_complaints.c - plans that contradict themselves, and every place where
 * that is said: line, column, code, and the line that says otherwise. */
#include "plan_test.h"

static void
is_said(const char *text, const char *want)
{
	const struct tctl_plan_options options = { .file = "plan.md",
		.with_advice = true };
	struct tctl_plan *plan = NULL;
	struct tctl_error err;
	char *have = NULL;

	if (tctl_plan_read(text, strlen(text), &options, &plan, &err) !=
	    TCTL_OK)
		fail_msg("%s", err.text);
	TEXT_OF(
	    have, f, for (size_t i = 0; i < plan->diagnostic_count; i++) {
		    const struct tctl_diagnostic *d = &plan->diagnostic[i];

		    fprintf(f, "%d:%d %s", d->line, d->column, d->code);
		    if (d->other_line != 0)
			    fprintf(f, " %d", d->other_line);
		    fputc('\n', f);
	    });
	assert_string_equal(have, want);
	free(have);
	tctl_plan_free(plan);
}

static void
totals_agents_and_tables(void **unused)
{
	static const char plan[] =
	    "# P\n"
	    "\n"
	    "**Total** : 9h sequential, 4h in parallel\n"
	    "\n"
	    "## Sprint 1 : One (4h)\n"
	    "\n"
	    "**Total** : 4h sequential, 2h in parallel with 2 agents\n"
	    "\n"
	    "#### Task 1.1 : Saw ⭐ PRIORITY\n"
	    "**Duration** : 2h\n"
	    "**Agent** : Agent A\n"
	    "**Files** : `a.c`, b.c (new), c.c\n"
	    "\n"
	    "#### Task 1.2 : Nail\n"
	    "**Duration** : 90m\n"
	    "**Agent** : Agent B\n"
	    "**Files** : b.c\n"
	    "\n"
	    "#### Task 1.3 : Paint\n"
	    "**Duration** : 30m\n"
	    "**Agent** : Agent C\n"
	    "**Priority** : low\n"
	    "\n"
	    "## Sprint 2 : Two\n"
	    "\n"
	    "**Total** : 3h sequential, 1h in parallel with 3 agents\n"
	    "\n"
	    "### Parallel work\n"
	    "\n"
	    "#### Task 2.1 : Sew\n"
	    "**Duration** : 2h\n"
	    "**Parallelizable** : no\n"
	    "**Dependencies** : 1.1\n"
	    "\n"
	    "#### Task 2.2 : Hoist\n"
	    "**Duration** : 1h\n"
	    "**Dependencies** : 2.1\n"
	    "**Sequential** : yes\n"
	    "\n"
	    "## Strategy\n"
	    "\n"
	    "| Sprint | Agent A | Agent B |\n"
	    "|---|---|---|\n"
	    "| 1 | Saw (2h) + 1.2 (1h30) | Paint (30m) |\n"
	    "| Sprint 2: Two | 2.1 (2h) | |\n"
	    "| 9 | x | y |\n"
	    "\n"
	    "| Task | Title | Duration | Agent | Priority |\n"
	    "|---|---|---|---|---|\n"
	    "| 1.1 | Saw | 3h | Agent B | ⭐ |\n"
	    "| 1.2 | Nail | 90m | B | ⭐⭐⭐ |\n"
	    "\n"
	    "- Sprint 1 : 5h\n"
	    "- Sprint 2 : 3h, 2h in parallel\n";

	(void)unused;
	is_said(plan, "3:13 total_mismatch 10\n"
		      "3:28 total_mismatch 7\n"
		      "7:48 agent_count 21\n"
		      "9:11 priority 50\n"
		      "9:11 no_criterion\n"
		      "14:11 priority 51\n"
		      "26:28 parallel_mismatch 24\n"
		      "32:22 group_mismatch 28\n"
		      "38:18 group_mismatch 28\n"
		      "44:7 strategy 7\n"
		      "44:18 strategy 16\n"
		      "45:3 strategy 35\n"
		      "45:19 strategy 26\n"
		      "50:15 table_mismatch 10\n"
		      "50:20 table_mismatch 11\n");
}

static void
a_gantt_block_against_the_text(void **unused)
{
	static const char plan[] =
	    "# P\n"
	    "\n"
	    "- Sprint 1 : 5h\n"
	    "- Sprint 2 : 3h sequential, 2h in parallel\n"
	    "\n"
	    "## Sprint 1 : One (3h)\n"
	    "\n"
	    "**Total** : 3h with 2 agents\n"
	    "\n"
	    "#### Task 1.1 : Saw\n"
	    "**Duration** : 2h\n"
	    "**Agent** : A\n"
	    "\n"
	    "#### Task 1.2 : Nail\n"
	    "**Duration** : 1h\n"
	    "**Agent** : A\n"
	    "\n"
	    "## Sprint 2 : Two\n"
	    "\n"
	    "**Total** : 3h sequential, 4h in parallel with 2 agents\n"
	    "\n"
	    "#### Task 2.1 : Sew\n"
	    "**Duration** : 2h\n"
	    "**Dependencies** : 1.1, 1.2\n"
	    "\n"
	    "#### Task 2.2 : Hoist\n"
	    "**Duration** : 1h\n"
	    "\n"
	    "#### Task 2.3 : Sail\n"
	    "\n"
	    "```mermaid\n"
	    "gantt\n"
	    "    dateFormat YYYY-MM-DD HH:mm\n"
	    "    section One\n"
	    "    1.1 Saw :done, t11, 2026-01-01 08:00, 3h\n"
	    "    1.2 Nail :t12, 2026-01-01 09:00, 1h\n"
	    "    section Two\n"
	    "    2.1 Sew :t21, after t12, 2h\n"
	    "    2.2 Hoist :t22, after t21, 1h\n"
	    "    Party :p, after t99, 1h\n"
	    "    End :milestone, after t22, 0d\n"
	    "```\n";

	(void)unused;
	is_said(plan, "10:11 no_criterion\n"
		      "32:1 gantt_leaves_out 29\n"
		      "35:5 gantt_done 10\n"
		      "35:43 gantt_duration 11\n"
		      "38:19 gantt_missing 22\n"
		      "38:19 gantt_overlap 35\n"
		      "39:21 gantt_extra 26\n"
		      "40:5 gantt_unmatched\n"
		      "40:15 gantt_unknown\n");
}

static void
fields_that_say_nothing(void **unused)
{
	static const char plan[] = "# P\n"
				   "\n"
				   "## Sprint 1 : One (1h)\n"
				   "\n"
				   "**Condition** : when we feel like it\n"
				   "\n"
				   "#### Task 1.1 : Saw\n"
				   "**Duration** : -2h\n"
				   "**Files** : `x.c`\n"
				   "**Dependencies** : the usual\n"
				   "\n"
				   "#### Task 1.2 : Nail\n"
				   "**Duration** : 2-3h\n"
				   "**Files** : `x.c`\n"
				   "\n"
				   "#### Task 1.3 : Paint\n"
				   "**Duration** : soon\n"
				   "- [ ] a\n"
				   "-[ ] b\n"
				   "\n"
				   "#### ✅ Task 1.4 : Sand\n"
				   "- [ ] a\n"
				   "\n"
				   "#### Task 1.5 :\n"
				   "\n"
				   "## Sprint 2 : Two\n"
				   "\n"
				   "#### Task 2.1 : Sew\n"
				   "**Duration** : 2 years\n";

	(void)unused;
	is_said(plan, "5:17 unread_condition\n"
		      "8:16 impossible_duration\n"
		      "10:20 unread_dependency\n"
		      "13:16 range\n"
		      "13:16 impossible_duration 3\n"
		      "17:16 bad_duration\n"
		      "24:16 bad_title\n"
		      "29:16 bad_duration\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(totals_agents_and_tables),
		cmocka_unit_test(a_gantt_block_against_the_text),
		cmocka_unit_test(fields_that_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
