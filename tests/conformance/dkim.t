#!/bin/sh
# The signed messages of RFC 4871, 6376 and 8463, appendix A of each, as the
# conformance suite has them: the verdict, and the result of each signature.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
SUITE=${VOUCH_CONFORMANCE:-$ROOT/../shared/conformance}/rfc/dkim
[ -r "$SUITE/cases.tsv" ] || skip_all 'no conformance suites'

status_of() {
	case $1 in
	pass) echo 0 ;;
	fail) echo 1 ;;
	none) echo 3 ;;
	*) echo "$1" ;;
	esac
}

# results FILE: of each signature, from the top, separated by commas; a
# message without any has the result none, which no signature has.
results() {
	sed -n 's/^dkim=\([a-z]*\).*/\1/p' "$1" | grep -v '^none$' |
		tr '\n' ',' | sed 's/,$//'
}

# verify ID NOTE STATUS SIGS OPTION...
verify() {
	verify_id=$1 verify_note=$2 verify_status=$3 verify_sigs=$4
	shift 4
	exits "$verify_status" "$verify_id has the verdict of the suite" \
		dkim-verify -r "$@" || note "$verify_note"
	ok "$verify_id has the signatures' results of the suite" \
		[ "$(results "$TMP/out")" = "$verify_sigs" ] ||
		note "$(cat "$TMP/out")"
}

grep -v '^#' "$SUITE/cases.tsv" >"$TMP/cases"
while IFS='	' read -r id message zone now expect sigs _ why; do
	[ "$sigs" = '""' ] && sigs=
	[ "$now" = - ] && now=$NOW
	verify "$id" "$why" "$(status_of "$expect")" "$sigs" \
		--zone "$SUITE/$zone" --now "$now" "$SUITE/$message"
	tr -d '\r' <"$SUITE/$message" >"$TMP/lf.eml"
	verify "$id, with LF," "$why" "$(status_of "$expect")" "$sigs" \
		--zone "$SUITE/$zone" --now "$now" "$TMP/lf.eml"
done <"$TMP/cases"
ok 'the suite has cases' [ "$test_count" -gt 8 ]
finish
