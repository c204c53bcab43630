#!/usr/bin/env bats
# siege.bats - the queue under attack: its users die and are stopped at every
# step, its file is taken away, timers and other programs are in the way.

load stress.bash

setup_file() {
	driver holder archive
	driver siege
}

setup() { small_store; }

queue=.tasks/taskctl.db-queue

# Hold the queue, its pid in $holder: hold [--fork]
hold() {
	"$BATS_FILE_TMPDIR/holder" "$@" $queue >held 3>&- &
	until_true grep -q held held
	holder=$(cut -d' ' -f2 held)
	HELD+=("$holder")
}

# Somebody waits for its turn, its pid in $waiter: wait_in_line COMMAND...
wait_in_line() {
	"$@" >claimed 2>&1 3>&- &
	waiter=$!
	HELD+=("$waiter")
	until_true waiting
}

# --- at every step -------------------------------------------------------------

# Attacked at every call with STRESS_ROUNDS, else at some of them, from a random
# one on: besiege HOW WHERE EVERY COMMAND BACK
besiege() {
	local every=$3 held not
	[ -z "${STRESS_ROUNDS-}" ] || every=1
	timeout 120 "$BATS_FILE_TMPDIR/siege" "$1" "$2" "$every" $queue "$4" \
	    "$5" >visits 3>&-
	read -r held not <visits
	echo "# $1 $2, $4: in the queue at $held calls, not in it at $not" >&3
	whole
	[ $((held + not)) -ge 2 ]
	if [ "$1 $2" = 'stop free' ] || [ "$1 $2" = 'stop next' ]; then
		[ "$held" -ge 2 ]
	else
		[ "$held" -eq 0 ]
	fi
}

@test "stopped at every call: while it is in the queue it is named, else nobody waits" {
	besiege stop free 11 'claim 1.1 --agent a' 'release 1.1 --agent a'
	t claim 1.1 --agent a -q
	besiege stop free 11 'done 1.1 --agent a' \
	    'reopen 1.1;claim 1.1 --agent a'
	besiege stop free 11 'heartbeat 1.1 --agent a' 'show 1.1'
}

@test "stopped at every call of its wait: who is next is named, who is not is overtaken" {
	besiege stop next 5 'claim 1.1 --agent a' 'release 1.1 --agent a'
	besiege stop line 5 'claim 1.1 --agent a' 'release 1.1 --agent a'
}

@test "killed at every call, working or waiting: the others go on at once" {
	besiege kill free 13 'claim 1.1 --agent a' 'release 1.1 --agent a'
	besiege kill next 5 'claim 1.1 --agent a' 'release 1.1 --agent a'
	besiege kill line 5 'claim 1.1 --agent a' 'release 1.1 --agent a'
}

@test "a holder that forked and is gone: its child has the queue, and is named" {
	hold --fork
	code 9 taskctl --wait 0s claim 1.1 --agent a
	grep "process $holder holds" err.txt
	kill -STOP "$holder"
	until_true pid_stopped "$holder"
	code 9 taskctl --wait 0s claim 1.1 --agent a
	grep "process $holder holds.*is stopped" err.txt
	kill -KILL "$holder"
	code 0 taskctl --wait 5s claim 1.1 --agent a
}

# --- its file ------------------------------------------------------------------

@test "the lock file is removed while one waits: it waits for the new one's holder" {
	hold
	first=$holder
	wait_in_line taskctl --wait 8s claim 1.1 --agent a
	rm $queue
	hold
	kill -USR1 "$first"
	sleep 0.2
	[ ! -s claimed ]
	kill -USR1 "$holder"
	wait "$waiter"
	grep '^claimed' claimed
}

@test "the lock file is truncated or scribbled on: its lock holds, and is named" {
	hold
	for scribble in '' 'x' "$(printf '%-400s' 99999999999999999999)"; do
		printf '%s' "$scribble" >$queue
		code 9 taskctl --wait 0s claim 1.1 --agent a
		grep "process $holder holds" err.txt
	done
	kill -USR1 "$holder"
	code 0 taskctl --wait 5s claim 1.1 --agent a
}

@test "a directory or a link in the lock file's place: refused, nothing changed" {
	rm $queue
	echo precious >elsewhere
	for plant in 'mkdir' 'ln -s ../elsewhere' 'ln -s ../nowhere'; do
		$plant $queue
		code 1 taskctl claim 1.1 --agent a
		grep taskctl.db-queue err.txt
		rm -r $queue
	done
	[ "$(cat elsewhere)" = precious ] && [ ! -e nowhere ]
	code 0 taskctl claim 1.1 --agent a
	whole
}

@test "the lock file is removed while one writes: SQLite keeps the other out" {
	strace -o trace -e trace=fdatasync \
	    -e inject=fdatasync:signal=STOP:when=1 \
	    taskctl claim 1.1 --agent a >/dev/null 2>&1 3>&- &
	tracer=$!
	HELD+=("$tracer")
	stopped() {
		grep -q SIGSTOP trace && victim=$(child_of "$tracer")
	}
	until_true stopped
	HELD+=("$victim")
	rm $queue
	code 9 taskctl --wait 0s claim 1.1 --agent b
	grep "process $victim holds the store and is stopped" err.txt
	kill -CONT "$victim"
	wait "$tracer"
	code 4 taskctl claim 1.1 --agent b
	whole
}

# --- timers --------------------------------------------------------------------

@test "a timer that fires before the wait begins is not the last one" {
	hold
	# The first tick comes while it is on its way from setitimer to fcntl.
	code 9 timeout 20 strace -o trace -e trace=setitimer \
	    -e inject=setitimer:delay_exit=60000:when=1 \
	    taskctl --wait 0s claim 1.1 --agent a
	grep DELAYED trace
}

