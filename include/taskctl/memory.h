/* floor: base - memory that is freed together, and arrays that grow.
 *
 * Out of memory ends the process in one function (exit 1): a change is durable
 * only when its one transaction commits, so dying here is the same as kill -9,
 * which the store survives anyway.  Hence nothing below returns NULL. */
#ifndef TASKCTL_MEMORY_H
#define TASKCTL_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

#include "taskctl/error.h"

#define TCTL_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Say so on standard error and exit 1. */
_Noreturn void tctl_die_nomem(void);

/* An owned string (free); the format is printf's. */
char *tctl_xprintf(const char *fmt, ...) TCTL_PRINTF(1, 2);
char *tctl_xvprintf(const char *fmt, va_list args) TCTL_PRINTF(1, 0);
char *tctl_xstrdup(const char *text);

/* Zeroed room for count elements and one more, so that none is room too; owned
 * (free). */
void *tctl_xcalloc(size_t count, size_t size);

/**
 * Make room for one more element at the end of a growing array.
 *
 * Doubles the array when count has reached a power of two, so no capacity is
 * kept beside it.
 *
 * @param array owned array of count elements, or NULL when count is 0
 * @param size  of one element, bytes
 * @return      the array, perhaps moved, with room for count + 1
 */
void *tctl_grow(void *array, size_t count, size_t size);

/* Everything allocated from an arena lives until the arena is freed. */
struct tctl_arena;

struct tctl_arena *tctl_arena_new(void);
void tctl_arena_free(struct tctl_arena *arena); /* NULL is fine */

/* Zeroed, aligned for any type; belongs to the arena. */
void *tctl_arena_alloc(struct tctl_arena *arena, size_t bytes);
/* NULL for NULL. */
char *tctl_arena_strdup(struct tctl_arena *arena, const char *text);
char *tctl_arena_strndup(struct tctl_arena *arena, const char *text, size_t n);
char *tctl_arena_printf(struct tctl_arena *arena, const char *fmt, ...)
    TCTL_PRINTF(2, 3);

/* tctl_grow for an array that belongs to the arena. */
void *tctl_arena_grow(
    struct tctl_arena *arena, void *array, size_t count, size_t size);

#endif
