# status.bats - where it stands: one screen, lines for scripts, parts of it.

load helpers

# As if all so far had happened $1 seconds earlier.
backdate() {
	q "
	    UPDATE lease SET acquired_ms = acquired_ms - $1 * 1000;
	    UPDATE task SET started_ms = started_ms - $1 * 1000,
	        finished_ms = finished_ms - $1 * 1000;"
}

lines_of() { env LINES=$1 COLUMNS=$2 taskctl status | wc -l; }

# The widest line in columns, as wc -L counts them.
columns_of() { env LINES=$1 COLUMNS=$2 taskctl status | wc -L; }

@test "progress by effort and by count, per sprint" {
	new kitchen
	as ann claim 1.3 && as ann done 1.3
	code 0 t status
	says 'effort' '30m of 13h30' 'tasks' '1 of 7 done; ' ' 1/3 ' '1  Walls'
}

@test "who works: how long, of what estimate, and how long the lease lasts" {
	new kitchen
	as ann claim 1.1 --ttl 20m
	backdate 600
	code 0 t status
	says 'in work' '1.1   ann   10m of 1h, lease 19m left'
	as bob claim 1.3 && as bob done 1.3
	code 0 t status
	says 'next' 'after 1.1:  2.1'
}

@test "a task in work for longer than its estimate is stuck, and says so" {
	new kitchen
	as ann claim 1.1 --ttl 5h
	backdate 3500
	json 0 status
	is '[.stuck[].kind] == ["mutex"]'
	backdate 200
	json 0 status
	is '.stuck[0] | .kind == "late" and .agent == "ann" and
	    .next == "taskctl show 1.1" and (.why | test("1h1m|1h01"))'
}

@test "of all that wait for one task the longest is stuck" {
	new kitchen
	as ann claim 1.3 && as ann done 1.3
	as ann claim 1.2 && as ann done 1.2
	as bob claim 1.1 --ttl 5h
	backdate 7300
	json 0 status
	is '[.stuck[].kind] == ["late", "blocked"]'
	is '.stuck[1] | .task == "2.1" and .agent == "bob" and (.why | test("for 1.1"))'
}

@test "a held mutex is said with its holder and how many wait for it" {
	new
	printf '# P\n\n## Sprint 1 : One\n' >p.md
	for n in 1 2 3; do
		printf '\n#### Task 1.%d : T\n**Parallélisable** : ❌ (db)\n' $n
	done >>p.md
	t import p.md
	as ann claim 1.1
	json 0 status
	is '[.stuck[] | select(.kind == "mutex")] | length == 1'
	is '.stuck[0] | .task == "1.2" and .agent == "ann" and (.why | test("and 1 more"))'
	as ann done 1.1
	json 0 status
	is '.stuck == []'
}

@test "failed, lapsed: each with its reason and the next step" {
	new kitchen
	as ann claim 1.1 && as ann fail 1.1 -m x
	as bob claim 1.3 --ttl 1s
	sleep 1.1
	json 0 status
	is '[.stuck[] | [.kind, .next]] | sort == [["failed", "taskctl reopen 1.1"],
	    ["lapsed", "taskctl claim 1.3"]]'
	code 0 t status
	says '1.1   failed' 'taskctl reopen 1.1' 'its lease ended' 'taskctl claim 1.3'
}

@test "failed: what its agent said of it, not what came before or after" {
	new kitchen
	as bob claim 1.1 --ttl 1s
	sleep 1.1
	as ann claim 1.1
	as ann note 1.1 'begun'
	as ann fail 1.1 -m 'no tap in the wall'
	as eve note 1.1 'later'
	json 0 status
	is '.stuck[0] | .kind == "failed" and .agent == "ann" and
	    (.why | startswith("failed: no tap in the wall; "))'
	code 0 env COLUMNS=80 taskctl status
	says 'failed: no tap in the wall' 'taskctl reopen 1.1'
	json 0 why 1.1
	is '.reasons | length == 1 and
	    .[0].text == "it is failed: no tap in the wall (ann)"'
}

