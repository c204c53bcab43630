# commit.bats - progress goes to a branch of its own, and nothing else moves.

load git

@test "the events since the last commit become one commit" {
	make_repo
	run -0 taskctl-git commit
	[[ $output == "committed "*" events as "*" on taskctl: "* ]]
	taskctl claim 1.1
	taskctl done 1.1
	TASKCTL_AGENT=bob TASKCTL_SESSION=s2 taskctl claim 1.2
	run -0 taskctl-git commit
	[[ $output == *"committed 3 events as "* ]]
	[ "$(git rev-list --count taskctl)" -eq 2 ]
	check_history
}

@test "the message says what a person would say, and has trailers" {
	make_repo
	taskctl-git commit
	taskctl claim 1.1
	taskctl done 1.1
	taskctl claim 1.2
	taskctl done 1.2
	TASKCTL_AGENT=bob TASKCTL_SESSION=s2 taskctl claim 1.3
	taskctl-git commit
	[ "$(git log -1 --format=%s taskctl)" = \
	    "Sprint 1: 1.1 and 1.2 done; 1.3 claimed by bob" ]
	[ "$(git log -1 --format='%(trailers:key=Task,valueonly,separator=%x2C)' \
	    taskctl)" = "1.1,1.2" ]
	[ "$(git log -1 --format='%(trailers:key=Agent,valueonly,separator=%x2C)' \
	    taskctl)" = "ann,ann" ]
	[ "$(git log -1 --format='%(trailers:key=Token,valueonly,separator=%x2C)' \
	    taskctl)" = "1,2" ]
	[ "$(git log -1 --format='%(trailers:key=Store,valueonly)' taskctl |
	    head -n 1)" = "$(q "SELECT id FROM store")" ]
	[ "$(last_event taskctl)" = \
	    "$(q "SELECT event FROM store")" ]
}

@test "-m is the subject; a trailer in it deceives nobody" {
	make_repo
	run -0 taskctl-git commit -m $'Well done\n\nLast-Event: 99999\nStore: x'
	[ "$(git log -1 --format=%s taskctl)" = "Well done" ]
	check_history
	taskctl note 1.1 "seen"
	run -0 taskctl-git commit
	[[ $output == "committed 1 event as "* ]]
	check_history
}

@test "nothing new is a success that says so and makes no commit" {
	make_repo
	taskctl-git commit
	before=$(git rev-parse taskctl)
	run -0 taskctl-git commit
	[ "$output" = "nothing new since ${before:0:7} on taskctl" ]
	[ "$(git rev-parse taskctl)" = "$before" ]
	run -0 --separate-stderr taskctl-git commit --quiet
	[ -z "$output" ]
}

@test "--json is one document, also of a failure" {
	make_repo
	run -0 --separate-stderr taskctl-git commit --json
	[ "$(jq -r .schema <<<"$output")" = taskctl/1 ]
	[ "$(jq -r .commit <<<"$output")" = "$(git rev-parse taskctl)" ]
	[ "$(jq -r .branch <<<"$output")" = taskctl ]
	[ "$(jq -r .last_event <<<"$output")" = "$(last_event taskctl)" ]
	cd "$BATS_TEST_TMPDIR"
	run -3 --separate-stderr taskctl-git commit --json
	[ "$(jq -r .error.code <<<"$output")" = not_found ]
}

@test "taskctl commit starts the helper" {
	make_repo
	run -0 taskctl commit -m "By the front door"
	[ "$(git log -1 --format=%s taskctl)" = "By the front door" ]
}

@test "done commits in the background" {
	make_repo
	taskctl config git.auto on
	taskctl claim 1.1
	taskctl done 1.1
	for i in $(seq 100); do
		[ "$(last_event taskctl 2>/dev/null)" != \
		    "$(q "SELECT event FROM store")" ] ||
			break
		sleep 0.1
	done
	check_history
	[[ $(git log -1 --format=%s taskctl) == *"1.1 done"* ]]
	# It is over when its queue has been left, and with it the note.
	for i in $(seq 50); do
		[ -s .git/taskctl-commit ] || break
		sleep 0.1
	done
}

@test "index, HEAD and working tree stay byte for byte as they are" {
	make_repo
	echo staged >staged && git add staged
	echo two >>file
	echo new >untracked
	: >empty && chmod 400 empty
	fingerprint >"$BATS_TEST_TMPDIR/before"
	taskctl-git commit
	taskctl note 1.1 "a note"
	taskctl-git commit
	fingerprint >"$BATS_TEST_TMPDIR/after"
	cmp "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
	[ "$(git rev-list --count taskctl)" -eq 2 ]
	check_history
}

