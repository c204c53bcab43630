/* check_names.c - a list of ids in a message, which may not fill it. */
#include <stdio.h>
#include <string.h>

#include "check.h"

enum { NAMES_SHOWN = 12 };

void
tctl_names_add(struct tctl_names *names, const char *id)
{
	size_t n = strlen(names->text);

	names->count++;
	if (names->count <= NAMES_SHOWN && n < sizeof(names->text) - 64)
		snprintf(names->text + n, sizeof(names->text) - n, "%s%.50s",
		    n == 0 ? "" : ", ", id);
	else if (names->count == NAMES_SHOWN + 1)
		snprintf(names->text + n, sizeof(names->text) - n, ", ...");
}
