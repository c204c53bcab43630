/* floor: work - one change: a transaction, its clock, its counters, events. */
#ifndef TASKCTL_WORK_CHANGE_H
#define TASKCTL_WORK_CHANGE_H

#include "lease_row.h"
#include "sql.h"
#include "taskctl/work.h"

/* What happens: the kinds of events. */
#define TCTL_EVENT_LIST(X) \
	X(INIT, "init") \
	X(IMPORTED, "imported") \
	X(ADDED, "added") \
	X(CHANGED, "changed") \
	X(ORPHANED, "orphaned") \
	X(ADOPTED, "adopted") /* back in its plan */ \
	X(EDITED, "edited") \
	X(DEP_ADDED, "dep_added") \
	X(DEP_REMOVED, "dep_removed") \
	X(STEPPED, "stepped") \
	X(NOTED, "noted") \
	X(CLAIMED, "claimed") \
	X(REVIVED, "revived") \
	X(DONE, "done") \
	X(RELEASED, "released") \
	X(FORCED, "forced") \
	X(FAILED, "failed") \
	X(LAPSED, "lapsed") \
	X(DIED, "died") \
	X(APPROVED, "approved") \
	X(CANCELLED, "cancelled") \
	X(REOPENED, "reopened") \
	X(RESERVED, "reserved") \
	X(UNRESERVED, "unreserved") \
	X(CLOCK, "clock")   /* the leases' clock was not comparable */ \
	X(COPIED, "copied") /* the store is a copy: new id, token gap */ \
	X(OVERWRITTEN, "overwritten") /* a lock file, by an old script */ \
	X(RESTORED, "restored")	      /* from its events: new id, token gap */ \
	X(CONFLICTED, "conflicted")   /* claimed in another store too */

enum tctl_event_kind {
#define TCTL_EVENT_ENUM(name, word) TCTL_EVENT_##name,
	TCTL_EVENT_LIST(TCTL_EVENT_ENUM)
#undef TCTL_EVENT_ENUM
};

/* The kind of that word; false: this program knows none. */
bool tctl_event_kind_find(const char *word, enum tctl_event_kind *out);

/* A copy or a restored store draws tokens from here on: more than the original
 * can have drawn meanwhile. */
#define TCTL_TOKEN_GAP ((int64_t)1 << 32)

/* Draw an id for a store. */
void tctl_store_id_new(char out[40]);

/* An ended lease, for whoever wants to say so. */
struct tctl_ended {
	int64_t task;
	const char *key;
	enum tctl_event_kind kind;
};

struct tctl_change {
	const struct tctl_coord *coord;
	struct tctl_store *store;
	struct tctl_arena *arena; /* lives until the change is over */
	enum tctl_transaction kind;
	struct tctl_now now;
	char store_id[40];
	bool many_plans; /* an id alone may not say which task is meant */
	bool same_place; /* the store says already who and where it is */
	int64_t token;	 /* the newest drawn */
	int64_t event;
	struct tctl_ended *ended; /* what the prologue ended */
	size_t ended_count;
	bool settled; /* the prologue has changed something */
	/* Lock files of leases that end with this change (lock_file.h). */
	struct tctl_lock_name *unlock;
	size_t unlock_count;
};

/* Who does it, as events name it; NULL: nobody in particular. */
struct tctl_actor {
	const char *agent;
	const char *session;
	int64_t token; /* 0: none */
};

/**
 * Begin: take the turn, read the clock, settle what time and death have ended.
 *
 * A TCTL_LIGHT_CHANGE settles nothing; where something about the clock has to
 * be settled it becomes a TCTL_CHANGE.
 *
 * After TCTL_OK the change must be ended by one of the two below.
 */
