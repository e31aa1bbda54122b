#!/bin/sh
# dmarc-report -j writes an object for each record, note, refusal and failure
# report, with all members; --csv writes the list for spreadsheets.
# shellcheck source=tests/lib.sh disable=SC2016
. "${0%/*}/lib.sh"
needs "$BUILD/bin/dmarc-report"
cd "$TMP" || exit 1
has_jq=false
command -v jq >/dev/null && has_jq=true

# report REPORTER ID BEGIN RECORD...: a report of a day to stdout
report() {
	cat <<END
<feedback><version>1.0</version>
<report_metadata><org_name>$1</org_name><email>r@$1</email>
<report_id>$2</report_id>
<date_range><begin>$3</begin><end>$(($3 + 86399))</end></date_range>
</report_metadata>
<policy_published><domain>example.org</domain><p>none</p></policy_published>
END
	shift 3
	printf '%s\n' "$@" '</feedback>'
}

# record ADDRESS COUNT DISPOSITION DKIM SPF DOMAIN [RESULTS]: for report
record() {
	printf '<record><row><source_ip>%s</source_ip><count>%s</count>' \
		"$1" "$2"
	printf '<policy_evaluated><disposition>%s</disposition>' "$3"
	printf '<dkim>%s</dkim><spf>%s</spf></policy_evaluated></row>' "$4" "$5"
	printf '<identifiers><header_from>%s</header_from></identifiers>' "$6"
	printf '<auth_results>%s</auth_results></record>' "${7:-}"
}

signature() {		# DOMAIN SELECTOR RESULT
	printf '<dkim><domain>%s</domain><selector>%s</selector>' "$1" "$2"
	printf '<result>%s</result></dkim>' "$3"
}

day=1793491200		# 2026-11-01

#
# Members.
#

cat >full.xml <<END
<?xml version="1.0"?>
<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">
 <version>1.0</version>
 <report_metadata>
  <org_name>Example "Mail" \\ Söhne</org_name>
  <email>dmarc@Reporter.example</email>
  <extra_contact_info>https://reporter.example/&lt;x></extra_contact_info>
  <report_id>42@reporter</report_id>
  <date_range><begin>$day</begin><end>$((day + 86399))</end></date_range>
  <generator>gen 1.0</generator>
 </report_metadata>
 <policy_published>
  <domain>BÜCHER.example</domain>
  <discovery_method>treewalk</discovery_method>
  <p>Reject</p><sp>quarantine</sp><np>none</np>
  <adkim>s</adkim><aspf>r</aspf><testing>y</testing><fo>1:D</fo>
 </policy_published>
 <record>
  <row><source_ip>::FFFF:192.0.2.1</source_ip><count>9007199254740992</count>
   <policy_evaluated><disposition>QUARANTINE</disposition>
    <dkim>pass</dkim><spf>fail</spf>
    <reason><type>local_policy</type><comment>arc=none</comment></reason>
    <reason><type>other</type></reason>
   </policy_evaluated></row>
  <identifiers><envelope_to>To.Example</envelope_to>
   <envelope_from>bounce.example</envelope_from>
   <header_from>News.xn--bcher-kva.example</header_from></identifiers>
  <auth_results>
   <dkim><domain>other.example</domain><selector>a</selector>
    <result>pass</result></dkim>
   <dkim><domain>news.xn--bcher-kva.example</domain><selector>S1</selector>
    <result>pass</result><human_result>good</human_result></dkim>
   <spf><domain>helo.example</domain><scope>helo</scope>
    <result>none</result></spf>
   <spf><domain>bounce.example</domain><scope>mfrom</scope>
    <result>SoftFail</result><human_result>~all</human_result></spf>
  </auth_results>
 </record>
