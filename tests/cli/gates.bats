# gates.bats - approve, gates, and steps that follow each other.

load helpers

# What bars each task, counted from the rows alone, is what the store has.
bars_agree() {
	local bad sql
	sql=$(awk '/^-- name: / { on = $3 == "doctor_barred"; next }
	    on && !/^--/' "$ROOT/lib/work/sql/invariants.sql")
	[[ $sql == SELECT* || $sql == WITH* ]] || return 1
	bad=$(q "$sql")
	[ -z "$bad" ] || { echo "bars: $bad"; return 1; }
}

finish() {
	local task
	for task; do
		as ada claim "$task" >/dev/null && as ada done "$task" >/dev/null 2>&1
	done
}

# All that GO-1 of phares asks for, but the word.
ready_to_go() {
	finish T3.2 T3.3
	t step GO-1 1 >/dev/null
	t step GO-1 2 >/dev/null
}

# --- gates ---------------------------------------------------------------

@test "a gate is not claimed, and nothing behind it" {
	new phares
	refused 7 claim GO-1 --agent ada
	is '.error.message | contains("it is a gate")'
	refused 7 claim T3.4 --agent ada
	json 0 why T3.4
	is '.claimable == false and .reasons == [{kind: "gate",
	    text: "its sprint waits for the gate GO-1, which is not approved",
	    other: "GO-1", other_state: null}]'
	json 0 show T3.4
	is '.task.after == "GO-1" and .task.state == "pending" and
	    .task.needs == [] and .task.gate == false'
	json 0 list
	is '[.tasks[] | select(.gate) | .id] == ["GO-1"]'
	code 0 t ready
	says_not GO-1 T3.4
}

@test "approve is refused while something is missing, and says what" {
	new phares
	refused 7 approve GO-1 --agent boss
	is '.error.message | contains("criterion 1 is open") and
	    contains("it judges T3.2, which is ready")'
	finish T3.2 T3.3
	refused 7 approve GO-1 --agent boss
	is '.error.message | contains("judges") | not'
	t step GO-1 1 >/dev/null
	refused 7 approve GO-1 --agent boss
	t step GO-1 2 >/dev/null
	json 0 approve GO-1 --agent boss
}

@test "approve opens the phase behind it, and is recorded with who and why" {
	new phares
	ready_to_go
	json 0 approve GO-1 --agent boss -m 'all lit'
	is '.task.state == "done" and .task.finished_by == "boss" and
	    (.now_ready | sort) ==
	    ["T3.4", "T3.5", "criteres-d-acceptation.phase-2"]'
	is '.task.steps == [{text: "GO/NO-GO : GO pour la phase 2", done: true}]'
	json 0 log
	is '.events[-1] | .kind == "approved" and .task == "GO-1" and
	    .agent == "boss" and .data == {why: "all lit", missing: []}'
	json 0 claim T3.4 --agent ada
	bars_agree
}

@test "approve again changes nothing" {
	new phares
	ready_to_go
	t approve GO-1 --agent boss >/dev/null
	before=$(dump)
	json 0 approve GO-1 --agent other
	is '.already and .task.finished_by == "boss"'
	same "$before" "$(dump)"
}

@test "approve --override wants a reason, and records what was missing" {
	new phares
	before=$(dump)
	json 64 approve GO-1 --override --agent boss
	json 64 approve GO-1 --override -m '' --agent boss
	same "$before" "$(dump)"
	json 0 approve GO-1 --override -m 'the ships are waiting' --agent boss
	json 0 log
	is '.events[-1].data | .why == "the ships are waiting" and .override and
	    (.missing | length) == 4'
	json 0 claim T3.4 --agent ada
	bars_agree
}

@test "a plan that waits for its gate is not complete" {
	new bakery-deployment
	finish 1.1 1.3 configuration notes.configuration
	json 0 status
	is '.totals.percent == 99'
	code 0 t status
	says 'GO-1' 'waits to be approved'
	says_not 'complete'
	code 5 as ada claim --next
	says 'GO-1 (to be approved)'
}