@test "stuck on 40 columns: in a word why, and the next step" {
	new kitchen
	as ann claim 1.1 && as ann fail 1.1 -m 'no tap in the wall'
	as bob claim 1.3 --ttl 1s
	sleep 1.1
	code 0 env COLUMNS=40 LINES=24 taskctl status
	says '1.1   failed → taskctl reopen 1.1' \
	    '1.3   lapsed → taskctl claim 1.3'
	[ "$(columns_of 24 40)" -le 40 ]
}

@test "a long name on 40 columns is cut, and not how long its lease lasts" {
	new kitchen
	as somebody-with-a-name claim 1.1 --ttl 30m10s
	code 0 env COLUMNS=40 LINES=24 taskctl status
	says 'lease 30m left'
	[ "$(columns_of 24 40)" -le 40 ]
	code 0 env COLUMNS=80 LINES=24 taskctl status
	says 'somebody-with…'
}

@test "one screen, whatever there is to say" {
	new
	{
		printf '# P\n'
		for s in $(seq 40); do
			printf '\n## Sprint %d : A sprint\n' $s
			for n in 1 2 3 4 5; do
				printf '\n#### Task %d.%d : 木工 %s\n**Durée** : 1h\n' \
				    $s $n "$(printf 'long%.0s' {1..40})"
			done
		done
	} >p.md
	t import --order none p.md
	for i in $(seq 15); do as "agent-$i" -q claim --next; done
	for i in $(seq 5); do as "agent-$i" fail "1.$i" -m why; done
	for size in '24 80' '24 40' '12 80' '50 132'; do
		# shellcheck disable=SC2086
		[ "$(lines_of $size)" -lt "${size% *}" ]
		# shellcheck disable=SC2086
		[ "$(columns_of $size)" -le "${size#* }" ]
	done
	code 0 env LINES=24 COLUMNS=80 taskctl status
	says 'in work' stuck next 'more sprints' 'and '
}

@test "one screen, with a forecast too, and when all is done" {
	new
	{
		printf '# P\n'
		for s in $(seq 40); do
			printf '\n## Sprint %d : S\n\n#### Task %d.1 : T\n' $s $s
			printf '**Duration**: 1h\n'
		done
	} >p.md
	t import --order none p.md
	for i in 1 2 3; do as ann claim "$i.1" && as ann done "$i.1"; done
	for i in 11 12 13 14; do as "agent-$i" claim "$i.1"; done
	as ann claim 21.1 && as ann fail 21.1 -m why
	code 0 t status
	says 'at this pace done by' 'nine times in ten by' \
	    'if 21.1, which failed, is reopened'
	for size in '24 80' '24 40' '30 100'; do
		# shellcheck disable=SC2086
		[ "$(lines_of $size)" -lt "${size% *}" ]
		# shellcheck disable=SC2086
		[ "$(columns_of $size)" -le "${size#* }" ]
	done
	q "UPDATE task SET state = 'done', finished_ms = 1, started_ms = 1;
	    UPDATE lease SET ended = 'done', ended_ms = 1"
	code 0 t status
	says 'the plan is complete'
	[ "$(lines_of 24 80)" -lt 24 ]
}

# Three tasks of an hour are done, and three are left: 1.6 needs 1.5.
with_forecast() {
	new
	for i in 1 2 3 4 5 6; do t add 1.$i T --estimate 1h >/dev/null; done
	t dep add 1.6 1.5 >/dev/null
	for i in 1 2 3; do
		as ann claim 1.$i >/dev/null
		as ann 'done' 1.$i >/dev/null
	done
}

# What the forecast takes for granted, as "TASK STATE" of each.
conditions() {
	t --json "$@" |
	    jq -r '.forecast.provided[] | .task + " " + .state'
}

