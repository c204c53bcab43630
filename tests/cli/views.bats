# views.bats - what is shown: the keys of the contract, the truth of the moment,
# and nothing written.

load helpers

# The JSON answer's keys at a path are exactly these.
keys() {
	local want
	want=$(printf '%s\n' "${@:2}" | sort | xargs)
	same "$want" "$(jq -r "$1 | keys | .[]" <<<"$out" | sort | xargs)"
}
has_keys() {
	local key
	for key in "${@:2}"; do
		jq -e "$1 | has(\"$key\")" <<<"$out" >/dev/null ||
		    { echo "no $key in $1: $out"; return 1; }
	done
}
TASK='id plan title sprint state orphaned priority estimate_s planned_agent mutex
    needs unmet after unblocks files criteria steps attempts notes lease
    started_at finished_at finished_by source'
LEASE='task agent session token acquired_at renewed_at renewed_by expires_at ttl_s
    host pid worktree reserved'
TOTALS='pending ready claimed done failed cancelled tasks estimate_s done_s percent'
INSTANT='^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$'

@test "a task has the keys of the contract, in every answer" {
	new kitchen
	as ann claim 1.1
	as ann note 1.1 hello
	for command in list ready 'show 1.1' mine 'claim 1.1' 'why 1.1' 'heartbeat 1.1' \
	    'note 1.1 x' 'wait --ready' 'done 1.1'; do
		# shellcheck disable=SC2086
		json 0 $command --agent ann --session ann-1 2>/dev/null >/dev/null ||
		    json 0 $command
		# shellcheck disable=SC2086
		has_keys '[.task, .tasks[0]?] | map(objects) | .[0]' $TASK ||
		    { echo "it was: $command"; return 1; }
	done
}

@test "a lease has the keys of the contract, and no others" {
	new kitchen
	as ann claim 1.1 --pid $$
	json 0 show 1.1
	# shellcheck disable=SC2086
	keys .task.lease $LEASE
	is '.task.lease | (.token | type) == "number" and (.ttl_s | type) == "number"
	    and (.pid | type) == "number"'
	for key in acquired_at renewed_at expires_at; do
		is ".task.lease.$key | test(\"$INSTANT\")"
	done
	json 0 status
	# shellcheck disable=SC2086
	has_keys '.leases[0]' $LEASE title estimate_s frees
	json 4 claim 1.1 --agent bob
	# shellcheck disable=SC2086
	keys .error.holder $LEASE
}

