# claim.bats - taking a task: exactly one caller gets it.

load helpers

@test "a claim answers with the task, the lease and its token" {
	new kitchen
	json 0 claim 1.3 --agent ann --session s1
	is '(keys - ["schema"]) | contains(["already_held", "lease", "task"])'
	is '.already_held == false and .lease.agent == "ann" and
	    .lease.session == "s1" and .lease.task == "1.3" and
	    (.lease.token | type == "number" and . > 0) and
	    .lease.ttl_s == 1800 and .lease.pid == null and
	    .lease.renewed_by == "claim" and .task.lease == .lease and
	    .task.state == "claimed"'
	is ".lease.worktree == \"$PWD\" and .lease.host == \"$(hostname)\""
}

@test "every spelling of an id is accepted" {
	new kitchen
	for id in 1.3 task_1_3 task-1.3 'Task 1.3' '#1.3' TASK_1.3 1_3 \
	    kitchen:1.3 kitchen:task_1_3 'Task #1.3'; do
		json 0 claim "$id" --agent ann --session s || { echo "$id"; return 1; }
		is '.task.id == "1.3"'
	done
}

@test "ids with letters are accepted in every spelling, and 1.10 is not 1.1" {
	new
	printf '# P\n\n## Sprint 1 : One\n\n#### Task T4.2 : A\n\n#### Task US1-3 : B\n\n#### Task 1.1 : C\n\n#### Task 1.10 : D\n' >p.md
	t import p.md
	for id in T4.2 t4.2 t4_2 'Task T4.2'; do
		json 0 show "$id" && is '.task.id == "T4.2"' || { echo "$id"; return 1; }
	done
	for id in US1-3 us1-3 US1_3 '#us1-3'; do
		json 0 show "$id" && is '.task.id == "US1-3"' || { echo "$id"; return 1; }
	done
	json 0 show 1.10
	is '.task.id == "1.10"'
	json 0 show task_1_1
	is '.task.id == "1.1"'
}

@test "a taken task is exit 4, and says who, since when, until when" {
	new kitchen
	as ann claim 1.3
	refused 4 claim 1.3 --agent bob --session b
	is '.error.task == "1.3" and .error.holder.agent == "ann" and
	    .error.holder.token > 0 and .error.holder.expires_at != null and
	    .error.holder.acquired_at != null'
	code 4 t claim 1.3 --agent bob
	says ann since until '[taken]'
	same '' "$out"
}

@test "claimed again by the same agent and session: the same token, already held" {
	new kitchen
	json 0 claim 1.3 --agent ann --session s1
	before=$(get .lease.token)
	json 0 claim 1.3 --agent ann --session s1
	is '.already_held == true'
	same "$before" "$(get .lease.token)"
	code 0 t claim 1.3 --agent ann --session s1
	says already
}

@test "the same agent in another session is somebody else" {
	new kitchen
	t claim 1.3 --agent ann --session s1
	refused 4 claim 1.3 --agent ann --session s2
	is '.error.holder.session == "s1"'
	says session
}

@test "agents' names are compared exactly" {
	new kitchen
	t claim 1.3 --agent ann --session s1
	refused 4 claim 1.3 --agent Ann --session s1
	refused 4 claim 1.3 --agent 'agent ann' --session s1
	refused 4 claim 1.3 --agent 'ann ' --session s1
}

@test "the session: option, then TASKCTL_SESSION, the harness's, the worktree" {
	new kitchen
	session() { t --json --db .tasks/taskctl.db show 1.3 | jq -r .task.lease.session; }
	again() { as_is t claim 1.3 --agent ann "$@" && session; t release 1.3 --token "$(token 1.3)" >/dev/null; }
	as_is() { "$@" >/dev/null; }
	export GEMINI_SESSION_ID=gemini
	same gemini "$(again)"
	export CODEX_THREAD_ID=codex
	same codex "$(again)"
	export CLAUDE_CODE_SESSION_ID=claude
	same claude "$(again)"
	export TASKCTL_SESSION=own
	same own "$(again)"
	same option "$(again --session option)"
	unset GEMINI_SESSION_ID CODEX_THREAD_ID CLAUDE_CODE_SESSION_ID TASKCTL_SESSION
	same "$PWD" "$(again)"
}

