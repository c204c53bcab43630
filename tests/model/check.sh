#!/bin/bash
# check.sh - spin over the models: what must hold, and what must be found when a
# mechanism is taken out.  TAP.
#
#   check.sh BUILD short|full [NAME…]      in BUILD/model/FORM
set -u
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/model/$2"
work=$(cd "$1/model/$2" && pwd)
form=$2
only=" ${*:3} "
depth=200000
[ "$form" = full ] || depth=20000

# name | model | its bounds: all states are visited
holds() {
	if [ "$form" = short ]; then
		cat <<-END
		agents|lease|-DAGENTS=2 -DTASKS=2 -DCLAIMS=2 -DCLOCK=2 -DLONG=1
		queue|queue|-DAGENTS=4
		END
		return
	fi
	cat <<-END
	agents|lease|-DAGENTS=3 -DTASKS=1 -DCLAIMS=4 -DCLOCK=6
	needs|lease|-DAGENTS=2 -DTASKS=2 -DCLAIMS=3 -DCLOCK=3
	crowd|lease|-DAGENTS=3 -DTASKS=2 -DCLAIMS=3 -DCLOCK=2 -DLONG=1
	clocks|lease|-DAGENTS=2 -DTASKS=1 -DCLAIMS=2 -DCLOCK=4 -DJUMPS=1
	boots|lease|-DAGENTS=1 -DTASKS=1 -DCLAIMS=2 -DCLOCK=4 -DJUMPS=2
	deaths|lease|-DAGENTS=2 -DTASKS=1 -DCLAIMS=2 -DCLOCK=3 -DDEATHS=1
	reboots|lease|-DAGENTS=1 -DTASKS=1 -DCLAIMS=2 -DCLOCK=3 -DDEATHS=1 -DJUMPS=1
	copies|lease|-DAGENTS=2 -DTASKS=1 -DCLAIMS=2 -DCLOCK=2 -DCOPIES=1
	readers|lease|-DAGENTS=1 -DTASKS=2 -DNEEDS=0 -DCLAIMS=2 -DCLOCK=3 -DREADER
	queue|queue|-DAGENTS=5
	ticks|queue|-DAGENTS=3 -DTICKS -DNO_BOUND -DBY_LOT
	END
}

# what is taken out | model | bounds | a part of what must be violated then
finds() {
	cat <<-END
	NO_FENCE|lease|-DCLAIMS=2|owner[t]==me
	NO_SECOND_BYTE|queue|-DAGENTS=3 -DNO_BOUND|acceptance cycle
	END
	[ "$form" = short ] || cat <<-END
	NO_ENDED|lease|-DCLAIMS=2|owner[t]==me
	NO_TOKEN|lease|-DCLAIMS=2|granted>newest
	NO_ONE_STATEMENT|lease|-DCLAIMS=2|left[t]==0
	NO_TRANSACTION|lease|-DTASKS=2 -DCLAIMS=2|db.unmet==
	NO_CROSSING|lease|-DTASKS=2 -DCLAIMS=2|db.unmet==
	NO_COMMIT_FIRST|lease|-DCLAIMS=2|told[i])||finished[i]
	NO_AGAIN|lease|-DCLAIMS=2|finished[t])&&(owner[t]==me)
	NO_BURY|lease|-DCLAIMS=2|!(buried[t])
	NO_MAX|lease|-DCLAIMS=2|left[i]==0
	NO_LATE_CLOCK|lease|-DCLAIMS=2|left[i]==0
	NO_LIGHT|lease|-DCLAIMS=2|late[t]+passed
	NO_BOOT|lease|-DCLAIMS=2 -DJUMPS=1|left[i]==0
	NO_BACK|lease|-DCLAIMS=2 -DJUMPS=1|late[i]+passed
	NO_SPAN|lease|-DCLAIMS=2 -DJUMPS=1|left[i]==0
	NO_WITNESS|lease|-DCLAIMS=2 -DDEATHS=1|alive[owner[i]]
	NO_GAP|lease|-DCOPIES=1|granted>newest
	NO_SECOND_LOOK|lease|-DAGENTS=1 -DTASKS=2 -DNEEDS=0 -DCLAIMS=2 -DCLOCK=3 -DREADER|moved!=0
	NO_EARLY_UNLOCK|queue|-DAGENTS=3 -DNO_BOUND|acceptance cycle
	NO_RELEASE|queue|-DAGENTS=3 -DNO_BOUND|acceptance cycle
	TICKS|queue|-DAGENTS=3 -DNO_BOUND|acceptance cycle
	END
}

wanted() { [[ $only == "  " || $only == *" $1 "* ]]; }

n=0 failed=0
report() { # ok|not ok, text
	n=$((n + 1))
	echo "$1 $n - $2"
	[ "$1" = ok ] || failed=1
}

# Make spin's verifier of a model: make_pan NAME MODEL BOUNDS
make_pan() {
	rm -rf "${work:?}/$1" && mkdir "$work/$1" && cd "$work/$1" || return 1
	local kind="-DSAFETY -DNOCLAIM -DCOLLAPSE" optimise=-O1
	[ "$2" = lease ] || kind=-DNFAIR=3
	# What runs for less than a second is not worth ten of gcc.
	[ "$form" = short ] || [[ $3 == *NO_* ]] && optimise=-O0
	# shellcheck disable=SC2086 # bounds and flags are words
	{ spin $3 -a "$here/$2.pml" && ${CC:-gcc} -w $optimise $kind -DMEMLIM=4000 \
	    -o pan pan.c; } >out 2>&1
}

# Run it: all of it, or to the first error.  Fair schedules only, for the queue.
run_pan() {
	local how=
	[ "$1" = lease ] || how="-a -f"
	# shellcheck disable=SC2086
	./pan -m"$depth" $how >>out 2>&1
}

seen() { sed -n "s/$1/\\1/p" out | head -1 | tr -d ' '; }
figures() {
	echo "$(seen '\(.*\) states, stored.*') states, depth" \
	    "$(seen '.*depth reached \([0-9]*\).*'), $(seen \
	    '\(.*\)total actual memory.*') MB"
}

while IFS='|' read -r name model bounds; do
	wanted "$name" || continue
	if make_pan "$name" "$model" "$bounds" && run_pan "$model" &&
	    grep -q 'errors: 0' out && ! grep -q 'too small\|out of memory' out
	then
		report ok "$model holds: $name ($bounds): $(figures)"
	else
		report "not ok" "$model holds: $name ($bounds)"
		grep -h 'pan:\|rror\|too small' out | sed 's/^/# /'
		echo "# the way there: cd $PWD && spin $bounds -t -p -g $here/$model.pml"
	fi
done < <(holds)

while IFS='|' read -r name model bounds violated; do
	wanted "$name" || continue
	if make_pan "$name" "$model" "$bounds -D$name" && run_pan "$model" &&
	    grep -q 'errors: [1-9]' out &&
	    what=$(sed -n 's/^pan:1:\(.*\) (at depth.*/\1/p' out) &&
	    [[ $what == *"$violated"* ]]; then
		report ok "$model without its mechanism is found: $name:$what"
	else
		report "not ok" "$model without its mechanism is found: $name"
		grep -h 'pan:\|rror\|too small' out | sed 's/^/# /'
	fi
done < <(finds)
echo "1..$n"
exit $failed
