#!/bin/sh
# domain-check agrees with the tools that evaluate mail, on generated set-ups
# (tests/property/setups.py): with dmarc-eval about the policy, with spf-query
# about clients, with dkim-verify about keys. What it proposes mends them.
# VOUCH_PROPERTY is how many (60; check-all: 600), VOUCH_SEED which. Zones on
# which a property fails stay in $BUILD/property.
# SPDX-License-Identifier: ISC
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/properties.sh
. "${0%/*}/properties.sh"
PYTHON=$ROOT/tests/peers/python
count=60
full_of domain-check && count=600
count=${VOUCH_PROPERTY:-$count}
seed=${VOUCH_SEED:-1301}
needs "$BUILD/bin/domain-check"
"$PYTHON" -c 'import json' 2>"$TMP/err" || skip_all 'no Python here'
note "$count set-ups, seed $seed"

cp "$ZONE" "$TMP/keys.zone"
"$PYTHON" "$ROOT/tests/property/check_setups.py" "$TMP" "$seed" "$count" \
	>"$TMP/checks" 2>"$TMP/checks.err"
result $? "$count set-ups are made and checked" ||
	note "$(tail -n 5 "$TMP/checks.err")"
for zone in "$TMP"/zone.*; do
	[ -e "$zone" ] || continue
	mkdir -p "$BUILD/property"
	cp "$zone" "$BUILD/property/$seed-${zone##*.}.zone"
done

holds policy 50 'the policy, its tag and its domain are those of dmarc-eval'
holds exact 90 'exact-domain is yes where that policy protects, and only there'
holds below 80 'subdomains is yes where it does for all names below, only there'
holds spf-yes 200 'no client gets permerror where SPF is sound; what ends it fails'
holds spf-no 90 'where a client gets permerror, SPF is not sound'
holds spf-costs 300 'no client takes more lookups than are told'
holds key-sound 60 'dkim-verify verifies with the keys that are sound'
holds key-error 60 'and with no others, but those that have only a warning'
holds words 100 'each no has a proof, a mend and a finding'
holds loop 80 'what is proposed for a no makes it a yes'
holds loop-errors 80 'and leaves no error of the record itself'
holds failure 300 'no failure of a query makes a no'
for answer in exact-domain-yes exact-domain-no subdomains-yes subdomains-no \
	spf-yes spf-no dkim-yes dkim-no reports-yes reports-no; do
	holds "answer-$answer" 5 "answers differ: $answer"
done
finish
