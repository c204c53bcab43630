#!/bin/sh
# demo.sh - the main job on sprint.md, in a temporary repository.
#
# Four agents, each a process of its own, work on one plan until it is done.
# One is killed with -9 in the middle of a task, and another takes it over.
# Then the log is checked: every task done once, never two holders of one.
# Exit 0: all was as it must be.  Nothing is left behind.
#
# Wants taskctl in PATH, and git.
set -u
unset TASKCTL_DB TASKCTL_AGENT TASKCTL_SESSION TASKCTL_TASK TASKCTL_TOKEN
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE

here=$(cd "$(dirname "$0")" && pwd) || exit 1
dir=$(mktemp -d) || exit 1
agents=''
guard=''

clean_up() {
	trap - EXIT INT TERM HUP
	# Each agent leads a session of its own: take its children too.
	for pid in $agents $guard; do
		kill -s KILL -- "-$pid" 2>/dev/null
	done
	wait 2>/dev/null
	cd / || exit 1
	# done leaves a commit to the background: it may still be at it.
	for _ in 1 2 3 4 5 6 7 8; do
		rm -rf "$dir" 2>/dev/null
		[ ! -e "$dir" ] && return
		sleep 0.25
	done
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
	bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi
say() {
	printf '\n%s%s%s\n' "$bold" "$*" "$plain"
}

die() {
	echo "demo: $*" >&2
	exit 1
}

# One agent: take what is ready, work, finish, until the plan is complete.
cat >"$dir/agent" <<'AGENT'
#!/bin/sh
export TASKCTL_AGENT="$1"
while :; do
	claim=$(taskctl -q claim --next --ttl 10s 2>"$2/$1.said")
	case $? in
	0) ;;
	5)	# Nothing is ready: wait until something is.  7: nothing will be.
		taskctl -q wait --ready --timeout 2s >/dev/null 2>&1
		[ $? -eq 7 ] && exit 0
		continue ;;
	*)	cat "$2/$1.said" >&2
		exit 1 ;;
	esac
	task=${claim% *} token=${claim#* }
	printf '  %-5s takes %s (token %s)\n' "$1" "$task" "$token"
	sleep 0.2 # at work
	taskctl -q heartbeat "$task" >/dev/null || exit 1
	sleep 0.2 # and on
	n=1
	while taskctl -q step "$task" "$n" >/dev/null 2>&1; do n=$((n + 1)); done
	said=$(taskctl done "$task") || exit 1
	ready=$(echo "$said" | sed -n 's/^now ready: //p')
	printf '  %-5s has done %s%s\n' "$1" "$task" "${ready:+; now ready: $ready}"
done
AGENT

# The leases in the log, one event a line: kind, task, agent, token.  Their
# order is that of the transactions.
leases() {
	taskctl --json log >"$dir/log" || die "no log"
	sed 's/{"id":[0-9]*,"at":/\n&/g' "$dir/log" |
		sed -n 's/^{"id":[0-9]*,"at":"[^"]*","kind":"\([a-z_]*\)","task":"\([^"]*\)".*"agent":"\([^"]*\)".*"token":\([0-9]*\).*/\1 \2 \3 \4/p'
}

# --- the plan -------------------------------------------------------------

mkdir "$dir/shop" && cd "$dir/shop" || exit 1
say "A repository, a coordinator, a plan"
git init -q . || exit 1
taskctl -q init || exit 1
cp "$here/sprint.md" plan.md || exit 1
taskctl import plan.md || exit 1
taskctl list

# --- the work -------------------------------------------------------------

# It takes four seconds.  Should it hang, it is not as it must be.
# shellcheck disable=SC2016 # for the inner shell
setsid sh -c 'sleep 60; echo "demo: it hangs" >&2; kill "$0"' $$ &
guard=$!

say "Four agents; Dan's command will hang, under \"taskctl run\""
# The pid is that of taskctl run itself, and setsid does not fork here.
# shellcheck disable=SC2016 # for the inner shell
setsid taskctl -q run --next --agent Dan -- \
	sh -c 'echo "$TASKCTL_TASK $TASKCTL_TOKEN $$" >"$0"; exec sleep 60' \
	"$dir/dan" 2>/dev/null &
dan=$!
agents="$dan"
tries=100
until [ -s "$dir/dan" ] || [ "$tries" -eq 0 ]; do
	tries=$((tries - 1))
	sleep 0.05
done
read -r lost old_token child <"$dir/dan" || die "Dan got no task"
lost=${lost#*:}
echo "  Dan   takes $lost (token $old_token)"
for name in Ada Bo Cleo; do
	setsid sh "$dir/agent" "$name" "$dir" &
	agents="$agents $!"
done

sleep 0.6
kill -KILL "$dan" || die "Dan was not there to be killed"
wait "$dan" 2>/dev/null
echo "  ---   kill -9: Dan is dead, and holds nothing any more"
sleep 0.1
case $(sed 's/.*) //' "/proc/$child/stat" 2>/dev/null) in
'' | Z*) ;;
*) die "Dan's command lives on" ;;
esac