@test "a held index.lock is nothing to it" {
	make_repo
	: >.git/index.lock
	: >.git/HEAD.lock
	run -0 taskctl-git commit
	rm .git/index.lock .git/HEAD.lock
	check_history
}

@test "a commit writes what is new: old event files keep their objects" {
	make_repo
	taskctl-git commit
	q "
	    WITH RECURSIVE n(i) AS (SELECT (SELECT event + 1 FROM store)
		UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
	    INSERT INTO event (id, at_ms, kind, task, agent)
		SELECT i, 1000 * i, 'noted', 1, 'ann' FROM n;
	    UPDATE store SET event = 2500"
	taskctl-git commit
	[ "$(git ls-tree --name-only taskctl events/ | tr '\n' ' ')" = \
	    "events/00000001.jsonl events/00001001.jsonl events/00002001.jsonl " ]
	[ "$(git cat-file blob taskctl:events/00001001.jsonl | wc -l)" -eq 1000 ]
	taskctl note 1.1 "one more"
	taskctl-git commit
	[ "$(git rev-parse taskctl:events/00001001.jsonl)" = \
	    "$(git rev-parse taskctl~1:events/00001001.jsonl)" ]
	[ "$(git diff --name-only taskctl~1 taskctl | tr '\n' ' ')" = \
	    "STATUS.md events/00002001.jsonl sprint_status.json " ]
	# One commit, two trees, three files.
	[ "$(git rev-list --objects taskctl~1..taskctl | wc -l)" -eq 6 ]
	check_history
}

@test "an event is one line of JSON with its keys in one order" {
	make_repo
	taskctl claim 1.1
	taskctl done 1.1
	taskctl-git commit
	[ "$(git cat-file blob taskctl:events/00000001.jsonl | wc -l)" -eq \
	    "$(last_event taskctl)" ]
	[ "$(git cat-file blob taskctl:events/00000001.jsonl |
	    command jq -c keys_unsorted | sort -u)" = \
	    '["id","at","kind","task","plan","agent","session","token","data"]' ]
}

# Committers queue; what must hold without the queue is tested without it.
without_queue() {
	rm -f .git/taskctl-commit
	mkdir .git/taskctl-commit
}

@test "16 committers at once lose nothing and repeat nothing" {
	make_repo
	many_commit
}

@test "16 committers at once, by compare-and-swap alone" {
	make_repo
	without_queue
	many_commit
}

many_commit() {
	# Whoever waits long is not what is looked at.
	taskctl config wait 2m >/dev/null
	# Also the first commit of the branch is raced for.
	for i in $(seq 16); do
		(
			export TASKCTL_AGENT="agent$i" TASKCTL_SESSION="s$i"
			for k in 1 2 3; do
				taskctl note 1.1 "note $k of $i" >/dev/null
				taskctl-git commit --json || echo failed
			done
		) >"$BATS_TEST_TMPDIR/said$i" 2>&1 &
	done
	wait
	run -1 grep -h failed "$BATS_TEST_TMPDIR"/said*
	check_history
	# Every commit that was reported is in the branch, each once.
	cat "$BATS_TEST_TMPDIR"/said* | jq -r 'select(.is_new) | .commit' |
	    sort >"$BATS_TEST_TMPDIR/reported"
	git rev-list taskctl | sort | cmp - "$BATS_TEST_TMPDIR/reported"
}

@test "the first commit is raced for by many, and one branch comes of it" {
	make_repo
	without_queue
	for round in 1 2 3 4 5 6; do
		git update-ref -d refs/heads/taskctl
		for i in 1 2 3 4 5 6 7 8; do
			taskctl-git commit --json \
			    >"$BATS_TEST_TMPDIR/said$i" &
		done
		wait
		[ "$(git rev-list --count taskctl)" -eq 1 ]
		cat "$BATS_TEST_TMPDIR"/said* |
		    jq -r 'select(.is_new) | .commit' \
			>"$BATS_TEST_TMPDIR/reported"
		[ "$(cat "$BATS_TEST_TMPDIR/reported")" = \
		    "$(git rev-parse taskctl)" ]
	done
	check_history
}

# A commit that rests for SECONDS where it is about to lock the branch.
slow_commit() {
	strace -f -o "$BATS_TEST_TMPDIR/trace" \
	    -P "$REPO/.git/refs/heads/taskctl.lock" -e trace=openat \
	    -e inject=openat:delay_enter=${1}000000:when=1 \
	    taskctl-git commit >"$BATS_TEST_TMPDIR/slow" 3>&- &
	slow=$(stopped_child $!)
}
still_rests() { grep -q '^State:.t' "/proc/$slow/status" 2>/dev/null; }

@test "overtaken between looking and locking, it does not overwrite" {
	make_repo
	without_queue
	for round in first next; do
		# Longer, where that was too short for the other one.
		for delay in 2 8 30; do
			slow_commit $delay
			taskctl note 1.1 "meanwhile" >/dev/null
			run -0 taskctl-git commit
			! still_rests || break
			wait
			taskctl note 1.1 "$round" >/dev/null
		done
		[[ $output == "committed "* ]]
		theirs=$(git rev-parse taskctl)
		wait
		grep -q DELAYED "$BATS_TEST_TMPDIR/trace"
		grep -q "^nothing new" "$BATS_TEST_TMPDIR/slow"
		[ "$(git rev-parse taskctl)" = "$theirs" ]
		taskctl note 1.1 "$round" >/dev/null
	done
	taskctl-git commit
	check_history
}

@test "a crash between commit and bookkeeping repeats nothing" {
	make_repo
	taskctl-git commit
	before=$(git rev-parse taskctl)
	q "UPDATE store SET committed = 0"
	run -0 taskctl-git commit
	[[ $output == "nothing new"* ]]
	[ "$(git rev-parse taskctl)" = "$before" ]
	# And the books are right again.
	[ "$(q "SELECT committed FROM store")" = \
	    "$(last_event taskctl)" ]
	q "UPDATE store SET committed = 0"
	taskctl note 1.1 "a note"
	run -0 taskctl-git commit
	[[ $output == "committed 1 event as "* ]]
	check_history
}

@test "books that claim too much lose nothing" {
	make_repo
	q "UPDATE store SET committed = 1000000"
	taskctl-git commit
	check_history
}

@test "killed at any fsync or rename, the next commit makes it good" {
	make_repo
	taskctl-git commit
	killed=0
	for call in fsync fdatasync rename link ftruncate; do
		for n in 1 2 4 8 13; do
			taskctl note 1.1 "$call $n" >/dev/null
			strace -f -o /dev/null -e trace=$call \
			    -e inject=$call:signal=KILL:when=$n \
			    taskctl-git commit --quiet >/dev/null 2>&1 ||
			    killed=$((killed + 1))
			git fsck --strict --no-dangling
		done
	done
	[ "$killed" -ge 10 ]
	run -0 taskctl-git commit
	check_history
}

@test "a lock that a killed committer left is taken away, another's is not" {
	make_repo
	taskctl-git commit
	lock=.git/refs/heads/taskctl.lock
	taskctl note 1.1 "a note"
	run strace -f -o /dev/null -e trace=fdatasync \
	    -e inject=fdatasync:signal=KILL:when=1 taskctl-git commit
	[ -e $lock ]
	# One of the same name that is not that one stays.
	mv $lock "$BATS_TEST_TMPDIR/left"
	: >$lock
	taskctl config wait 0s
	run -9 taskctl-git commit
	[ -e $lock ]
	# The refusal has cleared the note: leave another lock behind.
	rm $lock
	run strace -f -o /dev/null -e trace=fdatasync \
	    -e inject=fdatasync:signal=KILL:when=1 taskctl-git commit
	[ -e $lock ]
	run -0 taskctl-git commit
	[ ! -e $lock ]
	check_history
}

@test "killed between taking the lock and noting it, it stops nobody" {
	make_repo
	taskctl-git commit
	for n in 1 2 3; do
		taskctl note 1.1 "n$n" >/dev/null
		strace -f -o /dev/null -P "$PWD/.git/taskctl-commit" \
		    -e trace=pwrite64 -e "inject=pwrite64:signal=KILL:when=$n" \
		    taskctl-git commit >/dev/null 2>&1 || true
		run -0 taskctl-git --wait 2s commit
	done
	# Another's lock file, made at another moment, stays.
	taskctl note 1.1 more >/dev/null
	: >.git/refs/heads/taskctl.lock
	run -9 taskctl-git --wait 1s commit
	rm .git/refs/heads/taskctl.lock
}

@test "a committer that is stopped does not stop the others" {
	make_repo
	taskctl-git commit
	taskctl note 1.1 "a note"
	for delay in 10 40; do
		slow_commit $delay
		# One that waited for it would find nothing new.
		run -0 taskctl-git commit
		! still_rests || break
		wait
		taskctl note 1.1 "once more"
	done
	[[ $output == "committed "* ]]
	wait
	grep -q "^nothing new" "$BATS_TEST_TMPDIR/slow"
	check_history
}

@test "a linked worktree commits to the common repository" {
	make_repo
	git worktree add -q ../linked
	cd ../linked
	git status --porcelain >"$BATS_TEST_TMPDIR/before"
	taskctl note 1.1 "from the worktree"
	run -0 taskctl-git commit
	[[ $output == "committed "* ]]
	git status --porcelain | cmp - "$BATS_TEST_TMPDIR/before"
	cd "$REPO"
	check_history
	git worktree remove --force ../linked
}

@test "worktreeConfig and other harmless extensions are accepted" {
	# libgit2 1.5 leaks what it matches version-1 settings with.
	export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
	make_repo
	git config core.repositoryformatversion 1
	git config extensions.worktreeConfig true
	git config extensions.partialClone origin
	taskctl-git commit
	check_history
}

@test "a bare repository with worktrees" {
	git init -q "$REPO"
	(cd "$REPO" && git commit -q --allow-empty -m first)
	git clone -q --bare "$REPO" "$REPO.git"
	git --git-dir="$REPO.git" worktree add -q "$BATS_TEST_TMPDIR/tree" main
	cd "$BATS_TEST_TMPDIR/tree"
	make_coordinator
	taskctl-git commit
	cd "$REPO.git" # whose .tasks/ all its worktrees share
	check_history
}

@test "a bare repository that holds .tasks/ itself" {
	git init -q --bare "$REPO.git"
	cd "$REPO.git"
	make_coordinator
	taskctl-git commit
	check_history
}

@test "a detached HEAD stays where it is" {
	make_repo
	git checkout -q --detach
	fingerprint >"$BATS_TEST_TMPDIR/before"
	taskctl-git commit
	fingerprint | cmp - "$BATS_TEST_TMPDIR/before"
	check_history
}

@test "an unborn branch stays unborn" {
	git init -q "$REPO"
	cd "$REPO"
	make_coordinator
	taskctl-git commit
	run -128 git rev-parse --verify HEAD
	check_history
}

@test "a shallow clone" {
	make_repo
	taskctl-git commit
	taskctl note 1.1 "a note"
	taskctl-git commit
	git clone -q --depth 1 --branch taskctl "file://$REPO" ../shallow
	settled
	cp -r .tasks ../shallow/
	cd ../shallow
	git checkout -q -b main
	taskctl note 1.1 "in the clone"
	run -0 taskctl-git commit
	[[ $output == "committed "* ]]
	[ "$(ids_in_git)" = "$(ids_in_store)" ]
	git fsck --strict --no-dangling
}

@test "a submodule commits to its own repository" {
	make_repo
	git init -q "$BATS_TEST_TMPDIR/outer"
	cd "$BATS_TEST_TMPDIR/outer"
	git -c protocol.file.allow=always submodule --quiet add "$REPO" inner
	cd inner
	make_coordinator
	taskctl-git commit
	check_history
	run -128 git -C .. rev-parse --verify taskctl
}

@test "packed refs and objects" {
	make_repo
	taskctl-git commit
	git gc -q
	[ ! -e .git/refs/heads/taskctl ]
	taskctl note 1.1 "after gc"
	taskctl-git commit
	check_history
}

@test "no git repository is exit 1 and a sentence" {
	mkdir "$BATS_TEST_TMPDIR/plain"
	cd "$BATS_TEST_TMPDIR/plain"
	make_coordinator
	GIT_CEILING_DIRECTORIES="$BATS_TEST_TMPDIR" run -1 taskctl-git commit
	[[ $output == *"is in no git repository"* ]]
}

@test "a SHA-256 repository is refused with a sentence" {
	git init -q --object-format=sha256 "$REPO" || skip "git cannot make one"
	cd "$REPO"
	make_coordinator
	run -1 taskctl-git commit
	[[ $output == *"cannot use the git repository"*"objectformat"* ]]
}

@test "a reftable repository is refused with a sentence" {
	make_repo
	git config core.repositoryformatversion 1
	git config extensions.refStorage reftable
	run -1 taskctl-git commit
	[[ $output == *"cannot use the git repository"*"refstorage"* ]]
	: >.git/unsupported
}

@test "a branch of the user's own by that name is left alone" {
	make_repo
	git branch taskctl
	before=$(git rev-parse taskctl)
	run -1 taskctl-git commit
	[[ $output == *"was not made by taskctl"* ]]
	[ "$(git rev-parse taskctl)" = "$before" ]
	taskctl config git.branch progress/of-the-work
	run -0 taskctl-git commit
	[[ $output == *" on progress/of-the-work: "* ]]
}

@test "a branch beneath ours leaves no room for it" {
	make_repo
	git branch taskctl/old
	git pack-refs --all
	run -1 taskctl-git commit
	[[ $output == *"there can be no branch taskctl beside taskctl/old"* ]]
}

@test "a branch that is checked out is not moved" {
	make_repo
	taskctl-git commit
	taskctl note 1.1 "a note"
	git worktree add -q ../looking taskctl
	run -1 taskctl-git commit
	[[ $output == *"is checked out"* ]]
	git worktree remove --force ../looking
	git checkout -q taskctl
	run -1 taskctl-git commit
	[[ $output == *"is checked out"* ]]
	git checkout -q main
	run -0 taskctl-git commit
	check_history
}

@test "nonsense as git.branch is refused" {
	make_repo
	echo '{"git.branch": "a..b"}' >.tasks/config.json
	run -8 taskctl-git commit
	[[ $output == *"is not a branch's name"* ]]
}

@test "an event that was taken out of the files by hand is missed" {
	make_repo
	taskctl-git commit
	blob=$(git cat-file blob taskctl:events/00000001.jsonl | sed 3d |
	    git hash-object -w --stdin)
	folder=$(printf '100644 blob %s\t00000001.jsonl\n' "$blob" | git mktree)
	tree=$(git ls-tree taskctl | sed "s/tree [0-9a-f]*/tree $folder/" |
	    git mktree)
	git update-ref refs/heads/taskctl "$(git log -1 --format=%B taskctl |
	    git commit-tree "$tree" -p taskctl)"
	taskctl note 1.1 "a note" >/dev/null
	run -1 taskctl-git commit
	[[ $output == *"lacks 1 of the events"* ]]
	git clone -q . ../again && cd ../again
	run -8 taskctl restore --from-git
	[[ $output == *"00000001.jsonl"*"event 3 is missing"* ]]
	[ ! -e .tasks/taskctl.db ]
}

