# backup.bats - backup FILE: one moment of the store, whole, private, checked;
# restore FILE: back to that moment, and no token is good twice.

load helpers
eval "$(declare -f setup | sed '1s/setup/helpers_setup/')"
setup() {
	helpers_setup
	cat >"$BATS_TEST_TMPDIR/plan.md" <<-'END'
	# Plan

	## Sprint 1 : one

	#### Task 1.1 : first
	**Durée** : 1h

	#### Task 1.2 : second
	**Durée** : 1h
	**Dépendances** : 1.1

	#### Task 1.3 : third
	**Durée** : 1h
	END
	new "$BATS_TEST_TMPDIR/plan.md"
}


whole_file() { [ "$(sqlite3 "file:$1?immutable=1" 'PRAGMA integrity_check')" = ok ]; }
in_file() { sqlite3 "file:$1?immutable=1" "$2"; }

@test "backup: holds what the store does, and leaves nothing else" {
	as ada claim --next >/dev/null
	json 0 backup ../b.db
	is ".copied == $(q 'SELECT count(*) FROM task') and .newest_token == 1
	    and .events == $(q 'SELECT count(*) FROM event')
	    and .last_event == .events and .bytes > 4096 and (.replaced | not)"
	same "$(ls ..)" $'b.db\nhome\nplan.md\nwork'
	whole_file ../b.db
	same "$(sqlite3 'file:../b.db?immutable=1' .dump)" "$(q .dump)"
	code 0 t -q backup ../c.db
	same "$out" ../c.db
}

@test "backup: private, or the group's where the store is, whatever umask says" {
	umask 000
	t backup ../b.db >/dev/null
	same "$(stat -c %a ../b.db)" 600
	chmod 660 .tasks/taskctl.db
	umask 077
	t backup ../c.db >/dev/null
	same "$(stat -c %a ../c.db)" 660
}

@test "backup: under load it is one moment, and nobody waits for it" {
	local i pids=()
	for i in 1 2 3; do
		( for _ in {1..60}; do
			TASKCTL_AGENT=a$i t note 1.1 "$(printf %800d "$i")" || exit 1
		done ) >/dev/null &
		pids+=($!)
	done
	for i in {1..15}; do
		t backup "../$i.db" >/dev/null
	done
	for i in "${pids[@]}"; do wait "$i"; done
	for i in {1..15}; do
		whole_file "../$i.db"
		# A note and its event come in one transaction.
		same "$(in_file "../$i.db" 'SELECT count(*) FROM note')" \
		    "$(in_file "../$i.db" "SELECT count(*) FROM event WHERE kind = 'noted'")"
	done
	[ "$(in_file ../15.db 'SELECT count(*) FROM note')" -gt 0 ]
}

@test "backup: one that is stopped on its way keeps no writer waiting" {
	# At its first look at the disk it is stopped, with its snapshot open.
	strace -qq -f -o /dev/null -e inject=fsync:signal=STOP:when=1 \
	    taskctl backup ../b.db >/dev/null 3>&- &
	local tracer=$! pid
	pid=$(stopped_child $tracer)
	code 0 t --wait 2s claim 1.1 --agent ada
	[ ! -e ../b.db ]
	kill -CONT "$pid"
	wait $tracer
	same "$(in_file ../b.db "SELECT count(*) FROM lease")" 0
}

@test "backup: killed at every system call it leaves the old file or the new one" {
	local n=1 calls
	t backup ../b.db >/dev/null
	t note 1.1 more >/dev/null
	strace -qq -o ../calls taskctl backup ../b.db >/dev/null 3>&-
	calls=$(wc -l <../calls)
	rm ../calls
	[ "$calls" -gt 50 ]
	for ((n = 1; n <= calls; n += 1 + calls / 40)); do
		t note 1.1 "$n" >/dev/null
		strace -qq -f -o /dev/null -e "inject=all:signal=KILL:when=$n" \
		    taskctl backup ../b.db >/dev/null 2>&1 3>&- || true
		whole_file ../b.db
	done
	# And what they left beside it goes with the next one.
	code 0 t backup ../b.db
	same "$(ls ..)" $'b.db\nhome\nplan.md\nwork'
}