@test "the same agent, the same session, another known live process: somebody else" {
	new kitchen
	sleep 60 3>&- & one=$!
	sleep 60 3>&- & two=$!
	t claim 1.3 --agent ann --session s --pid $one
	code 0 t claim 1.3 --agent ann --session s --pid $one
	code 4 t claim 1.3 --agent ann --session s --pid $two
	code 0 t claim 1.3 --agent ann --session s
	kill $one $two
}

@test "a pid is recorded only when it was said" {
	new kitchen
	json 0 claim 1.3 --agent ann --session s
	is '.lease.pid == null'
	json 0 claim 1.1 --agent ann --session s --pid $$
	is ".lease.pid == $$"
}

@test "what is not ready is exit 7, and all that is missing is listed" {
	new kitchen
	refused 7 claim 2.1 --agent ann
	is '.error.unmet == ["1.1", "1.3"] and .error.holder == null'
	is '[.error.reasons[].other] == ["1.1", "1.3"]'
	code 7 t claim 2.1 --agent ann
	says 1.1 1.3 '[not_ready]'
}

@test "an earlier sprint that is not done is exit 7, and named" {
	new kitchen
	refused 7 claim 3.1 --agent ann
	is '.error.reasons[0].other == "2"'
}

@test "done, failed and cancelled tasks are exit 7" {
	new kitchen
	as ann claim 1.3 && as ann done 1.3
	refused 7 claim 1.3 --agent ann
	says done
	as ann claim 1.1 && as ann fail 1.1 -m 'no key'
	refused 7 claim 1.1 --agent bob
	says failed
	t cancel 1.2
	refused 7 claim 1.2 --agent bob
	says cancelled
}

@test "of tasks that share the mutex one at a time, the other is exit 7" {
	new kitchen
	as ann claim 1.1
	refused 7 claim 1.2 --agent bob
	is '.error.reasons[0].kind == "mutex" and .error.reasons[0].other == "1.1"'
	code 0 as bob claim 1.3
	json 0 ready
	is '.tasks == []'
	as ann done 1.1
	code 0 as bob claim 1.2
}

@test "the mutex of a lapsed lease is free at once" {
	new kitchen
	as ann claim 1.1
	age 1.1 7200000
	json 0 ready --agent bob
	is '[.tasks[].id] | index("1.2") != null'
	code 0 as bob claim 1.2
}

# --- --next -----------------------------------------------------------------

# What --next gives in turn, to an agent that finishes each at once.
turns() {
	while t claim --next --agent "$1" --session s -q 2>/dev/null >turn; do
		cut -d' ' -f1 turn
		t done "$(cut -d' ' -f1 turn)" --agent "$1" --session s >/dev/null 2>&1
	done | xargs
}

@test "--next: planned for this agent, unplanned, planned for others" {
	new
	printf '# P\n\n## Sprint 1 : One\n\n' >p.md
	for line in '1.1 B' '1.2 -' '1.3 Agent_A' '1.4 -' '1.5 A'; do
		printf '#### Task %s : x\n**Duration** : 1h\n' "${line% *}" >>p.md
		[ "${line#* }" = - ] || printf '**Agent** : %s\n' "${line#* }" >>p.md
		echo >>p.md
	done
	t import p.md
	json 0 ready --agent agent-a
	is '[.tasks[].id] == ["1.3", "1.5", "1.2", "1.4", "1.1"]'
	same '1.3 1.5 1.2 1.4 1.1' "$(turns agent-a)"
}

