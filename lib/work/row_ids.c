/* row_ids.c - the ids of rows, gathered from a query. */
#include "row_ids.h"

#include "taskctl/store.h"

void
tctl_row_ids_add(struct tctl_row_ids *ids, int64_t id)
{
	ids->at =
	    tctl_arena_grow(ids->arena, ids->at, ids->count, sizeof(*ids->at));
	ids->at[ids->count++] = id;
}

void
tctl_row_ids_take(void *into, const char *const col[])
{
	tctl_row_ids_add(into, tctl_col(col[0]));
}
