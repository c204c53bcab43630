/* test_damage.c - a store in which SQLite finds nothing wrong, and which is
 * damaged all the same: exit 10, and no crash. */
#include "store_test.h"

#include <sqlite3.h>

#include "taskctl/work_json.h"

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
	struct tctl_status_report report;
	struct tctl_tasks tasks;

	(void)state;
	add_task("1.1");
	damage("PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = "
	       "replace(sql, 'TEXT NOT NULL', 'TEXT') WHERE name = 'task'");
	damage("PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = "
	       "replace(sql, 'TEXT NOT NULL', 'TEXT') WHERE name IN "
	       "('plan', 'note')");
	damage("UPDATE task SET title = NULL, mutex = NULL, state = NULL");
	OK(tctl_status_read(&coord, 5, &report, &err));
	assert_int_equal(report.totals.tasks, 2);
	tctl_status_release(&report);
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

/* Each of these died of it. */
static void
a_plan_and_a_note_have_lost_their_text(void **state)
{
	struct tctl_tasks tasks;

	(void)state;
	add_task("1.4");
	add_task("1.5");
	damage("INSERT INTO dep (task, needs, origin) SELECT t.id, n.id, "
	       "'hand' FROM task AS t, task AS n WHERE t.key = '1.5' AND "
	       "n.key = '1.4'; UPDATE plan SET name = NULL; INSERT INTO note "
	       "(task, at_ms, text) SELECT id, 1, NULL FROM task");
	OK(tctl_task_show(&coord, "1.5", &tasks, &err));
	assert_int_equal(tasks.at[0].needs.count, 1);
	json_object_put(tctl_json_tasks(&tasks));
	tctl_tasks_release(&tasks);
	damage("DELETE FROM dep; DELETE FROM note");
}

static void
a_cycle_is_in_the_store(void **state)
{
	const struct tctl_share_req req = { .agents = 2 };
	struct tctl_outlook outlook;
	struct tctl_share share;

	(void)state;
	add_task("1.3");
	damage("INSERT INTO dep (task, needs, origin) SELECT id, id, 'hand' "
	       "FROM task WHERE key = '1.3'");
	assert_int_equal(
	    tctl_outlook_read(&coord, false, &outlook, &err), TCTL_ECORRUPT);
	assert_non_null(strstr(err.text, "cycle"));
	assert_int_equal(
	    tctl_share_read(&coord, &req, &share, &err), TCTL_ECORRUPT);
	damage("DELETE FROM dep");
	OK(tctl_outlook_read(&coord, false, &outlook, &err));
	tctl_outlook_release(&outlook);
}

/* It was left out of what is listed, and claimed with an answer of nothing. */
static void
a_plan_that_a_task_names_is_not_there(void **state)
{
	const struct tctl_caller bob = { .agent = "bob",
		.session = "b",
		.token = -1,
		.host = "here",
		.evidence = "manual" };
	struct tctl_answer answer = { .already = false };
	struct tctl_outlook outlook;
	struct tctl_tasks tasks;
	size_t total;

	(void)state;
	add_task("1.7");
	damage("UPDATE task SET plan = plan + 90 WHERE key = '1.7'");
	assert_int_equal(
	    tctl_tasks_ready(&coord, "ada", NULL, 9, &tasks, &total, &err),
	    TCTL_ECORRUPT);
	assert_non_null(strstr(err.text, "or its plan, is not there"));
	assert_int_equal(
	    tctl_tasks_list(&coord, NULL, &tasks, &err), TCTL_ECORRUPT);
	assert_int_equal(
	    tctl_outlook_read(&coord, false, &outlook, &err), TCTL_ECORRUPT);
	assert_int_equal(
	    tctl_lease_claim_next(&coord, &bob, NULL, true, -1, &answer, &err),
	    TCTL_ECORRUPT);
	tctl_answer_release(&answer);
	damage("UPDATE task SET plan = plan - 90 WHERE key = '1.7'");
	OK(tctl_tasks_ready(&coord, "ada", NULL, 9, &tasks, &total, &err));
	tctl_tasks_release(&tasks);
}

/* The index is kept from following the table. */
static void
an_index_says_that_a_lease_is_over(void **state)
{
	static const char blind[] =
	    "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = "
	    "replace(sql, 'ended IS NULL OR', 'token < 0 AND') "
	    "WHERE name = 'lease_held'";
	static const char see[] =
	    "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = "
	    "replace(sql, 'token < 0 AND', 'ended IS NULL OR') "
	    "WHERE name = 'lease_held'";
	struct tctl_caller who = { .agent = "ada",
		.session = "s",
		.token = -1,
		.host = "here",
		.evidence = "manual" };
	struct tctl_answer answer = { .already = false };

	(void)state;
	add_task("1.6");
	OK(tctl_lease_claim(&coord, &who, "1.6", -1, &answer, &err));
	tctl_answer_release(&answer);
	damage("UPDATE lease SET expires_boot = expires_boot - 1000000");
	damage(blind);
	damage("UPDATE lease SET expires_boot = expires_boot + 1000000");
	damage(see);
	who.agent = "bob";
	assert_int_equal(
	    tctl_lease_claim(&coord, &who, "1.6", -1, &answer, &err),
	    TCTL_ECORRUPT);
	tctl_answer_release(&answer);
	assert_non_null(strstr(err.text, "the lease of 1.6"));
}

static void
a_schema_that_cannot_be(void **state)
{
	static const enum tctl_open how[] = { TCTL_OPEN_READ, TCTL_OPEN_WRITE,
		TCTL_OPEN_CREATE };
	struct tctl_store *other = NULL;

	(void)state;
	damage("PRAGMA user_version = -2000000000");
	for (size_t i = 0; i < TCTL_COUNT(how); i++) {
		assert_int_equal(
		    tctl_store_open(place.store, how[i], 1000, &other, &err),
		    TCTL_ECORRUPT);
		assert_non_null(strstr(err.text, "schema -2000000000"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sprint_that_a_task_names_is_not_there),
		cmocka_unit_test(a_value_that_must_be_there_is_missing),
		cmocka_unit_test(a_plan_and_a_note_have_lost_their_text),
		cmocka_unit_test(a_plan_that_a_task_names_is_not_there),
		cmocka_unit_test(a_cycle_is_in_the_store),
		cmocka_unit_test(an_index_says_that_a_lease_is_over),
		cmocka_unit_test(a_schema_that_cannot_be),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
