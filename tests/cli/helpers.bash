# helpers.bash - what the command tests share.  taskctl is the one in PATH, so
# the same tests run against a broken copy: PATH=/tmp/mut/build:$PATH bats FILE.
#
# Time is never slept for: age changes the lease in the store, as if it had
# been taken so much earlier.

load ../shared

ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
PLANS=$ROOT/tests/plans
command -v taskctl >/dev/null || PATH=$ROOT/build:$PATH

# A folder of its own, and nothing of whoever runs the tests.
setup() {
	unset ${!TASKCTL_@} ${!CLAUDE_@} ${!CODEX_@} ${!GEMINI_@} ${!GIT_@} \
	    NO_COLOR CLICOLOR_FORCE COLUMNS SUDO_UID
	export HOME=$BATS_TEST_TMPDIR/home LC_ALL=C.UTF-8 TZ=UTC
	export GIT_CONFIG_NOSYSTEM=1
	umask 022
	quick
	mkdir -p "$HOME" "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return 1
}

as() { TASKCTL_AGENT=$1 TASKCTL_SESSION=$1-1 taskctl "${@:2}" 3>&-; }

# A coordinator here; with a PLAN of tests/plans or a path, that is imported.
new() {
	t init >/dev/null
	t config git.auto off >/dev/null
	[ $# -eq 0 ] || take "$1"
}

take() {
	local plan=$1
	[ -e "$plan" ] || plan=$PLANS/$plan.md
	t import "$plan" "${@:2}" >/dev/null 2>&1
}

# The exit code that is wanted, exactly; what was said is in $out and $err.
code() {
	local want=$1 got=0
	shift
	"$@" >"$BATS_TEST_TMPDIR/.out" 2>"$BATS_TEST_TMPDIR/.err" 3>&- || got=$?
	# Of NULs it would warn, and leaves them out.
	{ out=$(<"$BATS_TEST_TMPDIR/.out") err=$(<"$BATS_TEST_TMPDIR/.err"); } \
	    2>/dev/null
	[ "$got" -eq "$want" ] && return 0
	printf 'exit %d, not %d: %s\n%s\n%s\n' "$got" "$want" "$*" "$out" "$err"
	return 1
}

# The same with --json: one document on standard output, and nothing else.
json() {
	code "$1" taskctl --json "${@:2}" || return 1
	[ "$(jq -s 'map(select(.schema == "taskctl/1")) | length' <<<"$out")" = 1 ] &&
	    return 0
	printf 'not one document of taskctl/1: %s\n' "$out"
	return 1
}

# A refusal: its exit code and its word agree, and nothing was changed.
refused() {
	local before word
	before=$(dump)
	json "$@" || return 1
	case $1 in
	1) word=failed ;; 3) word=not_found ;; 4) word=taken ;;
	5) word=none_ready ;; 6) word=stale ;; 7) word=not_ready ;;
	8) word=invalid ;; 9) word=busy ;; 10) word=corrupt ;; 64) word=usage ;;
	esac
	is ".error.code == \"$word\" and (.error.message | length > 0)" &&
	    same "$before" "$(dump)"
}

# Something holds of the JSON answer (a jq expression).
is() {
	jq -e "$1" <<<"$out" >/dev/null && return 0
	printf 'not so: %s\n%s\n' "$1" "$out"
	return 1
}

# What one question of jq to the last answer gives.
get() { jq -r "$1" <<<"$out"; }

same() {
	[ "$1" = "$2" ] && return 0
	printf 'different:\n%s\n---\n%s\n' "$1" "$2"
	return 1
}

# Each of the texts was said, on standard output or standard error.
says() {
	local text
	for text; do
		[[ "$out
$err" == *"$text"* ]] && continue
		printf 'not said: %s\n--- out\n%s\n--- err\n%s\n' "$text" "$out" "$err"
		return 1
	done
}

says_not() {
	local text
	for text; do
		[[ "$out
$err" != *"$text"* ]] && continue
		printf 'said: %s\n--- out\n%s\n--- err\n%s\n' "$text" "$out" "$err"
		return 1
	done
}

# All that the store holds, but for the clock that every writer leaves there.
dump() {
	[ -s "${STORE:-.tasks/taskctl.db}" ] || return 0
	sqlite3 -readonly -cmd '.timeout 5000' "${STORE:-.tasks/taskctl.db}" \
	    .dump 2>&1 3>&- | grep -v '^INSERT INTO store ' | sha256sum
}

state() { t --json show "$1" | jq -r .task.state; }
token() { t --json show "$1" | jq -r .task.lease.token; }

# Somebody who is not root: as_nobody COMMAND…  (skips without root)
as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups \
	    env HOME=/nonexistent "$@" 3>&-
}
# The same, who trusts whomever this folder belongs to.
as_guest() { as_nobody env PATH="$PATH" TASKCTL_SAFE_DIRECTORY="$PWD" "$@"; }
# taskctl, and its dynamic twin where it has one, into a folder.
copy_taskctl() {
	local program
	program=$(command -v taskctl)
	cp "$program" "$1"
	[ ! -e "$program-dynamic" ] || cp "$program-dynamic" "$1"
}
# The programs where anybody can reach them: the repository may lie in
# somebody's private folder.  Afterwards PATH finds these first.
public_programs() {
	mkdir -p "$BATS_TEST_TMPDIR/programs"
	copy_taskctl "$BATS_TEST_TMPDIR/programs"
	cp "$(command -v taskctl-git)" "$BATS_TEST_TMPDIR/programs"
	chmod -R go+rX "$BATS_TEST_TMPDIR/programs"
	PATH=$BATS_TEST_TMPDIR/programs:$PATH
}
need_root() {
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to become somebody else'
	public_programs
}

# Folders above the test's, so that somebody else may come in.
open_way() {
	local at=$BATS_TEST_TMPDIR
	while [ "$at" != /tmp ] && [ "$at" != / ]; do
		chmod go+x "$at"
		at=$(dirname "$at")
	done
	chmod go+rx "$BATS_TEST_TMPDIR"
}

# The bytes that must never reach a terminal from a plan or an agent.
inert() {
	if LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]|\xe2\x81[\xa6-\xa9]' \
	    "$BATS_TEST_TMPDIR/.out" "$BATS_TEST_TMPDIR/.err"; then
		echo "not inert:"
		cat -v "$BATS_TEST_TMPDIR/.out" "$BATS_TEST_TMPDIR/.err"
		return 1
	fi
}
