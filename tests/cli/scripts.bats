# scripts.bats - what replaces the shell scripts: theirs, the lock files, migrate.

load helpers

scripts() {
	t init --scripts >/dev/null
	t config git.auto off >/dev/null
	take kitchen
}
LOCK=.tasks/locks/task_1_3.lock

# The lock file of an old script: old TASK AGENT SECONDS-SINCE-ITS-HEARTBEAT
old() {
	mkdir -p .tasks/locks
	jq -n --arg task "task_$1" --arg agent "$2" \
	    --arg at "$(date -u -d "@$(($(date +%s) - ${3:-0}))" +%FT%TZ)" \
	    '{agent_id: $agent, task_id: $task, started_at: $at, last_heartbeat: $at}' \
	    >".tasks/locks/task_$1.lock"
}

@test "agent_start.sh: 0 when it is yours, 1 when it is taken" {
	scripts
	code 0 scripts/agent_start.sh task_1_3 ann
	says 1_3 ann
	same claimed "$(state 1.3)"
	code 1 scripts/agent_start.sh 1.3 bob
	says ann
	code 0 scripts/agent_start.sh 1.3 ann
	code 1 scripts/agent_start.sh 2.1 bob
	code 1 scripts/agent_start.sh 9.9 bob
	code 1 scripts/agent_start.sh 1.1
	code 1 scripts/agent_start.sh
}

@test "agent_heartbeat.sh: 0 renewed, 1 not this agent's" {
	scripts
	scripts/agent_start.sh 1.3 ann
	age 1.3 600000
	code 0 scripts/agent_heartbeat.sh task_1_3 ann
	code 1 scripts/agent_heartbeat.sh 1.3 bob
	code 1 scripts/agent_heartbeat.sh 1.1 ann
	code 1 scripts/agent_heartbeat.sh 1.3
}

@test "agent_complete.sh: 0 done, 1 not this agent's; again 0" {
	scripts
	scripts/agent_start.sh 1.3 ann
	code 1 scripts/agent_complete.sh 1.3 bob
	code 0 scripts/agent_complete.sh task_1_3 ann
	same done "$(state 1.3)"
	code 0 scripts/agent_complete.sh 1.3 ann
	code 1 scripts/agent_complete.sh 1.1 ann
	code 1 scripts/agent_complete.sh
}

@test "agent_status.sh: 0 and where it stands, 1 without a coordinator" {
	scripts
	code 0 scripts/agent_status.sh
	says '0 of 7 done'
	mv .tasks away
	code 1 scripts/agent_status.sh
	code 1 scripts/agent_start.sh 1.3 ann
}

@test "of ten scripts at once exactly one gets the task" {
	scripts
	for i in 1 2 3 4 5 6 7 8 9 10; do
		(rc=0; scripts/agent_start.sh 1.3 "a$i" >/dev/null 2>&1 3>&- || rc=$?
		echo $rc >>codes) &
	done
	wait
	same '1 0
9 1' "$(sort -n codes | uniq -c | sed 's/^ *//')"
}

@test "lock_files off: no lock file is written, an old one is not looked at" {
	new kitchen
	old 1_3 fred
	code 0 as ann claim 1.3
	same fred "$(jq -r .agent_id $LOCK)"
	as ann claim --next --another
	same 1 "$(find .tasks/locks -type f | wc -l)"
}

@test "lock_files on: the file that the old scripts know, nobody may write it" {
	new kitchen
	t config lock_files on
	as ann claim 1.3
	jq -e '.agent_id == "ann" and .task_id == "task_1_3" and
	    (.started_at | test("^20.*Z$")) and (.last_heartbeat | test("^20.*Z$"))' $LOCK
	same 444 "$(stat -c %a $LOCK)"
	same "$(token 1.3)" "$(jq .token $LOCK)"
}