@test "forecast: it holds if what failed is reopened, and every view says so" {
	with_forecast
	same '' "$(conditions status)"
	code 0 t status
	says_not reopened
	as ann claim 1.4 >/dev/null
	as ann fail 1.4 -m why >/dev/null
	for command in status plan 'plan --agents 2' report; do
		# shellcheck disable=SC2086
		same '1.4 failed' "$(conditions $command)"
		# shellcheck disable=SC2086
		code 0 t $command
		says 'if 1.4, which failed, is reopened'
	done
	code 0 t report --format html
	says 'if 1.4, which failed, is reopened'
	t export --html page.html >/dev/null
	grep -q '>, if 1.4, which failed, is reopened.</p>' page.html
	as ann claim 1.5 >/dev/null
	as ann fail 1.5 -m why >/dev/null
	code 0 t status
	says $'\n  if 1.4, which failed, is reopened (and 1 more)\n'
	same '2' "$(t status --format '{forecast.provided}')"
	[ "$(columns_of 24 40)" -le 40 ]
	t reopen 1.4 >/dev/null
	t reopen 1.5 >/dev/null
	same '' "$(conditions status)"
}

@test "forecast: of what is cancelled it takes for granted what something needs" {
	with_forecast
	t cancel 1.4 >/dev/null
	same '' "$(conditions status)"
	t cancel 1.5 >/dev/null
	same '1.5 cancelled' "$(conditions status)"
	code 0 t status
	says 'if nothing needs 1.5, which was cancelled, any more'
	t dep rm 1.6 1.5 >/dev/null
	same '' "$(conditions status)"
}

@test "forecast: what a lapse has made fail is named, swept or not" {
	with_forecast
	t config max_attempts 1 >/dev/null
	as ann claim 1.4 >/dev/null
	age 1.4 3000000
	same '1.4 failed' "$(conditions status)"
	t sweep >/dev/null
	same '1.4 failed' "$(conditions status)"
}

@test "what lapsed is stuck until somebody comes, swept or not" {
	new kitchen
	as bob claim 1.3 --ttl 1s
	sleep 1.1
	json 0 status
	is '[.stuck[] | [.task, .kind]] == [["1.3", "lapsed"]]'
	before=$(jq -c .stuck <<<"$out")
	t sweep
	json 0 status
	same "$before" "$(jq -c .stuck <<<"$out")"
	as ann claim 1.3
	json 0 status
	is '.stuck == []'
}

@test "whose agent was proven dead is stuck until somebody comes, swept or not" {
	new kitchen
	sleep 60 3>&- & local pid=$!
	as bob claim 1.3 --pid $pid
	t heartbeat --all --host # it has seen it alive
	kill $pid; wait $pid || :
	json 0 status
	is '[.stuck[] | [.task, .kind, .agent]] == [["1.3", "lapsed", "bob"]]'
	before=$(jq -c .stuck <<<"$out")
	t tick
	same died "$(q "SELECT ended FROM lease")"
	json 0 status
	same "$before" "$(jq -c .stuck <<<"$out")"
	as ann claim 1.3
	json 0 status
	is '.stuck == []'
}

@test "the screen begins with the first sprint that is not done" {
	new
	{
		printf '# P\n'
		for s in $(seq 40); do
			printf '\n## Sprint %d : S\n\n#### Task %d.1 : T\n' $s $s
		done
	} >p.md
	t import p.md
	for s in $(seq 20); do as ann claim --next && as ann done "$s.1"; done
	code 0 t status
	says '20  S' '21  S' '19 before'
	[[ $out != *'18  S'* ]]
}

@test "in the C locale our own signs are ASCII; titles stay what they are" {
	new kitchen
	as ann claim 1.1
	code 0 env LC_ALL=C taskctl status
	says 'effort ......'
	as somebody-with-a-name claim 1.3
	code 0 env LC_ALL=C COLUMNS=80 taskctl status
	says 'somebody-with~'
	[[ $out != *░* && $out != *█* && $out != *→* && $out != *…* ]]
	code 0 env LC_ALL=C COLUMNS=40 taskctl list
	says '~'
	[[ $out != *…* ]]
}

