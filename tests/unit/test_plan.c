/* test_plan.c - what is read from a plan, and what is said about it. */
#include "../../lib/plan/words.h"
#include "plan_test.h"

static const char example[] = "tests/plans/bibliotheque.md";

/* "1.1 1.2 2.1": needs in one string. */
static void
assert_needs(const struct tctl_plan *plan, const char *id, const char *want)
{
	const struct tctl_task *task = task_of(plan, id);
	char have[200] = "";

	for (size_t i = 0; i < task->needs.count; i++) {
		strcat(have, i == 0 ? "" : " ");
		strcat(have, task->needs.at[i]);
	}
	assert_string_equal(have, want);
}

static void
fields_of_a_task_are_read(void **unused)
{
	struct tctl_plan *plan = plan_of_file(example);
	const struct tctl_task *task = task_of(plan, "1.1");

	(void)unused;
	assert_int_equal(plan->task_count, 8);
	assert_int_equal(plan->error_count, 0);
	assert_string_equal(plan->name, "bibliotheque");
	assert_string_equal(plan->dialect, "sprint");
	assert_string_equal(task->title, "Écrire le schéma");
	assert_string_equal(task->sprint, "1");
	assert_string_equal(task->planned_agent, "Main");
	assert_int_equal(task->estimate_s, 5400);
	assert_int_equal(task->line, 13);
	assert_int_equal(task->criteria.count, 2);
	assert_true(task->criteria.at[1].done);
	assert_int_equal(task->files.count, 2);
	assert_string_equal(task->files.at[0], "db/schema.sql");
	tctl_plan_free(plan);
}

static void
list_fields_and_other_spellings_are_read(void **unused)
{
	struct tctl_plan *plan = plan_of_file(example);
	const struct tctl_task *task = task_of(plan, "2.1");

	(void)unused;
	assert_string_equal(task->title, "Index de recherche");
	assert_int_equal(task->estimate_s, 2 * 8 * 3600);
	assert_int_equal(task->files.count, 2);
	assert_string_equal(task->files.at[1], "src/index.h");
	assert_int_equal(task_of(plan, "2.2")->estimate_s, 7200);
	assert_non_null(said_of(plan, "range"));
	assert_string_equal(task_of(plan, "2.3")->files.at[0], "src/index.c");
	tctl_plan_free(plan);
}

static void
needs_come_from_fields_tables_and_diagram(void **unused)
{
	struct tctl_plan *plan = plan_of_file(example);

	(void)unused;
	assert_needs(plan, "1.2", "1.1");
	assert_needs(plan, "2.1", "1.2");
	assert_needs(plan, "2.2", "1.1 1.2 1.3 2.1");
	assert_needs(plan, "2.3", "");
	for (size_t e = 0; e < plan->edge_count; e++)
		if (!strcmp(plan->task[plan->edge[e].after].id, "2.1"))
			assert_int_equal(
			    plan->edge_source[e], TCTL_EDGE_DIAGRAM);
	tctl_plan_free(plan);
}

static void
what_is_not_parallelisable_shares_a_mutex(void **unused)
{
	struct tctl_plan *plan = plan_of_file(example);

	(void)unused;
	assert_string_equal(task_of(plan, "1.1")->mutex, TCTL_MUTEX_SERIAL);
	assert_string_equal(task_of(plan, "1.3")->mutex, "config");
	assert_null(task_of(plan, "1.2")->mutex);
	tctl_plan_free(plan);
}

static void
tables_decide_the_priority(void **unused)
{
	struct tctl_plan *plan = plan_of_file(example);

	(void)unused;
	assert_int_equal(task_of(plan, "1.1")->priority, 1);
	assert_int_equal(task_of(plan, "1.2")->priority, 2);
	assert_int_equal(task_of(plan, "1.3")->priority, 3);
	assert_int_equal(task_of(plan, "3.1")->priority, TCTL_PRIORITY_NONE);
	tctl_plan_free(plan);
}

