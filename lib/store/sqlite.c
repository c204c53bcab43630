/* sqlite.c - the driver for SQLite: one file, WAL, one writer at a time.
 *
 * Every write and every checkpoint happens under the turnstile, since SQLite
 * before 3.51.3 can corrupt a WAL database when two connections write or
 * checkpoint while the log is reset (sqlite.org/wal.html, "WAL-reset bug").
 * The files themselves are never opened here: closing a descriptor of them
 * would drop SQLite's own locks. */
#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver.h"
#include "host.h"
#include "sql.h"
#include "taskctl/memory.h"
#include "turnstile.h"

enum {
	APPLICATION_ID = 0x7461736b, /* "task": file(1) and doctor know it */
	STATEMENTS_MAX = 128,
	COLUMNS_MAX = 40,
	/* Frames of the log after which a checkpoint is tried, and after which
	 * it may wait for readers, for FORCED_MS. */
	CHECKPOINT_FRAMES = 64,
	FORCED_FRAMES = 1024,
	FORCED_MS = 100,
	/* Readers meet SQLITE_BUSY_RECOVERY: at 0, 203 of 3,146 failed. */
	READ_WAIT_MS = 2000,
	WATCH_MS = 50, /* how often a waiting reader looks */
};

struct statement {
	const char *sql; /* compared by address: it is one of sql.h's */
	sqlite3_stmt *stmt;
};

struct sqlite_store {
	struct tctl_store base;
	sqlite3 *db;
	char *path;
	char *queue_path;
	struct tctl_turnstile turn;
	int64_t wait_ms;
	int64_t inode;
	bool in_transaction;
	bool has_turn;
	bool is_light;   /* what synchronous was last set to */
	int log_frames;  /* in the log after the last commit */
	int written;     /* pages written by this connection before it */
	int data_version;
	struct statement statement[STATEMENTS_MAX];
	size_t statements;
};

static struct sqlite_store *
sqlite_of(struct tctl_store *base)
{
	return (struct sqlite_store *)base;
}

/* Say what SQLite says, as one of our statuses. */
static enum tctl_status
fail(struct sqlite_store *store, const char *doing, struct tctl_error *err)
{
	int code = sqlite3_extended_errcode(store->db);
	const char *why = sqlite3_errmsg(store->db);

	switch (code & 0xff) {
	case SQLITE_NOMEM:
		tctl_die_nomem();
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return tctl_fail(err, TCTL_EBUSY,
		    "the store %s could not be had in time: another program "
		    "holds it",
		    store->path);
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		tctl_fail(err, TCTL_ECORRUPT, "cannot %s %s: %s", doing,
		    store->path, why);
		return tctl_hint(err,
		    "keep the file, and start from a backup or from the plan");
	case SQLITE_FULL:
		return tctl_fail(
		    err, TCTL_EFAILED, "the disk is full; nothing was changed");
	default:
		return tctl_fail(err, TCTL_EFAILED, "cannot %s %s: %s (%d)",
		    doing, store->path, why, code);
	}
}

/* --- the log ---------------------------------------------------------- */

static int
pages_written(struct sqlite_store *store)
{
	int now = 0, high;

	sqlite3_db_status(
	    store->db, SQLITE_DBSTATUS_CACHE_WRITE, &now, &high, 0);
	return now;
}

static int
note_log(void *into, sqlite3 *db, const char *name, int frames)
{
	struct sqlite_store *store = into;

	(void)db;
	(void)name;
	store->log_frames = frames;
	return SQLITE_OK;
}

/* Copy the log back when a commit made it cross a multiple of 64 frames.
 * Without this one-shot processes made it grow to 37 MB in 4 s; a checkpoint
 * that always waits for readers left 5 claims a second beside them. */
static void
checkpoint(struct sqlite_store *store)
{
	int written = pages_written(store);
	int before = store->log_frames - (written - store->written);

	store->written = written;
	if (before / CHECKPOINT_FRAMES == store->log_frames / CHECKPOINT_FRAMES)
		return;
	sqlite3_busy_timeout(store->db,
	    before / FORCED_FRAMES != store->log_frames / FORCED_FRAMES
		? FORCED_MS
		: 0);
	/* BUSY is no error: a reader needs the log; the next commit tries. */
	(void)sqlite3_wal_checkpoint_v2(
	    store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

/* --- statements ------------------------------------------------------- */

static enum tctl_status
run(struct sqlite_store *store, const char *sql, struct tctl_error *err)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return fail(store, "use the store", err);
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

/* PostgreSQL reads $1, $2 as numbers; SQLite reads them as names and numbers
 * them by first use.  Every statement uses them in order, so both agree. */
static void
check_arg_order(sqlite3_stmt *stmt, size_t args)
{
	char name[16];

	assert((size_t)sqlite3_bind_parameter_count(stmt) == args);
	for (size_t i = 1; i <= args; i++) {
		snprintf(name, sizeof(name), "$%zu", i);
		assert(
		    !strcmp(name, sqlite3_bind_parameter_name(stmt, (int)i)));
	}
}

static sqlite3_stmt *
prepare(struct sqlite_store *store, const char *sql, size_t args)
{
	struct statement *slot;

	for (size_t i = 0; i < store->statements; i++)
		if (store->statement[i].sql == sql)
			return store->statement[i].stmt;
	assert(store->statements < STATEMENTS_MAX);
	slot = &store->statement[store->statements];
	if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
		&slot->stmt, NULL) != SQLITE_OK)
		return NULL;
	check_arg_order(slot->stmt, args);
	assert(sqlite3_column_count(slot->stmt) <= COLUMNS_MAX);
	slot->sql = sql;
	store->statements++;
	return slot->stmt;
}

