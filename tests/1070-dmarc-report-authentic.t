#!/bin/sh
# dmarc-report --authentic: which reports count. A report that counts is told by
# its source address, one number each.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
needs_helpers
cd "$TMP" || exit 1

key=$(sed -n 's/^ed\._domainkey\.example\.org\. .* TXT //p' "$ZONE")
cat >zone <<END
_dmarc.reporter.example. 3600 IN TXT "v=DMARC1; p=reject"
ed._domainkey.reporter.example. 3600 IN TXT $key
ed._domainkey.mail.reporter.example. 3600 IN TXT $key
reporter.example. 3600 IN TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.second.example. 3600 IN TXT "v=DMARC1; p=none"
ed._domainkey.second.example. 3600 IN TXT $key
_dmarc.unit.second.example. 3600 IN TXT "v=DMARC1; p=none; psd=n"
_dmarc.evil.example. 3600 IN TXT "v=DMARC1; p=reject"
ed._domainkey.evil.example. 3600 IN TXT $key
_dmarc.strict.example. 3600 IN TXT "v=DMARC1; p=reject; adkim=s"
ed._domainkey.strict.example. 3600 IN TXT $key
ed._domainkey.unpublished.example. 3600 IN TXT $key
_dmarc.dead.example. 3600 IN TXT "v=DMARC1; p=none"
;!SERVFAIL ed._domainkey.dead.example. TXT
;!SERVFAIL _dmarc.mute.example. TXT
END

xml() {		# xml EMAIL NUMBER [RECORD]: a report
	cat <<END
<?xml version="1.0"?>
<feedback><report_metadata><org_name>Reporter</org_name>
<email>$1</email><report_id>$2</report_id>
<date_range><begin>1795046400</begin><end>1795132799</end></date_range>
</report_metadata><policy_published><domain>example.org</domain><p>none</p>
</policy_published>
<record><row><source_ip>198.51.100.$2</source_ip><count>10</count>
<policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf>
</policy_evaluated></row><identifiers><header_from>example.org</header_from>
</identifiers><auth_results><spf><domain>example.org</domain>
<result>pass</result></spf></auth_results></record>${3:-}
</feedback>
END
}

mail() {	# mail FROM EMAIL NUMBER [RECORD]: a mail with a report in a part
	cat <<END
From: $1
To: dmarc@example.org
Subject: Report Domain: example.org Submitter: x Report-ID: <$3>
Date: Fri, 20 Nov 2026 12:00:00 +0000
Message-ID: <$3@reporter.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

This is a report.
--b
Content-Type: application/gzip
Content-Transfer-Encoding: base64

$(xml "$2" "$3" "${4:-}" | gzip -9n | base64)
--b--
END
}

sign() {	# sign DOMAIN: signs the mail on stdin
	dkim-sign --no-warnings --now "$NOW" -d "$1" -k ed=keys/ed25519.pem
}

report() {	# report ARG...: -j --authentic at the time of the signatures
	dmarc-report -j --authentic -z zone --now="$NOW" "$@"
}

numbers() {	# the sources of the records in $TMP/out, on one line
	sed -n 's/.*"type":"record".*"source_ip":"198\.51\.100\.\([0-9]*\)".*/\1/p' \
		"$TMP/out" | tr '\n' ' ' | sed 's/ $//'
}

reasons() {	# the reasons of the notes not-authentic
	sed -n '/"id":"not-authentic"/s/.*"reason":"\([^"]*\)".*/\1/p' "$TMP/out"
}

# counts NUMBERS TITLE FILE [ARG...]: the status is 0, these are counted
counts() {
	counts_numbers=$1 counts_title=$2
	shift 2
	report "$@" >out 2>err
	counts_status=$?
	[ $counts_status = 0 ] && [ "$(numbers)" = "$counts_numbers" ]
	result $? "$counts_title" && return
	note "status $counts_status, counted: $(numbers)"
	note "$(cat err)" "$(reasons)"
}

# because REASON TITLE FILE [ARG...]: nothing is counted, the reason is one note
because() {
	because_reason=$1 because_title=$2
	shift 2
	report "$@" >out 2>err
	because_status=$?
	[ $because_status = 0 ] && [ -z "$(numbers)" ] &&
		[ "$(reasons)" = "$because_reason" ] && [ ! -s err ]
	result $? "$because_title" && return
	note "status $because_status, counted: $(numbers); $(reasons)"
	note "$(cat err)"
}

other() {
	echo "its e-mail address is not of the organization of $1"
}
failed='the mail has dmarc=fail: neither SPF nor a DKIM signature passed'

