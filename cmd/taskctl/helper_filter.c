/* helper_filter.c - let a helper program turn some bytes into others. */
#include <stdio.h>
#include <string.h>

#include "child.h"
#include "helper.h"

/* The first line of what it said, without its own name. */
static enum tctl_status
refuse(const char *name, const struct tctl_child *child, struct tctl_error *err)
{
	enum { SAID_MAX = 600 };
	int length = (int)strcspn(child->said, "\n");

	if (child->code == TCTL_CHILD_NOT_INSTALLED) {
		tctl_fail(err, TCTL_EFAILED,
		    "this needs %s, which is not installed", name);
		return tctl_hint(err,
		    "mermaid, svg, html, csv, json, dot and tjp "
		    "need nothing else");
	}
	if (length == 0)
		return tctl_fail(err, TCTL_EFAILED,
		    "%s: it failed, and did not say why", name);
	return tctl_fail(err, TCTL_EFAILED, "%s: %.*s", name,
	    length < SAID_MAX ? length : SAID_MAX, child->said);
}

enum tctl_status
tctl_helper_filter(const char *name, char *const argv[], const char *in,
    size_t in_length, char **out, size_t *out_length, struct tctl_error *err)
{
	struct tctl_child child = { .argv = argv,
		.exec = tctl_helper_exec,
		.in = in,
		.in_length = in_length };
	enum tctl_status status = tctl_child_run(&child, err);

	if (status == TCTL_OK && child.code != 0)
		status = refuse(name, &child, err);
	if (status == TCTL_OK) {
		*out = child.out;
		*out_length = child.out_length;
		child.out = NULL;
	}
	tctl_child_release(&child);
	return status;
}
