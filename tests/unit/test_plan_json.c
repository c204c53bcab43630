/* test_plan_json.c - plans in JSON. */
#include "plan_test.h"

static void
taskmaster_is_read(void **unused)
{
	struct tctl_plan *plan = plan_of_file("tests/plans/atelier.json");
	const struct tctl_task *task = task_of(plan, "2");

	(void)unused;
	assert_string_equal(plan->dialect, "taskmaster");
	assert_tasks(plan,
	    "1[x] 2[ ]<1,3 3[ ]<1 5[ ]<2 garden.1[x] garden.2[ ]<garden.1");
	assert_int_equal(plan->error_count, 0);
	assert_int_equal(task->line, 6);
	assert_int_equal(task->steps.count, 2);
	assert_true(task->steps.at[0].done);
	assert_false(task->steps.at[1].done);
	assert_string_equal(task->criteria.at[0].text, "All boards fit");
	assert_string_equal(task_of(plan, "3")->title, "Sharpen the saw");
	assert_int_equal(task_of(plan, "1")->priority, TCTL_PRIORITY_HIGH);
	/* 4 is cancelled, and 5 does not wait for it. */
	assert_int_equal(said_of(plan, "cancelled")->line, 16);
	assert_int_equal(said_of(plan, "cancelled_dependency")->line, 18);
	tctl_plan_free(plan);
}

/* Tags are beside each other: none waits for the one before. */
static void
tags_have_no_order(void **unused)
{
	struct tctl_plan *plan = plan_of_file("tests/plans/atelier.json");

	(void)unused;
	assert_int_equal(plan->sprint_count, 2);
	assert_string_equal(task_of(plan, "garden.2")->sprint, "garden");
	assert_true(plan->sprint[1].after == TCTL_NONE);
	assert_int_equal(task_of(plan, "garden.2")->state, TCTL_STATE_READY);
	tctl_plan_free(plan);
}

static void
only_blocks_is_a_dependency_of_beads(void **unused)
{
	struct tctl_plan *plan = plan_of_file("tests/plans/harbour.jsonl");
	const struct tctl_task *task = task_of(plan, "hb-3");

	(void)unused;
	assert_string_equal(plan->dialect, "beads");
	assert_tasks(plan, "hb-1[ ] hb-2[x] hb-3[ ]<hb-2 hb-5[ ]<hb-3");
	assert_string_equal(task->sprint, "hb-1");
	assert_string_equal(plan->sprint[0].title, "Harbour");
	assert_int_equal(task->criteria.count, 2);
	assert_string_equal(task->criteria.at[1].text, "It is lit");
	assert_int_equal(task_of(plan, "hb-5")->estimate_s, 90 * 60);
	assert_int_equal(task_of(plan, "hb-5")->line, 6);
	assert_int_equal(task_of(plan, "hb-1")->priority, TCTL_PRIORITY_HIGH);
	tctl_plan_free(plan);
}

static void
the_least_of_taskctl_is_enough(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "{\"tasks\":[{\"id\":\"a.1\",\"title\":\"One\","
	    "\"estimate_s\":5400},\n {\"id\":\"a.2\",\"title\":\"Two\","
	    "\"estimate_s\":null,\"needs\":[\"A_1\"]}]}");

	(void)unused;
	assert_string_equal(plan->dialect, "taskctl");
	assert_tasks(plan, "a.1[ ] a.2[ ]<a.1");
	assert_int_equal(task_of(plan, "a.1")->estimate_s, 5400);
	assert_int_equal(task_of(plan, "a.2")->estimate_s, -1);
	assert_int_equal(task_of(plan, "a.2")->line, 2);
	tctl_plan_free(plan);
}

/* A list may hold two plans that use the same ids. */
static void
twins_of_two_plans_stay_apart(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "{\"schema\":\"taskctl/1\",\"tasks\":["
	    "{\"id\":\"1\",\"plan\":\"p\",\"title\":\"a\",\"needs\":[],"
	    "\"sprint\":\"1\",\"state\":\"done\"},"
	    "{\"id\":\"2\",\"plan\":\"p\",\"title\":\"b\",\"needs\":[\"1\"],"
	    "\"sprint\":\"2\",\"after\":\"1\"},"
	    "{\"id\":\"1\",\"plan\":\"q\",\"title\":\"c\",\"needs\":[]},"
	    "{\"id\":\"2\",\"plan\":\"q\",\"title\":\"d\",\"needs\":[\"1\"]}"
	    "]}");

	(void)unused;
	assert_tasks(plan, "1[x] 2[ ]<1 q.1[ ] q.2[ ]<q.1");
	assert_int_equal(plan->sprint[1].after, 0);
	tctl_plan_free(plan);
}

static void
any_array_of_tasks_is_read(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "[{\"actual_hours\":9,\"id\":\"API-1\",\"description\":\"Write "
	    "it\",\"phase\":0,"
	    "\"estimated_hours\":1.5,\"status\":\"completed\","
	    "\"priority\":\"P0\"},\n"
	    "{\"id\":\"API-2\",\"name\":\"Test it\",\"phase\":1,"
	    "\"estimatedMinutes\":30,\"status\":\"incomplete\","
	    "\"depends_on\":\"API-1\",\"assignee\":[\"Agent B\"]},\n"
	    "{\"id\":3,\"titre\":\"Publier\",\"statut\":\"À faire\","
	    "\"dépendances\":[\"API-1\",{\"id\":\"API-2\"}],"
	    "\"estimate\":5,\"done\":true}]");

	(void)unused;
	assert_string_equal(plan->dialect, "json");
	assert_tasks(plan, "API-1[x] API-2[ ]<API-1 3[x]<API-1,API-2");
	assert_int_equal(task_of(plan, "API-1")->estimate_s, 5400);
	assert_int_equal(task_of(plan, "API-1")->priority, 1);
	assert_int_equal(task_of(plan, "API-2")->estimate_s, 1800);
	assert_string_equal(task_of(plan, "API-2")->planned_agent, "B");
	assert_string_equal(plan->sprint[1].title, "Phase 1");
	/* Points are no length of time. */
	assert_int_equal(task_of(plan, "3")->estimate_s, -1);
	tctl_plan_free(plan);
}

