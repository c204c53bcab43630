# gantt.bats - charts: each format is a valid file, folded where it is too long,
# replaced whole, and no title breaks out of it.

load helpers

# Texts that would act in one format or another.
HOSTILE=(
	'</script><script>alert(1)</script>'
	'"><img src=x onerror=alert(1)> & ]]> <!--'
	'=HYPERLINK("http://x")'
	'+1' '@SUM(A1)' '-2+3'
	'a"; b [label="x"] -> c; \N \'
	'" { start 2000-01-01 } task x "${now} $(HOME)'
	'semi;colon, comma: END:VEVENT'
)

hostile() {
	local i
	new
	for i in "${!HOSTILE[@]}"; do
		t add "x.$((i + 1))" --estimate 1h --mutex "${HOSTILE[i]}" \
		    -- "${HOSTILE[i]}" >/dev/null
	done
}

# A plan with N sprints of 10 tasks.
large() {
	local s i
	new
	{
		echo '# Large'
		for ((s = 1; s <= $1; s++)); do
			printf '\n## Sprint %d : Part %d\n' $s $s
			for ((i = 1; i <= 10; i++)); do
				printf '\n#### Task %d.%d : Piece\n\n**Duration**: 1h\n' $s $i
			done
		done
	} >large.md
	take large.md
}

need_chart() {
	[ -x "$(dirname "$(command -v taskctl)")/taskctl-chart" ] ||
	    skip 'taskctl-chart is not built here'
}

@test "gantt: text formats are what they say" {
	new bibliotheque
	code 0 t gantt --format mermaid
	same gantt "$(head -1 <<<"$out")"
	code 0 t gantt --format svg
	xmllint --noout - <<<"$out"
	code 0 t gantt --format html
	says '<!DOCTYPE html>'
	code 0 t gantt --format csv
	same 'id,title,section,state' "$(head -1 <<<"$out" | cut -d, -f1-4)"
	code 0 t gantt --format json
	is '.schema == "taskctl/1" and (.tasks | length > 0)'
	code 0 t gantt --format dot
	same 'digraph plan {' "$(head -1 <<<"$out")"
	code 0 t gantt --format tjp
	says 'project plan "' 'taskreport'
}

@test "gantt: taskctl-chart draws and converts" {
	need_chart
	new bibliotheque
	for format in png pdf; do
		code 0 t gantt --format $format -o chart.$format
		file chart.$format | grep -qi "$format"
	done
	code 0 t gantt -o plan.xml
	xmllint --noout plan.xml
	grep -q '<Project xmlns="http://schemas.microsoft.com/project">' plan.xml
	code 0 t gantt --format ics
	says BEGIN:VCALENDAR END:VCALENDAR
	code 0 t graph --format svg
	xmllint --noout - <<<"$out"
}

@test "gantt: without taskctl-chart its formats say so, and the others work" {
	mkdir bin
	copy_taskctl bin
	new bibliotheque
	[ ! -e /usr/local/libexec/taskctl/taskctl-chart ] || skip 'it is installed'
	PATH=$PWD/bin:$PATH
	json 1 gantt --format pdf -o x.pdf
	is '.error.code == "failed" and (.error.message | test("not installed"))'
	[ ! -e x.pdf ]
	code 0 t gantt --format svg
}

@test "gantt: the chart in JSON: plan, fact, path, needs" {
	new bibliotheque
	as ada claim 1.1 >/dev/null
	as ada 'done' 1.1 >/dev/null 2>&1
	code 0 t gantt --format json
	is '.tasks | map(select(.id == "1.1")) | .[0] |
	    .state == "done" and .agent == "ada" and .percent == 100 and
	    .planned_start != null and .start != null'
	is '[.tasks[] | select(.critical)] | length > 0'
	is '[.tasks[].needs[]] | length > 0'
	json 0 plan
	local path=$(get '.critical_path | length')
	code 0 t gantt --whole --format json
	is "[.tasks[] | select(.critical)] | length >= $path"
}

