#!/bin/sh
# README's examples print what README shows: each line that begins with "$ " is
# run, in this order, in one directory with the files of data/readme.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

# The examples of FILE into 01.command and 01.output, 02.command ... A command
# goes on while a line of it ends with | or \; output ends at an empty line.
split() {		# split FILE
	awk '
	function begin() {
		close(name ".command")
		close(name ".output")
		name = sprintf("%02d", ++n)
		printf "" >(name ".output")
	}
	!/^\t/ { where = "" }
	/^\t\$ / { begin(); where = "command"; sub(/^\t\$ /, "\t") }
	where != "" {
		sub(/^\t/, "")
		print >(name "." where)
		if (where == "command" && !/[|\\]$/)
			where = "output"
	}' "$1"
}

mkdir "$TMP/examples" "$TMP/work"
cp "$DATA"/readme/* "$TMP/work" && chmod 600 "$TMP/work/rsa.pem" || exit 1
cd "$TMP/examples" && split "$ROOT/README" || exit 1

for file in *.command; do
	(cd "$TMP/work" && sh "$TMP/examples/$file") >"$TMP/got" 2>&1
	title=$(head -n 1 "$file")
	same "README shows what this prints: $title" "${file%.*}.output" \
		"$TMP/got" || note "$(diff "${file%.*}.output" "$TMP/got")"
done
set -- *.command
ok "README has examples" test $# -ge 5
# Those that the README lists at its beginning.
tools=$(sed -n -e '/^$/n' -e 's/^	\([a-z]*-[a-z]*\)	.*/\1/p' "$ROOT/README")
ok "README lists tools" test "$(echo "$tools" | wc -l)" -ge 6
for tool in $tools; do
	ok "$tool is a tool" test -f "$ROOT/cmd/$tool/main.c"
	ok "$tool is in an example" grep -q -e "$tool" -- *.command
done
finish
