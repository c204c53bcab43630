/* floor: work - leases, tasks and plans in one coordinator.
 *
 * Everything that changes something is one transaction, begun here and ended
 * here, and safe to ask for twice.  The lease protocol, with its invariants,
 * is told in docs/adr/0003-lease-protocol.md. */
#ifndef TASKCTL_WORK_H
#define TASKCTL_WORK_H

#include "taskctl/plan.h"
#include "taskctl/process.h"
#include "taskctl/schedule.h"
#include "taskctl/store.h"
#include "taskctl/time.h"

/* --- where: which .tasks/, which store, and why ------------------------ */

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

/* --- configuration ----------------------------------------------------- */

struct tctl_config {
	char *db; /* NULL: taskctl.db in .tasks/ */
	int64_t ttl_ms;
	int64_t idle_max_ms;
	int64_t hold_max_ms; /* 0: the greater of 4 h and 3 x the estimate */
	int64_t wait_ms;
	int64_t max_attempts;
	int64_t hours_per_day;
	bool git_auto;
	char *git_branch;
	int64_t git_interval_ms;
	char *git_sign;	    /* on, off, or a key */
	char *worktree_dir; /* NULL: beside the main worktree */
	bool lock_files;
	bool reserve_on_claim;
};

/* One key of config.json: everything about it is here. */
struct tctl_config_key {
	const char *name;
	enum {
		TCTL_CONFIG_TEXT,
		TCTL_CONFIG_BRANCH, /* the same, of a branch of git, or HEAD */
		TCTL_CONFIG_DURATION,
		TCTL_CONFIG_COUNT,
		TCTL_CONFIG_SWITCH
	} kind;
	const char *fallback; /* as it would be written */
	const char *help;
	size_t offset; /* in struct tctl_config */
	int64_t least; /* a number's bounds */
	int64_t most;
};

extern const struct tctl_config_key tctl_config_key[]; /* ends with NULL name */

/* The defaults, then what folder/config.json says.  TCTL_EINVALID: an unknown
 * key or a wrong value; err names file and key. */
