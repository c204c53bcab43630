# restore.bats - a store comes back from the events on the progress branch.

load clones

eval "$(declare -f setup | sed '1s/setup/helpers_setup/')"
setup() {
	helpers_setup
	clones_setup
}

# All that must come back, row by row: what is counted and measured too.
rows() {
	sqlite3 -readonly .tasks/taskctl.db "
	    SELECT 'plan', * FROM plan ORDER BY id;
	    SELECT 'sprint', p.name, s.key, s.title, s.position, s.complete,
		a.key, g.key, s.remaining, s.goal FROM sprint s
		JOIN plan p ON p.id = s.plan LEFT JOIN sprint a ON a.id = s.after
		LEFT JOIN task g ON g.id = s.gate ORDER BY 2, 3;
	    SELECT 'task', t.id, t.state, t.unmet, t.barred, t.orphaned,
		t.priority, t.position, t.lane, t.mutex, s.key, t.plan,
		t.estimate_s, t.attempts, t.started_ms, t.finished_ms,
		t.finished_by, t.hand, t.ticked, t.key, t.norm, t.title,
		t.planned_agent, t.line, t.chain, t.step
		FROM task t LEFT JOIN sprint s ON s.id = t.sprint ORDER BY t.id;
	    SELECT 'dep', * FROM dep ORDER BY 2, 3;
	    SELECT 'line', * FROM line ORDER BY 2, 3, 4;
	    SELECT 'ticked', * FROM ticked ORDER BY 2, 3, 4;
	    SELECT 'note', task, at_ms, agent, text FROM note ORDER BY task, id;
	    SELECT 'lease', task, token, agent, session, acquired_ms,
		CASE WHEN ended = 'lapsed' THEN 'restored' ELSE ended END
		FROM lease ORDER BY task;
	    SELECT 'event', id, at_ms, kind, task, agent, session, token,
		json(data) FROM event WHERE kind <> 'restored' ORDER BY id;"
}

# Commit, clone, restore, compare.
comes_back() {
	local before
	t commit >/dev/null
	before=$(rows)
	settled
	cd ..
	rm -rf back
	git clone -q one back 2>/dev/null
	cd back
	code 0 t restore --from-git
	same "$before" "$(rows)"
}

# Everything that can happen, to the plan at $1.
work_on() {
	t import "$1" >/dev/null 2>&1
	t import "$1" --as other --order none >/dev/null 2>&1
	local ids=() one i
	mapfile -t ids < <(t -q list)
	RANDOM=$2
	set +e
	for ((i = 0; i < 60; i++)); do
		one=${ids[RANDOM % ${#ids[@]}]}
		case $((RANDOM % 20)) in
		0|1) t claim "$one" ;;
		2) t claim --next --another ;;
		3|4|5) t 'done' "$(t -q mine | head -n 1)" -m "made $i" ;;
		6) t release "$(t -q mine | head -n 1)" -m "later $i" ;;
		7) t fail "$(t -q mine | head -n 1)" -m "broken $i" ;;
		8) t note "$one" $'two\nlines' ;;
		9) t step "$one" 1; t step "$one" 2; t step "$one" 1 --undo ;;
		10) t edit "$one" --title "Title $i" --estimate "${i}m" ;;
		11) t edit "$one" --agent 'Agent B' --priority 2 --mutex db ;;
		12) t edit "$one" --sprint - --agent - ;;
		13|14) t dep add "$one" "${ids[RANDOM % ${#ids[@]}]}" ;;
		15) t dep rm "$one" "$(t --json show "$one" |
			jq -r '.task.needs[0]')" ;;
		16) t cancel "$one" -m why ;;
		17) t reopen "$one" -m why ;;
		18) t add "H$i" "by hand" --needs "$one" --estimate 5m ;;
		19) t approve "$one" --override -m why ;;
		esac
	done >/dev/null 2>&1
	# Lapsed, revived, lapsed again, and too often.
	one=$(t -q claim --next --another | cut -d' ' -f1) || true
	for i in 1 2 3; do
		[ -n "$one" ] || break
		age "${one#*:}" 99999999
		t sweep >/dev/null
		[ "$i" != 1 ] || t heartbeat "$one" >/dev/null 2>&1 || true
		[ "$i" = 1 ] || t claim "$one" >/dev/null 2>&1 || true
	done
	# The plan changes: a line more, a line less, a box ticked.
	sed -e '0,/- \[ \]/s//- [x]/' -e '3i A line more.' -e '30,33d' \
	    "$1" >changed.md
	t import changed.md --as "$(basename "$1" .md)" >/dev/null 2>&1 || true
	t import changed.md --as other --prune >/dev/null 2>&1 || true
	t import "$1" >/dev/null 2>&1
	cp "$1" "$BATS_TEST_TMPDIR/$(basename "$1")"
	t import "$BATS_TEST_TMPDIR/$(basename "$1")" --write-back \
	    >/dev/null 2>&1 || true
	for one in $(t -q list --state claimed); do
		t release "$one" --force -m end >/dev/null
	done
	set -e
}

