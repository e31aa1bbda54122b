#!/bin/sh
# What domain-check finds in DMARC records, and what --policy shows: the cases of
# data/domain-check/dmarc. Of the screen only findings are looked at.
# shellcheck source=tests/lib.sh disable=SC2317,SC2119,SC2120
. "${0%/*}/lib.sh"
# shellcheck source=tests/cases.sh
. "${0%/*}/cases.sh"

HERE=$DATA/dmarc-cli

# check OPTION...: what domain-check shows, with its status
check() {
	if [ "$1" = --policy ]; then
		domain-check -z "$HERE/zone" "$@"
		return
	fi
	domain-check -z "$HERE/zone" --only=dmarc "$@" >"$TMP/shown"
	check_status=$?
	grep -E '^[^ ]+: (error|warning|note): |^\{' "$TMP/shown"
	return $check_status
}

MAIL=$TMP/mail.zone
cat >"$MAIL" <<'END'
good.example. MX 10 mx.good.example.
mx.good.example. A 192.0.2.25
END
cd "$DATA/domain-check/dmarc" || exit 1
try_cases check

# --- nothing raw ---

cd "$HERE" || exit 1
RAW="v=DMARC1; p=none; x=$(printf '\033')[2J$(printf '\377'); rua=mailto:a@x.example"
for mode in '' -v -j; do
	for what in --only=dmarc --policy; do
		# shellcheck disable=SC2086 # no mode
		domain-check -z zone $what --record="$RAW" $mode example.org 2>&1
	done
done >"$TMP/shown"
ok 'a hostile record is shown in all forms' \
	[ "$(grep -c schema "$TMP/shown")" -eq 2 ]
grep -a -n '[^ -~]' "$TMP/shown" >"$TMP/raw"
ok 'nothing of it is raw' [ ! -s "$TMP/raw" ] || note "$(cat -v "$TMP/raw")"

# --- a log that replays ---

for what in '--policy several.id.example' '--policy timeout.id.example' \
	'--only=dmarc example.org'; do
	# shellcheck disable=SC2086
	domain-check -z zone $what -j --dns-log="$TMP/log" |
		sed 's/"file":"[^"]*","line":[0-9]*//g' >"$TMP/want"
	# shellcheck disable=SC2086
	domain-check -z "$TMP/log" $what -j |
		sed 's/"file":"[^"]*","line":[0-9]*//g' >"$TMP/got"
	ok "the log of $what has answers" [ -s "$TMP/log" ]
	same "it replays as it was: $what" "$TMP/want" "$TMP/got"
done
finish
