# run.bats - claim, run a command, end the claim by its outcome.

load helpers

teardown() { [ -z "$watchdog" ] || kill "$watchdog" 2>/dev/null || :; }

@test "exit 0 of the command: done, and what became ready" {
	new kitchen
	as ann claim 1.1 && as ann done 1.1
	code 0 as ann run 1.3 -- sh -c 'echo at work'
	says 'at work' done 'now ready: 2.1'
	same done "$(state 1.3)"
	same null "$(t --json show 1.3 | jq .task.lease)"
}

@test "another exit code of the command: failed, run exits 1 with child_exit" {
	new kitchen
	json 1 run 1.3 --agent ann -- sh -c 'exit 7'
	is '.child_exit == 7 and .outcome == "failed" and .child_signal == null'
	same failed "$(state 1.3)"
	json 0 show 1.3
	is '.task.notes[-1].text | contains("7")'
}

@test "a command ended by a signal: released" {
	new kitchen
	json 1 run 1.3 --agent ann -- sh -c 'kill -9 $$'
	is '.child_exit == null and .child_signal == 9 and .outcome == "released"'
	same ready "$(state 1.3)"
	json 0 show 1.3
	is '.task.notes[-1].text | contains("9")'
}

@test "--exit-code passes the command's code on" {
	new kitchen
	code 7 as ann run --exit-code 1.3 -- sh -c 'exit 7'
	same failed "$(state 1.3)"
	code 0 as ann run --exit-code 1.1 -- true
	code 137 as ann run --exit-code 1.2 -- sh -c 'kill -9 $$'
	same ready "$(state 1.2)"
}

@test "the command has the task, its token, the agent and the session" {
	new kitchen
	code 0 t run task_1_3 --agent ann --session s -- sh -c \
	    'echo "$TASKCTL_TASK|$TASKCTL_TOKEN|$TASKCTL_AGENT|$TASKCTL_SESSION"; taskctl --json show 1.3 >seen'
	says "$(jq -r '"\(.task.lease.token)|ann|s"' seen)" '1.3|'
	jq -e '.task.lease.renewed_by == "claim" and .task.lease.pid != null' seen
}

@test "the command may use taskctl with nothing said: heartbeat, note, step, done" {
	new kitchen
	cat >work.sh <<-'SH'
		set -e
		taskctl heartbeat "$TASKCTL_TASK"
		taskctl note "$TASKCTL_TASK" hello
		taskctl step "$TASKCTL_TASK" 2
		taskctl mine
	SH
	code 0 t run 1.1 --agent ann --session s -- sh work.sh
	says 1.1
	json 0 show 1.1
	is '.task.state == "done" and .task.notes[0].agent == "ann" and
	    ([.task.steps[].done] == [true, true])'
}

@test "a command that finishes the task itself: run exits 0" {
	new kitchen
	code 0 t run 1.3 --agent ann --session s -- sh -c 'taskctl done "$TASKCTL_TASK"'
	same done "$(state 1.3)"
}

@test "a command that gives the task back itself: run does not fail it" {
	new kitchen
	code 6 t run 1.3 --agent ann --session s -- \
	    sh -c 'taskctl release "$TASKCTL_TASK" -m later; exit 0'
	same ready "$(state 1.3)"
}

@test "--next takes the next one; nothing ready is exit 5 and runs nothing" {
	new kitchen
	json 0 run --next --agent ann -- true
	is '.task.id == "1.3" and .outcome == "done"'
	for task in 1.1 1.2; do as ann claim $task; as ann done $task; done
	as bob claim 2.1
	code 5 as ann run --next -- touch ran
	no test -e ran
}

@test "a taken or unready task is refused as by claim, and nothing runs" {
	new kitchen
	as bob claim 1.3
	json 4 run 1.3 --agent ann -- touch ran
	is '.error.holder.agent == "bob"'
	json 7 run 2.1 --agent ann -- touch ran
	json 3 run 9.9 --agent ann -- touch ran
	refused 64 run 1.1 --agent ann
	refused 64 run --agent ann -- touch ran
	refused 64 run 1.1 --next --agent ann -- touch ran
	code 64 t run 1.1 -- touch ran
	no test -e ran
	same ready "$(state 1.1)"
}

@test "a command that cannot be started fails the task, and says why" {
	new kitchen
	json 1 run 1.3 --agent ann -- ./no-such-program
	is '.child_exit == 127'
	says 'no-such-program'
	same failed "$(state 1.3)"
}

