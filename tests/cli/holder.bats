# holder.bats - what a holder does with its lease, and what others may not.

load helpers

TTL=1800000

@test "heartbeat renews: by evidence, from now" {
	new kitchen
	as ann claim 1.3
	age 1.3 600000
	before=$(t --json show 1.3 | jq -r .task.lease.expires_at)
	json 0 heartbeat 1.3 --agent ann --session ann-1
	is ".late == false and .tasks[0].lease.expires_at > \"$before\" and
	    .tasks[0].lease.renewed_by == \"manual\""
	is '.tasks[0].lease.renewed_at > .tasks[0].lease.acquired_at'
}

@test "heartbeat never shortens a lease" {
	new kitchen
	as ann claim 1.3
	q "UPDATE lease SET expires_boot = expires_boot + 36000000"
	before=$(t --json show 1.3 | jq -r '.task.lease.expires_at[0:16]')
	code 0 as ann heartbeat 1.3
	same "$before" "$(t --json show 1.3 | jq -r '.task.lease.expires_at[0:16]')"
	code 0 as ann claim 1.3 --ttl 1m
	same "$before" "$(t --json show 1.3 | jq -r '.task.lease.expires_at[0:16]')"
}

@test "reads of the holder renew nothing" {
	new kitchen
	as ann claim 1.3
	age 1.3 600000
	before=$(dump)
	for command in 'show 1.3' mine status 'why 1.3' ready; do
		# shellcheck disable=SC2086
		code 0 as ann $command
	done
	same "$before" "$(dump)"
}

@test "every changing command of the holder renews" {
	new kitchen
	as ann claim 1.1
	for command in 'note 1.1 x' 'step 1.1 2' 'edit 1.1 --estimate 3h' \
	    'claim 1.1' 'claim --next' 'heartbeat --all' 'dep add 2.3 1.1'; do
		age 1.1 600000
		# shellcheck disable=SC2086
		code 0 as ann $command
		[ "$command" = 'dep add 2.3 1.1' ] && continue
		same 0 "$(q 'SELECT (expires_boot - renewed_boot) <> ttl_ms OR
		    renewed_boot < acquired_boot + 600000 FROM lease')" ||
		    { echo "it was: $command"; return 1; }
	done
}

@test "a lapsed lease that nobody touched is revived by heartbeat, and said late" {
	new kitchen
	as ann claim 1.3
	before=$(token 1.3)
	age 1.3 7200000
	same ready "$(state 1.3)"
	json 0 heartbeat 1.3 --agent ann --session ann-1
	is ".late == true and .tasks[0].lease.token == $before and
	    .tasks[0].state == \"claimed\""
	same 0 "$(t --json show 1.3 | jq .task.attempts)"
	age 1.3 7200000
	code 0 as ann heartbeat 1.3
	says late
}

@test "a lapsed lease is revived after a sweep too: sweeping decides nothing" {
	new kitchen
	as ann claim 1.3
	age 1.3 7200000
	code 0 t sweep
	says 1.3
	same ready "$(state 1.3)"
	code 0 as ann heartbeat 1.3
	same claimed "$(state 1.3)"
	same 0 "$(t --json show 1.3 | jq .task.attempts)"
}

@test "done by a late holder succeeds, says late, and counts no attempt" {
	new kitchen
	as ann claim 1.3
	age 1.3 7200000
	json 0 done 1.3 --agent ann --session ann-1
	is '.late == true and .task.state == "done" and .task.attempts == 0 and
	    .task.finished_by == "ann"'
}

@test "after another's claim the late holder is stale for ever" {
	new kitchen
	as ann claim 1.3
	old=$(token 1.3)
	age 1.3 7200000
	as bob claim 1.3
	for command in heartbeat done release; do
		refused 6 $command 1.3 --agent ann --session ann-1 || return 1
		is '.error.message | contains("bob")' || return 1
		refused 6 $command 1.3 --agent ann --session ann-1 --token "$old"
	done
	refused 6 fail 1.3 -m x --agent ann --session ann-1
	age 1.3 7200000
	t sweep
	refused 6 done 1.3 --agent ann --session ann-1
	refused 6 done 1.3 --token "$old"
}

@test "a refusal says who holds it, in JSON with its lease" {
	new kitchen
	as bob claim 1.3
	for command in 'done 1.3' 'heartbeat 1.3' 'release 1.3' 'fail 1.3 -m x'; do
		# shellcheck disable=SC2086
		json 6 $command --agent ann --session a
		is '.error.task == "1.3" and .error.holder.agent == "bob"' ||
		    { echo "it was: $command"; return 1; }
	done
	for command in 'note 1.3 x' 'edit 1.3 --title x' 'cancel 1.3'; do
		# shellcheck disable=SC2086
		json 6 $command --agent ann --session a --token 99 || return 1
	done
}

