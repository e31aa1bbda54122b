#!/bin/sh
# Who sent a message: client IP, HELO and MAIL FROM of the messages of
# data/received, headers as the known servers write them and forged ones, with
# LF and with CRLF.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
ENVELOPE=$BUILD/tests/helper/envelope
CASES=$DATA/received/cases.tsv
TAB='	'
cd "$TMP" || exit 1
[ -x "$ENVELOPE" ] || skip_all 'tests/helper/envelope is not built'

# identities TITLE FILE BY RELAYS: prints what the helper finds
identities() {
	"$ENVELOPE" "$3" "$4" <"$2" >got
	same "$1" want got || note "wanted: $(cat want); got: $(cat got)"
}

while IFS=$TAB read -r file by relays ip helo sender; do
	[ "${file#\#}" = "$file" ] || continue
	printf '%s\t%s\t%s\n' "$ip" "$helo" "$sender" >want
	case $ip$helo$sender in
	---) title="$file has no identity to be believed" ;;
	*) title="$file is from $ip, $helo, $sender" ;;
	esac
	tr -d '\r' <"$DATA/received/$file" >lf
	sed 's/$/\r/' lf >crlf
	identities "$title" lf "$by" "$relays"
	identities "$title, with CRLF" crlf "$by" "$relays"
done <"$CASES"

cut -f 1 "$CASES" | sed 1d >want
(cd "$DATA/received" && printf '%s\n' *.eml) >got
same "every message has a row" want got
[ "$(grep -c 'forged.*-	-	-$' "$CASES")" -ge 12 ]
result $? "at least 12 of them are forged and have no identity"
exits 0 "a host that wrote no field" \
	"$ENVELOPE" mx.example.com - <"$DATA/received/001-postfix-plain.eml"
printf -- '-\t-\t-\n' >want
same "has none" want out
finish
