/* network.c - the dependency graph out of the store, and back into it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "estimate.h"
#include "network.h"

enum { CYCLE_TEXT = 800 };

struct node {
	int64_t id;
	int64_t estimate_s; /* -1: unknown */
	int64_t sprint;
	int64_t chain; /* of steps that follow each other; 0: none */
	int64_t step;
	bool is_gate;
	bool cancelled;
};

struct border {
	int64_t sprint;
	int64_t after; /* the one that it follows, or 0 */
	int64_t gate;  /* the task that it waits for, or 0 */
};

struct pair {
	int64_t before;
	int64_t after;
};

struct builder {
	struct node *node;
	size_t nodes;
	struct pair *pair; /* edges by the store's ids */
	size_t pairs;
	struct border *barrier;
	size_t barriers;
	struct tctl_edge *edge;
	size_t edges;
};

static void
take_node(void *into, const char *const col[])
{
	struct builder *b = into;
	struct node *node;

	b->node = tctl_grow(b->node, b->nodes, sizeof(*b->node));
	node = &b->node[b->nodes++];
	node->id = tctl_col(col[0]);
	node->estimate_s = tctl_col(col[1]);
	node->cancelled = strcmp(tctl_col_text(col[2]), "cancelled") == 0;
	node->sprint = tctl_col(col[3]);
	node->chain = tctl_col(col[4]);
	node->step = tctl_col(col[5]);
	node->is_gate = tctl_col(col[6]) != 0;
}

static void
take_pair(void *into, const char *const col[])
{
	struct builder *b = into;

	b->pair = tctl_grow(b->pair, b->pairs, sizeof(*b->pair));
	b->pair[b->pairs++] =
	    (struct pair){ tctl_col(col[0]), tctl_col(col[1]) };
}

static void
take_barrier(void *into, const char *const col[])
{
	struct builder *b = into;

	b->barrier = tctl_grow(b->barrier, b->barriers, sizeof(*b->barrier));
	b->barrier[b->barriers++] = (struct border){ tctl_col(col[0]),
		tctl_col(col[1]), tctl_col(col[2]) };
}

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Where an id stands in a rising list, or TCTL_NONE. */
static size_t
find(const int64_t id[], size_t count, int64_t wanted)
{
	const int64_t *at =
	    count == 0 ? NULL
		       : bsearch(&wanted, id, count, sizeof(*id), by_number);

	return at == NULL ? TCTL_NONE : (size_t)(at - id);
}

size_t
tctl_network_node(const struct tctl_network *network, int64_t task)
{
	return find(network->task, network->tasks, task);
}

static void
add_edge(struct builder *b, size_t before, size_t after)
{
	if (before == TCTL_NONE || after == TCTL_NONE)
		return;
	b->edge = tctl_grow(b->edge, b->edges, sizeof(*b->edge));
	b->edge[b->edges++] = (struct tctl_edge){ before, after };
}

static void
fill_nodes(const struct builder *b, struct tctl_network *out)
{
	int64_t *group = tctl_xcalloc(b->nodes, sizeof(*group));

	out->tasks = b->nodes;
	out->sprints = b->barriers;
	out->task = tctl_xcalloc(b->nodes, sizeof(*out->task));
	out->weight_s =
	    tctl_xcalloc(b->nodes + b->barriers, sizeof(*out->weight_s));
	out->sprint = tctl_xcalloc(b->barriers, sizeof(*out->sprint));
	for (size_t i = 0; i < b->nodes; i++) {
		out->task[i] = b->node[i].id;
		out->weight_s[i] = b->node[i].estimate_s;
		group[i] = b->node[i].sprint;
	}
	tctl_estimate_fill(out->weight_s, group, b->nodes);
	free(group);
	for (size_t i = 0; i < b->nodes; i++)
		if (b->node[i].cancelled || b->node[i].is_gate)
			out->weight_s[i] = 0;
	for (size_t i = 0; i < b->barriers; i++)
		out->sprint[i] = b->barrier[i].sprint;
}

static void
add_barriers(struct builder *b, const struct tctl_network *out)
{
	for (size_t i = 0; i < b->nodes; i++) {
		size_t own = find(out->sprint, out->sprints, b->node[i].sprint);
		size_t after;

		if (own == TCTL_NONE)
			continue;
		add_edge(b, i, out->tasks + own);
		add_edge(b, tctl_network_node(out, b->barrier[own].gate), i);
		after = find(out->sprint, out->sprints, b->barrier[own].after);
		if (after != TCTL_NONE)
			add_edge(b, out->tasks + after, i);
	}
}

struct step {
	int64_t chain;
	int64_t step;
	size_t node;
};

static int
by_step(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (x->chain != y->chain)
		return x->chain < y->chain ? -1 : 1;
	return (x->step > y->step) - (x->step < y->step);
}

/* Each step after the one before it. */
static void
add_steps(struct builder *b)
{
	struct step *step = tctl_xcalloc(b->nodes, sizeof(*step));
	size_t n = 0;

	for (size_t i = 0; i < b->nodes; i++)
		if (b->node[i].chain != 0)
			step[n++] = (struct step){ b->node[i].chain,
				b->node[i].step, i };
	qsort(step, n, sizeof(*step), by_step);
	for (size_t i = 1; i < n; i++)
		if (step[i].chain == step[i - 1].chain)
			add_edge(b, step[i - 1].node, step[i].node);
	free(step);
}

