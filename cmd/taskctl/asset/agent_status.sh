#!/bin/sh
# Where it stands.  Usage: scripts/agent_status.sh
taskctl status || exit 1