@test "what a newcomer is shown at a gate and behind a step" {
	new bakery-deployment
	code 0 t show GO-1
	says 'to be approved, not claimed' '1 [ ] The copy was read back'
	says_not override
	code 0 t show Step-2
	says 'after      Step-1'
	json 0 list
	is '[.tasks[] | select(.id == "2.2") | .after] == ["2.1"] or
	    [.tasks[] | select(.id == "2.2") | .after] == ["GO-1"]'
	for task in GO-1 2.1 2.2 Step-1 Step-2; do
		code 0 t why $task
		says_not override
		code 7 t claim $task --agent ada
		says_not override
	done
	code 7 t approve GO-1 --agent ada
	says 'criterion 1 is open' 'it judges 1.1'
	says_not override
}

@test "approve: who is recorded without an agent's name; what is no gate" {
	new phares
	json 0 approve GO-1 --override -m why
	is ".task.finished_by == \"$(id -un)\""
	refused 8 approve T3.2
	refused 3 approve GO-9
	code 0 t approve 'go 1'
}

@test "no message suggests --override" {
	new phares
	code 7 t approve GO-1
	says_not override
	code 0 t why GO-1
	says_not override
}

@test "reopen closes a gate again; who is in work behind it is warned of" {
	new phares
	ready_to_go
	t approve GO-1 >/dev/null
	as bob claim T3.4 >/dev/null
	code 0 t reopen GO-1 -m 'one is dark'
	says 'T3.4 is in work'
	refused 7 claim T3.5 --agent ada
	json 0 show GO-1
	is '.task.state == "pending" and (.task.steps | all(.done | not)) and
	    (.task.criteria | all(.done))'
	bars_agree
	code 0 as bob done T3.4
	json 0 approve GO-1
	is '.now_ready | index("T3.5") != null'
}

@test "a gate is not cancelled" {
	new phares
	refused 7 cancel GO-1 -m 'never mind'
}

@test "claim --next, status and wait know what waits for a word" {
	new phares
	ready_to_go
	json 5 claim --next --agent ada
	is '.error.message | contains("GO-1 (to be approved)")'
	json 0 status
	is '.stuck | map(.task) == ["GO-1"]'
	json 9 wait --ready --timeout 0s
	t approve GO-1 >/dev/null
	json 0 wait --ready --timeout 0s
	is '.tasks | length > 0'
}

@test "eight who approve at once: one event, and all are told so" {
	new phares
	ready_to_go
	for i in 1 2 3 4 5 6 7 8; do
		(rc=0; as "a$i" approve GO-1 >/dev/null 2>&1 || rc=$?
		echo $rc >>codes) &
	done
	wait
	[ "$(sort codes | uniq -c | tr -d ' ')" = 80 ]
	[ "$(q "SELECT count(*) FROM event WHERE kind = 'approved'")" -eq 1 ]
	bars_agree
}

@test "claims that race with approve and reopen: none while it is closed" {
	new phares
	ready_to_go
	for i in 1 2 3 4; do
		(for k in 1 2 3 4 5 6 7 8; do
			as "a$i" claim T3.5 >/dev/null 2>&1 &&
			    as "a$i" release T3.5 >/dev/null 2>&1
		done; true) &
	done
	for k in 1 2 3 4; do
		t approve GO-1 >/dev/null && t reopen GO-1 >/dev/null 2>&1
	done
	wait
	# Of the two that turn the gate, the newest before each claim.
	[ "$(q "SELECT count(*) FROM event AS c JOIN task AS t ON t.id = c.task
	    WHERE c.kind = 'claimed' AND t.key = 'T3.5' AND coalesce((SELECT
	    g.kind FROM event AS g WHERE g.id < c.id AND (g.kind = 'approved'
	    OR g.kind = 'reopened') ORDER BY g.id DESC LIMIT 1), '')
	    <> 'approved'")" -eq 0 ]
	bars_agree
}

