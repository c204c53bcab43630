/* sqlite_file.c - which file is meant, and may it be?  Whoever may write in a
 * folder can plant a link in it: none is followed to a store, its log or its
 * index (SQLite opens them with O_NOFOLLOW). */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sqlite.h"
#include "taskctl/memory.h"

enum tctl_status
tctl_refuse_link(const char *path, struct tctl_error *err)
{
	tctl_fail(err, TCTL_EFAILED,
	    "%s is a symbolic link, and taskctl follows none here", path);
	return tctl_hint(err, "look who made it, and where it leads: ls -l");
}

bool
tctl_sqlite_is_link(const struct tctl_sqlite *store, struct tctl_error *err)
{
	static const char *const suffix[] = { "", "-wal", "-shm", "-journal" };
	bool found = false;

	for (size_t i = 0; !found && i < TCTL_COUNT(suffix); i++) {
		char *name = tctl_xprintf("%s%s", store->path, suffix[i]);
		struct stat st;

		found = lstat(name, &st) == 0 && S_ISLNK(st.st_mode);
		if (found)
			tctl_refuse_link(name, err);
		free(name);
	}
	return found;
}

unsigned
tctl_store_mode(const char *path)
{
	char *folder = tctl_xstrdup(path);
	char *slash = strrchr(folder, '/');
	struct stat st;
	unsigned mode = 0600;

	if (slash != NULL)
		slash[1] = '\0';
	if (stat(slash != NULL ? folder : ".", &st) == 0 &&
	    (st.st_mode & (S_IWGRP | S_IWOTH)) == S_IWGRP)
		mode |= 0060;
	free(folder);
	return mode;
}

char *
tctl_sqlite_path(const char *path, enum tctl_open how)
{
	const char *slash = strrchr(path, '/');
	char *folder, *real;

	if (how == TCTL_OPEN_COPY)
		real = realpath(path, NULL);
	else {
		char *given = slash == NULL   ? tctl_xstrdup(".")
			      : slash == path ? tctl_xstrdup("/")
					      : tctl_xprintf("%.*s",
						    (int)(slash - path), path);

		folder = realpath(given, NULL);
		real = folder == NULL ? NULL
				      : tctl_xprintf("%s/%s",
					    folder[1] == '\0' ? "" : folder,
					    slash == NULL ? path : slash + 1);
		free(given);
		free(folder);
	}
	return real != NULL ? real : tctl_xstrdup(path);
}

enum tctl_status
tctl_sqlite_find(
    struct tctl_sqlite *store, enum tctl_open how, struct tctl_error *err)
{
	struct stat st;

	if (how == TCTL_OPEN_CREATE) {
		store->turn.mode = tctl_store_mode(store->path);
		return TCTL_OK;
	}
	if (lstat(store->path, &st) != 0) {
		if (errno != ENOENT && errno != ENOTDIR)
			return tctl_fail(err, TCTL_EFAILED,
			    "cannot open %s: %s", store->path, strerror(errno));
		tctl_fail(err, TCTL_ENOTFOUND, "no store at %s", store->path);
		return tctl_hint(err, "make one: taskctl init");
	}
	if (S_ISLNK(st.st_mode))
		return tctl_refuse_link(store->path, err);
	if (!S_ISREG(st.st_mode))
		return tctl_fail(
		    err, TCTL_ECORRUPT, "%s is not a file", store->path);
	store->turn.mode = st.st_mode & 0666;
	store->inode = (int64_t)st.st_ino;
	if (how == TCTL_OPEN_WRITE && access(store->path, W_OK) != 0)
		return tctl_fail(err, TCTL_EFAILED, "%s is not writable: %s",
		    store->path, strerror(errno));
	return TCTL_OK;
}

static enum tctl_status
fail_replaced(
    const struct tctl_sqlite *store, bool there, struct tctl_error *err)
{
	tctl_fail(err, TCTL_EBUSY, "%s was %s since it was opened", store->path,
	    there ? "replaced" : "taken away");
	tctl_hint(err, "try again");
	return tctl_because(err, TCTL_REPLACED);
}

/* inode 0: nobody could say which file it is. */
static enum tctl_status
check_inode(const struct tctl_sqlite *store, const char *path, int64_t inode,
    nlink_t *names, struct tctl_error *err)
{
	struct stat st;

	*names = 1;
	if (inode == 0)
		return TCTL_OK;
	if (stat(path, &st) == 0) {
		*names = st.st_nlink;
		return (int64_t)st.st_ino == inode
			   ? TCTL_OK
			   : fail_replaced(store, true, err);
	}
	return errno == ENOENT || errno == ENOTDIR
		   ? fail_replaced(store, false, err)
		   : tctl_fail(err, TCTL_EFAILED, "cannot look at %s: %s", path,
			 strerror(errno));
}

enum tctl_status
tctl_sqlite_check_place(const struct tctl_sqlite *store, struct tctl_error *err)
{
	nlink_t names;
	enum tctl_status status =
	    check_inode(store, store->path, store->inode, &names, err);

	if (status != TCTL_OK || names == 1)
		return status;
	tctl_fail(err, TCTL_EFAILED,
	    "%s has %lu names (hard links), and each would have a log and a "
	    "queue of its own",
	    store->path, (unsigned long)names);
	return tctl_hint(
	    err, "look for the others: find / -xdev -samefile %s", store->path);
}

/* The file that we have open under this name, be it another's by now; 0: none.
 * (Its descriptor is SQLite's own.  /proc/self/maps would say it, too, and on
 * overlayfs another inode than stat.) */
static int64_t
opened(const char *path)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t length = strlen(path), room = length + sizeof(" (deleted)");
	char *name = tctl_xcalloc(room, 1);
	struct dirent *entry;
	int64_t found = 0;

	while (dir != NULL && found == 0 && (entry = readdir(dir)) != NULL) {
		ssize_t n = readlinkat(dirfd(dir), entry->d_name, name, room);
		struct stat st;

		if (n < (ssize_t)length || memcmp(name, path, length) != 0 ||
		    (n > (ssize_t)length && name[length] != ' '))
			continue;
		if (fstatat(dirfd(dir), entry->d_name, &st, 0) == 0)
			found = (int64_t)st.st_ino;
	}
	free(name);
	if (dir != NULL)
		closedir(dir);
	return found;
}

enum tctl_status
tctl_sqlite_watch_files(
    struct tctl_sqlite *store, int64_t now_ms, struct tctl_error *err)
{
	enum tctl_status status;
	nlink_t names;
	char *index;

	if (now_ms - store->looked_ms < WATCH_MS)
		return TCTL_OK;
	store->looked_ms = now_ms;
	index = tctl_xprintf("%s-shm", store->path);
	status = check_inode(store, store->path, store->inode, &names, err);
	/* An unlocked snapshot has none that anybody minds. */
	if (status == TCTL_OK && store->base.remark == NULL) {
		if (store->index == 0)
			store->index = opened(index);
		status = check_inode(store, index, store->index, &names, err);
	}
	free(index);
	return status;
}
