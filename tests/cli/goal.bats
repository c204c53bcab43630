# goal.bats - what a sprint is for: from the plan to the report.

load clones

eval "$(declare -f setup | sed '1s/setup/helpers_setup/')"
setup() {
	helpers_setup
	clones_setup
	HOUSE=$BATS_TEST_TMPDIR/house.md
	write_house 'Four walls that stand.'
}

# house PLAN whose first sprint states $1; without, none.
write_house() {
	{
		printf '# House\n\n## Sprint 1 : Walls\n\n'
		[ -z "$1" ] || printf '### Goal\n\n%s\n\n' "$1"
		printf '#### Task 1.1 : Bricks\n\n- [ ] fetched\n\n'
		printf '## Sprint 2 : Roof\n\n#### Task 2.1 : Tiles\n'
	} >"$HOUSE"
}

goals() { q "SELECT key || '=' || goal FROM sprint ORDER BY id"; }

@test "the report of a sprint says what it is for" {
	new "$HOUSE"
	json 0 report --sprint 1
	is '.goal == "Four walls that stand." and .title == "Walls"'
	is '.sprints | map(.goal) == ["Four walls that stand."]'
	code 0 t report --sprint 1
	says '| sprint | Walls |' '| goal | Four walls that stand. |'
	code 0 t report --sprint 1 --format html
	says '<td>goal</td><td>Four walls that stand.</td>'
	# Who states none is for what it is called.
	json 0 report --sprint 2
	is '.goal == "Roof" and .title == "Roof" and .sprints[0].goal == null'
	code 0 t report --sprint 2
	says '| goal | Roof |'
	says_not '| sprint |'
	# Nor has one that is a number alone another name.
	sed -i 's/Sprint 1 : Walls/Sprint 1/' "$HOUSE"
	take "$HOUSE"
	code 0 t report --sprint 1
	says '| goal | Four walls that stand. |'
	says_not '| sprint |'
}

@test "the report of a plan says what its sprints are for, if they say so" {
	new "$HOUSE"
	json 0 report
	is '.goal == null and .title == null and
	    (.sprints | map(.goal) == ["Four walls that stand.", null])'
	code 0 t report
	says '## Goals' '| 1 | Walls | Four walls that stand. |'
	says_not '| 2 | Roof |  |'
	write_house ''
	take "$HOUSE"
	code 0 t report
	says_not '## Goals'
}

@test "status says it, and so does the page" {
	new "$HOUSE"
	json 0 status
	is '.sprints | map(.goal) == ["Four walls that stand.", null]'
	t export --html page.html
	same 1 "$(grep -c 'Four walls that stand.' page.html)"
}

