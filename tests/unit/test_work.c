/* test_work.c - the judgement of leases with made-up clocks and processes, the
 * order of claiming, and what a task's move counts. */
#include "store_test.h"

#include "../../lib/store/driver.h"
#include "../../lib/work/change.h"
#include "../../lib/work/view.h"

static const struct tctl_caller who = { .agent = "ada",
	.session = "s",
	.token = -1,
	.host = "here",
	.worktree = "/w",
	.evidence = "manual" };

/* --- the judgement ------------------------------------------------------- */

enum life { NONE, ALIVE, DEAD, ELSEWHERE };

static void
judged(enum life life, bool witnessed, const struct tctl_clock *clock,
    int64_t expires, enum tctl_verdict wanted, bool wanted_seen)
{
	struct tctl_lease_row lease = {
		.task = 1, .expires_boot = expires, .witnessed = witnessed
	};
	bool seen = !wanted_seen;

	if (life != NONE)
		assert_int_equal(
		    tctl_process_describe(getpid(), &lease.process), 0);
	if (life == DEAD)
		lease.process.start += 1000;
	if (life == ELSEWHERE)
		lease.process.space++;
	assert_int_equal(tctl_lease_judge(&lease, clock, &seen), wanted);
	assert_int_equal(seen, wanted_seen);
	assert_int_equal(tctl_lease_judge(&lease, clock, NULL), wanted);
}

static void
time_and_proof_of_death_end_a_lease_and_nothing_else(void **state)
{
	const struct tctl_clock now = {
		.now.boot_ms = 1000, .same_boot = true, .same_machine = true
	};

	(void)state;
	judged(NONE, false, &now, 1001, TCTL_LIVE, false);
	judged(NONE, false, &now, 1000, TCTL_LAPSED, false);
	judged(NONE, true, &now, 1001, TCTL_LIVE, false);
	/* A living process is a witness, and no more than that. */
	judged(ALIVE, false, &now, 1001, TCTL_LIVE, true);
	judged(ALIVE, true, &now, 1000, TCTL_LAPSED, true);
	/* A dead one ends it only where it was seen alive before. */
	judged(DEAD, false, &now, 1001, TCTL_LIVE, false);
	judged(DEAD, true, &now, 1001, TCTL_DIED, false);
	judged(DEAD, false, &now, 1000, TCTL_LAPSED, false);
	/* One of another namespace proves nothing. */
	judged(ELSEWHERE, true, &now, 1001, TCTL_LIVE, false);
	judged(ELSEWHERE, true, &now, 1000, TCTL_LAPSED, false);
}

static void
times_that_do_not_compare_end_no_lease(void **state)
{
	struct tctl_clock now = { .now.boot_ms = 1000, .same_machine = true };

	(void)state;
	/* Another boot of this machine: its processes are gone. */
	judged(NONE, false, &now, 1, TCTL_LIVE, false);
	judged(DEAD, true, &now, 1, TCTL_DIED, false);
	judged(DEAD, false, &now, 1, TCTL_LIVE, false);
	/* A pid of now says nothing about one of then. */
	judged(ALIVE, true, &now, 5000, TCTL_DIED, false);
	/* Another machine, or none that can be named. */
	now.same_machine = false;
	judged(DEAD, true, &now, 1, TCTL_LIVE, false);
	/* A clock that has gone back within one boot. */
	now = (struct tctl_clock){ .now.boot_ms = 1000,
		.same_boot = true,
		.same_machine = true,
		.went_back = true };
	judged(NONE, false, &now, 1, TCTL_LIVE, false);
	judged(DEAD, true, &now, 1, TCTL_LIVE, false);
}

/* --- the order of claiming --------------------------------------------------
 */

