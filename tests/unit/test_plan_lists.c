/* test_plan_lists.c - plans that are lists: Spec Kit, Kiro, check lists,
 * bullets; and waves. */
#include "plan_test.h"

static const struct tctl_task *
find_title(const struct tctl_plan *plan, const char *title)
{
	for (size_t i = 0; i < plan->task_count; i++)
		if (!strcmp(plan->task[i].title, title))
			return &plan->task[i];
	fail_msg("there is no \"%s\"", title);
	return NULL;
}

static const struct tctl_sprint *
find_sprint(const struct tctl_plan *plan, const char *key)
{
	for (size_t i = 0; i < plan->sprint_count; i++)
		if (!strcmp(plan->sprint[i].key, key))
			return &plan->sprint[i];
	fail_msg("there is no sprint %s", key);
	return NULL;
}

/* The key of the sprint that it follows; "". */
static const char *
after(const struct tctl_plan *plan, const char *key)
{
	size_t sprint = find_sprint(plan, key)->after;

	return sprint == TCTL_NONE ? "" : plan->sprint[sprint].key;
}

static void
assert_list(const struct tctl_strings *list, const char *expected)
{
	char text[2000] = "";

	for (size_t i = 0; i < list->count; i++) {
		size_t n = strlen(text);

		snprintf(text + n, sizeof(text) - n, "%s%s", i == 0 ? "" : " ",
		    list->at[i]);
	}
	assert_string_equal(text, expected);
}

static void
assert_needs(const struct tctl_plan *plan, const char *id, const char *expected)
{
	assert_list(&task_of(plan, id)->needs, expected);
}

/* "T001 T002*": ids in the plan's order, a star for what is done. */
static void
assert_ids(const struct tctl_plan *plan, const char *expected)
{
	struct tctl_strings list = { 0 };

	for (size_t i = 0; i < plan->task_count; i++)
		tctl_strings_add(plan->arena, &list,
		    tctl_arena_printf(plan->arena, "%s%s", plan->task[i].id,
			plan->task[i].state == TCTL_STATE_DONE ? "*" : ""));
	assert_list(&list, expected);
}

/* How often the code was said. */
static size_t
said(const struct tctl_plan *plan, const char *code)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->diagnostic_count; i++)
		count += !strcmp(plan->diagnostic[i].code, code);
	return count;
}

/* --- Spec Kit --------------------------------------------------------- */

static void
speckit_tasks(void **unused)
{
	struct tctl_plan *plan = plan_of_file("tests/plans/speckit.md");

	(void)unused;
	assert_string_equal(plan->dialect, "speckit");
	assert_ids(plan,
	    "T001* T002* T003* T004 T005 T006 T007 T008 T009 T01Ga T0207");
	assert_string_equal(
	    task_of(plan, "T005")->title, "Test lending in tests/lend.c");
	assert_string_equal(task_of(plan, "T007")->title,
	    "Print the receipt over two lines in src/receipt.c");
	assert_list(&task_of(plan, "T006")->files, "src/lend.c");
	assert_string_equal(task_of(plan, "T006")->sprint, "3");
	assert_string_equal(find_sprint(plan, "3")->title,
	    "User Story 1 - Lend a book (Priority: P1)");
	assert_int_equal(task_of(plan, "T006")->steps.count, 1);
	assert_int_equal(said(plan, "loose_boxes"), 1); /* SC-001 */
	assert_int_equal(plan->error_count, 0);
	tctl_plan_free(plan);
}

static void
speckit_dependencies(void **unused)
{
	struct tctl_plan *plan = plan_of_file("tests/plans/speckit.md");

	(void)unused;
	assert_needs(plan, "T004", "T003");
	assert_needs(plan, "T006", "T003 T004");
	assert_needs(plan, "T007", ""); /* no [P], and nothing is said */
	assert_needs(plan, "T009", "T008");
	assert_needs(plan, "T002", ""); /* the section on parallel work */
	assert_string_equal(after(plan, "1"), "");
	assert_string_equal(after(plan, "2"), "1");
	assert_string_equal(after(plan, "3"), "2");
	assert_string_equal(after(plan, "4"), "2");
	/* All stories: the last is followed, the others are needed. */
	assert_string_equal(after(plan, "5"), "4");
	assert_needs(plan, "T0207", "T005 T006 T007");
	assert_null(task_of(plan, "T004")->mutex); /* [P] */
	assert_string_equal(task_of(plan, "T006")->mutex, "serial-3");
	assert_string_equal(task_of(plan, "T007")->mutex, "serial-3");
	tctl_plan_free(plan);
}

