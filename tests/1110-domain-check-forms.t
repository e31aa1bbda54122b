#!/bin/sh
# domain-check: what it writes for programs and for CI, with the file and line of
# zone records; findings that were there before, or are accepted.
# shellcheck source=tests/lib.sh disable=SC2016,SC2317
. "${0%/*}/lib.sh"
needs_helpers
cd "$TMP" || exit 1

# Records that are split, in parentheses, and relative to an origin.
cat >zone <<'EOT'
; the zone of example.org
$ORIGIN example.org.
@	3600 IN TXT ( "v=spf1 ip4:192.0.2.0/24 "
		"include:_spf.example.org "
		"?all" )
	MX 10 mx
mx	A 192.0.2.25
_dmarc	TXT ( ; the policy
		"v=DMARC1; "
		"p=rejct" )
$ORIGIN example.
other	MX 10 mx.example.org.
	TXT "v=spf1 mx ?all"
_spf.other	TXT "v=spf1 ptr -all"
wide.other	TXT "v=spf1 ip4:128.0.0.0/8 -all"
mx.example.org.	AAAA 2001:db8::25
EOT

check() {
	domain-check "$@" -z zone
}

# members PATH...: of $TMP/out, with blanks.
members() {
	"$MEMBERS" "$@" <"$TMP/out" | tr '\t' ' '
}

#
# JSON.
#
exits 1 '-j writes an object' check -j --only=spf other.example
ok '  in one line' lines 1 out
ok '  with the domain' test "$(members schema domain)" = '1 other.example'
ok '  a finding' \
	test "$(members findings findings/0/level findings/0/section \
	    findings/0/id findings/0/where findings/0/what)" = \
	'1 warning spf neutral-all other.example ?all'
has '  what to do about it' \
	'"words":"?all asserts nothing: end with -all or ~all"' out
ok '  the file, and the line that the record begins in' \
	test "$(members findings/0/file findings/0/line)" = 'zone 13'
ok '  and what SPF costs' \
	test "$(members spf/lookups spf/voids spf/all)" = '1 0 ?all'
ok '  what was not checked is null' test "$(members dmarc)" = -
exits 4 'several domains' check -j --only=spf,dmarc other.example example.org
ok '  are as many objects' lines 2 out
ok '  in order' \
	test "$(members domain | tr '\n' ' ')" = 'other.example example.org '
check -j --only=dmarc \
	--set='_dmarc.example.org TXT v=DMARC1; p=quarantine' mx.example.org >out
ok 'the policy of a subdomain is that of the domain above' \
	test "$(members dmarc/policy dmarc/tag dmarc/policy_domain \
	    dmarc/organizational_domain)" = \
	'quarantine p example.org example.org'
domain-check -j --record='v=spf1 ip4:192.0.2.1 ?all' >out
ok 'without a domain it is null' test "$(members domain)" = -
ok '  and so are file and line' \
	test "$(members findings/0/where findings/0/file findings/0/line)" = \
	'record.invalid - -'
check -j --only=dmarc example.org >out
ok 'what was probably meant is told' \
	test "$(members findings/0/near)" = reject

#
# GitHub.
#
exits 4 '--github writes a line for each finding' \
	check --github --only=spf,dmarc example.org
sed 's/::example.*//' out | sort >commands
printf '::%s %s,title=%s\n' \
	error file=zone,line=3 spf/include-none \
	error file=zone,line=8 dmarc/policy-invalid \
	warning file=zone,line=3 spf/neutral-all >want
grep -F -x -f want commands | sort -u >got
same '  with level, file and line, and identifier' want got
exits 4 'what is missing' check --github --only=spf none.other.example
has '  is at the first record of a name below, or of the first file' \
	'::error file=zone,line=1,title=spf/' out
check --github --only=spf _spf.other.example >out
has 'a finding of another record has its line' \
	'::warning file=zone,line=14,title=spf/ptr::_spf.other.example: ' out
domain-check --github --record='v=spf1 ip4:192.0.2.1 ?all' >out
has 'without a zone file there is neither file nor line' \
	'::warning title=spf/neutral-all::record.invalid: ?all asserts' out

# What a stranger writes into a record.
cat >hostile <<'EOT'
lines.example TXT "v=spf1 ip4:1\013\010::set-env name=x::y -all"
old.example TXT "v=spf1 ip4:##[add-mask]x -all"
macro.example TXT "v=spf1 exists:%{l}.a.example -all"
link.example TXT "v=spf1 ip4:[here](http://a.example) -all"
octets.example TXT "v=spf1 ip4:\255\127\027[31m -all"
EOT
domain-check --github --only=spf -z hostile lines.example old.example \
	macro.example link.example octets.example >out
ok 'every line is an annotation' \
	test "$(grep -c -v -E '^::(error|warning|notice) file=' out)" -eq 0
