#!/bin/sh
# flip.sh - a store in which work has been done, then bytes flipped in it:
# flip.sh BUILD FROM SEEDS
set -eu
build=$(realpath "$1")
PATH=$build:$PATH
# In memory where there is some: the disk is not what is tested.
here=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
[ "$3" = 0 ] || trap 'rm -rf "$here"' EXIT
unset TASKCTL_AGENT TASKCTL_SESSION TASKCTL_DB TASKCTL_TASK TASKCTL_TOKEN
export LC_ALL=C.UTF-8 HOME="$here"
mkdir "$here/work"
cd "$here/work"
{
	taskctl init
	taskctl config git.auto off
	taskctl add 1.1 'First of all' --estimate 2h
	taskctl claim 1.1 --agent ada --session s --ttl 10h
	for i in 1 2 3 4 5 6 7 8 9; do
		taskctl add "2.$i" "Number $i of the second" --estimate "${i}h" \
		    --agent "Agent $i"
		taskctl note "2.$i" "What is to be known of number $i"
	done
	taskctl add 3.1 'Last' --needs 2.1 --needs 2.2
	taskctl claim 2.1 --agent ida
	taskctl 'done' 2.1 --agent ida -m 'it is made'
	taskctl claim 2.2 --agent ida --session t
} >/dev/null
sqlite3 .tasks/taskctl.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
cp .tasks/taskctl.db "$here/sound.db"
"$build/flip" "$build/taskctl" "$here/work" "$here/sound.db" "$2" "$3"
[ "$3" != 0 ] || echo "$here/work"
