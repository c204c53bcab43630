/* floor: work - the coordinator: what operations work on, and who asks.
 *
 * Everything that changes something is one transaction, begun and ended within
 * one call, and safe to ask for twice.  The lease protocol, with its
 * invariants, is told in docs/adr/0003-lease-protocol.md. */
#ifndef TASKCTL_COORD_H
#define TASKCTL_COORD_H

#include "taskctl/config.h"
#include "taskctl/place.h"
#include "taskctl/process.h"
#include "taskctl/store.h"

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

#endif
