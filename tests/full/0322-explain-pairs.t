#!/bin/sh
# dkim-verify --explain and random combinations of the alterations in tests/alter/:
# of 500 pairs at least 90 in 100 are found; of triples 60. Nothing is
# told that is not so: what is found and undone is what was signed, and
# verifies; what is called intact is the same.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
perl -MJSON::PP -MDigest::SHA -e 1 2>/dev/null || skip_all 'no Perl'

# combined COUNT DEPTH: $found is how many were found
combined() {
	"$ROOT/tests/alter/trials" "$1" "$2" >"$TMP/all"
	grep -v '^found' "$TMP/all" >"$TMP/trials"
	tally "$TMP/trials"
	ok "nothing false is told of $1 messages" \
		[ "$(grep -c '^1' "$TMP/trials")" -eq 0 ]
	found=$(awk '/^found/ { print $2 }' "$TMP/all")
}
pairs=500 triples=200
full_of dkim-verify || pairs=40 triples=10
combined $pairs 2
ok 'nine of ten pairs are found' [ "$found" -ge $((pairs * 9 / 10)) ]
combined $triples 3
ok 'six of ten triples are found' [ "$found" -ge $((triples * 6 / 10)) ]
finish
