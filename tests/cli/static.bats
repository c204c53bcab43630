# static.bats - a static taskctl and its dynamic twin: who does what.

load helpers

need_twin() {
	[ -e "$(command -v taskctl)-dynamic" ] || skip 'one dynamic program'
}

# taskctl alone, in a folder where its twin is not.
alone() {
	need_twin
	[ ! -e /usr/local/libexec/taskctl/taskctl-dynamic ] ||
	    skip 'it is installed'
	mkdir "$BATS_TEST_TMPDIR/alone"
	cp "$(command -v taskctl)" "$BATS_TEST_TMPDIR/alone"
	PATH=$BATS_TEST_TMPDIR/alone:$PATH
}

@test "without its twin taskctl says so, and all but reading plans works" {
	new kitchen
	alone
	before=$(dump)
	for command in 'import x.md' 'lint -' 'gantt --update x.md' 'approve GO-1'
	do
		# shellcheck disable=SC2086
		json 1 $command
		is '.error.code == "failed" and
		    (.error.message | test("taskctl-dynamic.*not installed"))'
	done
	same "$before" "$(dump)"
	code 0 t help import
	code 0 t import --help
	json 0 claim --next --agent ann
	json 0 status
}

@test "the twin has the same folder, standard input and words of the command" {
	need_twin
	new
	mkdir sub
	cp "$PLANS/kitchen.md" sub/k.md
	json 0 -C sub import k.md
	code 0 taskctl --json lint - <sub/k.md
	is '.plans[0].tasks > 0'
	code 0 taskctl -C sub lint k.md
	says k.md
	code 64 taskctl import --nonsense
	says '[usage]'
}

@test "it is found from another folder, through a link, and below one prefix" {
	need_twin
	new
	cp "$PLANS/kitchen.md" k.md
	mkdir -p links pre/bin pre/libexec/taskctl
	ln -s "$(realpath "$(command -v taskctl)")" links/taskctl
	code 0 links/taskctl lint k.md
	cp "$(command -v taskctl)" pre/bin
	cp "$(command -v taskctl)-dynamic" pre/libexec/taskctl
	code 0 pre/bin/taskctl lint k.md
}
