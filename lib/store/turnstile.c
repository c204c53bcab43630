/* turnstile.c - a fair queue out of two byte locks on one file.
 *
 * Lock byte 0, lock byte 1, unlock byte 0; work; unlock byte 1.  Whoever holds
 * byte 0 is next; the one who leaves cannot barge in again, since the next is
 * already waiting on byte 1.  SQLite's own busy handler starves: with 8
 * processes one got 1 claim while another got 5,352.
 *
 * Open-file-description locks (fcntl(2), F_OFD_SETLKW) on a file of their own:
 * they die with the process, and closing another descriptor of the file does
 * not drop them. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "host.h"
#include "taskctl/process.h"
#include "taskctl/store.h"
#include "turnstile.h"

enum {
	NEXT_BYTE = 0, /* held by the one who is next */
	WORK_BYTE = 1, /* held by the one who works */
	/* A timer that fired once before fcntl was entered would be missed,
	 * and the wait would never end; so it fires again and again.  Each time
	 * the waiter goes to the end of the kernel's line: who is next is drawn
	 * by lot among those who run (ADR 0003, "What was measured"). */
	TICK_US = 20000,
};

static int
set_lock(int fd, int command, short type, off_t byte)
{
	struct flock lock = { .l_type = type,
		.l_whence = SEEK_SET,
		.l_start = byte,
		.l_len = 1 };

	return fcntl(fd, command, &lock);
}

static void
on_tick(int signo)
{
	(void)signo; /* it is here to make fcntl return with EINTR */
}

/* Wait, blocked in the kernel, for a byte; polling doubled the worst wait. */
static int
wait_for(int fd, off_t byte, int64_t deadline_ms)
{
	const struct itimerval tick = { { 0, TICK_US }, { 0, TICK_US } };
	const struct itimerval off = { { 0, 0 }, { 0, 0 } };
	struct itimerval theirs;
	struct sigaction act, old;
	sigset_t alarm_only, mask;
	int rc;

	if (set_lock(fd, F_OFD_SETLK, F_WRLCK, byte) == 0)
		return 0;
	memset(&act, 0, sizeof(act));
	act.sa_handler = on_tick; /* and no SA_RESTART */
	sigaction(SIGALRM, &act, &old);
	sigemptyset(&alarm_only);
	sigaddset(&alarm_only, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alarm_only, &mask);
	setitimer(ITIMER_REAL, &tick, &theirs);
	do {
		rc = set_lock(fd, F_OFD_SETLKW, F_WRLCK, byte);
	} while (rc != 0 && errno == EINTR && tctl_clock_ms() < deadline_ms);
	setitimer(ITIMER_REAL, &off, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGALRM, &old, NULL);
	/* An alarm that our caller has set (alarm(2) outlives exec) comes late,
	 * but it comes. */
	if (timerisset(&theirs.it_value))
		setitimer(ITIMER_REAL, &theirs, NULL);
	return rc;
}

/* Open the lock file, or make it with the store's mode: a lock of somebody
 * who may only read would block writers. */
static int
open_file(struct tctl_turnstile *turn)
{
	int why, fd = open(turn->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	if (fd < 0 && errno == ENOENT) {
		fd = open(turn->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		    turn->mode);
		if (fd >= 0)
			fchmod(fd, turn->mode);
	}
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) != 0) {
		why = errno;
		close(fd);
		errno = why;
		return -1;
	}
	turn->dev = st.st_dev;
	turn->ino = st.st_ino;
	return fd;
}

/* Somebody may have replaced the file while we waited for the old one's lock:
 * two would be let in, one by each file. */
static bool
is_current(const struct tctl_turnstile *turn)
{
	struct stat there;

	return stat(turn->path, &there) == 0 && there.st_dev == turn->dev &&
	       there.st_ino == turn->ino;
}

enum { NOTE_BYTES = 80 }; /* of one holder's note; one for each byte */

/* Leave a note for whoever runs out of patience (0.8 us): who holds a byte,
 * since when (ms of BOOTTIME), and in which pid namespace. */
static void
sign(int fd, off_t byte)
{
	int64_t space = tctl_host_pid_space();
	char text[NOTE_BYTES];
	int n;

	if (space == 0)
		return;
	n = snprintf(text, sizeof(text), "%-10ld %-16lld %-16lld\n",
	    (long)getpid(), (long long)tctl_clock_ms(), (long long)space);
	if (pwrite(fd, text, (size_t)n, byte * NOTE_BYTES) != n)
		return; /* only a courtesy */
}

/* Who signed last, if it can still be the one: its pid, or 0.  One that is
 * stopped before it signs has not, and a forked child of one that did neither:
 * so the kernel is asked first, who tells of our own user's processes. */
