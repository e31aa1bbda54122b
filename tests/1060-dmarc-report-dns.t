#!/bin/sh
# dmarc-report --spf and --dkim: what the DNS has today for what reports tell.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_helpers
cd "$TMP" || exit 1

# report DOMAIN <LINES: a report; a line is ADDRESS COUNT HEADER_FROM
# SPF_DOMAIN/RESULT D/SELECTOR/RESULT[,...] DKIM SPF, "-" for no result.
report() {
	awk -v domain="$1" '
	function element(name, text) {
		return "<" name ">" text "</" name ">"
	}
	BEGIN {
		print "<feedback><report_metadata>" \
			element("org_name", "receiver.example") \
			element("email", "dmarc@receiver.example") \
			element("report_id", domain) "<date_range>" \
			element("begin", 1795651200) \
			element("end", 1795737599) \
			"</date_range></report_metadata><policy_published>" \
			element("domain", domain) element("p", "none") \
			"</policy_published>"
	}
	{
		print "<record><row>" element("source_ip", $1) \
			element("count", $2) "<policy_evaluated>" \
			element("disposition", "none") element("dkim", $6) \
			element("spf", $7) "</policy_evaluated></row>" \
			element("identifiers", element("header_from", $3)) \
			"<auth_results>"
		n = $5 == "-" ? 0 : split($5, signature, ",")
		for (i = 1; i <= n; i++) {
			split(signature[i], part, "/")
			print element("dkim", element("domain", part[1]) \
				(part[2] == "" ? "" : \
				element("selector", part[2])) \
				element("result", part[3]))
		}
		if ($4 != "-") {
			split($4, part, "/")
			print element("spf", element("domain", part[1]) \
				element("scope", "mfrom") \
				element("result", part[2]))
		}
		print "</auth_results></record>"
	}
	END { print "</feedback>" }'
}

# rows TYPE MEMBER... <JSON: those members of the objects of a type.
rows() {
	rows_type=$1
	shift
	grep "\"type\":\"$rows_type\"" | "$MEMBERS" "$@" | tr '\t' ' '
}

cat >zone <<'EOT'
example.org. 60 IN TXT "v=spf1 ip4:192.0.2.0/28 include:_spf.example.org include:spf.esp.example " "include:old.example a:host.example.org exists:%{l}.x.example.org -all exp=why.example.org"
example.org. 60 IN MX 10 host.example.org.
_spf.example.org. 60 IN TXT "v=spf1 ip4:198.51.100.0/24 mx:example.org ~all"
host.example.org. 60 IN A 192.0.2.200
spf.esp.example. 60 IN TXT "v=spf1 ip4:203.0.113.0/25 include:b.esp.example ~all"
b.esp.example. 60 IN TXT "v=spf1 ip4:203.0.113.128/25 ~all"
old.example. 60 IN TXT "v=spf1 a:old.example mx:old.example ip4:192.0.2.100 ~all"
old.example. 60 IN A 192.0.2.101
old.example. 60 IN MX 10 old.example.
good._domainkey.example.org. 60 IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
test._domainkey.example.org. 60 IN TXT "v=DKIM1; k=ed25519; t=y; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
revoked._domainkey.example.org. 60 IN TXT "v=DKIM1; p="
broken._domainkey.example.org. 60 IN TXT "v=DKIM1; p=&&&"
nokey._domainkey.example.org. 60 IN TXT "v=DKIM1; p=AAAA"
weak._domainkey.example.org. 60 IN TXT "v=DKIM1; k=ed25519; p=AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
service._domainkey.example.org. 60 IN TXT "v=DKIM1; s=tlsrpt; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
hash._domainkey.example.org. 60 IN TXT "v=DKIM1; h=sha1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
two._domainkey.example.org. 60 IN TXT "v=DKIM1; p="
two._domainkey.example.org. 60 IN TXT "v=DKIM1; p=AAAA"
EOT
report example.org >sources.xml <<'EOT'
192.0.2.1 40000 example.org example.org/pass - pass pass
198.51.100.7 30 example.org example.org/pass - pass pass
203.0.113.200 500 example.org example.org/pass - pass pass
203.0.113.9 77 example.org bounce.esp.example/pass - pass fail
192.0.2.99 200 example.org example.org/pass - pass pass
192.0.2.100 60 example.org list.example/pass - fail fail
192.0.2.102 61 example.org list.example/pass - fail fail
192.0.2.150 900 example.org example.org/fail - fail fail
2001:db8::1 3 example.org x.example.org/fail - fail fail
EOT

