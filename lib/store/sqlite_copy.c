/* sqlite_copy.c - the whole store as one file, and back; and its own checks.
 *
 * sqlite3_backup copies pages in one step, which is one snapshot: in WAL mode
 * writers go on beside it.  cp over a store in use gave a malformed one, and mv
 * left the old log in front of the new file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sqlite.h"
#include "taskctl/memory.h"

char *
tctl_sqlite_uri(const char *path, const char *query)
{
	size_t length = strlen(path);
	char *uri = tctl_xcalloc(
	    strlen("file:?") + 3 * length + strlen(query), sizeof(*uri));
	char *to = uri + snprintf(uri, 6, "file:");

	for (; *path != '\0'; path++)
		if (strchr("%?#", *path) != NULL)
			to += snprintf(to, 4, "%%%02X", (unsigned)*path);
		else
			*to++ = *path;
	*to++ = '?';
	memcpy(to, query, strlen(query) + 1);
	return uri;
}

/* --- its own checks ------------------------------------------------------- */

struct complaints {
	tctl_row_fn *fn;
	void *into;
	int error; /* errno: of a page that could not be read; 0: of none */
};

static int
take_integrity(void *into, int columns, char **text, char **names)
{
	struct complaints *to = into;

	(void)names;
	/* To SQLite such a page is damage like any other. */
	if (errno == EIO || errno == ENOMEM)
		to->error = errno;
	else if (columns == 1 && text[0] != NULL && strcmp(text[0], "ok") != 0)
		to->fn(to->into, (const char *const *)text);
	return 0;
}

static int
take_foreign(void *into, int columns, char **text, char **names)
{
	struct complaints *to = into;
	char line[256];
	const char *one[] = { line };

	(void)names;
	if (columns < 3)
		return 0;
	snprintf(line, sizeof(line),
	    "row %.40s of %.60s names a row of %.60s "
	    "that is not there",
	    text[1] == NULL ? "?" : text[1], text[0], text[2]);
	to->fn(to->into, one);
	return 0;
}

enum tctl_status
tctl_sqlite_check(struct tctl_store *base, tctl_row_fn *fn, void *into,
    struct tctl_error *err)
{
	struct tctl_sqlite *store = (struct tctl_sqlite *)base;
	struct complaints to = { .fn = fn, .into = into };

	errno = 0;
	if (sqlite3_exec(store->db, "PRAGMA integrity_check(20)",
		take_integrity, &to, NULL) != SQLITE_OK ||
	    sqlite3_exec(store->db, "PRAGMA foreign_key_check", take_foreign,
		&to, NULL) != SQLITE_OK)
		return tctl_sqlite_fail(store, "check", err);
	if (to.error == ENOMEM)
		tctl_die_nomem();
	if (to.error != 0)
		return tctl_fail(err, TCTL_EFAILED, "cannot check %s: %s",
		    store->path, strerror(to.error));
	return tctl_sqlite_check_schema(store, fn, into, err);
}

/* --- copying -------------------------------------------------------------- */

static enum tctl_status
copy_pages(
    struct tctl_sqlite *to, struct tctl_sqlite *from, struct tctl_error *err)
{
	sqlite3_backup *backup =
	    sqlite3_backup_init(to->db, "main", from->db, "main");
	int rc, end;

	if (backup == NULL)
		return tctl_sqlite_fail(to, "write", err);
	rc = sqlite3_backup_step(backup, -1);
	end = sqlite3_backup_finish(backup);
	if (rc == SQLITE_DONE && end == SQLITE_OK)
		return TCTL_OK;
	/* What is wrong with the source is told by the code alone. */
	if ((rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB)
		return tctl_fail(err, TCTL_ECORRUPT, "cannot copy %s: %s",
		    from->path, sqlite3_errstr(rc));
	if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED ||
	    (rc & 0xff) == SQLITE_PROTOCOL)
		return tctl_fail(err, TCTL_EBUSY,
		    "%s could not be copied: another program holds %s",
		    from->path, to->path);
	return tctl_fail(err, TCTL_EFAILED, "cannot copy %s to %s: %s",
	    from->path, to->path, sqlite3_errstr(rc));
}

/* Nobody knows of the file yet: no journal, no lock; and on a file system where
 * a store could not be, a copy can. */
static enum tctl_status
write_pages(struct tctl_sqlite *from, const char *path, struct tctl_error *err)
{
	struct tctl_sqlite to = { .path = tctl_xstrdup(path) };
	enum tctl_status status = TCTL_OK;

	if (sqlite3_open_v2(path, &to.db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
		    SQLITE_OPEN_EXRESCODE,
		"unix-none") != SQLITE_OK)
		status = tctl_sqlite_fail(&to, "open", err);
	if (status == TCTL_OK)
		status = tctl_sqlite_run(&to,
		    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF", err);
	if (status == TCTL_OK)
		status = copy_pages(&to, from, err);
	sqlite3_close(to.db);
	free(to.path);
	return status;
}

enum tctl_status
tctl_sqlite_copy(struct tctl_store *base, const char *path, unsigned mode,
    struct tctl_error *err)
{
	struct tctl_sqlite *store = (struct tctl_sqlite *)base;
	int fd = open(
	    path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	enum tctl_status status = TCTL_OK;

	if (fd < 0)
		return tctl_fail(err, TCTL_EFAILED, "cannot make %s: %s", path,
		    strerror(errno));
	if (fchmod(fd, mode) == 0)
		status = write_pages(store, path, err);
	else
		status = tctl_fail(err, TCTL_EFAILED,
		    "cannot set the mode of %s: %s", path, strerror(errno));
	if (status == TCTL_OK && store->base.remark != NULL)
		status = tctl_sqlite_check_unlocked(store, err);
	if (status == TCTL_OK && fsync(fd) != 0)
		status = tctl_fail(err, TCTL_EFAILED, "cannot write %s: %s",
		    path, strerror(errno));
	close(fd);
	if (status != TCTL_OK)
		unlink(path);
	return status;
}

enum tctl_status
tctl_sqlite_become(
    struct tctl_store *base, struct tctl_store *from, struct tctl_error *err)
{
	struct tctl_sqlite *store = (struct tctl_sqlite *)base;
	enum tctl_status status =
	    copy_pages(store, (struct tctl_sqlite *)from, err);

	if (status != TCTL_OK) {
		tctl_sqlite_take_back(store, err);
		return status;
	}
	/* A reader may need the log for now; the next commit tries again. */
	(void)sqlite3_wal_checkpoint_v2(
	    store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return TCTL_OK;
}
