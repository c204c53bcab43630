# Redis: redis.io, "Distributed Locks with Redis": SET resource value NX EX is
# the claim; whoever releases compares the value and deletes, in one script.
# Finishing notes it in the same script.  Durable is "appendfsync always"
# (redis.conf): fsync before the answer.  It knows of no dependencies.
. "$peers/peer.sh"
cli="redis-cli -s \$folder/redis.sock"
durable=yes
list="$cli HGETALL title"
claim="$cli SET lock:\$task \$agent NX EX 1800"
finish="$cli EVAL \"if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('del', KEYS[1])
redis.call('sadd', 'done', ARGV[2])
return 1\" 1 lock:\$task \$agent \$task"
won='OK*'
accepted='1*'

version() {
	answer=$(redis-server --version)
	echo "${answer%% sha=*}"
}
serve() {
	exec redis-server --port 0 --unixsocket "$folder/redis.sock" \
	    --dir "$folder" --save '' --appendonly yes --appendfsync always
}
up() { [ "$(redis-cli -s "$folder/redis.sock" PING)" = PONG ]; }

make() {
	awk -F '\t' '{ printf "HSET title %d \"%s\"\n", $1, $4
	    if ($2) printf "SADD done %d\n", $1 }' "$plan" |
	    redis-cli -s "$folder/redis.sock"
}

finished() { redis-cli -s "$folder/redis.sock" SMEMBERS done; }

"$@"
