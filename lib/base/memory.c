/* memory.c - arenas and growing arrays; the one place where memory runs out. */
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "taskctl/memory.h"

enum { FIRST_CHUNK = 4096 }; /* bytes; each next chunk is twice as large */

struct chunk {
	struct chunk *older;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

struct tctl_arena {
	struct chunk *newest;
};

void
tctl_die_nomem(void)
{
	static const char said[] = "taskctl: out of memory [failed]\n";

	/* stdio may need memory, and buffered output is not whole anyway. */
	if (write(STDERR_FILENO, said, sizeof(said) - 1) < 0)
		_exit(1);
	_exit(1);
}

char *
tctl_xvprintf(const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) < 0)
		tctl_die_nomem();
	return text;
}

char *
tctl_xprintf(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = tctl_xvprintf(fmt, args);
	va_end(args);
	return text;
}

char *
tctl_xstrdup(const char *text)
{
	char *copy = strdup(text);

	if (copy == NULL)
		tctl_die_nomem();
	return copy;
}

void *
tctl_xcalloc(size_t count, size_t size)
{
	void *at = calloc(count + 1, size);

	if (at == NULL)
		tctl_die_nomem();
	return at;
}

/* The room that an array of count elements has: the next power of two. */
static bool
is_full(size_t count)
{
	return (count & (count - 1)) == 0;
}

void *
tctl_grow(void *array, size_t count, size_t size)
{
	if (!is_full(count))
		return array;
	array = reallocarray(array, count == 0 ? 1 : 2 * count, size);
	if (array == NULL)
		tctl_die_nomem();
	return array;
}

struct tctl_arena *
tctl_arena_new(void)
{
	struct tctl_arena *arena = calloc(1, sizeof(*arena));

	if (arena == NULL)
		tctl_die_nomem();
	return arena;
}

void
tctl_arena_free(struct tctl_arena *arena)
{
	if (arena == NULL)
		return;
	for (struct chunk *chunk = arena->newest, *older; chunk;
	     chunk = older) {
		older = chunk->older;
		free(chunk);
	}
	free(arena);
}

/* calloc, since fresh pages come zeroed without being touched. */
static struct chunk *
add_chunk(struct tctl_arena *arena, size_t bytes)
{
	size_t size = arena->newest ? 2 * arena->newest->size : FIRST_CHUNK;
	struct chunk *chunk;

	if (size < bytes)
		size = bytes;
	if (size > SIZE_MAX / 2)
		tctl_die_nomem();
	chunk = calloc(1, sizeof(*chunk) + size);
	if (chunk == NULL)
		tctl_die_nomem();
	chunk->size = size;
	chunk->older = arena->newest;
	arena->newest = chunk;
	return chunk;
}

void *
tctl_arena_alloc(struct tctl_arena *arena, size_t bytes)
{
	const size_t align = alignof(max_align_t);
	struct chunk *chunk = arena->newest;
	void *start;

	if (bytes > SIZE_MAX / 4)
		tctl_die_nomem();
	bytes = (bytes + align - 1) / align * align;
	if (chunk == NULL || chunk->size - chunk->used < bytes)
		chunk = add_chunk(arena, bytes);
	start = chunk->bytes + chunk->used;
	chunk->used += bytes;
	return start;
}

char *
tctl_arena_strndup(struct tctl_arena *arena, const char *text, size_t n)
{
	size_t length = strnlen(text, n);
	char *copy = tctl_arena_alloc(arena, length + 1);

	memcpy(copy, text, length);
	return copy;
}

char *
tctl_arena_strdup(struct tctl_arena *arena, const char *text)
{
	return text == NULL ? NULL
			    : tctl_arena_strndup(arena, text, strlen(text));
}

char *
tctl_arena_printf(struct tctl_arena *arena, const char *fmt, ...)
{
	va_list args, again;
	char *text;
	int length;

	va_start(args, fmt);
	va_copy(again, args);
	length = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (length < 0)
		tctl_die_nomem();
	text = tctl_arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, fmt, again);
	va_end(again);
	return text;
}

void *
tctl_arena_grow(
    struct tctl_arena *arena, void *array, size_t count, size_t size)
{
	void *larger;

	if (!is_full(count))
		return array;
	if (size != 0 && count > SIZE_MAX / 8 / size)
		tctl_die_nomem();
	larger = tctl_arena_alloc(arena, (count == 0 ? 1 : 2 * count) * size);
	if (count > 0)
		memcpy(larger, array, count * size);
	return larger;
}
