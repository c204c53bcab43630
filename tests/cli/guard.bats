# guard.bats - the hooks' questions, with the real git as the other side: who
# lost a task commits and pushes nothing for it, and nobody else is in the way.

load helpers
load checkout
eval "$(declare -f setup | sed "1s/setup/base_setup/")"

setup() {
	base_setup
	git_identity
	git init -q repo
	cd repo
	new
	echo .tasks >.gitignore
	git add .gitignore
	git commit -q -m first
	t add 1.1 'One' >/dev/null
	t add 1.2 'Two' >/dev/null
	code 0 t guard install
}

# Claim as AGENT; its token is in $token.
claim() {
	token=$(as "$1" --json claim "$2" | jq .lease.token)
}

# git as an agent.
git_as() { TASKCTL_AGENT=$1 TASKCTL_SESSION=$1-1 git "${@:2}" 3>&-; }

# A commit by AGENT that changes a FILE, for TASK with TOKEN.
work() {
	echo "$1 $RANDOM" >>"$2"
	git add "$2"
	git_as "$1" commit -q -m "Work on $2" --trailer "Task: $3" \
	    --trailer "Token: $4" "${@:5}"
}

# A commit that came in past the hooks, a minute from now: late, if the token's
# lease is over.
unseen() {
	GIT_COMMITTER_DATE="@$(($(date +%s) + 60)) +0000" \
	    git -c core.hooksPath=/dev/null commit -q --allow-empty \
	    -m "Work on a" --trailer "Task: $1" --trailer "Token: $2"
}

# The lease is taken over: it lapses by time, and bob comes.
take_over() {
	local old=$token
	age "$1" 7200000
	claim bob "$1"
	newer=$token token=$old
}

head_is() { [ "$(git log -1 --format=%s)" = "$1" ]; }

# A remote that has what is there now.
add_remote() {
	git init -q --bare ../there.git
	git remote add origin ../there.git
	git push -q -u origin main 2>/dev/null
}

# --- moving a branch ---------------------------------------------------------

@test "a commit with a live token goes in, and with the token of who finished" {
	claim ann 1.1
	code 0 work ann a 1.1 "$token"
	as ann done 1.1 >/dev/null
	code 0 work ann b 1.1 "$token"
	head_is "Work on b"
}