/* What a section says of phases 1 to 4, with tasks T001 to T004. */
static void
assert_section(const char *line, const char *key, const char *expected,
    const char *id, const char *needs)
{
	char text[1000];
	struct tctl_plan *plan;

	snprintf(text, sizeof(text),
	    "## Phase 1: Setup\n- [ ] T001 a\n## Phase 2: Foundational\n"
	    "- [ ] T002 b\n## Phase 3: User Story 1\n- [ ] T003 c\n"
	    "## Phase 4: User Story 2\n- [ ] T004 d\n- [ ] T005 e\n"
	    "## Dependencies\n- %s\n",
	    line);
	plan = plan_of_text(text);
	assert_string_equal(after(plan, key), expected);
	assert_needs(plan, id, needs);
	assert_int_equal(plan->error_count, 0);
	tctl_plan_free(plan);
}

static void
section_sentences(void **unused)
{
	(void)unused;
	assert_section("nothing to say", "4", "3", "T004", "");
	assert_section("Phase 4 depends on Phase 2", "4", "2", "T004", "");
	assert_section("**Phase 4**: Depends on Phases 1, 2 and 3", "4", "3",
	    "T004", "T001 T002");
	assert_section("Phase 3 depends on Phase 1. Phase 4 depends on Phase 3 "
		       "and Phase 1",
	    "4", "3", "T004", "");
	assert_section("US2 depends on Setup (phase 3 is beside it)", "4", "1",
	    "T004", "");
	assert_section("User Story 2 (P2): can start after Foundational", "4",
	    "2", "T004", "");
	assert_section(
	    "Phases 3-4: all depend on Phase 1", "3", "1", "T003", "");
	assert_section(
	    "Phase 4: No dependencies - can start", "4", "", "T004", "");
	assert_section(
	    "Phase 4 does not depend on Phase 2", "4", "3", "T004", "");
	assert_section("Phase 4 depends on Phase 2 - Phase 3 is beside it", "4",
	    "2", "T004", "");
	assert_section("T005 depends on T004", "4", "3", "T005", "T004");
	assert_section(
	    "T005 depends on T002-T004", "4", "3", "T005", "T002 T003 T004");
	assert_section(
	    "T005 depends on T001–T002", "4", "3", "T005", "T001 T002");
	assert_section("T004 → T005", "4", "3", "T005", "T004");
	assert_section("Phase 1 → Phase 4", "4", "1", "T004", "");
	assert_section("T003 blocks T005", "4", "3", "T005", "T003");
	assert_section("T001-T002 before T005", "4", "3", "T005", "T001 T002");
	assert_section("Phase 1 blocks all stories", "4", "1", "T004", "");
	assert_section("Setup → User Stories (Phase 3+)", "4", "1", "T004", "");
	assert_section("Can go in the order T004 → T005", "4", "3", "T005", "");
	assert_section("T005 dépend de T004", "4", "3", "T005", "T004");
	assert_section("T005 depends on T002; T004 depends on T003", "4", "3",
	    "T005", "T002");
}

/* A phase whose title has the word is no section on dependencies. */
static void
phase_on_dependencies(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "## Phase 1: One\n- [ ] T001 a\n## Phase 2: Resolve dependencies\n"
	    "- [ ] T002 b after all\n## Phase N: Polish\n- [ ] T003 c\n"
	    "## Dependencies\n- Polish: depends on Phase 1\n");

	(void)unused;
	assert_string_equal(after(plan, "2"), "1");
	assert_string_equal(after(plan, "phase-n-polish"), "1");
	tctl_plan_free(plan);
}

