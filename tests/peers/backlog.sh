# Backlog.md: the AGENTS.md that its init writes, and README, "task edit": an
# agent takes a task with -s "In Progress" -a @itself.  There is no claim.
# Measured is the program itself, not the script in node that npm puts in front
# of it; tasks are files as its own "task create" writes them, committed.
. "$peers/peer.sh"
program=$modules/backlog.md-linux-x64/backlog
list="$program task list --plain"
ready="$program task list --ready --plain"
claim="$program task edit \$task -s 'In Progress' -a @\$agent"
finish="$program task edit \$task -s Done"

version() { says "Backlog.md " "$program" --version; }

make() {
	git init -q .
	git config user.name peers
	git config user.email peers@localhost
	"$program" init peers --defaults --agent-instructions none
	mkdir -p backlog/tasks
	awk -F '\t' '{ split("high medium low", word, " ")
	  file = "backlog/tasks/task-" $1 " - " $4 ".md"
	  printf "---\nid: TASK-%d\ntitle: %s\nstatus: %s\nassignee: []\n" \
	      "created_date: '\''2026-01-01 00:00'\''\nlabels: []\n", $1, $4,
	      $2 ? "Done" : "To Do" >file
	  n = split($5, needs, ",")
	  print "dependencies:" (n ? "" : " []") >file
	  for (i = 1; i <= n; i++)
		print "  - TASK-" needs[i] >file
	  printf "priority: %s\nordinal: %d\n---\n\n## Description\n\n" \
	      "<!-- SECTION:DESCRIPTION:BEGIN -->\n%s\n" \
	      "<!-- SECTION:DESCRIPTION:END -->\n", word[$3], $1 * 1000,
	      $4 >file
	  close(file) }' "$plan"
	git add -A
	git commit -q -m plan
}

finished() {
	grep -l '^status: Done' backlog/tasks/* |
	    sed 's/.*task-\([0-9]*\) .*/\1/'
}

"$@"
