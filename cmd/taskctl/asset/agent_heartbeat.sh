#!/bin/sh
# A sign of life.  Usage: scripts/agent_heartbeat.sh TASK AGENT
# Exit 0: renewed; 1: it is not this agent's (any more).
[ $# -eq 2 ] || { echo "usage: $0 TASK AGENT" >&2; exit 1; }
if ! said=$(taskctl heartbeat "$1" --agent "$2" --session scripts 2>&1); then
	echo "❌ $1: $said" >&2
	exit 1
fi
echo "💓 $said"
