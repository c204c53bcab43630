# global.bats - what holds for every command: help, options, JSON, colour.

load helpers

commands() { t completion bash >/dev/null; t help | sed -n 's/^  \([a-z]\+\)  .*/\1/p'; }

@test "every command exists" {
	for command in init import lint add edit dep step note cancel reopen claim heartbeat \
	    done release fail run wait status ready list show why mine agents log where \
	    plan gantt graph sweep config migrate version help completion commit \
	    report metrics notify tick doctor backup restore; do
		commands | grep -qx $command || { echo "no $command"; return 1; }
	done
}

@test "help COMMAND and COMMAND --help are the same, with an example, everywhere" {
	for command in $(commands); do
		code 0 t help "$command"
		says "taskctl $command" xample || { echo "it was: $command"; return 1; }
		help=$out
		code 0 t "$command" --help
		same "$help" "$out"
		code 0 t "$command" -h
		same "$help" "$out"
		same '' "$err"
	done
	no test -e .tasks
}

@test "taskctl alone and --help show the commands; version prints the version" {
	code 0 t
	says claim 'usage:'
	code 0 t --help
	says claim
	code 0 t version
	says 'taskctl ' SQLite
	code 0 t --version
	json 0 version
	is '.version and .sqlite'
}

@test "help and completion list only what exists" {
	for name in mcp setup prime hook; do
		code 64 t "$name"
		commands | no grep -qx "$name"
	done
	code 0 t completion bash
	says_not prime
}

@test "completion for bash, zsh and fish is sound" {
	for shell in bash zsh fish; do
		code 0 t completion $shell
		printf '%s\n' "$out" >script
		command -v $shell >/dev/null || continue
		$shell -n script
	done
	refused 64 completion tcsh
}

@test "a mistyped command or option is 64, and the nearest is named" {
	new kitchen
	refused 64 clam 1.3
	is '.error.hint | contains("claim")'
	refused 64 claim 1.3 --agnt ann
	is '.error.hint | contains("--agent")'
	refused 64 claim 1.3 --agent ann more words
	refused 64 show
	refused 64 list --state readdy
	refused 64 list --limit some
	refused 64 claim 1.3 --agent
	refused 64 claim -z
	refused 64 list --limit=-1
	refused 64 --color=sometimes list
}

@test "exit 2 is never used" {
	for words in '--nonsense' 'nonsense' 'claim --nonsense' 'show' '-z' '--json' '-C'; do
		rc=0
		# shellcheck disable=SC2086
		t $words >/dev/null 2>&1 || rc=$?
		same 64 $rc
	done
}

@test "a wrong command line reads and writes nothing: 64 without a coordinator too" {
	refused 64 claim --nonsense
	refused 64 init --nonsense
	refused 64 import
	no test -e .tasks
}

@test "an option may be cut to what only one has" {
	new kitchen
	code 0 t claim 1.3 --ag ann --sess s
	refused 64 claim --next --s 1 --agent ann
	is '.error.message | contains("--session") and contains("--sprint")'
	code 0 t --js list
}

@test "global options stand anywhere before --, values with = or behind" {
	new kitchen
	for words in '--json list' 'list --json' 'list --limit=2 --json' '--json list --limit 2'; do
		# shellcheck disable=SC2086
		code 0 t $words
		jq -e .tasks <<<"$out"
	done
	code 0 t show --json -- 1.3
	jq -e '.task.id == "1.3"' <<<"$out"
}

@test "--json: every command's answer is one document, on standard output" {
	new kitchen
	export TASKCTL_AGENT=ann TASKCTL_SESSION=s
	for command in init "import $PLANS/kitchen.md" "lint $PLANS/kitchen.md" 'add 9.1 x' \
	    'edit 9.1 --title y' 'dep add 9.1 1.1' 'dep rm 9.1 1.1' 'step 1.1 1' 'note 1.1 x' \
	    'cancel 9.1' 'reopen 9.1' 'claim 1.3' 'claim --next' 'heartbeat 1.3' \
	    'heartbeat --all' 'heartbeat --all --host' 'release 1.3' 'run 1.3 -- true' \
	    'wait 1.3' 'status' ready list 'show 1.1' mine agents log where 'why 1.1' plan gantt graph \
	    sweep config 'config ttl' migrate version; do
		# shellcheck disable=SC2086
		json 0 $command || { echo "it was: $command"; return 1; }
	done
}

@test "--json: help and completion too answer with one document" {
	json 0 help
	json 0 help claim
	json 0 completion bash
}

@test "--json: errors are on standard output too, standard error has no document" {
	new kitchen
	json 3 show 9.9
	is '.error | .code == "not_found" and .message and has("hint")'
	same '' "$err"
	code 64 taskctl show --json
	is '.error.code == "usage"'
	code 64 taskctl nonsense --json
	is '.error.code == "usage"'
}

@test "text: answers on standard output, everything else on standard error" {
	new kitchen
	code 3 t show 9.9
	same '' "$out"
	[[ $err == taskctl:*'[not_found]'* ]]
	as ann claim 1.1
	code 0 as ann done 1.1
	grep -q 'open step' <<<"$err"
	says_not 'taskctl: 1.1 is done' || grep -qv 'open step' <<<"$out"
}

@test "-C DIR looks from there, as if one had gone there" {
	new kitchen
	mkdir -p deep/down ../outside
	cd ../outside
	json 0 -C ../work/deep/down list
	is '.tasks | length == 7'
	code 3 t list
	code 1 t -C /nonexistent list
	json 0 lint -C ../work/.tasks "$PLANS/kitchen.md"
}

