/* outlook.c - the critical path over what the store holds. */
#include <stdlib.h>
#include <string.h>

#include "outlook.h"

int64_t
tctl_outlook_left_s(
    const struct tctl_task *task, int64_t weight_s, int64_t now_ms)
{
	int64_t spent_s;

	if (task->state == TCTL_STATE_DONE ||
	    task->state == TCTL_STATE_CANCELLED)
		return 0;
	if (task->lease == NULL)
		return weight_s;
	spent_s = (now_ms - task->lease->acquired_ms) / 1000;
	return spent_s < weight_s ? weight_s - spent_s : 0;
}

struct moment {
	int64_t at_s;
	int step; /* 1 a start, -1 an end */
};

static int
by_time(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;

	if (x->at_s != y->at_s)
		return x->at_s < y->at_s ? -1 : 1;
	return x->step - y->step; /* ends before starts */
}

/* How many slots overlap at the most. */
static size_t
most_at_once(const struct tctl_slot slot[], size_t count)
{
	struct moment *moment = tctl_xcalloc(2 * count, sizeof(*moment));
	size_t n = 0;
	long now = 0, most = 0;

	for (size_t i = 0; i < count; i++)
		if (slot[i].end_s > slot[i].start_s) {
			moment[n++] = (struct moment){ slot[i].start_s, 1 };
			moment[n++] = (struct moment){ slot[i].end_s, -1 };
		}
	qsort(moment, n, sizeof(*moment), by_time);
	for (size_t i = 0; i < n; i++) {
		now += moment[i].step;
		most = now > most ? now : most;
	}
	free(moment);
	return (size_t)most;
}

/* Would two tasks of one mutex run at once?  Then no schedule is this short.
 * O(n^2) in the tasks that have a mutex. */
static bool
overlaps(const struct tctl_outlook *out)
{
	for (size_t i = 0; i < out->tasks.count; i++) {
		const struct tctl_slot *a = &out->slot[i];
		const char *mutex = out->tasks.at[i].mutex;

		for (size_t j = 0; mutex != NULL && j < i; j++) {
			const struct tctl_slot *b = &out->slot[j];

			if (out->tasks.at[j].mutex != NULL &&
			    strcmp(out->tasks.at[j].mutex, mutex) == 0 &&
			    a->start_s < b->end_s && b->start_s < a->end_s)
				return true;
		}
	}
	return false;
}

/* Edges from task to task; those over a sprint's node are barriers. */
static void
hand_over_edges(struct tctl_outlook *out, const struct tctl_network *network,
    const size_t index[])
{
	const struct tctl_graph *graph = &network->graph;

	out->edge = tctl_arena_alloc(
	    out->tasks.arena, (graph->edges + 1) * sizeof(*out->edge));
	for (size_t v = 0; v < network->tasks; v++)
		for (size_t e = graph->next_at[v]; e < graph->next_at[v + 1];
		     e++)
			if (graph->next[e] < network->tasks)
				out->edge[out->edge_count++] =
				    (struct tctl_edge){ index[v],
					    index[graph->next[e]] };
}

/* The network's results, brought into the order of the tasks. */
static void
hand_over(struct tctl_outlook *out, const struct tctl_network *network,
    const struct tctl_slot slot[], const size_t path[], size_t path_count)
{
	size_t *index = tctl_xcalloc(network->tasks, sizeof(*index));

	out->slot = tctl_arena_alloc(
	    out->tasks.arena, (out->tasks.count + 1) * sizeof(*out->slot));
	out->path = tctl_arena_alloc(
	    out->tasks.arena, (path_count + 1) * sizeof(*out->path));
	for (size_t i = 0; i < out->tasks.count; i++) {
		size_t node = tctl_network_node(network, out->tasks.row[i]);

		index[node] = i;
		out->slot[i] = slot[node];
	}
	for (size_t i = 0; i < path_count; i++)
		if (path[i] < network->tasks && network->weight_s[path[i]] > 0)
			out->path[out->path_count++] = index[path[i]];
	hand_over_edges(out, network, index);
	out->agents = most_at_once(out->slot, out->tasks.count);
	out->mutex_overlap = overlaps(out);
	free(index);
}

