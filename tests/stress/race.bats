#!/usr/bin/env bats
# race.bats - many at the same moment: one winner (I1), nothing lost (I6).

load stress.bash

setup_file() {
	driver race
}

# ROUNDS tasks, of which nothing depends on anything: free_plan ROUNDS
free_plan() {
	echo "# Race"
	echo "## Sprint 1 : all"
	for ((i = 1; i <= $1; i++)); do
		printf '\n#### Task 1.%d : number %d\n**Durée** : 1h\n' "$i" "$i"
	done
}

# Each line of exit codes holds one 0 and otherwise 4.
one_winner() {
	awk -v n="$2" '{ won = lost = 0; for (i = 1; i <= NF; i++) {
		won += $i == 0; lost += $i == 4 }
	    if (won != 1 || lost != n - 1) { print "round " NR ": " $0; bad = 1 } }
	    END { exit bad }' "$1"
}

@test "8 processes claim one task: one winner, seven exit 4, every round" {
	n=$(rounds 200)
	free_plan "$n" >"$BATS_TEST_TMPDIR/race.md"
	new_store "$BATS_TEST_TMPDIR/race.md"
	"$BATS_FILE_TMPDIR/race" 8 "$n" taskctl claim 1.@ --agent a% >codes 3>&-
	[ "$(wc -l <codes)" -eq "$n" ]
	one_winner codes 8
	whole
	replays
	[ "$(q "SELECT count(*) FROM event WHERE kind = 'claimed'")" -eq "$n" ]
}

@test "the same from 8 linked worktrees" {
	n=$(rounds 20)
	free_plan "$n" >"$BATS_TEST_TMPDIR/race.md"
	new_store "$BATS_TEST_TMPDIR/race.md"
	git -c user.name=t -c user.email=t@example.com commit -q --allow-empty \
	    -m first
	for ((i = 1; i <= 8; i++)); do
		git worktree add -q "../tree/$i" -b "b$i" 3>&-
	done
	RACE_DIR="$BATS_TEST_TMPDIR/tree" \
	    "$BATS_FILE_TMPDIR/race" 8 "$n" taskctl claim 1.@ --agent same \
	    >codes 3>&-
	one_winner codes 8
	whole
	# One agent's name in eight worktrees is eight sessions.
	[ "$(q "SELECT count(DISTINCT session) FROM event
	    WHERE kind = 'claimed'")" -gt 1 ]
}

@test "8 processes ask for the next task: eight tasks" {
	n=$(rounds 25)
	free_plan $((n * 8)) >"$BATS_TEST_TMPDIR/race.md"
	new_store "$BATS_TEST_TMPDIR/race.md"
	"$BATS_FILE_TMPDIR/race" 8 "$n" taskctl claim --next --agent a%.@ >codes \
	    3>&-
	no grep '[1-9]' codes
	whole
	[ "$(q "SELECT count(DISTINCT task) FROM event
	    WHERE kind = 'claimed'")" -eq $((n * 8)) ]
}

@test "8 agents finish 8 tasks at once: none lost, counts right, every round" {
	n=$(rounds 200)
	{
		echo "# Race"
		echo "## Sprint 1 : all"
		for ((i = 1; i <= 8; i++)); do
			printf '\n#### Task 1.%d : part\n**Durée** : 1h\n' "$i"
		done
		printf '\n#### Task 1.9 : whole\n**Durée** : 1h\n'
		printf '**Dépendances** : 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8\n'
		printf '\n## Sprint 2 : behind\n\n#### Task 2.1 : last\n'
		printf '**Durée** : 1h\n**Dépendances** : Sprint 1\n'
	} >"$BATS_TEST_TMPDIR/race.md"
	new_store "$BATS_TEST_TMPDIR/race.md"
	for ((r = 1; r <= n; r++)); do
		"$BATS_FILE_TMPDIR/race" 8 1 taskctl claim 1.% --agent a% 3>&-
		"$BATS_FILE_TMPDIR/race" 8 1 taskctl done 1.% --agent a% 3>&-
		[ "$(q "SELECT unmet FROM task WHERE key = '1.9'")" -eq 0 ] ||
		    echo "round $r: unmet"
		[ "$r" -eq "$n" ] ||
		    "$BATS_FILE_TMPDIR/race" 8 1 taskctl reopen 1.% --agent a% \
			3>&-
	done >codes
	no grep -vx '0 0 0 0 0 0 0 0' codes
	whole
	replays
	[ "$(q "SELECT count(*) FROM event WHERE kind = 'done'")" -eq $((n * 8)) ]
}
