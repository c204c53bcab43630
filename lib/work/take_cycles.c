/* take_cycles.c - two edges, each fine where it was made, may be a cycle
 * together: one of them goes, as if by hand, so that every store hears of it.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "take.h"

struct edge {
	int64_t task;
	int64_t needs;
	const char *origin; /* NULL: none was found yet */
	const char *name;   /* "2.1 needs 1.3": by which one is chosen */
};

static void
take_origin(void *into, const char *const col[])
{
	const char **origin = into;

	*origin = strcmp(tctl_col_text(col[0]), "hand") == 0   ? "hand"
		  : strcmp(tctl_col_text(col[0]), "plan") == 0 ? "plan"
							       : NULL;
}

/* A person's edge before a plan's; of several the last by name, which is the
 * same in every store. */
static bool
is_better(const struct edge *a, const struct edge *b)
{
	if (b->origin == NULL)
		return true;
	if (strcmp(a->origin, b->origin) != 0)
		return strcmp(a->origin, "hand") == 0;
	return strcmp(a->name, b->name) > 0;
}

static enum tctl_status
look_at(struct tctl_taking *taking, int64_t needs, int64_t task,
    struct edge *best, struct tctl_error *err)
{
	struct tctl_change *change = &taking->change;
	struct edge edge = { .task = task, .needs = needs };
	const char *key, *need;
	enum tctl_status status = tctl_query(change->store, tctl_sql_dep_origin,
	    TCTL_ARGS(TCTL_N(task), TCTL_N(needs)), take_origin, &edge.origin,
	    NULL, err);

	if (status != TCTL_OK || edge.origin == NULL)
		return status;
	status = tctl_row_key(change->store, change->arena, task, &key, err);
	if (status == TCTL_OK)
		status = tctl_row_key(
		    change->store, change->arena, needs, &need, err);
	if (status != TCTL_OK)
		return status;
	edge.name = tctl_arena_printf(change->arena, "%s needs %s", key, need);
	if (is_better(&edge, best))
		*best = edge;
	return TCTL_OK;
}

/* The edge of a cycle that can go best; origin NULL: there is no cycle, or none
 * that an edge makes. */
static enum tctl_status
find_edge(struct tctl_taking *taking, struct edge *out, struct tctl_error *err)
{
	struct tctl_network network;
	size_t *cycle, length;
	enum tctl_status status =
	    tctl_network_read(taking->change.store, &network, err);

	memset(out, 0, sizeof(*out));
	if (status != TCTL_OK)
		return status;
	cycle = tctl_xcalloc(network.graph.nodes, sizeof(*cycle));
	length = tctl_graph_cycle(&network.graph, cycle);
	for (size_t i = 0; status == TCTL_OK && i < length; i++) {
		size_t before = cycle[i], after = cycle[(i + 1) % length];

		if (before < network.tasks && after < network.tasks)
			status = look_at(taking, network.task[before],
			    network.task[after], out, err);
	}
	free(cycle);
	tctl_network_release(&network);
	return status;
}

static enum tctl_status
drop(
    struct tctl_taking *taking, const struct edge *edge, struct tctl_error *err)
{
	struct tctl_change *change = &taking->change;
	struct tctl_edit edit = { .change = *change };
	struct json_object *data = json_object_new_object();
	struct tctl_row need;
	const char *plan = "";
	enum tctl_status status = tctl_row_read(
	    change->store, change->arena, edge->needs, &need, err);

	if (status == TCTL_OK)
		status = tctl_edit_plan_name(&edit, &need, &plan, err);
	if (status == TCTL_OK)
		status =
		    strcmp(edge->origin, "plan") == 0
			? tctl_query(change->store, tctl_sql_dep_set_origin,
			      TCTL_ARGS(TCTL_T("cut"), TCTL_N(edge->task),
				  TCTL_N(edge->needs)),
			      NULL, NULL, NULL, err)
			: tctl_query(change->store, tctl_sql_dep_delete,
			      TCTL_ARGS(
				  TCTL_N(edge->task), TCTL_N(edge->needs)),
			      NULL, NULL, NULL, err);
	if (status != TCTL_OK) {
		json_object_put(data);
		return status;
	}
	json_object_object_add(data, "needs", json_object_new_string(need.key));
	json_object_object_add(
	    data, "needs_plan", json_object_new_string(plan));
	json_object_object_add(data, "why",
	    json_object_new_string("a cycle, with another store's edges"));
	tctl_strings_add(taking->out->arena, &taking->out->dropped,
	    tctl_arena_printf(taking->out->arena,
		"together the two plans would be a cycle: that %s is dropped",
		edge->name));
	return tctl_change_event(
	    change, TCTL_EVENT_DEP_REMOVED, edge->task, NULL, data, err);
}

enum tctl_status
tctl_take_cycles(struct tctl_taking *taking, struct tctl_error *err)
{
	enum tctl_status status;
	struct edge edge;

	/* Each turn takes one edge away. */
	while ((status = tctl_replay_count(&taking->replay, err)) ==
	       TCTL_EINVALID) {
		struct tctl_error cycle = *err;

		status = find_edge(taking, &edge, err);
		if (status == TCTL_OK && edge.origin == NULL) {
			*err = cycle;
			return cycle.status;
		}
		if (status == TCTL_OK)
			status = drop(taking, &edge, err);
		if (status != TCTL_OK)
			return status;
	}
	return status;
}