static void
speckit_again(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "## Block A\n- [ ] A001 [DB] one\n- [ ] A002 two\n"
	    "## Block B\n- [ ] B001 three (after A002)\n- [x] A001 [DB] one\n"
	    "- [ ] A002 another\n- [ ] CHK001 no task\n");

	(void)unused;
	assert_string_equal(plan->dialect, "speckit");
	assert_ids(plan, "A001* A002 B001 A002~2");
	assert_string_equal(task_of(plan, "A001")->title, "[DB] one");
	assert_int_equal(said(plan, "duplicate_id"), 1);
	assert_needs(plan, "B001", "A002");
	assert_string_equal(after(plan, "block-b"), "block-a");
	assert_null(task_of(plan, "A001")->mutex); /* nothing says [P] */
	tctl_plan_free(plan);

	/* Those that exclude each other may write the same file. */
	plan =
	    plan_of_text("- [ ] T001 a in x.c\n- [ ] T002 b in x.c\n"
			 "- [ ] T003 [P] c in y.c\n- [ ] T004 [P] d in y.c\n");
	assert_int_equal(said(plan, "same_file"), 1);
	tctl_plan_free(plan);
}

static void
speckit_unknown(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "- [ ] T001 one (depends on T009)\n- [ ] T002 wait after 2.5 s\n");

	(void)unused;
	assert_int_equal(said(plan, "unknown_dependency"), 1);
	assert_int_equal(plan->error_count, 1);
	tctl_plan_free(plan);
}

/* --- Kiro ------------------------------------------------------------- */

static void
kiro_tasks(void **unused)
{
	struct tctl_plan *plan = plan_of_file("tests/plans/kiro.md");

	(void)unused;
	assert_string_equal(plan->dialect, "kiro");
	assert_ids(plan, "1* 1.1* 1.2* 2 2.1* 2.2 2.3 2.4 3 4");
	assert_string_equal(
	    task_of(plan, "2.3")->title, "Write property tests");
	assert_needs(plan, "1.1", ""); /* requirements are no tasks */
	assert_int_equal(task_of(plan, "1.1")->criteria.count, 1);
	assert_string_equal(task_of(plan, "1.1")->criteria.at[0].text,
	    "Requirements: 1.2, 2.1");
	assert_needs(plan, "2", "2.1 2.2 2.4"); /* its parts, if they must */
	assert_needs(plan, "2.4", "2.2");
	assert_int_equal(plan->error_count, 0);
	tctl_plan_free(plan);
}

static void
kiro_sprints(void **unused)
{
	struct tctl_plan *plan = plan_of_file("tests/plans/kiro.md");

	(void)unused;
	assert_string_equal(task_of(plan, "2.2")->sprint, "2");
	assert_string_equal(after(plan, "2"), "1");
	assert_string_equal(task_of(plan, "2.3")->sprint, "optional");
	assert_string_equal(task_of(plan, "3")->sprint, "optional");
	assert_int_equal(task_of(plan, "3")->priority, TCTL_PRIORITY_LOW);
	assert_string_equal(after(plan, "4"), "2"); /* not the optional ones */
	assert_string_equal(after(plan, "optional"), "4");
	tctl_plan_free(plan);

	/* Not indented, with a field. */
	plan = plan_of_text("- [ ] 1. a\n- [ ] 1.1 b\n  - _Depends: 2_\n"
			    "- [ ]* 1.2 c\n- [x] 2. d, 3 days after 1.1\n");
	assert_needs(plan, "2", "");
	assert_needs(plan, "1", "1.1");
	assert_needs(plan, "1.1", "2");
	tctl_plan_free(plan);
	plan =
	    plan_of_text("# Plan\n## Phase 1: One\n- [ ] 1. a\n  - [ ] 1.1 b\n"
			 "## Phase 2: Two\n- [ ] 2. c (depends on 1.1)\n");
	assert_string_equal(task_of(plan, "1.1")->sprint, "1");
	assert_string_equal(after(plan, "2"), "1");
	tctl_plan_free(plan);
}

/* --- check lists ------------------------------------------------------ */

static void
todo_tasks(void **unused)
{
	struct tctl_plan *plan = plan_of_file("tests/plans/todo.md");
	const struct tctl_task *mail, *parent;

	(void)unused;
	assert_string_equal(plan->dialect, "todo");
	assert_ids(plan,
	    "the-menu-is-cut-off-2qcq* search-forgets-the-gfsz "
	    "reservations-8st7 table-for-qp4m* mail-when-the-book-psxb API-7 "
	    "unit-tests-25wx unit-tests-sr4k unit-tests-sr4k~2");
	parent = find_title(plan, "Reservations");
	assert_list(&parent->needs, "table-for-qp4m mail-when-the-book-psxb");
	mail = find_title(plan, "Mail when the book is back");
	assert_int_equal(mail->criteria.count, 2);
	assert_true(mail->criteria.at[0].done);
	assert_int_equal(task_of(plan, "API-7")->estimate_s, 3 * 3600);
	assert_string_equal(task_of(plan, "API-7")->sprint, "lending");
	assert_string_equal(after(plan, "lending"), ""); /* only a topic */
	tctl_plan_free(plan);
}

