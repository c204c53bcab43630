# reserve.bats - paths that a task's holder keeps to itself.

load helpers

# Three tasks without any order, each with files.
files_plan() {
	cat >files.md <<'END'
# Files

## Sprint 1 : One

### Task 1.1 : Metrics
**Files**: `lib/metrics.c`, `app/[id]/page.tsx`

### Task 1.2 : Library
**Files**: `lib/*.c`

### Task 1.3 : Words
**Files**: `docs/`, `../elsewhere`, `https://example.org/x`

### Task 1.4 : Nothing
END
	new files.md
}

# ann holds 1.1, bob 1.2.
two_at_work() {
	files_plan
	as ann claim 1.1 >/dev/null
	as bob claim 1.2 >/dev/null
}

reserved() { t --json reserve | jq -c '[.reservations[] | [.task, .pattern]]'; }

@test "a reservation says what, for which task, until when; and is listed" {
	two_at_work
	code 0 as ann reserve 'src/*.c' '!src/x.c' --task 1.1
	says 'src/*.c' '!src/x.c' 1.1 until
	json 0 reserve
	is '[.reservations[].pattern] == ["src/*.c", "!src/x.c"]'
	is '.reservations | all(.task == "1.1" and .agent == "ann" and
	    .session == "ann-1" and .token > 0 and .expires_at != null and
	    .worktree != null)'
	code 0 t reserve
	says 'src/*.c' ann 1.1
	code 0 t -q reserve
	same $'src/*.c\n!src/x.c' "$out"
	json 0 reserve --task 1.2
	is '.reservations == []'
	code 0 t reserve --task 1.2
	says 'nothing is reserved'
}

@test "reserving answers with the task and what is new; again changes nothing" {
	two_at_work
	json 0 reserve a b --task 1.1 --agent ann --session ann-1
	is '.reserved == ["a", "b"] and .already == false and
	    .task.lease.reserved == ["a", "b"]'
	json 0 reserve b a 'b  ' --task 1.1 --agent ann --session ann-1
	is '.reserved == [] and .already == true and
	    .task.lease.reserved == ["a", "b"]'
	json 0 reserve a c c --task 1.1 --agent ann --session ann-1
	is '.reserved == ["c"] and .task.lease.reserved == ["a", "b", "c"]'
	same 2 "$(q "SELECT count(*) FROM event WHERE kind = 'reserved'")"
	q "SELECT data FROM event WHERE kind = 'reserved'" |
	    jq -es '.[0].patterns == ["a", "b"] and .[1].patterns == ["c"]'
}

@test "the task is TASKCTL_TASK, or the one that the caller holds" {
	two_at_work
	code 0 as ann reserve a
	same '[["1.1","a"]]' "$(reserved)"
	as ann claim 1.3
	export TASKCTL_AGENT=ann TASKCTL_SESSION=ann-1
	refused 64 reserve b
	says '--task'
	TASKCTL_TASK=1.3 TASKCTL_TOKEN=$(token 1.3) code 0 t reserve b
	same '[["1.1","a"],["1.3","b"]]' "$(reserved)"
	TASKCTL_AGENT=eve refused 6 reserve b
	says 'holds no task'
}

@test "only the holder reserves, and gives back" {
	two_at_work
	as ann reserve a
	refused 6 reserve b --task 1.1 --agent bob --session bob-1
	is '.error.holder.agent == "ann"'
	refused 6 reserve --release a --task 1.1 --agent bob --session bob-1
	refused 6 reserve b --task 1.1 --agent ann --session other
	refused 6 reserve b --task 1.1 --token 77
	refused 6 reserve b --task 1.4 --agent ann --session ann-1
	refused 3 reserve b --task 9.9 --agent ann --session ann-1
	json 0 reserve b --task 1.1 --token "$(token 1.1)"
	code 64 t reserve b
	same '[["1.1","a"],["1.1","b"]]' "$(reserved)"
}

@test "what could match one file is refused: by whom, for what, until when" {
	two_at_work
	as ann reserve 'src/*.c'
	for pattern in src/a.c 'src/' 'src/a*' '*.c' '**/b.c' '/s*/?.c' '[a-z]rc' \
	    '*' 'src/[!x].c' 'src/**' 'sr\c/a.c'; do
		refused 4 reserve "$pattern" --agent bob --session bob-1 ||
		    { echo "$pattern"; return 1; }
		is '.error.holder.agent == "ann" and
		    .error.holder.task == "1.1" and
		    .error.holder.expires_at != null and
		    (.error.clashes | length) == 1 and
		    .error.clashes[0].with.pattern == "src/*.c"'
	done
	code 4 as bob reserve src/
	says 'src/*.c' ann 1.1 until 'both match src/'
	code 0 as bob reserve 'src/*.h' src/sub/a.h '/a.c' 'Src/*.c' \
	    'src/?' 'lib/**/*.c' 'src/*.c?'
	code 0 as ann reserve src/a.c '!src/b.c'
}