static void
compute(struct tctl_outlook *out, struct tctl_network *network, bool from_now)
{
	size_t nodes = network->graph.nodes, path_count = 0;
	struct tctl_slot *slot = tctl_xcalloc(nodes, sizeof(*slot));
	size_t *path = tctl_xcalloc(nodes, sizeof(*path));

	for (size_t i = 0; i < out->tasks.count; i++) {
		size_t node = tctl_network_node(network, out->tasks.row[i]);
		int64_t *weight_s = &network->weight_s[node];

		if (from_now)
			*weight_s = tctl_outlook_left_s(
			    &out->tasks.at[i], *weight_s, out->tasks.now_ms);
		out->sequential_s += *weight_s;
	}
	out->makespan_s = tctl_schedule_cpm(
	    &network->graph, network->weight_s, slot, path, &path_count);
	hand_over(out, network, slot, path, path_count);
	free(slot);
	free(path);
}

/* Every task must have a node: both were read of one snapshot, so of a store
 * that is sound. */
static enum tctl_status
check_nodes(const struct tctl_tasks *tasks, const struct tctl_network *network,
    struct tctl_error *err)
{
	for (size_t i = 0; i < tasks->count; i++)
		if (tctl_network_node(network, tasks->row[i]) == TCTL_NONE)
			return tctl_fail(err, TCTL_ECORRUPT,
			    "the store says in two ways which tasks there are");
	return TCTL_OK;
}

/* Nor does a sound one hold a cycle: each is refused, or cut. */
static enum tctl_status
check_order(const struct tctl_network *network, struct tctl_error *err)
{
	size_t *order = tctl_xcalloc(network->graph.nodes, sizeof(*order));
	size_t ordered = tctl_graph_order(&network->graph, order);

	free(order);
	if (ordered == network->graph.nodes)
		return TCTL_OK;
	tctl_fail(err, TCTL_ECORRUPT,
	    "the store holds a cycle of dependencies, which is never stored");
	return tctl_hint(err, "see which: taskctl doctor");
}

enum tctl_status
tctl_outlook_load(const struct tctl_coord *coord, enum tctl_detail detail,
    struct tctl_tasks *tasks, struct tctl_network *network,
    struct tctl_error *err)
{
	struct tctl_arena *arena = tctl_arena_new();
	struct tctl_view view;
	enum tctl_status status = tctl_view_begin(coord, arena, &view, err);

	if (status == TCTL_OK) {
		view.detail = detail;
		status = tctl_view_load(&view, 0, INT64_MAX, tasks, err);
		if (status == TCTL_OK)
			status = tctl_network_read(coord->store, network, err);
		tctl_view_end(&view);
		if (status == TCTL_OK) {
			status = check_nodes(tasks, network, err);
			if (status == TCTL_OK)
				status = check_order(network, err);
			if (status != TCTL_OK)
				tctl_network_release(network);
		}
	}
	if (status != TCTL_OK) {
		tctl_arena_free(arena);
		tasks->arena = NULL;
	}
	return status;
}

enum tctl_status
tctl_outlook_read(const struct tctl_coord *coord, bool from_now,
    struct tctl_outlook *out, struct tctl_error *err)
{
	struct tctl_network network;
	enum tctl_status status;

	memset(out, 0, sizeof(*out));
	status = tctl_outlook_load(
	    coord, TCTL_DETAIL_ALL, &out->tasks, &network, err);
	if (status != TCTL_OK)
		return status;
	compute(out, &network, from_now);
	tctl_network_release(&network);
	return TCTL_OK;
}

void
tctl_outlook_release(struct tctl_outlook *outlook)
{
	tctl_tasks_release(&outlook->tasks);
}