@test "backup: what is there stays, but for an older backup of the same work" {
	t backup ../b.db >/dev/null
	t note 1.1 later >/dev/null
	json 0 backup ../b.db
	is .replaced
	same "$(in_file ../b.db 'SELECT count(*) FROM note')" 1
	# One of other work, and what is none.
	mkdir ../other
	(cd ../other && t init && t backup ../o.db) >/dev/null
	rm -r ../other
	echo precious >../text
	: >../empty
	ln -s b.db ../link
	for file in ../o.db ../text ../empty ../link .tasks .tasks/taskctl.db \
	    .tasks/taskctl.db-wal /dev/null ../none/b.db; do
		before=$(sha256sum "$file" 2>/dev/null || true)
		refused 1 backup "$file"
		same "$before" "$(sha256sum "$file" 2>/dev/null || true)"
	done
	same "$(ls ..)" $'b.db\nempty\nhome\nlink\no.db\nplan.md\ntext\nwork'
	code 64 t backup
}

@test "backup: a damaged store is 10, and no file is made of it" {
	for _ in {1..40}; do t note 1.1 "$(printf %3000d 1)" >/dev/null; done
	q 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	# Somewhere in its last pages.
	size=$(stat -c %s .tasks/taskctl.db)
	head -c 4096 /dev/urandom |
	    dd of=.tasks/taskctl.db bs=4096 seek=$((size / 4096 - 5)) \
		conv=notrunc status=none
	code 10 t backup ../b.db
	same "$(ls ..)" $'home\nplan.md\nwork'
	# What only its own checks see.
	settled
	rm -r .tasks
	new "$BATS_TEST_TMPDIR/plan.md"
	q "PRAGMA writable_schema = ON;
	    DELETE FROM sqlite_schema WHERE name = 'dep_needs'"
	code 10 t backup ../b.db
	says 'never used'
	same "$(ls ..)" $'home\nplan.md\nwork'
}

@test "backup: disk full or no permission is 1, and what was there stays" {
	t backup ../b.db >/dev/null
	before=$(sha256sum ../b.db)
	t note 1.1 more >/dev/null
	for call in pwrite64:error=ENOSPC:when=3 fsync:error=EIO:when=1 \
	    rename,renameat,renameat2:error=EACCES; do
		code 1 strace -qq -f -o /dev/null -e "inject=$call" \
		    taskctl backup ../b.db
		same "$before" "$(sha256sum ../b.db)"
		same "$(ls ..)" $'b.db\nhome\nplan.md\nwork'
	done
}

# --- restore FILE -------------------------------------------------------------

# All rows but those of which a restore says that they are others.
rows() {
	sqlite3 "file:${1:-.tasks/taskctl.db}${2:-}" "
	    SELECT 'task', id, CASE state WHEN 'claimed' THEN 'open' ELSE state
		END, unmet, barred, key, title, attempts FROM task ORDER BY id;
	    SELECT 'note', * FROM note; SELECT 'line', * FROM line;
	    SELECT 'dep', * FROM dep; SELECT 'plan', * FROM plan;
	    SELECT 'event', * FROM event WHERE kind <> 'restored' ORDER BY id"
}
restored() { same "$(rows ../b.db '?immutable=1')" "$(rows)"; }

