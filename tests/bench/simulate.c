/* simulate.c - agents who simply ask for work: "make bench-simulate".
 *
 *     build/simulate PLAN.md… [FOLDER/GRAPH.stg…]
 *
 * N agents take tasks as claim --next gives them (what is planned for them, for
 * nobody, for others; priority; longest remaining path; plan order), by the
 * longest path alone, or first come first served.  Nobody knows how long a task
 * will take: its estimate times anything between a half and one and a half.
 * Makespans are told as multiples of a lower bound for the times that it took.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "taskctl/plan.h"
#include "taskctl/schedule.h"
#include "taskctl/time.h"

enum { RUNS_OF_PLAN = 400, RUNS_OF_GRAPH = 4, AGENTS_MOST = 16 };

enum policy { ASK, PATH, FIFO, POLICIES };
static const char *const policy_name[] = { "claim --next", "longest path",
	"FIFO" };

struct job {
	struct tctl_graph graph;
	size_t tasks; /* the nodes behind them are barriers */
	int64_t *estimate_s;
	int64_t *actual_s;
	int64_t *tail_s;
	int *priority;
	size_t *planned; /* an agent's number, or TCTL_NONE */
	size_t *mutex;
	size_t mutexes;
	uint64_t seed;
};

struct result {
	double ratio[POLICIES];
	size_t runs;
};

static void
fail(const char *path, const char *what)
{
	fprintf(stderr, "simulate: %s: %s\n", path, what);
	exit(1);
}

/* --- reading ---------------------------------------------------------------
 */

static char *
slurp(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	char *text;
	long size;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0)
		fail(path, "cannot be read");
	size = ftell(file);
	rewind(file);
	text = tctl_xcalloc((size_t)size, 1);
	*length = fread(text, 1, (size_t)size, file);
	fclose(file);
	return text;
}

static void
make_room(struct job *job, size_t nodes)
{
	job->estimate_s = tctl_xcalloc(nodes, sizeof(int64_t));
	job->actual_s = tctl_xcalloc(nodes, sizeof(int64_t));
	job->tail_s = tctl_xcalloc(nodes, sizeof(int64_t));
	job->priority = tctl_xcalloc(nodes, sizeof(int));
	job->planned = tctl_xcalloc(nodes, sizeof(size_t));
	job->mutex = tctl_xcalloc(nodes, sizeof(size_t));
	for (size_t v = 0; v < nodes; v++)
		job->planned[v] = job->mutex[v] = TCTL_NONE;
}

/* The number of a name among those seen so far. */
static size_t
number_of(const char *seen[], size_t *count, const char *name)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(seen[i], name) == 0)
			return i;
	seen[*count] = name;
	return (*count)++;
}

static void
read_plan(struct job *job, const char *path)
{
	struct tctl_plan_options options = { .file = path };
	struct tctl_plan *plan;
	struct tctl_error err;
	struct tctl_edge *edge;
	size_t length, edges, agents = 0;
	char *text = slurp(path, &length);
	const char **name;

	if (tctl_plan_read(text, length, &options, &plan, &err) != TCTL_OK)
		fail(path, "is no plan");
	job->tasks = plan->task_count;
	make_room(job, job->tasks + plan->sprint_count);
	name = tctl_xcalloc(2 * job->tasks, sizeof(*name));
	for (size_t v = 0; v < job->tasks; v++) {
		const struct tctl_task *task = &plan->task[v];

		job->estimate_s[v] =
		    task->estimate_s < 0 ? TCTL_HOUR_S : task->estimate_s;
		job->priority[v] = task->priority;
		if (task->planned_agent != NULL)
			job->planned[v] =
			    number_of(name, &agents, task->planned_agent);
		if (task->mutex != NULL)
			job->mutex[v] = number_of(
			    name + job->tasks, &job->mutexes, task->mutex);
	}
	edges = tctl_plan_edges(plan, &edge);
	tctl_graph_init(
	    &job->graph, job->tasks + plan->sprint_count, edge, edges);
	free(edge);
	free(name);
	tctl_plan_free(plan);
	free(text);
}

