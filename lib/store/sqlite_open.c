/* sqlite_open.c - opening a store: the right file, the right schema, and the
 * ways in for those who may only read. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sql.h"
#include "sqlite.h"
#include "taskctl/memory.h"

int
tctl_store_schema(void)
{
	int version = 0;

	while (tctl_sql_migration[version] != NULL)
		version++;
	return version;
}

/* It counts the steps that lead to the schema: of no other number is there a
 * next one. */
static enum tctl_status
check_known(
    const struct tctl_sqlite *store, int version, struct tctl_error *err)
{
	if (version >= 0 && version <= tctl_store_schema())
		return TCTL_OK;
	if (version < 0)
		return tctl_fail(err, TCTL_ECORRUPT,
		    "%s has schema %d, which no taskctl made", store->path,
		    version);
	tctl_fail(err, TCTL_ECORRUPT,
	    "%s has schema %d, made by a newer taskctl; this one knows %d",
	    store->path, version, tctl_store_schema());
	tctl_hint(err, "install the newer taskctl");
	return tctl_because(err, TCTL_NEWER_SCHEMA);
}

static enum tctl_status
read_version(struct tctl_sqlite *store, int *version, struct tctl_error *err)
{
	int id = 0;

	enum tctl_status status =
	    tctl_sqlite_number(store, "PRAGMA application_id", &id, err);

	if (status == TCTL_OK)
		status = tctl_sqlite_number(
		    store, "PRAGMA user_version", version, err);
	if (status != TCTL_OK)
		return status;
	if (id != APPLICATION_ID) {
		tctl_fail(err, TCTL_ECORRUPT, "%s is not a taskctl store",
		    store->path);
		return tctl_hint(
		    err, "look which store is used: taskctl where");
	}
	return check_known(store, *version, err);
}

/* Take the store to the newest version, in one transaction: from the version
 * that it has once our turn has come, since others may come with the same. */
static enum tctl_status
migrate(struct tctl_sqlite *store, struct tctl_error *err)
{
	char pragma[80];
	int version = 0;
	enum tctl_status status =
	    tctl_store_begin(&store->base, TCTL_CHANGE, err);

	if (status == TCTL_OK)
		status = tctl_sqlite_number(
		    store, "PRAGMA user_version", &version, err);
	if (status == TCTL_OK)
		status = check_known(store, version, err);
	for (; status == TCTL_OK && tctl_sql_migration[version] != NULL;
	     version++)
		status =
		    tctl_sqlite_run(store, tctl_sql_migration[version], err);
	snprintf(pragma, sizeof(pragma),
	    "PRAGMA application_id=%d; PRAGMA user_version=%d", APPLICATION_ID,
	    version);
	if (status == TCTL_OK)
		status = tctl_sqlite_run(store, pragma, err);
	if (status == TCTL_OK)
		return tctl_store_commit(&store->base, NULL, NULL, err);
	tctl_store_rollback(&store->base);
	return status;
}

static enum tctl_status
check_version(
    struct tctl_sqlite *store, enum tctl_open how, struct tctl_error *err)
{
	int version = 0;
	enum tctl_status status = read_version(store, &version, err);

	if (status != TCTL_OK || version == tctl_store_schema() ||
	    how == TCTL_OPEN_COPY)
		return status;
	if (how != TCTL_OPEN_READ)
		return migrate(store, err);
	tctl_fail(err, TCTL_EFAILED,
	    "%s has the older schema %d; a command that changes it brings it "
	    "up to date",
	    store->path, version);
	tctl_hint(err, "run: taskctl sweep");
	return tctl_because(err, TCTL_OLDER_SCHEMA);
}

/* Is it a database without anything in it?  A new one, or one whose maker died
 * on the way. */
