/* queue.pml - the queue of writers: lib/store/turnstile.c, for spin.
 *
 * Two byte locks of one file: lock NEXT_BYTE, lock WORK_BYTE, unlock NEXT_BYTE;
 * work; unlock WORK_BYTE.  Anybody may be killed or lose patience at each step;
 * both close the file, and the kernel drops the locks.  Killed, it begins anew.
 *
 * What is assumed of the kernel (fs/locks.c), for no queue out of file locks can
 * be fair without it:
 * - those who wait for one byte are woken in the order in which they came;
 * - being woken takes a while: who has just unlocked a byte may lock it again
 *   before.  That is how a single lock starves its waiters;
 * - but less than a transaction takes, and than anybody else needs to come.
 * And every process goes on some time (weak fairness): a stopped holder stalls
 * all the others, and must.
 *
 * TICKS lets the timer of wait_for fire while somebody has the byte, which sends
 * a waiter to the end of the line.  One works at a time all the same; but who is
 * next is then drawn by lot, and spin finds who loses every draw. */

#ifndef AGENTS
#define AGENTS 4
#endif
#define NEXT_BYTE 0
#define WORK_BYTE 1
#define NOBODY 255

byte owner[2] = NOBODY;		/* who has locked the byte */
byte last[2] = NOBODY;		/* who unlocked it last */
chan line[2] = [AGENTS] of { byte };	/* who is blocked in F_OFD_SETLKW */

byte at_work;
bool waits;			/* agent 0 does, who is patient and not killed */
byte overtaken;			/* how many have begun since it began to wait */

/* Free, but whom the kernel has woken has not run yet. */
#define wakes(b) (owner[b] == NOBODY && len(line[b]) > 0)

inline unlock(b, who)
{
	owner[b] = NOBODY;
	last[b] = who
}

inline close_file()
{
	if
	:: last[NEXT_BYTE] == me -> last[NEXT_BYTE] = NOBODY
	:: else
	fi;
	if
	:: last[WORK_BYTE] == me -> last[WORK_BYTE] = NOBODY
	:: else
	fi;
	if
	:: line[NEXT_BYTE]??[eval(me)] -> line[NEXT_BYTE]??eval(me)
	:: else
	fi;
	if
	:: line[WORK_BYTE]??[eval(me)] -> line[WORK_BYTE]??eval(me)
	:: else
	fi;
#ifndef NO_RELEASE
	if
	:: owner[NEXT_BYTE] == me -> unlock(NEXT_BYTE, NOBODY)
	:: else
	fi;
	if
	:: owner[WORK_BYTE] == me -> unlock(WORK_BYTE, NOBODY)
	:: else
	fi;
#endif
	if
	:: me == 0 -> waits = false; overtaken = 0
	:: else
	fi
}

/* wait_for: F_OFD_SETLK, and if that fails F_OFD_SETLKW. */
inline take(b)
{
	atomic {
		if
		:: owner[b] == NOBODY && (len(line[b]) == 0 || last[b] == me) ->
			owner[b] = me
		:: else -> line[b]!me
		fi;
		waits = waits || me == 0
	}
	if
	:: owner[b] == me
	:: atomic { owner[b] == NOBODY && line[b]?[eval(me)] ->
		line[b]?eval(me); owner[b] = me }
	:: atomic { me != 0 && owner[b] != me -> close_file(); goto idle }
	fi
}

inline work()
{
	at_work++;
	assert(at_work == 1);
	if
	:: me == 0 -> waits = false; overtaken = 0
	:: else ->
		overtaken = (waits -> overtaken + 1 : overtaken)
	fi;
#ifndef NO_BOUND
	assert(overtaken < AGENTS)
#endif
}

proctype Agent(byte me)
{
end:
idle:
	take(NEXT_BYTE);
#ifdef NO_SECOND_BYTE
	atomic { work() }
	if
	:: atomic { !wakes(NEXT_BYTE) -> at_work--; unlock(NEXT_BYTE, me) }
	:: atomic { me != 0 -> at_work--; close_file() }
	fi;
#else
	take(WORK_BYTE);
#ifdef NO_EARLY_UNLOCK
	atomic { work() }
	if
	:: atomic { at_work--; unlock(WORK_BYTE, me); unlock(NEXT_BYTE, me) }
#else
	atomic { unlock(NEXT_BYTE, me); work() }
	if
	:: atomic { !wakes(NEXT_BYTE) -> at_work--; unlock(WORK_BYTE, me) }
#endif
	:: atomic { me != 0 -> at_work--; close_file() }	/* killed */
	fi;
#endif
	goto idle
}

#ifdef TICKS
/* EINTR, and F_OFD_SETLKW again.  On byte 1 there is one waiter at the most. */
proctype Timer()
{
	byte who;

	do
	:: atomic { owner[NEXT_BYTE] != NOBODY && line[NEXT_BYTE]??[eval(who)] ->
		line[NEXT_BYTE]??eval(who); line[NEXT_BYTE]!who }
	:: who = (who + 1) % AGENTS
	od
}
#endif

#ifndef BY_LOT
ltl nobody_starves { [] (waits -> <> !waits) }
#endif

init
{
	byte i;

	atomic {
		do
		:: i < AGENTS -> run Agent(i); i++
		:: else -> break
		od;
#ifdef TICKS
		run Timer()
#endif
	}
}
