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

/* In order, and each once. */
void tctl_row_ids_sort(struct tctl_row_ids *ids);

/* Where an id stands among some that are in order; NULL: nowhere. */
const int64_t *tctl_row_ids_find(const int64_t *at, size_t count, int64_t id);

#endif
