/* test_two_plans.c - ids and sprints that several plans have. */
#include "store_test.h"

static const struct tctl_caller ada = { .agent = "ada", .session = "s" };

static void
import(const char *file)
{
	static const char text[] = "# P\n\n## Sprint 1 : One\n\n"
				   "#### Task 1.1 : A\n\n#### Task 1.2 : B\n";
	const struct tctl_plan_options options = { .file = file };
	struct tctl_plan *plan = NULL;
	struct tctl_import out;

	OK(tctl_plan_read(text, strlen(text), &options, &plan, &err));
	OK(tctl_plan_import(&coord, &ada, plan, false, false, &out, &err));
	tctl_import_release(&out);
	tctl_plan_free(plan);
}

static int
set_up_plans(void **state)
{
	if (set_up(state) != 0)
		return -1;
	import("quay.md");
	import("mole.md");
	return 0;
}

static enum tctl_status
add(const char *id, const char *sprint)
{
	const struct tctl_fields fields = {
		.title = "T", .sprint = sprint, .priority = -1
	};
	const struct tctl_strings none = { NULL, 0 };
	struct tctl_answer answer = { .already = false };
	enum tctl_status status =
	    tctl_task_add(&coord, &ada, id, &fields, &none, &answer, &err);

	tctl_answer_release(&answer);
	return status;
}

static void
a_sprint_s_key_alone_may_mean_two(void **state)
{
	(void)state;
	assert_int_equal(add("9.1", "1"), TCTL_EINVALID);
	assert_string_equal(err.text, "\"1\" could mean quay:1 or mole:1");
	assert_string_equal(err.hint, "say which, as in quay:1");
	assert_int_equal(add("9.1", "pier:1"), TCTL_ENOTFOUND);
	assert_int_equal(add("9.1", "mole:1"), TCTL_OK);
}

static size_t
count(const char *sprint)
{
	const struct tctl_filter filter = { .sprint = sprint };
	struct tctl_tasks tasks;
	size_t found;

	OK(tctl_tasks_list(&coord, &filter, &tasks, &err));
	found = tasks.count;
	tctl_tasks_release(&tasks);
	return found;
}

static void
a_list_takes_the_one_that_is_named(void **state)
{
	const struct tctl_filter both = { .sprint = "1" };
	struct tctl_tasks tasks;

	(void)state;
	assert_int_equal(
	    tctl_tasks_list(&coord, &both, &tasks, &err), TCTL_EINVALID);
	assert_int_equal(count("quay:1"), 2);
	assert_int_equal(count("mole:1"), 3); /* with the one by hand */
}

static void
an_id_alone_may_mean_two(void **state)
{
	struct tctl_tasks tasks;

	(void)state;
	assert_int_equal(
	    tctl_task_show(&coord, "1.2", &tasks, &err), TCTL_EINVALID);
	assert_string_equal(
	    err.text, "\"1.2\" could mean quay:1.2 or mole:1.2");
	OK(tctl_task_show(&coord, "mole:1.2", &tasks, &err));
	assert_string_equal(tasks.at[0].ref, "mole:1.2");
	tctl_tasks_release(&tasks);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sprint_s_key_alone_may_mean_two),
		cmocka_unit_test(a_list_takes_the_one_that_is_named),
		cmocka_unit_test(an_id_alone_may_mean_two),
	};

	return cmocka_run_group_tests(tests, set_up_plans, tear_down);
}
