/* backup.c - the store as one file, for keeping. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bsd/string.h>

#include "identity.h"
#include "sql.h"
#include "taskctl/backup.h"

static void
take_copy(void *into, const char *const col[])
{
	struct tctl_copy *copy = into;

	strlcpy(copy->store, tctl_col_text(col[0]), sizeof(copy->store));
	copy->token = tctl_col(col[1]);
	copy->event = tctl_col(col[2]);
	copy->events = (size_t)tctl_col(col[3]);
	copy->tasks = (size_t)tctl_col(col[4]);
}

enum tctl_status
tctl_copy_read(
    struct tctl_store *copy, struct tctl_copy *out, struct tctl_error *err)
{
	size_t rows = 0;
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	status = tctl_query(copy, tctl_sql_backup_summary, TCTL_NO_ARGS,
	    take_copy, out, &rows, err);
	if (status == TCTL_OK && rows != 1)
		status = tctl_fail(err, TCTL_ECORRUPT,
		    "it has lost the row that says which store it is");
	if (status == TCTL_OK &&
	    !tctl_counters_are_sound(out->token, out->event))
		status = tctl_fail(err, TCTL_ECORRUPT,
		    "its counters are none that taskctl gives");
	return status;
}

/* --- what may be replaced --------------------------------------------------
 */

struct newest {
	int64_t id;
	int64_t at_ms;
	char kind[32];
};

static void
take_newest(void *into, const char *const col[])
{
	struct newest *newest = into;

	newest->id = tctl_col(col[0]);
	newest->at_ms = tctl_col(col[1]);
	strlcpy(newest->kind, tctl_col_text(col[2]), sizeof(newest->kind));
}

/* Whoever makes one every night under the names of seven days wants the oldest
 * replaced.  It may be, if nothing goes with it: what happened last in it has
 * happened in the store too.  So one that was made before a restore and knows
 * more than what was restored stays. */
static enum tctl_status
check_older(struct tctl_store *store, const char *path, struct tctl_error *err)
{
	struct tctl_store *there = NULL;
	struct tctl_error unused;
	struct newest newest = { .id = 0 };
	size_t known = 0;
	enum tctl_status status =
	    tctl_store_open(path, TCTL_OPEN_COPY, 0, &there, &unused);

	if (status == TCTL_OK)
		status = tctl_query(there, tctl_sql_backup_newest, TCTL_NO_ARGS,
		    take_newest, &newest, NULL, &unused);
	tctl_store_close(there);
	if (status != TCTL_OK)
		tctl_fail(err, TCTL_EFAILED,
		    "%s is there already, and is no backup", path);
	else {
		status = tctl_query(store, tctl_sql_backup_knows,
		    TCTL_ARGS(TCTL_N(newest.id), TCTL_N(newest.at_ms),
			TCTL_T(newest.kind)),
		    NULL, NULL, &known, err);
		if (status != TCTL_OK || known == 1)
			return status;
		tctl_fail(err, TCTL_EFAILED,
		    "%s is there already, and holds what this backup would not",
		    path);
	}
	return tctl_hint(err, "name another file");
}

/* SQLite would take a copy of such a name for part of the database beside it,
 * and remove it. */
static bool
is_part_of_another(const char *path)
{
	static const char *const tail[] = { "-wal", "-shm", "-journal",
		"-queue" };
	size_t length = strlen(path);

	for (size_t i = 0; i < TCTL_COUNT(tail); i++)
		if (length > strlen(tail[i]) &&
		    strcmp(path + length - strlen(tail[i]), tail[i]) == 0)
			return true;
	return false;
}

bool
tctl_copy_is_store(const struct tctl_place *place, const char *path)
{
	struct stat st, ours;

	return stat(path, &st) == 0 && stat(place->store, &ours) == 0 &&
	       ours.st_dev == st.st_dev && ours.st_ino == st.st_ino;
}

/* Of a database that is gone or was changed: SQLite would play it into the copy
 * as soon as somebody opens that. */
static enum tctl_status
check_log(const char *path, struct tctl_error *err)
{
	static const char *const tail[] = { "-wal", "-journal" };

	for (size_t i = 0; i < TCTL_COUNT(tail); i++) {
		char *log = tctl_xprintf("%s%s", path, tail[i]);
		struct stat st;
		bool found = lstat(log, &st) == 0 && st.st_size > 0;

		if (found)
			tctl_fail(err, TCTL_EFAILED,
			    "%s is there, a log that would spoil the backup",
			    log);
		free(log);
		if (found)
			return tctl_hint(err, "name another file");
	}
	return TCTL_OK;
}