# --- gates and re-import ---------------------------------------------------

@test "a decision that is ticked in the plan is approved by it" {
	cp "$PLANS/phares.md" plan.md
	new ./plan.md
	sed -i 's/- \[ \] \*\*GO/- [x] **GO/' plan.md
	json 0 import plan.md
	json 0 show GO-1
	is '.task.state == "done" and .task.finished_by == "plan"'
	[ "$(state T3.4)" = ready ]
	bars_agree
	# Unticking never undoes.
	cp "$PLANS/phares.md" plan.md
	take ./plan.md
	[ "$(state GO-1)" = 'done' ]
}

@test "a gate that is gone from the plan holds nobody up" {
	cp "$PLANS/phares.md" plan.md
	new ./plan.md
	sed -i -e '/G[Oo]/d' -e '/Condition/d' plan.md
	take ./plan.md
	json 0 show GO-1
	is '.task.orphaned'
	json 0 show T3.4
	is '.task.after == "1"'
	finish T3.2 T3.3
	[ "$(state T3.4)" = ready ]
	bars_agree
	# And back: the word has not been given.
	take phares --as plan
	json 0 show T3.4
	is '.task.after == "GO-1" and .task.state == "pending"'
	bars_agree
}

@test "what becomes a gate, and stays one, over imports beside others" {
	new kitchen
	take phares
	take bakery-deployment
	refused 7 claim phares:GO-1 --agent ada
	refused 8 approve GO-1
	json 0 approve phares:GO-1 --override -m why
	[ "$(state T3.4)" = ready ]
	[ "$(state bakery-deployment:2.1)" = pending ]
	take phares
	[ "$(state phares:GO-1)" = 'done' ]
	bars_agree
}

# --- steps -----------------------------------------------------------------

@test "steps follow each other, as after, and not as needs" {
	new bakery-deployment
	refused 7 claim 1.3 --agent ada
	json 0 show 1.3
	is '.task.after == "1.1" and .task.needs == [] and .task.unmet == []'
	json 0 why 1.3
	is '.reasons | map(.kind) == ["step"]'
	json 0 claim --next --agent ada --sprint 1
	is '.task.id == "1.1"'
	json 0 'done' 1.1 --agent ada
	is '.now_ready == ["1.3"]'
	bars_agree
}

@test "a step that is cancelled lets nobody pass by the one before it" {
	new bakery-deployment
	t approve GO-1 --override -m why >/dev/null
	finish 2.1 2.2 phase-2.night-shift
	t cancel Step-1 >/dev/null
	[ "$(state Step-2)" = ready ]
	t reopen Step-1 >/dev/null
	[ "$(state Step-2)" = pending ]
	t reopen 2.1 >/dev/null
	[ "$(state Step-1)" = pending ]
	[ "$(state 2.2)" = 'done' ]
	t reopen 2.2 >/dev/null
	t cancel 2.2 >/dev/null
	bars_agree
}

@test "--order none lets everything begin but what a gate keeps" {
	new
	take bakery-deployment --order none
	[ "$(state 1.3)" = ready ]
	[ "$(state Step-2)" = ready ]
	[ "$(state 2.1)" = pending ]
	take bakery-deployment
	[ "$(state 1.3)" = pending ]
	[ "$(state Step-2)" = pending ]
	bars_agree
	take bakery-deployment --order none
	[ "$(state 1.3)" = ready ]
	bars_agree
}

@test "a dependency by hand against the order of steps is a cycle" {
	new bakery-deployment
	refused 8 dep add 2.1 2.2
	refused 8 dep add 1.1 2.1
}

