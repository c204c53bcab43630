# serve.bats - taskctl serve: who may ask, what is answered, how it ends; and
# the same page as a file (export).

load helpers

need_serve() {
	[ -x "$(dirname "$(command -v taskctl)")/taskctl-serve" ] || {
		echo '# taskctl-serve is NOT BUILT: libmicrohttpd-dev is missing' >&3
		skip 'taskctl-serve is not built here'
	}
}

# A server of this store on a port of its own: $url, $token, $server.
serve() {
	need_serve
	rm -f "$BATS_TEST_TMPDIR/.served" # of the one before
	taskctl --json serve --port 0 "$@" >"$BATS_TEST_TMPDIR/.served" \
	    2>"$BATS_TEST_TMPDIR/.served-err" 3>&- &
	server=$!
	until_true test -s "$BATS_TEST_TMPDIR/.served" ||
	    { cat "$BATS_TEST_TMPDIR/.served-err"; return 1; }
	url=$(jq -r .url "$BATS_TEST_TMPDIR/.served")
	token=$(jq -r .open "$BATS_TEST_TMPDIR/.served" | sed 's/.*#t=//')
}

teardown() {
	[ -z "${mounted:-}" ] || umount -l "$mounted"
	[ -z "${server:-}" ] || { kill "$server" 2>/dev/null; wait "$server"; } || true
}

# Without and with the token.
anon() { curl -sS -m 10 "$@" 3>&-; }
ask() { anon -H "Authorization: Bearer $token" "$@"; }
http() { ask -o "$BATS_TEST_TMPDIR/.body" -w '%{http_code}' "$@"; }
# What is at URL is another page than ETAG's by now; or, where much was asked, each
# answer says that it is late, for a second: follows ETAG URL
follows() {
	local head until
	until=$(($(date +%s%3N) + 2000 + $(slack_ms)))
	while [ "$(date +%s%3N)" -lt $until ]; do
		head=$(ask -D - -o "$BATS_TEST_TMPDIR/.body" \
		    -H "If-None-Match: ${1%$'\r'}" "$2")
		[[ $head != *" 200 "* ]] || return 0
		[[ $head == *"Server-Timing: late"* ]] || break
		sleep 0.01
	done
	echo "the same page: $head"
	return 1
}
post() {
	local path=$1
	shift
	http -H 'Content-Type: application/json' -d "$1" "${@:2}" "$url/api/v1/$path"
}
body() { cat "$BATS_TEST_TMPDIR/.body"; }

# --- who may ask -------------------------------------------------------------

@test "nothing is told without the token, and everything with it" {
	new kitchen
	serve
	for path in / /tasks /task/1.1 /gantt /gantt.svg /gantt/chart /graph \
	    /log /metrics /api/v1/status /api/v1/events /api/v1/openapi.json; do
		same 401 "$(anon -o "$BATS_TEST_TMPDIR/.body" -w '%{http_code}' "$url$path")"
		no grep -qi cupboards "$BATS_TEST_TMPDIR/.body"
		same 401 "$(anon -o /dev/null -w '%{http_code}' \
		    -H "Authorization: Bearer ${token%?}0x" "$url$path")"
		[ "$path" = /api/v1/events ] || same 200 "$(http "$url$path")"
	done
	same 200 "$(anon -o /dev/null -w '%{http_code}' "$url/healthz")"
}

@test "the token is its owner's alone, and stays over a restart" {
	new kitchen
	serve
	same 600 "$(stat -c %a .tasks/taskctl.db-serve)"
	same "$token" "$(cat .tasks/taskctl.db-serve)"
	[[ $token =~ ^[0-9a-f]{64}$ ]]
	first=$token
	kill "$server" && wait "$server"
	serve
	same "$first" "$token"
	kill "$server" && wait "$server"
	server=
	chmod 644 .tasks/taskctl.db-serve
	code 1 timeout 10 taskctl serve --port 0
	says 'not for its owner alone'
	no grep -q "${token:0:20}" <<<"$out$err"
}

@test "the token is changed for a cookie that no script can read" {
	new kitchen
	serve
	jar=$BATS_TEST_TMPDIR/jar
	head=$(anon -i -c "$jar" -H 'Content-Type: application/json' \
	    -H "Origin: $url" -d "{\"token\":\"$token\"}" "$url/login")
	grep -q '^HTTP/1.1 204' <<<"$head"
	grep -qi '^Set-Cookie: taskctl_[0-9]*=[0-9a-f]*; Path=/; HttpOnly; SameSite=Strict' <<<"$head"
	no grep -q "$token" <<<"$head"
	same 200 "$(anon -b "$jar" -o /dev/null -w '%{http_code}' "$url/")"
	# The form, for who has no script.
	same 303 "$(anon -o /dev/null -w '%{http_code}' -d "token=$token" "$url/login")"
	same 401 "$(anon -o /dev/null -w '%{http_code}' -d "token=${token}0" "$url/login")"
	same 401 "$(anon -o /dev/null -w '%{http_code}' -d 'token=' "$url/login")"
}

