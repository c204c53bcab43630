/* test_store.c - the queue of writers, processes, and SQLite behind a driver.
 */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../lib/store/turnstile.h"
#include "sql.h"
#include "taskctl/process.h"
#include "taskctl/store.h"

static char folder[] = "/tmp/test_store.XXXXXX";
static char path[64];  /* of a store */
static char queue[64]; /* of a lock file */

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/t.db", folder);
	snprintf(queue, sizeof(queue), "%s/queue", folder);
	return 0;
}

static int
tear_down(void **state)
{
	char command[80];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static struct tctl_turnstile
turnstile(void)
{
	return (struct tctl_turnstile){ .path = queue, .mode = 0600, .fd = -1 };
}

/* --- the turnstile ---------------------------------------------------------
 */

/* A child that has the turn until it is killed. */
static pid_t
keeper(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		struct tctl_turnstile turn = turnstile();
		struct tctl_error err;

		if (tctl_turnstile_enter(&turn, tctl_clock_ms() + 5000, &err) !=
		    TCTL_OK)
			_exit(1);
		(void)!write(ready[1], "x", 1);
		for (;;)
			pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void
end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
a_turn_is_had_again_and_again(void **state)
{
	struct tctl_turnstile turn = turnstile();
	struct tctl_error err;
	struct stat st;

	(void)state;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(
		    tctl_turnstile_enter(&turn, tctl_clock_ms() + 1000, &err),
		    TCTL_OK);
		tctl_turnstile_leave(&turn);
	}
	assert_int_equal(stat(queue, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	tctl_turnstile_close(&turn);
	tctl_turnstile_close(&turn); /* twice is fine */
}

static void
a_wait_ends_in_time_and_names_the_holder(void **state)
{
	pid_t holder = keeper();
	struct tctl_turnstile turn = turnstile();
	struct tctl_error err;
	char name[32];
	int64_t before = tctl_clock_ms(), took;

	(void)state;
	assert_int_equal(
	    tctl_turnstile_enter(&turn, before + 300, &err), TCTL_EBUSY);
	took = tctl_clock_ms() - before;
	assert_true(took >= 300 && took < 1500);
	snprintf(name, sizeof(name), "process %d ", (int)holder);
	assert_non_null(strstr(err.text, name));
	assert_null(strstr(err.text, "stopped"));
	assert_int_equal(turn.fd, -1);
	kill(holder, SIGSTOP);
	waitpid(holder, NULL, WUNTRACED);
	assert_int_equal(
	    tctl_turnstile_enter(&turn, tctl_clock_ms() + 50, &err),
	    TCTL_EBUSY);
	assert_non_null(strstr(err.text, name));
	assert_non_null(strstr(err.text, "stopped"));
	end(holder);
	/* Its death is the end of its turn. */
	assert_int_equal(
	    tctl_turnstile_enter(&turn, tctl_clock_ms() + 1000, &err), TCTL_OK);
	tctl_turnstile_leave(&turn);
	tctl_turnstile_close(&turn);
}

static volatile sig_atomic_t alarms;

static void
on_alarm(int signo)
{
	(void)signo;
	alarms++;
}

static void
waiting_leaves_signals_as_they_were(void **state)
{
	pid_t holder = keeper();
	struct tctl_turnstile turn = turnstile();
	struct tctl_error err;
	struct sigaction act = { .sa_handler = on_alarm }, now;
	struct itimerval timer;
	sigset_t before, after;

	(void)state;
	sigaction(SIGALRM, &act, NULL);
	sigprocmask(SIG_SETMASK, NULL, &before);
	assert_int_equal(
	    tctl_turnstile_enter(&turn, tctl_clock_ms() + 100, &err),
	    TCTL_EBUSY);
	sigprocmask(SIG_SETMASK, NULL, &after);
	for (int i = 1; i < 32; i++)
		assert_int_equal(
		    sigismember(&before, i), sigismember(&after, i));
	sigaction(SIGALRM, NULL, &now);
	assert_true(now.sa_handler == on_alarm);
	getitimer(ITIMER_REAL, &timer);
	assert_int_equal(timer.it_value.tv_sec + timer.it_value.tv_usec, 0);
	assert_int_equal(alarms, 0);
	end(holder);
	signal(SIGALRM, SIG_DFL);
}

static void
job_control_is_blocked_for_the_length_of_a_turn(void **state)
{
	static const int stops[] = { SIGTSTP, SIGTTIN, SIGTTOU };
	struct tctl_turnstile turn = turnstile();
	struct tctl_error err;
	sigset_t mask;

	(void)state;
	assert_int_equal(
	    tctl_turnstile_enter(&turn, tctl_clock_ms() + 1000, &err), TCTL_OK);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (size_t i = 0; i < 3; i++)
		assert_true(sigismember(&mask, stops[i]));
	tctl_turnstile_leave(&turn);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (size_t i = 0; i < 3; i++)
		assert_false(sigismember(&mask, stops[i]));
	tctl_turnstile_close(&turn);
}

static void
a_lock_file_that_was_replaced_is_opened_anew(void **state)
{
	struct tctl_turnstile turn = turnstile();
	struct tctl_error err;
	struct stat ours, theirs;

	(void)state;
	assert_int_equal(
	    tctl_turnstile_enter(&turn, tctl_clock_ms() + 1000, &err), TCTL_OK);
	tctl_turnstile_leave(&turn);
	assert_int_equal(unlink(queue), 0);
	assert_int_equal(
	    tctl_turnstile_enter(&turn, tctl_clock_ms() + 1000, &err), TCTL_OK);
	assert_int_equal(fstat(turn.fd, &ours), 0);
	assert_int_equal(stat(queue, &theirs), 0);
	assert_int_equal(ours.st_ino, theirs.st_ino);
	tctl_turnstile_leave(&turn);
	tctl_turnstile_close(&turn);
}

/* --- processes ----------------------------------------------------------- */

static void
a_process_is_alive_dead_or_unknown(void **state)
{
	struct tctl_process self, child, other;
	pid_t pid;

	(void)state;
	assert_int_equal(tctl_process_describe(getpid(), &self), 0);
	assert_int_equal(tctl_process_life(&self), TCTL_ALIVE);
	other = self;
	other.start += 100;
	assert_int_equal(tctl_process_life(&other), TCTL_DEAD);
	other = self;
	other.space++;
	assert_int_equal(tctl_process_life(&other), TCTL_UNKNOWN);
	other.space = 0;
	assert_int_equal(tctl_process_life(&other), TCTL_UNKNOWN);

	pid = fork();
	if (pid == 0)
		for (;;)
			pause();
	assert_int_equal(tctl_process_describe(pid, &child), 0);
	assert_int_equal(tctl_process_life(&child), TCTL_ALIVE);
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, WUNTRACED);
	assert_int_equal(tctl_process_life(&child), TCTL_ALIVE);
	assert_int_equal(tctl_process_state(pid), 'T');
	kill(pid, SIGKILL);
	while (tctl_process_state(pid) != 'Z')
		usleep(1000);
	/* A zombie works on nothing, and cannot be recorded. */
	assert_int_equal(tctl_process_life(&child), TCTL_DEAD);
	assert_int_equal(tctl_process_describe(pid, &other), -1);
	waitpid(pid, NULL, 0);
	assert_int_equal(tctl_process_life(&child), TCTL_DEAD);
	assert_int_equal(tctl_process_describe(pid, &other), -1);
	assert_int_equal(tctl_process_state(pid), 0);
}

static void *
work_on(void *unused)
{
	for (;;)
		pause();
	return unused;
}

/* main has ended, by pthread_exit, and another thread goes on: in /proc it is
 * a zombie too, until that has ended. */
static void
a_process_lives_as_long_as_any_of_its_threads(void **state)
{
	struct tctl_process before, after;
	pthread_t thread;
	int go[2];
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(go), 0);
	pid = fork();
	if (pid == 0) {
		alarm(60); /* nobody else ends it where an assertion fails */
		(void)!pthread_create(&thread, NULL, work_on, NULL);
		(void)!read(go[0], &byte, 1);
		pthread_exit(NULL);
	}
	assert_int_equal(tctl_process_describe(pid, &before), 0);
	assert_int_equal(write(go[1], "", 1), 1);
	while (tctl_process_state(pid) != 'Z')
		usleep(1000);
	assert_int_equal(tctl_process_life(&before), TCTL_ALIVE);
	assert_int_equal(tctl_process_describe(pid, &after), 0);
	assert_true(after.start == before.start);
	kill(pid, SIGKILL);
	while (tctl_process_life(&before) != TCTL_DEAD)
		usleep(1000);
	assert_int_equal(tctl_process_state(pid), 'Z');
	waitpid(pid, NULL, 0);
	close(go[0]);
	close(go[1]);
}

/* --- SQLite ----------------------------------------------------------------
 */

static struct tctl_store *
store(enum tctl_open how, int64_t wait_ms)
{
	struct tctl_store *out = NULL;
	struct tctl_error err = { .text = "" };

	if (tctl_store_open(path, how, wait_ms, &out, &err) != TCTL_OK)
		fail_msg("%s", err.text);
	return out;
}

static void
take_number(void *into, const char *const col[])
{
	*(int64_t *)into = tctl_col(col[0]);
}

static int64_t
plans(struct tctl_store *at)
{
	int64_t last = 0;
	size_t rows = 0;
	struct tctl_error err;

	assert_int_equal(tctl_query(at, tctl_sql_plan_list, TCTL_NO_ARGS,
			     take_number, &last, &rows, &err),
	    TCTL_OK);
	return (int64_t)rows;
}

static void
add_plan(struct tctl_store *at, const char *name)
{
	struct tctl_error err;
	int64_t id;

	assert_int_equal(
	    tctl_query(at, tctl_sql_plan_insert,
		TCTL_ARGS(TCTL_T(name), TCTL_T(NULL), TCTL_T(NULL)),
		take_number, &id, NULL, &err),
	    TCTL_OK);
}

static void
what_is_committed_stays_and_what_is_rolled_back_does_not(void **state)
{
	struct tctl_store *one = store(TCTL_OPEN_CREATE, 1000);
	struct tctl_store *two = store(TCTL_OPEN_READ, 0);
	struct tctl_error err;
	bool changed;

	(void)state;
	assert_int_equal(tctl_store_wait(two, 0, &changed, &err), TCTL_OK);
	assert_int_equal(tctl_store_begin(one, TCTL_CHANGE, &err), TCTL_OK);
	add_plan(one, "a");
	assert_int_equal(plans(one), 1);
	assert_int_equal(plans(two), 0);
	tctl_store_rollback(one);
	tctl_store_rollback(one); /* nothing to give up: fine */
	assert_int_equal(plans(one), 0);
	assert_int_equal(
	    tctl_store_begin(one, TCTL_LIGHT_CHANGE, &err), TCTL_OK);
	add_plan(one, "b");
	assert_int_equal(tctl_store_commit(one, NULL, NULL, &err), TCTL_OK);
	assert_int_equal(plans(two), 1);
	assert_int_equal(tctl_store_wait(two, 1000, &changed, &err), TCTL_OK);
	assert_true(changed);
	tctl_store_close(two);
	tctl_store_close(one);
}

static void
a_snapshot_does_not_see_what_comes_after_it(void **state)
{
	struct tctl_store *writer = store(TCTL_OPEN_WRITE, 1000);
	struct tctl_store *reader = store(TCTL_OPEN_READ, 0);
	struct tctl_error err;
	int64_t before;

	(void)state;
	assert_int_equal(tctl_store_begin(reader, TCTL_READ, &err), TCTL_OK);
	before = plans(reader);
	assert_int_equal(tctl_store_begin(writer, TCTL_CHANGE, &err), TCTL_OK);
	add_plan(writer, "c");
	assert_int_equal(tctl_store_commit(writer, NULL, NULL, &err), TCTL_OK);
	assert_int_equal(plans(reader), before);
	tctl_store_rollback(reader);
	assert_int_equal(plans(reader), before + 1);
	tctl_store_close(reader);
	tctl_store_close(writer);
}

static void
one_change_at_a_time_and_the_wait_ends(void **state)
{
	struct tctl_store *one = store(TCTL_OPEN_WRITE, 1000);
	struct tctl_store *two = store(TCTL_OPEN_WRITE, 200);
	struct tctl_error err;
	int64_t before;

	(void)state;
	assert_int_equal(tctl_store_begin(one, TCTL_CHANGE, &err), TCTL_OK);
	before = tctl_clock_ms();
	assert_int_equal(tctl_store_begin(two, TCTL_CHANGE, &err), TCTL_EBUSY);
	assert_true(tctl_clock_ms() - before < 1500);
	tctl_store_rollback(one);
	assert_int_equal(tctl_store_begin(two, TCTL_CHANGE, &err), TCTL_OK);
	tctl_store_rollback(two);
	tctl_store_close(two);
	tctl_store_close(one);
}

static const char busy_timeout[] = "PRAGMA busy_timeout";

/* What waits for a change's turn, and for readers at a checkpoint, is not what
 * a reader waits for whoever recovers the log. */
static void
after_a_change_it_reads_as_patiently_as_before(void **state)
{
	struct tctl_store *one = store(TCTL_OPEN_WRITE, 3000);
	struct tctl_error err;
	int64_t ms = 0;
	char name[16];

	(void)state;
	for (int i = 0; i < 70; i++) { /* past the checkpoint at 64 frames */
		assert_int_equal(
		    tctl_store_begin(one, TCTL_CHANGE, &err), TCTL_OK);
		snprintf(name, sizeof(name), "many %d", i);
		add_plan(one, name);
		if (i == 35)
			tctl_store_rollback(one);
		else
			assert_int_equal(
			    tctl_store_commit(one, NULL, NULL, &err), TCTL_OK);
		assert_int_equal(tctl_query(one, busy_timeout, TCTL_NO_ARGS,
				     take_number, &ms, NULL, &err),
		    TCTL_OK);
		assert_int_equal(ms, 3000);
	}
	tctl_store_close(one);
}

static void
pragma(const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void
what_is_no_store_of_ours_is_refused(void **state)
{
	struct tctl_store *out = NULL;
	struct tctl_error err;
	char text[80];

	(void)state;
	snprintf(text, sizeof(text), "PRAGMA user_version=%d",
	    tctl_store_schema() + 1);
	pragma(text);
	assert_int_equal(
	    tctl_store_open(path, TCTL_OPEN_WRITE, 100, &out, &err),
	    TCTL_ECORRUPT);
	assert_non_null(strstr(err.text, "newer"));
	snprintf(
	    text, sizeof(text), "PRAGMA user_version=%d", tctl_store_schema());
	pragma(text);
	pragma("PRAGMA application_id=1");
	assert_int_equal(tctl_store_open(path, TCTL_OPEN_READ, 100, &out, &err),
	    TCTL_ECORRUPT);
	assert_int_equal(
	    tctl_store_open("/nowhere/t.db", TCTL_OPEN_READ, 100, &out, &err),
	    TCTL_ENOTFOUND);
	assert_int_equal(
	    tctl_store_open(folder, TCTL_OPEN_READ, 100, &out, &err),
	    TCTL_ECORRUPT);
	assert_int_equal(tctl_store_open("postgresql://h/d", TCTL_OPEN_READ,
			     100, &out, &err),
	    TCTL_EFAILED);
	assert_null(out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_turn_is_had_again_and_again),
		cmocka_unit_test(a_wait_ends_in_time_and_names_the_holder),
		cmocka_unit_test(waiting_leaves_signals_as_they_were),
		cmocka_unit_test(
		    job_control_is_blocked_for_the_length_of_a_turn),
		cmocka_unit_test(a_lock_file_that_was_replaced_is_opened_anew),
		cmocka_unit_test(a_process_is_alive_dead_or_unknown),
		cmocka_unit_test(a_process_lives_as_long_as_any_of_its_threads),
		cmocka_unit_test(
		    what_is_committed_stays_and_what_is_rolled_back_does_not),
		cmocka_unit_test(a_snapshot_does_not_see_what_comes_after_it),
		cmocka_unit_test(one_change_at_a_time_and_the_wait_ends),
		cmocka_unit_test(
		    after_a_change_it_reads_as_patiently_as_before),
		cmocka_unit_test(what_is_no_store_of_ours_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
