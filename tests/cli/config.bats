# config.bats - what is set, setting it, and what is refused.

load helpers

@test "the defaults are those of the contract" {
	new
	t config git.auto --unset >/dev/null
	json 0 config
	is '.config | .ttl == "30m" and .idle_max == "30m" and .wait == "10s" and
	    .max_attempts == "5" and ."git.auto" == "on" and .lock_files == "off" and
	    .hours_per_day == "8"'
	code 0 t config
	says ttl idle_max hold_max wait max_attempts git.auto lock_files hours_per_day db
}

@test "set, show and unset one key" {
	new
	code 0 t config ttl 2h
	same 2h "$out"
	code 0 t config ttl
	same 2h "$out"
	jq -e '.ttl == "2h"' .tasks/config.json
	code 0 t config ttl --unset
	same 30m "$out"
	jq -e 'has("ttl") | not' .tasks/config.json
}

@test "an unknown key is refused with 8, and the nearest is named" {
	new
	refused 8 config tll 1h
	is '.error.hint | contains("ttl")'
	refused 8 config tll
	is '.error.hint | contains("ttl")'
	refused 8 config max_atempts 3
	is '.error.hint | contains("max_attempts")'
	refused 8 config tll --unset
	jq -e 'has("tll") | not' .tasks/config.json
}

@test "a wrong value is refused with 8, says what was expected, and nothing is set" {
	new
	before=$(cat .tasks/config.json)
	for set in 'ttl soon' 'ttl 0s' 'ttl 400d' 'max_attempts none' 'max_attempts 0' \
	    'max_attempts 5x' 'hours_per_day 25' 'hours_per_day -1' 'lock_files maybe' \
	    'git.auto 2' 'wait -5s'; do
		# shellcheck disable=SC2086
		refused 8 config -- $set || { echo "it was: $set"; return 1; }
		says "${set%% *}" || return 1
		same "$before" "$(cat .tasks/config.json)"
	done
}

@test "a value out of bounds is told the bounds" {
	new
	refused 8 config hours_per_day 25
	says 24
	refused 8 config ttl 0s
	says 1s
}

@test "an unknown key in the file is refused by every command: 8, file and key" {
	new kitchen
	echo '{"tll": "1h"}' >.tasks/config.json
	for command in status 'claim 1.3 --agent ann' config where; do
		# shellcheck disable=SC2086
		refused 8 $command || return 1
		says config.json tll || return 1
	done
}

@test "a file that is no JSON is refused: 8, file, line and column" {
	new kitchen
	printf '{\n  "ttl": 1h\n}\n' >.tasks/config.json
	refused 8 status
	is '.error.message | test("config.json:2:[0-9]+: ")'
	for content in '' '[]' '{"ttl": "1h"' '"ttl"' '{"ttl": "soon"}' '{"git": {"autoo": true}}'; do
		printf '%s' "$content" >.tasks/config.json
		refused 8 status || { echo "it was: $content"; return 1; }
		says config.json
	done
}

@test "values may be written as JSON would: numbers, booleans, nested git" {
	new
	echo '{"max_attempts": 3, "lock_files": true, "git": {"auto": false}}' >.tasks/config.json
	json 0 config
	is '.config.max_attempts == "3" and .config.lock_files == "on" and .config."git.auto" == "off"'
	code 0 t config git.auto on
	json 0 config
	is '.config."git.auto" == "on"'
	code 0 t config git.auto --unset
	json 0 config
	is '.config."git.auto" == "on"'
}

@test "setting one key keeps the others, and what is for git stays readable" {
	new
	t config ttl 2h
	t config max_attempts 3
	jq -e '.ttl == "2h" and .max_attempts == 3 and ."git.auto" == "off"' .tasks/config.json
	[ "$(wc -l <.tasks/config.json)" -gt 3 ]
	same '' "$(find .tasks -name 'config.json.*')"
}

@test "db in the configuration, below the folder of .tasks/; --db and TASKCTL_DB win" {
	new kitchen
	mkdir -p elsewhere
	code 0 t config db other.db
	code 3 t status
	says other.db
	code 0 t init
	[ -e .tasks/other.db ]
	json 0 where
	is ".store == \"$PWD/.tasks/other.db\" and (.store_because | contains(\"config\"))"
	TASKCTL_DB=.tasks/taskctl.db json 0 where
	is '.store_because | contains("TASKCTL_DB")'
	TASKCTL_DB=.tasks/taskctl.db json 0 list
	is '.tasks | length == 7'
	TASKCTL_DB=nowhere.db json 0 --db .tasks/taskctl.db list
	is '.tasks | length == 7'
	json 3 --db nowhere.db list
	json 0 list
	is '.tasks == []'
}

@test "usage" {
	new
	refused 64 config --unset
	refused 64 config ttl 1h --unset
	refused 64 config ttl 1h more
}

@test "a store that cannot be had within --wait is exit 9, and nothing is changed" {
	new kitchen
	# The database, held by another program.
	sqlite3 .tasks/taskctl.db 'BEGIN IMMEDIATE' '.shell touch held; sleep 30' 3>&- &
	holder=$!
	until_true test -e held
	refused 9 --wait 0 claim 1.3 --agent ann
	t config wait 1s
	refused 9 claim 1.3 --agent ann
	code 0 t status
	kill $holder
	wait $holder || :
	code 0 t claim 1.3 --agent ann
}

@test "git.branch is a branch's name, and never nothing" {
	new
	for name in '' @ 'a b' a..b a.lock /a a/ .a a/.b 'a~1' a: refs/heads/x 'a@{1}'; do
		refused 8 config git.branch "$name"
	done
	for name in progress team/progress HEAD é; do
		code 0 t config git.branch "$name"
	done
	refused 8 config git.sign ''
	code 0 t config db ''
	# Nor by hand, in the file.
	echo '{"git.branch": ""}' >.tasks/config.json
	code 8 t status
	says 'git.branch'
}

@test "help and man list every key, and config shows each whole" {
	t init >/dev/null
	local help shown key keys
	mkdir man
	taskctl help --man-pages man
	help=$(taskctl help config)
	shown=$(taskctl config)
	keys=$(taskctl --json config | jq -r '.config | keys[]')
	[ "$(wc -w <<<"$keys")" -gt 10 ]
	for key in $keys; do
		grep -q "^  $key " <<<"$help"
		grep -q "^$key " <<<"$shown"
		grep -qxF -e ".It Cm $key" -e ".It Cm \\&$key" man/taskctl-config.1
	done
}
