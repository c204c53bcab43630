# gantt_agents.bats - gantt --agents: the bars are the schedule of plan --agents.

load helpers

plan() {
	new
	t add a 'Dig' --estimate 2h >/dev/null
	t add b 'Paint' --estimate 1h --planned-agent bob >/dev/null
	t add c 'Plant' --estimate 1h --needs a >/dev/null
	t add d 'Water' --estimate 1h >/dev/null
	t add e 'Fence' --estimate 3h >/dev/null
}

# Hours from the chart's now, by task: [id, agent, start, end].
hours() {
	jq -c '.now as $now | [.tasks[] | [.id, .agent,
	    (.start, .end | ((sub("\\.[0-9]+"; "") | fromdate) -
		($now | sub("\\.[0-9]+"; "") | fromdate)) / 3600)]] | sort[]'
}

@test "gantt --agents: the bars are where plan --agents has the tasks" {
	plan
	t --json plan --agents 2 | jq -c '[.tasks[] | [.id, .agent,
	    .start_s / 3600, .end_s / 3600]] | sort[]' >want
	t gantt --agents 2 --format json >chart.json
	diff want <(hours <chart.json)
	[ "$(jq -r '[.tasks[].agent] | unique | length' chart.json)" = 2 ]
	# Nobody is at two places at once.
	jq -e '[.tasks[] | [.agent, .start, .end]] | group_by(.[0]) | all(
	    sort_by(.[1]) | . as $b | all(range(1; length);
		$b[.][1] >= $b[. - 1][2]))' chart.json
	# Without it there are as many as it takes.
	t gantt --format json >free.json
	jq -e '[.tasks[] | select(.start == $now)] | length == 4' \
	    --arg now "$(jq -r .now free.json)" free.json
}

@test "gantt --agents --by agent: a lane an agent" {
	plan
	t gantt --agents ada,bob --strict-agents --by agent --format json >c.json
	jq -e '[.tasks[].section] | unique == ["ada", "bob"]' c.json
	jq -e '.tasks[] | select(.id == "b") | .agent == "bob"' c.json
	code 0 t gantt --agents ada,bob --by agent
	says 'section ada' 'section bob'
	says_not 'nobody'
}

@test "gantt --agents: what is done and begun stays where it is" {
	plan
	as ada claim a >/dev/null
	as ada done a >/dev/null
	as eve claim e >/dev/null
	t gantt --format json | jq -c '.tasks[] | select(.id == "a")' >want
	t gantt --agents ada,bob --format json >c.json
	diff want <(jq -c '.tasks[] | select(.id == "a")' c.json)
	jq -e '.tasks[] | select(.id == "e") | .agent == "eve"' c.json
	jq -e '[.tasks[] | select(.agent != "eve") | .agent] | unique ==
	    ["ada", "bob"]' c.json
	t gantt --agents ada,bob --whole --format json |
	    jq -e '[.tasks[].agent] | unique == ["ada", "bob"]'
}

@test "gantt --agents: nights are free with a calendar" {
	plan
	t gantt --agents 1 --calendar 'mon-sun 09:00-11:00' --format json >c.json
	jq -e '[.tasks[] | .start, .end | .[11:16]] |
	    all(. >= "09:00" and . <= "11:00")' c.json
	jq -e '[.tasks[] | .start, .end | .[0:10]] | unique | length >= 4' c.json
}

@test "gantt --agents: what cannot be is refused" {
	plan
	for options in '--agents 0' '--agents ,' '--strict-agents' \
	    '--calendar mon'; do
		json 64 gantt $options
	done
	json 8 gantt --agents ada --strict-agents
	is '.error.message | test("bob")'
	json 8 gantt --agents 2 --calendar 'sometimes'
}
