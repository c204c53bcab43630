/* test_damage.c - a store in which SQLite finds nothing wrong, and which is
 * damaged all the same: exit 10, and no crash. */
#include "store_test.h"

#include <sqlite3.h>

/* What no program of ours writes, by a connection of its own. */

static void
damage(const char *sql)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(place.store, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void
add_task(const char *id)
{
	const struct tctl_caller who = { .agent = "ada", .session = "s" };
	const struct tctl_fields fields = { .title = "T", .priority = -1 };
	const struct tctl_strings none = { NULL, 0 };
	struct tctl_answer answer;

	OK(tctl_task_add(&coord, &who, id, &fields, &none, &answer, &err));
	tctl_answer_release(&answer);
}

static void
a_value_that_must_be_there_is_missing(void **state)
{
	const struct tctl_caller who = { .agent = "ada",
		.session = "s",
		.token = -1,
		.host = "here",
		.evidence = "manual" };
	struct tctl_answer answer = { .already = false };
	struct tctl_tasks tasks;

	(void)state;
	add_task("1.1");
	damage("PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = "
	       "replace(sql, 'TEXT NOT NULL', 'TEXT') WHERE name = 'task'");
	damage("UPDATE task SET title = NULL, mutex = NULL");
	OK(tctl_tasks_list(&coord, NULL, &tasks, &err));
	assert_string_equal(tasks.at[0].title, "");
	tctl_tasks_release(&tasks);
	assert_int_not_equal(
	    tctl_lease_claim(&coord, &who, "1.1", -1, &answer, &err), TCTL_OK);
	tctl_answer_release(&answer);
}

static void
a_sprint_that_a_task_names_is_not_there(void **state)
{
	struct tctl_status_report report;

	(void)state;
	add_task("1.2");
	damage("UPDATE task SET sprint = 99");
	assert_int_equal(
	    tctl_status_read(&coord, 5, &report, &err), TCTL_ECORRUPT);
	assert_non_null(strstr(err.text, "lost sprint 99"));
	damage("UPDATE task SET sprint = NULL");
	OK(tctl_status_read(&coord, 5, &report, &err));
	tctl_status_release(&report);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sprint_that_a_task_names_is_not_there),
		cmocka_unit_test(a_value_that_must_be_there_is_missing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
