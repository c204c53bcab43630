# doctor.bats - doctor finds each thing that can be wrong, changes nothing, and
# says the next step.

load helpers

eval "$(declare -f setup | sed '1s/setup/helpers_setup/')"
setup() {
	helpers_setup
	cat >plan.md <<-'END'
	# Plan

	## Sprint 1 : one

	#### Task 1.1 : first
	**Durée** : 1h

	#### Task 1.2 : second
	**Durée** : 1h
	**Dépendances** : 1.1

	#### Task 1.3 : third
	**Durée** : 1h
	**Parallélisable** : ❌ (one)

	#### Task 1.4 : fourth
	**Durée** : 1h
	**Parallélisable** : ❌ (one)

	## Sprint 2 : two

	#### Task 2.1 : fifth
	**Durée** : 1h
	END
	new plan.md
}

# It is found, with that exit code, and nothing was changed: finds CODE EXIT.
finds() {
	local before
	before=$(dump)
	json "$2" doctor
	is "any(.findings[]; .code == \"$1\" and (.next | length > 5)
	    and (.message | length > 5))" &&
	    same "$before" "$(dump)"
}
finds_not() { is "all(.findings[]; .code != \"$1\")"; }
nothing() { is 'all(.findings[]; .severity == "note")'; }

@test "doctor: nothing is wrong with what was worked on" {
	as ada claim 1.1 >/dev/null
	as ada 'done' 1.1 >/dev/null
	as ada claim 1.3 >/dev/null
	json 0 doctor
	nothing
	is '[.checks[] | select(.state == "ok") | .name] | length >= 12'
	code 0 t doctor
	says '[+] store' 'nothing is wrong'
	code 0 t -q doctor
	same "$out" sqlite-wal-reset
	code 3 t -C / doctor
}

@test "doctor --codes is the page of the documentation" {
	code 0 t doctor --codes
	diff - "$ROOT/docs/DOCTOR.md" <<<"$out"
	json 0 doctor --codes
	is '.codes | length > 30 and all(.code and .severity and .meaning and
	    .next) and ([.[].code] | unique | length) == length'
	# Told in the order of the checks, and none suggests what destroys.
	if grep -nE 'rm |--force|delete|DROP' <<<"$out"; then return 1; fi
}

@test "doctor: every count and counter that is wrong is 10" {
	local sql found
	as ada claim 1.3 >/dev/null
	q 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	cp .tasks/taskctl.db ../sound.db
	while IFS='|' read -r found sql; do
		rm -f .tasks/taskctl.db-[ws]*
		cp ../sound.db .tasks/taskctl.db
		q "$sql"
		finds "$found" 10 || { echo "it was: $sql"; return 1; }
		code 10 t doctor
		says '[x]'
	done <<-'END'
	wrong-count|UPDATE task SET unmet = 0 WHERE key = '1.2'
	wrong-count|UPDATE task SET unmet = 2 WHERE key = '1.1'
	wrong-count|UPDATE sprint SET remaining = 1 WHERE key = '1'
	wrong-count|UPDATE task SET barred = 0 WHERE key = '2.1'
	wrong-count|UPDATE task SET barred = 4 WHERE key = '1.1'
	claim-and-lease|UPDATE task SET state = 'open' WHERE key = '1.3'
	claim-and-lease|DELETE FROM lease
	claim-and-lease|UPDATE lease SET ended = 'released'
	mutex-twice|UPDATE task SET state = 'claimed' WHERE key = '1.4'
	wrong-counter|UPDATE store SET event = event - 1
	wrong-counter|UPDATE store SET token = 0
	wrong-counter|INSERT INTO event VALUES (99, 1, 'claimed', 1, 'a', 's', 1, NULL, NULL, NULL); UPDATE store SET event = 99
	cycle|INSERT INTO dep VALUES (1, 2, 'hand'); UPDATE task SET unmet = 1 WHERE id = 1
	damaged-store|PRAGMA foreign_keys = OFF; INSERT INTO note VALUES (1, 77, 1, 'a', 'of nothing')
	damaged-store|DROP TABLE reservation
	damaged-store|DELETE FROM lane
	damaged-store|DELETE FROM store
	damaged-store|UPDATE store SET token = 9223372036854775807
	damaged-store|UPDATE store SET token = -5
	damaged-store|UPDATE task SET norm = '9.9' WHERE key = '1.3'
	damaged-store|DROP INDEX task_ready
	damaged-store|ALTER TABLE sprint DROP COLUMN goal
	damaged-store|CREATE TRIGGER t AFTER UPDATE ON lease BEGIN UPDATE task SET unmet = 0; END
	damaged-store|PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'dep_needs'
	damaged-store|PRAGMA application_id = 5
	newer-schema|PRAGMA user_version = 99
	END
}

