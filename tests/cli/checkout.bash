# checkout.bash - for command tests with the real git as the other side; after
# helpers.bash.  After every test the repositories' fsck must be clean.

# A repository with one commit, a coordinator with two tasks, ann holds 1.1.
new_repo() {
	git_identity
	git init -q repo 3>&-
	cd repo || return 1
	mkdir src
	echo one >src/one
	echo two >src/two
	echo three >three
	printf '%s\n' '*.o' '/.tasks/' >.gitignore
	git add . && git commit -q -m first 3>&- || return 1
	t init >/dev/null
	t config git.auto off >/dev/null
	t add 1.1 'Count the words' >/dev/null
	t add 1.2 'Draw the chart' >/dev/null
	as ann claim 1.1 >/dev/null
}

# Each repository below the test's folder, the bare ones too.
fsck_all() {
	local head folder
	find "$BATS_TEST_TMPDIR/work" -name HEAD -path '*' -not -path '*/logs/*' \
	    -not -path '*/worktrees/*' | while read -r head; do
		folder=$(dirname "$head")
		[ -d "$folder/objects" ] || continue
		run git --git-dir="$folder" fsck --strict --no-dangling
		[ "$status" -eq 0 ] || { echo "$output"; return 1; }
		[[ $output != *error* && $output != *warning* ]] ||
		    { echo "$output"; return 1; }
	done
}

teardown() { fsck_all; }

# The paths of a commit, on one line.
paths_of() {
	git show --format= --name-only --no-renames "${1:-HEAD}" | sort | xargs
}
trailer() {
	git log -1 --format="%(trailers:key=$1,valueonly)" "${2:-HEAD}" |
	    head -n 1
}
# An executable hook of this repository; the script comes from standard input.
hook() {
	local file
	file=$(git rev-parse --git-path "hooks/$1")
	mkdir -p "$(dirname "$file")"
	{ echo '#!/bin/sh'; cat; } >"$file"
	chmod +x "$file"
}
# The index, entry by entry, without the paths named.
index_without() {
	git ls-files --stage | grep -v "$(printf '\t%s$' "$1")" | sha256sum
}
