#!/usr/bin/env bats
# chaos.bats - anything at random, with deaths: the store stays whole, counts
# are what counting gives, the events lead to the same states (I1 I2 I3 I5 I6
# I11).

load stress.bash

setup_file() {
	driver chaos
}

# 3 sprints; needs across and within; a mutex; sprint 3 is behind a barrier, for
# nothing leads into it.  chaos_plan FILE [changed]
chaos_plan() {
	mkdir -p "$(dirname "$1")"
	{
		echo "# Chaos"
		for s in 1 2 3; do
			printf '\n## Sprint %d : part %d\n' "$s" "$s"
			for i in 1 2 3 4; do
				[ "${2-}$s$i" = changed14 ] && continue
				[ "$s$i" = 23 ] || [ "$s$i" = 24 ] && continue
				printf '\n#### Task %d.%d : work\n' "$s" "$i"
				echo "**Durée** : ${i}h"
				[ "$i" -le 2 ] || [ "$s" -eq 3 ] ||
				    echo "**Parallélisable** : ❌ (one)"
				case ${2-}$s.$i in
				1.2) echo "**Dépendances** : 1.1" ;;
				2.1) echo "**Dépendances** : 1.2" ;;
				2.2) echo "**Dépendances** : 1.1, 1.3" ;;
				3.4) echo "**Dépendances** : 3.1, 3.2" ;;
				changed1.3) echo "**Dépendances** : 1.1" ;;
				changed2.1) echo "**Dépendances** : 1.3" ;;
				changed3.4) echo "**Dépendances** : 3.3" ;;
				esac
			done
		done
	} >"$1"
}

# What was acknowledged has happened: the token of each claim, each done.
acknowledged() {
	local odd
	odd=$(grep -h '^odd' acks.* || true)
	[ -z "$odd" ] || { echo "$odd"; return 1; }
	if ! grep -qhs '^claim .* [0-9]*$' acks.* || ! grep -qhs '^done' acks.*; then
		echo 'nothing was acknowledged'
		return 1
	fi
	q "CREATE TEMP TABLE ack (verb, agent, task, token);
	   $(awk 'NF >= 4 && $1 == "claim" || NF >= 3 && $1 == "done" {
	    printf "INSERT INTO ack VALUES (%c%s%c, %c%s%c, %c%s%c, %d);\n", 39,
		$1, 39, 39, $2, 39, 39, $3, 39, $4 }' acks.*)
	   SELECT 'lost', ack.* FROM ack WHERE NOT EXISTS (SELECT 1 FROM event
	    AS e JOIN task AS t ON t.id = e.task WHERE t.key = ack.task AND
	    e.agent = ack.agent AND (ack.verb = 'claim' AND e.kind = 'claimed'
	    AND e.token = ack.token OR ack.verb = 'done' AND e.kind = 'done'));
	   SELECT 'twice', token FROM ack WHERE verb = 'claim' GROUP BY token
	    HAVING count(DISTINCT agent) > 1" >lost
	[ ! -s lost ] || { head lost; return 1; }
}