</feedback>
END
printf '%s' '{"schema":1,"type":"record","file":"full.xml","line":18,' \
	'"org_name":"Example \"Mail\" \\ S\u00F6hne",' \
	'"email":"dmarc@Reporter.example",' \
	'"extra_contact_info":"https://reporter.example/<x>",' \
	'"report_id":"42@reporter","begin":1793491200,"end":1793577599,' \
	'"generator":"gen 1.0","domain":"xn--bcher-kva.example",' \
	'"discovery_method":"treewalk","p":"reject","sp":"quarantine",' \
	'"np":"none","adkim":"s","aspf":"r","pct":null,"fo":"1:d",' \
	'"testing":"y","source_ip":"192.0.2.1","count":9007199254740992,' \
	'"disposition":"quarantine","dkim":"pass","spf":"fail",' \
	'"reason_type":"local_policy","reason_comment":"arc=none",' \
	'"header_from":"news.xn--bcher-kva.example",' \
	'"envelope_from":"bounce.example","envelope_to":"to.example",' \
	'"dkim_domain":"news.xn--bcher-kva.example","dkim_selector":"s1",' \
	'"dkim_result":"pass","spf_domain":"bounce.example",' \
	'"spf_scope":"mfrom","spf_result":"softfail",' \
	'"reasons":[{"type":"local_policy","comment":"arc=none"},' \
	'{"type":"other","comment":null}],' \
	'"dkim_results":[{"domain":"other.example","selector":"a",' \
	'"result":"pass","human_result":null},' \
	'{"domain":"news.xn--bcher-kva.example","selector":"s1",' \
	'"result":"pass","human_result":"good"}],' \
	'"spf_results":[{"domain":"helo.example","scope":"helo",' \
	'"result":"none","human_result":null},' \
	'{"domain":"bounce.example","scope":"mfrom","result":"softfail",' \
	'"human_result":"~all"}],"notes":[]}' >want
echo >>want
exits 0 "a whole report is read" dmarc-report -j full.xml
grep '"record"' out >got
same "a record has all members, in the order of the page" got want

# What is not there: of the report, of the record.
echo '<feedback><record><row><source_ip>X.X.X.X</source_ip></row></record>
</feedback>' >bare.xml
printf '%s' '{"schema":1,"type":"record","file":"bare.xml","line":1,' \
	'"org_name":null,"email":null,"extra_contact_info":null,' \
	'"report_id":null,"begin":null,"end":null,"generator":null,' \
	'"domain":null,"discovery_method":null,"p":null,"sp":null,"np":null,' \
	'"adkim":null,"aspf":null,"pct":null,"fo":null,"testing":null,' \
	'"source_ip":"X.X.X.X","count":1,"disposition":null,"dkim":null,' \
	'"spf":null,"reason_type":null,"reason_comment":null,' \
	'"header_from":null,"envelope_from":null,"envelope_to":null,' \
	'"dkim_domain":null,"dkim_selector":null,"dkim_result":null,' \
	'"spf_domain":null,"spf_scope":null,"spf_result":null,' \
	'"reasons":[],"dkim_results":[],"spf_results":[],' \
	'"notes":["no-address","no-count","no-header-from"]}' >want
echo >>want
exits 0 "a report of an address alone is read" dmarc-report -j bare.xml
grep '"record"' out >got
same "what is absent is null, or an empty list" got want
cat >want <<'END'
{"schema":1,"type":"note","file":"bare.xml","line":1,"id":"no-address","records":1,"reason":"source_ip is not an address: \"X.X.X.X\""}
END
grep '"id":"no-address"' out >got
same "a note has its place, and how many records it is about" got want

# One after the other: two that are refused, and one that is not.
report a.example 1 $day \
	"$(record 192.0.2.1 x none pass pass example.org)" \
	"$(record 192.0.2.1 y none pass pass example.org)" \
	"$(record 192.0.2.1 3 none pass pass example.org)" >counts.xml
exits 65 "records without a number are refused" dmarc-report -j counts.xml
printf '%s' '{"schema":1,"type":"refused","file":"counts.xml","line":7,' \
	'"id":"bad-count","records":1,"reason":' \
	'"the count is not a number up to 2^53: \"x\""}' >want
echo >>want
grep '"refused"' out | head -n 1 >got
same "a refusal has its line and the reason" got want
ok "each refused record has an object" \
	test "$(grep -c '"type":"refused".*"records":1,' out)" = 2
ok "the other record of the report is kept" \
	test "$(grep -c '"type":"record".*"count":3,' out)" = 1
exits 65 "a file that is no report is refused" dmarc-report -j /dev/null
has "without a line and records" '{"schema":1,"type":"refused",'\
'"file":"/dev/null","line":null,"id":"empty","records":0,"reason":' out
exits 66 "an operand that is not there is refused" \
	dmarc-report -j absent.xml full.xml
has "as unreadable" '{"schema":1,"type":"refused","file":"absent.xml",'\
'"line":null,"id":"unreadable","records":0,"reason":"No such file' out
has "and the others are read" '"file":"full.xml"' out
exits 0 "a report is read from stdin" dmarc-report -j <full.xml
has "whose name is -" '"type":"record","file":"-"' out

cat >failure.eml <<'END'
From: <reports@reporter.example>
To: <dmarc@example.org>
Subject: FW: a message
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: text/plain

A message failed.
--b
Content-Type: message/feedback-report