/* NULL is SQL's NULL; turning a number into text can also run out of memory. */
static const char *
column(struct sqlite_store *store, sqlite3_stmt *stmt, int i)
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
	struct sqlite_store *store = sqlite_of(base);
	enum tctl_status status = TCTL_OK;
	const char *col[COLUMNS_MAX];
	sqlite3_stmt *stmt = prepare(store, sql, args);
	int rc, columns;

	if (stmt == NULL)
		return fail(store, "read", err);
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
		status = fail(store, "use", err);
	else if (columns == 0)
		*rows = (size_t)sqlite3_changes(store->db);
	sqlite3_reset(stmt);
	return status;
}

/* --- transactions ----------------------------------------------------- */

static void
leave(struct sqlite_store *store)
{
	store->in_transaction = false;
	if (store->has_turn)
		tctl_turnstile_leave(&store->turn);
	store->has_turn = false;
}

static void
sqlite_rollback(struct tctl_store *base)
{
	struct sqlite_store *store = sqlite_of(base);

	if (store->in_transaction)
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	leave(store);
}

static enum tctl_status
begin_change(
    struct sqlite_store *store, bool is_light, struct tctl_error *err)
{
	int64_t deadline = tctl_turnstile_clock() + store->wait_ms;
	enum tctl_status status;
	int64_t left;

	status = tctl_turnstile_enter(&store->turn, deadline, err);
	if (status != TCTL_OK)
		return status;
	store->has_turn = true;
	if (is_light != store->is_light)
		status = run(store,
		    is_light ? "PRAGMA synchronous=NORMAL"
			     : "PRAGMA synchronous=FULL",
		    err);
	store->is_light = is_light;
	/* The deadline covers the queue and SQLite together. */
	left = deadline - tctl_turnstile_clock();
	sqlite3_busy_timeout(store->db, left > 0 ? (int)left : 0);
	if (status == TCTL_OK)
		status = run(store, "BEGIN IMMEDIATE", err);
	if (status != TCTL_OK)
		leave(store);
	return status;
}

static enum tctl_status
sqlite_begin(struct tctl_store *base, enum tctl_transaction kind,
    struct tctl_error *err)
{
	struct sqlite_store *store = sqlite_of(base);
	enum tctl_status status;

	assert(!store->in_transaction);
	status = kind == TCTL_READ
	    ? run(store, "BEGIN", err)
	    : begin_change(store, kind == TCTL_LIGHT_CHANGE, err);
	store->in_transaction = status == TCTL_OK;
	return status;
}

static enum tctl_status
sqlite_commit(struct tctl_store *base, void (*after)(void *into), void *into,
    struct tctl_error *err)
{
	struct sqlite_store *store = sqlite_of(base);
	enum tctl_status status = run(store, "COMMIT", err);

	if (status != TCTL_OK) {
		sqlite_rollback(base);
		return status;
	}
	if (after != NULL)
		after(into);
	if (store->has_turn)
		checkpoint(store);
	leave(store);
	return TCTL_OK;
}

/* --- the clock, and waiting -------------------------------------------- */

static enum tctl_status
sqlite_now(
    struct tctl_store *base, struct tctl_now *out, struct tctl_error *err)
{
	(void)err;
	memset(out, 0, sizeof(*out));
	tctl_host_now(out);
	out->inode = sqlite_of(base)->inode;
	return TCTL_OK;
}

/* data_version changes when another connection commits; reading it holds no
 * transaction, so a watcher does not pin the log. */
static enum tctl_status
sqlite_wait(struct tctl_store *base, int64_t timeout_ms, bool *changed,
    struct tctl_error *err)
{
	struct sqlite_store *store = sqlite_of(base);
	int64_t deadline = tctl_turnstile_clock() + timeout_ms;
	int version = 0;

