/* test_plan_tables.c - plans that are tables, Gantt blocks, or a task a file.
 */
#include "plan_test.h"

/* The characters of the text that a tick covers. */
static void
assert_tick(const struct tctl_plan *plan, size_t i, const char *id, int line,
    int column, int length, bool done)
{
	const struct tctl_tick *tick = &plan->tick[i];

	assert_true(i < plan->tick_count);
	assert_string_equal(plan->task[tick->task].id, id);
	assert_int_equal(tick->line, line);
	assert_int_equal(tick->column, column);
	assert_int_equal(tick->length, length);
	assert_int_equal(tick->done, done);
}

/* --- tables ----------------------------------------------------------- */

static void
tables_of_sprints_are_read(void **unused)
{
	struct tctl_plan *plan = plan_of_file("tests/plans/tienda.md");

	(void)unused;
	assert_string_equal(plan->dialect, "tables");
	assert_int_equal(plan->error_count, 0);
	/* The demo is work in each sprint. */
	assert_tasks(plan, "1.1[x] 1.2[ ] 1.10[ ] 2.1[ ]<1.2 2.3[ ]<2.1 "
			   "S2-1.10[ ]");
	assert_string_equal(plan->sprint[0].key, "1");
	assert_string_equal(plan->sprint[0].title, "Cimientos");
	assert_string_equal(task_of(plan, "2.1")->sprint, "2");
	assert_string_equal(
	    task_of(plan, "1.1")->title, "Crear el repositorio");
	assert_string_equal(task_of(plan, "1.1")->planned_agent, "Ana");
	assert_int_equal(task_of(plan, "1.1")->estimate_s, 9000);
	assert_int_equal(task_of(plan, "1.2")->estimate_s, -1);
	assert_int_equal(task_of(plan, "1.1")->line, 7);
	assert_int_equal(said_of(plan, "cancelled_dependency")->line, 18);
	assert_tick(plan, 0, "1.1", 7, 55, 9, true);
	tctl_plan_free(plan);
}

static void
ids_are_made_from_titles(void **unused)
{
	struct tctl_plan *plan = plan_of_file("tests/plans/garten.md");

	(void)unused;
	assert_tasks(plan,
	    "beete-anlegen-w4p9[x] kompost-umsetzen-t95s[ ]<beete-anlegen-w4p9 "
	    "wege-pflastern-und-9vbb[ ]<beete-anlegen-w4p9,"
	    "kompost-umsetzen-t95s zaun-streichen-qdpx[x]");
	/* A bare number is hours only under a name that says so. */
	assert_int_equal(task_of(plan, "beete-anlegen-w4p9")->estimate_s, -1);
	assert_int_equal(
	    task_of(plan, "kompost-umsetzen-t95s")->estimate_s, 5400);
	assert_string_equal(
	    task_of(plan, "kompost-umsetzen-t95s")->planned_agent, "Ole");
	assert_tick(plan, 0, "beete-anlegen-w4p9", 5, 38, 6, true);
	assert_tick(plan, 1, "kompost-umsetzen-t95s", 6, 58, 12, false);
	assert_int_equal(plan->tick[3].kind, TCTL_TICK_EMOJI);
	tctl_plan_free(plan);
}

/* Rows come and go, and move: what stays keeps its id. */
static void
made_ids_are_stable(void **unused)
{
	struct tctl_plan *plan = plan_of_text("| Task | Status |\n|---|---|\n"
					      "| Paint the fence | done |\n"
					      "| Ünlock the gate | |\n");
	struct tctl_plan *other = plan_of_text("| Status | Task |\n|---|---|\n"
					       "| | unlock the GATE |\n"
					       "| | Something new |\n"
					       "| | Paint the fence |\n");

	(void)unused;
	assert_tasks(plan, "paint-the-fence-hw9v[x] unlock-the-gate-bvbp[ ]");
	assert_tasks(other, "unlock-the-gate-bvbp[ ] something-new-fhgv[ ] "
			    "paint-the-fence-hw9v[ ]");
	tctl_plan_free(plan);
	tctl_plan_free(other);
}

