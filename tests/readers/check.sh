#!/bin/sh
# What taskctl writes, read by the programs that it is written for.
# Usage: check.sh BUILD.  Needs node and npm; installs the readers below BUILD.
set -eu
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	"$here/../deps.sh" nodejs npm
fi
readers=$build/readers
mkdir -p "$readers"
cp "$here/package.json" "$here/mermaid.mjs" "$readers"
(cd "$readers" && npm install --silent --no-audit --no-fund --ignore-scripts)
PATH=$build:$PATH
export PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
n=0 failed=0

# The starts and ends that `plan` computes, laid from the chart's first minute
# on, must be those that mermaid reads out of the chart.
compare() {
	n=$((n + 1))
	taskctl gantt --whole >"$work/chart.mmd"
	start=$(sed -n 's/.*, \(2[0-9T:-]*\), [0-9]*m$/\1/p' "$work/chart.mmd" |
		sort | head -n 1)
	taskctl --json plan | jq --arg start "$start:00Z" \
		--slurpfile list "$work/list.json" '
		($start | fromdate) as $zero |
		[.tasks[] | {
			start: ($zero + .start_s | todate),
			end: ($zero + .end_s | todate)}]' >"$work/expected.json"
	if node "$readers/mermaid.mjs" "$work/chart.mmd" "$work/expected.json"
	then
		echo "ok $n - mermaid reads the chart of $1 as it is meant"
	else
		echo "not ok $n - mermaid reads the chart of $1 as it is meant"
		failed=1
	fi
}

for plan in "$here"/../../docs/examples/*.md "$here"/../plans/*.md; do
	[ -f "$plan" ] || continue
	rm -rf "$work/repo" && mkdir "$work/repo" && cd "$work/repo"
	taskctl -q init >/dev/null
	# Plans that are there to be refused are not charted.
	taskctl import "$plan" >/dev/null 2>&1 || continue
	taskctl --json list >"$work/list.json"
	compare "$(basename "$plan")"
done

rm -rf "$work/repo" && mkdir "$work/repo" && cd "$work/repo"
taskctl -q init >/dev/null
i=0
while IFS= read -r title; do
	i=$((i + 1))
	taskctl -q add --estimate 30m -- "h.$i" "$title" >/dev/null
done <<'TITLES'
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
TITLES
taskctl --json list >"$work/list.json"
compare "hostile titles"
echo "1..$n"
exit $failed