#
# Whose report it is.
#

mail dmarc@reporter.example dmarc@reporter.example 1 | sign reporter.example \
	>good.eml
counts 1 'a signed mail of the reporter counts' good.eml
lacks 'and there is no note' not-authentic out

mail dmarc@reporter.example dmarc@reporter.example 2 >unsigned.eml
because "$failed" 'an unsigned one does not' unsigned.eml
has 'its note says how many records it has' '"records":1' out
exits 0 'without --authentic it counts' dmarc-report -j --now="$NOW" \
	unsigned.eml
has 'as a record' '"type":"record"' out

mail x@evil.example dmarc@reporter.example 3 | sign evil.example >forged.eml
because "$(other evil.example)" \
	'a stranger who passes for himself does not count for another' \
	forged.eml
mail dmarc@reporter.example dmarc@reporter.example 4 | sign evil.example \
	>unaligned.eml
because 'the mail has dmarc=fail: no passing identifier is aligned with the author domain' \
	'nor does one whose signature is not of the author domain' unaligned.eml
sed 's/This is a report/This was a report/' good.eml >changed.eml
because "$failed" 'nor a mail that was changed' changed.eml
mail x@reporter.example.evil.example dmarc@reporter.example 5 |
	sign evil.example >below.eml
because "$(other reporter.example.evil.example)" \
	'nor a name that begins with that of the reporter' below.eml

mail dmarc@mail.reporter.example dmarc@reporter.example 6 |
	sign mail.reporter.example >subdomain.eml
counts 6 'an author at a subdomain is of the same organization' subdomain.eml
mail dmarc@reporter.example dmarc@rua.reporter.example 7 |
	sign reporter.example >suborg.eml
counts 7 'and so is an e-mail address at one' suborg.eml
mail dmarc@second.example dmarc@unit.second.example 8 | sign second.example \
	>unit.eml
because "$(other second.example)" \
	'a subdomain with psd=n is another organization' unit.eml
mail a@strict.example a@rua.strict.example 10 | sign strict.example >strict.eml
counts 10 'strict alignment is not about the e-mail address' strict.eml
mail a@unpublished.example a@unpublished.example 9 | sign unpublished.example \
	>none.eml
because 'the mail has dmarc=none: no DMARC record applies to the author domain' \
	'without a DMARC record nothing counts' none.eml

n=10
for email in '<dmarc@reporter.example>' '"DMARC, reports" <d@reporter.example>' \
	'dmarc@REPORTER.example.' 'd..m@reporter.example'; do
	n=$((n + 1))
	escaped=$(printf '%s' "$email" | sed 's/</\&lt;/g; s/>/\&gt;/g')
	mail dmarc@reporter.example "$escaped" $n | sign reporter.example >m.eml
	counts $n "$email is read" m.eml
done
for email in '' 'the postmaster' 'a@reporter.example, b@evil.example' \
	'a@reporter.example@evil.example' '@'; do
	mail dmarc@reporter.example "$email" 20 | sign reporter.example >m.eml
	because 'it has no valid e-mail address' "'$email' is not" m.eml
done

mail 'a@reporter.example, b@second.example' d@second.example 21 |
	sign reporter.example >half.eml
because 'the mail has dmarc=fail: no passing identifier is aligned with the author domain' \
	'of two authors both have to pass' half.eml
sign second.example <half.eml >two.eml
counts 21 'then the e-mail address is of one of them' two.eml
mail 'a@reporter.example, b@second.example' d@evil.example 22 |
	sign reporter.example | sign second.example >two-evil.eml
because "$(other reporter.example)" 'or does not count' two-evil.eml
{
	echo 'From: x@evil.example'
	cat good.eml
} >two-from.eml
because 'the mail has dmarc=fail: there are several From fields' \
	'two From fields never pass' two-from.eml

{
	printf 'Authentication-Results: mx.example.net; none\rFrom: x@evil.example\n'
	cat good.eml
} >cr.eml
because 'the mail has dmarc=fail: there are several From fields' \
	'a From field after a bare CR counts' cr.eml
VOUCH_AUTHSERV_ID=mx.example.net
export VOUCH_AUTHSERV_ID
counts 1 'unless it is removed with a forged result of this host' cr.eml
unset VOUCH_AUTHSERV_ID

#
# Where it is.
#

