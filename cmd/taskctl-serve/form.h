/* floor: cmd - what a page's form sends: names and values. */
#ifndef SERVE_FORM_H
#define SERVE_FORM_H

#include <stdbool.h>
#include <stdio.h>

#include "taskctl/memory.h"

enum { FORM_FIELDS = 8 };

struct tctl_form {
	const char *name[FORM_FIELDS]; /* the arena's, as the values */
	const char *value[FORM_FIELDS];
	size_t count;
};

/* Read a body of application/x-www-form-urlencoded (NULL: an empty one).
 * false: it is none, or not UTF-8, or there are more fields than any of our
 * forms has. */
bool tctl_form_read(
    const char *body, struct tctl_arena *arena, struct tctl_form *out);

/* "" where there is no such field. */
const char *tctl_form_get(const struct tctl_form *form, const char *name);

/* Text in which nothing means anything to an address or to a cookie. */
void tctl_form_escape(FILE *to, const char *text);
/* And back; NULL: it was not made so. */
const char *tctl_form_unescape(
    struct tctl_arena *arena, const char *text, size_t length);

#endif
