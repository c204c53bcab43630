/* probe.c - how fast the disk is, this very moment. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

enum { BLOCK = 4096 };

void
bench_probe_open(struct bench_probe *probe, const char *folder)
{
	char *path = bench_text("%s/probe", folder);

	memset(probe, 0, sizeof(*probe));
	probe->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (probe->fd < 0)
		bench_die("cannot write %s: %s", path, strerror(errno));
	free(path);
}

void
bench_probe_take(struct bench_probe *probe)
{
	static const char block[BLOCK];
	double begin = bench_clock_ms();

	if (write(probe->fd, block, BLOCK) != BLOCK ||
	    fdatasync(probe->fd) != 0)
		bench_die("the disk probe failed: %s", strerror(errno));
	bench_series_add(&probe->ms, bench_clock_ms() - begin);
}

void
bench_probe_close(struct bench_probe *probe)
{
	close(probe->fd);
	bench_series_release(&probe->ms);
}