@test "ended by release, fail, force, cancel or reopen, a token is dead for ever" {
	new kitchen
	for end in 'release 1.3' 'fail 1.3 -m x' 'release 1.3 --force -m x'; do
		as ann claim 1.3
		old=$(token 1.3)
		# shellcheck disable=SC2086
		as ann $end
		refused 6 heartbeat 1.3 --agent ann --session ann-1
		refused 6 done 1.3 --agent ann --session ann-1
		refused 6 done 1.3 --token "$old"
		[ "$(state 1.3)" = ready ] || t reopen 1.3
	done
	as ann claim 1.3 && as ann done 1.3
	t reopen 1.3
	refused 6 done 1.3 --agent ann --session ann-1
}

@test "a lapsed lease whose task was changed by hand is dead" {
	new kitchen
	as ann claim 1.3
	age 1.3 7200000
	t edit 1.3 --title 'Order no tiles'
	refused 6 done 1.3 --agent ann --session ann-1
}

@test "a lapsed lease cannot come back while another holds its mutex" {
	new kitchen
	as ann claim 1.1
	age 1.1 7200000
	as bob claim 1.2
	refused 7 heartbeat 1.1 --agent ann --session ann-1
	as bob release 1.2
	code 0 as ann heartbeat 1.1
}

@test "heartbeat --all renews all that the caller holds, and nobody else's" {
	new kitchen
	as ann claim 1.1 && as ann claim --next --another && as bob claim --next || :
	t claim 1.3 --agent ann --session other || :
	for task in 1.1 1.3; do age $task 600000; done
	json 0 heartbeat --all --agent ann --session ann-1
	is '[.tasks[].id] == ["1.1", "1.3"]'
	json 0 heartbeat --all --agent zoe
	is '.tasks == []'
}

@test "heartbeat of several: one that is lost refuses all, and renews none" {
	new kitchen
	as ann claim 1.1
	as bob claim 1.3
	age 1.1 600000
	refused 6 heartbeat 1.1 1.3 --agent ann --session ann-1
}

@test "the token of the environment holds for its task alone" {
	new kitchen
	as ann claim 1.1 && as ann claim 1.3
	export TASKCTL_TASK=1.1 TASKCTL_TOKEN
	TASKCTL_TOKEN=$(token 1.1)
	code 0 as ann heartbeat 1.1 1.3
	code 0 as ann heartbeat 1.3
	code 0 as ann heartbeat --all
	code 0 as ann done 1.3
	TASKCTL_TASK=task_1_1 code 0 t heartbeat 1.1
	TASKCTL_TOKEN=1000 code 6 as ann done 1.1
	code 0 as ann done 1.1
}

# --- cron's form --------------------------------------------------------------

@test "--all --host extends what provably lives here, once it is recorded" {
	new kitchen
	as ann claim 1.3 --pid $$
	age 1.3 600000
	json 0 heartbeat --all --host
	is '.extended == 1 and .left == 0 and .ended == []'
	json 0 show 1.3
	is '.task.lease.renewed_by == "process"'
}

@test "--all --host leaves what has no process, another host's, another's start" {
	new kitchen
	as ann claim 1.3
	as bob claim 1.1 --pid $$
	q "UPDATE lease SET host = 'elsewhere' WHERE pid IS NOT NULL"
	age 1.3 600000
	age 1.1 600000
	before=$(q 'SELECT task, expires_boot, renewed_boot FROM lease')
	json 0 heartbeat --all --host
	is '.extended == 0 and .left == 2 and .ended == []'
	same "$before" "$(q 'SELECT task, expires_boot, renewed_boot FROM lease')"
}

@test "--all --host: a process idle for longer than idle_max is not extended" {
	new kitchen
	as ann claim 1.3 --pid $$ --ttl 4h
	age 1.3 $((29 * 60000))
	json 0 heartbeat --all --host
	is '.extended == 1'
	age 1.3 $((2 * 60000))
	json 0 heartbeat --all --host
	is '.extended == 0 and .left == 1'
	t config idle_max 2h
	json 0 heartbeat --all --host
	is '.extended == 1'
}

@test "--all --host: a hold longer than hold_max is not extended" {
	new kitchen
	as ann claim 1.3 --pid $$
	hold() { q "UPDATE lease SET acquired_boot = renewed_boot - $1"; }
	hold $((4 * 3600000 - 60000))
	json 0 heartbeat --all --host
	is '.extended == 1'
	hold $((4 * 3600000 + 60000))
	json 0 heartbeat --all --host
	is '.extended == 0 and .left == 1'
	t edit 1.3 --estimate 2h
	json 0 heartbeat --all --host
	is '.extended == 1'
	t config hold_max 1h
	json 0 heartbeat --all --host
	is '.extended == 0'
}

