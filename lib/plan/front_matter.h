/* floor: plan - the flat YAML between two lines of --- that Markdown files
 * begin with: `key: value`, lists, quotes, and texts folded over lines. */
#ifndef PLAN_FRONT_MATTER_H
#define PLAN_FRONT_MATTER_H

#include "draft.h"

struct tctl_matter_row {
	const char *key;
	const char *value;	  /* without quotes; "" where a list follows */
	struct tctl_md_line line; /* as it stands there */
	const char *at;		  /* the value in the line */
	size_t length;		  /* bytes of it there */
	struct tctl_strings list; /* of [a, b] or of "- a" lines */
};

struct tctl_matter {
	struct tctl_matter_row *row;
	size_t count;
};

/* False: the text does not begin with one, or it does not end. */
bool tctl_matter_read(const struct tctl_source *source,
    struct tctl_arena *arena, struct tctl_matter *out);

/* The row of that key, or NULL. */
const struct tctl_matter_row *tctl_matter_find(
    const struct tctl_matter *matter, const char *key);

#endif
