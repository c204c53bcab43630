/* floor: work - where: which .tasks/, which store, and why. */
#ifndef TASKCTL_PLACE_H
#define TASKCTL_PLACE_H

#include <stdbool.h>

#include "taskctl/error.h"

struct tctl_place {
	char *root;	   /* folder that holds .tasks/ */
	char *tasks;	   /* root/.tasks */
	char *store;	   /* path or URL */
	char *repo;	   /* the common git directory; NULL: no repository */
	char *worktree;	   /* top of the working tree we are in, or root */
	char *passed_over; /* a linked worktree's own .tasks/, not used; or NULL
			    */
	const char *why_tasks; /* static: how it was found */
	const char *why_store;
};

/**
 * Find .tasks/ by walking up from start, as git finds .git; inside a linked
 * worktree it is the main worktree's (of a bare repository: the nearest at or
 * above it), whatever lies in the worktree itself.
 *
 * @param out owned (tctl_place_release); set on TCTL_OK, and on TCTL_ENOTFOUND
 *            with tasks NULL: worktree and root say where one would be made
 * @return    TCTL_OK, TCTL_ENOTFOUND: no .tasks/ there or above;
 *            TCTL_EFAILED: it belongs to somebody else
 */
enum tctl_status tctl_place_find(const char *start, struct tctl_place *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_place_release(struct tctl_place *place);

/* Is the repository its group's (core.sharedRepository)? */
bool tctl_place_is_shared(const struct tctl_place *place);

#endif
