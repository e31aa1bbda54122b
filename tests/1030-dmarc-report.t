#!/bin/sh
# dmarc-report from the outside: what it reads, what it counts, what it tells,
# its exit status. The screens are in 1032, lists, JSON and CSV in tests of their
# own.
# shellcheck source=tests/lib.sh disable=SC2016,SC2317
. "${0%/*}/lib.sh"
PACK=$BUILD/tests/helper/pack
needs "$PACK"
DAY=1793491200	# 2026-11-01
cd "$TMP" || exit 1

# report ORG DAY ID RECORD...: the XML of a report of one day. RECORD is "ADDRESS
# COUNT SPF DKIM", the results that policy_evaluated has, and what else a row has.
report() {
	printf '<feedback>\n<report_metadata>\n<org_name>%s</org_name>\n' "$1"
	printf '<email>dmarc@%s</email>\n<report_id>%s</report_id>\n' "$1" "$3"
	printf '<date_range><begin>%d</begin>\n<end>%d</end></date_range>\n' \
		$((DAY + ($2 - 1) * 86400)) $((DAY + $2 * 86400 - 1))
	printf '</report_metadata>\n<policy_published>\n'
	printf '<domain>example.org</domain>\n<p>none</p>\n'
	printf '</policy_published>\n'
	shift 3
	for record in "$@"; do
		# shellcheck disable=SC2086
		record $record
	done
	printf '</feedback>\n'
}

record() {		# record ADDRESS COUNT SPF DKIM [HEADER_FROM]
	printf '<record><row><source_ip>%s</source_ip>\n' "$1"
	printf '<count>%s</count>\n<policy_evaluated>' "$2"
	printf '<disposition>none</disposition><dkim>%s</dkim>\n' "$4"
	printf '<spf>%s</spf></policy_evaluated></row>\n' "$3"
	printf '<identifiers><header_from>%s</header_from>' "${5:-example.org}"
	printf '</identifiers>\n<auth_results></auth_results></record>\n'
}

# mail SUBJECT FILE_NAME: a mail whose only part is the octets of stdin.
mail() {
	printf 'From: dmarc@one.example\nTo: dmarc@example.org\n'
	printf 'Subject: %s\nMIME-Version: 1.0\n' "$1"
	printf 'Content-Type: application/octet-stream\n'
	printf 'Content-Disposition: attachment; filename="%s"\n' "$2"
	printf 'Content-Transfer-Encoding: base64\n\n'
	base64
}

counts() {		# counts TITLE "N messages in N reports" [ARG...]
	counts_title=$1 counts_text=$2
	shift 2
	exits 0 "$counts_title" dmarc-report --now="$NOW" "$@"
	has 'it counts them' ": $counts_text of " out
}

# --- what is read ---

report one.example 1 a1 '192.0.2.1 10 pass pass' '192.0.2.2 5 fail fail' >a.xml
report one.example 2 a2 '192.0.2.1 20 pass pass' >b.xml
"$PACK" gzip <b.xml >b.gz
"$PACK" zip <a.xml >a.zip
mkdir -p folder Maildir/cur Maildir/new Maildir/tmp
mail 'Report Domain: example.org' 'one.example!example.org!1!2.xml.gz' \
	<b.gz >b.mail
mail 'Report Domain: example.org' 'one.example!example.org!1!2.zip' \
	<a.zip >a.mail
cp a.mail Maildir/cur/1:2,S && cp b.mail Maildir/new/2
cp a.mail folder/a && cp b.gz folder/b
{
	printf 'From dmarc@one.example Sun Nov  1 00:00:00 2026\n' &&
		cat a.mail && echo
	printf 'From dmarc@one.example Sun Nov  1 00:00:00 2026\n' && cat b.mail
} >mbox
printf 'a.xml\nb.gz\n' >list
printf 'b.gz\0a.xml\0' >list0