@test "--json: the command's output does not mix into the document" {
	new kitchen
	code 0 t --json run 1.3 --agent ann -- echo '{"schema":"mine"}'
	jq -s -e 'length == 2 and .[1].schema == "taskctl/1"' <<<"$out"
}

# run in the background, its command at work: started [OPTION…] -- COMMAND…
started() {
	rm -f pid
	taskctl run 1.3 --agent ann --session s "$@" >said 2>&1 3>&- &
	run_pid=$!
	# One that never ends is a failure, not a wait for ever; the watchdog of
	# one that has ended would bite whoever has its pid now.
	[ -z "$watchdog" ] || kill "$watchdog" 2>/dev/null || :
	(sleep 20; kill -9 $run_pid) >/dev/null 2>&1 3>&- &
	watchdog=$!
	until_true test -s pid
	child=$(cat pid)
}
gone() { [ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"; }

@test "kill -9 of run: its command dies, the task can be claimed at once" {
	new kitchen
	started -- sh -c 'echo $$ >pid.new; mv pid.new pid; exec sleep 60'
	kill -9 $run_pid
	wait $run_pid || :
	same ready "$(state 1.3)"
	code 0 as bob claim 1.3
	is_dead() { gone "$child"; }
	until_true is_dead
	json 0 log 1.3
	is '[.events[].kind] == ["added", "claimed", "died", "claimed"]'
}

# Its command has ended, and another program has the store.
busy_at_the_end() {
	t config wait 1s
	started -- sh -c 'echo $$ >pid.new; mv pid.new pid
	    until [ -e go ]; do sleep 0.02; done'
	other_holds freed
	touch go
	until_true grep -q 'trying again' said
	same claimed "$(state 1.3)"
}

@test "work that is done while the store is busy: run waits for it" {
	new kitchen
	busy_at_the_end
	kill -USR1 $run_pid # was for the command
	sleep 1.5
	touch freed
	wait $run_pid
	grep -q '^done' said
	same 1 "$(grep -c 'trying again' said)"
	same done "$(state 1.3)"
}

@test "and ends when it is told to: the task can be claimed again" {
	new kitchen
	busy_at_the_end
	kill $run_pid
	rc=0 && wait $run_pid || rc=$?
	same 9 $rc
	touch freed
	until_true eval '[ "$(state 1.3)" = ready ]'
	as bob claim 1.3
}

@test "a command that cannot be started: what was claimed is given back" {
	new kitchen
	code 1 strace -qq -o /dev/null -e trace=fork,clone,clone3 \
	    -e inject=fork,clone,clone3:error=EAGAIN \
	    taskctl run 1.3 --agent ann -- true
	says 'cannot start a process'
	json 0 log 1.3
	is '[.events[].kind] == ["added", "claimed", "released"]'
}

@test "signals to run are passed on, and the command's answer counts" {
	new kitchen
	for signal in TERM HUP USR1 USR2; do
		started -- bash -c 'trap "exit 0" TERM HUP USR1 USR2; echo $$ >pid.new
		    mv pid.new pid; while :; do sleep 0.02; done'
		kill -$signal $run_pid
		wait $run_pid || { echo "after SIG$signal:"; cat said; false; }
		same done "$(state 1.3)"
		t reopen 1.3
	done
}

@test "a signal that ends the command releases the task" {
	new kitchen
	started -- sh -c 'echo $$ >pid.new; mv pid.new pid; exec sleep 60'
	kill -TERM $run_pid
	rc=0
	wait $run_pid || rc=$?
	same 1 $rc
	same ready "$(state 1.3)"
	gone "$child"
}

@test "the lease is lost: the command gets SIGTERM, run exits 6" {
	new kitchen
	started --ttl 1s -- bash -c 'trap "touch termed; exit 0" TERM; echo $$ >pid.new
	    mv pid.new pid; while :; do sleep 0.02; done'
	as bob release 1.3 --force -m 'mine now'
	as bob claim 1.3
	rc=0
	wait $run_pid || rc=$?
	same 6 $rc
	[ -e termed ]
	gone "$child"
	same bob "$(t --json show 1.3 | jq -r .task.lease.agent)"
	grep -q bob said
}

@test "a command that does not heed SIGTERM gets SIGKILL" {
	new kitchen
	started --ttl 1s -- bash -c 'trap "touch termed" TERM; echo $$ >pid.new
	    mv pid.new pid; while :; do sleep 0.02; done'
	as bob release 1.3 --force -m 'mine now'
	rc=0
	wait $run_pid || rc=$?
	same 6 $rc
	[ -e termed ]
	gone "$child"
	same ready "$(state 1.3)"
}

@test "run renews at a third of the ttl, and says that it did" {
	new kitchen
	started --ttl 1s -- sh -c 'echo $$ >pid.new; mv pid.new pid; exec sleep 60'
	renewed() { t --json show 1.3 | jq -e '.task.lease.renewed_by == "run"'; }
	until_true renewed
	kill $run_pid
	wait $run_pid || :
}

@test "what the same agent and session hold already, run may finish" {
	new kitchen
	t claim 1.3 --agent ann --session s
	code 0 t run 1.3 --agent ann --session s -- true
	same done "$(state 1.3)"
}

@test "another live run of the same agent and session is somebody else" {
	new kitchen
	started -- sh -c 'echo $$ >pid.new; mv pid.new pid; exec sleep 60'
	code 4 t run 1.3 --agent ann --session s -- touch ran
	no test -e ran
	json 0 run --next --agent ann --session s -- true
	is '.task.id != "1.3"'
	kill $run_pid
	wait $run_pid || :
}

@test "options behind -- are the command's" {
	new kitchen
	code 0 as ann run 1.3 -- echo --json -q --help
	says '--json -q --help'
}

# --- wait ------------------------------------------------------------------------

@test "wait: done already is 0 at once" {
	new kitchen
	as ann claim 1.3 && as ann done 1.3
	json 0 wait 1.3
	is '.tasks[0].id == "1.3" and .tasks[0].state == "done"'
}

@test "wait: until those are done" {
	new kitchen
	as ann claim 1.3
	t wait 1.3 --timeout 20s >said 2>&1 & waiting=$!
	as ann done 1.3
	wait $waiting
	grep -q 1.3 said
}

@test "wait --ready: until one is ready; it says which" {
	new kitchen
	json 0 wait --ready
	is '.tasks[0].id == "1.3"'
	as ann claim 1.3 && as bob claim 1.1
	t --json wait --ready --timeout 20s >said 2>&1 & waiting=$!
	as bob release 1.1
	wait $waiting
	jq -e '.tasks[0].state == "ready"' said
}

@test "wait --timeout runs out: exit 9, and says so" {
	new kitchen
	as ann claim 1.3
	refused 9 wait 1.3 --timeout 0
	as bob claim 1.1
	refused 9 wait --ready --timeout 0
	code 9 t wait 1.3 --timeout 1s
}

@test "wait: what cannot come is 7: failed, cancelled" {
	new kitchen
	as ann claim 1.3 && as ann fail 1.3 -m x
	refused 7 wait 1.3 --timeout 1s
	says 1.3 failed
	t cancel 1.2
	refused 7 wait 1.1 1.2 --timeout 1s
}

@test "wait: what needs a failed or cancelled task cannot come either: 7" {
	new kitchen
	as ann claim 1.3 && as ann fail 1.3 -m x
	refused 7 wait 2.1 --timeout 1s
	refused 7 wait 2.3 --timeout 1s
	says 1.3
}

@test "wait --ready: nobody at work and nothing ready is 7, so is a complete plan" {
	new
	refused 7 wait --ready --timeout 1s
	printf '# P\n\n## Sprint 1 : One\n\n#### Task 1.1 : A\n\n#### Task 1.2 : B\n**Dependencies** : 1.1\n' >p.md
	t import p.md
	as ann claim 1.1 && as ann fail 1.1 -m x
	refused 7 wait --ready --timeout 1s
	t reopen 1.1
	for task in 1.1 1.2; do as ann claim $task && as ann done $task; done
	refused 7 wait --ready --timeout 1s
	says complete
}

@test "wait takes tasks or --ready, one of the two; an unknown task is 3" {
	new kitchen
	refused 64 wait
	refused 64 wait 1.3 --ready
	refused 3 wait 1.3 9.9
}

@test "wait --ready sees a lease lapse without anybody sweeping" {
	new kitchen
	as ann claim 1.3 && as bob claim 1.1
	age 1.3 7200000
	json 0 wait --ready --timeout 0
	is '.tasks[0].id == "1.3"'
}
