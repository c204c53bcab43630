/* queue.c - committers one after the other, and no lock left by the dead.
 *
 * The branch moves by compare-and-swap under its own lock file, which needs no
 * help.  But a lock file outlives a committer that is killed while it holds it
 * (a container that ends right after its last task was done), and would stop
 * every later commit until a person takes it away.  So committers queue for an
 * open-file-description lock, which the kernel ends with its holder, and leave
 * a note of which lock file is theirs: whoever is first in the queue and finds
 * the note knows that its writer is dead, and takes exactly that file away.
 * Between the lock and its note there is a moment: so the intent is noted
 * before, with the time.
 *
 * Without the queue (a read-only place, a holder that is stopped) a commit goes
 * on all the same.
 *
 * Those in the background keep git.interval between commits.  The queue's file
 * was written last when the branch moved last, so its time of change is the
 * last commit's.  One of them waits; whoever finds it waiting leaves, for what
 * is to be committed is in the store by then, and is read after the wait. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <bsd/stdlib.h>

#include "../taskctl/git_commands.h"
#include "git.h"

/* The file's bytes: who commits, and who waits for git.interval. */
enum { QUEUE_BYTE = 0, LATER_BYTE = TCTL_GIT_LATER_BYTE };

enum {
	WAIT_MS = 3000,
	PAUSE_MS = 10,
	NOTE_MAX = 512,
};

/* Begins the note of who is about to take the lock; no inode is a word. */
#define INTENT "about"

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
set_lock(int fd, short type, off_t byte)
{
	struct flock lock = { .l_type = type,
		.l_whence = SEEK_SET,
		.l_start = byte,
		.l_len = 1 };

	return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

static void
pause_ms(int64_t ms)
{
	nanosleep(&(struct timespec){ .tv_sec = (time_t)(ms / 1000),
		      .tv_nsec = (long)(ms % 1000) * 1000000 },
	    NULL);
}

static bool
take(int fd)
{
	int left_ms = WAIT_MS;

	while (!set_lock(fd, F_WRLCK, QUEUE_BYTE)) {
		int turn_ms = 1 + (int)arc4random_uniform(PAUSE_MS);

		if ((errno != EAGAIN && errno != EACCES) || left_ms <= 0)
			return false;
		pause_ms(turn_ms);
		left_ms -= turn_ms;
	}
	return true;
}

/* Somebody was about to take the lock, and died: is the file that is there the
 * one?  Empty, and made at that moment; the file system's clock runs by ticks,
 * so it may be a little behind. */
static bool
is_intended(const struct tctl_git *git, const char *note)
{
	enum { TICK_MS = 20, MOMENT_MS = 1000 };
	char *path = lock_path(git);
	struct statx st;
	int64_t intended_ms, after_ms;
	int ref = 0;
	bool is =
	    sscanf(note, INTENT " %" SCNd64 " %n", &intended_ms, &ref) == 1 &&
	    ref > 0 && strcmp(note + ref, git->ref) == 0 &&
	    statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_SIZE | STATX_BTIME,
		&st) == 0 &&
	    (st.stx_mask & STATX_BTIME) != 0 && st.stx_size == 0;

	free(path);
	if (!is)
		return false;
	after_ms = (int64_t)st.stx_btime.tv_sec * 1000 +
		   st.stx_btime.tv_nsec / 1000000 - intended_ms;
	return after_ms >= -TICK_MS && after_ms <= MOMENT_MS;
}

/* Take away the lock file that is noted.  is_dead: its writer, who may have got
 * no further than to be about to take it.  False: it is still there. */
static bool
clear_up(const struct tctl_git *git, bool is_dead)
{
	char note[NOTE_MAX], now[NOTE_MAX];
	ssize_t length = pread(git->queue, note, sizeof(note) - 1, 0);
	char *path;
	bool gone;

	if (length <= 0)
		return true;
	note[length] = '\0';
	if (!(is_dead && is_intended(git, note)) &&
	    (!describe(git, now) || strcmp(note, now) != 0))
		return true;
	path = lock_path(git);
	gone = unlink(path) == 0;
	free(path);
	return gone;
}

/* Open the queue's file; a new one says that nothing was ever committed. */
static int
open_queue(const struct tctl_git *git)
{
	static const struct timespec never[2];
	char *path = tctl_xprintf(
	    "%s%s", git_repository_commondir(git->repo), TCTL_GIT_QUEUE_FILE);
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 && errno == ENOENT) {
		fd = open(path,
		    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
		if (fd >= 0)
			(void)futimens(fd, never);
		else /* made meanwhile */
			fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	}
	free(path);
	return fd;
}

void
tctl_git_queue_enter(struct tctl_git *git)
{
	if (git->queue < 0)
		git->queue = open_queue(git);
	if (git->queue >= 0 && !take(git->queue)) {
		close(git->queue);
		git->queue = -1;
	}
	if (git->queue >= 0)
		(void)clear_up(git, true);
}

void
tctl_git_queue_intend(const struct tctl_git *git)
{
	char note[NOTE_MAX] = "";
	int length;

	if (git->queue < 0)
		return;
	length = snprintf(note, sizeof(note), INTENT " %" PRId64 " %s",
	    tctl_wall_ms(), git->ref);
	if (length < NOTE_MAX)
		(void)!pwrite(git->queue, note, sizeof(note), 0);
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
	/* Only if there is a note: its time is that of the last commit. libgit2
	 * does not look whether the lock file has gone. */
	if (lseek(git->queue, 0, SEEK_END) > 0 && clear_up(git, false))
		(void)!ftruncate(git->queue, 0);
	close(git->queue);
	git->queue = -1;
}

/* --- git.interval ---------------------------------------------------------
 */

/* How long it is until the next commit may be.  *last_ms is when the last one
 * was, by the wall clock, and *since_ms when we saw that, by one that is never
 * set: one set back must not hold up commits. */
static int64_t
left_ms(const struct tctl_git *git, int64_t *last_ms, int64_t *since_ms)
{
	int64_t interval_ms = git->config->git_interval_ms, changed_ms = 0;
	int64_t now_ms = tctl_clock_ms(), wall_ms, seen_ms;
	struct stat st;

	if (fstat(git->queue, &st) == 0)
		changed_ms = (int64_t)st.st_mtim.tv_sec * 1000 +
			     st.st_mtim.tv_nsec / 1000000;
	if (changed_ms != *last_ms) {
		*last_ms = changed_ms;
		*since_ms = now_ms;
	}
	wall_ms = interval_ms - (tctl_wall_ms() - *last_ms);
	seen_ms = interval_ms - (now_ms - *since_ms);
	return wall_ms < seen_ms ? wall_ms : seen_ms;
}

bool
tctl_git_queue_later(struct tctl_git *git)
{
	int64_t last_ms = -1, since_ms = 0, left;

	git->queue = open_queue(git);
	if (git->queue < 0)
		return true;
	if (!set_lock(git->queue, F_WRLCK, LATER_BYTE)) {
		close(git->queue);
		git->queue = -1;
		return false;
	}
	for (;;) {
		while ((left = left_ms(git, &last_ms, &since_ms)) > 0)
			pause_ms(left);
		/* Whoever committed while we queued counts, too. */
		tctl_git_queue_enter(git);
		if (git->queue < 0)
			return true;
		if (left_ms(git, &last_ms, &since_ms) <= 0)
			break;
		set_lock(git->queue, F_UNLCK, QUEUE_BYTE);
	}
	set_lock(git->queue, F_UNLCK, LATER_BYTE);
	return true;
}
