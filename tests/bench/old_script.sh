#!/bin/bash
# old_script.sh TASK AGENT - what agents used before: look, then write.
#
# It does what the old agent_start.sh did (a lock file with four keys, exit 1
# when it is there), for comparison only: nothing makes the two steps one, so
# two agents can both succeed, and nothing is forced to the disk.

task=$1
agent=$2
lock=".tasks/locks/$task.lock"

if [ -f "$lock" ]; then
	echo "$task: taken"
	exit 1
fi

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

cat >"$lock" <<END
{
  "agent_id": "$agent",
  "task_id": "$task",
  "started_at": "$(now)",
  "last_heartbeat": "$(now)"
}
END
echo "$task: $agent"
