#!/bin/sh
# vouch-check-outbound renders, inserts, signs and checks against the zone file
# that is about to be published. The good set is that of data/readme;
# data/ci/cases.tsv names the faults of the others.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
cd "$TMP" || exit 1
command -v jq >/dev/null || skip_all "no jq"

record() {	# record SELECTOR AS: one of data/keys under another selector
	sed -n "s/^$1\(\._domainkey\.example\.org\.\)/$2\1/p" "$ZONE"
}
record ed ed >ed.zone
record r1024 r1 >other.zone

change() {	# change SED FILE
	case $1 in
	-) cat "$2" ;;
	*) sed "$1" "$2" ;;
	esac
}

# The check of the good set, with what its caller adds.
check() {
	vouch-check-outbound -z zone -k r1=keys/rsa2048.pem \
		-i 192.0.2.25 -f bounce@example.org -e mx.example.org \
		-t certifier-a.example -T transaction "$@"
}

while IFS='	' read -r zone template options line title; do
	case $zone in '#'*) continue ;; esac
	change "$zone" "$DATA/readme/zone" >./zone
	change "$template" "$DATA/ci/template" >./template
	[ "$options" != - ] || options=
	case $line in FAIL*) status=1 ;; *) status=0 ;; esac
	# shellcheck disable=SC2086
	exits $status "$title" check $options template \
		to=reader@example.net name='A & B \n' order=17 || note "$(cat out)"
	tr -s ' ' <out >lines
	has "$title: it is reported" "$line" lines
	if [ $status -eq 0 ]; then
		lacks "$title: no check fails" FAIL lines
	fi
	same "$title: standard error is quiet" /dev/null err
done <"$DATA/ci/cases.tsv"

cp "$DATA/readme/zone" zone
check -o signed - name='A & B \n' to=reader@example.net order=17 \
	<"$DATA/ci/template" >out
result $? "the template may come from standard input"
has "values are taken as they are" 'Dear A & B \n,' signed
has "a value may take several lines" 'your order 17 is on its way.' signed
ok "what -o keeps is the signed message" dkim-verify -q -z zone signed
check <"$DATA/readme/message" >out
result $? "a message without values passes, too"

# A reason quotes the record, line ends too: no result may become another's.
sed 's/v=spf1[^"]*"/v=spf1 foo\\010.\\010!bar -all"/' "$DATA/readme/zone" >zone
exits 1 "a record with line ends is malformed" check "$DATA/readme/message"
tr -s ' ' <out >lines
has "its line ends begin no line" \
	'FAIL spf-query 192.0.2.25 spf=permerror (term-syntax:' lines
has "the next check keeps its own result" 'ok dmarc-eval dmarc=pass' lines
has "and so does the last one" 'ok vbr-check certifier-a.example vbr=pass' lines
finish
