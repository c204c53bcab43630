/* test_goal.c - what a sprint is for, wherever a plan says it. */
#include "plan_test.h"
#include "taskctl/text.h"

/* "1: Walls | 2: -": what each sprint states. */
static char *
goals_of(const struct tctl_plan *plan)
{
	char *have = NULL;

	TEXT_OF(
	    have, f, for (size_t s = 0; s < plan->sprint_count; s++) {
		    const struct tctl_sprint *sprint = &plan->sprint[s];

		    fprintf(f, "%s%s: %s", s == 0 ? "" : " | ", sprint->key,
			sprint->goal == NULL ? "-" : sprint->goal);
	    });
	return have;
}

static void
assert_goals(const char *text, const char *want)
{
	struct tctl_plan *plan = plan_of_text(text);
	char *have = goals_of(plan);

	if (strcmp(have, want) != 0)
		fail_msg("\"%s\" in place of \"%s\":\n%s", have, want, text);
	free(have);
	tctl_plan_free(plan);
}

#define TASK "#### Task 1.1 : Bricks\n\n**Duration** : 1h\n\n"
#define SPRINT "## Sprint 1 : Walls\n\n"
#define NEXT "## Sprint 2 : Roof\n\n#### Task 2.1 : Tiles\n"

/* Each text as a first sprint's, and the goal that it states. */
static void
assert_of_first(const char *const row[][2], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *text = tctl_xprintf(
		    "# House\n\n" SPRINT "%s\n" TASK NEXT, row[i][0]);
		char *want = tctl_xprintf("1: %s | 2: -", row[i][1]);

		assert_goals(text, want);
		free(text);
		free(want);
	}
}

static void
a_heading_and_what_stands_below_it(void **unused)
{
	static const char *const row[][2] = {
		{ "### Goal\n\nFour walls.\n\n### Tasks\n\n", "Four walls." },
		{ "### Goal\nFour walls,\nand a *door*.\n\n",
		    "Four walls, and a door." },
		{ "### 🎯 Objectif\nQuatre murs\n", "Quatre murs" },
		{ "### Goal:\nFour walls\n", "Four walls" },
		{ "### Goal: four walls\nThe rest is text.\n", "four walls" },
		{ "### Sprintziel\nVier Wände\n", "Vier Wände" },
		{ "### Obiettivo dello sprint\nMuri\n", "Muri" },
		{ "### Objetivo del sprint\nMuros\n", "Muros" },
		{ "### Objetivo da sprint\nParedes\n", "Paredes" },
		/* Of several blocks one line is made. */
		{ "### Goals\nBy May:\n\n- walls\n- a door\n  of oak\n\n",
		    "By May: walls; a door of oak" },
		{ "### Goal\n> Four walls\n", "Four walls" },
		{ "### Goal\nWalls.\n\n<!-- no roof -->\n\nA door.\n",
		    "Walls. A door." },
		/* It ends with what is something else. */
		{ "### Goal\nWalls\n\n---\n\nWords\n", "Walls" },
		{ "### Goal\nWalls\n\n```\ncode\n```\n\nWords\n", "Walls" },
		{ "### Goal\nWalls\n**Duration**: 4h\nWords\n", "Walls" },
		{ "### Goal\nWalls\n\n**Results**:\n- one\n", "Walls" },
		{ "### Goal\n- [ ] a box\n- walls\n", "walls" },
		/* The first one is it; an empty one is none. */
		{ "### Goal\nWalls\n\n### Objective\nMore\n", "Walls" },
		{ "### Goal\n\n### Objective\nMore\n", "More" },
		{ "### Goal\n\n", "-" },
		{ "### Secondary goals\nWalls\n", "-" },
		{ "### Notes\nThe goal: walls\n", "-" },
	};

	(void)unused;
	assert_of_first(row, TCTL_COUNT(row));
}

static void
a_field_above_the_first_task(void **unused)
{
	static const char *const row[][2] = {
		{ "**Goal**: four walls\n\n", "four walls" },
		{ "**Goal:** four walls\n**Duration**: 4h\n", "four walls" },
		{ "**But :** quatre murs\net une porte\n\nSuite.\n",
		    "quatre murs et une porte" },
		{ "**Goal**:\n\nFour walls\n\nWords\n", "Four walls" },
		{ "**Goal**:\n- walls\n- a door\n\nWords\n", "walls; a door" },
		{ "**Goal**:\n**Duration**: 4h\n\nWords\n", "-" },
		{ "Goal: four walls\n", "four walls" },
		{ "But : quatre murs\n", "quatre murs" },
		{ "But: mind the **roof**\n", "-" },
		{ "Words.\n\n**Goal** (of the sprint): walls\n", "walls" },
		{ "- **Duration**: 4h\n- **Goal**: walls\n- **Team**: two\n",
		    "walls" },
		{ "- **Goal**:\n  - walls\n  - a door\n- **Team**: two\n",
		    "walls; a door" },
		{ "> **Goal**: walls\n", "walls" },
		{ "### About\n\n**Goal**: walls\n", "walls" },
		{ "```\n**Goal**: walls\n```\n", "-" },
		{ "Our goal is: walls\n", "-" },
	};

	(void)unused;
	assert_of_first(row, TCTL_COUNT(row));
}

