# progress.bats - the progress branch: when it is written, how, and what stands
# in it.

load git

# --- git.interval ----------------------------------------------------------

# Make believe that the last commit was so many seconds ago.
age_commit() {
	touch -d "@$(($(date +%s) - $1))" .git/taskctl-commit
}

# When the last commit was: what a slow machine does around it does not count.
last_ms() { stat -c %.3Y .git/taskctl-commit | tr -d .; }

@test "in the background there is one commit every git.interval" {
	make_repo
	taskctl config git.interval 2s
	# The first one ever waits for nothing.
	run -0 taskctl-git commit --later
	[[ $output == "committed "* ]]
	first=$(last_ms)
	taskctl note 1.1 "soon after"
	run -0 taskctl-git commit --later
	[[ $output == "committed 1 event "* ]]
	[ $(($(last_ms) - first)) -ge 1990 ]
	# An interval later there is nothing to wait for.
	taskctl config git.interval 1m
	age_commit 61
	taskctl note 1.1 "later"
	run -0 timeout 30 taskctl-git commit --later
	check_history
}

@test "an explicit commit is at once, also while another waits" {
	make_repo
	interval 5 40
	taskctl note 1.1 "one"
	taskctl-git commit --later >"$BATS_TEST_TMPDIR/waited" &
	until_true one_waits
	run -0 taskctl-git commit
	[[ $output == "committed 1 event "* ]]
	one_waits
	explicit=$(last_ms)
	# Nor does the one that waits come sooner than an interval after that.
	taskctl note 1.1 "two"
	wait
	grep -q "^committed 1 event " "$BATS_TEST_TMPDIR/waited"
	[ $(($(last_ms) - explicit)) -ge $((INTERVAL_MS - 10)) ]
	check_history
}

@test "committers do not pile up: one waits, and takes the others' along" {
	make_repo
	interval 10 80
	taskctl note 1.1 "first"
	taskctl-git commit --later --json >"$BATS_TEST_TMPDIR/waited" &
	until_true one_waits
	for i in 1 2 3; do
		taskctl note 1.1 "note $i"
		run -0 taskctl-git commit --later
		[ "$output" = "another process waits to commit it" ]
	done
	# Nor is one started for it.
	taskctl config git.auto on
	taskctl claim 1.2
	ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" \
	    strace -f -qq -e trace=execve -o "$BATS_TEST_TMPDIR/trace" \
	    taskctl done 1.2
	run -1 grep taskctl-git "$BATS_TEST_TMPDIR/trace"
	wait
	[ "$(jq .events "$BATS_TEST_TMPDIR/waited")" -eq 6 ]
	[ "$(git rev-list --count taskctl)" -eq 2 ]
	check_history
}

@test "after the last done nothing is left uncommitted" {
	make_repo
	taskctl config git.auto on
	taskctl config git.interval 1s
	for task in 1.1 1.2 1.3; do
		taskctl claim $task
		taskctl done $task
	done
	for i in $(seq 100); do
		[ "$(last_event taskctl 2>/dev/null)" != \
		    "$(q "SELECT event FROM store")" ] ||
			break
		sleep 0.1
	done
	check_history
	[ "$(git rev-list --count taskctl)" -le 3 ]
	for i in $(seq 50); do
		[ -s .git/taskctl-commit ] || break
		sleep 0.1
	done
}

@test "git.auto off: done commits nothing" {
	make_repo
	taskctl claim 1.1
	taskctl done 1.1
	sleep 0.5
	run -128 git rev-parse --verify taskctl
}

@test "a clock that was set back does not hold up commits" {
	make_repo
	taskctl config git.interval 1s
	taskctl-git commit
	age_commit -3600
	taskctl note 1.1 "a note"
	run -0 timeout 30 taskctl-git commit --later
	[[ $output == "committed 1 event "* ]]
}

# --- git.sign ----------------------------------------------------------------

# A key of ssh-keygen's, and who is believed to have it.
make_ssh_key() {
	ssh-keygen -q -t ed25519 -N "" -C grace -f "$HOME/key"
	echo "grace@navy.example $(cat "$HOME/key.pub")" >"$HOME/signers"
	git config --global gpg.format ssh
	git config --global gpg.ssh.allowedSignersFile "$HOME/signers"
}

