/* state.pml - bounds, the store, the world around it, what properties keep. */
#ifndef AGENTS
#define AGENTS 2
#endif
#ifndef TASKS
#define TASKS 1
#endif
#ifndef CLAIMS
#define CLAIMS 3	/* so many are granted in all */
#endif
#ifndef CLOCK
#define CLOCK 4		/* ticks of BOOTTIME; there time stands still */
#endif
#ifndef JUMPS
#define JUMPS 0		/* so often the clock goes back, or is another boot's */
#endif
#ifndef COPIES
#define COPIES 0	/* so often the file is replaced by a backup of it */
#endif
#ifndef DEATHS
#define DEATHS 0	/* so often an agent's process dies; 0: no pids either */
#endif
#ifndef SHORT
#define SHORT 1		/* claim --ttl SHORT, or LONG */
#endif
#ifndef LONG
#define LONG 2
#endif
#ifndef NEEDS
#define NEEDS (TASKS > 1)	/* task 1 needs task 0 */
#endif
#define ATTEMPTS 2	/* max_attempts */
#define GAP 16		/* TCTL_TOKEN_GAP; 2^32 there */
#define NOBODY 255
#define WRAPPER 255	/* a pid that is dead as soon as the claim has ended */

#if JUMPS
#define SEES_BACK 1
#elif defined(READER)
#define SEES_BACK 1
#else
#define SEES_BACK 0
#endif
#if SEES_BACK
#define is_before(c) (db.clock > c)
#define set_clock(c) db.clock = c
#else
#define is_before(c) false
#define set_clock(c) true
#endif

mtype = { OPEN, CLAIMED, DONE, FAILED, CANCELLED };	/* task.state */
mtype = { NEVER, LIVE, LAPSED, FINISHED, DEAD };	/* lease.ended */

typedef Store {
	byte token;		/* store.token: the newest drawn */
	byte boot;		/* store.boot */
#if SEES_BACK
	byte clock;		/* store.clock_boot */
#endif
	byte inode;
	mtype state[TASKS];
	byte attempts[TASKS];
	byte unmet;		/* of task 1 */
	byte holder[TASKS];	/* lease.agent and session */
	byte number[TASKS];	/* lease.token */
	mtype ended[TASKS];
	byte expires[TASKS];
	byte ttl[TASKS];
#if JUMPS
	byte span[TASKS];	/* expires_boot - renewed_boot */
#endif
#if DEATHS
	byte given[TASKS];	/* lease.pid; 0: none */
	bool witnessed[TASKS];
#endif
};
Store db;
#if COPIES
Store backup;
#endif

/* The world that the store is in. */
byte now;			/* CLOCK_BOOTTIME */
byte boot;
byte inode;
byte turn = NOBODY;		/* whose transaction it is */
byte claims, jumps, copies, deaths;
byte moved;			/* boot or clock have jumped, and nobody has seen
				 * it; 2: in the middle of a transaction */
#if DEATHS
byte process[AGENTS];		/* its pid, from 1; another after each death */
bool alive[AGENTS];
#endif

/* What the properties need to know, kept beside the protocol. */
byte newest;			/* the largest token that was ever drawn */
byte owner[TASKS];		/* of the last grant, */
byte its[TASKS];		/* and its token */
#if DEATHS
byte maker[TASKS];		/* and the process that made it */
#endif
bool buried[TASKS];		/* that lease is dead for ever */
byte left[TASKS];		/* ticks that it was promised, and are to come */
byte late[TASKS];		/* ticks after which it must have ended */
bool finished[TASKS];		/* committed as done, and nobody reopened it */
bool told[TASKS];		/* the same, and its holder has seen the answer */
byte passed;			/* ticks since the transaction began */

/* Scratch of one step, zero between steps. */
byte i, verdict, used, granted;
bool ok, wrote, stood, same_boot, back;
#define VLIVE 0
#define VLAPSED 1
#define VDIED 2

#define max(a, b) ((a) > (b) -> (a) : (b))
#define minus(a, b) ((a) > (b) -> (a) - (b) : 0)