# At each claim everything it needs was done, and nobody held its mutex, and
# the sprint that its sprint follows had nothing left.  For fixed edges.
started_in_order() {
	q "CREATE TEMP TABLE move AS SELECT id, task, CASE kind WHEN 'revived'
	    THEN 'claimed' WHEN 'released' THEN 'open' WHEN 'forced' THEN 'open'
	    WHEN 'reopened' THEN 'open' WHEN 'lapsed' THEN CASE WHEN
	    json_extract(data, '\$.failed') THEN 'failed' ELSE 'open' END
	    WHEN 'died' THEN CASE WHEN json_extract(data, '\$.failed') THEN
	    'failed' ELSE 'open' END ELSE kind END AS state FROM event WHERE
	    kind IN ('claimed', 'revived', 'done', 'released', 'forced',
	    'failed', 'lapsed', 'died', 'cancelled', 'reopened');
	   CREATE INDEX temp.by_task ON move (task, id);
	   CREATE TEMP TABLE claims AS SELECT e.id, e.task, t.mutex, s.after
	    FROM event AS e JOIN task AS t ON t.id = e.task
	    LEFT JOIN sprint AS s ON s.id = t.sprint WHERE e.kind = 'claimed';
	   CREATE TEMP TABLE world AS SELECT c.id AS claim, c.task AS claimed,
	    c.mutex AS wants, c.after, n.id AS task, n.mutex, n.sprint, coalesce(
	    (SELECT state FROM move AS m WHERE m.task = n.id AND m.id < c.id
	    ORDER BY m.id DESC LIMIT 1), 'open') AS state
	    FROM claims AS c JOIN task AS n;
	   SELECT 'needs', claim FROM world JOIN dep AS d ON d.task = claimed AND
	    d.needs = world.task WHERE state <> 'done';
	   SELECT 'mutex', claim FROM world WHERE wants <> '' AND mutex = wants
	    AND task <> claimed AND state = 'claimed';
	   SELECT 'barrier', claim FROM world WHERE sprint = after AND
	    state NOT IN ('done', 'cancelled')" >early
	[ ! -s early ] || { head early; return 1; }
}

seconds() { echo $(($(rounds 200) * $1 / 200)); }

@test "agents at random, killed at random: states, tokens and order hold" {
	chaos_plan "$BATS_TEST_TMPDIR/plan.md"
	new_store "$BATS_TEST_TMPDIR/plan.md"
	[ "$(q 'SELECT count(*) FROM sprint WHERE after IS NOT NULL')" -ge 1 ]
	taskctl config max_attempts 50 >/dev/null 3>&-
	taskctl config ttl 1s >/dev/null 3>&-
	seed=$RANDOM
	echo "# seed $seed" # where it fails
	"$BATS_FILE_TMPDIR/chaos" 8 "$(seconds 10)" "$seed" - \
	    1.1 1.2 1.3 1.4 2.1 2.2 3.1 3.2 3.3 3.4 3>&-
	whole
	replays
	acknowledged
	started_in_order
	echo "# $(q "SELECT count(*) FROM event") events, $(q "SELECT count(*)
	    FROM event WHERE kind = 'claimed'") claims, $(q "SELECT count(*)
	    FROM event WHERE kind = 'lapsed'") lapses, $(q "SELECT count(*)
	    FROM event WHERE task IN (SELECT id FROM task WHERE sprint = 3) AND
	    kind = 'claimed'") behind the barrier" >&3
	[ "$(q "SELECT count(*) FROM event WHERE kind = 'claimed'")" -gt 10 ]
	[ "$(q "SELECT count(*) FROM event WHERE kind = 'lapsed'")" -gt 0 ]
}

@test "the same while the plan changes under it: nothing is miscounted" {
	chaos_plan "$BATS_TEST_TMPDIR/p/1/plan.md"
	chaos_plan "$BATS_TEST_TMPDIR/p/2/plan.md" changed
	new_store "$BATS_TEST_TMPDIR/p/1/plan.md"
	taskctl config max_attempts 3 >/dev/null 3>&-
	seed=$RANDOM
	echo "# seed $seed"
	"$BATS_FILE_TMPDIR/chaos" 8 "$(seconds 6)" "$seed" \
	    "$BATS_TEST_TMPDIR/p" 1.1 1.2 1.3 1.4 2.1 2.2 3.1 3.2 3.3 \
	    3.4 3>&-
	whole
	replays
	acknowledged
	echo "# $(q "SELECT count(*) FROM event") events, $(q "SELECT count(*)
	    FROM event WHERE kind = 'imported'") imports" >&3
	# An edge added by hand may make the plan a cycle: refused, whole.
	taskctl import "$BATS_TEST_TMPDIR/p/1/plan.md" >/dev/null 2>&1 3>&- ||
	    [ $? -eq 8 ]
	whole
}