@test "another name for this address is refused (DNS rebinding)" {
	new kitchen
	serve
	port=${url##*:}
	for host in "evil.example:$port" evil.example "127.0.0.1:1" \
	    "localhost.evil.example:$port" "127.0.0.1"; do
		same 421 "$(http -H "Host: $host" "$url/")"
	done
	same 421 "$(http -H 'Host;' "$url/")" || same 400 "$(http -H 'Host;' "$url/")"
	for host in "localhost:$port" "127.0.0.1:$port" "[::1]:$port" \
	    "LOCALHOST:$port"; do
		same 200 "$(http -H "Host: $host" "$url/")"
	done
}

@test "a page of another site is refused, whatever cookie it brings" {
	new kitchen
	serve --write
	for origin in http://evil.example null "https://${url#http://}" \
	    "$url.evil.example" "${url%:*}:1"; do
		same 403 "$(http -H "Origin: $origin" "$url/api/v1/status")"
		same 403 "$(post claim/1.1 '{"agent":"eve"}' -H "Origin: $origin")"
	done
	same ready "$(state 1.1)"
	same 200 "$(post claim/1.1 '{"agent":"eve"}' -H "Origin: $url")"
}

@test "beyond this machine only behind TLS, with a name and the token" {
	new kitchen
	need_serve
	code 64 timeout 10 taskctl serve --port 0 --listen 0.0.0.0
	says '--behind-tls'
	code 64 timeout 10 taskctl serve --port 0 --listen :: --behind-tls
	says '--host'
	code 64 timeout 10 taskctl serve --port 0 --listen 0.0.0.0 --behind-tls --host a.example --no-token
	code 64 timeout 10 taskctl serve --port 0 --write --no-token
	code 64 timeout 10 taskctl serve --port 0 --listen example.com
	code 64 timeout 10 taskctl serve --port 70000
	serve --listen 0.0.0.0 --behind-tls --host plan.example
	same https://plan.example "$url"
	url=http://127.0.0.1:$(jq .port "$BATS_TEST_TMPDIR/.served")
	same 200 "$(http -H 'Host: plan.example' -H 'Origin: https://plan.example' "$url/")"
	same 403 "$(http -H 'Host: plan.example' -H 'Origin: http://plan.example' "$url/")"
	same 401 "$(anon -o /dev/null -w '%{http_code}' -H 'Host: plan.example' "$url/")"
	ask -i -H 'Host: plan.example' -d "token=$token" "$url/login" |
	    grep -qi '^Set-Cookie: __Host-taskctl_.*; Secure'
}

@test "it listens on this machine alone, and --no-token is for reading" {
	new kitchen
	serve --no-token
	same 200 "$(anon -o /dev/null -w '%{http_code}' "$url/")"
	[ ! -e .tasks/taskctl.db-serve ]
	port=${url##*:}
	listening=$(sed -n "s/^ *[0-9]*: \([0-9A-F]*\):$(printf %04X "$port") .* 0A .*/\1/p" \
	    /proc/net/tcp /proc/net/tcp6 | sort -u)
	no grep -qvE '^(0100007F|00000000000000000000000001000000)$' <<<"$listening"
}

@test "headers: nothing but its own script and style, and no guessing" {
	new kitchen
	serve
	for path in / /tasks /task/1.1 /gantt /gantt/chart /graph /log; do
		head=$(ask -D - -o "$BATS_TEST_TMPDIR/.body" "$url$path")
		policy=$(grep -i '^Content-Security-Policy:' <<<"$head")
		[[ $policy == *"default-src 'none'"* && $policy == *"base-uri 'none'"* ]]
		[[ $policy != *unsafe* ]]
		grep -qi '^X-Content-Type-Options: nosniff' <<<"$head"
		grep -qi '^Referrer-Policy: no-referrer' <<<"$head"
		grep -qi '^Cross-Origin-Resource-Policy: same-origin' <<<"$head"
		[ "$path" = /gantt/chart ] || [[ $policy == *"frame-ancestors 'none'"* ]]
		# The hashes are those of what is in the page.
		for tag in style script; do
			hash=$(awk -v RS="</$tag>" -v open="<$tag>" \
			    'i = index($0, open) { printf "%s", substr($0, i + length(open)); exit }' \
			    "$BATS_TEST_TMPDIR/.body" | sha256sum | xxd -r -p | base64)
			[[ $policy == *"$tag-src 'sha256-$hash'"* ]]
		done
		# No style or handler stands in an element, nothing is loaded from afar.
		no grep -qE '<[a-z][^>]* (style|on[a-z]+)=' "$BATS_TEST_TMPDIR/.body"
		no grep -qE '(src|href)="?(https?:)?//' "$BATS_TEST_TMPDIR/.body"
	done
}

# --- what is answered ----------------------------------------------------------

# shellcheck disable=SC2086 # words of a command
agree() {
	diff <(ask "$url/api/v1/$1" | jq 'del(.at)') \
	    <(t --json $2 | jq 'del(.at)')
}

@test "the API gives the documents of the command line" {
	new kitchen
	as ann claim 1.1 && as ann note 1.1 'half of it'
	serve
	while read -r path command; do
		# Of a plan that is begun, what is left is another a second later.
		agree "$path" "$command" || agree "$path" "$command" ||
		    agree "$path" "$command"
	done <<-'END'
	status status
	status?sprint=1&limit=2 status --sprint 1 --limit 2
	list list
	list?state=ready&state=claimed list --state ready --state claimed
	ready?agent=B ready --agent B
	show/1.1 show 1.1
	show/task_1_1?limit=1 show task_1_1 --limit 1
	why/2.1 why 2.1
	why?TASK=2.1 why 2.1
	log log
	log?after=3&limit=2 log --after 3 --limit 2
	agents agents
	plan plan
	plan?agents=2 plan --agents 2
	version version
	END
	same "$(t --json show 9.9)" "$(ask "$url/api/v1/show/9.9")"
	same 404 "$(http "$url/api/v1/show/9.9")"
	# Where there is one, byte for byte.
	same "$(t --json list)" "$(ask "$url/api/v1/list")"
}

@test "what is not a parameter of the command is refused" {
	new kitchen
	serve --write
	for path in 'status?watch=1' 'status?format=x' 'log?follow=1' \
	    'status?db=/etc/passwd' 'status?directory=/' 'report?output=/tmp/x' \
	    'status?nonsense=1' 'list?state=odd' 'status/what' 'show' \
	    'list?json=1' 'list?help=1'; do
		same 400 "$(http "$url/api/v1/$path")"
		same usage "$(body | jq -r .error.code)"
	done
	for path in claim gantt import init config serve; do
		same 404 "$(http "$url/api/v1/$path")"
	done
	for sent in '{"agent":"a","db":"/x"}' '{"agent":"a","TASK":{}}' '[]' \
	    'what' '{"agent":"a","--next":true}' '{"agent":"a","next":1}' \
	    '{"agent":"a","agent":true}' '{"agent":"a"} {}' \
	    '{"agent":"a","TASK":[null]}' '{"agent":"a","TASK":[["1.1"]]}' \
	    '{"agent":"a\u0000b","TASK":"1.1"}'; do
		same 400 "$(post claim "$sent")"
	done
	same 400 "$(printf '{"agent":"a","TASK":"1.1"}\0{}' |
	    http -H 'Content-Type: application/json' --data-binary @- "$url/api/v1/claim")"
	same ready "$(state 1.1)"
}

@test "it reads only, unless it is told to write" {
	new kitchen
	before=$(dump)
	serve
	same 403 "$(post claim/1.1 '{"agent":"ann"}')"
	for path in / /tasks /task/1.1 /api/v1/status /metrics /gantt.svg; do
		same 200 "$(http "$url$path")"
	done
	same 405 "$(http -X DELETE "$url/")"
	same 405 "$(http -X PUT -d x "$url/api/v1/claim")"
	same "$before" "$(dump)"
}

@test "claim to done over the API, as on the command line" {
	new kitchen
	TASKCTL_AGENT=boss TASKCTL_SESSION=his serve --write
	same 400 "$(post claim/1.1 '{}')" # the server's name is nobody else's
	same 200 "$(post claim '{"TASK":"1.1","agent":"ann","session":"s1","ttl":"20m"}')"
	one=$(body | jq .lease.token)
	same "$one" "$(token 1.1)"
	same 200 "$(post claim '{"task":"1.1","agent":"ann","session":"s1"}')"
	same "$one" "$(body | jq .lease.token)"
	same 409 "$(post claim/1.1 '{"agent":"bob","session":"s2"}')"
	same taken "$(body | jq -r .error.code)"
	same ann "$(body | jq -r .error.holder.agent)"
	same 200 "$(post heartbeat/1.1 '{"agent":"ann","session":"s1"}')"
	same 200 "$(post note/1.1 '{"agent":"ann","session":"s1","TEXT":"-- half"}')"
	same 409 "$(post done/1.1 '{"agent":"bob","session":"s2"}')"
	same 200 "$(post done/1.1 '{"agent":"ann","session":"s1","message":"all of it"}')"
	same done "$(state 1.1)"
	until_true jq -e '.totals.done == 1' .tasks/sprint_status.json
	same 415 "$(http -d '{"agent":"ann"}' "$url/api/v1/claim/1.2")"
	same 415 "$(http -H 'Content-Type: text/plain' -d '{"agent":"ann"}' "$url/api/v1/claim/1.2")"
	same ready "$(state 1.2)"
}

# --- changes from the page -----------------------------------------------------

# What the page's form brings along; and to send it, as a browser does.
form() { ask "$url/act/$1" | sed -n 's/.*name="form" value="\([0-9a-f]*\)".*/\1/p'; }
act() {
	local path=$1
	shift
	http -H "Origin: $url" --data-urlencode "form=$(form "$path")" "$@" "$url/act/$path"
}

@test "a task's page has buttons with --write, and none without" {
	new kitchen
	serve
	no grep -q '"/act/' <(ask "$url/task/1.1")
	same 404 "$(http "$url/act/claim/1.1")"
	same 403 "$(http -d 'agent=eve' "$url/act/claim/1.1")"
	kill "$server" && wait "$server"
	serve --write
	same '/act/claim/1.1 /act/note/1.1' "$(ask "$url/task/1.1" | grep -o '/act/[^"]*' | xargs)"
	same /act/note/2.1 "$(ask "$url/task/2.1" | grep -o '/act/[^"]*' | xargs)"
	as ann claim 1.1
	same 'done heartbeat release fail note' \
	    "$(ask "$url/task/1.1" | sed -n 's|.*/act/\([a-z]*\)/.*|\1|p' | xargs)"
	as ann 'done' 1.1
	same 'reopen note' "$(ask "$url/task/1.1" | sed -n 's|.*/act/\([a-z]*\)/.*|\1|p' | xargs)"
	same 404 "$(http "$url/act/cancel/1.1")"
	same 404 "$(http "$url/act/claim/9.9")"
	same 404 "$(http "$url/act/claim/")"
}

