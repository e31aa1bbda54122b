#!/bin/sh
# What is no domain, and names, local parts and macros with odd octets: the
# senders and the terms of data/spf-names, by zone and from tests/dnsd.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
CASES=$DATA/spf-names
TAB='	'
needs_helpers
cd "$TMP" || exit 1

if ! serve dns "$CASES/names.zone"; then
	echo "Bail out! tests/dnsd does not start: $(cat dns.err)"
	exit 1
fi

# ask SENDER HELO OPTION...: result, identifier and explanation
ask() {
	ask_sender=$1 ask_helo=$2
	shift 2
	spf-query -Q -j --now="$NOW" -i 192.0.2.1 -f "$ask_sender" \
		-e "$ask_helo" "$@" 2>err | "$MEMBERS" \
		results/0/result results/0/id results/0/explanation
}

# judge TITLE WANT ARG...: by zone and from the server
judge() {
	judge_title=$1 judge_want=$2
	shift 2
	got=$(ask "$@" -z "$CASES/names.zone")
	[ "$got" = "$judge_want" ]
	result $? "$judge_title" || note "$got; not $judge_want" "$(cat err)"
	got=$(ask "$@" -n "$SERVER" --timeout=10)
	[ "$got" = "$judge_want" ]
	result $? "the same from a server" ||
		note "$got; not $judge_want" "$(cat err)"
}

while IFS=$TAB read -r sender helo want id explanation title; do
	case $sender in '#'*) continue ;; esac
	[ "$sender" = '""' ] && sender=
	judge "$title: $want" "$want$TAB$id$TAB$explanation" \
		"$(printf %b "$sender")" "$(printf %b "$helo")"
done <"$CASES/cases.tsv"

while IFS=$TAB read -r term want id title; do
	case $term in '#'*) continue ;; esac
	judge "$term, $title: $want" "$want$TAB$id$TAB-" x@dom.test dom.test \
		--record="v=spf1 $term -all"
done <"$CASES/records.tsv"
finish
