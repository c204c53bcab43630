/* sqlite_log.c - the write-ahead log: kept short, and rid of what was refused.
 */
#include <stdio.h>

#include "sqlite.h"

static int
pages_written(struct tctl_sqlite *store)
{
	int now = 0, high;

	sqlite3_db_status(
	    store->db, SQLITE_DBSTATUS_CACHE_WRITE, &now, &high, 0);
	return now;
}

int
tctl_sqlite_note_log(void *into, sqlite3 *db, const char *name, int frames)
{
	struct tctl_sqlite *store = into;

	(void)db;
	(void)name;
	store->log_frames = frames;
	return SQLITE_OK;
}

/* Somebody has taken the store out of its log (PRAGMA journal_mode): readers
 * and writers keep each other waiting then, and a power cut may take back what
 * was acknowledged.  Where somebody is reading, the next change tries again. */
static void
turn_back(struct tctl_sqlite *store)
{
	sqlite3_busy_timeout(store->db, 0);
	sqlite3_exec(store->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
}

/* Without this one-shot processes made it grow to 37 MB in 4 s; a checkpoint
 * that always waits for readers left 5 claims a second beside them. */
void
tctl_sqlite_checkpoint(struct tctl_sqlite *store)
{
	int written = pages_written(store);
	int before = store->log_frames - (written - store->written);
	bool has_log = written == store->written || store->log_frames > 0;

	store->written = written;
	if (!has_log) {
		turn_back(store);
		return;
	}
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

/* Did the commit fail once its pages stood in the log?  Two things come after
 * them: the sync, and in a long log more room in its index, which the disk may
 * not have. */
static bool
may_stand_in_log(int code)
{
	return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC ||
	       code == SQLITE_IOERR_SHMSIZE || code == SQLITE_IOERR_SHMMAP;
}

void
tctl_sqlite_take_back(struct tctl_sqlite *store, struct tctl_error *err)
{
	int code = sqlite3_extended_errcode(store->db);
	struct tctl_error again;
	enum tctl_status status;
	int version = 0;
	char nothing[80];

	sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	if (!may_stand_in_log(code))
		return;
	/* As it is: the commit may have been the one that makes the schema. */
	status =
	    tctl_sqlite_number(store, "PRAGMA user_version", &version, &again);
	snprintf(nothing, sizeof(nothing),
	    "BEGIN IMMEDIATE; PRAGMA user_version=%d; COMMIT", version);
	if (status == TCTL_OK &&
	    tctl_sqlite_run(store, nothing, &again) == TCTL_OK)
		return;
	sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	tctl_hint(err, TCTL_UNSURE);
}
