# sync.bats - clones that both made progress come together, by event.

load clones

eval "$(declare -f setup | sed '1s/setup/helpers_setup/')"
setup() {
	helpers_setup
	clones_setup
}

# What the hub holds of all stores: every merge keeps both sides behind it.
hub() { git --git-dir="$BATS_TEST_TMPDIR/work/hub.git" "$@"; }

@test "sync: both sides progress, and both have it" {
	clone one "$HOUSE"
	t claim 1.1 >/dev/null
	t 'done' 1.1 -m 'solid ground' >/dev/null
	json 0 sync
	is '.pushed and .taken == 0 and .remote == "origin" and .branch == "taskctl"'
	clone two "$HOUSE"
	as bob claim 1.3 >/dev/null
	as bob note 1.2 'mind the lamp' >/dev/null
	as bob 'done' 1.3 >/dev/null
	t add X.1 'By hand' --needs 1.3 --estimate 2h >/dev/null
	json 0 sync
	is '.pushed and .taken > 0 and .conflicts == []'
	in_clone one
	json 0 sync
	is '.pushed == false and .taken > 0'
	alike one two
	in_clone one
	[ "$(state 1.1)" = 'done' ]
	[ "$(state 1.3)" = 'done' ]
	[ "$(state X.1)" = ready ]
	# Once more, and nothing happens: neither side answers the other for ever.
	before=$(hub rev-parse taskctl)
	for one in one two one; do
		in_clone $one
		json 0 sync
		is '.pushed == false and .taken == 0'
	done
	[ "$(hub rev-parse taskctl)" = "$before" ]
	[ "$(hub rev-list --merges --count taskctl)" -eq 1 ]
}

@test "sync: what was taken says where it happened, once, and commits quietly" {
	clone one "$HOUSE"
	t claim 1.1 >/dev/null
	t 'done' 1.1 >/dev/null
	t sync >/dev/null
	store=$(q 'SELECT id FROM store')
	clone two "$HOUSE"
	t sync >/dev/null
	t sync >/dev/null
	[ "$(q "SELECT count(*) FROM event WHERE origin = '$store'")" -eq \
	    "$(in_clone one; q 'SELECT count(*) FROM event')" ]
	[ "$(q "SELECT count(*) FROM event GROUP BY origin, origin_id
	    ORDER BY 1 DESC LIMIT 1")" -eq "$(q 'SELECT count(*) FROM event
	    WHERE origin IS NULL')" ]
	json 0 log
	is "any(.events[]; .origin.store == \"$store\" and .kind == \"done\")"
	# Its trailers are of tokens that the other store drew: not ours to tell.
	[ "$(git log --format=%B taskctl ^origin/taskctl 2>/dev/null |
	    grep -c '^Token: ')" -le 1 ]
	git log -1 --format=%B taskctl | grep -q '^Merge progress of origin'
}

@test "sync: a claim in both is shown with both, and the earlier one stands" {
	clone one "$HOUSE"
	t sync >/dev/null
	clone two "$HOUSE"
	t sync >/dev/null
	in_clone one
	as ada claim 1.1 >/dev/null
	in_clone two
	as bob claim 1.1 >/dev/null
	token=$(token 1.1)
	in_clone one
	t sync >/dev/null
	in_clone two
	json 0 sync
	is '.conflicts | length == 1 and (.[0] | contains("ada") and
	    contains("bob") and contains("the one here is ended"))'
	refused 6 heartbeat 1.1 --agent bob --session bob-1
	refused 6 'done' 1.1 --token "$token"
	[ "$(state 1.1)" = ready ]
	json 0 log
	is '.events | map(select(.kind == "conflicted"))[0].data |
	    .winner_agent == "ada" and .loser_agent == "bob"'
	in_clone one
	t sync >/dev/null
	[ "$(state 1.1)" = claimed ]
	code 0 as ada 'done' 1.1
	t sync >/dev/null
	in_clone two && t sync >/dev/null
	alike one two
}