@test "a dead process ends its lease only after a separate command saw it alive" {
	new kitchen
	sleep 60 3>&- & pid=$!
	as ann claim 1.3 --pid $pid
	kill $pid; wait $pid || :
	json 0 heartbeat --all --host
	is '.ended == [] and .left == 1'
	same claimed "$(state 1.3)"
	as ann release 1.3
	sleep 60 3>&- & pid=$!
	as ann claim 1.3 --pid $pid
	t heartbeat --all --host
	kill $pid; wait $pid || :
	same ready "$(state 1.3)"
	json 0 heartbeat --all --host
	is '.ended == ["1.3"] and .extended == 0'
	refused 6 done 1.3 --agent ann --session ann-1
	json 0 why 1.3
	is '.last_lease.ended == "died" and .task.attempts == 1'
}

@test "a reused pid is another process: another start time is death" {
	new kitchen
	as ann claim 1.3 --pid $$
	t sweep
	q 'UPDATE lease SET pid_start = pid_start - 1000'
	code 0 as bob claim 1.3
}

@test "another pid namespace proves nothing" {
	new kitchen
	sleep 60 3>&- & pid=$!
	as ann claim 1.3 --pid $pid
	t sweep
	q 'UPDATE lease SET pid_space = pid_space + 1'
	kill $pid; wait $pid || :
	code 4 as bob claim 1.3
}

@test "a zombie is dead" {
	new kitchen
	bash -c 'sleep 60 & echo $! >pid; exec sleep 61' 3>&- & parent=$!
	until_true test -s pid
	as ann claim 1.3 --pid "$(cat pid)"
	t sweep
	kill "$(cat pid)"
	until_true grep -q '^State:.Z' "/proc/$(cat pid)/status"
	code 0 as bob claim 1.3
	kill $parent
}

# --- done ---------------------------------------------------------------------

@test "done finishes, and says what became ready" {
	new kitchen
	as ann claim 1.1 && as ann done 1.1
	as ann claim 1.3
	json 0 done 1.3 --agent ann --session ann-1 -m 'they come on Friday'
	is '.now_ready == ["2.1"] and .late == false and .task.state == "done" and
	    .task.lease == null and .task.finished_by == "ann" and
	    .task.finished_at != null and .task.started_at != null and
	    .task.notes[0].text == "they come on Friday"'
	code 0 t ready
	says 2.1
}

@test "done says what a sprint's barrier opened" {
	new kitchen
	for task in 1.1 1.2 1.3 2.1 2.2; do as ann claim $task && as ann done $task; done
	as ann claim 2.3
	json 0 done 2.3 --agent ann --session ann-1
	is '.now_ready == ["3.1"]'
}

@test "done again by who finished it: 0, and nothing changes" {
	new kitchen
	as ann claim 1.3
	before=$(token 1.3)
	as ann done 1.3 -m one
	all=$(dump)
	json 0 done 1.3 --agent ann --session ann-1 -m two
	is '.already == true and .now_ready == []'
	code 0 t done 1.3 --token "$before"
	same "$all" "$(dump)"
}

@test "done by anybody else is stale, and says who finished it" {
	new kitchen
	as ann claim 1.3 && as ann done 1.3
	refused 6 done 1.3 --agent bob --session b
	says ann
	refused 6 done 1.3 --agent ann --session other
	refused 6 done 1.3 --agent ann --session ann-1 --token 999
}

@test "done of what was never claimed, or is held by another: 6, nothing changes" {
	new kitchen
	refused 6 done 1.3 --agent ann
	says 'never claimed'
	as bob claim 1.3
	refused 6 done 1.3 --agent ann
	refused 6 done 1.3 --agent bob --session other
	refused 6 done 1.3 --agent bob --session bob-1 --token 999
	same claimed "$(state 1.3)"
}

@test "done with open steps is done, with a warning that counts them" {
	new kitchen
	as ann claim 1.1
	json 0 done 1.1 --agent ann --session ann-1
	is '.task.state == "done" and (.warnings[0] | contains("1 open step"))'
	says '1 open step'
	t reopen 1.1
	t step 1.1 2
	as ann claim 1.1
	code 0 as ann done 1.1
	says_not 'open step'
}

# --- release, fail ---------------------------------------------------------------

