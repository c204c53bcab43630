# progress.bats - the progress branch: when it is written, how, and what stands
# in it.

load git

# --- git.interval ----------------------------------------------------------

# Make believe that the last commit was so many seconds ago.
age_commit() {
	touch -d "@$(($(date +%s) - $1))" .git/taskctl-commit
}

now_ms() { date +%s%3N; }

@test "in the background there is one commit every git.interval" {
	make_repo
	taskctl config git.interval 2s
	# The first one ever waits for nothing.
	run -0 taskctl-git commit --later
	[[ $output == "committed "* ]]
	started=$(now_ms)
	taskctl note 1.1 "soon after"
	run -0 taskctl-git commit --later
	[[ $output == "committed 1 event "* ]]
	[ $(($(now_ms) - started)) -ge 1500 ]
	# An interval later there is nothing to wait for.
	age_commit 3
	started=$(now_ms)
	taskctl note 1.1 "later"
	run -0 taskctl-git commit --later
	[ $(($(now_ms) - started)) -lt 1500 ]
	check_history
}

@test "an explicit commit is at once, also while another waits" {
	make_repo
	taskctl config git.interval 2s
	taskctl-git commit
	taskctl note 1.1 "one"
	taskctl-git commit --later >"$BATS_TEST_TMPDIR/waited" &
	sleep 0.3
	started=$(now_ms)
	run -0 taskctl-git commit
	[[ $output == "committed 1 event "* ]]
	[ $(($(now_ms) - started)) -lt 1000 ]
	# Nor does the one that waits come sooner than an interval after that.
	taskctl note 1.1 "two"
	wait
	grep -q "^committed 1 event " "$BATS_TEST_TMPDIR/waited"
	[ $(($(now_ms) - started)) -ge 1500 ]
	check_history
}

@test "committers do not pile up: one waits, and takes the others' along" {
	make_repo
	taskctl config git.interval 2s
	taskctl-git commit
	taskctl note 1.1 "first"
	taskctl-git commit --later --json >"$BATS_TEST_TMPDIR/waited" &
	sleep 0.3
	for i in 1 2 3; do
		taskctl note 1.1 "note $i"
		run -0 timeout 1 taskctl-git commit --later
		[ "$output" = "another process waits to commit it" ]
	done
	wait
	[ "$(jq .events "$BATS_TEST_TMPDIR/waited")" -eq 4 ]
	[ "$(git rev-list --count taskctl)" -eq 2 ]
	check_history
}

@test "after the last done nothing is left uncommitted" {
	make_repo
	taskctl config git.auto on
	taskctl config git.interval 1s
	for task in 1.1 1.2 1.3; do
		taskctl claim $task
		taskctl done $task
	done
	for i in $(seq 100); do
		[ "$(last_event taskctl 2>/dev/null)" != \
		    "$(sqlite3 .tasks/taskctl.db "SELECT event FROM store")" ] ||
			break
		sleep 0.1
	done
	check_history
	[ "$(git rev-list --count taskctl)" -le 3 ]
	for i in $(seq 50); do
		[ -s .git/taskctl-commit ] || break
		sleep 0.1
	done
}

@test "git.auto off: done commits nothing" {
	make_repo
	taskctl claim 1.1
	taskctl done 1.1
	sleep 0.5
	run -128 git rev-parse --verify taskctl
}

@test "a clock that was set back does not hold up commits" {
	make_repo
	taskctl config git.interval 1s
	taskctl-git commit
	age_commit -3600
	taskctl note 1.1 "a note"
	run -0 timeout 5 taskctl-git commit --later
	[[ $output == "committed 1 event "* ]]
}
