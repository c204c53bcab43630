/* floor.c - the least that a durable claim can cost on this machine.
 *
 * One process, one table, one conditional UPDATE, with taskctl's pragmas, its
 * queue (the same code, from libtaskctl) and its checkpoint rule: what taskctl
 * takes beyond this is what its features cost.  Linked as taskctl is.
 *
 *     floor make DB N        a store of N open tasks
 *     floor claim DB ID WHO  claim that task, print its token
 *     floor ready DB LIMIT   print the first open tasks
 *
 * Exit 0: done; 4: not open; 1: anything else. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "taskctl/store.h"
#include "turnstile.h"

enum {
	CHECKPOINT_FRAMES = 64, /* as in lib/store/sqlite.c */
	WAIT_MS = 10000,
	TAKEN = 4,
};

static const char schema[] =
    "CREATE TABLE task (id INTEGER PRIMARY KEY, state TEXT NOT NULL,"
    " holder TEXT, token INTEGER NOT NULL, expires INTEGER,"
    " priority INTEGER NOT NULL, title TEXT NOT NULL) STRICT";

/* Titles as long as a plan's, so that the table has as many pages. */
static const char fill[] =
    "WITH RECURSIVE n(i) AS"
    " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)"
    "INSERT INTO task SELECT i, 'open', NULL, 0, NULL, 1 + i % 4,"
    " 'Task ' || i || ' : refactor the module, then its tests' FROM n";

static const char claim_id[] =
    "UPDATE task SET state = 'claimed', holder = ?2, token = token + 1,"
    " expires = ?3 WHERE id = ?1 AND state = 'open' RETURNING token";

struct floor {
	sqlite3 *db;
	struct tctl_turnstile turn;
	char queue_path[4096];
	int frames; /* in the log after the commit */
};

_Noreturn static void
die(struct floor *floor, const char *doing)
{
	fprintf(stderr, "floor: %s: %s\n", doing,
	    floor->db != NULL ? sqlite3_errmsg(floor->db) : "");
	exit(1);
}

static void
run(struct floor *floor, const char *sql)
{
	if (sqlite3_exec(floor->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(floor, sql);
}

static int
note_log(void *into, sqlite3 *db, const char *name, int frames)
{
	struct floor *floor = into;

	(void)db;
	(void)name;
	floor->frames = frames;
	return SQLITE_OK;
}

static void
open_store(struct floor *floor, const char *path, int flags)
{
	if (sqlite3_open_v2(path, &floor->db, flags | SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK)
		die(floor, path);
	sqlite3_busy_timeout(floor->db, WAIT_MS);
	sqlite3_db_config(
	    floor->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
	if ((flags & SQLITE_OPEN_READONLY) != 0)
		return;
	sqlite3_wal_hook(floor->db, note_log, floor);
	run(floor, "PRAGMA synchronous=FULL");
	snprintf(
	    floor->queue_path, sizeof(floor->queue_path), "%s-queue", path);
	floor->turn = (struct tctl_turnstile){
		.path = floor->queue_path, .mode = 0600, .fd = -1
	};
}

static sqlite3_stmt *
prepare(struct floor *floor, const char *sql)
{
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(floor->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		die(floor, sql);
	return stmt;
}

/* Truncate the log when this commit made it cross a multiple of 64 frames. */
static void
checkpoint(struct floor *floor)
{
	int written = 0, high;

	sqlite3_db_status(
	    floor->db, SQLITE_DBSTATUS_CACHE_WRITE, &written, &high, 0);
	if ((floor->frames - written) / CHECKPOINT_FRAMES ==
	    floor->frames / CHECKPOINT_FRAMES)
		return;
	sqlite3_busy_timeout(floor->db, 0);
	(void)sqlite3_wal_checkpoint_v2(
	    floor->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

static int
make(struct floor *floor, const char *path, sqlite3_int64 tasks)
{
	sqlite3_stmt *stmt;

	open_store(floor, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	run(floor, "PRAGMA journal_mode=WAL");
	run(floor, schema);
	stmt = prepare(floor, fill);
	sqlite3_bind_int64(stmt, 1, tasks);
	if (sqlite3_step(stmt) != SQLITE_DONE)
		die(floor, "fill");
	sqlite3_finalize(stmt);
	sqlite3_wal_checkpoint_v2(
	    floor->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return 0;
}

static int
claim(struct floor *floor, const char *path, sqlite3_int64 id, const char *who)
{
	struct tctl_error err;
	sqlite3_int64 now = tctl_clock_ms(), token = 0;
	sqlite3_stmt *stmt;

	open_store(floor, path, SQLITE_OPEN_READWRITE);
	if (tctl_turnstile_enter(&floor->turn, now + WAIT_MS, &err) != TCTL_OK)
		die(floor, err.text);
	run(floor, "BEGIN IMMEDIATE");
	stmt = prepare(floor, claim_id);
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_text(stmt, 2, who, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 3, now);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		token = sqlite3_column_int64(stmt, 0);
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		die(floor, "claim");
	run(floor, "COMMIT");
	checkpoint(floor);
	tctl_turnstile_leave(&floor->turn);
	if (token == 0)
		return TAKEN;
	printf("%lld\n", (long long)token);
	return 0;
}

static int
ready(struct floor *floor, const char *path, sqlite3_int64 limit)
{
	sqlite3_stmt *stmt;

	open_store(floor, path, SQLITE_OPEN_READONLY);
	stmt = prepare(
	    floor, "SELECT id, title FROM task WHERE state = 'open' LIMIT ?1");
	sqlite3_bind_int64(stmt, 1, limit);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		printf("%s %s\n", sqlite3_column_text(stmt, 0),
		    sqlite3_column_text(stmt, 1));
	return sqlite3_finalize(stmt) == SQLITE_OK ? 0 : 1;
}

int
main(int argc, char *argv[])
{
	struct floor floor = { 0 };
	int code = 64;

	if (argc == 4 && strcmp(argv[1], "make") == 0)
		code = make(&floor, argv[2], atoll(argv[3]));
	else if (argc == 5 && strcmp(argv[1], "claim") == 0)
		code = claim(&floor, argv[2], atoll(argv[3]), argv[4]);
	else if (argc == 4 && strcmp(argv[1], "ready") == 0)
		code = ready(&floor, argv[2], atoll(argv[3]));
	sqlite3_close(floor.db);
	return code;
}
