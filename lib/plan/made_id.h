/* floor: plan - ids for tasks that the plan gives none. */
#ifndef PLAN_MADE_ID_H
#define PLAN_MADE_ID_H

#include "taskctl/memory.h"

/**
 * An id from a title alone, so that it stays when lines before it come and go:
 * "Écrire le schéma" is "ecrire-le-schema".  A long title is cut, and a digest
 * of all of it added.  Without letters or digits it is only the digest.
 *
 * @return belongs to arena; ASCII, at most 40 bytes
 */
const char *tctl_made_id(
    struct tctl_arena *arena, const char *title, size_t length);

#endif
