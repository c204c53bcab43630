# bad_input.bats - what cannot be right is refused whole: the clear error, the
# exit code of the contract, and nothing changed.

load helpers

head='# P

## Sprint 1 : One
'

# Refused with 8, as FILE:LINE:COLUMN, and nothing changed: by import and lint.
bad() {
	local file=$1 line=$2 column=$3
	refused 8 import "$file" || return 1
	is ".error.file == \"$file\" and .error.line == $line and
	    .error.column == $column" || return 1
	is ".error.message | startswith(\"$file:$line:$column: \")" || return 1
	code 8 t import "$file" && says "$file:$line:$column: " '[invalid]' &&
	    code 8 t lint "$file" && says "$file:$line:$column: "
}

@test "an empty plan" {
	new kitchen
	: >p.md
	bad p.md 1 1
	printf '\n\n  \n' >p.md
	bad p.md 1 1
}

@test "a plan without any task" {
	new kitchen
	printf '# Poem\n\nRoses are red.\n' >p.md
	refused 8 import p.md
	is '.error.line == 1 and .error.column == 1'
}

@test "a binary plan" {
	new kitchen
	printf '# P\n\n#### Task 1.1 : A\n\0\1\2\n' >p.md
	bad p.md 4 1
	printf '\x7fELF\2\1\1\0\0\0\0' >p.md
	refused 8 import p.md
	says p.md:1:
}

@test "a plan that is not UTF-8 and no damage that is known" {
	new kitchen
	printf '%s\n#### Task 1.1 : caf\xe9 \xff\xfe\n' "$head" >p.md
	bad p.md 5 20
}

@test "a plan over 64 MiB" {
	new kitchen
	truncate -s $((64 * 1024 * 1024 + 1)) p.md
	bad p.md 1 1
	says 64
}

@test "a plan that is a folder, that cannot be read, that is not there" {
	new kitchen
	mkdir p.md
	refused 8 import p.md
	refused 3 import nowhere.md
	need_root
	cp "$PLANS/kitchen.md" secret.md
	chmod 0 secret.md
	chmod 777 .
	open_way
	code 1 as_nobody env PATH="$PATH" taskctl lint secret.md
	says secret.md '[failed]'
}

@test "duplicate ids: the second place, and where the first is" {
	new kitchen
	printf '%s\n#### Task 1.1 : A\n\n#### Task 1.2 : B\n\n#### Task 1.1 : C\n' "$head" >p.md
	bad p.md 9 11
	says 1.1 5
}

@test "duplicate ids in two spellings are duplicates" {
	new kitchen
	printf '%s\n#### Task 1.1 : A\n\n#### Task 1.01 : B\n\n#### Task 1.10 : C\n' "$head" >p.md
	code 0 t import p.md --dry-run
	printf '%s\n#### Task US1-3 : A\n\n#### Task us1-3 : B\n' "$head" >p.md
	refused 8 import p.md
	says p.md:7:
}

@test "a cycle is named whole" {
	new kitchen
	printf '%s\n#### Task 1.1 : A\n**Dependencies** : 1.3\n\n#### Task 1.2 : B\n**Dependencies** : 1.1\n\n#### Task 1.3 : C\n**Dependencies** : 1.2\n\n#### Task 1.4 : D\n**Dependencies** : 1.3\n' \
	    "$head" >p.md
	refused 8 import p.md
	says p.md: 1.1 1.2 1.3
	is '.error.message | contains("1.4") | not'
	is '[.error.message | scan("1\\.[123]")] | length >= 4'
}

@test "a task that needs itself" {
	new kitchen
	printf '%s\n#### Task 1.1 : A\n**Dependencies** : 1.1\n' "$head" >p.md
	refused 8 import p.md
	says p.md: 1.1
}

@test "a dependency on nothing" {
	new kitchen
	printf '%s\n#### Task 1.1 : A\n**Dependencies** : 7.7\n' "$head" >p.md
	refused 8 import p.md
	is '.error.line == 6 and .error.file == "p.md"'
	says 7.7
}

@test "titles in a plan: control characters, and 10,000 characters" {
	new kitchen
	printf '%s\n#### Task 1.1 : A \033[2J B\n' "$head" >p.md
	refused 8 import p.md
	says p.md:5:
	printf '%s\n#### Task 1.1 : A \xe2\x80\xae B\n' "$head" >p.md
	refused 8 import p.md
	printf '%s\n#### Task 1.1 : %s\n' "$head" "$(printf '%010000d' 0)" >p.md
	refused 8 import p.md
	says p.md:5:
}