@test "claim, note, done and open again from the page; a refusal says why" {
	new kitchen
	serve --write
	before=$(dump)
	for path in claim/1.1 note/1.1; do same 200 "$(http "$url/act/$path")"; done
	same "$before" "$(dump)"
	same 303 "$(act claim/1.1 --data-urlencode 'agent=mia é+&=')"
	same 'mia é+&=' "$(q "SELECT agent FROM lease")"
	same 303 "$(act note/1.1 -d agent=mia --data-urlencode $'text=one\r\ntwo')"
	t --json show 1.1 | jq -e '.task.notes[0].text == "one\ntwo"'
	same 409 "$(act done/1.1 --data-urlencode 'agent=<b>eve' -d text=x)"
	grep -q 'role="alert"' <(body)
	grep -q 'is not held by &#60;b&#62;eve; mia' <(body)
	same 400 "$(act done/1.1 -d agent=)"
	same 400 "$(act note/1.1 -d agent=mia)"
	same claimed "$(state 1.1)"
	same 303 "$(act done/1.1 --data-urlencode 'agent=mia é+&=' -d 'text=all of it')"
	same done "$(state 1.1)"
	same 303 "$(act reopen/1.1 -d agent=mia)"
	same ready "$(state 1.1)"
}

@test "who acts is remembered by the browser, and is text everywhere" {
	new kitchen
	serve --write
	jar=$BATS_TEST_TMPDIR/jar
	same 303 "$(act claim/1.1 -c "$jar" --data-urlencode $'agent="><b>é')"
	grep -q '^#HttpOnly_.*_agent' "$jar"
	grep -q 'value="&#34;&#62;&#60;b&#62;é"' <(ask -b "$jar" "$url/act/done/1.1")
	for cookie in %00 %zz %e9 '%0d%0aSet-Cookie:x'; do
		same 200 "$(http -b "taskctl_${url##*:}_agent=$cookie" "$url/act/done/1.1")"
	done
	# What names may not hold is refused, not remembered.
	same 400 "$(act done/1.1 -D head -d 'agent=a%0d%0aSet-Cookie:%20x=y')"
	no grep -qi '^set-cookie' head
}

@test "only our own form counts, only from our own page" {
	new kitchen
	serve --write
	for body in '' agent=eve "form=&agent=eve" "form=$token&agent=eve" \
	    "form=$(form claim/1.1 | tr 0-9a-f 1-9a-f0)&agent=eve"; do
		same 403 "$(http -H "Origin: $url" -d "$body" "$url/act/claim/1.1")"
	done
	for origin in null http://evil.example "${url%:*}:1"; do
		same 403 "$(http -H "Origin: $origin" \
		    -d "form=$(form claim/1.1)&agent=eve" "$url/act/claim/1.1")"
	done
	same 401 "$(anon -o /dev/null -w '%{http_code}' \
	    -d "form=$(form claim/1.1)&agent=eve" "$url/act/claim/1.1")"
	same 415 "$(http -H 'Content-Type: text/plain' \
	    -d "form=$(form claim/1.1)&agent=eve" "$url/act/claim/1.1")"
	for body in 'agent=%' 'agent=%4' 'agent=%00' 'agent=%ff' 'a&b&c&d&e&f&g&h&i'; do
		same 400 "$(http -d "form=$(form claim/1.1)&$body" "$url/act/claim/1.1")"
	done
	same 400 "$(printf 'form=%s&agent=a\0b' "$(form claim/1.1)" |
	    http --data-binary @- "$url/act/claim/1.1")"
	same ready "$(state 1.1)"
	same 200 "$(http "$url/")"
}

