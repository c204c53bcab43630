# cover.awk - lines and branches of each file, out of what gcov -bct says: the
# least covered first, and the total; exits 1 below least_lines or
# least_branches (percent).
#
# An assertion is a line, and no branch: it holds or the program is wrong.  How
# many branches that leaves out is said.  With list=1: what was never reached,
# as FILE:LINE, and "branch" where only one way of it was gone.

function percent(part, whole) {
	return whole == 0 ? 100 : 100 * part / whole
}

function end_of_line() {
	if (list && missed > 0)
		printf "%s:%d: branch %d of %d: %s\n", file, line, missed, \
		    ways, code
	missed = ways = 0
}

/^ *-: *0:Source:/ {
	end_of_line()
	file = $0
	sub(/^.*Source:/, "", file)
	wanted = index(file, "lib/") == 1
	if (wanted)
		files[file]
	next
}

!wanted { next }

# "     7*:   12:code", "#####:   12:code", "-:   12:no code"
/^ *[^ ]+: *[0-9]+:/ {
	end_of_line()
	split($0, part, ":")
	count = part[1]
	gsub(/ /, "", count)
	line = part[2] + 0
	code = $0
	sub(/^[^:]*:[^:]*:/, "", code)
	gsub(/^[ \t]+/, "", code)
	if (count == "-")
		next
	lines[file]++
	if (count ~ /^[#=]/) {
		if (list)
			printf "%s:%d: line: %s\n", file, line, code
	} else
		reached[file]++
	next
}

/^branch / {
	if (code ~ /assert\(/) {
		asserted++
		next
	}
	branches[file]++
	ways++
	if ($3 == "taken" && $4 + 0 > 0)
		taken[file]++
	else if ($3 == "taken")
		missed++
}

END {
	end_of_line()
	if (list)
		exit 0
	sorted = "sort -n"
	for (file in files) {
		printf "%6.1f%% %4d of %4d lines %6.1f%% %4d of %4d " \
		    "branches  %s\n", \
		    percent(reached[file], lines[file]), \
		    reached[file], lines[file], \
		    percent(taken[file], branches[file]), \
		    taken[file], branches[file], file | sorted
		all_lines += lines[file]
		all_reached += reached[file]
		all_branches += branches[file]
		all_taken += taken[file]
	}
	close(sorted)
	line = percent(all_reached, all_lines)
	branch = percent(all_taken, all_branches)
	printf "\nlib: %.1f%% of %d lines, %.1f%% of %d branches " \
	    "(and %d of assertions)\n", \
	    line, all_lines, branch, all_branches, asserted
	if (all_lines == 0 || line < least_lines || branch < least_branches) {
		printf "cover: %d%% of lines and %d%% of branches are the " \
		    "least to expect\n", least_lines, least_branches
		exit 1
	}
}
