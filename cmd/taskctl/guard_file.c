/* guard_file.c - hooks are replaced at once, or set aside; never missing. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file_replace.h"
#include "guard_hooks.h"

enum { HOOK_MAX = 1 << 20 }; /* bytes; a larger file is no script */

/* What is being written: one name, under the lock. */
#define ASIDE "%s.taskctl-new"

static enum tctl_status
fail(struct tctl_error *err, const char *what, const char *path)
{
	return tctl_fail(
	    err, TCTL_EFAILED, "cannot %s %s: %s", what, path, strerror(errno));
}

enum tctl_status
tctl_guard_file_read(struct tctl_arena *arena, const char *path,
    struct tctl_guard_file *out, struct tctl_error *err)
{
	ssize_t n = 0;
	int fd;

	memset(out, 0, sizeof(*out));
	out->path = path;
	if (lstat(path, &out->st) != 0)
		return errno == ENOENT || errno == ENOTDIR
			   ? TCTL_OK
			   : fail(err, "look at", path);
	out->there = true;
	if (!S_ISREG(out->st.st_mode) || out->st.st_size > HOOK_MAX)
		return TCTL_OK;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return fail(err, "read", path);
	out->text = tctl_arena_alloc(arena, (size_t)out->st.st_size + 1);
	while (out->length < (size_t)out->st.st_size) {
		n = read(fd, out->text + out->length,
		    (size_t)out->st.st_size - out->length);
		if (n <= 0)
			break;
		out->length += (size_t)n;
	}
	close(fd);
	return n < 0 ? fail(err, "read", path) : TCTL_OK;
}

static mode_t
fresh_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0777 & ~mask;
}

/* Written beside it under this name, complete before anybody sees it. */
static bool
write_beside(const struct tctl_guard_file *file, const char *aside,
    const char *text, size_t length, const struct timespec *mtime)
{
	const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
		mtime != NULL ? *mtime
			      : (struct timespec){ .tv_nsec = UTIME_NOW } };
	bool same = file->there && S_ISREG(file->st.st_mode), ok;
	int fd = open(
	    aside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return false;
	/* Another's file stays another's, where we may give it away. */
	if (same && fchown(fd, file->st.st_uid, file->st.st_gid) != 0 &&
	    fchown(fd, (uid_t)-1, file->st.st_gid) != 0)
		errno = 0;
	ok = tctl_write_all(fd, text, length) &&
	     fchmod(fd, same ? file->st.st_mode & 07777 : fresh_mode()) == 0 &&
	     futimens(fd, times) == 0 && fsync(fd) == 0;
	return close(fd) == 0 && ok;
}

/* Has somebody changed it since it was read? */
static bool
is_as_read(const struct tctl_guard_file *file)
{
	struct stat st;

	if (lstat(file->path, &st) != 0)
		return !file->there;
	return file->there && st.st_ino == file->st.st_ino &&
	       st.st_size == file->st.st_size &&
	       st.st_mtim.tv_sec == file->st.st_mtim.tv_sec &&
	       st.st_mtim.tv_nsec == file->st.st_mtim.tv_nsec;
}

enum tctl_status
tctl_guard_file_write(const struct tctl_guard_file *file, const char *text,
    size_t length, const struct timespec *mtime, struct tctl_error *err)
{
	char *aside = tctl_xprintf(ASIDE, file->path);
	bool ok = write_beside(file, aside, text, length, mtime);

	if (ok && !is_as_read(file)) {
		unlink(aside);
		free(aside);
		return tctl_fail(err, TCTL_EBUSY,
		    "%s is being changed by somebody else", file->path);
	}
	ok = ok && rename(aside, file->path) == 0;
	if (!ok) {
		fail(err, "write", file->path);
		unlink(aside);
	}
	free(aside);
	return ok ? TCTL_OK : TCTL_EFAILED;
}

/* Make it and what is missing above it; path is changed meanwhile. */
static bool
make_folders(char *path, bool *made)
{
	char *slash;

	if (mkdir(path, 0777) == 0) {
		*made = true;
		return true;
	}
	if (errno == EEXIST)
		return true;
	slash = strrchr(path, '/');
	if (errno != ENOENT || slash == NULL || slash == path)
		return false;
	*slash = '\0';
	if (!make_folders(path, made))
		return false;
	*slash = '/';
	return mkdir(path, 0777) == 0;
}

