# metrics.bats - numbers for Prometheus, and the tick of cron.

load helpers

# The value of a series: name, then labels without the project's.
value() {
	sed -n "s/^taskctl_$1{project=\"work\"${2:+,$2}} //p" <<<"$out"
}

@test "gauges are what status says" {
	new kitchen
	as ann claim 1.1 --ttl 20m
	as bob claim 1.3 && as bob done 1.3
	json 0 status
	for state in pending ready claimed done failed cancelled; do
		wanted=$(get ".totals.$state")
		code 0 t metrics
		same "$wanted" "$(value tasks "status=\"$state\"")"
		json 0 status
	done
	effort=$(get .totals.estimate_s)
	expires=$(get '.leases[0].expires_at | .[:19] + "Z" | fromdate')
	code 0 t metrics
	same "$effort" "$(value effort_seconds 'part="all"')"
	same 1 "$(value leases_active)"
	same "$expires" "$(value lease_oldest_expiry_timestamp_seconds | cut -d . -f 1)"
	same 1 "$(value stuck_tasks 'reason="mutex"')"
}

@test "counters are the events', from zero on, and only grow" {
	new kitchen
	code 0 t metrics
	same 0 "$(value events_total 'event="claimed"')"
	same 7 "$(value events_total 'event="added"')"
	for round in 1 2 3; do as ann claim 1.1 && as ann release 1.1; done
	t cancel 1.2
	code 0 t metrics
	same 3 "$(value events_total 'event="claimed"')"
	same 3 "$(value events_total 'event="released"')"
	same "$(q 'SELECT count(*) FROM event')" \
	    "$(sed -n 's/^taskctl_events_total.* //p' <<<"$out" |
	    awk '{ sum += $1 } END { print sum }')"
}

@test "the histogram of claim to done: cumulative, its count and sum" {
	new kitchen
	for round in 1:1.1 2:1.3; do
		as ann claim "${round#*:}"
		q "UPDATE event SET at_ms = at_ms - 1000000 * ${round%:*}
		    WHERE kind = 'claimed' AND id = (SELECT max(id) FROM event)"
		as ann done "${round#*:}"
	done
	as ann claim 1.2 && as ann release 1.2
	code 0 t metrics
	# 1,000 s and 2,000 s
	same '0 0 0 1 2 2 2 2 2 2' "$(value task_cycle_seconds_bucket 'le=".*"' | xargs)"
	same 2 "$(value task_cycle_seconds_count)"
	sum=$(value task_cycle_seconds_sum)
	[ "$sum" -ge 3000 ] && [ "$sum" -lt 3030 ]
}

@test "no series twice, each with its help and type, no task and no agent" {
	new kitchen
	as 'an "agent"' claim 1.1
	code 0 t metrics
	same '' "$(grep -v '^#' <<<"$out" | sed 's/ [^ ]*$//' | sort | uniq -d)"
	while read -r name; do
		family=${name%_bucket}
		[ "$family" = "$name" ] && family=${name%_sum} && family=${family%_count}
		grep -q "^# TYPE $family " <<<"$out"
		grep -q "^# HELP $family " <<<"$out"
	done < <(grep -v '^#' <<<"$out" | sed 's/{.*//' | sort -u)
	no grep -qE 'agent|1\.1[^0-9]|session' <<<"$(grep -v '^#\|version=' <<<"$out")"
}

@test "a folder's name cannot break a label" {
	mkdir $'od"d\\ one\nx' && cd $'od"d\\ one\nx'
	new kitchen
	code 0 t metrics
	grep -qF 'taskctl_leases_active{project="od\"d\\ one\nx"} 0' <<<"$out"
}

@test "--textfile: in one step, readable by all, and silent" {
	new kitchen
	umask 077
	echo old >app.prom
	ln app.prom kept
	code 0 t metrics --textfile app.prom
	same '' "$out$err"
	same old "$(cat kept)"
	same 644 "$(stat -c %a app.prom)"
	grep -q '^taskctl_last_run_timestamp_seconds{project="work",job="metrics"} ' app.prom
	same '' "$(tail -c 1 app.prom)"
	refused 1 metrics --textfile none/app.prom
}

@test "tick: silent when there is nothing to do; says what has ended" {
	new kitchen
	code 0 t tick
	same '' "$out$err"
	as ann claim 1.3
	age 1.3 7200000
	code 0 t tick
	same 'ended: 1.3' "$out"
	code 0 t tick
	same '' "$out$err"
	same ready "$(t --json show 1.3 | jq -r .task.state)"
}

@test "tick keeps a living process's lease, and ends that of a dead one" {
	new kitchen
	sleep 60 3>&- & living=$!
	sleep 60 3>&- & dead=$!
	as ann claim 1.1 --pid $living
	as bob claim 1.3 --pid $dead
	json 0 tick # it has seen both of them alive
	is '.extended == 2 and .ended == []'
	kill $dead
	wait $dead || :
	json 0 tick
	is '.extended == 1 and .ended == ["1.3"]'
	kill $living
}

@test "tick commits progress while git.auto is on, and writes metrics last" {
	git init -q .
	new kitchen
	t config git.auto on
	code 0 t tick --textfile app.prom
	git rev-parse -q --verify taskctl
	grep -q 'job="commit"' app.prom
	grep -q 'job="tick"' app.prom
	t config git.auto off
	code 0 t tick --textfile app.prom
	no grep -q 'job="commit"' app.prom
}

@test "tick says what went wrong, and the metrics' file stays as it was" {
	git init -q .
	new kitchen
	t config git.auto on
	t tick --textfile app.prom
	git branch taskctl/below 2>/dev/null || git update-ref refs/heads/taskctl HEAD 2>/dev/null || :
	git checkout -q taskctl 2>/dev/null || git symbolic-ref HEAD refs/heads/taskctl
	as ann claim 1.1
	before=$(cat app.prom)
	code 1 t tick --textfile app.prom
	says 'checked out'
	same "$before" "$(cat app.prom)"
}

@test "ticks that overlap do no harm" {
	new kitchen
	for i in $(seq 5); do
		as ann claim 1.3
		age 1.3 7200000
		for n in 1 2 3 4; do t tick 2>>errors & done
		wait
	done
	same '' "$(cat errors)"
	same 5 "$(q "SELECT count(*) FROM event WHERE kind = 'lapsed'")"
}
