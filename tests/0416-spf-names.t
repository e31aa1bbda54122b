#!/bin/sh
# What is no domain, and names, local parts and macros with odd octets: the
# senders and the terms of data/spf-names, by zone and from tests/dnsd.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
DNSD=$BUILD/tests/dnsd/dnsd
MEMBERS=$BUILD/tests/helper/members
CASES=$DATA/spf-names
TAB='	'
if [ ! -x "$DNSD" ] || [ ! -x "$MEMBERS" ]; then
	echo 'Bail out! tests/dnsd and tests/helper are not built: make check'
	exit 1
fi
cd "$TMP" || exit 1

# shellcheck disable=SC2154 # pid is set there
trap 'kill $pid 2>/dev/null; rm -rf "$TMP"' EXIT
"$DNSD" "$CASES/names.zone" >port 2>err &
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ -s port ] || sleep 0.1
done
if [ ! -s port ]; then
	echo "Bail out! tests/dnsd does not start: $(cat err)"
	exit 1
fi
SERVER=127.0.0.1#$(cat port)

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
