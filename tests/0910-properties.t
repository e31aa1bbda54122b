#!/bin/sh
# Properties of the filters, on generated messages (tests/property).
# VOUCH_PROPERTY is how many (24; check-all: 200; 20,000 is the long run),
# VOUCH_SEED which.
# Those on which one fails stay in $BUILD/property.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/properties.sh
. "${0%/*}/properties.sh"
PYTHON=$ROOT/tests/peers/python
count=24
full && count=200
count=${VOUCH_PROPERTY:-$count}
seed=${VOUCH_SEED:-8601}
"$PYTHON" -c 'import email.policy' 2>"$TMP/err" || skip_all 'no Python here'
note "$count messages, seed $seed"

key=$(sed -n 's/^r2048\._domainkey\.example\.org\. .* TXT //p' "$ZONE")
cp "$TMP/keys/rsa2048.pem" "$TMP/key.pem"
cat >"$TMP/zone" <<END
evil.example. TXT "v=spf1 +all"
bank.example. TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.bank.example. TXT "v=DMARC1; p=reject"
_dmarc.evil.example. TXT "v=DMARC1; p=none"
s._domainkey.bank.example. TXT $key
s._domainkey.evil.example. TXT $key
evil.example._vouch.certifier.example.net. TXT "all"
END

"$PYTHON" "$ROOT/tests/property/check.py" "$TMP" "$BUILD/property" "$seed" \
	"$count" >"$TMP/checks" 2>"$TMP/checks.err"
result $? "$count messages are made, filtered and read" ||
	note "$(tail -n 5 "$TMP/checks.err")"

holds judged 400 'each message comes out with our field, whatever the client is'
holds encoded-word 250 'what we write has no encoded-word'
holds result 250 'nothing of a stranger reads as a result'
holds form 250 'our fields are printable, in short lines'
holds pass-through 250 'all else is as it was, but for whole fields'
holds others-stay 250 'fields of other hosts stay'
holds clean-twice 60 'what is clean stays as it is'
holds same-verdict 150 'what is delivered is what was verified'
holds one-field 250 'no reader sees another field of this host'
holds one-author 50 'no reader sees an author who was not evaluated'
sed -n 's/^skipped //p' "$TMP/checks" | while read -r reader; do
	note "without $reader, which is not here"
done
finish
