/* md4c_lazy.c - the Markdown library, loaded when a plan is read.
 *
 * Debian has it as a shared library only.  Linked, it would be mapped and
 * relocated at the start of every claim, which never reads a plan: 0.04 ms. */
#include <dlfcn.h>
#include <stddef.h>

#include "md4c_lazy.h"

enum tctl_status
tctl_md4c_parse(const char *text, unsigned length, const MD_PARSER *parser,
    void *into, int *rc, struct tctl_error *err)
{
	static const char soname[] = "libmd4c.so.0";
	int (*parse)(const MD_CHAR *, MD_SIZE, const MD_PARSER *, void *);
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		return tctl_fail(err, TCTL_EFAILED,
		    "cannot load %s, which reads Markdown: %s", soname,
		    dlerror());
	/* POSIX lets a function's address go through void *, C does not. */
	*(void **)&parse = dlsym(library, "md_parse");
	if (parse == NULL)
		return tctl_fail(
		    err, TCTL_EFAILED, "%s: %s", soname, dlerror());
	*rc = parse(text, length, parser, into);
	return TCTL_OK;
}
