# guard_install.bats - guard install adds itself to hooks without taking them
# over, and guard uninstall puts everything back, byte for byte.  The files of
# hook managers are small imitations in their manner.

load helpers
eval "$(declare -f setup | sed "1s/setup/base_setup/")"

setup() {
	base_setup
	git_identity
	git init -q repo
	cd repo
	rm .git/hooks/*
	new
	t add 1.1 'One' >/dev/null
	echo .tasks >.git/info/exclude
	HOOKS=.git/hooks
}

# Everything in the folder of hooks: names, kinds, modes, sizes, times, bytes.
picture() {
	find "${1:-$HOOKS}" -printf '%P %y %m %s %l' \
	    \( -type d -printf '\n' -o -printf ' %T@\n' \) | sort
	find "${1:-$HOOKS}" -type f -exec sha256sum {} + | sort
}

# A hook of some interpreter that says that it ran, with what.
user_hook() {
	local path=${2:-$HOOKS/$1}
	mkdir -p "$(dirname "$path")"
	printf '%s\n' "${3:-#!/bin/sh}" \
	    "echo \"ran \${0##*/} \$*\" >>'$BATS_TEST_TMPDIR/ran'" \
	    "cat >>'$BATS_TEST_TMPDIR/in'" 'exit ${HOOK_EXIT:-0}' >"$path"
	chmod 750 "$path"
	touch -d '2020-02-02 02:02:02.123456789' "$path"
}
ran() { [ "$(cat "$BATS_TEST_TMPDIR/ran")" = "$1" ] && rm "$BATS_TEST_TMPDIR/ran"; }

# guard itself refuses: 1.1's token 1 is bob's no more.
dead_commit() {
	as ann claim 1.1 >/dev/null
	as ann release 1.1 >/dev/null
	git commit -q --allow-empty -m x --trailer "Task: 1.1" --trailer "Token: 1"
}

# Install, look that it works and is asked once only, and out again.
there_and_back() {
	local before installed
	before=$(picture)
	code 0 t guard install
	installed=$(picture)
	[ "$before" != "$installed" ]
	json 0 guard install
	is '[.hooks[].changed] | any | not'
	same "$installed" "$(picture)"
	json 0 guard status
	is '[.hooks[] | .runs and .form != null] | all'
	code 128 dead_commit
	says "is work on 1.1"
	[ "$(grep -c "is work on" <<<"$err")" -eq 1 ]
	code 0 t guard uninstall
	same "$before" "$(picture)"
	json 0 guard status
	is '[.hooks[] | .runs or .form != null] | any | not'
	[ -z "$(git config core.hooksPath)" ] || [ -n "${KEEPS_PATH:-}" ]
}

@test "no hooks, and no folder for them" {
	there_and_back
	rm -r .git/hooks
	code 0 t guard install
	[ -x .git/hooks/pre-commit ]
	code 0 t guard uninstall
	[ ! -e .git/hooks ]
	code 0 t guard uninstall
	says "not installed, nothing was changed"
}

@test "only one hook is asked for, and another later" {
	code 0 t guard install --hook pre-push
	[ "$(ls $HOOKS)" = pre-push ]
	code 0 t guard install --hook pre-commit --hook pre-push
	[ "$(ls $HOOKS)" = $'pre-commit\npre-push' ]
	code 0 t -q guard status
	[ "$out" = $'pre-commit\npre-push' ]
	code 0 t guard uninstall --hook pre-commit
	[ "$(ls $HOOKS)" = pre-push ]
	code 64 t guard install --hook post-commit
}

@test "a shell's script: it runs after, with its arguments, input and exit code" {
	local shell
	for shell in '#!/bin/sh' '#!/usr/bin/env bash' '#! /bin/dash -eu' \
	    '#!/bin/bash -e'; do
		user_hook pre-commit '' "$shell"
		user_hook pre-push '' "$shell"
		user_hook reference-transaction '' "$shell"
		there_and_back
	done
	rm -f "$BATS_TEST_TMPDIR/ran"
	rm $HOOKS/reference-transaction
	t guard install >/dev/null
	json 0 guard status
	is '[.hooks[].form] == ["added", "added", "made"]'
	git commit -q --allow-empty -m x
	ran 'ran pre-commit '
	HOOK_EXIT=7 code 1 git commit -q --allow-empty -m x
	ran 'ran pre-commit '
	git init -q --bare ../there.git
	git push -q ../there.git main 2>/dev/null
	ran 'ran pre-push ../there.git ../there.git'
	grep -qx "refs/heads/main $(git rev-parse main) refs/heads/main 0*" \
	    "$BATS_TEST_TMPDIR/in"
	HOOK_EXIT=1 code 1 git push -q ../there.git main:other
}

