# import.bats - plans go in, go in again changed, and no state is lost.

load helpers

# A copy of a plan, to be changed: edited SED-EXPRESSION…
edited() {
	local file=plans/kitchen.md
	mkdir -p plans
	[ -e $file ] || cp "$PLANS/kitchen.md" $file
	[ $# -eq 0 ] || sed -i -E "$@" $file
	echo $file
}

@test "a first import adds every task, in plan order, with its fields" {
	new
	json 0 import "$PLANS/kitchen.md"
	is '.added == ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1"] and
	    .changed == [] and .removed == [] and .unchanged == 0 and
	    .diagnostics == []'
	json 0 list
	is '[.tasks[].id] == ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1"]'
	is '.tasks[0] | .title == "Tear out the old cupboards" and .sprint == "1"
	    and .estimate_s == 3600 and .planned_agent == "A" and
	    .mutex == "serial" and .priority == 3 and
	    .criteria == [{text: "The wall is bare", done: false}] and
	    .steps == [{text: "Empty them", done: true},
	    {text: "Unscrew them", done: false}] and .plan == "kitchen"'
	is '.tasks[1].files == ["paint/ceiling.txt", "paint/colours.txt"]'
	is '.tasks[2].priority == 1 and .tasks[2].planned_agent == null'
	is '.tasks[3].needs == ["1.1", "1.3"] and .tasks[3].after == null'
	is '.tasks[5].estimate_s == null and .tasks[6].after == "2" and
	    .tasks[6].needs == []'
}

@test "source says file and line, the file from the folder of .tasks/" {
	new
	file=$(edited)
	t import $file
	json 0 show 1.1
	is ".task.source == {file: \"plans/kitchen.md\",
	    line: $(grep -n 'Task 1.1' $file | cut -d: -f1)}"
}

@test "the same plan again changes nothing" {
	new
	file=$(edited)
	t import $file
	before=$(dump)
	json 0 import $file
	is '.unchanged == 7 and .added == [] and .changed == [] and .removed == []'
	same "$before" "$(dump)"
	code 0 t import $file
	says '7 unchanged'
}

@test "a changed plan says what changed in each task, and keeps its state" {
	new
	file=$(edited)
	t import $file
	as ann claim 1.2
	as bob claim 1.3 && as bob done 1.3
	t note 1.2 'the ladder is in the cellar'
	before=$(token 1.2)
	edited 's/Paint the ceiling/Paint the ceiling twice/; s/: 2h$/: 5h/; s/^(.*): 30min/\1: 45min/'
	json 0 import $file
	is '.changed == ["1.2", "1.3"] and .unchanged == 5'
	json 0 show 1.2
	is '.task | .title == "Paint the ceiling twice" and .estimate_s == 18000 and
	    .state == "claimed" and .lease.agent == "ann" and
	    .notes[0].text == "the ladder is in the cellar"'
	same "$before" "$(token 1.2)"
	same done "$(state 1.3)"
	code 0 as ann done 1.2
}

@test "what changed is said in words" {
	new
	file=$(edited)
	t import $file
	edited 's/: 2h$/: 5h/'
	code 0 t import $file
	says '1 changed' 1.2 estimate
}

@test "a claimed task that changes keeps its lease and its token" {
	new
	file=$(edited)
	t import $file
	as ann claim 1.3
	before=$(t --json show 1.3 | jq -c .task.lease)
	edited 's/Order the tiles/Order many tiles/'
	t import $file
	same "$before" "$(t --json show 1.3 | jq -c .task.lease)"
}

@test "a new dependency on a claimed task is reported, and does not stop done" {
	new
	file=$(edited)
	t import $file
	as ann claim 1.3
	edited '/: 30min/a **Dependencies** : 1.2'
	code 0 t import $file
	says 'needs 1.2' 'in work'
	json 0 show 1.3
	is '.task.needs == ["1.2"] and .task.state == "claimed"'
	code 0 as ann done 1.3
	same done "$(state 1.3)"
}

@test "fields set by hand stay, and the answer names those that differ" {
	new
	file=$(edited)
	t import $file
	t edit 1.2 --estimate 4h --title 'Paint it white'
	edited 's/: 2h$/: 5h/'
	json 0 import $file
	is '[.details[] | select(test("1\\.2"))] | length > 0'
	is '.details | tostring | test("estimate") and test("title")'
	json 0 show 1.2
	is '.task.estimate_s == 14400 and .task.title == "Paint it white"'
}

@test "a dependency removed or added by hand stays so" {
	new
	file=$(edited)
	t import $file
	t dep rm 2.1 1.3
	t dep add 2.3 1.2
	edited 's/Lay the tiles/Lay all tiles/'
	t import $file
	json 0 show 2.1
	is '.task.needs == ["1.1"] and .task.title == "Lay all tiles"'
	json 0 show 2.3
	is '.task.needs | sort == ["1.2", "2.2"]'
}