@test "gantt --by agent: a section an agent, by start" {
	new bibliotheque
	code 0 t gantt --by agent --format json
	is '[.tasks[].section] | length == ([.[] | select(. != null)] | length)'
	# each section once
	is '[.tasks[].section] | reduce .[] as $s ([]; if .[-1] == $s then . else . + [$s] end) |
	    length == (unique | length)'
}

@test "gantt: what lapsed and failed is said to be stuck" {
	new
	t add 1.1 One --estimate 1h >/dev/null
	t add 1.2 Two --estimate 1h >/dev/null
	as ada claim 1.1 >/dev/null
	age 1.1 7200000
	as bo claim 1.2 >/dev/null
	as bo fail 1.2 -m 'no way' >/dev/null
	code 0 t gantt --format json
	is '.tasks[0].stuck != null and .tasks[0].lapsed == 1'
	is '.tasks[1].stuck != null and .tasks[1].state == "failed"'
	code 0 t gantt --format svg
	says 'lapsed 1×' 's-stuck' 'f-failed'
}

@test "gantt --limit: sections are folded, and it says so" {
	large 6
	code 0 t gantt --format json
	is '.folded == 0 and (.tasks | length) == 60'
	code 0 t gantt --limit 20 --format json
	is '.folded == 50 and (.tasks | length) == 15'
	code 0 t gantt --limit 20 --format tjp # tj3 is to schedule tasks
	same 60 "$(grep -c '^  task t' <<<"$out")"
	code 0 t gantt --limit 20 --format svg
	says 'folded into one bar' '--limit 0 shows each' '6 Part 6 (10 tasks, 0 % done)'
	code 0 t gantt --limit 0 --format svg
	says_not folded
	json 0 gantt --limit 20 --format svg
	is '.tasks == 60 and .folded >= 40'
	code 0 t graph --limit 20 --format dot
	says 'Part 6 (10 tasks'
}

@test "gantt: Mermaid is folded to what Mermaid draws" {
	large 90
	code 0 t gantt
	[ "${#out}" -le 50000 ]
	says 'folded into one bar'
	code 0 t graph
	[ "${#out}" -le 50000 ]
	code 0 t gantt --limit 0
	[ "$(grep -c ', 60m$' <<<"$out")" -eq 900 ]
}

@test "gantt -o: the ending says the format; the file is replaced in one step" {
	new bibliotheque
	code 0 t gantt -o plan.svg
	xmllint --noout plan.svg
	chmod 640 plan.svg
	ln plan.svg other
	code 0 t gantt -o plan.svg --theme dark
	same 640 "$(stat -c %a plan.svg)"
	no cmp -s plan.svg other # another file has taken its name
	ln -s plan.svg link.svg
	code 0 t gantt -o link.svg
	[ -L link.svg ]
	json 0 gantt -o plan.csv
	is '.format == "csv" and .file == "plan.csv" and (has("chart") | not)'
	code 1 t gantt -o no/such/plan.svg
	code 1 t gantt -o .
	same '' "$(find . -maxdepth 1 -name '*.svg.*')"
}

@test "gantt: what is binary does not go to a terminal, nor into JSON" {
	new bibliotheque
	json 64 gantt --format png
	code 64 script -qec 'taskctl gantt --format pdf' /dev/null
	says 'binary'
	code 64 t gantt --format gif
}

@test "gantt --update: only the block changes, byte for byte" {
	new bibliotheque
	printf '# Plan\r\n\r\nText  \r\n\r\n- item\r\n\r\n  ```mermaid\r\n  %%%% taskctl kept\r\n  gantt\r\n    old :a, 2020-01-01, 1d\r\n  ```\r\n\r\n```\r\ngantt\r\n```\r\nlast line without end' >plan.md
	cp plan.md before.md
	code 0 t gantt --update plan.md
	# before the line gantt, and from the closing fence on
	local head=$(grep -n '^  gantt' before.md | cut -d: -f1)
	cmp <(head -n $((head - 1)) before.md) <(head -n $((head - 1)) plan.md)
	cmp <(tail -n 6 before.md) <(tail -n 6 plan.md)
	# its lines are indented and end as those around them
	no grep -q 'old' plan.md
	same 0 "$(sed -n "$head,\$p" plan.md | head -n -6 | grep -vc $'^  .*\r$')"
	grep -q $'^      section .*\r$' plan.md
	# again: nothing to do within the minute, and never another byte outside
	code 0 t gantt --update plan.md
	cmp <(tail -n 6 before.md) <(tail -n 6 plan.md)
}