@test "openapi.json lists what there is, and what it lists is there" {
	new kitchen
	serve
	ask "$url/api/v1/openapi.json" >api.json
	jq -e '.openapi == "3.1.0" and ([.paths[] | .post] | all(. == null))' api.json
	jq -e '.paths["/api/v1/list"].get.parameters | map(.name) |
	    index("state") and index("sprint")' api.json
	jq -e '.paths["/api/v1/log"].get.parameters | map(.name) |
	    index("follow") == null' api.json
	for path in $(jq -r '.paths | keys[] | select(contains("{") | not)' api.json); do
		same 200 "$(http "$url$path")"
	done
	for path in $(jq -r '.paths | keys[] | select(contains("{"))' api.json); do
		same 200 "$(http "$url${path%\{*}1.1")"
	done
	kill "$server" && wait "$server"
	serve --write
	ask "$url/api/v1/openapi.json" | jq -e '.paths["/api/v1/claim"].post.requestBody'
}

@test "ETag: not again what has not changed" {
	new kitchen
	serve
	for path in / /tasks /task/1.1 /api/v1/status /api/v1/list /gantt.svg; do
		tag=$(ask -D - -o /dev/null "$url$path" | sed -n 's/^ETag: \(.*\)\r/\1/p')
		[ -n "$tag" ]
		same 304 "$(http -H "If-None-Match: $tag" "$url$path")"
		same 200 "$(http -H 'If-None-Match: "other"' "$url$path")"
	done
	same 304 "$(http -H 'If-None-Match: *' "$url/")"
	# What looks alike once it is decoded is another page.
	ask "$url/tasks?q=1.1%26state=ready" | grep -q '0 tasks'
	ask "$url/tasks?q=1.1&state=ready" | grep -q '1 tasks'
	tag=$(ask -D - -o /dev/null "$url/api/v1/list" | sed -n 's/^ETag: \(.*\)\r/\1/p')
	as ann claim 1.1
	follows "$tag" "$url/api/v1/list"
	body | jq -e '.tasks[0].lease.agent == "ann"'
}

# The tasks of a chart, by what their bars say.
bars() {
	ask "$url/$1" | sed -nE 's/.*<title>([0-9.]+) .*/\1/p' | sort -u |
	    paste -sd' '
}

@test "the Gantt chart of a sprint, of an agent, and of both" {
	new kitchen
	as ann claim 1.3
	serve
	same '1.1 1.2 1.3 2.1 2.2 2.3 3.1' "$(bars gantt.svg)"
	same '2.1 2.2 2.3' "$(bars 'gantt.svg?sprint=2')"
	same 1.2 "$(bars 'gantt.svg?agent=B')"
	same 1.2 "$(bars 'gantt.svg?by=agent&sprint=1&agent=agent_b&theme=dark')"
	same 1.3 "$(bars 'gantt.svg?agent=ANN')"
	same '' "$(bars 'gantt.svg?sprint=2&agent=B')"
	same '1.1 1.2 1.3 2.1 2.2 2.3 3.1' "$(bars 'gantt.svg?sprint=&agent=')"
	# The page's frame likewise, and an arrow has both of its ends.
	ask "$url/gantt/chart" | grep -q '2\.1 Lay the tiles'
	no grep -q '2\.1 Lay the tiles' <<<"$(ask "$url/gantt/chart?sprint=1")"
	ask "$url/gantt?sprint=1&agent=B&by=agent" >page.html
	grep -q 'src="/gantt/chart?by=agent&amp;sprint=1&amp;agent=B"' page.html
	t add free "Of no sprint" >/dev/null
	ask "$url/gantt" | grep -q "<option value=\"3\""
	no grep -q "Of no" <<<"$(ask "$url/gantt.svg?sprint=1")"
	# After each event it is another page: its script looks at that.
	tag() { ask -D - -o /dev/null "$url/gantt" | sed -n "s/^ETag: //p"; }
	before=$(tag)
	same "$before" "$(tag)"
	as ann note 1.3 "half of them"
	follows "$before" "$url/gantt"
	grep -q '<option value="1" selected>' page.html
	grep -q '<option value="B" selected>' page.html
	for value in 1 2 3 A B ann; do
		grep -q "<option value=\"$value\"" page.html
	done
	ask "$url/gantt?sprint=%22%3E%3Cu%3E&agent=%3Cu%3E" >page.html
	no grep -q '<u>' page.html
}

@test "a Gantt chart of what is not there is refused" {
	new kitchen
	serve
	for path in gantt gantt.svg gantt/chart; do
		for query in odd=1 by=odd theme=odd 'by=sprint&by=agent' \
		    'sprint=1&sprint=2' by=sprin by=sprint%7Cagent; do
			same 400 "$(http "$url/$path?$query")"
		done
		for query in sprint=9 sprint=other:1 agent=eve 'agent=B&sprint=9'; do
			same 404 "$(http "$url/$path?$query")"
		done
		body | grep -q 'no sprint &#34;9&#34;'
	done
	# Two plans have a sprint 1: one has to say which.
	printf '## Sprint 1: More\n\n### Task 1.1: Another\n' >more.md
	take more.md
	same 400 "$(http "$url/gantt.svg?sprint=1")"
	body | grep -q 'could mean'
	ask "$url/gantt" | grep -q '<option value="more:1">'
	same 200 "$(http "$url/gantt.svg?sprint=more:1")"
	ask "$url/gantt.svg?sprint=more:1" | grep -q 'Another'
	no grep -q cupboards <<<"$(ask "$url/gantt.svg?sprint=more:1")"
}

@test "metrics and health" {
	new kitchen
	serve
	diff <(ask "$url/metrics" | sed 's/ [0-9.]*$//') <(t metrics | sed 's/ [0-9.]*$//')
	ask -D - -o /dev/null "$url/metrics" | grep -qi '^Content-Type: text/plain; version=0.0.4'
	same '{"status":"ok"}' "$(anon "$url/healthz")"
}

@test "a title is text in every page and in the file" {
	new
	title='<script>alert(1)</script></style></script><img src=x onerror=alert(2)>"'\''&amp;'
	t add '1' "$title" >/dev/null
	printf '# Sprint 1: %s\n\n%s\n\n### Task 1.1: %s\n**Agent**: %s\n\n- [ ] %s\n' \
	    '<u>S</u>' '**Goal**: </p><u>all</u>' '"><u onclick=x>' '<u>x</u>' \
	    '</li><u>' >plan.md
	take plan.md
	as '<u>ann</u>"' claim 1
	as '<u>ann</u>"' note 1 "$title"
	serve
	t export --html page.html
	for path in / /tasks /task/1 '/tasks?q=%22%3E%3Cscript%3E' \
	    '/tasks?sprint=%22%3E%3Cu%3E' '/task/%3Cu%3E' /task/1.1 /log /graph /gantt/chart; do
		http "$url$path" >/dev/null
		mv "$BATS_TEST_TMPDIR/.body" "page-${path//[^a-z]/}.html"
	done
	for page in page*.html; do
		no grep -qE '<img src=x|<script>alert|<u[ >]' "$page"
		same 1 "$(grep -c '</style>' "$page")"
	done
	grep -qE '&(lt|#60);/p&(gt|#62);&(lt|#60);u' page-.html
	grep -q '&lt;script&gt;alert(1)' page-.html || grep -q '&#60;script' page-.html
}

# --- streams ---------------------------------------------------------------------

# What the stream says goes into FILE, until $listener is ended: listen FILE
# [OPTION...]
listen() {
	curl -sS -N -m 100 -H "Authorization: Bearer $token" "${@:2}" \
	    "$url/api/v1/events" >"$1" 2>/dev/null 3>&- &
	listener=$!
}
hang_up() {
	kill "$listener"
	wait "$listener" || true
}
# All events after that one are in FILE, in their order, and none twice.
heard() {
	same "$(t --json log --after "$2" | jq '.events[].id')" \
	    "$(grep -A 1 '^id:' "$1" | grep -B 1 'event: change' |
	    sed -n 's/^id: //p')"
}