static void
columns_are_known_in_six_languages(void **unused)
{
	static const char *const header[] = {
		"| Story | Depends on | Effort (h) | Owner | Done |",
		"| Tâche | Dépendances | Heures estimées | Responsable | "
		"Statut |",
		"| Tarea | Depende de | Horas | Responsable | Estado |",
		"| Aufgabe | Abhängig von | Stunden | Verantwortlich | "
		"Status |",
		"| Attività | Dipende da | Ore stimate | Assegnato a | "
		"Stato |",
		"| Tarefa | Dependências | Horas estimadas | Responsável | "
		"Situação |",
	};

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(header); i++) {
		char *text = NULL;
		struct tctl_plan *plan;

		TEXT_OF(text, f,
		    fprintf(f,
			"%s\n|---|---|---|---|---|\n"
			"| T1 | - | 2.5 | Zoe | x |\n"
			"| T2 | T1 | 0,5 | | |\n",
			header[i]));
		plan = plan_of_text(text);
		assert_int_equal(plan->task[0].estimate_s, 9000);
		assert_int_equal(plan->task[1].estimate_s, 1800);
		assert_string_equal(plan->task[0].planned_agent, "Zoe");
		assert_int_equal(plan->edge_count, 1);
		tctl_plan_free(plan);
		free(text);
	}
}

static void
states_are_told_apart(void **unused)
{
	static const struct {
		const char *cell;
		bool done;
	} cell[] = { { "Terminé", true }, { "À faire", false },
		{ "closed", true }, { "[nicht fertig]", false },
		{ "fertig", true }, { "✅", true }, { "⬜", false },
		{ "[x]", true }, { "[ ]", false }, { "100 %", true },
		{ "90% done", false }, { "to be done", false },
		{ "✅ **fait**", true }, { "In progress", false },
		{ "não concluída", false } };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(cell); i++) {
		char *text = NULL;
		struct tctl_plan *plan;

		TEXT_OF(text, f,
		    fprintf(f, "| Task | Status |\n|---|---|\n| T1: a | %s |\n",
			cell[i].cell));
		plan = plan_of_text(text);
		if (plan->task[0].ticked != cell[i].done)
			fail_msg("%s", cell[i].cell);
		/* A sign and its word are two places. */
		assert_in_range(plan->tick_count, 1, 2);
		assert_int_equal(plan->tick[0].done, cell[i].done);
		assert_int_equal(
		    plan->tick[0].column, cell[i].cell[0] == '[' ? 12 : 11);
		tctl_plan_free(plan);
		free(text);
	}
}

/* A backlog lists what the sprints list again: that is one task. */
static void
a_backlog_and_its_sprints_agree(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "# Backlog\n\n| ID | Story | Priority |\n|---|---|---|\n"
	    "| US-1 | Log in | High |\n| US-2 | Log out | Low |\n\n"
	    "## Sprint 1\n\n| ID | Story | Estimate | Depends on "
	    "|\n|---|---|---|---|\n"
	    "| US-2 | Log out | 3h | US-1 |\n");

	(void)unused;
	assert_tasks(plan, "US-1[ ] US-2[ ]<US-1");
	assert_int_equal(task_of(plan, "US-2")->estimate_s, 3 * 3600);
	assert_int_equal(task_of(plan, "US-2")->priority, TCTL_PRIORITY_LOW);
	assert_string_equal(task_of(plan, "US-2")->sprint, "1");
	assert_null(task_of(plan, "US-1")->sprint);
	tctl_plan_free(plan);
}

