/* row_ids.c - the ids of rows, gathered from a query. */
#include "row_ids.h"

#include <stdlib.h>

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

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void
tctl_row_ids_sort(struct tctl_row_ids *ids)
{
	size_t kept = 0;

	if (ids->count > 1)
		qsort(ids->at, ids->count, sizeof(*ids->at), by_value);
	for (size_t i = 0; i < ids->count; i++)
		if (kept == 0 || ids->at[kept - 1] != ids->at[i])
			ids->at[kept++] = ids->at[i];
	ids->count = kept;
}

const int64_t *
tctl_row_ids_find(const int64_t *at, size_t count, int64_t id)
{
	return count == 0 ? NULL
			  : bsearch(&id, at, count, sizeof(*at), by_value);
}
