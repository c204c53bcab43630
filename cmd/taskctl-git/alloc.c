/* alloc.c - memory for libgit2: without any the command ends, as everywhere
 * else.  libgit2 has an error in a place that it allocates: where it gets none
 * it sets that error, and so on until the stack is full. */
#include <stdlib.h>
#include <string.h>

#include <git2/sys/alloc.h>

#include "git.h"
#include "taskctl/memory.h"

/* malloc and its like do not return NULL here: cmd/taskctl/nomem.c. */
static void *
git_malloc(size_t bytes, const char *file, int line)
{
	(void)file;
	(void)line;
	return malloc(bytes);
}

static void *
git_realloc(void *at, size_t bytes, const char *file, int line)
{
	(void)file;
	(void)line;
	return realloc(at, bytes);
}

#if LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR < 6
/* Until 1.5 it asks for arrays and strings too. */
static void *
git_calloc(size_t count, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return calloc(count, size);
}

static void *
git_realloc_array(
    void *at, size_t count, size_t size, const char *file, int line)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		tctl_die_nomem();
	return git_realloc(at, bytes, file, line);
}

static void *
git_malloc_array(size_t count, size_t size, const char *file, int line)
{
	return git_realloc_array(NULL, count, size, file, line);
}

static char *
git_sub_strdup(const char *text, size_t n, const char *file, int line)
{
	char *copy = git_malloc(n + 1, file, line);

	copy[n] = '\0';
	return memcpy(copy, text, n);
}

static char *
git_strndup(const char *text, size_t n, const char *file, int line)
{
	return git_sub_strdup(text, strnlen(text, n), file, line);
}

static char *
git_strdup(const char *text, const char *file, int line)
{
	return git_sub_strdup(text, strlen(text), file, line);
}
#endif

void
tctl_git_use_memory(void)
{
	static git_allocator ours = {
		.gmalloc = git_malloc,
		.grealloc = git_realloc,
		.gfree = free,
#if LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR < 6
		.gcalloc = git_calloc,
		.gmallocarray = git_malloc_array,
		.greallocarray = git_realloc_array,
		.gstrdup = git_strdup,
		.gstrndup = git_strndup,
		.gsubstrdup = git_sub_strdup,
#endif
	};

	(void)git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &ours);
}