static void
names_of_columns_may_be_longer(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "| | Task ID | Task name | Task owner | Est. (days) | Blocked by "
	    "|\n"
	    "|---|---|---|---|---|---|\n"
	    "| [x] | AUTH-1 | Log in | Bo | 0.5 | |\n"
	    "| [ ] | AUTH-2 | Log out | Cy | 1 | AUTH-1 |\n"
	    "| [ ] | AUTH-3 | Tokens | | 2 | AUTH-1 and AUTH-2 |\n");

	(void)unused;
	assert_tasks(plan, "AUTH-1[x] AUTH-2[ ]<AUTH-1 "
			   "AUTH-3[ ]<AUTH-1,AUTH-2");
	assert_int_equal(task_of(plan, "AUTH-1")->estimate_s, 4 * 3600);
	assert_string_equal(task_of(plan, "AUTH-2")->planned_agent, "Cy");
	assert_string_equal(task_of(plan, "AUTH-2")->title, "Log out");
	assert_tick(plan, 0, "AUTH-1", 3, 4, 1, true);
	tctl_plan_free(plan);
}

static void
an_epic_is_what_its_ids_begin_with(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "## Sprint 1\n\n| Story | Title | Dependencies |\n|---|---|---|\n"
	    "| 1.1 | a | None |\n| 1.10 | b | 1.1 |\n| 10.1 | c | None |\n"
	    "| 2.1 | d | Epic 1 complete |\n| 2.2 | e | Epic 7 complete |\n");

	(void)unused;
	assert_tasks(plan, "1.1[ ] 1.10[ ]<1.1 10.1[ ] 2.1[ ]<1.1,1.10 2.2[ ]");
	assert_int_equal(said_of(plan, "unread_dependency")->line, 9);
	tctl_plan_free(plan);
}

static void
an_id_twice_in_a_table_is_an_error(void **unused)
{
	struct tctl_plan *plan =
	    plan_of_text("| ID | Task | Needs |\n|---|---|---|\n| 1 | One | "
			 "|\n| 1 | Two | 7.7 |\n");

	(void)unused;
	assert_int_equal(said_of(plan, "duplicate_id")->line, 4);
	assert_int_equal(said_of(plan, "unknown_dependency")->column, 13);
	tctl_plan_free(plan);
}

static void
other_tables_are_no_plan(void **unused)
{
	static const char *const text[] = {
		"| Risk | Impact | Mitigation |\n|---|---|---|\n| a | b | c "
		"|\n",
		"| Metric | Before | After |\n|---|---|---|\n| p95 | 2 h | 1 h "
		"|\n",
		"| Name | Description |\n|---|---|\n| a | b |\n",
		"| Task | Status |\n|---|---|\n",
	};

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(text); i++)
		assert_refused(text[i], strlen(text[i]), "no plan");
}

/* --- Gantt blocks ------------------------------------------------------- */

static void
a_gantt_block_is_a_plan(void **unused)
{
	struct tctl_plan *plan = plan_of_file("tests/plans/ballade.md");

	(void)unused;
	assert_string_equal(plan->dialect, "mermaid");
	assert_tasks(plan, "paroles[x] studio[ ] rep[ ]<paroles,studio rec[ ] "
			   "mixer-sqgd[ ]<rec press[ ]<rec fete[ ]");
	assert_string_equal(task_of(plan, "rep")->sprint, "1");
	assert_string_equal(task_of(plan, "rec")->sprint, "Mixage");
	assert_int_equal(task_of(plan, "paroles")->estimate_s, 2 * 86400);
	assert_int_equal(task_of(plan, "studio")->estimate_s, 3 * 86400);
	assert_int_equal(task_of(plan, "studio")->priority, TCTL_PRIORITY_HIGH);
	/* Friday to Tuesday without the weekend; until the 20th without one. */
	assert_int_equal(task_of(plan, "rec")->estimate_s, 2 * 86400);
	assert_int_equal(task_of(plan, "press")->estimate_s, 5 * 86400);
	assert_int_equal(task_of(plan, "fete")->estimate_s, 0);
	assert_int_equal(task_of(plan, "rec")->line, 21);
	/* Sections follow each other only where that is said. */
	assert_int_equal(task_of(plan, "rec")->state, TCTL_STATE_READY);
	tctl_plan_free(plan);
}

