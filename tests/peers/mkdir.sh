# mkdir: Greg's Wiki, BashFAQ/045: making a folder either succeeds or fails.
# Nothing lists such locks or says that work is done; nothing is synced.
. "$peers/peer.sh"
claim='mkdir $folder/locks/$task'

version() { says "" mkdir --version; }
make() { mkdir locks; }

"$@"
