# flock: flock(1), -n: fail rather than wait.  The lock lasts as long as the
# command that it runs, and leaves nothing behind; so there is nothing to list
# or to finish, and the race is among commands that last.
. "$peers/peer.sh"
claim='flock -n $folder/locks/$task true'
race='flock -n $folder/locks/$task sleep 0.5'

version() { says "" flock --version; }
make() { mkdir locks; }

"$@"
