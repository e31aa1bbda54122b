#!/bin/sh
# dkim-verify --explain finds each alteration of tests/alter/: four messages each,
# one of them signed by Ed25519. The finding names the place; what is written by
# --repaired verifies; the recipe gives the octets whose hashes were signed.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
perl -MJSON::PP -MDigest::SHA -e 1 2>/dev/null || skip_all 'no Perl'

each=3
full_of dkim-verify || each=1
"$ROOT/tests/alter/trials" singles $each >"$TMP/trials"
tally "$TMP/trials"
finish
