#!/usr/bin/env bats
# fair.bats - nobody starves (I7), the log does not grow, readers are never in
# the way and never write.

load stress.bash

setup_file() {
	driver crowd
	driver holder archive
}

wide_plan() {
	echo "# Wide"
	echo "## Sprint 1 : all"
	for i in {1..32}; do printf '\n#### Task 1.%d : one\n' "$i"; done
}

# Is a number at least another?  at_least A B
at_least() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a >= b) }'; }

fair() {
	wide_plan >"$BATS_TEST_TMPDIR/wide.md"
	new_store "$BATS_TEST_TMPDIR/wide.md"
	"$BATS_FILE_TMPDIR/crowd" "$1" "$2" >score 3>&-
	read -r jain worst rate <score
	echo "# $1 processes: Jain $jain, worst wait $worst ms, $rate changes/s" >&3
	whole
	at_least "$jain" 0.9
}

@test "8 processes in a loop: each gets its share" {
	fair 8 3
}

@test "32 processes in a loop: each gets its share" {
	fair 32 5
}

@test "readers neither wait for a stopped writer nor write anything" {
	small_store
	t claim 1.1 --agent a -q
	"$BATS_FILE_TMPDIR/holder" .tasks/taskctl.db-queue >held 3>&- &
	HELD+=("$!")
	until_true grep -q held held
	kill -STOP "$!"
	# One more holds SQLite's own lock.
	other_holds go
	HELD+=("$other")
	stat -c '%n %s %Y %y' .tasks/taskctl.db .tasks/taskctl.db-wal >before
	for ask in 'list' 'status' 'ready' 'show 1.1' 'why 1.2' 'mine --agent a' \
	    'agents' 'log' 'where' 'plan' 'gantt' 'wait --ready'; do
		# shellcheck disable=SC2086
		timeout 30 strace -f -y -o trace -e trace=pwrite64,write,ftruncate \
		    taskctl $ask >out.txt 2>err.txt 3>&- ||
		    { echo "$ask"; cat err.txt; false; }
		no grep -E 'taskctl\.db(-wal|-queue)?>' trace
	done
	stat -c '%n %s %Y %y' .tasks/taskctl.db .tasks/taskctl.db-wal | diff before -
}

@test "a reader that lacks nothing but a lapse shows it, and leaves it to writers" {
	small_store
	t claim 1.1 --agent a --ttl 1s -q
	sleep 1.1
	before=$(q 'SELECT max(id) FROM event')
	[ "$(t show 1.1 --json | jq -r .task.state)" = ready ]
	[ "$(t show 1.1 --json | jq -r .task.lease)" = null ]
	[ "$(q 'SELECT max(id) FROM event')" = "$before" ]
	[ "$(q "SELECT state FROM task WHERE key = '1.1'")" = claimed ]
}

log_kib() { echo $(($(stat -c %s .tasks/taskctl.db-wal) / 1024)); }

@test "one-shot writers beside readers: the log stays small" {
	small_store
	while sleep 0.01; do taskctl list >/dev/null 2>&1; done 3>&- &
	HELD+=("$!")
	most=0
	for ((i = 0; i < $(rounds 150); i++)); do
		t claim 1.1 --agent a -q >/dev/null
		t release 1.1 --agent a >/dev/null
		now=$(log_kib)
		[ "$now" -le "$most" ] || most=$now
	done
	echo "# at most $most KiB" >&3
	# A commit may add some pages to the 64 frames of 4 KiB; a reader may
	# have kept one checkpoint from happening.
	[ "$most" -lt 1200 ]
}

# 40 claims and releases, which took $took ms.
pairs() {
	local start
	start=$(date +%s%3N)
	for i in {1..40}; do
		t claim 1.1 --agent a -q >/dev/null
		t release 1.1 --agent a >/dev/null
	done
	took=$(($(date +%s%3N) - start))
}

@test "one reader holds a snapshot: writers go on; once it is gone the log shrinks" {
	small_store
	pairs
	alone=$took
	other_holds go 'BEGIN; SELECT count(*) FROM task'
	HELD+=("$other")
	pairs
	echo "# 80 changes: $alone ms alone, $took ms beside the reader" >&3
	[ "$took" -lt $((3 * alone + 1000)) ]
	kill -0 "$other"
	big=$(log_kib)
	touch go
	wait "$other"
	for i in {1..40}; do
		t claim 1.1 --agent a -q >/dev/null
		t release 1.1 --agent a >/dev/null
		[ "$(log_kib)" -ge 64 ] || break
	done
	echo "# $big KiB beside the reader, then $(log_kib)" >&3
	[ "$(log_kib)" -lt 300 ]
}
