#!/bin/sh
# No DNS failure makes domain-check say no: each query of each prepared zone
# (tests/data/domain-check/cases) fails, one at a time. Then no answer that was
# not a no becomes one, no point of the score is lost, and there is no finding of
# an error that was not there before; in a sound zone, none of a warning, either.
# By default those of the sound zones fail; with VOUCH_FULL=yes, of all.
# SPDX-License-Identifier: ISC
# shellcheck source=tests/lib.sh disable=SC2016,SC2094,SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/setups.sh
. "${0%/*}/setups.sh"
command -v jq >/dev/null || skip_all 'jq is not installed'
needs_helpers
needs "$BUILD/bin/domain-check"
cd "$TMP" || exit 1

# check OPTION...: the case's command on these; its object is the next of runs,
# after LABEL, the kind of failure
check() {
	eval "set -- \"\$@\" $args"
	domain-check -j --now="$NOW" "$@" >object 2>err
	check_status=$?
	[ ! -s err ] || sed 's/^/# /' err
	printf '{"case":%d,"fail":"%s","status":%d,"is":' "$cases" "$label" \
		"$check_status"
	cat object
	printf '}\n'
}

# queries LOG: the queries in it, NAME TYPE a line. A CNAME record that was
# followed gives the query for its type.
queries() {
	awk '
		$1 == ";" { print $2, $3 }
		$1 ~ /^;!/ { print $2, $3 }
		$1 !~ /^[;$]/ { print $1, $3 }' "$1" | sort -u
}

# fail KIND...: of every query of the case, with zone and log
fail() {
	queries log | while read -r name type; do
		for kind; do
			label="$name $type $kind"
			printf ';!%s %s %s\n' "$kind" "$name" "$type" >failure
			check -z failure -z zone
		done
	done
}

# refuse NAME TYPE: a server refuses this query of sound.zone, "* *": all
refuse() {
	{
		echo ";!REFUSED $1 $2"
		sed -e 's/^\([^;][^ ]*\) /\1 60 IN /' -f "$SETUPS/keys.sed" \
			"$SETUPS/sound.zone"
	} >refused.zone
	serve "refused$refused" refused.zone || return
	label="$1 $2 REFUSED"
	args='-s r1 example.org'
	check -n "$SERVER"
	refused=$((refused + 1))
}

# The zone without a failure, then as a server that refuses has it.
refused=0
refusals() {
	cases=$((cases + 1))
	args='-s r1 example.org'
	sed -e 's/^\([^;][^ ]*\) /\1 60 IN /' -f "$SETUPS/keys.sed" \
		"$SETUPS/sound.zone" >zone
	label=-
	check -z zone
	while read -r name type; do
		refuse "$name" "$type"
	done <<-END
	example.org. TXT
	example.org. MX
	mx.example.org. AAAA
	_spf.mailer.example. TXT
	_dmarc.example.org. TXT
	r1._domainkey.example.org. TXT
	* *
	END
	echo "$cases sound.zone, and servers that refuse" >>titles
}

cases=0
try() {
	[ "$score" = '5-5 of 5' ] || full_of domain-check || return 0
	cases=$((cases + 1))
	echo "$cases $title" >>titles
	label=-
	check -z zone --dns-log=log
	if full_of domain-check; then
		fail SERVFAIL TIMEOUT
	elif [ $((cases % 2)) -eq 0 ]; then
		fail SERVFAIL
	else
		fail TIMEOUT
	fi
}

{
	setups try
	refusals
} >runs

# Of jq: a line for each fault of a run, compared with the one without failure
# before it.
wrong='
def answers: reduce .questions[] as $q ({}; .[$q.id] = $q.answer);
def grave($least): [.findings[] |
    select(.level == "error" or (.level == "warning" and $least == "warning")) | "\(.section)/\(.id)"];
foreach inputs as $r ({};
	if $r.fail == "-" then {sound: $r} else .run = $r end;
	if .run then
		.sound as $s | .run as $r | "\($r.case) \($r.fail): " as $at |
		($r.is | answers) as $now |
		($s.is | answers | to_entries[] |
		    select(.value != "no" and $now[.key] == "no") |
		    $at + "no to " + .key),
		(if $r.is.score.high < $s.is.score.high then
		    $at + "score \($r.is.score.high)" else empty end),
		(if $s.status == 0 then "warning" else "error" end) as $least |
		(($r.is | grave($least)) - ($s.is | grave($least)) | unique[] |
		    $at + "finding " + .),
		(if $s.status == 0 and $r.status != 0 and $r.status != 75 then
		    $at + "status \($r.status)" else empty end)
	else empty end)'

# holds WHAT TITLE: no line that says so
holds() {
	! grep ": $1" wrong >wrong.of
	result $? "$2" && return
	note "$(head -n 40 wrong.of)"
	note "$(cut -d ' ' -f 1 wrong.of | sort -u | join - titles.sorted)"
}

jq -n -r "$wrong" runs >wrong
result $? 'the objects can be read'
sort -k 1,1 titles >titles.sorted
note "$(grep -c -v '"fail":"-"' runs) failures in $cases zones"
ok 'there are many' [ "$(wc -l <runs)" -ge 150 ]
ok 'many leave something open' \
	[ "$(grep -c '"answer":"not known"' runs)" -ge 40 ]
holds 'no to' 'no failure makes a no'
holds score 'none takes a point away'
holds finding 'none makes an error, nor a warning where all is sound'
holds status 'a sound zone has the status 0 or 75'
finish