@test "restore FILE: as it was, and what was replaced is kept" {
	as ada claim 1.1 >/dev/null
	as ada 'done' 1.1 >/dev/null
	t backup ../b.db >/dev/null
	t note 1.2 'after the backup' >/dev/null
	before=$(dump)
	json 0 restore ../b.db
	is ".restored == 3 and .open_again == [] and .ended == []
	    and .newest_token == 4294967297 and .commit == null"
	# Nothing is beside the store that does not belong there.
	same "$(cd .tasks && ls -d taskctl.db* | grep -vE 'replaced|-log$')" \
	    $'taskctl.db\ntaskctl.db-queue\ntaskctl.db-shm\ntaskctl.db-wal'
	restored
	same "$before" "$(STORE=$(get .set_aside) dump)"
	same "$(stat -c %a "$(get .set_aside)")" 600
	[ "$(q 'SELECT id FROM store')" != "$(in_file ../b.db 'SELECT id FROM store')" ]
	# No event or token of before comes again, and it is no copy of itself.
	json 0 claim 1.2 --agent bob
	is '.lease.token > 4294967296'
	none=$(q "SELECT id FROM event WHERE kind = 'copied'")
	same "$none" ''
	[ "$(q "SELECT min(id) FROM event WHERE kind = 'restored'")" -gt 4294967296 ]
}

@test "restore FILE: no token from before it is good again, live, lapsed or later drawn" {
	local tokens=() one
	tokens+=("$(t -q claim 1.1 --agent ada --session s)")
	tokens+=("$(t -q claim 1.3 --agent ada --session s)")
	age 1.3 99999999
	t sweep >/dev/null
	t backup ../b.db >/dev/null
	t release 1.1 --agent ada --session s >/dev/null
	tokens+=("$(t -q claim 1.1 --agent bob --session s)")
	code 0 t restore ../b.db --force -m 'as it was' --agent eve
	says 1.1 ada bob
	for one in "${tokens[@]}"; do
		for agent in ada bob; do
			refused 6 'done' "${one% *}" --token "${one#* }" --agent $agent --session s
			refused 6 heartbeat "${one% *}" --token "${one#* }" --agent $agent --session s
		done
		refused 6 'done' "${one% *}" --agent ada --session s
	done
	same "$(state 1.1) $(state 1.3)" 'ready ready'
	json 0 claim 1.1 --agent ada --session s
	is '.already_held | not'
	[ "$(get .lease.token)" -gt 4294967298 ]
}

@test "restore FILE: what follows a change follows it too" {
	git init -q . && git config user.email a@b && git config user.name a
	t config git.auto on >/dev/null
	t backup ../b.db >/dev/null
	rm -f .tasks/sprint_status.json
	t restore ../b.db >/dev/null
	until_true test -e .tasks/sprint_status.json
	until_true git rev-parse -q --verify refs/heads/taskctl
}

@test "restore FILE: refused while leases live; --force ends them first, on record" {
	t backup ../b.db >/dev/null
	as bob claim 1.1 >/dev/null
	refused 4 restore ../b.db
	is '.error.message | contains("1.1 (bob)")'
	refused 64 restore ../b.db --force --agent eve
	refused 64 restore ../b.db --force -m why
	json 0 restore ../b.db --force -m 'a bad import' --agent eve
	is '.ended == ["1.1 (bob)"]'
	# On record in what was there, and in what is there now.
	same "$(in_file "$(get .set_aside)" \
	    "SELECT agent, data FROM event WHERE kind = 'forced'")" \
	    'eve|{"note":"a bad import"}'
	json 0 log
	is '.events[-1] | .kind == "restored" and .agent == "eve" and
	    .data.ended == ["1.1 (bob)"] and .data.why == "a bad import" and
	    .data.file == "../b.db"'
}

@test "restore FILE: twice from one backup, without anything that remembers" {
	local first second
	t backup ../b.db >/dev/null
	t restore ../b.db >/dev/null
	first=$(t -q claim 1.1 --agent ada --session s)
	settled
	rm -r .tasks
	code 0 t restore ../b.db
	second=$(t -q claim 1.1 --agent bob)
	[ "${second#* }" -gt "${first#* }" ]
	refused 6 'done' 1.1 --token "${first#* }" --agent ada --session s
	# And again, into what cannot be opened.
	head -c 200000 /dev/urandom >.tasks/taskctl.db
	code 10 t restore ../b.db
	# What cannot be kept stays, and is not said to be elsewhere.
	code 1 strace -qq -f -o /dev/null -e inject=link:error=EPERM \
	    taskctl restore ../b.db --force -m why --agent eve
	says 'cannot keep'
	says_not 'what was there is'
	code 0 t restore ../b.db --force -m why --agent eve
	says 'not a database'
	ls .tasks/taskctl.db-damaged-* >/dev/null
	third=$(t -q claim 1.1 --agent eve)
	[ "${third#* }" -gt "${second#* }" ]
}