@test "reference-transaction: the user's sees every state and every line" {
	local i
	user_hook reference-transaction
	t guard install >/dev/null
	git commit -q --allow-empty -m x
	ran $'ran reference-transaction prepared\nran reference-transaction committed'
	id=$(git rev-parse HEAD)
	rm "$BATS_TEST_TMPDIR/in"
	for i in $(seq 20); do echo "create refs/heads/b$i $id"; done |
	    git update-ref --stdin
	[ "$(grep -c refs/heads/b "$BATS_TEST_TMPDIR/in")" -eq 40 ]
	[ "$(sort "$BATS_TEST_TMPDIR/in" | uniq -c | awk '$1 != 2' | wc -l)" -eq 0 ]
	HOOK_EXIT=1 code 128 git commit -q --allow-empty -m y
}

@test "what is no shell's script is set aside untouched: another language, a binary, a link" {
	local kind
	for kind in awk binary relative absolute dangling off bare linked; do
		rm -rf $HOOKS/* "$BATS_TEST_TMPDIR/ran" tools
		case $kind in
		awk) printf '#!/usr/bin/awk -f\nBEGIN { print "ran" >"%s" }\n' \
		    "$BATS_TEST_TMPDIR/ran" >$HOOKS/pre-commit
		    chmod 755 $HOOKS/pre-commit ;;
		binary) cp /bin/true $HOOKS/pre-commit ;;
		relative) user_hook x tools/dispatch
		    ln -s ../../tools/dispatch $HOOKS/pre-commit ;;
		absolute) user_hook x tools/dispatch
		    ln -s "$PWD/tools/dispatch" $HOOKS/pre-commit ;;
		dangling) ln -s nowhere $HOOKS/pre-commit ;;
		off) user_hook pre-commit
		    chmod 640 $HOOKS/pre-commit ;;
		bare) user_hook pre-commit
		    sed -i 1d $HOOKS/pre-commit ;;
		linked) user_hook pre-commit tools/shared
		    ln tools/shared $HOOKS/pre-commit ;;
		esac
		there_and_back
		t guard install >/dev/null
		json 0 guard status
		is '.hooks[0].form == "kept"'
		rm -f "$BATS_TEST_TMPDIR/ran"
		code 0 git commit -q --allow-empty -m x
		case $kind in
		awk) ran ran ;;
		relative | absolute | bare | linked) ran 'ran pre-commit ' ;;
		*) [ ! -e "$BATS_TEST_TMPDIR/ran" ] ;;
		esac
		[ "$kind" != linked ] || [ tools/shared -ef $HOOKS/pre-commit.taskctl-kept ]
		code 0 t guard uninstall
		[ "$kind" != linked ] || [ tools/shared -ef $HOOKS/pre-commit ]
	done
}

@test "a hook that was edited meanwhile: only our part is taken out" {
	user_hook pre-commit
	t guard install >/dev/null
	sed -i '1a # a new second line' $HOOKS/pre-commit
	echo '# at the end' >>$HOOKS/pre-commit
	echo 'echo mine' >>$HOOKS/pre-push
	code 0 t guard uninstall
	[ "$(sed -n 2p $HOOKS/pre-commit)" = '# a new second line' ]
	[ "$(tail -n 1 $HOOKS/pre-commit)" = '# at the end' ]
	[ "$(stat -c %a $HOOKS/pre-commit)" = 750 ]
	[ "$(wc -l <$HOOKS/pre-commit)" -eq 6 ]
	no grep -q taskctl $HOOKS/pre-commit
	[ "$(cat $HOOKS/pre-push)" = $'#!/bin/sh\necho mine' ]
	[ "$(ls $HOOKS)" = $'pre-commit\npre-push' ]
}

@test "a hook in front of a kept one that was edited: the kept one is still called" {
	user_hook pre-commit '' '#!/usr/bin/env -S sh'
	t guard install >/dev/null
	sed -i '1a echo mine' $HOOKS/pre-commit
	code 0 t guard uninstall
	says "has other lines of its own"
	code 0 git commit -q --allow-empty -m x
	says mine
	ran 'ran pre-commit '
}

@test "the kept hook itself may be edited, and comes back so" {
	ln -s nowhere $HOOKS/pre-commit
	t guard install >/dev/null
	ln -sfn elsewhere $HOOKS/pre-commit.taskctl-kept
	code 0 t guard uninstall
	[ "$(readlink $HOOKS/pre-commit)" = elsewhere ]
	[ "$(ls $HOOKS)" = pre-commit ]
}

@test "pre-commit's hook: ours is the legacy hook that it runs and keeps" {
	cat >$HOOKS/pre-commit <<-'HOOK'
		#!/usr/bin/env bash
		# File generated by pre-commit: https://pre-commit.com
		here="$(cd "$(dirname "$0")" && pwd)"
		if [ -x "$here/pre-commit.legacy" ]; then
		    "$here/pre-commit.legacy" "$@" || exit 1
		fi
		echo framework
	HOOK
	chmod 755 $HOOKS/pre-commit
	there_and_back
	t guard install >/dev/null
	json 0 guard status
	is '.hooks[0] | .form == "made" and (.path | endswith("pre-commit.legacy"))'
	as ann claim 1.1 >/dev/null
	as ann reserve f --task 1.1 >/dev/null
	touch f && git add f
	code 1 git commit -q -m x
	says "f is reserved by ann"
	# Its uninstall makes the legacy hook the hook.
	cp -p $HOOKS/pre-commit ..
	mv $HOOKS/pre-commit.legacy $HOOKS/pre-commit
	code 1 git commit -q -m x
	code 0 t guard uninstall
	[ ! -e $HOOKS/pre-commit ]
	# A legacy hook of the user's own is kept too.
	cp -p ../pre-commit $HOOKS
	user_hook pre-commit $HOOKS/pre-commit.legacy
	there_and_back
}

@test "lefthook's hooks: beside its lines, and what it does to ours" {
	printf '%s\n' '#!/bin/sh' 'if [ "$LEFTHOOK" = "0" ]; then exit 0; fi' \
	    'call_lefthook() { echo "lefthook $*"; }' \
	    'call_lefthook run "pre-commit" "$@"' >$HOOKS/pre-commit
	chmod 755 $HOOKS/pre-commit
	there_and_back
	code 0 t guard install
	says "lefthook writes pre-commit anew" "lefthook.yml"
	# It writes its file anew, and sets a stranger's aside as .old.
	mv $HOOKS/pre-push $HOOKS/pre-push.old
	printf '#!/bin/sh\n# LEFTHOOK\n' | tee $HOOKS/pre-commit >$HOOKS/pre-push
	json 0 guard status
	is '[.hooks[].form] == [null, null, "made"]'
	code 0 t guard uninstall
	[ "$(ls $HOOKS)" = $'pre-commit\npre-push' ]
}

@test "husky 9: generated files below .husky/_ get it, the user's own are left" {
	KEEPS_PATH=1 HOOKS=.husky/_
	git config core.hooksPath .husky/_
	mkdir -p .husky/_
	echo '*' >.husky/_/.gitignore
	printf '%s\n' '#!/usr/bin/env sh' '. "$(dirname "$0")/h"' |
	    tee .husky/_/pre-commit >.husky/_/pre-push
	printf '%s\n' '#!/usr/bin/env sh' 'n=$(basename "$0")' \
	    's=$(dirname "$(dirname "$0")")/$n' '[ ! -f "$s" ] && exit 0' \
	    'sh -e "$s" "$@"' 'exit $?' >.husky/_/h
	chmod 755 .husky/_/*
	user_hook pre-commit .husky/pre-commit
	git add .husky
	git commit -q -m husky
	rm "$BATS_TEST_TMPDIR/ran"
	there_and_back
	code 0 t guard install
	says "husky writes pre-commit anew"
	says_not "git tracks"
	git diff --quiet
	rm -f "$BATS_TEST_TMPDIR/ran"
	git commit -q --allow-empty -m x
	ran 'ran pre-commit '
	[ "$(git config core.hooksPath)" = .husky/_ ]
}

@test "husky 8 and other folders that git tracks: it is said, and no path of this machine" {
	KEEPS_PATH=1 HOOKS=.githooks
	git config core.hooksPath .githooks
	user_hook pre-commit
	git add .githooks
	there_and_back
	code 0 t guard install
	says "is a folder that git tracks"
	no grep -rq "$ROOT" .githooks
	no grep -rq "$(dirname "$(command -v taskctl)")" .githooks
}

@test "a folder of hooks outside of the repository: it is said" {
	KEEPS_PATH=1 HOOKS=$BATS_TEST_TMPDIR/shared
	git config core.hooksPath "$HOOKS"
	mkdir "$HOOKS"
	user_hook pre-commit
	there_and_back
	code 0 t guard install
	says "outside of this repository"
	code 0 t guard uninstall
	rm -r "$HOOKS"
	code 0 t guard install
	[ -x "$HOOKS/pre-push" ]
	code 0 t guard uninstall
	[ ! -e "$HOOKS" ]
}

@test "from a folder below, a linked worktree, and for a bare repository beside" {
	mkdir -p a/b
	git commit -q --allow-empty -m first
	(cd a/b && code 0 t guard install)
	[ -x .git/hooks/pre-push ]
	git worktree add -q ../tree
	(cd ../tree && code 0 t -q guard status && [ "$(wc -l <<<"$out")" -eq 3 ] &&
	    code 128 dead_commit && code 0 t guard uninstall)
	[ -z "$(ls .git/hooks)" ]
	mkdir "$BATS_TEST_TMPDIR/bare"
	cd "$BATS_TEST_TMPDIR/bare"
	git clone -q --bare ../work/repo it.git
	new
	t add 1.1 One >/dev/null
	cd it.git
	code 0 t guard install
	git worktree add -q ../main main
	cd ../main
	code 128 dead_commit
	cd ../it.git
	code 0 t guard uninstall
}

@test "where there is nothing to ask or nothing to install into" {
	cd ..
	mkdir none
	cd none
	code 3 t guard install
	code 1 t guard uninstall
	says "not a git repository"
	code 1 t guard status
	cd ../repo
	t guard install >/dev/null
	settled
	rm -r .tasks
	code 3 t guard install
	# What was installed can be taken out all the same.
	code 0 t guard uninstall
	[ -z "$(ls $HOOKS)" ]
	mkdir $HOOKS/pre-commit
	new
	code 1 t guard install
	says "is a folder"
}

@test "an older part of ours is brought up to date, where it stands" {
	user_hook pre-commit
	before=$(picture)
	t guard install >/dev/null
	installed=$(picture)
	sed -i 's/^# Are staged.*/# as an older one had it/' $HOOKS/pre-commit
	touch -d '2020-02-02 02:02:02.123456789' $HOOKS/pre-commit
	json 0 guard install
	is '[.hooks[].changed] == [true, false, false]'
	same "$installed" "$(picture)"
	code 0 t guard uninstall
	same "$before" "$(picture)"
}

