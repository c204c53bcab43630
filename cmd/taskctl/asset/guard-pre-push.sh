#!/bin/sh
# Is it work under a dead token?  Out again: taskctl guard uninstall
taskctl_in=$(cat)
taskctl_guard=taskctl
command -v taskctl >/dev/null 2>&1 || taskctl_guard=@TASKCTL@
if command -v "$taskctl_guard" >/dev/null 2>&1; then
	"$taskctl_guard" guard pre-push -- "$@" <<taskctl_end || case $? in
$taskctl_in
taskctl_end
	4 | 6 | 9) exit 1 ;;
	*) echo 'taskctl guard: it failed, nothing was checked' >&2 ;;
	esac
else
	echo 'taskctl guard: no taskctl here, nothing was checked' >&2
fi
# What follows reads the same.
[ -n "$taskctl_in" ] || exec </dev/null
[ -z "$taskctl_in" ] || exec <<taskctl_end
$taskctl_in
taskctl_end