for pid in $agents; do
	[ "$pid" = "$dan" ] && continue
	wait "$pid" || die "an agent gave up"
done

# --- what came of it ------------------------------------------------------

say "Dan's task $lost was taken over: every claim has a larger token"
leases >"$dir/leases"
awk -v lost="$lost" '$2 == lost { printf "  %-8s %-5s token %s\n", $1, $3, $4 }' \
	"$dir/leases"
by=$(awk -v lost="$lost" '$1 == "done" && $2 == lost { print $3 }' "$dir/leases")
case $by in
'' | Dan) die "$lost was not taken over" ;;
esac

say "Had Dan only slept, and woken up now: its old token changes nothing"
taskctl 'done' "$lost" --agent Dan --token "$old_token"
[ $? -eq 6 ] || die "the dead token was accepted"

say "Where it stands"
taskctl status
say "The last events"
taskctl log --limit 8
say "The critical path, as planned"
taskctl plan
say "The Gantt chart of the plan (paste it into mermaid.live)"
taskctl gantt --whole

taskctl -q commit >/dev/null 2>&1
if git rev-parse -q --verify refs/heads/taskctl >/dev/null; then
	say "Progress in git: git log --oneline taskctl"
	git --no-pager log --oneline taskctl
fi

# --- was it as it must be? ------------------------------------------------

taskctl -q list >"$dir/tasks"
leases >"$dir/leases"
say "Every task done once, never two holders of one task?"
awk -v lost="$lost" '
FNR == NR { all[$1] = 1; tasks++; next }
$1 == "claimed" {
	if ($2 in holder)
		bad($3 " got " $2 " while " holder[$2] " held it")
	if ($4 <= newest)
		bad("token " $4 " came after token " newest)
	newest = $4
	holder[$2] = $3; token[$2] = $4; claims++
}
$1 == "done" {
	if (holder[$2] != $3 || token[$2] != $4)
		bad($2 " was finished by " $3 ", who did not hold it")
	if (finished[$2]++)
		bad($2 " was done twice")
	delete holder[$2]
}
$1 == "died" || $1 == "lapsed" || $1 == "released" || $1 == "failed" {
	delete holder[$2]
	if ($1 == "died" && $2 == lost)
		died++
}
END {
	for (task in all)
		if (finished[task] != 1)
			bad(task " was not done")
	if (!died)
		bad("nobody saw that the holder of " lost " was dead")
	if (!wrong)
		printf "  yes: %d tasks, %d claims, %d death\n", tasks, claims,
		    died
	exit wrong
}
function bad(why) { print "demo: " why; wrong = 1 }
' "$dir/tasks" "$dir/leases" || die "it was not as it must be"
