/* sqlite.c - the driver for SQLite: one file, WAL, one writer at a time.
 *
 * Every write and every checkpoint happens under the turnstile, since SQLite
 * before 3.51.3 can corrupt a WAL database when two connections write or
 * checkpoint while the log is reset (sqlite.org/wal.html, "WAL-reset bug").
 * The files themselves are never opened here: closing a descriptor of them
 * would drop SQLite's own locks. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "pool.h"
#include "sqlite.h"
#include "taskctl/memory.h"
#include "taskctl/process.h"

static struct tctl_sqlite *
sqlite_of(struct tctl_store *base)
{
	return (struct tctl_sqlite *)base;
}

/* Somebody has SQLite's own lock for longer than we would wait: a program that
 * is not in the queue, or one that is stopped while it recovers the log, which
 * the first to open a store does, be it to read. */
static enum tctl_status
fail_busy(const struct tctl_sqlite *store, struct tctl_error *err)
{
	const off_t write_lock = 120; /* sqlite.org/walformat.html, 2.3 */
	char *index = tctl_xprintf("%s-shm", store->path);
	struct stat file;
	int64_t pid = stat(index, &file) == 0
			  ? tctl_process_locking(&file, write_lock)
			  : 0;

	free(index);
	if (tctl_fail_stopped(err, pid, "the store"))
		return TCTL_EBUSY;
	if (pid > 0)
		return tctl_fail(err, TCTL_EBUSY,
		    "the store %s could not be had in time: process %lld, "
		    "another program, holds it",
		    store->path, (long long)pid);
	return tctl_fail(err, TCTL_EBUSY,
	    "the store %s could not be had in time: another program holds it",
	    store->path);
}

enum tctl_status
tctl_sqlite_fail(
    struct tctl_sqlite *store, const char *doing, struct tctl_error *err)
{
	int os = errno, code = sqlite3_extended_errcode(store->db);
	const char *why = sqlite3_errmsg(store->db);

	if ((code & 0xff) == SQLITE_CANTOPEN && tctl_sqlite_is_link(store, err))
		return err->status; /* SQLite follows none */
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		tctl_die_nomem();
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return fail_busy(store, err);
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		/* What SQLite calls a disk that does not read. */
		if (os == EIO)
			return tctl_fail(err, TCTL_EFAILED, "cannot %s %s: %s",
			    doing, store->path, strerror(os));
		tctl_fail(err, TCTL_ECORRUPT, "cannot %s %s: %s", doing,
		    store->path, why);
		return tctl_hint(err, "keep the file, and bring a backup back: "
				      "taskctl help restore");
	case SQLITE_FULL:
		return tctl_fail(
		    err, TCTL_EFAILED, "the disk is full; nothing was changed");
	default:
		if (os == EFBIG)
			return tctl_fail(err, TCTL_EFAILED,
			    "the store %s may not grow (%s: ulimit -f?); "
			    "nothing was changed",
			    store->path, strerror(os));
		return tctl_fail(err, TCTL_EFAILED, "cannot %s %s: %s (%d)",
		    doing, store->path, why, code);
	}
}

/* --- statements ------------------------------------------------------- */

enum tctl_status
tctl_sqlite_run(
    struct tctl_sqlite *store, const char *sql, struct tctl_error *err)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return tctl_sqlite_fail(store, "use the store", err);
	return TCTL_OK;
}

static int
take_int(void *into, int columns, char **text, char **names)
{
	int *out = into;

	(void)names;
	if (columns == 1 && text[0] != NULL)
		*out = atoi(text[0]);
	return 0;
}

enum tctl_status
tctl_sqlite_number(struct tctl_sqlite *store, const char *sql, int *out,
    struct tctl_error *err)
{
	if (sqlite3_exec(store->db, sql, take_int, out, NULL) != SQLITE_OK)
		return tctl_sqlite_fail(store, "read", err);
	return TCTL_OK;
}

/* PostgreSQL reads $1, $2 as numbers; SQLite reads them as names and numbers
 * them by first use.  Every statement uses them in order, so both agree. */
static void
check_arg_order(sqlite3_stmt *stmt, size_t args)
{
	assert((size_t)sqlite3_bind_parameter_count(stmt) == args);
	for (size_t i = 1; i <= args; i++) {
		const char *name = sqlite3_bind_parameter_name(stmt, (int)i);

		/* "$1": its number, and not that of printf, which took a
		 * claim 40,000 instructions. */
		assert(name[0] == '$' && (size_t)tctl_col(name + 1) == i);
	}
}

