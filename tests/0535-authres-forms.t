#!/bin/sh
# Trusted Authentication-Results fields as mail systems write them: the cases of
# data/trusted-fields (see there), each above a message of shop.example, which
# asks for rejection.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
TAB='	'
printf '_dmarc.shop.example. TXT "v=DMARC1; p=reject"\n' >"$TMP/zone"

judge() {
	# shellcheck disable=SC2086 # words
	dmarc-eval -r --authserv-id=mx.example.org --zone "$TMP/zone" \
		--now "$NOW" $options "$@" <"$TMP/message"
}

cases=0
while IFS=$TAB read -r name status words options said field; do
	case $name in
	'#'*) continue ;;
	esac
	cases=$((cases + 1))
	{
		printf 'Authentication-Results: %s\n' "$field" | tr '~' '\n'
		printf 'From: Shop <news@shop.example>\n\ntext\n'
	} >"$TMP/message"
	exits "$status" "$name: status $status" judge
	has "$name: dmarc=$words" "dmarc=$words" "$TMP/out"
	judge -v >"$TMP/explained" 2>&1
	printf '%s\n' "$said" | tr '|' '\n' >"$TMP/said"
	: >"$TMP/none"
	ok "$name: -v says what is taken" shows "$TMP/explained" "$TMP/said" \
		"$TMP/none" || note "$(cat "$TMP/explained")"
	tr '\n' '~' <"$TMP/message" | sed 's/~/\r\n/g' >"$TMP/crlf"
	mv "$TMP/crlf" "$TMP/message"
	exits "$status" "$name: in CRLF, too" judge
	has "$name: with the same result" "dmarc=$words" "$TMP/out"
done <"$DATA/trusted-fields/cases"
ok 'there are at least 30 cases' [ "$cases" -ge 30 ]
finish
