# mistakes.sh: usage errors, and which word was probably meant.
# Of main.sh: usage, usage_text.
# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2016,SC2154

# nearest TEXT [abbreviated]: prints the word of standard input that is near to
# the text, by the rule of base/nearest.h; else, with "abbreviated", the only one
# that begins with it.
nearest() {
	near_text=$1 awk -v full="${2:-}" '
	function least(a, b) {
		return a < b ? a : b
	}
	function distance(a, b,	i, k, d) {
		for (i = 0; i <= length(a); i++)
			for (k = 0; k <= length(b); k++) {
				d[i, k] = i * k == 0 ? i + k : \
				    least(least(d[i - 1, k], d[i, k - 1]) + 1, \
				    d[i - 1, k - 1] + \
				    (substr(a, i, 1) != substr(b, k, 1)))
				if (i > 1 && k > 1 && substr(a, i - 1, 2) == \
				    substr(b, k, 1) substr(b, k - 1, 1))
					d[i, k] = least(d[i, k], \
					    d[i - 2, k - 2] + 1)
			}
		return d[length(a), length(b)]
	}
	BEGIN { text = tolower(ENVIRON["near_text"]) }
	length(text) > 32 { exit }
	{
		far = distance(text, $0)
		n = length(text) > length($0) ? length(text) : length($0)
		if (far <= (n < 3 ? 0 : n < 6 ? 1 : 2) && \
		    (word == "" || far < best)) {
			word = $0
			best = far
		}
		if (full && length(text) > 1 && index($0, text) == 1)
			begun[++nbegun] = $0
	}
	END {
		if (word == "" && nbegun == 1)
			word = begun[1]
		if (word != "")
			print word
	}'
}

# unknown OPTION: one that there is not, as it was typed.
unknown() {
	unknown_near='' unknown_name=${1#-}
	case $1 in
	--[a-zA-Z]) unknown_near=$(usage_text |
		sed -n "s/^  \(${1#-}\), .*/\1/p") ;;
	esac
	[ -n "$unknown_near" ] || unknown_near=$(usage_text |
		sed -n 's/^  [- ][^ ]* *--\([a-z-]*\).*/\1/p' |
		nearest "${unknown_name#-}" abbreviated | sed 's/^/--/')
	usage "$1: unknown option${unknown_near:+; did you mean $unknown_near?}"
}

# lacking OPTION: its value is missing; --help has the name of that.
lacking() {
	usage "$1: missing argument: $(usage_text | sed -n \
		-e "s/^  $1, --[a-z-]*=\([^ ]*\) .*/\1/p" \
		-e "s/^  .* $1=\([^ ]*\) .*/\1/p")"
}

# choose OPTION VALUE WORD WORD WORD: the value must be one of three words.
choose() {
	case $2 in "$3" | "$4" | "$5") return ;; esac
	choose_near=$(printf '%s\n' "$3" "$4" "$5" | nearest "$2")
	[ -z "$choose_near" ] ||
		usage "$1: unknown value: $2; did you mean $choose_near?"
	usage "$1: not $3, $4 or $5: $2"
}