@test "restore: all that can happen comes back as it was, on plans of all kinds" {
	local plan n=0
	clone one
	for plan in "$HOUSE" "$PLANS"/{phares,bakery-deployment,kitchen}.md \
	    "$ROOT/docs/examples/sprint.md"; do
		in_clone one
		work_on "$plan" $((++n))
		comes_back
		same "$(in_clone one && t --json list)" "$(t --json list)"
		same "$(in_clone one && t --json plan | jq 'del(.forecast)')" \
		    "$(t --json plan | jq 'del(.forecast)')"
	done
	# It was not for nothing.
	[ "$(q "SELECT count(DISTINCT kind) FROM event")" -ge 18 ]
}

@test "restore: what was in work is open again, and its token is dead" {
	clone one "$HOUSE"
	token=$(t -q claim 1.1 --agent bob | cut -d' ' -f2)
	t commit >/dev/null
	cd .. && git clone -q one back 2>/dev/null && cd back
	code 0 t restore --from-git
	says "1.1 (bob)"
	[ "$(state 1.1)" = ready ]
	code 0 t log --limit 3
	says imported claimed restored
	code 0 t --json log
	is '.events[-1] | .kind == "restored" and .data.open_again == ["1.1 (bob)"]'
	refused 6 'done' 1.1 --token "$token" --agent bob
	code 0 t why 1.1
	json 0 claim 1.1 --agent bob
	# Higher than any that the old store can draw meanwhile.
	[ "$(get .lease.token)" -gt 4294967296 ]
}

@test "restore: the branch goes on, with ids that nobody has used" {
	clone one "$HOUSE"
	t commit >/dev/null
	cd .. && git clone -q one back 2>/dev/null && cd back
	code 0 t restore --from-git
	# That it was restored is committed in the background.
	until_true eval "[ \"\$(git log --format=%H taskctl 2>/dev/null | wc -l)\" -eq 2 ]"
	t config git.auto off >/dev/null
	t note 1.1 'from here on' >/dev/null
	code 0 t commit
	[ "$(git log --format=%H taskctl | wc -l)" -eq 3 ]
	git ls-tree -r --name-only taskctl events/ | grep -q 'events/4294967001.jsonl'
	# And all of it comes back once more.
	before=$(rows)
	cd .. && git clone -q back again 2>/dev/null && cd again
	code 0 t restore --from-git
	same "$before" "$(rows)"
	[ "$(q 'SELECT token FROM store')" -ge 8589934592 ]
}

@test "restore: a store that is there stays, unless it is told why not" {
	clone one "$HOUSE"
	t commit >/dev/null
	t claim 1.1 --agent bob >/dev/null
	refused 1 restore --from-git
	refused 64 restore --from-git --force
	refused 64 restore
	TASKCTL_AGENT= refused 64 restore --from-git --force -m why
	code 0 t restore --from-git --force -m 'it was all wrong'
	says 'leases ended: 1.1 (bob)'
	[ "$(state 1.1)" = ready ]
	json 0 log
	is '.events[-1].data | .why == "it was all wrong" and
	    .ended == ["1.1 (bob)"]'
	refused 6 heartbeat 1.1 --agent bob
	[ "$(q 'SELECT token > 4294967296 FROM store')" = 1 ]
	[ "$(q 'PRAGMA integrity_check')" = ok ]
}

