# permissions.bats - private to the user or the group; planted links and foreign
# folders are refused.

load helpers

modes() { (cd .tasks && stat -c '%n %a' "$@"); }

# Something precious, that a link leads to: it must be as it was afterwards.
precious() {
	echo precious >../precious
	chmod 666 ../precious
}
untouched() { same "$(cat ../precious)" precious; }

@test "private: store, log, index, queue, locks and backups, whatever umask says" {
	umask 000
	new kitchen
	t config lock_files on >/dev/null
	chmod 755 .tasks
	t claim --next --agent ada >/dev/null
	t backup ../b.db >/dev/null
	t restore ../b.db --force -m why --agent eve >/dev/null
	same "$(modes taskctl.db taskctl.db-wal taskctl.db-shm taskctl.db-queue locks)" \
	    $'taskctl.db 600\ntaskctl.db-wal 600\ntaskctl.db-shm 600\ntaskctl.db-queue 600\nlocks 700'
	same "$(cd .tasks && stat -c %a taskctl.db-replaced-*)" 600
	same "$(stat -c %a ../b.db)" 600
}

@test "shared: a repository that is its group's has a coordinator that is too" {
	local how
	for how in group all 0660; do
		settled
		rm -rf .git .tasks
		git init -q --shared=$how .
		umask 077
		new kitchen
		same "$(modes config.json)" 'config.json 660'
		t config lock_files on >/dev/null
		t claim --next --agent ada >/dev/null
		same "$(stat -c %a .tasks | cut -c 1-3)" 277
		same "$(modes taskctl.db taskctl.db-wal taskctl.db-shm taskctl.db-queue locks)" \
		    $'taskctl.db 660\ntaskctl.db-wal 660\ntaskctl.db-shm 660\ntaskctl.db-queue 660\nlocks 2770'
		# Made in the background.
		until_true eval '[ "$(modes taskctl.db-log)" = "taskctl.db-log 660" ]'
		umask 022
	done
	for how in umask false 0600; do
		settled
		rm -rf .git .tasks
		git init -q . && git config core.sharedRepository $how
		new kitchen
		same "$(stat -c %a .tasks)" 755
		same "$(modes taskctl.db)" 'taskctl.db 600'
	done
}

@test "shared: locks/ is the group's, also if its maker is killed right behind it" {
	git init -q --shared=group .
	new kitchen
	t config lock_files on >/dev/null
	umask 077
	# The fourth umask is the one behind mkdir; one that had a chmod there.
	strace -qq -f -o /dev/null -e inject=chmod:signal=KILL:when=1 \
	    -e inject=umask:signal=KILL:when=4 taskctl claim --next --agent ada &&
	    return 1
	same "$(modes locks)" 'locks 2770'
	umask 022
}

@test "shared: .tasks/ is the group's whose the repository is, whoever makes it" {
	need_root
	git init -q --shared=group .
	chgrp -R 4711 .git
	t init >/dev/null
	same "$(stat -c '%g %a' .tasks)" '4711 2775'
	same "$(stat -c '%g %a' .tasks/taskctl.db)" '4711 660'
}

@test "shared: two users of one group work together, a third is refused" {
	need_root
	git init -q --shared=group .
	chgrp -R 4711 . && chmod g+rwxs .
	open_way
	chmod go+rx "$BATS_TEST_TMPDIR/work" "$HOME"
	t init >/dev/null
	same "$(stat -c %g .tasks)" 4711
	member() {
		setpriv --reuid "$1" --regid "$1" --groups 4711 \
		    env HOME=/nonexistent GIT_CONFIG_COUNT=0 \
		    taskctl "${@:2}" 3>&-
	}
	code 0 member 5001 config git.auto off
	code 0 member 5001 add 1.1 One
	code 0 member 5002 claim 1.1 --agent bob
	code 0 member 5001 status
	code 1 as_nobody taskctl claim 1.1 --agent eve
	# Its backup is that group's, and not the first one of who makes it.
	mkdir -m 777 ../out
	code 0 member 5002 backup ../out/b.db
	same "$(stat -c '%a %g' ../out/b.db)" '660 4711'
	code 0 member 5002 'done' 1.1 --agent bob
}

@test "links: in the place of the store, its log or its index: 1, and not followed" {
	local file kind
	new kitchen
	for file in taskctl.db taskctl.db-wal taskctl.db-shm; do
		for kind in file nowhere ours; do
			# What goes on in the background may still write there.
			until_true rm -rf .tasks
			new kitchen
			precious
			cp .tasks/$file ../copy
			case $kind in
			file) to=../../precious ;;
			nowhere) to=$BATS_TEST_TMPDIR/not-there ;;
			ours) to=$BATS_TEST_TMPDIR/copy ;;
			esac
			ln -sf "$to" .tasks/$file
			for command in 'claim --next --agent ada' status; do
				# shellcheck disable=SC2086
				json 1 $command || { echo "$file $kind $command"; return 1; }
				is '.error.message | contains("symbolic link")'
			done
			[ $file != taskctl.db ] || json 1 init
			untouched
			[ ! -e ../not-there ]
		done
	done
}