static void
a_done_word_after_the_tick_means_done(void **unused)
{
	struct tctl_plan *plan =
	    plan_of_text("## Sprint 1\n"
			 "### Task 1.1 : A ✅ done\n"
			 "### Task 1.2 : B (terminé)\n"
			 "### Task 1.3 : ✅ C\n"
			 "### Task 1.4 : D ✅\n- [ ] open\n"
			 "### Task 1.5 : E ✅ (pas fait)\n");

	(void)unused;
	assert_true(task_of(plan, "1.1")->ticked);
	assert_string_equal(task_of(plan, "1.1")->title, "A");
	assert_true(task_of(plan, "1.2")->ticked);
	assert_false(task_of(plan, "1.3")->ticked);
	assert_string_equal(task_of(plan, "1.3")->title, "C");
	assert_false(task_of(plan, "1.4")->ticked);
	assert_false(task_of(plan, "1.5")->ticked);
	assert_non_null(said_of(plan, "tick"));
	tctl_plan_free(plan);
}

static void
a_tick_behind_the_id_is_warned_of(void **unused)
{
	static const char *const behind[] = { " : ✅ A", " ✅ A", " ✅ : A",
		"✅: A" };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(behind); i++) {
		struct tctl_plan *plan;
		char text[64];

		snprintf(text, sizeof(text), "## Sprint 1\n### Task 1.1%s\n",
		    behind[i]);
		plan = plan_of_text(text);
		assert_string_equal(task_of(plan, "1.1")->title, "A");
		assert_false(task_of(plan, "1.1")->ticked);
		assert_int_equal(said_of(plan, "tick")->line, 2);
		tctl_plan_free(plan);
	}
}

static void
a_remark_after_done_may_be_long(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "## Sprint 1\n"
	    "### Task 1.1 : A ✅ done (PR 12, by Ana, see notes)\n"
	    "### Task 1.2 : B ⬜ to do (PR 12, by Ana, see notes)\n"
	    "### Task 1.3 : The ✅ done badge of lists of all tasks\n"
	    "### Task 1.4 : The ✅ done-marker of lists of all tasks\n"
	    "### Task 1.5 : C ✅ not done (PR 12, by Ana, see notes)\n");

	(void)unused;
	assert_true(task_of(plan, "1.1")->ticked);
	assert_string_equal(task_of(plan, "1.1")->title, "A");
	assert_false(task_of(plan, "1.2")->ticked);
	assert_string_equal(task_of(plan, "1.2")->title, "B");
	assert_false(task_of(plan, "1.3")->ticked);
	assert_false(task_of(plan, "1.4")->ticked);
	assert_false(task_of(plan, "1.5")->ticked);
	tctl_plan_free(plan);
	plan =
	    plan_of_text("| Task | Duration |\n|---|---|\n"
			 "| T1: A ✅ Done — PR 12, by Ana, see notes | 1h |\n");
	assert_true(plan->task[0].ticked);
	assert_string_equal(plan->task[0].title, "A");
	tctl_plan_free(plan);
}

static void
a_tab_in_a_title_is_a_blank(void **unused)
{
	static const char *const text[] = {
		"# P\n\n- [ ] plus\ttab\n- [ ] b\n",
		"## Sprint 1\n### Task 1.1 : plus\ttab\n",
		"| Task | Duration |\n|---|---|\n| T1: plus\ttab | 1h |\n",
	};

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(text); i++) {
		struct tctl_plan *plan = plan_of_text(text[i]);

		assert_int_equal(plan->error_count, 0);
		assert_string_equal(plan->task[0].title, "plus tab");
		tctl_plan_free(plan);
	}
}

static void
a_complete_sprint_ticks_its_tasks(void **unused)
{
	struct tctl_plan *plan = plan_of_text("## Sprint 1 : A - TERMINÉ ✅\n"
					      "### Task 1.1 : A\n"
					      "## Sprint 2 : B\n"
					      "### Task 2.1 : B\n");

	(void)unused;
	assert_true(plan->sprint[0].complete);
	assert_string_equal(plan->sprint[0].title, "A");
	assert_int_equal(plan->task[0].state, TCTL_STATE_DONE);
	assert_int_equal(plan->task[1].state, TCTL_STATE_READY);
	tctl_plan_free(plan);
}