static void
syntax_errors_have_a_place(void **unused)
{
	static const struct {
		const char *text, *want;
	} bad[] = {
		{ "{\n  \"tasks\": [,]}", "line 2, column 13: this is not" },
		{ "{\"tasks\": [", "ends before it is complete" },
		{ "{\"id\":\"é\"} x", "line 1, column 12" },
		{ "{\"id\":1}\n{\"id\":2}\n{\"id\"", "line 3" },
		{ "{\"id\":1}\n<<<<<<< ours", "line 2, column 1" },
		{ "{\"a\":{\"b\":1,\n\"b\":2}}",
		    "line 1, column 6: this object has a key twice" },
		{ "[{\"id\":1,\"title\":\"a\"},{\"title\":\"no id\"}]",
		    "no plan is recognised" },
		{ "{}", "no plan is recognised" },
		{ "[]", "no plan is recognised" },
	};

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(bad); i++)
		assert_refused(bad[i].text, strlen(bad[i].text), bad[i].want);
}

/* Never half: what is no task among tasks is an error. */
static void
what_is_no_task_is_said(void **unused)
{
	struct tctl_plan *plan = plan_of_text(
	    "{\"tasks\":[{\"id\":1,\"title\":\"a\",\"needs\":[2]},\n"
	    "7,\n{\"id\":1,\"title\":\"again\"}]}");

	(void)unused;
	assert_non_null(said_of(plan, "bad_id"));
	assert_int_equal(said_of(plan, "unknown_dependency")->line, 1);
	assert_int_equal(said_of(plan, "duplicate_id")->line, 3);
	assert_int_equal(plan->error_count, 3);
	tctl_plan_free(plan);
}

/* --format on JSON of another shape. */
static void
a_format_that_does_not_fit_is_refused(void **unused)
{
	static const char *const format[] = { "taskmaster", "beads", "taskctl",
		"json" };
	static const char *const text[] = { "[{\"a\":1}]", "{\"a\":[1]}",
		"{\"tasks\":{\"id\":1}}", "[[1]]" };

	(void)unused;
	for (size_t i = 0; i < TCTL_COUNT(format) * TCTL_COUNT(text); i++) {
		const struct tctl_plan_options options = { .file = "x",
			.format = format[i % TCTL_COUNT(format)] };
		const char *json = text[i / TCTL_COUNT(format)];
		struct tctl_plan *plan = NULL;
		struct tctl_error err = { 0 };

		if (tctl_plan_read(json, strlen(json), &options, &plan, &err) ==
		    TCTL_OK)
			assert_true(plan->error_count != 0);
		tctl_plan_free(plan);
	}
}

static void
hostile_json_is_survived(void **unused)
{
	char *deep = repeated("", "[", 100000, "");
	char *keys = repeated("{\"tasks\":[{\"id\":1,\"title\":\"t\"",
	    ",\"k%zu\":{}", 100000, "}]}");
	char *many = repeated("[{\"id\":\"x\",\"title\":\"t\"}",
	    ",{\"id\":%1$zu,\"title\":\"t\",\"phase\":\"p%1$zu\","
	    "\"needs\":[\"x\"]}",
	    50000, "]");
	struct tctl_plan *plan;

	(void)unused;
	assert_refused("{\"id\":\"\0\"}", 10, "NUL");
	assert_refused("{\"id\":\"\xff\"}", 10, "");
	deep[0] = '{';
	memcpy(deep, "{\"a\":", 5);
	assert_refused(deep, strlen(deep), "nesting");
	plan = plan_of_text(keys);
	assert_int_equal(plan->task_count, 1);
	tctl_plan_free(plan);
	plan = plan_of_text(many);
	assert_int_equal(plan->task_count, 50001);
	assert_int_equal(plan->sprint_count, 50000);
	assert_int_equal(plan->edge_count, 50000);
	tctl_plan_free(plan);
	plan = plan_of_text("[{\"id\":99999999999999999999999,"
			    "\"title\":\"a\\u0000b\\u001b[1m\","
			    "\"estimate_s\":1e300,\"priority\":-5}]");
	assert_string_equal(plan->task[0].title, "a b [1m");
	assert_int_equal(plan->task[0].estimate_s, -1);
	assert_int_equal(plan->task[0].priority, TCTL_PRIORITY_NONE);
	tctl_plan_free(plan);
	free(deep);
	free(keys);
	free(many);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taskmaster_is_read),
		cmocka_unit_test(tags_have_no_order),
		cmocka_unit_test(only_blocks_is_a_dependency_of_beads),
		cmocka_unit_test(the_least_of_taskctl_is_enough),
		cmocka_unit_test(twins_of_two_plans_stay_apart),
		cmocka_unit_test(any_array_of_tasks_is_read),
		cmocka_unit_test(syntax_errors_have_a_place),
		cmocka_unit_test(what_is_no_task_is_said),
		cmocka_unit_test(a_format_that_does_not_fit_is_refused),
		cmocka_unit_test(hostile_json_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
