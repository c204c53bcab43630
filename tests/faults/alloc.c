/* alloc.c - linked in front of taskctl's objects, as faults-taskctl: the Nth
 * allocation fails, whoever asks (taskctl, SQLite, json-c, libc itself).
 *
 * SQLite asks malloc for each piece here: its pool is left out by --wrap. */
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>

#include "alloc.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *at, size_t size);
void __wrap_tctl_pool_use(void);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *at, size_t size);
void *reallocarray(void *at, size_t count, size_t size);

static struct faults_alloc *shared;

void
__wrap_tctl_pool_use(void)
{
}

/* Before main, and after libc has begun: from here it counts. */
__attribute__((constructor)) static void
begin(void)
{
	void *at = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED, FAULTS_ALLOC_FD, 0);

	if (at != MAP_FAILED)
		shared = at;
}

static bool
fails(void)
{
	size_t n;

	if (shared == NULL)
		return false;
	n = ++shared->count;
	if (shared->fail_at == 0 ||
	    !(shared->on ? n >= shared->fail_at : n == shared->fail_at))
		return false;
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *at, size_t size)
{
	return fails() ? NULL : __libc_realloc(at, size);
}

void *
reallocarray(void *at, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		return NULL;
	return realloc(at, count * size);
}
