#!/bin/sh
# Attacks on the verdict itself that once worked: who is taken for the client,
# authors who weaken a policy, what the machine's crypto policy does, and what
# costs more than it should.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/../lib.sh"
# shellcheck source=tests/cases.sh
. "$ROOT/tests/cases.sh"
CASES=$DATA/attacks
TAB='	'
cd "$TMP" || exit 1
ed=$(sed -n 's/^ed\._domainkey\.example\.org\. .* TXT //p' "$ZONE")
cat >zone <<END
evil.example. TXT "v=spf1 +all"
bank.example. TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.bank.example. TXT "v=DMARC1; p=reject"
_dmarc.mild.example. TXT "v=DMARC1; p=quarantine"
_dmarc.evil.example. TXT "v=DMARC1; p=none"
;!TIMEOUT _dmarc.slow.evil.example TXT
e._domainkey.bank.example. TXT $ed
e._domainkey.evil.example. TXT $ed
k._domainkey.bank.example. TXT "v=DKIM1; k=rsa; p=AAAA"
END
run() {			# run TOOL ARG...: offline, by our id
	tool=$1
	shift
	"$tool" --authserv-id=mx.example.net --now "$NOW" -z zone "$@"
}
evil() {		# evil TOOL ARG...: sent by the attacker
	run "$@" -i 192.0.2.66 -e mail.evil.example -f x@evil.example
}
message() {		# message HEADER: its line ends are "~"; to $TMP/m
	text LF "$1~hi~" >m
}

# --- this host names the client ---

while IFS=$TAB read -r name field; do
	case $name in '#'*) continue ;; esac
	{
		echo 'Return-Path: <ceo@bank.example>'
		text LF "$field~"
		printf 'Received: from mail.bank.example (mail.bank.example'
		printf ' [192.0.2.1])\n\tby mx.example.net (OpenSMTPD) with'
		printf ' ESMTP id B; Fri, 20 Nov 2026 10:00:00 +0000\n'
		printf 'From: ceo@bank.example\n\nhi\n'
	} >m
	run dmarc-eval -j m >out 2>err
	grep -q '"ip":"192.0.2.66"\|"ip":null' out
	result $? "$name: the client is the one that was, or not known" ||
		note "$(grep -o '"envelope":{[^}]*' out)"
	lacks "$name: no pass" '"method":"dmarc","result":"pass"' out
done <"$CASES/received"

# --- a sender cannot weaken a policy ---

while IFS=$TAB read -r status words header; do
	case $status in '#'*) continue ;; esac
	message "$header"
	exits "$status" "$header status $status" evil dmarc-eval -r m
	head -n 1 out >first
	has "$header $words" "$words" first
done <"$CASES/authors"
for from in 'Info [Team] <x@evil.example>' 'Doe, John <x@evil.example>' \
	'john..doe@evil.example' 'x@evil.example.' \
	'x@evil.example <x@evil.example>'; do
	message "From: $from~"
	evil dmarc-eval -r m >out 2>err
	has "From: $from: the note says that it is obsolete" from-obsolete out
done
message 'From: x@evil.example~'
evil dmarc-eval -r m >out 2>err
lacks 'and of no other' from-obsolete out
message 'From: ceo@bank.example (~'
run vbr-check -r -t c.example -i 192.0.2.66 -f x@evil.example m >out 2>err
lacks 'vbr-check does not make a fail of such a From' 'vbr=fail' out

# --- the machine's crypto policy ---

printf '[overrides]\ndisabled-curve = ed25519\n' >policy
printf 'From: ceo@bank.example\nSubject: s\n\nhi\n' >plain
for domain in bank evil; do
	dkim-sign -d $domain.example -k "e=$TMP/keys/ed25519.pem" \
		--now "$NOW" <plain \
		>signed.$domain 2>err
done
# The policy must be one that this GnuTLS knows.
GNUTLS_SYSTEM_PRIORITY_FILE=$TMP/policy run dkim-verify -r signed.bank >out 2>err
if grep -q 'dkim=pass' out; then
	skip 'the policy forbids an algorithm' 'GnuTLS does not read the file'
