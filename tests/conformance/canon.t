#!/bin/sh
# The canonical forms and the hashes of empty bodies in RFC 6376 3.4.3 to
# 3.4.5, as the conformance suite has them; bodies whole and in pieces.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
SUITE=${VOUCH_CONFORMANCE:-$ROOT/../shared/conformance}/rfc/canon
CANON=$BUILD/tests/helper/canon
[ -r "$SUITE/cases.tsv" ] || skip_all 'no conformance suites'

# The pieces that a part is fed in.
chunks() {
	case $1 in
	header) echo 0 ;;
	*) echo 0 1 2 3 5 8 64 ;;
	esac
}

# octets ID PART ALGORITHM CHUNK MESSAGE FILE
octets() {
	"$CANON" "$2" "$3" "$4" <"$SUITE/$5" >"$TMP/got" || : >"$TMP/got"
	same "the $3 $2 of $1 is right, fed by $4" "$SUITE/$6" "$TMP/got"
}

# hash ID PART ALGORITHM CHUNK MESSAGE HASH VALUE
hash() {
	"$CANON" "$2" "$3" "$4" "$6" <"$SUITE/$5" >"$TMP/got"
	printf '%s\n' "$7" >"$TMP/wanted"
	same "the $6 of the $3 $2 of $1 is right, fed by $4" \
		"$TMP/wanted" "$TMP/got"
}

grep -v '^#' "$SUITE/cases.tsv" >"$TMP/cases"
while IFS='	' read -r id part algorithm message file hash value spec; do
	note "$id: $spec"
	for chunk in $(chunks "$part"); do
		[ "$file" = - ] ||
			octets "$id" "$part" "$algorithm" "$chunk" \
				"$message" "$file"
		[ "$hash" = - ] ||
			hash "$id" "$part" "$algorithm" "$chunk" \
				"$message" "$hash" "$value"
	done
done <"$TMP/cases"
ok 'the suite has cases' [ "$test_count" -gt 8 ]
finish
