# progress_head.bats - git.branch is HEAD: progress goes to the branch that is
# checked out, and nothing but taskctl's own paths changes.

load git

make_head_repo() {
	make_repo
	taskctl config git.branch HEAD
}

PROGRESS=.tasks/progress

# Everything of index and working tree but taskctl's own.
others() {
	git ls-files -s -u
	git ls-files -s | grep -v "	$PROGRESS/" || true
	find . -path ./.tasks -prune -o -path ./.git -prune -o \
	    -printf '%p %s %m %T@ %i\n' | sort
	git diff --cached -- . ":!$PROGRESS"
	git diff -- . ":!$PROGRESS"
	git stash list
}

ids_in_head() {
	git ls-tree -r --name-only "${1:-HEAD}" $PROGRESS/events/ | sort -V |
	    while read -r name; do
		    git cat-file blob "${1:-HEAD}:$name"
	    done | jq -r .id
}

# Progress is committed, and in the index and working tree the same.
check_head() {
	[ "$(ids_in_head)" = "$(ids_in_store)" ]
	[ -z "$(git status --porcelain -- $PROGRESS)" ]
	git diff --quiet HEAD -- $PROGRESS
	[ "$(git log --numstat --format= -- $PROGRESS/events |
	    awk '$2 > 0' | wc -l)" -eq 0 ]
	run -1 git ls-files -o $PROGRESS --error-unmatch
}

@test "HEAD: only taskctl's own paths are in the commit" {
	make_head_repo
	echo staged >staged && git add staged
	echo two >>file
	echo new >untracked
	git rm -q --cached file
	mkdir sub && echo deep >sub/file && git add sub/file && echo deeper >sub/file
	others >"$BATS_TEST_TMPDIR/before"
	run -0 taskctl-git commit
	[[ $output == "committed "*" on main: "* ]]
	others | diff "$BATS_TEST_TMPDIR/before" -
	git show --name-only --format= HEAD | sort | diff - <(printf '%s\n' \
	    $PROGRESS/STATUS.md $PROGRESS/events/00000001.jsonl \
	    $PROGRESS/sprint_status.json)
	check_head
	taskctl claim 1.1
	taskctl done 1.1
	run -0 taskctl-git commit
	others | diff "$BATS_TEST_TMPDIR/before" -
	[ "$(git log -1 --format=%s)" = "Sprint 1: 1.1 done" ]
	check_head
	run -0 taskctl-git commit
	[[ $output == "nothing new since "*" on main" ]]
	# The user's own commit has the user's own paths.
	git commit -q -m "mine"
	run -0 git show --name-only --format= HEAD
	[[ $output != *.tasks* ]]
	check_head
}

@test "HEAD: a branch goes on from where it is" {
	make_head_repo
	taskctl-git commit
	git checkout -q -b other HEAD~1
	[ ! -e $PROGRESS/STATUS.md ]
	taskctl note 1.1 "on another branch"
	run -0 taskctl-git commit
	[[ $output == *" on other: "* ]]
	check_head
	git checkout -q main
	taskctl note 1.1 "and back"
	run -0 taskctl-git commit
	[[ $output == "committed 2 events as "*" on main: "* ]]
	check_head
}

@test "HEAD: switched while the committer waits, it is followed" {
	make_head_repo
	interval 2 40
	taskctl note 1.1 "a note"
	taskctl-git commit --later >"$BATS_TEST_TMPDIR/waited" &
	until_true one_waits
	git checkout -q -b other
	wait
	grep -q "^committed 1 event as .* on other: " "$BATS_TEST_TMPDIR/waited"
	check_head
}

