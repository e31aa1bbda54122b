# screen.sh: what people read: lines of checks, messages, --help. On a terminal
# they are folded to its width, as base/screen.h does it, and have colours.
# Of main.sh: $program, $color, usage_text, main_usage.
# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2016,SC2154

# measure FD: sets $width to the columns of that terminal; 0: it is none, and
# nothing is folded.
measure() {
	width=0
	[ -t "$1" ] || return 0
	case ${COLUMNS:-} in
	'' | *[!0-9]* | ?????*) ;;
	*) width=$COLUMNS ;;
	esac
	[ "$width" -gt 0 ] || {
		width=$(stty size <&3 2>/dev/null | cut -d ' ' -f 2)
	} 3>&"$1"
	[ "${width:-0}" -gt 0 ] || width=80
	[ "$width" -ge 20 ] || width=20
}

# Is standard output in colour?
is_coloured() {
	case $color in
	always) ;;
	never) return 1 ;;
	*) [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ] ;;
	esac
}

# Of awk: folds a line at blanks to the width, and indents what follows. Octets
# are counted: no character has more columns. Only a word that is longer than a
# line is broken, between characters.
fold_functions='
function blanks(n) {
	return n > 0 ? sprintf("%" n "s", "") : ""
}
function fold(text, hang,	room, least, n, lines, line) {
	if (hang > width / 2)
		hang = int(width / 2)
	for (room = width; width && length(text) > room; room = width - hang) {
		match(text, /^ */)
		least = RLENGTH + 1
		for (n = room + 1; n > least && substr(text, n, 1) != " "; n--)
			;
		if (n <= least)
			for (n = room + 1; n > 2; n--)
				if (substr(text, n, 1) !~ /[\200-\277]/)
					break
		line = substr(text, 1, n - 1)
		text = substr(text, n)
		sub(/ +$/, "", line)
		sub(/^ +/, "", text)
		lines = lines line "\n" blanks(hang)
	}
	return lines text
}
function painted(text, colour) {
	return coloured ? "\033[" colour "m" text "\033[0m" : text
}
'

# folding PROGRAM: runs a program of awk with them; $coloured is 1 or empty.
folding() {
	awk -v width="$width" -v coloured="$coloured" "$fold_functions$1"
}

# message TEXT: the text, which is printable, on standard error.
message() {
	measure 2
	coloured=
	printf '%s\n' "$program: $1" | folding '{ print fold($0, 4) }' >&2
}

short_help() {
	help main_usage
}

# help: shows it. In a narrow terminal commands are folded with a backslash, and
# the texts of options are below them.
help() {
	measure 1
	coloured=
	! is_coloured || coloured=1
	"${1:-usage_text}" | folding '
	/\\$/ {
		command = $0
		next
	}
	command != "" {
		two = command "\n" $0
		sub(/\\$/, "", command)
		sub(/^ +/, "")
		one = command $0
		command = ""
		if (width && width < 80) {
			width -= 2
			two = fold(one, 6)
			width += 2
			gsub(/\n/, " \\\n", two)
		}
		print two
		next
	}
	/^ / {
		option = substr($0, 1, 33)
		sub(/ +$/, "", option)
		text = substr($0, 36)
		if (width && width < 80)
			print painted(fold(option, 8), 36) "\n" \
			    fold(blanks(8) text, 8)
		else
			print painted(option, 36) \
			    blanks(35 - length(option)) text
		next
	}
	/:$/ { $0 = painted($0, 1) }
	{ print fold($0, 4) }'
}

# line MARK: the line of a check, whose mark is ok or FAIL, from its title and
# its reason, two lines. In a wide terminal reasons are a column. One that has a
# word too long for that, or makes a line of a narrow one too long, is below the
# title.
line() {
	mark=$1 folding '
	function columns(text) {
		gsub(/[\200-\277]/, "", text)
		return length(text)
	}
	function longest(text,	n, i, word, most) {
		n = split(text, word, " ")
		for (i = 1; i <= n; i++)
			if (length(word[i]) > most)
				most = length(word[i])
		return most
	}
	BEGIN { mark = ENVIRON["mark"] }
	NR == 1 { title = sprintf("%-6s", mark) $0; next }
	{ reason = $0 }
	END {
		gap = 40 - columns(title)
		line = title
		if (reason != "")
			line = title blanks(gap > 1 ? gap : 2) reason
		if (!width || length(line) <= width || reason == "")
			line = fold(line, 6)
		else if (width < 80 || longest(reason) > width - 40)
			line = fold(title, 6) "\n" fold(blanks(6) reason, 6)
		else if (gap > 1)
			line = fold(line, 40)
		else
			line = title "\n" fold(blanks(40) reason, 40)
		print painted(substr(line, 1, 4), mark == "FAIL" ? 31 : 32) \
		    substr(line, 5)
	}'
}
