/* test_checklist.c - deployment checklists, gates, and the order they imply. */
#include "plan_test.h"

static void
assert_follows(const struct tctl_plan *plan, const char *id, const char *before)
{
	size_t follows = plan->follows[task_index(plan, id)];

	if (before == NULL)
		assert_true(follows == TCTL_NONE);
	else
		assert_true(follows == task_index(plan, before));
}

static const char bakery[] = "tests/plans/bakery-deployment.md";
static const char phares[] = "tests/plans/phares.md";

static void
a_checklist_is_recognised(void **unused)
{
	struct tctl_plan *plan = plan_of_file(bakery);

	(void)unused;
	assert_string_equal(plan->dialect, "checklist");
	assert_int_equal(plan->error_count, 0);
	tctl_plan_free(plan);
	/* No deployment: boxes alone are somebody else's. */
	plan = plan_of_text("# Release\n\n## Sprint 1\n\n#### Task 1.1 : A\n"
			    "- [ ] x\n");
	assert_string_equal(plan->dialect, "sprint");
	tctl_plan_free(plan);
}

static void
phases_and_stages_are_sprints(void **unused)
{
	struct tctl_plan *plan = plan_of_file(bakery);

	(void)unused;
	assert_int_equal(plan->sprint_count, 3);
	assert_string_equal(plan->sprint[0].key, "1");
	assert_string_equal(plan->sprint[0].title, "Preparation (D-7)");
	assert_string_equal(plan->sprint[1].title, "Switch (D-Day)");
	assert_string_equal(plan->sprint[2].key, "post-deployment");
	assert_true(plan->sprint[2].after == 1);
	tctl_plan_free(plan);
}

/* Also those of a nested list, and of a deeper heading; none of a fence. */
static void
no_box_is_lost(void **unused)
{
	struct tctl_plan *plan = plan_of_file(bakery);
	size_t boxes = 0, done = 0;

	(void)unused;
	for (size_t i = 0; i < plan->task_count; i++) {
		const struct tctl_task *task = &plan->task[i];

		boxes += task->steps.count + task->criteria.count;
		for (size_t k = 0; k < task->steps.count; k++)
			done += task->steps.at[k].done;
	}
	assert_int_equal(boxes, 16);
	assert_int_equal(done, 3);
	assert_int_equal(plan->tick_count, 16);
	assert_int_equal(task_of(plan, "2.1")->steps.count, 5);
	tctl_plan_free(plan);
}

static void
a_tick_says_where_its_box_stands(void **unused)
{
	struct tctl_plan *plan = plan_of_file(bakery);
	const struct tctl_tick *tick = &plan->tick[0];

	(void)unused;
	assert_int_equal(tick->task, task_index(plan, "1.1"));
	assert_int_equal(tick->of, TCTL_TICK_STEP);
	assert_int_equal(tick->kind, TCTL_TICK_BOX);
	assert_int_equal(tick->line, 20);
	assert_int_equal(tick->column, 4);
	assert_int_equal(tick->length, 1);
	assert_true(tick->done);
	tctl_plan_free(plan);
}

static void
what_is_ticked_is_done(void **unused)
{
	struct tctl_plan *plan = plan_of_file(bakery);

	(void)unused;
	assert_int_equal(task_of(plan, "1.1")->state, TCTL_STATE_READY);
	assert_int_equal(task_of(plan, "1.2")->state, TCTL_STATE_DONE);
	assert_int_equal(task_of(plan, "1.1")->estimate_s, 20 * 60);
	tctl_plan_free(plan);
}

static void
complete_these_first_is_no_report(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "# Deployment\n## Pre-Deployment (Complete These First)\n"
	    "### ✅ Code\n- [ ] a\n## Deployment Steps\n"
	    "### Step 1: Go\n");

	(void)unused;
	assert_int_equal(plan->task[0].state, TCTL_STATE_READY);
	assert_int_equal(plan->task[1].state, TCTL_STATE_PENDING);
	assert_string_equal(plan->task[0].title, "Code");
	tctl_plan_free(plan);
}

static void
sections_make_ids_that_stay(void **unused)
{
	static const char head[] = "# Deployment\n\n";
	static const char one[] = "## Web\n### Configuration\n- [ ] a\n";
	static const char two[] = "## Mail\n### Configuration\n- [ ] b\n";
	char text[200];
	struct tctl_plan *plan;

	(void)unused;
	for (int turned = 0; turned < 2; turned++) {
		snprintf(text, sizeof(text), "%s%s%s", head, turned ? two : one,
		    turned ? one : two);
		plan = plan_of_text(text);
		assert_string_equal(
		    task_of(plan, "web.configuration")->steps.at[0].text, "a");
		assert_string_equal(
		    task_of(plan, "mail.configuration")->steps.at[0].text, "b");
		tctl_plan_free(plan);
	}
}

