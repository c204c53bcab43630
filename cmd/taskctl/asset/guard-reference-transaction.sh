#!/bin/sh
# Is it work under a dead token?  Out again: taskctl guard uninstall
if [ "$1" = prepared ]; then
	# A line or two, mostly: not worth a process.
	taskctl_in='' taskctl_n=0 taskctl_ask=''
	while [ "$taskctl_n" -lt 8 ] && IFS= read -r taskctl_line; do
		taskctl_in="${taskctl_in:+$taskctl_in
}$taskctl_line"
		taskctl_n=$((taskctl_n + 1))
		# A branch that goes brings nothing: no id ends in so many zeros.
		case $taskctl_line in
		*'00000000000000000000000000000000 refs/heads/'*) ;;
		*' refs/heads/'*) taskctl_ask=1 ;;
		esac
	done
	[ "$taskctl_n" -lt 8 ] || taskctl_line=$(cat)
	case $taskctl_line in
	*' refs/heads/'*) taskctl_ask=1 ;;
	esac
	taskctl_in="$taskctl_in${taskctl_line:+
$taskctl_line}"
	taskctl_guard=taskctl
	command -v taskctl >/dev/null 2>&1 || taskctl_guard=@TASKCTL@
	case $taskctl_ask in
	1)
		if command -v "$taskctl_guard" >/dev/null 2>&1; then
			"$taskctl_guard" guard reference-transaction "$@" <<taskctl_end || case $? in
$taskctl_in
taskctl_end
			4 | 6 | 9) exit 1 ;;
			*) echo 'taskctl guard: it failed, nothing was checked' >&2 ;;
			esac
		else
			echo 'taskctl guard: no taskctl here, nothing was checked' >&2
		fi
		;;
	esac
	# What follows reads the same.
	[ -n "$taskctl_in" ] || exec </dev/null
	[ -z "$taskctl_in" ] || exec <<taskctl_end
$taskctl_in
taskctl_end
fi