dmarc-report --now="$NOW" a.xml b.xml >want
has 'two files' 'example.org, 1 to 2 Nov 2026: 35 messages in 2 reports' want
same_screen() {		# same_screen TITLE COMMAND...
	same_title=$1
	shift
	exits 0 "$same_title" "$@"
	same 'gives the same screen' want out
}
same_screen 'gzip and zip' dmarc-report --now="$NOW" b.gz a.zip
same_screen 'mails' dmarc-report --now="$NOW" a.mail b.mail
same_screen 'a Maildir' dmarc-report --now="$NOW" Maildir
same_screen 'a folder' dmarc-report --now="$NOW" folder
same_screen 'an mbox' dmarc-report --now="$NOW" mbox
same_screen 'an mbox on stdin' dmarc-report --now="$NOW" --mbox <mbox
same_screen 'which begins as one' dmarc-report --now="$NOW" <mbox
piped() {
	# shellcheck disable=SC2002 # a pipe is wanted
	cat mbox | dmarc-report --now="$NOW"
}
same_screen 'or a pipe that does' piped
exits 65 'what never ends is not read on once it was refused' \
	timeout 120 dmarc-report /dev/zero
same_screen '--files-from' dmarc-report --now="$NOW" --files-from=list
same_screen '--files-from=- in another order' sh -c 'printf "b.gz\na.xml\n" |
	dmarc-report --now="$NOW" --files-from=-'
same_screen '--files-from with NUL' \
	dmarc-report --now="$NOW" -0 --files-from=list0
same_screen 'a pipe, and stdin named -' \
	sh -c 'cat a.mail | dmarc-report --now="$NOW" - b.xml'
same_screen 'a report of each folder and file' \
	dmarc-report --now="$NOW" Maildir/new a.xml
counts 'a file on stdin' '20 messages in 1 report' <b.gz
counts 'a pipe' '20 messages in 1 report' - <<EOF
$(cat b.mail)
EOF

# --- order, duplicates, overlaps ---

report two.example 1 c1 '192.0.2.1 1 pass pass' >c.xml
report one.example 1 a1 '192.0.2.2 5 fail fail' '192.0.2.1 10 pass pass' \
	>a-again.xml
report one.example 1 a1 '192.0.2.9 99 pass pass' >z-differs.xml
report one.example 2 a2 '192.0.2.1 20 pass pass' >b-again.xml
sed "s/<end>[0-9]*/<end>$((DAY + 3 * 86400))/; s/a2/a3/" b.xml >long.xml
dmarc-report --now="$NOW" a.xml b.xml c.xml z-differs.xml long.xml >want
dmarc-report --now="$NOW" long.xml c.xml z-differs.xml b.xml a.xml >out
same 'the order of arguments changes nothing' want out
printf 'z-differs.xml\nb.xml\n' >list
dmarc-report --now="$NOW" --files-from=list long.xml c.xml a.xml >out
same 'nor where they are from' want out
mkdir names && cp a.xml names/2 && cp z-differs.xml names/1
counts 'of copies the first by name counts' '99 messages in 1 report' names
rm names/1 && cp z-differs.xml names/3
counts 'so it is the other one here' '15 messages in 1 report' names
has 'copies that differ are told' '1 duplicate, 1 of them differs' out
counts 'records in another order do not differ' '15 messages in 1 report' \
	a.xml a-again.xml
has 'a copy is told' '1 duplicate' out
lacks 'it does not differ' 'differs' out
counts 'the same from another file' '15 messages in 1 report' \
	a.xml a.mail a.zip Maildir/cur
has 'copies are counted' '3 duplicates' out
counts 'an operand twice' '15 messages in 1 report' a.xml a.xml
exits 0 '-v names both copies' dmarc-report -v --now="$NOW" a.xml z-differs.xml
has 'the second' 'z-differs.xml:1: duplicate-differs: ' err
has 'and the first' ', in a.xml' err
exits 0 'and of the same' dmarc-report -v --now="$NOW" a-again.xml a.xml
has 'the second' 'a.xml:1: duplicate: ' err
has 'after the first' ', in a-again.xml' err
counts 'periods that overlap are counted' '40 messages in 2 reports' \
	b.xml long.xml
