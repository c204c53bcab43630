# plan.bats - taskctl plan --agents: who does what when; and when it is done.

load helpers

# Two chains of 2 h and 3 h for Ada, four hours for Bob, and a mutex.
four() {
	new
	t add 1 'One' --estimate 2h --planned-agent Ada >/dev/null
	t add 2 'Two' --estimate 3h --planned-agent Ada --needs 1 >/dev/null
	t add 3 'Three' --estimate 4h --planned-agent Bob --mutex db >/dev/null
	t add 4 'Four' --estimate 1h --mutex db >/dev/null
}

# Nobody does two things at once, and nothing begins before what it needs.
holds_together() {
	is '[.tasks[] as $a | .tasks[] as $b
	    | select($a.id < $b.id and $a.agent == $b.agent and $a.agent != null
	    and $a.start_s < $b.end_s and $b.start_s < $a.end_s)] == []' &&
	is '.makespan_s == ([.tasks[].end_s] | max)' &&
	is '.lower_bound_s <= .makespan_s'
}

# What ID was finished in: HOURS, ending AGO hours before now.
took() {
	q "UPDATE task SET
	    finished_ms = unixepoch() * 1000 - $3 * 3600000,
	    started_ms = unixepoch() * 1000 - ($3 + $2) * 3600000
	    WHERE key = '$1'"
}

@test "plan --agents: as the contract has it, proven, nobody twice at once" {
	new bibliotheque
	json 0 plan --agents 3
	is '.agents == 3 and (.names | length) == 3'
	is '.optimal == (.lower_bound_s == .makespan_s)'
	is '.optimal'
	is '.tasks | all(has("id") and has("agent") and has("start_s") and
	    has("end_s") and has("slack_s"))'
	is '(.waves | add | length) == (.tasks | map(select(.wave)) | length)'
	holds_together
	json 0 plan --agents 1
	is '.makespan_s == .sequential_s'
}

@test "plan: without --agents it is what it was" {
	new bibliotheque
	json 0 plan
	is '.makespan_s == .lower_bound_s and (.tasks[0] | has("slack_s"))'
	is '.forecast == null and (has("names") | not)'
	code 64 taskctl plan --calendar 'mon 9-17'
	says '--calendar' '--agents'
}

@test "plan --agents: named ones, preferred where it costs nothing" {
	four
	json 0 plan --agents ada,bob
	is '.makespan_s == 18000 and .optimal'
	is '[.tasks[] | {(.id): .agent}] | add ==
	    {"1": "ada", "2": "ada", "3": "bob", "4": "bob"}'
	is '.critical_path == ["1", "2"]'
	holds_together
}

@test "plan --strict-agents: a duty is kept, whatever it costs" {
	four
	t edit 3 --planned-agent Ada >/dev/null
	json 0 plan --agents ada,bob
	is '.makespan_s == 18000'
	json 0 plan --agents ada,bob --strict-agents
	is '.makespan_s == 32400 and .optimal'
	is '.tasks | all(.planned_agent == null or .agent == "ada")'
	refused 8 plan --agents bob,cyd --strict-agents
	says 'Ada'
}

@test "plan --agents: two tasks of one mutex never run at once" {
	four
	json 0 plan --agents 4
	is '(.tasks | map({(.id): .}) | add) as $t
	    | $t["3"].start_s >= $t["4"].end_s or
	      $t["4"].start_s >= $t["3"].end_s'
}

@test "plan --agents: what runs stays with its holder, done is done" {
	four
	as bob claim 1 >/dev/null
	q "UPDATE lease SET acquired_ms = acquired_ms - 3600000"
	json 0 plan --agents ada,bob
	is '(.tasks[0] | .agent == "bob" and .start_s == 0 and
	    .end_s >= 3590 and .end_s <= 3600)'
	holds_together
	json 0 plan --agents ada,cyd
	is '.tasks[0].agent == "bob"'
	json 0 plan --agents ada,bob --whole
	is '.tasks[0].end_s == 7200 and .tasks[0].agent == "ada"'
	as bob done 1 >/dev/null
	json 0 plan --agents ada
	is '.tasks[0] | .end_s == 0 and .agent == "bob" and .state == "done"'
	is '.sequential_s == 28800 and .makespan_s == 28800'
}

@test "plan --agents N: holders first, then who is planned for most" {
	four
	json 0 plan --agents 3
	is '.names == ["Ada", "Bob", "agent 1"]'
	as zoe claim 4 >/dev/null
	json 0 plan --agents 2
	is '.names == ["zoe", "Ada"]'
}

@test "plan --agents: what starts first is what claim --next gives first" {
	new
	for i in 1 2 3 4 5 6; do
		t add "$i" "Task $i" --estimate "${i}h" >/dev/null
	done
	t add 7 'After' --needs 2 --estimate 9h >/dev/null
	json 0 plan --agents 3 --effort 0
	planned=$(get '[.tasks[] | select(.start_s == 0 and .agent != null) |
	    .id] | sort | join(" ")')
	given=$(for agent in a b c; do
		as "$agent" -q claim --next | cut -d" " -f1
	done | sort | xargs)
	same "$planned" "$given"
}

