#!/bin/sh
# What domain-check finds in SPF records: the cases of data/domain-check/spf, and
# the zones of data/spf-golden, of which NN-TOPIC.lint has the findings, octet for
# octet. The rest of the screen is not looked at.
# shellcheck source=tests/lib.sh disable=SC2317,SC2119,SC2120
. "${0%/*}/lib.sh"
# shellcheck source=tests/cases.sh
. "${0%/*}/cases.sh"

GOLDEN=$DATA/spf-golden

# findings OPTION...: the findings that domain-check shows, with its status
findings() {
	domain-check -z "$DATA/spf/query/zone" --only=spf "$@" >"$TMP/shown"
	findings_status=$?
	grep -E '^[^ ]+: (error|warning|note): ' "$TMP/shown"
	return $findings_status
}

cd "$DATA/domain-check/spf" || exit 1
try_cases findings

# --- zones ---

mkdir "$TMP/got" && cd "$TMP" || exit 1
for zone in "$GOLDEN"/*.zone; do
	case=${zone##*/}
	case=${case%.zone}
	domain-check -z "$zone" --only=spf example.org 2>>err |
		grep -E '^[^ ]+: (error|warning|note): ' >"got/$case.lint"
	printf '%s\t%s\n' "$case.lint" \
		"the findings in $case are those that were read" >>titles
done
ok 'there are over 30 zones' [ "$(wc -l <titles)" -gt 30 ]
while IFS=$cases_tab read -r file title; do
	diff -u "$GOLDEN/$file" "got/$file" >changes
	result $? "$title" || note "$(cat changes)"
done <titles
ok 'nothing is on stderr' [ ! -s err ] || note "$(cat err)"

# --- nothing raw ---

cd "$DATA/spf/query" || exit 1
for domain in controls octets exp why why8 mx ptr include lookalike nul odd; do
	for mode in -v -j; do
		domain-check -z zone --only=spf $domain.hostile.example $mode 2>&1
	done
done >"$TMP/shown"
ok 'eleven hostile domains are shown' \
	[ "$(grep -c schema "$TMP/shown")" -eq 11 ]
grep -a -n '[^ -~]' "$TMP/shown" >"$TMP/raw"
ok 'nothing of them is raw' [ ! -s "$TMP/raw" ] || note "$(cat -v "$TMP/raw")"
finish
