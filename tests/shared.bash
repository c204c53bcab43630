# shared.bash - what every bats file loads, by way of its folder's own helpers.

bats_require_minimum_version 1.5.0

# jq 1.6 needs 25 ms to start, ten times what taskctl does.  gojq keeps no order
# of keys: it sorts them.
! command -v gojq >/dev/null || jq() {
	[ "$1" != -S ] || shift
	gojq "$@"
}

# For setup: bats traps each command of a test, to name the line that fails, and
# so each of every function.  From here on it is the test's own lines: a sixth
# of the time.  Its handlers must be traced: else they cannot end the tracing.
quick() {
	[ "${BATS_TRACE_LEVEL:-0}" -eq 0 ] || return 0
	declare -ft bats_error_trap bats_check_status_from_trap \
	    bats_teardown_trap bats_exit_trap
	set +T
}

# Without bats' descriptor 3, for which bats would wait.
t() { taskctl "$@" 3>&-; }

# "! command" alone does not fail a test.
no() { if "$@" 3>&-; then return 1; fi; }

# The store by SQL: with a time-out, since taskctl's own background may read it.
q() {
	sqlite3 -cmd '.timeout 5000' "${STORE:-.tasks/taskctl.db}" "$@" 3>&-
}

# As if the lease on TASK had been taken, and last renewed, MS earlier.
age() {
	q "UPDATE lease SET acquired_boot = acquired_boot - $2,
	    renewed_boot = renewed_boot - $2, active_boot = active_boot - $2,
	    expires_boot = expires_boot - $2
	    WHERE task = (SELECT id FROM task WHERE key = '$1')"
}

# Wait up to 10 s for a condition that comes by itself.
until_true() {
	local i
	for ((i = 0; i < 1000; i++)); do
		"$@" >/dev/null 2>&1 3>&- && return 0
		sleep 0.01
	done
	echo "did not come true: $*"
	return 1
}

# How much later than it should something may be seen here, in ms: as long as it
# takes to start taskctl ten times.
slack_ms() {
	local began i
	began=$(date +%s%3N)
	for ((i = 0; i < 10; i++)); do t version >/dev/null; done
	echo $(($(date +%s%3N) - began))
}

# Of strace, the child that rests where it was told to stop, which shows "t"; so
# do others at each call, but they go on: stopped_child TRACER
stopped_child() {
	local i pid was='' now rested=0
	for ((i = 0; i < 1000 && rested < 8; i++)); do
		now=$(pid=$(pgrep -P "$1") &&
		    grep -e '^State:.[Tt]' -e ctxt_switches \
			"/proc/$pid/status" 2>/dev/null)
		[[ $now == State:* && $now = "$was" ]] &&
		    rested=$((rested + 1)) || rested=0
		was=$now
		sleep 0.01
	done
	[ $rested -eq 8 ] && pgrep -P "$1"
}

# Until what taskctl goes on with behind its answer has ended, in this test's
# folders: it makes files there, and takes them away.
settled() { until_true none_goes_on; }
none_goes_on() {
	local pid here
	here=$(realpath "$BATS_TEST_TMPDIR")
	for pid in $(pgrep -x 'taskctl.*'); do
		[[ $(readlink "/proc/$pid/cwd") != "$here"/* ]] ||
		    return 1
	done
}

# Hold the store's own lock by a foreign shell until the file FILE is there; its
# pid is in $other: other_holds FILE [STATEMENT]
other_holds() {
	rm -f "$1" "$1.held"
	sqlite3 .tasks/taskctl.db "${2:-BEGIN IMMEDIATE}" \
	    ".shell touch $1.held; while [ -e $1.held ] && [ ! -e $1 ]; do sleep 0.02; done" \
	    >/dev/null 3>&- &
	other=$!
	until_true test -e "$1.held"
}

# A static program takes no LD_PRELOAD: afterwards taskctl is the dynamic one.
dynamic_taskctl() {
	local program
	program=$(command -v taskctl)
	[ -e "$program-dynamic" ] || return 0
	mkdir -p "$BATS_TEST_TMPDIR/dynamic"
	ln -sf "$(realpath "$program-dynamic")" "$BATS_TEST_TMPDIR/dynamic/taskctl"
	PATH=$BATS_TEST_TMPDIR/dynamic:$PATH
}

# Somebody whom git knows, in this HOME.  Nothing is packed meanwhile.
git_identity() {
	cat >"$HOME/.gitconfig" <<-'END'
		[user]
			name = Grace Hopper
			email = grace@navy.example
		[init]
			defaultBranch = main
		[advice]
			detachedHead = false
		[gc]
			auto = 0
		[maintenance]
			auto = false
	END
}
