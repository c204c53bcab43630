# Fail when a file includes a header of a higher floor, or of a neighbour on
# its own.  Low floors first; neighbours share a word, joined by commas.
#   awk -v floors="base model plan,export cmd" -f floors.awk FILES...
# A header's floor is in its first line; of any other file it is the folder
# below lib/, or cmd.  "quoted.h" without a folder is a neighbour's own header.
BEGIN {
	for (i = split(floors, floor, " "); i > 0; i--)
		for (j = split(floor[i], room, ","); j > 0; j--)
			height[room[j]] = i
}
function folder(path) {
	sub(/\/[^\/]*$/, "", path)
	return path
}
FNR == 1 {
	split(FILENAME, part, "/")
	home[FILENAME] = part[1] == "lib" ? part[2] : part[1]
	if ($1 == "/*" && $2 == "floor:")
		home[FILENAME] = $3
}
/^#include "/ {
	wanted = substr($2, 2, length($2) - 2)
	header = wanted ~ /^taskctl\// ? "include/" wanted \
	    : folder(FILENAME) "/" wanted
	while (sub(/[^\/]+\/\.\.\//, "", header)) # of a sister's folder
		;
	use[++uses] = FILENAME SUBSEP FNR SUBSEP header
}
END {
	for (i = 1; i <= uses; i++) {
		split(use[i], u, SUBSEP)
		here = home[u[1]]
		if (!(u[3] in home)) # generated: sql.h, of the store
			there = u[3] ~ /sql\.h$/ ? "store" : "?"
		else
			there = home[u[3]]
		if (there in height && here in height) {
			if (there == here || height[there] < height[here])
				continue
			why = here " may not use " there
		} else
			why = "names no floor"
		print u[1] ":" u[2] ": " u[3] ": " why
		bad = 1
	}
	exit bad
}