static void
steps_of_two_sections_keep_apart(void **unused)
{
	struct tctl_plan *plan =
	    plan_of_text("# Déploiement\n## Serveur\n### Étape 1 : A\n"
			 "### Étape 2 : B\n## Client\n### Étape 1 : C\n"
			 "### Étape 3 : D\n");

	(void)unused;
	assert_int_equal(plan->error_count, 0);
	assert_follows(plan, "Étape-2", "serveur.Étape-1");
	assert_follows(plan, "client.Étape-1", NULL);
	assert_follows(plan, "Étape-3", "client.Étape-1");
	tctl_plan_free(plan);
}

static void
two_sections_of_one_name_are_counted(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "# Deployment\n## Checks\n- [ ] a\n## Checks\n- [ ] b\n");

	(void)unused;
	assert_int_equal(plan->error_count, 0);
	assert_string_equal(task_of(plan, "checks-2")->steps.at[0].text, "b");
	tctl_plan_free(plan);
}

static void
numbers_are_an_order_in_phases(void **unused)
{
	struct tctl_plan *plan = plan_of_file(bakery);

	(void)unused;
	assert_follows(plan, "1.1", NULL);
	assert_follows(plan, "1.2", "1.1");
	assert_follows(plan, "1.3", "1.2");
	assert_follows(plan, "2.1", NULL);
	assert_follows(plan, "Step-2", "Step-1");
	assert_follows(plan, "phase-2.night-shift", NULL);
	/* 1.2 is ticked, and lets nobody pass by 1.1. */
	assert_int_equal(task_of(plan, "1.3")->state, TCTL_STATE_PENDING);
	assert_int_equal(task_of(plan, "1.3")->needs.count, 0);
	tctl_plan_free(plan);
}

static void
order_none_keeps_what_is_stated(void **unused)
{
	const struct tctl_plan_options options = { .file = "plan.md",
		.without_order = true };
	static const char text[] =
	    "# Deployment\n## Phase 1\n### 1.1 A\n### 1.2 B\n"
	    "## Phase 2\n**Condition**: Phase 1 approved\n### 2.1 C\n"
	    "## Phase 3\n### 3.1 D\n";
	struct tctl_plan *plan = plan_with(text, strlen(text), &options);

	(void)unused;
	assert_follows(plan, "1.2", NULL);
	assert_int_equal(task_of(plan, "3.1")->state, TCTL_STATE_READY);
	assert_true(plan->sprint[1].gate == task_index(plan, "GO-1"));
	assert_int_equal(task_of(plan, "2.1")->state, TCTL_STATE_PENDING);
	tctl_plan_free(plan);
}

static void
a_decision_is_a_gate(void **unused)
{
	struct tctl_plan *plan = plan_of_file(bakery);
	const struct tctl_task *gate = task_of(plan, "GO-1");

	(void)unused;
	assert_true(gate->is_gate);
	assert_string_equal(gate->title, "Go/No-Go decision");
	assert_string_equal(gate->sprint, "1");
	assert_int_equal(gate->criteria.count, 2);
	assert_true(plan->sprint[1].gate == task_index(plan, "GO-1"));
	assert_true(plan->sprint[1].after == TCTL_NONE);
	assert_int_equal(gate->state, TCTL_STATE_PENDING);
	tctl_plan_free(plan);
}

static void
a_sprint_plan_has_gates(void **unused)
{
	struct tctl_plan *plan = plan_of_file(phares);
	const struct tctl_task *gate = task_of(plan, "GO-1");

	(void)unused;
	assert_string_equal(plan->dialect, "sprint");
	assert_int_equal(plan->error_count, 0);
	assert_int_equal(plan->sprint_count, 2);
	assert_string_equal(plan->sprint[0].title, "Essais");
	assert_int_equal(gate->criteria.count, 2);
	assert_string_equal(gate->criteria.at[1].text, "Aucun bateau perdu");
	assert_int_equal(gate->steps.count, 1);
	assert_true(plan->sprint[1].gate == task_index(plan, "GO-1"));
	/* Durations that stand in the timeline only. */
	assert_int_equal(task_of(plan, "T3.1")->estimate_s, -1);
	assert_int_equal(task_of(plan, "T3.2")->estimate_s, 5400);
	assert_int_equal(task_of(plan, "T3.3")->estimate_s, 1800);
	tctl_plan_free(plan);
}

static void
acceptance_boxes_go_where_they_belong(void **unused)
{
	struct tctl_plan *plan = plan_of_file(phares);

	(void)unused;
	assert_int_equal(task_of(plan, "T3.1")->state, TCTL_STATE_DONE);
	assert_int_equal(task_of(plan, "T3.1")->steps.count, 1);
	assert_true(task_of(plan, "T3.2")->steps.at[0].done);
	assert_int_equal(task_of(plan, "T3.2")->state, TCTL_STATE_READY);
	assert_int_equal(task_of(plan, "T3.5")->steps.count, 2);
	assert_string_equal(
	    task_of(plan, "criteres-d-acceptation.phase-2")->steps.at[0].text,
	    "Les cartes sont imprimées");
	tctl_plan_free(plan);
}

