# taskwarrior: man task(1): "task <filter> start: Marks the specified tasks as
# started", "done", "all", and the report "ready".  There is no claim; start is
# what its documents offer, and it refuses what is started.  Ids change with
# what is done, so tasks are called by their UUID.  Writes are not synced.
. "$peers/peer.sh"
uuid='00000000-0000-4000-8000-'
list='task all'
ready='task ready'
claim="task ${uuid}\$padded start"
finish="task ${uuid}\$padded done"

version() { says "taskwarrior " task --version; }

make() {
	cat >.taskrc <<-END
		data.location=$folder/.task
		confirmation=off
		news.version=2.6.0
	END
	awk -F '\t' -v uuid="$uuid" 'BEGIN { printf "[" }
	{ split("H M L", word, " ")
	  printf "%s\n{\"uuid\":\"%s%012d\",\"description\":\"%s\"," \
	      "\"status\":\"%s\",%s\"entry\":\"20260101T000000Z\"," \
	      "\"priority\":\"%s\"",
	      (NR > 1 ? "," : ""), uuid, $1, $4, $2 ? "completed" : "pending",
	      $2 ? "\"end\":\"20260101T000000Z\"," : "", word[$3]
	  n = split($5, needs, ",")
	  for (i = 1; i <= n; i++)
		printf "%s\"%s%012d\"%s", i == 1 ? ",\"depends\":[" : ",",
		    uuid, needs[i], i == n ? "]" : ""
	  printf "}" }
	END { print "]" }' "$plan" | task import
}

finished() {
	task status:completed export |
	    sed -n 's/.*"uuid":"[-0]*4000-8000-0*\([0-9]*\)".*/\1/p'
}

"$@"