static void
read_graph(struct job *job, const char *path)
{
	FILE *file = fopen(path, "r");
	struct tctl_edge *edge = NULL;
	size_t n, edges = 0;

	if (file == NULL || fscanf(file, "%zu", &n) != 1 || n > 100000)
		fail(path, "is no task graph");
	job->tasks = n + 2;
	make_room(job, job->tasks);
	for (size_t v = 0; v < job->tasks; v++) {
		size_t id, needs, before;
		long long weight;

		if (fscanf(file, "%zu %lld %zu", &id, &weight, &needs) != 3)
			fail(path, "is no task graph");
		job->estimate_s[v] = weight * TCTL_MINUTE_S;
		for (; needs > 0; needs--) {
			if (fscanf(file, "%zu", &before) != 1 || before > n + 1)
				fail(path, "is no task graph");
			edge = tctl_grow(edge, edges, sizeof(*edge));
			edge[edges++] = (struct tctl_edge){ before, v };
		}
	}
	fclose(file);
	tctl_graph_init(&job->graph, job->tasks, edge, edges);
	free(edge);
}

static void
release(struct job *job)
{
	tctl_graph_release(&job->graph);
	free(job->estimate_s);
	free(job->actual_s);
	free(job->tail_s);
	free(job->priority);
	free(job->planned);
	free(job->mutex);
}

/* --- one run ---------------------------------------------------------------
 */

/* Chance that is no better than it needs to be. */
static uint32_t
draw(uint64_t *seed, uint32_t n)
{
	*seed = *seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (uint32_t)((*seed >> 33) % n);
}

struct run {
	const struct job *job;
	enum policy policy;
	size_t *waits; /* needs that are not done */
	size_t *turn;  /* in which it became ready; 0: not yet, or taken */
	size_t turns;
	size_t *work; /* of an agent: a task, or TCTL_NONE */
	int64_t until_s[AGENTS_MOST];
	bool *is_held;
};

static void
arrive(struct run *run, size_t v)
{
	const struct tctl_graph *graph = &run->job->graph;

	if (run->job->actual_s[v] > 0) {
		run->turn[v] = ++run->turns;
		return;
	}
	for (size_t e = graph->next_at[v]; e < graph->next_at[v + 1]; e++)
		if (--run->waits[graph->next[e]] == 0)
			arrive(run, graph->next[e]); /* few barriers deep */
}

static int
lane(const struct job *job, size_t v, size_t agent)
{
	return job->planned[v] == agent	      ? 0
	       : job->planned[v] == TCTL_NONE ? 1
					      : 2;
}

/* Does the agent take v rather than w? */
static bool
goes_first(const struct run *run, size_t agent, size_t v, size_t w)
{
	const struct job *job = run->job;

	if (run->policy == FIFO)
		return run->turn[v] < run->turn[w];
	if (run->policy == ASK && lane(job, v, agent) != lane(job, w, agent))
		return lane(job, v, agent) < lane(job, w, agent);
	if (run->policy == ASK && job->priority[v] != job->priority[w])
		return job->priority[v] < job->priority[w];
	if (job->tail_s[v] != job->tail_s[w])
		return job->tail_s[v] > job->tail_s[w];
	return v < w;
}

static size_t
next_task(const struct run *run, size_t agent)
{
	const struct job *job = run->job;
	size_t best = TCTL_NONE;

	for (size_t v = 0; v < job->tasks; v++)
		if (run->turn[v] > 0 &&
		    (job->mutex[v] == TCTL_NONE ||
			!run->is_held[job->mutex[v]]) &&
		    (best == TCTL_NONE || goes_first(run, agent, v, best)))
			best = v;
	return best;
}

static void
finish(struct run *run, size_t agent)
{
	const struct tctl_graph *graph = &run->job->graph;
	size_t v = run->work[agent];

	run->work[agent] = TCTL_NONE;
	if (run->job->mutex[v] != TCTL_NONE)
		run->is_held[run->job->mutex[v]] = false;
	for (size_t e = graph->next_at[v]; e < graph->next_at[v + 1]; e++)
		if (--run->waits[graph->next[e]] == 0)
			arrive(run, graph->next[e]);
}

