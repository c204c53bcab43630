/* lease.pml - the lease protocol of lib/work, for spin.
 *
 * Agents, a person with reopen, cancel, edit and release --force, a reader, and
 * a clock.  Everything that a process can suffer is a choice of the model:
 * - stopped (SIGSTOP, or slow): it is not scheduled, while time goes on; also
 *   within a transaction;
 * - killed: its transaction is rolled back, or committed and the answer lost;
 * - the agent itself forgets what it was told, and asks again.
 *
 * One transaction at a time: queue.pml shows it.  So what is between "begin" and
 * "commit" is one step here, taken at any time after the clock was read.
 *
 * Bounds are macros (state.pml; check.sh sets them).  Each NO_... takes a
 * mechanism out, and spin must find what goes wrong then.  Names in comments
 * are functions of lib/work, or statements of lib/work/sql/lease.sql. */

#include "state.pml"
#include "settle.pml"
#include "commands.pml"

/* --- the parts of a change ----------------------------------------------- */

/* tctl_change_begin: the queue, BEGIN IMMEDIATE, and only then the clock. */
inline begin(me, c)
{
#ifdef NO_ONE_STATEMENT
	atomic {			/* looks, and decides later */
		turn = me; c = now; passed = 0;
		saw_open = db.state[0] == OPEN
	}
#else
#ifdef NO_LATE_CLOCK
	c = now;			/* before the queue */
	atomic { turn == NOBODY -> turn = me; passed = 0 }
#else
	atomic { turn == NOBODY -> turn = me; c = now; passed = 0 }
#endif
#endif
}

/* commit of change.c, or rollback where a refusal has settled nothing; and all
 * that must hold of whatever is committed. */
inline commit(c)
{
	if
	:: wrote ->
		db.boot = boot; set_clock(c); db.inode = inode;
		moved = (moved == 2 -> 2 : 0)
	:: else
	fi;
#if NEEDS
	assert(db.unmet == (db.state[0] != DONE));
#endif
	for (i : 0 .. TASKS - 1) {
		assert((db.state[i] == CLAIMED) == (db.ended[i] == LIVE));
		assert(!finished[i] || db.state[i] == DONE);
		assert(!told[i] || finished[i])
	}
}

inline leave(c)
{
	if
	:: turn == me -> turn = NOBODY; passed = 0;
		moved = (moved == 0 -> 0 : 1)
	:: else
	fi;
	i = 0; verdict = 0; used = 0; granted = 0; c = 0;
	ok = false; wrote = false; stood = false; same_boot = false; back = false
}

#if TASKS > 1
#define any(t) if :: t = 0 :: t = 1 fi
#else
#define any(t) t = 0
#endif

#ifdef NO_ONE_STATEMENT
#define is_turn true
#else
#define is_turn (turn == me)	/* not after a reboot */
#endif
#if DEATHS
#define lives alive[me]
#else
#define lives true
#endif

/* --- who there is --------------------------------------------------------- */

proctype Agent(byte me)
{
	byte known[TASKS];	/* the token it was told of each task; 0: none */
	byte c, t, d;
#ifdef NO_ONE_STATEMENT
	bool saw_open;
#endif

	do
	:: lives;
		begin(me, c);
		if
		:: atomic { is_turn && lives ->
			any(t);
			if			/* by agent and session, or token */
			:: used = 0
			:: known[t] != 0 -> used = known[t]
			fi;
			compare(c);
			if
			:: true -> beat_light(t, me, used, c)
			:: true -> settle(c);
				if
				:: d = SHORT; claim(t, me, c, d)
				:: d = LONG; claim(t, me, c, d)
				:: true -> beat(t, me, used, c)
				:: true -> finish(t, me, used, FINISHED, DONE);
					if
					:: ok -> told[t] = true
					:: true	/* the answer is lost */
					fi
				:: true -> finish(t, me, used, DEAD, OPEN)
				:: true -> finish(t, me, used, DEAD, FAILED)
				fi
			fi;
			commit(c);
			if
			:: granted != 0 -> known[t] = granted
			:: true			/* the answer is lost */
			fi;
			leave(c); t = 0; d = 0
		   }
#ifdef NO_COMMIT_FIRST
		:: atomic { is_turn && db.ended[0] == LIVE && db.holder[0] == me ->
			told[0] = true;		/* answers, and is killed */
			leave(c)
		   }
#endif
		:: atomic { leave(c) }		/* killed before the commit */
		fi
	:: d_step { known[0] > 0 -> known[0] = 0 }	/* forgets it */
#if TASKS > 1
	:: d_step { known[1] > 0 -> known[1] = 0 }
#endif
#if DEATHS
	:: d_step { alive[me] && deaths < DEATHS -> alive[me] = false; deaths++ }
	:: d_step { !alive[me] -> process[me]++; alive[me] = true }
#endif
	od
}