@test "events: as they happen, with their ids" {
	new kitchen
	serve
	listen said
	until_true grep -q hello said
	as ann claim 1.1
	until_true grep -q '"kind":"claimed"' said
	hang_up
	id=$(t --json log | jq '.events[-1].id')
	grep -qx "id: $id" said
	same "$(t --json log --after $((id - 1)) | jq -c '.events[0]')" \
	    "$(grep -A 2 "^id: $id$" said | sed -n 's/^data: //p' | jq -c .)"
}

@test "events: Last-Event-ID resumes, nothing is missed and nothing told twice" {
	new kitchen
	as ann claim 1.1 && as ann release 1.1
	serve
	last=$(t --json log | jq '.events[-1].id')
	as ann claim 1.1 && as ann done 1.1
	listen said -H "Last-Event-ID: $last"
	until_true heard said "$last"
	# What comes next is told behind it, and nothing of it once more.
	as ann note 1.1 one
	until_true heard said "$last"
	hang_up
	# From the first on, in more than one piece of 200.
	for i in $(seq 130); do as ann claim 1.2 && as ann release 1.2; done >/dev/null
	listen said -H 'Last-Event-ID: 0'
	until_true heard said 0
	as ann note 1.1 two
	until_true heard said 0
	hang_up
	# An id that this store has not: from now on.
	last=$(t --json log | jq '.events[-1].id')
	listen said -H 'Last-Event-ID: 99999999'
	until_true grep -q hello said
	as ann note 1.1 three
	until_true grep -q 'event: change' said
	until_true heard said "$last"
	hang_up
}

