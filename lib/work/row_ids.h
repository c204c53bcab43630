/* floor: work - the ids of rows, gathered from a query. */
#ifndef TASKCTL_WORK_ROW_IDS_H
#define TASKCTL_WORK_ROW_IDS_H

#include <stddef.h>
#include <stdint.h>

#include "taskctl/memory.h"

struct tctl_row_ids {
	struct tctl_arena *arena; /* owns at; to be set at first */
	int64_t *at;
	size_t count;
};

void tctl_row_ids_add(struct tctl_row_ids *ids, int64_t id);

/* A tctl_row_fn: the first column is an id. */
void tctl_row_ids_take(void *into, const char *const col[]);

#endif