static void
a_sprint_follows_when_nothing_leads_into_it(void **unused)
{
	static const char text[] = "## Sprint 1\n### Task 1.1 : A\n"
				   "## Sprint 2\n### Task 2.1 : B\n"
				   "## Sprint 3\n### Task 3.1 : C\n"
				   "**Depends on**: 1.1\n";
	struct tctl_plan_options options = { .file = "p.md" };
	struct tctl_plan *plan = plan_of_text(text);
	struct tctl_edge *edge;

	(void)unused;
	assert_int_equal(plan->sprint[1].after, 0);
	assert_int_equal(plan->sprint[2].after, TCTL_NONE);
	assert_int_equal(plan->task[1].state, TCTL_STATE_PENDING);
	assert_int_equal(plan->task[1].needs.count, 0);
	assert_int_equal(tctl_plan_edges(plan, &edge), 1 + 3 + 1);
	free(edge);
	tctl_plan_free(plan);

	options.without_order = true;
	plan = plan_with(text, sizeof(text) - 1, &options);
	assert_int_equal(plan->sprint[1].after, TCTL_NONE);
	tctl_plan_free(plan);
}

static void
fences_are_opaque(void **unused)
{
	struct tctl_plan *plan = plan_of_file(example);

	(void)unused;
	for (size_t i = 0; i < plan->task_count; i++)
		assert_string_not_equal(plan->task[i].id, "9.9");
	tctl_plan_free(plan);
}

static void
acceptance_boxes_are_steps_of_the_task_they_name(void **unused)
{
	struct tctl_plan *plan = plan_of_text("## Phase 1 : A\n"
					      "### T4.1 : Build\n"
					      "## Acceptance\n"
					      "- [x] T4.1: it builds\n"
					      "- [ ] nobody's\n");

	(void)unused;
	assert_int_equal(plan->task_count, 1);
	assert_int_equal(plan->task[0].steps.count, 1);
	assert_true(plan->task[0].steps.at[0].done);
	assert_non_null(said_of(plan, "loose_boxes"));
	tctl_plan_free(plan);
}

static void
a_done_mark_does_not_hide_the_priority(void **unused)
{
	static const char *const tail[] = { "⭐ PRIORITY ✅ done",
		"⭐ PRIORITÉ ✅ (done)", "⭐ (priorité) ✅ done",
		"(priorité) ✅ done", "(⭐ priorité) ✅ (fait)",
		"✅ done ⭐ PRIORITY" };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(tail); i++) {
		char text[400];
		struct tctl_plan *plan;

		snprintf(text, sizeof(text),
		    "## Sprint 1\n#### Task 1.1: x %s\n"
		    "| Task | Priority |\n|---|---|\n| 1.1 x | ⭐⭐⭐ |\n",
		    tail[i]);
		plan = plan_of_text(text);
		assert_string_equal(task_of(plan, "1.1")->title, "x");
		assert_int_equal(task_of(plan, "1.1")->priority, 1);
		assert_true(task_of(plan, "1.1")->ticked);
		assert_null(said_of(plan, "priority"));
		assert_null(said_of(plan, "tick"));
		tctl_plan_free(plan);
	}
}

static void
assert_at(const struct tctl_plan *plan, const char *code, int line, int column)
{
	const struct tctl_diagnostic *d = said_of(plan, code);

	assert_non_null(d);
	assert_int_equal(d->line, line);
	assert_int_equal(d->column, column);
}

