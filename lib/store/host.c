/* host.c - clocks that ignore what anyone sets, and who is alive.
 *
 * BOOTTIME and start times are shifted by a time namespace, which an ordinary
 * user can make under one boot id; /proc/self/timens_offsets says by how much,
 * so both are shifted back (time_namespaces(7)). */
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

/* Read a small file of /proc or /etc into buf, NUL-terminated; its length. */
static ssize_t
read_small(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
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

/* The same, without the newline; "" where it cannot be read. */
static void
read_word(const char *path, char *buf, size_t size)
{
	if (read_small(path, buf, size) > 0)
		buf[strcspn(buf, "\n")] = '\0';
}

/* What this time namespace adds to BOOTTIME, ms. */
static int64_t
namespace_offset_ms(void)
{
	char text[256];
	const char *line;

	if (read_small("/proc/self/timens_offsets", text, sizeof(text)) <= 0)
		return 0;
	line = strstr(text, "boottime");
	if (line != NULL) {
		char *end;
		int64_t s = strtoll(line + strlen("boottime"), &end, 10);
		int64_t ns = strtoll(end, NULL, 10);

		return s * 1000 + ns / 1000000;
	}
	return 0;
}

static int64_t
clock_ms(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
tctl_clock_ms(void)
{
	return clock_ms(CLOCK_BOOTTIME);
}

void
tctl_host_now(struct tctl_now *out)
{
	out->boot_ms = clock_ms(CLOCK_BOOTTIME) - namespace_offset_ms();
	out->wall_ms = clock_ms(CLOCK_REALTIME);
	read_word(
	    "/proc/sys/kernel/random/boot_id", out->boot, sizeof(out->boot));
	read_word("/etc/machine-id", out->machine, sizeof(out->machine));
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

/* Field 22, the start time in ticks, shifted to the initial namespace; -1. */
static int64_t
start_of(const char *fields)
{
	const int from_state = 22 - 3; /* fields begins with field 3, state */
	int64_t per_second = sysconf(_SC_CLK_TCK);

	for (int i = 0; i < from_state; i++) {
		fields = strchr(fields, ' ');
		if (fields == NULL)
			return -1;
		fields++;
	}
	return strtoll(fields, NULL, 10) -
	       namespace_offset_ms() * per_second / 1000;
}

static int64_t
pid_space(void)
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

	if (process->space == 0 || process->space != pid_space())
		return TCTL_UNKNOWN;
	if (kill((pid_t)process->pid, 0) != 0 && errno == ESRCH)
		return TCTL_DEAD;
	fields = stat_fields(process->pid, buf, sizeof(buf));
	if (fields == NULL)
		return TCTL_UNKNOWN;
	if (fields[0] == 'Z' || fields[0] == 'X')
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
	if (fields == NULL || fields[0] == 'Z')
		return -1;
	out->pid = pid;
	out->start = start_of(fields);
	out->space = pid_space();
	return out->start < 0 || out->space == 0 ? -1 : 0;
}

char
tctl_process_state(int64_t pid)
{
	char buf[1024];
	const char *fields = stat_fields(pid, buf, sizeof(buf));

	return fields == NULL ? 0 : fields[0];
}
