/* floor: graph - the dependency graph (a DAG): order, cycles, longest paths.
 *
 * Nodes are the indexes 0..nodes-1 of somebody's array.  Everything here takes
 * time and memory O(nodes + edges) and recurses nowhere, so a chain of a
 * million tasks is as good as any other graph. */
#ifndef TASKCTL_GRAPH_H
#define TASKCTL_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "taskctl/model.h"

/* Successors and predecessors in compressed sparse rows: the successors of v
 * are next[next_at[v] .. next_at[v + 1]), likewise its predecessors. */
struct tctl_graph {
	size_t nodes;
	size_t edges;
	size_t *next_at;
	size_t *next;
	size_t *prev_at;
	size_t *prev;
};

/**
 * Build the graph of n nodes and m edges.
 *
 * @param edge borrowed; each end < n; repeated edges are kept as they are
 * @param out  owned; release with tctl_graph_release
 */
void tctl_graph_init(
    struct tctl_graph *out, size_t n, const struct tctl_edge edge[], size_t m);
void tctl_graph_release(struct tctl_graph *graph);

/**
 * Topological order; among nodes that are free at once, the smallest index
 * first reaches the queue, so the order is the same on every run.
 *
 * @param order room for nodes indexes; the caller's memory
 * @return      how many were ordered; fewer than nodes: there is a cycle
 *
 * Source: A. B. Kahn, Topological sorting of large networks, CACM 5 (1962).
 */
size_t tctl_graph_order(const struct tctl_graph *graph, size_t order[]);

/**
 * Find one cycle and name all of it.
 *
 * @param cycle room for nodes indexes; in order: cycle[i] comes before
 *              cycle[i + 1], and the last before the first
 * @return      its length; 0: there is none.  A node that needs itself is 1
 */
size_t tctl_graph_cycle(const struct tctl_graph *graph, size_t cycle[]);

/* Can one get from node to node along edges?  A node reaches itself. */
bool tctl_graph_reaches(const struct tctl_graph *graph, size_t from, size_t to);

/**
 * For each node the length of the longest path that starts with it, its own
 * weight included: the "longest remaining path" by which work is handed out
 * (HLFET: T. C. Hu 1961; Adam, Chandy, Dickson, CACM 17 (1974)).
 *
 * @param order  a full topological order (tctl_graph_order)
 * @param weight nodes weights >= 0, any unit
 * @param tail   room for nodes results, in that unit
 */
void tctl_graph_tails(const struct tctl_graph *graph, const size_t order[],
    const int64_t weight[], int64_t tail[]);

#endif
