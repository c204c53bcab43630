# fix_ids.bats - lint --fix-ids: the ids that are made for a plan, written into
# it, so that a title can be reworded and a line be moved.

load helpers

# What a new store has of a plan, task by task.
stored() {
	settled
	rm -rf .tasks
	t init >/dev/null
	t import "$1" --as plan >/dev/null 2>&1
	t --json list |
	    jq -c '.tasks[] | [.id, .title, .state, .sprint, .needs, .after]'
}

# fix FILE COUNT: so many ids go into fixed.md, and nothing else changes.
fix() {
	local before
	before=$(stored "$1")
	cp "$1" fixed.md
	json 0 lint fixed.md --fix-ids
	is ".fixed[0].ids | length == $2"
	sed 's/ {#[^}]*}//' fixed.md | cmp "$1" -
	diff <(echo "$before") <(stored fixed.md)
	cp fixed.md once.md
	json 0 lint fixed.md --fix-ids
	is '.fixed[0].ids == []'
	cmp once.md fixed.md
}

# reword FROM TO ID: a new title, the same ids, and what is done stays done.
reword() {
	local before
	before=$(stored fixed.md | jq -c '.[0]')
	t claim "$3" --agent ada >/dev/null
	t done "$3" --agent ada >/dev/null
	grep -q "$1" fixed.md
	sed -i "s/$1/$2/" fixed.md
	json 0 import fixed.md --as plan
	same "$before" "$(t --json list | jq -c '.tasks[].id')"
	json 0 show "$3"
	is ".task.state == \"done\" and (.task.title | test(\"${2% {*}\"))"
}

@test "a list: behind the first line of each item" {
	printf '\xEF\xBB\xBF# List\r\n\r\n- [ ] Paint\t\r\n' >p.md
	printf '  the walls\r\n\r\n    - [x] Buy `paint`  \r\n' >>p.md
	printf -- '- [ ] AB-12: Its own\r\n- [ ] \xC3\x89cho **bold**' >>p.md
	fix p.md 3
	grep -q $'^- \[ \] Paint {#paint-the-walls-[^}]*}\t\r$' fixed.md
	grep -q 'Buy `paint` {#buy-paint-.*}  '$'\r$' fixed.md
	tail -1 fixed.md | grep -q '\*\*bold\*\* {#echo-bold-[^}]*}$'
	reword 'cho' 'CHO' "$(stored fixed.md | jq -r 'select(.[1] | test("cho")) | .[0]')"
}

@test "a list: what is alike is told apart, also from a new line above" {
	printf '# L\n\n- [ ] Test\n- [x] Test\n' >p.md
	fix p.md 2
	before=$(stored fixed.md | jq -c '[.[0], .[2]]')
	sed -i '3i - [ ] Test' fixed.md
	json 0 import fixed.md --as plan
	is '.added | length == 1'
	t --json list | jq -c '.tasks[] | [.id, .state]' >all
	while read -r one; do grep -qxF -- "$one" all; done <<<"$before"
	json 0 lint fixed.md --fix-ids
	is '.fixed[0].ids | length == 1'
}

@test "an id that stands twice: said, and the second one counted" {
	printf '# L\n\n- [ ] One {#x}\n- [ ] Two {#x}\n' >p.md
	json 0 lint p.md
	is 'any(.diagnostics[]; .code == "duplicate_id" and .line == 4)'
	json 0 lint p.md --fix-ids
	is '.fixed[0].ids == []'
}

@test "lists with ids of their own stay as they are" {
	for plan in bullets kiro speckit; do
		fix "$PLANS/$plan.md" 0
	done
}

@test "a deployment checklist: in its headings" {
	fix "$PLANS/bakery-deployment.md" 3
	grep -qx '### Night shift {#phase-2.night-shift}' fixed.md
	grep -q '^### .*1\.1[^{]*$' fixed.md
	reword 'Configuration {#c' 'Settings {#c' configuration
}

@test "a deployment checklist: headings that are alike, in any letters" {
	printf '# Deployment\n\n## Phase 1: A\n\n### Step 1: Go\n\n- [ ] x\n' \
	    >p.md
	printf '\n### Печь\n\n- [ ] y\n' >>p.md
	printf '\n## Phase 2: B\n\n### Step 1: Go\n\n- [ ] z\n' >>p.md
	fix p.md 3
	grep -qx '### Печь {#.*печь}' fixed.md
	sed -i 's/Phase 1: A/Phase 7: A/' fixed.md
	stored fixed.md | jq -es 'any(.[]; .[0] | test("^phase-1.*1$"))'
}

@test "tables: in the cell of the title, in each table" {
	cat >p.md <<-'EOF'
	## Sprint 1

	| Title | Depends on | Status |
	|---|---|---|
	| **Build the oven** | - | Done |
	| Light \| it|Build the oven|  |
	| 1.3 Its own | | |
	| Demo | | |
	| Demo | | |

	## Sprint 2

	|Title|Depends on|
	|---|---|
	|Demo||

	## Backlog

	| Title | Depends on |
	|---|---|
	| Build the oven | |
	EOF
	fix p.md 6
	grep -q '^| \*\*Build the oven {#build-the-oven-....}\*\* |' fixed.md
	grep -q '^| Build the oven {#build-the-oven-....} |' fixed.md
	grep -q '^|Demo {#S2-demo-....}||$' fixed.md
	sed -i 's/Demo {#S2/Show {#S2/' fixed.md
	before=$(stored p.md | jq -c '.[0]')
	same "$before" "$(stored fixed.md | jq -c '.[0]')"
}

@test "tables: a row without an id beside rows with one" {
	cat >p.md <<-'EOF'
	| ID | Title | Depends on |
	|----|-------|------------|
	| A1 | Oven  | |
	|    | Fire  | A1 |
	EOF
	fix p.md 1
	grep -q '^|    | Fire {#fire-....}  | A1 |$' fixed.md
	sed -i 's/| Fire {/| Flame {/' fixed.md
	reword Oven Stove A1
}

@test "where an id cannot be written nothing is" {
	printf '# Deployment\n\n## Phase 1: A\n\n### Go ###\n\n- [ ] x\n' >p.md
	printf '\n### Stay\n\n- [ ] y\n' >>p.md
	cp p.md want.md
	json 8 lint p.md --fix-ids
	cmp want.md p.md
}
