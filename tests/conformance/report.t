#!/bin/sh
# Reports of the conformance suite: aggregate reports as XML, in gzip, zip and
# mails, failure reports, and TLS reports, which are skipped. They are the same
# however they are read: whole or in pieces.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
SUITES=${VOUCH_CONFORMANCE:-$ROOT/../shared/conformance}/reports
READER=$BUILD/tests/helper/reader
TAB='	'
[ -r "$SUITES/aggregate/cases.tsv" ] || skip_all 'no conformance suites'
needs "$READER"
cd "$TMP" || exit 1

# read_as NAME FILE...: what is told by each way, which is to be the same; it
# is in the file NAME
read_as() {
	name=$1
	shift
	exits 0 "$name: they are read" "$READER" "$@"
	"$READER" "$@" >"$name"
	"$READER" -p 1 "$@" >"$name.octets"
	"$READER" -p 3 "$@" >"$name.pieces"
	same "$name: octet by octet" "$name" "$name.octets"
	same "$name: in pieces of three octets" "$name" "$name.pieces"
}

# --- aggregate reports ---

set --
for file in "$SUITES"/aggregate/*; do
	[ "${file##*/}" = cases.tsv ] || set -- "$@" "$file"
done
ok 'there are 32 files' [ $# -eq 32 ]
read_as aggregate "$@"

# What the table has, and what becomes of the files that expat refuses.
awk -F "$TAB" -v OFS="$TAB" '
/^#/ || $3 != "yes" { next }
{ print $1, $4, $5, $6, $7, $8, $9, $10, $11 }
' "$SUITES/aggregate/cases.tsv" >table
cat >>table <<END
ikea.com!example.de!1538690400!1538776800.xml	ikea.com	aggr_report_2018_10_05_5bc7e9b4f3e8a	example.de	none	1538690400	1538776800	1	1
invalid_utf_8.xml	-	example.com:1538463741	example.com	none	1538413632	1538413632	1	1
invalid_xml.xml	veeam.com	sonexushealth.com:1530233361	example.com	none	1530133200	1530219600	1	1
END
sort table >expected
awk -F "$TAB" -v OFS="$TAB" '
$1 == "report" { print $2, $5, $6, $7, $8, $9, $10, $11, $12 }
' aggregate | sort >got
same 'sums, domains and periods are those of the table' expected got
ok 'there are 31 reports' lines 31 got

# told_of WHAT: the file and the identifier of each line of this kind
told_of() {
	awk -F "$TAB" -v OFS="$TAB" -v what="$1" \
	    '$1 == what { print $2, $5 }' aggregate | sort
}

told_of refused >refused-files
printf 'bad.zip\tempty\n' >expected
same 'bad.zip is refused' expected refused-files
ok 'no record is refused' [ -z "$(told_of records)" ]
told_of note >notes
for note in 'ikea.com!example.de!1538690400!1538776800.xml unclosed-tag' \
	'invalid_utf_8.xml bad-utf8' 'invalid_xml.xml stray-markup' \
	'mimecast-weird-gzip.eml trailing-octets'; do
	has "$note" "${note% *}$TAB${note##* }" notes
done

# --- failure reports ---

set --
for file in "$SUITES"/failure/*; do
	[ "${file##*/}" = cases.tsv ] || set -- "$@" "$file"
done
ok 'there are 5 files' [ $# -eq 5 ]
read_as failure "$@"

# The table has the text of Arrival-Date and the brackets of an address. Exim's
# has no part of a feedback report; its text is read.
awk -F "$TAB" -v OFS="$TAB" '
/^#/ || $2 == "-" { next }
{
	gsub(/[<>]/, "", $8)
	print $1, $2, $3, $4, $5, $6, $7, $8
}
' "$SUITES/failure/cases.tsv" >table
printf '%s\t-\tdmarc\t203.0.113.68\texample.com\t-\t-\t-\n' \
	exim_plain_text_only_no_arf_part.eml >>table
sort table >expected
awk -F "$TAB" -v OFS="$TAB" '
$1 == "failure" { print $2, $5, $6, $7, $8, $9, $10, $11 }
' failure | sort >got
same 'fields are those of the table' expected got
cut -f 12- failure >rest
cat >expected <<END
1538385627	-	smg-policy-action	1
1538124522	spf,dkim	delivered	1
1556590140	-	delivered	1
1556590140	-	delivered	1
1744060569	spf,dkim	-	1
END
same 'so are times, and what did not align' expected rest

# --- TLS reports ---

set --
for file in "$SUITES"/tlsrpt/*; do
	[ "${file##*/}" = cases.tsv ] || set -- "$@" "$file"
done
ok 'there are 4 files' [ $# -eq 4 ]
read_as tlsrpt "$@"
cut -f 1,5 tlsrpt | sort -u >got
printf 'skipped\ttls-report\n' >expected
same 'TLS reports are skipped' expected got
finish