@test "plan --calendar: work rests outside of the hours" {
	new
	t add 1 'One' --estimate 20h >/dev/null
	json 0 plan --agents 1 --calendar 'mon-sun 00:00-24:00'
	is '.makespan_s == 72000'
	json 0 plan --agents 1 --calendar 'mon-sun 00:00-12:00'
	is '.makespan_s > 72000 and .makespan_s <= 72000 + 86400'
	is '.sequential_s == 72000'
	for hours in nonsense 'mon 9' 'mon 9-17 x' ''; do
		refused 8 plan --agents 1 --calendar "$hours"
	done
	code 8 taskctl plan --agents 1 --calendar 'mon-fri 9-17, xyz 1-2'
	says 'column 15' 'hint'
}

@test "plan --agents: nonsense is refused" {
	four
	for agents in 0 1001 99999999999999999999 , 'a,,b' '' $'a\eb'; do
		refused 64 plan --agents "$agents"
	done
	refused 8 plan --agents 'ada,Agent Ada'
}

@test "plan --agents: nothing estimated, nothing at all" {
	new
	json 0 plan --agents 2
	is '.makespan_s == 0 and .optimal and .tasks == []'
	code 0 taskctl plan --agents 2
	t add 1 One >/dev/null
	t add 2 Two --needs 1 >/dev/null
	json 0 plan --agents 2
	is '.assumed_s == 3600 and .makespan_s == 7200'
	code 0 taskctl plan --agents 2
	says 'one hour'
}

@test "plan --agents: lanes of 80 columns, and inert" {
	new bibliotheque
	code 0 taskctl plan --agents 3
	inert
	says '┃' 'decided by' 'proven'
	[ "$(wc -L <<<"$out")" -le 80 ]
	code 0 env COLUMNS=40 taskctl plan --agents 3 --limit 2
	says '… and'
}

@test "plan --agents: the same every time" {
	new bibliotheque
	json 0 plan --agents 2 --seed 5
	first=$(get '.tasks')
	json 0 plan --agents 2 --seed 5
	same "$first" "$(get '.tasks')"
}

@test "forecast: none before three estimated tasks are finished" {
	new
	for i in 1 2 3 4; do t add "$i" x --estimate 1h >/dev/null; done
	for i in 1 2; do
		as ada claim "$i" >/dev/null
		as ada done "$i" >/dev/null
	done
	json 0 status
	is 'has("forecast") and .forecast == null'
	code 0 taskctl status
	says_not 'at this pace'
}

@test "forecast: at twice the estimates, an hour takes two" {
	new
	for i in 1 2 3 4; do t add "$i" x --estimate 1h >/dev/null; done
	for i in 1 2 3; do
		as ada claim "$i" >/dev/null
		as ada done "$i" >/dev/null
		took "$i" 2 $(((3 - i) * 2))
	done
	before=$(dump)
	json 0 status
	same "$before" "$(dump)"
	is '(.forecast.p50 | sub("\\.[0-9]+"; "") | fromdate) - now
	    | . > 7100 and . < 7300'
	is '.forecast.p90 >= .forecast.p50 and (.forecast.basis |
	    contains("3 finished tasks"))'
	json 0 plan --agents 2
	is '.forecast.p50 != null'
	code 0 taskctl status
	says 'at this pace done by' 'nine times in ten by' '2.00 times'
	code 0 taskctl plan
	says 'at this pace done by'
	as ada claim 4 >/dev/null
	as ada done 4 >/dev/null
	json 0 status
	is '.forecast == null'
}

@test "forecast: of slow and fast agents the range is wide" {
	new
	for i in {1..12}; do t add "$i" x --estimate 1h >/dev/null; done
	for i in {1..8}; do
		agent=$([ $((i % 2)) -eq 0 ] && echo fast || echo slow)
		as "$agent" claim "$i" >/dev/null
		as "$agent" done "$i" >/dev/null
		took "$i" $((i % 2 ? 3 : 1)) $(((8 - i) * 3))
	done
	json 0 status
	is '(.forecast.p90 | sub("\\.[0-9]+"; "") | fromdate) -
	    (.forecast.p50 | sub("\\.[0-9]+"; "") | fromdate) > 1800'
}

@test "plan -q: ids alone, by start; without agents the critical path's" {
	four
	as Ada claim 1 >/dev/null
	as Ada done 1 >/dev/null
	json 0 plan --agents Ada,Bob
	want=$(jq -r '[.tasks[] | select(.wave)] | sort_by(.start_s) | .[].ref' \
	    <<<"$out")
	code 0 t plan -q --agents Ada,Bob
	same "$want" "$out"
	same 3 "$(wc -l <<<"$out")"
	json 0 plan
	want=$(jq -r '.critical_path[]' <<<"$out")
	code 0 t plan -q
	same "$want" "$out"
	no grep -qx '' <<<"$out"
}

@test "plan --agents: what begins like a number must be one" {
	four
	for n in -1 +2 1.5 1e3 0 2x ada,-1; do
		refused 64 plan --agents=$n
	done
	json 0 plan --agents 007x,ada
	is '.names == ["007x", "ada"]'
}