@test "sync: who claimed later loses, also when the earlier one syncs last" {
	clone one "$HOUSE"
	as ada claim 1.1 >/dev/null
	clone two "$HOUSE"
	as bob claim 1.1 >/dev/null
	t sync >/dev/null
	in_clone one
	json 0 sync
	is '.conflicts[0] | contains("the one here goes on")'
	[ "$(state 1.1)" = claimed ]
	code 0 as ada heartbeat 1.1
	in_clone two
	json 0 sync
	is '.conflicts | length == 1'
	refused 6 heartbeat 1.1 --agent bob --session bob-1
	in_clone one && t sync >/dev/null
	alike one two
}

@test "sync: who claims what he knows to be held elsewhere is not stopped, and loses if it is" {
	clone one "$HOUSE"
	as ada claim 1.1 >/dev/null
	t sync >/dev/null
	clone two "$HOUSE"
	t sync >/dev/null
	# That machine may be gone for ever: its lease is not ours to judge.
	code 0 as bob claim 1.1
	t sync >/dev/null
	code 0 as bob heartbeat 1.1
	# It was not.
	in_clone one
	json 0 sync
	is '.conflicts[0] | contains("the one here goes on")'
	in_clone two
	json 0 sync
	is '.conflicts[0] | contains("was claimed earlier in another store")'
	refused 6 heartbeat 1.1 --agent bob --session bob-1
	in_clone one && t sync >/dev/null
	alike one two
}

@test "sync: claims of the same moment are told apart by their stores" {
	clone one "$HOUSE"
	as ada claim 1.1 >/dev/null
	first=$(q 'SELECT id FROM store')
	clone two "$HOUSE"
	as bob claim 1.1 >/dev/null
	second=$(q 'SELECT id FROM store')
	for one in one two; do
		in_clone $one
		q "UPDATE lease SET acquired_ms = 1700000000000;
		    UPDATE event SET at_ms = 1700000000000"
	done
	for one in one two one; do in_clone $one; t sync >/dev/null 2>&1; done
	winner=two loser=one
	[[ $second < $first ]] || { winner=one; loser=two; }
	in_clone $winner && [ "$(state 1.1)" = claimed ]
	in_clone $loser && [ "$(state 1.1)" = ready ]
}

@test "sync: done in both is done once, by who was first; a reopening counts" {
	clone one "$HOUSE"
	t sync >/dev/null
	clone two "$HOUSE"
	t sync >/dev/null
	in_clone one
	as ada claim 1.1 >/dev/null && as ada 'done' 1.1 -m 'as planned' >/dev/null
	in_clone two
	as bob claim 1.1 >/dev/null && as bob 'done' 1.1 -m 'twice' >/dev/null
	for one in two one two; do in_clone $one; t sync >/dev/null; done
	alike one two
	json 0 show 1.1
	is '.task.finished_by == "ada" and (.task.notes | length == 2)'
	t reopen 1.1 -m 'it leaks' >/dev/null
	for one in two one; do in_clone $one; t sync >/dev/null; done
	[ "$(state 1.1)" = ready ]
	alike one two
}

@test "sync: done wins over whoever did not know it" {
	clone one "$HOUSE"
	t sync >/dev/null
	clone two "$HOUSE"
	t sync >/dev/null
	in_clone one
	as ada claim 1.1 >/dev/null && as ada 'done' 1.1 >/dev/null
	in_clone two
	as bob claim 1.1 >/dev/null && as bob fail 1.1 -m 'no way' >/dev/null
	t reopen 1.1 >/dev/null # of the failure, not of what is done
	t cancel 1.3 -m 'not now' >/dev/null
	in_clone one
	as ada claim 1.3 >/dev/null && as ada 'done' 1.3 >/dev/null
	for one in two one two; do in_clone $one; t sync >/dev/null; done
	alike one two
	[ "$(state 1.1)" = 'done' ]
	[ "$(state 1.3)" = 'done' ]
}

