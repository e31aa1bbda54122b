#!/bin/sh
# How many round trips domain-check's queries for SPF take: the depth of includes
# and at most 3 more, for the record itself, and for mail exchangers and their
# addresses at the deepest place, also where a record is mended and tried.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/rounds.sh
. "${0%/*}/rounds.sh"
needs_helpers
cd "$TMP" || exit 1

# NAME TYPE DATA, names below test.
sed -e 's/^\([a-z0-9]*\) /\1.test. 60 IN /' -e '/ MX /s/$/.test./' >zone <<'EOF'
silent TXT "v=spf1 -all"
many TXT "v=spf1 a a:h1.test a:h2.test a:h3.test a:h4.test a:h5.test a:h6.test a:h7.test a:h8.test a:h9.test -all exp=why.test"
many A 192.0.2.1
many AAAA 2001:db8::1
over TXT "v=spf1 a:h1.test a:h2.test a:h3.test a:h4.test a:h5.test a:h6.test a:h7.test a:h8.test a:h9.test mx:mx1.test mx:mx2.test -all"
h1 A 192.0.2.1
h1 AAAA 2001:db8::1
h2 A 192.0.2.2
h2 AAAA 2001:db8::2
h3 A 192.0.2.3
h3 AAAA 2001:db8::3
h4 A 192.0.2.4
h4 AAAA 2001:db8::4
h5 A 192.0.2.5
h5 AAAA 2001:db8::5
h6 A 192.0.2.6
h6 AAAA 2001:db8::6
h7 A 192.0.2.7
h7 AAAA 2001:db8::7
h8 A 192.0.2.8
h8 AAAA 2001:db8::8
h9 A 192.0.2.9
h9 AAAA 2001:db8::9
mx1 MX 1 h1
mx2 MX 1 h2
why TXT "because"
mx TXT "v=spf1 mx mx:mx1.test mx:mx2.test -all"
mx MX 1 h1
mx MX 2 h2
macros TXT "v=spf1 ptr exists:%{i}.m.test exists:%{l}.m.test a:%{p}.m.test -all"
deep1 TXT "v=spf1 include:deep2.test include:flat.test mx -all"
deep1 MX 1 h1
deep2 TXT "v=spf1 include:deep3.test a:h3.test ?all"
deep3 TXT "v=spf1 mx:mx1.test ?all"
flat TXT "v=spf1 a:h1.test mx:mx2.test ?all"
redirect TXT "v=spf1 redirect=deep2.test"
several TXT "v=spf1 include:flat.test -all"
several TXT "v=spf1 include:deep3.test ~all"
mistyped TXT "v=spf1 include: flat.test mx:mx1.test a:h1.test,-al"
dead TXT "v=spf1 a:h1.test -all include:flat.test mx:mx1.test"
none A 192.0.2.1
none MX 1 h1
gone TXT "v=spf1 include:none2.test -all"
gone MX 1 h1
EOF
rounds_serve zone

check() {
	domain-check --only=spf -n "$SERVER" --timeout=20 "$1" >"$1.out" 2>&1
}

# NAME DEPTH TRIPS ANSWER: the depth of includes, also of the record that is
# tried.
while read -r name depth trips answer; do
	rounds "$trips" check "$name.test"
	grep -q "spf: $answer" "$name.test.out" ||
		grep -q "^ *spf  *$answer" "$name.test.out"
	result $? "$name: $answer" || note "$(cat "$name.test.out")"
	[ "$ROUNDS" -eq "$trips" ] && [ "$trips" -le $((depth + 3)) ]
	result $? "$name: $trips round trip(s)" ||
		note "$ROUNDS: $(cat rounds.log)"
	[ "$(sort queried | uniq -d | wc -l)" -eq 0 ]
	result $? "$name: nothing is queried twice" || note "$(cat queried)"
done <<'EOF'
silent 0 1 yes
many 0 2 yes
over 0 2 no
mx 0 3 yes
macros 0 2 no
deep1 2 4 yes
redirect 2 5 no
several 1 4 no
mistyped 1 4 no
dead 1 4 yes
none 0 3 no
gone 1 4 no
EOF
finish