static enum tctl_status
is_empty(struct tctl_sqlite *store, bool *empty, struct tctl_error *err)
{
	int objects = 0, id = 0;
	enum tctl_status status = tctl_sqlite_number(
	    store, "SELECT count(*) FROM sqlite_schema", &objects, err);

	if (status == TCTL_OK)
		status = tctl_sqlite_number(
		    store, "PRAGMA application_id", &id, err);
	*empty = objects == 0 && id == 0;
	return status;
}

/* The turn to WAL needs the file for itself, and SQLite gives up at once where
 * somebody looks into it: so makers take their turn, and ask again. */
static enum tctl_status
turn_to_wal(struct tctl_sqlite *store, struct tctl_error *err)
{
	const struct timespec pause = { .tv_nsec = 5000000 };
	int64_t deadline = tctl_clock_ms() + store->wait_ms;
	enum tctl_status status =
	    tctl_turnstile_enter(&store->turn, deadline, err);

	if (status != TCTL_OK)
		return status;
	while ((status = tctl_sqlite_run(
		    store, "PRAGMA journal_mode=WAL", err)) == TCTL_EBUSY &&
	       tctl_clock_ms() < deadline)
		nanosleep(&pause, NULL);
	tctl_turnstile_leave(&store->turn);
	return status;
}

static enum tctl_status
make(struct tctl_sqlite *store, struct tctl_error *err)
{
	bool empty;
	enum tctl_status status = is_empty(store, &empty, err);

	if (status != TCTL_OK || !empty)
		return status;
	status = turn_to_wal(store, err);
	return status == TCTL_OK ? migrate(store, err) : status;
}

