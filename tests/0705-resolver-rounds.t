#!/bin/sh
# The keys of several signatures are queried at once.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/rounds.sh
. "${0%/*}/rounds.sh"

needs_helpers
MAIL=$DATA/message.eml
cd "$TMP" || exit 1

p='"k=ed25519; p=JgtFjDteM+uQwcPbzjZUhTPPvUOiLcviKq5yGTfIKcM="'
for i in 1 2 3 4 5 6 7 8; do
	printf 'ed._domainkey.d%d.example. 60 IN TXT %s\n' $i "$p" >>eight.keys
	dkim-sign -H --now="$NOW" -d "d$i.example" -s ed -k keys/ed25519.pem \
		<"$MAIL" 2>/dev/null
done >eight.fields
cat eight.fields "$MAIL" >eight.m
rounds_serve eight.keys

# shellcheck disable=SC2317 # rounds calls it
verify_eight() {
	dkim-verify --now="$NOW" -n "$SERVER" --timeout=20 --all -r eight.m \
		>eight.all 2>&1
}

rounds 1 verify_eight
[ "$(grep -c '^dkim=pass ' eight.all)" -eq 8 ]
result $? "8 signatures of 8 domains" || note "$(cat eight.all)"
[ "$ROUNDS" -eq 1 ] && [ "$(wc -l <queried)" -eq 8 ]
result $? "their keys are queried at once" || note "$(cat rounds.log)"
finish
