# worktree.bats - claim --worktree, and worktree list and prune.

load helpers
load checkout

# The folder where worktrees of repo are made.
trees() { echo "$BATS_TEST_TMPDIR/work/repo.worktrees"; }
# As new_repo, but nobody holds anything.
free_repo() {
	new_repo
	as ann release 1.1 >/dev/null
}
# Somebody's work in a worktree: a commit on its branch.
work_in() {
	echo "$2" >"$1/$2"
	git -C "$1" add "$2"
	git -C "$1" commit -q -m "work: $2"
}
# Where ann's worktree for TASK is, as JSON says.
tree_of() {
	as "${2:-ann}" --json claim "$1" --worktree | jq -r .worktree
}

@test "claim --worktree makes a worktree on the task's branch, and says where" {
	free_repo
	local path
	path=$(trees)/1.1-count-the-words
	code 0 as ann claim 1.1 --worktree
	says "worktree: $path, on task/1.1-count-the-words"
	same "$(git -C "$path" branch --show-current)" task/1.1-count-the-words
	same "$(git -C "$path" rev-parse HEAD)" "$(git rev-parse main)"
	same "$(t --json show 1.1 | jq -r .task.lease.worktree)" "$path"
	same "$(git status --short)" ''
	json 0 claim 1.2 --worktree --agent bob --session b
	is ".worktree == \"$(trees)/1.2-draw-the-chart\" and .worktree_is_new and
	    .branch == \"task/1.2-draw-the-chart\" and
	    .lease.worktree == .worktree and .task.lease == .lease and
	    .lease.session == \"b\""
}

@test "--next too; and without --worktree nothing is made" {
	free_repo
	json 0 claim --next --worktree --agent ann --session a
	is '.task.id == "1.1" and (.worktree | endswith("/1.1-count-the-words"))'
	json 0 claim --next --agent bob --session b
	is '(.task.id == "1.2") and (has("worktree") | not)'
	same "$(git worktree list | wc -l)" 2
}

@test "who has said no session works on from the worktree" {
	free_repo
	export TASKCTL_AGENT=ann
	json 0 claim 1.1 --worktree
	# Asked again from here it might be anybody else of that name.
	code 4 taskctl claim 1.1 --worktree
	says 'another session of ann' "that one works in $(trees)/1.1-count-the-words"
	cd "$(trees)/1.1-count-the-words"
	json 0 where
	is ".worktree == \"$PWD\" and (.tasks | endswith(\"/repo/.tasks\"))"
	code 0 taskctl heartbeat 1.1
	echo 1 >>src/one
	code 0 taskctl commit 1.1 src/one
	same "$(git log -1 --format=%s task/1.1-count-the-words)" \
	    '1.1: Count the words'
	json 0 claim 1.1 --worktree
	is '.already_held and .worktree_is_new == false'
	same "$(get .worktree)" "$PWD"
	code 0 taskctl done 1.1
	[ -d "$PWD/src" ]
}

@test "asking again is safe: the same worktree, the same token" {
	free_repo
	local first
	json 0 claim 1.1 --worktree --agent ann --session a
	first=$(get '.worktree, .lease.token')
	json 0 claim 1.1 --worktree --agent ann --session a
	same "$(get '.worktree, .lease.token')" "$first"
	is '.already_held and .worktree_is_new == false'
	json 0 claim --next --worktree --agent ann --session a
	same "$(get '.worktree, .lease.token')" "$first"
	same "$(git worktree list | wc -l)" 2
}

@test "the next attempt takes up what the last one left, also after a new title" {
	free_repo
	local path
	path=$(tree_of 1.1)
	work_in "$path" half
	echo not-committed >>"$path/src/one"
	as ann release 1.1 >/dev/null
	t edit 1.1 --title 'Another title' >/dev/null
	code 0 as bob claim 1.1 --worktree
	says "worktree: $path, on task/1.1-count-the-words (as it was left)"
	same "$(git -C "$path" status --short)" ' M src/one'
	same "$(git -C "$path" log -1 --format=%s)" 'work: half'
	same "$(t --json show 1.1 | jq -r .task.lease.worktree)" "$path"
}

