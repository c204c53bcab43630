/* streams.c - serve's memory, while 50 events a second go to 50 streams.
 *
 * Each event is a claim or a release, by a process of its own (no notes: with
 * those the documents themselves would grow); each stream must be told of each.
 * A few requests keep pages being made meanwhile. */
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"

enum {
	TASKS = 1000,
	STREAMS = 50,
	EVENTS_PER_S = 50,
	REQUESTS_PER_S = 10,
	WARM_S = 10, /* buffers and caches get their size */
	SAMPLES = 10 /* whose median is the memory at the start, at the end */
};

struct watch {
	struct bench *bench;
	struct bench_field field;
	struct bench_serve serve;
	struct bench_browsers *browsers;
	struct bench_series mb; /* once a second */
	size_t events;
	size_t reopened;
	char id[24]; /* of the task that changes */
	double begin_ms;
};

/* A task is taken, and given back the next time. */
static void
change(struct watch *watch)
{
	char *taskctl =
	    bench_text("%s/taskctl", watch->bench->options.programs);
	const char *const argv[] = { taskctl,
		watch->events % 2 == 0 ? "claim" : "release", watch->id,
		"--agent", "ada", NULL };
	struct bench_run run;

	bench_must(watch->field.folder, argv, &run);
	watch->events++;
	free(taskctl);
}

/* What could not be made in time is made up for. */
static void
keep_on(struct watch *watch, double seconds)
{
	double next_sample = 0, now = 0;

	watch->begin_ms = bench_clock_ms();
	while (now < seconds * 1000) {
		double due = now * EVENTS_PER_S / 1000;

		if (now >= next_sample) {
			next_sample += 1000;
			bench_child_check(watch->browsers->pid);
			bench_series_add(
			    &watch->mb, bench_serve_mb(&watch->serve));
		}
		if ((double)watch->events < due)
			change(watch);
		else
			usleep(1000);
		now = bench_clock_ms() - watch->begin_ms;
	}
}

/* All have been told of all; on a busy machine, as soon as serve has had its
 * turn.
 */
static void
check_told(const struct watch *watch)
{
	const struct bench_browsers *browsers = watch->browsers;
	size_t wanted = watch->events * STREAMS, before = 0;

	for (int i = 0; i < 100 && browsers->events != wanted; i++) {
		if (browsers->events != before)
			i = 0; /* it goes on */
		before = browsers->events;
		usleep(100000);
	}
	if (browsers->events != wanted)
		bench_die("%zu events to %d streams came out as %zu",
		    watch->events, STREAMS, browsers->events);
}

static double
median_of(const struct bench_series *all, size_t from)
{
	const struct bench_series part = { .at = all->at + from,
		.count = SAMPLES };

	if (from + SAMPLES > all->count)
		bench_die("%zu samples in all", all->count);
	return bench_median(&part);
}

static void
report(const struct watch *watch, double seconds)
{
	struct bench_report *to = watch->bench->report;
	double first = median_of(&watch->mb, WARM_S);
	double last = median_of(&watch->mb, watch->mb.count - SAMPLES);
	const struct bench_target target = {
		.what = seconds < 600 ? "serve's memory, 1 min of 50 events/s"
				      : "serve's memory, 10 min of 50 events/s",
		.is = last / first,
		.limit = 1.05,
		.unit = "x",
		.is_ratio = true
	};

	bench_report_figure(
	    to, "events/s", "serve", 0, (double)watch->events / seconds);
	bench_report_figure(
	    to, "streams reopened", "serve", 0, (double)watch->reopened);
	bench_report_figure(to, "MB at first", "serve", 0, first);
	bench_report_figure(to, "MB at the end", "serve", 0, last);
	bench_report_figure(
	    to, "MB at most", "serve", 0, bench_max(&watch->mb));
	bench_report_target(to, &target);
}

void
bench_case_streams(struct bench *bench)
{
	struct watch watch = { .bench = bench };
	double seconds = bench->options.is_quick ? 60 : 600;
	size_t task;

	bench_field_make(&bench->options, TASKS, &watch.field);
	bench_field_set(bench, &watch.field, "git.auto", "off");
	if (!bench_field_take(&watch.field, &task))
		bench_die("no task can be claimed");
	bench_plan_id(task, watch.id);
	bench_serve_start(bench, &watch.field, &watch.serve);
	watch.browsers =
	    bench_browsers_open(watch.serve.port, STREAMS, REQUESTS_PER_S);
	keep_on(&watch, seconds);
	check_told(&watch);
	watch.reopened = watch.browsers->reopened;
	bench_browsers_close(watch.browsers);
	bench_serve_stop(&watch.serve);
	report(&watch, seconds);
	bench_series_release(&watch.mb);
	bench_field_release(&watch.field);
}