@test "links: in the place of the queue, the configuration, the lock files" {
	new kitchen
	precious
	for file in taskctl.db-queue config.json; do
		mv .tasks/$file ../kept
		ln -s ../../precious .tasks/$file
		json 1 claim --next --agent ada
		is '.error.message | contains("symbolic link")'
		untouched
		mv ../kept .tasks/$file
	done
	t config lock_files on >/dev/null
	mkdir ../outside
	ln -s ../../outside .tasks/locks
	json 1 claim --next --agent ada
	is '.error.message | contains("symbolic link")'
	same "$(ls ../outside)" ''
	# Also where a lease lives already, and where its end would unlink.
	rm .tasks/locks
	t claim --next --agent ada >/dev/null
	mv .tasks/locks/* ../outside && rmdir .tasks/locks
	ln -s ../../outside .tasks/locks
	before=$(cd ../outside && sha256sum ./* | sort)
	t heartbeat --all --agent ada >/dev/null 2>&1
	same "$before" "$(cd ../outside && sha256sum ./* | sort)"
}

@test "links: what is written beside is replaced, and never followed" {
	new kitchen
	precious
	ln -sf ../../precious .tasks/sprint_status.json
	t claim --next --agent ada >/dev/null
	t 'done' "$(t -q mine --agent ada)" --agent ada >/dev/null
	until_true test ! -L .tasks/sprint_status.json
	untouched
	# The name of the file beside it can be foretold, and be planted.
	(
		ln -s ../../precious ".tasks/config.json.$BASHPID"
		exec taskctl config ttl 1h >/dev/null 3>&-
	)
	untouched
	[ ! -L .tasks/config.json ]
}

@test "links: a store of two names, with a log for each, grants nothing" {
	new kitchen
	q 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	before=$(dump)
	mkdir -p ../other/.tasks
	ln .tasks/taskctl.db ../other/.tasks
	json 1 claim --next --agent ada
	is '.error.message | contains("2 names")'
	json 1 -C ../other claim --next --agent bob
	json 1 doctor
	is 'any(.findings[]; .code == "hard-link" and
	    (.message | contains("2 names")))'
	code 0 t status
	same "$before" "$(dump)"
	rm -rf ../other
	code 0 t claim --next --agent ada
}

@test "foreign: another user's .tasks/ is refused, unless it is named as trusted" {
	need_root
	new kitchen
	settled
	chown -R 12345 .tasks
	before=$(dump)
	for command in status 'claim --next --agent eve' init 'backup ../b.db' doctor; do
		# shellcheck disable=SC2086
		json 1 $command
		is '.error.message | contains("12345")'
		is '.error.hint | contains("TASKCTL_SAFE_DIRECTORY")'
	done
	same "$before" "$(dump)"
	[ ! -e ../b.db ]
	export TASKCTL_SAFE_DIRECTORY=/elsewhere
	code 1 t status
	TASKCTL_SAFE_DIRECTORY=/elsewhere:$PWD
	code 0 t status
	TASKCTL_SAFE_DIRECTORY=*
	code 0 t status
	unset TASKCTL_SAFE_DIRECTORY
	# sudo: root may what the user may who called it.
	SUDO_UID=12345 code 0 t status
	SUDO_UID=777 code 1 t status
}

@test "foreign: a folder that everybody may write is nobody's to trust" {
	need_root
	new kitchen
	settled
	chown -R 12345:12345 .tasks
	chmod -R a+rwX .tasks
	open_way
	chmod go+rwx .
	code 1 as_nobody taskctl status
	says 12345
	# Nor is root's, to anybody else.
	chown -R 0:0 .tasks
	code 1 as_nobody taskctl status
	says 'belongs to another user (uid 0)'
	chown -R 12345:12345 .tasks
	# A group's, for those who are in it, and not for others.
	chmod -R o-w .tasks
	code 1 as_nobody taskctl status
	chgrp -R 65534 .tasks
	code 0 as_nobody taskctl status
}

@test "lock files: a pipe among them keeps nobody waiting" {
	new kitchen
	t config lock_files on >/dev/null
	mkdir .tasks/locks
	mkfifo .tasks/locks/task_9.lock
	code 0 timeout 5 taskctl claim --next --agent ada
	code 0 timeout 5 taskctl doctor
}

@test "config.json: a pipe in its place keeps nobody waiting" {
	new kitchen
	rm -f .tasks/config.json
	mkfifo .tasks/config.json
	code 8 timeout 5 taskctl status
}
