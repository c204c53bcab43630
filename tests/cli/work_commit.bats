# work_commit.bats - commit TASK: an agent's own paths, in a shared checkout.

load helpers
load checkout

# A refusal may renew the lease of who asks: that is a sign of life.
dump() {
	sqlite3 -readonly -cmd '.timeout 5000' .tasks/taskctl.db .dump 2>&1 3>&- |
	    grep -v -e '^INSERT INTO store ' -e '^INSERT INTO lease ' | sha256sum
}

# --- what is in it ---------------------------------------------------------------

@test "exactly the paths that were named are committed, with trailers" {
	new_repo
	echo 1 >>src/one
	echo 2 >>src/two
	echo 3 >>three
	code 0 as ann commit 1.1 src/one three
	says 'committed 2 paths of 1.1 as ' ' on main: 1.1: Count the words'
	same "$(paths_of)" 'src/one three'
	same "$(git status --short)" ' M src/two'
	same "$(git log -1 --format=%s)" '1.1: Count the words'
	same "$(trailer Task)" 1.1
	same "$(trailer Agent)" ann
	same "$(trailer Token)" "$(token 1.1)"
	same "$(trailer Store)" "$(q 'SELECT id FROM store')"
	same "$(git log -1 --format='%an <%ae>')" \
	    'Grace Hopper <grace@navy.example>'
	same "$(git reflog -1 --format=%gs)" 'commit: 1.1: Count the words'
	# Nothing of ours is left behind.
	same "$(ls .git | grep taskctl)" taskctl-work
}

@test "what others have staged and changed stays as it was, byte for byte" {
	new_repo
	echo mine >>src/one
	echo staged >src/two
	git add src/two
	echo 'and more' >>src/two
	echo new >theirs
	git add -N theirs
	git rm -q --cached three
	local index files
	index=$(index_without src/one)
	files=$(sha256sum src/two three theirs)
	code 0 as ann commit 1.1 src/one
	same "$(paths_of)" src/one
	same "$(index_without src/one)" "$index"
	same "$(sha256sum src/two three theirs)" "$files"
	same "$(git diff --cached --name-status)" $'M\tsrc/two\nD\tthree'
	# Our own entry is as committed, so nothing is left to commit of it.
	same "$(git ls-files --stage src/one | cut -d' ' -f2)" \
	    "$(git rev-parse HEAD:src/one)"
	git diff-files --quiet -- src/one
}

@test "a change that kept size and time is not missed, ours or another's" {
	new_repo
	git config core.trustctime false
	touch -d 2020-01-01 src/one three
	git update-index --refresh
	echo ONE >src/one
	echo THREE >three
	# As in the second in which the index was written: git then reads the
	# files, since their times say nothing.
	touch -d 2020-01-01 src/one three .git/index
	code 0 as ann commit 1.1 src/one
	same "$(git show HEAD:src/one)" ONE
	same "$(git status --short)" ' M three'
}

@test "what was partly staged is committed as the file is" {
	new_repo
	echo staged >>src/one
	git add src/one
	echo later >>src/one
	code 0 as ann commit 1.1 src/one
	same "$(git show HEAD:src/one)" $'one\nstaged\nlater'
	git diff --quiet HEAD -- src/one
}

@test "new, deleted, renamed, made executable, links, folders, odd names" {
	new_repo
	mkdir -p deep/er
	echo n >new
	echo d >deep/er/file
	rm three
	git mv src/two src/zwei
	chmod +x src/one
	ln -s src/one link
	echo o >$'odd \n"n\xc3\xa4me*'
	echo s >'[a]'
	echo d >-dash
	echo 'not mine' >a
	code 0 as ann commit 1.1 new deep three src link $'odd \n"n\xc3\xa4me*' \
	    '[a]' -- -dash
	same "$(git show --format= --name-status --no-renames -z HEAD |
	    tr '\0' ' ')" \
	    $'A -dash A [a] A deep/er/file A link A new A odd \n"n\xc3\xa4me* M src/one D src/two A src/zwei D three '
	same "$(git ls-tree HEAD link src/one | cut -d' ' -f1 | xargs)" \
	    '120000 040000' ||
	    same "$(git ls-tree -r HEAD link src/one | cut -d' ' -f1 | xargs)" \
	    '120000 100755'
	same "$(git status --short)" '?? a'
}

@test "a file becomes a folder, a folder a file" {
	new_repo
	rm three
	mkdir three
	echo in >three/in
	rm -r src
	echo file >src
	code 0 as ann commit 1.1 three src
	same "$(git ls-tree -r --name-only HEAD | xargs)" \
	    '.gitignore src three/in'
	same "$(git status --short)" ''
}

