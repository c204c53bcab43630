# write_back.bats - import --write-back: the file says what has become of it.

load helpers

plan() {
	cat >"${1:-p.md}" <<-'PLAN'
		# P

		## Sprint 1 : One

		| Task | State |
		|------|-------|
		| 1.1  | ⏳ To do |
		| 1.2  | ✅ Done |

		#### Task 1.1 : Walls

		- [ ] paint them
		- [X] buy paint

		#### Task 1.2 : Roof ✅ (done)

		#### Task 1.3 : Door
		**Status** : To do

		#### Task 1.4 : Key
	PLAN
}

finish() { as ann claim "$1" >/dev/null && as ann done "$1" >/dev/null; }

# What the file is, against the plan with sed's changes.
file_is() {
	plan want.md
	sed -i -E "$@" want.md
	diff want.md p.md
}

@test "what is done is ticked, and nothing else changes" {
	new
	plan
	finish_all() { finish 1.1 && finish 1.3; }
	t import p.md
	finish_all
	t step 1.1 1
	json 0 import p.md --write-back
	is '.written[0] | .places == 4 and .ticked == ["1.1", "1.3"] and
	    .unticked == [] and .said == []'
	file_is 's/⏳ To do/✅ Done/; s/\[ \]/[X]/; s/: To do/: Done/'
}

@test "again: nothing is left to do, and the store says what it said" {
	new
	plan
	t import p.md
	finish 1.3
	t import p.md --write-back
	before=$(stat -c %i p.md)
	json 0 import p.md --write-back
	is '.written[0].places == 0 and .changed == [] and .unchanged == 4'
	same "$before" "$(stat -c %i p.md)"
	json 0 log
	is '[.events[] | select(.kind == "done")] | length == 1'
}

@test "what was reopened or undone is unticked" {
	new
	plan
	t import p.md
	t reopen 1.2
	t step 1.1 2 --undo
	json 0 import p.md --write-back
	is '.written[0] | .unticked == ["1.1", "1.2"]'
	file_is 's/✅ Done/⏳ To do/; s/✅ \(done\)/⏳ (to do)/; s/\[X\]/[ ]/'
	same ready "$(state 1.2)"
	# And the next import takes neither for a tick by hand.
	json 0 import p.md
	same ready "$(state 1.2)"
	json 0 show 1.1
	is '[.task.steps[].done] == [false, false]'
}

@test "a box that the plan ticks is not ticked again when the step is undone" {
	new
	plan
	t import p.md
	t step 1.1 2 --undo
	sed -i 's/Walls/All walls/' p.md
	t import p.md
	json 0 show 1.1
	is '[.task.steps[].done] == [false, false]'
}

@test "steps of one text are told apart" {
	new
	printf '# P\n\n## Sprint 1 : One\n\n#### Task 1.1 : A\n\n- [ ] test\n- [ ] test\n' >p.md
	t import p.md
	t step 1.1 2
	t import p.md --write-back
	same '- [ ] test
- [x] test' "$(tail -2 p.md)"
}

@test "--dry-run prints the difference, and changes nothing" {
	new
	plan
	t import p.md
	finish 1.3
	cp p.md old.md
	before=$(dump)
	code 0 t import p.md --write-back --dry-run
	says '-**Status** : To do' '+**Status** : Done' '@@ '
	cmp old.md p.md
	same "$before" "$(dump)"
	json 0 import p.md --write-back -n
	get '.written[0].diff' >d.patch
	is '.written[0].places == 1 and .dry_run'
	t import p.md --write-back
	command -v patch >/dev/null && patch -s old.md <d.patch && cmp old.md p.md
	[ "$(grep -c '^[-+][^-+]' d.patch)" = 2 ]
}

@test "carriage returns, byte order mark, no newline at the end: all stay" {
	new
	plan
	{ printf '\357\273\277'; sed 's/$/\r/' p.md | head -c -2; } >q.md
	mv q.md p.md
	t import p.md
	finish 1.3
	cp p.md want.md
	sed -i 's/\*\* : To do/** : Done/' want.md
	code 0 t import p.md --write-back -n
	t import p.md --write-back
	cmp want.md p.md
}

