/* floor: work - tasks, built again from what happened to them.
 *
 * The events of several stores have one order, which is the same in all of
 * them: by time, then by store, then by id; and no store's event stands before
 * one that the store knew when it happened.  So every store that has the same
 * events builds the same tasks. */
#ifndef TASKCTL_WORK_REPLAY_INTERNAL_H
#define TASKCTL_WORK_REPLAY_INTERNAL_H

#include "edit.h"
#include "import_rows.h"
#include "taskctl/replay.h"

/* Stores that one log may speak of: they are looked for one by one. */
enum { TCTL_STORES_MOST = 1000 };

/* Put in front of what is wrong the place in the log where it is; returns its
 * status. */
enum tctl_status tctl_log_blame(
    const struct tctl_log *log, struct tctl_error *err);

/* An event on its way. */
struct tctl_replay_event {
	int64_t id; /* here */
	int64_t at_ms;
	enum tctl_event_kind kind;
	int64_t task;	   /* 0: of no single one */
	const char *store; /* where it happened; "" here, since restored */
	const char *agent;
	const char *session;
	int64_t token;
	struct json_object *data; /* NULL: none */
};

/* Somebody at work: the store, and the token there. */
struct tctl_replay_claim {
	const char *store;
	int64_t token;
	const char *agent;
	const char *session;
	int64_t at_ms;
};

struct tctl_replay_note {
	int64_t at_ms;
	const char *agent;
	const char *text;
};

/* A task as it becomes. */
struct tctl_replay_task {
	struct tctl_import_row row; /* its state never is "claimed" */
	int64_t plan;
	bool is_added;
	int64_t attempts;
	int64_t started_ms;  /* 0: never */
	int64_t finished_ms; /* 0: not */
	const char *finished_by;
	struct tctl_replay_note *note;
	size_t notes;
	struct tctl_replay_claim *claim; /* who is at it, in all stores */
	size_t claims;
	struct tctl_replay_claim last; /* the last one; token 0: none */
	const char *ended;	       /* how; NULL: it has not */
	int64_t ended_ms;
};

struct tctl_replay {
	struct tctl_change *change;
	struct tctl_store *store;
	struct tctl_arena *arena;	/* of what is built */
	const char *self;		/* this store's id, by now */
	struct tctl_strings selves;	/* and those before, being a copy */
	struct tctl_replay_task **task; /* by row id; NULL: not touched */
	int64_t tasks;			/* the highest row id */
	const bool *wanted; /* by row id; NULL: all are to be built */
	int64_t hand_plan;  /* 0: there is none */
	int64_t blame;	    /* the event that could not be applied */
	bool incomplete;    /* an older taskctl has left something out */
	const struct tctl_progress *progress;
	size_t done; /* for progress */
	size_t total;
};

/* Apply every event of the store, in the order of all stores'. */
enum tctl_status tctl_replay_run(
    struct tctl_replay *replay, struct tctl_error *err) TCTL_MUST_CHECK;

/* Make the rows what was built.  A task that somebody here holds a live lease
 * of stays claimed. */
enum tctl_status tctl_replay_write(
    struct tctl_replay *replay, struct tctl_error *err) TCTL_MUST_CHECK;

/* Count what follows from the rows; TCTL_EINVALID: there is a cycle. */
enum tctl_status tctl_replay_count(
    struct tctl_replay *replay, struct tctl_error *err) TCTL_MUST_CHECK;

/* One step further, for progress. */
void tctl_replay_tick(struct tctl_replay *replay);

