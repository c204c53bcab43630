#!/usr/bin/env bats
# time.bats - clocks that jump, sleep, go back and differ: no lease ends early,
# none lives for ever (I4, I8).  What can be had is real: time and mount
# namespaces, a boot id and a machine id mounted over this machine's.

load stress.bash

setup_file() {
	driver space
	${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -O1 -shared -fPIC \
	    -o "$BATS_FILE_TMPDIR/clocks.so" "$STRESS_ROOT/tests/stress/clocks.c"
	# Under other clocks (clocks.c): clock NAME=VALUE... COMMAND...
	cat >"$BATS_FILE_TMPDIR/clock" <<-END
	#!/bin/sh
	exec env LD_PRELOAD=$BATS_FILE_TMPDIR/clocks.so "\$@"
	END
	# As on a machine with another boot id or machine id ("-": this one's),
	# mounted in a namespace of its own: elsewhere BOOT MACHINE COMMAND...
	cat >"$BATS_FILE_TMPDIR/elsewhere" <<-'END'
	#!/bin/sh
	[ -n "$MOUNTED" ] || MOUNTED=1 exec unshare -m "$0" "$@"
	over() {
		[ "$2" = - ] && return
		echo "$2" >id && mount --bind id "$1" && rm -f id
	}
	over /proc/sys/kernel/random/boot_id "$1"
	over /etc/machine-id "$2"
	shift 2
	exec "$@"
	END
	chmod +x "$BATS_FILE_TMPDIR/clock" "$BATS_FILE_TMPDIR/elsewhere"
	PATH=$BATS_FILE_TMPDIR:$PATH
}

setup() {
	small_store
	dynamic_taskctl
}

H=3600000 # ms

needs_time_namespace() {
	space 1 0 true || skip 'this machine allows no time namespaces'
}

needs_mount_namespace() {
	unshare -m true || skip 'this machine allows no mount namespaces'
	[ -s /etc/machine-id ] || skip 'this machine has no machine id'
}

lease_of() { q "SELECT $2 FROM lease AS l JOIN task AS t ON t.id = l.task
    WHERE t.key = '$1'"; }
events() { q "SELECT count(*) FROM event WHERE kind = '$1'"; }
uptime_ms() { awk '{ printf "%d", $1 * 1000 }' /proc/uptime; }

# The lease of 1.1 has between 29 and 30 minutes left, by the real clock.
half_an_hour_left() {
	local left
	left=$(($(lease_of 1.1 expires_boot) - $(uptime_ms)))
	[ "$left" -gt $((29 * 60000)) ] && [ "$left" -le $((30 * 60000 + 50)) ] ||
	    { echo "left: $left ms"; return 1; }
}

# A process of ours that lives, as $alive: live [COMMAND...]
live() {
	"$@" sleep 60 3>&- &
	alive=$!
	HELD+=("$alive")
}

die() { { kill -KILL "$1"; wait "$1"; } 2>/dev/null || true; }

# --- the wall clock --------------------------------------------------------------

@test "the wall clock jumps by an hour and by ten years: nothing ends, nothing lasts" {
	needs_faketime
	t claim 1.1 --agent a -q
	for jump in +1h -1h +10y -10y; do
		code 4 faketime -f "$jump" taskctl claim 1.1 --agent b
		code 0 faketime -f "$jump" taskctl heartbeat 1.1 --agent a
		half_an_hour_left
		# What begins under one clock ends under another, and is shown.
		code 0 faketime -f "$jump" taskctl claim 1.2 --agent c
		t release 1.2 --agent c
		for look in status 'list --json' report; do
			# shellcheck disable=SC2086
			code 0 taskctl $look
			no grep -E '(^|[^0-9A-Za-z])-[0-9]+(h|m|s|%)' out.txt
		done
	done
	code 0 faketime -f +10y taskctl claim 1.2 --agent c --ttl 1s
	sleep 1.1
	code 0 faketime -f -10y taskctl claim 1.2 --agent d
	code 0 faketime -f -10y taskctl 'done' 1.1 --agent a
	code 0 taskctl report
	whole
	replays
}

@test "summer time begins and ends: half an hour is half an hour" {
	export TZ='CET-1CEST,M3.5.0,M10.5.0/3'
	for change in 2026-03-29T00:45:00Z 2026-10-25T00:45:00Z; do
		wall=$(($(date -d "$change" +%s) - $(date +%s)))
		code 0 clock WALL_ADD_S=$wall taskctl --json claim 1.1 --agent a
		jq -e '.lease | (.expires_at[11:16] == "01:15" and
		    .ttl_s == 1800)' out.txt
		code 0 clock WALL_ADD_S=$wall taskctl show 1.1
		# 02:45 summer time, 30 minutes: 02:15 (and 01:45: 03:15).
		grep -E "until $(date -d "${change/00:45/01:15}" '+%F %H:%M'):.. " out.txt
		code 4 clock WALL_ADD_S=$((wall + 1500)) BOOT_ADD_MS=1500000 \
		    taskctl claim 1.1 --agent b
		code 0 clock WALL_ADD_S=$((wall + 1900)) BOOT_ADD_MS=1900000 \
		    taskctl claim 1.1 --agent b
		code 0 clock WALL_ADD_S=$((wall + 1900)) BOOT_ADD_MS=1900000 \
		    taskctl release 1.1 --agent b
	done
}

# --- sleep, and snapshots ----------------------------------------------------------

@test "the machine slept for an hour: 30 minutes are over, two hours are not" {
	t claim 1.1 --agent a -q
	t claim 1.2 --agent b --ttl 2h -q
	code 4 clock BOOT_ADD_MS=$H taskctl claim 1.2 --agent c
	code 0 clock BOOT_ADD_MS=$H taskctl claim 1.1 --agent c
	code 6 clock BOOT_ADD_MS=$H taskctl heartbeat 1.1 --agent a
	[ "$(events clock)" -eq 0 ]
}

@test "set back to a snapshot: leases of the time ahead start again, once, and end" {
	code 0 clock BOOT_ADD_MS=$H taskctl claim 1.1 --agent a
	code 0 clock BOOT_ADD_MS=$H taskctl claim 1.2 --agent b --ttl 2h
	# Seen first by one who only looks: it takes them for live.
	[ "$(t show 1.1 --json | jq -r .task.state)" = claimed ]
	code 4 taskctl claim 1.1 --agent c
	half_an_hour_left
	code 4 taskctl claim 1.1 --agent c
	half_an_hour_left
	[ "$(events clock)" -eq 1 ]
	code 0 clock BOOT_ADD_MS=1900000 taskctl claim 1.1 --agent c
	code 4 clock BOOT_ADD_MS=1900000 taskctl claim 1.2 --agent c
	code 0 clock BOOT_ADD_MS=$((2 * H + 100000)) taskctl sweep
	[ "$(lease_of 1.2 ended)" = lapsed ]
	replays
}

# --- time namespaces -----------------------------------------------------------------

@test "a time namespace, ahead and behind: the same leases, the same processes" {
	needs_time_namespace
	behind=$(($(uptime_ms) / 2000))
	for offset in 1000000 -$behind; do
		live
		t claim 1.1 --agent a --pid "$alive" -q
		t claim 1.2 --agent b -q
		# Alive, and witnessed, as seen from in there.
		space $offset 0 taskctl sweep 3>&-
		[ "$(lease_of 1.1 witnessed)" -eq 1 ]
		code 4 space $offset 0 taskctl claim 1.2 --agent c
		code 0 space $offset 0 taskctl heartbeat 1.1 --agent a
		half_an_hour_left
		code 4 taskctl claim 1.1 --agent c
		die "$alive"
		code 0 space $offset 0 taskctl claim 1.1 --agent c
		t release 1.1 --agent c
		# The other way round: it lives in there, and is seen from here.
		live space $offset 0
		until_true child_of "$alive"
		inside=$(child_of "$alive")
		HELD+=("$inside")
		code 0 space $offset 0 taskctl claim 1.1 --agent a --pid "$inside"
		half_an_hour_left
		t sweep
		[ "$(lease_of 1.1 witnessed)" -eq 1 ]
		code 4 taskctl claim 1.1 --agent c
		kill -KILL "$inside"
		die "$alive"
		code 0 taskctl claim 1.1 --agent c
		t release 1.1 --agent c
		t release 1.2 --agent b
	done
	[ "$(events clock)" -eq 0 ]
	[ "$(events lapsed)" -eq 0 ]
	replays
}

@test "a time namespace with a fraction of a ms: the clock does not go back" {
	needs_time_namespace
	# ….0005 s here is ….0011 s there: 1 ms less 0 ms, but the same moment.
	s=$(($(uptime_ms) / 1000 + 60))
	code 0 space 0 600000 clock BOOT_AT_NS=$((s * 1000000000 + 1100000)) taskctl claim 1.1 --agent a
	code 0 clock BOOT_AT_NS=$((s * 1000000000 + 500000)) taskctl claim 1.2 \
	    --agent b
	[ "$(events clock)" -eq 0 ]
}

@test "waiting takes as long in a time namespace" {
	needs_time_namespace
	other_holds go
	HELD+=("$other")
	before=$(uptime_ms)
	code 9 space 1000000 0 taskctl --wait 1s claim 1.1 --agent a
	took=$(($(uptime_ms) - before))
	[ "$took" -ge 900 ] && [ "$took" -lt $((6000 + $(slack_ms))) ]
}

# --- other boots, other machines ------------------------------------------------------

@test "the machine boots again: the proven dead end at once, all others late, none never" {
	needs_mount_namespace
	live
	t claim 1.1 --agent a --pid "$alive" -q
	t sweep
	t claim 1.2 --agent b -q
	boot=9f0dbb42-28b1-4c2e-a11b-1d2f8a3f0001
	# So many seconds after it has booted: again EXIT SECONDS ARG...
	again() {
		local want=$1 s=$2
		shift 2
		code "$want" elsewhere $boot - clock \
		    BOOT_AT_NS=$((s * 1000000000)) taskctl "$@"
	}
	again 4 5 claim 1.2 --agent c
	again 0 6 claim 1.1 --agent c
	[ "$(events died)" -eq 1 ] && [ "$(events clock)" -eq 1 ]
	again 4 1790 claim 1.2 --agent c
	again 0 1806 claim 1.1 --agent d
	[ "$(lease_of 1.2 ended)" = lapsed ]
	# And once more: each boot is another one.
	boot=9f0dbb42-28b1-4c2e-a11b-1d2f8a3f0002
	again 4 5 claim 1.1 --agent e
	again 0 1806 claim 1.1 --agent e
	[ "$(events clock)" -eq 2 ] && [ "$(events copied)" -eq 0 ]
	whole
	replays
}

@test "a machine that goes by another id: in one boot a container, else another store" {
	needs_mount_namespace
	live
	t claim 1.1 --agent a --pid "$alive" -q
	t sweep
	id=$(q 'SELECT id FROM store')
	machine=0123456789abcdef0123456789abcdef
	code 4 elsewhere - $machine taskctl claim 1.1 --agent b
	[ "$(q 'SELECT id FROM store')" = "$id" ]
	# Its boot is another one too: the disk is in another machine, whose
	# processes say nothing of ours.
	die "$alive"
	boot=9f0dbb42-28b1-4c2e-a11b-1d2f8a3f0003
	code 4 elsewhere $boot $machine taskctl claim 1.1 --agent b
	half_an_hour_left
	code 0 elsewhere $boot $machine taskctl claim 1.2 --agent b
	[ "$(lease_of 1.2 token)" -gt 4294967296 ]
	[ "$(q 'SELECT id FROM store')" != "$id" ]
	[ "$(events copied)" -eq 1 ]
	replays
}