enum tctl_status
tctl_guard_folder_make(const char *path, bool *made, struct tctl_error *err)
{
	char *copy = tctl_xstrdup(path);
	bool ok = make_folders(copy, made);

	if (!ok)
		fail(err, "make", path);
	free(copy);
	return ok ? TCTL_OK : TCTL_EFAILED;
}

/* --- set aside --- */

char *
tctl_guard_kept_path(struct tctl_arena *arena, const char *path)
{
	return tctl_arena_printf(arena, "%s.taskctl-kept", path);
}

static const char *
name_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

static char *
alias_folder(struct tctl_arena *arena, const char *path)
{
	return tctl_arena_printf(
	    arena, "%.*staskctl.d", (int)(name_of(path) - path), path);
}

char *
tctl_guard_alias_path(struct tctl_arena *arena, const char *path)
{
	return tctl_arena_printf(
	    arena, "%s/%s", alias_folder(arena, path), name_of(path));
}

/* A second name for the very same file, so that its first can be taken over in
 * one step; what a run that died here has left is that already. */
static bool
give_second_name(const struct tctl_guard_file *file, const char *kept)
{
	struct stat st;

	if (linkat(AT_FDCWD, file->path, AT_FDCWD, kept, 0) == 0)
		return true;
	if (errno == EEXIST)
		return lstat(kept, &st) == 0 && st.st_ino == file->st.st_ino &&
		       st.st_dev == file->st.st_dev;
	/* No second names here: for a moment there is no hook. */
	return (errno == EPERM || errno == EOPNOTSUPP || errno == EMLINK) &&
	       rename(file->path, kept) == 0;
}

enum tctl_status
tctl_guard_file_keep(struct tctl_arena *arena,
    const struct tctl_guard_file *file, const char *text,
    struct tctl_error *err)
{
	char *kept = tctl_guard_kept_path(arena, file->path);
	char *alias = tctl_guard_alias_path(arena, file->path);
	struct tctl_guard_file fresh = { .path = file->path };
	char *aside = tctl_xprintf(ASIDE, file->path);
	char *target = tctl_arena_printf(arena, "../%s", name_of(kept));
	enum tctl_status status = TCTL_OK;

	if (mkdir(alias_folder(arena, file->path), 0777) != 0 &&
	    errno != EEXIST)
		status = fail(err, "make", alias_folder(arena, file->path));
	else if (symlink(target, alias) != 0 && errno != EEXIST)
		status = fail(err, "make", alias);
	else if (!give_second_name(file, kept)) {
		if (errno == EEXIST)
			errno = 0;
		status = tctl_fail(err, TCTL_EFAILED,
		    "cannot set %s aside: %s is in the way%s%s", file->path,
		    kept, errno != 0 ? ": " : "",
		    errno != 0 ? strerror(errno) : "");
	} else if (!write_beside(&fresh, aside, text, strlen(text), NULL) ||
		   rename(aside, file->path) != 0) {
		status = fail(err, "write", file->path);
		unlink(aside);
	}
	free(aside);
	return status;
}

void
tctl_guard_file_tidy(struct tctl_arena *arena, const char *path)
{
	const char *kept = tctl_guard_kept_path(arena, path);
	struct stat st, own;

	unlink(tctl_arena_printf(arena, ASIDE, path));
	/* The same file under two names: it died before it took the first. */
	if (lstat(kept, &st) == 0 && lstat(path, &own) == 0 &&
	    st.st_ino == own.st_ino && st.st_dev == own.st_dev)
		unlink(kept);
	else if (lstat(kept, &st) == 0)
		return;
	unlink(tctl_guard_alias_path(arena, path));
	rmdir(alias_folder(arena, path));
}

enum tctl_status
tctl_guard_file_restore(struct tctl_arena *arena,
    const struct tctl_guard_file *file, struct tctl_error *err)
{
	if (rename(tctl_guard_kept_path(arena, file->path), file->path) != 0)
		return fail(err, "put back", file->path);
	tctl_guard_file_tidy(arena, file->path);
	return TCTL_OK;
}