#
# --spf
#

exits 0 'sources are evaluated' dmarc-report --spf -z zone sources.xml
sed -n '/^SPF/,$p' out >screen
cat >expected <<'EOT'
SPF of example.org today: 3 of 5 sources, 40,530 of 41,630 messages pass
  TERM                        LOOKUPS   SOURCES  MESSAGES
  ip4:192.0.2.0/28                  0         1    40,000
  include:_spf.example.org          2         1        30
    ip4:198.51.100.0/24             0         1        30
    mx:example.org                  1         0         0  unused
    ~all                            0         0         0
  include:spf.esp.example           2         1       500
  include:old.example               3         0         0  unused (60 with another MAIL FROM)
  a:host.example.org                1         0         0  unused
  exists:%{l}.x.example.org         1         0         0  not known: macros
  -all                              0         2     1,100
  9 of 10 lookups; 4 without what is unused
  outside: 2 sources, 1,100 messages
    192.0.2.99     200  fail -all  aligned
    192.0.2.150    900  fail -all  not yours
  outside, but SPF of another domain matters, that of MAIL FROM: 1 source, 61 messages
    192.0.2.102     61  fail -all  not yours

SPF of x.example.org today: the domain does not exist [no-such-domain]; 3 messages
EOT
same 'the screen tells who is outside, and what is unused' expected screen

exits 0 '-j has the same' dmarc-report -j --spf -z zone sources.xml
cp out json
rows spf-record domain id lookups unused_lookups failure messages sources \
	sources_cut <json >got
cat >expected <<'EOT'
example.org - 9 5 - 41828 8 0
x.example.org no-such-domain - - - 3 1 0
EOT
same 'an object for each domain' expected got
rows spf-term domain record_domain term use lookups sources messages \
	other_messages <json >got
cat >expected <<'EOT'
example.org example.org ip4:192.0.2.0/28 used 0 1 40000 0
example.org example.org include:_spf.example.org used 2 1 30 0
example.org _spf.example.org ip4:198.51.100.0/24 used 0 1 30 0
example.org _spf.example.org mx:example.org unused 1 0 0 0
example.org _spf.example.org ~all unused 0 0 0 0
example.org example.org include:spf.esp.example used 2 1 500 77
example.org example.org include:old.example unused 3 0 0 60
example.org example.org a:host.example.org unused 1 0 0 0
example.org example.org exists:%{l}.x.example.org unknown 1 0 0 0
example.org example.org -all used 0 2 1100 61
EOT
same 'an object for each term' expected got
rows spf-source source_ip domain other_mail_from result id term messages \
	aligned <json >got
cat >expected <<'EOT'
192.0.2.1 example.org false pass - ip4:192.0.2.0/28 40000 40000
203.0.113.200 example.org false pass - include:spf.esp.example 500 500
192.0.2.99 example.org false fail not-authorized -all 200 200
198.51.100.7 example.org false pass - include:_spf.example.org 30 30
192.0.2.150 example.org false fail not-authorized -all 900 0
203.0.113.9 example.org true pass - include:spf.esp.example 77 77
192.0.2.102 example.org true fail not-authorized -all 61 0
192.0.2.100 example.org true pass - include:old.example 60 0
2001:db8::1 x.example.org false none no-such-domain - 3 0
EOT
same 'an object for each source' expected got

exits 0 '--fail is possible' dmarc-report --fail --spf -z zone sources.xml
lacks 'but tells nothing of terms' unused out
has 'only of sources' 'outside: 1 source, 900 messages' out
exits 0 '--fail with -j' dmarc-report --fail -j --spf -z zone sources.xml
lacks 'has no objects of terms' spf-term out
exits 0 '--since selects days' \
	dmarc-report --since=2026-11-27 -j --spf -z zone sources.xml
lacks 'and without messages there is nothing' spf- out
exits 0 'of a text with -q' dmarc-report -q --spf -z zone sources.xml
ok 'nothing is written' cmp out /dev/null

report example.org >none.xml <<'EOT'
192.0.2.1 5 example.org - - fail fail
X.X.X.X 7 example.org - - fail fail
EOT
exits 0 'a report may tell neither MAIL FROM nor address' \
	dmarc-report --spf -z zone none.xml
has 'the domain of the policy counts then' \
	'example.org today: 1 of 1 sources, 5 of 5 messages pass' out
has 'without an address nothing is evaluated' \
	'  without an address: 7 messages' out

