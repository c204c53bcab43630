# peer.sh - what every peer's file begins with, and what it may leave out.
#
# A peer is a file that says in words how its own documents want a task to be
# listed, claimed and finished; each is one command line, measured as a process
# without a shell around it (wordexp(3): quotes and $variables, nothing else):
#
#   list     every task                  ready   every task that could begin
#   claim    take $task for $agent       finish  it is done
#   race     claim, where the race needs another form
#   won      what the answer of a claim that succeeded matches (fnmatch)
#   accepted the same of finish
#   durable  yes: an answer is only given when a power cut cannot undo it
#
# and which has these functions, called in an empty $folder of its own:
#
#   version   its first line is shown; fails where it is not installed
#   serve     becomes the server          up      succeeds once it answers
#   make      the tasks of $plan: number, done (0 or 1), priority (1 to 3),
#             title and needs (numbers, commas), with tabs between them
#   finished  the numbers of all tasks that are done
#
# "-" is what it has none of.  $port and $port2 are free.
set -eu
list=- ready=- claim=- finish=- race= won='*' accepted='*' durable=no

# What is said above, for the runner, each with a zero byte behind it.
words() {
	serves=no
	if command -v up >/dev/null; then serves=yes; fi
	printf '%s\0' "$durable" "$serves" "$won" "$accepted" "$list" \
	    "$ready" "$claim" "$finish" "${race:-$claim}"
}

# Its name and version; fails as the program does, which a pipe would hide.
says() {
	name=$1
	shift
	answer=$("$@")
	echo "$name$answer"
}

# The plan as task-master keeps it, which taskctl reads too.
plan_json() {
	awk -F '\t' 'BEGIN { printf "{\"master\":{\"tasks\":[" }
	{ split("high medium low", word, " ")
	  printf "%s\n{\"id\":%d,\"title\":\"%s\",\"description\":\"%s\"," \
	      "\"status\":\"%s\",\"priority\":\"%s\",\"dependencies\":[%s]," \
	      "\"details\":\"\",\"testStrategy\":\"\",\"subtasks\":[]}",
	      (NR > 1 ? "," : ""), $1, $4, $4, $2 ? "done" : "pending",
	      word[$3], $5 }
	END { print "],\"metadata\":{\"description\":\"peers\"," \
	      "\"created\":\"2026-01-01T00:00:00.000Z\"," \
	      "\"updated\":\"2026-01-01T00:00:00.000Z\"}}}" }' "$plan"
}
