#!/bin/sh
# Queries of domain-check with all sections and options: a domain takes as many
# round trips as its SPF includes are deep, and three at most besides. Domains of
# one run share their answers, and a list of 1,000 is checked one by one, in the
# memory of ten.
# SPDX-License-Identifier: ISC
# shellcheck source=tests/lib.sh disable=SC2016,SC2086,SC2317,SC3045
. "${0%/*}/lib.sh"
# shellcheck source=tests/rounds.sh
. "${0%/*}/rounds.sh"
needs_helpers
PEAK=$BUILD/tests/helper/peak
needs "$PEAK" "$BUILD/bin/domain-check"
cd "$TMP" || exit 1
key=$(sed -n 's/^r2048\._domainkey\.example\.org\. .* TXT //p' "$ZONE")

# setup DOMAIN SPF: all that a domain may have
setup() {
	cat <<-END
	$1. 60 IN TXT "v=spf1 $2"
	$1. 60 IN MX 10 mx1.$1.
	$1. 60 IN MX 20 mx2.$1.
	$1. 60 IN MX 30 mx.mail.protection.outlook.com.
	mx1.$1. 60 IN A 192.0.2.25
	mx2.$1. 60 IN AAAA 2001:db8::25
	_dmarc.$1. 60 IN CNAME _dmarc.policy.example.
	_dmarc.www.$1. 60 IN TXT "v=DMARC1; p=none"
	s._domainkey.$1. 60 IN TXT $key
	e._domainkey.$1. 60 IN CNAME e.key.example.
	selector1._domainkey.$1. 60 IN CNAME e.key.example.
	_mta-sts.$1. 60 IN TXT "v=STSv1; id=1"
	_smtp._tls.$1. 60 IN TXT "v=TLSRPTv1; rua=mailto:tls@$1"
	default._bimi.$1. 60 IN TXT "v=BIMI1; l=https://$1/l.svg; a="
	$1._vouch.certifier.example. 60 IN TXT "all"
	$1._report._dmarc.a.example. 60 IN TXT "v=DMARC1"
	$1._report._dmarc.b.example. 60 IN TXT "v=DMARC1"
	END
}

{
	cat <<-END
	mx.mail.protection.outlook.com. 60 IN A 192.0.2.26
	mx.mail.protection.outlook.com. 60 IN AAAA 2001:db8::26
	_dmarc.policy.example. 60 IN TXT "v=DMARC1; p=reject; rua=mailto:x@a.example,mailto:x@b.example,mailto:x@c.example; ruf=mailto:x@b.example"
	e.key.example. 60 IN TXT $key
	a.example. 60 IN MX 1 mx.a.example.
	mx.a.example. 60 IN A 192.0.2.27
	b.example. 60 IN A 192.0.2.28
	spf1.example. 60 IN TXT "v=spf1 a:h1.example ~all"
	spf2.example. 60 IN TXT "v=spf1 mx:h2.example include:spf1.example ~all"
	spf3.example. 60 IN TXT "v=spf1 include:spf2.example a:h3.example ~all"
	spf4.example. 60 IN TXT "v=spf1 exists:%{i}.spf.example include:spf3.example ~all"
	h1.example. 60 IN A 192.0.2.29
	h2.example. 60 IN MX 1 h1.example.
	h3.example. 60 IN AAAA 2001:db8::27
	END
	setup plain.test -all
	setup mx.test 'mx a:h1.example -all'
	setup one.test 'mx include:spf1.example -all'
	setup two.test 'mx include:spf2.example -all'
	setup three.test 'include:spf3.example mx a -all'
	setup four.test 'mx a include:spf4.example -all'
	setup redirect.test 'a:h1.example redirect=spf4.example'
	setup exp.test 'mx exp=why.exp.test include:spf1.example -all'
	setup chain.test 'mx include:spf2.example include:spf3.example -all'
	echo 'why.exp.test. 60 IN TXT "no"'
	echo 'none.test. 60 IN MX 1 mx.none.test.'
	echo 'mx.none.test. 60 IN A 192.0.2.30'
	echo 'spf.test. 60 IN TXT "v=spf1 include:gone.example"'
	echo 'two-records.test. 60 IN TXT "v=spf1 mx include:spf1.example"'
	echo 'two-records.test. 60 IN TXT "v=spf1 a:h1.example -all"'
	echo 'bad.test. 60 IN TXT "v=spf1 mx inlcude:spf1.example -all"'
	echo '_dmarc.bad.test. 60 IN TXT "v=DMARC1; p=none"'
	echo '_dmarc.bad.test. 60 IN TXT "v=DMARC1; p=reject; rua=mailto:x@a.example"'
} >zone

