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

# The first sprint: 1.1 free, 1.2 and 1.3 on the mutex; 2.1 needs 1.1 and waits
# for nothing else.
small_plan() {
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
	echo "$BATS_FILE_TMPDIR/small.md"
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

# Nothing comes back from a question: none WHAT SQL
none() {
	local rows
	rows=$(q "$2") || return 1
	[ -z "$rows" ] && return 0
	echo "$1: $rows"
	return 1
}

# Does somebody wait for a byte of this store's queue?
waiting() {
	grep -q -- "-> OFDLCK.*:$(stat -c %i .tasks/taskctl.db-queue) " /proc/locks
}

# End what a test has left in HELD, whatever state it is in.
end_held() {
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

# The store is whole, and every count in it is what counting gives.
whole() {
	local bad=0
	[ "$(q 'PRAGMA integrity_check')" = ok ] || { echo integrity; bad=1; }
	none 'foreign keys' 'PRAGMA foreign_key_check' || bad=1
	none 'unmet' "SELECT key, unmet FROM task AS t WHERE unmet <> (SELECT
	    count(*) FROM dep AS d JOIN task AS n ON n.id = d.needs WHERE
	    d.task = t.id AND d.origin <> 'cut' AND n.state <> 'done')" || bad=1
	none 'remaining' "SELECT key, remaining FROM sprint AS s WHERE
	    remaining <> (SELECT count(*) FROM task AS t WHERE t.sprint = s.id
	    AND t.orphaned = 0 AND t.state NOT IN ('done', 'cancelled'))" || bad=1
	none 'barred' "WITH RECURSIVE held (id) AS (
	    SELECT id FROM sprint WHERE remaining > 0 UNION
	    SELECT s.id FROM sprint AS s JOIN held AS h ON s.after = h.id)
	    SELECT t.key, t.barred FROM task AS t LEFT JOIN sprint AS s
	    ON s.id = t.sprint LEFT JOIN task AS g ON g.id = s.gate
	    WHERE (t.barred & 7) <>
	    coalesce(s.after IN (SELECT id FROM held), 0)
	    + 2 * coalesce(g.state <> 'done', 0)
	    + 4 * EXISTS (SELECT 1 FROM task AS e WHERE e.chain = t.chain
		AND e.step < t.step AND e.orphaned = 0
		AND e.state NOT IN ('done', 'cancelled'))" || bad=1
	none 'claimed without a live lease, or the other way round' "SELECT
	    t.key, t.state, l.ended FROM task AS t LEFT JOIN lease AS l
	    ON l.task = t.id AND l.ended IS NULL
	    WHERE (t.state = 'claimed') <> (l.task IS NOT NULL)" || bad=1
	none 'a lease without its claim' "SELECT task, token FROM lease AS l WHERE
	    NOT EXISTS (SELECT 1 FROM event AS e WHERE e.kind = 'claimed' AND
	    e.token = l.token AND e.task = l.task)" || bad=1
	none 'a token that is not drawn' "SELECT l.token FROM lease AS l, store
	    WHERE l.token > store.token" || bad=1
	none 'two hold one mutex' "SELECT mutex, count(*) FROM task WHERE
	    state = 'claimed' AND mutex <> '' GROUP BY mutex
	    HAVING count(*) > 1" || bad=1
	none 'event counter' "SELECT event FROM store WHERE
	    event <> (SELECT max(id) FROM event)" || bad=1
	none 'token counter' "SELECT token FROM store WHERE
	    token < (SELECT coalesce(max(token), 0) FROM event)" || bad=1
	return $bad
}

# What happened agrees with what is: tokens grow and are used once, each done
# has one claim, and the events alone lead to the same states.
replays() {
	local bad=0
	none 'tokens that do not grow' "SELECT id, token FROM (SELECT id, token,
	    max(token) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND
	    1 PRECEDING) AS before FROM event WHERE kind = 'claimed')
	    WHERE token <= before" || bad=1
	none 'done without its one claim' "SELECT d.id, d.token FROM event AS d
	    WHERE d.kind = 'done' AND d.token IS NOT NULL AND (SELECT count(*)
	    FROM event AS c WHERE c.kind = 'claimed' AND c.token = d.token AND
	    c.task = d.task AND c.agent = d.agent AND c.id < d.id) <> 1" || bad=1
	none 'ended by a token that is not the newest' "SELECT e.id, e.kind FROM
	    event AS e WHERE e.kind IN ('done', 'released', 'failed', 'revived',
	    'lapsed', 'died') AND e.token IS NOT NULL AND e.token <> (SELECT
	    max(c.token) FROM event AS c WHERE c.kind = 'claimed' AND
	    c.task = e.task AND c.id < e.id)" || bad=1
	none 'claimed while held' "SELECT e.id FROM event AS e WHERE
	    e.kind = 'claimed' AND (SELECT p.kind FROM event AS p WHERE
	    p.task = e.task AND p.id < e.id AND p.kind IN ('claimed', 'revived',
	    'done', 'released', 'forced', 'failed', 'lapsed', 'died',
	    'cancelled', 'reopened') ORDER BY p.id DESC LIMIT 1) IN ('claimed',
	    'revived', 'done', 'failed', 'cancelled')" || bad=1
	none 'events lead to another state' "SELECT key, state, kind FROM (SELECT
	    t.key, t.state, coalesce((SELECT CASE e.kind WHEN 'claimed' THEN
	    'claimed' WHEN 'revived' THEN 'claimed' WHEN 'done' THEN 'done' WHEN
	    'failed' THEN 'failed' WHEN 'cancelled' THEN 'cancelled' ELSE
	    CASE WHEN json_extract(e.data, '\$.failed') THEN 'failed' ELSE
	    'open' END END FROM event AS e WHERE e.task = t.id AND e.kind IN
	    ('claimed', 'revived', 'done', 'released', 'forced', 'failed',
	    'lapsed', 'died', 'cancelled', 'reopened') ORDER BY e.id DESC
	    LIMIT 1), 'open') AS kind FROM task AS t WHERE t.ticked = 0)
	    WHERE state <> kind" || bad=1
	return $bad
}