@test "lock_files on: done, release, fail, lapse and sweep take the file away" {
	new kitchen
	t config lock_files on
	for end in 'release 1.3' 'fail 1.3 -m x' 'done 1.3'; do
		as ann claim 1.3
		[ -e $LOCK ]
		# shellcheck disable=SC2086
		as ann $end
		no test -e $LOCK
		t reopen 1.3
	done
	as ann claim 1.3
	age 1.3 7200000
	t sweep
	no test -e $LOCK
	as ann claim 1.3
	as bob release 1.3 --force -m x
	no test -e $LOCK
	same '' "$(ls .tasks/locks)"
}

@test "lock_files on: a heartbeat refreshes last_heartbeat, the file is never half" {
	new kitchen
	t config lock_files on
	as ann claim 1.3
	inode=$(stat -c %i $LOCK)
	before=$(jq -r .last_heartbeat $LOCK)
	code 0 as ann heartbeat 1.3
	no test "$before" = "$(jq -r .last_heartbeat $LOCK)"
	no test "$inode" = "$(stat -c %i $LOCK)"
	same 444 "$(stat -c %a $LOCK)"
	same "$LOCK" "$(find .tasks/locks -type f)"
}

@test "lock_files on: an old script's lock is respected: 4, and --next goes by" {
	new kitchen
	t config lock_files on
	old 1_3 fred
	refused 4 claim 1.3 --agent ann
	says fred
	json 0 claim --next --agent ann
	is '.task.id != "1.3"'
	same fred "$(jq -r .agent_id $LOCK)"
	rm $LOCK
	code 0 as bob claim 1.3
}

@test "lock_files on: why and ready say what an old script's lock keeps back" {
	new kitchen
	t config lock_files on
	old 1_3 fred
	json 0 why 1.3
	is '.claimable == false and (.reasons | tostring | contains("fred"))'
	json 0 ready
	is '[.tasks[].id] | index("1.3") == null'
}

@test "lock_files on: a refused claim leaves no lease behind" {
	new kitchen
	t config lock_files on
	old 1_3 fred
	code 4 as ann claim 1.3
	same ready "$(rm $LOCK; state 1.3)"
	same 0 "$(q 'SELECT count(*) FROM lease')"
}

@test "lock_files on: an overwrite is reported by the next command, and mended" {
	new kitchen
	t config lock_files on
	as ann claim 1.3
	rm -f $LOCK
	old 1_3 fred
	code 0 as ann heartbeat 1.3
	says fred overwritten
	same ann "$(jq -r .agent_id $LOCK)"
	rm -f $LOCK
	old 1_3 fred
	code 0 as ann note 1.3 x
	says fred
	json 0 log 1.3
	is '[.events[] | select(.data.by == "fred")] | length == 1'
}

@test "lock_files on: a file of ours without a lease goes at the next write" {
	new kitchen
	t config lock_files on
	as ann claim 1.3
	cp $LOCK kept
	as ann release 1.3
	cp kept $LOCK
	code 0 as bob claim 1.3
	same bob "$(jq -r .agent_id $LOCK)"
	cp kept .tasks/locks/task_1_1.lock
	as bob heartbeat 1.3
	as bob note 1.3 x
	no test -e .tasks/locks/task_1_1.lock
}

@test "lock_files on: what a power cut has left of ours holds nobody up" {
	new kitchen
	t config lock_files on
	as ann claim 1.3
	as bob claim 1.1
	# A file's name may be on disk before what is in it (0444: it is ours).
	for file in $LOCK .tasks/locks/task_1_2.lock .tasks/locks/task_1_1.lock; do
		rm -f "$file" && : >"$file" && chmod 444 "$file"
	done
	json 0 doctor
	is '[.findings[] | select(.code == "missing-lock-file") | .where] == ["1.1", "1.3"]
	    and ([.findings[] | select(.code == "stale-lock-file")] | length == 1)'
	# Of a lease that lives it stays, and is whole again with its heartbeat.
	as bob note 1.1 x
	[ -e $LOCK ] && [ -e .tasks/locks/task_1_1.lock ]
	as bob heartbeat 1.1
	same bob "$(jq -r .agent_id .tasks/locks/task_1_1.lock)"
	no test -e .tasks/locks/task_1_2.lock
	as ann release 1.3
	code 0 as zoe claim 1.3
	same zoe "$(jq -r .agent_id $LOCK)"
	# The claim was never answered, or was: whoever comes next has it.
	as zoe release 1.3
	printf '{"agent_id": "zo' >$LOCK && chmod 444 $LOCK
	code 0 as ann claim 1.3
	# What does not look like that is somebody's.
	as bob release 1.1
	echo 'held by process 1234' >.tasks/locks/task_1_1.lock
	echo 'how this works' >.tasks/locks/README
	: >.tasks/locks/notes
	chmod 444 .tasks/locks/{task_1_1.lock,README,notes}
	t note 1.3 x
	code 4 as bob claim 1.1
	[ -s .tasks/locks/README ] && [ -e .tasks/locks/notes ]
}

