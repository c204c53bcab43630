/* floor: model - tasks, sprints, leases and plans: plain values.
 *
 * Strings and arrays belong to the arena of whatever holds them (a plan, a set
 * of tasks read from the store): nothing here is freed piece by piece. */
#ifndef TASKCTL_MODEL_H
#define TASKCTL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "taskctl/memory.h"

/* What a task shows.  The store keeps open, claimed, done, failed, cancelled;
 * pending and ready are derived from what an open task waits for. */
#define TCTL_STATE_LIST(X) \
	X(PENDING, "pending") \
	X(READY, "ready") \
	X(CLAIMED, "claimed") \
	X(DONE, "done") \
	X(FAILED, "failed") \
	X(CANCELLED, "cancelled")

enum tctl_state {
#define TCTL_STATE_ENUM(name, word) TCTL_STATE_##name,
	TCTL_STATE_LIST(TCTL_STATE_ENUM)
#undef TCTL_STATE_ENUM
	    TCTL_STATE_COUNT
};

/* What bars an open task beside its needs, or-ed: order, not dependencies. */
enum tctl_barrier {
	TCTL_BAR_SPRINT = 1, /* its sprint follows one that is not finished */
	TCTL_BAR_GATE = 2,   /* its sprint waits for a gate */
	TCTL_BAR_STEP = 4,   /* an earlier step is not finished */
	TCTL_BAR_IS_GATE = 8 /* a gate is approved, never claimed */
};

const char *tctl_state_word(enum tctl_state state);
bool tctl_state_read(const char *word, enum tctl_state *out);

/* A list of strings; at[0..count). */
struct tctl_strings {
	const char **at;
	size_t count;
};

void tctl_strings_add(struct tctl_arena *arena, struct tctl_strings *list,
    const char *text); /* text is kept, not copied */

/* A criterion or a step: a line of a task that can be ticked. */
struct tctl_item {
	const char *text;
	bool done;
	int line; /* in the plan's file; 0 when not from a plan */
};

struct tctl_items {
	struct tctl_item *at;
	size_t count;
};

void tctl_items_add(struct tctl_arena *arena, struct tctl_items *list,
    const char *text, bool done, int line);

struct tctl_note {
	int64_t at_ms; /* wall clock, since 1970 */
	const char *agent;
	const char *text;
};

/* Priority: 1 high to 4 low; 3 when the plan says nothing. */
enum { TCTL_PRIORITY_HIGH = 1, TCTL_PRIORITY_NONE = 3, TCTL_PRIORITY_LOW = 4 };

/* The mutex shared by all tasks that are not parallelisable. */
#define TCTL_MUTEX_SERIAL "serial"

/* Who works on a task, until when.  Times ending in _ms are wall-clock times
 * for showing; what decides is the store's BOOTTIME (taskctl/work.h). */
struct tctl_lease {
	const char *task; /* its id */
	const char *agent;
	const char *session;
	int64_t token; /* fencing token: grows with every claim */
	int64_t acquired_ms;
	int64_t renewed_ms;
	const char *renewed_by; /* evidence: claim hook process run manual */
	int64_t expires_ms;
	int64_t ttl_ms;
	const char *host;
	int64_t pid; /* 0: none recorded */
	const char *worktree;
	struct tctl_strings reserved; /* patterns, in order */
};

struct tctl_task {
	/* What the plan says. */
	const char *id;	  /* as the plan writes it: 1.2, T4.2, US1-3 */
	const char *plan; /* the plan's name */
	const char *ref;  /* what to call it: the id, or PLAN:ID where that
			     could mean two; NULL: not from a store */
	const char *title;
	const char *sprint; /* the sprint's key; NULL: none */
	int priority;
	int64_t estimate_s;	   /* -1: the plan gives none */
	const char *planned_agent; /* NULL: none */
	const char *mutex;	   /* NULL: none */
	struct tctl_strings needs; /* ids */
	struct tctl_strings files;
	struct tctl_items criteria;
	struct tctl_items steps;
	const char *file; /* where it stands in the plan; NULL: by hand */
	int line;
	bool ticked;  /* the plan itself marks it as done */
	bool is_gate; /* a Go/No-Go: it is approved, never claimed */

	/* What has become of it: from the store. */
	enum tctl_state state;
	bool orphaned;
	struct tctl_strings unmet;
	struct tctl_strings unblocks;
	const char *after; /* the gate, step or sprint that it waits for by
			      order; NULL: none */
	int attempts;
	struct tctl_note *notes;
	size_t note_count;
	struct tctl_lease *lease; /* NULL: nobody holds it */
	int64_t started_ms;	  /* 0: never */
	int64_t finished_ms;	  /* 0: not yet */
	const char *finished_by;  /* NULL: nobody */
};

struct tctl_sprint {
	const char *key;   /* "1", "2": what tasks and people call it */
	const char *title; /* "Infrastructure & Documentation" */
	const char *goal;  /* what it is for: one line of at most
			      TCTL_TITLE_MAX bytes; NULL: none is stated */
	int64_t stated_s;  /* total in its heading; -1: none */
	bool complete;	   /* the plan says that it is done */
	/* Index of the sprint that it implicitly follows (a barrier, not
	 * edges), or TCTL_NONE. */
	size_t after;
	size_t gate; /* the task to be approved before it starts, or NONE */
	int line;
};

#define TCTL_NONE ((size_t)-1)

/* before must be done before after may start: indexes into a task array. */
struct tctl_edge {
	size_t before;
	size_t after;
};

/* --- identifiers ----------------------------------------------------- */

enum {
	TCTL_ID_MAX = 100,    /* bytes of a task id: longer is not an id */
	TCTL_AGENT_MAX = 200, /* bytes of an agent's or session's name */
	TCTL_TITLE_MAX = 2000 /* bytes of a title */
};

/**
 * The form in which two spellings of a task id are compared.
 *
 * Without case, without a leading "task" or "#", and with . for each run of
 * separators (blank . _ -): task_1_2, task-1.2, Task 1.2 and #1.2 are all
 * "1.2"; US1-3 is "us1.3".  1.10 and 1.1 stay different.
 *
 * @param out  set on true; at most TCTL_ID_MAX bytes with its NUL
 * @return     false: too long, empty, or it holds a control character
 */
bool tctl_id_normalise(const char *id, char out[TCTL_ID_MAX]);

/**
 * The form in which a planned agent and an agent's name are compared: without
 * case, separators, and the word "agent".  Agent A, agent_A and A are "a".
 * A name that is only the word stays "agent".  Truncates to the buffer.
 */
void tctl_agent_normalise(const char *name, char out[TCTL_AGENT_MAX]);

/* Do both name one agent, compared in that form?  NULL names none. */
bool tctl_agent_is(const char *name, const char *other);

#endif
