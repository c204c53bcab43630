/* pool.c - memory for SQLite that costs a few instructions a piece.
 *
 * Preparing the statements of one claim asks for 3,000 small pieces, and gives
 * most of them back at once.  Debian's SQLite is built without its lookaside
 * buffer, so each goes through malloc: a seventh of all the instructions of a
 * claim.  Here a piece comes off a list of its size, or off
 * the end of a chunk; chunks are never given back. */
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"

enum {
	STEP = 16,	  /* sizes are rounded up to it */
	PIECE_MAX = 2048, /* what is larger is malloc's: pages, mostly */
	CHUNK = 64 * 1024,
};

/* In front of each piece; 8 bytes, which is SQLite's alignment. */
union head {
	int64_t size;
	union head *next; /* while it is free */
};

static union head *free_list[PIECE_MAX / STEP + 1];
static char *chunk, *chunk_end;

static void *
pool_alloc(int wanted)
{
	size_t size = ((size_t)wanted + STEP - 1) / STEP * STEP;
	size_t bytes = size + sizeof(union head);
	union head *piece;

	if (size > PIECE_MAX) {
		piece = malloc(bytes);
		if (piece == NULL)
			return NULL;
	} else if (free_list[size / STEP] != NULL) {
		piece = free_list[size / STEP];
		free_list[size / STEP] = piece->next;
	} else {
		if ((size_t)(chunk_end - chunk) < bytes) {
			chunk = malloc(CHUNK);
			chunk_end = chunk == NULL ? NULL : chunk + CHUNK;
			if (chunk == NULL)
				return NULL;
		}
		piece = (union head *)(void *)chunk;
		chunk += bytes;
	}
	piece->size = (int64_t)size;
	return piece + 1;
}

static int
pool_size(void *at)
{
	return at == NULL ? 0 : (int)((union head *)at - 1)->size;
}

static void
pool_free(void *at)
{
	union head *piece;
	size_t size;

	if (at == NULL)
		return;
	piece = (union head *)at - 1;
	size = (size_t)piece->size;
	if (size > PIECE_MAX) {
		free(piece);
		return;
	}
	piece->next = free_list[size / STEP];
	free_list[size / STEP] = piece;
}

static void *
pool_realloc(void *at, int wanted)
{
	int had = pool_size(at);
	void *moved;

	if (at != NULL && wanted <= had && had <= PIECE_MAX)
		return at;
	moved = pool_alloc(wanted);
	if (moved == NULL)
		return NULL;
	memcpy(moved, at, (size_t)(had < wanted ? had : wanted));
	pool_free(at);
	return moved;
}

static int
pool_round(int wanted)
{
	return (wanted + STEP - 1) / STEP * STEP;
}

static int
pool_begin(void *unused)
{
	(void)unused;
	return SQLITE_OK;
}

static void
pool_end(void *unused)
{
	(void)unused;
}

void
tctl_pool_use(void)
{
	static sqlite3_mem_methods pool = { .xMalloc = pool_alloc,
		.xFree = pool_free,
		.xRealloc = pool_realloc,
		.xSize = pool_size,
		.xRoundup = pool_round,
		.xInit = pool_begin,
		.xShutdown = pool_end };

	sqlite3_config(SQLITE_CONFIG_MALLOC, &pool);
}