@test "release gives back to ready, with its note" {
	new kitchen
	as ann claim 1.3
	json 0 release 1.3 --agent ann --session ann-1 -m 'no time'
	is '.task.state == "ready" and .task.lease == null and
	    .task.notes[0].text == "no time" and .task.attempts == 0'
}

@test "release --force wants a reason, ends another's lease, and is recorded" {
	new kitchen
	as ann claim 1.3
	refused 64 release 1.3 --force --agent bob
	refused 6 release 1.3 --agent bob
	code 0 as bob release 1.3 --force -m 'ann is on holiday'
	same ready "$(state 1.3)"
	json 0 log 1.3
	is '.events[-1] | .kind == "forced" and .agent == "bob" and
	    (.data | tostring | contains("holiday"))'
	refused 7 release 1.3 --force -m x --agent bob
}

@test "release --force wants an agent: it is recorded who did it" {
	new kitchen
	as ann claim 1.3
	refused 64 release 1.3 --force -m 'who am I'
}

@test "fail wants a reason; its dependants wait, why and status say so; reopen" {
	new kitchen
	as ann claim 1.1 && as ann done 1.1
	as ann claim 1.3
	refused 64 fail 1.3 --agent ann --session ann-1
	json 0 fail 1.3 -m 'the shop is gone' --agent ann --session ann-1
	is '.task.state == "failed" and .task.lease == null and
	    .task.notes[0].text == "the shop is gone"'
	same pending "$(state 2.1)"
	json 0 why 2.1
	is '.claimable == false and (.reasons[] | .other == "1.3" and .other_state == "failed")'
	json 0 why 1.3
	is '.claimable == false and .reasons[0].kind == "state"'
	json 0 status
	is '.totals.failed == 1 and (.stuck | map(.task) | contains(["1.3"]))'
	is '[.stuck[].why] | all(length > 0)'
	code 0 t status
	says 'stuck' '1.3   failed'
	code 0 t reopen 1.3
	same ready "$(state 1.3)"
	json 0 status
	is '.stuck == []'
}

@test "a task whose lease lapses max_attempts times is failed" {
	new kitchen
	t config max_attempts 3
	for i in 1 2 3; do
		as "agent$i" claim 1.3
		age 1.3 7200000
		same $i "$(t --json show 1.3 | jq .task.attempts)"
	done
	same failed "$(state 1.3)"
	json 7 claim 1.3 --agent zoe
	t sweep
	same failed "$(state 1.3)"
	refused 6 done 1.3 --agent agent3 --session agent3-1
	json 0 status
	is '.totals.failed == 1 and .stuck[0].task == "1.3"'
	code 0 t reopen 1.3
	code 0 as ann claim 1.3
}

@test "a deliberate release counts as no attempt" {
	new kitchen
	t config max_attempts 2
	for i in 1 2 3 4; do as ann claim 1.3 && as ann release 1.3; done
	same 0 "$(t --json show 1.3 | jq .task.attempts)"
}

# --- reopen, cancel, and what else is done by hand ---------------------------------

@test "reopen of a done task: ready dependants pend, done ones stay, claimed warn" {
	new
	cat >p.md <<-'PLAN'
		# P

		## Sprint 1 : One

		#### Task 1.1 : A

		#### Task 1.2 : B
		**Dependencies** : 1.1

		#### Task 1.3 : C
		**Dependencies** : 1.1

		#### Task 1.4 : D
		**Dependencies** : 1.1
	PLAN
	t import p.md
	as ann claim 1.1 && as ann done 1.1
	as ann claim 1.2 && as ann done 1.2
	as bob claim 1.3
	code 0 t reopen 1.1 -m 'it leaks'
	says 1.3
	same 'ready done claimed pending' "$(state 1.1) $(state 1.2) $(state 1.3) $(state 1.4)"
	code 0 as bob done 1.3
	as ann claim 1.1
	json 0 done 1.1 --agent ann --session ann-1
	is '.now_ready == ["1.4"]'
}

@test "reopen of what is open changes nothing, and ends nobody's lease" {
	new kitchen
	before=$(dump)
	code 0 t reopen 1.3
	same "$before" "$(dump)"
	as ann claim 1.3
	t reopen 1.3 || :
	code 0 as ann done 1.3
}

@test "cancel: dependants wait until dep rm or reopen; a claimed task is not cancelled" {
	new kitchen
	as ann claim 1.1 && as ann done 1.1
	as ann claim 1.3
	refused 4 cancel 1.3
	same claimed "$(state 1.3)"
	as ann release 1.3
	code 0 t cancel 1.3 -m 'there are tiles left'
	same pending "$(state 2.1)"
	json 0 why 2.1
	is '.reasons[0].other == "1.3" and .reasons[0].other_state == "cancelled"'
	json 0 dep rm 2.1 1.3
	is '.task.state == "ready"'
	code 0 t reopen 1.3
	same ready "$(state 1.3)"
}

