# formats.bats - plans in other formats than headings, as a user gives them.

setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir here && cd here
	plans=$BATS_TEST_DIRNAME/../plans
	taskctl init >/dev/null
}

# What a plan says of its tasks, and what follows from that.
said() {
	taskctl --json list | jq -cS '.tasks[] | {id, title, sprint, state,
		priority, estimate_s, planned_agent, mutex, needs, unmet,
		after, unblocks, files, criteria, steps, orphaned}'
}

@test "list --json of one store, imported into another, gives equal tasks" {
	for plan in bibliotheque.md kitchen.md tienda.md ballade.md; do
		mkdir "../$plan.1" "../$plan.2"
		(cd "../$plan.1" && taskctl init >/dev/null &&
			taskctl import "$plans/$plan" >/dev/null &&
			taskctl run --next --agent ada -- true >/dev/null &&
			taskctl --json list >../here/list.json &&
			said >../here/one.said)
		(cd "../$plan.2" && taskctl init >/dev/null &&
			taskctl import ../here/list.json >/dev/null &&
			said >../here/two.said)
		[ -s one.said ]
		diff one.said two.said
		grep -q '"state":"done"' two.said
	done
}

@test "the same list again changes nothing" {
	taskctl import "$plans/bibliotheque.md" >/dev/null
	taskctl --json list >list.json
	mkdir ../two && cd ../two && taskctl init >/dev/null
	taskctl import ../here/list.json >/dev/null
	run taskctl --json import ../here/list.json
	[ "$(jq -c '[.added,.changed,.removed]' <<<"$output")" = '[[],[],[]]' ]
	[ "$(jq .unchanged <<<"$output")" -eq 8 ]
}

@test "JSON that is none: line and column, exit 8, nothing loaded" {
	printf '{"tasks": [\n  {"id": 1, "title": "x" "needs": []}\n]}' >bad.json
	run taskctl --json import bad.json
	[ "$status" -eq 8 ]
	[ "$(jq -c '[.error.line,.error.column]' <<<"$output")" = '[2,26]' ]
	[ -z "$(taskctl -q list)" ]
}

@test "source names the line of the task in JSON" {
	taskctl import "$plans/harbour.jsonl" >/dev/null
	run taskctl --json show hb-5
	[ "$(jq -c .task.source.line <<<"$output")" = 6 ]
}

@test "lint says which format was recognised, and why" {
	run taskctl lint "$plans/atelier.json"
	[[ $output == *'read as "taskmaster" (2 tags with "tasks")'* ]]
	run taskctl lint "$plans/garten.md"
	[[ $output == *'read as "tables" (1 table of tasks with 4 rows)'* ]]
	run taskctl lint "$plans/ballade.md"
	[[ $output == *'read as "mermaid" (1 Mermaid gantt block with 8 bars)'* ]]
}

@test "--format: a Markdown format does not read JSON" {
	run taskctl lint --format tables "$plans/atelier.json"
	[ "$status" -eq 8 ]
	[[ $output == *'tables reads Markdown'* ]]
}

task_file() { # NUMBER STATUS DEPENDENCIES
	printf -- '---\nid: task-%s\ntitle: Task %s\nstatus: %s\ndependencies: %s\n---\n' \
		"$1" "$1" "$2" "$3" >"backlog/tasks/task-$1 - Task.md"
}

@test "Backlog.md: all files of a folder are one plan" {
	mkdir -p backlog/tasks
	task_file 1 Done '[]'
	task_file 2 'To Do' '[task-1]'
	task_file 3 'To Do' '[TASK-2]'
	run taskctl import backlog/tasks/*.md
	[ "$status" -eq 0 ]
	[[ $output == *'3 added: task-1, task-2, task-3'* ]]
	[ "$(taskctl -q ready)" = task-2 ]
	[ "$(taskctl --json show task-3 | jq -r .task.plan)" = backlog ]
}

@test "Backlog.md: one file refreshes its task, and the others stay" {
	mkdir -p backlog/tasks
	task_file 1 'To Do' '[]'
	task_file 2 'To Do' '[]'
	taskctl import backlog/tasks/*.md >/dev/null
	task_file 2 Done '[]'
	run taskctl import backlog/tasks/task-2*
	[ "$status" -eq 0 ]
	[ "$(taskctl -q ready)" = task-1 ]
	[ "$(taskctl --json show task-1 | jq .task.orphaned)" = false ]
	rm backlog/tasks/task-2*
	task_file 3 'To Do' '[]'
	run taskctl import backlog/tasks/*.md
	[[ $output == *'gone from the plan: task-2'* ]]
}

@test "Backlog.md: a dependency in no file that was given is an error there" {
	mkdir -p backlog/tasks
	task_file 1 'To Do' '[task-7]'
	task_file 2 'To Do' '[]'
	run taskctl import backlog/tasks/*.md
	[ "$status" -eq 8 ]
	[[ $output == *'backlog/tasks/task-1 - Task.md:5:15: error: '* ]]
	[ -z "$(taskctl -q list)" ]
}