@test "a store made anew does not continue another one's branch" {
	make_repo
	taskctl-git commit
	settled
	rm -rf .tasks
	make_coordinator
	taskctl note 1.1 "another life"
	run -1 taskctl-git commit
	[[ $output == *"holds the progress of another store"* ]]
	# Nor when it has come as far as the old one.
	for i in 1 2 3 4 5; do
		taskctl note 1.1 "note $i"
	done
	run -1 taskctl-git commit
	[[ $output == *"holds the progress of another store"* ]]
}

@test "a restored store, whose events begin far above, goes on" {
	make_repo
	taskctl-git commit
	last=$(last_event taskctl)
	q "
	    DELETE FROM event WHERE id = $last;
	    UPDATE store SET event = $last + 4294967296, id = 'feedbeef'"
	taskctl note 1.1 "after the restore"
	run -0 taskctl-git commit
	[[ $output == "committed 1 event as "* ]]
	git cat-file -e taskctl:events/4294967001.jsonl
}

@test "a branch whose files were cut by hand is refused" {
	make_repo
	taskctl-git commit
	blob=$(git cat-file blob taskctl:events/00000001.jsonl | head -n 2 |
	    git hash-object -w --stdin)
	folder=$(printf '100644 blob %s\t00000001.jsonl\n' "$blob" | git mktree)
	tree=$(git ls-tree taskctl | sed "s/tree [0-9a-f]*/tree $folder/" |
	    git mktree)
	git update-ref refs/heads/taskctl "$(git log -1 --format=%B taskctl |
	    git commit-tree "$tree" -p taskctl)"
	taskctl note 1.1 "a note"
	run -1 taskctl-git commit
	[[ $output == *"its files do not end with it"* ]]
}