static void
a_gantt_file_is_one_too(void **unused)
{
	struct tctl_plan *plan =
	    plan_of_text("---\nconfig:\n  gantt: {}\n---\n%% mine\ngantt\n"
			 "dateFormat D MMM YYYY\ninclusiveEndDates\n"
			 "1.1 Dig#58; deep :2 Feb 2026, 3 Feb 2026\n"
			 "Fill in :1w\n");

	(void)unused;
	assert_tasks(plan, "1.1[ ] fill-in-tfbt[ ]<1.1");
	assert_string_equal(plan->task[0].title, "Dig: deep");
	assert_int_equal(plan->task[0].estimate_s, 2 * 86400);
	assert_int_equal(plan->task[1].estimate_s, 7 * 86400);
	tctl_plan_free(plan);
}

static void
after_nothing_is_an_error(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "```mermaid\ngantt\nA :a, 1d\nB :b, after a x, 1d\n```\n");

	(void)unused;
	assert_int_equal(said_of(plan, "unknown_dependency")->line, 4);
	tctl_plan_free(plan);
}

/* Headings of tasks are surer than a block or table beside them. */
static void
headings_come_first(void **unused)
{
	struct tctl_plan *plan = plan_of_file("tests/plans/bibliotheque.md");

	(void)unused;
	assert_string_equal(plan->dialect, "sprint");
	tctl_plan_free(plan);
}

/* --- a task a file ------------------------------------------------------ */

static const char first[] = "---\nid: TASK-1\ntitle: 'It''s one: the first'\n"
			    "status: Done\ndependencies: []\n---\n\n"
			    "## Acceptance Criteria\n<!-- AC:BEGIN -->\n"
			    "- [x] #1 It stands\n- [ ] #2 It is lit\n"
			    "<!-- AC:END -->\n\n## Plan\n\n- [x] think\n";
static const char second[] = "---\nid: task-2\ntitle: >-\n  A title that is\n"
			     "  folded\nstatus: To Do\nassignee:\n  - '@bo'\n"
			     "dependencies:\n  - TASK-1\npriority: high\n"
			     "milestone: m1\n---\n";

static struct tctl_plan *
piece(const char *text, const char *file)
{
	const struct tctl_plan_options options = { .file = file };
	struct tctl_plan *plan = NULL;
	struct tctl_error err = { 0 };

	assert_int_equal(
	    tctl_plan_read(text, strlen(text), &options, &plan, &err), TCTL_OK);
	assert_true(plan->is_piece);
	return plan;
}

static void
front_matter_is_a_task(void **unused)
{
	struct tctl_plan *plan = piece(first, "a.md");

	(void)unused;
	assert_string_equal(plan->dialect, "backlog");
	assert_tasks(plan, "TASK-1[x]");
	assert_string_equal(plan->task[0].title, "It's one: the first");
	assert_int_equal(plan->task[0].criteria.count, 2);
	assert_string_equal(plan->task[0].criteria.at[1].text, "It is lit");
	assert_int_equal(plan->task[0].steps.count, 1);
	assert_int_equal(plan->tick_count, 4);
	assert_tick(plan, 0, "TASK-1", 4, 9, 4, true);
	assert_tick(plan, 2, "TASK-1", 11, 4, 1, false);
	assert_int_equal(plan->tick[2].of, TCTL_TICK_CRITERION);
	assert_int_equal(plan->tick[2].index, 1);
	tctl_plan_free(plan);
}