has 'and told' '1 period overlaps' out
exits 0 '-v names the later one' dmarc-report -v --now="$NOW" b.xml long.xml
has 'with its identifier' 'long.xml:1: overlap: ' err
counts 'periods that touch do not overlap' '35 messages in 2 reports' \
	a.xml b.xml
lacks 'so nothing is told' overlap out

# --- statuses, the first that holds ---

echo garbage >bad
report one.example 9 b9 '192.0.2.1 -1 pass pass' '192.0.2.1 3 pass pass' \
	>bad-count.xml
exits 64 'a usage error' dmarc-report --expect=x bad none
exits 74 'output that cannot be written' sh -c \
	'dmarc-report bad none >/dev/full'
exits 74 'a pipe that cannot be copied' sh -c \
	'cat a.xml | TMPDIR=/nonexistent dmarc-report --strict'
has 'is told' 'dmarc-report: cannot copy the input: ' err
(cat b.xml && awk 'BEGIN { for (srand(1); n++ < 200000;) print rand() }') |
	"$PACK" zip >temporary.zip
exits 74 'an archive that needs a temporary file' env TMPDIR=/nonexistent \
	dmarc-report temporary.zip
has 'which cannot be written' 'cannot use a temporary file: ' err
exits 66 'an operand that cannot be opened' \
	dmarc-report --expect='messages>9' none bad
has 'is named' 'dmarc-report: none: No such file or directory' err
exits 66 'also one of --files-from' sh -c 'echo none |
	dmarc-report --files-from=-'
exits 66 'also with others that are read' dmarc-report --now="$NOW" none a.xml
has 'they are read' '15 messages in 1 report' out
exits 66 'also with -q' dmarc-report -q none
exits 1 'an expectation that is not met' \
	dmarc-report --expect='messages>9999' bad a.xml
exits 65 'what is refused' dmarc-report --now="$NOW" --expect='messages>9' \
	bad a.xml
has 'by name and identifier' 'dmarc-report: bad: not-a-report: ' err
has 'what can be read is read' '15 messages in 1 report' out
has 'what is not is counted' '1 report or file refused' out
exits 65 'a record that is refused' dmarc-report --now="$NOW" bad-count.xml
has 'by line and identifier' 'dmarc-report: bad-count.xml:13: bad-count: ' err
has 'the others of its report are kept' '3 messages in 1 report' out
has 'it is counted' '1 record refused' out
exits 65 'with -q' dmarc-report -q bad
ok 'nothing is written' [ ! -s out ]
ok 'not to stderr, either' [ ! -s err ]
exits 0 'nothing is wrong' dmarc-report -q a.xml

# --- mail without reports ---

printf 'From: a@b.example\nSubject: x\n\nSee you at noon.\n' >note
mail 'Hello' 'picture.png' <note >plain
mail 'Hello' 'papers.zip' <bad | sed '/^Content-T.*base64/d' >text
printf 'PK\003\004 nonsense' | mail 'Hello' 'papers.zip' >zip
printf '{"organization-name":"x","policies":[]}' | "$PACK" gzip |
	mail 'Report Domain: example.org' 'one!example.org!1!2.json.gz' |
	sed 's|application/octet-stream|application/tlsrpt+gzip|' >tls
counts 'ordinary mail is skipped' '15 messages in 1 report' a.xml plain note text
has 'in one line' '3 other mails skipped' out
exits 0 'a TLS report, too' dmarc-report tls
has 'it is counted' '1 TLS report skipped' out
has 'and there is nothing else' 'no aggregate reports' out
exits 0 'an archive of an ordinary mail that cannot be read' dmarc-report zip
has 'is counted' '1 mail with other archives skipped' out
printf 'PK\003\004 nonsense' | mail 'Hello' 'a!b!1!2.zip' >claims
exits 65 'one that claims to be a report is refused' dmarc-report claims
has 'with the mail, the part and the reason' \
	'dmarc-report: claims: part 1: bad-zip: ' err
