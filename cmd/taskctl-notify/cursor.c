/* cursor.c - how far the log was told: two numbers in a locked file. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "notify.h"

enum { LINE_MAX_BYTES = 64, NAME_MOST = 64 };

static bool
is_name(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length <= NAME_MOST && name[0] != '.' &&
	       name[0] != '-' &&
	       strspn(name,
		   "abcdefghijklmnopqrstuvwxyz"
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == length;
}

static enum tctl_status
read_numbers(
    struct tctl_cursor *cursor, const char *path, struct tctl_error *err)
{
	char line[LINE_MAX_BYTES + 1];
	ssize_t bytes = pread(cursor->fd, line, LINE_MAX_BYTES, 0);

	cursor->after = -1;
	cursor->tries = 0;
	if (bytes == 0)
		return TCTL_OK;
	if (bytes > 0) {
		line[bytes] = '\0';
		if (sscanf(line, "%" SCNd64 " %" SCNd64, &cursor->after,
			&cursor->tries) == 2 &&
		    cursor->after >= 0 && cursor->tries >= 0)
			return TCTL_OK;
	}
	tctl_fail(
	    err, TCTL_EINVALID, "%s does not say how far it was told", path);
	return tctl_hint(err, "begin with --after ID, or take the file away");
}

enum tctl_status
tctl_cursor_open(const struct tctl_place *place, const char *name,
    struct tctl_cursor *out, struct tctl_error *err)
{
	char *folder = tctl_xprintf("%s/notify", place->tasks);
	char *path = tctl_xprintf("%s/%s", folder, name);
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	enum tctl_status status = TCTL_OK;

	out->fd = -1;
	if (!is_name(name))
		status = tctl_fail(err, TCTL_EINVALID,
		    "--name: letters, digits and . _ - make a name");
	else if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		status = tctl_fail(err, TCTL_EFAILED, "cannot make %s: %s",
		    folder, strerror(errno));
	if (status == TCTL_OK)
		out->fd =
		    open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (status == TCTL_OK && out->fd < 0)
		status = tctl_fail(err, TCTL_EFAILED, "cannot open %s: %s",
		    path, strerror(errno));
	else if (status == TCTL_OK && fcntl(out->fd, F_OFD_SETLK, &lock) != 0)
		status = tctl_fail(err, TCTL_EBUSY,
		    "another notify is at work for \"%s\"", name);
	if (status == TCTL_OK)
		status = read_numbers(out, path, err);
	free(path);
	free(folder);
	return status;
}

enum tctl_status
tctl_cursor_keep(struct tctl_cursor *cursor, struct tctl_error *err)
{
	char line[LINE_MAX_BYTES];
	int length = snprintf(line, sizeof(line),
	    "%20" PRId64 " %8" PRId64 "\n", cursor->after, cursor->tries);

	/* Always as long, so that one write replaces it whole. */
	if (pwrite(cursor->fd, line, (size_t)length, 0) != length ||
	    fdatasync(cursor->fd) != 0)
		return tctl_fail(err, TCTL_EFAILED,
		    "cannot write down how far it was told: %s",
		    strerror(errno));
	return TCTL_OK;
}

void
tctl_cursor_close(struct tctl_cursor *cursor)
{
	if (cursor->fd >= 0)
		close(cursor->fd);
	cursor->fd = -1;
}