@test "restore: a store that cannot be opened is kept beside" {
	clone one "$HOUSE"
	t commit >/dev/null
	rm -f .tasks/taskctl.db-wal .tasks/taskctl.db-shm
	printf 'this is no database, but it is long enough' >.tasks/taskctl.db
	code 1 t restore --from-git
	grep -q 'no database' .tasks/taskctl.db
	# Nor is it moved for a log that cannot be read.
	local tip
	tip=$(git rev-parse taskctl)
	forge "sed '2s/.*/[]/'"
	code 8 t restore --from-git --force -m broken
	grep -q 'no database' .tasks/taskctl.db
	git update-ref refs/heads/taskctl "$tip"
	code 0 t restore --from-git --force -m broken
	grep -q 'no database' .tasks/taskctl.db-damaged-*
	[ "$(t -q list | wc -l)" -eq 4 ]
}

@test "restore: a log whose store is gone does not come back" {
	clone one "$HOUSE"
	t commit >/dev/null
	t note 1.1 later >/dev/null
	[ -s .tasks/taskctl.db-wal ]
	rm .tasks/taskctl.db
	code 0 t restore --from-git
	[ "$(q 'SELECT count(*) FROM note')" -eq 0 ]
	[ "$(q 'PRAGMA integrity_check')" = ok ]
	code 0 t claim 1.1
}

@test "restore: nowhere to restore from" {
	code 1 t restore --from-git
	[ ! -e .tasks ]
	clone one
	settled
	rm -rf .tasks
	code 3 t restore --from-git
	[ ! -e .tasks ]
	git branch taskctl
	code 1 t restore --from-git
	says 'was not made by taskctl'
	[ ! -e .tasks ]
}

@test "restore: two remotes that do not agree are both named" {
	clone one "$HOUSE"
	t commit >/dev/null
	clone two "$HOUSE"
	t note 1.1 second >/dev/null
	t commit >/dev/null
	cd .. && git clone -q one back 2>/dev/null && cd back
	git remote add other ../two && git fetch -q other
	code 1 t restore --from-git
	says 'several remotes'
	code 0 t restore --from-git --branch other/taskctl
	[ "$(q "SELECT text FROM note")" = second ]
}

@test "restore: hostile events are refused with file and line, and leave nothing" {
	local case filter place
	clone one "$HOUSE"
	t claim 1.1 >/dev/null
	t note 1.1 hello >/dev/null
	t commit >/dev/null
	good=$(git rev-parse taskctl)
	cd .. && git clone -q one back 2>/dev/null && cd back
	git update-ref refs/heads/taskctl "$good"
	deep=$(printf '[%.0s' $(seq 2000))
	while IFS='|' read -r place filter; do
		[ -n "$place" ] || continue
		git update-ref refs/heads/taskctl "$good"
		forge "$filter"
		code 8 t restore --from-git --branch taskctl || { echo "$filter"; return 1; }
		[ "$place" = any ] || says "events/00000001.jsonl:$place: "
		[ ! -e .tasks/taskctl.db ]
		[ -z "$(ls .tasks 2>/dev/null)" ]
	done <<-CASES
		3|sed '3s/.*/{"id":3/'
		3|sed '3s/.*/[]/'
		3|sed '3s/.*//'
		3|sed '3s/.*/{"id":3,"data":$deep/'
		3|sed '3s/"id":3,/"id":2,/'
		3|sed '3s/"id":3,/"id":-3,/'
		3|sed '3s/"id":3,/"id":9223372036854775807,/'
		3|sed '3s/"id":3,/"id":3.5,/'
		3|sed '3s/"at":"[^"]*"/"at":"yesterday"/'
		3|sed '3s/"at":"[^"]*"/"at":"2026-13-41T25:61:61.000Z"/'
		3|sed '3s/"kind":"added"/"kind":"exploded"/'
		3|sed '3s/"task":"1.2"/"task":"1.2\\\\u001b[31m"/'
		3|sed '3s/"task":"1.2"/"task":"1.2\\\\u0000x"/'
		3|sed '3s/"plan":"house"/"plan":null/'
		3|sed '3s/"agent":"ann"/"agent":["ann"]/'
		3|sed '3s/"data":{/"data":[{/;3s/}}\$/}]}/'
		3|sed '3s/"title":"[^"]*"/"title":"a\\\\u0007b"/'
		3|sed '3s/"title":"[^"]*"/"title":7/'
		3|sed '3s/"priority":3/"priority":-3000000000000/'
		3|sed '3s/"estimate_s":[0-9]*/"estimate_s":"long"/'
		3|sed '3s/"needs":\["1.1"\]/"needs":["9.9"]/'
		3|sed '3s/"needs":\["1.1"\]/"needs":["1.2"]/'
		3|sed '3s/"needs":\["1.1"\]/"needs":"1.1"/'
		3|sed '3s/"position":1/"position":-1/'
		3|sed '3s/"steps":\[/"steps":["x",/'
		7|sed '7s/"token":1/"token":-1/'
		7|sed '7s/"token":1/"token":4611686018427387905/'
		7|sed '7s/"token":1/"token":"1"/'
		8|sed '8s/"task":"1.1"/"task":"7.7"/'
		9|sed '\$a {"id":9,"at":"2026-01-01T00:00:00.000Z","kind":"noted"}'
		8|sed '7,8s/}\$/,"origin":{"store":"abc","id":5}}/'
		8|sed '8s/}\$/,"origin":{"store":"abc"}}/'
		8|sed '8s/}\$/,"origin":"abc"}/'
		any|sed '\$d'
		any|sed '2s/"needs":\[\]/"needs":["1.2"]/'
		any|head -c 1000
		any|cat /dev/null
		any|head -c 300000 /dev/urandom
	CASES
	git update-ref refs/heads/taskctl "$good"
	code 0 t restore --from-git --branch taskctl
}

