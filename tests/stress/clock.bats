#!/usr/bin/env bats
# clock.bats - what ends a lease, and what does not (I4, I8, I11, I2).

load stress.bash

setup() { small_store; }

state() { q "SELECT state FROM task WHERE key = '$1'"; }
left_ms() { q "SELECT expires_boot - renewed_boot FROM lease AS l JOIN task AS t
    ON t.id = l.task WHERE t.key = '$1'"; }

# A process of ours that lives, as $alive.
live() {
	sleep 300 3>&- &
	alive=$!
	HELD+=("$alive")
}

die() {
	{ kill -KILL "$alive" && wait "$alive"; } 2>/dev/null || true
}

@test "the wall clock jumps ahead or back by a year: no lease ends, none lasts longer" {
	needs_faketime
	dynamic_taskctl
	t claim 1.1 --agent a --ttl 30m -q
	before=$(q 'SELECT expires_boot FROM lease')
	for jump in +1y -1y; do
		faketime -f "$jump" taskctl sweep 3>&-
		code 4 faketime -f "$jump" taskctl claim 1.1 --agent b
		faketime -f "$jump" taskctl --json show 1.1 >out.txt 3>&-
		[ "$(jq -r .task.state out.txt)" = claimed ]
	done
	[ "$(q 'SELECT expires_boot FROM lease')" = "$before" ]
	faketime -f -1y taskctl heartbeat 1.1 --agent a 3>&-
	after=$(q 'SELECT expires_boot FROM lease')
	[ "$after" -ge "$before" ] && [ "$after" -lt $((before + 60000)) ]
	# And a zone is not a clock.
	TZ=Pacific/Kiritimati code 4 taskctl claim 1.1 --agent b
}

@test "another boot: the TTL starts again, then the lease ends: late, never early" {
	t claim 1.1 --agent a --ttl 1m -q
	q "UPDATE store SET boot = 'another'"
	age 1.1 61000
	# First sight: it would have run out, but times do not compare.
	[ "$(t show 1.1 --json | jq -r .task.state)" = claimed ]
	code 4 taskctl claim 1.1 --agent b
	[ "$(t show 1.1 --json | jq -r .task.state)" = claimed ]
	age 1.1 61000
	# Nobody but those who were refused has come meanwhile.
	code 0 taskctl claim 1.1 --agent b
	[ "$(q "SELECT count(*) FROM event WHERE kind = 'clock'")" -eq 1 ]
	[ "$(q "SELECT json_extract(data, '\$.why') FROM event
	    WHERE kind = 'clock'")" = 'another boot' ]
	replays
}

@test "another boot: a longer time that was promised before is not cut short" {
	t claim 1.1 --agent a --ttl 2h -q
	t claim 1.1 --agent a --ttl 1s -q
	left=$(q "SELECT expires_boot - clock_boot FROM lease, store")
	for boot in another yet-another; do
		q "UPDATE store SET boot = '$boot'"
		code 4 taskctl claim 1.1 --agent b
	done
	[ "$(q "SELECT expires_boot - clock_boot FROM lease, store")" -ge "$left" ]
}

@test "another boot of this machine: a proven process is dead at once, an unproven one is not" {
	live
	t claim 1.1 --agent a --pid "$alive" -q
	t sweep # the later, separate command that sees it alive
	t claim 1.2 --agent b --pid "$alive" -q
	q "UPDATE lease SET witnessed = 0 WHERE agent = 'b'"
	q "UPDATE store SET boot = 'another'"
	code 4 taskctl claim 1.2 --agent c
	code 0 taskctl claim 1.1 --agent c
	[ "$(q "SELECT count(*) FROM event WHERE kind = 'died'")" -eq 1 ]
	[ "$(state 1.2)" = claimed ]
}

@test "another boot of another machine: its pids say nothing here, not later either" {
	live
	t claim 1.1 --agent a --pid "$alive" --ttl 10m -q
	t sweep
	die
	q "UPDATE store SET boot = 'another', machine = 'another'"
	t claim 1.2 --agent z -q
	[ "$(state 1.1)" = claimed ]
	t release 1.2 --agent z
	t sweep
	code 4 taskctl claim 1.1 --agent b
	[ "$(state 1.1)" = claimed ]
}

@test "the clock has gone back (a snapshot): TTLs start again and it is said" {
	t claim 1.1 --agent a --ttl 10m -q
	q "UPDATE store SET clock_boot = clock_boot + 3600000;
	   UPDATE lease SET expires_boot = expires_boot + 3600000,
	    renewed_boot = renewed_boot + 3600000"
	t sweep
	[ "$(left_ms 1.1)" -eq 600000 ]
	now=$(q 'SELECT clock_boot FROM store')
	[ "$(q 'SELECT expires_boot FROM lease')" -le $((now + 600000)) ]
	[ "$(q "SELECT count(*) FROM event WHERE kind = 'clock' AND
	    data LIKE '%gone back%'")" -eq 1 ]
	code 4 taskctl claim 1.1 --agent b
}

@test "a heartbeat after another boot is no light one: it settles first" {
	t claim 1.1 --agent a --ttl 10m -q
	t claim 1.2 --agent b --ttl 10m -q
	# That machine had been up for much longer than this one.
	q "UPDATE store SET boot = 'another', clock_boot = clock_boot + 1000000000;
	   UPDATE lease SET expires_boot = expires_boot + 1000000000,
	    renewed_boot = renewed_boot + 1000000000"
	t heartbeat 1.1 --agent a
	now=$(q 'SELECT clock_boot FROM store')
	[ "$(q 'SELECT max(expires_boot) FROM lease')" -le $((now + 600000)) ]
	code 4 taskctl claim 1.2 --agent c
}

@test "a renewal never shortens" {
	t claim 1.1 --agent a --ttl 2h -q
	before=$(q 'SELECT expires_boot FROM lease')
	t claim 1.1 --agent a --ttl 1s -q
	t heartbeat 1.1 --agent a
	[ "$(q 'SELECT expires_boot FROM lease')" -ge "$before" ]
}

# Does a command have its turn?  Its pid stands in the queue's file.
works() { tail -c +81 .tasks/taskctl.db-queue | grep -q "^$1 "; }

@test "the clock is read after the queue: waiting there costs no lease its time" {
	t claim 1.1 --agent a --ttl 1m -q
	other_holds go
	HELD+=("$other")
	taskctl heartbeat 1.1 --agent a >/dev/null 3>&- &
	until_true works $!
	sleep 1
	now=$(awk '{ printf "%d", $1 * 1000 }' /proc/uptime)
	touch go
	wait $!
	[ "$(q 'SELECT expires_boot FROM lease')" -ge $((now + 60000)) ]
}

@test "proof of death wants a witness, and then ends a lease at once" {
	live
	t claim 1.1 --agent a --pid "$alive" -q
	die
	# Nobody has seen it alive but the claim itself: its time decides.
	code 4 taskctl claim 1.1 --agent b
	live
	t claim 1.2 --agent a --pid "$alive" -q
	t sweep
	die
	[ "$(t show 1.2 --json | jq -r .task.state)" = ready ]
	code 6 taskctl heartbeat 1.2 --agent a
	code 6 taskctl done 1.2 --agent a
	code 0 taskctl claim 1.2 --agent b
	replays
}

@test "the witness may be a command that is refused" {
	live
	t claim 1.1 --agent a --pid "$alive" -q
	code 4 taskctl claim 1.1 --agent b
	die
	code 0 taskctl claim 1.1 --agent b
}

@test "a process with another start time is another process" {
	live
	t claim 1.1 --agent a --pid "$alive" -q
	t sweep
	q 'UPDATE lease SET pid_start = pid_start - 500'
	code 0 taskctl claim 1.1 --agent b
	# One of another pid namespace is unknown, not dead.
	t claim 1.2 --agent a --pid "$alive" -q
	t sweep
	q 'UPDATE lease SET pid_space = 1, pid = 99999999 WHERE agent = "a"'
	code 4 taskctl claim 1.2 --agent b
}

@test "cron extends what provably lives, within its bounds, and nothing else" {
	live
	t config idle_max 1h && t config hold_max 2h
	t claim 1.1 --agent a --pid "$alive" --ttl 10m -q
	t claim 1.2 --agent b --ttl 10m -q
	t claim 2.1 --agent x -q 2>/dev/null || true
	age() { q "UPDATE lease SET expires_boot = expires_boot - 60000,
	    renewed_boot = renewed_boot - 60000"; }
	age
	a=$(q "SELECT expires_boot FROM lease WHERE agent = 'a'")
	b=$(q "SELECT expires_boot FROM lease WHERE agent = 'b'")
	t heartbeat --all --host
	[ "$(q "SELECT expires_boot FROM lease WHERE agent = 'a'")" -gt "$a" ]
	[ "$(q "SELECT evidence FROM lease WHERE agent = 'a'")" = process ]
	[ "$(q "SELECT expires_boot FROM lease WHERE agent = 'b'")" -eq "$b" ]
	# A process alone is no activity.
	[ "$(q "SELECT active_boot < renewed_boot FROM lease
	    WHERE agent = 'a'")" -eq 1 ]
	# Idle for too long; held for too long; another host.
	for change in "active_boot = active_boot - 3700000" \
	    "active_boot = active_boot + 3700000, acquired_boot = acquired_boot - 7300000" \
	    "acquired_boot = acquired_boot + 7300000, host = 'elsewhere'"; do
		q "UPDATE lease SET $change WHERE agent = 'a'"
		age
		a=$(q "SELECT expires_boot FROM lease WHERE agent = 'a'")
		t heartbeat --all --host
		[ "$(q "SELECT expires_boot FROM lease WHERE agent = 'a'")" \
		    -eq "$a" ] || { echo "$change"; false; }
	done
}

@test "a copy of the store draws tokens of its own" {
	t claim 1.1 --agent a -q
	id=$(q 'SELECT id FROM store')
	settled
	mkdir copy && cp -r .tasks copy/ && cd copy
	t claim 1.2 --agent b -q >token
	[ "$(cut -d' ' -f2 token)" -gt 4294967296 ]
	[ "$(q 'SELECT id FROM store')" != "$id" ]
	replays
}

@test "host and container, one kernel and one file: no copy" {
	t claim 1.1 --agent a -q
	q "UPDATE store SET machine = 'a container'"
	t claim 1.2 --agent b -q >token
	[ "$(cut -d' ' -f2 token)" -eq 2 ]
}

# --- the outcome does not depend on whether somebody swept --------------------

# The same story twice; after every step the second is swept.
story() {
	local sweep=$1
	small_store
	taskctl config max_attempts 2 >/dev/null 3>&-
	live
	t claim 1.1 --agent a --ttl 1s -q
	t claim 1.2 --agent b --pid "$alive" -q
	t sweep
	die
	sleep 1.1
	$sweep
	view first
	tell 'claim' claim 1.3 --agent c
	$sweep
	tell 'dead' heartbeat 1.2 --agent b
	$sweep
	tell 'late' heartbeat 1.1 --agent a
	sleep 1.1
	$sweep
	view second
	tell 'next' claim 1.1 --agent d --ttl 1s
	sleep 1.1
	$sweep
	view third
	tell 'too often' done 1.1 --agent d
	tell 'ready' claim --next --agent e
	view last
}

# How a command ends: tell WORD COMMAND...
tell() {
	local got=0 word=$1
	shift
	taskctl "$@" >/dev/null 2>&1 3>&- || got=$?
	echo "$word $got"
}

# What is seen, without times and tokens.
view() {
	echo "$1"
	taskctl list --json 3>&- | jq -c '.tasks[] | [.id, .state, .unmet,
	    .attempts, .lease.agent, .after]'
	taskctl ready --json 3>&- | jq -c '[.tasks[].id]'
	taskctl status --json 3>&- | jq -c '.totals, [.sprints[].totals]'
	for task in 1.1 1.2 1.3 2.1; do
		taskctl why "$task" --json 3>&- |
		    jq -c '[.task.id // .task, .claimable, [.reasons[]?.kind]]'
	done
}

@test "the outcome is the same whether or not anybody swept" {
	story true >"$BATS_TEST_TMPDIR/unswept"
	story 't sweep' | grep -v '^ended' >"$BATS_TEST_TMPDIR/swept"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/swept")" -gt 30 ]
	diff "$BATS_TEST_TMPDIR/unswept" "$BATS_TEST_TMPDIR/swept"
	grep -x 'dead 6' "$BATS_TEST_TMPDIR/swept"
	grep -x 'late 0' "$BATS_TEST_TMPDIR/swept"
	grep -x 'too often 6' "$BATS_TEST_TMPDIR/swept"
}

