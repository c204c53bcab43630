#!/bin/sh
# shellcheck disable=SC2317 # ok calls the functions by name
# What taskctl writes, read by the programs that it is written for.
# Usage: check.sh BUILD.  Needs node and npm; installs the readers below BUILD.
# Pictures of everything are left in BUILD/readers/pictures, to be looked at.
set -eu
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
examples=$here/../../docs/examples
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	"$here/../deps.sh" nodejs npm
fi
"$here/../deps.sh" chromium tj3 graphviz xsltproc planner-data libxml2-utils \
	jq git fonts-dejavu-core fonts-noto-color-emoji systemd
readers=$build/readers
pictures=$readers/pictures
mkdir -p "$pictures"
cp "$here/package.json" "$here"/*.mjs "$readers"
(cd "$readers" && npm install --silent --no-audit --no-fund --ignore-scripts)
PATH=$build:$PATH TZ=UTC LC_ALL=C.UTF-8
export PATH TZ LC_ALL
unset TASKCTL_DB TASKCTL_AGENT TASKCTL_SESSION || true
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
n=0 failed=0

# ok WHAT COMMAND...: a line of TAP.
ok() {
	n=$((n + 1))
	what=$1
	shift
	if "$@"; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		failed=1
	fi
}

fresh() {
	rm -rf "$work/repo" && mkdir "$work/repo" && cd "$work/repo"
	taskctl -q init >/dev/null
	taskctl config git.auto off >/dev/null
}

# Every format of one chart, at one moment: what is now is in whole minutes, so
# it is done again where a minute ended in between.
write_all() {
	while :; do
		taskctl gantt "$@" --format json >"$work/before.json"
		for format in mermaid csv dot mspdi ics tjp svg html png pdf; do
			taskctl gantt "$@" --limit 0 --format $format \
				-o "$work/chart.$format" >/dev/null 2>&1
		done
		mv "$work/chart.mermaid" "$work/chart.mmd"
		taskctl graph --limit 0 --format mermaid >"$work/graph.mmd" \
			2>/dev/null
		taskctl graph --limit 0 --format svg >"$work/graph.svg" \
			2>/dev/null
		taskctl graph --format json >"$work/graph.json"
		taskctl gantt "$@" --format json >"$work/chart.json"
		cmp -s "$work/before.json" "$work/chart.json" && break
	done
}

# Only the tool: the package prometheus would bring a service along.
promtool() {
	if [ ! -x "$readers/prometheus/usr/bin/promtool" ]; then
		(cd "$readers" && apt-get -q download prometheus >/dev/null &&
			dpkg -x prometheus_*.deb prometheus) || return
	fi
	"$readers/prometheus/usr/bin/promtool" "$@" >"$work/said" 2>&1 ||
		{ cat "$work/said"; return 1; }
}

# What `taskctl metrics` says is clean to its checker, and every name that the
# rules and the dashboard ask for is there.
metrics_are_clean() {
	taskctl metrics >"$work/metrics"
	promtool check metrics <"$work/metrics" || return
	grep -oh 'taskctl_[a-z_]*' "$examples"/prometheus/taskctl.rules.yml \
		"$examples"/prometheus/grafana.json | sort -u >"$work/asked"
	# tick alone writes when it ran.
	{ sed 's/{.*//' "$work/metrics"; } | sort -u >"$work/there"
	[ -z "$(comm -23 "$work/asked" "$work/there" | tee "$work/lacking")" ]
}

# Its queries, as rules.
dashboard_parses() {
	jq -r '"groups: [{name: d, rules: [" + ([.panels[].targets[].expr |
	    gsub("\\$project"; ".*") | {record: "a:b", expr: .} | tojson] |
	    join(",")) + "]}]"' "$examples/prometheus/grafana.json" \
		>"$work/dashboard.yml" && promtool check rules "$work/dashboard.yml"
}