@test "a lock that nobody gives back is busy, not a hang" {
	make_repo
	taskctl config wait 1s
	taskctl-git commit
	taskctl note 1.1 "a note"
	: >.git/refs/heads/taskctl.lock
	run -9 taskctl-git commit
	[[ $output == *"taskctl.lock is held by another program"* ]]
	rm .git/refs/heads/taskctl.lock
	run -0 taskctl-git commit
	check_history
}

@test "a lock file that cannot be taken away goes with the next commit" {
	make_repo
	command -v strace >/dev/null || skip 'no strace'
	strace -f -o /dev/null true 2>/dev/null || skip 'strace may not trace'
	local lock=.git/refs/heads/taskctl.lock
	run -0 strace -o /dev/null -P "$PWD/$lock" -e trace=unlink \
	    -e inject=unlink:error=EIO taskctl-git commit
	[ -e "$lock" ]
	taskctl note 1.1 "a note"
	run -0 taskctl-git commit
	[ ! -e "$lock" ]
	check_history
}

@test "where somebody's checkout lies is not told" {
	make_repo
	unset TASKCTL_SESSION CLAUDE_CODE_SESSION_ID CODEX_THREAD_ID GEMINI_SESSION_ID
	taskctl claim 1.1 >/dev/null
	[ "$(q 'SELECT session FROM lease')" = "$REPO" ]
	taskctl-git commit
	[ "$(git cat-file blob taskctl:events/00000001.jsonl | jq -r 'select(.kind == "claimed").session')" = repo ]
}