@test "add: a task by hand, with all its fields" {
	new kitchen
	json 0 add 2.9 'Polish the floor' --sprint 2 --planned-agent B \
	    --estimate '2 days' --mutex serial --priority 2 --needs 2.2 --needs 1.3
	is '.task | .id == "2.9" and .title == "Polish the floor" and .sprint == "2" and
	    .planned_agent == "B" and .estimate_s == 57600 and .mutex == "serial" and
	    .priority == 2 and (.needs | sort | map(sub("kitchen:"; "")) == ["1.3", "2.2"]) and
	    .state == "pending" and .source == null'
	json 0 show 2.2
	is '.task.unblocks | any(endswith("2.9"))'
	refused 8 add task_2_9 'the same'
}

@test "add needs done tasks: it is ready; and a new sprint is not made by a slip" {
	new kitchen
	as ann claim 1.3 && as ann done 1.3
	json 0 add 9.1 x --needs 1.3
	is '.task.state == "ready" and .task.unmet == []'
}

@test "edit changes what is said and nothing else; - takes a field out" {
	new kitchen
	before=$(t --json show 1.1 | jq -c '.task | del(.title, .priority)')
	json 0 edit 1.1 --title 'Tear all out' --priority 1
	is '.task.title == "Tear all out" and .task.priority == 1'
	same "$before" "$(t --json show 1.1 | jq -c '.task | del(.title, .priority)')"
	json 0 edit 1.1 --planned-agent - --mutex - --estimate - --sprint -
	is '.task | .planned_agent == null and .mutex == null and
	    .estimate_s == null and .sprint == null'
	refused 64 edit 1.1
}

@test "dep add and rm; a cycle is refused and named whole; again changes nothing" {
	new kitchen
	json 0 dep add 1.3 1.2
	is '.task.needs == ["1.2"] and .task.state == "pending"'
	before=$(dump)
	code 0 t dep add 1.3 1.2
	same "$(q 'SELECT count(*) FROM dep')" 5
	refused 8 dep add 1.2 2.2
	says 1.2 1.3 2.1 2.2
	refused 8 dep add 1.2 1.2
	json 0 dep rm 1.3 1.2
	is '.task.state == "ready"'
}

@test "step ticks and unticks; a step that is not there is refused" {
	new kitchen
	json 0 step 1.1 2
	is '[.task.steps[].done] == [true, true]'
	json 0 step 1.1 1 --undo
	is '[.task.steps[].done] == [false, true]'
	json 3 step 1.1 3 || json 8 step 1.1 3
	json 8 step 1.1 0 || json 3 step 1.1 0
	refused 64 step 1.1 two
}

@test "note: kept with who and when, shown to the next" {
	new kitchen
	json 0 note 1.3 'they speak French there' --agent ann
	is '.task.notes[0] | .agent == "ann" and .text == "they speak French there" and .at != null'
	refused 8 note 1.3 ''
	refused 8 note 1.3 "$(printf '%0100000d' 0)"
}

# --- sweep ------------------------------------------------------------------------

@test "sweep is silent when there is nothing to do, and writes nothing" {
	new kitchen
	as ann claim 1.3
	before=$(dump)
	code 0 t sweep
	same '' "$out$err"
	same "$before" "$(dump)"
	json 0 sweep
	is '.ended == []'
}

@test "sweep ends what has lapsed, and says so" {
	new kitchen
	as ann claim 1.3
	age 1.3 7200000
	json 0 sweep
	is '.ended == ["1.3"]'
	json 0 log 1.3
	is '.events[-1].kind == "lapsed"'
}

@test "an empty reason is none" {
	new kitchen
	as ann claim 1.3
	before=$(dump)
	for command in fail 'release --force'; do
		rc=0
		# shellcheck disable=SC2086
		as ann $command 1.3 -m '' >/dev/null 2>&1 || rc=$?
		[ $rc -eq 64 ] || [ $rc -eq 8 ] || { echo "exit $rc: $command"; return 1; }
	done
	same "$before" "$(dump)"
}

@test "a token that was never drawn is nobody's, 0 too" {
	new kitchen
	as ann claim 1.3
	refused 6 done 1.3 --agent ann --session ann-1 --token 0
	refused 6 done 1.3 --agent ann --session ann-1 --token 4000000000
	refused 64 done 1.3 --agent ann --token 99999999999999999999
	refused 64 done 1.3 --agent ann --token -1
}
