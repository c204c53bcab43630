# report.bats - the sprint review: its numbers, and its pages.

load helpers

# As if all so far had happened $1 seconds earlier.
backdate() {
	q "UPDATE event SET at_ms = at_ms - $1 * 1000;
	    UPDATE task SET started_ms = started_ms - $1 * 1000,
	        finished_ms = finished_ms - $1 * 1000;
	    UPDATE lease SET acquired_ms = acquired_ms - $1 * 1000;"
}

@test "planned against actual, per task and agent, and what it comes to" {
	new kitchen
	as ann claim 1.1
	backdate 1800
	as ann done 1.1
	as bob claim 1.3
	backdate 3600
	as bob done 1.3
	json 0 report
	is '.tasks[] | select(.id == "1.1") | .planned_s == 3600 and
	    (.actual_s - 1800 | fabs) < 30 and .ratio == 0.5 and .agent == "ann"'
	is '.tasks[] | select(.id == "1.3") | .planned_s == 1800 and .ratio == 2'
	is '[.agents[] | [.agent, .done, .ratio]] == [["ann", 1, 0.5], ["bob", 1, 2]]'
	is '.planned_s == 5400 and .ratio == 1 and .median_ratio == 1.25'
	is '.totals.done_s == 5400 and .velocity_s_per_day > 0 and .ended_at == null'
	is '.critical_path | index("2.1") != null and index("1.1") == null'
}

@test "what failed says why, and who said so, as status does" {
	new kitchen
	as ann claim 1.1 && as ann fail 1.1 -m 'no tap in the wall'
	as bob claim 1.3 && as bob fail 1.3 -m 'too | wide'
	json 0 status
	local why
	why=$(jq -r '.stuck[] | select(.task == "1.1") | .why' <<<"$out")
	[[ $why == 'failed: no tap in the wall; '* ]]
	json 0 report
	same "$why" "$(jq -r '.tasks[] | select(.id == "1.1") | .why' <<<"$out")"
	is '.tasks[] | select(.id == "1.1") | .state == "failed" and .agent == "ann"'
	is '.tasks[] | select(.id == "1.2") | .why == null'
	code 0 t report
	says "| $why | ann |" 'failed: too'
}

@test "planned against actual per sprint, and all work, whatever came of it" {
	new kitchen
	as ann claim 1.1
	backdate 1800
	as ann release 1.1
	as bob claim 1.1
	backdate 1800
	as bob done 1.1
	as ann claim 1.3
	backdate 3600
	as ann done 1.3
	# 1.1 took an hour of two people, 1.3 an hour of its half.
	json 0 report
	is '.sprints | map(.id) == ["1", "2", "3"]'
	is '.sprints[0] | .done == 2 and .planned_s == 5400 and .ratio == 1.33 and
	    (.actual_s - 7200 | fabs) < 30 and .worked_s == .actual_s and
	    .began_at != null and .ended_at == null'
	is '.sprints[1] | .done == 0 and .actual_s == 0 and .ratio == null and
	    .began_at == null'
	is '.agents | map(select(.agent == "ann")) | .[0] | .planned_s == 1800 and
	    (.worked_s - 5400 | fabs) < 30'
	is '.worked_s == ([.agents[].worked_s] | add)'
	as bob claim 1.2
	as bob done 1.2
	json 0 report --sprint 1
	is '.sprints | length == 1 and .[0].ended_at != null'
	code 0 t report
	says '| Sprint | Title | Done | Tasks | Planned | Actual |'
	says '| 1 | Walls | 3 | 3 | 1h30 | 2h | 1.33 | 2h | 0 |'
	code 0 t report --format html
	says '<h2>Sprints</h2>'
}

@test "--sprint PLAN:S is that plan's, with what was added by hand" {
	new kitchen
	printf '# Shed\n\n## Sprint 1 : Roof\n\n#### Task 7.1 : Tar\n' >shed.md
	t import shed.md >/dev/null
	t add h.1 'By hand' --sprint shed:1 >/dev/null
	json 0 report --sprint shed:1
	is '.sprint == "1" and .goal == "Roof" and .totals.tasks == 2 and
	    ([.tasks[].id] | sort) == ["7.1", "h.1"] and
	    [.sprints[].plan] == ["shed"] and
	    all(.critical_path[]; . == "7.1" or . == "h.1")'
	json 0 report --sprint kitchen:1
	is '[.tasks[].id] == ["1.1", "1.2", "1.3"] and .totals.tasks == 3'
	code 3 t report --sprint shed:9
	code 3 t report --sprint barn:1
}

@test "a sprint is its own review; an unknown one is not there" {
	new kitchen
	json 0 report --sprint 1
	is '.sprint == "1" and .goal == "Walls" and .totals.tasks == 3 and
	    [.tasks[].id] == ["1.1", "1.2", "1.3"] and .began_at == null'
	refused 3 report --sprint 9
	for task in 1.1 1.2 1.3; do as ann claim $task && as ann done $task; done
	json 0 report --sprint 1
	is '.ended_at != null and .totals.percent == 100 and .burn_down[-1].tasks == 0'
	# A week later it has not become longer.
	backdate 604800
	json 0 report --sprint 1
	is '.burn_down[-1].tasks == 0 and .burn_down[0].tasks == 3 and
	    .burn_down[-1].at == .ended_at'
}

