#!/bin/bash
# run.sh - real processes, and whether what they were answered can be.
#
#   run.sh CHECK RECORD SECONDS SEED [AGENTS]     the taskctl in PATH
#
# In a folder below TMPDIR, kept if there is a finding.
set -eu
check=$1 record=$2 seconds=$3 seed=$4 agents=${5:-6}
unset TASKCTL_AGENT TASKCTL_SESSION TASKCTL_TASK TASKCTL_TOKEN TASKCTL_DB \
    CLAUDE_CODE_SESSION_ID CODEX_THREAD_ID GEMINI_SESSION_ID
export LC_ALL=C.UTF-8
work=$(mktemp -d)
cd "$work"
git init -q .
taskctl init >/dev/null
taskctl config git.auto off >/dev/null
taskctl config max_attempts 3 >/dev/null
tasks=(1.1 1.2 1.3 1.4)
{
	printf '# Work\n\n## Sprint 1 : one\n'
	printf '\n#### Task %s : work\n**Durée** : 1h\n' "${tasks[@]}" |
		sed 's/^#### Task \(.*\) : .*/#### Task \1 : work \1/'
} >plan.md
taskctl import plan.md >/dev/null
status=0
"$record" "$agents" "$seconds" "$seed" "${tasks[@]}" || status=1
{ echo "max_attempts 3"; sort -s -n -k2,2 history.*; } >history
"$check" history >verdict || status=1
cat verdict
if [ $status -eq 0 ]; then
	cd / && rm -rf "$work"
else
	echo "# seed $seed: kept in $work"
fi
exit $status
