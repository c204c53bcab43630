#!/usr/bin/env bats
# queue.bats - the turnstile: who is stopped in it stops everybody, is named,
# and is never broken into.

load stress.bash

setup_file() {
	driver holder archive
}

setup() { small_store; }

# Hold the queue; its pid in $holder, what it says in held.N: hold N
hold() {
	"$BATS_FILE_TMPDIR/holder" .tasks/taskctl.db-queue >"held.$1" 3>&- &
	holder=$!
	HELD+=("$holder")
}

now_ms() { date +%s%3N; }

@test "a stopped holder: exit 9 within --wait, its pid and that it is stopped" {
	hold 1
	until_true grep -q held held.1
	kill -STOP "$holder"
	until_true pid_stopped "$holder"
	before=$(now_ms)
	code 9 taskctl --wait 1s claim 1.1 --agent a
	took=$(($(now_ms) - before))
	[ "$took" -ge 900 ] && [ "$took" -lt $((3000 + $(slack_ms))) ]
	grep "$holder" err.txt
	grep stopped err.txt
	# Nobody has broken the lock meanwhile.
	[ "$(q "SELECT state FROM task WHERE key = '1.1'")" = open ]
	code 9 taskctl --json --wait 0s claim 1.1 --agent a
	[ "$(jq -r .error.code out.txt)" = busy ]
	kill -CONT "$holder"
	kill -USR1 "$holder"
	code 0 taskctl --wait 5s claim 1.1 --agent a
	whole
}

@test "one that is next, stopped while it waits: named too" {
	hold 1
	first=$holder
	until_true grep -q held held.1
	hold 2
	until_true waiting
	kill -STOP "$holder"
	until_true pid_stopped "$holder"
	kill -USR1 "$first"
	wait "$first"
	code 9 taskctl --wait 1s claim 1.1 --agent a
	grep "$holder" err.txt
	grep stopped err.txt
}

@test "a stopped taskctl, in the middle of its write: the others wait, then go on" {
	# The first fdatasync is the commit's.
	strace -o trace -e trace=fdatasync \
	    -e inject=fdatasync:signal=STOP:when=1 \
	    taskctl claim 1.1 --agent a >/dev/null 2>&1 3>&- &
	tracer=$!
	HELD+=("$tracer")
	# A tracee that was stopped shows "t": strace lets it rest so.
	stopped() {
		victim=$(child_of "$tracer") &&
		    grep -q '^State:.[Tt]' "/proc/$victim/status" &&
		    grep -q SIGSTOP trace
	}
	until_true stopped
	victim=$(child_of "$tracer")
	HELD+=("$victim")
	code 9 taskctl --wait 1s claim 1.2 --agent b
	grep "$victim" err.txt
	grep stopped err.txt
	kill -CONT "$victim"
	code 0 taskctl --wait 5s claim 1.2 --agent b
	whole
}

@test "the lock file is replaced while one waits: it does not get in beside the new one's holder" {
	hold 1
	first=$holder
	until_true grep -q held held.1
	taskctl --wait 8s claim 1.1 --agent a >claimed 2>&1 3>&- &
	HELD+=("$!")
	waiter=$!
	until_true waiting
	cp .tasks/taskctl.db-queue aside && mv aside .tasks/taskctl.db-queue
	hold 2
	until_true grep -q held held.2
	kill -USR1 "$first"
	until_true grep -q left held.1
	sleep 0.3
	[ ! -s claimed ]
	[ "$(q "SELECT state FROM task WHERE key = '1.1'")" = open ]
	kill -USR1 "$holder"
	wait "$waiter"
	grep '^claimed' claimed
}

@test "SIGALRM pending, blocked or ignored: the time-out comes all the same" {
	hold 1
	until_true grep -q held held.1
	code 9 timeout 20 "$BATS_FILE_TMPDIR/holder" --alarm taskctl --wait 1s \
	    claim 1.1 --agent a
	code 9 timeout 20 "$BATS_FILE_TMPDIR/holder" --ignore taskctl \
	    --wait 1s claim 1.1 --agent a
}

@test "^Z does not stop one that waits or holds" {
	hold 1
	until_true grep -q held held.1
	taskctl --wait 8s claim 1.1 --agent a >claimed 2>&1 3>&- &
	HELD+=("$!")
	waiter=$!
	until_true waiting
	for pid in "$holder" "$waiter"; do
		mask=$(awk '/^SigBlk/ { print $2 }' "/proc/$pid/status")
		# Bits of TSTP 20, TTIN 21, TTOU 22.
		[ $((0x$mask & 0x380000)) -eq $((0x380000)) ]
	done
	kill -TSTP "$holder" "$waiter"
	sleep 0.05
	no pid_stopped "$holder"
	no pid_stopped "$waiter"
	# Once outside they would stop: take that back.
	kill -CONT "$holder" "$waiter"
	kill -USR1 "$holder"
	wait "$waiter"
}

@test "the lock file has the store's mode, and a mere reader cannot lock it" {
	chmod 640 .tasks/taskctl.db
	rm .tasks/taskctl.db-queue
	code 0 taskctl claim 1.1 --agent a
	[ "$(stat -c %a .tasks/taskctl.db-queue)" = 640 ]
}