# A gpg that signs whatever it is given, and keeps what that was.
make_gpg() {
	cat >"$HOME/gpg" <<-'GPG'
		#!/bin/sh
		printf '%s\n' "$@" >"$HOME/arguments"
		cat >"$HOME/signed"
		echo "gpg: no agent" >&2
		[ ! -e "$HOME/refuse" ] || exit 2
		echo "[GNUPG:] SIG_CREATED D 1 8 00 1 F" >&2
		printf '%s\n' "-----BEGIN PGP SIGNATURE-----" "" c2lnbmVk \
		    "-----END PGP SIGNATURE-----"
	GPG
	chmod +x "$HOME/gpg"
	git config --global gpg.program "$HOME/gpg"
}

@test "git.sign: an ssh signature that git verifies" {
	make_repo
	make_ssh_key
	git config --global user.signingkey "~/key"
	taskctl config git.sign on
	taskctl-git commit
	git verify-commit taskctl
	# A key of taskctl's own, in place of git's.
	git config --global user.signingkey /nowhere
	taskctl config git.sign "$HOME/key"
	taskctl note 1.1 "a note"
	taskctl-git commit
	git verify-commit taskctl
	[ "$(git log --format=%G? taskctl | tr -d '\n')" = GG ]
	jq '."git.sign" = false' .tasks/config.json >config
	cp config .tasks/config.json
	taskctl note 1.1 "a note"
	taskctl-git commit
	run -1 git verify-commit taskctl
	check_history
}

@test "git.sign: a literal ssh key, which the agent holds" {
	make_repo
	make_ssh_key
	eval "$(ssh-agent -s)" >/dev/null
	ssh-add -q "$HOME/key"
	rm "$HOME/key"
	git config --global user.signingkey "key::$(cat "$HOME/key.pub")"
	taskctl config git.sign on
	run taskctl-git commit
	ssh-agent -k >/dev/null
	[ "$status" -eq 0 ]
	git verify-commit taskctl
	run -2 ls .git/taskctl-key-*
}

@test "git.sign: gpg is asked as git asks it, for the commit as it is" {
	make_repo
	make_gpg
	taskctl config git.sign on
	taskctl-git commit
	[ "$(tr '\n' ' ' <"$HOME/arguments")" = \
	    "--status-fd=2 -bsau Grace Hopper <grace@navy.example> " ]
	git cat-file commit taskctl |
	    sed '/^gpgsig /,/^ -----END/d' | cmp - "$HOME/signed"
	git cat-file commit taskctl | grep -qx 'gpgsig -----BEGIN PGP SIGNATURE-----'
	git config --global user.signingkey ABCD
	taskctl note 1.1 "a note"
	taskctl-git commit
	[ "$(tail -n 1 "$HOME/arguments")" = ABCD ]
	taskctl config git.sign BEEF
	taskctl note 1.1 "a note"
	taskctl-git commit
	[ "$(tail -n 1 "$HOME/arguments")" = BEEF ]
	check_history
}

@test "git.sign: what cannot be signed is not committed, and nothing is lost" {
	make_repo
	make_gpg
	taskctl-git commit
	before=$(git rev-parse taskctl)
	taskctl config git.sign on
	taskctl note 1.1 "a note"
	: >"$HOME/refuse"
	run -1 taskctl-git commit
	[[ $output == *"cannot sign: "*"/gpg ended with 2: gpg: no agent"* ]]
	git config --global gpg.program /nowhere/gpg
	run -1 taskctl-git commit
	[[ $output == *"there is no program /nowhere/gpg"* ]]
	git config --global gpg.format pgp
	run -1 taskctl-git commit
	[[ $output == *"gpg.format is \"pgp\""* ]]
	git config --global gpg.format ssh
	run -1 taskctl-git commit
	[[ $output == *"user.signingkey does not say which key"* ]]
	[ "$(git rev-parse taskctl)" = "$before" ]
	taskctl config git.sign off
	run -0 taskctl-git commit
	[[ $output == "committed 1 event as "* ]]
	check_history
}

# --- large plans ---------------------------------------------------------------

# A plan of 70 sprints of 30 tasks; every third one needs something before it.
write_large_plan() {
	awk 'BEGIN {
		print "# Large"
		for (s = 1; s <= 70; s++) {
			printf "\n## Sprint %d : Part %d\n", s, s
			printf "\n**Goal**: part %d works\n", s
			for (t = 1; t <= 30; t++) {
				printf "\n#### Task %d.%d : Do %d\n", s, t, t
				if (t % 5) printf "**Durée** : %dh\n", t
				if (t % 3 == 0)
					printf "**Dépendances** : Task %d.%d\n",
					    (s > 1 && t % 2) ? s - 1 : s, t - 1
			}
		}
	}' >"$1"
}

