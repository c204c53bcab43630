/* stg.c - schedules against known optima: "make bench-schedule".
 *
 * Reads the Standard Task Graph Set (T. Tobita, H. Kasahara, J. of Scheduling 5
 * (2002)): FOLDER/optimum.csv with lines "file,processors,optimum" and, where
 * the optimum is an open interval, a fourth column, the best that is known. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "taskctl/schedule.h"

enum { PROCESSORS_MOST = 64 };

struct tally {
	int pairs;
	int hits;   /* no worse than the optimum, or the best known */
	int proven; /* by us */
	int better; /* than what is known */
	double excess_percent;
	double ms;
	double ms_most;
};

struct instance {
	struct tctl_graph graph;
	int64_t *weight_s;
};

static void
fail(const char *what, const char *path)
{
	fprintf(stderr, "stg: %s: %s\n", path, what);
	exit(1);
}

/* Tasks 0 and n + 1 are dummies without weight: nodes as any other. */
static void
load(const char *path, struct instance *out)
{
	FILE *file = fopen(path, "r");
	struct tctl_edge *edge = NULL;
	size_t n, edges = 0;

	if (file == NULL || fscanf(file, "%zu", &n) != 1 || n > 1000000)
		fail("cannot be read", path);
	n += 2;
	out->weight_s = tctl_xcalloc(n, sizeof(*out->weight_s));
	for (size_t i = 0; i < n; i++) {
		size_t id, needs, before;
		long long weight;

		if (fscanf(file, "%zu %lld %zu", &id, &weight, &needs) != 3 ||
		    id != i || weight < 0)
			fail("is no task graph", path);
		out->weight_s[i] = weight;
		for (; needs > 0; needs--) {
			if (fscanf(file, "%zu", &before) != 1 || before >= n)
				fail("is no task graph", path);
			edge = tctl_grow(edge, edges, sizeof(*edge));
			edge[edges++] = (struct tctl_edge){ before, i };
		}
	}
	fclose(file);
	tctl_graph_init(&out->graph, n, edge, edges);
	free(edge);
}

static double
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void
measure(const char *path, size_t processors, int64_t best_known, bool is_open,
    struct tally *tally, const struct tctl_effort *effort)
{
	struct instance instance;
	struct tctl_timetable table;
	double ms;

	load(path, &instance);
	ms = now_ms();
	tctl_schedule_share(&(struct tctl_workload){ .graph = &instance.graph,
				.weight_s = instance.weight_s,
				.agents = processors },
	    effort, &table);
	ms = now_ms() - ms;
	tally->pairs++;
	tally->hits += table.makespan_s <= best_known;
	tally->proven += table.optimal;
	tally->better += table.makespan_s < best_known;
	tally->excess_percent += 100.0 *
				 (double)(table.makespan_s - best_known) /
				 (double)best_known;
	tally->ms += ms;
	if (ms > tally->ms_most)
		tally->ms_most = ms;
	if (table.makespan_s > best_known ||
	    (is_open && (table.optimal || table.makespan_s < best_known)))
		printf("  %s on %zu: %lld, known %s%lld%s\n", path, processors,
		    (long long)table.makespan_s, is_open ? "at best " : "",
		    (long long)best_known,
		    table.optimal ? ", ours is proven" : "");
	tctl_timetable_release(&table);
	tctl_graph_release(&instance.graph);
	free(instance.weight_s);
}

static void
report(const char *name, const struct tally *t)
{
	printf("%-6s %5d %5d  %5.1f %%  %8.4f %%  %6d  %8.1f  %8.1f\n", name,
	    t->pairs, t->hits, 100.0 * t->hits / t->pairs,
	    t->excess_percent / t->pairs, t->proven, t->ms / t->pairs,
	    t->ms_most);
}

int
main(int argc, char *argv[])
{
	struct tally tally[PROCESSORS_MOST + 1], all = { 0 };
	struct tctl_effort effort = { 1, TCTL_EFFORT_USUAL };
	char line[512], path[1024], name[256];
	FILE *list;

	memset(tally, 0, sizeof(tally));
	if (argc < 2)
		fail("usage: stg FOLDER [PLACEMENTS [SEED]]", "arguments");
	if (argc > 2)
		effort.placements = atoll(argv[2]);
	if (argc > 3)
		effort.seed = strtoull(argv[3], NULL, 10);
	snprintf(path, sizeof(path), "%s/optimum.csv", argv[1]);
	list = fopen(path, "r");
	if (list == NULL)
		fail("cannot be read", path);
	while (fgets(line, sizeof(line), list) != NULL) {
		long long optimum, best;
		int processors, fields;

		fields = sscanf(line, "%255[^,],%d,%lld,%lld", name,
		    &processors, &optimum, &best);
		if (fields < 3 || processors < 1 ||
		    processors > PROCESSORS_MOST)
			continue;
		snprintf(path, sizeof(path), "%s/%s", argv[1], name);
		measure(path, (size_t)processors, fields == 4 ? best : optimum,
		    fields == 4, &tally[processors], &effort);
	}
	fclose(list);
	puts("agents pairs  hits           mean over  proven   mean ms   "
	     "most ms");
	for (int i = 0; i <= PROCESSORS_MOST; i++) {
		struct tally *t = &tally[i];

		if (t->pairs == 0)
			continue;
		snprintf(name, sizeof(name), "%d", i);
		report(name, t);
		all.pairs += t->pairs;
		all.hits += t->hits;
		all.proven += t->proven;
		all.better += t->better;
		all.excess_percent += t->excess_percent;
		all.ms += t->ms;
		if (t->ms_most > all.ms_most)
			all.ms_most = t->ms_most;
	}
	report("all", &all);
	printf("shorter than the best known: %d\n", all.better);
	return 0;
}