lacks '  no text begins another command' '##[' out
has '  in its old form, which begins anywhere' '##\x5badd-mask]' out
has '  nor a line' '1\x0d\x0a::set-env' out
has '  percent signs are kept' 'exists:%25{l}.a.example' out
ok '  and the output is printable' \
	test "$(tr -d '\n -~' <out | wc -c)" -eq 0

#
# Names of files.
#
name='a, b:c%.zone'
cp zone "$name"
domain-check --github --only=spf -z "$name" other.example >out
has 'the name of a file is escaped for GitHub' \
	'file=a%2C b%3Ac%25.zone,line=13,' out
domain-check --sarif --only=spf -z "$name" other.example >out
has '  and for SARIF' '"uri":"a%2C%20b%3Ac%25.zone"' out
domain-check --sarif --only=spf -z "./$name" other.example >out
has '  from the working directory on' '"uri":"a%2C%20b%3Ac%25.zone"' out
domain-check --sarif --only=spf -z "$TMP/zone" other.example >out
has '  or, if it is absolute, from the root' "\"uri\":\"file://$TMP/zone\"" out

#
# SARIF.
#
exits 4 '--sarif writes a log' check --sarif --only=spf,dmarc \
	example.org other.example _spf.other.example
cp out log
exits 0 'also without a finding' check --sarif --only=mx example.org
cp out empty
domain-check --sarif --only=spf -z hostile lines.example old.example \
	macro.example link.example octets.example >hostile.log
has 'braces of a text are no placeholders' 'exists:%{{l}}.a.example' hostile.log
lacks 'a text is not a link' '](' hostile.log

# The members that code scanning of GitHub requires; each of the two sides of an
# "and" is a string, number or list that is not empty.
required='
def text: type == "string" and . != "";
def line: type == "number" and . >= 1 and floor == .;
def level: . == "error" or . == "warning" or . == "note";
(."$schema" | text) and .version == "2.1.0" and (.runs | length == 1) and
(.runs[0] |
    (.tool.driver |
	(.name | text) and (.version | text) and (.informationUri | text) and
	(.rules | length > 50) and
	([.rules[].id] | length == (unique | length)) and
	all(.rules[];
	    (.id | test("^[a-z]+/[a-z0-9-]+$")) and
	    (.shortDescription.text | text and length <= 1024) and
	    (.fullDescription.text | text and length <= 1024) and
	    (.help.text | text) and
	    (.defaultConfiguration.level | level))) and
    ([.tool.driver.rules[].id] as $ids |
	(.results | type == "array") and
	all(.results[];
	    (.ruleId | IN($ids[])) and
	    (.level | level) and (.message.text | text) and
	    (.locations | length == 1) and
	    (.locations[0].physicalLocation |
		(.artifactLocation.uri | text and
		    test("^[A-Za-z0-9._~/%-]+$")) and
		(.region |
		    (.startLine | line) and (.startColumn | line) and
		    (.endLine | line) and (.endColumn | line) and
		    .endLine >= .startLine and
		    (.endLine > .startLine or
			.endColumn > .startColumn))) and
	    (.partialFingerprints.primaryLocationLineHash |
		test("^[0-9a-f]{16}:1$")))))'
if command -v jq >/dev/null; then
	for file in log empty hostile.log; do
		ok "$file has all that GitHub requires" \
			jq -e "$required" "$file"
	done
	jq 'del(.runs[0].results[0].locations[0].physicalLocation.region.endLine)' \
		log >broken
	ok '  which the test would miss' \
		sh -c '! jq -e "$1" broken' sh "$required"
	jq -r '.runs[0].results[] | "\(.ruleId) \(.level) \(
	    .locations[0].physicalLocation.region.startLine)"' log | sort >rules
	printf '%s\n' 'dmarc/policy-invalid error 8' \
		'spf/include-none error 3' 'spf/neutral-all warning 13' \
		'spf/neutral-all warning 3' 'spf/ptr warning 14' >want
	grep -F -x -f want rules | sort -u >got
	same 'results of all domains have rule, level and line' want got
	jq -c '.runs[0].results[].partialFingerprints' log | sort >first
	ok 'different findings have different fingerprints' \
		test "$(uniq -d first | wc -l)" -eq 0
	{ echo '; a line more' && cat zone; } >longer
	domain-check --sarif --only=spf,dmarc -z longer \
		example.org other.example _spf.other.example |
		jq -c '.runs[0].results[].partialFingerprints' | sort >second
	same '  but the same at another line' first second
else
	skip 'logs have all that GitHub requires' 'jq is not installed'
fi

#
# Baseline.
#
check -j --only=spf,dmarc example.org other.example >old.json
exits 0 'with --baseline, old findings are left out' \
	check --baseline=old.json --only=spf,dmarc example.org other.example
