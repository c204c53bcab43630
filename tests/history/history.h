/* history.h - what real processes asked and were answered, and the sequential
 * model of one task's lease that all of it must fit. */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	NAME_BYTES = 24,   /* of an agent, a task */
	PENDING_MAX = 64,  /* commands of one task at one moment */
	CONFIG_MAX = 50000 /* possible worlds at one moment */
};

enum verb { CLAIM, NEXT, HEARTBEAT, DONE, RELEASE, FAIL, REOPEN, CANCEL, SHOW };

/* busy: nothing was changed.  unknown: killed before the answer; it happened
 * by last_ms, or never. */
enum outcome { OK, TAKEN, STALE, NOT_READY, NONE, BUSY, UNKNOWN };

/* One command: a line of a history. */
struct op {
	char agent[NAME_BYTES];
	char task[NAME_BYTES]; /* "-": of no task that is known */
	int64_t from_ms;       /* BOOTTIME, asked */
	int64_t to_ms;	       /* answered, or reaped */
	int64_t last_ms;       /* when it has happened, if ever; see read.c */
	enum verb verb;
	enum outcome outcome;
	int64_t ttl_ms;
	int64_t with_token; /* named by the caller; 0 none */
	int64_t token;	    /* in the answer; 0 none */
	bool held;	    /* the claim was the caller's already */
	bool late;
	char by[NAME_BYTES];	/* who holds it, says the answer; "" unsaid */
	char state[NAME_BYTES]; /* what show says; "" unsaid */
	int line;
};

struct history {
	struct op *op;
	size_t count;
	int64_t max_attempts;
};

/* A task as the model sees it.  When a lease ends is known within bounds only:
 * the clock is read somewhere between question and answer. */
struct world {
	enum { S_OPEN, S_CLAIMED, S_DONE, S_FAILED, S_CANCELLED } state;
	enum { E_NEVER, E_LIVE, E_LAPSED, E_FINISHED, E_DEAD } ended;
	char agent[NAME_BYTES]; /* of the newest lease */
	int64_t token;		/* its token; 0: nobody saw the answer */
	int64_t newest;		/* the largest token that was seen */
	int64_t attempts;
	int64_t ttl_ms;
	int64_t ends_least_ms; /* it ends no earlier, */
	int64_t ends_most_ms;  /* and no later */
	int64_t clock_ms;      /* what has happened was no earlier */
};

/**
 * Let one command happen, no later than now_ms.
 *
 * @param out  room for two worlds: the lease may have lapsed before, or not
 * @param why  where the answer does not fit, what it should have been; NULL: do
 *             not say
 * @return     how many worlds fit the answer
 */
size_t world_step(const struct world *before, const struct op *op,
    int64_t now_ms, int64_t max_attempts, struct world out[2], char why[256]);
/* In words, for a report. */
void world_show(const struct world *world, char out[256]);

/* What a check has seen. */
struct sight {
	size_t most;	  /* so many worlds were possible at once */
	int64_t quiet_ms; /* since then there was always somebody waiting */
	size_t count;	  /* the worlds possible then, the first few */
	struct world world[4];
};

/**
 * Could the commands on one task have happened one after the other, each
 * between its question and its answer?
 *
 * @param skip  by index: true leaves the command out; NULL none
 * @param sight out; NULL: do not say
 * @return      -1: yes; else the index of the answer that cannot be
 */
long history_check(const struct history *history, const char *task,
    const bool skip[], struct sight *sight);

/* Read a file; false: what is wrong was printed. */
bool history_read(const char *path, struct history *out);
bool is_of(const struct op *op, const char *task);
void op_show(const struct op *op, char out[256]);

/* Say why it cannot be, with as few commands as will do. */
void history_explain(const struct history *history, const char *task, long at);

#endif