@test "the deadline covers the queue and SQLite together" {
	other_holds go
	HELD+=("$other")
	before=$(now_ms)
	code 9 taskctl --wait 1s claim 1.1 --agent a
	took=$(($(now_ms) - before))
	[ "$took" -ge 900 ] && [ "$took" -lt $((2500 + $(slack_ms))) ]
}

@test "nobody forks, prints or opens files elsewhere while it holds the queue" {
	strace -f -o trace taskctl claim 1.1 --agent a >/dev/null 2>&1 3>&-
	# From the lock of byte 0 to the unlock of byte 1, in the first process.
	awk '{ pid = $1 } first == "" { first = pid }
	    pid == first && /F_OFD_SETLK.*F_WRLCK.*l_start=0/ { inside = 1 }
	    pid == first && inside { print }
	    pid == first && /F_OFD_SETLK.*F_UNLCK.*l_start=1/ { inside = 0 }' \
	    trace >inside
	[ -s inside ]
	no grep -E '(fork|clone|vfork|execve)' inside
	no grep -E ' write\([12],' inside
	awk '/open[a-z]*\(/ && !/\.tasks["\/]|\/proc\/|\/etc\/|\/dev\// { print; bad = 1 }
	    END { exit bad }' inside
}

# The store is made from a backup in the writers' turn.
@test "restore into nothing waits for its turn, and takes no other's log away" {
	taskctl backup ../b.db >/dev/null
	rm .tasks/taskctl.db*
	hold 1
	until_true grep -q held held.1
	echo log >.tasks/taskctl.db-wal
	taskctl --wait 9s restore ../b.db >restored 2>&1 3>&- &
	until_true waiting
	cp ../b.db .tasks/taskctl.db
	kill -USR1 "$holder"
	no wait $!
	grep -q log .tasks/taskctl.db-wal
	cmp ../b.db .tasks/taskctl.db
}

@test "restore over a damaged store moves no other away that came meanwhile" {
	taskctl backup ../b.db >/dev/null
	rm .tasks/taskctl.db*
	head -c 9000 /dev/zero >.tasks/taskctl.db
	hold 1
	until_true grep -q held held.1
	taskctl --wait 9s restore ../b.db --force -m why --agent eve \
	    >restored 2>&1 3>&- &
	until_true waiting
	cp ../b.db new
	mv new .tasks/taskctl.db
	kill -USR1 "$holder"
	no wait $!
	grep -q meanwhile restored
	cmp ../b.db .tasks/taskctl.db
}

@test "a lease that runs out while cron waits in the queue is not extended" {
	taskctl claim 1.1 --agent a --pid $$ >/dev/null
	taskctl sweep >/dev/null # which bears witness
	hold 1
	until_true grep -q held held.1
	taskctl --wait 9s heartbeat --all --host >beat 2>&1 3>&- &
	until_true waiting
	q "UPDATE lease SET expires_boot = renewed_boot"
	[ "$(taskctl --json show 1.1 | jq -r .task.state)" = ready ]
	kill -USR1 "$holder"
	wait $!
	[ "$(taskctl --json show 1.1 | jq -r .task.state)" = ready ]
	code 0 taskctl claim 1.1 --agent b
}

opened_queue() { ls -l "/proc/$1/fd" | grep -q 'taskctl.db-queue'; }

# A claim of the store that is there now waits for its turn.
claim_waits() {
	taskctl --wait 9s claim 1.1 --agent a >claimed 2>&1 3>&- &
	claim=$!
	HELD+=("$claim")
	until_true opened_queue "$claim"
}

told_and_unchanged() {
	no wait "$claim"
	grep -q 'was replaced' claimed
	[ "$(taskctl --json show 1.1 | jq -r .task.state)" = ready ]
}

@test "who waits while store and queue are replaced is told, and changes nothing" {
	taskctl backup ../b.db >/dev/null
	hold 1
	until_true grep -q held held.1
	claim_waits
	rm .tasks/taskctl.db*
	taskctl restore ../b.db >/dev/null
	kill -USR1 "$holder"
	told_and_unchanged
}

@test "who waits behind a restore is told, and changes nothing" {
	taskctl backup ../b.db >/dev/null
	mkdir ../kept
	mv .tasks/taskctl.db .tasks/taskctl.db-[ws]* ../kept
	hold 1
	until_true grep -q held held.1
	taskctl --wait 9s restore ../b.db >restored 2>&1 3>&- &
	until_true waiting
	mv ../kept/* .tasks
	claim_waits
	mv .tasks/taskctl.db .tasks/taskctl.db-[ws]* ../kept
	kill -USR1 "$holder"
	told_and_unchanged
}

@test "who stops between the store and its queue while both are replaced is told" {
	taskctl backup ../b.db >/dev/null
	strace -qq -o /dev/null -e inject=umask:signal=STOP:when=2 \
	    taskctl claim 1.1 --agent a >claimed 2>&1 3>&- &
	claim=$!
	HELD+=("$claim")
	pid=$(stopped_child "$claim")
	HELD+=("$pid")
	# Damaged for whoever comes now; the log, which the other has, is whole.
	head -c 9000 /dev/urandom >.tasks/taskctl.db
	rm .tasks/taskctl.db-wal .tasks/taskctl.db-shm
	code 0 taskctl restore ../b.db --force -m why --agent eve
	kill -CONT "$pid"
	told_and_unchanged
}
