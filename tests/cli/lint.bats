# lint.bats - taskctl lint: what is wrong with a plan, and for whom it is said.

load helpers

plan() {
	cat >p.md <<-'PLAN'
		# P

		## Sprint 1 : One (4h)

		#### Task 1.1 : Walls
		**Duration** : 2h
		**Agent** : Agent A

		- [ ] paint

		#### Task 1.2 : Roof
		**Duration** : 2h
		**Agent** : Agent A

		- [ ] tile
	PLAN
}

# The complaints of one code: "line other_line".
lines() {
	jq -r --arg code "$1" '.diagnostics[] | select(.code == $code) |
	    "\(.line) \(.other_line)"' <<<"$out"
}

@test "a sound plan: nothing, and as what it was read, by what" {
	plan
	json 0 lint p.md
	is '.diagnostics == [] and (.plans[0] | .dialect == "sprint" and
	    (.because | contains("2 task headings")))'
	code 0 t lint p.md
	says 'read as "sprint" (2 task headings' 'nothing to complain about'
}

@test "an agent with two tasks at once in the plan's own schedule" {
	plan
	cat >>p.md <<-'PLAN'

		```mermaid
		gantt
		    dateFormat YYYY-MM-DD
		    section Sprint 1
		    Walls :t1_1, 2026-01-01, 2h
		    Roof :t1_2, 2026-01-01, 2h
		```
	PLAN
	json 0 lint p.md
	same '22 21' "$(lines double_booked)"
	sed -i 's/:t1_2, 2026-01-01/:t1_2, after t1_1/' p.md
	json 0 lint p.md
	same '' "$(lines double_booked)"
	sed -i 's/:t1_2, after t1_1/:t1_2, 2026-01-01/; 13s/A$/B/' p.md
	json 0 lint p.md
	same '' "$(lines double_booked)"
}

@test "durations that cannot be: none, below none, years, more than the sprint" {
	for duration in 0h -2h '9000 days' 5h; do
		plan
		sed -i "12s/2h/$duration/" p.md
		json 0 lint p.md
		[ "$(lines impossible_duration | wc -l)" = 1 ] || return 1
		is 'any(.diagnostics[]; .code == "impossible_duration" and
		    .line == 12 and .column == 16)' || return 1
	done
	is 'any(.diagnostics[]; .code == "impossible_duration" and .other_line == 3)'
	plan
	printf '\n```mermaid\ngantt\n Walls :t1_1, 2026-01-02, 2026-01-01\n```\n' >>p.md
	json 0 lint p.md
	same '19 null' "$(lines impossible_duration)"
}

@test "a task without an end: a note, one by one where others have one" {
	plan
	printf '\n#### Task 1.3 : Door\n\n#### Task 1.4 : Key ✅ (done)\n' >>p.md
	json 0 lint p.md
	same '17 null' "$(lines no_criterion)"
	sed -i '/\[ \]/d' p.md
	json 0 lint p.md
	same '5 null' "$(lines no_criterion)"
	is 'any(.diagnostics[]; .message | contains("1.1, 1.2, 1.3")) and
	    all(.diagnostics[]; .severity == "note")'
	# It is no contradiction: import does not say it.
	new
	json 0 import p.md
	is '.diagnostics == []'
}

@test "a cycle is named whole, however long" {
	{
		printf '# P\n\n## Sprint 1 : One\n'
		for i in $(seq 30); do
			printf '\n#### Task 1.%d : T\n**Dependencies** : 1.%d\n' \
			    "$i" $((i % 30 + 1))
		done
	} >p.md
	json 8 lint p.md
	is '.error.diagnostics[0].code == "cycle"'
	for i in $(seq 30); do
		is ".error.diagnostics[0].message | contains(\"1.$i (line \")" ||
		    return 1
	done
}

@test "--disable leaves a code out, an error too; an unknown one is refused" {
	plan
	sed -i '12s/2h/0h/; 6s/2h/2-3h/' p.md
	json 0 lint p.md --disable impossible_duration --disable sum_mismatch
	is '[.diagnostics[].code] == ["range"]'
	printf '\n#### Task 1.1 : Again\n' >>p.md
	json 8 lint p.md
	json 0 lint p.md --disable duplicate_id
	json 64 lint p.md --disable rnge
	is '.error.hint | contains("range")'
	json 64 lint p.md --disable zzzzzzzzzzzz
}

@test "--sarif: a log of version 2.1.0, errors too" {
	plan
	sed -i '12s/2h/6h/' p.md
	cp p.md 'a plän.md'
	code 0 t lint 'a plän.md' --sarif
	is '.version == "2.1.0" and (.runs | length == 1)'
	is '.runs[0] | .columnKind == "unicodeCodePoints" and
	    .tool.driver.name == "taskctl" and
	    (.tool.driver.rules | length > 30 and all(.id and
		.shortDescription.text and .help.text and
		(.defaultConfiguration.level | IN("note", "warning", "error"))))'
	is '.runs[0] as $run | .runs[0].results | length > 0 and all(
	    $run.tool.driver.rules[.ruleIndex].id == .ruleId and .level and
	    .message.text and
	    (.locations[0].physicalLocation |
		.artifactLocation.uri == "a%20pl%C3%A4n.md" and
		.region.startLine > 0 and .region.startColumn > 0))'
	is 'any(.runs[0].results[]; .ruleId == "impossible_duration" and
	    .relatedLocations[0].physicalLocation.region.startLine == 3)'
	printf '\n#### Task 1.1 : Again\n' >>p.md
	code 8 t lint p.md --sarif
	is 'any(.runs[0].results[]; .level == "error" and
	    .ruleId == "duplicate_id")'
	json 0 lint 'a plän.md' --sarif
	is '.sarif.version == "2.1.0"'
}

@test "--codes prints the page of the documentation" {
	code 0 t lint --codes
	diff - "$ROOT/docs/LINT.md" <<<"$out"
	json 0 lint --codes
	is '.codes | length > 30 and all(.code and .severity and .meaning and
	    .example and .remedy)'
	code 64 t lint
}

@test "--fix-ids leaves a plan alone that has its own" {
	plan
	cp p.md want.md
	before=$(stat -c %i p.md)
	json 0 lint p.md --fix-ids
	is '.fixed == [{"file": "p.md", "ids": []}]'
	cmp want.md p.md
	same "$before" "$(stat -c %i p.md)"
	json 64 lint - --fix-ids <p.md
	json 3 lint nothing.md --fix-ids
}

@test "a file over 64 MiB is refused in one line" {
	truncate -s 65M big.md
	code 8 t lint big.md
	same 1 "$(wc -l <<<"$err")"
	says 'big.md:1:1: ' '64 MiB'
}
