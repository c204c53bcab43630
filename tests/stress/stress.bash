# stress.bash - what every stress test shares.  taskctl is the one in PATH, so
# the same tests run against a mutant: PATH=/tmp/mutant/build:$PATH bats FILE.

load ../shared

STRESS_ROOT=$(cd "${BATS_TEST_DIRNAME}/../.." && pwd)
# Full length: STRESS_ROUNDS=N sets the number of rounds everywhere.
rounds() { echo "${STRESS_ROUNDS:-$1}"; }

# Build a driver once a file: driver NAME [archive]
driver() {
	local build
	build=$(dirname "$(command -v taskctl)")
	# shellcheck disable=SC2086
	${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra ${CFLAGS:--O1} \
	    -I"$STRESS_ROOT/include" -o "$BATS_FILE_TMPDIR/$1" \
	    "$STRESS_ROOT/tests/stress/$1.c" ${2:+"$build/libtaskctl.a" -lutf8proc -lbsd -lm}
}

# No agent, session or token of whoever runs the tests.
clean_environment() {
	unset TASKCTL_AGENT TASKCTL_SESSION TASKCTL_TASK TASKCTL_TOKEN \
	    TASKCTL_DB CLAUDE_CODE_SESSION_ID CODEX_THREAD_ID GEMINI_SESSION_ID
	# Children of tests must not keep bats waiting: its fd 3.
	export LC_ALL=C.UTF-8
}

# A repository with a store, in the current directory: new_store [PLAN]
new_store() {
	clean_environment
	cd "$BATS_TEST_TMPDIR" || return 1
	rm -rf repo && mkdir repo && cd repo || return 1
	git init -q . 3>&-
	taskctl init >/dev/null 3>&-
	taskctl config git.auto off >/dev/null 3>&-
	[ $# -eq 0 ] || taskctl import "$1" >/dev/null 2>&1 3>&-
}

# The same of two sprints: 1.1 free, 1.2 and 1.3 on the mutex; 2.1 needs 1.1 and
# waits for nothing else.
small_store() {
	cat >"$BATS_FILE_TMPDIR/small.md" <<-'END'
	# Small

	## Sprint 1 : one

	#### Task 1.1 : free
	**Durée** : 1h

	#### Task 1.2 : first of the mutex
	**Durée** : 1h
	**Parallélisable** : ❌ (one at a time)

	#### Task 1.3 : second of the mutex
	**Durée** : 1h
	**Parallélisable** : ❌ (one at a time)

	## Sprint 2 : two

	#### Task 2.1 : after 1.1
	**Durée** : 1h
	**Dépendances** : 1.1
	END
	new_store "$BATS_FILE_TMPDIR/small.md"
}

# The exit code that is wanted, exactly: code N COMMAND...
code() {
	local want=$1 got=0
	shift
	timeout 30 "$@" >out.txt 2>err.txt 3>&- || got=$?
	[ "$got" -eq "$want" ] && return 0
	echo "exit $got, not $want: $*" && cat out.txt err.txt
	return 1
}

# Does somebody wait for a byte of this store's queue?
waiting() {
	grep -q -- "-> OFDLCK.*:$(stat -c %i .tasks/taskctl.db-queue) [01] [01]\$" \
	    /proc/locks
}

# faketime, with clocks that only wall time moves.  It leaves semaphores behind,
# named by its pid, and fails where the pid comes again.
needs_faketime() {
	local left
	command -v faketime >/dev/null || skip 'no faketime'
	for left in /dev/shm/*faketime_s*; do
		kill -0 "${left##*_}" 2>/dev/null || rm -f "$left"
	done
	export FAKETIME_DONT_FAKE_MONOTONIC=1
}

# Processes that end with their test, whatever state they are in.
HELD=()
teardown() {
	[ ${#HELD[@]} -eq 0 ] && return 0
	{ kill -KILL "${HELD[@]}"; wait "${HELD[@]}"; } 2>/dev/null || true
}

pid_stopped() { grep -q '^State:.T' "/proc/$1/status"; }

# The first child of a process; pgrep looks at all processes: child_of PID
child_of() {
	local child _
	read -r child _ <"/proc/$1/task/$1/children" || [ -n "$child" ] &&
	    echo "$child"
}

# Statements that answer what is wrong, and nothing where all is well: asked by
# another program than taskctl, which might be wrong in both places.
fine() {
	local rows
	rows=$(cat "$@" | q) || return 1
	[ -z "$rows" ] && return 0
	echo "$rows"
	return 1
}

# The store is whole, and every count in it is what counting gives.
whole() {
	fine "$STRESS_ROOT/tests/stress/whole.sql" \
	    "$STRESS_ROOT/lib/work/sql/invariants.sql"
}

# What happened agrees with itself.
replays() { fine "$STRESS_ROOT/tests/stress/replays.sql"; }