sed 's/!/-/g; s/^Subject: .*/Subject: Report Domain: example.org/' claims \
	>subject
exits 65 'so is one by its subject' dmarc-report subject
exits 0 'an empty folder' dmarc-report Maildir/tmp
has 'is told' 'Maildir/tmp: no messages in this folder' err
has 'and that there is nothing' 'no aggregate reports' out
report one.example 3 e1 >empty.xml
exits 0 'a report without records' dmarc-report --now="$NOW" empty.xml
report one.example 3 e2 '192.0.2.1 0 fail fail' >zero.xml
exits 0 'a record of no messages' dmarc-report --now="$NOW" zero.xml
has 'counts none' 'no messages to count in 1 report' out

# --- --strict ---

sed 's/pass/Passed/' b.xml >odd.xml
exits 0 'a report with a note is counted' dmarc-report --now="$NOW" odd.xml
has 'its messages are' '20 messages in 1 report' out
exits 0 '-v tells the note' dmarc-report -v --now="$NOW" odd.xml
has 'with its line' 'dmarc-report: odd.xml:13: odd-result: ' err
exits 65 'with --strict it is refused' \
	dmarc-report --strict --now="$NOW" a.xml odd.xml
has 'by that identifier' 'dmarc-report: odd.xml:1: strict: ' err
has 'the others are counted' '15 messages in 1 report' out
exits 65 'from a pipe, too' sh -c 'cat odd.xml | dmarc-report --strict'
has 'none of it is counted' 'no aggregate reports' out
exits 0 'one without notes is not refused' \
	sh -c 'cat a.xml | dmarc-report --strict --now="$NOW"'
has 'and counted once' '15 messages in 1 report' out
exits 0 'nor are copies and overlaps' \
	dmarc-report --strict --now="$NOW" a.xml z-differs.xml b.xml long.xml
has 'but told' '1 of them differs' out
"$PACK" gzip <odd.xml | mail 'Report Domain: x' 'a!b!1!2.gz' >odd.mail
exits 65 'in a mail' dmarc-report --strict --now="$NOW" odd.mail a.xml
has 'the mail is named' 'dmarc-report: odd.mail: part 1:1: strict: ' err
sed 's/<\/record>/<oops>&/' b.xml >mended.xml
exits 65 'of a report that has to be mended' \
	dmarc-report --strict --now="$NOW" mended.xml

# --- --max-size ---

head -c 3000 /dev/zero | tr '\0' ' ' >blanks
cat a.xml blanks | "$PACK" gzip >large.gz
size=$(cat a.xml blanks | wc -c)
exits 0 'an archive of just the size' \
	dmarc-report --now="$NOW" --max-size="$size" large.gz
exits 65 'of one octet more' \
	dmarc-report --now="$NOW" --max-size=$((size - 1)) large.gz
has 'is refused' 'large.gz: too-large: ' err
has 'as a whole' 'no aggregate reports' out
exits 65 'it can be in K' dmarc-report --now="$NOW" --max-size=3K large.gz
exits 0 'that is 1024 octets' dmarc-report --now="$NOW" \
	--max-size=$(((size + 1023) / 1024))K large.gz
exits 0 'or M' dmarc-report --now="$NOW" --max-size=1M large.gz
exits 0 'or G' dmarc-report --now="$NOW" --max-size=1G large.gz
exits 0 'what is not packed has no limit' \
	dmarc-report --now="$NOW" --max-size=10 a.xml
for size in 0 x 1T K -1 1.5M '' 99999999999; do
	exits 64 "--max-size=$size is invalid" dmarc-report --max-size="$size" a.xml
done

# --- what is counted ---

for day in 1 2 3 4 5 6 7 8 9 10 11 12; do
	report one.example $day d$day "192.0.2.1 10 pass pass" \
		"192.0.2.2 $day fail fail" "192.0.2.3 1 pass fail www.example.org" \
		>"d$day.xml"