@test "paths are relative to where one is, and literal" {
	new_repo
	echo 1 >>src/one
	echo 2 >>src/two
	echo 3 >>three
	cd src
	code 0 as ann commit 1.1 ./one ../three
	same "$(paths_of)" 'src/one three'
	refused 8 commit 1.1 --agent ann --session ann-1 '*'
	says '* is not there'
	refused 8 commit 1.1 --agent ann --session ann-1 ':(glob)**'
	cd ..
	ln -s "$PWD" ../way
	cd "$BATS_TEST_TMPDIR"
	code 0 as ann -C work/repo commit 1.1 "$BATS_TEST_TMPDIR/work/way/src/two"
	same "$(git -C work/repo show --format= --name-only)" src/two
}

@test "what is outside, ignored, missing, empty or another repository is refused" {
	new_repo
	export TASKCTL_AGENT=ann TASKCTL_SESSION=ann-1
	local before
	before=$(git rev-parse HEAD)
	echo o >x.o
	mkdir empty
	git init -q inner
	echo x >inner/x
	refused 8 commit 1.1 ../elsewhere
	says 'outside of the working tree'
	refused 8 commit 1.1 /etc/passwd
	refused 8 commit 1.1 x.o
	says 'x.o is ignored by .gitignore'
	refused 8 commit 1.1 gone
	says 'gone is not there'
	refused 8 commit 1.1 empty
	refused 64 commit 1.1 ''
	refused 8 commit 1.1 inner
	says 'inner is a git repository of its own'
	refused 8 commit 1.1 .git/config
	# Nor is the good one of several committed alone.
	echo 1 >>src/one
	refused 8 commit 1.1 src/one gone
	refused 8 commit 1.1 src/one -m '  '
	same "$(git rev-parse HEAD)" "$before"
	same "$(git diff --cached --name-only)" ''
}

@test "what somebody added by force is committed though it is ignored" {
	new_repo
	echo o >x.o
	echo p >src/p.o
	git add -f x.o
	code 0 as ann commit 1.1 x.o src
	same "$(paths_of)" x.o
	same "$(git status --short)" ''
}

@test "a folder with another repository in it: that is left out" {
	new_repo
	git init -q src/inner
	echo x >src/inner/x
	echo new >src/new
	code 0 as ann commit 1.1 src
	same "$(paths_of)" src/new
}

@test "the whole tree, but for what is ignored" {
	new_repo
	echo o >x.o
	echo 1 >>src/one
	rm three
	echo new >new
	code 0 as ann commit 1.1 .
	same "$(paths_of)" 'new src/one three'
}

@test "by default: the files that the plan names and that have changed" {
	git_identity
	git init -q repo
	cd repo
	cat >plan.md <<-'PLAN'
		## Sprint 1: Words

		#### Task 1.1: Count
		**Files**: `src/count.c`, `src/gone.c`, `never.c`

		#### Task 1.2: No files
		**Duration**: 1h
	PLAN
	mkdir src
	echo g >src/gone.c
	git add . && git commit -q -m first
	new plan.md
	as ann claim 1.1 >/dev/null
	as ann claim 1.2 >/dev/null
	echo '.tasks' >.git/info/exclude
	json 0 commit 1.1 --agent ann --session ann-1
	is '.is_new == false and .paths == []'
	echo c >src/count.c
	echo other >src/other.c
	rm src/gone.c
	cd src
	code 0 as ann commit 1.1
	same "$(paths_of)" 'src/count.c src/gone.c'
	same "$(git status --short)" '?? other.c'
	code 8 as ann commit 1.2
	says 'the plan names no files of 1.2' 'taskctl commit 1.2 PATH'
}

@test "by default also what is reserved for the task, staged or not" {
	new_repo
	as ann reserve '/src/*' '!/src/two' 'new*' --task 1.1 >/dev/null
	json 0 commit 1.1 --agent ann --session ann-1
	is '.is_new == false'
	echo 1 >>src/one
	git add src/one
	echo 2 >>src/two
	echo 3 >>three
	echo n >newer
	echo o >src/x.o
	rm -rf src/gone
	code 0 as ann commit 1.1
	same "$(paths_of)" 'newer src/one'
	same "$(git status --short)" $' M src/two\n M three'
}