@test "events: many listen, and each hears" {
	new kitchen
	serve
	for i in $(seq 40); do listen "said.$i"; listeners+=("$listener"); done
	for i in $(seq 40); do until_true grep -q hello "said.$i"; done
	as ann claim 1.1
	for i in $(seq 40); do until_true grep -q '"kind":"claimed"' "said.$i"; done
	kill "${listeners[@]}" 2>/dev/null || true
	same 200 "$(http "$url/")"
}

# The code that these lines are answered with.
raw() {
	local code
	exec 7<>"/dev/tcp/127.0.0.1/${url##*:}"
	printf '%s\r\n' "$@" >&7
	IFS=' ' read -r -t 5 _ code _ <&7
	exec 7>&-
	echo "$code"
}

# --- limits, and the end ---------------------------------------------------------

@test "too much is refused, and it lives on" {
	new kitchen
	serve --write
	head -c 70000 /dev/zero | tr '\0' ' ' >long
	same 413 "$(http -H 'Content-Type: application/json' --data-binary @long "$url/api/v1/claim")"
	case $(http -H "X-Long: $(head -c 20000 long | tr ' ' a)" "$url/") in
	400|413|431|000) ;; *) return 1 ;;
	esac
	# One that says two things is none: a proxy may have read the other one.
	same 400 "$(raw 'GET / HTTP/1.1' "Host: ${url#http://}" 'Host: evil.example' '')"
	same 400 "$(raw 'POST /api/v1/claim HTTP/1.1' "Host: ${url#http://}" \
	    'Content-Length: 3' 'Transfer-Encoding: chunked' '' 0 '')"
	for method in OPTIONS TRACE PATCH FOO get; do
		same 405 "$(http -X "$method" "$url/")"
	done
	same 200 "$(http -I "$url/")"
	same 200 "$(http -0 "$url/")"
	printf 'GARBAGE\r\n\r\n' >"/dev/tcp/127.0.0.1/${url##*:}" || true
	http "$url/$(head -c 3000 long | tr ' ' /)" >/dev/null
	same 200 "$(http "$url/")"
}

