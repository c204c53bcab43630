/* test_log_check.c - a changed word of SQLite's log is found, and what deaths
 * and rollbacks leave behind is not taken for one. */
#include "test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#include "taskctl/memory.h"
#include "taskctl/store.h"

enum { HEADER = 32, FRAME = 24 + 4096 };

static char folder[] = "/tmp/test_log_check.XXXXXX";
static char path[64], log_path[72];

static void
run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

/* A store of its own with a log, that nobody checkpoints. */
static sqlite3 *
fresh(void)
{
	sqlite3 *db;

	unlink(path);
	unlink(log_path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
	run(db, "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;"
		"CREATE TABLE t (a, b); CREATE INDEX i ON t (b)");
	return db;
}

static unsigned char *
read_log(size_t *size)
{
	unsigned char *bytes = tctl_xcalloc(4 << 20, 1);
	FILE *file = fopen(log_path, "rb");

	assert_non_null(file);
	*size = fread(bytes, 1, 4 << 20, file);
	fclose(file);
	return bytes;
}

static void
write_log(const unsigned char *bytes, size_t size)
{
	FILE *file = fopen(log_path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void
insert(sqlite3 *db, int from, int count)
{
	char sql[200];

	snprintf(sql, sizeof(sql),
	    "WITH RECURSIVE n(x) AS (SELECT %d UNION ALL SELECT x + 1 FROM n "
	    "LIMIT %d) INSERT INTO t SELECT x, hex(zeroblob(300)) || x FROM n",
	    from, count);
	run(db, sql);
}

static size_t
last_commit(const unsigned char *bytes, size_t size)
{
	size_t last = 0;

	for (size_t n = 1; HEADER + n * FRAME <= size; n++) {
		const unsigned char *at = bytes + HEADER + (n - 1) * FRAME;

		if ((at[4] | at[5] | at[6] | at[7]) != 0)
			last = n;
	}
	return last;
}

static void
a_changed_byte_is_found_wherever_it_is(void **state)
{
	sqlite3 *db = fresh();
	struct tctl_log_change change;
	unsigned char *bytes;
	size_t size, frames;

	(void)state;
	for (int i = 0; i < 5; i++)
		insert(db, 100 * i, 3);
	bytes = read_log(&size);
	frames = (size - HEADER) / FRAME;
	assert_int_equal(last_commit(bytes, size), frames);
	assert_false(tctl_log_changed(bytes, size, &change));
	for (size_t at = HEADER; at < size; at += at % 7 + 1) {
		bytes[at] ^= (unsigned char)(1 << at % 8);
		if (!tctl_log_changed(bytes, size, &change))
			fail_msg("byte %zu of %zu", at, size);
		assert_int_equal(change.frame, (at - HEADER) / FRAME + 1);
		assert_true(change.commits >= 1);
		bytes[at] ^= (unsigned char)(1 << at % 8);
	}
	/* A whole word, and what is behind it. */
	memset(bytes + HEADER + 24 + 400, 0xa5, 4);
	assert_true(tctl_log_changed(bytes, size, &change));
	assert_int_equal(change.frame, 1);
	assert_true(change.commits >= 6);
	sqlite3_close(db);
	free(bytes);
}

static void
what_was_cut_off_is_no_change(void **state)
{
	sqlite3 *db = fresh();
	struct tctl_log_change change;
	unsigned char *bytes;
	size_t size;

	(void)state;
	insert(db, 0, 3);
	insert(db, 9, 3);
	bytes = read_log(&size);
	for (size_t at = 0; at < size; at += 61)
		assert_false(tctl_log_changed(bytes, at, &change));
	/* Torn: the end of the last frame is not there yet. */
	memset(bytes + size - 512, 0, 512);
	assert_false(tctl_log_changed(bytes, size, &change));
	sqlite3_close(db);
	free(bytes);
}

/* A transaction that was killed before the index knew of it, with its commit,
 * and shorter ones over its beginning. */
static void
what_the_dead_leave_is_no_change(void **state)
{
	struct tctl_log_change change;
	unsigned char *before, *killed, *now;
	size_t before_size, killed_size, size;

	(void)state;
	for (int i = 0; i < 20; i++) {
		sqlite3 *db = fresh();

		insert(db, 0, 3);
		before = read_log(&before_size);
		insert(db, 50, 200 + i);
		killed = read_log(&killed_size);
		sqlite3_close(db);
		write_log(before, before_size);
		assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
		sqlite3_db_config(
		    db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
		for (int j = 0; j <= i % 4; j++)
			insert(db, 70 + j, 1);
		now = read_log(&size);
		assert_true(size < killed_size);
		memcpy(killed, now, size);
		assert_true(last_commit(killed, killed_size) * FRAME > size);
		assert_false(tctl_log_changed(killed, killed_size, &change));
		sqlite3_close(db);
		free(before);
		free(killed);
		free(now);
	}
}

static void
what_was_rolled_back_or_is_of_an_older_log_is_no_change(void **state)
{
	sqlite3 *db = fresh();
	struct tctl_log_change change;
	unsigned char *bytes;
	size_t size;

	(void)state;
	run(db, "PRAGMA cache_size=2; PRAGMA cache_spill=1; BEGIN");
	insert(db, 0, 900);
	run(db, "ROLLBACK; PRAGMA cache_size=2000");
	insert(db, 0, 1);
	bytes = read_log(&size);
	assert_true(last_commit(bytes, size) < (size - HEADER) / FRAME);
	assert_false(tctl_log_changed(bytes, size, &change));
	free(bytes);
	insert(db, 1, 300);
	run(db, "PRAGMA wal_checkpoint(RESTART)");
	insert(db, 2, 1); /* over the beginning of the old one */
	bytes = read_log(&size);
	assert_false(tctl_log_changed(bytes, size, &change));
	sqlite3_close(db);
	free(bytes);
}

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/t.db", folder);
	snprintf(log_path, sizeof(log_path), "%s-wal", path);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	tctl_store_remove(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_changed_byte_is_found_wherever_it_is),
		cmocka_unit_test(what_was_cut_off_is_no_change),
		cmocka_unit_test(what_the_dead_leave_is_no_change),
		cmocka_unit_test(
		    what_was_rolled_back_or_is_of_an_older_log_is_no_change),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
