/* clocks.c - a library to preload: other clocks than the machine's.
 *
 * BOOT_ADD_MS   added to BOOTTIME, and to no other clock: a machine that slept
 *               so long, or (to what came before) one set back to a snapshot
 * BOOT_AT_NS    what BOOTTIME is, standing still
 * WALL_ADD_S    added to the wall clock */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long long
wish(const char *name)
{
	const char *text = getenv(name);

	return text == NULL ? 0 : atoll(text);
}

static void
set(struct timespec *ts, long long ns)
{
	ts->tv_sec = ns / 1000000000;
	ts->tv_nsec = ns % 1000000000;
}

int
clock_gettime(clockid_t clock, struct timespec *ts)
{
	long rc = syscall(SYS_clock_gettime, clock, ts);

	if (rc == 0 && clock == CLOCK_REALTIME)
		ts->tv_sec += wish("WALL_ADD_S");
	if (rc == 0 && clock == CLOCK_BOOTTIME) {
		set(ts, ts->tv_sec * 1000000000LL + ts->tv_nsec +
			    wish("BOOT_ADD_MS") * 1000000);
		if (wish("BOOT_AT_NS") != 0)
			set(ts, wish("BOOT_AT_NS"));
	}
	return (int)rc;
}
