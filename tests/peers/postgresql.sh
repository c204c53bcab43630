# PostgreSQL: its manual, SELECT, "The Locking Clause": SKIP LOCKED is for
# "queue-like tables" with many consumers; the claim is an UPDATE of the row
# that such a SELECT has locked.  psql itself, not Debian's wrapper in perl.
# Durable by default: fsync and synchronous_commit are on.
. "$peers/peer.sh"
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
psql="$bin/psql -h \$folder -U postgres -XAtqc"
durable=yes
list="$psql 'SELECT id, state, holder, title FROM task ORDER BY id'"
ready="$psql \"SELECT id, title FROM task t WHERE state = 'open' AND NOT EXISTS
(SELECT FROM dep d JOIN task n ON n.id = d.needs WHERE d.task = t.id
AND n.state <> 'done') ORDER BY priority, id\""
claim="$psql \"UPDATE task SET state = 'claimed', holder = '\$agent',
expires = now() + interval '30 min' WHERE id = (SELECT id FROM task
WHERE id = \$task AND state = 'open' FOR UPDATE SKIP LOCKED) RETURNING id\""
finish="$psql \"UPDATE task SET state = 'done' WHERE id = \$task
AND state = 'claimed' AND holder = '\$agent' RETURNING id\""
won='[1-9]*'
accepted='[1-9]*'

version() { says "" "$bin/postgres" --version; }

# It does not run as root.
as_itself() {
	if [ "$(id -u)" -eq 0 ]; then
		chown postgres "$folder"
		set -- setpriv --reuid postgres --regid postgres \
		    --clear-groups --pdeathsig KILL "$@"
	fi
	exec "$@"
}
serve() {
	(as_itself "$bin/initdb" -D "$folder/data" -A trust -U postgres) >/dev/null
	as_itself "$bin/postgres" -D "$folder/data" -k "$folder" \
	    -c listen_addresses=
}
up() { "$bin/pg_isready" -q -h "$folder"; }

make() {
	{
		cat <<-END
			CREATE TABLE task (id int PRIMARY KEY, state text,
			    priority int, holder text, expires timestamptz,
			    title text);
			CREATE TABLE dep (task int, needs int,
			    PRIMARY KEY (task, needs));
			COPY task (id, state, priority, title) FROM stdin;
		END
		awk -F '\t' -v OFS='\t' '{ print $1, $2 ? "done" : "open", $3,
		    $4 }' "$plan"
		echo '\.'
		echo 'COPY dep FROM stdin;'
		awk -F '\t' '{ n = split($5, needs, ",")
		    for (i = 1; i <= n; i++) print $1 "\t" needs[i] }' "$plan"
		echo '\.'
		echo 'ANALYZE;'
	} | "$bin/psql" -h "$folder" -U postgres -Xq -v ON_ERROR_STOP=1
}

finished() {
	"$bin/psql" -h "$folder" -U postgres -XAtqc \
	    "SELECT id FROM task WHERE state = 'done'"
}

"$@"