make_large() {
	git init -q "$REPO"
	cd "$REPO"
	taskctl init >/dev/null
	taskctl config git.auto off >/dev/null
	write_large_plan ../large.md
	taskctl import ../large.md >/dev/null
}

# What the branch says of each sprint is what the store says.
check_sprints() {
	git ls-tree -r --name-only taskctl sprints/ | while read -r name; do
		git cat-file blob "taskctl:$name"
	done | jq -S -c . >"$BATS_TEST_TMPDIR/in_git"
	taskctl --json status >"$BATS_TEST_TMPDIR/status"
	jq -S -c '.sprints[]' "$BATS_TEST_TMPDIR/status" |
	    diff - "$BATS_TEST_TMPDIR/in_git"
	git cat-file blob taskctl:sprint_status.json >"$BATS_TEST_TMPDIR/page"
	[ "$(jq -S -c .totals "$BATS_TEST_TMPDIR/page")" = \
	    "$(jq -S -c .totals "$BATS_TEST_TMPDIR/status")" ]
	# Those that are begun, in whichever order.
	jq -S -c '.sprints[]' "$BATS_TEST_TMPDIR/page" | sort \
	    >"$BATS_TEST_TMPDIR/begun"
	jq -S -c '.sprints[] | select(.state == "claimed" or .state == "failed")' \
	    "$BATS_TEST_TMPDIR/status" | sort | diff - "$BATS_TEST_TMPDIR/begun"
	[ "$(jq -c '[.sprint_states[]] | add' "$BATS_TEST_TMPDIR/page")" -eq \
	    "$(jq -c '.sprints | length' "$BATS_TEST_TMPDIR/status")" ]
	jq -c '[.stuck[].task] | sort' "$BATS_TEST_TMPDIR/status" |
	    diff - <(jq -c '[.stuck[].task] | sort' "$BATS_TEST_TMPDIR/page")
}

@test "a large plan: only what is new is read and written, and it is right" {
	make_large
	taskctl-git commit
	check_sprints
	# What needs a task that is done is ready, in another sprint.
	taskctl claim 5.2 && taskctl done 5.2
	taskctl-git commit
	check_sprints
	[ "$(taskctl --json show 6.3 | jq -r .task.state)" = ready ]
	taskctl reopen 5.2
	taskctl-git commit
	check_sprints
	RANDOM=7
	for round in $(seq 8); do
		for i in 1 2 3; do
			task=$((1 + RANDOM % 3)).$((1 + RANDOM % 30))
			case $((RANDOM % 6)) in
			0 | 1 | 2) taskctl claim $task && taskctl done $task ;;
			3) taskctl claim $task ;;
			4) taskctl claim $task && taskctl fail $task -m no ;;
			5) taskctl cancel $task -m no || taskctl reopen $task ;;
			esac >/dev/null 2>&1 || true
		done
		taskctl-git commit >/dev/null
		check_sprints
	done
	# Sprint 1 to its end and open again: what is behind it follows.
	for t in $(seq 30); do
		taskctl cancel 1.$t -m over >/dev/null 2>&1 || true
	done
	taskctl-git commit >/dev/null
	check_sprints
	taskctl reopen 1.7 >/dev/null
	taskctl-git commit >/dev/null
	check_sprints
	# And none of it touched sprints 2 files further.
	[ "$(git ls-tree taskctl sprints/ | wc -l)" -eq 1 ]
	check_history
}

@test "a large plan: gates, steps and lapses are followed, too" {
	make_large
	cat >../go.md <<-'PLAN'
		# Deployment checklist

		## Phase 1 : Before

		- [ ] copy the data
		- [ ] tell the users

		### Go/No-Go

		- [ ] all is copied

		## Phase 2 : After

		- [ ] start it
	PLAN
	taskctl import ../go.md >/dev/null
	taskctl-git commit >/dev/null
	check_sprints
	for ref in phase-1 GO-1 phase-2; do
		taskctl approve $ref 2>/dev/null ||
		    taskctl approve $ref --override -m now 2>/dev/null ||
		    { taskctl claim $ref && taskctl done $ref; }
		taskctl-git commit
		check_sprints
	done
	# Open again, from the back: each bars what is behind it.
	for ref in phase-2 GO-1 phase-1; do
		taskctl reopen $ref
		taskctl-git commit
		check_sprints
	done
	# A lease that lapses without an event, beside another's.
	taskctl claim 1.1 >/dev/null
	taskctl-git commit >/dev/null
	check_sprints
	age 1.1 7200000
	TASKCTL_AGENT=bob TASKCTL_SESSION=s2 taskctl note 2.1 seen >/dev/null
	taskctl-git commit >/dev/null
	check_sprints
	check_history
}