xml dmarc@reporter.example 30 >bare.xml
because 'it is not in a mail' 'a bare file does not count' bare.xml
gzip -9nc good.eml >good.eml.gz
because 'it is not in a mail' 'nor a mail that is in an archive' good.eml.gz
{
	sed '/^$/q' good.eml | sed '/^Content-Type/d' |
		sed '$s/.*/Content-Type: message\/rfc822/'
	echo
	cat unsigned.eml
} | sed '/^DKIM-Signature/,/^[A-Z]/{/^DKIM-Signature/d;/^[ 	]/d;}' \
	>forwarded.bare
sign reporter.example <forwarded.bare >forwarded.eml
because 'it is not a part of the mail itself' \
	'the outer mail does not vouch for a mail in it' forwarded.eml
sed 's/^From: dmarc@reporter/From: x@evil/;' forwarded.bare |
	sign evil.example >stranger.eml
because 'it is not a part of the mail itself' 'nor does a stranger' \
	stranger.eml

{
	printf '<!--: -->'
	xml dmarc@reporter.example 32 | sed '1d; 3,$s/^/ /'
	cat good.eml
} >header.eml
because 'it is not a part of the mail itself' 'XML in the header of a signed mail does not count' \
	header.eml
has 'though it is read' '"id":"trailing-octets"' out

mkdir -p Maildir/new Maildir/cur
cp good.eml forged.eml subdomain.eml Maildir/new
cp unsigned.eml two.eml Maildir/cur
cp "$DATA/message.eml" Maildir/cur/ordinary
counts '1 6 21' 'a Maildir: each mail for itself' Maildir
{
	for file in forged good unsigned subdomain; do
		echo 'From x@reporter.example Fri Nov 20 12:00:00 2026'
		sed 's/^>*From />&/' $file.eml
		echo
	done
} >mbox
counts '1 6' 'an mbox: each mail for itself' mbox
report --mbox <mbox >out 2>err
ok 'an mbox on stdin' test "$(numbers)" = '1 6'
# shellcheck disable=SC2002 # a pipe is what is tested
cat mbox | report --mbox >out 2>err
ok 'an mbox from a pipe' test "$(numbers)" = '1 6'
# shellcheck disable=SC2002
cat good.eml | report >out 2>err
ok 'a mail from a pipe' test "$(numbers)" = 1
report <good.eml >out 2>err
ok 'a mail on stdin' test "$(numbers)" = 1
{
	echo 'From: x@evil.example'
	cat good.eml
} >later
{ read -r _ && report; } <later >out 2>err
ok 'a mail that begins in the middle of stdin is read from there' \
	test "$(numbers)$(reasons)" = 1
mail dmarc@reporter.example dmarc@reporter.example 31 |
	sed 's/^This is.*/&\n\nFrom here on, and\n>From there/' |
	sign reporter.example >from.eml
{
	echo 'From x@reporter.example Fri Nov 20 12:00:00 2026'
	sed 's/^>*From />&/' from.eml
} >from.mbox
counts 31 'quoted lines of an mbox are unquoted before they are hashed' \
	from.mbox

{
	awk '/^--b--/ { exit } { print }' forwarded.bare >many
	sed '/^$/q' unsigned.eml
	for email in d@reporter.example x@evil.example e@reporter.example; do
		n=$((n + 1))
		printf -- '--b\nContent-Type: text/xml\n\n'
		xml $email $n
	done
	echo '--b--'
} | sign reporter.example >several.eml
counts '15 17' 'each report of a mail is compared' several.eml

n=100
{
	sed '/^$/q' unsigned.eml
	while [ $((n += 1)) -le 250 ]; do
		printf -- '--b\nContent-Type: text/xml\n\n'
		xml "d@domain$n.example" $n
	done
	echo '--b--'
} | sign reporter.example >addresses.eml
report --dns-log=log addresses.eml >out 2>err
ok 'many e-mail addresses in a mail' test "$(reasons | wc -l)" = 150
ok 'cost at most 60 queries' test "$(grep -c domain log)" -le 60
ok 'and as many as are allowed' test "$(grep -c domain log)" -ge 20

bad='<record><row><source_ip>192.0.2.9</source_ip><count>x</count></row></record>'
mail x@evil.example d@reporter.example 40 "$bad" | sign evil.example >bad.eml
report bad.eml >out 2>err
ok 'records of the note and those refused are all records' test -n \
	"$(grep '"id":"not-authentic"' out | grep '"records":1,')"
ok 'a refused record is told, too' contains out '"id":"bad-count"'

#
# Failure reports have no e-mail address.
#

