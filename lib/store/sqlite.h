/* floor: store - inside the driver for SQLite. */
#ifndef TASKCTL_STORE_SQLITE_H
#define TASKCTL_STORE_SQLITE_H

#include <sqlite3.h>
#include <sys/stat.h>

#include "driver.h"
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
	/* The least that opening and readers wait, whatever --wait says: they
	 * meet SQLITE_BUSY_RECOVERY.  At 0, 203 of 3,146 failed. */
	READ_WAIT_MS = 2000,
	WATCH_MS = 50, /* how often a waiting reader looks */
};

struct statement {
	const char *sql; /* compared by address: it is one of sql.h's */
	sqlite3_stmt *stmt;
};

/* What tells whether a file has changed: its size and when. */
struct tctl_stamp {
	struct stat file;
	struct stat log;
	bool has_log;
};

struct tctl_sqlite {
	struct tctl_store base;
	sqlite3 *db;
	char *path;
	char *queue_path;
	struct tctl_turnstile turn;
	int64_t wait_ms;
	int64_t inode; /* looked up before opening; 0: nobody could */
	int64_t index; /* the inode of -shm as it was opened; 0: not known */
	bool in_transaction;
	bool has_turn;
	bool is_light;	/* what synchronous was last set to */
	int log_frames; /* in the log after the last commit */
	int written;	/* pages written by this connection before it */
	int data_version;
	int64_t looked_ms;	 /* when a watcher last looked at the files */
	struct tctl_stamp stamp; /* of an unlocked snapshot */
	struct statement statement[STATEMENTS_MAX];
	size_t statements;
};

/* Say what SQLite says, as one of our statuses; doing is a verb. */
enum tctl_status tctl_sqlite_fail(
    struct tctl_sqlite *store, const char *doing, struct tctl_error *err);

/* Wait as opening and readers do: after what has its own time. */
void tctl_sqlite_be_patient(struct tctl_sqlite *store);

/* Run statements that return nothing. */
enum tctl_status tctl_sqlite_run(struct tctl_sqlite *store, const char *sql,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* One whole number, as of a PRAGMA; *out stays where there is none. */
enum tctl_status tctl_sqlite_number(struct tctl_sqlite *store, const char *sql,
    int *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* sqlite3_wal_hook: how long the log is after a commit. */
int tctl_sqlite_note_log(
    void *store, sqlite3 *db, const char *name, int frames);

/* Copy the log back when a commit made it cross a multiple of 64 frames. */
void tctl_sqlite_checkpoint(struct tctl_sqlite *store);

/* After a commit that has failed: give it up.  One that was written and then
 * not synced, or not indexed, stands in the log, and whoever opens the store
 * next would read it there; an empty change in its place takes it back.  Where
 * that fails too, err says that nobody knows. */
void tctl_sqlite_take_back(struct tctl_sqlite *store, struct tctl_error *err);

/* The driver's open, and what an unlocked snapshot asks after each read. */
enum tctl_status tctl_sqlite_open(const char *url, enum tctl_open how,
    int64_t wait_ms, struct tctl_store **out, struct tctl_error *err);
enum tctl_status tctl_sqlite_check_unlocked(
    struct tctl_sqlite *store, struct tctl_error *err) TCTL_MUST_CHECK;

/* The file that a name means: one for all ways that lead to its folder, since a
 * store has one queue.  A link in its place is kept, but for a copy's.  Owned.
 */
char *tctl_sqlite_path(const char *path, enum tctl_open how);

/* Is it there, and does how make sense?  Sets the mode of what is made beside
 * it, and the inode.  TCTL_ENOTFOUND, TCTL_EFAILED, TCTL_ECORRUPT. */
enum tctl_status tctl_sqlite_find(struct tctl_sqlite *store, enum tctl_open how,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* In each turn: is it still the one that is open?  A restore may have put
 * another store in its place since it was: a change would go into a file that
 * nobody reads.  TCTL_EBUSY (TCTL_REPLACED): it is not.  TCTL_EFAILED: it goes
 * by several names, and those who use another have another log: both would be
 * granted one task. */
enum tctl_status tctl_sqlite_check_place(
    const struct tctl_sqlite *store, struct tctl_error *err) TCTL_MUST_CHECK;

/* For those who watch, every WATCH_MS at the most: the log's index too.
 * Somebody who copies a file over the store and takes its log away leaves the
 * file's inode, and whoever has the old index open never sees a change. */
enum tctl_status tctl_sqlite_watch_files(struct tctl_sqlite *store,
    int64_t now_ms, struct tctl_error *err) TCTL_MUST_CHECK;

/* Is the file, its log or index a symbolic link?  Then err says so. */
bool tctl_sqlite_is_link(
    const struct tctl_sqlite *store, struct tctl_error *err);

/* A file's name as a URI (sqlite.org/uri.html) with a query; owned. */
char *tctl_sqlite_uri(const char *path, const char *query);

/* The driver's copy, become and check. */
enum tctl_status tctl_sqlite_copy(struct tctl_store *store, const char *path,
    unsigned mode, struct tctl_error *err);
enum tctl_status tctl_sqlite_become(
    struct tctl_store *store, struct tctl_store *from, struct tctl_error *err);
enum tctl_status tctl_sqlite_check(struct tctl_store *store, tctl_row_fn *fn,
    void *into, struct tctl_error *err);

/* What check asks last: tables, columns and indexes that are missing, and
 * triggers, of which taskctl makes none.  Of an older schema: nothing. */
enum tctl_status tctl_sqlite_check_schema(struct tctl_sqlite *store,
    tctl_row_fn *fn, void *into, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
