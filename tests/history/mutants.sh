#!/bin/bash
# mutants.sh BUILD CHECK RECORD - taskctl with a mechanism taken out: its
# histories must be found out.  One object each is replaced.
# COMPILE and LINK are commands of the Makefile; %s is the object.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$1 check=$2 record=$3

# name | file | perl substitution
mutants() {
	cat <<-'END'
	any-token|lib/work/holder.c|s/return who->token == lease->token &&/return lease->token > 0 &&/
	ended-let-in|lib/work/holder.c|s/\(out->lease.ended == NULL \|\| out->late\)/1/
	not-again|lib/work/finish.c|s/return strcmp\(at->row.state, "done"\) == 0 &&/return at->late &&/
	names-the-dead|lib/work/heartbeat.c|s/return lease->task != 0 && lease->ended == NULL/return lease->task < 0/
	shortens|gen/sql.c|s/CASE WHEN expires_boot > \$1 THEN expires_boot ELSE \$1 END/\$1/
	done-is-open|gen/sql.c|s/AND state = 'open' AND unmet = 0 AND barred = 0 AND mutex = ''/AND unmet = 0 AND barred = 0 AND mutex = ''/
	same-token|lib/work/change.c|s/return \+\+change->token;/return change->token + 1;/
	END
}

n=0 failed=0
while IFS='|' read -r name file change; do
	n=$((n + 1))
	dir=$build/history/$name
	from=$file
	[ -e "$from" ] || from=$build/$file
	mkdir -p "$dir"
	perl -0pe "$change" "$from" >"$dir/mutant.c"
	found=no
	if cmp -s "$from" "$dir/mutant.c"; then
		echo "# does not apply: $file"
	elif $COMPILE -iquote "$(dirname "$from")" -c "$dir/mutant.c" \
	    -o "$dir/mutant.o" &&
	    ${LINK//%s/$dir/mutant.o} -o "$dir/taskctl"; then
		for seed in 1 2 3 4; do
			PATH=$(cd "$dir" && pwd):$PATH "$here/run.sh" "$check" \
			    "$record" 10 $seed >"$dir/verdict" 2>&1 && continue
			grep -q 'cannot be\|does not grow' "$dir/verdict" &&
			    found="seed $seed" && break
		done
	fi
	rm -rf "$(sed -n 's/.*kept in //p' "$dir/verdict")"
	if [ "$found" = no ]; then
		failed=1
		echo "not ok $n - taskctl without its mechanism is found: $name"
	else
		echo "ok $n - taskctl without its mechanism is found: $name" \
		    "($found)"
		sed 's/^/#   /' "$dir/verdict" | head -12
	fi
done < <(mutants)
echo "1..$n"
exit $failed
