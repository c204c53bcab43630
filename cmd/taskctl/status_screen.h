/* floor: cmd - status on one screen: what it has room for. */
#ifndef TASKCTL_CMD_STATUS_SCREEN_H
#define TASKCTL_CMD_STATUS_SCREEN_H

#include "ctx.h"

/* In the order in which they get their lines. */
enum tctl_status_part {
	TCTL_STATUS_STUCK,
	TCTL_STATUS_LEASES,
	TCTL_STATUS_SPRINTS,
	TCTL_STATUS_COMING,
	TCTL_STATUS_PARTS
};

struct tctl_status_screen {
	struct tctl_ctx *ctx;
	FILE *to;
	struct json_object *all;
	int width;
	int64_t now_ms;
	const char *end;		 /* what is said after all lists */
	size_t has[TCTL_STATUS_PARTS];	 /* lines that there are */
	size_t shows[TCTL_STATUS_PARTS]; /* lines that there is room for */
};

/* Bars: of everything, two lines; of the sprints there is room for. */
void tctl_status_put_totals(const struct tctl_status_screen *screen);
void tctl_status_put_sprints(const struct tctl_status_screen *screen);

#endif
