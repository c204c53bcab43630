/* host.c - clocks that ignore what anyone sets, and who is alive.
 *
 * BOOTTIME and start times are shifted by a time namespace, which an ordinary
 * user can make under one boot id; /proc/self/timens_offsets says by how much,
 * so both are shifted back (time_namespaces(7)). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "taskctl/process.h"

#define SECOND_NS INT64_C(1000000000)
#define MS_NS INT64_C(1000000)

/* Read a small file of /proc or /etc into buf, NUL-terminated; its length. */
static ssize_t
read_small_at(int folder, const char *path, char *buf, size_t size)
{
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	buf[0] = '\0';
	if (fd < 0)
		return -1;
	n = read(fd, buf, size - 1);
	close(fd);
	if (n >= 0)
		buf[n] = '\0';
	return n;
}

static ssize_t
read_small(const char *path, char *buf, size_t size)
{
	return read_small_at(AT_FDCWD, path, buf, size);
}

/* The same; "" where there is no such file.  One that is there and cannot be
 * read (no descriptor is left, say) is not taken for that: a boot without a
 * name is another boot, and ends leases. */
static enum tctl_status
read_text(const char *path, char *buf, size_t size, struct tctl_error *err)
{
	if (read_small(path, buf, size) < 0 && errno != ENOENT)
		return tctl_fail(err, TCTL_EFAILED, "cannot read %s: %s", path,
		    strerror(errno));
	return TCTL_OK;
}

/* Its first line. */
static enum tctl_status
read_word(const char *path, char *buf, size_t size, struct tctl_error *err)
{
	enum tctl_status status = read_text(path, buf, size, err);

	buf[strcspn(buf, "\n")] = '\0';
	return status;
}

/* What this time namespace adds to BOOTTIME, ns; kernels before 5.6 have none.
 */
static enum tctl_status
namespace_offset(int64_t *out_ns, struct tctl_error *err)
{
	char text[256];
	const char *line;
	enum tctl_status status =
	    read_text("/proc/self/timens_offsets", text, sizeof(text), err);

	*out_ns = 0;
	line = status == TCTL_OK ? strstr(text, "boottime") : NULL;
	if (line != NULL) {
		char *end;
		int64_t s = strtoll(line + strlen("boottime"), &end, 10);
		int64_t ns = strtoll(end, NULL, 10);

		*out_ns = s * SECOND_NS + ns;
	}
	return status;
}

static int64_t
clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * SECOND_NS + ts.tv_nsec;
}

int64_t
tctl_clock_ms(void)
{
	return clock_ns(CLOCK_BOOTTIME) / MS_NS;
}

int64_t
tctl_wall_ms(void)
{
	return clock_ns(CLOCK_REALTIME) / MS_NS;
}

enum tctl_status
tctl_host_now(struct tctl_now *out, struct tctl_error *err)
{
	int64_t offset_ns;
	enum tctl_status status = namespace_offset(&offset_ns, err);

	/* Shifted first, then cut: or two namespaces differ by 1 ms, and the
	 * clock seems to go back. */
	out->boot_ms = (clock_ns(CLOCK_BOOTTIME) - offset_ns) / MS_NS;
	out->wall_ms = tctl_wall_ms();
	if (status == TCTL_OK)
		status = read_word("/proc/sys/kernel/random/boot_id", out->boot,
		    sizeof(out->boot), err);
	if (status == TCTL_OK)
		status = read_word(
		    "/etc/machine-id", out->machine, sizeof(out->machine), err);
	return status;
}

/* The fields of /proc/PID/stat that follow the command's name, which may hold
 * anything, blanks and brackets too: so look for the last bracket. */
static const char *
stat_fields(int64_t pid, char *buf, size_t size)
{
	char path[64];
	char *end;

	snprintf(path, sizeof(path), "/proc/%lld/stat", (long long)pid);
	if (read_small(path, buf, size) <= 0)
		return NULL;
	end = strrchr(buf, ')');
	return end == NULL || end[1] != ' ' ? NULL : end + 2;
}

enum { FIRST_FIELD = 3, THREADS_FIELD = 20, START_FIELD = 22 };

/* One of them, a number; -1: there are not so many. */
static int64_t
field_of(const char *fields, int n)
{
	for (int i = FIRST_FIELD; i < n; i++) {
		fields = strchr(fields, ' ');
		if (fields == NULL)
			return -1;
		fields++;
	}
	return strtoll(fields, NULL, 10);
}

/* The start time in ticks, shifted to the initial namespace; -1. */
static int64_t
start_of(const char *fields)
{
	int64_t per_second = sysconf(_SC_CLK_TCK), offset_ns;
	int64_t start = field_of(fields, START_FIELD);
	struct tctl_error ignored;

	if (start < 0 || namespace_offset(&offset_ns, &ignored) != TCTL_OK)
		return -1;
	return start - offset_ns / (SECOND_NS / per_second);
}

