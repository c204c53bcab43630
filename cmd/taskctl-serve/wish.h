/* floor: cmd - what the address of a chart asks for. */
#ifndef SERVE_WISH_H
#define SERVE_WISH_H

#include <microhttpd.h>
#include <stdbool.h>

#include "taskctl/error.h"

/* The graph knows the first of them, the Gantt chart all. */
enum tctl_wish_name {
	TCTL_WISH_THEME,
	TCTL_WISH_BY,
	TCTL_WISH_SPRINT,
	TCTL_WISH_AGENT,
	TCTL_WISH_NAMES
};

struct tctl_wish_row {
	const char *name;
	const char *word[4]; /* what it may be; none: any text */
};
extern const struct tctl_wish_row tctl_wish_row[TCTL_WISH_NAMES];

struct tctl_wish {
	const char *value[TCTL_WISH_NAMES]; /* the connection's; NULL: any */
	int known;			    /* so many of the names */
	enum tctl_status status;	    /* TCTL_EUSAGE: err says what */
	struct tctl_error err;
};

/* Read the address of a chart that knows the first names. */
void tctl_wish_read(
    struct MHD_Connection *connection, int known, struct tctl_wish *out);

bool tctl_wish_is(
    const struct tctl_wish *wish, enum tctl_wish_name name, const char *word);

#endif