@test "sync: finished elsewhere while somebody here is at it" {
	clone one "$HOUSE"
	t sync >/dev/null
	clone two "$HOUSE"
	as bob claim 1.1 >/dev/null
	in_clone one
	as ada claim 1.1 >/dev/null && as ada 'done' 1.1 >/dev/null
	t sync >/dev/null
	in_clone two
	json 0 sync
	is '.conflicts[0] | contains("done, by ada") and contains("bob")'
	refused 6 'done' 1.1 --agent bob --session bob-1
	is '.error.message | contains("ada")'
	in_clone one && t sync >/dev/null
	alike one two
}

@test "sync: of two edits of a field the later has it; of two fields both" {
	clone one "$HOUSE"
	t sync >/dev/null
	clone two "$HOUSE"
	t sync >/dev/null
	in_clone one
	t edit 1.1 --title 'First' --priority 1 >/dev/null
	in_clone two
	t edit 1.1 --title 'Second' --estimate 3h >/dev/null
	for one in two one two; do in_clone $one; t sync >/dev/null; done
	json 0 show 1.1
	is '.task | .title == "Second" and .priority == 1 and .estimate_s == 10800'
	alike one two
}

@test "sync: what somebody knew stands before what he did, whatever the clocks say" {
	clone one "$HOUSE"
	as ada claim 1.1 >/dev/null && as ada 'done' 1.1 >/dev/null
	# This machine's clock is an hour ahead.
	q "UPDATE event SET at_ms = at_ms + 3600000"
	t sync >/dev/null
	clone two "$HOUSE"
	t sync >/dev/null
	[ "$(state 1.1)" = 'done' ]
	t reopen 1.1 -m 'it leaks' >/dev/null
	for one in two one two; do in_clone $one; t sync >/dev/null; done
	alike one two
	[ "$(state 1.1)" = ready ]
}

@test "sync: the plan changed in both, and was taken in again in both" {
	clone one "$HOUSE"
	t sync >/dev/null
	clone two "$HOUSE"
	t sync >/dev/null
	sed 's/Dig the well/Dig it deep/' "$HOUSE" >house.md
	t import house.md >/dev/null
	as bob step 1.2 1 >/dev/null
	in_clone one
	sed -e 's/Raise the roof/Raise it high/' -e '3i A line more.' \
	    "$HOUSE" >house.md
	printf '\n#### Task 2.2 : Paint\n\n- [x] white\n' >>house.md
	t import house.md >/dev/null
	for one in two one two; do in_clone $one; t sync >/dev/null; done
	alike one two
	json 0 show 1.2
	is '.task.steps + .task.criteria | any(.done)'
	[ "$(t --json show 2.2 | jq -r .task.title)" = Paint ]
}

@test "sync: a store of an older taskctl keeps the places that no event tells" {
	clone one "$PLANS/phares.md"
	# As they were written before: no places, no sprints.
	q "UPDATE event SET data = json_remove(data, '\$.position', '\$.chain',
	    '\$.step', '\$.sprints', '\$.moved', '\$.file')"
	before=$(q 'SELECT key, position, line, chain, step, barred FROM task')
	t sync >/dev/null
	clone two "$PLANS/phares.md"
	t note "$(t -q list | head -n 1)" hello >/dev/null
	code 0 t sync
	in_clone one
	code 0 t sync
	same "$before" "$(q 'SELECT key, position, line, chain, step, barred
	    FROM task')"
	alike one two
}

@test "sync: two edges that would be a cycle together: one goes, the same in both" {
	clone one "$HOUSE"
	t sync >/dev/null
	clone two "$HOUSE"
	t sync >/dev/null
	in_clone one && t dep add 1.1 1.3 >/dev/null
	in_clone two && t dep add 1.3 1.1 >/dev/null
	in_clone one && t sync >/dev/null
	in_clone two
	json 0 sync
	is '.dropped | length == 1'
	for one in one two one; do in_clone $one; t sync >/dev/null; done
	alike one two
	[ "$(q 'SELECT count(*) FROM dep WHERE origin = "hand"')" -eq 1 ]
}

