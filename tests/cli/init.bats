# init.bats - making .tasks/, finding it again, and what it must not touch.

load helpers

git_here() {
	git init -q .
	git -c user.name=a -c user.email=a@b.c commit -q --allow-empty -m one
}

@test "init makes .tasks/, says the defaults and what comes next" {
	code 0 t init
	says "$PWD/.tasks" 30m 'taskctl import'
	for file in .gitignore README.md taskctl.db taskctl.db-wal taskctl.db-shm; do
		[ -e ".tasks/$file" ] || { echo "no $file"; return 1; }
	done
}

@test "init leaves the log and its index with the store's mode, which is private" {
	new
	for file in taskctl.db taskctl.db-wal taskctl.db-shm taskctl.db-queue; do
		same "$file 600" "$file $(stat -c %a .tasks/$file)"
	done
}

@test "in a folder that a group may write, the store is the group's too" {
	umask 002
	t init
	for file in taskctl.db taskctl.db-wal taskctl.db-shm; do
		same "$file 660" "$file $(stat -c %a .tasks/$file)"
	done
}

@test "init again says that it is there, and changes nothing" {
	new kitchen
	before=$(dump)
	files=$(cat .tasks/README.md .tasks/.gitignore .tasks/config.json | sha256sum)
	code 0 t init
	says 'there already' 'nothing was changed'
	same "$before" "$(dump)"
	same "$files" "$(cat .tasks/README.md .tasks/.gitignore .tasks/config.json | sha256sum)"
	json 0 init
	is '.made_store == false and .wrote == []'
}

@test "a README or .gitignore that somebody wrote is left as it is" {
	mkdir .tasks
	echo mine >.tasks/README.md
	t init
	same mine "$(cat .tasks/README.md)"
}

@test "on a file system without RENAME_NOREPLACE it is the same" {
	local no=(-e inject=renameat2:error=EINVAL) made
	for made in one two; do
		mkdir -p $made/.tasks
		echo mine >$made/.tasks/README.md
		code 0 strace -qq -f -o /dev/null "${no[@]}" taskctl -C $made init
		same "$(ls -A $made/.tasks | grep -v '^taskctl')" $'.gitignore\nREADME.md'
		[ -s $made/.tasks/.gitignore ]
		same "$(cat $made/.tasks/README.md)" mine
		t -C $made backup "$PWD/$made.db" >/dev/null
		rm $made/.tasks/taskctl.db*
		code 0 strace -qq -f -o /dev/null "${no[@]}" \
		    taskctl -C $made restore "$PWD/$made.db"
		same "$(ls | grep -c part)" 0
		no+=(-e inject=link:error=EPERM) # nor links
	done
}

@test "what taskctl writes is ignored by git, config, plans and README are not" {
	git_here
	new kitchen
	t config lock_files on
	as ann claim 1.3
	as ann done 1.3
	until_true test -e .tasks/sprint_status.json
	mkdir .tasks/plans && cp "$PLANS/kitchen.md" .tasks/plans
	git add .
	same ".tasks/.gitignore
.tasks/README.md
.tasks/config.json
.tasks/plans/kitchen.md" "$(git ls-files)"
}

@test "in a subfolder of a git repository init goes to its top" {
	git_here
	mkdir -p deep/down
	cd deep/down
	t init
	[ -d ../../.tasks ]
	no test -e .tasks
}

@test "in a linked worktree init makes the main worktree's, and all share it" {
	git_here
	git worktree add -q ../other
	cd ../other
	t init
	no test -e .tasks
	[ -d ../work/.tasks ]
	json 0 where
	is ".tasks == \"$BATS_TEST_TMPDIR/work/.tasks\" and
	    .worktree == \"$BATS_TEST_TMPDIR/other\""
}

@test "a stale or tracked .tasks/ in a linked worktree never shadows the real one" {
	git_here
	new kitchen
	git worktree add -q ../other
	cd ../other
	mkdir -p .tasks sub/.tasks
	(cd "$BATS_TEST_TMPDIR" && mkdir stale && cd stale && t init)
	settled
	cp "$BATS_TEST_TMPDIR"/stale/.tasks/* .tasks
	code 0 as ann claim 1.3
	cd sub
	code 4 as bob claim 1.3
	json 0 where
	is ".tasks == \"$BATS_TEST_TMPDIR/work/.tasks\""
}

@test "agents in two worktrees race for one task, and one of them gets it" {
	git_here
	new kitchen
	git worktree add -q ../other
	code 0 as ann claim 1.3
	code 4 as bob -C ../other claim 1.3
	json 0 show 1.3
	is ".task.lease.worktree == \"$PWD\""
}

@test "without git everything works but commit, which says so" {
	new kitchen
	as ann claim 1.3 && as ann done 1.3
	code 1 t commit
	says git
	same done "$(state 1.3)"
}

# Without its turn, the switch to WAL failed in one round of twenty-five.
@test "six init at once all succeed, and make one store: 40 rounds" {
	for round in $(seq 40); do
		mkdir "$round"
		for i in 1 2 3 4 5 6; do
			t -C "$round" init >"out.$i" 2>&1 ||
				echo "$round $i failed: $(cat "out.$i")" >>bad &
		done
		wait
	done
	no cat bad
	cd 40 || return 1
	same 1 "$(q 'SELECT count(*) FROM store')"
	same 1 "$(q "SELECT count(*) FROM event WHERE kind = 'init'")"
}

@test "init --scripts writes the four scripts, executable, and never over others" {
	mkdir scripts
	echo theirs >scripts/agent_status.sh
	code 0 t init --scripts
	for name in start complete heartbeat; do
		[ -x "scripts/agent_$name.sh" ]
	done
	same theirs "$(cat scripts/agent_status.sh)"
	json 0 init --scripts
	is '.wrote == []'
}

@test "without a coordinator every command that needs one exits 3 and says init" {
	for command in status ready list 'show 1' mine agents log where plan gantt \
	    'why 1' sweep 'claim 1' 'claim --next' 'done 1' 'heartbeat 1' \
	    'release 1' 'fail 1 -m x' 'run 1 -- true' 'wait 1' 'note 1 x' \
	    'step 1 1' 'cancel 1' 'reopen 1' 'add 1 x' 'edit 1 --title x' \
	    'dep add 1 2' config migrate; do
		# shellcheck disable=SC2086
		TASKCTL_AGENT=ann code 3 t $command
		says 'taskctl init' '[not_found]'
	done
	no test -e .tasks
}

@test "a .tasks/ without a store exits 3" {
	mkdir .tasks
	code 3 t status
	says 'taskctl init'
	no test -e .tasks/taskctl.db
}

@test "where says which .tasks/ and which store are used, and why" {
	new
	json 0 where
	is '(keys - ["schema"]) == ["passed_over", "repository", "store", "store_because", "tasks",
	    "tasks_because", "worktree"]'
	is ".tasks == \"$PWD/.tasks\" and .store == \"$PWD/.tasks/taskctl.db\" and
	    .repository == null"
	code 0 t where
	says "$PWD/.tasks" "$PWD/.tasks/taskctl.db"
}
