#!/bin/bash
# planted.sh CHECK - the checker finds what was planted, where it was planted, and
# nothing in what may be.  TAP.
set -u
here=$(cd "$(dirname "$0")" && pwd)
n=0 failed=0
for file in "$here"/bad/*.txt "$here"/good/*.txt; do
	n=$((n + 1))
	said=$("$1" "$file")
	found=$?
	name=${file#"$here"/}
	case $name in
	good/*) [ $found -eq 0 ] ;;
	bad/token-twice*) [ $found -eq 1 ] ;;
	*) [ $found -eq 1 ] && grep -q "(line $(wc -l <"$file"))" <<<"$said" ;;
	esac && echo "ok $n - $name" && continue
	failed=1
	echo "not ok $n - $name"
	printf '%s\n' "$said" | sed 's/^/# /'
done
echo "1..$n"
exit $failed
