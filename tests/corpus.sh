#!/bin/sh
# Compare what taskctl counts in strangers' plans with what people counted.
# Usage: corpus.sh PROGRAM CORPUS
#
# A file is right when tasks, those done, and the dependencies that name two
# tasks are each within 5 % of the truth, and it has no errors.  Only files
# whose truth is reliable (Y) can fail; "-" is a plan that is refused.
program=$1 corpus=$2 failed=0 n=0 tab=$(printf '\t')

[ -f "$corpus/index.tsv" ] || { echo "1..0 # SKIP no corpus"; exit 0; }

# near EXPECTED GOT: within 5 %; what was not counted is never wrong.
near() {
	[ -z "$1" ] && return 0
	[ "$2" = - ] && return 1
	off=$(($1 - $2))
	[ $((${off#-} * 20)) -le "$1" ]
}

printf '# %-34s %-22s %-10s %9s %9s %9s\n' \
	file shape dialect tasks 'done' deps
# A tab is a blank to read: empty columns would close up.
while IFS='|' read -r file shape tasks finished deps reliable <&4; do
	n=$((n + 1))
	if counts=$("$program" --count "$corpus/$file"); then
		IFS=$tab read -r dialect t d e _ errors <<-EOF
			$counts
		EOF
	else
		dialect=- t=- d=- e=- errors=0
	fi
	verdict=ok
	near "$tasks" "$t" && near "$finished" "$d" && near "$deps" "$e" &&
		[ "$errors" = 0 ] || verdict='not ok'
	if [ "$reliable" != Y ] && [ "$verdict" != ok ]; then
		verdict="ok # TODO truth is $reliable:"
	elif [ "$verdict" != ok ]; then
		failed=1
	fi
	printf '# %-34s %-22s %-10s %4s/%-4s %4s/%-4s %4s/%-4s %s\n' \
		"$file" "$shape" "$dialect" "$t" "${tasks:--}" "$d" \
		"${finished:--}" "$e" "${deps:--}" \
		"$([ "$errors" = 0 ] || echo "errors: $errors")"
	echo "$verdict $n - $file"
done 4<<EOF
$(awk -F '\t' 'NR > 1 { print $1 "|" $5 "|" $7 "|" $8 "|" $9 "|" $10 }' \
	"$corpus/index.tsv")
EOF
echo "1..$n"
exit $failed