static int64_t
simulate(const struct job *job, enum policy policy, size_t agents)
{
	size_t nodes = job->graph.nodes;
	struct run run = { .job = job,
		.policy = policy,
		.waits = tctl_xcalloc(nodes, sizeof(size_t)),
		.turn = tctl_xcalloc(nodes, sizeof(size_t)),
		.work = tctl_xcalloc(agents, sizeof(size_t)),
		.is_held = tctl_xcalloc(job->mutexes, sizeof(bool)) };
	int64_t now_s = 0, last_s = 0;

	for (size_t k = 0; k < agents; k++)
		run.work[k] = TCTL_NONE;
	for (size_t v = 0; v < nodes; v++)
		run.waits[v] =
		    job->graph.prev_at[v + 1] - job->graph.prev_at[v];
	for (size_t v = 0; v < nodes; v++)
		if (job->graph.prev_at[v + 1] == job->graph.prev_at[v])
			arrive(&run, v);
	while (now_s != INT64_MAX) {
		int64_t next_s = INT64_MAX;

		last_s = now_s;
		for (size_t k = 0; k < agents; k++)
			if (run.work[k] != TCTL_NONE && run.until_s[k] == now_s)
				finish(&run, k);
		for (size_t k = 0; k < agents; k++) {
			size_t v = run.work[k] != TCTL_NONE
				       ? TCTL_NONE
				       : next_task(&run, k);

			if (v != TCTL_NONE) {
				run.work[k] = v;
				run.turn[v] = 0;
				run.until_s[k] = now_s + job->actual_s[v];
				if (job->mutex[v] != TCTL_NONE)
					run.is_held[job->mutex[v]] = true;
			}
			if (run.work[k] != TCTL_NONE && run.until_s[k] < next_s)
				next_s = run.until_s[k];
		}
		now_s = next_s;
	}
	free(run.waits);
	free(run.turn);
	free(run.work);
	free(run.is_held);
	return last_s;
}

/* --- many ------------------------------------------------------------------
 */

static int64_t
lower_bound_s(const struct job *job, size_t agents)
{
	const struct tctl_workload work = { .graph = &job->graph,
		.weight_s = job->actual_s,
		.mutex = job->mutex,
		.mutexes = job->mutexes,
		.agents = agents };
	struct tctl_timetable table;
	int64_t bound_s;

	tctl_schedule_share(&work, &(struct tctl_effort){ 1, 0 }, &table);
	bound_s = table.lower_bound_s;
	tctl_timetable_release(&table);
	return bound_s;
}

static void
run_often(struct job *job, size_t agents, int runs, struct result *result)
{
	size_t *order = tctl_xcalloc(job->graph.nodes, sizeof(*order));

	(void)tctl_graph_order(&job->graph, order);
	tctl_graph_tails(&job->graph, order, job->estimate_s, job->tail_s);
	for (int i = 0; i < runs; i++) {
		int64_t bound_s;

		for (size_t v = 0; v < job->tasks; v++)
			job->actual_s[v] = job->estimate_s[v] *
					   (50 + draw(&job->seed, 101)) / 100;
		bound_s = lower_bound_s(job, agents);
		for (int p = 0; p < POLICIES; p++)
			result->ratio[p] +=
			    (double)simulate(job, (enum policy)p, agents) /
			    (double)bound_s;
		result->runs++;
	}
	free(order);
}

static void
report(const char *name, size_t agents, const struct result *result)
{
	printf("%-34.34s %6zu", name, agents);
	for (int p = 0; p < POLICIES; p++)
		printf("  %12.3f", result->ratio[p] / (double)result->runs);
	putchar('\n');
}

static bool
is_graph(const char *path)
{
	size_t n = strlen(path);

	return n > 4 && strcmp(path + n - 4, ".stg") == 0;
}

int
main(int argc, char *argv[])
{
	static const size_t agents[] = { 2, 3, 4, 8 };
	struct result graphs[TCTL_COUNT(agents)];
	const char *base;

	memset(graphs, 0, sizeof(graphs));
	printf("%-34s %6s", "makespan / lower bound", "agents");
	for (int p = 0; p < POLICIES; p++)
		printf("  %12s", policy_name[p]);
	putchar('\n');
	for (int i = 1; i < argc; i++) {
		for (size_t n = 0; n < TCTL_COUNT(agents); n++) {
			struct job job = { .seed = 1 };
			struct result result = { .runs = 0 };

			if (is_graph(argv[i]))
				read_graph(&job, argv[i]);
			else
				read_plan(&job, argv[i]);
			run_often(&job, agents[n],
			    is_graph(argv[i]) ? RUNS_OF_GRAPH : RUNS_OF_PLAN,
			    is_graph(argv[i]) ? &graphs[n] : &result);
			base = strrchr(argv[i], '/');
			if (!is_graph(argv[i]))
				report(base == NULL ? argv[i] : base + 1,
				    agents[n], &result);
			release(&job);
		}
	}
	for (size_t n = 0; graphs[0].runs > 0 && n < TCTL_COUNT(agents); n++)
		report("task graphs", agents[n], &graphs[n]);
	return 0;
}
