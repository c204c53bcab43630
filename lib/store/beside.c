/* beside.c - files beside a store: made there, moved into its place, or moved
 * out of it, so that a death at any moment leaves the old or the new. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "driver.h"
#include "host.h"
#include "taskctl/memory.h"
#include "taskctl/store.h"
#include "turnstile.h"

enum { RETRY_MS = 10 };

static void
remove_files(const char *path, const char *const suffix[])
{
	for (size_t i = 0; suffix[i] != NULL; i++) {
		char *name = tctl_xprintf("%s%s", path, suffix[i]);

		(void)unlink(name);
		free(name);
	}
}

void
tctl_store_remove(const char *path)
{
	static const char *const all[] = { "", "-wal", "-shm", "-journal",
		"-queue", NULL };

	remove_files(path, all);
}

/* The folder of a file, with its slash; owned. */
static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL
		   ? tctl_xstrdup("./")
		   : tctl_xprintf("%.*s", (int)(slash - path) + 1, path);
}

char *
tctl_store_beside(const char *path, const char *tail)
{
	return tctl_xprintf("%s%s%ld-%" PRId64, path, tail, (long)getpid(),
	    tctl_host_pid_space());
}

/* Is the process gone whose name this is?  Of another container's nobody knows
 * here. */
static bool
is_dead(const char *maker)
{
	char *rest;
	pid_t pid = (pid_t)strtol(maker, &rest, 10);
	int64_t space = tctl_host_pid_space();

	return pid > 0 && *rest == '-' && space != 0 &&
	       strtoll(rest + 1, NULL, 10) == space && kill(pid, 0) != 0 &&
	       errno == ESRCH;
}

void
tctl_store_clear_up(const char *path, const char *tail)
{
	const char *slash = strrchr(path, '/');
	char *folder = folder_of(path);
	char *head =
	    tctl_xprintf("%s%s", slash == NULL ? path : slash + 1, tail);
	size_t length = strlen(head);
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		char *name;

		if (strncmp(entry->d_name, head, length) != 0 ||
		    !is_dead(entry->d_name + length))
			continue;
		name = tctl_xprintf("%s%s", folder, entry->d_name);
		(void)unlink(name);
		free(name);
	}
	if (dir != NULL)
		closedir(dir);
	free(folder);
	free(head);
}

int
tctl_folder_lock(const char *path, int64_t wait_ms)
{
	const struct timespec pause = { 0, RETRY_MS * 1000000L };
	char *folder = folder_of(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(folder);
	for (; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0;
	     wait_ms -= RETRY_MS) {
		/* Some network file systems lock no folders: what guards is
		 * then the look at what is there before it is replaced. */
		if (errno != EWOULDBLOCK && errno != EINTR)
			break;
		if (wait_ms <= 0) {
			close(fd);
			errno = EWOULDBLOCK;
			return -1;
		}
		nanosleep(&pause, NULL);
	}
	return fd;
}

bool
tctl_folder_sync(const char *path)
{
	char *folder = folder_of(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* EINVAL: a file system that has nothing to do for it; EACCES: a folder
	 * in which we may write and not read, which we cannot sync. */
	bool ok = fd >= 0 ? fsync(fd) == 0 || errno == EINVAL : errno == EACCES;

	if (fd >= 0)
		close(fd);
	free(folder);
	return ok;
}

int
tctl_rename_new(const char *from, const char *to)
{
	int rc = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);

	if (rc == 0 || errno != EINVAL)
		return rc;
	/* Not known to every file system (NFS); a link replaces nothing
	 * either. */
	if (link(from, to) == 0) {
		(void)unlink(from);
		return 0;
	}
	if (errno == EEXIST)
		return -1;
	/* Nor are links. */
	if (access(to, F_OK) == 0) {
		errno = EEXIST;
		return -1;
	}
	return rename(from, to);
}

enum tctl_status
tctl_store_put(
    const char *beside, const char *path, bool replace, struct tctl_error *err)
{
	int rc = replace ? rename(beside, path) : tctl_rename_new(beside, path);

	if (rc == 0 && tctl_folder_sync(path))
		return TCTL_OK;
	tctl_fail(
	    err, TCTL_EFAILED, "cannot make %s: %s", path, strerror(errno));
	/* A name that the next power cut may take away is nobody's yet. */
	if (rc == 0 && (replace || rename(path, beside) != 0))
		tctl_hint(err, TCTL_UNSURE);
	return err->status;
}

static enum tctl_status
set_aside(const char *path, char **aside, struct tctl_error *err)
{
	static const char *const suffix[] = { "-wal", "-shm", "-journal", "",
		NULL };
	static const char *const old[] = { "", "-wal", "-shm", "-journal",
		NULL };

	/* First they are all there under both names, so that a death on the way
	 * parts no store from its log. */
	*aside = tctl_xprintf("%s-damaged-%" PRId64, path, (int64_t)time(NULL));
	for (size_t i = 0; suffix[i] != NULL; i++) {
		char *from = tctl_xprintf("%s%s", path, suffix[i]);
		char *to = tctl_xprintf("%s%s", *aside, suffix[i]);
		int rc = link(from, to), why = errno;

		free(from);
		free(to);
		if (rc != 0 && why != ENOENT) {
			tctl_fail(err, TCTL_EFAILED, "cannot keep %s as %s: %s",
			    path, *aside, strerror(why));
			free(*aside);
			*aside = NULL; /* it is where it was */
			return err->status;
		}
	}
	remove_files(path, old);
	if (tctl_folder_sync(path))
		return TCTL_OK;
	return tctl_fail(err, TCTL_EFAILED, "cannot move %s aside: %s", path,
	    strerror(errno));
}

/* Is it still the file that was found damaged? */
static bool
is_still(const char *path, int64_t inode)
{
	struct stat st;

	return lstat(path, &st) == 0 && (int64_t)st.st_ino == inode;
}

/* For those who may only read.  The store is there without them too. */
static void
leave_log_and_index(const char *path, int64_t wait_ms)
{
	struct tctl_store *store = NULL;
	struct tctl_error unused;

	(void)!tctl_store_open(path, TCTL_OPEN_WRITE, wait_ms, &store, &unused);
	tctl_store_close(store);
}

enum tctl_status
tctl_store_install(const char *beside, const char *path, int64_t damaged,
    int64_t wait_ms, char **aside, struct tctl_error *err)
{
	static const char *const stray[] = { "-wal", "-shm", "-journal", NULL };
	char *queue = tctl_xprintf("%s-queue", path);
	struct tctl_turnstile turn = {
		.path = queue, .mode = tctl_store_mode(path), .fd = -1
	};
	enum tctl_status status =
	    tctl_turnstile_enter(&turn, tctl_clock_ms() + wait_ms, err);

	*aside = NULL;
	if (status == TCTL_OK) {
		if (damaged != 0)
			status = is_still(path, damaged)
				     ? set_aside(path, aside, err)
				     : tctl_fail(err, TCTL_EFAILED,
					   "another store has come to %s "
					   "meanwhile",
					   path);
		/* A log without its store is nobody's: SQLite would play it
		 * into ours. */
		if (status == TCTL_OK && access(path, F_OK) != 0)
			remove_files(path, stray);
		if (status == TCTL_OK)
			status = tctl_store_put(beside, path, false, err);
		if (status != TCTL_OK && *aside != NULL)
			tctl_hint(err, "what was there is %s now", *aside);
		tctl_turnstile_leave(&turn);
	}
	tctl_turnstile_close(&turn);
	free(queue);
	if (status == TCTL_OK)
		leave_log_and_index(path, wait_ms);
	return status;
}