static void
files_of_a_folder_are_one_plan(void **unused)
{
	struct tctl_plan *both[] = { piece(second, "backlog/tasks/2.md"),
		piece(first, "backlog/completed/1.md") };
	struct tctl_plan *plan = tctl_plan_join(both, 2, NULL);
	struct tctl_plan *alone = piece(second, "tasks/2.md");

	(void)unused;
	assert_string_equal(plan->name, "backlog");
	assert_tasks(plan, "task-2[ ]<TASK-1 TASK-1[x]");
	assert_int_equal(plan->error_count, 0);
	assert_false(plan->is_piece);
	assert_string_equal(plan->task[0].title, "A title that is folded");
	assert_string_equal(plan->task[0].planned_agent, "@bo");
	assert_string_equal(plan->task[0].sprint, "m1");
	assert_int_equal(plan->task[0].priority, TCTL_PRIORITY_HIGH);
	tctl_plan_free(plan);
	/* By itself it says what is missing, and where. */
	plan = tctl_plan_join(&alone, 1, NULL);
	assert_true(plan->is_piece);
	assert_string_equal(plan->name, "backlog");
	assert_int_equal(said_of(plan, "unknown_dependency")->line, 9);
	assert_string_equal(
	    said_of(plan, "unknown_dependency")->file, "tasks/2.md");
	tctl_plan_free(plan);
}

/* --- bad input ---------------------------------------------------------- */

static void
hostile_text_is_survived(void **unused)
{
	static const struct {
		const char *head, *piece, *tail;
		size_t times;
	} bad[] = {
		{ "| Task | Status |", " c%zu |", "\n|---|---|\n| a | b |\n",
		    100000 },
		{ "| Task | Status |\n|---|---|\n| ", "a | ", "", 100000 },
		{ "| Task | Needs |\n|---|---|\n", "| t | t |\n", "", 20000 },
		{ "| ID | Task | Needs |\n|---|---|---|\n| 0 | a |", "%zu, ",
		    "|\n", 100000 },
		{ "",
		    "# Sprint %zu\n\n| Task | Needs |\n|---|---|\n| t | |\n\n",
		    "", 20000 },
		{ "gantt\nexcludes ", "2026-01-01, ", "\na :1900-01-01, 3000d",
		    100000 },
		{ "", "```mermaid\ngantt\na :x, 1d\n```\n", "", 20000 },
		{ "gantt\n", "a :b%zu, until b1 b2 b3 b4 b5 b6 b7, 1d\n", "",
		    20000 },
		{ "%%{", "{%%%%{ init\n", "gantt", 100000 },
		{ "---\nid: 1\ntitle: t\nstatus: [", "a, ", "]\n---\n",
		    100000 },
		{ "---\nid: 1\ntitle: >-\n", "  a\n", "---\n", 100000 },
		{ "---\nid: 1\ntitle: \"", "\\", "\n---\n", 100000 },
	};

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(bad); i++) {
		const struct tctl_plan_options options = { .file = "x" };
		char *text = repeated(
		    bad[i].head, bad[i].piece, bad[i].times, bad[i].tail);
		struct tctl_plan *plan = NULL;
		struct tctl_error err = { 0 };
		clock_t start = clock();

		if (tctl_plan_read(text, strlen(text), &options, &plan, &err) ==
		    TCTL_OK)
			tctl_plan_free(plan);
		if (getenv("PLAN_TIMES") != NULL)
			printf("%zu: %zu bytes, %ld ms: %s\n", i, strlen(text),
			    (long)((clock() - start) * 1000 / CLOCKS_PER_SEC),
			    err.text);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_of_sprints_are_read),
		cmocka_unit_test(ids_are_made_from_titles),
		cmocka_unit_test(made_ids_are_stable),
		cmocka_unit_test(columns_are_known_in_six_languages),
		cmocka_unit_test(states_are_told_apart),
		cmocka_unit_test(a_backlog_and_its_sprints_agree),
		cmocka_unit_test(names_of_columns_may_be_longer),
		cmocka_unit_test(an_epic_is_what_its_ids_begin_with),
		cmocka_unit_test(an_id_twice_in_a_table_is_an_error),
		cmocka_unit_test(other_tables_are_no_plan),
		cmocka_unit_test(a_gantt_block_is_a_plan),
		cmocka_unit_test(a_gantt_file_is_one_too),
		cmocka_unit_test(after_nothing_is_an_error),
		cmocka_unit_test(headings_come_first),
		cmocka_unit_test(front_matter_is_a_task),
		cmocka_unit_test(files_of_a_folder_are_one_plan),
		cmocka_unit_test(hostile_text_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