@test "--sprint and --agent show that part" {
	new kitchen
	as ann claim 1.1
	as bob claim 1.3
	json 0 status --agent bob
	is '[.leases[].task] == ["1.3"] and .totals.tasks == 7'
	json 0 status --sprint 1
	is '.totals.tasks == 3 and [.sprints[].id] == ["1"] and
	    ([.leases[].task] | sort) == ["1.1", "1.3"]'
	json 0 status --sprint 2
	is '.leases == [] and .ready == [] and .ready_count == 0'
	code 3 t status --sprint 9
}

@test "--sprint PLAN:S is that plan's, with what was added by hand" {
	new kitchen
	printf '# Shed\n\n## Sprint 1 : Roof\n\n#### Task 7.1 : Tar\n' >shed.md
	t import shed.md >/dev/null
	t add h.1 'By hand' --sprint shed:1 >/dev/null
	as ann claim 1.1 >/dev/null
	as bob claim h.1 >/dev/null
	code 8 t status --sprint 1
	json 0 status --sprint kitchen:1
	is '[.leases[].agent] == ["ann"] and [.sprints[].plan] == ["kitchen"]'
	json 0 status --sprint shed:1
	is '[.leases[].task] == ["h.1"] and [.sprints[].plan] == ["shed"]'
	is ".totals.tasks == $(t -q list --sprint shed:1 | wc -l)"
	code 3 t status --sprint shed:9
	code 3 t status --sprint barn:1
}

@test "--porcelain: words and fields, whatever terminal, colour and size" {
	new kitchen
	as ann claim 1.1
	as bob claim 1.3 && as bob fail 1.3 -m x
	code 0 t status --porcelain
	same $'taskctl-status\t1' "$(head -n 1 <<<"$out")"
	same $'totals\t0\t0\t7\t0\t48600\t4\t1\t1\t1\t0' "$(sed -n 2p <<<"$out")"
	says $'sprint\t1\tclaimed\t0\t0\t3\t0\t' $'lease\t1.1\tann\t1\t' \
	    $'stuck\t1.3\tfailed\t' $'stuck\t1.2\tmutex\tann\t'
	first=$out
	code 0 env LINES=10 COLUMNS=40 LC_ALL=C NO_COLOR=1 taskctl \
	    --color always status --porcelain
	same "$first" "$out"
	code 64 t status --porcelain --json
}

@test "--format: places of the answer in a line of one's own" {
	new kitchen
	as ann claim 1.1
	code 0 t status --format '{totals.percent}% of {totals.tasks}, {leases} by {leases.0.agent}{leases.7.agent} {{x}\t.'
	same $'0% of 7, 1 by ann {x}\t.' "$out"
	for wrong in '{nothing}' '{totals.x}' '{' '{}' '{leases.x}'; do
		code 64 t status --format "$wrong"
		same '' "$out"
	done
	code 64 t status --format x --json
}

@test "titles and names cannot act on a terminal" {
	new kitchen
	as ann claim 1.1
	# Neither plan nor command line lets such names in.
	q "UPDATE task SET title = char(27) || '[31mred' || char(8238);
	    UPDATE lease SET agent = char(27) || '[2Jann'"
	for form in '' --porcelain '--format {leases.0.title}{leases.0.agent}'; do
		# shellcheck disable=SC2086
		code 0 t status $form
		no grep -q "$(printf '\033\\|\342\200\256')" <<<"$out"
	done
}

@test "--watch shows it again at every change" {
	new kitchen
	taskctl status --watch 60 --format '{totals.done} {leases}' >seen 3>&- &
	watcher=$!
	until_true grep -q '^0 0$' seen
	as ann claim 1.3
	until_true grep -q '^0 1$' seen
	as ann done 1.3
	until_true grep -q '^1 0$' seen
	kill $watcher
}