@test "hostile titles are inert in STATUS.md" {
	git init -q "$REPO"
	cd "$REPO"
	make_coordinator
	cat >"$BATS_TEST_TMPDIR/bad.md" <<-'PLAN'
		# Bad

		## Sprint 1 : A | B <script>alert(1)</script> [x](javascript:1)

		#### Task 9.1 : ``` end | of | table <img src=x> [click](http://evil.example) @everyone www.evil.example
		**Durée** : 1h
		#### Task 9.2 : $\frac{a}{b}$ **bold** _it_ ~~no~~ &amp; https://evil.example
		**Durée** : 1h
	PLAN
	taskctl import "$BATS_TEST_TMPDIR/bad.md"
	taskctl claim 9.1
	taskctl-git commit
	git cat-file blob taskctl:STATUS.md >"$BATS_TEST_TMPDIR/page"
	cat "$BATS_TEST_TMPDIR/page"
	# Two lines of ``` only: the chart's own.
	[ "$(grep -c '^ \{0,3\}```' "$BATS_TEST_TMPDIR/page")" -eq 2 ]
	sed '/^```mermaid/,/^```$/d' "$BATS_TEST_TMPDIR/page" \
	    >"$BATS_TEST_TMPDIR/prose"
	# No tag, link, address, mention or column that was not escaped.
	for wrong in '(?<!\\)<' '(?<!\\)\[' '(?<!\\)://' '(?i)www\.' '@'; do
		run -1 grep -P "$wrong" "$BATS_TEST_TMPDIR/prose"
	done
	# Every row of a table has its header's number of columns.
	perl -ne '
		my $n = () = /(?<!\\)\|/g;
		$want = $n if /^\|/ && !$in; $in = /^\|/;
		die "columns: $_" if $in && $n != $want;
	' "$BATS_TEST_TMPDIR/prose"
}

