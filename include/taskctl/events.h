/* floor: work - what happened, in the order in which it did.
 *
 * Moments are ms since 1970 by the wall clock; a list is given back by
 * tctl_events_release. */
#ifndef TASKCTL_EVENTS_H
#define TASKCTL_EVENTS_H

#include "taskctl/coord.h"

struct tctl_event {
	int64_t id;
	int64_t at_ms;
	const char *kind;
	const char *task; /* NULL: of no single task */
	const char *plan;
	const char *agent;
	const char *session;
	int64_t token;	  /* 0: none */
	const char *data; /* JSON, or NULL */
	/* Where it first happened, if it was taken from another store. */
	const char *origin; /* that store; NULL: it happened in this one */
	int64_t origin_id;  /* its id there */
};

struct tctl_events {
	struct tctl_arena *arena;
	struct tctl_event *at;
	size_t count;
};
void tctl_events_release(struct tctl_events *events);

/* Events after an id, of one task or of all (NULL), at most limit. */
enum tctl_status tctl_events_read(const struct tctl_coord *coord, int64_t after,
    const char *task, size_t limit, struct tctl_events *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* The kinds of events, as events name them; NULL behind the last. */
const char *tctl_event_kind_word(size_t i);

/* *id is that of the last event before a moment: what followed is after it.
 * Cost: O(events). */
enum tctl_status tctl_events_before(const struct tctl_coord *coord,
    int64_t wall_ms, int64_t *id, struct tctl_error *err) TCTL_MUST_CHECK;

/* The newest ones, oldest first. */
enum tctl_status tctl_events_newest(const struct tctl_coord *coord,
    const char *task, size_t limit, struct tctl_events *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