@test "a branch whose worktree was taken away is checked out again" {
	free_repo
	local path
	path=$(tree_of 1.1)
	work_in "$path" half
	as ann release 1.1 >/dev/null
	git worktree remove "$path"
	same "$(tree_of 1.1 bob)" "$path"
	same "$(git -C "$path" log -1 --format=%s)" 'work: half'
	as bob release 1.1 >/dev/null
	rm -rf "$path"
	same "$(tree_of 1.1)" "$path"
	same "$(git -C "$path" log -1 --format=%s)" 'work: half'
}

@test "a branch that only a remote has is gone on with" {
	free_repo
	local path branch=task/1.1-count-the-words
	path=$(trees)/1.1-count-the-words
	git init -q --bare ../origin.git 3>&-
	git remote add origin ../origin.git
	git checkout -q -b $branch
	echo half >half
	git add half
	git commit -q -m 'work: half'
	git push -q origin $branch
	git checkout -q main
	git branch -q -D $branch
	code 0 as ann claim 1.1 --worktree
	says "worktree: $path, on $branch (as it was left)"
	same "$(cat "$path/half")" half
	same "$(git rev-parse --symbolic-full-name $branch@{upstream})" \
	    "refs/remotes/origin/$branch"
	# Where two remotes have one, neither is.
	as ann release 1.1 >/dev/null
	git worktree remove "$path"
	git branch -q -D $branch
	git update-ref refs/remotes/other/$branch main
	path=$(tree_of 1.1 bob)
	same "$path" "$(trees)/1.1-count-the-words-2"
	same "$(git -C "$path" rev-parse HEAD)" "$(git rev-parse main)"
}

@test "what is there already is never overwritten: the next name is taken" {
	free_repo
	t add 1.4 Four >/dev/null
	git branch task/1.4-four
	mkdir -p "$(trees)/1.2-draw-the-chart"
	echo mine >"$(trees)/1.2-draw-the-chart/mine"
	same "$(tree_of 1.4)" "$(trees)/1.4-four-2"
	same "$(tree_of 1.2)" "$(trees)/1.2-draw-the-chart-2"
	same "$(cat "$(trees)/1.2-draw-the-chart/mine")" mine
	same "$(git -C "$(trees)/1.2-draw-the-chart-2" branch --show-current)" \
	    task/1.2-draw-the-chart-2
	# A worktree made by hand, in which an attempt before worked, is not it.
	t add 1.3 Three >/dev/null
	git worktree add -q -b mine ../mine 3>&-
	(cd ../mine && as ann claim 1.3 >/dev/null && as ann release 1.3 >/dev/null)
	same "$(tree_of 1.3)" "$(trees)/1.3-three"
}

@test "a branch that is called task leaves no room for task/…" {
	free_repo
	git branch task
	json 0 claim 1.1 --worktree --agent ann --session a
	is '.branch == "task-1.1-count-the-words"'
}

@test "names are ASCII that git and file systems take" {
	free_repo
	local id path
	t add 'T4.lock' 'Été: “Straße” / .. @{u} ~^:?*[\' >/dev/null
	t add 2.1 'Построить дом' >/dev/null
	t add 2.2 '…' >/dev/null
	t add 2.3 "$(printf 'very long %.0s' $(seq 40))" >/dev/null
	t add 2.4 'x.lock' >/dev/null
	for id in T4.lock 2.1 2.2 2.3 2.4; do
		json 0 claim "$id" --worktree --agent ann --session a
		path=$(get .worktree)
		[ -d "$path/src" ]
		git check-ref-format --branch "$(get .branch)"
		[[ $(get .branch) =~ ^task/[A-Za-z0-9._-]{1,80}$ ]]
		[ "$(basename "$path")" = "$(get .branch | cut -d/ -f2)" ]
	done
	json 0 claim 2.1 --worktree --agent ann --session a
	is '.branch == "task/2.1"'
	json 0 claim 2.2 --worktree --agent ann --session a
	is '.branch == "task/2.2"'
	json 0 claim T4.lock --worktree --agent ann --session a
	is '.branch == "task/T4-lock-ete-strasse-u"'
}