@test "all errors of all files are told, not the first alone" {
	new kitchen
	printf '%s\n#### Task 1.1 : A\n**Dependencies** : 7.7\n\n#### Task 1.2 : B\n**Dependencies** : 8.8\n' "$head" >p.md
	refused 8 import p.md
	is '.error.diagnostics | map(select(.severity == "error") | .line) == [6, 9]'
}

@test "an unknown task exits 3, in every command that takes one" {
	new kitchen
	export TASKCTL_AGENT=ann
	for command in 'show 9.9' 'why 9.9' 'log 9.9' 'claim 9.9' 'done 9.9' \
	    'heartbeat 9.9' 'release 9.9' 'release 9.9 --force -m x' \
	    'fail 9.9 -m x' 'run 9.9 -- true' 'wait 9.9' 'note 9.9 x' \
	    'step 9.9 1' 'cancel 9.9' 'reopen 9.9' 'edit 9.9 --title x' \
	    'dep add 9.9 1.1' 'dep add 1.1 9.9' 'dep rm 1.1 9.9' \
	    'add 8.8 x --needs 9.9' 'claim nonsense' 'show kitchen:9.9' \
	    'show nowhere:1.1'; do
		# shellcheck disable=SC2086
		refused 3 $command || { echo "it was: $command"; return 1; }
	done
}

@test "an unknown sprint exits 3" {
	new kitchen
	export TASKCTL_AGENT=ann
	for command in 'ready --sprint 9' \
	    'claim --next --sprint 9' 'run --next --sprint 9 -- true' \
	    'add 8.8 x --sprint 9' 'edit 1.1 --sprint 9' \
	    'list --sprint 9'; do
		# shellcheck disable=SC2086
		refused 3 $command || { echo "it was: $command"; return 1; }
	done
}

@test "an unknown plan exits 3" {
	new kitchen
	refused 3 list --plan nowhere
}

@test "an ambiguous id exits 8 with both, in every command that takes one" {
	new kitchen
	take kitchen --as bath
	export TASKCTL_AGENT=ann
	for command in 'show 1.3' 'why 1.3' 'log 1.3' 'claim 1.3' 'done 1.3' \
	    'heartbeat 1.3' 'release 1.3' 'release 1.3 --force -m x' \
	    'fail 1.3 -m x' 'run 1.3 -- true' 'wait 1.3' 'note 1.3 x' \
	    'step 1.3 1' 'cancel 1.3' 'reopen 1.3' 'edit 1.3 --title x' \
	    'dep add 1.3 kitchen:1.1' 'dep rm kitchen:2.1 1.3' \
	    'add 8.8 x --needs 1.3'; do
		# shellcheck disable=SC2086
		refused 8 $command || { echo "it was: $command"; return 1; }
		says kitchen:1.3 bath:1.3 || { echo "it was: $command"; return 1; }
	done
}

@test "no agent: exit 64, one line, nothing changed" {
	new kitchen
	for command in 'claim 1.1' 'claim --next' 'done 1.1' 'heartbeat 1.1' \
	    'heartbeat --all' 'release 1.1' 'fail 1.1 -m x' 'mine' \
	    'run 1.1 -- true'; do
		# shellcheck disable=SC2086
		refused 64 $command || { echo "it was: $command"; return 1; }
		# shellcheck disable=SC2086
		code 64 t $command
		says agent
	done
}

@test "agent names: control characters, 10,000 characters, none, not UTF-8" {
	new kitchen
	for agent in $'a\nb' $'a\033[31mb' $'a\u202eb' $'a\x7fb' $'a\u0085b' \
	    "$(printf '%010000d' 0)" ''; do
		refused 8 claim 1.3 --agent "$agent" || return 1
		inert || return 1
		code 8 t claim 1.3 --agent "$agent" && inert || return 1
		refused 8 claim 1.3 --agent ann --session "$agent" || return 1
	done
	code 64 t claim 1.3 --agent $'a\xffb' || code 8 t claim 1.3 --agent $'a\xffb'
}

@test "names from the environment are looked at like those of options" {
	new kitchen
	TASKCTL_AGENT=$'a\033b' refused 8 claim 1.3
	TASKCTL_AGENT=$(printf '%010000d' 0) refused 8 claim 1.3
}

@test "titles and ids by hand: control characters, 10,000 characters, none" {
	new kitchen
	for title in $'a\nb' $'a\033[31mb' $'a\u202eb' "$(printf '%010000d' 0)" ''; do
		refused 8 add 9.9 "$title" || return 1
		refused 8 edit 1.1 --title "$title" || return 1
	done
	for id in $'9\033' "$(printf '%010000d' 0)" 'a b:c'; do
		refused 8 add "$id" title || return 1
	done
	refused 8 edit 1.1 --estimate soon
	refused 8 edit 1.1 --priority 5
	refused 8 edit 1.1 --priority 0
	refused 8 add 1.1 'There already'
}