	for (;;) {
		if (sqlite3_exec(store->db, "PRAGMA data_version", take_int,
			&version, NULL) != SQLITE_OK)
			return fail(store, "watch", err);
		*changed = version != store->data_version;
		store->data_version = version;
		if (*changed || tctl_turnstile_clock() >= deadline)
			return TCTL_OK;
		usleep(WATCH_MS * 1000);
	}
}

/* --- opening ----------------------------------------------------------- */

static void
sqlite_close(struct tctl_store *base)
{
	struct sqlite_store *store = sqlite_of(base);

	for (size_t i = 0; i < store->statements; i++)
		sqlite3_finalize(store->statement[i].stmt);
	sqlite3_close(store->db);
	tctl_turnstile_close(&store->turn);
	free(store->queue_path);
	free(store->path);
	free(store);
}

int
tctl_store_schema(void)
{
	int version = 0;

	while (tctl_sql_migration[version] != NULL)
		version++;
	return version;
}

static enum tctl_status
read_version(struct sqlite_store *store, int *version, struct tctl_error *err)
{
	int id = 0;

	if (sqlite3_exec(store->db, "PRAGMA application_id", take_int, &id,
		NULL) != SQLITE_OK ||
	    sqlite3_exec(store->db, "PRAGMA user_version", take_int, version,
		NULL) != SQLITE_OK)
		return fail(store, "read", err);
	if (id != APPLICATION_ID) {
		tctl_fail(err, TCTL_ECORRUPT, "%s is not a taskctl store",
		    store->path);
		return tctl_hint(err, "look which store is used: taskctl where");
	}
	if (*version > tctl_store_schema()) {
		tctl_fail(err, TCTL_ECORRUPT,
		    "%s has schema %d, made by a newer taskctl; this one knows "
		    "%d",
		    store->path, *version, tctl_store_schema());
		return tctl_hint(err, "install the newer taskctl");
	}
	return TCTL_OK;
}

/* Take the store to the newest version, in one transaction: from the version
 * that it has once our turn has come, since others may come with the same. */
static enum tctl_status
migrate(struct sqlite_store *store, struct tctl_error *err)
{
	char pragma[80];
	int version = 0;
	enum tctl_status status =
	    sqlite_begin(&store->base, TCTL_CHANGE, err);

	if (status == TCTL_OK &&
	    sqlite3_exec(store->db, "PRAGMA user_version", take_int, &version,
		NULL) != SQLITE_OK)
		status = fail(store, "read", err);
	for (; status == TCTL_OK && tctl_sql_migration[version] != NULL;
	     version++)
		status = run(store, tctl_sql_migration[version], err);
	snprintf(pragma, sizeof(pragma),
	    "PRAGMA application_id=%d; PRAGMA user_version=%d", APPLICATION_ID,
	    version);
	if (status == TCTL_OK)
		status = run(store, pragma, err);
	if (status == TCTL_OK)
		return sqlite_commit(&store->base, NULL, NULL, err);
	sqlite_rollback(&store->base);
	return status;
}

static enum tctl_status
check_version(
    struct sqlite_store *store, enum tctl_open how, struct tctl_error *err)
{
	int version = 0;
	enum tctl_status status = read_version(store, &version, err);

	if (status != TCTL_OK || version == tctl_store_schema())
		return status;
	if (how != TCTL_OPEN_READ)
		return migrate(store, err);
	tctl_fail(err, TCTL_EFAILED,
	    "%s has the older schema %d; a command that changes it brings it "
	    "up to date",
	    store->path, version);
	return tctl_hint(err, "run: taskctl sweep");
}