lacks '  and not shown' ': error: ' out
exits 0 '  nor in an object' \
	check -j --baseline=old.json --only=spf other.example
ok '  which keeps the answers' \
	test "$(members findings questions/0/id)" = '0 spf'
sed 's/p=rejct/p=refuse/' zone >new
exits 4 'a new one is there' domain-check -z new --github \
	--baseline=old.json --only=spf,dmarc example.org other.example
ok '  alone' lines 1 out
has '  as the same finding is of the same text' \
	'line=8,title=dmarc/policy-invalid::example.org' out
exits 1 'the same of another domain is new' \
	check --baseline=old.json --only=spf _spf.other.example
domain-check -j --only=spf -z hostile octets.example >old.json
exits 0 'octets of any kind are compared' domain-check -z hostile \
	--baseline=old.json --only=spf octets.example
exits 4 '  all of them' domain-check -z hostile \
	--baseline=old.json --only=spf link.example
exits 4 '--min counts old ones, too' check --baseline=old.json --only=spf \
	--min=1 example.org
echo '{"schema":1,"domain":"a.example","questions":[],"truncated":["findings"]}' \
	>old.json
exits 1 'an object without findings, as they were too many, has none' \
	check --baseline=old.json --only=spf other.example
: >old.json
exits 1 'so has an empty file' \
	check --baseline=old.json --only=spf other.example
for line in '[]' '{"schema":1,"domain":"a.example","findings":[]}' '{' '1' \
	'{"questions":[],"findings":[{"id":"ptr"}]}' \
	'{"questions":[],"findings":[{"id":"a","section":"b","where":"c","what":1}]}'
do
	printf '\n%s\n' "$line" >old.json
	exits 78 "not a baseline: $line" \
		check --baseline=old.json --only=spf other.example
	has '  its line is named' \
		'old.json:2: not an object that domain-check -j wrote' err
done
exits 66 'a baseline that is not there' \
	check --baseline=absent --only=spf other.example

#
# Accepted findings.
#
accept() {
	printf '%s\n' "$@" >accepted
}
accepted() {
	check --now="$NOW" --ignore=accepted --only=spf --github "$@"
}
accept '# Lines have four columns.' '' \
	'spf/neutral-all other.example - it is a # test'
exits 0 '--ignore leaves out what a line accepts' accepted other.example
ok '  entirely' test ! -s out
accept 'spf/neutral-all Other.Example. - reason'
exits 0 '  whatever form the domain has' accepted other.example
exits 4 '  for this domain alone' accepted example.org
has '  not another' 'title=spf/neutral-all' out
accept 'spf/neutral-all * - reason'
exits 0 '  or for all' accepted other.example
accept 'spf/ptr * - reason'
exits 1 '  this finding alone' accepted other.example
accept 'spf/wide-network wide.other.example - reason'
exits 0 'the domain may be that of the finding' \
	check --ignore=accepted --only=spf \
	--set='other.example TXT v=spf1 mx include:wide.other.example -all' \
	other.example
accept 'spf/neutral-all * 2026-11-20 reason'
exits 0 'on the last day it is left out' accepted other.example
accept 'spf/neutral-all * 2026-11-19 reason'
exits 1 '  after it, it counts again' accepted other.example
exits 0 '  by the second' check --now=2026-11-19T23:59:59Z \
	--ignore=accepted --only=spf other.example
exits 1 '  in UTC' check --now=2026-11-20T00:00:00Z \
	--ignore=accepted --only=spf other.example
while IFS='|' read -r line words; do
	accept '# a comment' "$line"
	exits 78 "malformed: $line" accepted other.example
	has '  which says why' "accepted:2: $words" err
done <<'EOT'
spf/neutral-all|not SECTION/ID DOMAIN
spf/neutral-all * -|not SECTION/ID DOMAIN
spf/neutral-al * - reason|unknown finding: spf/neutral-al; did you mean spf/neutral-all?
neutral-all * - reason|unknown finding: neutral-all
spf/neutral-all a..b - reason|neither a domain nor *: a..b
spf/neutral-all * 2026-11 reason|neither a date (2026-11-30) nor -: 2026-11
spf/neutral-all * 2026-02-30 reason|neither a date (2026-11-30) nor -: 2026-02-30
spf/neutral-all * reason reason|neither a date (2026-11-30) nor -: reason
EOT
sed -n -e 's/^has: *//p' -e 's/^lacks: *//p' "$DATA/domain-check/cases" |
	tr ' ' '\n' | sort -u | sed 's/$/ * - known/' >accepted
exits 0 'all findings of the prepared zones may be accepted' \
	check --ignore=accepted --only=spf other.example
ok '  which are many' test "$(wc -l <accepted)" -ge 40
exits 66 'a file that is not there' \
	check --ignore=absent --only=spf other.example
finish
