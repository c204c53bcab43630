# clones.bash - what the tests of restore and sync share: clones of one remote,
# each with a store of its own.  The real git is the other side; after every
# test its fsck must be clean.

load helpers

clones_setup() {
	git_identity
	export TASKCTL_AGENT=ann TASKCTL_SESSION=s1
	cat >"$BATS_TEST_TMPDIR/house.md" <<-'PLAN'
		# Plan

		## Sprint 1 : Foundation

		#### Task 1.1 : Lay the foundation
		**Durée** : 1h

		#### Task 1.2 : Build the walls
		**Durée** : 2h
		**Dépendances** : 1.1

		- [ ] brick
		- [ ] mortar

		#### Task 1.3 : Dig the well
		**Durée** : 30min

		## Sprint 2 : Roof

		#### Task 2.1 : Raise the roof
		**Durée** : 1h
	PLAN
	HOUSE=$BATS_TEST_TMPDIR/house.md
}

teardown() {
	local gitdir

	for gitdir in "$BATS_TEST_TMPDIR"/work/*/.git \
	    "$BATS_TEST_TMPDIR"/work/*.git; do
		[ -d "$gitdir" ] && [ ! -e "$gitdir/broken" ] || continue
		run git --git-dir="$gitdir" fsck --strict --no-dangling
		echo "$output"
		[ "$status" -eq 0 ]
		[[ $output != *error* && $output != *warning* ]]
	done
}

# A repository NAME with a remote hub.git, a store, and that plan.
clone() {
	cd "$BATS_TEST_TMPDIR/work"
	[ -e hub.git ] || git init -q --bare hub.git
	git init -q "$1"
	cd "$1"
	git commit -q --allow-empty -m "of $1"
	git remote add origin ../hub.git
	t init >/dev/null
	t config git.auto off >/dev/null
	[ $# -eq 1 ] || t import "$2" >/dev/null
}

in_clone() { cd "$BATS_TEST_TMPDIR/work/$1"; }

# All that sync and restore have to bring: leases are nobody else's.
tasks_of() {
	in_clone "$1"
	t --json list | jq -S '.tasks | map(del(.lease, .source.file)
	    | if .state == "claimed" then .state = "ready" else . end
	    | .needs |= sort | .unmet |= sort | .unblocks |= sort)
	    | sort_by(.ref)'
}

alike() {
	local one first
	first=$(tasks_of "$1")
	for one in "${@:2}"; do
		same "$first" "$(tasks_of "$one")" || return 1
	done
}

# The branch's newest commit again, its events changed by a filter, its message
# by another.
forge() {
	local filter=$1 message=${2:-cat} name=${3:-00000001}.jsonl blob
	blob=$(git cat-file blob "taskctl:events/$name" | eval "$filter" |
	    git hash-object -w --stdin)
	export GIT_INDEX_FILE=$BATS_TEST_TMPDIR/forged
	rm -f "$GIT_INDEX_FILE"
	git read-tree taskctl
	git update-index --add --cacheinfo "100644,$blob,events/$name"
	git update-ref refs/heads/taskctl "$(git log -1 --format=%B taskctl |
	    eval "$message" | git commit-tree "$(git write-tree)")"
	unset GIT_INDEX_FILE
}
