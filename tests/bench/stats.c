/* stats.c - from many figures to one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

void
bench_series_add(struct bench_series *series, double figure)
{
	if (series->count == series->room) {
		series->room = series->room > 0 ? 2 * series->room : 64;
		series->at =
		    reallocarray(series->at, series->room, sizeof(double));
		if (series->at == NULL)
			bench_die("out of memory");
	}
	series->at[series->count++] = figure;
}

void
bench_series_release(struct bench_series *series)
{
	free(series->at);
	memset(series, 0, sizeof(*series));
}

static int
by_size(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

double
bench_quantile(const struct bench_series *series, double q)
{
	double *sorted, place, low, figure;
	size_t i;

	if (series->count == 0)
		return NAN;
	sorted = reallocarray(NULL, series->count, sizeof(double));
	if (sorted == NULL)
		bench_die("out of memory");
	memcpy(sorted, series->at, series->count * sizeof(double));
	qsort(sorted, series->count, sizeof(double), by_size);
	place = q * (double)(series->count - 1);
	low = floor(place);
	i = (size_t)low;
	figure = sorted[i];
	if (i + 1 < series->count)
		figure += (place - low) * (sorted[i + 1] - sorted[i]);
	free(sorted);
	return figure;
}

double
bench_median(const struct bench_series *series)
{
	return bench_quantile(series, 0.5);
}

double
bench_max(const struct bench_series *series)
{
	return bench_quantile(series, 1.0);
}

double
bench_ratio(const struct bench_series *a, const struct bench_series *b)
{
	struct bench_series ratio = { 0 };
	double median;

	for (size_t i = 0; i < a->count && i < b->count; i++)
		bench_series_add(&ratio, a->at[i] / b->at[i]);
	median = bench_median(&ratio);
	bench_series_release(&ratio);
	return median;
}

double
bench_jain(const struct bench_series *shares)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < shares->count; i++) {
		sum += shares->at[i];
		squares += shares->at[i] * shares->at[i];
	}
	return squares > 0 ? sum * sum / ((double)shares->count * squares) : 0;
}