@test "leases that were lost, and who took over" {
	new kitchen
	as ann claim 1.1 --ttl 1s
	sleep 1.1
	as bob claim 1.1
	t release 1.1 --force -m 'mine' --agent carl
	json 0 report
	is '[.lapses[] | [.kind, .task, .agent, .taken_over_by]] ==
	    [["lapsed", "1.1", "ann", "bob"], ["forced", "1.1", "bob", null]]'
	is '[.agents[] | select(.lapses == 1) | .agent] | sort == ["ann", "bob"]'
	is '.tasks[0].lapses == 2'
}

@test "what changed the scope once it had begun, and only that" {
	new kitchen
	t edit 1.2 --estimate 3h
	as ann claim 1.1
	t add 9.1 'An afterthought' --sprint 1 --estimate 2h
	t cancel 1.2
	json 0 report
	is '[.scope_changes[] | [.kind, .task]] == [["added", "9.1"], ["cancelled", "1.2"]]'
	is '[.tasks[] | select(.added_late) | .id] == ["9.1"]'
}

@test "the burn-down falls with what is done and rises with what is added" {
	new kitchen
	as ann claim 1.1
	backdate 3600
	json 0 report
	is '[.burn_down[].tasks] | unique == [7]'
	as ann done 1.1
	backdate 3600
	t add 9.1 Late --sprint 1 --estimate 2h
	json 0 report
	is '[.burn_down[].tasks] | .[0] == 7 and .[45] == 6 and .[-1] == 7'
	# The last point and the totals are two ways to one number.
	is '.burn_down[-1].effort_s == .totals.estimate_s - .totals.done_s'
	t reopen 1.1
	json 0 report
	is '.burn_down[-1].tasks == 8'
}

@test "decisions: who approved what, what was open, and why all the same" {
	new bakery-deployment
	json 0 list
	gate=$(get '[.tasks[] | select(.id | startswith("GO"))][0].id')
	json 0 report
	is ".gates[0] | .id == \"$gate\" and (.approved | not) and .approved_by == null"
	t approve "$gate" --agent eva --override -m 'the oven is on its way'
	json 0 report
	is '.gates[0] | .approved and .override and .approved_by == "eva" and
	    .why == "the oven is on its way" and .approved_at != null'
	code 0 t report
	says "overridden by eva" 'the oven is on its way'
	t reopen "$gate"
	json 0 report
	is '.gates[0] | (.approved | not) and .why == null'
}

@test "pages: by the file's ending, or as asked for" {
	new kitchen
	as ann claim 1.1
	backdate 60
	code 0 t report -o review.md
	grep -q '^# Review: ' review.md
	grep -q '^xychart-beta$' review.md
	code 0 t report -o review.html --sprint 1
	grep -q '<h1>Review of sprint 1' review.html
	grep -q '<svg ' review.html
	no grep -qE '<script|https?://|src=|url\(' review.html
	code 0 t report --format html
	same '<!doctype html>' "$(head -n 1 <<<"$out")"
	code 0 t report -o review.json
	jq -e '.tasks | length == 7' review.json
	code 64 t report -o review.pdf
	[ ! -e review.pdf ]
	json 0 report -o again.md
	is '.file == "again.md" and .bytes > 0'
}

@test "hostile titles and names are inert on both pages" {
	new kitchen
	t add 9.1 '<img src=x onerror=alert(1)> | **bold** @everyone `x` [l](http://evil.example)'
	as '<b>eve</b>|' claim 1.1
	backdate 60
	as '<b>eve</b>|' fail 1.1 -m x
	code 0 t report --format html
	no grep -qE '<img|<b>' <<<"$out"
	code 0 t report
	no grep -qE '(^|[^\\])(<img|<b>|\*\*bold|`x`|\[l\])|@everyone|http://' <<<"$out"
	# No cell of it ends early: all rows of a table are as long as its head.
	awk -F '[^\\\\][|]' '/^[|]/ { if (!n) n = NF; else if (NF != n) exit 1 }
	    !/^[|]/ { n = 0 }' <<<"$out"
}

@test "a review of a plan that nobody has begun" {
	new kitchen
	code 0 t report
	says 'not yet'
	json 0 report
	is '.burn_down == [] and .agents == [] and .lapses == []'
	new2=$BATS_TEST_TMPDIR/empty && mkdir "$new2" && cd "$new2"
	t init
	code 0 t report
	says '0 of 0 tasks'
}

@test "a task that waits for a whole sprint says so" {
	new
	printf '%s\n' '# Deployment checklist' '' '## Phase 1: Prepare' '' \
	    '### 1.1 Keep a copy' '- [ ] kept' '' '## Phase 2: Deploy' '' \
	    '### 2.1 Switch over' '- [ ] switched' >p.md
	t import p.md
	code 0 t report
	says '| 2.1 | Switch over | pending |  |  |  | sprint 1 |'
}