@test "two patterns that share no file are both granted" {
	two_at_work
	while read -r one other; do
		code 0 as ann reserve "$one"
		code 0 as bob reserve "$other" || { echo "$one $other"; return 1; }
		as ann reserve --release >/dev/null
		as bob reserve --release >/dev/null
	done <<-'END'
	/a/*/c /a/b/d
	*.c *.h
	/a?c /abbc
	/x/**/y.c /x/z.c
	/[a-m]* /[n-z]*
	docs/ src/
	src/** docs/
	README.md Makefile
	README.md src/
	/[a-c]/x /d/x
	lib/a/ lib/ab/
	END
}

@test "what ! takes out is free for others, and is not given back behind them" {
	two_at_work
	as ann reserve 'src/*' '!src/gen'
	code 0 as bob reserve src/gen/
	refused 4 reserve --release '!src/gen' --agent ann --session ann-1
	same '[["1.1","src/*"],["1.1","!src/gen"],["1.2","src/gen/"]]' "$(reserved)"
	as bob reserve --release
	code 0 as ann reserve --release '!src/gen'
	code 4 as bob reserve src/gen/
	# Below a folder that is matched nothing is taken out.
	as ann reserve --release
	as ann reserve 'src/' '!src/gen/'
	code 4 as bob reserve src/gen/
}

@test "! alone reserves nothing, and it is said" {
	two_at_work
	code 0 as ann reserve '!a'
	says 'nothing is reserved'
	code 0 as bob reserve a
}

@test "given back: these, or all; what was not reserved is said" {
	two_at_work
	as ann reserve a b c
	json 0 reserve --release b x --agent ann --session ann-1
	is '.released == ["b"] and .task.lease.reserved == ["a", "c"] and
	    (.warnings[0] | test("x was not reserved"))'
	code 0 as bob reserve b
	json 0 reserve --release b --agent ann --session ann-1
	is '.already == true and .released == []'
	code 0 as ann reserve d
	code 0 as ann reserve --release
	says a c d
	same '[["1.2","b"]]' "$(reserved)"
	json 0 show 1.1
	is '.task.lease.reserved == []'
	[ "$(q "SELECT count(*) FROM event WHERE kind = 'unreserved'")" = 2 ]
}

@test "it ends with the lease, however that ends" {
	two_at_work
	for end in 'done 1.1' 'release 1.1' 'fail 1.1 -m x' \
	    'release 1.1 --force -m gone'; do
		as ann reserve src/ --task 1.1
		code 4 as bob reserve src/a
		code 0 as ann $end
		same '[]' "$(reserved)"
		same 0 "$(q 'SELECT count(*) FROM reservation')"
		code 0 as bob reserve src/a
		as bob reserve --release >/dev/null
		case $end in done* | fail*) t reopen 1.1 --agent ann ;; esac
		as ann claim 1.1 >/dev/null
		json 0 show 1.1
		is '.task.lease.reserved == []'
	done
}

@test "when its lease lapses it is gone at once, swept or not" {
	two_at_work
	as ann reserve src/
	age 1.1 3600000
	same '[]' "$(reserved)"
	json 0 status
	is '[.leases[].reserved[]] == []'
	code 0 as bob reserve src/a
	# Another may have the task: what was reserved before is not theirs.
	as eve claim 1.1
	same '[["1.2","src/a"]]' "$(reserved)"
	same 1 "$(q 'SELECT count(*) FROM reservation')"
}

@test "a lapsed lease comes back with what it had, if nobody else has it now" {
	two_at_work
	as ann reserve src/
	age 1.1 3600000
	t sweep
	refused 6 reserve b --task 1.1 --agent ann --session ann-1
	says 'has lapsed' heartbeat
	code 0 as ann heartbeat 1.1
	same '[["1.1","src/"]]' "$(reserved)"
	age 1.1 3600000
	code 0 as bob reserve src/a
	code 7 as ann heartbeat 1.1
	says src/a bob 1.2 'taskctl claim 1.1'
	# What is advised is what works.
	refused 6 reserve --release --task 1.1 --agent ann --session ann-1
	says 'has lapsed' 'taskctl claim 1.1'
	says_not heartbeat
	# Finished work is not thrown away for that.
	code 0 as ann 'done' 1.1
	same 1 "$(q 'SELECT count(*) FROM reservation')"
}

@test "a lapsed lease that cannot come back: its holder claims again" {
	two_at_work
	as ann reserve src/
	age 1.1 3600000
	code 0 as bob reserve src/a
	code 7 as ann heartbeat 1.1
	says 'taskctl claim 1.1'
	code 0 as ann claim 1.1
	same '[["1.2","src/a"]]' "$(reserved)"
	code 0 as ann heartbeat 1.1
}

@test "rows of dead leases do not pile up" {
	two_at_work
	as ann reserve a b c
	age 1.1 3600000
	t sweep
	same 3 "$(q 'SELECT count(*) FROM reservation')"
	# The task changed: that lease cannot come back.
	t edit 1.1 --estimate 1h
	t dep add 1.1 1.4
	q "UPDATE lease SET ended = 'changed' WHERE ended = 'lapsed'"
	as bob reserve z
	same 1 "$(q 'SELECT count(*) FROM reservation')"
}

@test "status, show, why, mine and claim say what is reserved" {
	two_at_work
	as ann reserve 'src/*.c'
	for command in status 'show 1.1' 'why 1.1' 'mine --agent ann --session ann-1' \
	    'claim 1.1 --agent ann --session ann-1'; do
		code 0 t $command
		says 'reserved' 'src/*.c'
		json 0 $command
		is '[.. | .reserved? // empty] | any(. == ["src/*.c"])'
	done
	jq -e '[.leases[].reserved] == [["src/*.c"], []]' .tasks/sprint_status.json ||
	    until_true jq -e '[.leases[].reserved] == [["src/*.c"], []]' \
	    .tasks/sprint_status.json
	code 0 t log
	says reserved 'src/*.c'
}

@test "reserve.on_claim: a claim reserves the files that its task names" {
	files_plan
	t config reserve.on_claim on
	json 0 claim 1.1 --agent ann --session ann-1
	is '.lease.reserved == ["/lib/metrics.c", "/app/\\[id]/page.tsx"] and
	    .task.lease == .lease'
	q "SELECT data FROM event WHERE kind = 'reserved'" |
	    jq -e '.patterns == ["/lib/metrics.c", "/app/\\[id]/page.tsx"]'
	refused 4 reserve 'app/[[]id]/*' --task 1.1 --agent bob || true
	as bob claim 1.4
	refused 4 reserve 'app/[[]id]/*' --agent bob --session bob-1
	code 0 as bob reserve app/i/page.tsx
	# What is no path in the repository is left out.
	json 0 claim 1.3 --agent eve
	is '.lease.reserved == ["/docs/"]'
	as ann 'done' 1.1
	same 2 "$(q 'SELECT count(*) FROM reservation')"
}

@test "reserve.on_claim: a claim whose files are reserved is refused, and says" {
	files_plan
	t config reserve.on_claim on
	as ann claim 1.1
	refused 4 claim 1.2 --agent bob --session bob-1
	is '.error.holder.agent == "ann" and .error.holder.task == "1.1" and
	    .error.holder.expires_at != null and
	    .error.reasons[0].kind == "reserved" and .error.task == "1.2"'
	code 4 as bob claim 1.2
	says '/lib/*.c' '/lib/metrics.c' ann 1.1 until
	json 0 why 1.2
	is '.claimable == false and .reasons[0].kind == "reserved" and
	    .reasons[0].other == "1.1"'
	json 0 ready --agent bob
	is '[.tasks[].id] == ["1.3", "1.4"] and .total == 2'
	json 0 ready --agent bob --limit 1
	is '[.tasks[].id] == ["1.3"] and .total == 2'
	# Nothing of it was taken.
	same ready "$(state 1.2)"
	same 1 "$(q 'SELECT count(*) FROM lease')"
	# The same with an ordinary reservation, and free again after.
	as ann reserve --release --task 1.1
	code 0 as bob claim 1.2
	as bob release 1.2
	as ann reserve lib/other.c --task 1.1
	code 4 as bob claim 1.2
	as ann release 1.1
	code 0 as bob claim 1.2
}

@test "reserve.on_claim: claim --next goes on to the next task that is free" {
	files_plan
	t config reserve.on_claim on
	as ann claim 1.1
	json 0 claim --next --agent bob --session b
	is '.task.id == "1.3"'
	json 0 claim --next --another --sprint 1 --agent bob --session b
	is '.task.id == "1.4"'
	refused 5 claim --next --agent eve --session e
	as ann 'done' 1.1
	json 0 claim --next --agent eve --session e
	is '.task.id == "1.2" and .lease.reserved == ["/lib/*.c"]'
}

@test "a claim that cannot be for another reason too is exit 7" {
	files_plan
	t config reserve.on_claim on
	t dep add 1.2 1.4
	as ann claim 1.1
	refused 7 claim 1.2 --agent bob
	is '[.error.reasons[].kind] == ["needs", "reserved"]'
}

@test "off, which is the default, a claim neither reserves nor looks" {
	files_plan
	json 0 claim 1.1 --agent ann
	is '.lease.reserved == []'
	json 0 claim 1.2 --agent bob
	json 0 ready
	is '.total == 2'
	same 0 "$(q 'SELECT count(*) FROM reservation')"
}

@test "bad patterns are exit 8, and it says what is wrong" {
	two_at_work
	export TASKCTL_AGENT=ann TASKCTL_SESSION=ann-1
	for pattern in '' ' ' / ! '!/' '#a' 'a//b' '../a' 'a/../b' './a' 'a/.' '..' \
	    '[a' 'a\' '[[:nonsense:]]' $'a\nb' $'a\e[31m' "$(printf '%0600d' 0)"; do
		refused 8 reserve "$pattern" || { echo "$pattern"; return 1; }
		code 8 t reserve -- "$pattern"
		inert
		refused 8 reserve ok "$pattern"
	done
	code 64 t reserve $'\xff'
	same '[]' "$(reserved)"
	code 0 t reserve '\#a' '\!b' 'c\ ' 'é' '[]]' 'a/.b' '..c' '...'
}

@test "too many patterns are refused whole" {
	two_at_work
	code 0 as ann reserve $(seq -f 'a/%.0f' 1000)
	code 0 as ann reserve a/7 a/1000
	code 8 as ann reserve a/1001
	says 1000
	same 1000 "$(q 'SELECT count(*) FROM reservation')"
}

@test "a path of the machine is none of the repository" {
	two_at_work
	mkdir -p src
	code 0 as ann reserve "$PWD/src/a.c" /src/b.c
	same '[["1.1","/src/a.c"],["1.1","/src/b.c"]]' "$(reserved)"
	refused 8 reserve /etc/passwd --agent ann --session ann-1
	says /etc/passwd "$PWD"
	code 0 as ann reserve --release "$PWD/src/a.c"
	same '[["1.1","/src/b.c"]]' "$(reserved)"
}

@test "a name from two plans is told apart" {
	new kitchen
	t import "$PLANS/kitchen.md" --as other >/dev/null
	as ann claim kitchen:1.3
	as bob claim other:1.3
	as ann reserve src
	code 4 as bob reserve src/a
	says kitchen:1.3
	json 0 reserve --task other:1.3
	is '.reservations == []'
	json 0 reserve --task kitchen:1.3
	is '.reservations[0].task == "kitchen:1.3"'
}

@test "a store of version 3 gets its table, and keeps what it has" {
	two_at_work
	q 'DROP TABLE reservation; ALTER TABLE lease DROP COLUMN reserved;
	    DROP TABLE peer; ALTER TABLE store DROP COLUMN floor_ms;
	    ALTER TABLE event DROP COLUMN origin;
	    ALTER TABLE event DROP COLUMN origin_id;
	    ALTER TABLE sprint DROP COLUMN goal;
	    PRAGMA user_version = 3'
	before=$(q 'SELECT * FROM lease; SELECT * FROM task')
	code 0 as ann reserve a
	[ "$(q 'PRAGMA user_version')" -ge 4 ]
	same '[["1.1","a"]]' "$(reserved)"
	same "$(q 'SELECT key FROM task')" "$(printf '1.1\n1.2\n1.3\n1.4')"
	q 'SELECT reserved FROM lease' | paste -sd, | grep -qx 1,0
	json 0 claim 1.2 --agent bob --session bob-1
	is '.already_held == true'
}

@test "8 agents reserve one path at once: one gets it, 100 rounds" {
	new
	t config wait 2m >/dev/null # who waits long is not what is looked at
	t add A A >/dev/null
	for i in 1 2 3 4 5 6 7 8; do
		t add "T$i" "Task $i" >/dev/null
		as "a$i" claim "T$i" >/dev/null
	done
	rounds() {
		local n got
		for ((n = 1; n <= 100; n++)); do
			got=0
			TASKCTL_AGENT=a$1 TASKCTL_SESSION=a$1-1 \
			    taskctl -q reserve "src/$n/$1*" "src/$n/?[!$1]" \
			    --task "T$1" >/dev/null 2>&1 3>&- || got=$?
			echo "$n $got"
		done
	}
	for i in 1 2 3 4 5 6 7 8; do
		rounds $i >"codes$i" 3>&- &
	done
	wait
	sort -n codes? | awk '{ n[$1 " " $2]++ } END { for (i = 1; i <= 100; i++)
	    if (n[i " 0"] != 1 || n[i " 4"] != 7) { print i; exit 1 } }'
	same 200 "$(q 'SELECT count(*) FROM reservation')"
}