@test "gantt --update: a block that the plan says its order by is left alone" {
	new
	printf '```mermaid\ngantt\n dateFormat YYYY-MM-DD\n section A\n One :a1, 2026-01-01, 2d\n Two :a2, after a1, 3d\n```\n' >g.md
	take g.md
	cp g.md before.md
	json 8 gantt --update g.md
	is '.error.hint | test("%% taskctl")'
	cmp g.md before.md
	# one marked as taskctl's is not part of the plan, whatever it says
	printf '\n```mermaid\n%%%% taskctl\ngantt\n```\n' >>g.md
	code 0 t gantt --update g.md
	cmp <(head -n 7 g.md) before.md
	code 0 t import g.md
	says unchanged
	json 0 show a2
	is '.task.needs == ["a1"]'
}

@test "gantt --update: a plan's file gets its own plan, another all of them" {
	new
	cp "$PLANS/bibliotheque.md" "$PLANS/phares.md" .
	take bibliotheque.md
	take phares.md
	printf '\n```mermaid\n%%%% taskctl\ngantt\n```\n' | tee -a phares.md >readme.md
	code 0 t gantt --update phares.md
	no grep -q 't1_1,' phares.md
	grep -q 'T3_2,' phares.md
	code 0 t gantt --update readme.md
	grep -q 't1_1,' readme.md
	grep -q 'T3_2,' readme.md
}

@test "gantt --update: a list of boxes stays one" {
	new
	printf '# P\n\n## Phase 1\n- [ ] Alpha\n- [ ] Beta\n\n## Phase 2\n- [ ] Gamma\n\n```mermaid\n%%%% taskctl\ngantt\n```\n' >todo.md
	take todo.md
	code 0 t gantt --update todo.md
	grep -q Gamma.*2026 todo.md || grep -q 'Gamma :' todo.md
	code 0 t lint todo.md
	says '"todo"'
	code 0 t import todo.md
	says unchanged
}

@test "gantt --update: a block of another kind, none, or several are refused" {
	new bibliotheque
	printf '```mermaid\nflowchart LR\n```\n' >none.md
	json 8 gantt --update none.md
	is '.error.message | test("none.md:1:1: ")'
	printf '```mermaid\ngantt\n```\n\n```mermaid\ngantt\n  title b\n```\n' >two.md
	cp two.md before.md
	json 8 gantt --update two.md
	is '.error.message | test("two.md:2:1: .*another: line 6")'
	cmp two.md before.md
	printf '```mermaid\ngantt\n```\n\n```mermaid\n%%%% taskctl\ngantt\n  title b\n```\n' >two.md
	code 0 t gantt --update two.md
	same gantt "$(sed -n 2p two.md)"
	same '```' "$(sed -n 3p two.md)"
	no grep -q 'title b' two.md
	grep -q '^%% taskctl$' two.md
	json 3 gantt --update missing.md
	printf '```mermaid\ngantt\n\xff\n```\n' >bytes.md
	json 8 gantt --update bytes.md
	json 64 gantt --update two.md -o x.svg
	json 64 gantt --update two.md --format svg
}