@test "--next: then by priority, the longest remaining path, plan order" {
	new
	cat >p.md <<-'PLAN'
		# P

		## Sprint 1 : One

		#### Task 1.1 : low, long
		**Duration** : 9h

		#### Task 1.2 : short
		**Duration** : 1h

		#### Task 1.3 : short, with a long tail
		**Duration** : 1h

		#### Task 1.4 : the tail
		**Duration** : 5h
		**Dependencies** : 1.3

		#### Task 1.5 : as 1.2
		**Duration** : 1h
	PLAN
	t import p.md
	for task in 1.2 1.3 1.4 1.5; do t edit $task --priority 2 >/dev/null; done
	same '1.3 1.4 1.2 1.5 1.1' "$(turns ann)"
}

@test "--next returns what the caller holds; --another takes one more" {
	new kitchen
	json 0 claim --next --agent ann --session s
	first=$(get '.task.id + " " + (.lease.token | tostring)')
	json 0 claim --next --agent ann --session s
	is '.already_held == true'
	same "$first" "$(get '.task.id + " " + (.lease.token | tostring)')"
	json 0 claim --next --another --agent ann --session s
	is ".already_held == false and .task.id != \"${first% *}\""
	json 0 mine --agent ann --session s
	is '.tasks | length == 2'
}

@test "--next does not return what has lapsed as if it were held" {
	new kitchen
	json 0 claim --next --agent ann --session s
	task=$(get .task.id) before=$(get .lease.token)
	age "$task" 7200000
	json 0 claim --next --agent ann --session s
	is ".task.id == \"$task\" and .already_held == false and .lease.token > $before"
}

@test "--next --sprint takes from that sprint alone" {
	new kitchen
	json 5 claim --next --sprint 2 --agent ann
	is '.error.code == "none_ready" and .error.remaining > 0'
	for task in 1.1 1.3; do as ann claim $task && as ann done $task; done
	json 0 claim --next --sprint 2 --agent ann
	is '.task.id == "2.1"'
}

@test "nothing ready: exit 5, how many remain, and what they wait for" {
	new kitchen
	as ann claim 1.3
	as bob claim 1.1
	refused 5 claim --next --agent zoe
	is '.error.remaining == 7'
	code 5 t claim --next --agent zoe
	says 7 '[none_ready]'
	as ann fail 1.3 -m x
	as bob done 1.1
	as bob claim 1.2 && as bob done 1.2
	code 5 t claim --next --agent zoe
	says 1.3 failed
}

@test "nothing ready for ever: what they wait for is a cancelled task, by name" {
	new kitchen
	for task in 1.1 1.2; do as ann claim $task && as ann done $task; done
	t cancel 1.3
	refused 5 claim --next --agent zoe
	is '.error.remaining == 4'
	says 1.3 cancelled
}

@test "the plan is complete: exit 5, remaining 0, and the text says so" {
	new
	printf '# P\n\n## Sprint 1 : One\n\n#### Task 1.1 : A\n\n#### Task 1.2 : B\n' >p.md
	t import p.md
	as ann claim 1.1 && as ann done 1.1
	t cancel 1.2
	refused 5 claim --next --agent zoe
	is '.error.remaining == 0'
	code 5 t claim --next --agent zoe
	says complete
}

@test "the answer hands over: notes, why the last attempt ended, where it worked" {
	new kitchen
	as ann claim 1.3
	as ann note 1.3 'the shop opens at nine'
	as ann release 1.3 -m 'closed on Sunday'
	json 0 claim 1.3 --agent bob
	is '[.task.notes[].text] == ["the shop opens at nine", "closed on Sunday"]'
	is ".last_lease | .agent == \"ann\" and .ended == \"released\" and .worktree == \"$PWD\""
	t release 1.3 --agent bob >/dev/null
	code 0 t claim 1.3 --agent zoe
	says 'the shop opens at nine' 'closed on Sunday' bob released "$PWD"
}

@test "every claim of a task gets a larger token than any before" {
	new kitchen
	last=0
	for agent in ann bob ann zoe; do
		json 0 claim 1.3 --agent $agent --session $agent
		is ".lease.token > $last"
		last=$(get .lease.token)
		t release 1.3 --agent $agent --session $agent >/dev/null
		json 0 claim 1.1 --agent $agent --session $agent
		is ".lease.token > $last"
		last=$(get .lease.token)
		t release 1.1 --agent $agent --session $agent >/dev/null
	done
}

