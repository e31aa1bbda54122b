#!/bin/sh
# Generated messages, signed and verified through the library: as they are,
# with a change that canonicalization removes, with one that it does not.
# VOUCH_ROUNDS says how many (1,000; in check-all 10,000), VOUCH_SEED which.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
rounds=1000
full && rounds=10000
rounds=${VOUCH_ROUNDS:-$rounds}
seed=${VOUCH_SEED:-6376}
note "$rounds messages, seed $seed"

exits 0 "no message of $rounds is misjudged" \
	"$BUILD/tests/helper/roundtrip" "$rounds" "$seed" "$ZONE" \
	"ed=$TMP/keys/ed25519.pem" "r1024=$TMP/keys/rsa1024.pem"
cp "$TMP/out" "$TMP/counts"
[ "$test_failed" -eq 0 ] || note "$(head -c 8000 "$TMP/counts")"

# has_count TITLE WORD LEAST
has_count() {
	has_count=$(sed -n "s/^$2 //p" "$TMP/counts")
	ok "$1" [ "${has_count:-0}" -ge "$3" ]
}

has_count 'every message can be signed' signed "$rounds"
has_count 'every signed message passes' passed "$rounds"
has_count 'each fails with a change of one octet that is signed' \
	changed "$rounds"
has_count 'each passes with a change that canonicalization removes' \
	removed "$((rounds * 99 / 100))"
finish
