#!/bin/sh
# The Authentication-Results fields of RFC 8601 appendix B and RFC 6212
# appendix A, read as the conformance suite has them: a row for each property.

here=$(cd "$(dirname "$0")" && pwd) || exit 1
root=$here/../..
suite=${VOUCH_CONFORMANCE:-$root/../shared/conformance}/rfc/ar
helper=${BUILD:-$root/build}/tests/helper/authres
case $helper in
/*) ;;
*) helper=$root/$helper ;;
esac

if ! [ -r "$suite/cases.tsv" ]; then
	echo '1..0 # SKIP no conformance suites'
	exit 0
fi

# compare WANTED GOT: row by row; "-" in WANTED is not checked.
compare()
{
	awk -F '\t' '
	function differ(text) {
		print "# row " FNR ": " text
		failed = 1
	}
	NR == FNR {
		wanted[++rows] = $0
		next
	}
	{
		got = FNR
		n = split(wanted[FNR], column, "\t")
		if (n != NF)
			differ(NF " columns, not " n ": " $0)
		for (i = 1; i <= n && i <= NF; i++)
			if (column[i] != "-" && column[i] != $i)
				differ($i ", not " column[i])
	}
	END {
		if (got != rows) {
			print "# " got + 0 " rows, not " rows
			failed = 1
		}
		exit failed
	}' "$1" "$2"
}

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

count=0
failed=0
grep -v '^#' "$suite/cases.tsv" | cut -f 1,2 | uniq >"$work/cases"
while read -r id message; do
	count=$((count + 1))
	awk -F '\t' -v id="$id" '$1 == id' "$suite/cases.tsv" |
		cut -f 3- >"$work/wanted"
	if "$helper" <"$suite/$message" >"$work/got" &&
		compare "$work/wanted" "$work/got" >"$work/differs"; then
		echo "ok $count - $id is read as the suite has it"
	else
		failed=1
		echo "not ok $count - $id is read as the suite has it"
		cat "$work/differs"
	fi
done <"$work/cases"
echo "1..$count"
exit $failed
