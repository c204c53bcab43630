/* static.c - linked into the static taskctl alone: it loads no library.
 *
 * A static program of glibc can load libraries only where exactly its own
 * version of glibc is, and asks for users by libraries too.  So what would do
 * that is done by the dynamic twin, and these stand in libc's place: SQLite and
 * the Markdown reader name them, and nobody calls them. */
#include <dlfcn.h>
#include <pwd.h>
#include <stddef.h>

#include "helper.h"

const char tctl_twin[] = "taskctl-dynamic";

/* By the linker's --wrap: libc keeps a dlopen for itself, with a warning to all
 * others that name it. */
void *__wrap_dlopen(const char *file, int mode);

void *
__wrap_dlopen(const char *file, int mode)
{
	(void)file;
	(void)mode;
	return NULL;
}

void *
dlsym(void *restrict handle, const char *restrict name)
{
	(void)handle;
	(void)name;
	return NULL;
}

int
dlclose(void *handle)
{
	(void)handle;
	return -1;
}

char *
dlerror(void)
{
	static char text[] = "this program is static";

	return text;
}

struct passwd *
getpwuid(uid_t uid)
{
	(void)uid;
	return NULL;
}