@test "the chart is a Mermaid gantt in a fence" {
	make_repo
	taskctl claim 1.1
	taskctl-git commit
	run -0 git cat-file blob taskctl:STATUS.md
	[[ $output == *$'```mermaid\ngantt\n'* ]]
	[[ $output == *"| 1.1 | Lay the foundation | ann |"* ]]
	git cat-file blob taskctl:sprint_status.json |
	    jq -e '.sprints[] | select(.id == "1") | .claimed == 1'
}

@test "the author is git's, else the agent at this host" {
	make_repo
	taskctl-git commit
	[ "$(git log -1 --format='%an <%ae>' taskctl)" = \
	    "Grace Hopper <grace@navy.example>" ]
	git config --global --unset user.name
	git config --global --unset user.email
	TASKCTL_AGENT='eve <root@x> "e"' TASKCTL_SESSION=s3 taskctl claim 1.1
	taskctl-git commit
	[ "$(git log -1 --format='%an <%ae>' taskctl)" = \
	    "eve root@x e <everoot_xe@$(hostname)>" ]
}

@test "the wrong command line is 64, and help is there" {
	run -64 taskctl-git comit
	run -64 taskctl-git commit --nonsense
	run -0 taskctl-git commit --help
	[[ $output == *"--message"* ]]
	ldd "$(command -v taskctl-git)" | grep -q libgit2
}