else
	forbidden() { GNUTLS_SYSTEM_PRIORITY_FILE=$TMP/policy run "$@"; }
	has 'a valid signature that the policy forbids is policy, not fail' \
		'dkim=policy reason="' out
	forbidden dkim-verify -a --defer <signed.bank >out 2>err
	has 'with --defer, too: it does not wait' 'dkim=policy' out
	sed 's/^hi/ho/' signed.bank >changed
	forbidden dkim-verify -r changed >out 2>err
	has 'a body that was changed is a fail all the same' \
		'dkim=fail reason="body-hash' out
	sed 's/s=e;/s=k;/' signed.bank >other
	forbidden dkim-verify -r other >out 2>err
	lacks 'a key of another kind is not a matter of policy' \
		'dkim=policy' out
	forbidden dmarc-eval -r -i 192.0.2.66 -f x@evil.example signed.bank \
		>out 2>err
	has 'dmarc-eval gives none for it, not fail' \
		'dmarc=none reason="identifier-not-checked' out
	exits 6 'but a fail, if that signature is not aligned' forbidden \
		dmarc-eval -r -i 192.0.2.66 -f x@evil.example signed.evil
fi

# --- what has no end, and secrets ---

# ends TITLE FILE: soon, and reported as not a message
ends() {
	timeout 120 dkim-verify -r -z zone --authserv-id=mx.example.net "$2" \
		>out 2>err
	ends_got=$?
	[ $ends_got -ne 0 ] && [ $ends_got -lt 99 ] && cat out err | grep -q .
	result $? "$1" || note "status $ends_got: $(cat out err)"
}
ends 'an operand of NULs without end ends' /dev/zero
mkfifo endless
yes 'X-A: b' >endless 2>yes.err &
ends 'so does a FIFO without end' endless
kill $! 2>yes.err
secret='e=pkcs11:token=x;object=y?pin-value=SECRET1234'
dkim-sign -d bank.example -k "$secret" <plain >out 2>err
lacks 'a PIN in a URL is not printed' SECRET1234 err
dkim-sign -d bank.example -k "$secret&pin-source=/none" <plain >out 2>err
lacks 'nor is it before other attributes' SECRET1234 err

# What nobody sees: bidirectional controls, zero-width, blanks, tags.
for octets in '\330\234' '\342\200\213' '\342\200\217' '\342\201\240' \
	'\357\273\277' '\302\255' '\302\240' '\363\240\200\201'; do
	# shellcheck disable=SC2059
	hidden=$(printf "$octets")
	run spf-query -r -i 192.0.2.66 -f "a${hidden}b@evil.example" plain \
		>out 2>err
	lacks "$octets is escaped in a report" "$hidden" out
	run spf-query -H -i 192.0.2.66 -e "x${hidden}y" \
		-f "a${hidden}b@evil${hidden}.example" <plain >out 2>err
	lacks "$octets is escaped in a field" "$hidden" out
done

# --- removing never costs more than reading ---

# fields NUMBER LABEL: so many, the IDs of which have 28 labels
fields() {
	echo 'From: a@b.example'
	awk -v n="$1" -v label="$2" 'BEGIN {
		id = label
		for (i = 1; i < 28; i++)
			id = id "." label
		for (i = 0; i < n; i++)
			print "Authentication-Results: " id " 1 ; x=y"
	}'
	printf '\nx\n'
}

# instructions NUMBER LABEL: how many the filter takes for them, with those of
# its start
instructions() {
	fields "$1" "$2" >m
	valgrind --tool=callgrind --callgrind-out-file=callgrind \
		dkim-verify -a --authserv-id=mx.example.net --now "$NOW" \
		-z zone <m 2>&1 >out | sed -n 's/.*Collected : \([0-9]*\)$/\1/p'
}

label=$(printf '\303\251')
ascii=$(instructions 200 ab)
few=$(instructions 200 "$label")
many=$(instructions 400 "$label")
least=2000000
if [ "${ascii:-0}" -gt $least ] && [ "${few:-0}" -gt $least ] &&
	[ "${many:-0}" -gt $least ]; then
	ok '200 fields of 28 U-labels cost at most 3 times those in ASCII' \
		[ "$few" -le $((3 * ascii)) ]
	ok 'twice as many fields cost at most 2.2 times as much' \
		[ $((10 * many)) -le $((22 * few)) ]
	note "instructions: ASCII $ascii, U-labels $few, twice as many $many"
else
	skip '200 fields of 28 U-labels cost at most 3 times those in ASCII' \
		'valgrind counts no instructions here'
	skip 'twice as many fields cost at most 2.2 times as much' \
		'valgrind counts no instructions here'
fi
finish
