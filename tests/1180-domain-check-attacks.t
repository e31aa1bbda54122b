#!/bin/sh
# domain-check: records of strangers, and what is proposed for them: what is
# shown is printable, what is added to a zone is one TXT record with the text
# that was meant, and nothing that a record lets pass is lost.
# shellcheck source=tests/lib.sh disable=SC2016,SC2317
. "${0%/*}/lib.sh"
command -v jq >/dev/null || skip_all 'jq is not installed'
needs "$BUILD/bin/domain-check"
cd "$TMP" || exit 1

cat >rest <<'EOT'
example.org. MX 10 mx.example.org.
mx.example.org. A 192.0.2.25
mx.example.org. AAAA 2001:db8::25
EOT

# zone LINE...: the zone has these lines, and mail exchangers.
zone() {
	cp rest zone
	printf '%s\n' "$@" >>zone
}

# added: the lines that are proposed, a line each.
added() {
	domain-check -z zone -j "$@" |
		jq -r '.questions[].proposed | select(.) | .add[]' | sort -u
}

# proposes TITLE LINE ARG...: this line is proposed, or nothing ("").
proposes() {
	proposes_title=$1 proposes_line=$2
	shift 2
	added "$@" >got
	printf '%s' "${proposes_line:+$proposes_line
}" >want
	same "$proposes_title" got want
}

# spf TITLE RECORD PROPOSED
spf() {
	zone "example.org. TXT \"$2\""
	proposes "$1" "${3:+example.org. IN TXT \"$3\"}" --only=spf example.org
}

#
# A term that is dropped takes none with it that is within it.
#
spf 'hosts that also are in a network of everybody may still send' \
	'v=spf1 ip4:0.0.0.0/0 ip4:192.0.2.4 -all' 'v=spf1 ip4:192.0.2.4 -all'
spf '  as IPv6 hosts may, after other terms' \
	'v=spf1 mx ip6:::/0 ip6:2001:db8::1 -all' \
	'v=spf1 mx ip6:2001:db8::1 -all'
spf 'a term that is within one which stays is dropped' \
	'v=spf1 mx ip4:192.0.2.0/24 ip4:192.0.2.4 ?all' \
	'v=spf1 mx ip4:192.0.2.0/24 ~all'
spf 'an exception stays before what it is excepted from' \
	'v=spf1 -ip4:192.0.2.4 ip4:192.0.2.0/24 ?all' \
	'v=spf1 -ip4:192.0.2.4 ip4:192.0.2.0/24 ~all'

#
# Two records: what one lets pass, their joint record does.
#
two() {	# two TITLE RECORD RECORD PROPOSED
	zone "example.org. TXT \"$2\"" "example.org. TXT \"$3\"" \
		'o.example. TXT "v=spf1 ip4:192.0.2.4 -all"'
	proposes "$1" "${4:+example.org. IN TXT \"$4\"}" \
		--only=spf example.org
}
two 'of two records, the one with exceptions becomes the last' \
	'v=spf1 ~ip4:192.0.2.4 mx -all' 'v=spf1 ip4:192.0.2.0/24 -all' \
	'v=spf1 ip4:192.0.2.0/24 mx -all'
two '  also after redirect=' \
	'v=spf1 -ip4:192.0.2.4 ip4:192.0.2.0/24 -all' \
	'v=spf1 redirect=o.example' \
	'v=spf1 include:o.example -ip4:192.0.2.4 ip4:192.0.2.0/24 ~all'
two '  and two with exceptions are not joined' \
	'v=spf1 -ip4:192.0.2.4 ip4:192.0.2.0/24 -all' \
	'v=spf1 -ip4:192.0.2.5 ip4:192.0.2.0/24 -all' ''

#
# The end of a record stays as strict as it is.
#
spf 'where no term is left, -all stays' 'v=spf1 a:gone.example -all' \
	'v=spf1 mx -all'
spf '  and so does ~all' 'v=spf1 a:gone.example ~all' 'v=spf1 mx ~all'

#
# A list of clients that has everybody in it.
#
zone 'example.org. TXT "v=spf1 include:spf.example -all"' \
	'spf.example. TXT "v=spf1 exists:%{i}.list.example -all"' \
	'*.list.example. A 127.0.0.2'
exits 4 'exists with a macro that matches everybody is found' \
	domain-check -z zone --only=spf example.org
has '  in the record of a stranger' 'spf.example: error: spf/pass-all' out
zone 'example.org. TXT "v=spf1 exists:%{i}.list.example -all"' \
	'*.list.example. A 127.0.0.2'
proposes '  and not dropped, as it may have the own hosts' '' \
	--only=spf example.org
zone 'example.org. TXT "v=spf1 exists:%{i}.%{l}.list.example -all"' \
	'*.postmaster.list.example. A 127.0.0.2'
exits 1 '  unless it depends on the sender' \
	domain-check -z zone -q --only=spf example.org

#
# Without a record.
#
printf '%s\n' 'example.net. MX 0 .' 'example.net. MX 5 mx.example.org.' >>rest
zone
proposes 'a null MX beside a host does not mean that no mail is sent' \
	'example.net. IN TXT "v=spf1 mx ~all"' --only=spf example.net