static enum tctl_status
set_up(struct sqlite_store *store, enum tctl_open how, struct tctl_error *err)
{
	enum tctl_status status;

	sqlite3_busy_timeout(store->db, READ_WAIT_MS);
	sqlite3_db_config(
	    store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
	if (how == TCTL_OPEN_READ)
		return check_version(store, how, err);
	sqlite3_wal_hook(store->db, note_log, store);
	status = run(store, "PRAGMA synchronous=FULL", err);
	if (status == TCTL_OK && how == TCTL_OPEN_CREATE)
		status = run(store, "PRAGMA journal_mode=WAL", err);
	if (status == TCTL_OK)
		status = how == TCTL_OPEN_CREATE
		    ? migrate(store, err)
		    : check_version(store, how, err);
	return status;
}

/* Opened by name once more in two ways that take no lock, for those who may
 * read but not write: SQLite cannot make or use the log's index there. */
static enum tctl_status
open_unlocked(struct sqlite_store *store, struct tctl_error *err)
{
	char *log = tctl_xprintf("%s-wal", store->path);
	struct stat st;
	bool hot = stat(log, &st) == 0 && st.st_size > 0;
	char *uri = tctl_xprintf("file:%s?%s", store->path,
	    hot ? "mode=ro&vfs=unix-none" : "mode=ro&immutable=1");
	enum tctl_status status = TCTL_OK;

	sqlite3_close(store->db);
	store->db = NULL;
	if (sqlite3_open_v2(uri, &store->db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) != SQLITE_OK)
		status = fail(store, "open", err);
	/* immutable on a hot log gave a silently wrong answer. */
	if (status == TCTL_OK && hot)
		status = run(store, "PRAGMA locking_mode=EXCLUSIVE", err);
	if (status == TCTL_OK)
		status = set_up(store, TCTL_OPEN_READ, err);
	store->base.remark = "unlocked snapshot: this user may read the store "
			     "but not write beside it";
	free(uri);
	free(log);
	return status;
}

static bool
wants_unlocked(struct sqlite_store *store)
{
	int code = sqlite3_extended_errcode(store->db);

	return (code & 0xff) == SQLITE_CANTOPEN ||
	    (code & 0xff) == SQLITE_READONLY;
}

/* The mode of a new store: private, or the group's where the folder is. */
static mode_t
mode_for(const char *path)
{
	char *folder = tctl_xstrdup(path);
	char *slash = strrchr(folder, '/');
	struct stat st;
	mode_t mode = 0600;

	if (slash != NULL)
		slash[1] = '\0';
	if (stat(slash != NULL ? folder : ".", &st) == 0 &&
	    (st.st_mode & S_IWGRP) != 0)
		mode |= 0060;
	free(folder);
	return mode;
}

static enum tctl_status
find_file(struct sqlite_store *store, enum tctl_open how,
    struct tctl_error *err)
{
	struct stat st;

	if (how == TCTL_OPEN_CREATE) {
		store->turn.mode = mode_for(store->path);
		return TCTL_OK;
	}
	if (stat(store->path, &st) != 0) {
		if (errno != ENOENT && errno != ENOTDIR)
			return tctl_fail(err, TCTL_EFAILED,
			    "cannot open %s: %s", store->path,
			    strerror(errno));
		tctl_fail(err, TCTL_ENOTFOUND, "no store at %s", store->path);
		return tctl_hint(err, "make one: taskctl init");
	}
	if (!S_ISREG(st.st_mode))
		return tctl_fail(err, TCTL_ECORRUPT, "%s is not a file",
		    store->path);
	store->turn.mode = st.st_mode & 0666;
	store->inode = (int64_t)st.st_ino;
	if (how != TCTL_OPEN_READ && access(store->path, W_OK) != 0)
		return tctl_fail(err, TCTL_EFAILED, "%s is not writable: %s",
		    store->path, strerror(errno));
	return TCTL_OK;
}

static enum tctl_status
connect_file(
    struct sqlite_store *store, enum tctl_open how, struct tctl_error *err)
{
	int flags = how == TCTL_OPEN_READ ? SQLITE_OPEN_READONLY
	    : how == TCTL_OPEN_CREATE	  ? SQLITE_OPEN_READWRITE |
		SQLITE_OPEN_CREATE
					  : SQLITE_OPEN_READWRITE;
	mode_t old = umask((mode_t)(~store->turn.mode & 0777));
	enum tctl_status status;
	struct stat st;

	if (sqlite3_open_v2(store->path, &store->db,
		flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) ==
	    SQLITE_OK)
		status = set_up(store, how, err);
	else
		status = fail(store, "open", err);
	if (status != TCTL_OK && how == TCTL_OPEN_READ && wants_unlocked(store))
		status = open_unlocked(store, err);
	umask(old);
	if (status == TCTL_OK && stat(store->path, &st) == 0)
		store->inode = (int64_t)st.st_ino;
	return status;
}

static enum tctl_status
sqlite_open(const char *url, enum tctl_open how, int64_t wait_ms,
    struct tctl_store **out, struct tctl_error *err)
{
	struct sqlite_store *store = calloc(1, sizeof(*store));
	enum tctl_status status;

	if (store == NULL)
		tctl_die_nomem();
	store->base.driver = &tctl_driver_sqlite;
	store->path = tctl_xstrdup(url);
	store->queue_path = tctl_xprintf("%s-queue", url);
	store->turn.path = store->queue_path;
	store->turn.fd = -1;
	store->wait_ms = wait_ms;
	status = find_file(store, how, err);
	if (status == TCTL_OK)
		status = connect_file(store, how, err);
	if (status != TCTL_OK) {
		sqlite_close(&store->base);
		return status;
	}
	*out = &store->base;
	return TCTL_OK;
}

const struct tctl_driver tctl_driver_sqlite = {
	.scheme = "",
	.open = sqlite_open,
	.close = sqlite_close,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.query = sqlite_query,
	.now = sqlite_now,
	.wait = sqlite_wait,
};