@test "a task gone from the plan is orphaned: kept, said, not offered by --next" {
	new
	file=$(edited)
	t import $file
	edited '/Task 1.3/,/30min/d; s/1.1, 1.3/1.1/'
	json 0 import $file
	is '.removed == ["1.3"]'
	json 0 show 1.3
	is '.task.orphaned == true and .task.state == "ready"'
	json 0 ready
	is '[.tasks[].id] | index("1.3") == null'
	json 0 --db .tasks/taskctl.db claim --next --agent zoe
	is '.task.id != "1.3"'
	code 0 t list
	says 'no longer in the plan'
}

@test "an orphaned task that comes back is one of the plan again, with its state" {
	new
	file=$(edited)
	t import $file
	t note 1.3 'call them first'
	edited '/Task 1.3/,/30min/d; s/1.1, 1.3/1.1/'
	t import $file
	cp "$PLANS/kitchen.md" $file
	t import $file
	json 0 show 1.3
	is '.task.orphaned == false and .task.notes[0].text == "call them first"'
	json 0 ready
	is '[.tasks[].id] | index("1.3") != null'
}

@test "--prune cancels what is gone from the plan, unless it is claimed" {
	new
	file=$(edited)
	t import $file
	as ann claim 1.2
	edited '/Task 1.2/,/colours.txt/d; /Task 1.3/,/30min/d; s/1.1, 1.3/1.1/'
	json 0 import $file --prune
	is '.removed | sort == ["1.2", "1.3"]'
	same cancelled "$(state 1.3)"
	same claimed "$(state 1.2)"
	code 0 as ann done 1.2
}

@test "done tasks that are gone from the plan stay done, with --prune too" {
	new
	file=$(edited)
	t import $file
	as ann claim 1.3 && as ann done 1.3
	edited '/Task 1.3/,/30min/d; s/1.1, 1.3/1.1/'
	t import $file --prune
	same done "$(state 1.3)"
}

@test "--dry-run says the same as the import would, and changes nothing" {
	new
	file=$(edited)
	before=$(dump)
	json 0 import $file --dry-run
	is '.dry_run and (.added | length == 7)'
	same "$before" "$(dump)"
	t import $file
	edited 's/: 2h$/: 5h/; /Task 1.3/,/30min/d; s/1.1, 1.3/1.1/'
	before=$(dump)
	json 0 import $file --dry-run --prune
	is '.changed == ["1.2", "2.1"] and .removed == ["1.3"] and .unchanged == 4'
	dry=$(jq -c '[.added, .changed, .removed, .unchanged]' <<<"$out")
	same "$before" "$(dump)"
	json 0 import $file --prune
	same "$dry" "$(jq -c '[.added, .changed, .removed, .unchanged]' <<<"$out")"
}

@test "--dry-run says in words that nothing was changed" {
	new
	code 0 t import "$PLANS/kitchen.md" --dry-run
	says 'nothing was changed'
}

@test "--as names the plan, and an import under another name is another plan" {
	new
	json 0 import "$PLANS/kitchen.md" --as bath
	json 0 import "$PLANS/kitchen.md"
	is '.added | length == 7'
	refused 8 show 1.3
	says bath:1.3 kitchen:1.3
	json 0 show bath:1.3
	is '.task.plan == "bath" and .task.id == "1.3"'
	json 0 show kitchen:task_1_3
	is '.task.plan == "kitchen"'
}

@test "import touches only its own plan's tasks" {
	new kitchen
	t add 9.9 'By hand'
	t import "$PLANS/kitchen.md" --as bath
	others() {
		t --json list | jq -c '.tasks[] | select(.plan != "bath")'
	}
	before=$(others)
	printf '# Bath\n\n## Sprint 1 : One\n\n#### Task 1.1 : Other\n' >bath.md
	t import bath.md --prune
	same "$before" "$(others)"
}

@test "--order none: sprints wait only for what is stated" {
	new
	json 0 import "$PLANS/kitchen.md" --order none
	json 0 show 3.1
	is '.task.after == null and .task.state == "ready"'
}

@test "with the implied order a sprint that nothing leads into waits for the last" {
	new kitchen
	refused 7 claim 3.1 --agent ann
	says 2
	for task in 1.1 1.2 1.3 2.1 2.2 2.3; do
		as ann claim $task && as ann done $task
	done
	code 0 as ann claim 3.1
}

@test "a box newly ticked in the plan finishes an unclaimed task" {
	new
	file=$(edited)
	t import $file
	edited 's/Order the tiles ⭐ PRIORITÉ/Order the tiles ✅ (done)/'
	t import $file
	same done "$(state 1.3)"
}