static sqlite3_stmt *
prepare(struct tctl_sqlite *store, const char *sql, size_t args)
{
	struct statement *slot;

	for (size_t i = 0; i < store->statements; i++)
		if (store->statement[i].sql == sql)
			return store->statement[i].stmt;
	assert(store->statements < STATEMENTS_MAX);
	slot = &store->statement[store->statements];
	if (sqlite3_prepare_v2(store->db, sql, -1, &slot->stmt, NULL) !=
	    SQLITE_OK)
		return NULL;
	check_arg_order(slot->stmt, args);
	assert(sqlite3_column_count(slot->stmt) <= COLUMNS_MAX);
	slot->sql = sql;
	store->statements++;
	return slot->stmt;
}

/* NULL is SQL's NULL; turning a number into text can also run out of memory. */
static const char *
column(struct tctl_sqlite *store, sqlite3_stmt *stmt, int i)
{
	const char *text = (const char *)sqlite3_column_text(stmt, i);

	if (text == NULL && sqlite3_errcode(store->db) == SQLITE_NOMEM)
		tctl_die_nomem();
	return text;
}

static void
bind(sqlite3_stmt *stmt, const struct tctl_arg arg[], size_t args)
{
	/* Nothing here can fail: STATIC text is borrowed, order is checked. */
	for (int i = 0; (size_t)i < args; i++) {
		if (arg[i].is_number)
			sqlite3_bind_int64(stmt, i + 1, arg[i].number);
		else if (arg[i].text != NULL)
			sqlite3_bind_text(
			    stmt, i + 1, arg[i].text, -1, SQLITE_STATIC);
		else
			sqlite3_bind_null(stmt, i + 1);
	}
}

static enum tctl_status
sqlite_query(struct tctl_store *base, const char *sql,
    const struct tctl_arg arg[], size_t args, tctl_row_fn *fn, void *into,
    size_t *rows, struct tctl_error *err)
{
	struct tctl_sqlite *store = sqlite_of(base);
	enum tctl_status status = TCTL_OK;
	const char *col[COLUMNS_MAX];
	sqlite3_stmt *stmt = prepare(store, sql, args);
	int rc, columns;

	if (stmt == NULL)
		return tctl_sqlite_fail(store, "read", err);
	assert(!sqlite3_stmt_busy(stmt));
	columns = sqlite3_column_count(stmt);
	bind(stmt, arg, args);
	for (*rows = 0; (rc = sqlite3_step(stmt)) == SQLITE_ROW; ++*rows) {
		if (fn == NULL)
			continue;
		for (int i = 0; i < columns; i++)
			col[i] = column(store, stmt, i);
		fn(into, col);
	}
	if (rc != SQLITE_DONE)
		status = tctl_sqlite_fail(store, "use", err);
	else if (store->base.remark != NULL)
		status = tctl_sqlite_check_unlocked(store, err);
	else if (columns == 0)
		*rows = (size_t)sqlite3_changes(store->db);
	sqlite3_reset(stmt);
	return status;
}

void
tctl_sqlite_be_patient(struct tctl_sqlite *store)
{
	sqlite3_busy_timeout(store->db,
	    store->wait_ms > READ_WAIT_MS ? (int)store->wait_ms : READ_WAIT_MS);
}

/* --- transactions ----------------------------------------------------- */

static void
leave(struct tctl_sqlite *store)
{
	store->in_transaction = false;
	if (!store->has_turn)
		return;
	tctl_turnstile_leave(&store->turn);
	store->has_turn = false;
	tctl_sqlite_be_patient(store);
}

static void
sqlite_rollback(struct tctl_store *base)
{
	struct tctl_sqlite *store = sqlite_of(base);

	if (store->in_transaction)
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	leave(store);
}