Feedback-Type: Auth-Failure
Version: 1
User-Agent: a/1
Auth-Failure: DMARC
Source-IP: ::ffff:192.0.2.66
Reported-Domain: Example.ORG
DKIM-Domain: example.org
DKIM-Selector: s1
Original-Mail-From: <>
Arrival-Date: Sun, 01 Nov 2026 00:00:01 +0000
Identity-Alignment: DKIM, SPF
Delivery-Result: Reject

--b
Content-Type: message/rfc822

From: "secret" <a@example.org>
Subject: secret

secret
--b--
END
exits 0 "a failure report is read" dmarc-report -j failure.eml
printf '%s' '{"schema":1,"type":"failure-report","file":"failure.eml",' \
	'"line":null,"feedback_type":"auth-failure","auth_failure":"dmarc",' \
	'"source_ip":"192.0.2.66","reported_domain":"example.org",' \
	'"dkim_domain":"example.org","dkim_selector":"s1",' \
	'"original_mail_from":"","arrival_date":1793491201,' \
	'"identity_alignment":"dkim,spf","delivery_result":"reject"}' >want
echo >>want
same "it is one object, without the message that it quotes" out want
sed '/^Version/,/^Delivery/d' failure.eml >bare.eml
exits 0 "a failure report of a type alone is read" dmarc-report -j bare.eml
printf '%s' '{"schema":1,"type":"failure-report","file":"bare.eml",' \
	'"line":null,"feedback_type":"auth-failure","auth_failure":null,' \
	'"source_ip":null,"reported_domain":null,"dkim_domain":null,' \
	'"dkim_selector":null,"original_mail_from":null,' \
	'"arrival_date":null,"identity_alignment":null,' \
	'"delivery_result":null}' >want
echo >>want
same "all its members are there" out want

# Which results are selected: aligned, else a pass, else the first; not of HELO.
spf_results='<spf><domain>h.example</domain><scope>helo</scope>
<result>pass</result></spf>'
report a.example 2 $day \
	"$(record 192.0.2.1 1 none fail fail example.org "$(
		signature a.example first fail)$(
		signature b.example second pass)")" \
	"$(record 192.0.2.2 1 none fail fail example.org "$(
		signature a.example first fail)$(
		signature b.example second neutral)$spf_results")" >selected.xml
dmarc-report -j selected.xml >out
sed -n 's/.*\("dkim_domain.*"spf_result":[^,]*\),.*/\1/p' out >got
cat >want <<'END'
"dkim_domain":"b.example","dkim_selector":"second","dkim_result":"pass","spf_domain":null,"spf_scope":null,"spf_result":null
"dkim_domain":"a.example","dkim_selector":"first","dkim_result":"fail","spf_domain":"h.example","spf_scope":"helo","spf_result":"pass"
END
same "without an aligned result a pass is selected, else the first" got want

#
# Octets.
#

long=$(printf 'x%.0s' $(seq 1100))
name=$(printf 'a"\\\001\303\251\377.xml')
report "=x&quot;\\&#127;&#x85;&#x202e;é&#x1f4e7;$long" '$(id)`id`' $day \
	"$(record 192.0.2.1 1 none pass pass example.org)" >"$name"
exits 0 "a hostile report is read" dmarc-report -j "$name"
has "octets of a file name that are not UTF-8 are escaped" \
	'"file":"a\"\\x5c\\x01\u00E9\\xff.xml"' out
has "and so is a text with a DEL" \
	'"org_name":"=x\"\\x5c\\x7f\\xc2\\x85\\xe2\\x80\\xae\u00E9\uD83D\uDCE7x' out
has "a long text is cut, and ends with dots" 'xxx...","email":"' out
LC_ALL=C tr -d '\n -~' <out >got
ok "the output is printable ASCII" test ! -s got
ok "a line has no more than the texts need" \
	test "$(LC_ALL=C awk 'length > n { n = length } END { print n }' out)" \
	-lt 5000

#
# Filters, and duplicates.
#

mkdir reports
report a.example 1 $day \
	"$(record 192.0.2.1 100 none pass pass example.org)" \
	"$(record 192.0.2.2 20 reject fail fail example.org)" \
	"$(record 192.0.2.2 0 reject fail fail example.org)" >reports/1.xml
report a.example 2 $((day + 86400)) \
	"$(record 192.0.2.1 3 none pass fail mail.example.org)" \
	"$(record 2001:db8::1 4 quarantine fail fail anexample.org)" \
	>reports/2.xml