@test "HEAD: from a linked worktree, a subfolder and a hook it is the main one" {
	make_head_repo
	git worktree add -q ../linked
	cd ../linked
	git status --porcelain >"$BATS_TEST_TMPDIR/before"
	taskctl note 1.1 "from the worktree"
	run -0 taskctl-git commit
	[[ $output == *" on main: "* ]]
	git status --porcelain | cmp - "$BATS_TEST_TMPDIR/before"
	mkdir "$REPO/deep" && cd "$REPO/deep"
	taskctl note 1.1 "from below"
	run -0 taskctl-git commit
	cd "$REPO"
	check_head
	printf '#!/bin/sh\ntaskctl note 1.1 hook && taskctl-git commit\n' \
	    >.git/hooks/post-commit
	chmod +x .git/hooks/post-commit
	echo mine >mine && git add mine
	git commit -q -m "mine"
	[ "$(git log -1 --format=%s HEAD~1)" = mine ]
	check_head
	git worktree remove --force ../linked
}

@test "HEAD: .tasks/ below the top of the repository" {
	git init -q "$REPO"
	mkdir "$REPO/part" && cd "$REPO/part"
	mkdir .tasks
	make_coordinator
	taskctl config git.branch HEAD
	taskctl-git commit
	cd "$REPO"
	git cat-file -e HEAD:part/.tasks/progress/STATUS.md
	[ -z "$(git status --porcelain -- part/.tasks/progress)" ]
}

@test "HEAD: an unborn branch is born with the progress alone" {
	git init -q "$REPO"
	cd "$REPO"
	make_coordinator
	taskctl config git.branch HEAD
	echo staged >staged && git add staged
	run -0 taskctl-git commit
	[ "$(git rev-list --count main)" -eq 1 ]
	check_head
	[ "$(git status --porcelain staged)" = "A  staged" ]
}

@test "HEAD: detached, in a merge or without a working tree it waits" {
	make_head_repo
	taskctl-git commit
	git checkout -q --detach
	taskctl note 1.1 "a note"
	run -1 taskctl-git commit
	[[ $output == *"is detached"* ]]
	git checkout -q -b side HEAD~1
	echo other >file && git commit -q -am other
	git checkout -q main
	echo third >file && git commit -q -am third
	run -1 git merge -q side
	before=$(git status --porcelain)
	run -1 taskctl-git commit
	[[ $output == *"a merge, rebase or the like is going on"* ]]
	[ "$(git status --porcelain)" = "$before" ]
	git merge --abort
	run -0 taskctl-git commit
	[[ $output == "committed 1 event as "* ]]
	check_head
}

@test "HEAD: a bare repository has no working tree" {
	git init -q --bare "$REPO.git"
	cd "$REPO.git"
	make_coordinator
	taskctl config git.branch HEAD
	run -1 taskctl-git commit
	[[ $output == *"is in no working tree"* ]]
}

@test "HEAD: it waits for index.lock, and gives up in the end" {
	make_head_repo
	: >.git/index.lock
	(sleep 0.7 && rm .git/index.lock) &
	run -0 taskctl-git commit
	wait
	check_head
	taskctl note 1.1 "a note"
	before=$(git rev-parse HEAD)
	taskctl config wait 1s
	: >.git/index.lock
	run -9 taskctl-git commit
	[[ $output == *"index.lock is held by another program"* ]]
	[ "$(git rev-parse HEAD)" = "$before" ]
	rm .git/index.lock
	run -0 taskctl-git commit
	[[ $output == "committed 1 event as "* ]]
	check_head
}

@test "HEAD: without the queue nothing is written over another's" {
	make_head_repo
	mkdir .git/taskctl-commit
	run -9 taskctl-git commit
	[[ $output == *"another committer has not come to its end"* ]]
	[ ! -e $PROGRESS ]
	rmdir .git/taskctl-commit
	run -0 taskctl-git commit
	check_head
}

@test "HEAD: died between index and branch, nothing is repeated" {
	make_head_repo
	taskctl-git commit
	taskctl note 1.1 "a note"
	# Its first fdatasync is of the note, just before the branch moves.
	run strace -f -o /dev/null -e trace=fdatasync \
	    -e inject=fdatasync:signal=KILL:when=1 taskctl-git commit
	run -0 git diff --cached --name-only
	[[ $output == *"$PROGRESS/events/00000001.jsonl"* ]]
	# Whoever commits next takes it along; then there is nothing new.
	rm -f .git/refs/heads/main.lock
	git commit -q -m "mine"
	run -0 taskctl-git commit
	[[ $output == "nothing new since "* ]]
	check_head
	taskctl note 1.1 "another"
	run -0 taskctl-git commit
	[[ $output == "committed 1 event as "* ]]
	check_head
}