# Records that err.
cat >errors.zone <<'EOT'
a.test. 60 IN TXT "v=spf1 a:1.a.test a:2.a.test a:3.a.test a:4.a.test a:5.a.test a:6.a.test a:7.a.test a:8.a.test a:9.a.test a:10.a.test ip4:192.0.2.1 a:11.a.test -all"
*.a.test. 60 IN A 198.51.100.1
b.test. 60 IN TXT "v=spf1 ip4:192.0.2.1 inclde:x.test -all"
c.test. 60 IN TXT "v=spf1 -all"
c.test. 60 IN TXT "v=spf1 +all"
d.test. 60 IN TXT "no record"
e.test. 60 IN TXT "v=spf1 redirect=_spf.e.test"
_spf.e.test. 60 IN TXT "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ip4:192.0.2.3 ip4:192.0.2.4 ip4:192.0.2.5 ip4:192.0.2.6 ip4:192.0.2.7 ip4:192.0.2.8 ?all ip4:192.0.2.9"
EOT
for d in a b c d e; do
	printf '192.0.2.1 4 %s %s/pass - pass pass\n' $d.test $d.test
	printf '192.0.2.50 2 %s %s/pass - pass pass\n' $d.test $d.test
done >lines
report a.test <lines >errors.xml
exits 0 'records that err do not fail the run' \
	dmarc-report -j --spf -z errors.zone errors.xml
cp out json
rows spf-record domain id lookups <json >got
cat >expected <<'EOT'
a.test - 11
b.test term-syntax -
c.test multiple-records -
d.test no-record -
e.test - 1
EOT
same 'each has its identifier' expected got
rows spf-source domain source_ip result id <json >got
cat >expected <<'EOT'
a.test 192.0.2.1 pass -
a.test 192.0.2.50 permerror lookup-limit
b.test 192.0.2.1 permerror term-syntax
b.test 192.0.2.50 permerror term-syntax
c.test 192.0.2.1 permerror multiple-records
c.test 192.0.2.50 permerror multiple-records
d.test 192.0.2.1 none no-record
d.test 192.0.2.50 none no-record
e.test 192.0.2.1 pass -
e.test 192.0.2.50 neutral no-assertion
EOT
same 'and so do sources' expected got
exits 0 'on the screen' dmarc-report --spf -z errors.zone errors.xml
has 'too many lookups are told' '  11 of 10 lookups; 1 without what is unused' \
	out
has 'what they hide is not called unused' \
	'  a:11.a.test                  1         0         0  not known: an error' \
	out
has 'what they cause is told' '192.0.2.50  2  permerror [lookup-limit]' out
has 'redirect= is followed' '    ip4:192.0.2.1              0         1         4' out
has 'long records are cut' '  and 4 more without lookups, 4 of them unused' out
exits 0 '--top=0 shows all' dmarc-report --top=0 --spf -z errors.zone errors.xml
has 'what comes after all is never evaluated' 'ip4:192.0.2.9' out
has 'which is told' '  never evaluated' out

# Macros of the address are known, and their queries are sent together.
{
	echo 'm.test. 60 IN TXT "v=spf1 exists:%{i}.m.test ptr:none.test -all"'
	i=0
	while [ $i -lt 32 ]; do
		echo "198.51.100.$i 1 m.test m.test/pass - pass pass" >&3
		echo "198.51.100.$i.m.test. 60 IN A 127.0.0.2"
		echo ";!ROUND 300 198.51.100.$i.m.test. A"
		i=$((i + 1))
	done 3>lines
} >macro.zone
report m.test <lines >macro.xml
ok 'a server starts' serve macro macro.zone
exits 0 'macros' dmarc-report --spf -n "$SERVER" macro.xml
has 'all sources pass' '32 of 32 sources, 32 of 32 messages pass' out
ok 'in few rounds' test "$(sed -n 's/.*round=//p' macro.log | sort -n |
	tail -n 1)" -le 4

#
# Failures of the DNS.
#

cat >fail.zone <<'EOT'
f.test. 60 IN TXT "v=spf1 ip4:192.0.2.1 include:bad.f.test -all"
;!SERVFAIL bad.f.test. TXT
bad.f.test. 60 IN TXT "v=spf1 -all"
g.test. 60 IN TXT "v=spf1 -all"
;!SERVFAIL g.test. TXT
h.test. 60 IN TXT "v=spf1 ip4:192.0.2.1 -all"
k._domainkey.f.test. 60 IN TXT "v=DKIM1; p="
;!REFUSED k._domainkey.f.test. TXT
l._domainkey.f.test. 60 IN TXT "v=DKIM1; p="
EOT
for d in f g h; do
	printf '192.0.2.%d 4 %s %s/pass %s %s\n' \
		1 $d.test $d.test f.test/k/pass,f.test/l/pass 'pass pass' \
		2 $d.test $d.test - 'pass pass'