@test "a file whose encoding is damaged stays as damaged as it was" {
	new
	plan sound.md
	sed -i 's/Walls/Wände/; s/Roof/Toit d’été/' sound.md
	damage() {
		perl -CSD -MEncode -pe '$_ = decode("MacRoman", encode("UTF-8", $_))' "$1"
	}
	damage sound.md >p.md
	t import p.md
	finish 1.1
	finish 1.3
	t reopen 1.2
	code 0 t import p.md --write-back
	sed -i -E 's/⏳ To do/X Y/; s/✅ Done/⏳ To do/; s/X Y/✅ Done/
	    s/: To do/: Done/; s/✅ \(done\)/⏳ (to do)/' sound.md
	damage sound.md | cmp - p.md
}

@test "ticked by hand: finished, if nobody is at it; else said and left" {
	new
	plan
	t import p.md
	as ann claim 1.1
	sed -i 's/⏳ To do/✅ Done/; s/: To do/: Done/' p.md
	cp p.md want.md
	json 0 import p.md --write-back
	same done "$(state 1.3)"
	same claimed "$(state 1.1)"
	cmp want.md p.md
	is '.written[0].said | length == 1 and (.[0] | .code == "both_changed" and
	    .line == 10 and (.message | contains("1.1")))'
	code 0 t import p.md --write-back
	says 'p.md:10:' 'in work'
	as ann done 1.1
	json 0 import p.md --write-back
	is '.written[0] | .said == [] and .places == 0'
}

@test "unticked by hand what is done: said and left, however often it is asked" {
	new
	plan
	t import p.md
	sed -i 's/✅ Done/⬜ To do/; s/ ✅ .done.//; s/\[X\]/[ ]/' p.md
	cp p.md want.md
	for i in 1 2; do
		json 0 import p.md --write-back
		is '.written[0].said | length == 2 and all(.code == "both_changed")'
		same done "$(state 1.2)"
		cmp want.md p.md
		t import p.md
	done
	t reopen 1.2
	json 0 import p.md --write-back
	is '.written[0].said | length == 1'
}

@test "a plan changed meanwhile is read first" {
	new
	plan
	t import p.md
	finish 1.3
	sed -i 's/Door/Front door/; s/#### Task 1.4 : Key/#### Task 1.5 : Bell/' p.md
	cp p.md want.md
	sed -i 's/: To do/: Done/' want.md
	json 0 import p.md --write-back
	is '.added == ["1.5"] and .removed == ["1.4"] and .changed == ["1.3"]'
	cmp want.md p.md
}

@test "done, and no place in the file for it: said" {
	new
	plan
	t import p.md
	finish 1.4
	cp p.md want.md
	json 0 import p.md --write-back
	is '.written[0].said | length == 1 and (.[0] | .code == "no_place" and
	    .severity == "note" and .line == 20)'
	cmp want.md p.md
}

@test "the file's mode stays, and a link stays a link" {
	new
	mkdir plans
	plan plans/p.md
	chmod 640 plans/p.md
	ln -s plans/p.md p.md
	t import p.md
	finish 1.3
	code 0 t import p.md --write-back
	[ -L p.md ]
	same 640 "$(stat -c %a plans/p.md)"
	grep -q ': Done' plans/p.md
	same p.md "$(ls plans)"
}

@test "a file that may not be written is left, and that is said" {
	need_root
	new
	plan
	t import p.md
	finish 1.3
	open_way
	settled
	chmod -R a+rwX .
	chmod 444 p.md
	cp p.md want.md
	code 1 as_guest taskctl import p.md --write-back
	says 'p.md'
	cmp want.md p.md
	no ls p.md.*
}

@test "standard input is no file" {
	new
	plan
	refused 64 import - --write-back <p.md
}

@test "errors that came into the file: refused with their place" {
	new
	plan
	t import p.md
	printf '\n#### Task 1.1 : Again\n' >>p.md
	refused 8 import p.md --write-back
	is '.error.line == 22'
}