static void
columns_are_those_of_what_is_complained_about(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "## Sprint 1 : Été (9h)\n"
	    "### Task 1.1 : ✅ A\n"
	    "**Durée** : _demain_\n"
	    "**Dépend de** : `1.1a`, **1.2** &amp; 1.9\n"
	    "### Task 1.2 : B\n"
	    "| Task | Durée |\n|---|---|\n| 1.1 | **2-3h** |\n| 1.2 | 1h |\n");

	(void)unused;
	assert_at(plan, "sum_mismatch", 1, 20);
	assert_at(plan, "tick", 2, 16);
	assert_at(plan, "bad_duration", 3, 14);
	assert_at(plan, "unknown_dependency", 4, 18);
	assert_at(plan, "range", 8, 11);
	tctl_plan_free(plan);

	plan = plan_of_text("## Sprint 1\n### Task 1.2 : A\n"
			    "Needs: x &amp; 1.7\n"
			    "#### Tâche **1.2** : B\n");
	assert_at(plan, "unknown_dependency", 3, 16);
	assert_at(plan, "duplicate_id", 4, 14);
	tctl_plan_free(plan);
}

static void
columns_count_in_a_diagram(void **unused)
{
	struct tctl_plan *plan = plan_of_text("## Sprint 1\n### Task 1.1 : A\n"
					      "**Durée** : 1h\n"
					      "### Task 1.2 : B\n"
					      "### Task 1.3 : C\n"
					      "## Fin\n"
					      "  ```mermaid\n\n"
					      "  gantt\n"
					      "    Été :t1_1, 2026-01-01, 2h\n"
					      "    B :t1_2, after t1_1, 1h\n"
					      "    C :t1_3, after t1_1, 1h\n"
					      "  ```\n");

	(void)unused;
	assert_at(plan, "gantt_duration", 10, 28);
	assert_at(plan, "gantt_extra", 11, 14);
	assert_non_null(strstr(
	    said_of(plan, "gantt_extra")->message, "1.2, 1.3 after 1.1"));
	tctl_plan_free(plan);
}

static void
errors_name_both_places(void **unused)
{
	struct tctl_plan *plan = plan_of_text("## Sprint 1\n"
					      "### Task 1.1 : A\n"
					      "### Task 1_1 : B\n");
	const struct tctl_diagnostic *d = said_of(plan, "duplicate_id");

	(void)unused;
	assert_non_null(d);
	assert_int_equal(d->severity, TCTL_ERROR);
	assert_int_equal(d->line, 3);
	assert_int_equal(d->other_line, 2);
	assert_int_equal(plan->error_count, 1);
	tctl_plan_free(plan);
}

static void
a_cycle_is_named_whole(void **unused)
{
	struct tctl_plan *plan = plan_of_text("## Sprint 1\n"
					      "### Task 1.1 : A\n"
					      "**Needs**: 1.3\n"
					      "### Task 1.2 : B\n"
					      "**Needs**: 1.1\n"
					      "### Task 1.3 : C\n"
					      "**Needs**: 1.2\n");
	const struct tctl_diagnostic *d = said_of(plan, "cycle");

	(void)unused;
	assert_non_null(d);
	assert_non_null(strstr(d->message, "1.1 (line 2)"));
	assert_non_null(strstr(d->message, "1.2 (line 4)"));
	assert_non_null(strstr(d->message, "1.3 (line 6)"));
	tctl_plan_free(plan);
}

static void
a_dependency_on_nothing_is_an_error(void **unused)
{
	struct tctl_plan *plan = plan_of_text("## Sprint 1\n"
					      "### Task 1.1 : A\n"
					      "**Agent** : A (after 1.7)\n"
					      "**Dependencies**: Sprint 9\n");

	(void)unused;
	assert_non_null(said_of(plan, "unknown_dependency"));
	assert_int_equal(plan->error_count, 2);
	tctl_plan_free(plan);
}

static void
totals_that_do_not_add_up_are_warned_about(void **unused)
{
	struct tctl_plan *plan = plan_of_file(example);
	const struct tctl_diagnostic *d = said_of(plan, "sum_mismatch");

	(void)unused;
	assert_non_null(d);
	assert_int_equal(d->severity, TCTL_WARNING);
	assert_int_equal(d->line, 9);
	assert_int_equal(d->other_line, 53);
	assert_non_null(said_of(plan, "same_file"));
	assert_non_null(said_of(plan, "gantt_extra"));
	tctl_plan_free(plan);
}