@test "what a picture of the graph cannot be asked for is refused" {
	new kitchen
	serve
	for query in odd=1 theme=odd 'theme=dark&theme=light' sprint=1 by=agent; do
		same 400 "$(http "$url/graph.svg?$query")"
	done
	body | grep -q 'there is no parameter &#34;by&#34;'
}

@test "a picture of the graph, light and dark" {
	[ -x "$(dirname "$(command -v taskctl)")/taskctl-chart" ] ||
	    skip 'taskctl-chart is not built here'
	new kitchen
	serve
	for query in '' theme= theme=light theme=dark; do
		same 200 "$(http "$url/graph.svg?$query")"
	done
}

# How often the first page comes late after a change, if much was asked before,
# by several at once: what there is for it grows with the time that it takes.
late_after() {
	ask -Z --parallel-max 6 -o /dev/null "$url/$1" 2>/dev/null
	ask -o /dev/null "$url/"
	t note 1.1 'half of them' >/dev/null
	ask -D - -o /dev/null "$url/" | grep -ci '^Server-Timing: late'
}

@test "who asks for much is answered late; the same page by many names is not much" {
	new kitchen
	serve
	same 0 "$(late_after '?much=[1-400]')"
	# How much is much is up to the machine: other pages, until it was.
	asked=0
	comes_late() {
		asked=$((asked + 2000))
		same 1 "$(late_after "tasks?q=much[$((asked - 1999))-$asked]")"
	}
	comes_late || comes_late || comes_late || comes_late || comes_late
}

@test "a graph that takes long keeps nobody else waiting" {
	[ -x "$(dirname "$(command -v taskctl)")/taskctl-chart" ] ||
	    skip 'taskctl-chart is not built here'
	new
	awk 'BEGIN { srand(3); print "# Dense\n\n## Sprint 1 : One\n"
		for (i = 1; i <= 200; i++) {
			n = ""
			for (k = 0; k < 8 && i > 1; k++)
				n = n (n == "" ? "" : ", ") "Task 1." 1 + int(rand() * (i - 1))
			printf "#### Task 1.%d : Piece %d\n\n", i, i
			printf "**Duration**: 1h\n**Dependencies**: %s\n\n", n == "" ? "None" : n
		} }' >dense.md
	take dense.md
	serve
	ask -o /dev/null "$url/graph.svg" 2>/dev/null &
	ask -o /dev/null "$url/graph.svg" 2>/dev/null &
	until_true pgrep -P "$server" -f layout
	same 200 "$(http "$url/")"
	same 1 "$(pgrep -c -P "$server" -f layout)"
	layout=$(pgrep -P "$server" -f layout)
	kill -TERM "$server" && wait "$server"
	server=
	until_true no kill -0 "$layout"
}

