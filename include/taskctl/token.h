/* floor: work - tokens that are met outside of the store, as in a commit. */
#ifndef TASKCTL_TOKEN_H
#define TASKCTL_TOKEN_H

#include "taskctl/coord.h"
#include "taskctl/memory.h"

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

#endif