@test "doctor: what is only strange is told, and is no error" {
	as ada claim 1.1 >/dev/null
	q "UPDATE task SET state = 'done' WHERE key = '1.4';
	    UPDATE sprint SET remaining = 3 WHERE key = '1'"
	finds history-differs 0
	mv plan.md elsewhere.md
	finds plan-gone 0
	q "UPDATE event SET at_ms = at_ms + 100000"
	finds clock-behind 0
	age 1.1 99999999
	finds lapsed-lease 0
	q "UPDATE store SET boot = 'other'"
	finds another-boot 0
	q "UPDATE store SET inode = 5"
	finds copied-store 0
	q 'PRAGMA user_version = 4'
	finds older-schema 0
}

@test "doctor: a lease and a history of which something is missing, or another" {
	local sql
	as ada claim 1.1 >/dev/null
	q 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	cp .tasks/taskctl.db ../sound.db
	for sql in "UPDATE lease SET agent = 'eve'" \
	    'UPDATE lease SET expires_boot = 9000000000000000' \
	    'DELETE FROM event WHERE id = 2' \
	    "UPDATE event SET data = 'x{' WHERE id = 2"; do
		rm -f .tasks/taskctl.db-[ws]*
		cp ../sound.db .tasks/taskctl.db
		q "$sql"
		finds history-differs 0 || { echo "it was: $sql"; return 1; }
	done
}

@test "a counter that taskctl never gives is corruption: nothing is drawn from it" {
	local counter
	for counter in 'token = 9223372036854775807' 'token = -5' 'event = -1'; do
		q "UPDATE store SET $counter"
		refused 10 claim 1.1 --agent ada
		is '.error.message | contains("counters")'
		q 'UPDATE store SET token = 0, event = (SELECT max(id) FROM event)'
	done
	code 0 t claim 1.1 --agent ada
}

@test "doctor: leases against processes" {
	sleep 100 3>&- &
	local pid=$!
	as ada claim 1.1 --pid $pid >/dev/null
	as bob claim 1.3 >/dev/null
	json 0 doctor
	nothing
	kill $pid
	wait $pid 2>/dev/null || true
	finds dead-holder 0
	is 'any(.findings[]; .code == "dead-holder" and .where == "1.1")'
	q "UPDATE lease SET host = 'far' WHERE agent = 'bob'"
	finds holder-elsewhere 0
}

@test "doctor: lock files against leases" {
	t config lock_files on >/dev/null
	as ada claim 1.1 >/dev/null
	json 0 doctor
	nothing
	cp -p .tasks/locks/task_1_1.lock ../lock
	rm -f .tasks/locks/task_1_1.lock
	finds missing-lock-file 0
	t release 1.1 --force -m why --agent eve >/dev/null
	mv ../lock .tasks/locks/task_1_1.lock
	finds stale-lock-file 0
	t note 1.2 'a change' >/dev/null
	json 0 doctor
	nothing
	echo '{"agent_id": "old", "task_id": "task_1_3"}' >.tasks/locks/task_1_3.lock
	finds old-lock-file 0
	is 'any(.findings[]; .message | contains("old"))'
}