@test "restore: a commit or a folder that somebody has made up" {
	clone one "$HOUSE"
	t commit >/dev/null
	good=$(git rev-parse taskctl)
	settled
	rm -rf .tasks
	forge cat "sed 's/^Last-Event: .*/Last-Event: 999/'"
	code 8 t restore --from-git
	git update-ref refs/heads/taskctl "$good"
	forge cat "sed 's/^Store: .*/Store: ..\/..\/x/'"
	code 1 t restore --from-git
	git update-ref refs/heads/taskctl "$good"
	forge cat cat notes
	code 8 t restore --from-git
	says 'events/notes.jsonl is no file of events'
	[ ! -e .tasks/taskctl.db ]
}

@test "restore: a missing object is said, and leaves nothing" {
	clone one "$HOUSE"
	t commit >/dev/null
	settled
	rm -rf .tasks
	blob=$(git rev-parse taskctl:events/00000001.jsonl)
	touch .git/broken
	rm -f ".git/objects/${blob:0:2}/${blob:2}"
	code 1 t restore --from-git
	says 'events/00000001.jsonl'
	printf 'x' >".git/objects/${blob:0:2}/${blob:2}"
	code 1 t restore --from-git
	[ ! -e .tasks/taskctl.db ]
}

@test "restore: what an older taskctl wrote comes back as far as it goes, and it says so" {
	clone one "$HOUSE"
	t claim 1.1 >/dev/null
	t 'done' 1.1 >/dev/null
	t commit >/dev/null
	forge "sed -E 's/,\"position\":[0-9]+//; s/,\"file\":.*/}}/'"
	settled
	rm -rf .tasks
	code 0 t restore --from-git
	says 'older taskctl'
	[ "$(state 1.1)" = 'done' ]
	[ "$(t -q list | wc -l)" -eq 4 ]
	code 0 t import "$HOUSE"
	[ "$(state 1.1)" = 'done' ]
	[ "$(state 2.1)" = pending ]
}

tidy() {
	code 1 t restore --from-git
	[ -z "$(ls .tasks/*-restore-* 2>/dev/null)" ]
}

@test "restore: killed at any moment, it leaves no store or a whole one" {
	local i
	clone one "$HOUSE"
	for i in $(seq 40); do t note 1.1 "note $i" >/dev/null; done
	t commit >/dev/null
	settled
	rm -rf .tasks
	for i in 001 002 004 006 008 010 015 020; do
		timeout -s KILL "0.$i" taskctl restore --from-git \
		    >/dev/null 2>&1 3>&- || true
		[ ! -e .tasks/taskctl.db ] || break
	done
	[ -e .tasks/taskctl.db ] || code 0 t restore --from-git
	[ "$(q 'SELECT count(*) FROM note')" -eq 40 ]
	# What the dead have left goes with the next one, once they are dead.
	until_true tidy
	[ "$(q 'PRAGMA integrity_check')" = ok ]
	code 0 t claim 1.1
}