report b.example 1 $((day + 2 * 86400)) \
	"$(record 192.0.2.3 500 none fail pass MAIL.example.org)" \
	"$(record 192.0.2.3 x none fail pass example.org)" >reports/3.xml
cp reports/3.xml reports/4.xml
report c.example 1 0 \
	"$(record 192.0.2.1 6000 none fail fail example.org)" >reports/5.xml
sed 's|<begin>.*</end>||' reports/5.xml >reports/6.xml

sum() {			# of the counts of the records in a file
	sed -n 's/.*"type":"record".*"count":\([0-9]*\),.*/\1/p' "$1" |
		awk '{ n += $1 } END { print n + 0 }'
}

# sums TITLE COUNT OPTION...: the messages of -j, of --csv and of the screen,
# which has no number if there are none
sums() {
	sums_title=$1 sums_want=$2
	shift 2
	dmarc-report -j "$@" reports >rows 2>/dev/null
	sums_screen=$(dmarc-report "$@" reports 2>/dev/null |
		sed -n 's/.* \([0-9,]*\) messages*\( not aligned\)* in .*/\1/p' | tr -d ,)
	sums_csv=$(dmarc-report --csv "$@" reports 2>/dev/null |
		awk -F , 'NR > 1 { n += $2 } END { print n + 0 }')
	set -- "$(sum rows)" "${sums_screen:-0}" "$sums_csv"
	if $has_jq; then
		set -- "$@" "$(jq -s 'map(select(.type == "record") | .count) |
		    add // 0' rows)"
	fi
	for sums_got; do
		[ "$sums_got" = "$sums_want" ] || break
	done
	[ "$sums_got" = "$sums_want" ]
	result $? "$sums_title" || note "not $sums_want: $*"
}

sums "the sum of all records is that of the screen, and of --csv" 12627
ok "a record of no messages is written" \
	test "$(grep -c '"type":"record".*"count":0,' rows)" = 1
ok "the records of a duplicate are not, which a note says" \
	test "$(grep -c '"file":"reports/4.xml".*"id":"duplicate","records":1,' \
	rows)$(grep -c '"type":"record","file":"reports/4.xml"' rows)" = 10
ok "its refused records are told once for each copy" \
	test "$(grep -c '"id":"bad-count"' rows)" = 2
sums "-d selects the records of a domain and of those below it" 12623 \
	-d Example.org
sums "-d selects those of a subdomain" 503 -d mail.example.org
sums "--since selects by the day on which the report begins" 507 \
	--since=2026-11-02
sums "--until selects up to and with that day" 6127 --until=2026-11-02
sums "both select the days between" 7 --since=2026-11-02 --until=2026-11-02
sums "--fail selects what is not aligned" 12024 --fail
sums "all together select what meets all" 20 \
	--fail -d example.org --since=2026-11-01
ok "a record of no messages is selected by the same rules" \
	test "$(grep -c '"count":0,' rows)" = 1
sums "nothing selected is a sum of 0" 0 -d example.net
for option in --since=7d --until=7d --compare=7d; do
	exits 64 "-j refuses days that are counted back from the end: $option" \
		dmarc-report -j "$option" reports
done
exits 65 "--strict refuses a report with a note" \
	dmarc-report -j --strict bare.xml
ok "none of its records are written" test "$(grep -c record\" out)" = 0
has "it is refused" '"file":"bare.xml","line":1,"id":"strict"' out

sed 's|<begin>.*</end>|<begin>1793520000</begin><end>1793600000</end>|
	s|<report_id>.*</report_id>|<report_id>9</report_id>|' \
	reports/1.xml >reports/7.xml
dmarc-report -j reports >out 2>/dev/null
has "a period that overlaps is a note" \
	'"file":"reports/7.xml","line":1,"id":"overlap","records":0,' out
sed 's/192.0.2.3/192.0.2.4/' reports/3.xml >reports/4.xml
dmarc-report -j reports >out 2>/dev/null
has "a duplicate that differs is one" \
	'"file":"reports/4.xml","line":1,"id":"duplicate-differs","records":1,' \
	out

#
# What others read.
#

