/* settle.pml - what every change does first: lib/work/settle.c, lease_row.c. */

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

/* end_lease of settle.c: what time or death has ended. */
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

/* tctl_identity_compare of identity.c */
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

/* tctl_settle of settle.c: a copy, judgements, then restart_leases. */
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

