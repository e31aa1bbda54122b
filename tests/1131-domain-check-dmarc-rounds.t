#!/bin/sh
# Queries of domain-check about DMARC: whatever name is known early is queried
# early, so that they take three round trips at most, however many there are.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/rounds.sh
. "${0%/*}/rounds.sh"
needs_helpers
cd "$TMP" || exit 1

cat >zone <<'END'
mx.test. 60 IN A 192.0.2.1
sound.test. 60 IN MX 1 mx.test.
_dmarc.sound.test. 60 IN TXT "v=DMARC1; p=reject; rua=mailto:a@sound.test"
none.test. 60 IN MX 1 mx.test.
_dmarc.none.test. 60 IN TXT "v=DMARC1; p=none"
missing.test. 60 IN MX 1 mx.test.
host.test. 60 IN A 192.0.2.2
outside.test. 60 IN MX 1 mx.test.
_dmarc.outside.test. 60 IN TXT "v=DMARC1; p=none; rua=mailto:a@b.example,mailto:c@d.example,mailto:e@in.outside.test; ruf=mailto:f@g.example"
outside.test._report._dmarc.b.example. 60 IN TXT "v=DMARC1"
b.example. 60 IN A 192.0.2.3
d.example. 60 IN MX 1 mx.test.
in.outside.test. 60 IN MX 1 mx.test.
above.test. 60 IN MX 1 mx.test.
_dmarc.above.test. 60 IN TXT "v=DMARC1; p=reject; sp=none; np=reject; rua=mailto:a@b.example"
above.test._report._dmarc.b.example. 60 IN TXT "v=DMARC1"
sub.above.test. 60 IN A 192.0.2.4
several.test. 60 IN MX 1 mx.test.
_dmarc.several.test. 60 IN TXT "v=DMARC1; p=none; rua=mailto:a@b.example"
_dmarc.several.test. 60 IN TXT "v=DMARC1; p=reject; rua=mailto:a@d.example"
END

# DOMAIN TRIPS
cat >domains <<'END'
sound.test 2
none.test 1
missing.test 1
host.test 1
gone.test 1
outside.test 2
a.sub.above.test 2
sub.above.test 2
several.test 2
END

rounds_serve zone

check() {
	domain-check --only=dmarc -j -n "$SERVER" --timeout=20 "$1" >out 2>err
}

while read -r domain trips; do
	rounds "$trips" check "$domain"
	grep -q "\"domain\":\"$domain\"" out
	result $? "$domain is checked" || note "$(cat out err)"
	[ "$ROUNDS" -le "$trips" ]
	result $? "  in $trips round trip(s)" ||
		note "$ROUNDS: $(cat rounds.log)"
done <domains
finish