@test "a lease of no time, or for ever" {
	new kitchen
	refused 8 claim 1.3 --agent ann --ttl 0
	refused 8 claim 1.3 --agent ann --ttl 400d
	refused 64 claim 1.3 --agent ann --ttl soon
}

@test "a process that is not there" {
	new kitchen
	refused 8 claim 1.3 --agent ann --pid 999999999
}

# --- the store ---------------------------------------------------------------

@test "a store that is not a store exits 10, says how to go on, and is not touched" {
	new kitchen
	for content in 'This is a letter, and no database at all.' ''; do
		rm -f .tasks/taskctl.db*
		printf '%s' "$content" >.tasks/taskctl.db
		for command in 'status' 'claim --next --agent ann' 'sweep'; do
			# shellcheck disable=SC2086
			json 10 $command || return 1
			is '.error.code == "corrupt" and .error.hint != null' || return 1
			same "$content" "$(cat .tasks/taskctl.db)" || return 1
		done
	done
}

@test "somebody else's SQLite database exits 10, for init too, and is not touched" {
	mkdir .tasks
	sqlite3 .tasks/taskctl.db 'CREATE TABLE recipe (name)'
	before=$(sha256sum <.tasks/taskctl.db)
	json 10 status
	json 10 claim --next --agent ann
	code 10 t init
	same "$before" "$(sha256sum <.tasks/taskctl.db)"
}

@test "a store of a newer schema exits 10, and is not touched" {
	new kitchen
	q 'PRAGMA user_version = 99'
	before=$(dump)
	json 10 status
	is '.error.message | contains("99")'
	json 10 claim --next --agent ann
	same "$before" "$(dump)"
	same 99 "$(q 'PRAGMA user_version')"
}

@test "a store whose pages are damaged exits 10 and is not written to" {
	new kitchen
	q 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	size=$(stat -c %s .tasks/taskctl.db)
	dd if=/dev/urandom of=.tasks/taskctl.db bs=1 seek=4096 \
	    count=$((size - 4096)) conv=notrunc status=none
	before=$(sha256sum <.tasks/taskctl.db)
	json 10 status
	json 10 claim --next --agent ann
	same "$before" "$(sha256sum <.tasks/taskctl.db)"
}

@test "a store that is a folder exits 10" {
	new kitchen
	json 10 --db .tasks status
}

@test ".tasks/ not writable: reads work, changes exit 1 and say it" {
	need_root
	new kitchen
	open_way
	settled
	chmod -R go+rX .tasks
	code 0 as_guest taskctl status
	code 1 as_guest taskctl claim 1.3 --agent ann
	says writable '[failed]'
	code 1 as_guest taskctl init
	code 1 as_guest taskctl config ttl 1h
}

@test "a store that may not grow: exit 1, sound, and no death by a signal" {
	new kitchen
	for kib in 1 8 40 80; do
		code 1 bash -c "ulimit -f $kib; exec taskctl claim --next --agent ann"
		says 'may not grow' 'ulimit -f' 'nothing was changed'
	done
	json 0 claim --next --agent ann
	is '.lease.token == 1'
	# What taskctl does not die of is the business of those it starts.
	t run --next --agent bob -- awk '/^SigIgn:/ { print $2 }' \
	    /proc/self/status >has
	# SIGPIPE is 13, SIGXFSZ 25.
	same 0 $((0x$(head -1 has) & (1 << 12 | 1 << 24)))
}

@test "a folder in which .tasks/ cannot be made: exit 1, and nothing is left" {
	need_root
	open_way
	code 1 as_nobody env PATH="$PATH" taskctl init
	says .tasks '[failed]'
	no test -e .tasks
}

@test "a .tasks/ that belongs to somebody else exits 1" {
	need_root
	new kitchen
	settled
	chown -R 65534 .tasks
	before=$(dump)
	for command in status 'claim --next --agent ann' init where config; do
		# shellcheck disable=SC2086
		json 1 $command || return 1
		says 65534 || return 1
	done
	same "$before" "$(dump)"
	chown -R 12345 .tasks
	open_way
	code 1 as_nobody env PATH="$PATH" taskctl status
}