@test "sync: three clones, whoever comes first, and a fourth that is restored" {
	local i one
	RANDOM=7
	for one in one two three; do clone $one "$HOUSE"; done
	for i in $(seq 12); do
		for one in one two three; do
			in_clone $one
			pick=$(t -q list | sed -n "$((RANDOM % 5 + 1))p")
			case $((RANDOM % 9)) in
			0) as $one claim "$pick" ;;
			1) as $one claim --next ;;
			2) as $one 'done' "$(as $one -q mine | head -n 1)" -m "$i" ;;
			3) t edit "$pick" --title "$one $i" ;;
			4) t add "$one-$i" "of $one" --needs "$pick" ;;
			5) t cancel "$pick" ;;
			6) t reopen "$pick" ;;
			7) t step "$pick" 1 ;;
			8) t sync ;;
			esac >/dev/null 2>&1 || true
		done
	done
	for i in 1 2; do
		for one in three one two; do
			in_clone $one && code 0 t sync
		done
	done
	in_clone three && t sync >/dev/null
	cd .. && git clone -q hub.git four 2>/dev/null && cd four
	code 0 t restore --from-git
	alike one two three four
	# And the fourth takes part.
	in_clone four
	t config git.auto off >/dev/null
	t note 1.1 'from the fourth' >/dev/null
	code 0 t sync
	for one in one two three; do in_clone $one && code 0 t sync; done
	alike one two three four
	# And so do those from whose log it was restored.
	for one in one two three; do
		in_clone $one
		t note 1.1 "$one goes on" >/dev/null
		t edit 1.2 --title "of $one" >/dev/null
		code 0 t sync
	done
	for one in one two four; do in_clone $one && code 0 t sync; done
	alike one two three four
	for one in one two three; do
		[ "$(q "SELECT count(*) FROM note
		    WHERE text LIKE '% goes on'")" -eq 3 ]
	done
}

@test "sync: a restored store, and one restored from that, hear of the first" {
	clone one "$HOUSE"
	t claim 1.3 >/dev/null
	t sync >/dev/null
	for one in two three; do
		cd .. && git clone -q hub.git $one 2>/dev/null && cd $one
		t restore --from-git >/dev/null
		t config git.auto off >/dev/null
		t note 1.1 "of $one" >/dev/null
		t sync >/dev/null
	done
	in_clone one
	t 'done' 1.3 >/dev/null
	code 0 t sync
	for one in two three one; do
		in_clone $one
		code 0 t sync
		[ "$(state 1.3)" = 'done' ]
		[ "$(q 'SELECT count(*) FROM note')" -eq 2 ]
		# No event twice.
		[ "$(q "SELECT count(*) FROM event WHERE kind = 'done'")" -eq 1 ]
		[ "$(q "SELECT count(*) FROM event
		    WHERE kind = 'imported'")" -eq 1 ]
	done
	alike one two three
}

@test "sync: what was in work at a restore fails elsewhere, and everybody knows" {
	clone one "$HOUSE"
	t claim 1.1 >/dev/null
	t claim 1.3 --agent bob >/dev/null
	t sync >/dev/null
	cd .. && git clone -q hub.git two 2>/dev/null && cd two
	t restore --from-git >/dev/null
	t config git.auto off >/dev/null
	clone three
	t sync >/dev/null
	in_clone one
	t fail 1.1 -m 'no ground' >/dev/null
	t release 1.3 --agent bob >/dev/null
	for one in one two three; do in_clone $one && code 0 t sync; done
	in_clone two
	[ "$(state 1.1)" = failed ]
	[ "$(state 1.3)" = ready ]
	alike one two three
}