@test "a large plan: what somebody wrote into the branch does not stay" {
	make_large
	taskctl-git commit >/dev/null
	name=$(git ls-tree --name-only taskctl sprints/ | head -n 1)
	for wrong in 's/"tasks":30/"tasks":31/' 's/^{"id":"2".*//' \
	    's/"pending":[0-9]*/"pending":-1/' 's/"done":0/"done":"\\u0000"/'; do
		blob=$(git cat-file blob "taskctl:$name" | sed "$wrong" |
		    git hash-object -w --stdin)
		folder=$(printf '100644 blob %s\t%s\n' "$blob" "${name##*/}" |
		    git mktree)
		tree=$(git ls-tree taskctl |
		    sed "s/tree [0-9a-f]*\tsprints/tree $folder\tsprints/" |
		    git mktree)
		git update-ref refs/heads/taskctl "$(
		    git log -1 --format=%B taskctl |
		    git commit-tree "$tree" -p taskctl)"
		taskctl claim 2.1 >/dev/null
		run -0 taskctl-git commit
		taskctl release 2.1 >/dev/null
	done
	# Of a line that was not looked at, at the latest with the next file.
	q "UPDATE store SET event = event / 1000 * 1000 + 1001"
	taskctl note 1.1 "a note" >/dev/null
	taskctl-git commit >/dev/null
	check_sprints
	write_plan ../house.md
	taskctl import ../house.md >/dev/null
	taskctl-git commit >/dev/null
	check_sprints
}

@test "STATUS.md of 300 tasks folds them, sprint by sprint" {
	make_repo
	write_large_plan ../large.md
	awk '/^## Sprint 11 / { exit } { print }' ../large.md >../300.md
	taskctl import ../300.md >/dev/null
	for i in 1 2; do
		taskctl claim "300:1.$i"
		taskctl done "300:1.$i"
	done >/dev/null
	taskctl-git commit
	git cat-file blob taskctl:STATUS.md >page
	grep -qF 'Part 9 (30 tasks, 0 #37; done)' page
	grep -q 'tasks are folded into one bar a sprint\.' page
	[ "$(grep -c '^    .* :.*, [0-9]*m$' page)" -le 200 ]
	# What is going on is not folded.
	grep -q '1\.3 Do 3 :' page
}

@test "STATUS.md: many sprints are folded, the begun ones stand above" {
	make_repo
	awk 'BEGIN { for (s = 1; s <= 40; s++)
		printf "## Sprint %d : <b>Part %d\n\n#### Task %d.1 : T\n", s, s, s
	}' >../many.md
	taskctl import ../many.md >/dev/null
	taskctl claim many:1.1 >/dev/null
	taskctl-git commit
	git cat-file blob taskctl:STATUS.md >page
	grep -qx '<summary>All 42 sprints</summary>' page
	[ "$(sed '/^<details>/,$d' page | grep -c '^| [0-9]* | .* | claimed | ')" -eq 1 ]
	# No HTML but ours.
	[ "$(grep -c '^<' page)" -eq 3 ]
	run -1 grep -P '(?<!\\)<b' page
}

@test "a large plan: what sync brings is on the branch as in the store" {
	make_large
	git init -q --bare ../hub.git
	git remote add origin ../hub.git
	git commit -q --allow-empty -m "first"
	git push -q origin main
	taskctl sync
	git clone -q ../hub.git ../two
	cd ../two
	taskctl restore --from-git
	taskctl config git.auto off
	check_sprints
	for task in 5.2 9.8; do
		TASKCTL_AGENT=bob TASKCTL_SESSION=s2 taskctl claim $task
		TASKCTL_AGENT=bob TASKCTL_SESSION=s2 taskctl 'done' $task
	done
	taskctl sync
	check_sprints
	cd "$REPO"
	taskctl claim 7.1
	taskctl-git commit
	check_sprints
	for i in 1 2; do
		for side in "$REPO" "$REPO/../two"; do
			cd "$side"
			taskctl sync
			taskctl note 3.1 "round $i"
			taskctl-git commit
			check_sprints
		done
	done
	cd "$REPO"
}