@test "doctor: who holds the queue, stopped or for long, and who pins the log" {
	strace -qq -f -o /dev/null -e inject=fdatasync:signal=STOP:when=1 \
	    taskctl claim 1.1 --agent ada >/dev/null 3>&- &
	local tracer=$! pid
	pid=$(stopped_child $tracer)
	code 1 t --json doctor
	is "any(.findings[]; .code == \"queue-stopped\" and
	    (.next | contains(\"kill -CONT $pid\")))"
	kill -CONT "$pid"
	wait $tracer
	json 0 doctor
	finds_not queue-stopped
	# A reader in the middle of its transaction.
	mkfifo ../ask
	sqlite3 -readonly .tasks/taskctl.db <../ask >../answer 3>&- &
	local reader=$!
	exec 9>../ask
	echo 'BEGIN; SELECT count(*) FROM task;' >&9
	until_true test -s ../answer
	json 0 doctor
	is "any(.checks[]; .name == \"log\" and (.said | contains(\"$reader\")))"
	kill -STOP $reader
	until_true grep -q '^State:.[Tt]' "/proc/$reader/status"
	json 0 doctor
	is "any(.findings[]; .code == \"log-pinned\" and
	    (.next | contains(\"$reader\")))"
	kill -CONT $reader
	exec 9>&-
	wait $reader
	head -c 5000000 /dev/zero >>.tasks/taskctl.db-wal
	json 0 doctor
	is 'any(.findings[]; .code == "long-log")'
}

@test "doctor: who has had the turn for long is named" {
	mkfifo ../ask
	sqlite3 .tasks/taskctl.db <../ask >../answer 3>&- &
	local other=$! claim
	exec 9>../ask
	echo 'BEGIN IMMEDIATE; SELECT 1;' >&9
	until_true test -s ../answer
	# It has its turn, and waits for that one.
	taskctl --wait 60s claim 1.1 --agent ada >/dev/null 2>&1 3>&- 9>&- &
	claim=$!
	until_true eval 'tail -c +81 .tasks/taskctl.db-queue | grep -q "^$claim "'
	json 0 doctor
	finds_not queue-held
	dynamic_taskctl
	cc -w -shared -fPIC -o ../clocks.so "$ROOT/tests/stress/clocks.c"
	code 0 env LD_PRELOAD="$PWD/../clocks.so" BOOT_ADD_MS=11000 \
	    taskctl --json doctor 9>&-
	is "any(.findings[]; .code == \"queue-held\" and
	    (.message | contains(\"process $claim has had the writers' turn\")))"
	exec 9>&-
	wait $other $claim
}

@test "doctor: a changed byte of the log, before anybody writes over it" {
	local frames
	for i in 1 2 3 4; do t note 1.1 "note $i" >/dev/null; done
	t sweep >/dev/null
	frames=$((($(stat -c %s .tasks/taskctl.db-wal) - 32) / 4120))
	[ $frames -gt 5 ]
	json 0 doctor
	finds_not changed-log
	# In the page of the third frame from the end.
	printf '\377' | dd of=.tasks/taskctl.db-wal bs=1 conv=notrunc status=none \
	    seek=$((32 + (frames - 3) * 4120 + 24 + 99))
	json 10 doctor
	is "any(.findings[]; .code == \"changed-log\" and
	    (.message | contains(\"frame $((frames - 2)) \")))"
	# Nobody else says a word of it, and the next change is written there.
	code 0 t status
	code 0 t note 1.1 'over it'
	json 0 doctor
	finds_not changed-log
}

@test "doctor: a store that was taken out of its log, and comes back to it" {
	# Not while the background looks into it.
	until_true q 'PRAGMA journal_mode = DELETE'
	finds no-log 0
	code 0 t status
	json 0 doctor
	is 'any(.findings[]; .code == "no-log")'
	# With the next change while nobody reads.
	until_true eval 't note 1.1 x && [ -e .tasks/taskctl.db-wal ]'
	same "$(cd .tasks && stat -c %a taskctl.db-wal taskctl.db-shm)" $'600\n600'
	json 0 doctor
	finds_not no-log
	same "$(q 'PRAGMA journal_mode')" wal
}

@test "doctor: files: modes, owners, links, what restores keep" {
	chmod 644 .tasks/taskctl.db
	finds open-to-others 0
	chmod 660 .tasks/taskctl.db
	finds mode-differs 0
	# The background's log takes the mode that it finds.
	chmod 600 .tasks/taskctl.db*
	chmod 777 .tasks
	finds open-to-others 0
	is 'all(.findings[] | select(.code == "open-to-others");
	    .next | contains("chmod o-w"))'
	chmod 755 .tasks
	# Whoever may write there says which store is used.
	chmod 666 .tasks/config.json
	finds open-to-others 0
	is 'any(.findings[]; .next == ("Close it: chmod o-w " + .where))'
	chmod 644 .tasks/config.json
	# The group may have the store, but not the token of serve.
	echo secret >.tasks/taskctl.db-serve
	chmod 640 .tasks/taskctl.db-serve
	finds open-to-others 0
	eval "$(get '.findings[] | select(.code == "open-to-others") | .next
	    | ltrimstr("Close it: ")')"
	same 600 "$(stat -c %a .tasks/taskctl.db-serve)"
	json 0 doctor
	finds_not open-to-others
	rm .tasks/taskctl.db-serve
	rm -f .tasks/taskctl.db-log
	ln -s /etc/passwd .tasks/taskctl.db-log
	finds symbolic-link 1
	rm .tasks/taskctl.db-log
	ln -s /etc/passwd .tasks/sprint_status.json.x
	rm -f .tasks/sprint_status.json
	ln -s /etc/passwd .tasks/sprint_status.json
	finds symbolic-link 1
	rm .tasks/sprint_status.json
	t backup ../b.db >/dev/null
	t restore ../b.db >/dev/null
	finds kept-copy 0
	[ "$(id -u)" -eq 0 ] || return 0
	chown 65534 .tasks/taskctl.db-queue
	finds foreign-owner 0
}

@test "doctor: who may look and not change is told so" {
	need_root
	open_way
	settled
	chmod -R go+rX .
	t sweep >/dev/null
	json 0 doctor
	finds_not not-writable
	code 0 as_guest taskctl --json doctor
	is 'any(.findings[]; .code == "not-writable")'
	unshare -m true 2>/dev/null || return 0
	code 0 unshare -m sh -ec 'mount --bind . .
	    mount -o remount,ro,bind . && cd "$PWD" && taskctl --json doctor'
	is 'any(.findings[]; .code == "not-writable" and
	    (.message | contains("Read-only")))'
}

@test "doctor: a folder or a pipe in a file's place is named, and keeps it from nothing" {
	local file plant
	q 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	for file in taskctl.db-queue taskctl.db-wal taskctl.db-shm sprint_status.json; do
		for plant in mkdir mkfifo; do
			rm -rf ".tasks/$file"
			$plant ".tasks/$file"
			code 1 timeout 10 taskctl --json doctor
			is "any(.findings[]; .code == \"not-a-file\" and
			    (.where | endswith(\"$file\")))"
			rm -rf ".tasks/$file"
		done
	done
	rm -rf .tasks/locks
	echo >.tasks/locks
	json 1 doctor
	is 'any(.findings[]; .code == "not-a-file")'
	rm .tasks/locks
	json 0 doctor
	finds_not not-a-file
}

@test "doctor: without a store, or with what is none, it still tells the rest" {
	echo '{"ttl": "soon"}' >.tasks/config.json
	json 1 doctor
	is 'any(.findings[]; .code == "bad-config") and
	    any(.checks[]; .name == "counts" and .state == "ok")'
	rm .tasks/config.json .tasks/taskctl.db-*
	head -c 50000 /dev/urandom >.tasks/taskctl.db
	json 10 doctor
	is 'any(.findings[]; .code == "damaged-store") and
	    any(.checks[]; .name == "sqlite")'
	rm .tasks/taskctl.db*
	json 1 doctor
	is 'any(.findings[]; .code == "no-store")'
}

@test "doctor: the progress branch against the store" {
	git init -q . && git config user.email a@b && git config user.name a
	json 0 doctor
	is 'any(.checks[]; .name == "git" and .state == "skipped")'
	t commit >/dev/null
	json 0 doctor
	nothing
	finds_not git-behind
	# However this user has trailers separated.
	git config trailer.separators =
	json 0 doctor
	finds_not git-foreign
	git config --unset trailer.separators
	t backup ../b.db >/dev/null
	t note 1.1 more >/dev/null
	finds git-behind 0
	t commit >/dev/null
	# Put back behind taskctl's back.
	rm .tasks/taskctl.db-*
	cp ../b.db .tasks/taskctl.db
	finds git-ahead 0
	settled
	rm -r .tasks
	t init >/dev/null
	json 0 doctor
	is 'any(.findings[]; .code | startswith("git-"))'
	git checkout -q --orphan x && git commit -q --allow-empty -m mine
	git branch -f taskctl x
	finds git-foreign 0
	# What is written above the last paragraph is no trailer.
	git commit -q --amend --allow-empty -m mine -m $'Last-Event: 1\nStore: 0' \
	    -m 'so it said'
	git branch -f taskctl x
	finds git-foreign 0
	is 'any(.findings[]; .message | contains("not made by taskctl"))'
	code 0 t doctor
	says 'git-foreign'
}

@test "doctor: what could not be asked is not called ok" {
	q 'DROP TABLE dep'
	json 10 doctor
	is 'all(.checks[] | select(.name == ("counts", "order"));
	    .state == "skipped")'
	is 'any(.findings[]; .code == "unreadable-store")'
}