@test "sync: what an older taskctl left out after a restore comes with the next" {
	clone one "$HOUSE"
	t claim 1.3 >/dev/null
	t sync >/dev/null
	store=$(q 'SELECT id FROM store')
	cd .. && git clone -q hub.git two 2>/dev/null && cd two
	t restore --from-git >/dev/null
	in_clone one
	t 'done' 1.3 >/dev/null
	t sync >/dev/null
	last=$(q 'SELECT event FROM store')
	# As it stood after the sync that dropped it.
	in_clone two
	q "UPDATE peer SET event = (SELECT id - 1 FROM event
	    WHERE kind = 'restored'), seen = $last WHERE store = '$store'"
	json 0 sync
	is '.taken == 1'
	[ "$(state 1.3)" = 'done' ]
	[ "$(q "SELECT event FROM peer WHERE store = '$store'")" -eq "$last" ]
	json 0 sync
	is '.taken == 0'
	alike one two
}

@test "sync: somebody else pushed in between, and it tries again" {
	clone one "$HOUSE"
	t sync >/dev/null
	clone two "$HOUSE"
	t note 1.1 'from two' >/dev/null
	# Just before git pushes, the other is faster.
	cat >.git/hooks/pre-push <<-HOOK
		#!/bin/sh
		[ ! -e ../raced ] || exit 0
		touch ../raced
		cd ../one && unset GIT_DIR && taskctl note 1.3 'in between' &&
		taskctl sync
	HOOK
	chmod +x .git/hooks/pre-push
	json 0 sync
	is '.pushed'
	[ -e ../raced ]
	in_clone one && t sync >/dev/null
	alike one two
	[ "$(q 'SELECT count(*) FROM note')" -eq 2 ]
}

@test "sync: four at once" {
	local one i
	for one in one two three four; do clone $one "$HOUSE"; done
	for one in one two three four; do
		(
			in_clone $one
			for i in 1 2 3; do
				taskctl note 1.1 "$one $i" >/dev/null
				taskctl sync >/dev/null || exit 1
			done
		) 3>&- &
	done
	for i in 1 2 3 4; do wait -n; done
	for one in one two three four; do in_clone $one && t sync >/dev/null; done
	alike one two three four
	[ "$(q 'SELECT count(*) FROM note')" -eq 12 ]
}

@test "sync: killed at any moment, the next one goes on" {
	local i
	clone one "$HOUSE"
	clone two "$HOUSE"
	for i in 005 010 020 030 040 050 070 090 120; do
		in_clone one && t note 1.1 "one $i" >/dev/null && t sync >/dev/null
		in_clone two && t note 1.2 "two $i" >/dev/null
		timeout -s KILL "0.$i" taskctl sync >/dev/null 2>&1 3>&- || true
	done
	for i in two one two; do in_clone $i && code 0 t sync; done
	alike one two
	[ "$(q 'SELECT count(*) FROM note')" -eq 18 ]
	[ "$(q 'PRAGMA integrity_check')" = ok ]
}

# What a fetch that was killed leaves: the commits, and of the older no trees.
killed_fetch() {
	local id

	for id in $(hub rev-list taskctl); do
		hub cat-file commit "$id" |
		    git hash-object -t commit -w --stdin --literally
	done >/dev/null
	[ "$1" = commits ] || hub rev-list --objects --no-walk taskctl |
	    while read -r id _; do
		[ "$(hub cat-file -t "$id")" != commit ] || continue
		hub cat-file "$(hub cat-file -t "$id")" "$id" |
		    git hash-object -t "$(hub cat-file -t "$id")" -w --stdin
	done >/dev/null
}

