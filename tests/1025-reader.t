#!/bin/sh
# Hostile mails and files, read for reports: nothing of an archive that is too
# large is counted, in little memory, in about the time of inflating it, and no
# files are left. Many mails take no more memory than one.
# Slow: it makes the archives.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
READER=$BUILD/tests/helper/reader
PACK=$BUILD/tests/helper/pack
PEAK=$BUILD/tests/helper/peak
needs "$READER" "$PACK" "$PEAK"
mkdir "$TMP/spool"
TMPDIR=$TMP/spool
export TMPDIR
cd "$TMP" || exit 1

MIB=1048576
MEMORY=16384		# KiB
sanitized=
grep -q __asan_init "$READER" && sanitized=yes

# reads ARG...: what is told is in told; memory and time are in $kib and
# $milliseconds
reads() {
	"$PEAK" peak "$READER" "$@" >told
	read -r kib milliseconds <peak
	note "$(echo "$*" | cut -c -60): $kib KiB, $milliseconds ms"
}

small() {
	if [ "$sanitized" ]; then
		skip "$1: less than 16 MiB of memory" 'address sanitizer'
	else
		ok "$1: less than 16 MiB of memory" [ "$kib" -lt "$MEMORY" ]
	fi
	ok "$1: no files are left" [ -z "$(ls -A "$TMPDIR")" ]
}

# report RECORDS: an aggregate report of so many records, each of 1 message
report() {
	cat <<-END
		<feedback><report_metadata><org_name>example.net</org_name>
		<report_id>1</report_id><date_range><begin>1793491200</begin>
		<end>1793577599</end></date_range></report_metadata>
		<policy_published><domain>example.org</domain><p>none</p>
		</policy_published>
	END
	yes '<record><row><source_ip>192.0.2.1</source_ip><count>1</count>
<policy_evaluated><dkim>pass</dkim></policy_evaluated></row><identifiers>
<header_from>example.org</header_from></identifiers></record>' |
		head -n $(($1 * 3))
	echo '</feedback>'
}

# mail_with FILE: a mail that claims to be a report, with the file in base64
mail_with() {
	printf 'Subject: Report Domain: example.org\n'
	printf 'Content-Type: multipart/mixed; boundary=b\n\n--b\n'
	printf 'Content-Transfer-Encoding: base64\n\n'
	base64 <"$1"
	printf -- '--b--\n'
}

# --- a large report is held in a file ---

report 200000 >large.xml
"$PACK" gzip <large.xml >large.gz
reads -q large.gz
has 'a large report in gzip is counted' \
	'1 reports, 200000 records, 200000 messages, 0 failures' told
small 'a large report in gzip'
large=$milliseconds
mail_with large.gz >large.eml
reads -q large.eml
has 'so it is in a mail' '1 reports, 200000 records, 200000 messages' told
small 'a large report in a mail'
exits 74 'a report that cannot be held' \
	env TMPDIR="$TMP/none" "$READER" large.gz
has 'is refused' "refused	large.gz	0	-	unreadable	" "$TMP/out"
lacks 'and not counted' "report	" "$TMP/out"

# --- bombs ---

{ report 1 | sed '$d'; yes '<record/>' | head -c $((100 * MIB)); } >bomb.xml
"$PACK" gzip <bomb.xml >bomb.gz
"$PACK" zip <bomb.xml >bomb.zip
mail_with bomb.gz >bomb.eml
"$PACK" gzip <bomb.eml >bomb.eml.gz
"$PACK" zip 100 <bomb.eml >bomb.eml.zip
{ mail_with bomb.gz | sed '$d'; mail_with bomb.zip | sed '1,3d'; } >twice.eml
for bomb in bomb.gz bomb.zip bomb.eml bomb.eml.gz bomb.eml.zip twice.eml; do
	reads "$bomb"
	has "$bomb: it is refused" 'too-large	' told
	lacks "$bomb: nothing of it is counted" "report	" told
	small "$bomb"
	ok "$bomb: it takes little longer than a report of 64 MiB" \
		[ "$milliseconds" -le $((4 * large + 1000)) ]
done
rm bomb.xml

# --- a limit of one's own ---

size=$(wc -c <large.xml)
reads -q -s "$size" large.gz
has 'with --max-size as large as the report, it is read' '1 reports, ' told
reads -q -s $((size - 1)) large.gz
has 'one octet less, and it is refused' '0 reports, ' told

report 3 >small.xml
"$PACK" gzip <small.xml >small.gz

# --- mails that are cut off, or have too many parts ---

mail_with small.gz | head -c -30 >cut.eml
reads cut.eml
has 'base64 that is cut off is refused' 'refused	cut.eml	2	-	bad-base64	' told
{ mail_with small.gz; yes -- '--b' | head -n 10000; } >parts.eml
sed -i '/^--b--$/d' parts.eml
reads parts.eml
has 'the report in a mail of over 10,000 parts is read' \
	'report	parts.eml	2	-	example.net	' told
has 'those that are not read are told' \
	'refused	parts.eml	0	-	too-many-parts	' told

# --- many mails, read by one reader ---

mail_with small.gz >small.eml
reads -q small.eml
one=$kib
set --
for _ in $(seq 1000); do
	set -- "$@" small.eml
done
reads -q "$@"
has 'a thousand mails are read' '1000 reports, 3000 records, 3000 messages' \
	told
if [ "$sanitized" ]; then
	skip 'they take no more memory than one' 'a sanitizer keeps freed memory'
else
	ok 'they take no more memory than one' [ "$kib" -le $((one + 1024)) ]
fi
finish