dmarc-report -j reports ./*.xml ./*.eml absent.xml /dev/null >rows 2>/dev/null
if command -v python3 >/dev/null; then
	cat >check.py <<'END'
import json, sys
members = {}
for line in open('rows', 'rb'):
    row = json.loads(line.decode('ascii'))
    assert row['schema'] == 1 and list(row)[:4] == [
        'schema', 'type', 'file', 'line'], line
    members.setdefault(row['type'], set()).add(tuple(row))
    for value in list(row.values())[4:]:
        assert isinstance(value, (str, int, list, type(None))), line
assert sorted(members) == ['failure-report', 'note', 'record', 'refused']
assert all(len(names) == 1 for names in members.values()), members
END
	ok "each line is an object, and those of a type have the same members" \
		python3 check.py
else
	skip "each line is an object" "no python3"
fi
if $has_jq; then
	ok "jq reads each line" sh -c \
		'[ "$(jq -r .type rows | wc -l)" -eq "$(wc -l <rows)" ]'
else
	skip "jq reads each line" "no jq"
fi

#
# CSV.
#

rm reports/[4-7].xml
cat >want <<'END'
source,messages,aligned,spf,dkim,group_forwarders,group_aligned,group_partly,group_not_yours,refused,none,quarantine,reject,reports,first_day,last_day,messages_before,aligned_before,domain,dkim_domain,dkim_selector,rule
192.0.2.3,500,500,500,0,0,0,500,0,0,500,0,0,1,2026-11-03,2026-11-03,,,mail.example.org,,,only-spf-aligned
192.0.2.1,103,103,100,103,0,100,3,0,0,103,0,0,2,2026-11-01,2026-11-02,,,example.org,,,both-aligned
192.0.2.2,20,0,0,0,0,0,0,20,20,0,0,20,1,2026-11-01,2026-11-01,,,example.org,,,neither-aligned
2001:db8::1,4,0,0,0,0,0,0,4,4,0,4,0,1,2026-11-02,2026-11-02,,,anexample.org,,,neither-aligned
END
exits 65 "--csv counts what is not refused" dmarc-report --csv reports
same "by source, in the order of the list" out want
exits 65 "--csv has all rows, whatever --top" \
	dmarc-report --csv --top=1 reports
same "they are the same" out want
for by in source network domain reporter day selector policy disposition; do
	dmarc-report --csv --by=$by reports >out 2>/dev/null
	awk -F , -v by=$by 'NR == 1 && $1 != by || NF != 22 { exit 1 }
		NR > 1 { n += $2; kinds += $6 + $7 + $8 + $9 }
		END { exit n != 627 || kinds != 627 }' out
	result $? "--by=$by: all messages are in the column of messages"
done
key_of() {
	dmarc-report --csv "$@" reports 2>/dev/null |
		awk -F , 'NR > 1 { print $1 }' | tr '\n' ' '
}
ok "networks have a length" test "$(key_of --by=network)" = \
	'192.0.2.0/24 2001:db8::/48 '
ok "days are dates, in their order" test "$(key_of --by=day)" = \
	'2026-11-01 2026-11-02 2026-11-03 '
ok "policies are tags" test "$(key_of --by=policy)" = 'p=none '
dmarc-report --csv --compare=1d reports >out 2>/dev/null
has "--compare adds what was there before" \
	'192.0.2.1,0,0,0,0,0,0,0,0,0,0,0,0,0,,,3,3,' out

# Texts of reporters.
mkdir hostile
n=0
while IFS= read -r text; do
	n=$((n + 1))
	report "$text" $n $day "$(record 192.0.2.1 $((100 - n)) none pass pass \
		example.org "$(signature example.org '=s;"x' pass)")" \
		>hostile/$n.xml
done <<'END'
=cmd|' /C calc'!A0
+1
-2
@SUM(1)
a,b
say &quot;a&quot;
=&quot;a&quot;,1
a;=1
a&#127;&#10;b\&#x202e;é
'
＝1
END
dmarc-report --csv --by=reporter hostile >out 2>err
cat >want <<'END'
'=cmd|' /C calc'!A0,99
'+1,98
'-2,97
'@SUM(1),96
"a,b",95
"say ""a""",94
"'=""a"",1",93
"a;=1",92
a\x7f\x0ab\x5c\xe2\x80\xaeé,91
',90
'＝1,89
END
sed 1d out | awk '{ print }' | sed 's/\(,[0-9][0-9]\),.*/\1/' >got
same "formulas are texts, fields quoted, controls escaped" got want
dmarc-report --csv --by=selector hostile >out
has "so are the other texts" ",example.org,\"'=s;\"\"x\"," out
if command -v python3 >/dev/null; then
	ok "all lines have the same number of fields" python3 -c '
import csv
rows = list(csv.reader(open("out", encoding="utf-8"), strict=True))
assert len(rows) == 2 and all(len(row) == 22 for row in rows)'
else
	skip "all lines have the same number of fields" "no python3"
fi
exits 0 "a list of nothing has its header" \
	dmarc-report --csv -d example.net hostile
ok "alone" lines 1 out

finish