/* store: what the backup is made of, and then the backup. */
static enum tctl_status
check_target(const struct tctl_coord *coord, struct tctl_store *store,
    const char *path, bool *replaces, struct tctl_error *err)
{
	struct stat st;
	enum tctl_status status;

	*replaces = false;
	if (is_part_of_another(path)) {
		tctl_fail(err, TCTL_EFAILED,
		    "%s is the name of a database's own file, not of a backup",
		    path);
		return tctl_hint(err, "name another file");
	}
	if (lstat(path, &st) != 0)
		return errno == ENOENT
			   ? check_log(path, err)
			   : tctl_fail(err, TCTL_EFAILED, "cannot write %s: %s",
				 path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return tctl_fail(err, TCTL_EFAILED,
		    "%s is there already, and is no backup", path);
	if (tctl_copy_is_store(coord->place, path))
		return tctl_fail(
		    err, TCTL_EFAILED, "%s is the store itself", path);
	*replaces = true;
	status = check_log(path, err);
	return status == TCTL_OK ? check_older(store, path, err) : status;
}

/* --- making it ---------------------------------------------------------------
 */

/* The group's whose the store is, and not that of whoever makes it: that may be
 * everybody's.  Where it cannot be, it stays private. */
static void
share(const char *path, const struct stat *store)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd >= 0 && fchown(fd, (uid_t)-1, store->st_gid) == 0)
		(void)fchmod(fd, 0600 | (store->st_mode & 0060));
	if (fd >= 0)
		close(fd);
}

enum tctl_status
tctl_copy_write(
    const struct tctl_coord *coord, const char *path, struct tctl_error *err)
{
	struct stat store;
	enum tctl_status status =
	    tctl_store_copy(coord->store, path, 0600, err);

	if (status == TCTL_OK && stat(coord->place->store, &store) == 0 &&
	    (store.st_mode & 0060) != 0)
		share(path, &store);
	return status;
}

static enum tctl_status
write_beside(const struct tctl_coord *coord, const char *beside,
    struct tctl_backup *out, struct tctl_error *err)
{
	struct stat st;
	enum tctl_status status =
	    tctl_store_begin(coord->store, TCTL_READ, err);

	if (status != TCTL_OK)
		return status;
	/* One snapshot: what is told of it is what it holds. */
	status = tctl_copy_read(coord->store, &out->copy, err);
	if (status == TCTL_OK)
		status = tctl_copy_write(coord, beside, err);
	tctl_store_rollback(coord->store);
	if (status == TCTL_OK)
		status = tctl_store_verify(beside, err);
	if (status == TCTL_OK && stat(beside, &st) == 0)
		out->bytes = (int64_t)st.st_size;
	return status;
}

/* Another backup may have come to this name since it was looked at, and may be
 * the newer one. */
static enum tctl_status
put(const struct tctl_coord *coord, const char *beside, const char *path,
    bool *replaced, struct tctl_error *err)
{
	int64_t wait_ms = coord->config->wait_ms;
	int folder = tctl_folder_lock(path, wait_ms);
	struct tctl_store *copy = NULL;
	enum tctl_status status;

	if (folder < 0)
		return errno == EWOULDBLOCK
			   ? tctl_fail(err, TCTL_EBUSY,
				 "somebody else is writing beside %s", path)
			   : tctl_fail(err, TCTL_EFAILED,
				 "cannot write in the folder of %s: %s", path,
				 strerror(errno));
	status = tctl_store_open(beside, TCTL_OPEN_COPY, 0, &copy, err);
	if (status == TCTL_OK)
		status = check_target(coord, copy, path, replaced, err);
	tctl_store_close(copy);
	if (status == TCTL_OK)
		status = tctl_store_put(beside, path, *replaced, err);
	close(folder);
	return status;
}

enum tctl_status
tctl_backup(const struct tctl_coord *coord, const char *path,
    struct tctl_backup *out, struct tctl_error *err)
{
	static const char tail[] = ".part-";
	char *beside = tctl_store_beside(path, tail);
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	status = check_target(coord, coord->store, path, &out->replaced, err);
	if (status == TCTL_OK) {
		tctl_store_clear_up(path, tail);
		tctl_store_remove(beside);
		status = write_beside(coord, beside, out, err);
	}
	if (status == TCTL_OK)
		status = put(coord, beside, path, &out->replaced, err);
	if (status != TCTL_OK)
		tctl_store_remove(beside);
	free(beside);
	return status;
}