enum tctl_status tctl_config_read(const char *folder, struct tctl_config *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
void tctl_config_release(struct tctl_config *config);
/* The defaults alone. */
void tctl_config_default(struct tctl_config *out);

/* Set one key in folder/config.json (replaced atomically); value NULL takes it
 * out again. */
enum tctl_status tctl_config_write(const char *folder, const char *key,
    const char *value, struct tctl_error *err) TCTL_MUST_CHECK;

/* The key that somebody may have meant, or NULL. */
const char *tctl_config_nearest(const char *name);

/* The value in force, as it would be written; owned (free). */
char *tctl_config_show(
    const struct tctl_config *config, const struct tctl_config_key *key);

/* Bounds of a lease's time to live: a shorter one is none, a longer one is
 * for ever. */
#define TCTL_TTL_LEAST_MS INT64_C(1000)
#define TCTL_TTL_MOST_MS (INT64_C(31) * TCTL_DAY_S * 1000)

/* --- the coordinator ---------------------------------------------------- */

/* How much of a task the answer to a change has to hold: what is not asked for
 * is not read, since preparing a statement costs a claim 0.03 ms. */
enum tctl_detail {
	TCTL_DETAIL_ROW = -1, /* all but needs, lines and notes */
	TCTL_DETAIL_ALL = 0,
	TCTL_DETAIL_HANDOVER, /* id, plan, title, state, lease; files, notes */
	TCTL_DETAIL_LINE,     /* the same without files and notes */
};

/* What operations work on; the program owns the members. */
struct tctl_coord {
	struct tctl_store *store;
	const struct tctl_config *config;
	const struct tctl_place *place;
	enum tctl_detail detail; /* of answers, and of tctl_tasks_list; other
				    views show all */
};

/* Who is asking.  Compared exactly; borrowed. */
struct tctl_caller {
	const char *agent;	/* NULL: not said */
	const char *session;	/* never NULL where agent is said */
	int64_t token;		/* -1: not said */
	const char *token_task; /* the one task that token is for; NULL: for
				   whatever task is asked about */
	const char *host;
	const char *worktree;
	struct tctl_process process; /* pid 0: none is known */
	bool is_holder;	      /* the process itself holds the lease (run): its
				 death needs no second witness */
	const char *evidence; /* of its renewals: manual, run, hook */
};

/* Refuse whoever has not said who it is: always TCTL_EUSAGE. */
enum tctl_status tctl_caller_unnamed(struct tctl_error *err);

/* Make the row that makes a store of an empty database, and the first event;
 * *made is false where they are there already. */
enum tctl_status tctl_coord_init(struct tctl_store *store, bool *made,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- tasks as they are now ----------------------------------------------- */

/* Tasks read from the store, with everything that the contract shows.  A lease
 * that has lapsed, or whose process is proven dead, counts as ended here the
 * moment it happens, whether anybody has swept or not. */
struct tctl_tasks {
	struct tctl_arena *arena;
	struct tctl_task *at;
	int64_t *row; /* the store's id of each */
	size_t count;
	int64_t now_ms; /* wall clock of the snapshot */
};
void tctl_tasks_release(struct tctl_tasks *tasks);

struct tctl_filter {
	const char *sprint; /* NULL: any */
	const char *agent;  /* planned for, or held by */
	const char *plan;
	unsigned states; /* bit 1 << enum tctl_state; 0: any */
};

/* All tasks that pass the filter (NULL: all), in plan order. */
enum tctl_status tctl_tasks_list(const struct tctl_coord *coord,
    const struct tctl_filter *filter, struct tctl_tasks *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/**
 * Bring a list of all tasks up to date with the events in (after, last]: it
 * was read when after was the newest.  What the tasks say that have changed is
 * added to the list's arena, so it is to be read anew from time to time; and
 * where a lease may have lapsed, which is no event.
 *
 * @param known as for tctl_status_read_since; false: tasks is as it was
 *
 * Cost: O(events + tasks of the sprints that they touch + held tasks).
 */
enum tctl_status tctl_tasks_refresh(const struct tctl_coord *coord,
    int64_t after, int64_t last, struct tctl_tasks *tasks, bool *known,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* What this agent could claim now, in the order of claiming; at most limit.
 * *total is how many there are.  Cost: O(lanes x limit). */
enum tctl_status tctl_tasks_ready(const struct tctl_coord *coord,
    const char *agent, const char *sprint, size_t limit, struct tctl_tasks *out,
    size_t *total, struct tctl_error *err) TCTL_MUST_CHECK;

/* What the caller holds; agent NULL: every held task. */
enum tctl_status tctl_tasks_held(const struct tctl_coord *coord,
    const char *agent, const char *session, struct tctl_tasks *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* One task.  TCTL_ENOTFOUND, TCTL_EINVALID: ambiguous. */
enum tctl_status tctl_task_show(const struct tctl_coord *coord, const char *id,
    struct tctl_tasks *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- why ----------------------------------------------------------------- */

enum tctl_reason_kind {
	TCTL_WHY_STATE,	   /* done, failed, cancelled */
	TCTL_WHY_LEASE,	   /* somebody holds it */
	TCTL_WHY_NEEDS,	   /* a dependency is not done */
	TCTL_WHY_SPRINT,   /* an earlier sprint is not done */
	TCTL_WHY_MUTEX,	   /* another task holds the mutex */
	TCTL_WHY_STEP,	   /* an earlier step is not done */
	TCTL_WHY_GATE,	   /* the gate before its sprint is not approved */
	TCTL_WHY_IS_GATE,  /* it is a gate, which nobody claims */
	TCTL_WHY_RESERVED, /* a file of it is reserved for another task */
	/* What keeps a gate from being approved. */
	TCTL_WHY_CRITERION, /* one of its criteria is open */
	TCTL_WHY_JUDGED,    /* a task that it judges is not done */
};

struct tctl_reason {
	enum tctl_reason_kind kind;
	const char *text;  /* one sentence */
	const char *other; /* the task or sprint that it is about, or NULL */
	const char *other_state; /* its state's word, or NULL */
};

/* Exactly why a task can or cannot be claimed now: what claim refuses with,
 * what ready leaves out, what status calls stuck. */
struct tctl_why {
	struct tctl_tasks task; /* the one */
	bool claimable;
	struct tctl_reason *reason;
	size_t reason_count;
	const char *last_end; /* how its last lease ended, or NULL */
	const char *last_agent;
	int64_t last_end_ms;
	const char *last_worktree;
	bool witnessed; /* its process may be believed dead when it is gone */
	/* The lease that what bars it is reserved with, or NULL. */
	const struct tctl_lease *reserver;
};
void tctl_why_release(struct tctl_why *why);

enum tctl_status tctl_why_read(const struct tctl_coord *coord, const char *id,
    struct tctl_why *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- claiming, and what follows ------------------------------------------ */

/* What a change answers with: the task as it is afterwards, and more. */
struct tctl_answer {
	struct tctl_tasks task; /* the tasks concerned, usually one */
	bool already; /* held already; done already; nothing changed */
	bool late;    /* the lease had lapsed and was taken up again */
	struct tctl_strings now_ready; /* ids */
	struct tctl_strings warned;    /* sentences for standard error */
	size_t open_steps;
	/* After a refusal: why, and who has it (task.at[0].lease). */
	struct tctl_why why;
	size_t remaining; /* TCTL_ENONE: tasks that are not finished */
};
void tctl_answer_release(struct tctl_answer *answer); /* zeroed is fine */

/**
 * Take a task: one statement decides, inside one transaction.
 *
 * @param ttl_ms -1: the configured one
 * @return TCTL_OK; TCTL_ETAKEN, TCTL_ENOTREADY: out->why says; TCTL_ENOTFOUND;
 *         TCTL_EINVALID: ambiguous; TCTL_EBUSY.  On every refusal nothing was
 *         changed but what had lapsed
 *
 * Cost: O(log tasks + live leases).  Safe to repeat: the same agent and session
 * get the same token.
 * Source: fencing tokens: C. Gray, D. Cheriton, Leases, SOSP 1989; M. Burrows,
 *         The Chubby lock service, OSDI 2006 (sequencers)
 */
enum tctl_status tctl_lease_claim(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id, int64_t ttl_ms,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* Take the next ready task; what the caller holds already comes first unless
 * another is asked for.  TCTL_ENONE: out->remaining, out->warned say. */
enum tctl_status tctl_lease_claim_next(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *sprint, bool another,
    int64_t ttl_ms, struct tctl_answer *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Renew leases: of the tasks named, or with none all of the caller's. */
enum tctl_status tctl_lease_heartbeat(const struct tctl_coord *coord,
    const struct tctl_caller *who, const struct tctl_strings *ids,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* Note that the holder works in another worktree from now on, and as which
 * session: what tells it apart where the caller has not said. */
enum tctl_status tctl_lease_settle_in(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id, const char *worktree,
    const char *session, struct tctl_error *err) TCTL_MUST_CHECK;

/* Cron's form: extends what provably lives on this host, ends what is provably
 * dead, leaves the rest to its TTL. */
struct tctl_sweep_result {
	size_t extended;
	size_t left;		 /* neither proof; their TTL decides */
	size_t ended;		 /* lapsed or dead */
	struct tctl_strings ids; /* of the tasks whose lease ended */
	struct tctl_arena *arena;
};
enum tctl_status tctl_lease_heartbeat_host(const struct tctl_coord *coord,
    const char *host, struct tctl_sweep_result *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* End leases that lapsed or whose process is gone, as every claim does. */
enum tctl_status tctl_lease_sweep(const struct tctl_coord *coord,
    struct tctl_sweep_result *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* Finish, give back, give back as failed.  TCTL_ESTALE: not (or no longer) the
 * caller's; nothing was changed. */
enum tctl_status tctl_lease_done(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id, const char *note,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_lease_release(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id, const char *note, bool force,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_lease_fail(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id, const char *why,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- changing the plan by hand ---------------------------------------------
 */

/* Fields of a task that a person can set; text NULL: leave it. */
struct tctl_fields {
	const char *title;
	const char *sprint;
	const char *agent;    /* "-" takes it out, likewise below */
	const char *estimate; /* a duration */
	const char *mutex;
	int64_t priority; /* -1: leave it */
};

enum tctl_status tctl_task_add(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id,
    const struct tctl_fields *fields, const struct tctl_strings *needs,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_task_edit(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *id,
    const struct tctl_fields *fields, struct tctl_answer *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
/* needs must be done before task, or no longer.  TCTL_EINVALID: a cycle; it is
 * named whole. */
enum tctl_status tctl_dep_add(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *task, const char *needs,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_dep_remove(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *task, const char *needs,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_step_tick(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *task, int64_t n, bool undo,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_note_add(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *task, const char *text,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
/**
 * Approve a gate: what waits for it may begin.  Again: nothing changes.
 *
 * @param who      its agent is recorded
 * @param override approve although criteria are open, or what it judges is not
 *                 done; why must say why then
 * @return         TCTL_OK; TCTL_ENOTREADY: out->why says what is missing;
 *                 TCTL_EINVALID: it is no gate; TCTL_EUSAGE: no reason
 */
enum tctl_status tctl_gate_approve(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *gate, bool override,
    const char *why, struct tctl_answer *out,
    struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_task_cancel(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *task, const char *why,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;
enum tctl_status tctl_task_reopen(const struct tctl_coord *coord,
    const struct tctl_caller *who, const char *task, const char *why,
    struct tctl_answer *out, struct tctl_error *err) TCTL_MUST_CHECK;

/* --- importing ---------------------------------------------------------------
 */

struct tctl_import {
	struct tctl_arena *arena;
	struct tctl_strings added;
	struct tctl_strings changed;
	struct tctl_strings removed; /* orphaned, or with prune cancelled */
	struct tctl_strings said;    /* sentences: what changed in each, what
					is kept though the plan differs */
	size_t unchanged;
};
void tctl_import_release(struct tctl_import *import);

/**
 * Make the store say what a plan says, losing no state.
 *
 * @param plan    without errors
 * @param dry_run say what would change, change nothing
 * @param prune   cancel unclaimed tasks that are gone from the plan
 * @return TCTL_OK; TCTL_EINVALID: together with what is there it would be a
 *         cycle
 *
 * Cost: O(plan + what the store has of it), one transaction.
 */
enum tctl_status tctl_plan_import(const struct tctl_coord *coord,
    const struct tctl_caller *who, const struct tctl_plan *plan, bool dry_run,
    bool prune, struct tctl_import *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* What a plan's file has to say other than it does. */
struct tctl_write_back {
	struct tctl_arena *arena;
	bool *done;    /* one a tick of the plan: what it must say */
	size_t places; /* ticks that must change */
	struct tctl_strings ticked, unticked; /* ids, also for their steps */
	/* What changed on both sides, and what the file has no place for. */
	struct tctl_diagnostic *said;
	size_t said_count;
};
void tctl_write_back_release(struct tctl_write_back *out);

/**
 * Compare what a plan's file says is done with what the store does; both were
 * in step when the plan was last imported.  Changes nothing.
 *
 * Cost: O(plan + what the store has of it), one snapshot.
 */
enum tctl_status tctl_write_back_compare(const struct tctl_coord *coord,
    const struct tctl_plan *plan, struct tctl_write_back *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* --- tokens outside of the store
 * ----------------------------------------------------- */

enum tctl_token_life {
	TCTL_TOKEN_GOOD,    /* its lease lives, or it has finished its task */
	TCTL_TOKEN_LAPSED,  /* by time alone: its holder may take it up again */
	TCTL_TOKEN_DEAD,    /* superseded, or its lease was ended */
	TCTL_TOKEN_FORGED,  /* nobody ever had this task with it */
	TCTL_TOKEN_FOREIGN, /* this store has no such task */
};

/* What has become of a token that was found elsewhere, as in a commit. */
struct tctl_token {
	enum tctl_token_life life;
	int64_t token;
	int64_t row;	   /* the task; 0: there is none */
	const char *task;  /* its id */
	const char *agent; /* whose token it was, or NULL */
	const char *ended; /* how its lease ended, or NULL */
	/* When that lease began and ended, unless the token is good; 0: that is
	 * not known. */
	int64_t began_ms;
	int64_t ended_ms;
	/* The task as it is now. */
	const char *state; /* open claimed done failed cancelled */
	const char *finished_by;
	const char *holder; /* NULL: nobody holds it */
	int64_t until_ms;   /* when that lease ends */
	bool answers;	    /* the caller holds it, or has finished it */
};

/**
 * Judge a token by the leases as they are now; nothing is changed.
 *
 *  who   the caller; nobody (agent NULL) answers for nothing
 *  task  its id, in any spelling; kept where the store has none
 *  arena owns the strings of out
 *
 * Cost: O(log tasks); a token that is not its task's newest good one, O(events)
 */
enum tctl_status tctl_token_read(const struct tctl_coord *coord,
    struct tctl_arena *arena, const struct tctl_caller *who, const char *task,
    int64_t token, struct tctl_token *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Tokens compare only within one store: its id. */
enum { TCTL_STORE_ID_MAX = 40 };
enum tctl_status tctl_store_name(const struct tctl_coord *coord,
    char out[TCTL_STORE_ID_MAX], struct tctl_error *err) TCTL_MUST_CHECK;

/* --- status, schedule, events
 * -------------------------------------------------- */

struct tctl_totals {
	size_t state[TCTL_STATE_COUNT];
	size_t tasks;
	int64_t estimate_s; /* of all that are not cancelled */
	int64_t done_s;
	int percent; /* -1: nothing to do */
};

/* The totals of both. */
void tctl_totals_add(struct tctl_totals *to, const struct tctl_totals *from);

struct tctl_sprint_status {
	int64_t row; /* the store's id of it; 0: tasks of no sprint */
	const char *key;
	const char *title;
	const char *goal; /* NULL: the plan states none */
	const char *plan;
	const char *after;
	bool complete;
	enum tctl_state state; /* done, claimed: begun, ready, pending */
	struct tctl_totals totals;
};

/* Why somebody should look at a task. */
enum tctl_stuck_kind {
	TCTL_STUCK_LAPSED, /* its lease ended without a result */
	TCTL_STUCK_FAILED,
	TCTL_STUCK_LATE,    /* in work for longer than its estimate */
	TCTL_STUCK_BLOCKED, /* of all that wait for one task, the longest */
	TCTL_STUCK_MUTEX,   /* could begin, but for a mutex that is held */
	TCTL_STUCK_GATE,    /* waits for nothing but its approval */
};

struct tctl_stuck {
	enum tctl_stuck_kind kind;
	const char *task;
	const char *title;
	const char *sprint; /* NULL: none */
	const char *agent;  /* who holds it, or what it waits for; NULL */
	const char *why;
	const char *next; /* the command that most likely helps */
};

/* "failed", "lapsed", "late", … */
const char *tctl_stuck_word(enum tctl_stuck_kind kind);

struct tctl_status_report {
	struct tctl_arena *arena;
	const char *title; /* of the plan, where there is one; else NULL */
	struct tctl_totals totals;
	struct tctl_sprint_status *sprint;
	size_t sprint_count;
	struct tctl_tasks held;	    /* with their leases */
	struct tctl_strings *frees; /* of each: what is ready once it is done */
	struct tctl_stuck *stuck;
	size_t stuck_count;
	size_t gates_awaited;	 /* only wait to be approved */
	struct tctl_tasks ready; /* the first few */
	size_t ready_count;
	struct tctl_forecast forecast; /* of 0 tasks: there is none yet */
	int64_t now_ms;
};
void tctl_status_release(struct tctl_status_report *report);

enum tctl_status tctl_status_read(const struct tctl_coord *coord,
    size_t ready_limit, struct tctl_status_report *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/**
 * What of it may be another since an event: of the sprints, those in which a
 * task may have changed its state; the totals are theirs.  Whoever has the
 * report up to that event can bring it up to date with this.  Failed tasks are
 * not among those that are stuck (tctl_status_add_failed); no forecast.
 *
 * @param known false: something happened of which that cannot be said (an
 *              import, an edit …), or too much; out is not set
 *
 * Cost: O(events + tasks of those sprints + held tasks + sprints), not of all.
 */
enum tctl_status tctl_status_read_since(const struct tctl_coord *coord,
    int64_t after, int64_t last, size_t ready_limit,
    struct tctl_status_report *out, bool *known,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* Add the failed tasks of a sprint (key and plan NULL: of none) to what is
 * stuck, at most so many. */
enum tctl_status tctl_status_add_failed(const struct tctl_coord *coord,
    const char *key, const char *plan, size_t limit,
    struct tctl_status_report *report, struct tctl_error *err) TCTL_MUST_CHECK;

/* When a sprint was begun, and when its last finished task was finished, ms
 * since 1970; 0: never. */
enum tctl_status tctl_sprint_span(const struct tctl_coord *coord,
    const char *key, const char *plan, int64_t *started_ms,
    int64_t *finished_ms, struct tctl_error *err) TCTL_MUST_CHECK;

/* Percent of what the other members say. */
void tctl_totals_set_percent(struct tctl_totals *totals);

/* Earliest starts over everything that is not cancelled, as many agents as it
 * takes; slot[i] is of tasks.at[i]. */
struct tctl_outlook {
	struct tctl_tasks tasks;
	struct tctl_slot *slot;
	int64_t sequential_s;
	int64_t makespan_s;
	size_t agents;	    /* how many would work at once at the most */
	bool mutex_overlap; /* two tasks of one mutex would overlap: the
			       makespan is a lower bound only */
	size_t *path;	    /* indexes of tasks: one critical path */
	size_t path_count;
	/* What follows what, but for sprints: needs, steps, gates. */
	struct tctl_edge *edge;
	size_t edge_count;
};
void tctl_outlook_release(struct tctl_outlook *outlook);

/* from_now: done work takes no time, running work what is left of it. */
enum tctl_status tctl_outlook_read(const struct tctl_coord *coord,
    bool from_now, struct tctl_outlook *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

/* How a plan is to be shared out. */
struct tctl_share_req {
	size_t agents; /* as many, named by what they hold and what is planned
			  for them; 0: those in names */
	struct tctl_strings names;
	bool strict;	      /* what is planned for one agent, no other does */
	bool whole;	      /* as if nothing were done or begun */
	const char *calendar; /* working hours in local time; or NULL: always */
	struct tctl_effort effort;
};

enum { TCTL_AGENTS_MOST = 1000 };

/* Who does what when, from now on; turn[i] is of tasks.at[i].  Times are
 * seconds from tasks.now_ms, rests by the calendar included. */
struct tctl_share {
	struct tctl_tasks tasks;
	struct tctl_turn *turn;
	const char **agent; /* of each turn, or NULL: it takes none */
	struct tctl_strings names;
	int64_t sequential_s; /* working time */
	int64_t makespan_s;
	int64_t lower_bound_s;
	bool optimal;
	int64_t assumed_s; /* of each task, where nothing is estimated; or 0 */
	size_t *path;	   /* indexes of tasks: what decides the makespan */
	size_t path_count;
	size_t waves;
};
void tctl_share_release(struct tctl_share *share);

/* TCTL_EINVALID: the calendar, the agents' names, or with strict a task is
 * planned for somebody who is not among them. */
enum tctl_status tctl_share_read(const struct tctl_coord *coord,
    const struct tctl_share_req *req, struct tctl_share *out,
    struct tctl_error *err) TCTL_MUST_CHECK;

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

/* Write .tasks/sprint_status.json, replaced atomically.  One writer at a time,
 * each reading after its turn has come, so that the last one is the newest. */
enum tctl_status tctl_status_file_write(
    const struct tctl_coord *coord, struct tctl_error *err) TCTL_MUST_CHECK;

#endif