done
report one.example 11 n1 '192.0.2.50 3 fail fail' '192.0.2.51 2 pass pass' >n.xml
set -- d1.xml d2.xml d3.xml d4.xml d5.xml d6.xml d7.xml d8.xml d9.xml d10.xml \
	d11.xml d12.xml
counts 'all' '210 messages in 12 reports' "$@"
counts '--since a date' '66 messages in 3 reports' --since=2026-11-10 "$@"
has 'the head tells the days' 'example.org, 10 to 12 Nov 2026: ' out
counts '--until a date' '25 messages in 2 reports' --until=2026-11-02 "$@"
counts 'both' '14 messages in 1 report' \
	--since=2026-11-03 --until=2026-11-03 "$@"
counts '--since so many days before the end' '66 messages in 3 reports' \
	--since=3d "$@"
counts '--until so many days before the end' '25 messages in 2 reports' \
	--until=10d "$@"
exits 0 'a period without reports' dmarc-report --now="$NOW" \
	--since=2027-01-01 "$@"
has 'has none' 'no messages to count in 12 reports' out
counts '-d a domain' '12 messages in 12 reports' -d www.example.org "$@"
has 'the head names it' 'www.example.org, 1 to 12 Nov 2026: ' out
counts '--domain in upper case, with those below it' \
	'210 messages in 12 reports' --domain=EXAMPLE.ORG "$@"
exits 0 'another domain' dmarc-report --now="$NOW" -d ample.org "$@"
has 'has no messages' 'no messages to count in 12 reports' out
counts '--fail' '78 messages not aligned in 12 reports' --fail "$@"
has 'tells what p=reject costs' '; with p=reject 78 would have been refused' out
lacks 'and no share that is aligned' ' aligned;' out
report one.example 1 t1 '192.0.2.1 5 fail fail' '198.51.100.2 4 fail fail' \
	'203.0.113.3 3 fail fail' '2001:db8::1 2 fail fail' >top.xml
exits 0 '--top' dmarc-report --now="$NOW" --top=2 top.xml
ok 'shows so many rows' [ "$(grep -c '^  [0-9]' out)" -eq 2 ]
has 'and what is left' '  and 2 more: 5' out
exits 0 'one row more' dmarc-report --now="$NOW" --top=3 top.xml
has 'is shown itself' '  2001:db8::1 ' out
lacks 'instead of being counted' 'more:' out
exits 0 'all rows' dmarc-report --now="$NOW" --top=0 top.xml
lacks 'leave nothing' 'more:' out
exits 0 'a source that is new' dmarc-report --now="$NOW" "$@" n.xml
has 'in the last 7 days' '* new in the last 7 days, aligned: 2 from 192.0.2.51' \
	out
has 'if not aligned, too' \
	'* new in the last 7 days, not aligned: 3 from 192.0.2.50' out
exits 0 '--recent' dmarc-report --now="$NOW" --recent=1d "$@" n.xml
has 'makes them fewer days' 'new in the last 1 day: no source' out
exits 0 'without earlier messages' dmarc-report --now="$NOW" --recent=99d "$@"
has 'new sources are not known' \
	'new in the last 99 days: not known, as there is nothing earlier' out

# --- --expect ---

# met STATUS EXPECTATION...: of 215 messages 134 are aligned, 62.3255813...%.
expect="$* n.xml"
met() {
	met_status=$1
	shift
	for expectation in "$@"; do
		# shellcheck disable=SC2086
		exits "$met_status" "--expect='$expectation'" dmarc-report -q \
			--now="$NOW" --expect="$expectation" $expect
	done
}
met 0 'messages>=215' 'messages<=215' 'messages=215' 'messages>214' \
	'messages<216' 'messages >= 215' 'aligned>62' 'aligned<63' \
	'aligned>=62.325581' 'aligned<62.325582' 'failed=81' 'failed<=81' \
	'refused=81' 'refused>=1' 'new-sources=2' 'new-sources<3' 'messages>0'