@test "sync: a fetch that was killed is done again, whatever it left" {
	local what
	clone one "$HOUSE"
	t sync >/dev/null
	clone two "$HOUSE"
	t sync >/dev/null
	for what in commits tip; do
		in_clone one
		t note 1.1 "$what, once" >/dev/null
		t sync >/dev/null
		t note 1.1 "$what, again" >/dev/null
		t sync >/dev/null
		in_clone two
		killed_fetch $what
		run git fsck --connectivity-only "$(hub rev-parse taskctl)"
		[ "$status" -ne 0 ]
		t note 1.2 "after $what" >/dev/null
		code 0 t sync
		git gc -q
		code 0 t sync
		in_clone one
		t sync >/dev/null
	done
	alike one two
}

@test "sync: pushed, and died before anybody wrote that down" {
	clone one "$HOUSE"
	t note 1.1 hello >/dev/null
	t sync >/dev/null
	q 'UPDATE store SET committed = 0'
	git update-ref -d refs/heads/taskctl
	git update-ref -d refs/remotes/origin/taskctl
	json 0 sync
	json 0 sync
	is '.taken == 0 and .pushed == false'
	[ "$(q 'SELECT count(*) FROM note')" -eq 1 ]
}

@test "sync: a remote that cannot be reached, or refuses" {
	clone one "$HOUSE"
	git remote set-url origin "$PWD/../nowhere.git"
	refused 1 sync
	is '.error.message | contains("could not be reached")'
	[ -z "$(git for-each-ref refs/heads/taskctl)" ]
	git remote remove origin
	refused 3 sync
	code 0 t sync ../hub.git
	t note 1.1 more >/dev/null
	printf '#!/bin/sh\necho not today >&2\nexit 1\n' >../hub.git/hooks/pre-receive
	chmod +x ../hub.git/hooks/pre-receive
	code 1 t sync ../hub.git
	says 'not today' 'refused branch taskctl'
	rm ../hub.git/hooks/pre-receive
	json 0 sync ../hub.git
	is .pushed
}

@test "sync: a branch of that name that is nobody's progress" {
	clone one "$HOUSE"
	git push -q origin HEAD:refs/heads/taskctl
	before=$(hub rev-parse taskctl)
	refused 1 sync
	is '.error.message | contains("was not made by taskctl")'
	[ "$(hub rev-parse taskctl)" = "$before" ]
}

# By so many ms, in the second of three clones.
clock_ahead() {
	clone one "$HOUSE"
	t sync >/dev/null
	clone two
	t sync >/dev/null
	# As under such a clock.
	t edit 1.2 --title 'of two' >/dev/null
	t note 1.1 'of two' >/dev/null
	q "UPDATE event SET at_ms = at_ms + $1 WHERE origin IS NULL;
	    UPDATE note SET at_ms = at_ms + $1"
	store=$(q 'SELECT id FROM store')
	code 0 t sync
	in_clone one
	code 0 t sync
	[ "$(grep -c "the clock of store $store is or was wrong" \
	    <<<"$err")" -eq 1 ]
	# Who knew it comes after it.
	t edit 1.2 --title 'of one' >/dev/null
	code 0 t sync
	clone three
	code 0 t sync
	[ "$(grep -c "the clock of store" <<<"$err")" -eq 1 ]
	for one in one two three; do
		in_clone $one
		code 0 t sync
		[[ $err != *clock* ]]
		[ "$(q "SELECT title FROM task WHERE key = '1.2'")" = 'of one' ]
	done
	alike one two three
}

@test "sync: a clock that is days ahead is said, and nobody is shut out" {
	clock_ahead $((3 * 86400000))
}

@test "sync: a clock that is twelve years ahead shuts nobody out either" {
	clock_ahead $((12 * 365 * 86400000))
	# Nor the last one that Linux could show: what comes after it ties.
	in_clone two
	q "UPDATE store SET floor_ms = 9223372036854"
	t note 1.1 'the last moment' >/dev/null
	for one in two one three one; do
		in_clone $one
		code 0 t sync
		t note 1.1 "then $one" >/dev/null
	done
	for one in one two three one two; do in_clone $one; code 0 t sync; done
	alike one two three
}

