#!/usr/bin/env bats
# death.bats - the dead, the paused and the killed (I3, I6, I8).

load stress.bash

setup_file() {
	small_plan >/dev/null
}

setup() {
	new_store "$BATS_FILE_TMPDIR/small.md"
	HELD=()
}

teardown() {
	end_held
}

# Everything that is stored, but for clocks and the note of who is in line.
dump() { q .dump | grep -v '^INSERT INTO store '; }

@test "a holder stopped past its TTL, its task finished by another: awake again, 6, nothing changed" {
	cat >agent.sh <<-'END'
	taskctl claim 1.1 --agent slow --ttl 1s -q >token
	kill -STOP $$
	taskctl done 1.1 --agent slow >said 2>&1
	echo $? >code
	taskctl done 1.1 --agent slow --token "$(cut -d' ' -f2 token)" \
	    >>said 2>&1
	echo $? >>code
	taskctl heartbeat 1.1 --agent slow >>said 2>&1
	echo $? >>code
	taskctl fail 1.1 -m late --agent slow >>said 2>&1
	echo $? >>code
	END
	bash agent.sh 3>&- &
	holder=$!
	HELD+=("$holder")
	until_true pid_stopped "$holder"
	sleep 1.2
	code 0 taskctl claim 1.1 --agent quick
	code 0 taskctl done 1.1 --agent quick
	dump >before
	kill -CONT "$holder"
	wait "$holder"
	[ "$(tr '\n' ' ' <code)" = '6 6 6 6 ' ]
	grep -q quick said
	dump | diff before -
}

@test "run, stopped past its TTL and superseded: its child is ended, it exits 6, nothing changed" {
	taskctl run 1.1 --agent slow --ttl 1s -- sh -c 'echo $$ >child; exec sleep 60' \
	    >said 2>&1 3>&- &
	holder=$!
	HELD+=("$holder")
	until_true test -s child
	kill -STOP "$holder"
	sleep 1.2
	code 0 taskctl claim 1.1 --agent quick
	q "SELECT * FROM lease" >before
	kill -CONT "$holder"
	got=0
	wait "$holder" || got=$?
	[ "$got" -eq 6 ]
	no kill -0 "$(cat child)"
	q "SELECT * FROM lease" | diff before -
}

@test "run killed with -9: its task can be claimed at once, its child is dead too" {
	for how in fresh again; do
		# "again": the agent holds the task before it runs it.
		[ "$how" = fresh ] || t claim 1.1 --agent a -q
		rm -f child
		taskctl run 1.1 --agent a -- sh -c 'echo $$ >child; exec sleep 60' \
		    >/dev/null 2>&1 3>&- &
		holder=$!
		HELD+=("$holder")
		until_true test -s child
		{ kill -KILL "$holder" && wait "$holder"; } 2>/dev/null || true
		child_gone() { ! kill -0 "$(cat child)" 2>/dev/null; }
		until_true child_gone
		code 0 taskctl claim 1.1 --agent b || { echo "($how)"; false; }
		code 0 taskctl release 1.1 --agent b
	done
	[ "$(q "SELECT attempts FROM task WHERE key = '1.1'")" -eq 2 ]
}

@test "two runs of one agent side by side: the next takes the next task" {
	taskctl run --next --agent a -- sleep 60 >/dev/null 2>&1 3>&- &
	HELD+=("$!")
	until_true sh -c 'taskctl mine --agent a | grep -q 1'
	code 0 taskctl run --next --agent a -- true
	[ "$(q "SELECT count(*) FROM task WHERE state = 'done'")" -eq 1 ]
}

@test "the token of the environment holds, however the task is written" {
	t claim 1.1 --agent a -q
	plan=$(q 'SELECT name FROM plan')
	export TASKCTL_TOKEN=999
	for task in 1.1 "$plan:1.1" task_1_1; do
		for asked in 1.1 "$plan:1.1" '#1.1'; do
			TASKCTL_TASK=$task code 6 taskctl done "$asked" --agent a
			TASKCTL_TASK=$task code 6 taskctl heartbeat "$asked" \
			    --agent a
		done
	done
	export TASKCTL_TOKEN=1
	TASKCTL_TASK=$plan:1.1 code 0 taskctl done 1.1 --agent a
}

