/* report.c - the figures, for people and for programs. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { LINES_MAX = 128 };

/* A row as it is printed: the series behind it is gone by then. */
struct line {
	const char *what, *program;
	size_t tasks, runs;
	double median, p90, worst, cpu, ratio;
	long peak_kib;
};

struct figure {
	const char *what, *program;
	size_t processes;
	double is;
};

struct bench_report {
	struct line row[LINES_MAX];
	size_t rows;
	struct bench_target target[LINES_MAX];
	size_t targets;
	struct figure figure[LINES_MAX];
	size_t figures;
};

struct bench_report *
bench_report_new(void)
{
	struct bench_report *report = calloc(1, sizeof(*report));

	if (report == NULL)
		bench_die("out of memory");
	return report;
}

void
bench_report_free(struct bench_report *report)
{
	free(report);
}

static size_t
next_of(size_t *count)
{
	if (*count == LINES_MAX)
		bench_die("more than %d lines to report", LINES_MAX);
	return (*count)++;
}

void
bench_report_row(struct bench_report *report, const struct bench_row *row)
{
	report->row[next_of(&report->rows)] = (struct line){ .what = row->what,
		.program = row->program,
		.tasks = row->tasks,
		.runs = row->ms->count,
		.median = bench_median(row->ms),
		.p90 = bench_quantile(row->ms, 0.9),
		.worst = bench_max(row->ms),
		.cpu = row->cpu_ms == NULL ? 0 : bench_median(row->cpu_ms),
		.ratio = row->ratio,
		.peak_kib = row->peak_kib };
}

void
bench_report_target(
    struct bench_report *report, const struct bench_target *target)
{
	report->target[next_of(&report->targets)] = *target;
}

void
bench_report_figure(struct bench_report *report, const char *what,
    const char *program, size_t processes, double figure)
{
	report->figure[next_of(&report->figures)] =
	    (struct figure){ what, program, processes, figure };
}

/* A figure that could not be had (NAN) is a miss. */
static bool
is_met(const struct bench_target *target)
{
	return target->is_least ? target->is >= target->limit
				: target->is <= target->limit;
}

size_t
bench_report_missed(const struct bench_report *report)
{
	size_t missed = 0;

	for (size_t i = 0; i < report->targets; i++)
		missed +=
		    report->target[i].is_ratio && !is_met(&report->target[i]);
	return missed;
}

/* --- for people ------------------------------------------------------------
 */

static void
print_row(const struct line *row, FILE *out)
{
	fprintf(out, "%-13s %8zu  %-14s %5zu %9.2f %9.2f %9.2f", row->what,
	    row->tasks, row->program, row->runs, row->median, row->p90,
	    row->worst);
	if (row->cpu > 0)
		fprintf(out, " %8.2f", row->cpu);
	else
		fprintf(out, " %8s", "");
	if (row->peak_kib > 0)
		fprintf(out, " %6.1f", (double)row->peak_kib / 1024);
	else
		fprintf(out, " %6s", "");
	if (row->ratio > 0)
		fprintf(out, "  %5.2f", row->ratio);
	fputc('\n', out);
}

static void
print_target(const struct bench_target *target, FILE *out)
{
	char size[32] = "";

	if (target->tasks > 0)
		snprintf(size, sizeof(size), " at %zu", target->tasks);
	fprintf(out, "%-6s %s%s: %.3g%s%s (limit: at %s %g)\n",
	    is_met(target) ? "met" : "MISSED", target->what, size, target->is,
	    target->unit[0] == 'x' || target->unit[0] == '\0' ? "" : " ",
	    target->unit, target->is_least ? "least" : "most", target->limit);
}

void
bench_report_print(const struct bench_report *report, FILE *out)
{
	fprintf(out, "\n%-13s %8s  %-14s %5s %9s %9s %9s %8s %6s  %s\n", "",
	    "tasks", "", "runs", "median ms", "90 % ms", "worst ms", "cpu ms",
	    "MB", "taskctl / it");
	for (size_t i = 0; i < report->rows; i++)
		print_row(&report->row[i], out);
	fprintf(out, "\nat once\n");
	for (size_t i = 0; i < report->figures; i++) {
		const struct figure *figure = &report->figure[i];
		char processes[32] = "";

		if (figure->processes > 0)
			snprintf(processes, sizeof(processes), "%4zu processes",
			    figure->processes);
		fprintf(out, "%-14s  %-12s %-16s %10.4g\n", processes,
		    figure->program, figure->what, figure->is);
	}
	fprintf(out, "\ntargets\n");
	for (size_t i = 0; i < report->targets; i++)
		print_target(&report->target[i], out);
}

/* --- for programs ----------------------------------------------------------
 */

/* Every text here is one of our own, without quotes or backslashes; what is
 * not a number is null. */
static void
put_number(FILE *out, const char *key, double number)
{
	if (number - number == 0)
		fprintf(out, ",\"%s\":%.6g", key, number);
	else
		fprintf(out, ",\"%s\":null", key);
}

static void
put_row(const struct line *row, FILE *out)
{
	fprintf(out,
	    "{\"case\":\"%s\",\"program\":\"%s\",\"tasks\":%zu,\"runs\":%zu",
	    row->what, row->program, row->tasks, row->runs);
	put_number(out, "median_ms", row->median);
	put_number(out, "p90_ms", row->p90);
	put_number(out, "worst_ms", row->worst);
	if (row->cpu > 0)
		put_number(out, "median_cpu_ms", row->cpu);
	if (row->peak_kib > 0)
		put_number(out, "peak_kib", (double)row->peak_kib);
	if (row->ratio > 0)
		put_number(out, "taskctl_over_it", row->ratio);
	fputc('}', out);
}

static void
put_target(const struct bench_target *target, FILE *out)
{
	fprintf(out, "{\"target\":\"%s\"", target->what);
	if (target->tasks > 0)
		put_number(out, "tasks", (double)target->tasks);
	put_number(out, "is", target->is);
	put_number(out, "limit", target->limit);
	fprintf(out,
	    ",\"limit_is\":\"%s\",\"unit\":\"%s\",\"ratio\":%s,\"met\":%s}",
	    target->is_least ? "least" : "most", target->unit,
	    target->is_ratio ? "true" : "false",
	    is_met(target) ? "true" : "false");
}

void
bench_report_json(const struct bench_report *report, FILE *out)
{
	fputs("{\"schema\":\"taskctl-bench/1\",\"rows\":[", out);
	for (size_t i = 0; i < report->rows; i++) {
		fputs(i == 0 ? "\n" : ",\n", out);
		put_row(&report->row[i], out);
	}
	fputs("],\n\"figures\":[", out);
	for (size_t i = 0; i < report->figures; i++) {
		const struct figure *figure = &report->figure[i];

		fprintf(out,
		    "%s{\"figure\":\"%s\",\"program\":\"%s\","
		    "\"processes\":%zu",
		    i == 0 ? "\n" : ",\n", figure->what, figure->program,
		    figure->processes);
		put_number(out, "is", figure->is);
		fputc('}', out);
	}
	fputs("],\n\"targets\":[", out);
	for (size_t i = 0; i < report->targets; i++) {
		fputs(i == 0 ? "\n" : ",\n", out);
		put_target(&report->target[i], out);
	}
	fputs("]}\n", out);
}