@test "--ttl is the lease's, and a renewal keeps it" {
	new kitchen
	json 0 claim 1.3 --agent ann --session s --ttl 2h
	is '.lease.ttl_s == 7200'
	age 1.3 3600000
	json 0 heartbeat 1.3 --agent ann --session s
	is '.tasks[0].lease.ttl_s == 7200'
}

@test "the configured ttl is the default" {
	new kitchen
	t config ttl 5m
	json 0 claim 1.3 --agent ann
	is '.lease.ttl_s == 300'
}

@test "a claim ends what lapsed, in the same transaction, before it looks" {
	new kitchen
	as ann claim 1.3
	age 1.3 7200000
	json 0 claim 1.3 --agent bob
	is '.already_held == false and .last_lease.agent == "ann" and
	    .last_lease.ended == "lapsed" and .task.attempts == 1'
	json 0 log 1.3
	is '[.events[].kind] == ["added", "claimed", "lapsed", "claimed"]'
}

@test "a token may say who is asking, and wins over no name" {
	new kitchen
	before=$(t --json claim 1.3 --agent ann --session s | jq .lease.token)
	code 0 t heartbeat 1.3 --token "$before"
	code 0 t done 1.3 --token "$before"
}

@test "usage: TASK or --next, one of the two, and --another only with --next" {
	new kitchen
	refused 64 claim --agent ann
	refused 64 claim 1.3 --next --agent ann
	refused 64 claim 1.3 --another --agent ann
	refused 64 claim 1.3 --sprint 1 --agent ann
}

@test "-q prints the id and the token alone" {
	new kitchen
	code 0 t claim 1.3 --agent ann -q
	[[ $out =~ ^1\.3\ [0-9]+$ ]]
	same '' "$err"
}

@test "what claim shows can be run as it is shown, with two plans too" {
	new kitchen
	take kitchen --as bath
	code 0 as ann claim bath:1.3
	shown=$(grep -o 'taskctl heartbeat .*' <<<"$out")
	# shellcheck disable=SC2086
	code 0 as ann ${shown#taskctl }
	id=$(as bob -q claim --next | cut -d' ' -f1)
	code 0 as bob done "$id"
}

@test "another boot: the lease is not ended, it begins anew at first sight" {
	new kitchen
	as ann claim 1.3
	q "UPDATE store SET boot = 'other'"
	code 4 as bob claim 1.3
	code 0 as ann done 1.3
}

@test "another boot of this machine ends the lease of a proven process" {
	new kitchen
	sleep 60 3>&- & pid=$!
	as ann claim 1.3 --pid $pid
	t sweep
	kill $pid
	q "UPDATE store SET boot = 'other'"
	# A machine without an id cannot tell itself from another: then the
	# lease begins anew, late but never early.
	if [ -z "$(q 'SELECT machine FROM store')" ]; then
		code 4 as bob claim 1.3
		return
	fi
	json 0 claim 1.3 --agent bob
	is '.already_held == false'
}

@test "a copied store draws tokens that the first one never draws" {
	new kitchen
	as ann claim 1.3 && as ann release 1.3
	# A refresh in the background may come and go meanwhile.
	cp -r . ../copy 2>/dev/null || [ -f ../copy/.tasks/taskctl.db ]
	id=$(q 'SELECT id FROM store')
	cd ../copy
	json 0 claim 1.3 --agent bob
	is '.lease.token > 4294967296'
	no test "$id" = "$(q 'SELECT id FROM store')"
	cd ../work
	json 0 claim 1.3 --agent zoe
	is '.lease.token < 4294967296'
}

@test "of twelve at once exactly one gets it" {
	new kitchen
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		(rc=0; as "a$i" claim 1.3 >/dev/null 2>&1 || rc=$?; echo $rc >>codes) &
	done
	wait
	same '1 0
11 4' "$(sort -n codes | uniq -c | sed 's/^ *//')"
}