@test ".tasks/ is found by walking up, the nearest counts" {
	new kitchen
	mkdir -p a/b/c
	(mkdir -p a/b && cd a/b && mkdir .tasks && cd .tasks && cd ..)
	cd a
	json 0 list
	is '.tasks | length == 7'
	cd b/c
	code 3 t list
}

@test "colour: the flag, then NO_COLOR, then CLICOLOR_FORCE, then the terminal" {
	new kitchen
	esc=$(printf '\033[')
	coloured() { "$@" 3>&- | grep -qF "$esc"; }
	no coloured taskctl list
	coloured taskctl --color=always list
	coloured env CLICOLOR_FORCE=1 taskctl list
	no coloured env CLICOLOR_FORCE=1 NO_COLOR=1 taskctl list
	coloured env NO_COLOR=1 taskctl --color=always list
	no coloured env CLICOLOR_FORCE=1 taskctl --color=never list
	no coloured env CLICOLOR_FORCE=0 taskctl list
	no coloured taskctl --json --color=always list
	command -v script >/dev/null || return 0
	coloured script -qec 'TERM=xterm taskctl list' /dev/null
	no coloured script -qec 'TERM=xterm NO_COLOR=1 taskctl list' /dev/null
	no coloured script -qec 'TERM=dumb taskctl list' /dev/null
}

@test "no message suggests what destroys or overrides" {
	new kitchen
	as ann claim 1.3
	as ann claim 1.1 && as ann fail 1.1 -m x
	for command in 'claim 1.3 --agent bob' 'done 1.3 --agent bob' 'release 1.3 --agent bob' \
	    'claim 1.1 --agent bob' 'claim 2.1 --agent bob' 'why 1.3' 'why 1.1' 'why 2.1' status \
	    'cancel 1.3' 'claim --next --agent bob' 'heartbeat 1.3 --agent bob' agents \
	    'show 1.3' "import $PLANS/kitchen.md" 'init' 'wait 1.1' 'reopen 1.3'; do
		# shellcheck disable=SC2086
		t $command >"$BATS_TEST_TMPDIR/all" 2>&1 || :
		no grep -iE -- '--force|--prune|rm |delete|kill' "$BATS_TEST_TMPDIR/all" ||
		    { echo "it was: $command"; cat "$BATS_TEST_TMPDIR/all"; return 1; }
	done
}

@test "no question is asked when standard input is not a terminal" {
	new kitchen
	as ann claim 1.3 </dev/null
	code 0 t cancel 1.1 </dev/null
	code 0 t reopen 1.1 </dev/null
	code 0 as bob release 1.3 --force -m x </dev/null
	code 0 t import "$PLANS/kitchen.md" --prune </dev/null
}

@test "an answer that cannot be written is not exit 0" {
	new kitchen
	rc=0
	taskctl list >/dev/full 2>/dev/null 3>&- || rc=$?
	same 1 $rc
	rc=0
	taskctl --json log >/dev/full 2>/dev/null 3>&- || rc=$?
	same 1 $rc
	# Who has read enough, as head, is told nothing.
	mkfifo pipe
	: <pipe &
	exec 4>pipe
	wait $!
	rc=0
	taskctl list >&4 2>err 3>&- || rc=$?
	exec 4>&-
	same 1 $rc
	same '' "$(cat err)"
}

@test "a claim whose answer is lost is said on standard error, with its token" {
	new kitchen
	export TASKCTL_AGENT=ann
	said() {
		same 1 "$rc"
		same "taskctl: cannot write the answer: $1 [failed]
  hint: $2" "$(<err)"
	}
	rc=0
	taskctl claim 1.1 2>err 3>&- >&- || rc=$?
	said 'Bad file descriptor' '1.1 is claimed all the same, with token 1'
	rc=0
	taskctl --json claim 1.1 2>err 3>&- >/dev/full || rc=$?
	said 'No space left on device' '1.1 is claimed all the same, with token 1'
	# Also where nobody reads any more.
	mkfifo pipe
	: <pipe &
	exec 4>pipe
	wait $!
	rc=0
	taskctl claim 1.3 >&4 2>err 3>&- || rc=$?
	exec 4>&-
	said 'Broken pipe' '1.3 is claimed all the same, with token 2'
	same 2 "$(q "SELECT count(*) FROM lease WHERE ended IS NULL")"
	rc=0
	taskctl 'done' 1.3 2>err 3>&- >&- || rc=$?
	said 'Bad file descriptor' 'only the answer is lost: what may have changed stands'
	same 'done' "$(state 1.3)"
	# Who only looks has lost nothing else.
	rc=0
	taskctl status 2>err 3>&- >&- || rc=$?
	same 'taskctl: cannot write the answer: Bad file descriptor [failed]' "$(<err)"
}

@test "the manual is printed from the table: mandoc has nothing to say" {
	command -v mandoc >/dev/null || skip 'needs mandoc'
	mkdir man
	code 0 t help --man-pages man
	for command in $(commands); do [ -s "man/taskctl-$command.1" ]; done
	run mandoc -T lint -W warning man/*.1
	same '' "$output"
}

@test "a deleted working directory is exit 1, and no crash" {
	new kitchen
	mkdir gone && cd gone && rmdir ../gone
	code 1 t status
}