met 1 'messages>=216' 'messages<=214' 'messages=0' 'messages>215' \
	'messages<215' 'aligned>=62.325582' 'aligned<=62.325581' 'aligned=62.3' \
	'failed=0' 'failed<81' 'refused=0' 'refused>81' 'new-sources=0' \
	'new-sources>2'
exits 1 'several: one that is not met' dmarc-report --now="$NOW" \
	--expect='messages=210' --expect='aligned>=98' --expect='failed=0' "$@"
has 'is named' 'dmarc-report: --expect=aligned>=98: not met' err
has 'and so is the other' 'dmarc-report: --expect=failed=0: not met' err
lacks 'but not the one that is' 'messages=210' err
has 'the screen is shown' '210 messages' out
exits 1 'without messages nothing is aligned' dmarc-report --now="$NOW" \
	--expect='aligned>=0' empty.xml
has 'which is said' 'not met: there are no messages' err
exits 1 'without earlier messages' dmarc-report --now="$NOW" \
	--expect='new-sources=0' a.xml
has 'new sources are not known' 'new sources are not known' err
exits 0 'without messages there are none' dmarc-report --now="$NOW" \
	--expect='messages=0' empty.xml
for expectation in aligned 'aligned>' 'aligned>=101' 'aligned>=1.1234567' \
	'messages=-1' 'messages=1.5' 'messages==1' 'sources=1' '' '>=1' \
	'messages!=1' 'messages=1234567890123456789'; do
	exits 64 "--expect='$expectation' is invalid" \
		dmarc-report --expect="$expectation" a.xml
done

# --- ties and rounding ---

report one.example 1 r1 '192.0.2.1 1 fail fail' '198.51.100.2 1 pass pass' \
	'203.0.113.3 1 pass fail' >third.xml
exits 0 'three groups of one message each' dmarc-report --now="$NOW" third.xml
ok 'have equal shares, rounded down' [ "$(grep -c ': 1 message, 33.3%' out)" -eq 3 ]
has 'as has the head' '; 66.6% aligned; ' out
exits 1 'which an expectation is not' dmarc-report -q --now="$NOW" \
	--expect='aligned>=66.666667' third.xml
report one.example 1 r2 '192.0.2.1 1 fail fail' '198.51.100.2 9999 pass pass' \
	>most.xml
exits 0 'one message of 10,000' dmarc-report --now="$NOW" most.xml
has 'is not nothing' '; 99.9% aligned; ' out
has 'in its group 0.0' 'not yours: 1 message, 0.0%' out
report one.example 1 r3 '192.0.2.1 999 pass fail' '192.0.2.1 1 fail pass' \
	>row.xml
exits 0 'a source of which some messages are not aligned' \
	dmarc-report --now="$NOW" row.xml
has 'has a share of them' '192.0.2.1     1,000  99.9%  0.1%  none' out
report one.example 1 r4 '192.0.2.10 2 fail fail' '192.0.2.9 2 fail fail' \
	'2001:db8::9 2 fail fail' '198.51.100.1 2 fail fail' 'X.X.X.X 2 fail fail' \
	>tie.xml
exits 0 'sources of equal volume' dmarc-report --now="$NOW" tie.xml
sed -n 's/^  \(.*[^ ]\) *2  no .*/\1/p' out >got
printf '%s\n' 192.0.2.9 192.0.2.10 198.51.100.1 2001:db8::9 'no address' >want
same 'are in the order of addresses' want got

# --- hostile texts ---

escape=$(printf '\033')
control=$(printf '\302\233')
evil="${control}2J evil,&#10;x"
report "$evil" 1 h1 '192.0.2.7 1 fail fail' |
	sed "s/<auth_results>/&<dkim><domain>${control}31m.example<\\/domain>\
<selector>\\&#8238;x<\\/selector><result>pass<\\/result><\\/dkim>/" >evil.xml
report one.example 12 h2 '192.0.2.1 1 fail fail' >late.xml
exits 0 'names with control characters' \
	dmarc-report --now="$NOW" evil.xml late.xml