@test "restore FILE: what git knows to have been drawn is not drawn again" {
	git init -q . && git config user.email a@b && git config user.name a
	t backup ../b.db >/dev/null
	t restore ../b.db >/dev/null
	as ada claim 1.1 >/dev/null
	t commit >/dev/null
	known=$(token 1.1)
	q "DELETE FROM event; UPDATE store SET token = 0, event = 0"
	code 0 t restore ../b.db --force -m why --agent eve
	[ "$(as bob -q claim 1.1 | cut -d' ' -f2)" -gt $((known + 4294967295)) ]
	[ "$(q 'SELECT event FROM store')" -gt $((2 * 4294967296)) ]
	code 0 t commit
}

@test "restore FILE: a backup of an older version is brought up to date" {
	t backup ../b.db >/dev/null
	sqlite3 ../b.db 'ALTER TABLE store DROP COLUMN floor_ms; DROP TABLE peer;
	    ALTER TABLE event DROP COLUMN origin;
	    ALTER TABLE event DROP COLUMN origin_id;
	    ALTER TABLE sprint DROP COLUMN goal; PRAGMA user_version = 4'
	rm -f ../b.db-*
	before=$(sha256sum ../b.db)
	code 0 t restore ../b.db
	same "$(q 'PRAGMA user_version')" 6
	same "$before" "$(sha256sum ../b.db)"
	[ ! -e ../b.db-wal ]
	code 0 t claim 1.1 --agent ada
}

@test "restore FILE: a store in use elsewhere, with its log, comes whole" {
	t note 1.1 'in the log' >/dev/null
	mkdir ../other && cd ../other
	code 0 t restore ../work/.tasks/taskctl.db
	same "$(q 'SELECT text FROM note')" 'in the log'
	code 0 t status
	cd ../work
	code 0 t claim 1.1 --agent ada
}

@test "restore FILE: a newer taskctl's store is not moved aside as damaged" {
	t backup ../b.db >/dev/null
	git init -q . && git config user.email a@b && git config user.name a
	t commit >/dev/null
	q 'PRAGMA user_version = 99'
	for from in ../b.db --from-git; do
		refused 10 restore "$from" --force -m why --agent eve
		is '.error.message | contains("newer taskctl")'
		is '.error.hint == "install the newer taskctl"'
	done
	same "$(ls .tasks | grep -c damaged)" 0
	# Nor is it said of a newer backup that another might do.
	q "PRAGMA user_version = $(in_file ../b.db 'PRAGMA user_version')"
	sqlite3 ../b.db 'PRAGMA user_version = 99'
	refused 10 restore ../b.db
	is '.error.hint | contains("install the newer taskctl")'
}

@test "restore FILE: what is no backup changes nothing" {
	t backup ../b.db >/dev/null
	echo text >../text
	: >../empty
	sqlite3 ../foreign.db 'CREATE TABLE t (x)'
	cp ../b.db ../newer.db
	sqlite3 ../newer.db 'PRAGMA user_version = 99' && rm -f ../newer.db-*
	cp ../b.db ../flipped.db
	head -c 4096 /dev/urandom | dd of=../flipped.db bs=4096 seek=5 conv=notrunc status=none
	head -c 20000 ../b.db >../short.db
	for file in text empty foreign.db newer.db flipped.db short.db; do
		refused 10 restore ../$file || { echo "it was $file"; return 1; }
	done
	refused 3 restore ../nowhere
	refused 1 restore .tasks/taskctl.db
	refused 64 restore
	refused 64 restore ../b.db --from-git
	refused 64 restore ../b.db --branch x
	same "$(ls .tasks | grep -c restore)" 0
	# Nor does it leave a folder where there was none.
	mkdir ../new && cd ../new
	code 10 t restore ../text
	[ ! -e .tasks ]
}

