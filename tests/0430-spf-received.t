#!/bin/sh
# Who sent a message: client IP, HELO and MAIL FROM of the messages of
# data/received, headers as the known servers write them and forged ones, with
# LF and with CRLF.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/cases.sh
. "${0%/*}/cases.sh"
ENVELOPE=$BUILD/tests/helper/envelope
CASES=$DATA/received/cases.tsv
TAB='	'
needs "$ENVELOPE"
cd "$TMP" || exit 1

cp -R "$DATA/received" lf && sed -i -s 's/\r//g' lf/*.eml &&
	cp -R lf crlf && sed -i -s 's/$/\r/' crlf/*.eml || exit 1

# The cases with a title each.
awk -F '\t' -v OFS='\t' '
	/^#/ { print $0, "title"; next }
	{
		ours = $4 $5 $6 == "---" ? "no identity to be believed" : \
			$4 ", " $5 ", " $6
		print $0, ours
	}' "$CASES" >cases
for how in lf crlf; do
	set --
	while IFS=$TAB read -r file by relays _; do
		case $file in '#'*) continue ;; esac
		set -- "$@" "$by" "$relays" "$how/$file"
	done <"$CASES"
	{
		echo "#ip${TAB}helo${TAB}sender"
		"$ENVELOPE" "$@"
	} >got
	compare_table cases got "in $how"
done

cut -f 1 "$CASES" | sed 1d >want
(cd "$DATA/received" && printf '%s\n' *.eml) >got
same "every message has a row" want got
[ "$(grep -c 'forged.*-	-	-$' "$CASES")" -ge 12 ]
result $? "at least 12 of them are forged and have no identity"
exits 0 "a host that wrote no field" \
	"$ENVELOPE" mx.example.com - "$DATA/received/001-postfix-plain.eml"
printf -- '-\t-\t-\n' >want
same "has none" want out
finish