static void
a_ticked_decision_is_approved(void **unused)
{
	struct tctl_plan *plan =
	    plan_of_text("# Deployment\n## Phase 1\n### 1.1 A\n- [x] a\n"
			 "### Last\n- [x] Go/No-Go: GO\n- [ ] b\n"
			 "## Phase 2\n**Condition**: GO-1\n### 2.1 C\n");

	(void)unused;
	assert_int_equal(task_of(plan, "GO-1")->state, TCTL_STATE_DONE);
	assert_int_equal(task_of(plan, "2.1")->state, TCTL_STATE_READY);
	assert_int_equal(task_of(plan, "phase-1.last")->steps.count, 1);
	tctl_plan_free(plan);
}

/* "Go-Live", "let us go", and work on a decision are none. */
static void
what_is_no_decision(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "# Deployment\n## Phase 1\n### 1.1 Prepare the Go/No-Go\n"
	    "### Before Go-Live\n- [ ] go and see\n"
	    "## Phase 2\n### 2.1 B\n");

	(void)unused;
	for (size_t i = 0; i < plan->task_count; i++)
		assert_false(plan->task[i].is_gate);
	assert_true(plan->sprint[1].after == 0);
	tctl_plan_free(plan);
}

static void
a_condition_that_names_nothing_is_said(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "# Deployment\n## Phase 1\n**Condition**: fair weather\n"
	    "### 1.1 A\n### 1.2 B\n- [ ] x\n");
	bool said = false;

	(void)unused;
	for (size_t i = 0; i < plan->diagnostic_count; i++)
		if (!strcmp(plan->diagnostic[i].code, "unread_condition")) {
			said = true;
			assert_int_equal(plan->diagnostic[i].line, 3);
		}
	assert_true(said);
	tctl_plan_free(plan);
}

/* "Phase 2 when phase 3 is approved" and the other way round. */
static void
conditions_in_a_circle_are_an_error(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "# Deployment\n## Phase 1\n**Condition**: Phase 2 approved\n"
	    "### 1.1 A\n## Phase 2\n**Condition**: Phase 1 approved\n"
	    "### 2.1 B\n");

	(void)unused;
	assert_true(plan->error_count == 1);
	tctl_plan_free(plan);
}

static void
dependencies_win_over_implied_steps(void **unused)
{
	struct tctl_plan *plan =
	    plan_of_text("# Deployment\n## Phase 1\n### 1.1 A\n"
			 "**Dependencies**: 1.2\n### 1.2 B\n- [ ] x\n");

	(void)unused;
	assert_int_equal(plan->error_count, 0);
	assert_follows(plan, "1.2", NULL);
	assert_int_equal(task_of(plan, "1.1")->state, TCTL_STATE_PENDING);
	tctl_plan_free(plan);
}

/* What is behind a finished sprint is behind what that one follows, too. */
static void
a_finished_sprint_hides_no_open_one(void **unused)
{
	struct tctl_plan *plan =
	    plan_of_text("# Deployment\n## Phase 1\n### 1.1 A\n- [ ] a\n"
			 "## Phase 2\n### 2.1 B\n- [x] b\n"
			 "## Phase 3\n### 3.1 C\n- [ ] c\n");

	(void)unused;
	assert_int_equal(task_of(plan, "2.1")->state, TCTL_STATE_DONE);
	assert_int_equal(task_of(plan, "3.1")->state, TCTL_STATE_PENDING);
	tctl_plan_free(plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_checklist_is_recognised),
		cmocka_unit_test(phases_and_stages_are_sprints),
		cmocka_unit_test(no_box_is_lost),
		cmocka_unit_test(a_tick_says_where_its_box_stands),
		cmocka_unit_test(what_is_ticked_is_done),
		cmocka_unit_test(complete_these_first_is_no_report),
		cmocka_unit_test(sections_make_ids_that_stay),
		cmocka_unit_test(steps_of_two_sections_keep_apart),
		cmocka_unit_test(two_sections_of_one_name_are_counted),
		cmocka_unit_test(numbers_are_an_order_in_phases),
		cmocka_unit_test(order_none_keeps_what_is_stated),
		cmocka_unit_test(a_decision_is_a_gate),
		cmocka_unit_test(a_sprint_plan_has_gates),
		cmocka_unit_test(acceptance_boxes_go_where_they_belong),
		cmocka_unit_test(a_ticked_decision_is_approved),
		cmocka_unit_test(what_is_no_decision),
		cmocka_unit_test(a_condition_that_names_nothing_is_said),
		cmocka_unit_test(conditions_in_a_circle_are_an_error),
		cmocka_unit_test(dependencies_win_over_implied_steps),
		cmocka_unit_test(a_finished_sprint_hides_no_open_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