@test "HEAD: many committers and somebody's own commits" {
	make_head_repo
	taskctl config wait 2m # who waits long is not what is looked at
	for i in 1 2 3 4; do
		(
			export TASKCTL_AGENT="agent$i" TASKCTL_SESSION="s$i"
			for k in 1 2 3; do
				taskctl note 1.1 "note $k of $i" >/dev/null
				taskctl-git commit -q || echo failed
			done
		) >"$BATS_TEST_TMPDIR/said$i" 2>&1 &
	done
	for k in $(seq 8); do
		echo "$k" >"mine$k"
		until git add "mine$k" 2>/dev/null &&
		    git commit -q -m "mine $k" -- "mine$k" 2>/dev/null; do
			sleep 0.01
		done
	done
	wait
	run -1 grep -h failed "$BATS_TEST_TMPDIR"/said*
	taskctl-git commit
	check_head
	[ "$(git log --format=%s | grep -c '^mine')" -eq 8 ]
	for k in $(seq 8); do
		[ "$(git show --name-only --format= ":/mine $k")" = "mine$k" ]
	done
	[ "$(git rev-list --merges --count HEAD)" -eq 0 ]
}

@test "HEAD: no link of the repository's leads out of it" {
	make_head_repo
	taskctl-git commit
	echo precious >"$BATS_TEST_TMPDIR/precious"
	ln -sf "$BATS_TEST_TMPDIR/precious" $PROGRESS/STATUS.md
	taskctl note 1.1 "a note"
	run -0 taskctl-git commit
	[ "$(cat "$BATS_TEST_TMPDIR/precious")" = precious ]
	check_head
	mkdir "$BATS_TEST_TMPDIR/outside"
	rm -r $PROGRESS
	ln -s "$BATS_TEST_TMPDIR/outside" $PROGRESS
	taskctl note 1.1 "a note"
	run -1 taskctl-git commit
	[[ $output == *"is not a folder's place"* ]]
	[ -z "$(ls "$BATS_TEST_TMPDIR/outside")" ]
}

@test "HEAD: index version 4, split index and sparse checkout stay so" {
	make_head_repo
	git update-index --index-version 4
	git update-index --split-index
	taskctl-git commit
	check_head
	[ -n "$(ls .git/sharedindex.*)" ]
	git update-index --no-split-index
	git sparse-checkout set --cone sub
	taskctl note 1.1 "a note"
	taskctl-git commit
	[ "$(ids_in_head)" = "$(ids_in_store)" ]
	git diff --cached --quiet
}

@test "HEAD: restore rebuilds the store from it; sync wants a branch of its own" {
	make_head_repo
	git add .tasks && git commit -q -m "plan"
	taskctl claim 1.1
	taskctl done 1.1 -m "it stands"
	taskctl-git commit
	run taskctl sync
	[ "$status" -ne 0 ]
	[[ $output == *"git.branch is HEAD"* ]]
	taskctl --json list | jq -S 'del(.tasks[].source)' >"$BATS_TEST_TMPDIR/was"
	git clone -q "$REPO" ../clone
	cd ../clone
	run -0 taskctl restore --from-git
	[[ $output == *"of refs/heads/main"* || $output == *"main"* ]]
	taskctl --json list | jq -S 'del(.tasks[].source)' |
	    diff "$BATS_TEST_TMPDIR/was" -
	taskctl note 1.2 "from the clone"
	run -0 taskctl-git commit
	[[ $output == *" on main: "* ]]
	[ -z "$(git status --porcelain -- $PROGRESS)" ]
	cd "$REPO"
}

@test "HEAD: a branch without progress restores nothing" {
	make_head_repo
	rm -f .tasks/taskctl.db*
	run -3 taskctl restore --from-git
	[[ $output == *"holds no progress"* ]]
}