static enum tctl_status
begin_change(struct tctl_sqlite *store, bool is_light, struct tctl_error *err)
{
	int64_t deadline = tctl_clock_ms() + store->wait_ms;
	enum tctl_status status;
	int64_t left;

	status = tctl_turnstile_enter(&store->turn, deadline, err);
	if (status != TCTL_OK)
		return status;
	store->has_turn = true;
	status = tctl_sqlite_check_place(store, err);
	if (status == TCTL_OK && is_light != store->is_light)
		status = tctl_sqlite_run(store,
		    is_light ? "PRAGMA synchronous=NORMAL"
			     : "PRAGMA synchronous=FULL",
		    err);
	if (status == TCTL_OK)
		store->is_light = is_light;
	/* The deadline covers the queue and SQLite together. */
	left = deadline - tctl_clock_ms();
	sqlite3_busy_timeout(store->db, left > 0 ? (int)left : 0);
	if (status == TCTL_OK)
		status = tctl_sqlite_run(store, "BEGIN IMMEDIATE", err);
	if (status != TCTL_OK)
		leave(store);
	return status;
}

static enum tctl_status
sqlite_begin(
    struct tctl_store *base, enum tctl_transaction kind, struct tctl_error *err)
{
	struct tctl_sqlite *store = sqlite_of(base);
	enum tctl_status status;

	assert(!store->in_transaction);
	status = kind == TCTL_READ
		     ? tctl_sqlite_run(store, "BEGIN", err)
		     : begin_change(store, kind == TCTL_LIGHT_CHANGE, err);
	store->in_transaction = status == TCTL_OK;
	return status;
}

static enum tctl_status
sqlite_commit(struct tctl_store *base, void (*after)(void *into), void *into,
    struct tctl_error *err)
{
	struct tctl_sqlite *store = sqlite_of(base);
	enum tctl_status status = tctl_sqlite_run(store, "COMMIT", err);

	if (status != TCTL_OK) {
		tctl_sqlite_take_back(store, err);
		leave(store);
		return status;
	}
	if (after != NULL)
		after(into);
	if (store->has_turn)
		tctl_sqlite_checkpoint(store);
	leave(store);
	return TCTL_OK;
}

static enum tctl_status
sqlite_flush(struct tctl_store *base, struct tctl_error *err)
{
	struct tctl_sqlite *store = sqlite_of(base);
	enum tctl_status status = tctl_turnstile_enter(
	    &store->turn, tctl_clock_ms() + store->wait_ms, err);

	if (status != TCTL_OK)
		return status;
	if (sqlite3_wal_checkpoint_v2(store->db, NULL,
		SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) != SQLITE_OK)
		status = tctl_sqlite_fail(store, "write", err);
	tctl_turnstile_leave(&store->turn);
	return status;
}

/* --- the clock, and waiting -------------------------------------------- */

static enum tctl_status
sqlite_now(
    struct tctl_store *base, struct tctl_now *out, struct tctl_error *err)
{
	memset(out, 0, sizeof(*out));
	out->inode = sqlite_of(base)->inode;
	return tctl_host_now(out, err);
}

/* data_version changes when another connection commits; reading it holds no
 * transaction, so a watcher does not pin the log. */
static enum tctl_status
sqlite_wait(struct tctl_store *base, int64_t timeout_ms, bool *changed,
    struct tctl_error *err)
{
	struct tctl_sqlite *store = sqlite_of(base);
	int64_t now = tctl_clock_ms(), deadline = now + timeout_ms;
	int version = 0;

	for (;; now = tctl_clock_ms()) {
		if (tctl_sqlite_watch_files(store, now, err) != TCTL_OK)
			return err->status;
		if (sqlite3_exec(store->db, "PRAGMA data_version", take_int,
			&version, NULL) != SQLITE_OK)
			return tctl_sqlite_fail(store, "watch", err);
		*changed = version != store->data_version;
		store->data_version = version;
		if (*changed || now >= deadline)
			return TCTL_OK;
		usleep(WATCH_MS * 1000);
	}
}

static void
sqlite_close(struct tctl_store *base)
{
	struct tctl_sqlite *store = sqlite_of(base);

	for (size_t i = 0; i < store->statements; i++)
		sqlite3_finalize(store->statement[i].stmt);
	sqlite3_close(store->db);
	tctl_turnstile_close(&store->turn);
	free(store->queue_path);
	free(store->path);
	free(store);
}

void
tctl_store_single_thread(void)
{
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	tctl_pool_use();
}

const struct tctl_driver tctl_driver_sqlite = {
	.scheme = "",
	.open = tctl_sqlite_open,
	.close = sqlite_close,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.query = sqlite_query,
	.now = sqlite_now,
	.wait = sqlite_wait,
	.flush = sqlite_flush,
	.copy = tctl_sqlite_copy,
	.become = tctl_sqlite_become,
	.check = tctl_sqlite_check,
};
