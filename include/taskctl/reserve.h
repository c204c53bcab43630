/* floor: work - paths that a task's holder keeps to itself.
 *
 * A reservation is a gitignore pattern, from the repository's root, that goes
 * with a lease: it holds as long as that lease is live, and then it is gone.
 * What one task has reserved means what its patterns would mean in one
 * .gitignore, in the order in which they were reserved.  No two tasks' can
 * match one file: docs/adr/0011-reservations.md. */
#ifndef TASKCTL_RESERVE_H
#define TASKCTL_RESERVE_H

#include "taskctl/pattern.h"
#include "taskctl/work.h"

enum { TCTL_RESERVED_MAX = 1000 }; /* patterns of one task */

/* One pattern, and whose it is. */
struct tctl_reservation {
	const char *pattern;
	const char *task; /* as people refer to it: 1.2, or PLAN:1.2 */
	const char *agent;
	const char *session;
	int64_t token; /* of the lease that it goes with */
	int64_t expires_ms;
	const char *worktree;		 /* the holder's */
	const struct tctl_pattern *read; /* the pattern, to be matched */
};

struct tctl_reservations {
	struct tctl_arena *arena;
	struct tctl_reservation *at; /* by task; within one in order */
	size_t count;
	struct tctl_reserved_all *by_task; /* for tctl_reservations_find */
};
void tctl_reservations_release(struct tctl_reservations *all);

/* All that hold now: those of leases that are live in the eyes of every view.
 * out is zeroed or whole, and released by the caller on TCTL_OK. */
enum tctl_status tctl_reservations_read(const struct tctl_coord *coord,
    struct tctl_reservations *out, struct tctl_error *err) TCTL_MUST_CHECK;

/**
 * The reservation that a path falls under, or NULL.
 *
 * There is one task at most; its token tells whether it is the asker's own.
 *
 * @param path      from the repository's root, with / between names and none
 *                  in front or behind
 * @param is_folder false for files, links and submodules that are to be
 *                  committed
 */
const struct tctl_reservation *tctl_reservations_find(
    const struct tctl_reservations *all, const char *path, bool is_folder);

/* The pattern by which a claim reserves a file that a plan names: from the
 * root, stars and question marks as they are, brackets as part of the name
 * (app/[id]/page.tsx).  NULL: it is no path in the repository. */
const struct tctl_pattern *tctl_reservation_of_file(
    struct tctl_arena *arena, const char *file);

/* What is in the way of a reservation. */
struct tctl_clash {
	const char *pattern; /* what was asked for */
	const char *path;    /* one that both match, or NULL: not worked out */
	struct tctl_reservation with;
	const struct tctl_lease *lease; /* that goes with */
};

/* What reserving and giving back answer with. */
struct tctl_reserving {
	struct tctl_answer answer;   /* already: nothing was changed */
	struct tctl_strings changed; /* patterns reserved, or given back */
	struct tctl_clash *clash;    /* TCTL_ETAKEN: the first few */
	size_t clash_count;
};
void tctl_reserving_release(struct tctl_reserving *reserving);

/**
 * Reserve paths for a task that the caller holds.
 *
 * @param id      NULL: the one task that the caller holds
 * @param pattern at least one; what is reserved for the task already is left
 *                where it is
 * @param out     released by the caller whatever is returned
 * @return        TCTL_OK; TCTL_EINVALID: a pattern is none, or too many;
 *                TCTL_ESTALE: the caller does not hold it; TCTL_ETAKEN: a file
 *                could be matched by what is reserved for another task
 *                (out->clash); TCTL_EUSAGE: which task?
 *
 * Cost: the live reservations, each a comparison of its literal beginning.
 */
enum tctl_status tctl_reserve(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id,
    const struct tctl_strings *pattern, struct tctl_reserving *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Give back: these patterns, or with none all.  To give back a ! is to reserve
 * what it took out: TCTL_ETAKEN as above. */
enum tctl_status tctl_unreserve(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id,
    const struct tctl_strings *pattern, struct tctl_reserving *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