has 'are escaped' 'silent in the last 7 days: \xc2\x9b2J evil,' out
has 'a domain, too' '\xc2\x9b31m.example \xe2\x80\xaex' out
lacks 'none is left' "$control" out
ok 'each line is one' [ "$(grep -c '^silent.*last 1 Nov 2026)$' out)" -eq 1 ]
COLUMNS=80 NO_COLOR=1 at_terminal \
	'dmarc-report -v --now="$NOW" evil.xml late.xml'
ok 'on a terminal there are none' [ "$(tr -d '\r\n\t' <out |
	tr -d '[:print:]' | wc -c)" -eq 0 ]
printf '<%s]0;x\007>' "$escape" >"$(printf 'na\033[2Jme')"
dmarc-report na* >out 2>err
has 'the name of a file is escaped' 'na\x1b[2Jme' err
printf '<feedback><record><row><count>\302\233x</count></row></record>' >words
report one.example 1 h3 "192.0.2.1 ${control}1 pass pass" >words
dmarc-report words >out 2>err
has 'so is what a refusal quotes' 'bad-count: ' err
lacks 'none of it is left' "$control" err
printf '%s' "$(head -c 5000 /dev/zero | tr '\0' 'n')" >long
report "$(cat long)" 1 h4 '192.0.2.1 1 fail fail' >long-name.xml
exits 0 'a name of 5000 octets' dmarc-report --now="$NOW" long-name.xml late.xml
ok 'is cut' [ "$(awk 'length > n { n = length } END { print n }' out)" -lt 400 ]

# --- failure reports ---

# failure ADDRESS DOMAIN FIELD...: a failure report (RFC 9991).
failure() {
	printf 'From: a@b.example\nSubject: x\nMIME-Version: 1.0\n'
	printf 'Content-Type: multipart/report; boundary=b;\n'
	printf ' report-type=feedback-report\n\n--b\n\nText.\n--b\n'
	printf 'Content-Type: message/feedback-report\n\n'
	printf 'Feedback-Type: auth-failure\nVersion: 1\nSource-IP: %s\n' "$1"
	printf 'Reported-Domain: %s\n' "$2"
	shift 2
	printf '%s\n' "$@"
	printf -- '\n--b\nContent-Type: message/rfc822\n\n'
	printf 'Subject: secret\n\nsecret\n--b--\n'
}
failure 192.0.2.66 example.org 'Auth-Failure: dmarc' \
	'Identity-Alignment: dkim, spf' >f1
failure 192.0.2.66 example.org 'Auth-Failure: dmarc' 'Incidents: 4' \
	'Identity-Alignment: dkim, spf' >f2
failure 192.0.2.67 www.example.org 'Auth-Failure: signature' >f3
failure 192.0.2.67 other.example 'Auth-Failure: spf' >f4
exits 0 'failure reports' dmarc-report f1 f2 f3 f4
has 'are counted' 'failure reports: 4' out
has 'by source and reason, with incidents' \
	'  192.0.2.66               5  example.org: dmarc, not aligned: dkim,spf' out
has 'and by domain' '  192.0.2.67               1  www.example.org: signature' out
lacks 'nothing of the message is shown' secret out
dmarc-report f4 f3 f2 f1 >same
same 'their order changes nothing' out same
exits 0 'one line a group' dmarc-report --top=1 f1 f2 f3 f4
has 'the others are counted' '  and 2 more: 2' out
exits 0 '-d a domain' dmarc-report -d example.org f1 f2 f3 f4
has 'counts those of it and below it' 'failure reports: 3' out
lacks 'and no others' other.example out
exits 0 'beside aggregate reports' dmarc-report --now="$NOW" f1 a.xml
has 'both are shown' '15 messages in 1 report' out
has 'the failure reports after them' 'failure reports: 1' out
failure "${escape}[2J" 'x' "Auth-Failure: ${escape}[31m$(cat long)" >f5
exits 0 'hostile ones' dmarc-report f5
lacks 'are escaped' "$escape" out
ok 'and cut' [ "$(awk 'length > n { n = length } END { print n }' out)" -lt 400 ]