# DOMAIN DEPTH: what it proposes, too, takes no more
cat >domains <<'END'
plain.test 0
mx.test 0
one.test 1
two.test 2
three.test 3
four.test 4
redirect.test 4
exp.test 1
chain.test 3
www.two.test 0
none.test 0
gone.test 0
spf.test 1
two-records.test 1
bad.test 1
END

rounds_serve zone

check() {
	domain-check -j -n "$SERVER" --timeout=20 --now="$NOW" -s s -s e \
		-t certifier.example "$1" >out 2>err
}

while read -r domain depth; do
	rounds "$((depth + 3))" check "$domain"
	grep -q "\"domain\":\"$domain\"" out
	result $? "$domain is checked" || note "$(cat out err)"
	[ "$ROUNDS" -le "$((depth + 3))" ]
	result $? "  in $((depth + 3)) round trips, with includes $depth deep" ||
		note "$ROUNDS: $(sed 's/edns.* round/ round/' rounds.log)"
	note "$domain: $ROUNDS round trips, $(wc -l <queried) queries"
done <domains

# 1,000 domains, of one provider: in the order of the log, each one's queries
# come after those of the one before.
{
	cat <<-END
	spf1.example. 60 IN TXT "v=spf1 a:h1.example ~all"
	h1.example. 60 IN A 192.0.2.1
	a.example. 60 IN MX 1 h1.example.
	*._report._dmarc.a.example. 60 IN TXT "v=DMARC1"
	END
	awk -v key="$key" 'BEGIN {
		for (i = 1; i <= 1000; i++) {
			d = "d" i ".test. 60 IN"
			print d " TXT \"v=spf1 mx include:spf1.example -all\""
			print d " MX 1 h1.example."
			print "_dmarc." d \
			    " TXT \"v=DMARC1; p=reject; rua=mailto:x@a.example\""
			print "s._domainkey." d " TXT " key
			print "d" i ".test" >"list.1000"
			if (i <= 10)
				print "d" i ".test" >"list.10"
		}
	}'
} >many.zone
serve many many.zone

# many COUNT: checks so many, with few files open, and sets $peak (KiB)
many() {
	before=$(wc -l <many.log)
	selectors=$(awk '{ print "-s s._domainkey." $1 }' list.10)
	(
		ulimit -n 64
		"$PEAK" "peak.$1" domain-check -j -n "$SERVER" \
			--domains-from="list.$1" $selectors >"out.$1" 2>"err.$1"
	)
	tail -n "+$((before + 1))" many.log | cut -d ' ' -f 3,4 >"asked.$1"
	read -r peak _ <"peak.$1"
}

# A reply that nothing waits for is kept if it comes in time: it may be late.
for _ in 1 2 3; do
	many 10
	sort asked.10 | uniq -d >twice
	[ -s twice ] || break
done
peak10=$peak
ok 'ten domains are checked' [ "$(grep -c '"low":5' out.10)" -eq 10 ]
ok '  no name is queried twice' [ ! -s twice ] || note "$(cat twice)"
ok '  of what they share, each is queried once' [ "$(grep -c \
	'^\(spf1\.example\. TXT\|h1\.example\. A\|a\.example\. MX\)$' \
	asked.10)" -eq 3 ]

many 1000
ok '1,000 domains are checked' \
	[ "$(grep -c '"high":5' out.1000)" -eq 1000 ] || note "$(cat err.1000)"
# begun: the domains with a query, in order; the most of one
sed -n 's/^\(.*\.\)\{0,1\}d\([0-9]*\)\.test\.\(_report.*\)\{0,1\} .*/\2/p' \
	asked.1000 | uniq -c >begun
# A query that was not waited for can reach the server after the first ones of
# the next domain.
ok '  one after another, but for a few queries that come late' \
	awk 'END { exit NR < 1000 || NR > 1010 }' begun ||
	note "$(head -n 5 begun)"
ok '  with at most 60 queries each' awk '$1 > 60 { exit 1 }' begun
note "memory: $peak10 KiB for 10 domains, $peak KiB for 1,000;" \
	"$(wc -l <asked.10) and $(wc -l <asked.1000) queries"
if grep -q __asan_init "$BUILD/bin/domain-check"; then
	skip '  in the memory of ten, and 16 MiB' 'address sanitizer'
else
	ok '  in the memory of ten, and 16 MiB that the cache may take' \
		[ "$peak" -le $((peak10 + 16384)) ]
fi
finish
