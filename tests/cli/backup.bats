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
	until_true pgrep -P $tracer
	pid=$(pgrep -P $tracer)
	until_true grep -q '^State:.[Tt]' "/proc/$pid/status"
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