@test "worktree.dir is another folder, from the main worktree" {
	free_repo
	t config worktree.dir ../elsewhere/trees >/dev/null
	same "$(tree_of 1.1)" \
	    "$BATS_TEST_TMPDIR/work/elsewhere/trees/1.1-count-the-words"
	mkdir ../real
	ln -s real ../link
	t config worktree.dir "$BATS_TEST_TMPDIR/work/link" >/dev/null
	same "$(tree_of 1.2)" "$BATS_TEST_TMPDIR/work/real/1.2-draw-the-chart"
	(cd ../link/1.2-draw-the-chart && code 0 as ann heartbeat 1.2)
}

@test "where it cannot be made the claim is given back, and says why" {
	free_repo
	: >../repo.worktrees
	code 1 as ann claim 1.1 --worktree
	says 'git worktree failed' repo.worktrees
	same "$(state 1.1)" ready
	same "$(git branch --list 'task/*')" ''
	rm ../repo.worktrees
	# What was held before stays held.
	as ann claim 1.1 >/dev/null
	: >../repo.worktrees
	json 1 claim 1.1 --worktree --agent ann --session ann-1
	same "$(state 1.1)" claimed
	rm ../repo.worktrees
	printf '#!/bin/sh\necho no checkout today >&2; exit 1\n' \
	    >.git/hooks/post-checkout
	chmod +x .git/hooks/post-checkout
	code 1 as ann claim 1.2 --worktree
	says 'post-checkout hook' 'no checkout today'
	same "$(state 1.2)" ready
}

@test "a post-checkout hook that fails: nothing of the worktree is left" {
	free_repo
	local path
	path=$(trees)/1.1-count-the-words
	printf '#!/bin/sh\necho >left; exit 1\n' >.git/hooks/post-checkout
	chmod +x .git/hooks/post-checkout
	code 1 as ann claim 1.1 --worktree
	says 'the post-checkout hook failed in the new worktree' 'failed (1)'
	says_not 'failed (1):'
	same "$(state 1.1)" ready
	[ ! -e "$path" ]
	same "$(git worktree list | wc -l)" 1
	same "$(git branch --list 'task/*')" ''
	# The branch of an attempt before stays.
	rm .git/hooks/post-checkout
	same "$(tree_of 1.1)" "$path"
	work_in "$path" half
	as ann release 1.1 >/dev/null
	git worktree remove "$path"
	printf '#!/bin/sh\nexit 1\n' >.git/hooks/post-checkout
	chmod +x .git/hooks/post-checkout
	code 1 as ann claim 1.1 --worktree
	[ ! -e "$path" ]
	same "$(git show task/1.1-count-the-words:half)" half
}

@test "without a repository, git or a commit nothing is claimed" {
	new
	t add 1.1 One >/dev/null
	refused 1 claim 1.1 --worktree --agent ann
	says 'is in no git repository'
	git_identity
	git init -q .
	refused 1 claim 1.1 --worktree --agent ann
	says 'no commit yet'
	code 1 env PATH=/nonexistent "$(command -v taskctl)" claim 1.1 \
	    --worktree --agent ann
	says 'git, which is not installed'
	same "$(state 1.1)" ready
}