@test "a .tasks/ that is a symbolic link exits 1" {
	mkdir other && (cd other && t init)
	ln -s other/.tasks .tasks
	for command in status 'claim --next --agent ann' init; do
		# shellcheck disable=SC2086
		json 1 $command || return 1
		says 'symbolic link' || return 1
	done
}

# statfs that says what FS_TYPE says.
shim() {
	dynamic_taskctl
	cat >"$BATS_TEST_TMPDIR/shim.c" <<-'C'
		#define _GNU_SOURCE
		#include <dlfcn.h>
		#include <stdlib.h>
		#include <sys/vfs.h>
		int statfs(const char *path, struct statfs *fs)
		{
			int (*real)(const char *, struct statfs *) =
			    (int (*)(const char *, struct statfs *))dlsym(RTLD_NEXT, "statfs");
			int rc = real(path, fs);

			fs->f_type = strtol(getenv("FS_TYPE"), NULL, 16);
			return rc;
		}
		int statfs64(const char *path, struct statfs64 *fs)
		{
			int rc = statfs(path, (struct statfs *)fs);

			return rc;
		}
	C
	cc -w -shared -fPIC -o "$BATS_TEST_TMPDIR/shim.so" \
	    "$BATS_TEST_TMPDIR/shim.c" -ldl
}
on() { env FS_TYPE="$1" LD_PRELOAD="$BATS_TEST_TMPDIR/shim.so" taskctl "${@:2}" 3>&-; }

@test "network file systems and FUSE are refused: exit 1, by name" {
	shim
	new kitchen
	before=$(dump)
	for fs in 6969:nfs ff534d42:cifs fe534d42:smb 517b:smb 1021997:9p 65735546:FUSE; do
		code 1 on "${fs%:*}" status
		says "${fs#*:}" '[failed]'
		code 1 on "${fs%:*}" claim --next --agent ann
		says "${fs#*:}"
		code 1 on "${fs%:*}" --json doctor
		is 'any(.findings[]; .code == "unfit-file-system")'
	done
	same "$before" "$(dump)"
	code 0 on ef53 status
}

@test "init on a network file system exits 1 and leaves nothing behind" {
	shim
	code 1 on 6969 init
	says nfs
	no test -e .tasks
}

@test "on overlayfs init warns that another container has another store" {
	shim
	code 0 on 794c7630 init
	says overlayfs
	code 0 on 794c7630 --json doctor
	is 'any(.findings[]; .code == "overlay")'
}

@test "a full disk is exit 1, nothing is acknowledged, and it works again after" {
	need_root
	command -v unshare >/dev/null
	unshare -m true 2>/dev/null || skip 'needs mount namespaces'
	mkdir small
	code 0 unshare -m sh -ec '
		mount -t tmpfs -o size=600k tmpfs small
		cd small
		taskctl init >/dev/null; taskctl config git.auto off >/dev/null
		taskctl import "$1" >/dev/null
		dd if=/dev/zero of=fill bs=1k 2>/dev/null || :
		i=0; rc=0
		while [ $rc -eq 0 ] && [ $i -lt 400 ]; do
			i=$((i + 1)); rc=0
			taskctl note 1.1 "$(printf "%0900d" 0)" >/dev/null 2>"$2" || rc=$?
		done
		[ $rc -eq 1 ]; cat "$2"
		notes=$(taskctl --json show 1.1 | jq ".task.notes | length")
		[ "$notes" -eq $((i - 1)) ]
		rm fill
		taskctl note 1.1 after >/dev/null
		[ "$(taskctl --json show 1.1 | jq ".task.notes | length")" -eq $i ]
	' sh "$PLANS/kitchen.md" "$BATS_TEST_TMPDIR/said"
	says '[failed]'
}

# The index of the log has room for 4,062 pages: the commit that needs more asks
# for it when its own pages are in the log already.
@test "a disk without room for the log's index: refused is not found done later" {
	new kitchen
	log=$PWD/.tasks/taskctl.db-wal
	{
		printf '%s\n' '.dbconfig no_ckpt_on_close on' \
		    'PRAGMA wal_autocheckpoint=0;'
		pages=$(($(stat -c %s "$log") / 4120))
		while [ $((pages += 1)) -le 4060 ]; do
			echo 'BEGIN; UPDATE store SET token = token + 1;
			    UPDATE store SET token = token - 1; COMMIT;'
		done
	} | sqlite3 .tasks/taskctl.db
	code 1 strace -qq -o /dev/null -P "$PWD/.tasks/taskctl.db-shm" \
	    -e inject=pwrite64:error=ENOSPC:when=9+ taskctl claim 1.3 --agent ann
	says '[failed]'
	code 0 t claim 1.3 --agent bob
}