/* The task of that row, as it is by now. */
enum tctl_status tctl_replay_task(struct tctl_replay *replay, int64_t id,
    struct tctl_replay_task **out, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- finding rows (replay_find.c) ------------------------------------------
 */

/* 0: there is none. */
enum tctl_status tctl_replay_find_plan(struct tctl_store *store,
    const char *name, int64_t *out, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_replay_find_task(struct tctl_store *store, int64_t plan,
    const char *key, int64_t *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* The rows that a log has led to so far. */
struct tctl_replay_rows {
	int64_t last_task;	     /* the highest id of any */
	int64_t plan;		     /* the last one that was asked for, */
	char plan_name[TCTL_ID_MAX]; /* which mostly is the next one too */
};

/* Write an event that was read from a log under an id of this store, and make
 * rows for its plan and task where it adds one.  *task: the row of its task,
 * 0: none. */
enum tctl_status tctl_replay_keep(struct tctl_store *store,
    const struct tctl_event *event, int64_t id, const char *origin,
    int64_t origin_id, struct tctl_replay_rows *rows, int64_t *task,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- one event (replay_apply.c, replay_plan.c) -----------------------------
 */

/* What an event does to its task. */
enum tctl_status tctl_replay_apply(struct tctl_replay *replay,
    struct tctl_replay_task *task, const struct tctl_replay_event *event,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* What a plan, or a person, says of it. */
enum tctl_status tctl_replay_planned(struct tctl_replay *replay,
    struct tctl_replay_task *task, const struct tctl_replay_event *event,
    struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_replay_edited(struct tctl_replay *replay,
    struct tctl_replay_task *task, const struct tctl_replay_event *event,
    struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_replay_linked(struct tctl_replay *replay,
    struct tctl_replay_task *task, const struct tctl_replay_event *event,
    struct tctl_error *err) TCTL_MUST_CHECK;
/* An import as a whole: sprints, and what has only moved. */
enum tctl_status tctl_replay_imported(struct tctl_replay *replay,
    const struct tctl_replay_event *event,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Parts of it, from an event's data: the place (what an older taskctl did not
 * tell stays as it is), the lines, the edges (origin "plan": what it does not
 * name goes). */
enum tctl_status tctl_replay_place(struct tctl_replay *replay,
    struct tctl_replay_task *task, struct json_object *data,
    struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_replay_lines(struct tctl_replay *replay,
    struct tctl_replay_task *task, struct json_object *data,
    struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_replay_needs(struct tctl_replay *replay,
    struct tctl_replay_task *task, struct json_object *data, const char *origin,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* A text that a field may have, without control characters. */
enum tctl_status tctl_replay_field(struct tctl_replay *replay,
    struct json_object *data, const char *key, size_t most, const char **out,
    struct tctl_error *err) TCTL_MUST_CHECK;
/* A sprint's row; made where there is none. */
enum tctl_status tctl_replay_find_sprint(struct tctl_replay *replay,
    int64_t plan, const char *key, int64_t *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

void tctl_replay_set_state(struct tctl_replay_task *task, const char *state,
    int64_t at_ms, const char *by);

/* --- restored (restore.c) --------------------------------------------------
 */

/* Who holds what, and will hold it no longer: "2.1 (bob)", kept in arena. */
enum tctl_status tctl_restored_holders(struct tctl_change *change,
    const struct tctl_lease_rows *live, struct tctl_arena *arena,
    struct tctl_strings *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* The event that says so: what store it was, and key: from where it came. */
enum tctl_status tctl_restored_record(struct tctl_change *change,
    const struct tctl_caller *who, const char *why, const char *was,
    const char *key, const char *from, const struct tctl_restored *restored,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- data (replay_data.c) ---------------------------------------------------
 * Members of an event's data, which anybody may have written. */

/* A text kept in the arena; NULL: null, or not there. */
enum tctl_status tctl_data_text(struct json_object *data, const char *key,
    size_t most, struct tctl_arena *arena, const char **out,
    struct tctl_error *err) TCTL_MUST_CHECK;
/* A whole number; fallback: null, or not there. */
enum tctl_status tctl_data_number(struct json_object *data, const char *key,
    int64_t least, int64_t most, int64_t fallback, int64_t *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
bool tctl_data_bool(struct json_object *data, const char *key);
bool tctl_data_has(struct json_object *data, const char *key);
/* A list; NULL where there is none. */
enum tctl_status tctl_data_list(struct json_object *data, const char *key,
    struct json_object **out, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
