#!/usr/bin/env bats
# death.bats - the dead, the paused and the superseded (I3, I8).  Those killed at
# each system call (I6) are in tests/faults.

load stress.bash

setup() { small_store; }

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