@test "status of a sprint: the goal stands with the totals, cut to the screen" {
	write_house "Four walls that stand, $(printf 'x%.0s' {1..80})"
	new "$HOUSE"
	for size in '24 80' '12 40'; do
		code 0 env LINES=${size% *} COLUMNS=${size#* } taskctl status --sprint 1
		same 'goal   Four walls that stand, xx' "$(sed -n '3s/xx.*/xx/p' <<<"$out")"
		same "${size#* }" "$(wc -L <<<"$out")"
	done
	goal=$(wc -l <<<"$out")
	# It takes no line from anything else: so many are there without it.
	write_house ''
	take "$HOUSE"
	code 0 env LINES=12 COLUMNS=40 taskctl status --sprint 1
	says_not goal
	same "$goal" "$(wc -l <<<"$out")"
	# Of several sprints together none is said.
	write_house 'Four walls that stand.'
	take "$HOUSE"
	code 0 t status
	says_not goal
}

@test "the same plan changes nothing; another goal, or none, is a change" {
	new "$HOUSE"
	before=$(dump)
	json 0 import "$HOUSE"
	same "$before" "$(dump)"
	for goal in 'Four walls.' ''; do
		last=$(q 'SELECT max(id) FROM event')
		write_house "$goal"
		json 0 import "$HOUSE" --dry-run
		same "$last" "$(q 'SELECT max(id) FROM event')"
		json 0 import "$HOUSE"
		is '.added == [] and .changed == [] and .unchanged == 2'
		same "$(goals)" "1=$goal"$'\n2='
		same "imported|$goal" "$(q "SELECT kind || '|' ||
		    coalesce(data ->> '\$.sprints[0].goal', '')
		    FROM event WHERE id > $last")"
	done
}

@test "what is written back leaves the goal as it is" {
	new "$HOUSE"
	as ann claim 1.1
	as ann step 1.1 1
	as ann 'done' 1.1
	sed 's/\[ \]/[x]/' "$HOUSE" >want.md
	code 0 t import "$HOUSE" --write-back
	same "$(<want.md)" "$(<"$HOUSE")"
	same "$(goals)" $'1=Four walls that stand.\n2='
}

@test "a goal is text: on a terminal, and on all pages" {
	new
	write_house $'<img src=x> | \\*\\*b @you \\[l](http://e.example) \e[31mred\u202e'
	take "$HOUSE"
	code 0 t report --sprint 1 --format html
	says '&#60;img src=x&#62; | **b' 'red\u{202e}'
	no grep -q $'<img\|\e\|\u202e' <<<"$out"
	code 0 t report --sprint 1
	says 'img src=x' 'u{202e}'
	no grep -q $'\e\|\u202e' <<<"$out"
	no grep -qE '(^|[^\\])(<img|\*\*b|\[l\])|@you|http://' <<<"$out"
	awk -F '[^\\\\][|]' '/^[|] goal/ { exit NF != 3 }' <<<"$out"
	code 0 t status --sprint 1
	says 'goal   <img src=x>' 'u{202e}'
	no grep -q $'\e\|\u202e' <<<"$out"
	t export --html page.html
	no grep -q '<img src=x' page.html
}

@test "a store of version 5 opens, works, and takes goals with the next import" {
	new "$HOUSE"
	q 'ALTER TABLE sprint DROP COLUMN goal; PRAGMA user_version = 5'
	rows=$(q 'SELECT * FROM sprint; SELECT * FROM task')
	# A reader takes nothing over, and says what would.
	code 1 t status
	same 5 "$(q 'PRAGMA user_version')"
	as ann claim 1.1
	same 6 "$(q 'PRAGMA user_version')"
	same "$(goals)" $'1=\n2='
	same "$(head -n 2 <<<"$rows")" "$(q 'SELECT id, plan, key, title, position,
	    complete, after, remaining, gate FROM sprint')"
	json 0 report --sprint 1
	is '.goal == "Walls"'
	json 0 import "$HOUSE"
	same "$(goals)" $'1=Four walls that stand.\n2='
	code 0 t doctor
}

@test "sync brings it, also another one and none" {
	clone one "$HOUSE"
	t sync >/dev/null
	clone two
	t sync >/dev/null
	same "$(goals)" $'1=Four walls that stand.\n2='
	for goal in 'Four walls.' ''; do
		write_house "$goal"
		in_clone one
		t import "$HOUSE" >/dev/null
		t sync >/dev/null
		in_clone two
		t sync >/dev/null
		same "$(goals)" "1=$goal"$'\n2='
	done
}

@test "sync: an import of an older taskctl, which knows no goals, takes none away" {
	clone one "$HOUSE"
	t sync >/dev/null
	clone two
	t sync >/dev/null
	# As it would have told it.
	sed 's/Bricks/Clay/' "$HOUSE" >house.md
	t import house.md --as house >/dev/null
	q "UPDATE event SET data = json_replace(data, '\$.sprints',
	    (SELECT json_group_array(json_remove(value, '\$.goal'))
	    FROM json_each(data, '\$.sprints'))) WHERE kind = 'imported'
	    AND id = (SELECT max(id) FROM event)"
	t sync >/dev/null
	in_clone one
	t sync >/dev/null
	same Clay "$(t --json show 1.1 | jq -r .task.title)"
	same "$(goals)" $'1=Four walls that stand.\n2='
}

@test "restore: a goal that is no text, or too long, is refused" {
	clone one "$HOUSE"
	t commit >/dev/null
	for bad in 5 "\"$(printf '%2001s' | tr ' ' x)\""; do
		git branch -f good taskctl
		forge "sed 's/\"goal\":\"Four[^\"]*\"/\"goal\":$bad/'"
		git clone -q . ../back
		cd ../back
		code 8 t restore --from-git
		says goal
		[ ! -e .tasks/taskctl.db ]
		in_clone one
		rm -rf ../back
		git branch -f taskctl good
	done
}