static void
phases_order(void **unused)
{
	struct tctl_plan *plan = plan_of_file("tests/plans/phases.md");

	(void)unused;
	assert_string_equal(plan->dialect, "todo");
	assert_int_equal(plan->task_count, 8);
	assert_string_equal(find_title(plan, "Page du prêt")->sprint, "1");
	assert_string_equal(after(plan, "1"), "0");
	assert_string_equal(after(plan, "2"), "1"); /* over the ideas */
	assert_string_equal(after(plan, "idees"), "");
	tctl_plan_free(plan);

	plan = plan_of_text("## Fase 1: Datos\n- [x] Crear tablas\n"
			    "## Fase 2: Web\n- [ ] Pagina\n");
	assert_string_equal(after(plan, "2"), "1");
	tctl_plan_free(plan);
	plan =
	    plan_of_text("**Phase 1: Daten**\n- [x] Tabellen\n\n**Wichtig**\n"
			 "- [ ] Index\n\n**Phase 2: Netz**\n- [ ] Seite\n");
	assert_string_equal(find_title(plan, "Index")->sprint, "1");
	assert_string_equal(after(plan, "2"), "1");
	tctl_plan_free(plan);
	plan = plan_of_text("## Welle 1: Daten\n- [x] Tabellen\n"
			    "## Welle 2: Netz\n- [ ] Seite\n");
	assert_string_equal(after(plan, "2"), "1");
	tctl_plan_free(plan);
}

/* Boxes that Markdown does not know, and text that is not one. */
static void
odd_boxes(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "* [-] begun\n* [~] half\n* [X] done\n1. [ ] numbered\n"
	    "- [1] no box\n- [see](x) no box\n-[x] no blank\n- [ ] ***\n");

	(void)unused;
	assert_int_equal(plan->task_count, 4);
	assert_true(find_title(plan, "done")->ticked);
	assert_false(find_title(plan, "begun")->ticked);
	tctl_plan_free(plan);
	plan = plan_of_text("- [ ] one\n-[x] two\n");
	assert_int_equal(plan->task_count, 1);
	assert_string_equal(plan->task[0].title, "one");
	assert_int_equal(said(plan, "no_box"), 1);
	tctl_plan_free(plan);
}

/* Every task of one text has in the other the same id, if it is there. */
static void
assert_same_ids(const char *text, const char *other)
{
	struct tctl_plan *a = plan_of_text(text), *b = plan_of_text(other);
	size_t common = 0;

	for (size_t i = 0; i < a->task_count; i++)
		for (size_t k = 0; k < b->task_count; k++)
			if (!strcmp(a->task[i].title, b->task[k].title)) {
				assert_string_equal(
				    a->task[i].id, b->task[k].id);
				common++;
			}
	assert_true(common >= 3);
	tctl_plan_free(a);
	tctl_plan_free(b);
}

static void
ids_stay(void **unused)
{
	const char *text = "# Plan\n## Phase 1: Eins\n- [ ] Tische decken\n"
			   "- [ ] Boden fegen\n  - [ ] Besen holen\n"
			   "## Phase 2: Zwei\n- [ ] Fenster putzen\n";

	(void)unused;
	/* ticked, marked, and other words in front */
	assert_same_ids(text,
	    "# Plan B\nHello.\n## Phase 1: Eins ✅ fertig\n"
	    "- [x] **Tische** decken ✅\n- [x] Boden fegen\n"
	    "  - [x] Besen holen\n## Phase 2: Zwei\n- [ ] Fenster putzen\n");
	/* reordered, inserted, removed */
	assert_same_ids(text,
	    "# Plan\n## Phase 2: Zwei\n- [ ] Neu\n- [ ] Fenster putzen\n"
	    "## Phase 1: Eins\n- [ ] Boden fegen\n  - [ ] Neu\n"
	    "  - [ ] Besen holen\n- [ ] Noch eins\n- [ ] Tische decken\n");
	/* a phase in between: the numbers move on */
	assert_same_ids(text,
	    "# Plan\n## Phase 1: Null\n- [ ] x\n## Phase 2: Eins\n"
	    "- [ ] Tische decken\n- [ ] Boden fegen\n## Phase 3: Zwei\n"
	    "- [ ] Fenster putzen\n");
}

