# task-master: its README and "task-master --help": set-status --id=ID
# --status=in-progress is how work begins.  There is no claim.  It is kept from
# looking for a newer version of itself; its tasks are one file of JSON.
. "$peers/peer.sh"
program="$modules/.bin/task-master"
list="$program list --compact"
ready="$program list --ready --compact"
claim="$program set-status --id=\$task --status=in-progress"
finish="$program set-status --id=\$task --status=done"
won='*Successfully updated*'
accepted='*Successfully updated*'

version() { says "task-master " "$program" --version; }

make() {
	"$program" init --yes --no-git --no-aliases --skip-install --rules codex
	mkdir -p .taskmaster/tasks
	plan_json >.taskmaster/tasks/tasks.json
}

finished() {
	tr -d '\n' <.taskmaster/tasks/tasks.json | sed 's/"id"/\n&/g' |
	    sed -n 's/^"id": *"*\([0-9]*\)"*,.*"status": *"done".*/\1/p'
}

"$@"
