/* queue.c - committers one after the other, and no lock left by the dead.
 *
 * The branch moves by compare-and-swap under its own lock file, which needs no
 * help.  But a lock file outlives a committer that is killed while it holds it
 * (a container that ends right after its last task was done), and would stop
 * every later commit until a person takes it away.  So committers queue for an
 * open-file-description lock, which the kernel ends with its holder, and leave
 * a note of which lock file is theirs: whoever is first in the queue and finds
 * the note knows that its writer is dead, and takes exactly that file away.
 *
 * Without the queue (a read-only place, a holder that is stopped) a commit goes
 * on all the same. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <bsd/stdlib.h>

#include "git.h"

enum {
	WAIT_MS = 3000,
	PAUSE_MS = 10,
	NOTE_MAX = 512,
};

static char *
lock_path(const struct tctl_git *git)
{
	return tctl_xprintf(
	    "%s%s.lock", git_repository_commondir(git->repo), git->ref);
}

/* Which file it is, so that no later one of that name, nor one that got its
 * inode again, is taken for it: "INODE BIRTH REF".  False: it is not there, or
 * the file system knows no time of birth. */
static bool
describe(const struct tctl_git *git, char note[NOTE_MAX])
{
	char *path = lock_path(git);
	struct statx st;
	bool known = statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW,
			 STATX_INO | STATX_BTIME, &st) == 0 &&
		     (st.stx_mask & STATX_BTIME) != 0;
	int length = 0;

	if (known)
		length = snprintf(note, NOTE_MAX,
		    "%" PRIu64 " %" PRId64 ".%09" PRIu32 " %s\n",
		    (uint64_t)st.stx_ino, (int64_t)st.stx_btime.tv_sec,
		    st.stx_btime.tv_nsec, git->ref);
	free(path);
	return known && length < NOTE_MAX;
}

static bool
take(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int left_ms = WAIT_MS;

	while (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
		long pause_ms = 1 + (long)arc4random_uniform(PAUSE_MS);

		if ((errno != EAGAIN && errno != EACCES) || left_ms <= 0)
			return false;
		nanosleep(
		    &(struct timespec){ .tv_nsec = pause_ms * 1000000 }, NULL);
		left_ms -= (int)pause_ms;
	}
	return true;
}

static void
clear_up(const struct tctl_git *git)
{
	char note[NOTE_MAX], now[NOTE_MAX];
	ssize_t length = pread(git->queue, note, sizeof(note) - 1, 0);
	char *path;

	if (length <= 0)
		return;
	note[length] = '\0';
	if (!describe(git, now) || strcmp(note, now) != 0)
		return;
	path = lock_path(git);
	(void)unlink(path);
	free(path);
}

void
tctl_git_queue_enter(struct tctl_git *git)
{
	char *path = tctl_xprintf(
	    "%staskctl-commit", git_repository_commondir(git->repo));

	git->queue =
	    open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	free(path);
	if (git->queue >= 0 && !take(git->queue)) {
		close(git->queue);
		git->queue = -1;
	}
	if (git->queue >= 0)
		clear_up(git);
}

void
tctl_git_queue_note(const struct tctl_git *git)
{
	char note[NOTE_MAX] = "";

	/* One write, so that there is no moment with half a note; durable
	 * before the branch moves, for a power cut leaves lock files, too. */
	if (git->queue >= 0 && describe(git, note) &&
	    pwrite(git->queue, note, sizeof(note), 0) > 0)
		(void)fdatasync(git->queue);
}

void
tctl_git_queue_leave(struct tctl_git *git)
{
	if (git->queue < 0)
		return;
	(void)!ftruncate(git->queue, 0);
	close(git->queue);
	git->queue = -1;
}