units_are_clean() {
	dropped="$work/units/taskctl-tick@.service.d"
	mkdir -p "$dropped" && cp "$examples"/cron/*@.* "$work/units" &&
		systemd-analyze verify --man=no \
			"$work/units/taskctl-tick@tmp.service" \
			"$work/units/taskctl-tick@tmp.timer" || return
	# As it may be in the system's manager, and User= besides.
	cp "$examples"/cron/*.conf "$dropped" &&
		systemd-analyze verify --man=no \
			"$work/units/taskctl-tick@tmp.service" &&
		systemd-analyze security --offline=true --threshold=30 \
			"$work/units/taskctl-tick@.service" >"$work/said"
}

# The starts and ends that `plan` computes, laid from the chart's first minute
# on, must be those that mermaid reads out of the chart.
whole_is_plan() {
	taskctl gantt --whole --limit 0 >"$work/whole.mmd" 2>/dev/null
	start=$(sed -n 's/.*, \(2[0-9T:-]*\), [0-9]*m$/\1/p' "$work/whole.mmd" |
		sort | head -n 1)
	taskctl --json plan | jq --arg start "$start:00Z" '
		($start | fromdate) as $zero |
		[.tasks[] | {
			start: ($zero + .start_s | todate),
			end: ($zero + .end_s | todate)}]' >"$work/expected.json"
	node "$readers/mermaid.mjs" "$work/whole.mmd" "$work/expected.json"
}

# The chart of now: whole minutes, and at least one of what took any time.
mermaid_is_chart() {
	jq 'def minute: .[0:19] + "Z" | fromdate / 60 | floor;
		[.tasks[] | (.start | minute) as $start |
		([(.end | minute) - $start,
			if .end > .start then 1 else 0 end] | max) as $length |
		{start: ($start * 60 | todate),
			end: (($start + $length) * 60 | todate)}]' \
		"$work/chart.json" >"$work/expected.json"
	node "$readers/mermaid.mjs" "$work/chart.mmd" "$work/expected.json"
}

# TaskJuggler schedules what has no dates yet by its own means: from its begin,
# every start and end is ours.
tj_agrees() {
	taskctl gantt --whole --format tjp >"$work/whole.tjp"
	rm -rf "$work/tj" && mkdir "$work/tj"
	(cd "$work/tj" && tj3 --silent "$work/whole.tjp" >"$work/tj.log" 2>&1) || {
		grep -i error "$work/tj.log" | sed 's/^/# /' | head -5
		return 1
	}
	begin=$(sed -n 's/^"begin";.*;"\(.*\)";".*"$/\1/p' "$work/tj/schedule.csv")
	sed -n 's/^"s[0-9]*\.t\([0-9]*\)";.*;"\(.*\)";"\(.*\)"$/\1 \2 \3/p' \
		"$work/tj/schedule.csv" | sort -n |
		jq -Rsc --arg begin "$begin" 'def at: . + ":00Z" | fromdate;
			[split("\n")[] | select(. != "") | split(" ") |
			[(.[1] | at) - ($begin | at), (.[2] | at) - ($begin | at)]]' \
			>"$work/theirs.json"
	taskctl --json plan |
		jq -c '[.tasks[] | [.start_s, .end_s]]' >"$work/ours.json"
	cmp -s "$work/theirs.json" "$work/ours.json" || {
		echo "# theirs $(head -c 300 "$work/theirs.json")"
		echo "# ours   $(head -c 300 "$work/ours.json")"
		return 1
	}
}

mspdi_is_read() {
	xmllint --noout "$work/chart.mspdi" &&
		xsltproc /usr/share/planner/stylesheets/msp2planner.xsl \
			"$work/chart.mspdi" >"$work/planner.xml" 2>"$work/xsl.log" &&
		node "$readers/mspdi.mjs" "$work/chart.mspdi" \
			"$work/chart.json" "$work/planner.xml"
}

# Graphviz counts as many nodes and arrows as there are.
dot_is_read() {
	dot -Tplain "$work/chart.dot" >"$work/plain" 2>"$work/dot.log" || return 1
	want=$(jq '"\(.tasks | length) \([.tasks[].needs | length] | add //0 +
		0) \(.barriers | length)"' -r "$work/chart.json")
	got=$(awk '$1 == "node" { n++ } $1 == "edge" && $0 ~ /dotted/ { b++ }
		$1 == "edge" && $0 !~ /dotted/ { e++ }
		END { print n + 0, e + 0, b + 0 }' "$work/plain")
	[ "$got" = "$want" ] || {
		echo "# graphviz: $got, wanted $want"
		return 1
	}
}

csv_is_read() {
	node -e '
		const fs = require("fs"), rows = [];
		const text = fs.readFileSync(process.argv[1], "utf8");
		for (let at = 0, row = []; at < text.length;) {
			const m = /("(?:[^"]|"")*"|[^,\r"]*)(,|\r\n)/y;
			m.lastIndex = at;
			const [all, cell, end] = m.exec(text);
			at += all.length;
			row.push(cell.replace(/^"|"$/g, "").replace(/""/g, "\""));
			if (end !== ",") { rows.push(row); row = []; }
		}
		const want = JSON.parse(fs.readFileSync(process.argv[2])).tasks;
		const bad = rows.some((r) => r.length !== 17) ||
			rows.length !== want.length + 1 ||
			rows.flat().some((c) => /^[=+@-]/.test(c));
		process.exit(bad ? 1 : 0);
	' "$work/chart.csv" "$work/chart.json"
}

check_all() {
	of=$1
	shift
	write_all "$@"
	ok "$of: mermaid reads the chart as it is meant" mermaid_is_chart
	ok "$of: mermaid reads the graph" node "$readers/flowchart.mjs" \
		"$work/graph.mmd" "$work/graph.json"
	ok "$of: a calendar is read by ical.js" node "$readers/ics.mjs" \
		"$work/chart.ics" "$work/chart.json"
	ok "$of: MSPDI in its schema's order, and as Planner imports it" \
		mspdi_is_read
	ok "$of: graphviz reads the graph" dot_is_read
	ok "$of: CSV without formulas" csv_is_read
	ok "$of: SVG is well-formed" xmllint --noout "$work/chart.svg" \
		"$work/graph.svg"
}

# In a browser: one start of it for all files.
draw() {
	for file in chart.mmd chart.svg chart.html graph.mmd graph.svg; do
		mv "$work/$file" "$work/$1-$file"
		drawn="$drawn $work/$1-$file"
	done
	cp "$work/chart.png" "$pictures/$1-cairo.png"
}
drawn=

for plan in "$here"/../../docs/examples/*.md "$here"/../plans/*.md; do
	[ -f "$plan" ] || continue
	fresh
	# Plans that are there to be refused are not charted.
	code=0
	taskctl import "$plan" >/dev/null 2>&1 || code=$?
	[ $code -ne 8 ] || continue
	name=$(basename "$plan" .md)
	ok "$name: the plan as written, minute by minute" whole_is_plan
	ok "$name: tj3 schedules it to the same dates" tj_agrees
	case $name in
	sprint)
		for id in 1.1 1.2 2.1; do
			taskctl -q claim $id --agent ada >/dev/null 2>&1 || continue
			taskctl -q 'done' $id --agent ada >/dev/null 2>&1
		done
		taskctl -q claim 1.3 --agent bo >/dev/null
		check_all "$name, begun"
		draw "$name"
		check_all "$name by agent" --by agent
		draw "$name-agents"
		;;
	esac
done

fresh
i=0
while IFS= read -r title; do
	i=$((i + 1))
	taskctl -q add --estimate 30m ${last:+--needs "$last"} -- \
		"h.$i" "$title" >/dev/null
	last=h.$i
done <<TITLES
a: b; c # d
section of nothing
title and more
click here
end
%% not a comment
"quotes" and 'more' <b>&amp;</b>
emoji 🚀 and 漢字
after 1.2, done, crit
---
</script><script>window.pwned=1</script><img src=x onerror="pwned=1">
]]> </text> <!-- --> &#60;b&#62; \${projectstart} \$(HOME) \\
=1+1 @SUM(A1) +x -y
\`code\` **bold** _it_ 1. list - item [link](http://x) {a} (b) |c|
$(printf '%0300d' 0 | tr 0 x)
TITLES
ok "hostile titles: the plan as written" whole_is_plan
ok "hostile titles: tj3 schedules them" tj_agrees
check_all "hostile titles"
draw hostile

# serves SCRIPT ARGUMENT...: a browser's script, beside a server of what is here:
# in its arguments URL and TOKEN are the server's.
serves() {
	if [ ! -x "$build/taskctl-serve" ]; then
		echo "# taskctl-serve is NOT BUILT: libmicrohttpd-dev is missing"
		return 1
	fi
	rm -f "$work/served"
	taskctl --json serve --write --port 0 >"$work/served" 2>/dev/null &
	server=$!
	until [ -s "$work/served" ]; do
		if ! kill -0 "$server" 2>/dev/null; then
			echo "# taskctl serve has ended"
			return 1
		fi
		sleep 0.1
	done
	for word in "$@"; do
		shift
		case $word in
		URL) word=$(jq -r .url "$work/served") ;;
		TOKEN) word=$(cat .tasks/taskctl.db-serve) ;;
		esac
		set -- "$@" "$word"
	done
	script=$readers/$1
	shift
	browsed=0
	node "$script" "$@" || browsed=$?
	kill "$server"
	wait "$server" || true
	return "$browsed"
}

# One that is held, and one that will be claimed from elsewhere.
taskctl -q claim h.1 --agent 'x"><b>' >/dev/null
taskctl -q add w.1 'Free for whoever comes' >/dev/null
taskctl note h.1 '<u>note</u>' --agent 'x"><b>' >/dev/null
printf '## Sprint %s: Part\n\n### Task %s.1: Piece\n\n' 1 1 2 2 >sprints.md
taskctl import sprints.md >/dev/null
taskctl export --html "$work/page.html" >/dev/null
ok "the dashboard, in a browser" serves serve.mjs "$pictures" URL TOKEN \
	"$work/page.html"

# So many sprints of 50 tasks.
large() {
	awk -v sprints="$1" 'BEGIN {
		print "# A large plan\n"
		for (s = 1; s <= sprints; s++) {
			printf "## Sprint %d : Part %d of it\n\n", s, s
			for (i = 1; i <= 50; i++) {
				need = i < 3 ? "None" : sprintf("Task %d.%d", s, int(i / 3))
				printf "#### Task %d.%d : Do piece %d: \"%d\"; #%%%% end\n\n", s, i, i, s
				printf "**Duration**: %dh\n", i * 7 % 5 + 1
				printf "**Agent**: Agent %s\n", substr("ABCDE", i % 5 + 1, 1)
				printf "**Dependencies**: %s\n\n", need
			}
		}
	}'
}

fresh
large 40 >large.md
taskctl import large.md >/dev/null 2>&1
ok "2,000 tasks: the plan as written" whole_is_plan
# Of one minute, as above.
while :; do
	taskctl gantt --format json >"$work/before.json"
	taskctl gantt --limit 0 --format mspdi >"$work/chart.mspdi"
	taskctl gantt --format json >"$work/chart.json"
	cmp -s "$work/before.json" "$work/chart.json" && break
done
ok "2,000 tasks: MSPDI" node "$readers/mspdi.mjs" "$work/chart.mspdi" \
	"$work/chart.json"
ok "promtool: metrics" metrics_are_clean
ok "promtool: rules" promtool check rules \
	"$examples/prometheus/taskctl.rules.yml"
ok "promtool: the rules' own tests" promtool test rules \
	"$examples/prometheus/taskctl.rules.test.yml"
ok "promtool: the dashboard's queries" dashboard_parses
ok "systemd-analyze: units" units_are_clean
ok "2,000 tasks: the dashboard" serves serve.mjs "$pictures" URL TOKEN
# What is not asked for whole is folded to what can be drawn.
taskctl gantt >"$work/large-chart.mmd" 2>/dev/null
taskctl graph >"$work/large-graph.mmd" 2>/dev/null
taskctl gantt --format svg >"$work/large-chart.svg" 2>/dev/null
taskctl gantt --format html >"$work/large-chart.html" 2>/dev/null
taskctl graph --format svg >"$work/large-graph.svg" 2>/dev/null
drawn="$drawn $work/large-chart.mmd $work/large-graph.mmd $work/large-chart.svg"
drawn="$drawn $work/large-chart.html $work/large-graph.svg"
fresh
large 200 >large.md
taskctl import large.md >/dev/null 2>&1
ok "10,000 tasks: scrolled in a browser" serves scroll.mjs URL TOKEN 10000
# shellcheck disable=SC2086 # a list of files without blanks
ok "Chromium draws all of it" node "$readers/draw.mjs" "$pictures" $drawn
echo "1..$n"
exit $failed