/* A process whose first thread has ended before the others (pthread_exit in
 * main) is shown as a zombie, too, and lives on. */
static bool
is_over(const char *fields)
{
	return (fields[0] == 'Z' || fields[0] == 'X') &&
	       field_of(fields, THREADS_FIELD) <= 1;
}

int64_t
tctl_host_pid_space(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) == 0 ? (int64_t)st.st_ino : 0;
}

enum tctl_life
tctl_process_life(const struct tctl_process *process)
{
	char buf[1024];
	const char *fields;
	int64_t start;

	if (process->space == 0 || process->space != tctl_host_pid_space())
		return TCTL_UNKNOWN;
	if (kill((pid_t)process->pid, 0) != 0 && errno == ESRCH)
		return TCTL_DEAD;
	fields = stat_fields(process->pid, buf, sizeof(buf));
	if (fields == NULL)
		return TCTL_UNKNOWN;
	if (is_over(fields))
		return TCTL_DEAD;
	start = start_of(fields);
	/* One tick of slack: the namespace's offset is not a multiple of it. */
	if (start < 0)
		return TCTL_UNKNOWN;
	return llabs(start - process->start) <= 1 ? TCTL_ALIVE : TCTL_DEAD;
}

/* The thread group's id of a thread, from /proc/PID/status; 0. */
static int64_t
thread_group(int64_t pid)
{
	char path[64], buf[2048];
	const char *line;

	snprintf(path, sizeof(path), "/proc/%lld/status", (long long)pid);
	if (read_small(path, buf, sizeof(buf)) <= 0)
		return 0;
	line = strstr(buf, "\nTgid:");
	return line == NULL ? 0 : strtoll(line + 6, NULL, 10);
}

int
tctl_process_describe(int64_t pid, struct tctl_process *out)
{
	char buf[1024];
	const char *fields;

	pid = thread_group(pid);
	fields = pid == 0 ? NULL : stat_fields(pid, buf, sizeof(buf));
	if (fields == NULL || is_over(fields))
		return -1;
	out->pid = pid;
	out->start = start_of(fields);
	out->space = tctl_host_pid_space();
	return out->start < 0 || out->space == 0 ? -1 : 0;
}

char
tctl_process_state(int64_t pid)
{
	char buf[1024];
	const char *fields = stat_fields(pid, buf, sizeof(buf));

	return fields == NULL ? 0 : fields[0];
}

bool
tctl_process_is_stopped(char state)
{
	return state == 'T' || state == 't';
}

/* --- whose lock it is ---------------------------------------------------- */

/* Does this line of fdinfo tell of a lock to write there?
 * "lock:\t1: OFDLCK ADVISORY  WRITE -1 fe:00:4461714 0 0" */
static bool
tells_of_lock(const char *line, off_t byte)
{
	long long first, last;

	return sscanf(line,
		   "lock: %*d: %*s ADVISORY WRITE %*d %*x:%*x:%*d %lld %lld",
		   &first, &last) == 2 &&
	       first <= byte && byte <= last;
}

static bool
has_locked(int fds, const char *fd, const struct stat *file, off_t byte)
{
	char path[64], buf[1024];
	struct stat st;

	if (fstatat(fds, fd, &st, 0) != 0 || st.st_ino != file->st_ino ||
	    st.st_dev != file->st_dev)
		return false;
	snprintf(path, sizeof(path), "../fdinfo/%.20s", fd);
	if (read_small_at(fds, path, buf, sizeof(buf)) <= 0)
		return false;
	for (const char *line = strstr(buf, "lock:"); line != NULL;
	     line = strstr(line + 1, "lock:"))
		if (tells_of_lock(line, byte))
			return true;
	return false;
}

static bool
process_has_locked(const char *pid, const struct stat *file, off_t byte)
{
	char path[64];
	const struct dirent *entry;
	bool found = false;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	fds = opendir(path);
	if (fds == NULL)
		return false;
	while (!found && (entry = readdir(fds)) != NULL)
		found = has_locked(dirfd(fds), entry->d_name, file, byte);
	closedir(fds);
	return found;
}

int64_t
tctl_process_locking(const struct stat *file, off_t byte)
{
	const struct dirent *entry;
	int64_t pid = 0;
	DIR *all = opendir("/proc");

	if (all == NULL)
		return 0;
	while (pid == 0 && (entry = readdir(all)) != NULL)
		if (process_has_locked(entry->d_name, file, byte))
			pid = strtoll(entry->d_name, NULL, 10);
	closedir(all);
	return pid;
}

bool
tctl_fail_stopped(struct tctl_error *err, int64_t pid, const char *what)
{
	if (pid <= 0 || !tctl_process_is_stopped(tctl_process_state(pid)))
		return false;
	(void)tctl_fail(err, TCTL_EBUSY, "process %lld holds %s and is stopped",
	    (long long)pid, what);
	(void)tctl_hint(err, "let it go on (kill -CONT %lld), then try again",
	    (long long)pid);
	return true;
}
