# etcd: "etcdctl lock" holds for as long as it runs itself, and waits instead of
# refusing; so the claim is what that lock and etcd's documents are made of
# (etcdctl(1): lease grant; txn: create("key") = "0"): a key with a lease, put
# if nobody has.  Two commands, hence a shell.  One member, its log synced
# before the answer, as always.  It knows of no dependencies.
. "$peers/peer.sh"
export ETCDCTL_API=3 ETCDCTL_ENDPOINTS="127.0.0.1:$port"
durable=yes
list="env ETCDCTL_API=3 etcdctl --endpoints 127.0.0.1:\$port get --prefix title/"
claim="sh $peers/etcd.sh take \$task \$agent"
finish="sh $peers/etcd.sh give \$task \$agent"
won='*SUCCESS*'
accepted='*SUCCESS*'

version() { says "" etcd --version; }
serve() {
	exec etcd --name one --data-dir "$folder/data" --log-level error \
	    --logger zap --listen-client-urls "http://127.0.0.1:$port" \
	    --advertise-client-urls "http://127.0.0.1:$port" \
	    --listen-peer-urls "http://127.0.0.1:$port2" \
	    --initial-advertise-peer-urls "http://127.0.0.1:$port2" \
	    --initial-cluster "one=http://127.0.0.1:$port2"
}
up() { etcdctl endpoint health; }

# Lines of etcdctl txn: conditions, what to do, what to do otherwise.
take() {
	granted=$(etcdctl lease grant 1800)
	lease=${granted#lease }
	printf 'create("lock/%s") = "0"\n\nput lock/%s %s --lease=%s\n\n\n' \
	    "$1" "$1" "$2" "${lease%% *}" | etcdctl txn
}
give() {
	printf 'value("lock/%s") = "%s"\n\ndel lock/%s\nput done/%s %s\n\n\n' \
	    "$1" "$2" "$1" "$1" "$2" | etcdctl txn
}

# A transaction takes 128 operations.
make() {
	awk -F '\t' '{ printf "put title/%d \"%s\"\n", $1, $4
	    if ($2) printf "put done/%d plan\n", $1 }' "$plan" |
	    split -l 120 - batch.
	for batch in batch.*; do
		{ echo; cat "$batch"; echo; echo; } | etcdctl txn
	done
}

finished() {
	etcdctl get --prefix --keys-only done/ | sed -n 's|^done/||p'
}

"$@"
