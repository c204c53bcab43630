# git.bash - what the tests of git commands share: repositories, and what must
# hold of them.  The other side is the real git; after every test its fsck must
# be clean.

load ../shared

setup() {
	export HOME="$BATS_TEST_TMPDIR/home" LC_ALL=C.UTF-8 TZ=UTC
	export TASKCTL_AGENT=ann TASKCTL_SESSION=s1
	export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_DATE= GIT_COMMITTER_DATE=
	unset GIT_DIR GIT_WORK_TREE GIT_AUTHOR_DATE GIT_COMMITTER_DATE
	unset TASKCTL_DB TASKCTL_TOKEN TASKCTL_TASK
	mkdir -p "$HOME"
	git_identity
	REPO="$BATS_TEST_TMPDIR/repo"
	quick
}

teardown() {
	local gitdir

	for gitdir in "$REPO/.git" "$REPO.git"; do
		[ -d "$gitdir" ] || continue
		[ ! -e "$gitdir/unsupported" ] || continue
		run git --git-dir="$gitdir" fsck --strict --no-dangling
		echo "$output"
		[ "$status" -eq 0 ]
		[[ $output != *error* && $output != *warning* ]]
	done
}

# A plan of two sprints.
write_plan() {
	cat >"$1" <<-'PLAN'
		# Plan

		## Sprint 1 : Foundation

		#### Task 1.1 : Lay the foundation
		**Durée** : 1h

		#### Task 1.2 : Build the walls
		**Durée** : 2h

		#### Task 1.3 : Dig the well
		**Durée** : 30min

		## Sprint 2 : Roof

		#### Task 2.1 : Raise the roof
		**Durée** : 1h
	PLAN
}

# A repository with one commit, and a coordinator with that plan.
make_repo() {
	git init -q "$REPO"
	cd "$REPO"
	echo one >file
	git add file
	git commit -q -m "first"
	make_coordinator
}

make_coordinator() {
	taskctl init >/dev/null
	taskctl config git.auto off >/dev/null
	write_plan "$BATS_TEST_TMPDIR/house.md"
	taskctl import "$BATS_TEST_TMPDIR/house.md" >/dev/null
}

# git.interval of at least SECONDS, and so long that COMMITS as that which is made
# here find room in it: interval SECONDS COMMITS
interval() {
	local began seconds
	taskctl config git.interval 1s >/dev/null
	began=$(date +%s%3N)
	taskctl-git commit >/dev/null
	seconds=$((($(date +%s%3N) - began) * $2 / 1000))
	[ "$seconds" -ge "$1" ] || seconds=$1
	taskctl config git.interval "${seconds}s" >/dev/null
	INTERVAL_MS=${seconds}000
}

# Does a committer wait for its interval?  It has the second byte.
one_waits() {
	grep -q "OFDLCK .*:$(stat -c %i .git/taskctl-commit) 1 1\$" /proc/locks
}

# Everything of the checkout that is not ours to touch, byte for byte, with
# times; .tasks/ is taskctl's own.
fingerprint() {
	find . -path ./.tasks -prune -o -path ./.git -prune -o \
	    -printf '%p %s %m %T@ %i\n' | sort
	find . -path ./.tasks -prune -o -path ./.git -prune -o \
	    -type f -exec sha256sum {} + | sort
	stat -c '%n %s %Y %i' .git/index .git/HEAD
	sha256sum .git/index .git/HEAD
	git for-each-ref | grep -v refs/heads/taskctl || true
	[ ! -e .git/logs/HEAD ] || sha256sum .git/logs/HEAD
}

# The ids of all events that the branch holds, in the order of its files.
ids_in_git() {
	git ls-tree -r --name-only "${1:-taskctl}" events/ | sort -V |
	    while read -r name; do
		    git cat-file blob "${1:-taskctl}:$name"
	    done | jq -r .id
}

ids_in_store() {
	q "SELECT id FROM event ORDER BY id"
}

# The branch is one line of commits, each of which only adds lines to events/.
check_history() {
	[ "$(git rev-list --merges --count taskctl)" -eq 0 ]
	[ "$(git rev-list --max-parents=0 --count taskctl)" -eq 1 ]
	[ "$(git log --numstat --format= taskctl -- events |
	    awk '$2 > 0' | wc -l)" -eq 0 ]
	[ "$(ids_in_git)" = "$(ids_in_store)" ]
	[ "$(ids_in_git | tail -n 1)" = "$(last_event taskctl)" ]
}

last_event() {
	git log -1 --format='%(trailers:key=Last-Event,valueonly)' "$1" |
	    head -n 1
}