@test "a finished sprint hides no open one behind which it stands" {
	cat >plan.md <<-'END'
	## Sprint 1
	#### Task 1.1 : A
	## Sprint 2
	#### Task 2.1 : B
	## Sprint 3
	#### Task 3.1 : C
	## Sprint 4
	#### Task 4.1 : D
	END
	new ./plan.md
	t cancel 2.1 >/dev/null
	t cancel 3.1 >/dev/null
	json 0 show 4.1
	is '.task.state == "pending" and .task.after == "1"'
	json 0 why 4.1
	is '.reasons | map(.other) == ["1"]'
	bars_agree
	json 0 claim 1.1 --agent ada
	json 0 'done' 1.1 --agent ada
	is '.now_ready == ["4.1"]'
	bars_agree
	t reopen 1.1 >/dev/null
	[ "$(state 4.1)" = pending ]
	t reopen 3.1 >/dev/null
	bars_agree
}

@test "whatever is done in whatever order, bars are what counting gives" {
	new bakery-deployment
	take phares
	RANDOM=7
	mapfile -t task < <(q "SELECT p.name || ':' || t.key FROM task AS t
	    JOIN plan AS p ON p.id = t.plan ORDER BY t.id")
	for ((i = 0; i < 80; i++)); do
		one=${task[RANDOM % ${#task[@]}]}
		case $((RANDOM % 8)) in
		0|1|2) finish "$one" 2>/dev/null || true ;;
		3) t cancel "$one" || true ;;
		4) t reopen "$one" || true ;;
		5) t approve "$one" --override -m why || true ;;
		6) as ada claim "$one" || true ;;
		7) case $((RANDOM % 3)) in
			0) take phares ;;
			1) take bakery-deployment --order none ;;
			*) take bakery-deployment --prune ;;
		esac ;;
		esac >/dev/null 2>&1
		bars_agree || { echo "after $i, $one"; return 1; }
	done
	# Nobody was let in too early.
	[ "$(q "SELECT count(*) FROM event WHERE kind = 'claimed'")" -gt 3 ]
}

# --- a store of version 1 ----------------------------------------------------

@test "a store of version 1 is taken over with its leases and barriers" {
	new kitchen
	as ada claim 1.3 >/dev/null
	finish 1.1
	t note 1.2 'mind the lamp' >/dev/null
	mv .tasks/taskctl.db now.db
	{
		cat "$ROOT/lib/store/sqlite/0001-foundation.sql"
		echo "ATTACH 'now.db' AS now; BEGIN;"
		for table in store plan sprint task lane dep line note lease event; do
			columns=$(sqlite3 now.db "SELECT group_concat(name) FROM
			    pragma_table_info('$table') WHERE name NOT IN
			    ('chain', 'step', 'gate', 'reserved', 'floor_ms',
			    'origin_id', 'goal') AND '$table' || name <> 'eventorigin'")
			echo "INSERT INTO $table ($columns)
			    SELECT $columns FROM now.$table;"
		done
		echo "COMMIT; PRAGMA user_version = 1;"
		echo "PRAGMA application_id = $(sqlite3 now.db \
		    'PRAGMA application_id');"
	} | sqlite3 .tasks/taskctl.db
	# A reader says that the store is older; the first change takes it over.
	json 0 note 1.2 'again' --agent ada
	[ "$(q 'PRAGMA user_version')" -ge 2 ]
	[ "$(q 'PRAGMA integrity_check')" = ok ]
	bars_agree
	json 0 show 2.1
	is '.task.state == "pending" and .task.gate == false'
	json 0 'done' 1.3 --agent ada --session ada-1
	finish 1.2
	[ "$(state 2.1)" = ready ]
	take phares
	refused 7 claim GO-1 --agent ada
	bars_agree
}

@test "a gate that is gone with its sprint holds nobody up who was put there" {
	new
	cp "$PLANS/phares.md" phares.md
	take phares.md
	code 0 t edit T3.5 --sprint 2
	printf '# S\n\n## Phase 1 : Essais\n\n### T3.2 : A\n\n### T3.5 : B\n' >phares.md
	code 0 t import phares.md
	code 0 t why T3.5
	says_not GO-1
}