enum tctl_status tctl_change_begin(const struct tctl_coord *coord,
    enum tctl_transaction kind, struct tctl_change *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Commit if status is TCTL_OK, else roll back; returns status, or what commit
 * said.  What the prologue ended is undone with the rest: the next change does
 * it again. */
enum tctl_status tctl_change_end(struct tctl_change *change,
    enum tctl_status status, struct tctl_error *err) TCTL_MUST_CHECK;

/* The same, with something of the caller's own done after the commit, before
 * the next writer's turn; it has to call tctl_lock_files_drop with the change.
 */
enum tctl_status tctl_change_end_with(struct tctl_change *change,
    enum tctl_status status, void (*after)(void *into), void *into,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Commit a refusal: what had lapsed stays ended, nothing else was changed. */
enum tctl_status tctl_change_refuse(struct tctl_change *change,
    enum tctl_status status, struct tctl_error *err) TCTL_MUST_CHECK;

/* Draw the next fencing token. */
int64_t tctl_change_token(struct tctl_change *change);

/* Record an event; data is taken (json_object_put), NULL for none. */
struct json_object;
enum tctl_status tctl_change_event(struct tctl_change *change,
    enum tctl_event_kind kind, int64_t task, const struct tctl_actor *actor,
    struct json_object *data, struct tctl_error *err) TCTL_MUST_CHECK;
/* The same with data as JSON text, or NULL. */
enum tctl_status tctl_change_event_text(struct tctl_change *change,
    enum tctl_event_kind kind, int64_t task, const struct tctl_actor *actor,
    const char *data, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- moving a task between states (state.c) ------------------------------- */

/* A task's row, as changes look at it. */
struct tctl_row {
	int64_t id;
	char state[16]; /* open claimed done failed cancelled */
	int64_t unmet;
	int64_t barred; /* or-ed enum tctl_barrier */
	bool orphaned;
	const char *mutex; /* "" none */
	int64_t sprint;	   /* 0: none */
	int64_t plan;
	int64_t estimate_s; /* -1: unknown */
	int64_t attempts;
	const char *finished_by;
	const char *key;
	const char *title;
	int64_t hand;
	const char *planned_agent;
	int64_t priority;
	int64_t chain; /* of steps that follow each other; 0: none */
};

/* Find a task by any spelling: TCTL_ENOTFOUND, TCTL_EINVALID: ambiguous. */
enum tctl_status tctl_row_find(struct tctl_store *store,
    struct tctl_arena *arena, const char *id, int64_t *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
/* The same by another statement whose columns begin as those of task_by_key;
 * also sees every row that goes by this id, so not only the one that is found.
 */
enum tctl_status tctl_row_find_with(struct tctl_store *store,
    struct tctl_arena *arena, const char *id, const char *sql,
    tctl_row_fn *also, void *into, int64_t *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
/* A row that the same snapshot names is not there: ECORRUPT, and says so. */
enum tctl_status tctl_row_lost(int64_t id, struct tctl_error *err);
enum tctl_status tctl_row_read(struct tctl_store *store,
    struct tctl_arena *arena, int64_t id, struct tctl_row *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/**
 * Take a task from the state in its row to another, and count what depends on
 * it: unmet of its dependants, and as a gate the sprints that wait for it, when
 * it crosses into or out of done; its sprint's remaining (and the barrier
 * behind it) and the steps after it when it crosses into or out of what is
 * finished.
 *
 * @param row       state and attempts are brought up to date
 * @param by        who finished it; NULL where it is not finished
 * @param now_ready ids of tasks that became ready are added; may be NULL
 * @param held      ids of claimed tasks that lost a met dependency; may be NULL
 */
enum tctl_status tctl_row_move(struct tctl_change *change, struct tctl_row *row,
    const char *state, int64_t attempts, const char *by,
    struct tctl_strings *now_ready, struct tctl_strings *held,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Find a sprint: S or PLAN:S.  Of several plans' the one of plan (0: none in
 * particular); else TCTL_EINVALID: ambiguous; TCTL_ENOTFOUND. */
enum tctl_status tctl_sprint_find(struct tctl_store *store,
    struct tctl_arena *arena, const char *key, int64_t plan, int64_t *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* After tasks have changed sprints: count what remains, open and close the
 * barriers. */
enum tctl_status tctl_sprints_count(
    struct tctl_change *change, struct tctl_error *err) TCTL_MUST_CHECK;

/* How people refer to a task: its id, or PLAN:ID where another plan has a task
 * of that id; kept in the arena.  many_plans false: there is one plan only. */
enum tctl_status tctl_row_reference(struct tctl_store *store,
    struct tctl_arena *arena, bool many_plans, int64_t id, const char **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* A task's key, kept in the arena. */
enum tctl_status tctl_row_key(struct tctl_store *store,
    struct tctl_arena *arena, int64_t id, const char **out,
    struct tctl_error *err) TCTL_MUST_CHECK;

#endif