@test "show: task and events; times are UTC with milliseconds" {
	new kitchen
	as ann claim 1.3 && as ann done 1.3 -m bye
	json 0 show 1.3
	keys . schema task events
	is ".task.started_at, .task.finished_at, .task.notes[0].at, .events[].at |
	    test(\"$INSTANT\")"
	keys '.task.notes[0]' at agent text
	keys .task.source file line
	keys '.events[0]' id at kind task plan agent session token data
	is '[.events[].kind] == ["added", "claimed", "done"]'
	json 0 show 1.1
	keys '.task.criteria[0]' text done
	keys '.task.steps[0]' text done
}

@test "status: totals, sprints, leases, stuck, forecast" {
	new kitchen
	as ann claim 1.3 && as ann done 1.3
	as bob claim 1.1 && as bob fail 1.1 -m x
	json 0 status
	has_keys . totals sprints leases stuck forecast
	# shellcheck disable=SC2086
	keys .totals $TOTALS
	# shellcheck disable=SC2086
	has_keys '.sprints[0]' id title state $TOTALS
	has_keys '.stuck[0]' task why
	is '.totals | .tasks == 7 and .done == 1 and .failed == 1 and .ready == 1 and
	    .pending == 4 and .claimed == 0 and .cancelled == 0'
	is '.forecast == null'
	is '[.sprints[] | [.id, .title]] == [["1", "Walls"], ["2", "Floor"], ["3", "Furniture"]]'
}

@test "percent is by effort; a missing estimate is its sprint's median" {
	new kitchen
	json 0 status
	# 1h 2h 30m, 3h 1h (2h), 4h
	is '.totals.estimate_s == 48600 and .totals.percent == 0 and .totals.done_s == 0'
	as ann claim 1.1 && as ann done 1.1
	as ann claim 1.3 && as ann done 1.3
	json 0 status
	is '.totals.done_s == 5400 and .totals.percent == 11'
	t cancel 1.2
	json 0 status
	is '.totals.estimate_s == 41400 and .totals.percent == 13 and
	    .sprints[0].percent == 100'
}

@test "percent without any estimates is by count; nothing to do is null" {
	new
	json 0 status
	is '.totals.percent == null and .totals.tasks == 0'
	printf '# P\n\n## Sprint 1 : One\n\n#### Task 1.1 : A\n\n#### Task 1.2 : B\n\n#### Task 1.3 : C\n' >p.md
	t import p.md
	as ann claim 1.1 && as ann done 1.1
	json 0 status
	is '.totals.percent == 33'
	for task in 1.1 1.2 1.3; do t reopen $task; t cancel $task; done
	json 0 status
	is '.totals.percent == null and .totals.cancelled == 3'
	code 0 t status
}

@test "plan: the keys, the totals, the critical path" {
	new kitchen
	json 0 plan
	has_keys . agents sequential_s makespan_s lower_bound_s optimal critical_path tasks
	keys '.tasks[0]' id agent start_s end_s slack_s
	is '.sequential_s == 48600'
	is '.critical_path == ["1.1", "2.1", "2.2", "2.3", "3.1"]'
	is '.tasks | map({(.id): .}) | add | .["2.1"].start_s == .["1.1"].end_s'
	is '.makespan_s >= .lower_bound_s'
}

@test "ready, list, mine: tasks; list in plan order, filtered" {
	new kitchen
	as ann claim 1.1
	json 0 ready
	is '[.tasks[].id] == ["1.3"]'
	json 0 list --state claimed
	is '[.tasks[].id] == ["1.1"]'
	json 0 list --state ready --state claimed
	is '[.tasks[].id] == ["1.1", "1.2", "1.3"] or [.tasks[].id] == ["1.1", "1.3"]'
	json 0 list --sprint 2
	is '[.tasks[].id] == ["2.1", "2.2", "2.3"]'
	json 0 list --agent b
	is '[.tasks[].id] == ["1.2"]'
	json 0 list --agent ann
	is '[.tasks[].id] == ["1.1"]'
	json 0 list --plan kitchen
	is '.tasks | length == 7'
	json 0 mine --agent ann --session ann-1
	is '[.tasks[].id] == ["1.1"]'
	json 0 mine --agent ann --session other
	is '.tasks == []'
}

@test "agents: who holds what" {
	new kitchen
	code 0 t agents
	says nobody
	as ann claim 1.1 && as ann claim 1.3 && as bob claim --next || :
	json 0 agents
	is '.agents | length == 1 and .[0].agent == "ann" and
	    [.[0].leases[].task] == ["1.1", "1.3"]'
}

@test "why: can or cannot, all reasons, the lease's evidence, the last end" {
	new kitchen
	json 0 why 1.3
	is '.claimable == true and .reasons == [] and .last_lease == null'
	json 0 why 2.1
	is '.claimable == false and [.reasons[].other] == ["1.1", "1.3"]'
	as ann claim 1.1
	json 0 why 1.1
	is '.reasons[0].kind == "lease" and .task.lease.agent == "ann"'
	json 0 why 1.2
	is '.reasons[0].kind == "mutex" and .reasons[0].other == "1.1"'
	code 0 as ann heartbeat 1.1
	code 0 t why 1.1
	says ann manual
	as ann release 1.1
	json 0 why 1.1
	is '.claimable and .last_lease.ended == "released" and .last_lease.agent == "ann"'
}

@test "why, claim, ready and status agree about every task" {
	new kitchen
	as ann claim 1.1 && as ann claim 1.3 && as ann fail 1.3 -m x
	age 1.1 7200000
	settled
	ready=$(t --json ready | jq -c '[.tasks[].id] | sort')
	can=$(for task in 1.1 1.2 1.3 2.1 2.2 2.3 3.1; do
		t --json why $task | jq -r 'select(.claimable) | .task.id'
	done | jq -Rc . | jq -sc sort)
	same "$ready" "$can"
	same "$ready" "$(t --json list --state ready | jq -c '[.tasks[].id] | sort')"
	same "$(jq length <<<"$ready")" "$(t --json status | jq .totals.ready)"
	for task in 1.1 1.2 1.3 2.1 2.2 2.3 3.1; do
		cp -r . ../copy && cd ../copy
		rc=0
		t claim $task --agent zoe >/dev/null 2>&1 || rc=$?
		jq -e "(index(\"$task\") != null) == ($rc == 0)" <<<"$ready"
		settled
		cd ../work && rm -rf ../copy
	done
}

@test "a lapsed lease counts as ended in every view, without any sweep" {
	new kitchen
	as ann claim 1.1
	age 1.1 7200000
	before=$(dump)
	json 0 show 1.1
	is '.task | .state == "ready" and .lease == null and .attempts == 1'
	json 0 list
	is '.tasks[0] | .state == "ready" and .lease == null'
	json 0 ready
	is '[.tasks[].id] | contains(["1.1", "1.2"])'
	json 0 status
	is '.leases == [] and .totals.claimed == 0 and .totals.ready == 3'
	json 0 mine --agent ann --session ann-1
	is '.tasks == []'
	json 0 agents
	is '.agents == []'
	json 0 why 1.1
	is '.claimable == true and .last_lease.ended == "lapsed"'
	json 0 why 1.2
	is '.claimable == true'
	json 0 wait --ready
	code 0 t gantt
	says_not active
	same "$before" "$(dump)"
}

@test "a lapsed lease of a task that is not ready any more: pending" {
	new kitchen
	as ann claim 1.3
	t dep add 1.3 1.2
	age 1.3 7200000
	same pending "$(state 1.3)"
	json 0 status
	is '.totals.claimed == 0 and .totals.pending == 5'
	refused 7 claim 1.3 --agent bob || json 7 claim 1.3 --agent bob
}

@test "log: what happened, oldest first, all of it in JSON; --after, a task's" {
	new kitchen
	as ann claim 1.3
	as ann done 1.3
	json 0 log
	is '(.events | map(.id)) as $ids | $ids == ($ids | sort) and ($ids | length) >= 10'
	last=$(get '.events[-2].id')
	json 0 log --after "$last"
	is '[.events[].kind] == ["done"]'
	json 0 log 1.3
	is '[.events[].kind] == ["added", "claimed", "done"]'
	json 0 log --limit 1
	is '[.events[].kind] == ["done"]'
}

@test "log --since: what followed a moment, as a while or an instant" {
	new kitchen
	as ann claim 1.1 && as ann release 1.1
	q "UPDATE event SET at_ms = at_ms - 7200000"
	as bob claim 1.3
	for when in 1h '90 min' "$(date -d '-1 hour' '+%F %T')" \
	    "$(date -u -d '-1 hour' +%FT%TZ)"; do
		json 0 log --since "$when"
		is '[.events[].kind] == ["claimed"]'
	done
	json 0 log --since 3h
	is '[.events[].kind][-3:] == ["claimed", "released", "claimed"]'
	json 0 log --since 1d 1.1
	is '[.events[].kind] == ["added", "claimed", "released"]'
	json 0 log --since 2999-01-01
	is '.events == []'
	for when in nonsense '' 2026-13-01; do refused 64 log --since "$when"; done
	refused 64 log --since 1h --after 3
}

@test "under systemd a complaint begins with its priority" {
	new kitchen
	code 3 t show 7.7
	same taskctl: "${err%% *}"
	# The journal's stream is told by its device and inode.
	: >stream
	export JOURNAL_STREAM
	JOURNAL_STREAM=$(stat -c %d:%i stream)
	t show 7.7 2>stream || :
	same '<3>taskctl:' "$(cut -d ' ' -f 1 stream | head -n 1)"
	code 3 t show 7.7
	same taskctl: "${err%% *}"
}

@test "log --follow prints what happens, a document a line, and ends with its reader" {
	new kitchen
	taskctl --json log --follow --limit 1 >stream 2>&1 3>&- & follower=$!
	until_true test -s stream
	as ann claim 1.3
	seen() { grep -q '"claimed"' stream; }
	until_true seen
	kill $follower
	wait $follower || :
	jq -e -s 'all(.schema == "taskctl/1" and .kind != null)' stream
}

# What timeout has started has the store open, and sleeps.
sleeps() {
	local child
	child=$(pgrep -P "$1") && ls -l "/proc/$child/fd" | grep -q 'taskctl\.db$' &&
	    grep -q '^State:.S' "/proc/$child/status"
}

# The others watch it: they hear of a change.
others_hear() {
	t note 1.2 x && [ -e told ] && grep -q noted watch.0 &&
	    [ "$(grep -c ^effort watch.2)" -ge 2 ]
}

# By whoever takes it away, or copies a file over it.
@test "who watches a store that is replaced is told, and does not watch for ever" {
	local i pids=()
	new kitchen
	t backup ../b.db >/dev/null
	printf '#!/bin/sh\ntouch told\n' >tell
	chmod +x tell
	for how in 'rm .tasks/taskctl.db*; t restore ../b.db' \
	    'rm .tasks/taskctl.db-*; cp ../b.db .tasks/taskctl.db'; do
		pids=()
		for what in 'log --follow' 'wait 1.1' 'status --watch 1' \
		    'notify --follow --events all --command ./tell'; do
			# shellcheck disable=SC2086
			timeout 20 taskctl $what >"watch.${#pids[@]}" 2>&1 3>&- &
			pids+=($!)
		done
		for i in 0 2; do until_true test -s "watch.$i"; done
		until_true sleeps "${pids[1]}"
		rm -f told
		until_true others_hear
		eval "$how" >/dev/null
		for i in "${!pids[@]}"; do
			code 9 wait "${pids[i]}" || { echo "$how: $i"; cat "watch.$i"; return 1; }
			grep -q 'since it was opened' "watch.$i"
		done
	done
}

@test "who watches a store that is replaced before it was looked at is told" {
	local pid
	new kitchen
	t backup ../b.db >/dev/null
	for round in 1 2 3; do
		rm -f watched
		timeout 20 taskctl status --watch 1 >watched 2>&1 3>&- &
		pid=$!
		until_true test -s watched
		rm .tasks/taskctl.db-* && cp ../b.db .tasks/taskctl.db
		code 9 wait $pid
		grep -q 'since it was opened' watched
	done
}

@test "lists in text are cut at 50 and say what was left out, JSON is whole" {
	new
	{ printf '# P\n\n## Sprint 1 : One\n\n'
	for i in $(seq 60); do printf '#### Task 1.%d : Number %d\n\n' $i $i; done; } >p.md
	t import p.md
	for command in list ready; do
		code 0 t $command
		same 51 "$(wc -l <<<"$out")"
		says '10 more'
		code 0 t $command --limit 3
		says '57 more'
		code 0 t $command --limit 0
		same 60 "$(wc -l <<<"$out")"
		json 0 $command
		is '.tasks | length == 60'
		json 0 $command --limit 3
		is '.tasks | length == 3'
		code 0 t -q $command
		same 60 "$(wc -l <<<"$out")"
	done
	code 0 t log --limit 3
	same "$(head -n 1 <<<"$out")" '… and more before these (--limit 0 shows all)'
	code 0 t log --after 0 --limit 3
	same "$(tail -n 1 <<<"$out")" '… and more (--limit 0 shows all)'
	json 0 status
	is '.ready_count == 60 and (.ready | length) == 60'
}

@test "log and show in text are cut at 50 events and say what was left out" {
	new kitchen
	for i in $(seq 60); do echo "note 1.3 n$i"; done | xargs -L1 taskctl >/dev/null
	code 0 t show 1.3
	says more
	code 0 t log
	same 51 "$(wc -l <<<"$out")"
	says more
	json 0 log
	is '.events | length > 60'
}

@test "the gantt chart is Mermaid: a section a sprint, a bar a task" {
	new kitchen
	as ann claim 1.3
	code 0 t gantt
	same gantt "$(head -1 <<<"$out")"
	says 'dateFormat YYYY-MM-DDTHH:mm' 'section 1 Walls' 'Lay the tiles' active
	same 7 "$(grep -c ', 20..-..-..T' <<<"$out")"
	json 0 gantt --whole
	is '.format == "mermaid" and (.chart | startswith("gantt\n"))'
}

@test "-q prints ids alone" {
	new kitchen
	code 0 t -q list
	same '1.1 1.2 1.3 2.1 2.2 2.3 3.1' "$(xargs <<<"$out")"
	code 0 t -q ready --agent a
	same '1.1 1.3 1.2' "$(xargs <<<"$out")"
	as ann claim 1.3
	code 0 t -q mine --agent ann --session ann-1
	same 1.3 "$out"
	code 0 t -q done 1.3 --agent ann --session ann-1
	same 1.3 "$out"
}

@test "text shows local time with its offset, --utc UTC" {
	new kitchen
	as ann claim 1.3
	TZ=Asia/Kolkata code 0 t show 1.3
	says '+0530'
	TZ=Asia/Kolkata code 0 t --utc show 1.3
	says_not '+0530'
	says_not "$(TZ=Asia/Kolkata date '+%d %H')"
}

# --- reads write nothing ------------------------------------------------------------

files() { cat .tasks/taskctl.db .tasks/taskctl.db-wal | sha256sum; ls -A .tasks .; }

@test "commands that only read change no byte of the store" {
	new kitchen
	as ann claim 1.3
	as bob claim 1.1
	age 1.1 7200000
	t note 1.2 x
	settled
	before=$(files)
	for command in status ready list 'show 1.1' 'mine --agent ann' agents log \
	    'why 1.1' where plan gantt 'wait --ready' config lint help version; do
		# shellcheck disable=SC2086
		[ "$command" = lint ] && command="lint $PLANS/kitchen.md"
		# shellcheck disable=SC2086
		code 0 t $command
		same "$before" "$(files)" || { echo "it was: $command"; return 1; }
	done
}

readable() { settled; open_way; chmod -R go+rX .tasks; chmod go+rx .; }
guest() { code "$1" as_guest taskctl "${@:2}"; }

@test "who may read and not write gets the same answers" {
	need_root
	new kitchen
	as ann claim 1.3
	readable
	[ -s .tasks/taskctl.db-wal ]
	before=$(files)
	want=$(t --json list)
	guest 0 --json list
	same "$want" "$out"
	same "$before" "$(files)"
}

@test "without a log too: immutable, and the same answer" {
	need_root
	new kitchen
	as ann claim 1.3
	q 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	rm -f .tasks/taskctl.db-wal .tasks/taskctl.db-shm
	readable
	guest 0 --json show 1.3
	is '.task.lease.agent == "ann"'
	grep -q 'unlocked snapshot' <<<"$err"
	no test -e .tasks/taskctl.db-wal
}

@test "a hot log that has no index: what is in it counts" {
	need_root
	new kitchen
	as ann claim 1.3
	cp .tasks/taskctl.db-wal wal && cp .tasks/taskctl.db db
	[ -s wal ]
	rm -f .tasks/taskctl.db*
	mv db .tasks/taskctl.db && mv wal .tasks/taskctl.db-wal
	readable
	guest 0 --json show 1.3
	is '.task.lease.agent == "ann"'
	grep -q 'unlocked snapshot' <<<"$err"
}

@test "a store that cannot be read at all is exit 1" {
	need_root
	new kitchen
	open_way
	guest 1 status
	says '[failed]'
}

@test "sprint_status.json is refreshed after a change, whole, and says the same" {
	new kitchen
	as ann claim 1.3 && as ann done 1.3
	fresh() { jq -e '.totals.done == 1' .tasks/sprint_status.json; }
	until_true fresh
	settled
	jq -e '.schema == "taskctl/1"' .tasks/sprint_status.json
	same "$(t --json status | jq -c '[.totals, .sprints]')" \
	    "$(jq -c '[.totals, .sprints]' .tasks/sprint_status.json)"
	same '' "$(find .tasks -name 'sprint_status.json.*')"
}

# --- hostile text --------------------------------------------------------------------

@test "titles, agents, notes, sessions and files are printed inert, everywhere" {
	new kitchen
	bad=$'x\033[2J\033]0;t\a\u202e\u2028\u009b31m\ny'
	t note 1.1 "$bad" >/dev/null
	TASKCTL_SESSION=$bad t claim 1.1 --agent ann >/dev/null || t claim 1.1 --agent ann
	# What a hostile writer of the store could leave there.
	sql=${bad//\'/}
	q "UPDATE task SET title = '$sql', planned_agent = '$sql', mutex = '$sql' WHERE key = '1.3';
	    UPDATE sprint SET title = '$sql'; UPDATE lease SET agent = '$sql',
	    worktree = '$sql', host = '$sql';
	    INSERT INTO line VALUES ((SELECT id FROM task WHERE key = '1.3'), 'step', 1, '$sql', 0),
	    ((SELECT id FROM task WHERE key = '1.3'), 'file', 1, '$sql', 0),
	    ((SELECT id FROM task WHERE key = '1.3'), 'criterion', 1, '$sql', 0);
	    UPDATE plan SET file = '$sql'"
	for command in status ready list 'show 1.1' 'show 1.3' agents log 'log 1.1' \
	    'why 1.1' 'why 1.3' plan gantt 'wait --ready' 'claim 1.1 --agent bob' \
	    'done 1.1 --agent bob' 'claim 1.3 --agent bob' 'heartbeat 1.1 --agent bob' \
	    'done 1.3 --agent bob' 'reopen 1.3' 'cancel 1.3' 'claim --next --agent zoe' \
	    'release 1.1 --force -m x --agent bob' 'claim 1.1 --agent bob'; do
		# shellcheck disable=SC2086
		t $command >"$BATS_TEST_TMPDIR/.out" 2>"$BATS_TEST_TMPDIR/.err" || :
		inert || { echo "it was: $command"; return 1; }
	done
}

@test "hostile words of the command line are printed inert" {
	new kitchen
	bad=$'x\033[2J\u202e\ny'
	for command in "$bad" "claim --$bad" "show" "config" "list --state" "list --sprint" \
	    "import" "lint" "-C" "--db" "claim --ttl" "help"; do
		# shellcheck disable=SC2086
		t $command "$bad" --agent ann >"$BATS_TEST_TMPDIR/.out" 2>"$BATS_TEST_TMPDIR/.err" || :
		inert || { echo "it was: $command"; return 1; }
	done
	code 1 t run 1.3 --agent ann -- "./$bad"
	inert
}
