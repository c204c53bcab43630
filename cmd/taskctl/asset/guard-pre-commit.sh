#!/bin/sh
# Are staged files reserved by somebody else?  Out again: taskctl guard uninstall
taskctl_guard=taskctl
command -v taskctl >/dev/null 2>&1 || taskctl_guard=@TASKCTL@
if command -v "$taskctl_guard" >/dev/null 2>&1; then
	"$taskctl_guard" guard pre-commit "$@" || case $? in
	4 | 6 | 9) exit 1 ;;
	*) echo 'taskctl guard: it failed, nothing was checked' >&2 ;;
	esac
else
	echo 'taskctl guard: no taskctl here, nothing was checked' >&2
fi
