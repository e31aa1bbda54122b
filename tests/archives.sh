# archives.sh: Maildirs of reports, made from the tables data/archives/NAME.tsv.
# Sourced after lib.sh:
#	archive NAME FOLDER [TIME]	makes the Maildir FOLDER; TIME: the
#					first second, instead of the table's
#
# A table has lines of these kinds, with tabs between what they have:
#	domain DOMAIN TIME DAYS		policy domain, the first second, days
#	policy DAY POLICY		from this day on, counted from 1
#	reporter ORG EMAIL FORM SCHEMA WEIGHT DAYS
#		FORM: gzip, zip, or xml for a part that is not packed
#		SCHEMA: 9990 or 7489
#		WEIGHT: its part of all messages, beside those of others
#		DAYS: FIRST-LAST on which it sends, "-" for all
#	source ADDRESS N DAYS COUNT FROM SPF DKIM REASON [ORG]
#		ADDRESS: of the N addresses, each "*" and "#" is a number
#		COUNT: messages of all of them on a day
#		SPF: DOMAIN=RESULT,...; DKIM: DOMAIN/SELECTOR=RESULT,...; or "-"
#		REASON: TYPE/COMMENT or "-"
#		ORG: the only reporter that sees it; COUNT is that of it alone
# Who is aligned and the disposition follow from these.
# shellcheck shell=sh

archive() {
	mkdir -p "$2/cur" "$2/new" "$2/tmp" || return
	awk -v to="$2/tmp" -v at="${3:-}" -v OFS='\t' -f "$ROOT/tests/archives.awk" \
		"$DATA/archives/$1.tsv" >"$2/tmp/list" || return
	while IFS='	' read -r number form name org email domain id day; do
		xml=$2/tmp/$number.xml
		{
			printf 'From: %s\nTo: dmarc@%s\n' "$email" "$domain"
			printf 'Date: Mon, %02d Nov 2026 04:00:00 +0000\n' "$day"
			printf 'Subject: Report Domain: %s\n' "$domain"
			printf ' Submitter: %s Report-ID: <%s>\n' "$org" "$id"
			printf 'MIME-Version: 1.0\n'
			case $form in
			gzip)
				printf 'Content-Type: application/gzip\n'
				name=$name.xml.gz
				;;
			zip)
				printf 'Content-Type: application/zip\n'
				name=$name.zip
				;;
			*)
				printf 'Content-Type: text/xml\n'
				name=$name.xml
				;;
			esac
			printf 'Content-Disposition: attachment;\n'
			printf ' filename="%s"\n' "$name"
			if [ "$form" = xml ]; then
				echo && cat "$xml"
			else
				printf 'Content-Transfer-Encoding: base64\n\n'
				"$BUILD/tests/helper/pack" "$form" <"$xml" |
					base64
			fi
		} >"$2/cur/$number.report:2,S"
	done <"$2/tmp/list"
	rm -r "$2/tmp"/*
}
