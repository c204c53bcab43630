/* file_replace.c - a file replaced in one step. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_replace.h"

bool
tctl_write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		length -= (size_t)n;
	}
	return true;
}

/* A new file's mode: what umask leaves. */
static mode_t
fresh_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

static bool
write_aside(const char *path, char *aside, mode_t mode, const char *bytes,
    size_t length)
{
	int fd = mkostemp(aside, O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return false;
	ok = tctl_write_all(fd, bytes, length) && fchmod(fd, mode) == 0 &&
	     fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	return ok && rename(aside, path) == 0;
}

static bool
write_through(const char *path, const char *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && tctl_write_all(fd, bytes, length);

	if (fd >= 0 && close(fd) != 0)
		ok = false;
	return ok;
}

enum tctl_status
tctl_file_replace(
    const char *path, const char *bytes, size_t length, struct tctl_error *err)
{
	char *real = realpath(path, NULL), *aside;
	const char *target = real != NULL ? real : path;
	struct stat st;
	bool there = stat(target, &st) == 0, ok;

	if (there && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		ok = false;
	} else if (there && !S_ISREG(st.st_mode)) {
		ok = write_through(target, bytes, length);
	} else {
		aside = tctl_xprintf("%s.XXXXXX", target);
		ok = write_aside(target, aside,
		    there ? st.st_mode & 07777 : fresh_mode(), bytes, length);
		if (!ok) {
			int saved = errno;

			unlink(aside);
			errno = saved;
		}
		free(aside);
	}
	if (!ok)
		tctl_fail(err, TCTL_EFAILED, "cannot write %s: %s", path,
		    strerror(errno));
	free(real);
	return ok ? TCTL_OK : TCTL_EFAILED;
}