static void
what_a_task_or_the_plan_is_for_is_none(void **unused)
{
	(void)unused;
	assert_goals("# House\n\n## Goal\n\nA house\n\n" SPRINT TASK
		     "**Goal**: bricks\n\n##### Goal\n\nBricks\n\n" NEXT,
	    "1: - | 2: -");
	assert_goals("# House\n\n" SPRINT TASK NEXT "\n## Goal\n\nA house\n",
	    "1: - | 2: -");
	/* Beside the tasks it is the sprint's, as far as they are below. */
	assert_goals("# House\n\n" SPRINT TASK "### Goal\n\nWalls\n\n" NEXT,
	    "1: Walls | 2: -");
	/* Nor is a task that stands below it, or a decision above it. */
	assert_goals("## Sprint 1 : Loans\n\n### Goal\n\nLend\n\n"
		     "- T5.1 : Design the table\n- T5.2 : Write the form\n"
		     "- T5.3 : Print the receipt\n",
	    "1: Lend");
	assert_goals("# House\n\n" SPRINT "**Go/No-Go criteria**:\n\n- dry\n\n"
		     "**Goal**: walls\n\n" TASK NEXT,
	    "1: walls | 2: -");
	/* A backlog lists its task first. */
	assert_goals("## Backlog\n\n| ID | Task | Depends on |\n|---|---|---|\n"
		     "| 1.1 | Bricks | - |\n\n## Sprint 1\n\n**Goal**: walls\n"
		     "\n| ID | Task | Depends on |\n|---|---|---|\n"
		     "| 1.1 | Bricks | - |\n| 1.2 | Mortar | 1.1 |\n",
	    "1: walls");
	/* A summary table may come first. */
	assert_goals("# House\n\n" SPRINT
		     "| Task | Duration |\n|---|---|\n| 1.1 | 1h |\n"
		     "| 1.2 | 1h |\n\n### Goal\n\nWalls\n\n" TASK,
	    "1: Walls");
}

static void
in_every_dialect_of_markdown(void **unused)
{
	(void)unused;
	assert_goals("## Phase 1: Setup\n\n**Purpose**: a place to work\n\n"
		     "- [ ] T001 Write the build in Makefile\n\n"
		     "## Phase 2: User Story 1\n\n**Goal**: lend a book\n\n"
		     "**Independent Test**: lend one\n\n### Tests\n\n"
		     "- [ ] T002 [US1] Test it in tests/lend.c\n"
		     "- [ ] T003 [US1] Lend in src/lend.c\n",
	    "1: a place to work | 2: lend a book");
	assert_goals("# Library\n\n## Phase 1: Loans\n\n### Goal\n\nLend books"
		     "\n\n### Tasks\n\n- [ ] The table\n- [ ] The form\n\n"
		     "**Phase 2**\n\n**Goal**: return them\n\n- [ ] A slot\n",
	    "1: Lend books | 2: return them");
	assert_goals("## Sprint 1\n\n**Objetivo:** muros\n\n"
		     "| ID | Tarea | Depende de | Estado |\n"
		     "|----|-------|------------|--------|\n"
		     "| 1.1 | Muro | - | Pendiente |\n"
		     "| 1.2 | Otro | 1.1 | Pendiente |\n",
	    "1: muros");
	assert_goals(
	    "# Deployment checklist\n\n## Phase 1: Copy\n\n"
	    "**Goal**: nothing is lost\n\n### 1.1 Copy\n- [ ] read it\n"
	    "### 1.2 Look\n- [ ] again\n\n## Phase 2: Switch\n\n"
	    "### Step 1: Stop\n\n**Goal**: quiet\n\n### Step 2: Go\n",
	    "1: nothing is lost | 2: -");
	assert_goals("**US5 : Loans**\n\n**Goal**: lend\n\n"
		     "- T5.1 : Design the table\n- T5.2 : Write the form\n"
		     "- T5.3 : Print the receipt\n",
	    "us5-loans: lend");
}

/* As much as a title may have, and whole characters. */
static void
a_long_one_is_cut(void **unused)
{
	char *text = repeated(
	    "# P\n\n" SPRINT "### Goal\n\n", "%zu àé\n", 3000, "\n" TASK);
	struct tctl_plan *plan = plan_of_text(text);
	const char *goal = plan->sprint[0].goal;

	(void)unused;
	assert_in_range(strlen(goal), TCTL_TITLE_MAX - 4, TCTL_TITLE_MAX);
	assert_true(tctl_text_is_utf8(goal, strlen(goal), NULL));
	tctl_plan_free(plan);
	free(text);
	TEXT_OF(text, f, fputs("# P\n\n" SPRINT "**Goal**: x", f);
		for (int i = 0; i < TCTL_TITLE_MAX; i++) fputs("é", f);
		fputs("\n\n" TASK, f));
	plan = plan_of_text(text);
	goal = plan->sprint[0].goal;
	assert_int_equal(strlen(goal), TCTL_TITLE_MAX - 1);
	assert_true(tctl_text_is_utf8(goal, strlen(goal), NULL));
	tctl_plan_free(plan);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_heading_and_what_stands_below_it),
		cmocka_unit_test(a_field_above_the_first_task),
		cmocka_unit_test(what_a_task_or_the_plan_is_for_is_none),
		cmocka_unit_test(in_every_dialect_of_markdown),
		cmocka_unit_test(a_long_one_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