done >lines
report f.test <lines >fail.xml
ok 'a server that fails starts' serve fail fail.zone
exits 75 'a failure has status 75' \
	dmarc-report --spf -j -n "$SERVER" fail.xml
cp out json
echo 'dmarc-report: --spf: f.test and 1 more: the DNS returned SERVFAIL' \
	>expected
same 'it is told once' expected err
rows spf-source domain source_ip result id <json >got
cat >expected <<'EOT'
f.test 192.0.2.1 pass -
f.test 192.0.2.2 temperror dns-servfail
g.test 192.0.2.1 temperror dns-servfail
g.test 192.0.2.2 temperror dns-servfail
h.test 192.0.2.1 pass -
h.test 192.0.2.2 fail not-authorized
EOT
same 'only what needs the answer fails' expected got
rows spf-record domain id failure <json >got
cat >expected <<'EOT'
f.test - dns-servfail
g.test dns-servfail dns-servfail
h.test - -
EOT
same 'and the domain tells' expected got
exits 75 'on the screen' dmarc-report --spf -n "$SERVER" fail.xml
has 'it is told, too' \
	'  not known, as the DNS failed (dns-servfail): 4 messages of 1 source' \
	out
exits 75 '-q has the status' dmarc-report --spf -q -n "$SERVER" fail.xml
ok 'and is silent' cmp err /dev/null
exits 75 'a key that cannot be looked up' \
	dmarc-report --dkim -j -n "$SERVER" fail.xml
rows dkim-key selector usable id <out >got
printf '%s\n' 'k - dns-refused' 'l false key-revoked' >expected
same 'is not known' expected got
echo 'dmarc-report: --dkim: k._domainkey.f.test: the DNS server refused the query' \
	>expected
same 'which is told once' expected err
exits 66 'an operand that cannot be opened has precedence' \
	dmarc-report --spf -n "$SERVER" fail.xml missing.xml
exits 75 'a failure has precedence over an expectation' \
	dmarc-report --spf --expect='messages>1000' -n "$SERVER" fail.xml

# Where no server answers, the rest is not waited for.
for d in a b c d e; do
	printf '192.0.2.1 4 %s.f.test %s.f.test/pass %s - pass\n' $d $d \
		"f.test/$d/pass"
	echo ";!TIMEOUT $d.f.test. TXT" >&3
done >lines 3>silent.zone
report f.test <lines >silent.xml
ok 'a silent server starts' serve silent silent.zone
exits 75 'silence' dmarc-report --timeout=1 --spf -j -n "$SERVER" silent.xml
rows spf-record domain failure <out >got
for d in a b c d e; do
	echo "$d.f.test dns-timeout"
done >expected
same 'nothing is known' expected got
ok 'three domains were tried' test "$(awk '{ print $3 }' silent.log |
	sort -u | grep -c f.test)" -eq 3

#
# --dkim
#

report example.org >keys.xml <<'EOT'
192.0.2.1 90 example.org - example.org/good/pass,example.org/good/fail pass fail
192.0.2.1 10 example.org - example.org/good/fail,other.example/x/pass fail fail
192.0.2.1 9 example.org - example.org/test/pass,example.org/revoked/fail pass fail
192.0.2.1 8 example.org - example.org/gone/pass pass fail
192.0.2.1 7 example.org - example.org/broken/pass pass fail
192.0.2.1 6 example.org - example.org/nokey/pass,example.org/weak/pass pass fail
192.0.2.1 5 example.org - example.org/service/pass,example.org/hash/pass pass fail
192.0.2.1 4 example.org - example.org/two/pass,example.org//pass pass fail
EOT
exits 0 'keys are looked up' dmarc-report --dkim --top=0 -z zone keys.xml
sed -n '/^DKIM/,$p' out >screen
cat >expected <<'EOT'
DKIM keys: 2 of 10 are published today
  SELECTOR AND D=       MESSAGES  PASSED  LAST SEEN    KEY TODAY
  good example.org           100   90.0%  26 Nov 2026  published, ed25519, 256 bits
  test example.org             9  100.0%  26 Nov 2026  published, ed25519, 256 bits, testing (t=y)
  gone example.org             8  100.0%  26 Nov 2026  no key is published [no-key]
  broken example.org           7  100.0%  26 Nov 2026  the key record cannot be parsed: p= is not base64 [key-syntax]
  nokey example.org            6  100.0%  26 Nov 2026  the key record cannot be parsed [key-syntax]
  weak example.org             6  100.0%  26 Nov 2026  anyone can forge signatures for this Ed25519 key [key-weak-point]
  hash example.org             5  100.0%  26 Nov 2026  the key does not allow this hash (h=) [key-hash]
  service example.org          5  100.0%  26 Nov 2026  the key is not for e-mail (s=) [key-service]
  two example.org              4  100.0%  26 Nov 2026  the selector has several key records [multiple-keys]
  revoked example.org          9    0.0%  26 Nov 2026  the key was revoked (p=) [key-revoked]
  4 messages whose reports do not tell the selector
  10 messages with signatures of other domains, which are not looked up
