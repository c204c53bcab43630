#!/usr/bin/env bash
# mutants.bash - take each mechanism out, and see that a test fails without it.
# Not a part of make check: it builds the program once a mutant.
#
#   tests/stress/mutants.bash [NAME...]      in $MUTANTS, default /tmp/mutants
#
# A mutant: name | file | perl substitution | test file, unit:PROGRAM, faults:MODE or
# soak | its tests (a regular expression; scenarios).  A substitution that does not
# apply is an error.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=${MUTANTS:-/tmp/mutants}
lease=lib/work/sql/lease.sql

mutants() {
	cat <<-END
	I1-winner|$lease|s/AND state = 'open' AND unmet = 0 AND barred = 0 AND mutex = ''/AND unmet = 0 AND barred = 0 AND mutex = ''/; s/p.name, t.state, t.mutex/p.name, 'open', t.mutex/g|race|claim one task
	I2-token|lib/work/change.c|s/return \+\+change->token;/return change->token + 1;/|clock|done again
	I2-copy|lib/work/identity.c|s/(is_copy\(.*?\n\{)/\$1\n\treturn false;/s|clock|copy of the store
	I2-gap|lib/work/restore_copy.c|s/= all.token \+ TCTL_TOKEN_GAP/= all.token/|faults:kill|restore --stride 397
	I2-replaced|lib/work/restore_copy.c|s/\*drawn, \(struct tctl_drawn\)\{ r.change.token, r.change.event \}/*drawn, *drawn/|faults:kill|restore --stride 397
	I3-token|lib/work/holder.c|s/return who->token == lease->token &&\n/return lease->token > 0 \&\&\n/|clock|done again
	I3-ended|lib/work/holder.c|s/\(out->lease.ended == NULL \x7c\x7c out->late\)/1/|death|paused|stopped past|its own token
	I3-buried|lib/work/edit.c|s/TCTL_ARGS\(TCTL_T\("changed"\), TCTL_N\(edit->row.id\)\)/TCTL_ARGS(TCTL_T("changed"), TCTL_N(-1))/|death|its own token revives
	I3-environment|cmd/taskctl/ctx.c|s/!names_same\(task, its_task\)/strcmp(task, its_task) != 0/|death|token of the environment
	I4-wall|lib/work/lease_row.c|s/lease->expires_boot <= clock->now.boot_ms/tctl_lease_expires_ms(lease) <= clock->now.wall_ms/|clock|wall clock
	I4-boot|lib/work/identity.c|s/out->same_boot = strcmp\(row->boot, now->boot\) == 0/out->same_boot = true/|clock|another boot
	I4-back|lib/work/identity.c|s/out->went_back = .*;/out->went_back = false;/|clock|gone back
	I4-shorter|$lease|s/CASE WHEN expires_boot > \\\$1 THEN expires_boot ELSE \\\$1 END/\\\$1/|clock|never shortens
	I4-early-clock|lib/work/change.c|s/enum tctl_status status =\n\t    tctl_store_begin\(change->store, change->kind, err\);(.*?)status = tctl_store_now\(change->store, &change->now, err\);/enum tctl_status status = tctl_store_now(change->store, \&change->now, err);\n\tstatus = tctl_store_begin(change->store, change->kind, err);\$1/s|clock|after the queue
	I4-light|lib/work/change.c|s/kind == TCTL_LIGHT_CHANGE && must_settle/false/|clock|no light one
	I4-elsewhere|$lease|s/pid = NULL, pid_start = NULL, pid_space = NULL,\s+witnessed = 0/witnessed = witnessed/|clock|another machine
	I4-promised|$lease|s/\+ expires_boot - renewed_boot/+ ttl_ms/g|clock|longer time
	I11-refused|lib/work/heartbeat.c|s/return lease->task != 0 && lease->ended == NULL/return lease->task < 0/|clock|names nobody
	I11-look|lib/work/identity.c|s/row->clock_boot <= again.boot_ms/false/|unit:test_work|a_commit_between
	I5-again|lib/work/finish.c|s/return strcmp\(at->row.state, "done"\) == 0 &&/return false \&\& strcmp(at->row.state, "done") == 0 \&\&/|clock|done again
	I6-two-commits|lib/work/change.c|s/(\tif \(actor == NULL\)\n\t\tactor = &nobody;\n)/\$1\tif (change->kind == TCTL_CHANGE \&\& task != 0) {\n\t\t(void)!tctl_store_commit(change->store, NULL, NULL, err);\n\t\t(void)!tctl_store_begin(change->store, TCTL_CHANGE, err);\n\t}\n/|faults:kill|claim
	I6-unsynced|lib/store/sqlite_open.c|s/PRAGMA synchronous=FULL/PRAGMA synchronous=OFF/|faults:power|power --stride 7
	I6-count|lib/work/row.c|s/was_done != is_done/!was_done \&\& is_done/|clock|counts hold
	I6-barrier|lib/work/row.c|s/\(by > 0 && remaining == by\)/false/|chaos|random, killed
	I6-new-edge|lib/work/depend.c|s/if \(strcmp\(need->state, "done"\) == 0\)\n\t\treturn TCTL_OK;//|clock|counts hold
	I7-turnstile|lib/store/turnstile.c|s/(tctl_turnstile_enter\(.*?\n\{)/\$1\n\tturn->before = (sigset_t){ 0 };\n\tif (turn->mode != 0xffff)\n\t\treturn TCTL_OK;/s|fair|each gets
	I8-death|lib/work/lease_row.c|s/life == TCTL_DEAD && lease->witnessed/false/|death|run killed
	I8-child|cmd/taskctl/run.c|s/prctl\(PR_SET_PDEATHSIG, SIGKILL\);//|death|run killed
	I8-witness|lib/work/lease_row.c|s/life == TCTL_DEAD && lease->witnessed/life == TCTL_DEAD/|clock|wants a witness
	I8-start|lib/store/host.c|s/llabs\(start - process->start\) <= 1/true/|clock|another start time
	I8-space|lib/store/host.c|s/process->space == 0 \x7c\x7c process->space != tctl_host_pid_space\(\)/tctl_host_pid_space() == 1/|clock|another start time
	I8-threads|lib/store/host.c|s/field_of\(fields, THREADS_FIELD\) <= 1/true/|unit:test_store|as_long_as_any
	I8-idle|lib/work/heartbeat.c|s/now - lease->active_boot < config->idle_max_ms &&//|clock|cron extends
	I8-refused|lib/work/change.c|s/!change->settled/change->ended_count == 0/|clock|another boot: the TTL
	I9-ignored|lib/store/sqlite.c|s/("COMMIT", err\);\n\n\tif \()status != TCTL_OK/\$1false \&\& status/|faults:fail|claim
	I9-sync|lib/store/sqlite_log.c|s/code == SQLITE_IOERR_FSYNC/false/|faults:fail|claim
	I9-index|lib/store/sqlite_log.c|s/code == SQLITE_IOERR_SHMSIZE/false/|../cli/bad_input|room for the log
	I9-unread|lib/store/sqlite_copy.c|s/errno == EIO \x7c\x7c errno == ENOMEM/false/|faults:fail|backup
	I9-boot|lib/store/host.c|s/ && errno != ENOENT/ \&\& false/|faults:fail|claim
	I9-lock|lib/work/lock_file.c|s/change->unlock\[i\].token = 0;/continue;/|faults:kill|claim-locks
	I9-step|lib/store/sqlite.c|s/if \(rc != SQLITE_DONE\)/if (rc != SQLITE_DONE \&\& columns > 0)/|faults:sqlite|claim
	I9-rollback|lib/store/sqlite.c|s/if \(store->in_transaction\)\n/if (!store->in_transaction)\n/|faults:sqlite|claim
	I9-answer|cmd/taskctl/child.c|s/return ran && whole \?/return ran ?/|faults:fail|commit-work --stride 5
	I9-follows|cmd/taskctl-git/work_move.c|s/return leave_open\(work, index, err\);/status = TCTL_EFAILED;/|../cli/work_commit|cannot be replaced
	I11-unmet|$lease|s/state = 'open' AND unmet = 0 AND barred = 0 AND mutex/state = 'open' AND barred = 0 AND mutex/|chaos|random, killed
	I11-barred|$lease|s/state = 'open' AND unmet = 0 AND barred = 0 AND mutex/state = 'open' AND unmet = 0 AND mutex/|chaos|random, killed
	I11-mutex|$lease|s/WHERE id = \\\$2 AND state = 'open' AND unmet = 0 AND barred = 0\n    AND NOT EXISTS .*?;/WHERE id = \\\$2 AND state = 'open' AND unmet = 0 AND barred = 0;/s|unit:test_work|a_mutex_is_held
	I11-view|lib/work/view.c|s/tctl_lease_judge\(&view->live.at\[i\], &view->clock, NULL\)/TCTL_LIVE/|fair|but a lapse
	I11-light|lib/work/heartbeat.c|s/tctl_lease_judge\(lease, clock, NULL\) != TCTL_LIVE/lease->expires_boot <= clock->now.boot_ms/|clock|wants a witness|whether or not
	time-monotonic|lib/store/host.c|s/CLOCK_BOOTTIME\) - offset/CLOCK_MONOTONIC) - offset/|time|slept
	time-space|lib/store/host.c|s/\(clock_ns\(CLOCK_BOOTTIME\) - offset_ns\)/clock_ns(CLOCK_BOOTTIME)/|time|ahead and behind
	time-start|lib/store/host.c|s/ - offset_ns . \(SECOND_NS . per_second\);/;/|time|ahead and behind
	time-fraction|lib/store/host.c|s/\(clock_ns\(CLOCK_BOOTTIME\) - offset_ns\) . MS_NS/clock_ns(CLOCK_BOOTTIME) \/ MS_NS - offset_ns \/ MS_NS/|time|fraction
	time-restart|lib/work/settle.c|s/if \([^;]*\)\n(\t\tstatus = restart_leases)/if (clock == NULL)\n\$1/|time|boots again|snapshot
	time-machine|lib/work/lease_row.c|s/clock->same_machine && lease/lease/|time|another id
	queue-replaced|lib/store/turnstile.c|s/(is_current\(const struct tctl_turnstile \*turn\)\n\{)/\$1\n\tif (turn->fd >= 0)\n\t\treturn true;/|queue|replaced
	queue-place|lib/store/sqlite.c|s/status = tctl_sqlite_check_place\(store, err\);/(void)tctl_sqlite_check_place;/|queue|while both are replaced
	queue-restart|lib/store/turnstile.c|s/act.sa_handler = on_tick;/act.sa_handler = on_tick;\n\tact.sa_flags = SA_RESTART;/|queue|stopped holder
	queue-alarm|lib/store/turnstile.c|s/sigprocmask\(SIG_UNBLOCK, &alarm_only, &mask\)/sigprocmask(SIG_BLOCK, NULL, \&mask)/|queue|SIGALRM
	queue-stops|lib/store/turnstile.c|s/sigprocmask\(SIG_BLOCK, &stops, &turn->before\)/sigprocmask(SIG_BLOCK, NULL, \&turn->before)/|queue|does not stop
	order-tie|$lease|s/t.priority, t.tail_s DESC, t.position, t.id LIMIT 1/t.priority, t.tail_s DESC, t.position LIMIT 1/|unit:test_work|a_tie
	queue-mode|lib/store/turnstile.c|s/fchmod\(fd, turn->mode\);/fchmod(fd, 0666);/|queue|store's mode
	queue-deadline|lib/store/sqlite.c|s/left > 0 \? \(int\)left : 0/60000/|queue|deadline covers
	queue-oneshot|lib/store/turnstile.c|s/tick = \{ \{ 0, TICK_US \}/tick = { { 0, 0 }/|siege|fires before
	queue-storm|lib/store/turnstile.c|s/rc != 0 && errno == EINTR && tctl_clock_ms\(\) < deadline_ms/false/|siege|storm
	queue-caller|lib/store/turnstile.c|s/if \(timerisset\(&theirs.it_value\)\)/if (theirs.it_value.tv_sec < 0)/|siege|own alarm
	queue-forked|lib/store/turnstile.c|s/fstat\(turn->fd, &file\) == 0/fstat(turn->fd, \&file) > 0/|siege|forked
	queue-unsigned|lib/store/turnstile.c|s/fstat\(turn->fd, &file\) == 0/fstat(turn->fd, \&file) > 0/|siege|it is named, else nobody
	queue-link|lib/store/turnstile.c|s/ \x7c O_NOFOLLOW//g|siege|a directory or a link
	queue-recovers|lib/store/sqlite.c|s/if \(tctl_fail_stopped\(err, pid, "the store"\)\)/if (pid < -1)/|siege|recovers
	queue-patience|lib/store/sqlite.c|s/store->wait_ms > READ_WAIT_MS/store->wait_ms < 0/|siege|recovers
	log-checkpoint|lib/store/sqlite_log.c|s/if \(before \/ CHECKPOINT_FRAMES == /if (before \/ CHECKPOINT_FRAMES < 1 << 30 \x7c\x7c before == /|fair|log stays small|shrinks
	soak-turnstile|lib/store/turnstile.c|s/(tctl_turnstile_enter\(.*?\n\{)/\$1\n\tturn->before = (sigset_t){ 0 };\n\tif (turn->mode != 0xffff)\n\t\treturn TCTL_OK;/s|soak|
	soak-checkpoint|lib/store/sqlite_log.c|s/if \(before \/ CHECKPOINT_FRAMES == /if (before \/ CHECKPOINT_FRAMES < 1 << 30 \x7c\x7c before == /|soak|
	soak-readers|lib/store/sqlite.c|s/(\tstatus = kind == TCTL_READ)/\tif (kind == TCTL_READ \&\& tctl_turnstile_enter(\&store->turn, tctl_clock_ms() + 60000, err) == TCTL_OK)\n\t\ttctl_turnstile_leave(\&store->turn);\n\$1/|soak|
	soak-memory|cmd/taskctl/log.c|s/(\t\t\})\n\t\ttctl_events_release\(&events\);/\$1/|soak|
	END
}

rm -rf "$work" && mkdir -p "$work"
make -s -C "$root" build/taskctl build/libtaskctl.a >/dev/null 2>&1
alive=0
while IFS='|' read -r name file change test which; do
	[ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
	rm -rf "$work/m" && mkdir "$work/m"
	path=$work/m/build
	cp -a "$root/Makefile" "$root/lib" "$root/cmd" "$root/include" \
	    "$root/tests" "$root/build" "$work/m"
	before=$(md5sum <"$work/m/$file")
	perl -0pi -e "$change" "$work/m/$file"
	if [ "$before" = "$(md5sum <"$work/m/$file")" ]; then
		echo "?? $name: does not apply to $file"
		alive=1
		continue
	fi
	made=(taskctl libtaskctl.a)
	case $test in
	unit:*) made+=("${test#unit:}") ;;
	faults:sqlite) made+=(faults faults-sqlite/taskctl) ;;
	faults:*) made+=(faults taskctl-git) ;;
	../cli/*) made+=(taskctl-git) ;;
	soak) made+=(soak) ;;
	esac
	if ! make -s -C "$work/m" "${made[@]/#/build/}" >"$work/build" 2>&1; then
		echo "?? $name: does not build"
		tail -3 "$work/build"
		alive=1
		continue
	fi
	if [[ $test == unit:* ]]; then
		check=(env CMOCKA_MESSAGE_OUTPUT=TAP "CMOCKA_TEST_FILTER=*$which*" \
		    "$work/m/build/${test#unit:}")
	elif [[ $test == faults:* ]]; then
		[ "$test" != faults:sqlite ] || path=$path/faults-sqlite:$path
		# shellcheck disable=SC2206
		check=("$work/m/build/faults" "${test#faults:}" --root "$root" $which)
	elif [[ $test == soak ]]; then
		check=("$work/m/build/soak" 40 16)
	else
		check=(bats --tap -f "$which" "$root/tests/stress/$test.bats")
	fi
	if PATH="$path:$PATH" timeout 120 "${check[@]}" >"$work/$name.tap" 2>&1; then
		echo "ALIVE $name ($test: $which)"
		alive=1
	else
		echo "killed $name by $test: $(sed -n 's/^not ok [0-9]* [- ]*//p' \
		    "$work/$name.tap" | head -1)"
	fi
done < <(mutants)
exit $alive