static void
damaged_text_is_repaired_and_said(void **unused)
{
	const struct tctl_plan_options options = { .file = "p.md" };
	size_t length, n = 0;
	char *text = bytes_of_file(example, &length);
	char *damaged = tctl_grow(NULL, 0, 2 * length + 1);
	struct tctl_plan *plan;

	(void)unused;
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (byte >= 0x80)
			damaged[n++] = (char)(0xC0 | byte >> 6);
		damaged[n++] =
		    byte >= 0x80 ? (char)(0x80 | (byte & 0x3F)) : text[i];
	}
	plan = plan_with(damaged, n, &options);
	assert_int_equal(plan->task_count, 8);
	assert_string_equal(task_of(plan, "1.1")->title, "Écrire le schéma");
	assert_non_null(said_of(plan, "encoding"));
	free(damaged);
	free(text);
	tctl_plan_free(plan);
}

static void
the_table_of_words_is_sorted(void **unused)
{
	static const struct {
		const char *folded;
		enum tctl_word word;
	} row[] = {
#include "../../lib/plan/words_table.h"
	};

	(void)unused;
	for (size_t i = 1; i < TCTL_COUNT(row); i++)
		assert_true(strcmp(row[i - 1].folded, row[i].folded) <= 0);
	for (size_t i = 0; i < TCTL_COUNT(row); i++)
		assert_int_equal(tctl_word_is(row[i].folded,
				     strlen(row[i].folded), row[i].word),
		    true);
	assert_int_equal(
	    tctl_word_field("DURÉE  estimée", strlen("DURÉE  estimée")),
	    TCTL_WORD_DURATION);
	assert_false(tctl_word_is_done("[nicht fertig]", 14));
}

static void
what_is_no_plan_is_refused_with_a_reason(void **unused)
{
	(void)unused;
	assert_refused("", 0, "empty");
	assert_refused(" \n\n", 3, "empty");
	assert_refused("a\n\0b", 4, "line 2, column 1");
	assert_refused("# A\n\xFFz", 6, "line 2, column 1");
	assert_refused("# Letter\n\nDear all\n", 19, "Sprint 1");
	assert_refused("## Sprint 1\n", 12, "Task 1.1");
}

int
main(void)
{
	const struct CMUnitTest test[] = {
		cmocka_unit_test(fields_of_a_task_are_read),
		cmocka_unit_test(list_fields_and_other_spellings_are_read),
		cmocka_unit_test(needs_come_from_fields_tables_and_diagram),
		cmocka_unit_test(what_is_not_parallelisable_shares_a_mutex),
		cmocka_unit_test(tables_decide_the_priority),
		cmocka_unit_test(a_done_word_after_the_tick_means_done),
		cmocka_unit_test(a_tick_behind_the_id_is_warned_of),
		cmocka_unit_test(a_remark_after_done_may_be_long),
		cmocka_unit_test(a_tab_in_a_title_is_a_blank),
		cmocka_unit_test(a_complete_sprint_ticks_its_tasks),
		cmocka_unit_test(a_sprint_follows_when_nothing_leads_into_it),
		cmocka_unit_test(fences_are_opaque),
		cmocka_unit_test(
		    acceptance_boxes_are_steps_of_the_task_they_name),
		cmocka_unit_test(a_done_mark_does_not_hide_the_priority),
		cmocka_unit_test(columns_are_those_of_what_is_complained_about),
		cmocka_unit_test(columns_count_in_a_diagram),
		cmocka_unit_test(errors_name_both_places),
		cmocka_unit_test(a_cycle_is_named_whole),
		cmocka_unit_test(a_dependency_on_nothing_is_an_error),
		cmocka_unit_test(totals_that_do_not_add_up_are_warned_about),
		cmocka_unit_test(damaged_text_is_repaired_and_said),
		cmocka_unit_test(the_table_of_words_is_sorted),
		cmocka_unit_test(what_is_no_plan_is_refused_with_a_reason),
	};

	return cmocka_run_group_tests(test, NULL, NULL);
}