# Agents finish and write back at once, several times over.
@test "many at once lose nothing" {
	local round i
	new
	for round in 1 2 3 4; do
		printf '# P\n\n## Sprint %d : One\n' $round
		for i in 1 2 3 4 5 6 7 8; do
			printf '\n#### Task %d.%d : T\n**Status** : open\n' \
			    $round $i
		done
	done >p.md
	t import p.md --order none
	for round in 1 2 3 4; do
		for i in 1 2 3 4 5 6 7 8; do
			(finish $round.$i && t import p.md --order none \
			    --write-back) >/dev/null 2>>errors &
		done
		wait
		same $((round * 8)) "$(grep -c ': done' p.md)"
	done
	same '' "$(cat errors)"
	json 0 import p.md --order none --write-back
	is '.written[0].places == 0 and .written[0].said == []'
}

@test "what a killed one has left beside the file is taken out" {
	new
	plan
	t import p.md
	finish 1.3
	echo half >p.md.taskctl-new
	t import p.md --write-back
	file_is 's/: To do/: Done/'
	no ls p.md.taskctl-new
}

@test "several plans, and the store's own day, in one call" {
	new
	plan
	sed 's/1\.\([1-4]\)/7.\1/' p.md >q.md
	t import p.md q.md
	finish 1.3
	finish 7.3
	json 0 import p.md q.md --write-back
	is '[.written[].places] == [1, 1]'
	code 0 t import p.md q.md --write-back
	says 'p.md: nothing to write' 'q.md: nothing to write'
}

# --- a task a file -----------------------------------------------------------

backlog() {
	mkdir -p b/tasks
	printf -- '---\nid: TASK-1\ntitle: One\nstatus: To Do\n---\n' >b/tasks/1.md
	printf -- '---\r\nid: TASK-2\r\ntitle: Two\r\nstatus: "In Progress"\r\n' \
	    >b/tasks/2.md
	printf -- 'dependencies: [TASK-1]\r\n---\r\n## Plan\r\n- [ ] It works' \
	    >>b/tasks/2.md
	printf -- '---\nid: TASK-3\ntitle: Three\nstatus: Done\n---\n' >b/tasks/3.md
	new
	t import b/tasks/*.md >/dev/null
}

@test "Backlog.md: each task's own file, and one plan still" {
	backlog
	finish TASK-1
	t step TASK-2 1 >/dev/null
	sha256sum b/tasks/3.md >sum
	json 0 import b/tasks/*.md --write-back --dry-run
	is '[.written[].places] == [1, 1, 0]'
	grep -q 'To Do' b/tasks/1.md
	json 0 import b/tasks/*.md --write-back
	is '[.written[].ticked[]] | index("TASK-1") != null'
	same "$(printf -- '---\nid: TASK-1\ntitle: One\nstatus: Done\n---')" \
	    "$(cat b/tasks/1.md)"
	same $'- [x] It works' "$(tail -1 b/tasks/2.md)"
	grep -q $'^status: "In Progress"\r$' b/tasks/2.md
	sha256sum -c sum
	json 0 list
	is '[.tasks[] | [.plan, .id, .state]] == [["b", "TASK-1", "done"],
	    ["b", "TASK-2", "ready"], ["b", "TASK-3", "done"]]'
	json 0 import b/tasks/*.md --write-back
	is '[.written[].places] == [0, 0, 0] and .added == []'
	# What was written was taken in: unticking it by hand is told apart.
	sed -i 's/Done/To Do/' b/tasks/1.md
	json 0 import b/tasks/*.md --write-back
	is '[.written[].said[].code] == ["both_changed"]'
}

@test "Backlog.md: one file refreshes and writes its own task alone" {
	backlog
	finish TASK-1
	json 0 import b/tasks/1.md --write-back
	is '.written | length == 1'
	grep -q '^status: Done$' b/tasks/1.md
	json 0 list
	is '[.tasks[].plan] | unique == ["b"]'
}