@test "a box newly ticked does not end a lease" {
	new
	file=$(edited)
	t import $file
	as ann claim 1.3
	edited 's/Order the tiles ⭐ PRIORITÉ/Order the tiles ✅ (done)/'
	t import $file
	same claimed "$(state 1.3)"
	code 0 as ann done 1.3
}

@test "unticking never undoes, and reopen is not undone by the old tick" {
	new
	file=$(edited 's/Order the tiles ⭐ PRIORITÉ/Order the tiles ✅ (done)/')
	t import $file
	same done "$(state 1.3)"
	edited 's/ ✅ \(done\)//'
	t import $file
	same done "$(state 1.3)"
	edited 's/Order the tiles/Order the tiles ✅ (done)/'
	t import $file
	t reopen 1.3
	edited 's/: 2h$/: 5h/'
	t import $file
	same ready "$(state 1.3)"
}

@test "a step ticked by hand stays ticked when the plan comes again" {
	new
	file=$(edited)
	t import $file
	t step 1.1 2
	edited 's/: 1h$/: 2h/'
	t import $file
	json 0 show 1.1
	is '[.task.steps[].done] == [true, true]'
}

@test "a lapsed lease is buried by a changed task, not by an unchanged one" {
	new
	file=$(edited)
	t import $file
	as ann claim 1.3
	age 1.3 7200000
	edited 's/: 2h$/: 5h/'
	t import $file
	code 0 as ann heartbeat 1.3
	age 1.3 7200000
	edited 's/Order the tiles/Order fewer tiles/'
	t import $file
	code 6 as ann done 1.3
}

@test "- reads the plan from standard input" {
	new
	code 0 t import - --as kitchen <"$PLANS/kitchen.md"
	same ready "$(state kitchen:1.3)"
}

@test "several files are one import: a mistake in the last loads none" {
	new
	printf '# A\n\n## Sprint 1 : One\n\n#### Task 8.1 : Eight\n' >a.md
	printf '# B\n\n## Sprint 1 : One\n\n#### Task 9.1 : Nine\n**Dependencies** : 9.9\n' >b.md
	refused 8 import a.md b.md
	refused 64 import a.md b.md --as one
}

@test "several files are one import: a cycle with what is there loads none" {
	new kitchen
	printf '# A\n\n## Sprint 1 : One\n\n#### Task 8.1 : Eight\n' >a.md
	printf '# B\n\n## Sprint 1 : One\n\n#### Task 9.1 : Nine\n\n#### Task 9.2 : Two\n' >b.md
	t import b.md
	t dep add 9.1 9.2
	printf '# B\n\n## Sprint 1 : One\n\n#### Task 9.1 : Nine\n\n#### Task 9.2 : Two\n**Dependencies** : 9.1\n' >b.md
	refused 8 import a.md b.md
	says 9.1 9.2
}

@test "an import is in the log, and says who did it" {
	new
	code 0 as ann import "$PLANS/kitchen.md"
	json 0 log
	is '[.events[] | select(.agent == "ann")] | length > 0'
}

@test "a plan with damaged encoding is repaired, and that is said in one line" {
	new
	perl -CSD -MEncode -pe '$_ = decode("MacRoman", encode("UTF-8", $_))' \
	    "$PLANS/kitchen.md" >damaged.md
	no cmp -s damaged.md "$PLANS/kitchen.md"
	code 0 t import damaged.md --as kitchen
	[ "$(grep -ciE 'encod|utf-8|mac' <<<"$out$err")" = 1 ]
	json 0 show 1.3
	is '.task.title == "Order the tiles" and .task.priority == 1'
}

@test "a repaired plan is the plan: the same tasks, nothing changed after it" {
	new
	perl -CSD -MEncode -pe '$_ = decode("MacRoman", encode("UTF-8", $_))' \
	    "$PLANS/bibliotheque.md" >bibliotheque.md
	t import bibliotheque.md
	cp "$PLANS/bibliotheque.md" .
	json 0 import bibliotheque.md
	is '.changed == [] and .added == [] and .removed == []'
}

@test "what is not damaged is not repaired" {
	new
	printf '# P\n\n## Sprint 1 : Ü\n\n#### Task 1.1 : naïve café – “été” Ã© √© 日本 🚀\n' >p.md
	t import p.md
	json 0 show 1.1
	is '.task.title == "naïve café – “été” Ã© √© 日本 🚀"'
}