/* --- bullets, waves --------------------------------------------------- */

static void
bullets(void **unused)
{
	struct tctl_plan *plan = plan_of_file("tests/plans/bullets.md");

	(void)unused;
	assert_string_equal(plan->dialect, "bullets");
	assert_ids(plan, "T1.1 T1.2 T1.3* T2.1 T1.1~2");
	assert_int_equal(said(plan, "duplicate_id"), 1);
	assert_string_equal(task_of(plan, "T1.1")->title, "Concevoir la table");
	assert_string_equal(task_of(plan, "T2.1")->title, "Rendre un livre");
	assert_int_equal(task_of(plan, "T1.1")->estimate_s, -1); /* points */
	assert_int_equal(task_of(plan, "T1.2")->estimate_s, 3 * 3600);
	assert_string_equal(task_of(plan, "T1.2")->sprint, "us1-preter");
	assert_needs(plan, "T1.3", "T1.2");
	assert_int_equal(plan->tick_count, 1);
	assert_int_equal(plan->tick[0].kind, TCTL_TICK_EMOJI);
	assert_int_equal(plan->tick[0].line, 6);
	assert_int_equal(plan->tick[0].column, 50);
	tctl_plan_free(plan);
}

static void
waves(void **unused)
{
	struct tctl_plan *plan = plan_of_file("tests/plans/waves.md");

	(void)unused;
	assert_string_equal(plan->dialect, "sprint");
	assert_ids(plan, "W0.1 W0.2 A B");
	assert_string_equal(task_of(plan, "W0.1")->title, "Le dépôt");
	assert_string_equal(task_of(plan, "A")->title, "Les pages");
	assert_int_equal(task_of(plan, "A")->estimate_s, 4 * 3600);
	assert_needs(plan, "B", "W0.2");
	/* A wave follows the one before, whatever its tasks depend on. */
	assert_string_equal(after(plan, "1"), "0");
	assert_int_equal(task_of(plan, "W0.2")->criteria.count, 1);
	assert_int_equal(task_of(plan, "B")->criteria.count, 1);
	tctl_plan_free(plan);
}

/* --- all of them ------------------------------------------------------ */

/* The character that a tick points to, in a text. */
static const char *
at_place(const char *text, int line, int column)
{
	while (--line > 0)
		text = strchr(text, '\n') + 1;
	while (--column > 0)
		for (text++; (*text & 0xC0) == 0x80;)
			text++;
	return text;
}

static void
ticks_point_to_boxes(void **unused)
{
	static const char *const path[] = { "tests/plans/speckit.md",
		"tests/plans/kiro.md", "tests/plans/todo.md",
		"tests/plans/phases.md" };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(path); i++) {
		size_t length, tasks = 0;
		char *text = bytes_of_file(path[i], &length);
		struct tctl_plan *plan = plan_of(text, length);

		for (size_t k = 0; k < plan->tick_count; k++) {
			const struct tctl_tick *tick = &plan->tick[k];
			const char *at =
			    at_place(text, tick->line, tick->column);

			assert_int_equal(at[-1], '[');
			assert_int_equal(at[1], ']');
			assert_int_equal(tick->done, *at == 'x' || *at == 'X');
			tasks += tick->of == TCTL_TICK_TASK;
			if (tick->of == TCTL_TICK_CRITERION)
				assert_int_equal(
				    tick->done, plan->task[tick->task]
						    .criteria.at[tick->index]
						    .done);
		}
		assert_int_equal(tasks, plan->task_count);
		tctl_plan_free(plan);
		free(text);
	}
}

static void
refused(void **unused)
{
	static const char *const text[] = { "# Prose\n\nNothing to do.\n",
		"- a\n- b\n", "```\n- [ ] fenced\n```\n",
		"- **FR-001**: the system must\n- **FR-002**: answer\n"
		"- **FR-003**: soon\n",
		"1. Open it\n2. Close it\n" };
	const struct tctl_plan_options options = { .file = "plan.md" };

	(void)unused;
	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
		struct tctl_error err = { 0 };
		struct tctl_plan *plan;

		assert_int_equal(tctl_plan_read(text[i], strlen(text[i]),
				     &options, &plan, &err),
		    TCTL_EINVALID);
		assert_non_null(strstr(err.text, "no plan is recognised"));
	}
}