static void
take_id(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

static int64_t
insert_plan(const char *name)
{
	int64_t id = 0;

	OK(tctl_query(store, tctl_sql_plan_insert,
	    TCTL_ARGS(TCTL_T(name), TCTL_T(NULL), TCTL_T(NULL)), take_id, &id,
	    NULL, &err));
	return id;
}

static void
add(const char *id, const char *agent, const char *mutex, int64_t priority,
    const char *needs)
{
	struct tctl_fields fields = { .title = "t",
		.agent = agent,
		.mutex = mutex,
		.priority = priority };
	struct tctl_strings list = { NULL, 0 };
	struct tctl_answer answer;

	if (needs != NULL) {
		list.at = &needs;
		list.count = 1;
	}
	OK(tctl_task_add(&coord, &who, id, &fields, &list, &answer, &err));
	tctl_answer_release(&answer);
}

static const char *
next_for(const char *agent, char key[32])
{
	struct tctl_caller caller = who;
	struct tctl_answer answer;

	caller.agent = caller.session = agent;
	key[0] = '\0';
	if (tctl_lease_claim_next(
		&coord, &caller, NULL, true, -1, &answer, &err) == TCTL_OK)
		snprintf(key, 32, "%s", answer.task.at[0].id);
	tctl_answer_release(&answer);
	return key;
}

static void
finish_all(void)
{
	assert_int_equal(tctl_store_begin(store, TCTL_CHANGE, &err), TCTL_OK);
	OK(tctl_query(store, "UPDATE task SET state = 'cancelled'",
	    TCTL_NO_ARGS, NULL, NULL, NULL, &err));
	OK(tctl_query(store, "UPDATE lease SET ended = 'done'", TCTL_NO_ARGS,
	    NULL, NULL, NULL, &err));
	OK(tctl_store_commit(store, NULL, NULL, &err));
}

static void
next_is_mine_then_nobodys_then_others_then_by_priority(void **state)
{
	char key[32];

	(void)state;
	add("o.1", "Agent bob", "-", 1, NULL);
	add("o.2", "-", "-", 2, NULL);
	add("o.3", "-", "-", 1, NULL);
	add("o.4", "Agent Ada", "-", 4, NULL);
	add("o.5", "-", "m", 1, NULL);
	add("o.6", "-", "m", 1, NULL);
	assert_string_equal(next_for("ada", key), "o.4");
	assert_string_equal(next_for("ada", key), "o.3");
	assert_string_equal(next_for("ada", key), "o.5");
	/* o.6 waits for the mutex. */
	assert_string_equal(next_for("ada", key), "o.2");
	assert_string_equal(next_for("ada", key), "o.1");
	assert_string_equal(next_for("ada", key), "");
	assert_int_equal(err.status, TCTL_ENONE);
	finish_all();
}

static void
a_mutex_is_held_by_one_task(void **state)
{
	struct tctl_caller bob = who;
	struct tctl_answer answer;

	(void)state;
	bob.agent = bob.session = "bob";
	add("x.1", "-", "n", 1, NULL);
	add("x.2", "-", "n", 1, NULL);
	OK(tctl_lease_claim(&coord, &who, "x.1", -1, &answer, &err));
	tctl_answer_release(&answer);
	assert_int_equal(
	    tctl_lease_claim(&coord, &bob, "x.2", -1, &answer, &err),
	    TCTL_ENOTREADY);
	tctl_answer_release(&answer);
	OK(tctl_lease_release(&coord, &who, "x.1", NULL, false, &answer, &err));
	tctl_answer_release(&answer);
	OK(tctl_lease_claim(&coord, &bob, "x.2", -1, &answer, &err));
	tctl_answer_release(&answer);
	finish_all();
}

static void
the_longest_path_first_then_the_plans_order(void **state)
{
	char key[32];

	(void)state;
	add("p.1", "-", "-", 3, NULL);
	add("p.2", "-", "-", 3, NULL);
	add("p.3", "-", "-", 3, NULL);
	add("p.4", "-", "-", 3, "p.3");
	OK(tctl_store_begin(store, TCTL_CHANGE, &err));
	OK(tctl_query(store, "UPDATE task SET tail_s = 100 WHERE key = 'p.3'",
	    TCTL_NO_ARGS, NULL, NULL, NULL, &err));
	OK(tctl_store_commit(store, NULL, NULL, &err));
	assert_string_equal(next_for("x", key), "p.3");
	assert_string_equal(next_for("x", key), "p.1");
	assert_string_equal(next_for("x", key), "p.2");
	assert_string_equal(next_for("x", key), "");
	finish_all();
}

/* Positions repeat between plans: the older task first, in whatever lane it
 * is, and "ready" shows what "claim --next" does. */
static void
a_tie_between_plans_is_broken_as_ready_shows_it(void **state)
{
	static const char *const mutexes[] = { "zz", "", "aa", "" };
	char key[32], shown[32];
	struct tctl_tasks ready;
	size_t total;

	(void)state;
	OK(tctl_store_begin(store, TCTL_CHANGE, &err));
	for (int i = 0; i < 4; i++) {
		char name[16], id[16];
		int64_t plan;

		snprintf(name, sizeof(name), "tie%d", i);
		snprintf(id, sizeof(id), "t.%d", i);
		plan = insert_plan(name);
		OK(tctl_query(store,
		    "INSERT INTO task (plan, key, norm, title, position, "
		    "priority, mutex) VALUES ($1, $2, $3, 't', 7, 3, $4)",
		    TCTL_ARGS(TCTL_N(plan), TCTL_T(id), TCTL_T(id),
			TCTL_T(mutexes[i])),
		    NULL, NULL, NULL, &err));
		OK(tctl_query(store, tctl_sql_lane_insert,
		    TCTL_ARGS(TCTL_T(mutexes[i]), TCTL_T("")), NULL, NULL, NULL,
		    &err));
	}
	OK(tctl_store_commit(store, NULL, NULL, &err));
	for (int i = 0; i < 4; i++) {
		OK(tctl_tasks_ready(
		    &coord, "x", NULL, 10, &ready, &total, &err));
		assert_int_equal(total, 4 - i);
		snprintf(shown, sizeof(shown), "%s", ready.at[0].id);
		tctl_tasks_release(&ready);
		assert_string_equal(next_for("x", key), shown);
		snprintf(shown, sizeof(shown), "t.%d", i);
		assert_string_equal(key, shown);
	}
	finish_all();
}

/* --- moves ------------------------------------------------------------------
 */

enum { TASKS = 10, MOVES = 3000 };

static int64_t
number(const char *sql)
{
	int64_t n = -1;

	OK(tctl_query(store, sql, TCTL_NO_ARGS, take_id, &n, NULL, &err));
	return n;
}

static int64_t row_of[TASKS];

static void
take_row_id(void *into, const char *const col[])
{
	int *n = into;

	if (*n < TASKS)
		row_of[(*n)++] = tctl_col(col[0]);
}

static void
counts_follow_any_order_of_moves(void **state)
{
	static const char *const states[] = { "open", "claimed", "done",
		"failed", "cancelled" };
	struct tctl_change change;
	int n = 0;

	(void)state;
	for (int i = 0; i < TASKS; i++) {
		char id[16], needs[16];

		snprintf(id, sizeof(id), "m.%d", i);
		snprintf(needs, sizeof(needs), "m.%d", i / 2);
		add(id, "-", "-", 3, i == 0 ? NULL : needs);
	}
	OK(tctl_query(store,
	    "SELECT id FROM task WHERE key LIKE 'm.%' "
	    "ORDER BY id",
	    TCTL_NO_ARGS, take_row_id, &n, NULL, &err));
	assert_int_equal(n, TASKS);
	OK(tctl_change_begin(&coord, TCTL_CHANGE, &change, &err));
	for (int i = 0; i < MOVES; i++) {
		struct tctl_row row;

		OK(tctl_row_read(
		    store, change.arena, row_of[rand() % TASKS], &row, &err));
		OK(tctl_row_move(&change, &row, states[rand() % 5],
		    row.attempts, "x", NULL, NULL, &err));
		assert_int_equal(number("SELECT count(*) FROM task AS t WHERE "
					"unmet <> (SELECT count(*) FROM dep "
					"AS d JOIN task AS n ON n.id = "
					"d.needs WHERE d.task = t.id AND "
					"n.state <> 'done')"),
		    0);
	}
	/* A move from a state in which the task is not is refused. */
	{
		struct tctl_row row;

		OK(tctl_row_read(store, change.arena, row_of[0], &row, &err));
		snprintf(row.state, sizeof(row.state), "%s",
		    strcmp(row.state, "open") == 0 ? "done" : "open");
		assert_int_equal(tctl_row_move(&change, &row, "failed", 0, NULL,
				     NULL, NULL, &err),
		    TCTL_ECORRUPT);
	}
	assert_int_equal(
	    tctl_change_end(&change, TCTL_EFAILED, &err), TCTL_EFAILED);
}

static void
tokens_only_grow_and_a_rolled_back_one_was_never_seen(void **state)
{
	struct tctl_change change;
	int64_t before, drawn;

	(void)state;
	before = number("SELECT token AS now FROM store");
	OK(tctl_change_begin(&coord, TCTL_CHANGE, &change, &err));
	drawn = tctl_change_token(&change);
	assert_int_equal(drawn, before + 1);
	assert_int_equal(tctl_change_token(&change), before + 2);
	OK(tctl_change_end(&change, TCTL_OK, &err));
	assert_int_equal(
	    number("SELECT token AS after FROM store"), before + 2);
}

/* --- a reader that is overtaken --------------------------------------------
 */

static int64_t behind_ms[2]; /* how far its first and second look are */
static int looks;
static const struct tctl_driver *sqlite;

static enum tctl_status
look_late(struct tctl_store *base, struct tctl_now *out, struct tctl_error *why)
{
	enum tctl_status status = sqlite->now(base, out, why);

	out->boot_ms -= behind_ms[looks++ % 2];
	return status;
}

/* Of a lease that has ended: what does a reader see whose looks at the clock
 * are that far behind the last commit? */
static enum tctl_verdict
seen_from(int64_t first_ms, int64_t second_ms)
{
	struct tctl_driver driver = *store->driver;
	struct tctl_arena *arena = tctl_arena_new();
	enum tctl_verdict verdict;
	struct tctl_view view;

	sqlite = store->driver;
	driver.now = look_late;
	behind_ms[0] = first_ms;
	behind_ms[1] = second_ms;
	looks = 0;
	store->driver = &driver;
	OK(tctl_view_begin(&coord, arena, &view, &err));
	assert_int_equal(view.live.count, 1);
	verdict = view.verdict[0];
	tctl_view_end(&view);
	store->driver = sqlite;
	tctl_arena_free(arena);
	return verdict;
}

static void
a_commit_between_a_readers_looks_is_no_clock_that_went_back(void **state)
{
	char key[32];

	(void)state;
	add("r.1", "-", "-", 1, NULL);
	assert_string_equal(next_for("ada", key), "r.1");
	OK(tctl_store_begin(store, TCTL_CHANGE, &err));
	OK(tctl_query(store,
	    "UPDATE lease SET expires_boot = expires_boot - 240000 "
	    "WHERE ended IS NULL",
	    TCTL_NO_ARGS, NULL, NULL, NULL, &err));
	OK(tctl_store_commit(store, NULL, NULL, &err));
	assert_int_equal(seen_from(0, 0), TCTL_LAPSED);
	assert_int_equal(seen_from(60000, 0), TCTL_LAPSED);
	assert_int_equal(seen_from(60000, 60000), TCTL_LIVE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    time_and_proof_of_death_end_a_lease_and_nothing_else),
		cmocka_unit_test(times_that_do_not_compare_end_no_lease),
		cmocka_unit_test(
		    next_is_mine_then_nobodys_then_others_then_by_priority),
		cmocka_unit_test(a_mutex_is_held_by_one_task),
		cmocka_unit_test(the_longest_path_first_then_the_plans_order),
		cmocka_unit_test(
		    a_tie_between_plans_is_broken_as_ready_shows_it),
		cmocka_unit_test(counts_follow_any_order_of_moves),
		cmocka_unit_test(
		    tokens_only_grow_and_a_rolled_back_one_was_never_seen),
		cmocka_unit_test(
		    a_commit_between_a_readers_looks_is_no_clock_that_went_back),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