@test "a storm of SIGALRM: it waits no shorter and no longer, and gets its turn" {
	hold
	before=$(date +%s%3N)
	wait_in_line "$BATS_FILE_TMPDIR/holder" --ignore taskctl --wait 1s \
	    claim 1.1 --agent a
	while kill -ALRM "$waiter" 2>/dev/null; do :; done
	got=0
	wait "$waiter" || got=$?
	took=$(($(date +%s%3N) - before))
	[ "$got" -eq 9 ]
	[ "$took" -ge 900 ] && [ "$took" -lt $((6000 + $(slack_ms))) ]
	wait_in_line "$BATS_FILE_TMPDIR/holder" --ignore taskctl --wait 1m \
	    claim 1.1 --agent a
	for _ in {1..2000}; do kill -ALRM "$waiter"; done
	kill -USR1 "$holder"
	while kill -ALRM "$waiter" 2>/dev/null; do :; done
	wait "$waiter"
}

@test "its caller's own alarm comes after the wait" {
	hold
	# alarm(2) outlives exec: so do people bound what a command may take.
	perl -e 'alarm 3; exec @ARGV' \
	    taskctl run 1.1 --agent a -- sleep 30 >/dev/null 2>&1 3>&- &
	waiter=$!
	HELD+=("$waiter")
	until_true waiting
	kill -USR1 "$holder"
	got=0
	wait "$waiter" || got=$?
	[ "$got" -eq $((128 + 14)) ]
}

# --- other programs ------------------------------------------------------------

@test "a foreign shell holds the store for longer than --wait: 9, and it says so" {
	other_holds go
	HELD+=("$other")
	code 9 taskctl --wait 0s claim 1.1 --agent a
	grep "process $other, another program, holds it" err.txt
	(sleep 0.5 && touch go) 3>&- &
	code 0 taskctl --wait 9s claim 1.1 --agent a
}

@test "foreign shells read for seconds and write between: right answers, no error" {
	# Its checkpoints are its own affair (docs/HACKING.md): none here.  It
	# reads until it is ended.
	sqlite3 .tasks/taskctl.db 'PRAGMA wal_autocheckpoint = 0' \
	    "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)
	    SELECT count(*) FROM c, task WHERE task.id = 1" >scanned 3>&- &
	reader=$!
	HELD+=("$reader")
	for i in {1..30}; do
		printf '%s\n' 'PRAGMA wal_autocheckpoint = 0;' \
		    '.dbconfig no_ckpt_on_close on' 'BEGIN IMMEDIATE;' \
		    "UPDATE task SET title = 'by $i';" 'COMMIT;'
		echo '.shell sleep 0.01'
	done | sqlite3 -cmd '.timeout 5000' .tasks/taskctl.db >/dev/null 3>&- &
	writer=$!
	HELD+=("$writer")
	for _ in {1..15}; do
		code 0 taskctl claim 1.1 --agent a
		code 0 taskctl release 1.1 --agent a
	done
	kill "$reader"
	wait "$writer"
	[ "$(t show 1.1 --json | jq -r .task.title)" = 'by 30' ]
	q "UPDATE task SET priority = 1 WHERE key = '1.3'"
	[ "$(t claim --next --agent b -q | cut -d' ' -f1)" = 1.3 ]
	whole
}

# A list stopped at its so manieth look into the log, its pid in $reader.
stop_reader() {
	strace -o trace -e trace=pread64 \
	    -e inject=pread64:signal=STOP:when="$1" \
	    taskctl list >/dev/null 2>&1 3>&- &
	tracer=$!
	HELD+=("$tracer")
	stopped() { grep -q SIGSTOP trace; }
	until_true stopped
	reader=$(stopped_child "$tracer")
	HELD+=("$reader")
}

@test "a reader that is stopped while it recovers the log for all: it is named, and waited for" {
	stop_reader 4
	taskctl --wait 20s claim 1.2 --agent b >claimed 2>&1 3>&- &
	waiter=$!
	HELD+=("$waiter")
	code 9 taskctl --wait 2s claim 1.1 --agent a
	grep "process $reader holds the store and is stopped" err.txt
	# Who would wait longer does.
	sleep 0.3
	kill -CONT "$reader"
	wait "$waiter"
	code 0 taskctl --wait 5s claim 1.1 --agent a
	whole
}

@test "a reader that is stopped pins the log: writers go on; once it goes on, it shrinks" {
	# Where another program has the store open the log needs no recovery.
	sqlite3 .tasks/taskctl.db 'SELECT count(*) FROM task' '.shell touch looked' \
	    '.shell sleep 30' >/dev/null 3>&- &
	HELD+=("$!")
	until_true test -e looked
	stop_reader 4
	log_kib() { echo $(($(stat -c %s .tasks/taskctl.db-wal) / 1024)); }
	for _ in {1..20}; do
		code 0 taskctl --wait 1s claim 1.1 --agent a
		code 0 taskctl --wait 1s release 1.1 --agent a
	done
	pinned=$(log_kib)
	[ "$pinned" -gt 600 ]
	kill -CONT "$reader"
	wait "$tracer"
	for _ in {1..20}; do
		t claim 1.1 --agent a -q >/dev/null
		t release 1.1 --agent a >/dev/null
		[ "$(log_kib)" -ge 64 ] || break
	done
	echo "# $pinned KiB beside the reader, then $(log_kib)" >&3
	[ "$(log_kib)" -lt 300 ]
}