# --- counts -------------------------------------------------------------------

@test "counts hold over add, edit, dep, prune, adoption, reopen and cancel" {
	mkdir p && cp "$BATS_FILE_TMPDIR/small.md" p/small.md
	printf '\n## Sprint 3 : behind\n\n#### Task 3.1 : last\n**Durée** : 1h\n' \
	    >>p/small.md
	t import p/small.md >/dev/null
	whole
	t add X 'by hand' --sprint 2 --needs 1.2 >/dev/null && whole
	for task in 1.1 1.2 1.3 2.1; do
		t claim $task --agent a -q >/dev/null
		t done $task --agent a >/dev/null
		whole
	done
	# X is left, so sprint 3 is still behind its barrier.
	[ "$(q "SELECT barred FROM task WHERE key = '3.1'")" -eq 1 ]
	t claim X --agent a -q >/dev/null && t done X --agent a >/dev/null
	whole
	[ "$(q "SELECT barred FROM task WHERE key = '3.1'")" -eq 0 ]
	t reopen X >/dev/null && whole
	t edit X --sprint 1 >/dev/null && whole
	t edit X --sprint - >/dev/null && whole
	t edit 3.1 --sprint 1 >/dev/null && whole
	t cancel X >/dev/null && whole
	t reopen X >/dev/null && whole
	t dep add 3.1 X >/dev/null && whole
	t dep rm X 1.2 >/dev/null && whole
	t dep rm 2.1 1.1 >/dev/null && whole
	t reopen 1.1 >/dev/null && whole
	# Gone from the plan, then back; pruned, then back.
	cp p/small.md all.md
	for prune in '' --prune; do
		grep -v 'Task 1.3' all.md >p/small.md
		# shellcheck disable=SC2086
		t import p/small.md $prune >/dev/null && whole
		cp all.md p/small.md
		t import p/small.md >/dev/null && whole
	done
	# Ticked from the start, and newly.
	sed 's/^#### Task 2.1 : .*/#### Task 2.1 : after 1.1 ✅ done/
	    s/^#### Task 1.1 : free/& ✅ done/' all.md >p/small.md
	t import p/small.md >/dev/null && whole
	[ "$(q "SELECT state FROM task WHERE key = '1.1'")" = done ]
	mkdir o && sed 's/small/other/; s/Task 1.1 : free/& ✅ done/' \
	    "$BATS_FILE_TMPDIR/small.md" >o/other.md
	t import o/other.md >/dev/null && whole
	t dep add other:1.3 small:1.2 >/dev/null && whole
	t edit other:1.3 --sprint 2 >/dev/null && whole
	t reopen small:1.2 >/dev/null && whole
	t import p/small.md >/dev/null && t import o/other.md >/dev/null && whole
	replays
}