@test "git does not tell what remotes have: nothing is made, nothing claimed" {
	free_repo
	mkdir "$HOME/bin"
	cat >"$HOME/bin/git" <<-SH
		#!/bin/sh
		PATH=$PATH
		case "\$*" in *refs/remotes/*) exit 128 ;; esac
		exec git "\$@"
	SH
	chmod +x "$HOME/bin/git"
	PATH=$HOME/bin:$PATH code 1 as ann claim 1.1 --worktree
	says 'git for-each-ref failed (128)'
	same "$(state 1.1)" ready
	same "$(git branch --list 'task/*')" ''
}

@test "where it works cannot be noted: the claim is given back" {
	free_repo
	q "CREATE TRIGGER no BEFORE UPDATE OF worktree ON lease
	    BEGIN SELECT RAISE(ABORT, 'not today'); END"
	code 1 as ann claim 1.1 --worktree
	says 'not today'
	same "$(state 1.1)" ready
	q 'DROP TRIGGER no'
	code 0 as ann claim 1.1 --worktree
	same "$(git worktree list | wc -l)" 2
}

@test "a claim that is refused makes no worktree" {
	free_repo
	as ann claim 1.1 >/dev/null
	code 4 as bob claim 1.1 --worktree
	code 3 as bob claim 9.9 --worktree
	same "$(git worktree list | wc -l)" 1
	same "$(git branch --list 'task/*')" ''
}

@test "a tracked .tasks/ in the worktree shadows nothing, and where says so" {
	free_repo
	sed -i '/tasks/d' .gitignore
	git add -f .tasks/config.json .tasks/.gitignore .gitignore
	git commit -q -m 'track .tasks'
	cd "$(tree_of 1.1)"
	[ -e .tasks/config.json ]
	# A stale store, too.
	cp ../../repo/.tasks/taskctl.db .tasks/
	json 0 where
	is ".tasks == \"$BATS_TEST_TMPDIR/work/repo/.tasks\" and
	    .passed_over == \"$PWD/.tasks\""
	code 0 t where
	says "the main worktree's, which all worktrees share" \
	    "not used    $PWD/.tasks"
	code 0 as ann done 1.1
	STORE=../../repo/.tasks/taskctl.db
	same "$(q "SELECT state FROM task WHERE key = '1.1'")" 'done'
}

@test "from within a linked worktree the next one is made beside, of main" {
	free_repo
	cd "$(tree_of 1.1)"
	work_in . half
	same "$(tree_of 1.2)" "$(trees)/1.2-draw-the-chart"
	same "$(git -C "$(trees)/1.2-draw-the-chart" rev-parse HEAD)" \
	    "$(git rev-parse main)"
}

@test "a bare repository: its worktrees share one store, and get new ones" {
	git_identity
	git init -q seed
	mkdir seed/.tasks
	echo tracked >seed/.tasks/README.md
	git -C seed add . && git -C seed commit -q -m first
	git clone -q --bare seed proj.git 2>/dev/null
	git --git-dir=proj.git worktree add -q "$PWD/one" main
	git --git-dir=proj.git worktree add -q -b two "$PWD/two"
	cd one
	t init >/dev/null
	t config git.auto off >/dev/null
	t add 1.1 One >/dev/null
	t add 1.2 Two >/dev/null
	json 0 where
	is ".tasks == \"$BATS_TEST_TMPDIR/work/proj.git/.tasks\" and
	    .passed_over == \"$PWD/.tasks\" and
	    (.tasks_because | contains(\"bare\"))"
	code 0 as ann claim 1.1
	cd ../two
	code 4 as bob claim 1.1
	same "$(tree_of 1.2 bob)" "$BATS_TEST_TMPDIR/work/proj.worktrees/1.2-two"
	cd ../proj.worktrees/1.2-two
	echo 2 >two
	code 0 as bob commit 1.2 two
	code 0 as bob done 1.2
	git -C ../../one merge -q task/1.2-two
	cd ../../one
	json 0 worktree prune
	is '.removed[0].task == "1.2" and .removed[0].branch_deleted'
}

@test "8 agents at once get 8 worktrees, three times" {
	free_repo
	t config wait 2m >/dev/null # who waits long is not what is looked at
	# git itself fails at a worktree that is just being made.
	hook post-checkout <<-'SH'
		echo begin >>"$HOME/log"; sleep 0.02; echo end >>"$HOME/log"
	SH
	local i round
	for round in 1 2 3; do
		for i in 1 2 3 4 5 6 7 8; do
			t add "2.$round$i" Part >/dev/null
		done
		for i in 1 2 3 4 5 6 7 8; do
			as "agent$i" -q claim "2.$round$i" --worktree \
			    >"$BATS_TEST_TMPDIR/said.$i" 2>&1 3>&- &
		done
		wait
		cat "$BATS_TEST_TMPDIR"/said.*
		same "$(git worktree list | grep -c '\[task/2\.[1-8]*-part\]')" \
		    $((round * 8))
	done
	json 0 worktree list
	is '.worktrees | length == 24'
	same "$(uniq -c "$HOME/log" | awk '$1 > 1')" ''
}

@test "two tasks whose names become one: each has its own" {
	free_repo
	local task
	t add 3 '1 x' >/dev/null
	t add 3-1 'x' >/dev/null
	for task in 3 3-1; do
		as bob claim "$task" >/dev/null
		as bob release "$task" >/dev/null
	done
	same "$(tree_of 3)" "$(trees)/3-1-x"
	same "$(tree_of 3-1)" "$(trees)/3-1-x-2"
	same "$(tree_of 3)" "$(trees)/3-1-x"
}

# --- list and prune ------------------------------------------------------------------

@test "list: whose they are, and why each stays" {
	free_repo
	local path
	path=$(tree_of 1.1)
	git worktree add -q -b by-hand ../by-hand 3>&-
	json 0 worktree list
	is ".worktrees == [{task: \"1.1\", state: \"claimed\", agent: \"ann\",
	    worktree: \"$path\", branch: \"task/1.1-count-the-words\",
	    why_kept: \"ann works on it\"}]"
	code 0 t worktree list
	says "1.1  $path  task/1.1-count-the-words  (ann works on it)"
	code 0 t -q worktree list
	same "$out" "$path"
	refused 64 worktree list --dry-run
}

@test "prune takes away what is finished, clean and merged, and nothing else" {
	free_repo
	local id path
	for id in done new untracked changed staged unmerged locked failed \
	    cancelled busy detached; do
		t add "$id" "$id" >/dev/null
		path=$(tree_of "$id")
		[ "$id" = new ] || work_in "$path" "$id"
		case $id in
		unmerged) ;;
		new) ;;
		*) git merge -q -m "merge $id" "task/$id-$id" ;;
		esac
		case $id in
		untracked) echo u >"$path/u" ;;
		changed) echo c >>"$path/three" ;;
		staged) echo s >>"$path/three"; git -C "$path" add three ;;
		locked) git worktree lock "$path" ;;
		busy) touch "$(git -C "$path" rev-parse --git-dir)/BISECT_LOG" ;;
		detached) git -C "$path" checkout -q --detach
			git -C "$path" commit -q --allow-empty -m lost ;;
		esac
		echo o >"$path/ignored.o"
		case $id in
		failed) as ann fail "$id" -m no >/dev/null ;;
		cancelled) as ann release "$id" >/dev/null
			t cancel "$id" >/dev/null ;;
		*) as ann done "$id" >/dev/null ;;
		esac
	done
	path=$(tree_of 1.1)
	json 0 worktree prune --dry-run
	is '.dry_run and ([.removed[].task] | sort) == ["cancelled", "done", "new"]'
	same "$(git worktree list | wc -l)" 13
	json 0 worktree prune
	is '([.removed[].task] | sort) == ["cancelled", "done", "new"] and
	    ([.removed[].branch_deleted] | all)'
	same "$(get '.kept | sort_by(.task) | map(.task + ": " + .why_kept)[]')" \
"1.1: ann works on it
busy: a merge, rebase or the like is going on in it
changed: it has changes that are not committed
detached: its commits are not merged
failed: the task is failed
locked: it is locked
staged: it has changes that are not committed
unmerged: its commits are not merged
untracked: it has files that git does not know"
	same "$(git worktree list | wc -l)" 10
	same "$(git branch --list 'task/done*' 'task/new*' 'task/canc*')" ''
	[ ! -e "$(trees)/done-done" ]
	# Nothing of the others has gone.
	same "$(cat "$(trees)/untracked-untracked/u")" u
	code 0 t worktree prune
	says 'kept ' 'its commits are not merged'
	says_not 'taken away'
}

@test "prune leaves the one that we are in, and one where another task is worked on" {
	free_repo
	local path
	path=$(tree_of 1.1)
	as ann done 1.1 >/dev/null
	(cd "$path" && as bob claim 1.2 >/dev/null)
	code 0 t worktree prune
	says 'bob works there on 1.2'
	as bob -C "$path" release 1.2 >/dev/null
	mkdir "$path/sub"
	code 0 as ann -C "$path/sub" worktree prune
	says 'you are in it'
	[ -d "$path" ]
	code 0 t worktree prune
	says 'taken away' "$path"
	[ ! -e "$path" ]
	[ ! -e "$(trees)" ]
	code 0 t worktree prune
	says 'no worktree was made for a task'
}

@test "prune keeps what is in a folder that git ignores: worktrees, repositories" {
	free_repo
	local path
	echo build/ >.gitignore
	git add .gitignore
	git commit -q -m ignore
	path=$(tree_of 1.1)
	mkdir "$path/build"
	echo object >"$path/build/one.o"
	as ann done 1.1 >/dev/null
	git -C "$path" worktree add -q -b inner build/inner 3>&-
	echo work >"$path/build/inner/work"
	code 0 t worktree prune
	says 'another worktree is in it: build/inner'
	# Its lease is named before.
	(cd "$path/build/inner" && as bob claim 1.2 >/dev/null)
	code 0 t worktree prune
	says 'bob works there on 1.2'
	as bob release 1.2 >/dev/null
	same "$(cat "$path/build/inner/work")" work
	git worktree remove --force "$path/build/inner"

	git init -q "$path/build/a b/own"
	echo work >"$path/build/a b/own/work"
	code 0 t worktree prune --dry-run
	says 'another repository is in it: build/a b/own'
	code 0 t worktree prune
	same "$(cat "$path/build/a b/own/work")" work
	rm -r "$path/build/a b"
	git init -q --bare "$path/build/bare.git"
	code 0 t worktree prune
	says 'another repository is in it: build/bare.git'
	rm -r "$path/build/bare.git"
	code 0 t worktree prune
	says 'taken away' "$path"
	[ ! -e "$path" ]
}

@test "prune keeps what git was told not to look at" {
	free_repo
	local path
	path=$(tree_of 1.1)
	as ann done 1.1 >/dev/null
	git -C "$path" update-index --assume-unchanged src/one
	echo work >>"$path/src/one"
	code 0 t worktree prune
	says 'git was told not to look at src/one in it'
	git -C "$path" update-index --no-assume-unchanged src/one
	git -C "$path" checkout -q src/one
	git -C "$path" update-index --skip-worktree three
	echo work >>"$path/three"
	code 0 t worktree prune
	says 'git was told not to look at three in it'
	same "$(tail -n 1 "$path/three")" work
	git -C "$path" update-index --no-skip-worktree three
	git -C "$path" checkout -q three
	# What a sparse checkout leaves out is not there to be lost.
	git -C "$path" sparse-checkout set src
	git -C "$path" sparse-checkout reapply
	code 0 t worktree prune
	says 'taken away'
}

@test "prune: merged into the upstream only: the worktree goes, -d decides of the branch" {
	free_repo
	git clone -q --bare . ../origin.git 2>/dev/null
	git remote add origin ../origin.git
	git fetch -q origin
	git branch -q -u origin/main
	local path
	path=$(tree_of 1.1)
	work_in "$path" half
	as ann done 1.1 >/dev/null
	code 0 t worktree prune
	says 'its commits are not merged'
	git push -q origin task/1.1-count-the-words:main 2>/dev/null
	git fetch -q origin
	json 0 worktree prune
	is '.removed[0].task == "1.1" and .removed[0].branch_deleted == false'
	git rev-parse -q --verify task/1.1-count-the-words
}

@test "prune: merged into a detached HEAD only: the branch stays" {
	free_repo
	local path branch
	path=$(tree_of 1.1)
	branch=task/1.1-count-the-words
	work_in "$path" half
	as ann done 1.1 >/dev/null
	git checkout -q --detach
	git merge -q --no-ff -m merge "$branch"
	json 0 worktree prune
	is '.removed[0].task == "1.1" and .removed[0].branch_deleted == false'
	git checkout -q main
	same "$(git show "$branch:half")" half
}

@test "a worktree made by hand is never pruned, whatever its branch is called" {
	free_repo
	git worktree add -q -b task/1.1-count-the-words ../by-hand 3>&-
	(cd ../by-hand && as ann claim 1.1 >/dev/null && as ann done 1.1 >/dev/null)
	json 0 worktree prune
	is '.removed == [] and .kept == []'
	[ -d ../by-hand ]
}

@test "list and prune without a repository say so" {
	new
	code 1 t worktree list
	says 'is in no git repository'
}