@test "sync: hostile events change nothing, and say where they are" {
	local place filter
	clone one "$HOUSE"
	t claim 1.1 >/dev/null
	t note 1.1 hello >/dev/null
	t commit >/dev/null
	good=$(git rev-parse taskctl)
	clone two "$HOUSE"
	mine=$(q 'SELECT id FROM store')
	while IFS='|' read -r place filter; do
		[ -n "$place" ] || continue
		in_clone one
		git update-ref refs/heads/taskctl "$good"
		forge "$filter"
		git push -q --force origin taskctl
		in_clone two
		refused 8 sync || { echo "$filter"; return 1; }
		[ "$place" = any ] ||
		    is ".error.message | contains(\"events/00000001.jsonl:$place: \")"
	done <<-CASES
		3|sed '3s/.*/{"id":3/'
		3|sed '3s/"id":3,/"id":2,/'
		3|sed '3s/"kind":"added"/"kind":"exploded"/'
		3|sed '3s/"task":"1.2"/"task":"1.2\\\\u001b[31m"/'
		3|sed '3s/"at":"2/"at":"9/'
		3|sed '3s/"at":"20/"at":"23/'
		7|sed '7s/"token":1/"token":-1/'
		7|sed '7s/"token":1/"token":9223372036854775807/'
		8|sed '8s/"task":"1.1"/"task":"7.7"/'
		8|sed '8s/}\$/,"origin":{"store":"$mine","id":999}}/'
		8|sed '8s/}\$/,"origin":{"store":"..\\/x\\\\n","id":1}}/'
		any|sed '3s/"title":"[^"]*"/"title":"a\\\\u0007b"/'
		any|sed '3s/"needs":\["1.1"\]/"needs":["9.9"]/'
		any|sed '\$d'
		any|head -c 300000 /dev/urandom
	CASES
	in_clone one
	git update-ref refs/heads/taskctl "$good"
	git push -q --force origin taskctl
	in_clone two
	code 0 t sync
	[ "$(q 'SELECT count(*) FROM note')" -eq 1 ]
}

@test "sync: a store that was set back to an older copy does not count twice" {
	clone one "$HOUSE"
	t commit >/dev/null
	cp .tasks/taskctl.db "$BATS_TEST_TMPDIR/older"
	q 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	cp .tasks/taskctl.db "$BATS_TEST_TMPDIR/older"
	t note 1.1 lost >/dev/null
	t sync >/dev/null
	cat "$BATS_TEST_TMPDIR/older" >.tasks/taskctl.db
	rm -f .tasks/taskctl.db-wal .tasks/taskctl.db-shm
	git update-ref -d refs/heads/taskctl
	t note 1.1 other >/dev/null
	code 1 t sync
	says 'which does not lead to this one'
}

@test "commit --push: the progress is there and at the remote" {
	clone one "$HOUSE"
	t note 1.1 hello >/dev/null
	json 0 commit --push -m 'What I did'
	is '.is_new and .push.pushed and .push.remote == "origin"'
	[ "$(hub rev-parse taskctl)" = "$(git rev-parse taskctl)" ]
	[ "$(hub log -1 --format=%s taskctl)" = 'What I did' ]
	clone two "$HOUSE"
	t note 1.1 there >/dev/null
	code 0 t commit --push
	says 'took in'
	in_clone one
	git remote set-url origin ../nowhere.git
	t note 1.1 again >/dev/null
	code 1 t commit --push
	[ -n "$(git log -1 --format=%H taskctl)" ]
	[ "$(git log --format=%s taskctl | wc -l)" -eq 2 ]
}

@test "sync: who finds the branch locked waits for it once" {
	clone one "$HOUSE"
	t claim 1.1 >/dev/null
	: >.git/refs/heads/taskctl.lock
	code 9 timeout 10 taskctl --wait 1s sync
	says '[busy]'
	rm .git/refs/heads/taskctl.lock
	json 0 sync
	is .pushed
}