@test "restore FILE: killed at every system call it is the old store or the new one" {
	local n calls before after state
	t backup ../b.db >/dev/null
	t note 1.1 'only in the old one' >/dev/null
	# taskctl becomes its helper: that is what is killed.
	helper=$(dirname "$(realpath "$(command -v taskctl)")")/taskctl-git
	strace -qq -f -o ../calls "$helper" restore ../b.db >/dev/null 3>&-
	calls=$(grep -c . ../calls)
	[ "$calls" -gt 100 ]
	for ((n = 1; n <= calls; n += 1 + calls / ${RESTORE_KILLS:-50})); do
		t note 1.1 'only in the old one' >/dev/null
		strace -qq -f -o /dev/null -e "inject=all:signal=KILL:when=$n" \
		    "$helper" restore ../b.db >/dev/null 2>&1 3>&- || true
		same "$(q 'PRAGMA integrity_check')" ok
		case $(q "SELECT count(*) > 0, (SELECT kind FROM event ORDER BY
		    id DESC LIMIT 1) FROM note") in
		'1|noted' | '0|restored') ;;
		*) q 'SELECT * FROM note; SELECT id, kind FROM event'; return 1 ;;
		esac
		code 0 t --wait 2s status
	done
	code 0 t restore ../b.db
	same "$(ls .tasks | grep -c restore)" 0
	restored
}

@test "restore FILE: a sync that fails is a refusal, and the old store stays" {
	local n calls got refused=0
	t backup ../b.db >/dev/null
	t note 1.1 'only in the old one' >/dev/null
	strace -qq -f -o ../calls -e trace=fdatasync taskctl restore ../b.db \
	    >/dev/null 3>&-
	calls=$(grep -c fdatasync ../calls)
	[ "$calls" -gt 3 ]
	for ((n = 1; n <= calls; n++)); do
		t note 1.1 'only in the old one' >/dev/null
		got=0
		strace -qq -f -o /dev/null \
		    -e "inject=fdatasync:error=EIO:when=$n" \
		    taskctl restore ../b.db >/dev/null 2>&1 3>&- || got=$?
		same "$got $(q 'SELECT count(*) > 0 FROM note')" \
		    "$([ $got -eq 0 ] && echo '0 0' || echo '1 1')"
		refused=$((refused + got))
	done
	[ $refused -gt 3 ]
}

@test "restore FILE: those who wait in the queue meanwhile find what was restored" {
	t backup ../b.db >/dev/null
	as ada claim 1.1 >/dev/null
	old=$(token 1.1)
	# It stops in the middle of its turn.
	helper=$(dirname "$(realpath "$(command -v taskctl)")")/taskctl-git
	strace -qq -f -o /dev/null -P "$PWD/.tasks/taskctl.db-wal" \
	    -e inject=pwrite64:signal=STOP:when=9 "$helper" restore ../b.db \
	    --force -m why --agent eve >/dev/null 3>&- &
	local tracer=$! pid
	pid=$(stopped_child $tracer)
	taskctl 'done' 1.1 --token "$old" --agent ada --session ada-1 \
	    >/dev/null 2>&1 3>&- &
	local waiter=$! got=0
	sleep 0.3
	kill -CONT "$pid"
	wait $tracer
	wait $waiter || got=$?
	same "$got" 6
	same "$(state 1.1)" ready
}