@test "gantt: no title breaks out of SVG, HTML, XML" {
	hostile
	code 0 t gantt --format svg
	xmllint --noout - <<<"$out"
	says_not '<script' '<img'
	code 0 t gantt --format html
	# one script of data and one of ours, and no tag of a title's
	same 2 "$(grep -o '<script' <<<"$out" | wc -l)"
	same 2 "$(grep -o '</script' <<<"$out" | wc -l)"
	says_not '<img'
	sed -n 's/.*<script id="data"[^>]*>\(.*\)<\/script>/\1/p' \
	    "$BATS_TEST_TMPDIR/.out" | jq -e '.bars | length == 9'
	need_chart
	t gantt -o plan.xml >/dev/null
	xmllint --noout plan.xml
	same 9 "$(xmllint --xpath 'count(//*[local-name()="Task"])' plan.xml)"
	t graph --format svg -o graph.svg >/dev/null
	xmllint --noout graph.svg
	no grep -q '<script\|<img' graph.svg
}

@test "gantt: no title breaks out of CSV, calendars, DOT, TaskJuggler" {
	hostile
	code 0 t gantt --format csv
	no grep -qE '(^|,)"?[=+@-]' <<<"$out"
	same 10 "$(wc -l <<<"$out")"
	code 0 t gantt --format dot
	same 9 "$(grep -c '^    t[0-9]* \[label=' <<<"$out")"
	says '\"; b [label=\"x\"] -&#62; c; \\N \\'
	code 0 t gantt --format tjp
	same 9 "$(grep -c '^  task t' <<<"$out")"
	says_not '${now}' '$(HOME)'
	need_chart
	code 0 t gantt --format ics
	same 9 "$(grep -c '^END:VEVENT' <<<"$out")"
}

@test "gantt: nothing in a chart acts on a terminal" {
	new
	t add 1.1 Title --estimate 1h >/dev/null
	# No command lets such a title in; a store from elsewhere might hold it.
	q "UPDATE task SET title = 'a' || char(8238) || char(27) || '[31m' || char(155)"
	for format in mermaid svg html csv dot tjp; do
		code 0 t gantt --format $format
		[ "$format" = csv ] || inert
	done
	code 0 t graph
	inert
}

@test "gantt: an empty plan has a chart in every format" {
	new
	for format in mermaid svg html csv json dot tjp; do
		code 0 t gantt --format $format
		code 0 t gantt --by agent --format $format
	done
	code 0 t graph
	need_chart
	for format in mspdi ics png pdf; do
		code 0 t gantt --format $format -o x.$format
	done
	xmllint --noout x.mspdi
}

@test "graph: an arrow for each need, the critical path marked" {
	new bibliotheque
	code 0 t graph --format json
	local needs=$(get '[.tasks[].needs[]] | length')
	code 0 t graph
	same 'flowchart LR' "$(head -1 <<<"$out")"
	same "$needs" "$(grep -cE ' (-->|==>) ' <<<"$out")"
	grep -q ' ==> ' <<<"$out"
	code 0 t graph --format dot
	same "$needs" "$(grep -E '^  t[0-9]+ -> ' <<<"$out" | grep -vc dotted)"
}

@test "gantt: TaskJuggler is told of steps, of gates and what they judge" {
	new bakery-deployment
	t gantt --whole --format tjp >p.tjp
	# after TITLE BEFORE: the one depends on the other.
	after() {
		local id
		id=$(sed -n "s/^ *task \(t[0-9]*\) \"$2 .*/\1/p" p.tjp)
		grep "^ *task t[0-9]* \"$1 " p.tjp | grep -q "depends.*\.$id\b"
	}
	after 1.2 1.1
	after Step-2 Step-1
	after GO-1 1.3
	after 2.1 GO-1
	after 2.2 2.1
}

@test "an ending that no format has is refused, unless the format is named" {
	new bibliotheque
	echo precious >plan.md
	refused 64 graph -o x.pdf
	refused 64 gantt -o x.unknown
	refused 64 gantt -o plan.md
	same precious "$(cat plan.md)"
	no ls x.pdf x.unknown
	code 0 t gantt --format mermaid -o chart.md
	code 0 t gantt -o chart
	mkdir a.b
	code 0 t graph -o a.b/chart
	grep -q '^gantt' chart && grep -q '^gantt' chart.md
}