#
# Wildcards: a record at a name, or below it, hides what they give it.
#
zone '*.example.org. TXT "v=spf1 +all"' '*.example.org. MX 10 mx.example.org.' \
	'*.example.org. A 192.0.2.9'
proposes 'no SPF record is proposed where a wildcard would be hidden' '' \
	--only=spf a.example.org
zone '*.example.org. TXT "v=spf1 +all"' 'a.example.org. A 192.0.2.9' \
	'a.example.org. TXT "v=spf1 +all"'
proposes '  but where the name has records of its own' \
	'a.example.org. IN TXT "v=spf1 ~all"' --only=spf a.example.org
zone '*.example.org. TXT "v=DMARC1; p=none; rua=mailto:r@example.org"' \
	'*.example.org. MX 10 mx.example.org.'
proposes 'nor a DMARC record below such a name' '' --only=dmarc a.example.org

#
# A policy is not lowered by the record that mends something else.
#
zone '_dmarc.example.org. TXT "v=DMARC1; p=reject"' \
	'_dmarc.a.example.org. TXT "v=DMARC; p=none"' \
	'a.example.org. A 192.0.2.9'
added --only=dmarc a.example.org | grep '^_dmarc\.a\.' >got
printf '%s%s\n' '_dmarc.a.example.org. IN TXT "v=DMARC1; p=reject; ' \
	'rua=mailto:dmarc-reports@a.example.org"' >want
same 'a record of a subdomain has the policy that is inherited now' got want
zone '_dmarc.example.org. TXT "v=DMARC1; p=none; sp=reject"' \
	'a.example.org. A 192.0.2.9'
proposes '  but the organization does not get that of its subdomains' \
	'_dmarc.example.org. IN TXT "v=DMARC1; p=quarantine; sp=reject; '\
'rua=mailto:dmarc-reports@example.org"' --only=dmarc a.example.org
zone '_dmarc.github.io. TXT "v=DMARC1; p=none"' 'me.github.io. A 192.0.2.9'
proposes 'no record of a public suffix is proposed to who is below it' \
	'_dmarc.me.github.io. IN TXT "v=DMARC1; p=quarantine; '\
'rua=mailto:dmarc-reports@me.github.io"' --only=dmarc me.github.io

#
# Text that is not harmless in a zone file.
#
domain=example.org
zone 'example.org. TXT "v=spf1 exists:%{i}.\"a\\\\b.example.org mx ?all"'
added --only=spf "$domain" >json.lines
domain-check -z zone --only=spf "$domain" | sed -n 's/^    add *//p' >lines
ok 'a record with a quote and a backslash is proposed' [ -s lines ]
same '  on the screen as in the object, with the escapes of zone files' \
	lines json.lines
cat rest lines >zone
exits 0 '  put into a zone, it is sound' \
	domain-check -z zone -v --only=spf "$domain"
sed -n 's/^    example/example/p' out >shown
ok '  and read as it was written' grep -qxFf lines shown

printf '%s\n' '_dmarc.example.org. TXT "v=DMARC1; p=none; rua=mailto:a\010b@'\
'example.org,mailto:c\"\;!SERVFAIL@example.org,mailto:ok@example.org"' >evil
cat rest evil >zone
proposes 'of an address, no line end and no quote is proposed' \
	'_dmarc.example.org. IN TXT "v=DMARC1; p=quarantine; '\
'rua=mailto:ab@example.org"' --only=dmarc example.org

#
# At a terminal a proposed line is not folded: a line end between its quotes
# would be pasted, too.
#
zone '_dmarc.example.org. TXT "v=DMARC1; p=none; rua=mailto:reports-of-dmarc@'\
'example.org; ruf=mailto:failures-of-dmarc@example.org; fo=1; adkim=s"'
if at_terminal "COLUMNS=60 domain-check -z zone --only=dmarc example.org"; then
	tr -d '\r' <out | grep -c '^ *add .*"$' >folded
	echo 1 >one
	same 'a proposed line is not folded' folded one
fi

#
# Sizes.
#
long() {	# long FIRST LAST FORMAT SEPARATOR
	awk -v first="$1" -v last="$2" -v format="$3" -v between="$4" 'BEGIN {
		for (i = first; i <= last; i++)
			printf "%s" format, (i > first) ? between : "", i
	}'
}

# strings TEXT: as strings of a TXT record.
strings() {
	printf '%s\n' "$1" | fold -w 200 | sed 's/.*/"&"/' | tr '\n' ' '
}

for part in 1 2 3; do
	printf '_dmarc.example.org. TXT %s\n' "$(strings "v=DMARC1; p=reject; $(
		long "${part}0000" "${part}1200" 'mailto:x%d@example.org' ,)")"
done | sed 's/reject; /reject; rua=/' >several
cat rest several >zone
proposes 'a record that is too large for the DNS is not proposed' '' \
	--only=dmarc example.org
zone "_dmarc.example.org. TXT $(strings "v=DMARC1; p=none; rua=$(
	long 1 1000 'mailto:x@h%d.example' ,)")"
exits 4 'a thousand report addresses are bounded' \
	domain-check -z zone -j --only=dmarc example.org
finish