@test "a lease that lapsed: its own token revives it, until anybody comes" {
	t claim 1.1 --agent a --ttl 1s -q
	sleep 1.1
	t sweep
	code 0 taskctl --json done 1.1 --agent a
	[ "$(jq .late out.txt)" = true ]
	t reopen 1.1
	t claim 1.1 --agent a --ttl 1s -q
	sleep 1.1
	t note 1.1 'a note changes nothing' --agent b >/dev/null
	t edit 1.1 --priority 1 --agent b >/dev/null
	code 6 taskctl done 1.1 --agent a
	whole
	replays
}

# --- kill -9 at every system call -------------------------------------------

# How many system calls a command makes in its own process: calls COMMAND...
calls() {
	strace -o calls.txt "$@" >/dev/null 2>&1 3>&- || true
	grep -c '^[a-z]' calls.txt
}

# Kill a command at its Nth system call: killed N COMMAND...
killed() {
	local n=$1
	shift
	strace -f -o /dev/null -e inject=all:signal=KILL:when="$n" "$@" \
	    >/dev/null 2>&1 3>&- || true
}

# Which system calls to die at: all of 1..N with STRESS_ROUNDS, else some forty.
points() {
	local i step=1
	[ -n "${STRESS_ROUNDS-}" ] || step=$(($1 / 40 + 1))
	for ((i = 1 + RANDOM % step; i <= $1 + 2; i += step)); do echo "$i"; done
}

@test "kill -9 at every system call of claim: whole, and asked again it succeeds" {
	n=$(calls taskctl claim 1.1 --agent a)
	t release 1.1 --agent a >/dev/null
	[ "$n" -gt 50 ]
	for i in $(points "$n"); do
		killed "$i" taskctl claim 1.1 --agent a
		whole || { echo "killed at $i of $n"; false; }
		code 0 taskctl claim 1.1 --agent a
		code 0 taskctl release 1.1 --agent a
	done
	replays
}

@test "kill -9 at every system call of done: whole, and asked again it succeeds" {
	t claim 1.1 --agent a -q
	n=$(calls taskctl done 1.1 --agent a)
	[ "$n" -gt 50 ]
	for i in $(points "$n"); do
		t reopen 1.1 >/dev/null
		t claim 1.1 --agent a -q >/dev/null
		killed "$i" taskctl done 1.1 --agent a
		whole || { echo "killed at $i of $n"; false; }
		code 0 taskctl done 1.1 --agent a
		[ "$(q "SELECT unmet FROM task WHERE key = '2.1'")" -eq 0 ]
	done
	replays
}

@test "kill -9 at every system call of import: all of it or nothing" {
	small_plan >/dev/null
	cp "$BATS_FILE_TMPDIR/small.md" small.md
	# Another estimate, another need, one task more.
	sed 's/: 1h/: 2h/; s/: 1\.1$/: 1.1, 1.2/' small.md >new.md
	printf '\n#### Task 2.2 : more\n**Durée** : 1h\n' >>new.md
	mkdir old new
	cp small.md old/small.md
	mv new.md new/small.md
	tasks() { q 'SELECT key, estimate_s, unmet, orphaned, state FROM task
	    ORDER BY key' 'SELECT task, needs FROM dep ORDER BY 1, 2'; }
	t import old/small.md >/dev/null
	t import new/small.md >/dev/null
	tasks >with
	t import old/small.md >/dev/null
	tasks >without
	no cmp -s with without
	n=$(calls taskctl import new/small.md)
	for i in $(points "$n"); do
		t import old/small.md >/dev/null
		killed "$i" taskctl import new/small.md
		whole || { echo "killed at $i of $n"; false; }
		tasks >now
		cmp -s now with || cmp now without
		code 0 taskctl import new/small.md
		tasks | cmp - with
	done
}

@test "kill -9 at every system call of init: asked again it makes a store" {
	mkdir "$BATS_TEST_TMPDIR/fresh" && cd "$BATS_TEST_TMPDIR/fresh"
	git init -q . 3>&-
	n=$(calls taskctl init)
	for i in $(points "$n"); do
		rm -rf .tasks .git
		git init -q . 3>&-
		killed "$i" taskctl init
		code 0 taskctl init || { echo "killed at $i of $n"; false; }
		code 0 taskctl add 1.1 one
		whole
	done
}
