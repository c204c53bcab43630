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
 * Bounds are macros (rules.mk); each NO_... takes a mechanism out, and spin must
 * find what goes wrong then (mutants).  Names in comments are functions of
 * lib/work, or statements of lib/work/sql/lease.sql. */

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
#define JUMPS 0		/* so often the clock goes back, or another boot begins */
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
byte moved;			/* boot or clock have jumped, and nobody has seen it;
				 * 2: in the middle of a transaction */
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

/* --- what every change does first ------------------------------------- */

/* tctl_row_move: unmet is counted when the row crosses into or out of done. */
inline move(t, to)
{
	stood = true;
#ifdef NO_TRANSACTION
	if				/* killed between two commits */
	:: stood = true
	:: stood = false
	fi;
#endif
#ifdef NO_CROSSING
	if				/* counts each done, not each crossing */
	:: t == 0 && to == DONE && stood -> db.unmet = minus(db.unmet, 1)
	:: t == 0 && to == OPEN && stood -> db.unmet = 1 + db.unmet
	:: else
	fi;
#else
	if
	:: t == 0 && db.state[t] != DONE && to == DONE && stood -> db.unmet--
	:: t == 0 && db.state[t] == DONE && to != DONE && stood -> db.unmet++
	:: else
	fi;
#endif
	db.state[t] = to
}

#if DEATHS
/* tctl_process_life: no such pid, or another start time. */
#define is_gone(t) (db.given[t] != 0 && (db.given[t] == WRAPPER || \
	!alive[db.holder[t]] || process[db.holder[t]] != db.given[t]))
#define is_seen(t) (db.given[t] != 0 && !is_gone(t))
#define holder_gone(t) (!alive[owner[t]] || process[owner[t]] != maker[t])
#endif

/* tctl_lease_judge */
inline judge(t, c)
{
	verdict = VLIVE;
	if
#if DEATHS
	:: !same_boot && db.given[t] != 0 && db.witnessed[t] -> verdict = VDIED
	:: !same_boot && !(db.given[t] != 0 && db.witnessed[t])
	:: same_boot && !back && is_gone(t) && db.witnessed[t] ->
		verdict = VDIED
	:: same_boot && !back && !(is_gone(t) && db.witnessed[t]) &&
	    db.expires[t] <= c -> verdict = VLAPSED
#else
	:: same_boot && !back && db.expires[t] <= c -> verdict = VLAPSED
#endif
	:: else
	fi
}

/* What no statement reads again of a lease that has ended. */
inline close(t)
{
	db.expires[t] = 0; late[t] = 0;
#if JUMPS
	db.span[t] = 0;
#endif
	if
	:: buried[t] || finished[t] -> db.ttl[t] = 0; left[t] = 0
	:: else
	fi
}

/* end_lease of change.c: what time or death has ended. */
inline lapse(t)
{
	if
	:: verdict == VLAPSED ->
		assert(left[t] == 0)	/* never early */
	:: else ->
#if DEATHS
		assert(holder_gone(t));	/* a proof is a proof */
#endif
		buried[t] = true
	fi;
	db.attempts[t]++;
	if
	:: db.attempts[t] >= ATTEMPTS ->
		db.ended[t] = DEAD; buried[t] = true; move(t, FAILED)
	:: else ->
		db.ended[t] = (verdict == VLAPSED -> LAPSED : DEAD);
		move(t, OPEN)
	fi;
	close(t)
}

/* compare of change.c */
inline compare(c)
{
#ifdef NO_BOOT
	same_boot = true;
#else
	same_boot = (db.boot == boot);
#endif
#ifdef NO_BACK
	back = false;
#else
	back = same_boot && is_before(c);
#endif
	if				/* from this look on every lease is to end */
	:: moved != 0 ->
		for (i : 0 .. TASKS - 1) {
			late[i] = LONG
		}
		moved = (moved == 1 && same_boot && !back -> 0 : moved)
	:: else
	fi
}

/* lease_restart: what was promised last begins anew; not the TTL, which a later
 * claim may have made shorter than that. */
#if JUMPS
#ifdef NO_SPAN
#define again(t) db.ttl[t]
#else
#define again(t) db.span[t]
#endif
#define keep_span(t, c) db.span[t] = db.expires[t] - c
#else
#define again(t) db.ttl[t]
#define keep_span(t, c) true
#endif

/* settle of change.c: a copy, judgements, then restart_leases. */
inline settle(c)
{
	if
#ifndef NO_GAP
	:: db.inode != inode -> db.token = db.token + GAP; wrote = true
#endif
	:: else
	fi;
	for (i : 0 .. TASKS - 1) {
		if
		:: db.ended[i] == LIVE ->
			judge(i, c);
			if
			:: verdict != VLIVE -> lapse(i); wrote = true
			:: else ->
				assert(late[i] + passed > 0 || !same_boot || back);
#if DEATHS
				if
				:: same_boot && !back && is_seen(i) ->
					db.witnessed[i] = true; wrote = true
				:: else
				fi;
#ifdef NO_WITNESS
				db.witnessed[i] = true;
#endif
#endif
				if
				:: !same_boot || back ->
					wrote = true;
					db.expires[i] = c + again(i);
#if DEATHS
					if
					:: !same_boot -> db.given[i] = 0;
						db.witnessed[i] = false
					:: else
					fi
#endif
				:: else
				fi
			fi
		:: else
		fi
	}
}

/* --- commands ------------------------------------------------------------ */

