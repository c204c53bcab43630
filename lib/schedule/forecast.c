/* forecast.c - when it will be done, if it goes on as it went. */
#include <stdlib.h>

#include "shop.h"
#include "taskctl/time.h"

enum { SAMPLES = 1000, PATH_MOST = 64 };

/* A weekend, from one evening to the morning after the next but two: a pause
 * that was longer is not taken for what will come. */
#define PAUSE_MOST_MS (INT64_C(64) * TCTL_HOUR_S * 1000)

static int
by_start(const void *a, const void *b)
{
	const struct tctl_past *x = a, *y = b;

	if (x->started_ms != y->started_ms)
		return x->started_ms < y->started_ms ? -1 : 1;
	return (x->finished_ms > y->finished_ms) -
	       (x->finished_ms < y->finished_ms);
}

static int
by_group(const void *a, const void *b)
{
	const struct tctl_past *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return by_start(a, b);
}

/* At least a second: a task that was claimed and done at once is no proof that
 * others take no time. */
static double
actual_s(const struct tctl_past *past)
{
	int64_t ms = past->finished_ms - past->started_ms;

	return ms < 1000 ? 1 : (double)ms / 1000;
}

/* How many worked at once, and which part of the time anybody did. */
static void
look_back(struct tctl_past past[], size_t count, const struct tctl_rest *rest,
    struct tctl_forecast *out)
{
	double busy_s = 0, worked_s = 0, paused_s = 0, estimate_s = 0;
	int64_t until_ms;

	qsort(past, count, sizeof(*past), by_start);
	until_ms = past[0].started_ms;
	for (size_t i = 0; i < count; i++) {
		int64_t pause_ms = past[i].started_ms - until_ms;

		if (pause_ms > 0) {
			pause_ms =
			    pause_ms < PAUSE_MOST_MS ? pause_ms : PAUSE_MOST_MS;
			paused_s += (double)pause_ms / 1000;
			until_ms = past[i].started_ms;
		}
		if (past[i].finished_ms > until_ms) {
			worked_s +=
			    (double)(past[i].finished_ms - until_ms) / 1000;
			until_ms = past[i].finished_ms;
		}
		busy_s += actual_s(&past[i]);
		estimate_s += (double)past[i].estimate_s;
	}
	out->tasks = count;
	out->pace = busy_s / estimate_s;
	out->at_once = worked_s < 1 ? 1 : busy_s / worked_s;
	if (out->at_once < (double)rest->agents)
		out->at_once = (double)rest->agents;
	out->at_work = worked_s < 1 ? 1 : worked_s / (worked_s + paused_s);
}

struct groups {
	const struct tctl_past *past;
	size_t *from; /* count + 1: where each begins */
	size_t count;
	size_t tasks;
};

/* A pace as it might have been. */
static double
draw_pace(const struct groups *groups, uint64_t *seed)
{
	double actual = 0, estimate = 0;

	for (size_t g = 0; g < groups->count; g++) {
		size_t from, size, drawn;

		drawn = tctl_draw_below(seed, (uint32_t)groups->count);
		from = groups->from[drawn];
		size = groups->from[drawn + 1] - from;
		for (size_t i = 0; i < size; i++) {
			const struct tctl_past *past =
			    &groups->past[from + tctl_draw_below(
						     seed, (uint32_t)size)];

			actual += actual_s(past);
			estimate += (double)past->estimate_s;
		}
	}
	return actual / estimate;
}

/* The same of a path: of few tasks, so it varies more. */
static double
draw_path_pace(
    const struct groups *groups, const struct tctl_rest *rest, uint64_t *seed)
{
	double actual = 0, estimate = 0;
	int draws = rest->tasks_on_path < PATH_MOST ? (int)rest->tasks_on_path
						    : PATH_MOST;

	for (int i = 0; i < draws || i == 0; i++) {
		const struct tctl_past *past =
		    &groups
			 ->past[tctl_draw_below(seed, (uint32_t)groups->tasks)];

		actual += actual_s(past);
		estimate += (double)past->estimate_s;
	}
	return actual / estimate;
}

static void
find_groups(struct groups *out, struct tctl_past past[], size_t count)
{
	qsort(past, count, sizeof(*past), by_group);
	out->past = past;
	out->tasks = count;
	out->from = tctl_xcalloc(count, sizeof(*out->from));
	for (size_t i = 0; i < count; i++)
		if (i == 0 || past[i].group != past[i - 1].group)
			out->from[out->count++] = i;
	out->from[out->count] = count;
}

static int
by_number(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* A century at the most, as durations have it. */
static int64_t
whole_ms(double seconds)
{
	const double most_s = 100.0 * 365 * TCTL_DAY_S;

	return (int64_t)(seconds < most_s ? seconds : most_s) * 1000;
}

bool
tctl_schedule_forecast(struct tctl_past past[], size_t count,
    const struct tctl_rest *rest, uint64_t seed, struct tctl_forecast *out)
{
	struct groups groups = { .count = 0 };
	double sample[SAMPLES];

	if (count < TCTL_FORECAST_LEAST)
		return false;
	look_back(past, count, rest, out);
	find_groups(&groups, past, count);
	for (int i = 0; i < SAMPLES; i++) {
		double work = (double)rest->work_s * draw_pace(&groups, &seed);
		double path =
		    (double)rest->path_s * draw_path_pace(&groups, rest, &seed);

		work /= out->at_once;
		sample[i] = (work > path ? work : path) / out->at_work;
	}
	qsort(sample, SAMPLES, sizeof(*sample), by_number);
	out->p50_ms = rest->now_ms + whole_ms(sample[SAMPLES / 2]);
	out->p90_ms = rest->now_ms + whole_ms(sample[SAMPLES / 10 * 9]);
	free(groups.from);
	return true;
}