/* A surer shape wins over its boxes. */
static void
boxes_of_others(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "## Sprint 1: One\n### Task 1.1: a\n- [ ] b\n- [ ] c\n");

	(void)unused;
	assert_string_equal(plan->dialect, "sprint");
	assert_int_equal(plan->task_count, 1);
	tctl_plan_free(plan);
}

/* Seconds of processor for so many copies of a block of lines. */
static double
seconds_for(const char *block, size_t copies)
{
	size_t n = strlen(block);
	char *text = tctl_xcalloc(copies, n);
	struct tctl_plan *plan;
	clock_t start;

	for (size_t i = 0; i < copies; i++)
		memcpy(text + i * n, block, n);
	start = clock();
	plan = plan_of(text, copies * n);
	tctl_plan_free(plan);
	free(text);
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static void
linear(const char *head, size_t copies)
{
	double small = seconds_for(head, copies);
	double large = seconds_for(head, 8 * copies);

	/* Quadratic would be 64; what is too fast to measure is fine. */
	assert_true(large < 0.5 || large < small * 30);
}

static void
hostile(void **unused)
{
	char nested[4096] = "";
	size_t n = 0;

	(void)unused;
	for (int depth = 0; depth < 40; depth++)
		n += (size_t)snprintf(nested + n, sizeof(nested) - n,
		    "%*s- [ ] at %d\n", 2 * depth, "", depth);
	linear(nested, 100);
	linear("- [ ] twins\n", 4000);
	linear("# Heading\n- [ ] a\n", 2000);
	linear("- [ ] 1. a\n  - [ ]* 1.1 b\n  - [-] 1.2 c\n", 1500);
	linear("- [ ] T001 [P] a (depends on T001, T002, T003, T004)\n", 2000);
	linear("- T1.1 : a — 2 pts\n", 3000);
	linear("## Phase 1\n- [ ] T001 a\n## Dependencies\n"
	       "- Phases 1-999 depend on Phases 1-999, T001-T001, US1, all\n",
	    300);
}

/* Each line names nine hundred phases twice: a million pairs. */
static void
long_section(void **unused)
{
	struct tctl_plan *plan;
	clock_t start = clock();
	char *text;

	(void)unused;
	TEXT_OF(text, f, {
		for (int i = 1; i <= 900; i++)
			fprintf(f, "## Phase %d\n- [ ] T%03d a\n", i, i);
		fputs("## Dependencies\n", f);
		for (int i = 0; i < 2000; i++)
			fputs("- Phases 1-900: after Phases 1-900\n", f);
	});
	plan = plan_of_text(text);
	assert_int_equal(said(plan, "long_section"), 1);
	assert_true(clock() - start < 10 * CLOCKS_PER_SEC);
	tctl_plan_free(plan);
	free(text);
}

/* 10 MB are read, in a time that does not depend on what stands in them. */
static void
ten_megabytes(void **unused)
{
	static const char line[] = "- [ ] a task of a list\n";
	char block[64 * 100] = "";
	size_t n = 0;

	(void)unused;
	for (int depth = 0; depth < 40; depth++)
		n += (size_t)snprintf(
		    block + n, sizeof(block) - n, "%*s%s", 2 * depth, "", line);
	assert_true(seconds_for(block, (10 << 20) / n) < 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(speckit_tasks),
		cmocka_unit_test(speckit_dependencies),
		cmocka_unit_test(section_sentences),
		cmocka_unit_test(phase_on_dependencies),
		cmocka_unit_test(speckit_again),
		cmocka_unit_test(speckit_unknown),
		cmocka_unit_test(kiro_tasks),
		cmocka_unit_test(kiro_sprints),
		cmocka_unit_test(todo_tasks),
		cmocka_unit_test(phases_order),
		cmocka_unit_test(odd_boxes),
		cmocka_unit_test(ids_stay),
		cmocka_unit_test(bullets),
		cmocka_unit_test(waves),
		cmocka_unit_test(ticks_point_to_boxes),
		cmocka_unit_test(refused),
		cmocka_unit_test(boxes_of_others),
		cmocka_unit_test(hostile),
		cmocka_unit_test(long_section),
		cmocka_unit_test(ten_megabytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
