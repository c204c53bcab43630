/* plan.c - the plan that all peers get: a task in ten is done, every other one
 * can begin at once, the rest need up to two that come before them. */
#include <errno.h>
#include <string.h>

#include "peers.h"

enum { PRIORITIES = 3 };

static bool
is_done(size_t task)
{
	return task % 10 == 0;
}

static bool
is_free(size_t task)
{
	return task % 2 == 0 && !is_done(task);
}

void
plan_write(const char *path, size_t tasks)
{
	FILE *out = fopen(path, "we");

	if (out == NULL)
		bench_die("cannot write %s: %s", path, strerror(errno));
	for (size_t i = 1; i <= tasks; i++) {
		fprintf(out, "%zu\t%d\t%zu\tRework the module number %zu\t", i,
		    is_done(i), 1 + i % PRIORITIES, i);
		if (i % 2 == 1 && i > 1)
			fprintf(out, "%zu", i - 1);
		if (i % 2 == 1 && i > 4)
			fprintf(out, ",%zu", i / 2);
		fputc('\n', out);
	}
	if (fclose(out) != 0)
		bench_die("cannot write %s: %s", path, strerror(errno));
}

size_t
plan_next_free(size_t task, size_t tasks)
{
	do
		task++;
	while (task <= tasks && !is_free(task));
	return task <= tasks ? task : 0;
}