@test "what is reserved for another task is not committed" {
	new_repo
	as bob claim 1.2 >/dev/null
	as bob reserve src/two --task 1.2 >/dev/null
	echo 1 >>src/one
	code 0 as ann commit 1.1 src
	echo 1 >>src/one
	echo 2 >>src/two
	code 4 as ann commit 1.1 src
	says 'src/two is reserved for 1.2 by bob until '
	same "$(git status --short)" $' M src/one\n M src/two'
	code 0 as ann commit 1.1 src/one
	as bob release 1.2 >/dev/null
	code 0 as ann commit 1.1 src
}

@test "nothing to commit is a success that says so" {
	new_repo
	local before
	before=$(git rev-parse HEAD)
	code 0 as ann commit 1.1 src
	says 'nothing to commit for 1.1'
	code 0 as ann -q commit 1.1 src
	same "$out" ''
	same "$(git rev-parse HEAD)" "$before"
}

@test "--json names the commit and its paths; -q the commit" {
	new_repo
	echo 1 >>src/one
	json 0 commit 1.1 src/one -m 'Say one' --agent ann --session ann-1
	is ".commit == \"$(git rev-parse HEAD)\" and .is_new and
	    .task == \"1.1\" and .branch == \"main\" and
	    .paths == [\"src/one\"] and .summary == \"Say one\""
	echo 1 >>src/one
	code 0 as ann -q commit 1.1 src/one
	same "$out" "$(git rev-parse HEAD)"
}

@test "-m is the message; its trailers stay, ours are ours" {
	new_repo
	echo 1 >>src/one
	code 0 as ann commit 1.1 src/one -m $'\nSay one  \n\nAt length.\n\nFixes: 7\nToken: 99\n'
	same "$(git log -1 --format=%s)" 'Say one'
	same "$(trailer Fixes)" 7
	same "$(git log -1 --format='%(trailers:key=Token,valueonly)' | xargs)" 1
	says 'Say one'
}

# --- who may -----------------------------------------------------------------------

@test "who does not hold the task is refused with exit 6, and nothing happens" {
	new_repo
	echo 1 >>src/one
	local before
	before=$(git rev-parse HEAD)
	refused 6 commit 1.1 src/one --agent bob --session b
	is '.error.holder.agent == "ann"'
	refused 6 commit 1.2 src/one --agent ann --session ann-1
	refused 6 commit 1.1 src/one --agent ann --session other
	refused 6 commit 1.1 src/one --token 77
	refused 64 commit 1.1 src/one
	refused 3 commit 9.9 src/one --agent ann
	as ann done 1.1 >/dev/null
	refused 6 commit 1.1 src/one --agent ann --session ann-1
	same "$(git rev-parse HEAD)" "$before"
}

@test "a lapsed lease that nobody took is taken up again; a taken one is gone" {
	new_repo
	echo 1 >>src/one
	age 1.1 7200000
	code 0 as ann commit 1.1 src/one
	same "$(state 1.1)" claimed
	age 1.1 7200000
	as bob claim 1.1 >/dev/null
	echo 2 >>src/one
	code 6 as ann commit 1.1 src/one
	says 'bob'
}

@test "a lease that is lost while the hooks run stops the commit" {
	new_repo
	hook pre-commit <<-'SH'
		unset TASKCTL_TASK TASKCTL_TOKEN
		taskctl release 1.1 --force -m 'too slow' --agent boss >/dev/null &&
		taskctl claim 1.1 --agent bob --session b >/dev/null
	SH
	echo 1 >>src/one
	local before
	before=$(git rev-parse HEAD)
	json 6 commit 1.1 src/one --agent ann --session ann-1
	is '.error.holder.agent == "bob"'
	same "$(git rev-parse HEAD)" "$before"
	same "$(git status --short)" ' M src/one'
	same "$(ls .git | grep -c lock)" 0
}

@test "a token of the environment is enough" {
	new_repo
	echo 1 >>src/one
	TASKCTL_TASK=1.1 TASKCTL_TOKEN=$(token 1.1) code 0 taskctl commit 1.1 src
	same "$(trailer Agent)" ann
}

# --- hooks, signing, configuration -----------------------------------------------------

@test "the user's hooks run, on what is committed and nothing else" {
	new_repo
	hook pre-commit <<-'SH'
		git diff --cached --name-only >"$HOME/staged"
		echo "$TASKCTL_TASK $TASKCTL_AGENT $GIT_EDITOR $PWD" >"$HOME/env"
		echo to-stdout
	SH
	hook prepare-commit-msg <<-'SH'
		echo "$2" >"$HOME/source"
		sed -i '1s/^/prepared: /' "$1"
	SH
	hook commit-msg <<-'SH'
		grep -q '^Task: 1.1$' "$1" || exit 1
		printf 'Rewritten\n' >"$1"
	SH
	hook post-commit <<-'SH'
		git log -1 --format=%s >"$HOME/post"
		exit 1
	SH
	echo 1 >>src/one
	echo 2 >>src/two
	git add src/two
	cd src
	code 0 as ann commit 1.1 one
	says 'to-stdout'
	same "$(cat "$HOME/staged")" src/one
	same "$(cat "$HOME/env")" "1.1 ann : $(git rev-parse --show-toplevel)"
	same "$(cat "$HOME/source")" message
	same "$(git log -1 --format=%s)" Rewritten
	same "$(trailer Token)" 1
	same "$(cat "$HOME/post")" Rewritten
	same "$(git diff --cached --name-only)" src/two
}

@test "a hook that refuses is heard, and nothing is half done" {
	new_repo
	local before name
	before=$(git rev-parse HEAD)
	echo 1 >>src/one
	for name in pre-commit prepare-commit-msg commit-msg \
	    reference-transaction; do
		rm -f .git/hooks/*
		echo "echo not on a $name >&2; exit 3" | hook "$name"
		code 1 as ann commit 1.1 src/one
		says "not on a $name"
		refused 1 commit 1.1 src/one --agent ann --session ann-1
		[ "$name" = reference-transaction ] ||
		    is ".error.hook == \"$name\" and
			.error.output == \"not on a $name\\n\""
		same "$(git rev-parse HEAD)" "$before"
		same "$(git status --short)" ' M src/one'
		same "$(ls .git | grep -c -e lock -e 'taskctl-work\.')" 0
	done
}

@test "a hook that tidies up the file: what it staged is committed" {
	new_repo
	hook pre-commit <<-'SH'
		tr a-z A-Z <src/one >src/one.new && mv src/one.new src/one
		git add src/one
	SH
	echo more >>src/one
	code 0 as ann commit 1.1 src/one
	same "$(git show HEAD:src/one)" $'ONE\nMORE'
	same "$(git status --short)" ''
}

@test "a hook that stages what others are at is refused" {
	new_repo
	echo 'git add -u' | hook pre-commit
	echo 1 >>src/one
	echo 2 >>src/two
	code 1 as ann commit 1.1 src/one
	says 'staged src/two, which is not part of this commit'
	same "$(git status --short)" $' M src/one\n M src/two'
}

@test "core.hooksPath, a signing program and clean filters are the user's" {
	new_repo
	mkdir "$HOME/hooks"
	printf '#!/bin/sh\ntouch "$HOME/ran"\n' >"$HOME/hooks/pre-commit"
	printf '#!/bin/sh\ncat >/dev/null\necho "[GNUPG:] SIG_CREATED " >&2\nprintf -- "-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n"\n' >"$HOME/sign"
	chmod +x "$HOME/hooks/pre-commit" "$HOME/sign"
	git config core.hooksPath "$HOME/hooks"
	git config commit.gpgSign true
	git config gpg.program "$HOME/sign"
	git config filter.up.clean 'tr a-z A-Z'
	echo '*.up filter=up' >.git/info/attributes
	echo shout >a.up
	code 0 as ann commit 1.1 a.up
	[ -e "$HOME/ran" ]
	git cat-file commit HEAD | grep -q '^gpgsig -----BEGIN PGP'
	same "$(git show HEAD:a.up)" SHOUT
	same "$(git status --short)" ''
}

@test "whether to sign cannot be told: refused, and not left unsigned" {
	new_repo
	git config commit.gpgSign perhaps
	echo 1 >>src/one
	code 1 as ann commit 1.1 src/one
	says 'git config failed (128)' perhaps
	same "$(git rev-list --count HEAD)" 1
	same "$(git status --short)" ' M src/one'
}

@test "with the guard's hooks: what is ours goes through, several times" {
	new_repo
	taskctl guard install >/dev/null
	as ann reserve src/one --task 1.1 >/dev/null
	echo 1 >>src/one
	code 0 as ann commit 1.1
	same "$(paths_of)" src/one
	echo 2 >>src/one
	# The guard asks who commits: by the task's own name, not the shell's.
	code 0 taskctl commit 1.1 src/one --agent ann --session ann-1
	same "$(git rev-list --count HEAD)" 3
	same "$(git status --short)" ''
}

@test "with a git that has no git hook yet" {
	new_repo
	mkdir "$HOME/bin"
	cat >"$HOME/bin/git" <<-SH
		#!/bin/sh
		PATH=$PATH
		[ "\$1" != hook ] || { echo "git: 'hook' is not a git command" >&2; exit 1; }
		exec git "\$@"
	SH
	chmod +x "$HOME/bin/git"
	echo 1 >>src/one
	PATH=$HOME/bin:$PATH code 0 as ann commit 1.1 src/one
	echo 'echo "Seen" >"$1"' | hook commit-msg
	echo 2 >>src/one
	PATH=$HOME/bin:$PATH code 0 as ann commit 1.1 src/one
	same "$(git log -1 --format=%s)" Seen
	echo 'echo never; exit 4' | hook pre-commit
	echo 3 >>src/one
	PATH=$HOME/bin:$PATH code 1 as ann commit 1.1 src/one
	says never 'the pre-commit hook refused the commit (exit 4)'
}

@test "called by a hook of git, with its variables around" {
	new_repo
	echo 1 >>src/one
	export GIT_DIR=/nonexistent GIT_INDEX_FILE=/nonexistent/index \
	    GIT_PREFIX=src/ GIT_LITERAL_PATHSPECS=0
	code 0 as ann commit 1.1 src/one
	unset GIT_DIR GIT_INDEX_FILE GIT_PREFIX GIT_LITERAL_PATHSPECS
	same "$(paths_of)" src/one
}

@test "called by a hook of commit itself: refused at once, not waited for" {
	new_repo
	as bob claim 1.2 >/dev/null
	local name
	for name in pre-commit reference-transaction; do
		rm -f .git/hooks/*
		# Without git's own variables too.
		hook $name <<-'SH'
			[ ! -e inner ] || exit 0
			unset GIT_INDEX_FILE GIT_DIR
			TASKCTL_AGENT=bob TASKCTL_SESSION=bob-1 timeout 20 \
			    taskctl commit 1.2 src/two >inner 2>&1
			echo "exit $?" >>inner
		SH
		echo 1 >>src/one
		echo 2 >>src/two
		code 0 as ann commit 1.1 src/one
		same "$(paths_of)" src/one
		same "$(tail -n 1 inner)" 'exit 1'
		out=$(cat inner) says 'a hook has called this' 'commit in'
		rm inner
	done
	# After the commit it is anybody's turn; its own commit runs the hook too.
	rm -f .git/hooks/*
	hook post-commit <<-'SH'
		[ ! -e .git/once ] || exit 0
		touch .git/once
		TASKCTL_AGENT=bob TASKCTL_SESSION=bob-1 taskctl commit 1.2 src/two
	SH
	echo 1 >>src/one
	code 0 as ann commit 1.1 src/one
	same "$(paths_of)" src/two
	# In another checkout nobody has the turn.
	git worktree add -q -b side ../side 3>&-
	rm -f .git/hooks/*
	hook pre-commit <<-'SH'
		[ -d .git ] || exit 0
		unset GIT_INDEX_FILE GIT_DIR
		cd ../side
		TASKCTL_AGENT=bob TASKCTL_SESSION=bob-1 taskctl commit 1.2 src/two
	SH
	echo 1 >>src/one
	echo 2 >>../side/src/two
	code 0 as ann commit 1.1 src/one
	same "$(paths_of side)" src/two
}

# --- states of the repository --------------------------------------------------------------

@test "a merge, a rebase, a cherry-pick: refused, and it goes on" {
	new_repo
	export TASKCTL_AGENT=ann TASKCTL_SESSION=ann-1
	git checkout -q -b side
	echo side >three
	git commit -q -am side
	git checkout -q main
	echo main >three
	git commit -q -am main
	echo 1 >>src/one
	git merge -q side || true
	echo 'touch "$HOME/ran"' | hook pre-commit
	refused 1 commit 1.1 src/one
	says 'a merge is going on'
	git merge --abort
	git cherry-pick side >/dev/null 2>&1 || true
	refused 1 commit 1.1 src/one
	says 'a cherry-pick is going on'
	git cherry-pick --abort
	git stash -q
	git rebase -q side >/dev/null 2>&1 || true
	echo 1 >>src/one
	refused 1 commit 1.1 src/one
	says 'a rebase is going on'
	git checkout -q src/one
	git rebase --abort
	no test -e "$HOME/ran"
	git stash pop -q
	code 0 taskctl commit 1.1 src/one
}

@test "a path in conflict is refused; another's conflict is not ours" {
	new_repo
	echo mine >three
	git stash -q
	echo theirs >three
	git commit -q -am theirs
	git stash pop -q || true
	echo 1 >>src/one
	code 1 as ann commit 1.1 three
	says 'three is in conflict'
	code 0 as ann commit 1.1 src/one
	same "$(paths_of)" src/one
	same "$(git ls-files -u | wc -l)" 3
}

@test "a detached HEAD is moved, and no branch" {
	new_repo
	git checkout -q --detach
	echo 1 >>src/one
	code 0 as ann commit 1.1 src/one
	says 'on a detached HEAD'
	same "$(git rev-parse HEAD^)" "$(git rev-parse main)"
	json 0 commit 1.1 src/one --agent ann --session ann-1
	is '.branch == null'
}

@test "the first commit of a repository" {
	git_identity
	git init -q repo
	cd repo
	t init >/dev/null
	t config git.auto off >/dev/null
	t add 1.1 One >/dev/null
	as ann claim 1.1 >/dev/null
	mkdir src
	echo 1 >src/one
	echo 2 >two
	git add two
	code 0 as ann commit 1.1 src
	same "$(git log --format=%s main)" '1.1: One'
	same "$(git ls-tree -r --name-only HEAD)" src/one
	same "$(git diff --cached --name-status)" $'A\ttwo'
	same "$(git reflog -1 --format=%gs)" 'commit (initial): 1.1: One'
}

@test "a repository with SHA-256 objects" {
	git_identity
	git init -q --object-format=sha256 repo
	cd repo
	t init >/dev/null
	t config git.auto off >/dev/null
	t add 1.1 One >/dev/null
	as ann claim 1.1 >/dev/null
	echo 1 >one
	code 0 as ann commit 1.1 one
	echo 2 >one
	code 0 as ann commit 1.1 one
	same "$(git rev-list --count HEAD)" 2
	same "$(git rev-parse HEAD | wc -c)" 65
	rm one
	code 0 as ann commit 1.1 one
	same "$(git ls-tree HEAD)" ''
}

@test "a linked worktree commits to its own branch" {
	new_repo
	git worktree add -q -b side ../side 3>&-
	cd ../side
	echo 1 >>src/one
	echo 2 >>src/two
	git add src/two
	code 0 as ann commit 1.1 src/one
	same "$(git log -1 --format=%s side)" '1.1: Count the words'
	same "$(git log -1 --format=%s main)" first
	same "$(git status --short)" 'M  src/two'
	same "$(git -C ../repo status --short)" ''
	cd ../repo
	json 0 commit 1.1 src/one --agent ann --session ann-1
	is '.is_new == false'
}

@test "a bare repository has nothing to commit from; a worktree of it has" {
	git_identity
	git init -q seed
	git -C seed commit -q --allow-empty -m first
	git clone -q --bare seed bare.git 2>/dev/null
	git --git-dir=bare.git worktree add -q "$PWD/tree" main
	cd tree
	t init >/dev/null
	t config git.auto off >/dev/null
	t add 1.1 One >/dev/null
	as ann claim 1.1 >/dev/null
	echo 1 >one
	code 0 as ann commit 1.1 one
	same "$(git --git-dir=../bare.git log -1 --format=%s main)" '1.1: One'
	cd ../bare.git
	mkdir -p .tasks
	code 1 as ann --db ../bare.git/.tasks/taskctl.db commit 1.1 one ||
	    code 3 as ann commit 1.1 one
}

@test "a sparse checkout, a split index, an untracked cache" {
	new_repo
	git update-index --split-index --untracked-cache 2>/dev/null || true
	echo 1 >>src/one
	echo 2 >>src/two
	git add src/two
	code 0 as ann commit 1.1 src/one
	same "$(paths_of)" src/one
	same "$(git status --short)" 'M  src/two'
	git commit -q -m two
	git update-index --no-split-index
	git sparse-checkout set --cone src
	echo 1 >>src/one
	code 0 as ann commit 1.1 src/one
	same "$(paths_of)" src/one
	same "$(git status --short)" ''
	git cat-file -e HEAD:three
}

@test "without git, without a repository" {
	new
	t add 1.1 One >/dev/null
	as ann claim 1.1 >/dev/null
	echo 1 >one
	code 1 as ann commit 1.1 one
	says 'not a git repository'
	code 1 env PATH=/nonexistent "$(command -v taskctl)" commit 1.1 one \
	    --agent ann --session ann-1
	says 'git, which is not installed'
}

# --- many at once, and the dead -----------------------------------------------------------------

@test "8 agents commit 20 times each in one checkout: 160 commits, each its own" {
	new_repo
	t config wait 2m >/dev/null # who waits long is not what is looked at
	local i n
	mkdir work
	for i in 1 2 3 4 5 6 7 8; do
		t add "2.$i" "Part $i" >/dev/null
		as "agent$i" claim "2.$i" >/dev/null
	done
	# Somebody else's work lies about all the while.
	echo staged >>src/two
	git add src/two
	echo changed >>three
	for i in 1 2 3 4 5 6 7 8; do
		(
			for n in $(seq 20); do
				echo "$n" >>"work/$i"
				echo "$n" >"work/$i.$n"
				as "agent$i" commit "2.$i" "work/$i" \
				    "work/$i.$n" -m "$i $n" || exit 1
			done >"$BATS_TEST_TMPDIR/said.$i" 2>&1 3>&-
		) 3>&- &
	done
	wait
	cat "$BATS_TEST_TMPDIR"/said.* | grep -v ^committed || true
	same "$(git rev-list --count HEAD)" 161
	same "$(git log --format=%s -160 | sort -u | wc -l)" 160
	for i in 1 2 3 4 5 6 7 8; do
		same "$(git log --format=%s -160 | grep "^$i " | xargs)" \
		    "$(for n in $(seq 20 -1 1); do echo "$i $n"; done | xargs)"
	done
	# What each commit changed, by its subject.
	same "$(git log -160 --format='%s' --name-only | awk 'NF == 2 { a = $1; n = $2 }
	    NF == 1 && $1 != "work/" a && $1 != "work/" a "." n' )" ''
	same "$(git log -160 --format= --name-only | grep -c .)" 320
	same "$(git diff --cached --name-only)" src/two
	same "$(git diff --name-only)" three
	same "$(git status --short)" $'M  src/two\n M three'
	same "$(ls .git | grep -c -e lock -e 'taskctl-work\.')" 0
}

@test "beside agents who use git itself, whose commits are not lost" {
	new_repo
	t config wait 2m >/dev/null # who waits long is not what is looked at
	local i n
	mkdir work
	for i in 1 2 3; do
		t add "2.$i" "Part $i" >/dev/null
		as "agent$i" claim "2.$i" >/dev/null
		(
			for n in $(seq 6); do
				echo "$n" >"work/$i.$n"
				as "agent$i" commit "2.$i" "work/$i.$n" -m "t$i $n" ||
				    exit 1
			done >"$BATS_TEST_TMPDIR/said.$i" 2>&1 3>&-
		) 3>&- &
	done
	(
		for n in $(seq 12); do
			echo "$n" >"git.$n"
			until git add "git.$n" 2>/dev/null; do :; done
			until git commit -q -m "git $n" "git.$n" 2>/dev/null; do
				:
			done
		done
	) 3>&- &
	wait
	cat "$BATS_TEST_TMPDIR"/said.* | grep -v ^committed || true
	same "$(git rev-list --count HEAD)" 31
	same "$(git log --format=%s -30 | sort -u | wc -l)" 30
	same "$(git log -30 --format= --name-only --diff-filter=A | sort -u |
	    wc -l)" 30
	same "$(git log -30 --format= --name-only --diff-filter=MD)" ''
	same "$(git status --short)" ''
}

@test "index.lock of another git is waited for, and then said" {
	new_repo
	echo 1 >>src/one
	touch .git/index.lock
	( sleep 0.5; rm .git/index.lock ) 3>&- &
	code 0 as ann commit 1.1 src/one
	wait
	echo 2 >>src/one
	touch .git/index.lock
	refused 9 --wait 0.2s commit 1.1 src/one --agent ann --session ann-1
	says '.git/index.lock' 'if no git program runs there'
	[ -e .git/index.lock ]
	rm .git/index.lock
	same "$(git status --short)" ' M src/one'
}

@test "HEAD that moves while the hooks run: begun again, nothing is lost" {
	new_repo
	hook pre-commit <<-'SH'
		[ ! -e "$HOME/once" ] || exit 0
		touch "$HOME/once"
		unset GIT_INDEX_FILE
		echo theirs >>three && git commit -q --no-verify -m theirs three
	SH
	echo 1 >>src/one
	code 0 as ann commit 1.1 src/one
	same "$(git log --format=%s | xargs -d '\n')" \
	    '1.1: Count the words theirs first'
	same "$(paths_of)" src/one
	same "$(git show HEAD:three)" $'three\ntheirs'
	same "$(git status --short)" ''
}

@test "HEAD that is moved in the last moment, by who asks for no lock" {
	new_repo
	echo 1 >>src/one
	mkdir "$HOME/bin"
	cat >"$HOME/bin/git" <<-SH
		#!/bin/sh
		PATH=$PATH
		case "\$*" in *'update-ref -m'*)
			[ -e "$HOME/once" ] || {
				touch "$HOME/once"
				git update-ref refs/heads/main "\$(git commit-tree -p main \\
				    -m theirs 'main^{tree}')"
			} ;;
		esac
		exec git "\$@"
	SH
	chmod +x "$HOME/bin/git"
	PATH=$HOME/bin:$PATH code 0 as ann commit 1.1 src/one
	same "$(git log --format=%s | xargs -d '\n')" \
	    '1.1: Count the words theirs first'
	same "$(git status --short)" ''
}

@test "interrupted while index.lock is held: it is given back" {
	new_repo
	echo 1 >>src/one
	local before
	before=$(git rev-parse HEAD)
	hook reference-transaction <<-'SH'
		[ "$1" = prepared ] || exit 0
		kill -INT "$(ps -o ppid= -p $PPID | tr -d " ")"
		exit 1
	SH
	code 130 as ann commit 1.1 src/one
	same "$(git rev-parse HEAD)" "$before"
	same "$(ls .git | grep -c -e lock)" 0
	same "$(git status --short)" ' M src/one'
}

@test "killed at any system call: nothing is half done for the next" {
	new_repo
	command -v strace >/dev/null || skip 'no strace'
	strace -f -o /dev/null true 2>/dev/null || skip 'strace may not trace'
	local n=0 call count before
	for call in link rename unlink wait4; do
		for count in 1 2 5 12 15 16 17 18; do
			n=$((n + 1))
			echo "$n" >>src/one
			echo "$n" >>src/two
			git add src/two 2>/dev/null || true
			before=$(git rev-parse HEAD)
			strace -o /dev/null -e trace=$call \
			    -e inject=$call:signal=KILL:when=$count \
			    taskctl commit 1.1 src/one -m "k $n" --agent ann \
			    --session ann-1 >/dev/null 2>&1 3>&- || true
			code 0 as ann commit 1.1 src/one -m "again $n"
			git diff --quiet HEAD -- src/one
			same "$(git diff --cached --name-only)" src/two
			git add src/two
			same "$(git rev-list --count "$before"..HEAD)" 1
			same "$(ls .git | grep -c -e lock -e 'taskctl-work\.')" 0
		done
	done
}

@test "an index that cannot be replaced: said, and put right by the next" {
	new_repo
	command -v strace >/dev/null || skip 'no strace'
	strace -f -o /dev/null true 2>/dev/null || skip 'strace may not trace'
	echo 1 >>src/one
	code 1 strace -o /dev/null -e trace=rename -e inject=rename:error=EIO \
	    taskctl commit 1.1 src/one --agent ann \
	    --session ann-1
	says 'committed as ' 'index cannot be replaced'
	[ -e .git/index.lock ]
	code 0 as ann commit 1.1 src/one
	same "$(git rev-list --count HEAD)" 2
	same "$(git status --short)" ''
	same "$(ls .git | grep -c -e lock -e 'taskctl-work\.')" 0
}

# As its committer left it that was killed when HEAD had moved, the index not.
@test "the dead one's index is kept until git has told where HEAD is" {
	new_repo
	local folder=.git/taskctl-work.abcdef
	cp .git/index old
	echo 1 >>src/one
	git commit -q -m moved src/one
	mkdir "$folder"
	mv .git/index "$folder/next"
	mv old .git/index
	printf 'taskctl commit\n%s\n%s\n' "$PWD/$folder" \
	    "$(git rev-parse HEAD)" >.git/index.lock
	mkdir "$HOME/bin"
	cat >"$HOME/bin/git" <<-SH
		#!/bin/sh
		PATH=$PATH
		[ "\$1" != merge-base ] || exit 126
		exec git "\$@"
	SH
	chmod +x "$HOME/bin/git"
	echo 2 >>src/one
	PATH=$HOME/bin:$PATH code 9 as ann --wait 0.2s commit 1.1 src/one
	[ -e "$folder/next" ] && [ -e .git/index.lock ]
	code 0 as ann commit 1.1 src/one
	same "$(git log --format=%s | xargs -d '\n')" \
	    '1.1: Count the words moved first'
	same "$(git status --short)" ''
	same "$(ls .git | grep -c -e lock -e 'taskctl-work\.')" 0
}

@test "progress goes to its own branch as before, with -m too" {
	new_repo
	code 0 as ann commit -m 'So far'
	says ' on taskctl: '
	same "$(git log -1 --format=%s taskctl)" 'So far'
	same "$(git rev-list --count main)" 1
}