# failures COUNT: an mbox of so many failure reports of different sources.
failures() {
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++) {
			print "From a@b.example Sun Nov  1 00:00:00 2026"
			print "Content-Type: multipart/report; boundary=b;"
			print " report-type=feedback-report\n\n--b"
			print "Content-Type: message/feedback-report\n"
			print "Feedback-Type: auth-failure\nVersion: 1"
			print "Source-IP: 198.18." int(i / 250) "." i % 250
			print "Reported-Domain: example.org\n\n--b--\n"
		}
	}'
}
failures 1000 >failures.mbox
exits 0 '1000 groups of failure reports' dmarc-report failures.mbox
has 'have a row each' '  and 995 more: 995' out
failures 1001 >failures.mbox
exits 0 'of one group more' dmarc-report failures.mbox
has 'the last are others' '  and others: 996' out

# --- many sources ---

# sources COUNT: a report of so many, one message each.
sources() {
	report one.example 12 s1 | sed '/^<\/feedback>/d'
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++) {
			print "<record><row><source_ip>10." int(i / 65536) "." \
			    int(i / 256) % 256 "." i % 256 "</source_ip>"
			print "<count>1</count><policy_evaluated><dkim>fail</dkim>"
			print "<spf>fail</spf></policy_evaluated></row>"
			print "<identifiers><header_from>example.org</header_from>"
			print "</identifiers><auth_results></auth_results></record>"
		}
		print "</feedback>"
	}'
}
sources 99997 >sources.xml	# d1.xml has three
exits 0 '100,000 sources' dmarc-report --now="$NOW" d1.xml sources.xml
has 'are counted in their networks' '* 10.0.0.0/24 (256) ' out
has 'and new ones are known' '256 from 10.0.0.0/24 (256)' out
sources 99998 >sources.xml
exits 0 'of one more' dmarc-report --now="$NOW" d1.xml sources.xml
has 'the last are others' '  and others: ' out
has 'and new ones are not known' \
	'new in the last 7 days: not known, as there are too many sources' out
has 'all are counted' '100,010 messages in 2 reports' out

# --- nothing, and usage ---

exits 0 'mail without reports' dmarc-report note
has 'there are none' 'no aggregate reports' out
has 'the mail is counted' '1 other mail skipped' out
exits 65 'an empty file' dmarc-report /dev/null
has 'is refused' 'dmarc-report: /dev/null: empty: ' err
while IFS= read -r options; do
	# shellcheck disable=SC2086
	exits 64 "usage: $options" dmarc-report $options a.xml
	ok 'one line tells why' lines 1 err
done <<'EOF'
--since=yesterday
--since=2026-02-29
--since=0d
--until=2026-11-31
--until=7
--until=7w
--recent=0d
--recent=7
--recent=2026-11-01
--compare=x
--by=colour
--by=
--top=-1
--top=x
-d -x..y
--now=x
--plot --csv
-j -q
-j --plot
--csv -q
--frobnicate
--expect
EOF
exits 0 '--version' dmarc-report --version
has 'names the tool' dmarc-report out

# --- long work ---

# The pipe opens for its writer once the work has begun.
mkfifo begun
at_terminal '(exec 3>begun; sleep 2.2; cat d1.xml >&3) &
	dmarc-report -q begun d2.xml'
has 'on a terminal long work shows how far it is' ' mails and files read' out
ok 'and removes that' [ -z "$(tr -d '\n' <out | sed 's/.*\r//')" ]
# A slow machine can make long work of it, the tool cannot.
for _ in 1 2 3 4 5; do
	at_terminal 'dmarc-report -q d1.xml'
	contains out read || break
done
lacks 'short work does not' read out
sh -c '(echo d1.xml; sleep 2.2; echo d2.xml) |
	dmarc-report -q --files-from=-' >out 2>&1
ok 'nor does it in a pipe' [ ! -s out ]
finish