@test "who trickles a request is not waited for for ever" {
	new kitchen
	serve
	exec 7<>"/dev/tcp/127.0.0.1/${url##*:}"
	printf 'GET / HTTP/1.1\r\n' >&7
	SECONDS=0
	while [ "$SECONDS" -lt 40 ] && printf 'X-A: b\r\n' >&7; do
		if IFS= read -r -t 0.3 line <&7; then :; elif [ $? -le 128 ]; then break; fi
	done 2>/dev/null
	[ "$SECONDS" -lt $((9 + $(slack_ms) / 1000)) ]
	exec 7>&-
	same 200 "$(http "$url/")"
}

@test "SIGTERM ends it at once, streams and all, with exit 0" {
	new kitchen
	serve
	listen said
	until_true grep -q hello said
	SECONDS=0
	kill -TERM "$server"
	wait "$server"
	wait "$listener" || true
	[ "$SECONDS" -le $((2 + $(slack_ms) / 1000)) ]
	server=
	no anon "$url/healthz" 2>/dev/null
}

@test "a store that is taken away is said to be, and found again" {
	new kitchen
	serve
	same 200 "$(http "$url/")"
	mkdir away && mv .tasks/taskctl.db* away/
	until_true test "$(http "$url/healthz")" = 503 ||
	    until_true eval '[ "$(http "$url/healthz")" = 503 ]'
	same 503 "$(http "$url/")"
	case $(http "$url/api/v1/status") in 500|503) ;; *) return 1 ;; esac
	mv away/* .tasks/
	until_true eval '[ "$(http "$url/healthz")" = 200 ]'
	same 200 "$(http "$url/")"
	# And one that is copied over it, so that the file is the same.
	t backup ../b.db
	as ann claim 1.1
	at_work() { [ "$(ask "$url/api/v1/status" | jq '.totals.claimed')" = "$1" ]; }
	until_true at_work 1
	rm .tasks/taskctl.db-* && cp ../b.db .tasks/taskctl.db
	until_true at_work 0
}

@test "another store in its place: streams begin anew, and hear of it" {
	new kitchen
	for i in 1 2 3; do as ann claim 1.1 && as ann release 1.1; done
	mkdir ../other && (cd ../other && t init && t add 7.7 Seven)
	serve
	listen said
	until_true grep -q hello said
	rm .tasks/taskctl.db* && cp ../other/.tasks/taskctl.db* .tasks/
	until_true eval '[ "$(grep -c "event: hello" said)" = 2 ]'
	as bob claim 7.7
	until_true grep -q '"task":"7.7"' said
	no grep -q '"agent":"ann"' said
}

@test "a full disk: a change is refused, nothing is done, and then it goes on" {
	new kitchen
	mkdir full && mount -t tmpfs -o size=1m tmpfs full 2>/dev/null ||
	    skip 'mounting is not allowed here'
	mounted=$PWD/full
	cp -a .tasks full/ && cd full
	serve --write
	dd if=/dev/zero of=filler bs=4k 2>/dev/null || true
	for i in $(seq 12); do
		code=$(post note/1.1 "{\"agent\":\"a\",\"TEXT\":\"$(head -c 9000 /dev/zero | tr '\0' n)\"}")
		[ "$code" = 200 ] || break
	done
	same 500 "$code"
	same failed "$(body | jq -r .error.code)"
	same 200 "$(http "$url/api/v1/status")"
	rm filler
	same 200 "$(post claim/1.1 '{"agent":"a"}')"
	kill "$server" && wait "$server"
	server=
	t show 1.1 | grep -q claimed
	cd ..
}

@test "a port that is taken: exit 1, and which" {
	new kitchen
	serve
	code 1 timeout 10 taskctl serve --port "${url##*:}"
	says "port ${url##*:}" '--port 0'
}

# --- one file ----------------------------------------------------------------------

@test "export --html: one file that loads nothing and holds everything" {
	new kitchen
	need_serve
	as ann claim 1.1
	code 0 t export --html here.html
	says here.html
	# Every link leads somewhere in it.
	links=$(grep -o 'href="#[^"]*"' here.html | sed 's/.*#\(.*\)"/\1/' | sort -u)
	grep -q kitchen:2.1 <<<"$links"
	for id in $links; do grep -q "id=\"$id\"" here.html; done
	grep -q 'Gantt' here.html
	no grep -qE '(src|href)="(https?:|//|/)' here.html
	json 0 export --html again.html
	is '.file == "again.html" and .bytes > 1000'
	code 64 taskctl export
	says '--html FILE'
}

@test "without taskctl-serve both say what is missing" {
	new kitchen
	mkdir elsewhere && copy_taskctl elsewhere
	[ ! -e /usr/local/libexec/taskctl/taskctl-serve ] || skip 'it is installed'
	code 1 elsewhere/taskctl serve
	says 'taskctl-serve'
	code 1 elsewhere/taskctl export --html x.html
	says 'taskctl-serve'
}
