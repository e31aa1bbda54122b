# examples.sh: runs the examples of a README: each line that begins with "$ " is
# a command, and what follows is what it prints.
#	. "$ROOT/tests/examples.sh"
#
#	run_examples README WORK	runs them in this order in the directory
#					WORK, which has their files; a test for
#					each. They are left in $TMP/examples:
#					01.command, 01.output, 02.command ...
# shellcheck shell=sh

# The examples of FILE into 01.command, 01.output and so on. A command goes on
# while a line of it ends with | or \; output ends at an empty line.
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

run_examples() {
	rm -rf "$TMP/examples" && mkdir "$TMP/examples" &&
		(cd "$TMP/examples" && split "$1") || exit 1
	for command in "$TMP"/examples/*.command; do
		(cd "$2" && sh "$command") >"$TMP/got" 2>&1
		same "${1##*/} shows what this prints: $(head -n 1 "$command")" \
			"${command%.*}.output" "$TMP/got" ||
			note "$(diff "${command%.*}.output" "$TMP/got")"
	done
}
