/* table.c - what came out, as Markdown for docs/BENCHMARKS.md. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "peers.h"

static const char *const verb[LATENCIES] = { "list", "ready", "claim",
	"finish" };

/* Three digits, or less where that is more than was measured. */
static void
put_ms(FILE *out, double ms)
{
	fprintf(out, "%.*f", ms < 10 ? 2 : ms < 100 ? 1 : 0, ms);
}

static void
put_heading(const struct peers *peers, FILE *out)
{
	char date[16];
	time_t now = time(NULL);
	struct tm tm;

	strftime(date, sizeof(date), "%Y-%m-%d", gmtime_r(&now, &tm));
	fprintf(out,
	    "%s, `make bench-peers%s`, %ld processors, load average %.1f\n"
	    "when it began.\n\n",
	    date, peers->is_quick ? " PEERS=--quick" : "",
	    sysconf(_SC_NPROCESSORS_ONLN), peers->load);
}

static void
put_versions(const struct peers *peers, FILE *out)
{
	fputs("| | version | durable |\n| --- | --- | --- |\n", out);
	for (size_t i = 0; i < peers->count; i++) {
		const struct peer *peer = &peers->at[i];

		fprintf(out, "| %s | %s | %s |\n", peer->name,
		    peer->version != NULL ? peer->version
					  : "**not installed here**",
		    peer->durable ? "yes" : "no");
	}
}

static const char *
last_slash(const char *word)
{
	const char *end = word + strcspn(word, " \n"), *slash = word;

	for (const char *at = word; at < end; at++)
		if (*at == '/')
			slash = at;
	return slash;
}

/* In one line, and programs without the folder where they are here. */
static void
put_command(const char *command, FILE *out)
{
	bool begins = true;

	if (command == NULL) {
		fputs(" none |", out);
		return;
	}
	fputs(" `", out);
	for (const char *at = command; *at != '\0'; at++) {
		if (begins && *at == '/')
			at = last_slash(at) + 1;
		begins = isspace((unsigned char)*at);
		fputc(begins ? ' ' : *at, out);
	}
	fputs("` |", out);
}

static void
put_commands(const struct peers *peers, FILE *out)
{
	fputs("\n|", out);
	for (size_t op = 0; op < LATENCIES; op++)
		fprintf(out, " | %s", verb[op]);
	fputs(" |\n| --- | --- | --- | --- | --- |\n", out);
	for (size_t i = 0; i < peers->count; i++) {
		fprintf(out, "| %s |", peers->at[i].name);
		for (size_t op = 0; op < LATENCIES; op++)
			put_command(peers->at[i].word[op], out);
		fputc('\n', out);
	}
}

static void
put_race(const struct rounds *race, FILE *out)
{
	if (race->count == 0)
		fputs("n/a | n/a", out);
	else
		fprintf(out, "%zu of %zu | %zu", race->several, race->count,
		    race->most);
	if (race->none > 0)
		fprintf(out, " (%zu: nobody)", race->none);
}

static void
put_crowd(const struct peers *peers, FILE *out)
{
	fputs("| | several started the task | at most | acknowledged changes "
	      "missing |\n| --- | --- | --- | --- |\n",
	    out);
	for (size_t i = 0; i < peers->count; i++) {
		const struct peer *peer = &peers->at[i];

		fprintf(out, "| %s | ", peer->name);
		put_race(&peer->race, out);
		if (peer->lost.count > 0)
			fprintf(out, " | %zu of %zu |\n", peer->lost.missing,
			    peer->lost.changes);
		else
			fputs(" | n/a |\n", out);
	}
}

/* Median and 99 %; how often, where that is too few for the latter. */
static void
put_series(const struct bench_series *ms, size_t rounds, FILE *out)
{
	if (ms->count == 0) {
		fputs(" n/a |", out);
		return;
	}
	fputc(' ', out);
	put_ms(out, bench_median(ms));
	fputs("; ", out);
	put_ms(out, bench_quantile(ms, 0.99));
	if (ms->count < rounds)
		fprintf(out, " (%zu)", ms->count);
	fputs(" |", out);
}

static void
put_latency(const struct peers *peers, size_t size, FILE *out)
{
	fprintf(out,
	    "\n%zu tasks: ms, median; 99 %%, of %zu (or as many as stand in "
	    "brackets)\n\n|",
	    peers_size[size], peers->rounds);
	for (size_t op = 0; op < LATENCIES; op++)
		fprintf(out, " | %s", verb[op]);
	fputs(" | taskctl's claim / it |\n| --- | --- | --- | --- | --- | --- "
	      "|\n",
	    out);
	for (size_t i = 0; i < peers->count; i++) {
		const struct peer *peer = &peers->at[i];
		double ratio = bench_ratio(
		    &peers->at[0].ms[size][CLAIM], &peer->ms[size][CLAIM]);

		fprintf(out, "| %s |", peer->name);
		for (size_t op = 0; op < LATENCIES; op++)
			put_series(&peer->ms[size][op], peers->rounds, out);
		if (isnan(ratio))
			fputs(" n/a |\n", out);
		else
			fprintf(out, " %.2g |\n", ratio);
	}
}

void
peers_print(const struct peers *peers, FILE *out)
{
	put_heading(peers, out);
	put_versions(peers, out);
	put_commands(peers, out);
	fputs("\nEight processes at one moment, on a plan of 1,000 tasks:\n\n",
	    out);
	put_crowd(peers, out);
	for (size_t size = 0; size < peers->sizes; size++)
		put_latency(peers, size, out);
	fputs("\nThe disk meanwhile, 4 KiB synced: median ", out);
	put_ms(out, bench_median(&peers->probe.ms));
	fputs(" ms, 99 % ", out);
	put_ms(out, bench_quantile(&peers->probe.ms, 0.99));
	fputs(" ms.\n", out);
}