static int64_t
signer(int fd, off_t byte)
{
	struct tctl_process process;
	char text[NOTE_BYTES + 1] = "";
	char *at = text;
	int64_t pid, since_ms, start_ms, space = tctl_host_pid_space();

	if (pread(fd, text, NOTE_BYTES, byte * NOTE_BYTES) <= 0)
		return 0;
	pid = strtoll(at, &at, 10);
	since_ms = strtoll(at, &at, 10);
	if (space == 0 || strtoll(at, NULL, 10) != space ||
	    tctl_process_describe(pid, &process) != 0)
		return 0;
	start_ms = process.start * 1000 / sysconf(_SC_CLK_TCK);
	return start_ms <= since_ms + 1000 ? pid : 0;
}

/* F_OFD_GETLK: does somebody hold it?  Asks, and takes nothing. */
bool
tctl_turnstile_look(const char *path, struct tctl_queue_holder *out)
{
	struct flock lock = { .l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = WORK_BYTE,
		.l_len = 1 };
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	char text[NOTE_BYTES + 1] = "", *at = text;

	memset(out, 0, sizeof(*out));
	if (fd < 0)
		return false;
	out->held =
	    fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
	if (out->held) {
		out->pid = signer(fd, WORK_BYTE);
		out->state = out->pid > 0 ? tctl_process_state(out->pid) : 0;
		if (pread(fd, text, NOTE_BYTES, WORK_BYTE * NOTE_BYTES) > 0) {
			(void)strtoll(at, &at, 10);
			out->since_ms = strtoll(at, &at, 10);
		}
	}
	close(fd);
	return true;
}

static enum tctl_status
timed_out(const struct tctl_turnstile *turn, off_t byte, struct tctl_error *err)
{
	struct stat file;
	int64_t pid =
	    fstat(turn->fd, &file) == 0 ? tctl_process_locking(&file, byte) : 0;
	const char *holds = pid > 0 ? "holds" : "was the last to hold";

	if (pid == 0)
		pid = signer(turn->fd, byte);
	if (tctl_fail_stopped(err, pid, "the store's queue"))
		return TCTL_EBUSY;
	if (pid == 0 || tctl_process_state(pid) == 0)
		return tctl_fail(err, TCTL_EBUSY,
		    "the store could not be had in time; others are using it");
	return tctl_fail(err, TCTL_EBUSY,
	    "the store could not be had in time; process %lld %s its queue",
	    (long long)pid, holds);
}

static void
block_job_control(struct tctl_turnstile *turn)
{
	sigset_t stops;

	sigemptyset(&stops);
	sigaddset(&stops, SIGTSTP);
	sigaddset(&stops, SIGTTIN);
	sigaddset(&stops, SIGTTOU);
	sigprocmask(SIG_BLOCK, &stops, &turn->before);
}

/* Take one byte, and say who has it if it cannot be had in time. */
static enum tctl_status
take(const struct tctl_turnstile *turn, off_t byte, int64_t deadline_ms,
    struct tctl_error *err)
{
	if (wait_for(turn->fd, byte, deadline_ms) == 0) {
		sign(turn->fd, byte);
		return TCTL_OK;
	}
	return errno == EINTR
		   ? timed_out(turn, byte, err)
		   : tctl_fail(err, TCTL_EFAILED, "cannot lock %s: %s",
			 turn->path, strerror(errno));
}

enum tctl_status
tctl_turnstile_enter(
    struct tctl_turnstile *turn, int64_t deadline_ms, struct tctl_error *err)
{
	block_job_control(turn);
	for (;;) {
		if (turn->fd < 0 && (turn->fd = open_file(turn)) < 0) {
			if (errno == ELOOP)
				tctl_refuse_link(turn->path, err);
			else
				tctl_fail(err, TCTL_EFAILED,
				    "cannot open %s: %s", turn->path,
				    strerror(errno));
			break;
		}
		if (take(turn, NEXT_BYTE, deadline_ms, err) != TCTL_OK ||
		    take(turn, WORK_BYTE, deadline_ms, err) != TCTL_OK)
			break;
		set_lock(turn->fd, F_OFD_SETLK, F_UNLCK, NEXT_BYTE);
		if (is_current(turn))
			return TCTL_OK;
		tctl_turnstile_close(turn);
	}
	tctl_turnstile_close(turn);
	sigprocmask(SIG_SETMASK, &turn->before, NULL);
	return err->status;
}

void
tctl_turnstile_leave(struct tctl_turnstile *turn)
{
	set_lock(turn->fd, F_OFD_SETLK, F_UNLCK, WORK_BYTE);
	sigprocmask(SIG_SETMASK, &turn->before, NULL);
}

void
tctl_turnstile_close(struct tctl_turnstile *turn)
{
	if (turn->fd >= 0)
		close(turn->fd); /* drops its locks */
	turn->fd = -1;
}
