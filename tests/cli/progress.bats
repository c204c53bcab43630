# progress.bats - the progress branch: when it is written, how, and what stands
# in it.

load git

# --- git.interval ----------------------------------------------------------

# Make believe that the last commit was so many seconds ago.
age_commit() {
	touch -d "@$(($(date +%s) - $1))" .git/taskctl-commit
}

now_ms() { date +%s%3N; }

@test "in the background there is one commit every git.interval" {
	make_repo
	taskctl config git.interval 2s
	# The first one ever waits for nothing.
	run -0 taskctl-git commit --later
	[[ $output == "committed "* ]]
	started=$(now_ms)
	taskctl note 1.1 "soon after"
	run -0 taskctl-git commit --later
	[[ $output == "committed 1 event "* ]]
	[ $(($(now_ms) - started)) -ge 1500 ]
	# An interval later there is nothing to wait for.
	age_commit 3
	started=$(now_ms)
	taskctl note 1.1 "later"
	run -0 taskctl-git commit --later
	[ $(($(now_ms) - started)) -lt 1500 ]
	check_history
}

@test "an explicit commit is at once, also while another waits" {
	make_repo
	taskctl config git.interval 2s
	taskctl-git commit
	taskctl note 1.1 "one"
	taskctl-git commit --later >"$BATS_TEST_TMPDIR/waited" &
	sleep 0.3
	started=$(now_ms)
	run -0 taskctl-git commit
	[[ $output == "committed 1 event "* ]]
	[ $(($(now_ms) - started)) -lt 1000 ]
	# Nor does the one that waits come sooner than an interval after that.
	taskctl note 1.1 "two"
	wait
	grep -q "^committed 1 event " "$BATS_TEST_TMPDIR/waited"
	[ $(($(now_ms) - started)) -ge 1500 ]
	check_history
}

@test "committers do not pile up: one waits, and takes the others' along" {
	make_repo
	taskctl config git.interval 2s
	taskctl-git commit
	taskctl note 1.1 "first"
	taskctl-git commit --later --json >"$BATS_TEST_TMPDIR/waited" &
	sleep 0.3
	for i in 1 2 3; do
		taskctl note 1.1 "note $i"
		run -0 timeout 1 taskctl-git commit --later
		[ "$output" = "another process waits to commit it" ]
	done
	wait
	[ "$(jq .events "$BATS_TEST_TMPDIR/waited")" -eq 4 ]
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
		    "$(sqlite3 .tasks/taskctl.db "SELECT event FROM store")" ] ||
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
	run -0 timeout 5 taskctl-git commit --later
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