static enum tctl_status
set_up(struct tctl_sqlite *store, enum tctl_open how, struct tctl_error *err)
{
	enum tctl_status status;

	tctl_sqlite_be_patient(store);
	sqlite3_db_config(
	    store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
	if (how == TCTL_OPEN_READ || how == TCTL_OPEN_COPY)
		return check_version(store, how, err);
	sqlite3_wal_hook(store->db, tctl_sqlite_note_log, store);
	status = tctl_sqlite_run(store, "PRAGMA synchronous=FULL", err);
	if (status == TCTL_OK && how == TCTL_OPEN_CREATE)
		status = make(store, err);
	if (status == TCTL_OK)
		status = check_version(store, how, err);
	return status;
}

static void
take_stamp(const struct tctl_sqlite *store, struct tctl_stamp *out)
{
	char *log = tctl_xprintf("%s-wal", store->path);

	memset(out, 0, sizeof(*out));
	if (stat(store->path, &out->file) != 0)
		out->file.st_size = -1;
	out->has_log = stat(log, &out->log) == 0 && out->log.st_size > 0;
	free(log);
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_ino == b->st_ino &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* By its name with a query, which says how. */
static enum tctl_status
open_uri(struct tctl_sqlite *store, const char *query, struct tctl_error *err)
{
	char *uri = tctl_sqlite_uri(store->path, query);
	int rc;

	sqlite3_close(store->db);
	store->db = NULL;
	rc = sqlite3_open_v2(uri, &store->db,
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOFOLLOW,
	    NULL);
	free(uri);
	return rc == SQLITE_OK ? TCTL_OK : tctl_sqlite_fail(store, "open", err);
}

/* Opened once more in two ways that take no lock, for those who may read but
 * not write: SQLite cannot make or use the log's index there.  What is read is
 * accepted only if nobody wrote meanwhile (check_unlocked). */
static enum tctl_status
open_unlocked(struct tctl_sqlite *store, struct tctl_error *err)
{
	enum tctl_status status;

	take_stamp(store, &store->stamp);
	status = open_uri(store,
	    store->stamp.has_log ? "mode=ro&vfs=unix-none"
				 : "mode=ro&immutable=1",
	    err);
	/* immutable on a hot log gave a silently wrong answer. */
	if (status == TCTL_OK && store->stamp.has_log)
		status = tctl_sqlite_run(
		    store, "PRAGMA locking_mode=EXCLUSIVE", err);
	if (status == TCTL_OK)
		status = set_up(store, TCTL_OPEN_READ, err);
	store->base.remark = "unlocked snapshot: this user may read the store "
			     "but not write beside it";
	return status;
}

/* A copy is whole in its one file; one with a log may be a store in use. */
static enum tctl_status
open_copy(struct tctl_sqlite *store, struct tctl_error *err)
{
	struct tctl_stamp stamp;
	enum tctl_status status;

	take_stamp(store, &stamp);
	status = open_uri(
	    store, stamp.has_log ? "mode=ro" : "mode=ro&immutable=1", err);
	return status == TCTL_OK ? set_up(store, TCTL_OPEN_COPY, err) : status;
}

/* Without locks only this tells a whole answer from a torn one. */
enum tctl_status
tctl_sqlite_check_unlocked(struct tctl_sqlite *store, struct tctl_error *err)
{
	struct tctl_stamp now;

	take_stamp(store, &now);
	if (same_file(&now.file, &store->stamp.file) &&
	    now.has_log == store->stamp.has_log &&
	    (!now.has_log || same_file(&now.log, &store->stamp.log)))
		return TCTL_OK;
	tctl_fail(err, TCTL_EBUSY,
	    "%s was written to while it was read without locks", store->path);
	return tctl_hint(err, "try again");
}

static bool
wants_unlocked(struct tctl_sqlite *store)
{
	int code = sqlite3_extended_errcode(store->db);

	return (code & 0xff) == SQLITE_CANTOPEN ||
	       (code & 0xff) == SQLITE_READONLY;
}

static enum tctl_status
connect_file(
    struct tctl_sqlite *store, enum tctl_open how, struct tctl_error *err)
{
	int flags = how == TCTL_OPEN_READ ? SQLITE_OPEN_READONLY
		    : how == TCTL_OPEN_CREATE
			? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
			: SQLITE_OPEN_READWRITE;
	mode_t old = umask((mode_t)(~store->turn.mode & 0777));
	enum tctl_status status;
	struct stat st;
	int fd;

	/* SQLite would make it 0644 at the most, and its log and index like
	 * it: a group could read but not write. */
	if (how == TCTL_OPEN_CREATE) {
		fd =
		    open(store->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			store->turn.mode);
		if (fd >= 0 && fstat(fd, &st) == 0)
			store->inode = (int64_t)st.st_ino;
		if (fd >= 0)
			close(fd);
	}
	if (how == TCTL_OPEN_COPY)
		status = open_copy(store, err);
	else if (sqlite3_open_v2(store->path, &store->db,
		     flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
			 SQLITE_OPEN_NOFOLLOW,
		     NULL) == SQLITE_OK)
		status = set_up(store, how, err);
	else
		status = tctl_sqlite_fail(store, "open", err);
	if (status != TCTL_OK && how == TCTL_OPEN_READ &&
	    wants_unlocked(store) && !tctl_sqlite_is_link(store, err))
		status = open_unlocked(store, err);
	umask(old);
	return status;
}

enum tctl_status
tctl_sqlite_open(const char *url, enum tctl_open how, int64_t wait_ms,
    struct tctl_store **out, struct tctl_error *err)
{
	struct tctl_sqlite *store = tctl_xcalloc(1, sizeof(*store));
	enum tctl_status status;

	store->base.driver = &tctl_driver_sqlite;
	store->path = tctl_sqlite_path(url, how);
	store->queue_path = tctl_xprintf("%s-queue", store->path);
	store->turn.path = store->queue_path;
	store->turn.fd = -1;
	store->wait_ms = wait_ms;
	status = tctl_sqlite_find(store, how, err);
	if (status == TCTL_OK)
		status = connect_file(store, how, err);
	if (status != TCTL_OK) {
		tctl_store_close(&store->base);
		return status;
	}
	*out = &store->base;
	return TCTL_OK;
}
