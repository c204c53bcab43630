# The old script (tests/bench/old_script.sh): look whether a lock file is there,
# then write it.
. "$peers/peer.sh"
claim="$bench/old_script.sh \$task \$agent"

version() { echo "a shell script with lock files"; }
make() { mkdir -p .tasks/locks; }

"$@"
