/* nomem.c - memory that runs out ends the process in one function, whoever
 * asked.
 *
 * json-c does not look at what it gets everywhere, and nor do those who ask it
 * for an object: without this a command that runs out of memory crashes.  Where
 * it gets no locale it answers nothing, as for "null".  The
 * linker puts these in malloc's place (--wrap) for all that is linked
 * statically; a change that was under way is rolled back by the next, as after
 * any death. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "taskctl/memory.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *at, size_t size);
char *__real_strdup(const char *text);
locale_t __real_newlocale(int mask, const char *name, locale_t base);
locale_t __real_duplocale(locale_t locale);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);
char *__wrap_strdup(const char *text);
locale_t __wrap_newlocale(int mask, const char *name, locale_t base);
locale_t __wrap_duplocale(locale_t locale);

static void *
or_die(void *at)
{
	if (at == NULL)
		tctl_die_nomem();
	return at;
}

void *
__wrap_malloc(size_t size)
{
	return or_die(__real_malloc(size));
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return or_die(__real_calloc(count, size));
}

void *
__wrap_realloc(void *at, size_t size)
{
	void *moved = __real_realloc(at, size);

	return size == 0 ? moved : or_die(moved);
}

char *
__wrap_strdup(const char *text)
{
	return or_die(__real_strdup(text));
}

/* Asked for nothing but "C", which is always there. */
locale_t
__wrap_newlocale(int mask, const char *name, locale_t base)
{
	return or_die(__real_newlocale(mask, name, base));
}

locale_t
__wrap_duplocale(locale_t locale)
{
	return or_die(__real_duplocale(locale));
}
