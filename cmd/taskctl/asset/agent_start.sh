#!/bin/sh
# Take a task.  Usage: scripts/agent_start.sh TASK AGENT
# Exit 0: it is yours; 1: it is taken, or cannot be started now.
[ $# -eq 2 ] || { echo "usage: $0 TASK AGENT" >&2; exit 1; }
if ! said=$(taskctl claim "$1" --agent "$2" --session scripts 2>&1); then
	echo "❌ $1: $said" >&2
	exit 1
fi
echo "✅ $1 → $2"