/* mark.c, edit.c, force of finish.c: what people do. */
proctype Person(byte me)
{
	byte c, t;

	do
	:: atomic { turn == NOBODY ->
			c = now;
			any(t);
			compare(c);
			settle(c);
			if
			:: true				/* sweep */
			:: db.state[t] == CLAIMED ->	/* release --force */
				wrote = true;
				db.ended[t] = DEAD; buried[t] = true;
				close(t);
				move(t, OPEN)
			:: db.state[t] == FAILED || db.state[t] == DONE ||
			    db.state[t] == CANCELLED ->	/* reopen */
				wrote = true;
				bury(t);
				finished[t] = false; told[t] = false;
				db.attempts[t] = 0;
				move(t, OPEN)
			:: db.state[t] == OPEN || db.state[t] == FAILED ->
				wrote = true;		/* cancel */
				bury(t);
				move(t, CANCELLED)
			:: db.state[t] != CLAIMED && db.ended[t] == LAPSED ->
				wrote = true;		/* edit */
				bury(t)
			fi;
			commit(c); leave(c); t = 0
	   }
	od
}

#ifdef READER
/* tctl_view_begin: the clock, then the snapshot, and a judgement that writes
 * nothing. */
proctype Reader()
{
	byte c, over;

	do
	:: atomic {
			c = now;
			if		/* what has ended, live in its row */
			:: db.ended[0] == LIVE && late[0] == 0 && moved == 0 ->
				over = db.expires[0]
			:: else
			fi
		};
		atomic {
			same_boot = db.boot == boot;
			back = same_boot && db.clock > c;
#ifndef NO_SECOND_LOOK
			if
			:: back ->	/* or others have committed since? */
				back = db.clock > now;
				c = (back -> c : db.clock)
			:: else
			fi;
#endif
			if
			:: db.ended[0] == LIVE ->
				judge(0, c);
				assert(verdict != VLAPSED || left[0] == 0);
				assert(verdict == VLAPSED || moved != 0 ||
				    over == 0 || over != db.expires[0])
			:: else
			fi;
			verdict = 0; same_boot = false; back = false; c = 0;
			over = 0
		}
	od
}
#endif

#if COPIES
inline copy(to, from)
{
	to.token = from.token; to.boot = from.boot;
	to.inode = from.inode; to.unmet = from.unmet;
	to.state[0] = from.state[0]; to.attempts[0] = from.attempts[0];
	to.holder[0] = from.holder[0]; to.number[0] = from.number[0];
	to.ended[0] = from.ended[0]; to.expires[0] = from.expires[0];
	to.ttl[0] = from.ttl[0]
}
#endif

/* Time passes for everybody; and what can happen to a machine. */
proctype World()
{
	byte j;

	do
	:: d_step { now < CLOCK ->
		now++;
		passed = (turn != NOBODY && passed < LONG -> passed + 1 : passed);
		for (j : 0 .. TASKS - 1) {
			left[j] = minus(left[j], 1);
			late[j] = minus(late[j], 1)
		}
		j = 0
	   }
#if JUMPS
	/* a snapshot of the machine: its clock goes back */
	:: d_step { jumps < JUMPS && now > 0 -> jumps++; now = 0;
		moved = (turn == NOBODY -> 1 : 2) }
	/* another boot; or a machine that has been up for long */
	:: atomic { jumps < JUMPS ->
		jumps++; boot++; moved = 1; turn = NOBODY; passed = 0;
		if
		:: now = 0
		:: now = CLOCK - LONG
		fi;
#if DEATHS
		for (j : 0 .. AGENTS - 1) {
			alive[j] = false
		}
		j = 0
#endif
	   }
#endif
#if COPIES
	/* A backup is made; once it takes the place of the store. */
	:: atomic { copies == 0 && turn == NOBODY -> copies = 1; copy(backup, db) }
	:: atomic { copies == 1 && turn == NOBODY ->
		copies = 2; copy(db, backup); inode++; moved = 1;
		buried[0] = db.ended[0] == DEAD;
		finished[0] = db.state[0] == DONE; told[0] = false;
		owner[0] = db.holder[0]; its[0] = db.number[0];
		left[0] = 0
	   }
#endif
	od
}

init
{
	d_step {
		db.unmet = 1;
		for (i : 0 .. TASKS - 1) {
			db.state[i] = OPEN; db.ended[i] = NEVER;
			db.holder[i] = NOBODY; owner[i] = NOBODY
		}
#if DEATHS
		for (i : 0 .. AGENTS - 1) {
			process[i] = 1; alive[i] = true
		}
#endif
		i = 0
	}
	atomic {
		do
		:: i < AGENTS -> run Agent(i); i++
		:: else -> break
		od;
		i = 0;
		run Person(AGENTS);
#ifdef READER
		run Reader();
#endif
		run World()
	}
}