failure() {	# failure FROM
	cat <<END
From: $1
Subject: failure
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: text/plain

Text.
--b
Content-Type: message/feedback-report

Feedback-Type: auth-failure
User-Agent: x/1
Version: 1
Auth-Failure: dmarc
Source-IP: 198.51.100.77
Reported-Domain: example.org

--b
Content-Type: message/rfc822

From: a@example.org

--b--
END
}
failure f@reporter.example >failure.eml
because "$failed" 'a failure report counts if its mail passes' failure.eml
lacks 'else it is not told' failure-report out
sign reporter.example <failure.eml >passes.eml
report passes.eml >out 2>err
has 'it is told if it does' '"type":"failure-report"' out

#
# The envelope, trusted results, the time.
#

received() {	# received FILE ADDRESS BY
	echo 'Return-Path: <bounce@reporter.example>'
	echo "Received: from mta.reporter.example (mta.reporter.example [$2])"
	echo "	by $3 with ESMTP id 1; Fri, 20 Nov 2026 12:00:00 +0000"
	cat "$1"
}
received unsigned.eml 192.0.2.1 mx.example.net >spf.eml
because "$failed" 'Received fields of other hosts are not trusted' spf.eml
counts 2 'SPF passes by a Received field of the --received-by host' \
	spf.eml --received-by=mx.example.net
VOUCH_AUTHSERV_ID=mx.example.net
export VOUCH_AUTHSERV_ID
counts 2 'by default that of this host' spf.eml
unset VOUCH_AUTHSERV_ID
{
	echo 'Return-Path: <bounce@reporter.example>'
	echo 'Received: from mx2.example.net (mx2.example.net [10.0.0.2])'
	echo '	by mx.example.net; Fri, 20 Nov 2026 12:00:01 +0000'
	received unsigned.eml 192.0.2.1 mx2.example.net | sed 1d
} >relayed.eml
{
	echo 'From x@reporter.example Fri Nov 20 12:00:00 2026'
	cat spf.eml
	echo
	echo 'From x@reporter.example Fri Nov 20 12:00:00 2026'
	cat subdomain.eml
} >spf.mbox
sed 1d spf.mbox >one
report --received-by=mx.example.net <one >out 2>err
ok 'a mail after it, in what is read as one mail, does not count with it' \
	test "$(numbers)" = 2
because "$failed" 'a relay is a client' relayed.eml \
	--received-by=mx.example.net
counts 2 'unless --trusted-relays has it' relayed.eml \
	--received-by=mx.example.net --trusted-relays=10.0.0.0/8,127.0.0.0/8

authres() {	# authres ID FILE
	echo "Authentication-Results: $1;"
	echo ' dkim=pass header.d=reporter.example'
	cat "$2"
}
authres mx.example.net unsigned.eml >trusted.eml
because "$failed" 'an Authentication-Results field has no effect' trusted.eml
counts 2 '--trusted-id trusts it' trusted.eml --trusted-id=MX.example.net
because 'the mail has dmarc=none: no trusted field has an SPF or DKIM result' \
	'but not that of another host' trusted.eml --trusted-id=mx.example.org
VOUCH_AUTHSERV_ID=mx.example.net
export VOUCH_AUTHSERV_ID
counts 2 '--trust-authres trusts that of this host' trusted.eml --trust-authres
authres mx.example.org unsigned.eml >foreign.eml
because 'the mail has dmarc=none: no trusted field has an SPF or DKIM result' \
	'and no other' foreign.eml --trust-authres
counts 2 '--trusted-id is for other hosts' foreign.eml --trust-authres \
	--trusted-id=mx.example.org
unset VOUCH_AUTHSERV_ID

dkim-sign --now "$NOW" -x 1d -d reporter.example -k ed=keys/ed25519.pem \
	<unsigned.eml >expiring.bare
received expiring.bare 203.0.113.1 mx.example.net >expiring.eml
counts 2 'a signature counts before it expires' expiring.eml
exits 0 'after that it does not' dmarc-report -j --authentic -z zone \
	--now=2027-06-01T00:00:00Z expiring.eml
has 'and says why' 'dmarc=fail' out
exits 0 '--now=received is the time when the mail was received' dmarc-report \
	-j --authentic -z zone --now=received --received-by=mx.example.net \
	expiring.eml
ok 'by which it counts' test "$(numbers)" = 2

#
# The DNS fails.
#

mail a@dead.example a@dead.example 50 | sign dead.example >dead.eml
exits 75 'status 75: a key cannot be looked up' report dead.eml
ok 'the note says so' test "$(reasons)" = \
	'the mail has dmarc=temperror: an identifier that may be aligned cannot be evaluated now'