@test "lock_files on: a lock that makes no sense is somebody's, and no crash" {
	new kitchen
	t config lock_files on
	for content in '{"agent_id": null}' '[]' '{' '' '{"agent_id": {"a": [1]}}' \
	    '{"agent_id": "x\u001b[2Jy"}' '"token"' 'null'; do
		mkdir -p .tasks/locks
		printf '%s' "$content" >$LOCK
		code 4 as ann claim 1.3 || { echo "it was: $content"; return 1; }
		inert
		code 0 t claim --next --agent zoe --session s
		t release "$(t -q mine --agent zoe --session s)" --agent zoe --session s
		as bob claim 1.1
		as bob heartbeat 1.1
		printf '%s' "$content" >.tasks/locks/task_1_1.new
		mv -f .tasks/locks/task_1_1.new .tasks/locks/task_1_1.lock
		code 0 as bob heartbeat 1.1
		inert
		code 0 as bob release 1.1
		rm -f .tasks/locks/task_1_1.lock
	done
	rm $LOCK
	ln -s /etc/passwd $LOCK
	no t claim 1.3 --agent ann
	same "$(stat -c %s /etc/passwd)" "$(stat -Lc %s $LOCK)"
}

# --- migrate -----------------------------------------------------------------------

@test "migrate takes over what lives and sets aside what is stale" {
	new kitchen
	old 1_3 fred
	old 1_1 gina 7200
	json 0 migrate --dry-run
	is '.dry_run == true and (.locks | length == 2)'
	same ready "$(state 1.3)"
	[ -e $LOCK ]
	json 0 migrate
	is '[.locks[] | select(.task == "task_1_3")][0].outcome == "claimed"'
	json 0 show 1.3
	is '.task.lease.agent == "fred"'
	same ready "$(state 1.1)"
	no test -e $LOCK
	[ -e $LOCK.migrated ]
	json 0 migrate
	is '.locks == []'
}

@test "after migrate the scripts go on with what their agent holds" {
	scripts
	old 1_3 fred
	t migrate
	code 1 scripts/agent_start.sh task_1_3 gina
	code 0 scripts/agent_heartbeat.sh task_1_3 fred
	code 0 scripts/agent_complete.sh task_1_3 fred
	same done "$(state 1.3)"
}

@test "migrate: a lock of no task here is left as it is, and said" {
	new kitchen
	old 9_9 fred
	json 0 migrate || json 3 migrate
	says 9_9
	[ -e .tasks/locks/task_9_9.lock ]
}

@test "migrate: taskctl's own lock files and other files are left alone" {
	new kitchen
	t config lock_files on
	as ann claim 1.3
	echo hello >.tasks/locks/notes.txt
	echo '{' >.tasks/locks/broken.lock
	before=$(cat $LOCK)
	json 0 migrate
	same "$before" "$(cat $LOCK)"
	same hello "$(cat .tasks/locks/notes.txt)"
	[ -e .tasks/locks/broken.lock ]
	same ann "$(t --json show 1.3 | jq -r .task.lease.agent)"
}

@test "migrate without any lock says so" {
	new kitchen
	code 0 t migrate
	says 'no lock files'
}
