/* import_order.c - the order that a plan implies inside of sprints, and its
 * gates.  What they bar is counted after (tctl_import_count). */
#include "import.h"

/* Where a task stands among steps that follow each other. */
struct place {
	size_t first; /* index of the chain's first, or TCTL_NONE */
	int64_t step;
};

/* A step knows the one before it; the first of them gives the chain its name.
 */
static struct place *
find_places(struct tctl_importing *import)
{
	const struct tctl_plan *plan = import->plan;
	struct place *place = tctl_arena_alloc(
	    import->change.arena, (plan->task_count + 1) * sizeof(*place));

	for (size_t i = 0; i < plan->task_count; i++) {
		size_t before = plan->follows[i];

		place[i] = (struct place){ .first = TCTL_NONE };
		if (before == TCTL_NONE)
			continue;
		if (place[before].first == TCTL_NONE)
			place[before].first = before;
		place[i].first = place[before].first;
		place[i].step = place[before].step + 1;
	}
	return place;
}

static enum tctl_status
set_order(struct tctl_importing *import, size_t i, const struct place *place,
    struct tctl_error *err)
{
	const struct tctl_import_row *row = import->row[i];
	bool is_gate = import->plan->task[i].is_gate;
	int64_t chain =
	    place->first == TCTL_NONE ? 0 : import->task_id[place->first];

	if (row == NULL ? chain == 0 && !is_gate
			: chain == row->chain && place->step == row->step &&
			      is_gate == row->is_gate)
		return TCTL_OK;
	import->moved = import->shifted[i] = true;
	return tctl_query(import->change.store, tctl_sql_task_set_order,
	    TCTL_ARGS(chain == 0 ? TCTL_T(NULL) : TCTL_N(chain),
		TCTL_N(place->step), TCTL_N(is_gate ? TCTL_BAR_IS_GATE : 0),
		TCTL_N(import->task_id[i])),
	    NULL, NULL, NULL, err);
}

static enum tctl_status
set_gates(struct tctl_importing *import, struct tctl_error *err)
{
	const struct tctl_plan *plan = import->plan;
	enum tctl_status status = TCTL_OK;
	size_t rows;

	for (size_t s = 0; status == TCTL_OK && s < plan->sprint_count; s++) {
		size_t gate = plan->sprint[s].gate;

		if (gate == TCTL_NONE && import->first != NULL)
			continue;
		status = tctl_query(import->change.store,
		    tctl_sql_sprint_set_gate,
		    TCTL_ARGS(gate == TCTL_NONE ? TCTL_T(NULL)
						: TCTL_N(import->task_id[gate]),
			TCTL_N(import->sprint_id[s])),
		    NULL, NULL, &rows, err);
		import->moved |= status == TCTL_OK && rows != 0;
	}
	return status;
}

enum tctl_status
tctl_import_order(struct tctl_importing *import, struct tctl_error *err)
{
	const struct place *place = find_places(import);
	enum tctl_status status = TCTL_OK;

	import->place = tctl_arena_alloc(import->change.arena,
	    (import->plan->task_count + 1) * sizeof(*import->place));
	for (size_t i = 0; status == TCTL_OK && i < import->plan->task_count;
	     i++) {
		size_t chain = place[i].first;

		import->place[i] =
		    (struct tctl_json_place){ .position = (int64_t)i,
			    .chain = chain == TCTL_NONE
					 ? NULL
					 : import->plan->task[chain].id,
			    .step = place[i].step };
		status = set_order(import, i, &place[i], err);
	}
	return status == TCTL_OK ? set_gates(import, err) : status;
}