EOT
same 'the screen tells what is wrong with each' expected screen
exits 0 'keys with -j' dmarc-report --dkim -j -z zone keys.xml
rows dkim-key domain selector messages passed first last usable id key_type \
	bits testing record <out | head -n 3 >got
cat >expected <<'EOT'
example.org good 100 90 1795651200 1795651200 true - ed25519 256 false v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
example.org test 9 9 1795651200 1795651200 true - ed25519 256 true v=DKIM1; k=ed25519; t=y; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
example.org gone 8 8 1795651200 1795651200 false no-key - - false -
EOT
same 'an object for each key' expected got
exits 0 'the list can be cut' dmarc-report --dkim --top=2 -z zone keys.xml
has 'which is told' '  and 8 more' out

#
# Limits
#

# limit NAME COUNT: reports of so many domains, senders or keys.
limit() {
	awk -v name="$1" -v n="$2" 'BEGIN {
		for (i = 1; i <= n; i++) {
			ip = "10.0." int(i / 256) "." i % 256
			domain = (name == "domains" ? "d" i "." : "") \
				"example.org"
			signature = name == "keys" ? domain "/s" i "/pass" : "-"
			print ip, n - i + 1, domain, domain "/fail", signature, \
				"fail fail"
		}
	}' | report example.org
}
for what in domains:200 senders:2000 keys:1000; do
	n=${what#*:}
	name=${what%:*}
	limit "$name" "$n" >within.xml
	limit "$name" $((n + 1)) >over.xml
	option=--spf
	[ "$name" = keys ] && option=--dkim
	for reports in within over; do
		exits 0 "$reports the limit of $name" \
			dmarc-report $option -z zone $reports.xml
		cp out $reports.out
	done
	exits 0 "over the limit of $name with -j" \
		dmarc-report -j $option -z zone over.xml
	case $name in
	domains)
		has '195 are left out' \
			'SPF of 195 more domains: 19,110 messages' within.out
		has 'as is the one over the limit' \
			'SPF of 196 more domains: 19,306 messages' over.out
		has 'which is told' '--spf: 1 domains after the first 200' err
		;;
	senders)
		lacks 'nothing is left out' 'not evaluated' within.out
		has 'the smallest is' \
			'  not evaluated: 1 message of 1 source after the first 2000' \
			over.out
		ok 'which is told' test "$(rows spf-record sources_cut <out)" = 1
		;;
	keys)
		lacks 'nothing is left out' 'not looked up' within.out
		has 'the smallest is' '  1 message with further selectors' \
			over.out
		has 'which is told' '--dkim: 1 keys after the first 1000' err
		;;
	esac
done

#
# Usage
#

exits 64 'DNS options need a use' dmarc-report -z zone sources.xml
has 'which is told' 'DNS options need --spf, --dkim or --authentic' err
exits 64 'with --plot there is no --spf' dmarc-report --plot --spf sources.xml
exits 64 'nor --dkim with --csv' dmarc-report --csv --dkim sources.xml
exits 66 'a zone that cannot be opened' \
	dmarc-report --spf -z missing.zone sources.xml

# Texts of reports and records are hostile.
cat >hostile.zone <<'EOT'
h.test. 60 IN TXT "v=spf1 exists:\027[31m.h.test -all"
s._domainkey.h.test. 60 IN TXT "v=DKIM1; p=\027[31m"
EOT
printf '192.0.2.1 4 h.test h.test/pass h.test/s\033[31m/pass,h.test/s/pass - -\n' |
	sed 's/\o33/\&#x9b;/' | report h.test >hostile.xml
exits 0 'control characters' \
	dmarc-report --spf --dkim -z hostile.zone hostile.xml
ok 'are escaped' sh -c '! LC_ALL=C grep -q "[[:cntrl:]]" out'
finish