@test "a heartbeat that is refused names nobody whose lease has lapsed" {
	t claim 1.1 --agent a --ttl 1s -q
	sleep 1.1
	code 6 taskctl --json heartbeat 1.1 --agent b
	[ "$(jq .error.holder out.txt)" = null ]
	no grep -q "holds it" out.txt
}

@test "one task that cannot be revived keeps heartbeat --all from none of the others" {
	t claim 1.2 --agent a --ttl 1s -q
	t claim 1.1 --agent a --ttl 10m -q
	sleep 1.1
	t claim 1.3 --agent b -q
	before=$(q "SELECT renewed_boot FROM lease AS l JOIN task AS t
	    ON t.id = l.task WHERE key = '1.1'")
	code 0 taskctl heartbeat --all --agent a
	[ "$(q "SELECT renewed_boot FROM lease AS l JOIN task AS t
	    ON t.id = l.task WHERE key = '1.1'")" -gt "$before" ]
	[ "$(state 1.2)" = open ]
}

@test "every changing command of the holder renews; with a stale token it is refused" {
	t claim 1.1 --agent a -q
	for say in 'note 1.1 hello' 'edit 1.1 --priority 2'; do
		before=$(q 'SELECT renewed_boot FROM lease')
		sleep 0.01
		# shellcheck disable=SC2086
		t $say --agent a >/dev/null
		[ "$(q 'SELECT renewed_boot FROM lease')" -gt "$before" ] ||
		    { echo "$say"; false; }
	done
	TASKCTL_TASK=1.1 TASKCTL_TOKEN=999 code 6 taskctl note 1.1 hi --agent a
}

@test "done again by who finished it changes nothing; cancelled, added again: new tokens" {
	t claim 1.1 --agent a -q
	t done 1.1 --agent a
	before=$(q 'SELECT max(id) FROM event')
	code 0 taskctl done 1.1 --agent a
	code 6 taskctl done 1.1 --agent b
	[ "$(q 'SELECT max(id) FROM event')" -eq "$before" ]
	t reopen 1.1 && t cancel 1.1 && t reopen 1.1
	code 6 taskctl done 1.1 --agent a
	code 6 taskctl heartbeat 1.1 --token 1
	t claim 1.1 --agent a -q >token
	grep '^1.1 2$' token
	code 6 taskctl done 1.1 --token 1
}