@test "restore FILE: who runs a task across it is told, and has done nothing" {
	t backup ../b.db >/dev/null
	as ada run 1.1 -- sh -c 'touch ../on;
	    while [ ! -e ../go ]; do sleep 0.05; done' \
	    >../ran 2>&1 3>&- &
	until_true test -e ../on
	rm .tasks/taskctl.db*
	t restore ../b.db >/dev/null
	as bob claim 1.1 >/dev/null
	touch ../go
	code 6 wait $!
	same "$(q "SELECT state FROM task WHERE key = '1.1'")" claimed
	code 0 as bob 'done' 1.1
}

@test "restore FILE: what cannot be taken up again moves nothing, not by force" {
	local before
	as bob claim 1.1 >/dev/null
	t backup ../b.db >/dev/null
	cp ../b.db ../c.db
	sqlite3 ../b.db 'DELETE FROM store'
	sqlite3 ../c.db 'UPDATE store SET token = 9223372036854775807'
	before=$(dump)
	for file in ../b.db ../c.db; do
		json 10 restore "$file" --force -m why --agent eve
		is '.error.hint | contains("nothing was changed")'
		same "$before" "$(dump)"
	done
}

# One that has its moment, and is stopped before it is in its place.
stopped_backup() {
	strace -qq -f -o /dev/null -e inject=fsync:signal=STOP:when=1 \
	    taskctl backup ../b.db >../first 2>&1 3>&- &
	tracer=$!
	pid=$(stopped_child $tracer)
}

@test "backup: of two at once to one name the newer one stays" {
	local tracer pid
	t backup ../b.db >/dev/null
	for there in yes no; do
		[ $there = yes ] || rm ../b.db
		stopped_backup
		t note 1.1 "with one there: $there" >/dev/null
		t backup ../b.db >/dev/null
		before=$(sha256sum ../b.db)
		kill -CONT "$pid"
		code 1 wait $tracer
		grep -q 'holds what this' ../first
		same "$before" "$(sha256sum ../b.db)"
	done
	same "$(ls ..)" $'b.db\nfirst\nhome\nplan.md\nwork'
	# Who puts it there has the folder to himself.
	flock .. sleep 9 3>&- &
	tracer=$!
	until_true no flock -n .. true
	refused 9 --wait 1s backup ../c.db
	is '.error.message | contains("somebody else")'
	kill $tracer
	[ ! -e ../c.db ]
}

@test "backup: no log of another is removed, or played into it" {
	for log in ../b.db-wal ../b.db-journal; do
		echo log >$log
		refused 1 backup ../b.db
		is ".error.message | contains(\"$log\")"
		same "$(cat $log)" log
		rm $log
	done
	t backup ../b.db >/dev/null
	t note 1.1 more >/dev/null
	echo log >../b.db-wal
	before=$(sha256sum ../b.db)
	refused 1 backup ../b.db
	same "$before" "$(sha256sum ../b.db)"
}

@test "backup, restore: what the dead have left goes, but not another container's" {
	local space dead=4194300
	space=$(stat -L -c %i /proc/self/ns/pid)
	no kill -0 $dead
	t backup ../b.db >/dev/null
	for name in ../b.db.part .tasks/taskctl.db-restore; do
		echo >"$name-$dead-$space"
		echo >"$name-$dead-$space-wal"
		echo >"$name-$dead-1"
		echo >"$name-$$-$space"
	done
	t backup ../b.db >/dev/null
	t restore ../b.db >/dev/null
	for name in ../b.db.part .tasks/taskctl.db-restore; do
		[ ! -e "$name-$dead-$space" ] && [ ! -e "$name-$dead-$space-wal" ]
		[ -e "$name-$dead-1" ] && [ -e "$name-$$-$space" ]
	done
	json 0 doctor
	is "[.findings[] | select(.code == \"kept-copy\") | .where] |
	    contains([\"taskctl.db-restore-$dead-1\"])"
}

@test "backup: not under the name of a file that is a database's own" {
	rm -f .tasks/taskctl.db-journal
	refused 1 backup .tasks/taskctl.db-journal
	[ ! -e .tasks/taskctl.db-journal ]
	refused 1 backup ../x-wal
}
