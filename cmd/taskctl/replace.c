/* replace.c - somebody's file replaced, whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_replace.h"
#include "replace.h"
#include "taskctl/memory.h"
#include "taskctl/store.h"

enum tctl_status
tctl_target_lock(const char *path, int64_t wait_ms, struct tctl_target *out,
    struct tctl_error *err)
{
	char *real = realpath(path, NULL);
	int folder = real == NULL ? -1 : tctl_folder_lock(real, wait_ms);

	if (folder < 0) {
		free(real);
		return errno == EWOULDBLOCK
			   ? tctl_fail(err, TCTL_EBUSY,
				 "somebody else is writing beside %s", path)
			   : tctl_fail(err,
				 errno == ENOENT ? TCTL_ENOTFOUND
						 : TCTL_EFAILED,
				 "cannot open %s: %s", path, strerror(errno));
	}
	*out = (struct tctl_target){ real, folder };
	return TCTL_OK;
}

void
tctl_target_unlock(struct tctl_target *target)
{
	close(target->folder);
	free(target->path);
}

/* --- replacing -------------------------------------------------------- */

static bool
holds(int fd, const char *bytes, size_t length)
{
	char buf[1 << 16];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		if ((size_t)n > length || memcmp(buf, bytes, (size_t)n) != 0)
			return false;
		bytes += n;
		length -= (size_t)n;
	}
	return n == 0 && length == 0;
}

/* Another's file stays another's, where we may give it away. */
static bool
take_over(int fd, const struct stat *st)
{
	if (fchown(fd, st->st_uid, st->st_gid) != 0 &&
	    fchown(fd, (uid_t)-1, st->st_gid) != 0)
		errno = 0;
	return fchmod(fd, st->st_mode & 07777) == 0;
}

static bool
write_beside(const struct tctl_target *target, const struct stat *st,
    const char *bytes, size_t length)
{
	/* One name, under the lock: what a killed one left is taken out. */
	char *aside = tctl_xprintf("%s.taskctl-new", target->path);
	int fd, saved;
	bool done;

	unlink(aside);
	fd = open(
	    aside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	done = fd >= 0 && tctl_write_all(fd, bytes, length) &&
	       take_over(fd, st) && fsync(fd) == 0;

	if (fd >= 0 && close(fd) != 0)
		done = false;
	done = done && rename(aside, target->path) == 0;
	saved = errno;
	if (fd >= 0 && !done)
		unlink(aside);
	free(aside);
	if (done)
		fsync(target->folder);
	errno = saved;
	return done;
}

enum tctl_status
tctl_target_replace(const struct tctl_target *target, const char *old,
    size_t old_length, const char *new, size_t new_length,
    struct tctl_error *err)
{
	/* For writing: a file that may not be written is not replaced either.
	 */
	int fd = open(target->path, O_RDWR | O_CLOEXEC);
	bool same, done;
	struct stat st;

	if (fd < 0)
		return tctl_fail(err, TCTL_EFAILED, "cannot write %s: %s",
		    target->path, strerror(errno));
	same = fstat(fd, &st) == 0 && holds(fd, old, old_length);
	close(fd);
	if (!same)
		return tctl_fail(err, TCTL_EBUSY,
		    "%s is being changed by somebody else", target->path);
	done = write_beside(target, &st, new, new_length);
	return done ? TCTL_OK
		    : tctl_fail(err, TCTL_EFAILED, "cannot write %s: %s",
			  target->path, strerror(errno));
}