/* tctl_holder_is: the token decides if one is named, else who asks. */
#ifdef NO_FENCE
#define is_holder(t, me, k) (db.ended[t] != NEVER)
#else
#define is_holder(t, me, k) (db.ended[t] != NEVER && \
	(k == 0 -> db.holder[t] == me : db.number[t] == k))
#endif
#ifdef NO_ENDED
#define admitted(t, me, k) is_holder(t, me, k)
#else
/* tctl_holder_admit: live, or late. */
#define admitted(t, me, k) (is_holder(t, me, k) && (db.ended[t] == LIVE || \
	(db.ended[t] == LAPSED && db.state[t] == OPEN)))
#endif

/* lease_bury: what lapsed and was changed since does not come back. */
inline bury(t)
{
	buried[t] = true;
#ifndef NO_BURY
	if
	:: db.ended[t] == LAPSED -> db.ended[t] = DEAD
	:: else
	fi;
	close(t)
#endif
}

/* A change was accepted as the holder's: is it? */
inline accept(t, me, k)
{
	assert(owner[t] == me && !buried[t]);
	assert(k == 0 || k == its[t])
}

/* lease_renew: never shortens.  What is promised counts from the begin. */
inline renew(t, c, d)
{
	db.ttl[t] = d;
#ifdef NO_MAX
	db.expires[t] = c + d;
#else
	db.expires[t] = max(db.expires[t], c + d);
#endif
	keep_span(t, c);
	left[t] = max(left[t], minus(d, passed));
	late[t] = max(late[t], d)
}

/* lease_revive, and its row: the attempt did not count. */
inline revive(t, c)
{
	db.ended[t] = LIVE;
	db.expires[t] = c + db.ttl[t];
	db.attempts[t] = minus(db.attempts[t], 1);
	move(t, CLAIMED)
}

#if NEEDS
#define is_met(t) (t == 0 || db.unmet == 0)
#else
#define is_met(t) true
#endif

/* take_row of claim.c: lease_take decides, grant writes down. */
inline claim(t, me, c, d)
{
	if
	:: db.state[t] == CLAIMED && db.holder[t] == me ->	/* grant_again */
		accept(t, me, 0); wrote = true;
		granted = db.number[t];
		assert(granted == its[t]);
#if DEATHS
		db.given[t] = process[me]; db.witnessed[t] = false;
		maker[t] = process[me];
#endif
		renew(t, c, d)
#ifdef NO_ONE_STATEMENT
	:: saw_open && claims < CLAIMS ->
#else
	:: db.state[t] == OPEN && is_met(t) && claims < CLAIMS ->
#endif
		/* nobody else's is live, and what it needs is done */
		assert(left[t] == 0 || buried[t]);
		#if NEEDS
		assert(t == 0 || db.state[0] == DONE);
#endif
		claims++; wrote = true;
		granted = db.token + 1;
#ifndef NO_TOKEN
		db.token = granted;
#endif
		assert(granted > newest);	/* grows, and none twice */
		newest = granted;
		move(t, CLAIMED);
		db.number[t] = granted;
		db.holder[t] = me;
		db.ended[t] = LIVE;
		db.expires[t] = c + d;
		db.ttl[t] = d;
		keep_span(t, c);
		owner[t] = me; its[t] = granted; buried[t] = false;
		left[t] = minus(d, passed); late[t] = d;
#if DEATHS
		maker[t] = process[me];
		if
		:: db.given[t] = 0; db.witnessed[t] = false
		:: db.given[t] = process[me]; db.witnessed[t] = false
		:: db.given[t] = process[me]; db.witnessed[t] = true /* run */
		:: db.given[t] = WRAPPER; db.witnessed[t] = false
		fi
#endif
	:: else
	fi
}

/* apply of finish.c: done, release, fail. */
inline finish(t, me, k, how, to)
{
	if
	:: admitted(t, me, k) ->
		accept(t, me, k);
		ok = true; wrote = true;
		if
		:: db.ended[t] == LAPSED ->
			db.attempts[t] = minus(db.attempts[t], 1)
		:: else
		fi;
		db.ended[t] = how;
		if
		:: how == FINISHED ->
			assert(!finished[t]);	/* not done twice */
			finished[t] = true
		:: else -> buried[t] = true
		fi;
		close(t);
		move(t, to)
#ifndef NO_AGAIN
	:: !admitted(t, me, k) && how == FINISHED && is_holder(t, me, k) &&
	    db.state[t] == DONE && db.ended[t] == FINISHED ->
		ok = true	/* is_done_again */
#endif
	:: else ->
		/* asked again because the answer was lost */
		assert(!(how == FINISHED && finished[t] && owner[t] == me &&
		    (k == 0 || k == its[t])))
	fi
}

/* renew_one of heartbeat.c in a full change. */
inline beat(t, me, k, c)
{
	if
	:: admitted(t, me, k) ->
		accept(t, me, k);
		ok = true; wrote = true;
		if
		:: db.ended[t] != LIVE -> revive(t, c)
		:: else
		fi;
		renew(t, c, db.ttl[t])
	:: else
	fi
}

/* The same in a light one, which settles nothing: it asks for a full one where
 * something is to be settled, or the lease is not live (must_be_full). */
inline beat_light(t, me, k, c)
{
	judge(t, c);
	if
	:: same_boot && !back && db.inode == inode && db.ended[t] == LIVE &&
	    admitted(t, me, k) &&
#ifdef NO_LIGHT
	    true ->
#else
	    verdict == VLIVE ->
#endif
		accept(t, me, k);
		assert(late[t] + passed > 0);	/* not what every view calls ended */
		ok = true; wrote = true;
		renew(t, c, db.ttl[t])
	:: else
	fi
}

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
