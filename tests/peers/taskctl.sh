# taskctl: README, "Ten lines".  A store in a repository, as after init; only
# that nothing is committed in the background, since the others commit nothing
# either (git.auto).
. "$peers/peer.sh"
durable=yes
list="$programs/taskctl list --limit 0"
ready="$programs/taskctl ready --limit 0"
claim="$programs/taskctl claim \$task --agent \$agent"
finish="$programs/taskctl done \$task --agent \$agent"
won='claimed *'

version() { says "" "$programs/taskctl" version; }

make() {
	git init -q .
	"$programs/taskctl" init
	"$programs/taskctl" config git.auto off
	plan_json >plan.json
	"$programs/taskctl" import plan.json
}

finished() { "$programs/taskctl" -q list --state done --limit 0; }

"$@"