mail a@second.example a@mute.example 51 | sign second.example >mute.eml
exits 75 'status 75: the organization of the e-mail address is not known' \
	report mute.eml
ok 'the note says so' test "$(reasons)" = \
	'the DNS does not tell the organization of its e-mail address'
mail a@mute.example a@mute.example 52 | sign mute.example >mute2.eml
exits 75 'status 75: the DMARC record cannot be looked up' report mute2.eml
exits 75 'the rest is read' report dead.eml good.eml
ok 'and counted' test "$(numbers)" = 1
exits 75 '75 comes before 65' report dead.eml bad.eml
exits 66 'and after 66' report dead.eml absent.eml
exits 75 'and before 1' report --expect='messages>100' dead.eml
if serve dead zone; then
	exits 75 'the same from a DNS server' dmarc-report -j --authentic \
		-n "$SERVER" --now="$NOW" Maildir dead.eml
	ok 'which answers for the others' test "$(numbers)" = '1 6 21'
	ok 'one query for each name and type in a run' test -z \
		"$(awk '$3 !~ /dead/ { print tolower($3), $4 }' dead.log |
			sort | uniq -d)"
	lacks 'an ordinary mail is not evaluated' example.org dead.log
	ok 'another mail is' test -n "$(dmarc-eval -r -n "$SERVER" \
		"$DATA/message.eml")"
	has 'by the same query' example.org dead.log
else
	result 1 'dnsd serves'
fi

#
# The screen.
#

screen() {
	dmarc-report --authentic -z zone --now="$NOW" "$@"
}
line='5 reports are not authentic and do not count: 1 is not in mail, 1 could not be evaluated now'
exits 75 'the screen' screen bare.xml dead.eml forged.eml unsigned.eml \
	good.eml below.eml
has 'says how many reports do not count' "$line" out
has 'and counts the others' '10 messages in 1 report of 1 reporter' out
ok 'in one line' test "$(grep -c authentic out)" = 1
lacks 'but not which' not-authentic err
exits 75 'a list' screen --csv bare.xml dead.eml forged.eml unsigned.eml \
	good.eml below.eml
has 'has this line on stderr' "$line" err
exits 0 'without any' screen good.eml
lacks 'it says nothing' authentic out
exits 75 '-v' screen -v dead.eml good.eml forged.eml
has 'says of each why' \
	"forged.eml: part 3:2: not-authentic: $(other evil.example)" err
has 'the reporter is a domain, not an org_name' 'reporter.example: example.org' \
	out
xml d@second.example 1 >same.xml
{
	sed '/^$/q' unsigned.eml | sed 's/reporter\.example/second.example/'
	printf -- '--b\nContent-Type: text/xml\n\n'
	cat same.xml
	echo '--b--'
} | sign second.example >same.eml
exits 0 'a report of another with the same org_name and report_id' \
	screen good.eml same.eml
has 'is not a duplicate' '20 messages in 2 reports of 2 reporters' out
exits 75 '-q' screen -q dead.eml
ok 'writes nothing' test ! -s out -a ! -s err

#
# With --strict.
#

old='<record><row><source_ip>192.0.2.9</source_ip><count>1</count></row><identifiers/></record>'
mail d@reporter.example d@reporter.example 60 "$old" | sign reporter.example \
	>noted.eml
mail x@evil.example d@reporter.example 61 "$old" | sign evil.example \
	>noted-evil.eml
counts 60 'a report with notes counts' noted.eml
exits 65 '--strict refuses it' report --strict noted.eml good.eml
ok 'and not the others' test "$(numbers)" = 1
exits 0 'but not one that does not count anyway' report --strict \
	noted-evil.eml good.eml
{
	for file in noted good; do
		echo 'From x@reporter.example Fri Nov 20 12:00:00 2026'
		cat $file.eml
		echo
	done
} >strict.mbox
exits 65 '--strict reads the mails of an mbox twice' report --strict strict.mbox
ok 'each for itself' test "$(numbers)" = 1
# shellcheck disable=SC2002
cat good.eml | report --strict >out 2>err
ok 'and a pipe' test "$(numbers)" = 1

#
# Usage.
#

for option in --received-by=x.example --trusted-relays=10.0.0.0/8 \
	--trust-authres --trusted-id=x.example --now=received; do
	exits 64 "$option needs --authentic" dmarc-report "$option" good.eml
done
exits 64 'DNS options need something to look up' dmarc-report -z zone good.eml
exits 64 'a relay that is not a network' report --trusted-relays=x good.eml
exits 64 'a time that is none' report --now=never good.eml
finish