@test "lint: 0 and the tasks for a sound plan, warnings do not change that" {
	json 0 lint "$PLANS/kitchen.md"
	is '.plans[0].tasks == 7 and .plans[0].needs == 4 and
	    all(.diagnostics[]; .severity == "note")'
	sed 's/^\*\*Dependencies\*\* : 2.1/**Duration** : soon/' "$PLANS/kitchen.md" >p.md
	json 0 lint p.md
	is '.diagnostics | map(select(.severity == "warning")) | length > 0'
	is '.diagnostics | map(select(.severity == "warning"))[0] | (keys | contains(["code", "column", "file", "line",
	    "message", "severity"])) and .file == "p.md" and .line > 0'
	code 0 t lint p.md
	says p.md: warning
}

@test "lint: 8 for errors, with file, line, column and what was expected" {
	printf '# P\n\n## Sprint 1 : One\n\n#### Task 1.1 : A\n\n#### Task 1.1 : B\n' >p.md
	json 8 lint p.md
	is '.error.code == "invalid" and (.error.diagnostics[0] |
	    .severity == "error" and .file == "p.md" and .line == 7 and
	    .column >= 1 and .other_line == 5)'
	code 8 t lint p.md
	says p.md:7: error
	no test -e .tasks
}

@test "lint: a file that is not there exits 3, a folder 8" {
	json 3 lint nothing.md
	mkdir folder
	json 8 lint folder
}

@test "lint reads days as the coordinator's hours_per_day, as import does" {
	new
	t config hours_per_day 6
	printf '# P\n\n## Sprint 1 : One\n\n#### Task 1.1 : A\n**Durée** : 2 jours\n\n| Task | Durée |\n|---|---|\n| 1.1 A | 12h |\n\n**Total** : 12h\n' >p.md
	json 0 import p.md
	is '.diagnostics == []'
	json 0 lint p.md
	is 'all(.diagnostics[]; .severity == "note")'
}

@test "lint says where a plan contradicts itself, with the lines of both places" {
	cat >p.md <<-'PLAN'
		# P

		## Sprint 1 : One

		#### Task 1.1 : A
		**Durée** : 1h

		#### Task 1.2 : B
		**Durée** : 2h
		**Dépendances** : 1.1

		**Total** : 5h (séquentiel)

		```mermaid
		gantt
		    dateFormat YYYY-MM-DD
		    section Sprint 1
		    A :t1_1, 2026-01-01, 1h
		    B :t1_2, 2026-01-01, 3h
		```
	PLAN
	json 0 lint p.md
	is '[.diagnostics[] | select(.line == 12)] | length == 1'
	is '[.diagnostics[] | select(.line == 19 and .other_line != null)] | length > 0'
}

@test "a plan's name can be written in front of an id as it is shown" {
	new
	for name in '' $'x\033y' $'x\ny' "$(printf '%0500d' 0)" 'a b'; do
		refused 8 import "$PLANS/kitchen.md" --as "$name" || return 1
	done
	refused 8 import "$PLANS/kitchen.md" --as hand
}

# title_is WANTED WRITTEN: as the heading of a task, with a colon and without;
# WANTED '' is one that is refused.
title_is() {
	local colon
	for colon in ' :' ''; do
		printf '## Sprint 1 : S\n\n#### Task 1.1%s %s\n' "$colon" "$2" >t.md
		if [ -z "$1" ]; then
			code 8 t import t.md --dry-run
			grep -q 't.md:3:.*no title' <<<"$err"
			continue
		fi
		t import t.md >/dev/null
		same "$1" "$(t --json show 1.1 | jq -r .task.title)"
		json 0 import t.md
		is '.changed == [] and .unchanged == 1'
	done
}

@test "a title of signs alone is one, where they say nothing of the state" {
	new
	title_is '👩‍💻' '👩‍💻'
	title_is '👩🏽‍💻' '👩🏽‍💻'
	title_is '❤️' '❤️'
	title_is '👩‍💻' '⭐ 👩‍💻 ✅'
	title_is '👩‍💻 🎉' '✔️ 👩‍💻 🎉'
	title_is '👩‍💻' '👩‍💻 (4h) (done)'
	title_is '(4h)' '(4h)'
	# Beside words they are decoration.
	title_is 'Code' '👩‍💻 Code'
	for sign in ✅ ✔️ ⭐ ⏳; do title_is '' "$sign"; done
	title_is '👩‍💻' '👩‍💻'
	code 0 t list
	says '👩‍💻'
}

@test "a title that shows nothing is none" {
	new
	for nothing in $'\u200d' $'\u200b\u200d' $'\ufe0f' $'\u2060' $'\u00a0' \
	    $'\u3164'; do
		title_is '' "$nothing"
		code 8 t add 9.1 "$nothing"
	done
	t add 9.1 '👩‍💻' >/dev/null
	code 8 t edit 9.1 --title $'\u200d'
	same '👩‍💻' "$(t --json show 9.1 | jq -r .task.title)"
}
