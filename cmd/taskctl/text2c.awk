# Turn text files into C: a table {name, text} of what is built in, by the
# file's name without its folder.  awk -f text2c.awk FILE... >asset.c
function quoted(line) {
	gsub(/\\/, "&&", line)
	gsub(/"/, "\\\"", line)
	return "\t\"" line "\\n\""
}
BEGIN {
	print "#include \"asset.h\""
	print "const struct tctl_asset tctl_asset[] = {"
}
FNR == 1 {
	if (NR > 1)
		print "\t},"
	n = split(FILENAME, part, "/")
	printf "\t{ \"%s\",\n", part[n]
}
{ print quoted($0) }
END {
	if (NR > 0)
		print "\t},"
	print "\t{ 0, 0 }\n};"
}
