#!/bin/sh
# Compare what taskctl reads from real plans with what was counted by hand.
# Usage: truth.sh PROGRAM PLANS
program=$1 plans=$2 failed=0 n=0
for plan in "$plans"/0*.md "$plans"/raw/0*; do
	number=$(basename "$plan" | cut -c1-3)
	truth=$(echo "$plans/truth/$number"-*.json)
	n=$((n + 1))
	if "$program" "$plan" "$truth"; then
		echo "ok $n - $(basename "$plan") is read as counted"
	else
		echo "not ok $n - $(basename "$plan")"
		failed=1
	fi
done
echo "1..$n"
exit $failed
