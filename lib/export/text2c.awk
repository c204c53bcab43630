# Turn text files into C strings: page.css becomes tctl_page_css.
# awk -f text2c.awk FILE... >page.c
function quoted(line) {
	gsub(/\\/, "&&", line)
	gsub(/"/, "\\\"", line)
	return "\t\"" line "\\n\""
}
BEGIN { print "#include \"page.h\"" }
FNR == 1 {
	if (NR > 1)
		print "\t;"
	n = split(FILENAME, part, "/")
	name = part[n]
	gsub(/[^A-Za-z0-9]/, "_", name)
	printf "const char tctl_%s[] =\n", name
}
{ print quoted($0) }
END { print "\t;" }
