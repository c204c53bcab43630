#!/bin/sh
# Finish a task.  Usage: scripts/agent_complete.sh TASK AGENT
# Exit 0: it is done; 1: it is not this agent's (any more).
[ $# -eq 2 ] || { echo "usage: $0 TASK AGENT" >&2; exit 1; }
if ! said=$(taskctl "done" "$1" --agent "$2" --session scripts 2>&1); then
	echo "❌ $1: $said" >&2
	exit 1
fi
echo "✅ $said"