@test "commits without trailers, with half of them, of another store or of no task of ours pass" {
	local message

	for message in "Task: 1.1" "Token: 7" "Task: 1.1%nToken: abc" \
	    "Task: 9.9%nToken: 7" "Task: JIRA-12%nToken: 7%nAgent: x" \
	    "Task: 1.1%nToken: 7%nStore: 0123456789abcdef" \
	    "Task:%nToken:" "Task: 1.1%nToken: -1" \
	    "Task: 1.1%nToken: 99999999999999999999"; do
		git commit -q --allow-empty -m "$(printf "x\n\n${message//\%n/\\n}")"
	done
	[ "$(git rev-list --count HEAD)" -eq 10 ]
}

@test "a token that nobody was given is refused" {
	claim ann 1.1
	code 128 work ann a 1.1 4711
	says "which nobody was ever given"
	code 128 work ann a 1.2 "$token"
	head_is first
	store=$(q "SELECT id FROM store")
	code 128 git commit -q --allow-empty -m x --trailer "Task: 9.9" \
	    --trailer "Token: $token" --trailer "Store: $store"
	code 128 git commit -q --allow-empty -m x --trailer "Task: 1.1" \
	    --trailer "Token: junk" --trailer "Store: $store"
	code 0 work ann a 1.1 "$token" --trailer "Store: $store"
}

@test "a paused agent whose task was taken over commits nothing for it" {
	claim ann 1.1
	code 0 work ann a 1.1 "$token"
	take_over 1.1
	code 128 work ann b 1.1 "$token"
	says "with the token of ann" "bob holds the task until" "ask bob"
	head_is "Work on a"
	# Its files are as they were.
	git diff --cached --name-only | grep -qx b
	code 0 work bob b 1.1 "$newer"
}

@test "a lease that merely lapsed: its holder takes it up again" {
	claim ann 1.1
	age 1.1 7200000
	code 128 work ann a 1.1 "$token"
	says "has lapsed; nobody has come since" "taskctl heartbeat 1.1"
	code 128 work bob a 1.1 "$token"
	says "taskctl claim 1.1"
	as ann heartbeat 1.1 >/dev/null
	code 0 work ann a 1.1 "$token"
}

@test "released, failed, forced, cancelled: dead; claimed again: good" {
	local end

	for end in "release 1.1" "fail 1.1 -m x" "cancel 1.1"; do
		claim ann 1.1
		[ "$end" != "cancel 1.1" ] || as ann release 1.1 >/dev/null
		as ann $end >/dev/null
		code 128 work ann a 1.1 "$token"
		says "which is over"
		as ann reopen 1.1 >/dev/null 2>&1 || true
	done
	claim ann 1.1
	as bob release 1.1 --force -m gone >/dev/null
	code 128 work ann a 1.1 "$token"
	says "taskctl claim 1.1"
	claim ann 1.1
	code 0 work ann a 1.1 "$token"
	head_is "Work on a"
}

@test "a token that finished its task stays good when that is reopened" {
	claim ann 1.1
	as ann done 1.1 >/dev/null
	as bob reopen 1.1 >/dev/null
	code 0 work ann a 1.1 "$token"
	old=$token
	claim bob 1.1
	code 0 work ann b 1.1 "$old"
}

@test "who holds the task now may bring in what was done for it before" {
	claim ann 1.1
	old=$token
	git switch -q -c anns
	code 0 work ann a 1.1 "$old"
	git switch -q main
	take_over 1.1
	echo more >a
	git add a
	code 128 git_as ann commit -q -m x --trailer "Task: 1.1" \
	    --trailer "Token: $old"
	code 0 git_as bob commit -q -m x --trailer "Task: 1.1" \
	    --trailer "Token: $old"
}

@test "merge, fast-forward, new branch, reset: nothing is new, nobody is asked" {
	claim ann 1.1
	git switch -q -c topic
	code 0 work ann a 1.1 "$token"
	take_over 1.1
	code 0 git branch copy topic
	code 0 git switch -q -c other main
	code 0 git merge -q --ff-only topic
	code 0 git switch -q main
	echo x >x && git add x && git commit -q -m x
	code 0 git merge -q --no-edit topic
	code 0 git reset -q --hard topic
	code 0 git branch -D copy
	code 0 git pack-refs --all
	code 0 git gc -q
}

@test "rebase, cherry-pick and another message move a change; amending changes it" {
	claim ann 1.1
	git switch -q -c topic
	code 0 work ann a 1.1 "$token"
	take_over 1.1
	git switch -q main
	echo x >x && git add x && git commit -q -m x
	code 0 git rebase -q main topic
	head_is "Work on a"
	code 0 git switch -q main
	code 0 git cherry-pick topic
	code 0 git commit -q --amend -m "Said better" --trailer "Task: 1.1" \
	    --trailer "Token: $token"
	head_is "Said better"
	echo more >>a
	code 128 git commit -q -a --amend --no-edit
	says "bob holds the task"
}

@test "a rebase that is refused at its end goes on when the task is claimed" {
	claim ann 1.1
	git switch -q -c topic
	code 0 work ann a 1.1 "$token"
	as ann release 1.1 >/dev/null
	git switch -q main
	echo other >a && git add a && git commit -q -m other
	code 1 git rebase -q main topic
	echo both >a && git add a
	GIT_EDITOR=: code 128 git_as ann rebase --continue
	says "taskctl claim 1.1"
	as bob claim 1.1 >/dev/null
	TASKCTL_AGENT=bob TASKCTL_SESSION=bob-1 GIT_EDITOR=: \
	    code 0 git rebase --continue
	[ "$(git log -1 --format=%s topic)" = "Work on a" ]
}

@test "a person's rebase with a conflict ends, under whatever token the work was done" {
	claim ann 1.1
	git switch -q -c topic
	code 0 work ann a 1.1 "$token"
	as ann release 1.1 >/dev/null
	git switch -q main
	echo other >a && git add a && git commit -q -m other
	code 1 git rebase -q main topic
	echo both >a && git add a
	GIT_EDITOR=: code 0 git rebase --continue
	[ "$(git log -1 --format=%s topic)" = "Work on a" ]
	[ "$(git rev-parse topic~1)" = "$(git rev-parse main)" ]
}

@test "the way back: what a branch was at before is nothing new" {
	local late

	claim ann 1.1
	# Later than the lease will have ended, by the second.
	GIT_COMMITTER_DATE="@$(($(date +%s) + 60)) +0000" \
	    code 0 work ann a 1.1 "$token"
	late=$(git rev-parse HEAD)
	take_over 1.1
	code 0 git_as ann reset -q --hard HEAD~1
	code 0 git_as ann reset -q --hard "$late"
	[ -z "$(git status --porcelain --untracked-files=no)" ]
	code 0 git_as ann reset -q --hard HEAD~1
	code 0 git_as ann branch keep "$late"
	# But nothing more than that.
	code 0 git switch -q keep
	code 128 work ann b 1.1 "$token"
	# A branch's log goes with it; a person's own remembers.
	code 0 git switch -q main
	code 0 git branch -D keep
	code 0 git branch keep "$late"
	# Without logs it is as new as ever.
	code 0 git branch -D keep
	git reflog expire --expire=all --all
	rm -r .git/logs
	code 128 git branch keep "$late"
	says "bob holds the task"
}

@test "commits on a detached HEAD are judged when a branch comes to them" {
	claim ann 1.1
	take_over 1.1
	git switch -q --detach
	code 0 work ann a 1.1 "$token"
	code 128 git_as ann branch late
	code 128 git_as ann switch -c late
	no git show-ref --verify -q refs/heads/late
	code 0 git switch -q main
}

@test "the progress branch, tags, notes and deleted branches are not asked about" {
	claim ann 1.1
	take_over 1.1
	late=$(git commit-tree -p HEAD -m "x

Task: 1.1
Token: 1" "HEAD^{tree}")
	code 128 git update-ref refs/heads/x "$late"
	code 0 git update-ref refs/heads/taskctl "$late"
	code 0 git update-ref -d refs/heads/taskctl
	code 0 git update-ref refs/tags/x "$late"
	code 0 git notes add -m note HEAD
}

@test "trailers in any order and case, several in one commit, folded and with odd separators" {
	claim ann 1.1
	old=$token
	take_over 1.1
	claim ann 1.2
	for message in "token: $old%nTASK: 1.1" "Task: 1.1%nAgent: a%nToken: $old" \
	    "Task: 1.2%nToken: $token%nTask: 1.1%nToken: $old" \
	    "Task: task_1_1%nToken: $old" "Task: 1.1%nToken:%n $old"; do
		code 128 git_as ann commit -q --allow-empty -m \
		    "$(printf "x\n\n${message//\%n/\\n}")"
		says "bob holds the task"
	done
	git config trailer.separators =
	code 128 git_as ann commit -q --allow-empty -m "$(printf 'x\n\nTask: 1.1\nToken: %d' "$old")"
	git config --unset trailer.separators
	# Another paragraph pushes them up.
	for message in "Task: 1.1%nToken: $old%n%nCo-Authored-By: x <x@y>" \
	    "Task: 1.1%nToken:%n  $old%n \t%nand so on%n%nin prose" \
	    "Fixes : y%nTask: 1.1%r%nToken: $old%r%n(cherry picked from commit 12)%n%nA: b" \
	    "Task: 1.1%nToken: +$old"; do
		message=${message//\%r/\\r}
		code 128 git_as ann commit -q --allow-empty --cleanup=verbatim \
		    -m "$(printf "x\n\n${message//\%n/\\n}")"
		says "bob holds the task"
		[ "$(grep -c 'is work on' <<<"$err")" -eq 1 ]
	done
	# In the text they are text, and so is the title.
	for message in "x%n%nTask: 1.1%nToken: $old%nand so on%n%nA: b" \
	    "Task: 1.1%nToken: $old%n%nx%n%nA: b"; do
		code 0 git commit -q --allow-empty \
		    -m "$(printf "${message//\%n/\\n}")"
	done
}

@test "a commit of progress in the branch is history, not work" {
	claim ann 1.1
	old=$token
	as ann release 1.1 >/dev/null
	code 0 git commit -q --allow-empty -m "x" --trailer "Task: 1.1" \
	    --trailer "Token: $old" --trailer "Last-Event: 12"
}

@test "a paused agent on a linked worktree, too" {
	git worktree add -q ../ann
	cd ../ann
	STORE=../repo/.tasks/taskctl.db
	claim ann 1.1
	code 0 work ann a 1.1 "$token"
	take_over 1.1
	code 128 work ann b 1.1 "$token"
	GIT_DIR=$(git rev-parse --git-dir) GIT_WORK_TREE=$PWD \
	    code 128 git commit -q --allow-empty -m x --trailer "Task: 1.1" \
	    --trailer "Token: $token"
}

@test "a SHA-256 repository" {
	cd ..
	git init -q --object-format=sha256 256
	cd 256
	new
	t add 1.1 One >/dev/null
	t guard install >/dev/null
	claim ann 1.1
	code 0 work ann a 1.1 "$token"
	take_over 1.1
	code 128 work ann b 1.1 "$token"
}

@test "an id that several plans have: the token says which is meant" {
	local plan
	for plan in a b; do
		printf '# Plan\n\n## Sprint 1 : One\n\n#### Task 3.1 : Same\n**Durée** : 1h\n' >"../$plan.md"
		t import "../$plan.md" >/dev/null
	done
	claim ann a:3.1
	code 0 work ann x 3.1 "$token"
	old=$token
	claim ann b:3.1
	code 0 work ann y 3.1 "$token"
	as ann release b:3.1 >/dev/null
	code 128 work ann z 3.1 "$token"
	code 128 work ann z a:3.1 "$token"
	code 0 work ann z 3.1 "$old"
}

@test "hostile trailers: sizes, bytes, controls; answered in time, inertly" {
	claim ann 1.1
	store=$(q "SELECT id FROM store")
	{
		printf 'x\n\n'
		for i in $(seq 20000); do printf 'Task: 1.1\nToken: %d\n' "$i"; done
	} >../message
	before=$SECONDS
	code 128 git_as bob commit -q --allow-empty -F ../message
	[ $((SECONDS - before)) -lt 20 ]
	{
		printf 'x\n\nTask: \033[31m\xff\xe2\x80\xae'
		head -c 100000 /dev/zero | tr '\0' a
		printf '\nToken: 3\nStore: %s\n' "$store"
	} >../message
	code 128 git_as bob commit -q --allow-empty -F ../message
	inert
	says "which nobody was ever given"
	id=$(git commit-tree -F ../message "HEAD^{tree}" -p HEAD 2>/dev/null)
	code 6 t --json guard reference-transaction prepared \
	    <<<"$(git rev-parse HEAD) $id refs/heads/main"
	is '.error.code == "stale"'
	iconv -f UTF-8 -t UTF-8 <<<"$out" >/dev/null
}

# --- pushing ------------------------------------------------------------------

@test "done's commits are pushed later; a token taken over is not pushed" {
	add_remote
	claim ann 1.1
	code 0 work ann a 1.1 "$token"
	as ann done 1.1 >/dev/null
	code 0 git push -q
	claim ann 1.2
	take_over 1.2
	unseen 1.2 "$token"
	code 1 git_as ann push -q
	says "with the token of ann" "bob holds the task until"
	code 1 git push -q
	[ "$(git rev-list --count origin/main..main)" -eq 1 ]
	# Who has the task now answers for it.
	code 0 git_as bob push -q
}

@test "what was committed in time is pushed, whatever became of the lease since" {
	local end

	add_remote
	for end in "release 1.1" "fail 1.1 -m x" "cancel 1.1" lapse take_over; do
		claim ann 1.1
		code 0 work ann a 1.1 "$token"
		case $end in
		lapse) age 1.1 7200000 ;;
		take_over) take_over 1.1 ;;
		cancel*)
			as ann release 1.1 >/dev/null
			as ann $end >/dev/null
			;;
		*) as ann $end >/dev/null ;;
		esac
		# By its time the lease was over long ago, seen or not.
		[ "$end" != lapse ] || {
			code 1 git push -q
			says "has lapsed"
			as ann heartbeat 1.1 >/dev/null
			as ann release 1.1 >/dev/null
		}
		code 0 git push -q
		[ "$end" = take_over ] || as ann reopen 1.1 >/dev/null 2>&1 || true
	done
	# Whoever comes later does not get it in, nor pushed.
	code 128 work ann b 1.1 "$token"
	unseen 1.1 "$token"
	code 1 git push -q
	says "bob holds the task"
}

@test "a token is good for no commit that is older than its claim" {
	add_remote
	claim ann 1.1
	as ann release 1.1 >/dev/null
	GIT_COMMITTER_DATE="@$(($(date +%s) - 60)) +0000" \
	    git -c core.hooksPath=/dev/null commit -q --allow-empty -m x \
	    --trailer "Task: 1.1" --trailer "Token: $token"
	code 1 git push -q
	says "which is over (released)"
}

@test "a branch goes back to what was committed in time" {
	claim ann 1.1
	code 0 work ann a 1.1 "$token"
	late=$(git rev-parse HEAD)
	sleep 1.1
	as ann release 1.1 >/dev/null
	code 0 git reset -q --hard HEAD~1
	git reflog expire --expire=all --all
	code 0 git reset -q --hard "$late"
	code 0 git branch keep
}

@test "a lease that is renewed while the hook looks has not lapsed" {
	local tracer pid
	claim ann 1.1
	unseen 1.1 "$token"
	age 1.1 1799500 # half a second is left
	strace -qq -o /dev/null -P /proc/self/timens_offsets \
	    -e inject=openat:signal=STOP:when=1 taskctl guard pre-push origin url \
	    <<<"refs/heads/main $(git rev-parse HEAD) refs/heads/main $(printf %040d 0)" \
	    >/dev/null 2>&1 3>&- &
	tracer=$!
	pid=$(stopped_child $tracer)
	as ann heartbeat 1.1 >/dev/null
	sleep 0.5
	kill -CONT "$pid"
	code 0 wait $tracer
}

@test "a newer commit of the task's holder takes the older ones over" {
	add_remote
	claim ann 1.1
	take_over 1.1
	unseen 1.1 "$token"
	code 0 work carl c 1.2 1 || true
	code 1 git push -q
	code 0 work bob b 1.1 "$newer"
	as bob done 1.1 >/dev/null
	code 0 git push -q
}

@test "what the remote has already is not asked about; nor are deletions and progress" {
	add_remote
	claim ann 1.1
	code 0 work ann a 1.1 "$token"
	code 0 git push -q
	take_over 1.1
	code 0 git push -q origin main:again
	code 0 git push -q origin :again
	code 0 git tag v1
	code 0 git push -q origin v1
	t commit >/dev/null
	code 0 git push -q origin taskctl
}

@test "a push by URL, and of a name with blanks" {
	add_remote
	claim ann 1.1
	take_over 1.1
	unseen 1.1 "$token"
	code 1 git push -q ../there.git main
	says "bob holds the task"
	code 1 git push -q origin ':/Work on a:refs/heads/x y' || true
	code 1 git push -q origin ':/Work on a:refs/heads/xy'
	says "bob holds the task"
	code 0 git push -q origin main~1:refs/heads/before
}

@test "a push of many commits names a few, and counts the rest" {
	add_remote
	claim ann 1.1
	take_over 1.1
	for i in $(seq 14); do
		unseen 1.1 "$token"
	done
	code 1 git push -q
	[ "$(grep -c 'is work on 1.1' <<<"$err")" -eq 10 ]
	says "and 4 more"
	json 6 guard pre-push origin url <<<"main $(git rev-parse main) refs/heads/main $(git rev-parse origin/main)"
	is '.error.refused | length == 14'
	is '.error.refused[0] | .task == "1.1" and .holder == "bob" and .agent == "ann"'
}

# --- staged paths ------------------------------------------------------------

@test "staged paths that somebody else reserved are refused, and only those" {
	claim ann 1.1
	as ann reserve 'lib/' '*.sql' --task 1.1 >/dev/null
	mkdir lib
	echo a | tee lib/a x.sql y >/dev/null
	git add lib x.sql
	code 1 git_as bob commit -q -m x
	says "lib/a is reserved by ann for 1.1 (lib/) until" \
	    "x.sql is reserved by ann" "git restore --staged 'lib/a'" "ask ann"
	# Without a name it is somebody else, and is told how to say who.
	code 1 git commit -q -m x
	says "TASKCTL_AGENT"
	says_not --no-verify
	git_as bob restore --staged lib x.sql
	git add y
	code 0 git_as bob commit -q -m y
	git add lib x.sql
	code 0 git_as ann commit -q -m x
	# It holds as long as the lease.
	echo b >lib/a
	age 1.1 7200000
	code 0 git_as bob commit -q -a -m x
}

@test "the commit's own index is looked at, not the one at hand" {
	claim ann 1.1
	as ann reserve 'theirs' --task 1.1 >/dev/null
	echo a | tee theirs mine >/dev/null
	git add theirs mine
	code 1 git_as bob commit -q -m x
	code 0 git_as bob commit -q -m x mine
	code 1 git_as bob commit -q -m x theirs
	code 0 git_as ann commit -q -m x theirs
	cp .git/index "$BATS_TEST_TMPDIR/other"
	echo b >theirs
	GIT_INDEX_FILE=$BATS_TEST_TMPDIR/other git add theirs
	GIT_INDEX_FILE=$BATS_TEST_TMPDIR/other code 1 git_as bob commit -q -m x
}

@test "deleting and renaming touch a path too; both of its names count" {
	echo a >old
	git add old
	git commit -q -m old
	claim ann 1.1
	as ann reserve old --task 1.1 >/dev/null
	git mv old new
	code 1 git_as bob commit -q -m x
	says "old is reserved by ann"
}

@test "who resolves a merge answers for the paths resolved, not for those merged" {
	claim ann 1.1
	as ann reserve 'anns' --task 1.1 >/dev/null
	git switch -q -c topic
	echo a | tee anns both >/dev/null
	git add anns both
	code 0 git_as ann commit -q -m anns
	git switch -q main
	echo b >both
	git add both
	git commit -q -m both
	code 1 git_as bob merge -q topic
	echo ab >both
	git add both
	echo changed >anns
	git add anns
	code 1 git_as bob commit -q --no-edit
	git_as bob checkout -q topic -- anns
	code 0 git_as bob commit -q --no-edit
}

@test "odd names of paths are told inertly, in quotes that a shell reads" {
	claim ann 1.1
	as ann reserve '/a*' --task 1.1 >/dev/null
	touch $'a\e[31m\nb' "a'c"
	git add a*
	code 1 git_as bob commit -q -m x
	inert
	git rm -q --cached a*m*b
	code 1 git_as bob commit -q -m x
	says "'a'\\''c'"
	touch $'a\xff'
	git add a*
	code 4 t --json guard pre-commit
	iconv -f UTF-8 -t UTF-8 <<<"$out" >/dev/null
}

@test "a person at a terminal is told the way past; an agent is not" {
	claim ann 1.1
	as ann reserve f --task 1.1 >/dev/null
	touch f && git add f
	run script -qec 'git commit -q -m x' /dev/null
	[[ $output == *"a person may pass by: git commit --no-verify"* ]]
	TASKCTL_AGENT=bob run script -qec 'git commit -q -m x' /dev/null
	[[ $output == *"ask ann"* && $output != *--no-verify* ]]
}

@test "run's child is known by its token" {
	git config user.name ann
	code 0 t --json run 1.1 --agent ann --session s -- sh -c \
	    'taskctl reserve a >/dev/null && touch a && git add a && unset TASKCTL_AGENT &&
	     git commit -q -m "x" --trailer "Task: 1.1" --trailer "Token: $TASKCTL_TOKEN"'
	head_is x
}

# --- what cannot be found out ---------------------------------------------------

@test "no taskctl: git goes on, with one line" {
	git init -q --bare ../there.git
	git remote add origin ../there.git
	sed -i 's|/[^ ]*/taskctl|/nowhere/taskctl|' .git/hooks/pre-* .git/hooks/ref*
	PATH=/usr/bin:/bin code 0 git commit -q --allow-empty -m x
	[ "$err" = "taskctl guard: no taskctl here, nothing was checked
taskctl guard: no taskctl here, nothing was checked" ]
	PATH=/usr/bin:/bin code 0 git push -q origin main
	says "no taskctl here"
	head_is x
}

@test "where branches only go, nobody is asked; where one comes too, it is" {
	mkdir bin
	printf '#!/bin/sh\necho asked >>"%s/asked"\n' "$PWD" >bin/taskctl
	chmod +x bin/taskctl
	for i in 1 2 3 4 5 6 7 8 9 10; do git branch "b$i"; done
	export PATH=$PWD/bin:$PATH
	code 0 git branch -q -D b1 b2 b3
	[ ! -e asked ]
	printf 'delete refs/heads/b4\ncreate refs/heads/c %s\n' \
	    "$(git rev-parse HEAD)" | git update-ref --stdin
	[ -s asked ]
	rm asked
	{
		printf 'delete refs/heads/b%d\n' 5 6 7 8 9 10
		printf 'create refs/heads/d%d HEAD\n' 1 2 3 4
	} | git update-ref --stdin
	[ -s asked ]
}

@test "a taskctl that does not know guard, or dies: git goes on, with a line" {
	mkdir bin
	printf '#!/bin/sh\nexit 64\n' >bin/taskctl
	chmod +x bin/taskctl
	PATH=$PWD/bin:$PATH code 0 git commit -q --allow-empty -m x
	says "it failed, nothing was checked"
	printf '#!/bin/sh\nkill -SEGV $$\n' >bin/taskctl
	PATH=$PWD/bin:$PATH code 0 git commit -q --allow-empty -m y
	head_is y
}

@test "no .tasks/, no store, a corrupt one, a wrong configuration: git goes on" {
	settled
	mv .tasks aside
	code 0 git commit -q --allow-empty -m 1
	says "nothing was checked: no .tasks/"
	cp -r aside .tasks
	rm .tasks/taskctl.db*
	code 0 git commit -q --allow-empty -m 2
	says "nothing was checked"
	echo garbage >.tasks/taskctl.db
	code 0 git commit -q --allow-empty -m 3 --trailer "Task: 1.1" \
	    --trailer "Token: 3"
	says "nothing was checked"
	git init -q --bare ../there.git
	code 0 git push -q ../there.git main
	says "nothing was checked"
	settled
	rm -r .tasks
	cp -r aside .tasks
	echo '{"nonsense": 1}' >.tasks/config.json
	code 0 git commit -q --allow-empty -m 4
	says "nothing was checked"
}

@test "a store in somebody's hands: a commit goes on, a push waits, then asks to be repeated" {
	add_remote
	claim ann 1.1
	t config wait 0s >/dev/null
	mkfifo hold
	sqlite3 .tasks/taskctl.db <hold 3>&- >locked &
	exec 9>hold
	echo 'PRAGMA locking_mode = exclusive; BEGIN EXCLUSIVE; SELECT 1;' >&9
	until_true grep -q 1 locked
	code 0 work ann a 1.1 "$token"
	says "nothing was checked"
	code 1 git push -q
	says "[busy]"
	exec 9>&-
	wait
	code 0 git push -q
}

@test "hooks' arguments that git never gives" {
	code 64 t guard
	code 64 t guard post-commit
	code 64 t guard pre-push </dev/null
	code 64 t guard reference-transaction </dev/null
	code 64 t guard status now
	code 0 t guard reference-transaction committed </dev/null
	code 0 t guard reference-transaction prepared </dev/null
	code 0 t guard reference-transaction prepared <<<"garbage"
	code 0 t guard reference-transaction prepared <<<"x y refs/heads/main"
	code 0 t guard pre-push origin url <<<"a b c d"
	json 0 guard pre-push origin url <<<""
	# An object that is not there.
	code 0 t guard reference-transaction prepared <<<"$(printf '%040d' 0) $(printf '%040d' 1) refs/heads/x"
	says "nothing was checked"
}

# --- many at once ----------------------------------------------------------------

@test "8 agents in one checkout, one of them paused: only its late commits are missing" {
	local i n pids=()

	for i in 1 2 3 4 5 6 7 8; do
		t add "2.$i" "Task $i" >/dev/null
		claim "agent$i" "2.$i"
		tokens[i]=$token
	done
	age 2.8 7200000
	claim other 2.8
	for i in 1 2 3 4 5 6 7 8; do
		(
			for n in 1 2 3 4; do
				git worktree list >/dev/null
				tree=$(git rev-parse 'HEAD^{tree}')
				commit=$(printf 'w%s\n\nTask: 2.%s\nToken: %s\n' \
				    "$n" "$i" "${tokens[i]}" |
				    git commit-tree "$tree" -p main)
				git_as "agent$i" update-ref "refs/heads/a$i" "$commit" \
				    2>/dev/null || true
			done
		) 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	for i in 1 2 3 4 5 6 7; do
		[ "$(git log -1 --format=%s "a$i")" = w4 ]
	done
	no git show-ref --verify -q refs/heads/a8
}
