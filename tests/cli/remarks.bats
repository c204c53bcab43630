# remarks.bats - what is said beside the answer, on standard error: text to
# whoever calls, a log where nobody watches.

load helpers

# Every line of a file is an object of the log.
is_log() { jq -es 'length > 0 and all(.[]; .schema == "taskctl/1" and
    (.at | fromdateiso8601? // (sub("\\.[0-9]+Z$"; "Z") | fromdateiso8601)) > 0 and
    (.level | IN("error", "warning", "info")) and (.message | length > 0))' "$1"; }

@test "who calls reads text, wherever standard error leads" {
	new kitchen
	code 3 t show 7.7
	same 'taskctl: no task' "${err:0:16}"
	[[ $err == *'[not_found]'* ]]
	code 0 as ann claim 1.1
	as ann 'done' 1.1 2>warned
	same 'taskctl: 1.1 is done with' "$(cut -c 1-25 warned)"
}

@test "what runs unattended: lines of JSON, text on a terminal, as one asks" {
	new kitchen
	t notify --command true
	as ann claim 1.1 && as ann 'done' 1.1
	code 1 t notify --command 'printf "\\033[31m%s\\n" "q\"uote" >&2; exit 3'
	is_log <(echo "$err")
	same 'notify failed' "$(jq -r '"\(.command) \(.code)"' <<<"$err")"
	no grep -q $'\033' <<<"$err"
	TASKCTL_LOG=text code 1 t notify --command false
	same taskctl: "${err%% *}"
	TASKCTL_LOG=json code 3 t show 7.7
	same not_found "$(jq -r .code <<<"$err")"
	# With --json the error is the answer, as always.
	code 1 t --json notify --command false
	same '' "$err"
	script -qc "$(command -v taskctl) notify --command false" /dev/null >tty 3>&-
	grep -q '^taskctl: ' tty
}

@test "the journal gets priorities" {
	new kitchen
	t notify --command true
	as ann claim 1.1 && as ann 'done' 1.1
	: >stream
	export JOURNAL_STREAM
	JOURNAL_STREAM=$(stat -c %d:%i stream)
	t notify --command false 2>stream || :
	same '<3>taskctl:' "$(cut -d ' ' -f 1 stream | head -n 1)"
	t notify --command false --tries 2 2>stream || :
	same '<4>taskctl:' "$(cut -d ' ' -f 1 stream | head -n 1)"
}

@test "serve logs what becomes of its store, and who knocks" {
	[ -x "$(dirname "$(command -v taskctl)")/taskctl-serve" ] ||
	    skip 'taskctl-serve is not built here'
	new kitchen
	taskctl --json serve --port 0 >served 2>log 3>&- & server=$!
	until_true test -s served
	same '' "$(cat log)"
	url=$(jq -r .url served)
	# By one process, for it is 20 lines in so many seconds.
	# shellcheck disable=SC2046
	curl -s -d token=x $(for i in $(seq 30); do
		echo "-o /dev/null $url/login"
	done) 3>&-
	same 20 "$(wc -l <log)"
	mv .tasks/taskctl.db away
	sleep 1.1
	curl -s -o /dev/null "$url/login" 3>&-
	kill "$server" && wait "$server"
	is_log log
	same 'info asked to end' "$(tail -n 1 log | jq -r '"\(.level) \(.message)"')"
	same serve "$(jq -r .command log | sort -u)"
}

@test "what goes wrong in the background is found beside the store" {
	git init -q .
	new kitchen
	t config git.auto on
	as ann claim 1.1
	t commit
	git symbolic-ref HEAD refs/heads/taskctl
	as ann 'done' 1.1
	until_true test -s .tasks/taskctl.db-log
	is_log .tasks/taskctl.db-log
	jq -e '.command == "commit" and (.message | contains("checked out"))' \
	    .tasks/taskctl.db-log
	same "$(stat -c %a .tasks/taskctl.db)" "$(stat -c %a .tasks/taskctl.db-log)"
	same '' "$(git status --porcelain .tasks/taskctl.db-log)"
	# It does not grow for ever.
	head -c 70000 /dev/zero | tr '\0' x >>.tasks/taskctl.db-log
	as ann claim 1.3 && as ann 'done' 1.3
	small() { [ "$(stat -c %s .tasks/taskctl.db-log)" -lt 2000 ]; }
	until_true small
	until_true test -s .tasks/taskctl.db-log
	is_log .tasks/taskctl.db-log
}