@test "many at once" {
	local pids=() i
	user_hook pre-commit
	ln -s nowhere $HOOKS/pre-push
	before=$(picture)
	for i in 1 2 3 4 5 6 7 8; do t guard install >/dev/null & pids+=($!); done
	wait "${pids[@]}"
	[ "$(grep -c '>>> taskctl guard' $HOOKS/pre-commit)" -eq 1 ]
	for i in 1 2 3 4 5 6 7 8; do t guard uninstall >/dev/null & pids+=($!); done
	wait "${pids[@]}"
	same "$before" "$(picture)"
}

@test "killed at every system call: a hook is there, whole, and again is enough" {
	dynamic_taskctl
	user_hook pre-commit
	printf '#!/usr/bin/awk -f\nBEGIN { exit }\n' >$HOOKS/pre-push
	chmod 755 $HOOKS/pre-push
	before=$(picture)
	for call in rename link symlink mkdir openat fchmod fsync write unlink; do
		for n in 1 2; do
			for what in install uninstall; do
				strace -qq -o /dev/null -e trace="/$call" \
				    -e inject="/$call":signal=KILL:when="$n" \
				    taskctl guard "$what" >/dev/null 2>&1 3>&- || true
				# Those of the user's are there, and run.
				[ -x $HOOKS/pre-commit ]
				grep -q HOOK_EXIT $HOOKS/pre-commit
				[ -x $HOOKS/pre-push ]
				$HOOKS/pre-push a b </dev/null >/dev/null
				[ "$what" = install ] || continue
				code 0 t guard uninstall
				same "$before" "$(picture)"
				t guard install >/dev/null
			done
			code 0 t guard install
			code 0 t guard uninstall
			same "$before" "$(picture)"
		done
	done
}
