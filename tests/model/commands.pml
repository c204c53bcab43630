/* commands.pml - claim, heartbeat, done, release, fail, and what must hold. */

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

