/* floor: work - the store as it is at this moment, for those who only read.
 *
 * A reader sweeps nothing, yet must show what a sweep would find: so it judges
 * the live leases itself, by the function that changes use, and looks at every
 * task through that judgement. */
#ifndef TASKCTL_WORK_VIEW_H
#define TASKCTL_WORK_VIEW_H

#include "lease_row.h"

/* What a change has read of a task already. */
struct tctl_known {
	const char *key;
	const char *plan;
	const char *title;
	int attempts;
	bool has_notes;
};

struct tctl_view {
	const struct tctl_coord *coord;
	struct tctl_arena *arena;
	struct tctl_clock clock;
	struct tctl_lease_rows live; /* in the store's eyes; by task */
	enum tctl_verdict *verdict;  /* one for each of those */
	enum tctl_detail detail;     /* how much of a task to read */
	/* Of the one task that is loaded, which is claimed; NULL: nothing. */
	const struct tctl_known *known;
};

/* Begin a snapshot; out->arena is the caller's to free. */
enum tctl_status tctl_view_begin(const struct tctl_coord *coord,
    struct tctl_arena *arena, struct tctl_view *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_view_end(struct tctl_view *view);

/* The live lease of a task; *verdict is set where there is one. */
const struct tctl_lease_row *tctl_view_lease(
    const struct tctl_view *view, int64_t task, enum tctl_verdict *verdict);

/* Read one task, or all of the store's, into out (whose arena is the view's).
 * Within a view, or inside a change after it has settled. */
enum tctl_status tctl_view_load(struct tctl_view *view, int64_t first,
    int64_t last, struct tctl_tasks *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* The same for a list of ids, in its order.  One that is not there: ECORRUPT,
 * since what has named it is of the same snapshot. */
enum tctl_status tctl_view_load_ids(struct tctl_view *view, const int64_t *id,
    size_t count, struct tctl_tasks *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* What an agent (NULL: nobody) could claim now, in the order of claiming. */
enum tctl_status tctl_view_ready(struct tctl_view *view, const char *agent,
    size_t limit, struct tctl_tasks *out, size_t *total,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Their rows alone. */
enum tctl_status tctl_view_ready_rows(struct tctl_view *view, const char *agent,
    size_t limit, int64_t **out, size_t *count, size_t *total,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* A view of what a change sees: nothing is judged, all is settled. */
struct tctl_change;
enum tctl_status tctl_view_of_change(const struct tctl_change *change,
    struct tctl_arena *arena, struct tctl_view *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* The same for one task whose lease is known: NULL, nobody holds it. */
void tctl_view_of_known(const struct tctl_change *change,
    struct tctl_arena *arena, const struct tctl_lease_row *lease,
    struct tctl_view *out);

/* The task's lease as people are shown it. */
struct tctl_lease *tctl_view_show_lease(const struct tctl_view *view,
    const struct tctl_lease_row *row, const char *task);

#endif