/* A gate after all of its sprint.  Of several gates of one sprint the last:
 * they come one after another. */
static void
add_judged(struct builder *b, const struct tctl_network *out)
{
	size_t *gate = tctl_xcalloc(out->sprints, sizeof(*gate));

	for (size_t s = 0; s < out->sprints; s++)
		gate[s] = TCTL_NONE;
	for (size_t i = 0; i < b->nodes; i++) {
		size_t own = find(out->sprint, out->sprints, b->node[i].sprint);

		if (b->node[i].is_gate && own != TCTL_NONE)
			gate[own] = i;
	}
	for (size_t i = 0; i < b->nodes; i++) {
		size_t own = find(out->sprint, out->sprints, b->node[i].sprint);

		if (!b->node[i].is_gate && own != TCTL_NONE)
			add_edge(b, i, gate[own]);
	}
	free(gate);
}

enum tctl_status
tctl_network_read(
    struct tctl_store *store, struct tctl_network *out, struct tctl_error *err)
{
	struct builder b = { .nodes = 0 };
	enum tctl_status status = tctl_query(store, tctl_sql_graph_nodes,
	    TCTL_NO_ARGS, take_node, &b, NULL, err);

	memset(out, 0, sizeof(*out));
	if (status == TCTL_OK)
		status = tctl_query(store, tctl_sql_graph_edges, TCTL_NO_ARGS,
		    take_pair, &b, NULL, err);
	if (status == TCTL_OK)
		status = tctl_query(store, tctl_sql_graph_barriers,
		    TCTL_NO_ARGS, take_barrier, &b, NULL, err);
	if (status == TCTL_OK) {
		fill_nodes(&b, out);
		for (size_t i = 0; i < b.pairs; i++)
			add_edge(&b, tctl_network_node(out, b.pair[i].before),
			    tctl_network_node(out, b.pair[i].after));
		add_barriers(&b, out);
		add_steps(&b);
		add_judged(&b, out);
		tctl_graph_init(
		    &out->graph, out->tasks + out->sprints, b.edge, b.edges);
	}
	free(b.node);
	free(b.pair);
	free(b.barrier);
	free(b.edge);
	return status;
}

void
tctl_network_release(struct tctl_network *network)
{
	tctl_graph_release(&network->graph);
	free(network->task);
	free(network->weight_s);
	free(network->sprint);
}

/* Name every task of the cycle, in order and back to the first. */
static enum tctl_status
name_cycle(struct tctl_store *store, struct tctl_arena *arena,
    const struct tctl_network *network, char *text, size_t size,
    struct tctl_error *err)
{
	size_t *cycle = tctl_xcalloc(network->graph.nodes, sizeof(*cycle));
	size_t length = tctl_graph_cycle(&network->graph, cycle), used = 0;
	const char *key;
	enum tctl_status status = TCTL_OK;

	text[0] = '\0';
	for (size_t i = 0;
	     status == TCTL_OK && length > 0 && i <= length && used < size;
	     i++) {
		size_t node = cycle[i % length];

		if (node >= network->tasks) /* a sprint's end */
			continue;
		status =
		    tctl_row_key(store, arena, network->task[node], &key, err);
		if (status == TCTL_OK)
			used += (size_t)snprintf(text + used, size - used,
			    "%s%s", used == 0 ? "" : " -> ", key);
	}
	free(cycle);
	return status;
}

static enum tctl_status
refuse_cycle(struct tctl_change *change, const struct tctl_network *network,
    struct tctl_error *err)
{
	char text[CYCLE_TEXT];
	enum tctl_status status = name_cycle(
	    change->store, change->arena, network, text, sizeof(text), err);

	return status != TCTL_OK
		   ? status
		   : tctl_fail(err, TCTL_EINVALID,
			 "that would be a cycle of dependencies: %s", text);
}

enum tctl_status
tctl_network_cycle(struct tctl_store *store, struct tctl_arena *arena,
    const char **out, struct tctl_error *err)
{
	struct tctl_network network;
	char text[CYCLE_TEXT] = "";
	enum tctl_status status = tctl_network_read(store, &network, err);

	if (status == TCTL_OK) {
		status =
		    name_cycle(store, arena, &network, text, sizeof(text), err);
		tctl_network_release(&network);
	}
	*out = text[0] == '\0' ? NULL : tctl_arena_strdup(arena, text);
	return status;
}

enum tctl_status
tctl_network_refresh(struct tctl_change *change, struct tctl_error *err)
{
	struct tctl_network network;
	enum tctl_status status =
	    tctl_network_read(change->store, &network, err);
	size_t *order;
	int64_t *tail;

	if (status != TCTL_OK)
		return status;
	order = tctl_xcalloc(network.graph.nodes, sizeof(*order));
	tail = tctl_xcalloc(network.graph.nodes, sizeof(*tail));
	if (tctl_graph_order(&network.graph, order) != network.graph.nodes)
		status = refuse_cycle(change, &network, err);
	else
		tctl_graph_tails(&network.graph, order, network.weight_s, tail);
	for (size_t i = 0; status == TCTL_OK && i < network.tasks; i++)
		status = tctl_query(change->store, tctl_sql_task_set_tail,
		    TCTL_ARGS(TCTL_N(tail[i]), TCTL_N(network.task[i])), NULL,
		    NULL, NULL, err);
	free(order);
	free(tail);
	tctl_network_release(&network);
	return status;
}
